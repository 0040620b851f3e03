"""The gate against the emulator in virtual time: ``python -m mockserver.tests.client.gate_goals``.

Prints, for many threads, each window and each neighbour, what a client that always has work comes
to, beside the goals (retry facts 5): it takes the quota, is hardly ever refused, and another
program on the same key keeps what it sends. Ten minutes of virtual time each.
"""

import sys
from dataclasses import dataclass

from mockserver.tests.client_support import BOARD, Lab, Net

A_MINUTE, MINUTES, TABLE_MINUTES = 60, 5, 10
THREADS = (1, 2, 5, 10, 25, 50, 100)
WINDOWS = ("fixed", "sliding", "bucket")
#: Another program's requests a minute; the goals speak of 20.
NEIGHBOURS = (0, 20)


@dataclass(frozen=True)
class Row:
    """What a run came to.

    Attributes:
        used: Share of the quota that was served, less what the neighbour took.
        refused: Share of the requests that were answered with 429.
        amplification: Requests for each that was served.
        peak: Most requests under way at once.
        kept: Share of the neighbour's requests that were served.
    """

    used: float
    refused: float
    amplification: float
    peak: int
    kept: float = 1.0

    def missed(self, neighbour: int) -> list[str]:
        """Return the goals that it does not reach."""
        goals = {
            "used": self.used >= (0.97 if neighbour else 0.98),
            "429": self.refused <= (0.01 if neighbour else 0.001),
            "amplification": self.amplification <= (1.01 if neighbour else 1.005),
            "under way": self.peak <= 10,
            "kept": self.kept >= 0.95,
        }
        return [name for name, reached in goals.items() if not reached]


def saturated(
    threads: int, window: str = "fixed", neighbour: int = 0, minutes: int = MINUTES
) -> tuple[Net, Net]:
    """Return the nets of a client that always has work, and of its neighbour.

    Args:
        threads: Of the client.
        window: ``fixed``, ``sliding`` or ``bucket``.
        neighbour: Requests a minute of another program on the key, evenly spread.
        minutes: Of virtual time.
    """
    lab, end_s = Lab(), minutes * 60
    limit = lab.tenant.limits["psa"]
    limit.quota = limit.quota.changed(window=window)
    net, beside = lab.net(), lab.net(2)
    psa = lab.psa(net)

    def work() -> None:
        while lab.time.now_s() < end_s:
            psa.service.boards.get(1, fields="id")

    def another() -> None:
        number, headers = 0, {"clientId": "n"}
        keys = (f"company-{lab.name}+publickey-{lab.name}", "privatekey")
        while lab.time.now_s() < end_s:
            beside.request("GET", BOARD, auth=keys, headers=headers)
            number += 1
            lab.time.sleep(max(0.0, number * 60 / neighbour - lab.time.now_s()))

    lab.run(*[work] * threads, *([another] if neighbour else []), until_s=end_s)
    return net, beside


def row(threads: int, window: str, neighbour: int, minutes: int = MINUTES) -> Row:
    """Return what a run comes to."""
    net, beside = saturated(threads, window, neighbour, minutes)
    return Row(
        net.served / (A_MINUTE * minutes - beside.served),
        net.refused / len(net.statuses),
        len(net.statuses) / net.served,
        net.peak,
        beside.served / len(beside.statuses) if neighbour else 1.0,
    )


def _line(threads: int, window: str, neighbour: int) -> str:
    found = row(threads, window, neighbour, TABLE_MINUTES)
    cells = (
        f"{window}",
        f"{neighbour or ''}",
        f"{threads}",
        f"{found.used:.1%}",
        f"{found.refused:.2%}",
        f"{found.amplification:.3f}",
        f"{found.peak}",
        f"{found.kept:.1%}" if neighbour else "",
        ", ".join(found.missed(neighbour)) or "all",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    heads = ("window", "neighbour", "threads", "used", "429", "per success", "under way", "kept")
    sys.stdout.write(f"| {' | '.join(heads)} | goals reached, or missed |\n")
    sys.stdout.write(f"{'|---' * (len(heads) + 1)}|\n")
    for window in WINDOWS:
        for neighbour in NEIGHBOURS:
            for threads in THREADS:
                sys.stdout.write(f"{_line(threads, window, neighbour)}\n")
                sys.stdout.flush()
