"""Finding and keeping the records that the life of the fleet touches."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from mockserver.core.errors import BadJson, Fault, Flaw, InvalidRecord
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.core.schema import Resource
from mockserver.core.statements import Page
from mockserver.web.exchange import Exchange

COMPUTERS, SCRIPTS = "Computers", "Scripts"
#: What the agent of a computer in one of these states can be told to do.
REACHABLE = frozenset({"Online", "Degraded"})
SYSTEM = "System"


def at(records: Records, path: str) -> Resource:
    """Return the resource that lies at *path* below the API's base."""
    return records.registry.resource(f"automate:{path}")


def found(records: Records, path: str, record_id: int) -> Record | None:
    """Return a copy of a record, or None."""
    return records.find(at(records, path), record_id)


def got(records: Records, path: str, record_id: int) -> Record:
    """Return a copy of a record; RecordNotFound when there is none."""
    return records.get(at(records, path), record_id)


def kept(records: Records, path: str, record: Record, **changes: Any) -> Record:
    """Store a record with changes that are known to be right, and return it; None clears."""
    changed = {n: v for n, v in {**record, **changes}.items() if v is not None}
    records.save(at(records, path), changed)
    return changed


def added(records: Records, path: str, record: Record, parent_id: int | None = None) -> Record:
    """Store a new record that is known to be right, and return it."""
    resource = at(records, path)
    records.save(resource, record, new=True, parent=parent_id)
    return record


def fresh_id(records: Records, path: str, *others: str) -> int:
    """Return an id that is new in several collections that show the same thing."""
    resources = [at(records, each) for each in others]
    while True:
        record_id = records.store.next_id(at(records, path))
        if not any(records.store.body(each, record_id) for each in resources):
            return record_id


def everyone(records: Records, path: str) -> Iterator[Record]:
    """Yield copies of all records of a collection."""
    resource = at(records, path)
    for body in records.store.bodies(resource, Page("body")):
        yield orjson.loads(body)


def reachable(computer: Record | None) -> bool:
    """Tell whether a computer's agent hears what it is told."""
    return computer is not None and computer.get("Status") in REACHABLE


def refused(path: str, *faults: Fault) -> InvalidRecord:
    """Return the refusal of a body for the collection at *path*."""
    return InvalidRecord(f"automate:{path}", faults)


def rule(path: str, name: str, text: str, value: object = None) -> InvalidRecord:
    """Return the refusal of something that a rule forbids, in the rule's own words."""
    return refused(path, Fault(Flaw.RULE, name, text, value))


def folded(document: Any) -> dict[str, Any]:
    """Return the members of a body by casefolded name: Automate's binder minds no case."""
    return {str(name).casefold(): value for name, value in document.items()}


def body_of(exchange: Exchange) -> dict[str, Any]:
    """Return the members of a request's body by casefolded name; none when it has no body.

    Raises:
        BadJson: The body is no JSON object.
    """
    if not exchange.body:
        return {}
    document = exchange.json()
    if not isinstance(document, dict):
        raise BadJson("The body must be a JSON object.")
    return folded(document)


def whole(value: Any) -> int | None:
    """Return a whole number given as a number or as digits (automate facts 70, 73), or None."""
    if isinstance(value, str) and value.isascii() and value.strip().isdigit():
        value = int(value[:19])
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value < 1 << 62 else None


def wholes(path: str, name: str, values: Any) -> list[int]:
    """Return a list of whole numbers without repetitions; InvalidRecord when it is none."""
    numbers = [whole(each) for each in values] if isinstance(values, list) else []
    if not numbers or None in numbers:
        raise refused(path, Fault(Flaw.WRONG_TYPE if values else Flaw.MISSING, name, None, None))
    return list(dict.fromkeys(each for each in numbers if each is not None))


def texts(path: str, name: str, values: Any) -> list[str]:
    """Return a list of texts, numbers written out; InvalidRecord when it is none."""
    given = [] if values is None else values
    if not isinstance(given, list) or not all(isinstance(v, str | int | float) for v in given):
        raise refused(path, Fault(Flaw.WRONG_TYPE, name, None, None))
    return [written(each) for each in given]


def written(value: object) -> str:
    """Return a scalar of a body as a parameter's text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def matching(records: Records, path: str, **equals: Any) -> Iterable[Record]:
    """Yield copies of the records whose columns have these values."""
    resource = at(records, path)
    for record_id in records.store.matching(resource, **equals):
        yield records.get(resource, record_id)
