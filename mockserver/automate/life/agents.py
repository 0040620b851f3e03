"""What helps to put agents on machines and to reach them (automate facts 10.1, live routes)."""

from collections.abc import Iterable

import orjson

from mockserver.automate.computed import told
from mockserver.automate.life.places import (
    COMPUTERS,
    SCRIPTS,
    at,
    folded,
    found,
    got,
    matching,
    whole,
)
from mockserver.automate.life.wording import filled
from mockserver.automate.profile import profile_of
from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.web.exchange import Answer, Exchange

INSTALLERS, SCHEDULES = "RemoteAgent/Installers", "Scripting/ScriptSchedules"
FLAT = "Computers/ScheduledScripts"


def installer(exchange: Exchange) -> Answer:
    """Answer a token with which an agent of a location can be fetched.

    Raises:
        InvalidRecord: There is no such location, or a member is no number.
    """
    given = folded(exchange.json_object())
    numbers = {}
    for name in ("LocationId", "InstallerType"):
        value = given.get(name.casefold())
        numbers[name] = whole(value)
        if value is not None and numbers[name] is None:
            raise InvalidRecord(INSTALLERS, (Fault(Flaw.WRONG_TYPE, name, None, value),))
    location_id = numbers["LocationId"]
    if location_id is None:
        raise InvalidRecord(INSTALLERS, (Fault(Flaw.MISSING, "LocationId", None, None),))
    if found(exchange.records, "Locations", location_id) is None:
        fault = Fault(Flaw.UNKNOWN_REFERENCE, "LocationId", None, location_id)
        raise InvalidRecord(INSTALLERS, (fault,))
    text = profile_of(exchange.caller).installer_answer
    return Answer(200, orjson.dumps(filled(text, uuid=exchange.tenant.dice.uuid())))


def control(exchange: Exchange) -> Answer:
    """Answer the URL at which a computer is controlled from afar."""
    computer = got(exchange.records, COMPUTERS, int(exchange.ids[0]))
    guid = str(computer.get("ComputerGUID") or computer["Id"])
    url = filled(profile_of(exchange.caller).control_url, guid=guid)
    return Answer(200, orjson.dumps(url))


def references(exchange: Exchange) -> Answer:
    """Answer what uses a script: how many schedules; monitors and alerts run none here."""
    records = exchange.records
    script = got(records, SCRIPTS, int(exchange.ids[0]))
    count = len(records.store.matching(at(records, SCHEDULES), script_scriptid=script["Id"]))
    if profile_of(exchange.caller).flat_schedules_counted:
        count += sum(_only_flat(records, row) for row in _flat(records, script["Id"]))
    none = dict.fromkeys(("InternalMonitors", "RemoteMonitors", "AlertTemplates"), ())
    return told(exchange, {"ScheduleCount": count, **none})


def _flat(records: Records, script_id: int) -> Iterable[Record]:
    return matching(records, FLAT, scriptid=script_id)


def _only_flat(records: Records, row: Record) -> bool:
    """Tell whether the schedule of a single computer is not shown among all schedules."""
    nested = found(records, SCHEDULES, row["Id"]) or {}
    return bool((nested.get("Script") or {}).get("ScriptId") != row["ScriptId"])
