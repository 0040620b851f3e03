"""What a test pays for a tenant of its own: in process, as the pytest plugin makes it."""

import time
from collections.abc import Callable

from mockserver.bench.figures import Goal, median
from mockserver.bench.starts import Figure
from mockserver.testing.emulator import Emulator, Mock

TIMES, WARM = 60, 5
TEST = Goal(5, at_most=True, unit="ms")


def tenant_figures() -> list[Figure]:
    """Measure a tenant for a test alone, and with the first thing that a test does."""
    emulator = Emulator()
    try:
        return [
            Figure("tenant per test", "ms", _took_ms(emulator, _nothing), TEST),
            Figure("the same, and its first ticket read", "ms", _took_ms(emulator, _read)),
            Figure("the same, and its first computer read", "ms", _took_ms(emulator, _look)),
        ]
    finally:
        emulator.close()


def _took_ms(emulator: Emulator, work: Callable[[Mock], object]) -> float:
    took_ms = []
    for _ in range(TIMES):
        began_s = time.perf_counter()
        with emulator.tenant("documented") as mock:
            work(mock)
        took_ms.append((time.perf_counter() - began_s) * 1_000)
    # The first ones fill the template that all others share.
    return median(took_ms[WARM:])


def _nothing(mock: Mock) -> None:
    """Leave the tenant alone."""


def _read(mock: Mock) -> object:
    return mock.psa().service.tickets.get(5_000)


def _look(mock: Mock) -> object:
    return mock.automate().computers.get(97)
