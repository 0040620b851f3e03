"""What no source tells of computers, their patches and their agents is a switch of the profile."""

import pytest

DAY_S = 86_400
CALM = {"outage_chance": 0, "monitor_failure_chance": 0}


@pytest.fixture
def calm(still_with):
    """Return what makes a tenant whose computers stay where they are."""
    return lambda **quirks: still_with(**CALM, **quirks)


def statuses(caller):
    rows = caller.get("/Computers?pageSize=1000").json
    return {row["ComputerID"]: row["Status"] for row in rows}


@pytest.mark.assumed("the seed family names the statuses Degraded and Unknown only")
@pytest.mark.parametrize("lasting", [["Degraded", "Unknown"], []])
def test_computers_that_are_degraded_or_unknown(still_with, lasting):
    still = still_with(outage_chance=1, monitor_failure_chance=0, lasting_statuses=lasting)
    before = statuses(still.automate())

    still.advance(DAY_S)

    after = statuses(still.automate())
    vague = {each for each, status in before.items() if status in {"Degraded", "Unknown"}}
    ends = {(before[each], after[each]) for each in vague}
    assert vague
    if lasting:
        assert ends == {("Degraded", "Degraded"), ("Unknown", "Unknown")}
    else:
        assert {status for _, status in ends} & {"Online", "Offline"}


@pytest.mark.assumed("automate facts 5: the model of a computer's contact, not what changes it")
@pytest.mark.parametrize(
    ("quirks", "code", "stays"),
    [({}, 400, False), ({"contacts_checked": False, "contacts_stay": True}, 200, True)],
)
def test_the_contact_of_a_computer(calm, quirks, code, stays):
    caller = calm(**quirks).automate("observed")
    contact = caller.get("/Computers/98").json["Contact"]
    location = caller.get("/Locations?condition=Client.Id = 4&pageSize=1").json[0]["Id"]

    moved = {"Client": {"Id": 4}, "Location": {"Id": location}}
    assert caller.patch("/Computers/98", json=moved).status_code == 200
    shown = caller.get("/Computers/98").json.get("Contact")
    lost = caller.patch("/Computers/98", json={"Contact": {"Id": 99999}})

    assert shown == (contact if stays else None)
    assert lost.status_code == code
    if stays:
        assert caller.get("/Computers/98").json["Contact"]["Id"] == "99999"


@pytest.mark.assumed("automate facts 70 shows SendTo with locations and groups")
@pytest.mark.parametrize("where", ["first", "last", "none"])
def test_where_in_a_client_a_computer_is_sent(calm, where):
    caller = calm(sent_to_client=where).automate("observed")
    body = {"EntityType": 1, "EntityIds": [97], "TargetType": "Company", "TargetId": 29}
    before = caller.get("/Computers/97").json["Location"]["Id"]

    answer = caller.post("/Batch/Commands/SendTo", json=body)

    rows = caller.get("/Locations?condition=Client.Id = 29&pageSize=-1").json
    ids = sorted(int(row["Id"]) for row in rows)
    assert len(ids) > 1
    wanted = {"first": str(ids[0]), "last": str(ids[-1]), "none": str(before)}[where]
    assert str(caller.get("/Computers/97").json["Location"]["Id"]) == wanted
    assert answer.json["ContainsUnsuccessfulResults"] is (where == "none")


@pytest.mark.assumed("no source tells what RetireComment says")
@pytest.mark.parametrize(
    ("quirks", "comment"),
    [({}, "Deleted by integrator"), ({"retire_comment": "{x} {user}"}, "{x} integrator")],
)
def test_the_comment_on_a_deleted_computer(calm, quirks, comment):
    caller = calm(**quirks).automate("observed")
    assert caller.delete("/Computers/97").status_code == 204

    (row,) = caller.get("/RetiredAssets?condition=ComputerId = '97'").json

    assert row["RetireComment"].startswith(comment)


@pytest.mark.assumed("automate facts 10.1: a token, a URL string; nobody recorded one")
def test_what_agents_and_remote_control_are_reached_by(calm):
    usual = calm().automate("observed")
    other = calm(installer_answer="t-{uuid}-{x}", control_url="https://c.example/{guid}")
    other = other.automate("observed")
    wanted = {"LocationId": 1, "InstallerType": 1}

    tokens = [each.post("/RemoteAgent/Installers", json=wanted).json for each in (usual, other)]
    urls = [each.get("/extensionactions/control/97").json for each in (usual, other)]

    assert len(tokens[0]) == 36
    assert (tokens[1][:2], tokens[1][-4:], len(tokens[1])) == ("t-", "-{x}", 42)
    guid = urls[1].removeprefix("https://c.example/")
    assert len(guid) == 36
    assert urls[0] == f"https://control.example/Host#Access///{guid}/Join"


@pytest.mark.assumed("automate facts 10.1: what the vendor's References count is unrecorded")
@pytest.mark.parametrize("counted", [False, True])
def test_the_schedules_that_refer_to_a_script(calm, counted):
    caller = calm(flat_schedules_counted=counted).automate("observed")
    script_id = caller.get("/Computers/97/ScheduledScripts?pageSize=1").json[0]["ScriptId"]
    path = f"/Scripts/{script_id}/References"
    nested = f"/Scripting/ScriptSchedules?condition=Script.ScriptId = {script_id}&pageSize=-1"
    before = caller.get(path).json["ScheduleCount"]

    assert (before > len(caller.get(nested).json)) is counted
    caller.post("/Computers/97/ScheduledScripts", json={"ScriptId": script_id})
    assert caller.get(path).json["ScheduleCount"] == before + 1


@pytest.mark.assumed("nobody shows which of a computer's patching policies are in effect")
@pytest.mark.parametrize("first", [True, False])
def test_the_policies_set_for_one_computer(calm, first):
    caller = calm(overrides_first=first).automate("observed")
    own = caller.get("/Patching/Policies/Override?pageSize=1").json[0]
    one = own["ComputerId"]
    groups = caller.get(f"/Computers/{one}/ComputerPatchingPolicies").json[0]

    shown = caller.get(f"/Computers/{one}/EffectivePatchingPolicy").json

    names = [f"{name}PolicyName" for name in ("MicrosoftUpdate", "Reboot", "ThirdPartyUpdate")]
    mine = [own[name.removesuffix("Name")]["Name"] for name in names]
    theirs = [groups.get(name) for name in names]
    assert mine != theirs
    assert [shown.get(name) for name in names] == (mine if first else theirs)


@pytest.mark.assumed("automate facts 93: a number; nobody tells of what, and out of which patches")
def test_what_patching_statistics_count(calm):
    caller = calm().automate("observed")
    percent = calm(compliance_factor=100).automate("observed")
    both = calm(third_party_counted=True).automate("observed")
    path = "/Computers/97/PatchingStats"
    usual, shown, all_of_them = (each.get(path).json for each in (caller, percent, both))
    others = caller.get("/Computers/97/ThirdPartyPatches?pageSize=-1").json

    assert 0 < usual["OverallCompliance"] < 1
    assert shown["OverallCompliance"] == pytest.approx(100 * usual["OverallCompliance"], abs=0.01)
    installed = sum(row["InstallState"] == "Installed" for row in others)
    assert all_of_them["InstalledPatchCount"] == usual["InstalledPatchCount"] + installed
    assert installed
    assert shown == {**usual, "OverallCompliance": shown["OverallCompliance"]}


@pytest.mark.assumed("automate facts 89: the seed family shows one scan")
def test_what_a_scan_for_viruses_found(calm):
    answers = [
        calm(**quirks).automate().get("/Computers/97/Antivirus").json
        for quirks in ({}, {"scan_type": "Full", "threats_found": 3})
    ]

    assert [(each["ScanType"], each["ThreatsFound"]) for each in answers] == [
        ("Quick", 0),
        ("Full", 3),
    ]


@pytest.mark.assumed("how long the scripts go on that run when the world begins is ours")
@pytest.mark.parametrize(("quirks", "left"), [({}, False), ({"leftovers_s": DAY_S}, True)])
def test_the_scripts_that_run_when_the_world_begins(calm, quirks, left):
    still = calm(**quirks)
    caller = still.automate("observed")
    assert caller.get("/Scripting/RunningScripts").json

    still.advance(600)

    assert bool(caller.get("/Scripting/RunningScripts").json) is left


@pytest.mark.assumed("automate facts 85: agents are woken; how long that takes is ours")
@pytest.mark.parametrize(("quirks", "online"), [({}, True), ({"wake_s": DAY_S}, False)])
def test_how_long_a_computer_takes_to_wake(calm, quirks, online):
    still = calm(**quirks)
    caller, vendor = still.automate(), still.automate("observed")
    away = caller.get("/Computers?condition=Status = 'Offline'&pageSize=1").json[0]["ComputerID"]
    body = {"EntityType": 1, "EntityIds": [away], "ScriptId": 6}
    flags = {"OfflineActionFlags": {"WakesOfflineAgents": True}}
    assert vendor.post("/Batch/ScriptExecute", json={**body, **flags}).status_code == 200

    still.advance(120)

    status = caller.get(f"/Computers/{away}").json["Status"]
    assert status == ("Online" if online else "Offline")


@pytest.mark.assumed("how many computers come back in a day is ours")
@pytest.mark.parametrize(("chance", "some"), [(0, False), (1, True)])
def test_the_computers_that_come_back(still_with, chance, some):
    still = still_with(outage_chance=0.0001, monitor_failure_chance=0, return_chance=chance)
    before = statuses(still.automate())

    still.advance(DAY_S)

    after = statuses(still.automate())
    away = [each for each, status in before.items() if status == "Offline"]
    assert {after[each] for each in away} == {"Online" if some else "Offline"}
