"""What writing one Automate record does to it and to others: defaults, moves, removals, counts."""

from mockserver.automate.record_quirks import SPACE, quirks_of
from mockserver.automate.resources.contacts import show_again, show_contact
from mockserver.automate.resources.courses import follow
from mockserver.automate.resources.extra import give, keep_extra_data, set_extra_data
from mockserver.automate.resources.membership import leave, rejoin
from mockserver.automate.resources.placing import LOCATIONS, follow_location, placed, target
from mockserver.automate.resources.retirement import retire
from mockserver.automate.resources.sensed import follow_monitor, forget_monitor
from mockserver.core.errors import Conflict, Fault, Flaw
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Rules

CLIENTS, COMPUTERS = "automate:Clients", "automate:Computers"
#: What a collection's records count, by the field that counts it: (owner, reference, counted).
COUNTS = (
    (CLIENTS, "Client", "ComputerCount", COMPUTERS),
    (LOCATIONS, "Location", "ComputerCount", COMPUTERS),
    (CLIENTS, "Client", "LocationCount", LOCATIONS),
)
#: What goes to another client with its location.
PLACED = (COMPUTERS, "automate:Contacts", "automate:NetworkDevices", "automate:SystemContacts")

# -- defaults -------------------------------------------------------------------------------------


def _fill_place(draft: Draft) -> None:
    draft.default("DateAdded", draft.records.clock.text())
    for name in ("ComputerCount", "LocationCount"):
        if name.casefold() in draft.resource.members:
            draft.default(name, 0)
    keep_extra_data(draft)


def _fill_alert(draft: Draft) -> None:
    draft.default("Severity", 1)
    draft.default("Status", "New")
    draft.default("TimeGenerated", draft.records.clock.text())
    _fill_from_computer(draft)
    follow(draft)


def _fill_from_computer(draft: Draft) -> None:
    """Put what concerns a computer where the computer is."""
    computer = target(draft, "Computer", COMPUTERS)
    if computer and draft.changed("Computer"):
        for name in ("Client", "Location"):
            draft.record[name] = computer.get(name)


def _fill_monitor(draft: Draft) -> None:
    """Assign a monitor to the computer that it is for (automate facts 89)."""
    if draft.record.get("AssignmentType") == "Computer" and not draft.record.get("Computer"):
        computer_id = draft.record.get("TargetID")
        if computer_id and draft.records.target(COMPUTERS, computer_id):
            draft.default("Computer", computer_id)
    _fill_from_computer(draft)


def _check_monitor(draft: Draft) -> None:
    known = quirks_of(draft.records).threshold_operators
    for each in draft.record.get("Thresholds") or ():
        operator = (each or {}).get("Operator")
        if known and operator not in known:
            text = f"Invalid threshold operator: '{operator}'"
            draft.faults.append(Fault(Flaw.RULE, "Thresholds", text, None))


# -- moving a computer (C22) ----------------------------------------------------------------------


def _fill_computer(draft: Draft) -> None:
    follow_location(draft)
    show_contact(draft)
    keep_extra_data(draft)


def _written_computer(draft: Draft) -> None:
    _recount(draft)
    rejoin(draft.records, draft.record["Id"])
    set_extra_data(draft)
    moved = draft.before is not None and (draft.changed("Client") or draft.changed("Location"))
    if not moved:
        return
    records, along = draft.records, quirks_of(draft.records).moves_along
    for owner, declared in records.registry.referrers(COMPUTERS):
        if owner.path.removeprefix(SPACE) not in along:
            continue
        for owner_id in records.users(owner, declared, draft.record[draft.resource.key]):
            record = records.get(owner, owner_id)
            records.save(owner, {**record, **{n: draft.record[n] for n in ("Client", "Location")}})


def _written_client(draft: Draft) -> None:
    if draft.before is None:
        give(draft)
    elif draft.changed("Name"):
        show_again(draft)
    set_extra_data(draft)


def _written_location(draft: Draft) -> None:
    _recount(draft)
    _written_client(draft)
    if draft.before is None or not draft.changed("Client"):
        return
    records, location_id = draft.records, draft.record[draft.resource.key]
    moved = {"Client": {"Id": draft.id_of("Client")}}
    for path in PLACED:
        resource = records.registry.resource(path)
        for each in records.users(resource, resource.members["location"], location_id):
            records.change(resource, each, moved, draft.author)


# -- counts and removals --------------------------------------------------------------------------


def _recount(draft: Draft) -> None:
    for owner, name, count, counted in COUNTS:
        if counted != draft.resource.path:
            continue
        records = (draft.record, draft.before or {})
        for owner_id in {record[name]["Id"] for record in records if record.get(name)}:
            _count(draft.records, owner_id, (owner, name, count, counted))


def _count(records: Records, owner_id: int, row: tuple[str, str, str, str]) -> None:
    owner, name, count, counted = row
    resource = records.registry.resource(owner)
    record = records.find(resource, owner_id)
    if record is None:
        return
    declared = records.registry.resource(counted).members[name.casefold()]
    total = len(records.users(records.registry.resource(counted), declared, owner_id))
    if record.get(count) != total:
        records.save(resource, {**record, count: total})


def _swept(draft: Draft) -> None:
    """Remove what belongs to a removed record, unless it keeps the record there (facts 97)."""
    records, record_id = draft.records, draft.record[draft.resource.key]
    _refuse_if_in_use(draft, quirks_of(records).in_use_by)
    for owner, declared in records.registry.referrers(draft.resource.path):
        for owner_id in records.users(owner, declared, record_id):
            # A monitor of a client may have gone with its location already.
            if records.find(owner, owner_id) is not None:
                records.delete(owner, owner_id, draft.author)


def _refuse_if_in_use(draft: Draft, names: frozenset[str]) -> None:
    records, record_id = draft.records, draft.record[draft.resource.key]
    for owner, declared in records.registry.referrers(draft.resource.path):
        name = owner.path.removeprefix(SPACE)
        if name in names and records.users(owner, declared, record_id, 1):
            words = f"has {name.lower()} and cannot be deleted"
            raise Conflict(f"{draft.resource.model} {record_id} {words}")


def _removed(draft: Draft) -> None:
    _swept(draft)
    _recount(draft)


def _removed_computer(draft: Draft) -> None:
    _removed(draft)
    leave(draft)
    retire(draft)


CLIENT_RULES = Rules(fill=_fill_place, written=_written_client, deleted=_removed, guarded=False)
LOCATION_RULES = Rules(fill=_fill_place, written=_written_location, deleted=_removed, guarded=False)
COMPUTER_RULES = Rules(
    fill=_fill_computer,
    check=placed,
    written=_written_computer,
    deleted=_removed_computer,
    guarded=False,
)
MONITOR_RULES = Rules(
    fill=_fill_monitor, check=_check_monitor, written=follow_monitor, deleted=forget_monitor
)
ALERT_RULES = Rules(fill=_fill_alert)
