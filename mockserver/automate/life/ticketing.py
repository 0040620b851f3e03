"""Alerts that show the status of the PSA tickets that were made of them (seed family, 10.3)."""

import orjson
from sqlalchemy import exists

from mockserver.automate.life.attending import TICKETS
from mockserver.automate.life.places import at, kept
from mockserver.automate.profile import profile_in
from mockserver.core.records import Records
from mockserver.core.schema import Resource
from mockserver.core.statements import Page

ALERTS = "Alerts"
OUT_OF_STEP = "alerts behind their tickets"


def follow(records: Records, psa: Records) -> None:
    """Give alerts the status that their tickets have by now; cheap while no ticket has changed."""
    if not profile_in(records).ticket_status_follows:
        return
    tickets = psa.registry.resource(TICKETS)
    if records.store.is_filled(tickets):  # nobody has changed tickets that nobody has touched
        records.store.remembered(tickets, OUT_OF_STEP, lambda: _followed(records, psa, tickets))


def _followed(records: Records, psa: Records, tickets: Resource) -> None:
    store, alerts = records.store, at(records, ALERTS)
    table, of = store.table(alerts), store.table(tickets)
    behind = of.c.status_name.is_distinct_from(table.c.ticketstatus)
    page = Page("body", [exists().where(of.c.id == table.c.ticketid, behind)], key=OUT_OF_STEP)
    with store.transaction():
        for body in store.bodies(alerts, page):
            alert = orjson.loads(body)
            status = psa.get(tickets, alert["TicketID"]).get("status") or {}
            kept(records, ALERTS, alert, TicketStatus=status.get("name"))
