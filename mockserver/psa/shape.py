"""How PSA records look: audit stamps, what references show, and the links in ``_info``."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from mockserver.core.records import Records
from mockserver.core.rules import Draft, Record, Rules
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.validate import Policy

#: Recorded nouns of links that are more, or less, than the last word of the reference's model.
SPECIAL_NOUNS = {
    "service/boards/subtypes": "subType",
    "service/locations": "location",
    "system/timeZoneSetups": "timeZoneSetup",
    "finance/taxCodes": "taxCode",
    "time/workRoles": "workRole",
    "time/workTypes": "workType",
}
#: What comes behind ``_info``; custom fields are last in any case (recorded: psa facts 8.7).
AFTER_INFO = {
    "service/tickets": (
        *("escalationStartDateUTC", "escalationLevel", "minutesBeforeWaiting"),
        *("respondedSkippedMinutes", "resplanSkippedMinutes", "respondedHours", "respondedBy"),
        *("resplanHours", "resplanBy", "resolutionHours", "resolvedBy", "minutesWaiting"),
    )
}
#: What is kept of a record and not shown (psa facts 8.2).
UNSEEN = {"system/audittrail": ("id", "_info")}
#: What a reference calls otherwise than its target does (psa facts 8.7).
SHOWN_FROM = {("service/priorities", "sort"): "sortOrder"}
NO_RULES = Rules()
GUID = "mobileGuid"
#: Whose references show the guid of what they point to, and of what: so tickets were recorded, and
#: companies without (psa facts 6.10, 8.7: RAPID7's bodies); those of projects follow them.
GUIDED_OWNERS = frozenset({"service/tickets", "project/tickets"})
GUIDED = frozenset({"company/companies", "company/contacts", "company/companies/sites"})
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*")
#: Collections whose records have a picture, to which every reference to them links.
PICTURED = frozenset({"system/members", "service/priorities"})
# A link is stored with an escaped first slash, which no serialiser of ours ever writes: it can be
# told from any text that a caller sends, and the stored body is still plain JSON.
MARK = b'"\\/'
#: Beyond this a decimal would be printed with an exponent.
WHOLE_MAX = 10**15


class PsaShape:
    """The PSA records of every tenant.

    Args:
        rules: The hooks, by resource path.
        links: Further links of a record, by resource path: name → path with ``{id}``.
        children: The child collections, by their parent's path.
    """

    policy = Policy(refuse_unknown=True, offsets=False)

    def __init__(
        self,
        rules: Mapping[str, Rules],
        links: Mapping[str, Mapping[str, str]],
        children: Mapping[str, tuple[Resource, ...]],
    ) -> None:
        self._rules, self._links, self._children = rules, links, children
        self._below = {path: frozenset(c.path for c in each) for path, each in children.items()}

    def rules(self, resource: Resource) -> Rules:
        """Return the hooks of *resource*."""
        return self._rules.get(resource.path, NO_RULES)

    def _child_paths(self, path: str) -> frozenset[str]:
        return self._below.get(path, frozenset())

    def children(self, path: str) -> Iterable[Resource]:
        """Return the child collections of the resource at *path*."""
        return self._children.get(path, ())

    def stamp(self, draft: Draft, now: str) -> None:
        """Write the four audit values into ``_info``, and a new record's guid (psa facts 6.10)."""
        if GUID.casefold() in draft.resource.members:
            _identify(draft)
        before = (draft.before or {}).get("_info", {})
        draft.record["_info"] = {
            "lastUpdated": now,
            "updatedBy": draft.author,
            "dateEntered": before.get("dateEntered", now),
            "enteredBy": before.get("enteredBy", draft.author),
        }

    def display(self, declared: Field, target: Resource, record: Record) -> Record:
        """Return the members of a reference that its model has and the record can fill."""
        shown: Record = {}
        for member in declared.fields:
            value = record.get(SHOWN_FROM.get((target.path, member.name), member.name))
            value = label(target, record) if member.name == "name" else value
            if value is not None and not isinstance(value, dict | list):
                shown[member.name] = value
        return shown

    def views(self, resource: Resource, record: Record, body: bytes) -> dict[str, bytes]:  # noqa: ARG002
        """Return the one rendering that a PSA record has."""
        return {"body": body}

    def piece(
        self, records: Records, owner: Resource, declared: Field, value: Record
    ) -> bytes | None:
        """Return the member that shows a reference, as ``render`` writes it."""
        shown = _guided(records, owner, declared, _linked(records, declared, value))
        return orjson.dumps({declared.name: shown})[1:-1]

    def render(self, records: Records, resource: Resource, record: Record) -> dict[str, bytes]:
        """Return the record with the links of its references and its own."""
        shown = dict(record)
        for declared in resource.references:
            value = shown.get(declared.name)
            if isinstance(value, dict) and value.get("id"):
                own = declared.target in self._child_paths(resource.path)
                parent_id = record["id"] if own else None
                linked = _linked(records, declared, value, parent_id)
                shown[declared.name] = _guided(records, resource, declared, linked)
        shown.update(_linked_lists(records, resource, shown))
        shown.update(_decimals(resource, shown))
        shown["_info"] = self._info(resource, record)
        for name in AFTER_INFO.get(resource.path, ()):
            if name in shown:
                shown[name] = shown.pop(name)
        for name in UNSEEN.get(resource.path, ()):
            shown.pop(name, None)
        if "customFields" in shown:
            shown["customFields"] = shown.pop("customFields")
        return {"body": orjson.dumps(shown)}

    def _info(self, resource: Resource, record: Record) -> Record:
        info = {n: v for n, v in record.get("_info", {}).items() if not n.endswith("_href")}
        for name, path in self._links.get(resource.path, {}).items():
            told = path.replace("{id}", str(record["id"]))
            info[name] = _link(told.replace("{lastUpdated}", info.get("lastUpdated", "")))
        return info


def _identify(draft: Draft) -> None:
    """Give a new record a guid, which it keeps whatever is written."""
    if draft.before is None:
        # No dice: a record's guid follows from where it is.
        place_of = f"{draft.resource.path}/{draft.record['id']}"
        draft.record[GUID] = str(uuid5(NAMESPACE_URL, place_of))
    elif draft.before.get(GUID):
        draft.record[GUID] = draft.before[GUID]


def _decimals(resource: Resource, record: Record) -> Record:
    """Return the whole numbers of *record* that are decimals with a point, as all decimals are."""
    given = ((each.name, record.get(each.name)) for each in _numbers(resource))
    return {n: float(v) for n, v in given if type(v) is int and abs(v) < WHOLE_MAX}


@cache
def _numbers(resource: Resource) -> tuple[Field, ...]:
    return tuple(each for each in resource.fields if each.kind is Kind.NUMBER)


def _linked_lists(records: Records, resource: Resource, record: Record) -> Record:
    """Return the lists of references, and of objects with references, with their links."""
    shown: Record = {}
    for declared in resource.reference_lists:
        if rows := record.get(declared.name):
            shown[declared.name] = [_linked(records, declared, row) for row in rows]
    for declared, members in _lists_of_references(resource):
        if rows := record.get(declared.name):
            shown[declared.name] = [_row(records, members, row) for row in rows]
    return shown


@cache
def _lists_of_references(resource: Resource) -> tuple[tuple[Field, tuple[Field, ...]], ...]:
    """Return the lists of objects that have references of their own, with those."""
    lists = ((each, tuple(f for f in each.fields if f.target)) for each in resource.fields)
    return tuple((e, members) for e, members in lists if e.kind is Kind.LIST and members)


def _row(records: Records, members: tuple[Field, ...], row: Record) -> Record:
    shown = dict(row)
    for declared in members:
        value = row.get(declared.name)
        if isinstance(value, dict) and value.get("id"):
            value = records.reference(declared, value["id"]) or value
            shown[declared.name] = _linked(records, declared, value)
    return shown


def _linked(
    records: Records, declared: Field, value: Record, parent_id: int | None = None
) -> Record:
    assert declared.target is not None
    shown = {name: member for name, member in value.items() if name != "_info"}
    found = records.target(declared.target, value["id"])
    links = found[2] if found else {}
    # What a link is called depends on the field's model, too.
    named = f"{declared.model} {declared.name}"
    info = links.get(named)
    if info is None:
        parent_id = found[1] if found else parent_id
        path = place(declared.target, value["id"], parent_id)
        info = links[named] = {f"{_noun(declared)}_href": _link(path)}
        if declared.target in PICTURED:
            entered = ((found[0] if found else {}).get("_info") or {}).get("dateEntered")
            # Psa facts 10.22. A picture is as old as its record: nothing here changes one.
            info["image_href"] = _link(f"{path}/image" + (f"?lm={entered}" if entered else ""))
    shown["_info"] = info
    return shown


def _guided(records: Records, owner: Resource, declared: Field, shown: Record) -> Record:
    """Return a reference, with the guid of what it points to where that is shown."""
    if owner.path not in GUIDED_OWNERS or declared.target not in GUIDED:
        return shown
    found = records.target(declared.target, shown["id"])
    guid = found[0].get(GUID) if found else None
    return {**shown, "_info": {**shown["_info"], GUID: guid}} if guid else shown


def _noun(declared: Field) -> str:
    noun = SPECIAL_NOUNS.get(declared.target or "")
    if noun:
        return noun
    words = WORDS.findall((declared.model or "").removesuffix("Reference"))
    return words[-1].lower() if words else declared.name


def place(path: str, record_id: int, parent_id: int | None) -> str:
    """Return the path of one record, its parent's id put in where the path has a parent."""
    if parent_id is None:
        return f"{path}/{record_id}"
    above, _, last = path.rpartition("/")
    return f"{above}/{parent_id}/{last}/{record_id}"


def _link(path: str) -> orjson.Fragment:
    return orjson.Fragment(MARK + path.encode() + b'"')


def label(target: Resource, record: Mapping[str, Any]) -> str | None:
    """Return a record's name in references to it."""
    parts = [str(record[name]) for name in target.label if record.get(name) not in (None, "")]
    return " ".join(parts) or None
