"""What a body orders of a script: which one, and the members that batches and schedules share."""

from collections.abc import Mapping
from typing import Any

from mockserver.automate.life import runs
from mockserver.automate.life.places import SCRIPTS, at, found, matching, refused, whole
from mockserver.automate.life.settings import SCHEDULES
from mockserver.automate.profile import profile_of
from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.instants import instant
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.core.validate import checked
from mockserver.web.exchange import Exchange

#: What a schedule may begin and end in: steps from there stay instants.
FIRST_YEAR, LAST_YEAR = "1970", "2999"


def script_of(exchange: Exchange, given: Mapping[str, Any]) -> tuple[Record, str]:
    """Return the script that a body names by id or GUID, or why there is none."""
    records, script_id = exchange.records, whole(given.get("scriptid"))
    guid = given.get("scriptguid")
    if script_id:
        script = found(records, SCRIPTS, script_id)
    elif isinstance(guid, str) and guid:
        script = next(iter(matching(records, SCRIPTS, guid=guid.casefold())), None)
    else:
        raise refused(SCHEDULES, Fault(Flaw.MISSING, "ScriptId", None, None))
    if script is None:
        return {}, f"Script {script_id or guid} was not found."
    runs_now = runs.may_run(script, profile_of(exchange.caller))
    return script, "" if runs_now else f"Script {script['Id']} is disabled."


def modelled(records: Records, given: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return an object of a body as the model of a schedule has it; empty without one.

    Raises:
        InvalidRecord: It, or one of its members, is of another kind.
    """
    resource = at(records, SCHEDULES)
    clean, faults = checked(resource, {name: given.get(name.casefold())}, records.policy)
    if faults:
        raise InvalidRecord(resource.path, tuple(faults))
    return clean.get(name) or {}


def number(given: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number, given as one or as digits; None without."""
    value = given.get(name.casefold())
    if value is not None and whole(value) is None:
        raise refused(SCHEDULES, Fault(Flaw.WRONG_TYPE, name, None, None))
    return whole(value)


def flag(given: Mapping[str, Any], name: str) -> bool | None:
    """Return true or false; None without."""
    value = given.get(name.casefold())
    if value is not None and not isinstance(value, bool):
        raise refused(SCHEDULES, Fault(Flaw.WRONG_TYPE, name, None, None))
    return value


def moment(given: Mapping[str, Any], name: str) -> str | None:
    """Return an instant that a schedule may begin or end in; None without."""
    value = given.get(name.casefold())
    if value is None or value == "":
        return None
    text = instant(value) if isinstance(value, str) else None
    if text is None or not FIRST_YEAR <= text[:4] <= LAST_YEAR:
        raise refused(SCHEDULES, Fault(Flaw.BAD_INSTANT, name, None, None))
    return text
