"""Patches of a computer: how it stands, and the actions that change that on the world's clock.

Sources: automate facts 64, 89 and 93. What the vendor counts in ``PatchingStats`` and lists in
``MicrosoftUpdates``, the seed family shows as one object, ``/Patches``.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mockserver.automate.computed import listed, told
from mockserver.automate.life.places import (
    COMPUTERS,
    added,
    at,
    folded,
    found,
    got,
    kept,
    matching,
    reachable,
    refused,
    whole,
)
from mockserver.automate.life.targets import computers, entity, entity_type
from mockserver.automate.profile import AutomateProfile, profile_of
from mockserver.core.agenda import Moment, printed
from mockserver.core.errors import Fault, Flaw, RecordNotFound
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.means import resource_of

THIRD_PARTY = "Computers/ThirdPartyPatches"
UPDATES, HISTORY = "Computers/MicrosoftUpdates", "PatchHistory"
KIND = "patch job"
INSTALLED, MISSING, PENDING, FAILED = "Installed", "Missing", "Pending", "Failed"
SECURITY = "Security Updates"
STAGES: Mapping[str, str] = {
    "SetToTestStage": "Test",
    "SetToPilotStage": "Pilot",
    "SetToProductionStage": "Production",
}
STAGE = "PatchStage"
Chosen = Callable[[Record], bool]


def _approved(row: Record) -> bool:
    return row.get("InstallState") == MISSING and _named(row.get("PolicyApproval")) == "Approved"


def _security(row: Record) -> bool:
    return row.get("InstallState") == MISSING and row.get("Category") == SECURITY


def _failed(row: Record) -> bool:
    return row.get("InstallState") == FAILED


#: Which updates an action installs.
ACTIONS: Mapping[str, Chosen] = {
    "DeployAllApproved": _approved,
    "DeployAllSecurity": _security,
    "ReattemptFailed": _failed,
}


def _named(value: Any) -> str | None:
    return value.get("Name") if isinstance(value, dict) else None


# -- requests --------------------------------------------------------------------------------------


def act(word: str, exchange: Exchange) -> Answer:
    """Begin a patch job on what the body names, or set its stage; 204 (64)."""
    given, records = folded(exchange.json_object()), exchange.records
    kind = entity_type(UPDATES, "EntityType", given.get("entitytype"))
    entity_id = whole(given.get("entityid"))
    if entity_id is None:
        flaw = Flaw.MISSING if given.get("entityid") is None else Flaw.WRONG_TYPE
        raise refused(UPDATES, Fault(flaw, "EntityId", None, None))
    if entity(records, kind, entity_id) is None:
        raise RecordNotFound(f"automate:{kind}s", entity_id)
    agenda, profile = exchange.tenant.agendas["automate"], exchange.profile
    assert isinstance(profile, AutomateProfile)
    with records.store.transaction():
        for computer in computers(records, kind, entity_id, deep=True):
            if word in STAGES:
                kept(records, COMPUTERS, computer, **{STAGE: STAGES[word]})
            else:
                due_s = records.clock.timestamp() + profile.patch_run_s
                agenda.add(due_s, KIND, computer["Id"], {"Action": word})
    return Answer(204)


def stats(exchange: Exchange) -> Answer:
    """Answer how a computer stands, in the vendor's one object (93)."""
    computer = got(exchange.records, COMPUTERS, int(exchange.ids[0]))
    profile = profile_of(exchange.caller)
    counts = _counts(_updates(exchange.records, computer["Id"]))
    if profile.third_party_counted:
        counts += _counts(matching(exchange.records, THIRD_PARTY, parent_id=computer["Id"]))
    total = sum(counts.values())
    share = counts[INSTALLED] / total if total else 1.0
    patched = (computer.get("LastPatched") or computer.get("WindowsUpdateDate") or "").rstrip("Z")
    row = {
        "ComputerId": computer["Id"],
        "OverallCompliance": round(share * profile.compliance_factor, 4),
        "InstalledPatchCount": counts[INSTALLED],
        "MissingPatchCount": counts[MISSING],
        "FailedPatchCount": counts[FAILED],
        "Stage": computer.get(STAGE, "Production"),
        "NoPatchInventory": not total,
        "PatchJobRunning": exchange.tenant.agendas["automate"].has(KIND, computer["Id"]),
        "IsMicrosoftManaged": computer.get("OSType", "Windows") == "Windows",
    }
    if patched:
        row |= {"LastPatchedDate": patched, "LastMicrosoftPatchedDate": patched}
    return told(exchange, row)


def jobs(exchange: Exchange) -> Answer:
    """Answer the patch jobs that are under way on a computer; what is over is in the history."""
    computer = got(exchange.records, COMPUTERS, int(exchange.ids[0]))
    rows = [
        {
            "JobId": event.id,
            "ComputerId": computer["Id"],
            "Action": event.facts["Action"],
            "Status": "Running",
            "EndDate": printed(event.due_s).removesuffix("Z"),
        }
        for event in exchange.tenant.agendas["automate"].planned(KIND, computer["Id"])
    ]
    return listed(exchange, resource_of(exchange), rows)


def patches(exchange: Exchange) -> Answer:
    """Answer the same in the seed family's object."""
    computer = got(exchange.records, COMPUTERS, int(exchange.ids[0]))
    rows = _updates(exchange.records, computer["Id"])
    counts = _counts(rows)
    shown = {name: counts[name] for name in (INSTALLED, MISSING, PENDING, FAILED)}
    return told(exchange, {**shown, "Patches": [_patch(row) for row in rows]})


def _patch(row: Record) -> Record:
    return {
        "KBID": f"KB{row.get('KnowledgeBaseId')}",
        "Title": row.get("Title"),
        "Status": row.get("InstallState"),
        "Severity": row.get("Severity"),
        "ReleaseDate": row.get("ReleaseDate"),
    }


def antivirus(exchange: Exchange) -> Answer:
    """Answer what scans a computer for viruses, in the seed family's object."""
    computer = got(exchange.records, COMPUTERS, int(exchange.ids[0]))
    dated, profile = computer.get("AntivirusDefinitionDate"), profile_of(exchange.caller)
    row = {
        "Product": _named(computer.get("VirusScanner")),
        "DefinitionVersion": (dated or "")[:10].replace("-", "."),
        "DefinitionDate": dated,
        "RealTimeProtection": computer.get("VirusScanner") is not None,
        "LastScan": computer.get("RemoteAgentLastInventory"),
        "ScanType": profile.scan_type,
        "ThreatsFound": profile.threats_found,
    }
    return told(exchange, row)


def _updates(records: Records, computer_id: int) -> list[Record]:
    return list(matching(records, UPDATES, parent_id=computer_id))


def _counts(rows: Iterable[Record]) -> Counter[str]:
    return Counter(str(row.get("InstallState")) for row in rows)


# -- happenings ------------------------------------------------------------------------------------


def step(moment: Moment) -> None:
    """Install what an action chose; a computer that is away is waited for."""
    records, profile = moment.records, moment.agenda.profile
    assert isinstance(profile, AutomateProfile)
    computer = found(records, COMPUTERS, moment.event.about)
    if computer is None:
        return
    if not reachable(computer):
        moment.again(profile.heartbeat_s, most=1)
        return
    chosen = ACTIONS[moment.event.facts["Action"]]
    rows = [row for row in _updates(records, computer["Id"]) if chosen(row)]
    for row in rows:
        _install(moment, computer, row)
    if rows:
        changes = dict.fromkeys(("LastPatched", "WindowsUpdateDate"), moment.text)
        kept(records, COMPUTERS, computer, **changes)


def _install(moment: Moment, computer: Record, row: Record) -> None:
    unlucky = moment.dice(row["MicrosoftUpdateId"]).random() < _chance(moment)
    state = FAILED if unlucky else INSTALLED
    flags = {"IsInstalled": not unlucky, "IsCompliant": not unlucky}
    flags |= {"IsNonCompliant": unlucky, "IsFailed": unlucky}
    date = None if unlucky else moment.text
    kept(moment.records, UPDATES, row, InstallState=state, InstallDate=date, **flags)
    client = computer["Client"]
    line = {
        "id": moment.records.store.next_id(at(moment.records, HISTORY)),
        "ActionDate": moment.text,
        "ComputerId": computer["Id"],
        "OperationCode": {"Name": "Installation"},
        "PatchHistoryClient": {"ClientId": client["Id"], "Name": client["Name"]},
        "PatchHistoryTitle": {"Title": row.get("Title")},
        "ResultCode": {"Name": "Failed" if unlucky else "Succeeded"},
        "UpdateId": str(row["MicrosoftUpdateId"]),
    }
    added(moment.records, HISTORY, line)


def _chance(moment: Moment) -> float:
    profile = moment.agenda.profile
    assert isinstance(profile, AutomateProfile)
    return profile.failure_chance
