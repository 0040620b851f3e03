"""What helps to put agents on machines and to reach them (automate facts 10.1, live routes)."""

import orjson

from mockserver.automate.life.places import (
    COMPUTERS,
    SCRIPTS,
    at,
    folded,
    found,
    got,
    whole,
)
from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.web.exchange import Answer, Exchange

INSTALLERS, SCHEDULES = "RemoteAgent/Installers", "Scripting/ScriptSchedules"
#: Where remote control would open; the name is reserved, nothing answers there.
CONTROL = "https://control.example/Host#Access///{guid}/Join"


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
    return Answer(200, orjson.dumps(exchange.tenant.dice.uuid()))


def control(exchange: Exchange) -> Answer:
    """Answer the URL at which a computer is controlled from afar."""
    computer = got(exchange.records, COMPUTERS, int(exchange.ids[0]))
    guid = computer.get("ComputerGUID") or computer["Id"]
    return Answer(200, orjson.dumps(CONTROL.format(guid=guid)))


def references(exchange: Exchange) -> Answer:
    """Answer what uses a script: how many schedules; monitors and alerts run none here."""
    records = exchange.records
    script = got(records, SCRIPTS, int(exchange.ids[0]))
    planned = records.store.matching(at(records, SCHEDULES), script_scriptid=script["Id"])
    none = dict.fromkeys(("InternalMonitors", "RemoteMonitors", "AlertTemplates"), ())
    return Answer(200, orjson.dumps({"ScheduleCount": len(planned), **none}))
