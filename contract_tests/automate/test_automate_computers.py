"""Computers: moved, never created, deleted with what is theirs."""

import pytest


def location_of(caller, client_id, name="Annex"):
    made = caller.post("/Locations", json={"Name": name, "ClientID": client_id})
    assert made.status_code == 201, made.text
    return made.json["LocationID"]


@pytest.mark.documented("C22: PATCH /Computers/{id} {ClientID, LocationID} moves a computer")
def test_a_patch_moves_a_computer_with_its_monitors_and_counts(automate):
    home, away = automate.get("/Clients/100").json, automate.get("/Clients/17").json
    location = location_of(automate, 17)

    answer = automate.patch("/Computers/97", json={"ClientID": 17, "LocationID": location})

    assert answer.status_code == 200
    assert answer.json["Client"] == {"Id": 17, "Name": away["Name"]}
    assert answer.json["Location"] == {"Id": location, "Name": "Annex"}
    counts = [automate.get(f"/Clients/{n}").json["ComputerCount"] for n in (100, 17)]
    assert counts == [home["ComputerCount"] - 1, away["ComputerCount"] + 1]
    assert automate.get(f"/Locations/{location}").json["ComputerCount"] == 1
    for path in ("Monitors", "Alerts"):
        rows = automate.get(f"/{path}?condition=ComputerID=97").json
        assert {row["ClientID"] for row in rows} <= {17}


@pytest.mark.assumed("a location belongs to one client; the client follows it")
def test_the_client_of_a_computer_follows_its_location(automate):
    location = location_of(automate, 17)

    assert automate.patch("/Computers/97", json={"LocationID": location}).json["ClientID"] == 17
    refused = automate.patch("/Computers/97", json={"ClientID": 100})

    assert refused.status_code == 400
    text = f"Location {location} does not belong to client 100."
    assert refused.json["error"]["message"] == text
    assert refused.json["error"]["details"]["field"] == "LocationID"


@pytest.mark.assumed("a computer is always somewhere")
@pytest.mark.parametrize("sent", [{"ClientID": None}, {"LocationID": None}, {"LocationID": 99999}])
def test_a_computer_is_always_somewhere(automate, sent):
    before = automate.get("/Computers/97").json

    answer = automate.patch("/Computers/97", json=sent)

    assert answer.status_code == 400
    assert list(answer.json["error"]["details"]["errors"]) == list(sent)
    assert automate.get("/Computers/97").json == before


@pytest.mark.observed("automate facts 69: agents appear by installing; deleting works live")
def test_computers_are_not_created_but_deleted(automate, automate_observed):
    for caller in (automate, automate_observed):
        made = caller.post("/Computers", json={"Name": "x"})
        assert (made.status_code, made.headers["Allow"]) == (405, "GET, HEAD")
    before = automate.get("/Clients/100").json["ComputerCount"]

    gone = automate.delete("/Computers/97")

    assert (gone.status_code, gone.data) == (204, b"")
    assert automate.get("/Computers/97").status_code == 404
    assert automate.delete("/Computers/97").status_code == 404
    assert automate.get("/Alerts?condition=ComputerID=97").json == []
    assert automate.get("/Clients/100").json["ComputerCount"] == before - 1


@pytest.mark.assumed("the shipped world counts right")
def test_the_counts_of_the_world_are_true(automate):
    computers = automate.get("/Computers?pageSize=1000").json
    locations = automate.get("/Locations?pageSize=1000").json

    for row in automate.get("/Clients?pageSize=1000").json:
        own = [c for c in computers if c["ClientID"] == row["ClientID"]]
        sites = [one for one in locations if one["ClientID"] == row["ClientID"]]
        assert (row["ComputerCount"], row["LocationCount"]) == (len(own), len(sites))


@pytest.mark.documented("seed family (automate facts 10.3): drives and software of a computer")
def test_drives_and_software_have_the_seed_familys_members(automate):
    drive = automate.get("/Computers/98/Drives").json[0]
    software = automate.get("/Computers/98/Software").json

    assert list(drive) == [
        *("DriveID", "Letter", "Type", "FileSystem", "TotalSize", "FreeSpace", "PercentFree"),
    ]
    assert (drive["Letter"], drive["Type"]) == ("C:", "Fixed")
    assert drive["PercentFree"] == automate.get("/Computers/98").json["DiskFreePercent"]
    assert drive["FreeSpace"] == drive["TotalSize"] * drive["PercentFree"] // 100
    names = ("SoftwareID", "Name", "Publisher", "Version", "InstallDate")
    assert {tuple(row) for row in software} == {names}
    full = automate.get("/Computers/Drives?condition=PercentFree < 10 and Letter = 'C:'").json
    assert full
    assert all(row["PercentFree"] < 10 for row in full)


@pytest.mark.observed("automate facts 10.3: ComputerDrive, ComputerSoftware")
def test_the_vendor_has_other_members_of_drives_and_software(automate_observed):
    drive = automate_observed.get("/Computers/98/Drives").json[0]
    software = automate_observed.get("/Computers/98/Software").json[0]

    assert {"DriveId", "ComputerId", "Letter", "Size", "FreeSpace", "SmartStatus"} <= drive.keys()
    assert drive.keys().isdisjoint({"Type", "PercentFree", "TotalSize"})
    assert {"ApplicationId", "DateInstalled", "ClientId", "ComputerName"} <= software.keys()
    assert "Publisher" not in software


@pytest.mark.assumed(
    "automate facts 10.1: the lists are known; that every computer has them is ours"
)
@pytest.mark.parametrize("word", ["Drives", "Software", "Chassis", "MemorySlots"])
def test_every_computer_has_an_inventory(automate_observed, word):
    computers = automate_observed.get("/Computers?pageSize=-1").json
    rows = automate_observed.get(f"/Computers/{word}?pageSize=-1").json

    assert {row["ComputerId"] for row in rows} == {int(each["Id"]) for each in computers}


@pytest.mark.assumed("vendor description: one object each, here told from what the agent reports")
def test_the_system_of_a_computer_is_what_its_row_says(automate_observed):
    for computer_id, product in ((97, 2), (98, 1)):
        computer = automate_observed.get(f"/Computers/{computer_id}").json
        system = automate_observed.get(f"/Computers/{computer_id}/OperatingSystem").json
        bios = automate_observed.get(f"/Computers/{computer_id}/bios").json
        policy = automate_observed.get(f"/Computers/{computer_id}/EffectivePatchingPolicy").json
        stats = automate_observed.get(f"/Computers/{computer_id}/PatchingStats").json

        assert system["Name"] == computer["OperatingSystemName"]
        assert system["Version"] == computer["OperatingSystemVersion"]
        assert (system["ProductType"], system["MajorVersion"]) == (product, 10)
        assert bios["Vendor"] == computer["BiosManufacturer"]
        assert policy["MicrosoftUpdatePolicyName"].startswith(computer["Type"])
        assert stats["NoPatchInventory"] is False
    for word in ("OperatingSystem", "bios", "EffectivePatchingPolicy"):
        assert automate_observed.get(f"/Computers/99999/{word}").status_code == 404


@pytest.mark.observed("automate facts 10.1: RemoteAgent/Installers, a token; a URL string")
def test_agents_are_fetched_and_reached(automate_observed):
    caller = automate_observed
    wanted = {"LocationId": 1, "InstallerType": 1}

    tokens = {caller.post("/RemoteAgent/Installers", json=wanted).json for _ in range(2)}
    url = caller.get("/extensionactions/control/97")

    assert len(tokens) == 2
    assert all(isinstance(each, str) and each for each in tokens)
    for bad in ({}, {"LocationId": 99_999}, {**wanted, "InstallerType": "x"}):
        assert caller.post("/RemoteAgent/Installers", json=bad).status_code == 400
    assert (url.status_code, url.json[:8]) == (200, "https://")
    assert caller.get("/extensionactions/control/99999").status_code == 404


@pytest.mark.live
@pytest.mark.assumed("automate facts 69: what is retired is no computer any more")
def test_retired_assets_are_no_computers(automate_observed):
    retired = automate_observed.get("/RetiredAssets?pageSize=-1").json

    gone = ",".join(row["ComputerId"] for row in retired)
    assert automate_observed.get(f"/Computers?ids={gone}").json == []


@pytest.mark.observed("automate facts 10.1: /Scripts/{id}/References")
def test_a_script_knows_how_often_it_is_scheduled(automate_observed):
    before = automate_observed.get("/Scripts/6/References").json["ScheduleCount"]
    body = {"EntityType": 1, "EntityIds": [97], "ScriptId": 6, "StartDate": "2999-01-01"}

    automate_observed.post("/Batch/ScriptSchedule", json=body)

    assert automate_observed.get("/Scripts/6/References").json["ScheduleCount"] == before + 1
    assert automate_observed.get("/Scripts/99999/References").status_code == 404
