"""Batch calls that move computers and put them into groups or take them out (automate facts 70)."""

from collections.abc import Callable, Mapping
from typing import Any

from mockserver.automate.life.places import COMPUTERS, at, folded, matching, refused, whole, wholes
from mockserver.automate.life.targets import (
    COMPANY,
    COMPUTER,
    GROUP,
    MEMBERSHIPS,
    SITE,
    batch_answer,
    entity,
    entity_type,
)
from mockserver.automate.profile import profile_of
from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.rules import Record
from mockserver.web.exchange import Answer, Exchange

MODEL = COMPUTERS
Move = Callable[[Exchange, Record, int], None]


def send_to(exchange: Exchange) -> Answer:
    """Move computers to a location or client, or put them into a group."""
    given = folded(exchange.json_object())
    kind = entity_type(MODEL, "TargetType", given.get("targettype"))
    move, target_id = MOVES.get(kind), _target_id(given, "TargetId")
    unknown = entity(exchange.records, kind, target_id) is None
    error = f"{kind} {target_id} was not found." if unknown else ""
    if move is None or (kind, profile_of(exchange.caller).sent_to_client) == (COMPANY, "none"):
        error = f"Nothing can be sent to a {kind}."
    return _answer(exchange, given, "SendToResults", move or _enter, (target_id, error))


def remove(exchange: Exchange) -> Answer:
    """Take computers out of a group."""
    given = folded(exchange.json_object())
    name = "TargetId" if given.get("targetid") is not None else "GroupId"
    group_id = _target_id(given, name)
    unknown = entity(exchange.records, GROUP, group_id) is None
    error = f"Group {group_id} was not found." if unknown else ""
    return _answer(exchange, given, "RemoveEntitiesResults", _leave, (group_id, error))


def _target_id(given: Mapping[str, Any], name: str) -> int:
    target_id = whole(given.get(name.casefold()))
    if target_id is None:
        flaw = Flaw.MISSING if given.get(name.casefold()) is None else Flaw.WRONG_TYPE
        raise refused(MODEL, Fault(flaw, name, None, None))
    return target_id


def _answer(
    exchange: Exchange, given: Mapping[str, Any], name: str, move: Move, where: tuple[int, str]
) -> Answer:
    kind = entity_type(MODEL, "EntityType", given.get("entitytype"))
    ids = wholes(MODEL, "EntityIds", given.get("entityids"))
    target_id, error = where
    if kind != COMPUTER:
        error = error or f"A {kind} cannot be moved."
    with exchange.records.store.transaction():
        told = {each: error or _moved(exchange, each, move, target_id) for each in ids}
        return batch_answer(exchange, (name, "EntityId"), told)


def _moved(exchange: Exchange, computer_id: int, move: Move, target_id: int) -> str:
    computer = entity(exchange.records, COMPUTER, computer_id)
    if computer is None:
        return f"Computer {computer_id} was not found."
    try:
        move(exchange, computer, target_id)
    except InvalidRecord as refusal:
        return f"{refusal.faults[0].path} does not fit."
    return ""


def _to_location(exchange: Exchange, computer: Record, location_id: int) -> None:
    _change(exchange, computer, {"Location": {"Id": location_id}})


def _to_client(exchange: Exchange, computer: Record, client_id: int) -> None:
    """Move a computer to one of the locations of a client."""
    resource = at(exchange.records, "Locations")
    there = exchange.records.store.matching(resource, client_id=client_id)
    chosen = min(there) if profile_of(exchange.caller).sent_to_client == "first" else max(there)
    location = {"Location": {"Id": chosen}} if there else {}
    _change(exchange, computer, {"Client": {"Id": client_id}, **location})


def _change(exchange: Exchange, computer: Record, changes: dict[str, Any]) -> None:
    resource = at(exchange.records, COMPUTERS)
    exchange.records.change(resource, computer["Id"], changes, exchange.caller.login)


def _enter(exchange: Exchange, computer: Record, group_id: int) -> None:
    wanted = {"GroupId": group_id, "ComputerId": computer["Id"]}
    equals = {name.casefold(): value for name, value in wanted.items()}
    if not list(matching(exchange.records, MEMBERSHIPS, **equals)):
        resource = at(exchange.records, MEMBERSHIPS)
        exchange.records.create(resource, wanted, exchange.caller.login)


def _leave(exchange: Exchange, computer: Record, group_id: int) -> None:
    resource, records = at(exchange.records, MEMBERSHIPS), exchange.records
    for row in list(matching(records, MEMBERSHIPS, groupid=group_id, computerid=computer["Id"])):
        records.delete(resource, row["Id"], exchange.caller.login)


MOVES: Mapping[str, Move] = {SITE: _to_location, COMPANY: _to_client, GROUP: _enter}
