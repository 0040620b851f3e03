"""Computers that are moved, grouped, patched, cleaned and retired."""

import pytest

APPROVED = {"EntityType": 1, "EntityId": 97}


def send(caller, **members):
    body = {"EntityType": 1, "EntityIds": [97], "TargetType": 2, "TargetId": 30, **members}
    return caller.post("/Batch/Commands/SendTo", json=body)


def groups_of(caller, computer_id=97):
    rows = caller.get(f"/GroupComputers?condition=ComputerId={computer_id}&pageSize=100").json
    return {row["GroupId"] for row in rows}


def states(caller):
    rows = caller.get("/Computers/97/MicrosoftUpdates").json
    return sorted(row["InstallState"] for row in rows)


@pytest.mark.observed("automate facts 70: SendTo with ids as texts; the answer")
def test_a_computer_is_moved_to_another_location(automate_observed):
    location = automate_observed.get("/Locations/30").json

    answer = send(automate_observed, EntityIds=["97"], TargetId="30")

    assert answer.json == {
        "SendToResults": [
            {"EntityId": 97, "ResultDetails": {"ResultStatus": 0, "ReasonCode": 0, "Message": ""}}
        ],
        "ContainsUnsuccessfulResults": False,
    }
    moved = automate_observed.get("/Computers/97").json
    assert moved["Location"]["Id"] == 30
    assert moved["Client"]["Id"] == location["Client"]["Id"]


@pytest.mark.assumed("automate facts 71 has clients among the targets; the first location takes it")
def test_a_computer_is_moved_to_another_client(automate_observed):
    answer = send(automate_observed, TargetType="Company", TargetId=17)

    assert answer.json["ContainsUnsuccessfulResults"] is False
    assert automate_observed.get("/Computers/97").json["Client"]["Id"] == "17"


@pytest.mark.observed("automate facts 70: 7 = group; Batch/Groups/RemoveEntities")
def test_a_computer_enters_and_leaves_a_group(automate_observed):
    made = automate_observed.post("/Groups", json={"Name": "Pilot"}).json["Id"]
    for _ in range(2):
        send(automate_observed, TargetType=7, TargetId=made)
    assert made in groups_of(automate_observed)

    body = {"EntityType": 1, "EntityIds": [97], "TargetId": made}
    answer = automate_observed.post("/Batch/Groups/RemoveEntities", json=body)

    assert answer.json["ContainsUnsuccessfulResults"] is False
    assert made not in groups_of(automate_observed)


@pytest.mark.observed("automate facts 70: ContainsUnsuccessfulResults is what clients test")
@pytest.mark.parametrize(
    "members",
    [{"EntityIds": [99999]}, {"TargetId": 99999}, {"TargetType": 6}, {"EntityType": "Contact"}],
)
def test_what_cannot_be_moved_is_told(automate_observed, members):
    before = automate_observed.get("/Computers/97").json

    answer = send(automate_observed, **members)

    assert answer.json["ContainsUnsuccessfulResults"] is True
    assert answer.json["SendToResults"][0]["ResultDetails"]["Message"]
    assert automate_observed.get("/Computers/97").json == before


@pytest.mark.observed("automate facts 69: a deleted computer is among the RetiredAssets")
@pytest.mark.parametrize("dialect", ["documented", "observed"])
def test_a_deleted_computer_is_retired(still, dialect):
    vendor = still.automate("observed")
    computer = vendor.get("/Computers/97").json

    assert still.automate(dialect).delete("/Computers/97").status_code == 204

    asset = vendor.get("/RetiredAssets?condition=ComputerId='97'").json[0]
    assert isinstance(asset["Id"], str)
    assert asset["ComputerName"] == computer["ComputerName"]
    assert asset["Client"] == computer["Client"]
    assert asset["AssetTag"] == computer["AssetTag"]
    assert vendor.get("/Computers/97/Software").status_code == 404


@pytest.mark.assumed("what a removed computer was told to do ends with it")
def test_what_waited_for_a_deleted_computer_ends(still):
    vendor, seeds = still.automate("observed"), still.automate()
    run_id = seeds.post("/Computers/97/Scripts/6/Execute", json={}).json["ExecutionID"]
    vendor.post("/Computers/97/CommandExecute", json={"Command": {"Id": 28}})
    vendor.post("/Computers/97/ScheduledScripts", json={"ScriptId": 6, "ScheduleType": 2})
    vendor.delete("/Computers/97")

    still.advance(1800)

    assert seeds.get(f"/Scripts/Executions/{run_id}").json["Status"] == "Cancelled"


@pytest.mark.observed("automate facts 93: PatchingStats counts what MicrosoftUpdates lists")
def test_the_stats_count_the_updates(automate_observed):
    stats = automate_observed.get("/Computers/97/PatchingStats").json

    found = states(automate_observed)
    counts = ("InstalledPatchCount", "MissingPatchCount", "FailedPatchCount")
    assert [stats[name] for name in counts] == [
        found.count(state) for state in ("Installed", "Missing", "Failed")
    ]
    assert stats["ComputerId"] == 97


@pytest.mark.observed("automate facts 64 and 10.1: PatchActions, {EntityType, EntityId} -> 204")
def test_a_patch_action_installs_what_is_missing(still):
    vendor = still.automate("observed")
    assert "Missing" in states(vendor)
    history = "/PatchHistory?condition=ComputerId=97&pageSize=100"
    before = len(vendor.get(history).json)

    answer = vendor.post("/PatchActions/DeployAllApproved", json=APPROVED)
    running = vendor.get("/Computers/97/PatchingStats").json["PatchJobRunning"]
    still.advance(900)

    assert answer.status_code == 204
    assert running is True
    assert "Missing" not in states(vendor)
    assert vendor.get("/Computers/97/PatchingStats").json["PatchJobRunning"] is False
    assert len(vendor.get(history).json) > before


@pytest.mark.observed("automate facts 10.1: the three stages")
@pytest.mark.parametrize("stage", ["Test", "Pilot", "Production"])
def test_a_computer_is_put_into_a_stage(automate_observed, stage):
    answer = automate_observed.post(f"/PatchActions/SetTo{stage}Stage", json=APPROVED)

    assert answer.status_code == 204
    assert automate_observed.get("/Computers/97/PatchingStats").json["Stage"] == stage


@pytest.mark.documented("seed 000: 400 and 404")
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"EntityType": 1}, 400),
        ({"EntityType": 1, "EntityId": "x"}, 400),
        ({"EntityType": 1, "EntityId": 99999}, 404),
    ],
)
def test_a_patch_action_needs_something_to_act_on(automate, body, status):
    assert automate.post("/PatchActions/ReattemptFailed", json=body).status_code == status


@pytest.mark.documented("seed family, automate facts 93: /Patches as one object")
def test_the_seeds_patches_are_the_same_updates(still):
    seeds, vendor = still.automate(), still.automate("observed")

    shown = seeds.get("/Computers/97/Patches").json

    assert sorted(row["Status"] for row in shown["Patches"]) == states(vendor)
    assert shown["Missing"] == states(vendor).count("Missing")
    assert set(shown["Patches"][0]) == {"KBID", "Title", "Status", "Severity", "ReleaseDate"}
    assert shown["Patches"][0]["KBID"].startswith("KB")
    assert vendor.get("/Computers/97/Patches").status_code == 404
    assert seeds.get("/Computers/99999/Patches").status_code == 404


@pytest.mark.documented("seed family, automate facts 89: /Antivirus as one object")
def test_the_seeds_antivirus_tells_the_scanner(still):
    seeds = still.automate()

    shown = seeds.get("/Computers/97/Antivirus").json

    computer = still.automate("observed").get("/Computers/97").json
    assert shown["Product"] == computer["VirusScanner"]["Name"]
    assert shown["DefinitionDate"].rstrip("Z") == computer["AntivirusDefinitionDate"]
    assert shown["RealTimeProtection"] is True


@pytest.mark.observed("automate facts 64: software uninstall and services classify -> 204")
def test_software_is_removed_and_a_service_classified(still):
    vendor = still.automate("observed")
    software = vendor.get("/Computers/97/Software").json
    service = vendor.get("/Computers/97/Services").json[0]["ComputerServiceId"]
    path = f"/Computers/97/Software/{software[0]['ApplicationId']}/uninstall"

    gone = vendor.post(path, json={"UninstallPath": "MsiExec.exe"})
    classed = vendor.post(f"/services/{service}/classify", json={"Id": 2, "Name": "Wanted"})
    still.advance(60)

    assert (gone.status_code, classed.status_code) == (204, 204)
    assert vendor.get("/Computers/97/Software").json == software[1:]
    row = vendor.get(f"/Computers/97/Services?ids={service}").json[0]
    assert row["Classification"] == {"Id": 2, "Name": "Wanted"}
    assert vendor.post(path, json={"UninstallPath": "x"}).status_code == 404


@pytest.mark.assumed("a computer in maintenance raises no alerts")
def test_maintenance_keeps_a_computer_quiet(still):
    caller = still.automate()
    for row in caller.get("/Computers?pageSize=1000").json:
        # Maintenance that the world began with would end at its own time.
        for flag in (False, True) if row["IsMaintenanceModeEnabled"] else (True,):
            path = f"/Computers/{row['ComputerID']}"
            caller.patch(path, json={"IsMaintenanceModeEnabled": flag})

    still.advance(2 * 86_400)

    assert still.automate().get("/Alerts?condition=AlertID > 330").json == []
