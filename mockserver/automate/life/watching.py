"""The seed family's view of monitors: of one computer, by template, as a list of states (89)."""

from collections.abc import Iterator
from typing import Any

import orjson

from mockserver.automate.computed import listed, told
from mockserver.automate.life.alerting import FAILING
from mockserver.automate.life.places import (
    COMPUTERS,
    at,
    everyone,
    folded,
    got,
    matching,
    refused,
    rule,
    whole,
)
from mockserver.automate.life.targets import GROUP, computers
from mockserver.automate.profile import profile_in, profile_of
from mockserver.core.errors import Fault, Flaw, RecordNotFound
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.means import resource_of

MONITORS, GROUPS, ALERTS = "Monitors", "Groups", "Alerts"
#: What a template gives to a monitor that is made from it.
GIVEN = ("Name", "MonitorType", "Category", "AlertSeverity", "Interval", "Thresholds")


def templates(records: Records) -> Iterator[Record]:
    """Yield the templates: the kinds of monitors that the world has, numbered by first use."""
    seen: dict[str, Record] = {}
    for monitor in everyone(records, MONITORS):
        if not monitor.get("TemplateID"):
            seen.setdefault(monitor["Name"], monitor)
    for number, (name, monitor) in enumerate(seen.items(), start=1):
        usual = {"Description": f"Watches for: {name}", "IsBuiltIn": True, "AutoApply": False}
        given = {each: monitor[each] for each in GIVEN if each in monitor}
        interval = {"CheckInterval": monitor.get("Interval", 300), "Thresholds": []}
        yield {"TemplateID": number, **interval, **given, **usual}


def listed_templates(exchange: Exchange) -> Answer:
    """Answer all templates."""
    return listed(exchange, resource_of(exchange), list(templates(exchange.records)))


def one_template(exchange: Exchange) -> Answer:
    """Answer one template."""
    return told(exchange, _template(exchange.records, int(exchange.ids[-1])))


def _template(records: Records, template_id: int) -> Record:
    found = (each for each in templates(records) if each["TemplateID"] == template_id)
    template = next(found, None)
    if template is None:
        raise RecordNotFound("automate:Templates", template_id)
    return template


def status(exchange: Exchange) -> Answer:
    """Answer how one monitor of a computer stands."""
    records = exchange.records
    computer_id, monitor_id = (int(each) for each in exchange.ids)
    monitor = got(records, MONITORS, monitor_id)
    if (monitor.get("Computer") or {}).get("Id") != computer_id:
        raise RecordNotFound(f"automate:{MONITORS}", monitor_id)
    alerts = list(matching(records, ALERTS, sourceid=monitor_id))
    failing = monitor.get("Status") in FAILING
    row = {
        "MonitorID": monitor_id,
        "ComputerID": computer_id,
        "Status": monitor.get("Status"),
        "LastCheck": monitor.get("LastCheck"),
        "LastAlertTime": max((each["TimeGenerated"] for each in alerts), default=None),
        "ConsecutiveFailures": int(failing),
        "CurrentValue": monitor.get("CurrentValue"),
        "Message": alerts[-1].get("Message") if failing and alerts else None,
    }
    return told(exchange, {name: value for name, value in row.items() if value is not None})


def add_to_computer(exchange: Exchange) -> Answer:
    """Give a computer a monitor, from a template or of its own."""
    computer = got(exchange.records, COMPUTERS, int(exchange.ids[0]))
    with exchange.records.store.transaction():
        made = _made(exchange, folded(exchange.json_object()), computer)
        return Answer(profile_of(exchange.caller).created_status, _shown(exchange, made))


def add_to_group(exchange: Exchange) -> Answer:
    """Give the monitor of a template to every computer of a group that has none of that name."""
    records = exchange.records
    group = got(records, GROUPS, int(exchange.ids[0]))
    given = folded(exchange.json_object())
    if given.get("templateid") is None:
        raise refused(MONITORS, Fault(Flaw.MISSING, "TemplateID", None, None))
    with records.store.transaction():
        name = given.get("name") or _named(records, given)["Name"]
        members = computers(records, GROUP, group["Id"])
        bare = [each for each in members if not _is_taken(records, each, name)]
        made = [_made(exchange, given, each)["MonitorID"] for each in bare]
    answer = {"GroupID": group["Id"], "TemplateID": whole(given["templateid"]), "MonitorIDs": made}
    return Answer(profile_of(exchange.caller).created_status, orjson.dumps(answer))


def _made(exchange: Exchange, given: dict[str, Any], computer: Record) -> Record:
    records = exchange.records
    payload: dict[str, Any] = {"Status": "OK", "Enabled": True}
    if given.get("templateid") is not None:
        template = _named(records, given)
        payload |= {name: template[name] for name in ("TemplateID", *GIVEN) if name in template}
    resource = at(records, MONITORS)
    named = {each.name.casefold(): each.name for each in resource.fields}
    payload |= {named[name]: value for name, value in given.items() if name in named}
    payload["Computer"] = {"Id": computer["Id"]}
    if _is_taken(records, computer, payload.get("Name")):
        raise rule(MONITORS, "Name", f"Monitor {payload['Name']} exists already", payload["Name"])
    return records.create(resource, payload, exchange.caller.login)


def _named(records: Records, given: dict[str, Any]) -> Record:
    """Return the template that a body names."""
    number = whole(given["templateid"])
    if number is None:
        raise refused(MONITORS, Fault(Flaw.WRONG_TYPE, "TemplateID", None, None))
    return _template(records, number)


def _is_taken(records: Records, computer: Record, name: Any) -> bool:
    """Tell whether a computer has a monitor of this name, and may have one of it only."""
    mine = matching(records, MONITORS, computer_id=computer["Id"])
    return profile_in(records).monitor_names_unique and any(each["Name"] == name for each in mine)


def _shown(exchange: Exchange, record: Record) -> bytes:
    resource = at(exchange.records, MONITORS)
    view = profile_of(exchange.caller).view
    return exchange.records.store.body(resource, record["MonitorID"], view) or b""
