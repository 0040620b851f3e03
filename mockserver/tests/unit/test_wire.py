"""Slow bodies: how time passes while they are sent."""

import asyncio
from datetime import UTC, datetime

import pytest

from mockserver.core.clock import Clock
from mockserver.web.wire import Wire

MOMENTS_MAX = 10_000


class Counted(Clock):
    """A clock that stands still and loses patience with whoever moves it too often."""

    moved = 0

    def sleep(self, seconds):
        self.moved += 1
        assert self.moved < MOMENTS_MAX, "the body is sent for ever"
        super().sleep(seconds)


async def sent(wire, body):
    return [part async for part in wire.parts(body)]


@pytest.mark.parametrize("bytes_per_s", [3.0, 7.0, 30.0, 70.0, 1e3, 1e7, 3e9])
def test_a_slow_body_ends_also_where_time_stands_still(bytes_per_s):
    clock = Counted(datetime(2026, 1, 5, 9, 0, 0, 1, tzinfo=UTC), frozen=True)
    began_s = clock.timestamp()

    parts = asyncio.run(sent(Wire(clock, bytes_per_s=bytes_per_s), b"x" * 700))

    assert b"".join(parts) == b"x" * 700
    assert clock.timestamp() - began_s == pytest.approx(700 / bytes_per_s, abs=1e-3)
