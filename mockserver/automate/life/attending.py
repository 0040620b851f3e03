"""What the seed family lets one do to an alert (automate facts 89 and 96)."""

from typing import Any

import orjson

from mockserver.automate.computed import listed
from mockserver.automate.life.alerting import ALERTS, UNSUPPRESS
from mockserver.automate.life.places import at, body_of, got, refused, rule, whole, wholes
from mockserver.automate.life.wording import filled
from mockserver.automate.profile import profile_of
from mockserver.automate.resources.courses import CLOSED, history
from mockserver.core.errors import Fault, Flaw, InvalidRecord, RecordNotFound, Refusal
from mockserver.core.rules import Record
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.means import resource_of

TICKETS = "service/tickets"
SUMMARY_CHARS_MAX = 100


def acknowledge(exchange: Exchange) -> Answer:
    """Take an alert on; 400 when it is resolved or cleared."""
    members = body_of(exchange)
    said = _text(members, "Notes")
    alert = _acknowledged(exchange, int(exchange.ids[0]), said)
    return _shown(alert, "AcknowledgedBy", "TimeAcknowledged", "Notes")


def resolve(exchange: Exchange) -> Answer:
    """Close an alert; 400 when it is closed already."""
    said = _text(body_of(exchange), "Notes")
    alert = _open(exchange, int(exchange.ids[0]), "resolve")
    changes = {"Status": "Resolved", **_noted(exchange, alert, "resolve", said)}
    return _shown(_changed(exchange, alert, changes), "TimeResolved", "Notes")


def note(exchange: Exchange) -> Answer:
    """Add a line to an alert's notes, whatever its state."""
    members = body_of(exchange)
    said = _text(members, "Note") or _text(members, "Notes")
    if not said:
        raise refused(ALERTS, Fault(Flaw.MISSING, "Note", None, None))
    with exchange.records.store.transaction():
        alert = got(exchange.records, ALERTS, int(exchange.ids[0]))
        return _shown(_changed(exchange, alert, _noted(exchange, alert, "note", said)), "Notes")


def suppress(exchange: Exchange) -> Answer:
    """Hide an alert for some seconds, after which it is what it was; 400 when it is closed."""
    members = body_of(exchange)
    lasts_s, said = whole(members.get("duration")), _text(members, "Reason")
    if lasts_s is None or not 0 < lasts_s <= profile_of(exchange.caller).suppression_s_max:
        flaw = Flaw.MISSING if members.get("duration") is None else Flaw.OUT_OF_RANGE
        raise refused(ALERTS, Fault(flaw, "Duration", None, members.get("duration")))
    agenda = exchange.tenant.agendas["automate"]
    with exchange.records.store.transaction():
        alert = _open(exchange, int(exchange.ids[0]), "suppress")
        back = profile_of(exchange.caller).suppression_end
        if back == "before":
            back = "Active" if alert["Status"] == "Suppressed" else alert["Status"]
        ends_s = exchange.tenant.clock.timestamp() + lasts_s
        agenda.cancel(UNSUPPRESS, alert["AlertId"])
        agenda.add(ends_s, UNSUPPRESS, alert["AlertId"], {"Status": back})
        changes = {"Status": "Suppressed", **_noted(exchange, alert, "suppress", said)}
        return _shown(_changed(exchange, alert, changes), "LastUpdate", "Notes")


def acknowledge_many(exchange: Exchange) -> Answer:
    """Take several alerts on; what fails is told beside what does not."""
    members = body_of(exchange)
    ids, said = wholes(ALERTS, "AlertIDs", members.get("alertids")), _text(members, "Notes")
    done: list[int] = []
    failed: list[dict[str, Any]] = []
    for alert_id in ids:
        try:
            done.append(_acknowledged(exchange, alert_id, said)["AlertId"])
        except Refusal as refusal:
            failed.append({"AlertID": alert_id, "Error": _words(refusal)})
    names = profile_of(exchange.caller).bulk_acknowledge_members
    return Answer(200, orjson.dumps(dict(zip(names, (done, failed), strict=True))))


def history_of(exchange: Exchange) -> Answer:
    """Answer what happened to an alert, the oldest first."""
    alert_id = int(exchange.ids[0])
    lines = history(got(exchange.records, ALERTS, alert_id))
    rows = [
        {"HistoryID": number, "AlertID": alert_id, **line}
        for number, line in enumerate(lines, start=1)
    ]
    return listed(exchange, resource_of(exchange), rows)


def ticket(exchange: Exchange) -> Answer:
    """Make a PSA ticket of an alert, in the same tenant; 400 when PSA refuses."""
    members, records = body_of(exchange), exchange.records
    psa, profile = exchange.tenant.records["psa"], profile_of(exchange.caller)
    if profile.ticket_board_required and members.get("boardid") is None:
        raise refused(ALERTS, Fault(Flaw.MISSING, "BoardID", None, None))
    with records.store.transaction():
        alert = got(records, ALERTS, int(exchange.ids[0]))
        if alert.get("TicketID") and not profile.second_tickets:
            raise rule(ALERTS, "TicketID", "The alert has a ticket already", alert["TicketID"])
        try:
            wanted = _ticket(exchange, alert, members)
            made = psa.create(psa.registry.resource(TICKETS), wanted, exchange.caller.login)
        except (InvalidRecord, RecordNotFound) as refusal:
            text = f"Ticket creation failed: {_words(refusal)}"
            raise rule(ALERTS, "TicketID", text) from None
        status = (made.get("status") or {}).get("name", "New")
        alert = _changed(exchange, alert, {"TicketID": made["id"], "TicketStatus": status})
    told = {"year": str(exchange.tenant.clock.now().year), "id": f"{made['id']:05}"}
    number = {"TicketNumber": filled(profile.ticket_number, **told), "TicketStatus": status}
    answer = {"AlertID": alert["AlertId"], "TicketID": made["id"], **number}
    return Answer(profile.ticket_created_status, orjson.dumps(answer))


def _ticket(exchange: Exchange, alert: Record, members: dict[str, Any]) -> dict[str, Any]:
    subject = _text(members, "TicketSubject") or alert.get("Subject") or alert.get("Message")
    told_by = _text(members, "Notes") or alert.get("Message") or ""
    # Not every alert has a client; PSA refuses a ticket without a company.
    client_id = (alert.get("Client") or {}).get("Id")
    client = got(exchange.records, "Clients", client_id) if client_id else {}
    wanted: dict[str, Any] = {
        "summary": str(subject)[:SUMMARY_CHARS_MAX],
        "company": {"id": whole(client.get("ExternalId")) or 0},
        "initialDescription": told_by,
    }
    for name, member in (("BoardID", "board"), ("Priority", "priority")):
        value = members.get(name.casefold())
        if value is not None and not whole(value):
            raise refused(ALERTS, Fault(Flaw.WRONG_TYPE, name, None, value))
        if value is not None:
            wanted[member] = {"id": whole(value)}
    return wanted


# -- what they share -------------------------------------------------------------------------------


def _text(members: dict[str, Any], name: str) -> str:
    value = members.get(name.casefold())
    if value is not None and not isinstance(value, str):
        raise refused(ALERTS, Fault(Flaw.WRONG_TYPE, name, None, None))
    return (value or "").strip()


def _acknowledged(exchange: Exchange, alert_id: int, said: str) -> Record:
    alert = _open(exchange, alert_id, "acknowledge")
    changes = {"Status": "Acknowledged", **_noted(exchange, alert, "acknowledge", said)}
    return _changed(exchange, alert, changes)


def _noted(exchange: Exchange, alert: Record, verb: str, said: str) -> dict[str, str]:
    """Return the notes of an alert to which something is done, if something is said."""
    if not said or verb in profile_of(exchange.caller).notes_replaced:
        return {"Notes": said} if said else {}
    return {"Notes": "\n".join(filter(None, (alert.get("Notes"), said)))}


def _open(exchange: Exchange, alert_id: int, verb: str) -> Record:
    alert = got(exchange.records, ALERTS, alert_id)
    refused_then = profile_of(exchange.caller).closed_alerts_refuse
    if alert.get("Status") in CLOSED and verb in refused_then:
        text = f"Cannot {verb} already {alert['Status'].lower()} alert"
        raise rule(ALERTS, "Status", text, alert["Status"])
    return alert


def _changed(exchange: Exchange, alert: Record, changes: dict[str, Any]) -> Record:
    resource = at(exchange.records, ALERTS)
    login = exchange.caller.login
    return exchange.records.change(resource, alert["AlertId"], changes, login)


def _shown(alert: Record, *names: str) -> Answer:
    first = {"AlertID": alert["AlertId"], "Status": alert.get("Status")}
    row = first | {name: alert[name] for name in names if name in alert}
    return Answer(200, orjson.dumps(row))


def _words(refusal: Refusal) -> str:
    match refusal:
        case InvalidRecord(faults=faults):
            fault = faults[0]
            own = fault.detail if fault.flaw is Flaw.RULE else f"{fault.path} is {fault.flaw.value}"
            return str(own)
        case RecordNotFound(record_id=record_id):
            return f"Alert with ID {record_id} not found"
        case _:
            return type(refusal).__name__
