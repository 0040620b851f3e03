"""Groups: who is in them, by hand or by a search that joins computers on its own (10.3).

A group with ``ComputersAutoJoinSearch`` takes in every computer that its search finds, whenever
the group or a computer is written; with ``ComputersLimitToSearch`` it also lets go of those that
the search no longer finds.
"""

from collections.abc import Iterable, Iterator

import orjson

from mockserver.automate.dialect import OBSERVED
from mockserver.automate.record_quirks import quirks_of
from mockserver.automate.resources.declared import Declared
from mockserver.core.conditions import clause, parse_and_bind
from mockserver.core.errors import Conflict, Fault, Flaw
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Record, Rules
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.statements import Page

GROUPS, SEARCHES, COMPUTERS = "automate:Groups", "automate:Searches", "automate:Computers"
MEMBERSHIPS, DEVICES = "automate:GroupComputers", "automate:GroupNetworkDevices"
SEARCH = "ComputersAutoJoinSearch"
#: What the server tells of a group's place among the others.
GROUP_PLACE = ("FullName", "Depth", "ParentGroups", "SubGroups")


# -- auto-join ------------------------------------------------------------------------------------


def join(records: Records, group: Record, computer_id: int | None = None) -> None:
    """Let a group take in what its search finds, and let go of the rest if it is limited to it.

    With *computer_id*, only that computer is looked at.
    """
    condition = _condition(records, group)
    if condition is None:
        return
    wanted = frozenset(_found(records, condition, computer_id))
    present = dict(_members(records, group["Id"], computer_id))
    for each in sorted(wanted - present.keys()):
        _enter(records, group["Id"], each)
    if group.get("ComputersLimitToSearch") and quirks_of(records).limited_groups_let_go:
        for each in present.keys() - wanted:
            records.store.delete(_resource(records, MEMBERSHIPS), present[each])


def rejoin(records: Records, computer_id: int) -> None:
    """Let every group that has a search look at one computer again, if that is done at once."""
    if quirks_of(records).auto_join_s == 0:
        join_all(records, computer_id)


def join_all(records: Records, computer_id: int | None = None) -> None:
    """Let every group that has a search look at one computer, or at all of them."""
    groups = _resource(records, GROUPS)
    for group_id in records.store.matching(groups):
        join(records, records.get(groups, group_id), computer_id)


def _condition(records: Records, group: Record) -> str | None:
    search_id = (group.get(SEARCH) or {}).get("Id")
    found = records.target(SEARCHES, search_id) if search_id else None
    return found[0].get("Condition") if found else None


def _found(records: Records, condition: str, computer_id: int | None) -> Iterator[int]:
    computers = _resource(records, COMPUTERS)
    table = records.store.table(computers)
    where = [clause(parse_and_bind(condition, computers, OBSERVED), table)]
    if computer_id is not None:
        where.append(table.c.id == computer_id)
    for body in records.store.bodies(computers, Page("body", where, key=(condition, computer_id))):
        yield orjson.loads(body)["Id"]


def _members(records: Records, group_id: int, computer_id: int | None) -> Iterator[tuple[int, int]]:
    """Yield the computers of a group, each with the id of its membership."""
    memberships = _resource(records, MEMBERSHIPS)
    equals = {"groupid": group_id}
    if computer_id is not None:
        equals["computerid"] = computer_id
    for row_id in records.store.matching(memberships, **equals):
        yield records.get(memberships, row_id)["ComputerId"], row_id


def _enter(records: Records, group_id: int, computer_id: int) -> None:
    memberships = _resource(records, MEMBERSHIPS)
    row_id = records.store.next_id(memberships)
    row = {"Id": row_id, "GroupId": group_id, "ComputerId": computer_id}
    records.save(memberships, row, new=True)


def leave(draft: Draft) -> None:
    """Remove the memberships of a removed group, computer or network device."""
    records, record_id = draft.records, draft.record[draft.resource.key]
    for path, column in LEFT[draft.resource.path]:
        memberships = _resource(records, path)
        for row_id in records.store.matching(memberships, **{column: record_id}):
            records.store.delete(memberships, row_id)


LEFT = {
    GROUPS: ((MEMBERSHIPS, "groupid"), (DEVICES, "groupid")),
    COMPUTERS: ((MEMBERSHIPS, "computerid"),),
    "automate:NetworkDevices": ((DEVICES, "deviceid"),),
}


def _resource(records: Records, path: str) -> Resource:
    return records.registry.resource(path)


# -- the tree of groups ---------------------------------------------------------------------------


def parent_of(draft: Draft) -> Record | None:
    """Return the group that a group lies below, or None."""
    parent_id = draft.record.get("ParentId")
    return draft.records.find(draft.resource, parent_id) if parent_id else None


def _fill_group(draft: Draft) -> None:
    place = _place(draft.record, parent_of(draft))
    stays = draft.given.get("FullName") or not (draft.changed("Name") or draft.changed("ParentId"))
    if stays and draft.record.get("FullName"):
        del place["FullName"]
    draft.record |= place


def _place(group: Record, above: Record | None) -> Record:
    """Return what a group tells of its place below another, or at the top."""
    name = str(group.get("Name", ""))
    if above is None:
        return {"FullName": name, "Depth": 1, "ParentGroups": []}
    return {
        "FullName": f"{above['FullName']}.{name}",
        "Depth": above["Depth"] + 1,
        "ParentGroups": [*above.get("ParentGroups", ()), above["Id"]],
    }


def _place_below(draft: Draft, group: Record) -> None:
    """Let the groups below one tell of their places anew."""
    records, resource = draft.records, draft.resource
    for child_id in records.store.matching(resource, parentid=group["Id"]):
        child = records.get(resource, child_id)
        moved = {**child, **_place(child, group)}
        if moved != child:
            records.save(resource, moved, before=child)
            _place_below(draft, moved)


def _check_group(draft: Draft) -> None:
    above, parent_id = parent_of(draft), draft.record.get("ParentId")
    if parent_id and above is None:
        draft.faults.append(Fault(Flaw.UNKNOWN_REFERENCE, "ParentId", None, parent_id))
    own_id = (draft.before or {}).get("Id")
    if above and own_id in (above["Id"], *above.get("ParentGroups", ())):
        text = "A group cannot lie below itself."
        draft.faults.append(Fault(Flaw.RULE, "ParentId", text, parent_id))


def _written_group(draft: Draft) -> None:
    if draft.changed("ParentId"):
        for parent_id in {(draft.before or {}).get("ParentId"), draft.record.get("ParentId")}:
            _list_children(draft, parent_id)
    if draft.before is not None and any(map(draft.changed, GROUP_PLACE)):
        _place_below(draft, draft.record)
    is_new = draft.changed(SEARCH) or draft.changed("ComputersLimitToSearch")
    if is_new and quirks_of(draft.records).auto_join_s == 0:
        join(draft.records, draft.record)


def _list_children(draft: Draft, parent_id: int | None) -> None:
    records = draft.records
    parent = records.find(draft.resource, parent_id) if parent_id else None
    if parent is not None:
        below = list(records.store.matching(draft.resource, parentid=parent_id))
        records.save(draft.resource, {**parent, "SubGroups": below})


def _removed_group(draft: Draft) -> None:
    """Let the groups below go where the profile says; no group may lie below nothing."""
    records, groups = draft.records, draft.resource
    left = quirks_of(records).groups_below
    below = records.store.matching(groups, parentid=draft.record["Id"])
    if below and left == "refused":
        raise Conflict(f"Group {draft.record['Id']} has groups below it and cannot be deleted")
    for group_id in below:
        if left == "along":
            records.delete(groups, group_id, draft.author)
        else:
            above = {"ParentId": draft.record.get("ParentId")}
            records.change(groups, group_id, above, draft.author)
    leave(draft)
    _list_children(draft, draft.record.get("ParentId"))


GROUP_RULES = Rules(
    fill=_fill_group, check=_check_group, written=_written_group, deleted=_removed_group
)


# -- memberships ----------------------------------------------------------------------------------


def _check_membership(draft: Draft) -> None:
    names = [each.name for each in draft.resource.fields if each.name != "Id"]
    for name in names:
        path, record_id = OWNERS[name], draft.record.get(name)
        if record_id and draft.records.target(path, record_id) is None:
            draft.faults.append(Fault(Flaw.UNKNOWN_REFERENCE, name, None, record_id))
    if not quirks_of(draft.records).memberships_once:
        return
    same = {name.lower(): draft.record.get(name) for name in names}
    own = (draft.before or {}).get("Id")
    if set(draft.records.store.matching(draft.resource, 2, **same)) - {own}:
        text = "The membership already exists."
        draft.faults.append(Fault(Flaw.RULE, names[-1], text, draft.record.get(names[-1])))


OWNERS = {"GroupId": GROUPS, "ComputerId": COMPUTERS, "DeviceId": "automate:NetworkDevices"}


def _membership(path: str, model: str, member: str) -> Declared:
    number = {"kind": Kind.INTEGER, "required": True}
    changes = {"GroupId": number, member: number}
    return Declared(path, model, "Id", (), changes=changes, label="Id", rules=MEMBERSHIP_RULES)


def _declared() -> Iterable[Declared]:
    yield _membership("GroupComputers", "LabTech.Models.GroupComputer", "ComputerId")
    yield _membership("GroupNetworkDevices", "LabTech.Models.GroupNetworkDevice", "DeviceId")
    # What a search looks for is in no model: the vendor keeps it to itself.
    kept = (Field("Condition", Kind.TEXT, read_only=True),)
    yield Declared("Searches", "LabTech.Models.Search", "Id", (), extra=kept)


MEMBERSHIP_RULES = Rules(check=_check_membership)
MEMBERS = tuple(_declared())
