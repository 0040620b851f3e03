"""Configurations that change their kind, teams that grow, tabs that are counted."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.errors import Fault, Flaw, InvalidRecord, RecordNotFound
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.psa.kept import OWNERS
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers, record_id_of
from mockserver.web.means import Behaviour, Shown

CONFIGURATIONS, TEAMS, MEMBERS = "company/configurations", "service/boards/teams", "system/members"
QUESTIONS = "company/configurations/types/questions"
#: What a question of a kind of configuration is called on a configuration.
ASKED = ("question", "sequenceNumber", "numberOfDecimals", "fieldType", "requiredFlag")
#: What documents call the records whose tabs are counted.
KINDS: Mapping[str, str] = {CONFIGURATIONS: "configuration", "finance/agreements": "agreement"}
MONITORING = "system/contactsync/monitoring"


# -- configurations -----------------------------------------------------------------------------


def change_type(handlers: Handlers, exchange: Exchange) -> Answer:
    """Change a configuration as the patch says; with another type come that type's questions."""
    records, author = exchange.records, exchange.caller.login
    resource = records.registry.resource(CONFIGURATIONS)
    with records.store.transaction():
        record_id = record_id_of(exchange, resource)
        before = records.get(resource, record_id)
        changes = handlers.api.changes(exchange, resource, record_id)
        after = records.change(resource, record_id, changes, author)
        if after["type"]["id"] != before["type"]["id"]:
            questions = _questions(records, after["type"]["id"])
            records.save(resource, {**after, "questions": questions})
        return handlers.shown(exchange, resource, record_id)


def _questions(records: Records, type_id: int) -> list[Record]:
    """Return the questions of a type, none of them answered."""
    resource = records.registry.resource(QUESTIONS)
    found = [records.get(resource, x) for x in records.store.matching(resource, parent_id=type_id)]
    return [
        {"questionId": each["id"], **{name: each[name] for name in ASKED if name in each}}
        for each in found
        if not each.get("inactiveFlag")
    ]


# -- tabs -----------------------------------------------------------------------------------------


def tabs(path: str) -> Behaviour:
    """Return what counts the records of each kind that lie below one record or name it."""

    def counted(exchange: Exchange, given: Mapping[str, Any]) -> Record:  # noqa: ARG001
        records, record_id = exchange.records, int(exchange.ids[0])
        found: dict[str, int] = {}
        for child in records.shape.children(path):
            ids = records.store.matching(child, parent_id=record_id)
            found[child.path.rpartition("/")[2]] = len(ids)
        for owner, declared in records.registry.referrers(path):
            ids = records.users(owner, declared, record_id)
            word = owner.path.rpartition("/")[2]
            found[word] = max(found.get(word, 0), len(ids))
        documents = records.store.matching(OWNERS, recordtype=KINDS[path], recordid=record_id)
        return {**found, "documents": len(documents)}

    return counted


# -- teams ---------------------------------------------------------------------------------------


def join_team(exchange: Exchange, given: Mapping[str, Any]) -> Record:
    """Let a member be in a board's team, or lead it."""
    records = exchange.records
    teams = records.registry.resource(TEAMS)
    team_id, member_id = (
        _known(records, given, "team", TEAMS),
        _known(records, given, "member", MEMBERS),
    )
    with records.store.transaction():
        team = records.get(teams, team_id)
        changes: Record = {"members": sorted({*team.get("members", ()), member_id})}
        if given.get("teamLeaderFlag"):
            changes["teamLeader"] = {"id": member_id}
        records.change(teams, team_id, changes, exchange.caller.login)
        board = {"id": records.store.parent_of(teams, team_id)}
    return {"id": member_id, "board": board, "team": {"id": team_id, "name": team["name"]}}


def _known(records: Records, given: Mapping[str, Any], name: str, path: str) -> int:
    found = (given.get(name) or {}).get("id") or 0
    if records.target(path, found) is None:
        fault = Fault(Flaw.UNKNOWN_REFERENCE, name, (path, None, None), found)
        raise InvalidRecord(TEAMS, (fault,), model="TeamMember")
    return int(found)


# -- schedule ------------------------------------------------------------------------------------


def delete_entry(handlers: Handlers, exchange: Exchange) -> Answer:
    """Remove a schedule entry; the path also says whether its member is told, which nobody is."""
    exchange.ids = exchange.ids[:1]
    return handlers.delete(exchange)


# -- synchronised contacts -----------------------------------------------------------------------


def monitored(exchange: Exchange, given: Mapping[str, Any]) -> Shown:  # noqa: ARG001
    """Return the monitoring of the kind in the path."""
    resource = exchange.records.registry.resource(MONITORING)
    kind = int(exchange.ids[0])
    found = exchange.records.store.matching(resource, 1, monitoringtypeid=kind)
    if not found:
        raise RecordNotFound(MONITORING, kind)
    return Shown(MONITORING, found[0])


#: What these do follows from their names alone.
NAMED: Mapping[tuple[str, str], Behaviour] = {
    **{("GET", f"/{path}/{{id}}/quickAccess/count"): tabs(path) for path in KINDS},
    ("POST", "/service/teamMembers"): join_team,
    ("GET", f"/{MONITORING}/type/{{id}}"): monitored,
}
OPERATIONS = {
    ("PATCH", "/company/configurations/{id}/changeType"): change_type,
    ("DELETE", "/schedule/entries/{id}/{notifyResource}"): delete_entry,
}
