"""The vendor's silent traps: answered as the vendor answers, and told here (interface section 6).

A finding is no verdict: the client got what it asked for, which is not what it wanted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mockserver.core.attempt import NS, Attempt
from mockserver.core.parameters import unheeded
from mockserver.grading.metric import Client, ids
from mockserver.grading.repeats import duplicates

OK, PAGE_SIZE_MAX = 200, 1_000
LOGINS_MIN, USES_MAX = 3, 2
NEXT_PAGE_NS = 600 * NS
CONDITIONS = ("conditions", "condition", "childconditions", "customfieldconditions")


@dataclass(frozen=True)
class Finding:
    """Something that the vendor passed over in silence.

    Attributes:
        id: One of the nine names of interface section 6.
        title: What happened, in a few words.
        advice: One sentence on what to change.
        evidence: Journal ids of the requests that show it.
        detail: What else a person wants to see: records made twice, names of parameters.
    """

    id: str
    title: str
    advice: str
    evidence: tuple[int, ...]
    detail: tuple[str, ...] = ()

    def document(self) -> dict[str, object]:
        """Return the finding as the report shows it."""
        shown = {"id": self.id, "title": self.title, "advice": self.advice}
        return {**shown, "evidence": list(self.evidence)}


Seen = tuple[Iterable[Attempt], Iterable[str]]


def findings(client: Client) -> list[Finding]:
    """Return what the client did not notice, in the order of interface section 6."""
    found = []
    for name, (title, advice, look) in TRAPS.items():
        attempts, detail = look(client)
        if evidence := ids(attempts):
            found.append(Finding(name, title, advice, evidence, tuple(detail)))
    return found


def lists(client: Client) -> Iterator[Attempt]:
    """Yield the pages that the client got."""
    return (e for e in client.attempts if e.paged is not None and e.status == OK)


def _default_page(client: Client) -> Seen:
    return [each for each in lists(client) if _stops_at_default(client, each)], ()


def _stops_at_default(client: Client, first: Attempt) -> bool:
    paged, asked = first.paged, first.asked()
    assert paged is not None
    if first.forward_only or "pagesize" in asked or "page" in asked or "pageid" in asked:
        return False
    if paged.size is None or paged.rows < paged.size or paged.total <= paged.rows:
        return False
    soon = client.between(first.arrived_ns, first.arrived_ns + NEXT_PAGE_NS)
    return not any(_follows(first, each) for each in soon)


def _follows(first: Attempt, later: Attempt) -> bool:
    asked = later.asked()
    goes_on = asked.get("page", "1") not in {"", "0", "1"} or "pageid" in asked
    return goes_on and later.path.casefold() == first.path.casefold()


def _pairs(client: Client) -> Iterator[tuple[Attempt, Attempt]]:
    """Yield each later page with the first page that it goes on from."""
    latest: dict[tuple[str, str], Attempt] = {}
    for each in lists(client):
        mark = (each.path.casefold(), each.client_id)
        if each.asked().get("page", "1") in {"", "0", "1"}:
            latest[mark] = each
        elif mark in latest and each.arrived_ns - latest[mark].arrived_ns <= NEXT_PAGE_NS:
            yield latest[mark], each


def _conditions(attempt: Attempt) -> dict[str, str]:
    return {name: value for name, value in attempt.asked().items() if name in CONDITIONS and value}


def _lost_conditions(client: Client) -> Seen:
    pairs = [(a, b) for a, b in _pairs(client) if _conditions(a) and not _conditions(b)]
    return [each for pair in pairs for each in pair], ()


def _unordered(client: Client) -> Seen:
    found: list[Attempt] = []
    writes = [each for each in (client.everyone or client.attempts) if each.writes and each.applied]
    for first, later in _pairs(client):
        if "orderby" in later.asked():
            continue
        place = first.path.casefold().rstrip("/")
        between = [
            each
            for each in writes
            if first.arrived_ns < each.arrived_ns < later.arrived_ns
            and each.path.casefold().startswith(place)
        ]
        found += (first, *between[:1], later) if between else ()
    return found, ()


def _too_large(client: Client) -> Seen:
    return [each for each in client.attempts if _asks_too_much(each)], ()


def _asks_too_much(attempt: Attempt) -> bool:
    text = attempt.asked().get("pagesize", "")
    if not (text.isascii() and text.isdigit()):
        return False
    size = attempt.paged.size if attempt.paged else PAGE_SIZE_MAX
    return size is not None and int(text[:9]) > size


def _ignored(client: Client) -> Seen:
    found, names = [], dict[str, None]()
    for each in lists(client):
        unknown = unheeded(client.api, each.spelt())
        if unknown:
            found.append(each)
            names.update(dict.fromkeys(unknown))
    return found, names


def _token_each(client: Client) -> Seen:
    logins = [each for each in client.attempts if each.login and each.status == OK]
    uses = sum(not each.login for each in client.attempts)
    hasty = len(logins) >= LOGINS_MIN and uses <= USES_MAX * len(logins)
    return (logins if hasty else ()), ()


def _noted(note: str) -> Callable[[Client], Seen]:
    return lambda client: ([each for each in client.attempts if note in each.notes], ())


def _repeated_creates(client: Client) -> Seen:
    again = duplicates(client)
    made: dict[str, None] = {}
    for done in again:
        made.update(dict.fromkeys(effect for each in done for effect in each.effects))
    return [each for done in again for each in done], made


TRAPS: Mapping[str, tuple[str, str, Callable[[Client], Seen]]] = {
    "default-page-taken-for-all": (
        "A default page was taken for all the data",
        "Ask for a pageSize and read on until the last page: without one only the first rows come.",
        _default_page,
    ),
    "conditions-lost-on-later-page": (
        "Conditions were lost on a later page",
        "Send the same conditions with every page, or follow the Link header, which has them.",
        _lost_conditions,
    ),
    "unordered-paging-under-writes": (
        "Pages were read without an order while rows changed",
        "Add orderBy=id, or page forward-only: without an order rows move between pages.",
        _unordered,
    ),
    "page-size-above-maximum": (
        "A pageSize above the maximum was asked for",
        "Ask for 1000 rows at most and compute with the size that was answered.",
        _too_large,
    ),
    "ignored-parameter": (
        "A parameter was sent that the vendor ignores",
        "Check its spelling: the answer is the whole list, not a filtered one.",
        _ignored,
    ),
    "token-per-request": (
        "A token was fetched for nearly every request",
        "Keep the token and use it until five minutes before it expires.",
        _token_each,
    ),
    "false-200": (
        "A patch was answered with 200 and changed nothing",
        "Patch a reference by its id (status/id) and compare the record that is answered.",
        _noted("false-200"),
    ),
    "ambiguous-reference": (
        "A reference was named by a name that is not unique",
        "Name references by id; several records have this name.",
        _noted("ambiguous-reference"),
    ),
    "repeated-create": (
        "A create was repeated after its answer was lost",
        "Search for what you meant to create before you send it again; it was created twice.",
        _repeated_creates,
    ),
}


def by_key(attempts: Sequence[Attempt]) -> dict[tuple[str, str], list[Attempt]]:
    """Return the attempts by api and key; whoever named no key is nobody's client."""
    found: dict[tuple[str, str], list[Attempt]] = defaultdict(list)
    for each in attempts:
        if each.key is not None:
            found[each.api, each.key].append(each)
    return dict(found)
