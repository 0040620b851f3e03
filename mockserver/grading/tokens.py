"""How does it treat tokens and connections? M15, M16, M17, M24."""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mockserver.core.attempt import NS, Attempt
from mockserver.grading.metric import Client, Metric, ids, strict, verdict
from mockserver.grading.pace import in_flight

API_MIN, STORM_S, LEAD_S = 20, 5.0, 300.0
UNAUTHENTICATED, OK = 401, 200
REUSE_MIN, WASTE_MAX, IDLE_S = 20, 1, 3.0


def economy(client: Client) -> Metric:
    """M15: how many times a token was asked for."""
    logins = [each for each in client.attempts if each.login]
    asked = len(client.attempts) - len(logins)
    lasting_s = max(1.0, client.terms.token_ttl_s - min(LEAD_S, client.terms.token_ttl_s / 2))
    most = math.ceil(client.span_s / lasting_s) + 1 + len(_deaths(client))
    late = [each for uses in _late_uses(client) for each in uses]
    failed = len(logins) > most or bool(late)
    uses_tokens = client.api == "automate" and bool(logins)
    value = float(len(logins)) if uses_tokens else None
    decided = verdict(failed=failed, enough=uses_tokens and asked >= API_MIN)
    evidence = ids(logins if len(logins) > most else late) if failed else ()
    return Metric("M15", "token requests", value, asked, decided, evidence)


def _deaths(client: Client) -> dict[str, int]:
    """Return when each token that died was first refused."""
    died: dict[str, int] = {}
    for each in client.attempts:
        if each.status == UNAUTHENTICATED and each.token and not each.faults:
            died.setdefault(each.token, each.arrived_ns)
    return died


def _late_uses(client: Client) -> Iterator[list[Attempt]]:
    """Yield the uses of each dead token that were not on their way when it was first refused."""
    for token, died_ns in _deaths(client).items():
        uses = [e for e in client.attempts if e.token == token and e.arrived_ns >= died_ns]
        answered_ns = min(each.flushed_ns for each in uses)
        yield [each for each in uses if each.arrived_ns > answered_ns + NS // 4]


def storm(client: Client) -> Metric:
    """M16: the most requests for a token within five seconds of a token's death."""
    logins = [each for each in client.attempts if each.login]
    died = _deaths(client)
    crowds = [
        [each for each in logins if 0 <= each.arrived_ns - died_ns <= STORM_S * NS]
        for died_ns in died.values()
    ]
    worst = max(crowds, key=len, default=[])
    value = float(len(worst)) if died else None
    decided = strict(failed=len(worst) > 1, enough=bool(died))
    evidence = ids(worst) if len(worst) > 1 else ()
    return Metric("M16", "re-authentications at once", value, len(died), decided, evidence)


@dataclass
class Walk:
    """One walk through the pages of a list."""

    pages: list[Attempt] = field(default_factory=list)

    @property
    def repeats(self) -> int:
        """Return how many pages were fetched more than once."""
        return len(self.pages) - len({_place(each) for each in self.pages})

    @property
    def waste(self) -> int:
        """Return how many pages more than needed were fetched."""
        paged = self.pages[-1].paged
        assert paged is not None
        if self.pages[0].forward_only or not paged.size:
            return self.repeats
        return len(self.pages) - max(1, math.ceil(paged.total / paged.size))


def _place(attempt: Attempt) -> str:
    asked = attempt.asked()
    return asked.get("pageid") or asked.get("page") or "1"


def walks(attempts: Sequence[Attempt]) -> list[Walk]:
    """Return the walks of one client: successful pages of one list under the same conditions."""
    going: dict[tuple[str, str, str], Walk] = {}
    found: list[Walk] = []
    for each in attempts:
        if each.paged is None or each.status != OK or each.faults:
            continue
        asked = each.asked()
        rest = {n: v for n, v in asked.items() if n not in {"page", "pageid"}}
        mark = (each.path.casefold(), str(sorted(rest.items())), each.client_id)
        if _place(each) in {"1", "0"} or mark not in going:
            going[mark] = Walk()
            found.append(going[mark])
        going[mark].pages.append(each)
    return [walk for walk in found if len(walk.pages) > 1]


def paging(client: Client) -> Metric:
    """M17: pages fetched beyond those that hold the rows."""
    found = walks(client.attempts)
    bad = [walk for walk in found if walk.repeats or walk.waste > WASTE_MAX]
    value = float(max(walk.waste for walk in found)) if found else None
    decided = verdict(failed=bool(bad), enough=bool(found))
    evidence = ids(each for walk in bad for each in walk.pages)
    return Metric("M17", "wasted pages", value, len(found), decided, evidence)


def reuse(client: Client) -> Metric:
    """M24: requests per TCP connection that was given up while it could have been used."""
    uses = [each for each in client.attempts if each.connection]
    broken = {each.connection for each in uses if each.status is None}
    kept = {each.connection for each in uses} - broken - _rested(uses)
    value = round(len(uses) / max(1, len(kept)), 2) if uses else None
    peak = in_flight(client.attempts)[0] if uses else 0
    enough = len(uses) >= REUSE_MIN * max(1, 2 * peak)
    decided = verdict(failed=value is not None and value < REUSE_MIN, enough=enough)
    return Metric("M24", "requests per connection", value, len(uses), decided)


def _rested(uses: Sequence[Attempt]) -> set[str | None]:
    """Return the connections in whose stead no other was opened soon after their last use.

    Client and server close what has idled for some seconds, and whoever waits for the quota idles.
    """
    opened: dict[str | None, int] = {}
    last: dict[str | None, int] = {}
    for each in uses:
        opened.setdefault(each.connection, each.arrived_ns)
        last[each.connection] = max(last.get(each.connection, 0), each.flushed_ns)
    openings = sorted(opened.values())

    def idled(ended_ns: int) -> bool:
        following = openings[bisect_right(openings, ended_ns) :][:1]
        return not following or following[0] - ended_ns >= IDLE_S * NS

    return {connection for connection, ended_ns in last.items() if idled(ended_ns)}
