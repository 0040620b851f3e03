"""Does it wait when it is told to? M1, M2, M3, M13, M23."""

from mockserver.core.attempt import NS, Attempt
from mockserver.core.waits import TOO_MANY, UNAVAILABLE, asks_to_wait, is_date, wait_s
from mockserver.grading.chains import Link, fingerprint
from mockserver.grading.metric import Client, Metric, ids, strict, verdict

RETRIES_MIN, PENALTIES_MIN, HOSTILE_MIN = 20, 3, 5
SLACK_S, DATE_SLACK_S, GRACE_S = 0.020, 1.0, 0.250
#: Arrivals that are shown for one dirty penalty.
PROOFS = 3
CLEAN_SHARE, MISSED_SHARE = 0.99, 0.01
HOSTILE_GAP_S = 0.5


def told(client: Client) -> list[Link]:
    """Return the repeats of answers that said when to come again."""
    return [link for link in client.links if asks_to_wait(link.failed)]


def slack_s(attempt: Attempt) -> float:
    """Return how early nobody can be blamed for."""
    return DATE_SLACK_S if is_date(attempt) else SLACK_S


def compliance(client: Client) -> Metric:
    """M1: the share of repeats that came no earlier than they were told."""
    found = told(client)
    early = [link for link in found if link.early_s > slack_s(link.failed)]
    value = round(1 - len(early) / len(found), 4) if found else None
    decided = strict(failed=bool(early), enough=len(found) >= RETRIES_MIN)
    worst = sorted(early, key=lambda link: -link.early_s)
    return Metric(
        "M1",
        "Retry-After compliance",
        value,
        len(found),
        decided,
        ids(each for link in worst for each in (link.failed, link.again)),
    )


def clean_penalties(client: Client) -> Metric:
    """M2: the share of penalty times in which the whole key kept still."""
    spans = penalties(client)
    dirty = [(attempt, again) for attempt, again in spans if again]
    value = round(1 - len(dirty) / len(spans), 4) if spans else None
    decided = verdict(
        failed=value is not None and value < CLEAN_SHARE, enough=len(spans) >= PENALTIES_MIN
    )
    evidence = ids(each for attempt, again in dirty for each in (attempt, *again))
    return Metric("M2", "clean-penalty rate", value, len(spans), decided, evidence)


def penalties(client: Client) -> list[tuple[Attempt, list[Attempt]]]:
    """Return each answer that asked to wait, with the arrivals while it asked for none."""
    found = []
    for attempt in client.attempts:
        if not asks_to_wait(attempt):
            continue
        wait_ns = int(((wait_s(attempt) or 0) - slack_s(attempt)) * NS)
        start_ns = attempt.flushed_ns + int(GRACE_S * NS)
        end_ns = attempt.flushed_ns + wait_ns - 1
        found.append((attempt, list(client.between(start_ns, end_ns, PROOFS))))
    return found


def earliness(client: Client) -> Metric:
    """M3: by how many milliseconds the earliest repeat was early."""
    found = told(client)
    judged = [(link.early_s - slack_s(link.failed) + SLACK_S, link) for link in found]
    over = sorted(((s, link.failed.id, link) for s, link in judged if s > SLACK_S), reverse=True)
    value = round(max((link.early_s for link in found), default=0.0) * 1_000, 1) if found else None
    decided = strict(failed=bool(over), enough=len(found) >= RETRIES_MIN)
    evidence = ids(each for _, _, link in over for each in (link.failed, link.again))
    return Metric("M3", "early-retry ms", value, len(found), decided, evidence)


def missed(client: Client) -> Metric:
    """M13: the share of logical requests given up although the answer said when to come again."""
    asked = [c for c in client.chains if any(asks_to_wait(each) for each in c.attempts)]
    latest = {fingerprint(each): each for each in client.attempts}
    given_up = [
        c
        for c in asked
        if asks_to_wait(c.last)
        and latest[fingerprint(c.last)] is c.last
        and _had_time(client, c.last)
    ]
    judged = [c for c in asked if c.succeeded or c in given_up or not asks_to_wait(c.last)]
    value = round(len(given_up) / len(judged), 4) if judged else None
    decided = verdict(
        failed=value is not None and value > MISSED_SHARE, enough=len(judged) >= RETRIES_MIN
    )
    evidence = ids(c.last for c in given_up)
    return Metric("M13", "missed safe retries", value, len(judged), decided, evidence)


def _had_time(client: Client, attempt: Attempt) -> bool:
    due_ns = attempt.flushed_ns + int(2 * (wait_s(attempt) or 0) * NS)
    return client.end_ns > due_ns + client.terms.window_s * NS


def is_hostile(attempt: Attempt) -> bool:
    """Return whether an answer says when to come again in a way that no client can obey."""
    return attempt.status in {TOO_MANY, UNAVAILABLE} and (
        (attempt.status == TOO_MANY and attempt.retry_after is None)
        or (attempt.retry_after is not None and not asks_to_wait(attempt))
    )


def hostile(client: Client) -> Metric:
    """M23: the shortest pause after a Retry-After that cannot be obeyed."""
    seen = [each for each in client.attempts if is_hostile(each)]
    after = [link for link in client.links if is_hostile(link.failed)]
    hasty = [link for link in after if link.gap_s < HOSTILE_GAP_S]
    value = round(min(link.gap_s for link in after), 3) if after else None
    decided = strict(failed=bool(hasty), enough=len(seen) >= HOSTILE_MIN)
    evidence = ids(each for link in hasty for each in (link.failed, link.again))
    return Metric("M23", "pause after hostile values", value, len(seen), decided, evidence)
