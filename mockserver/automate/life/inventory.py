"""What can be done to the inventory of a computer: software removed, services classified."""

from mockserver.automate.life.places import (
    COMPUTERS,
    at,
    folded,
    found,
    got,
    kept,
    reachable,
    whole,
)
from mockserver.automate.profile import AutomateProfile
from mockserver.core.agenda import Moment
from mockserver.core.errors import RecordNotFound
from mockserver.web.exchange import Answer, Exchange

SOFTWARE, SERVICES = "Computers/Software", "Computers/Services"
KIND = "uninstall"


def uninstall(exchange: Exchange) -> Answer:
    """Begin to remove a piece of software from a computer; 204 (automate facts 64)."""
    records, profile = exchange.records, exchange.profile
    assert isinstance(profile, AutomateProfile)
    computer = got(records, COMPUTERS, int(exchange.ids[0]))
    software_id = whole(exchange.ids[1])
    row = found(records, SOFTWARE, software_id) if software_id else None
    if row is None or row.get("ComputerId") != computer["Id"]:
        raise RecordNotFound(f"automate:{SOFTWARE}", exchange.ids[1])
    due_s = records.clock.timestamp() + profile.command_run_s
    exchange.tenant.agendas["automate"].add(due_s, KIND, row["ApplicationId"])
    return Answer(204)


def step(moment: Moment) -> None:
    """Remove it; a computer that is away is waited for."""
    records, profile = moment.records, moment.agenda.profile
    assert isinstance(profile, AutomateProfile)
    row = found(records, SOFTWARE, moment.event.about)
    if row is None:
        return
    if reachable(found(records, COMPUTERS, row["ComputerId"])):
        records.store.delete(at(records, SOFTWARE), row["ApplicationId"])
    else:
        moment.again(profile.heartbeat_s, most=1)


def classify(exchange: Exchange) -> Answer:
    """Put a service into a class; 204 (automate facts 64)."""
    records, given = exchange.records, folded(exchange.json_object())
    row = got(records, SERVICES, int(exchange.ids[0]))
    shown = {"Id": whole(given.get("id")) or 0, "Name": str(given.get("name") or "")}
    with records.store.transaction():
        kept(records, SERVICES, row, Classification=shown)
    return Answer(204)
