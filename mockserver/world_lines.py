"""Records as the lines of a world's files, and back.

A line of a served collection is the record as the store keeps it, after its id and that of the
record that it lies below where it does not tell them itself. Some collections hold what no record
shows (a document's contents, what is planned): their lines name the columns of the row.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from mockserver.automate.life.happenings import FACTS
from mockserver.automate.life.patching import ACTIONS
from mockserver.core import agenda
from mockserver.core.agenda import events_of
from mockserver.core.registry import Registry
from mockserver.core.rules import Record, Shape
from mockserver.core.schema import Kind, Resource
from mockserver.core.seeds import Row
from mockserver.core.statements import Page
from mockserver.core.store import Store
from mockserver.psa.kept import CONVERSIONS, FILES, FORECAST_ITEMS, OWNERS
from mockserver.psa.printing import stored
from mockserver.psa.resources.audit import TRAIL

DAY_S = 86_400
#: Beyond this an instant is none: the mark that an agenda has begun.
NEVER_S = 1e14
#: That mark, and the highest number of seconds that is any.
BEGUN_S = agenda.NEVER_S
#: Which record a line's lies below, where that is not one of its members.
PARENT = "_parent"
#: Which id a line's record has, where it shows another one: a configuration that is attached twice.
NUMBER = "_id"
PREFIX = re.compile(rb'\A\{("_id":\d+,)?("_parent":\d+,)?')
#: What an event's body says, and of which kinds.
EVENT: Mapping[str, tuple[type, ...]] = {
    "id": (int,),
    "due_s": (int, float),
    "kind": (str,),
    "about": (int,),
    "facts": (dict,),
}
#: What happenings remember of earlier instants, in seconds like those of events.
INSTANTS = frozenset({"since_s", "begun_s"})
EVENTS = {each.table: each for each in map(events_of, ("psa", "automate"))}
EVENT_PATHS = frozenset(each.path for each in EVENTS.values())
#: What the store keeps in no served collection. Not in: keys and passwords, which may be those of
#: people, and deliveries, which the server that made them sends.
UNSERVED = (*EVENTS.values(), FILES, OWNERS, CONVERSIONS, FORECAST_ITEMS)
#: Those whose views are JSON of our own making, which is shown as such.
LEGIBLE = EVENT_PATHS | {TRAIL}


def shape_of(shapes: Mapping[str, Shape], resource: Resource) -> Shape:
    """Return the shape of the vendor that *resource* belongs to."""
    return shapes["automate" if resource.path.startswith("automate:") else "psa"]


def resources_by_table(registry: Registry) -> dict[str, Resource]:
    """Return everything that a file may be named after."""
    served = (registry.resource(path) for path in registry.served)
    return {each.table: each for each in (*served, *UNSERVED)}


def are_rows(resource: Resource) -> bool:
    """Tell whether a collection's lines name the columns of rows."""
    return resource.path == TRAIL or resource.path in {each.path for each in UNSERVED}


def lines_of(store: Store, resource: Resource) -> Iterator[bytes]:
    """Yield the lines of a collection, in the order of ids."""
    if are_rows(resource):
        return (_row_line(resource, row) for row in store.rows(resource))
    if resource.parent_path:
        return (_below(resource, row) for row in store.rows(resource))
    return iter(store.bodies(resource, Page(resource.views[0])))


def _below(resource: Resource, row: Row) -> bytes:
    body: bytes = row[resource.views[0]]
    record, told = orjson.loads(body), {}
    if row["id"] != record[resource.key]:
        told[NUMBER] = row["id"]
    if row["parent_id"] not in (None, parent_id(resource, record)):
        told[PARENT] = row["parent_id"]
    return orjson.dumps(told)[:-1] + b"," + body[1:] if told else body


class Told(NamedTuple):
    """What a line tells.

    Attributes:
        record: The record.
        body: As the store keeps it.
        above: The id of the record that it lies below.
        number: Its own id.
    """

    record: Record
    body: bytes
    above: int | None
    number: int


def record_of(resource: Resource, line: bytes) -> Told:
    """Return what a line tells of a record."""
    record = orjson.loads(line)
    is_bare = not record.keys() & {NUMBER, PARENT}
    number = record.pop(NUMBER, record[resource.key])
    above = record.pop(PARENT) if PARENT in record else parent_id(resource, record)
    if is_bare:
        return Told(record, line, above, number)
    body = PREFIX.sub(b"{", line, count=1)
    # By hand they may be written anywhere in the line.
    return Told(record, body if orjson.loads(body) == record else stored(record), above, number)


def parent_id(resource: Resource, record: Row) -> int | None:
    """Return the id of the parent that a child record names."""
    if resource.parent is None:
        return None
    declared = resource.members[resource.parent.casefold()]
    value = record.get(declared.name)
    if declared.kind is Kind.INTEGER:
        return value
    return value[declared.id_member] if value else None


def _row_line(resource: Resource, row: Row) -> bytes:
    shown = {str(name): value for name, value in row.items() if value is not None}
    for view in resource.views:
        shown[view] = _shown(resource, shown[view])
    return orjson.dumps(shown)


def _shown(resource: Resource, view: bytes) -> Any:
    if resource.path in LEGIBLE:
        return orjson.loads(view)
    try:
        return view.decode()
    except UnicodeDecodeError:  # a document's contents
        return [base64.b64encode(view).decode()]


def row_of_line(resource: Resource, line: bytes) -> dict[str, Any]:
    """Return the row that a line names the columns of.

    Raises:
        ValueError: It does not; the message says why.
    """
    shown = orjson.loads(line)
    kinds = {"id": Kind.INTEGER, **{each.name: each.kind for each in resource.columns}}
    row: dict[str, Any] = dict.fromkeys(kinds)
    for name, value in shown.items():
        if name in resource.views:
            row[name] = _view(resource, value)
        elif name not in kinds:
            raise ValueError(f"there is no member {name[:80]!r}")
        elif not _fits(kinds[name], value):
            raise ValueError(f"{name} must be of the kind {kinds[name].value}")
        else:
            row[name] = value
    if missing := [view for view in resource.views if view not in row]:
        raise ValueError(f"{missing[0]} is missing")
    return row


def _fits(kind: Kind, value: Any) -> bool:
    if kind in {Kind.INTEGER, Kind.FLAG}:
        return type(value) in {int, bool} and abs(value) < 2**63
    return type(value) in ({int, float} if kind is Kind.NUMBER else {str})


def _view(resource: Resource, value: Any) -> bytes:
    if resource.path in LEGIBLE:
        if not isinstance(value, dict):
            raise ValueError("body must be an object")
        return orjson.dumps(value)
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return base64.b64decode(value[0], validate=True)
    raise ValueError("body must be a text, or a list of one text in base64")


def moved(table: str, text: bytes, days: int) -> bytes:
    """Return the file of a table with its instants in seconds moved by days."""
    resource = EVENTS.get(table)
    if resource is None or not days:
        return text
    rows = (_moved(row_of_line(resource, line), days) for line in text.splitlines())
    return b"".join(_row_line(resource, row) + b"\n" for row in rows)


def _moved(row: dict[str, Any], days: int) -> dict[str, Any]:
    body = orjson.loads(row["body"])
    if body["due_s"] > NEVER_S:
        return row
    body["due_s"] += days * DAY_S
    for name in INSTANTS & body["facts"].keys():
        body["facts"][name] += days * DAY_S
    return {**row, "due": body["due_s"], "body": orjson.dumps(body)}


def _check_facts(body: Mapping[str, Any]) -> None:
    """Refuse an event that would fail when it comes due: of its facts some are needed then."""
    facts, instants = body["facts"], {"due_s": body["due_s"]}
    if missing := FACTS.get(body["kind"], frozenset()) - facts.keys():
        raise ValueError(f"body/facts/{min(missing)} is missing")
    for name, value in facts.items():
        if name.endswith("_s"):
            instants[f"facts/{name[:80]}"] = value
        elif isinstance(value, dict | list):
            raise ValueError(f"body/facts/{name[:80]} must be a text, a number or a flag")
    for name, value in instants.items():
        if type(value) not in EVENT["due_s"] or not 0 <= value <= BEGUN_S:
            raise ValueError(f"body/{name} must be seconds, from 0 to {BEGUN_S:.0e}")
    if "Action" in facts and facts["Action"] not in ACTIONS:
        raise ValueError("body/facts/Action is no action of patches")


def check_event(resource: Resource, row: Mapping[str, Any]) -> None:
    """Refuse an event that nobody could let happen.

    Raises:
        ValueError: It is one.
    """
    if resource.path not in EVENT_PATHS:
        return
    body = orjson.loads(row["body"])
    for name, kinds in EVENT.items():
        if type(body.get(name)) not in kinds:
            raise ValueError(f"body/{name} is missing or of another kind")
    if body.keys() != EVENT.keys():
        raise ValueError("body has other members than an event")
    _check_facts(body)
    if any(row[column] != body[name] for column, name in (("due", "due_s"), ("id", "id"))):
        raise ValueError("body tells of another event than its line")
