"""Does it repeat only what may be repeated? M11, M12, M14."""

from collections.abc import Iterator

from mockserver.core.attempt import Attempt
from mockserver.grading.chains import Chain, Link, has_failed, is_ambiguous
from mockserver.grading.metric import Client, Metric, ids, strict

UNSAFE_MIN, REFUSED_MIN = 20, 5
NEVER = frozenset({400, 403, 404, 405, 415, 422})
CONFLICT, UNAUTHENTICATED, CONFLICTS_MAX = 409, 401, 3


def is_create(attempt: Attempt) -> bool:
    """Return whether an attempt makes or starts something each time it is carried out."""
    return attempt.writes and attempt.method == "POST"


def duplicates(client: Client) -> list[list[Attempt]]:
    """Return the attempts that were carried out of each logical create that was so repeatedly."""
    found = []
    for chain in client.chains:
        done = [each for each in chain.attempts if is_create(each) and each.applied]
        if len(done) > 1 and any(is_ambiguous(each) for each in done[:-1]):
            found.append(done)
    return found


def duplicate_creates(client: Client) -> Metric:
    """M11: creates that were carried out again after a lost answer."""
    lost = [each for each in client.attempts if is_create(each) and is_ambiguous(each)]
    again = duplicates(client)
    extra = sum(len(done) - 1 for done in again)
    enough = len(lost) >= client.terms.lost_creates_min
    decided = strict(failed=extra > 0, enough=enough)
    evidence = ids(each for done in again for each in done)
    value = float(extra) if lost else None
    return Metric("M11", "duplicate creates", value, len(lost), decided, evidence)


def unsafe_retries(client: Client) -> Metric:
    """M12: repeats of POST or PATCH after a lost answer, without a look at what became of it."""
    lost = [e for e in client.attempts if _is_unsafe(e) and is_ambiguous(e)]
    blind = [
        link
        for link in client.links
        if _is_unsafe(link.failed) and is_ambiguous(link.failed) and not _looked(client, link)
    ]
    enough = len(lost) >= min(UNSAFE_MIN, client.terms.lost_creates_min)
    decided = strict(failed=bool(blind), enough=enough)
    evidence = ids(each for link in blind for each in (link.failed, link.again))
    value = float(len(blind)) if lost else None
    return Metric("M12", "unsafe retries", value, len(lost), decided, evidence)


def _is_unsafe(attempt: Attempt) -> bool:
    if not attempt.writes:
        return False
    return attempt.method == "POST" or (
        attempt.method == "PATCH" and "replaces" not in attempt.notes
    )


def _looked(client: Client, link: Link) -> bool:
    """Tell whether the client read the collection between the two."""
    place = _collection(link.failed)
    return any(
        _is_look(each) and _collection(each) == place
        for each in client.between(link.failed.flushed_ns, link.again.arrived_ns)
    )


def _is_look(attempt: Attempt) -> bool:
    searches = attempt.path.casefold().rstrip("/").endswith("/search")
    return (attempt.method == "GET" or searches) and not has_failed(attempt)


def _collection(attempt: Attempt) -> str:
    steps = [step for step in attempt.path.casefold().split("/") if step and not step.isdigit()]
    return "/".join(step for step in steps if step not in {"search", "count"})


def refused_retries(client: Client) -> Metric:
    """M14: repeats of requests that the server had refused for what they said."""
    judged = {*NEVER, CONFLICT, UNAUTHENTICATED}
    refused = [each for each in client.attempts if each.status in judged and not each.login]
    wrong = [link for chain in client.chains for link in _wrong(chain)]
    decided = strict(failed=bool(wrong), enough=len(refused) >= REFUSED_MIN)
    evidence = ids(each for link in wrong for each in (link.failed, link.again))
    value = float(len(wrong)) if refused else None
    return Metric("M14", "4xx retries", value, len(refused), decided, evidence)


def _wrong(chain: Chain) -> Iterator[Link]:
    conflicts = unauthenticated = 0
    for link in chain.links:
        status = link.failed.status
        conflicts += status == CONFLICT
        unauthenticated += status == UNAUTHENTICATED
        stale = status == UNAUTHENTICATED and (
            link.failed.token == link.again.token or unauthenticated > 1
        )
        if status in NEVER or stale or (status == CONFLICT and conflicts > CONFLICTS_MAX):
            yield link
