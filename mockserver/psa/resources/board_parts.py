"""Which subtype goes with which type of its board, and which item with which subtype.

A subtype lists types, an item's associations list subtypes; a list that nobody gave goes with all.
A board shows what goes together as ``typeSubTypeItemAssociations`` (psa facts 8.8).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mockserver.core.errors import Fault, Flaw
from mockserver.core.rules import Draft, Record, Rules, in_turn
from mockserver.psa.resources.lookup import quirks

BOARDS = "service/boards"
TYPES, SUBTYPES, ITEMS = f"{BOARDS}/types", f"{BOARDS}/subtypes", f"{BOARDS}/items"
ASSOCIATIONS, SHOWN = f"{ITEMS}/associations", f"{BOARDS}/typeSubTypeItemAssociations"
#: More rows than this a board does not show, whatever its lists say.
SHOWN_MAX = 1_000
#: The parts of a ticket, each with where its records are.
PARTS: Mapping[str, str] = {"type": TYPES, "subType": SUBTYPES, "item": ITEMS}
Together = tuple[int, int | None, int | None]


def _below(draft: Draft, path: str, parent_id: int) -> list[Record]:
    resource = draft.records.registry.resource(path)
    found = draft.records.store.matching(resource, parent_id=parent_id)
    return [draft.records.get(resource, each) for each in found]


def _ids(draft: Draft, path: str, parent_id: int) -> list[int]:
    return list(
        draft.records.store.matching(draft.records.registry.resource(path), parent_id=parent_id)
    )


@dataclass(frozen=True)
class Listing:
    """A member that lists the ids of other parts of the same board.

    Attributes:
        name: The member.
        path: Where the parts are.
        everything: The flag that puts all of them into the list.
        none: The flag that empties it.
        needed: Whether a list or a flag has to be given (the description of item associations).
    """

    name: str
    path: str
    everything: str
    none: str
    needed: bool = False

    def fill(self, draft: Draft) -> None:
        """Do what the flags say; they are orders, so that nothing of them stays."""
        board_id = _board_of(draft)
        if draft.given.get(self.none):
            draft.record[self.name] = []
        elif draft.given.get(self.everything) and board_id is not None:
            draft.record[self.name] = _ids(draft, self.path, board_id)
        elif self.needed and draft.before is not None and draft.record.get(self.name) is None:
            draft.faults.append(Fault(Flaw.MISSING, self.name))
        for flag in {self.everything, self.none} & draft.record.keys():
            draft.record[flag] = False

    def check(self, draft: Draft) -> None:
        """Refuse what is not on the board."""
        board_id = _board_of(draft)
        if (
            board_id is None
            or self.name not in draft.given
            or not draft.records.policy.below_checked
        ):
            return
        known = set(_ids(draft, self.path, board_id))
        for each in draft.record.get(self.name) or ():
            if each not in known:
                detail = (self.path, "board", board_id)
                draft.faults.append(Fault(Flaw.UNKNOWN_REFERENCE, self.name, detail, each))
                return


BY_TYPE = Listing("typeAssociationIds", TYPES, "addAllTypesFlag", "removeAllTypesFlag")
BY_SUBTYPE = Listing(
    "subTypeAssociationIds", SUBTYPES, "addAllSubTypesFlag", "removeAllSubTypesFlag", needed=True
)


def _board_of(draft: Draft) -> int | None:
    """Return the board of a part, or of the item whose association this is."""
    item = draft.id_of("item") if draft.resource.path == ASSOCIATIONS else None
    if item is None:
        return draft.id_of("board") or draft.parent_id
    return draft.records.store.parent_of(draft.records.registry.resource(ITEMS), item)


# -- what a ticket may have ------------------------------------------------------------------------


def keep_together(draft: Draft) -> None:
    """Leave behind what does not go with the ticket's new type or subtype, unless it was sent."""
    if draft.before is None or not quirks(draft).unfit_parts_dropped:
        return
    for name, _ in _unfit(draft):
        if name not in draft.given:
            draft.record.pop(name, None)


def check_together(draft: Draft) -> None:
    """Refuse a subtype that does not go with its type, an item that does not with its subtype."""
    for name, (above, above_id) in _unfit(draft):
        detail = (PARTS[name], above, above_id)
        fault = Fault(Flaw.UNKNOWN_REFERENCE, f"{name}/id", detail, draft.id_of(name))
        draft.faults.append(fault)


def _unfit(draft: Draft) -> Iterator[tuple[str, tuple[str, int]]]:
    """Yield each part that does not go with the one above it, and which that is."""
    if not quirks(draft).associations_checked or not any(map(draft.changed, PARTS)):
        return
    type_id, subtype_id = draft.id_of("type"), draft.id_of("subType")
    if type_id and subtype_id and not _goes_with_type(draft, subtype_id, type_id):
        yield "subType", ("type", type_id)
        if draft.id_of("subType") is None:  # left behind, and what goes with it is, too
            yield "item", ("type", type_id)
            return
    item_id = draft.id_of("item")
    if item_id and subtype_id and not _goes_with_subtype(draft, item_id, subtype_id):
        yield "item", ("subType", subtype_id)


def _goes_with_type(draft: Draft, subtype_id: int, type_id: int) -> bool:
    found = draft.records.target(SUBTYPES, subtype_id)
    listed = found[0].get(BY_TYPE.name) if found else None
    return listed is None or type_id in listed


def _goes_with_subtype(draft: Draft, item_id: int, subtype_id: int) -> bool:
    listed = _listed(draft, item_id)
    return listed is None or subtype_id in listed


def _listed(draft: Draft, item_id: int) -> set[int] | None:
    """Return the subtypes that go with an item; None where nobody said."""
    lists = [each.get(BY_SUBTYPE.name) for each in _below(draft, ASSOCIATIONS, item_id)]
    given = [each for each in lists if each is not None]
    return {each for ids in given for each in ids} if given else None


# -- what a board shows of it ----------------------------------------------------------------------


def _show(draft: Draft) -> None:
    """Show below the board what goes together now; rows that stay keep their ids."""
    board_id = _board_of(draft)
    if board_id is None:
        return
    records = draft.records
    resource = records.registry.resource(SHOWN)
    there = {_parts(row): row["id"] for row in _below(draft, SHOWN, board_id)}
    wanted = list(islice(_together(draft, board_id), SHOWN_MAX))
    for gone in there.keys() - wanted:
        records.store.delete(resource, there[gone])
    for each in wanted:
        if each not in there:
            given = {n: {"id": part} for n, part in zip(PARTS, each, strict=True) if part}
            records.create(resource, given, draft.author, board_id)


def _parts(row: Record) -> tuple[Any, ...]:
    return tuple((row.get(name) or {}).get("id") for name in PARTS)


def _together(draft: Draft, board_id: int) -> Iterator[Together]:
    """Yield types with the subtypes that list them and the items that list those."""
    subtypes = [
        (each["id"], set(each.get(BY_TYPE.name) or ()))
        for each in _below(draft, SUBTYPES, board_id)
    ]
    items = [(each, _listed(draft, each) or set()) for each in _ids(draft, ITEMS, board_id)]
    for type_id in _ids(draft, TYPES, board_id):
        below = [each for each, listed in subtypes if type_id in listed]
        for subtype_id in below:
            fitting = [each for each, listed in items if subtype_id in listed]
            yield from ((type_id, subtype_id, each) for each in fitting or (None,))
        if not below:
            yield type_id, None, None


# -- what a write does to others -------------------------------------------------------------------


def _number_association(draft: Draft) -> None:
    """Have an id, which the model requires, before the record is given its own."""
    draft.record.setdefault(draft.resource.key, 0)


def _fill_association(draft: Draft) -> None:
    BY_SUBTYPE.fill(draft)
    draft.default("board", _board_of(draft))


def _associate(draft: Draft) -> None:
    """Give a new item the one association that it can be restricted by: none can be posted."""
    if draft.before is None:
        resource = draft.records.registry.resource(ASSOCIATIONS)
        draft.records.create(resource, {}, draft.author, draft.record["id"])


def _supersede(draft: Draft) -> None:
    """Let an association that came with a copied item stand in for the one that says nothing."""
    said = draft.record.get(BY_SUBTYPE.name) is not None
    if draft.before is not None or draft.parent_id is None or not said:
        return
    for each in _below(draft, ASSOCIATIONS, draft.parent_id):
        if each["id"] != draft.record["id"] and each.get(BY_SUBTYPE.name) is None:
            draft.records.store.delete(draft.resource, each["id"])


def _forget_type(draft: Draft) -> None:
    board_id = _board_of(draft)
    if board_id is not None:
        _unlist(draft, BY_TYPE.name, SUBTYPES, _below(draft, SUBTYPES, board_id))


def _forget_subtype(draft: Draft) -> None:
    board_id = _board_of(draft)
    for item_id in _ids(draft, ITEMS, board_id) if board_id is not None else ():
        _unlist(draft, BY_SUBTYPE.name, ASSOCIATIONS, _below(draft, ASSOCIATIONS, item_id))


def _unlist(draft: Draft, name: str, path: str, owners: list[Record]) -> None:
    """Take a part that is gone out of the lists of others."""
    resource, gone = draft.records.registry.resource(path), draft.record["id"]
    for owner in owners:
        if gone in (owner.get(name) or ()):
            left = [each for each in owner[name] if each != gone]
            draft.records.amend(resource, owner | {name: left}, draft.author)


RULES: Mapping[str, Rules] = {
    TYPES: Rules(written=_show, deleted=in_turn(_forget_type, _show)),
    SUBTYPES: Rules(
        fill=BY_TYPE.fill,
        check=BY_TYPE.check,
        written=_show,
        deleted=in_turn(_forget_subtype, _show),
    ),
    ITEMS: Rules(written=in_turn(_associate, _show), deleted=_show),
    ASSOCIATIONS: Rules(
        prepare=_number_association,
        fill=_fill_association,
        check=BY_SUBTYPE.check,
        written=in_turn(_supersede, _show),
    ),
    SHOWN: Rules(holds=False),
}
