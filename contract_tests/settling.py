"""Callbacks of an emulator in another process, which leave after the answer that caused them."""

from typing import Any

from werkzeug.test import Client

from mockserver.client.clock import SystemClock

LONGEST_S, LOOK_S, CLOCK = 5.0, 0.01, SystemClock()


def settle(client: Client, tenant: str) -> None:
    """Return once nothing waits that is due, as it is when the application runs in the process."""
    ends_s = CLOCK.now_s() + LONGEST_S
    while _is_due(client, tenant) and CLOCK.now_s() < ends_s:
        CLOCK.sleep(LOOK_S)


def _is_due(client: Client, tenant: str) -> bool:
    waiting: Any = client.get(
        "/_mock/callbacks", query_string={"tenant": tenant, "status": "waiting", "limit": 1000}
    ).json
    # Of one callback's deliveries, newest first here, each waits for the one before.
    first = {each["callback"]: each["due"] for each in waiting.get("deliveries", ())}
    if not first:
        return False
    clock: Any = client.get("/_mock/clock", query_string={"tenant": tenant}).json
    return min(first.values())[:19] <= clock["now"][:19]
