"""Scripts: one behind the two generations of the API (automate facts 5 and 10.1)."""

from collections.abc import Mapping

from mockserver.automate.profile import profile_in
from mockserver.automate.resources.declared import Declared
from mockserver.automate.resources.twins import forget, mirror
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Record, Rules

FIRST, SECOND = "automate:Scripts", "automate:v2/Scripts"
SCHEDULES, FLAT = "automate:Scripting/ScriptSchedules", "automate:Computers/ScheduledScripts"
#: What the second generation calls the members of the first.
RENAMED: Mapping[str, str] = {
    "Name": "Name",
    "Comments": "Description",
    "AutomationTime": "AutomationMinutes",
}


def _written_first(draft: Draft) -> None:
    tell_second(draft.records, draft.record)


def tell_second(records: Records, record: Record) -> None:
    """Let the second generation show what the first has of a script."""
    shared = {new: record[old] for old, new in RENAMED.items() if old in record}
    if folder := record.get("Folder"):
        shared["Folder"] = {"ScriptFolderId": folder.get("Id"), "Name": folder.get("Name", "")}
    mirror(records, SECOND, record["Id"], shared, (*RENAMED.values(), "Folder"))


def _written_second(draft: Draft) -> None:
    records, record = draft.records, draft.record
    shared = {old: record[new] for old, new in RENAMED.items() if new in record}
    folder_id = (record.get("Folder") or {}).get("ScriptFolderId")
    if folder_id:
        shared |= place_of(records, folder_id)
    shared["UpdateDate"] = records.clock.text()
    mirror(records, FIRST, record["ScriptId"], shared, (*RENAMED, "Folder", "FullFolderPath"))


def place_of(records: Records, folder_id: int) -> Record:
    """Return the folder of a script as the first generation shows it, with its path.

    Nothing when there is no such folder.
    """
    folders = records.registry.resource("automate:ScriptFolders")
    folder = records.find(folders, folder_id)
    if folder is None:
        return {}
    shown = {name: folder[name] for name in ("Id", "ParentId", "Name", "GUID") if name in folder}
    names, above, seen = [folder["Name"]], folder.get("ParentId"), {folder_id}
    while above and above not in seen and (parent := records.find(folders, above)):
        names.insert(0, parent["Name"])
        seen.add(above)
        above = parent.get("ParentId")
    return {"Folder": shown, "FullFolderPath": "\\".join(names)}


def _removed(draft: Draft) -> None:
    """Let go what is planned with the script, and its other generation."""
    records, script_id = draft.records, draft.record[draft.resource.key]
    forget(SECOND if draft.resource.path == FIRST else FIRST, draft)
    if profile_in(records).schedules_outlive_scripts:
        return
    schedules = records.registry.resource(SCHEDULES)
    for schedule_id in records.store.matching(schedules, script_scriptid=script_id):
        records.store.delete(schedules, schedule_id)
        records.store.delete(records.registry.resource(FLAT), schedule_id)


SCRIPT_RULES = Rules(written=_written_first, deleted=_removed)
NEWER_SCRIPTS = Declared(
    "v2/Scripts",
    "Automate.Api.Domain.Contracts.Scripts.Script",
    "ScriptId",
    (),
    changes={"Name": {"required": True}},
    rules=Rules(written=_written_second, deleted=_removed),
)
