"""How does it come back when nobody says when? M8, M9, M10, M20, M21."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, pairwise
from statistics import median, quantiles

from mockserver.core.attempt import NS, Attempt
from mockserver.core.waits import asks_to_wait, wait_s
from mockserver.grading.chains import Chain, Link, is_server_side
from mockserver.grading.metric import Client, Metric, ids, strict, verdict
from mockserver.grading.pace import in_flight

GAPS_MIN, CHAINS_MIN, STEPS_MIN, TOLD_MIN = 5, 5, 3, 10
JITTER_MS, TOLD_JITTER_MS = 50.0, 100.0
SLOPE, JITTERED_SLOPE, JITTERED_CV = 0.6, 0.25, 0.15
NOISE_S, CAPPED = 0.020, 0.95
#: Who uses at least so much of the quota may be waiting in a line of its own.
PACED_SHARE = 0.5
ATTEMPTS_MAX, SPAN_MAX_S, DELAY_MAX_S = 6, 120.0, 120.0
MAD_TO_SD = 1.4826
OUTAGE_WINDOWS, OUTAGE_MIN = 4, 3
PRESSURE_SHARE, RECOVERY_S, RUSH_S, RUSH_MAX = 0.1, 5.0, 10.0, 10


def unguided(client: Client) -> list[Link]:
    """Return the repeats of server failures that did not say when to come again."""
    return [
        link
        for link in client.links
        if is_server_side(link.failed) and not asks_to_wait(link.failed)
    ]


def gaps_by_step(
    client: Client, counts: Callable[[Link], bool] = lambda _link: True
) -> dict[int, list[float]]:
    """Return the pauses in seconds before the first repeat of a failure, the second, and so on.

    Those of a known outage do not count: a circuit breaker has a rhythm of its own.

    Args:
        client: Whose.
        counts: Tells which others do.
    """
    steps: dict[int, list[float]] = defaultdict(list)
    for link in unguided(client):
        down = any(a <= link.failed.arrived_ns <= b for a, b in client.terms.outages)
        if not down and counts(link):
            steps[link.index].append(link.gap_s)
    return dict(sorted(steps.items()))


def _keeps_pace(client: Client, link: Link) -> bool:
    """Tell whether the client held itself to its quota, so well that it never was refused.

    Its line decides then when it comes again, not how often it has failed.
    """
    if not client.terms.limit:
        return False
    window_ns = int(client.terms.window_s * NS)
    start_ns = link.failed.arrived_ns - window_ns
    came = client.between(start_ns, link.again.arrived_ns)
    quota = client.terms.limit * (link.again.arrived_ns - start_ns) / window_ns
    return len(came) >= PACED_SHARE * quota and not any(e.verdict == "refused" for e in came)


def spread_s(gaps: Sequence[float]) -> float:
    """Return the standard deviation of pauses, estimated so that outliers hardly matter."""
    middle = median(gaps)
    return MAD_TO_SD * median(abs(gap - middle) for gap in gaps)


def jitter(client: Client) -> Metric:
    """M8: how much the pauses vary, in milliseconds."""
    steps = [gaps for gaps in gaps_by_step(client).values() if len(gaps) >= GAPS_MIN]
    told = [link for link in client.links if asks_to_wait(link.failed)]
    figures = []
    if steps:
        figures.append((1_000 * median(spread_s(gaps) for gaps in steps), JITTER_MS))
    if len(told) >= TOLD_MIN:
        low, _, high = quantiles([link.gap_s - (wait_s(link.failed) or 0) for link in told], n=4)
        figures.append((1_000 * (high - low), TOLD_JITTER_MS))
    failed = any(figure < least for figure, least in figures)
    n = sum(map(len, steps)) + len(told)
    value = round(min((figure for figure, _ in figures), default=0.0), 1) if figures else None
    evidence = ids(link.again for link in (*unguided(client), *told)) if failed else ()
    return Metric(
        "M8", "jitter ms", value, n, verdict(failed=failed, enough=bool(figures)), evidence
    )


def growth(client: Client) -> Metric:
    """M9: by how many doublings the pause grows from one repeat to the next."""
    steps = gaps_by_step(client, lambda link: not _keeps_pace(client, link))
    points = backoff_points(steps)
    n = sum(map(len, steps.values()))
    if len(points) < STEPS_MIN:
        return Metric("M9", "backoff growth", None, n, verdict(failed=False, enough=False))
    slope = theil_sen({step: math.log2(gap) for step, gap in points.items()})
    varied = median(spread_s(steps[step]) / gap for step, gap in points.items())
    fine = slope >= SLOPE or (slope >= JITTERED_SLOPE and varied >= JITTERED_CV)
    evidence = () if fine else ids(link.again for link in unguided(client))
    decided = verdict(failed=not fine, enough=True)
    return Metric("M9", "backoff growth", round(slope, 3), n, decided, evidence)


def backoff_points(steps: Mapping[int, Sequence[float]]) -> dict[int, float]:
    """Return the median pause of each step, without noise and without the capped tail."""
    middles = {
        step: median(kept)
        for step, gaps in steps.items()
        if len(kept := [gap for gap in gaps if gap >= NOISE_S]) >= GAPS_MIN
    }
    if not middles:
        return {}
    cap_s = CAPPED * max(middles.values())
    first = next(step for step, gap in middles.items() if gap >= cap_s)
    rising = {step: gap for step, gap in middles.items() if step <= first}
    return rising if len(rising) >= STEPS_MIN else middles


def theil_sen(points: Mapping[int, float]) -> float:
    """Return the median slope of all pairs of points."""
    return median((b - a) / (x - w) for (w, a), (x, b) in combinations(points.items(), 2))


def persistence(client: Client) -> Metric:
    """M10: the most attempts that a logical request made against server failures."""
    judged = [chain for chain in client.chains if is_server_side(chain.attempts[0])]
    stubborn = [chain for chain in judged if _is_stubborn(chain)]
    value = float(max((_pushes(chain) for chain in judged), default=0)) if judged else None
    decided = strict(failed=bool(stubborn), enough=len(judged) >= CHAINS_MIN)
    evidence = ids(each for chain in stubborn for each in chain.attempts)
    return Metric("M10", "attempts per request", value, len(judged), decided, evidence)


def _pushes(chain: Chain) -> int:
    """Return the attempts that the client made of its own accord."""
    guided = sum(asks_to_wait(each) for each in chain.attempts[:-1])
    return len(chain.attempts) - guided


def _is_stubborn(chain: Chain) -> bool:
    told_s = sum(wait_s(each) or 0.0 for each in chain.attempts if asks_to_wait(each))
    span_s = (chain.last.arrived_ns - chain.attempts[0].arrived_ns) / NS - told_s
    free = [link.gap_s for link in chain.links if not asks_to_wait(link.failed)]
    return (
        _pushes(chain) > ATTEMPTS_MAX or span_s > SPAN_MAX_S or max(free, default=0) > DELAY_MAX_S
    )


def outages(client: Client) -> list[tuple[int, int]]:
    """Return the spans in which everything failed: those known, or those that last long."""
    if client.terms.outages:
        return list(client.terms.outages)
    least_ns = int(OUTAGE_WINDOWS * client.terms.window_s * NS)
    found, start, last = [], None, 0
    for each in client.attempts:
        if is_server_side(each):
            start = each.arrived_ns if start is None else start
            last = each.arrived_ns
        elif start is not None:
            found.append((start, last))
            start = None
    if start is not None:
        found.append((start, last))
    return [span for span in found if span[1] - span[0] >= least_ns]


def pressure(client: Client) -> Metric:
    """M20: requests in the last window of an outage."""
    spans, window_ns = outages(client), int(client.terms.window_s * NS)
    during = [[e for e in client.attempts if a <= e.arrived_ns <= b] for a, b in spans]
    last = [
        [each for each in hits if each.arrived_ns > end - window_ns]
        for hits, (_, end) in zip(during, spans, strict=True)
    ]
    most = max(1.0, PRESSURE_SHARE * (client.terms.limit or math.inf))
    worst: list[Attempt] = max(last, key=len, default=[])
    n = sum(map(len, during))
    value = float(len(worst)) if spans else None
    # One request proves that the client was there, if it is known that there was an outage.
    least = 1 if client.terms.outages else OUTAGE_MIN
    decided = verdict(failed=len(worst) > most, enough=bool(spans) and n >= least)
    evidence = ids(worst) if len(worst) > most else ()
    return Metric("M20", "outage pressure", value, n, decided, evidence)


def recovery(client: Client) -> Metric:
    """M21: seconds from the end of an outage to the first success."""
    waits, rush, seen = [], 0, []
    for start, end in client.terms.outages:
        after = [each for each in client.attempts if each.arrived_ns > end]
        won = next((each for each in after if not is_server_side(each)), None)
        during = [e.arrived_ns for e in client.attempts if start <= e.arrived_ns <= end]
        if won is None or not during:
            continue
        crowd = [each for each in after if each.arrived_ns <= end + int(RUSH_S * NS)]
        rush = max(rush, in_flight(crowd)[0])
        gaps = [(b - a) / NS for a, b in pairwise(during)]
        waits.append(((won.arrived_ns - end) / NS, max(gaps, default=0.0) + RECOVERY_S))
        seen.append(won)
    failed = rush > RUSH_MAX or any(took > most for took, most in waits)
    value = round(max(took for took, _ in waits), 3) if waits else None
    decided = verdict(failed=failed, enough=bool(waits))
    return Metric("M21", "recovery s", value, len(waits), decided, ids(seen))
