"""What others reach, for scale: measured once on the same kind of machine (two cores).

Requests a second at 16 connections for an answer of 1 KB and for a page of 25, and the seconds
from the command to the first 200. None where it was not measured.
"""

from typing import NamedTuple

from mockserver.bench.figures import shown, table


class Peer(NamedTuple):
    """One other tool."""

    name: str
    kind: str
    one_per_s: int | None
    page_per_s: int | None
    cold_start_s: float | None


PEERS = (
    Peer("vercel emulate", "stateful", 4430, 1440, None),
    Peer("Azurite", "stateful", 2190, 820, None),
    Peer("json-server", "stateful", 2020, 790, 0.24),
    Peer("Mockoon", "stateful", 1290, 1110, 0.9),
    Peer("LocalStack", "stateful", 410, 440, 2.2),
    Peer("moto", "stateful", 250, 230, 0.6),
    Peer("pact's Rust server", "static stub", 7120, 6220, None),
    Peer("WireMock", "static stub", 5230, 4650, 1.7),
    Peer("Prism", "static stub", 3070, 1840, 3.3),
    Peer("pytest-httpserver", "static stub", 2730, 2500, None),
)


def peers_table() -> str:
    """Return the figures as a text table."""
    heads = ("peer", "req/s of 1 KB", "req/s of a page", "cold start s", "kind")
    rows = [
        (peer.name, *map(shown, (peer.one_per_s, peer.page_per_s, peer.cold_start_s)), peer.kind)
        for peer in PEERS
    ]
    return table(heads, rows)
