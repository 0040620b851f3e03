"""What a batch call is about: kinds of entities, their numbers and the computers that they mean."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from mockserver.automate.life.places import COMPUTERS, at, found, matching, refused
from mockserver.automate.profile import AutomateProfile, profile_of
from mockserver.core.errors import Fault, Flaw
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.web.exchange import Answer, Exchange

#: In the order that gives them their numbers (automate facts 71).
ENTITY_TYPES = (
    *("System", "Computer", "Site", "Company", "Probe", "NetworkDevice", "Ticket", "Group"),
    *("MobileDevice", "Vendor", "VendorProduct", "Possibility", "Opportunity", "Contact", "User"),
    *("Script", "Plugin", "Service", "ServiceBundle", "Search", "SearchFolder", "Dataview"),
    *("DataviewFolder", "UserFolder", "UserClass", "ScriptFolder", "RemoteMonitorTemplate"),
    "ExtraField",
)
COMPUTER, SITE, COMPANY, GROUP = "Computer", "Site", "Company", "Group"
#: Where the entities lie that scripts and moves are about.
LIES_AT: Mapping[str, str] = {
    COMPUTER: COMPUTERS,
    SITE: "Locations",
    COMPANY: "Clients",
    GROUP: "Groups",
}
COLUMNS: Mapping[str, str] = {SITE: "location_id", COMPANY: "client_id"}
MEMBERSHIPS = "GroupComputers"


def entity_type(path: str, name: str, value: Any) -> str:
    """Return the name of a kind of entity that was given by name or number.

    Raises:
        InvalidRecord: There is no such kind.
    """
    number = value
    if isinstance(value, str):
        names = [each.casefold() for each in ENTITY_TYPES]
        text = value.strip().casefold()
        number = names.index(text) if text in names else int(text[:9]) if text.isdecimal() else -1
    is_number = isinstance(number, int) and not isinstance(number, bool)
    if not is_number or not 0 <= number < len(ENTITY_TYPES):
        flaw = Flaw.MISSING if value is None else Flaw.NOT_IN_ENUM
        raise refused(path, Fault(flaw, name, None, value))
    return ENTITY_TYPES[number]


def entity(records: Records, kind: str, entity_id: int) -> Record | None:
    """Return the record of an entity, or None."""
    path = LIES_AT.get(kind)
    return found(records, path, entity_id) if path else None


def computers(records: Records, kind: str, entity_id: int, *, deep: bool = False) -> list[Record]:
    """Return the computers that an entity means; *deep* adds those of a group's groups."""
    if kind == COMPUTER:
        one = found(records, COMPUTERS, entity_id)
        return [one] if one else []
    if kind in COLUMNS:
        return list(matching(records, COMPUTERS, **{COLUMNS[kind]: entity_id}))
    if kind != GROUP:
        return []
    groups = _groups(records, entity_id) if deep else [entity_id]
    rows = (row for each in groups for row in matching(records, MEMBERSHIPS, groupid=each))
    ids = dict.fromkeys(int(row["ComputerId"]) for row in rows)
    members = (found(records, COMPUTERS, each) for each in ids)
    return [each for each in members if each]


def _groups(records: Records, group_id: int) -> Iterable[int]:
    """Yield a group and all that lie below it."""
    seen, waiting = {group_id}, [group_id]
    while waiting:
        one = waiting.pop()
        yield one
        below = records.store.matching(at(records, "Groups"), parentid=one)
        waiting += [each for each in below if each not in seen]
        seen |= set(below)


def batch_answer(exchange: Exchange, names: tuple[str, str], errors: Mapping[int, str]) -> Answer:
    """Return the answer to a batch call, a row for each entity (automate facts 70, 84).

    To be called before what was done is kept.

    Args:
        exchange: Its caller's profile has the numbers.
        names: Of the list, and of an entity's id in its rows.
        errors: By id, what kept an entity from it, or an empty text.

    Raises:
        InvalidRecord: There are errors, and the profile refuses the whole call then.
    """
    profile, (several, one) = profile_of(exchange.caller), names
    if profile.batch_refuses and (told := [*filter(None, errors.values())]):
        raise refused(several, *(Fault(Flaw.RULE, one, each, None) for each in told))
    rows = [
        {one: each, "ResultDetails": {**_status(profile, error), "Message": error}}
        for each, error in errors.items()
    ]
    answer = {several: rows, "ContainsUnsuccessfulResults": any(errors.values())}
    return Answer(200, orjson.dumps(answer))


def _status(profile: AutomateProfile, error: str) -> dict[str, int]:
    status = profile.batch_failure if error else profile.batch_success
    return {"ResultStatus": status, "ReasonCode": 0}
