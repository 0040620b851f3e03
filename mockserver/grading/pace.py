"""How does it use what it is allowed? M4 to M7, M18, M19, M22."""

import cmath
import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import fmean

from mockserver.core.attempt import NS, Attempt
from mockserver.core.waits import TOO_MANY
from mockserver.grading.chains import Chain, has_failed, is_server_side
from mockserver.grading.metric import Client, Metric, Terms, ids, strict, verdict

CHAINS_MIN, REQUESTS_MIN, RETRIES_MIN, WINDOWS_MIN = 20, 20, 20, 2
UTILISATION_MIN = 0.95
PROACTIVE_SHARE, UNCOORDINATED = 0.005, 2.0
LOCK_MAX, FANO_MAX = 0.5, 2.0
IN_FLIGHT_MAX = 10
JAIN_MIN, RETENTION_MIN, CLIENTS_MAX, EACH_MIN = 0.9, 0.9, 10, 10
AWARE_MAX, AWARE_MIN = 1, 10


def amplification(client: Client) -> Metric:
    """M4: attempts for each logical request that succeeded, beyond what injected failures force."""
    judged = [chain for chain in client.chains if not _was_wrong(chain)]
    made = sum(len(chain.attempts) for chain in judged)
    won = sum(chain.succeeded for chain in judged)
    injected = sum(_was_injected(each) for chain in judged for each in chain.attempts)
    forced = made / (made - injected) if made > injected else 1.0
    value = round(made / won / forced, 4) if won else None
    most = client.terms.amplification_max
    decided = verdict(failed=value is not None and value > most, enough=won >= CHAINS_MIN)
    longest = sorted(judged, key=lambda chain: -len(chain.attempts))
    evidence = ids(each for c in longest[:5] if len(c.attempts) > 1 for each in c.attempts)
    return Metric("M4", "amplification", value, won, decided, evidence)


def _was_wrong(chain: Chain) -> bool:
    """Tell whether the request was refused once, for what it said."""
    status = chain.last.status
    wrong = status is not None and 400 <= status < 500 and status != TOO_MANY  # noqa: PLR2004
    return wrong and len(chain.attempts) == 1


def _was_injected(attempt: Attempt) -> bool:
    return bool(attempt.faults) and has_failed(attempt)


def utilisation(client: Client) -> Metric:
    """M5: what was used of the quota while there was work waiting."""
    full = _busy_windows(client) if client.terms.limit else []
    value = round(fmean(full), 4) if full else None
    failed = value is not None and value < UTILISATION_MIN
    decided = verdict(failed=failed, enough=len(full) >= WINDOWS_MIN)
    return Metric("M5", "utilisation", value, len(full), decided)


def _busy_windows(client: Client) -> list[float]:
    """Return the share of the quota that was used in each window with work left at both ends."""
    spans = client.terms.backlog or _waits(client)
    if not spans:
        return []
    # On one key the quota is spent by neighbours, too: what they used was not to be had.
    spent = [e for e in (*client.attempts, *client.neighbours) if not e.login]
    admitted = sorted(each.arrived_ns for each in spent if each.status != TOO_MANY)
    window_ns, end_ns = int(client.terms.window_s * NS), max(end for _, end in spans)
    counted = windows(admitted, window_ns, anchored=client.terms.window == "fixed")
    return [
        min(1.0, n / _quota(client, start, start + window_ns))
        for start, n in counted
        if _is_busy(start, window_ns, spans)
        and start + window_ns <= end_ns
        and not _is_busy(start, window_ns, client.terms.outages)
    ]


def _quota(client: Client, start_ns: int, end_ns: int) -> int:
    """Return the quota of a span, the least that was told in it: it may have been cut meanwhile."""
    told = [each.limits[0] for each in client.between(start_ns, end_ns)]
    return min((limit for limit in told if limit), default=client.terms.limit or 1)


def windows(admitted: Sequence[int], window_ns: int, *, anchored: bool) -> list[tuple[int, int]]:
    """Return the start of each window and what was admitted in it.

    Args:
        admitted: Arrivals in order.
        window_ns: A window's length.
        anchored: Whether a window opens with the first arrival after the last one has ended;
            otherwise one follows on the other.
    """
    counts: list[tuple[int, int]] = []
    for instant_ns in admitted:
        if not counts:
            counts.append((instant_ns, 0))
        start_ns, n = counts[-1]
        while instant_ns >= start_ns + window_ns:
            start_ns, n = instant_ns if anchored else start_ns + window_ns, 0
            counts.append((start_ns, 0))
        counts[-1] = start_ns, n + 1
    return counts


def _is_busy(start_ns: int, window_ns: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a window touches any of the spans."""
    return any(first < start_ns + window_ns and last > start_ns for first, last in spans)


def _waits(client: Client) -> list[tuple[int, int]]:
    """Return the spans in which a request was known to wait: from its refusal to its end."""
    return [
        (chain.attempts[0].flushed_ns, chain.last.flushed_ns)
        for chain in client.chains
        if len(chain.attempts) > 1 and chain.attempts[0].verdict == "refused"
    ]


def refused(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the attempts that the limiter refused."""
    return [each for each in attempts if each.verdict == "refused"]


def hidden_clients(share: float, limit: int) -> float:
    """Return how many clients that know nothing of each other refuse so much (retry facts 0.2)."""
    return limit * share / (1 - share) if share < 1 else math.inf


def refusals(client: Client) -> Metric:
    """M6: the share of attempts that were refused; from it follows how many clients hide in one."""
    turned_away, n = refused(client.attempts), len(client.attempts)
    value = len(turned_away) / n if n else 0.0
    limit = client.terms.limit or 0
    uncoordinated = hidden_clients(value, limit) >= UNCOORDINATED
    failed = value > PROACTIVE_SHARE and uncoordinated
    decided = verdict(failed=failed, enough=n >= max(REQUESTS_MIN, limit))
    return Metric("M6", "429 ratio", round(value, 4), n, decided, ids(turned_away))


def herd(client: Client) -> Metric:
    """M7: how much the repeats cling to one moment of the window, from 0 to 1."""
    retries = [link.again for link in client.links if link.failed.verdict == "refused"]
    lock = phase_lock([each.arrived_ns for each in retries], client.terms.window_s)
    failed = lock > LOCK_MAX or fano(client.arrivals_ns) > FANO_MAX
    share = len(refused(client.attempts)) / max(1, len(client.attempts))
    limit = client.terms.limit or math.inf
    if len(retries) < RETRIES_MIN and share <= PROACTIVE_SHARE:
        # Hardly ever refused: whatever its rhythm, it makes no herd.
        enough, failed = len(client.attempts) >= 2 * limit, False
    else:
        enough = len(retries) >= RETRIES_MIN and client.terms.limit is not None
    decided = verdict(failed=failed, enough=enough)
    return Metric("M7", "herd (phase lock)", round(lock, 4), len(retries), decided, ids(retries))


def phase_lock(instants_ns: Sequence[int], window_s: float) -> float:
    """Return how much instants agree on their place in a window: 0 evenly, 1 all at once."""
    if not instants_ns:
        return 0.0
    turns = [2j * math.pi * (instant / NS % window_s) / window_s for instant in instants_ns]
    return abs(sum(cmath.exp(turn) for turn in turns)) / len(turns)


def fano(instants_ns: Sequence[int]) -> float:
    """Return variance over mean of the arrivals per second: 0 paced, 1 random, more in bursts."""
    if not instants_ns:
        return 0.0
    first = instants_ns[0] // NS
    counts = Counter(instant // NS - first for instant in instants_ns)
    # Seconds without any only count: a clock that was moved may lie centuries ahead.
    seconds = instants_ns[-1] // NS - first + 1
    arrivals = len(instants_ns)
    return sum(count * count for count in counts.values()) / arrivals - arrivals / seconds


def concurrency(client: Client) -> Metric:
    """M18: how many requests of the key were under way at once."""
    peak, crowd = in_flight(client.attempts)
    n = len(client.attempts)
    decided = strict(failed=peak > IN_FLIGHT_MAX, enough=n >= REQUESTS_MIN)
    evidence = ids(crowd) if peak > IN_FLIGHT_MAX else ()
    return Metric("M18", "requests in flight", peak, n, decided, evidence)


def in_flight(attempts: Sequence[Attempt]) -> tuple[int, list[Attempt]]:
    """Return the most requests under way at once, and which they were."""
    running: list[tuple[int, int, Attempt]] = []
    peak: list[Attempt] = []
    for number, attempt in enumerate(attempts):
        while running and running[0][0] <= attempt.arrived_ns:
            heapq.heappop(running)
        heapq.heappush(running, (attempt.flushed_ns, number, attempt))
        if len(running) > len(peak):
            peak = [each for _, _, each in running]
    return len(peak), peak


def fairness(client: Client) -> Metric:
    """M19: what a neighbour on the same key keeps, or how evenly several clients are served."""
    if client.neighbours:
        return _retention(client.neighbours, client.terms)
    won: dict[str, int] = defaultdict(int)
    named = [each for each in client.attempts if each.client_id and not each.login]
    asked: Counter[str] = Counter(each.client_id for each in named)
    for each in named:
        won[each.client_id] += not has_failed(each)
    counts = [won[name] for name in asked]
    enough = 1 < len(counts) <= CLIENTS_MAX and min(asked.values()) >= EACH_MIN
    value = round(jain(counts), 4) if len(counts) > 1 else None
    decided = verdict(failed=value is not None and value < JAIN_MIN, enough=enough)
    return Metric("M19", "fairness (Jain)", value, len(counts), decided)


def jain(counts: Sequence[int]) -> float:
    """Return how evenly something is shared: 1 for evenly, 1/n for one who has all."""
    squares = sum(count * count for count in counts)
    return sum(counts) ** 2 / (len(counts) * squares) if squares else 0.0


def _retention(neighbours: Sequence[Attempt], terms: Terms) -> Metric:
    kept = [each for each in neighbours if not has_failed(each)]
    value = round(len(kept) / len(neighbours), 4)
    # On a sliding log nobody has found a way to spare the neighbour (retry facts 0.4).
    enough = len(neighbours) >= EACH_MIN and terms.window != "sliding"
    decided = verdict(failed=value < RETENTION_MIN, enough=enough)
    lost = ids(each for each in neighbours if has_failed(each))
    return Metric("M19", "neighbour retention", value, len(neighbours), decided, lost)


def awareness(client: Client) -> Metric:
    """M22: refusals in the two windows after a cut of the quota that the headers foretold.

    A request that was under way at the cut, or whose share a neighbour took, could not be known
    to be one too many.
    """
    cut_ns = _cut(client.attempts)
    until_ns = (cut_ns or 0) + int(2 * client.terms.window_s * NS)
    after = [e for e in client.attempts if cut_ns is not None and cut_ns <= e.arrived_ns < until_ns]
    turned_away = [each for each in refused(after) if _was_foretold(client, each)]
    value = float(len(turned_away)) if cut_ns is not None else None
    decided = verdict(failed=len(turned_away) > AWARE_MAX, enough=len(after) >= AWARE_MIN)
    return Metric("M22", "429s after a cut quota", value, len(after), decided, ids(turned_away))


def _was_foretold(client: Client, late: Attempt) -> bool:
    """Tell whether the numbers that the client had been told left no room for this request."""
    before = client.between(late.arrived_ns - int(2 * client.terms.window_s * NS), late.arrived_ns)
    known = [e for e in before if e.flushed_ns <= late.arrived_ns and e.limits[1] is not None]
    if not known:
        return True
    told = max(known, key=lambda each: each.flushed_ns)
    limit, left, reset_s = told.limits
    since_ns, room = told.arrived_ns, left or 0
    renewed_ns = told.flushed_ns + int((reset_s or 0) * NS)
    if reset_s and renewed_ns <= late.arrived_ns:
        since_ns, room = renewed_ns, limit or 0
    return sum(since_ns < each.arrived_ns < late.arrived_ns for each in before) >= room


def _cut(attempts: Sequence[Attempt]) -> int | None:
    before: int | None = None
    for each in attempts:
        limit = each.limits[0]
        if limit is None or is_server_side(each):
            continue
        if before is not None and limit < before:
            return each.arrived_ns
        before = limit
    return None
