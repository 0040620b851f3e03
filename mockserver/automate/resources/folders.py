"""Folders of scripts: a tree, whose scripts tell where they are in both generations (facts 5)."""

from mockserver.automate.record_quirks import quirks_of
from mockserver.automate.resources.declared import Declared
from mockserver.automate.resources.scripts import FIRST, place_of, tell_second
from mockserver.core.errors import Conflict, Fault, Flaw
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Rules
from mockserver.core.schema import Kind

FOLDERS = "automate:ScriptFolders"


def _check(draft: Draft) -> None:
    if not draft.changed("ParentId"):
        return
    parent_id, own_id = draft.record.get("ParentId"), (draft.before or {}).get("Id")
    above, seen = parent_id, {own_id}
    while above and above not in seen:
        seen.add(above)
        found = draft.records.find(draft.resource, above)
        if found is None:
            draft.faults.append(Fault(Flaw.UNKNOWN_REFERENCE, "ParentId", None, parent_id))
            return
        above = found.get("ParentId")
    if above:
        text = "A folder cannot lie below itself."
        draft.faults.append(Fault(Flaw.RULE, "ParentId", text, parent_id))


def _written(draft: Draft) -> None:
    if draft.before is not None and (draft.changed("Name") or draft.changed("ParentId")):
        _tell(draft.records, draft.record["Id"])


def _tell(records: Records, folder_id: int) -> None:
    """Let the scripts in a folder, and in those below it, tell anew where they are."""
    for script_id in _scripts(records, folder_id):
        _put(records, script_id, folder_id)
    for below in _below(records, folder_id):
        _tell(records, below)


def _put(records: Records, script_id: int, folder_id: int) -> None:
    """Let a script be in a folder; in none if there is no such folder."""
    scripts = records.registry.resource(FIRST)
    own = records.get(scripts, script_id)
    for name in ("Folder", "FullFolderPath"):
        own.pop(name, None)
    own |= place_of(records, folder_id)
    records.save(scripts, own)
    tell_second(records, own)


def _scripts(records: Records, folder_id: int) -> tuple[int, ...]:
    return records.store.matching(records.registry.resource(FIRST), folder_id=folder_id)


def _below(records: Records, folder_id: int) -> tuple[int, ...]:
    return records.store.matching(records.registry.resource(FOLDERS), parentid=folder_id)


def _removed(draft: Draft) -> None:
    """Let what is in a removed folder go where the profile says."""
    records, folder_id = draft.records, draft.record["Id"]
    scripts, below = _scripts(records, folder_id), _below(records, folder_id)
    left = quirks_of(records).folder_contents
    if left == "refused" and (scripts or below):
        raise Conflict(f"ScriptFolder {folder_id} is not empty and cannot be deleted")
    above = draft.record.get("ParentId") or 0
    for each in below:
        if left == "along":
            records.delete(draft.resource, each, draft.author)
        else:
            records.change(draft.resource, each, {"ParentId": above}, draft.author)
    for each in scripts:
        if left == "along":
            records.delete(records.registry.resource(FIRST), each, draft.author)
        else:
            _put(records, each, above)


SCRIPT_FOLDERS = Declared(
    "ScriptFolders",
    "LabTech.Models.ScriptFolder",
    "Id",
    (),
    changes={"Name": {"required": True}, "ParentId": {"kind": Kind.INTEGER}},
    rules=Rules(check=_check, written=_written, deleted=_removed, guarded=False),
)
