"""One record, two shapes: what is written through one dialect is seen through the other."""

from datetime import datetime

import pytest


def both(tenant):
    tenant.unlimited()
    return tenant.automate(), tenant.automate("observed")


def bare(instant):
    return None if instant is None else instant.removesuffix("Z")


#: documented name → how the observed record tells it (automate facts 10.3).
TABLES = {
    "Computers": {
        "ComputerID": lambda r: int(r["Id"]),
        "Name": lambda r: r["ComputerName"],
        "FriendlyName": lambda r: r["FriendlyName"],
        "ClientID": lambda r: int(r["Client"]["Id"]),
        "LocationID": lambda r: r["Location"]["Id"],
        "Status": lambda r: r["Status"],
        "Type": lambda r: r["Type"],
        "Uptime": lambda r: r["SystemUptime"] * 60,
        "OS": lambda r: r["OperatingSystemName"],
        "OSVersion": lambda r: r["OperatingSystemVersion"],
        "IPAddress": lambda r: r["LocalIPAddress"],
        "DefaultGateway": lambda r: r["GatewayIPAddress"],
        "MAC": lambda r: r["MACAddress"],
        "SerialNumber": lambda r: r["SerialNumber"],
        "TotalMemory": lambda r: r["TotalMemory"],
        "AgentVersion": lambda r: r["RemoteAgentVersion"],
        "RemoteAgentVersion": lambda r: r["RemoteAgentVersion"],
    },
    "Clients": {
        "ClientID": lambda r: int(r["Id"]),
        "Name": lambda r: r["Name"],
        "ExternalID": lambda r: r["ExternalId"],
        "Address1": lambda r: r["Address1"],
        "Address2": lambda r: r["Address2"],
        "City": lambda r: r["City"],
        "State": lambda r: r["State"],
        "Zip": lambda r: r["ZipCode"],
        "Country": lambda r: r["Country"],
        "Phone": lambda r: r["PhoneNumber"],
        "Fax": lambda r: r["FaxNumber"],
        "Comment": lambda r: r["Comment"],
    },
    "Locations": {
        "LocationID": lambda r: r["Id"],
        "ClientID": lambda r: int(r["Client"]["Id"]),
        "Name": lambda r: r["Name"],
        "Address1": lambda r: r["Address1"],
        "City": lambda r: r["City"],
        "State": lambda r: r["State"],
        "Zip": lambda r: r["ZipCode"],
        "Country": lambda r: r["Country"],
        "Phone": lambda r: r["PhoneNumber"],
        "Router": lambda r: r["ScriptRouterAddress"],
        "Comment": lambda r: r["Comments"],
    },
    "Scripts": {
        "ScriptID": lambda r: int(r["Id"]),
        "ScriptGUID": lambda r: r["GUID"],
        "Name": lambda r: r["Name"],
        "FolderID": lambda r: int(r["Folder"]["Id"]),
        "FolderPath": lambda r: r["FullFolderPath"],
        "ScriptVersion": lambda r: r["Version"],
        "Description": lambda r: r["Comments"],
        "ModifiedBy": lambda r: r["UpdatedBy"],
    },
    "Alerts": {
        "AlertID": lambda r: r["AlertId"],
        "ComputerID": lambda r: r["Computer"]["Id"],
        "ComputerName": lambda r: r["Computer"]["Name"],
        "ClientID": lambda r: r["Client"]["Id"],
        "ClientName": lambda r: r["Client"]["Name"],
        "LocationID": lambda r: r["Location"]["Id"],
        "Source": lambda r: r["Source"],
        "Message": lambda r: r["Message"],
        "Severity": lambda r: r["Severity"]["Id"],
    },
    "Monitors": {"MonitorID": lambda r: r["MonitorId"], "Name": lambda r: r["Name"]},
    "Groups": {
        "GroupID": lambda r: int(r["Id"]),
        "ParentID": lambda r: int(r["ParentId"]),
        "Name": lambda r: r["Name"],
        "FullPath": lambda r: r["FullName"],
    },
}
INSTANTS = {
    "Computers": {"LastContact": "RemoteAgentLastContact", "DateAdded": "DateAdded"},
    "Scripts": {"DateModified": "UpdateDate"},
    "Alerts": {"TimeGenerated": "AlertDate"},
}


@pytest.mark.observed("automate facts 10.3 and 90: the tables of both models, row by row")
@pytest.mark.parametrize("path", list(TABLES))
def test_both_dialects_show_the_same_record(tenant, path):
    documented, observed = both(tenant)
    wire = observed.get(f"/{path}?pageSize=40").json

    for shown, twin in zip(documented.get(f"/{path}?pageSize=40").json, wire, strict=True):
        table = TABLES[path]
        assert {n: shown[n] for n in table} == {n: find(twin) for n, find in table.items()}
        for name, other in INSTANTS.get(path, {}).items():
            assert shown[name].endswith("Z")
            assert bare(shown[name]) == twin[other]


@pytest.mark.documented("automate facts 10.3: the seed's model of a computer")
def test_a_documented_computer_has_the_seeds_members(automate):
    row = automate.get("/Computers/97").json

    assert row["Client"] == {"Id": 100, "Name": "ACME Manufacturing"}
    assert row["Location"] == {"Id": row["LocationID"], "Name": "Main"}
    wanted = {"ComputerGUID", "ExternalIP", "OSType", "Manufacturer", "Model", "ProcessorName"}
    wanted |= {"ProcessorCount", "LastInventory", "LastPatched", "DateAdded", "ExtraData"}
    assert wanted <= row.keys()
    assert not {"Id", "ComputerName", "OperatingSystemName", "OpenPortsTCP"} & row.keys()


@pytest.mark.observed("automate facts 90 and 92: ids as texts, instants without zone or fraction")
def test_an_observed_computer_has_the_vendors_members(automate_observed):
    row = automate_observed.get("/Computers/97").json

    assert (row["Id"], row["Client"]) == ("97", {"Id": "100", "Name": "ACME Manufacturing"})
    assert row["Location"] == {"Id": 1, "Name": "Main"}
    assert row["VirusScanner"]["Id"].isdigit()
    assert all(isinstance(port, int) for port in row["OpenPortsTCP"])
    assert not {"ComputerID", "ExternalIP", "DiskFreePercent", "ExtraData"} & row.keys()
    for name in ("RemoteAgentLastContact", "LastHeartbeat", "DateAdded", "AssetDate"):
        assert datetime.strptime(row[name], "%Y-%m-%dT%H:%M:%S")  # noqa: DTZ007 - there is no zone
    assert None not in row.values()


@pytest.mark.observed(
    "automate facts 90: Alert and its nested ids are numbers, a group's are texts"
)
def test_observed_ids_are_of_the_models_types(automate_observed):
    alert = automate_observed.get("/Alerts?pageSize=1").json[0]
    group = automate_observed.get("/Groups/2").json
    script = automate_observed.get("/Scripts/1").json
    location = automate_observed.get("/Locations/1").json

    assert {type(alert[n]["Id"]) for n in ("Client", "Computer", "Location")} == {int}
    assert type(alert["AlertId"]) is int
    assert "Status" not in alert
    assert (group["Id"], group["ParentId"], group["SubGroups"]) == ("2", "1", [4, 5])
    assert (script["Id"], script["Folder"]["Id"]) == ("1", "1")
    assert script["Parameters"] == ["OlderThanDays"]
    assert (location["Id"], location["LocationId"], location["Client"]["Id"]) == (1, 1, "100")


@pytest.mark.live
@pytest.mark.observed("automate facts C19 and section 12: both views over one store")
def test_what_one_dialect_writes_the_other_sees(tenant):
    documented, observed = both(tenant)
    made = documented.post(
        "/Clients", json={"Name": "Two Faces", "Zip": "33602", "ExternalID": "X-1", "Fax": "1"}
    )
    key = made.json["ClientID"]
    changed = observed.patch(
        f"/Clients/{key}", json=[{"op": "replace", "path": "/ZipCode", "value": "10001"}]
    )

    assert made.status_code == 201
    wanted = {"Id": str(key), "Name": "Two Faces", "ZipCode": "10001", "ExternalId": "X-1"}
    assert changed.json.items() >= wanted.items()
    assert documented.get(f"/Clients/{key}").json == {**made.json, "Zip": "10001"}


@pytest.mark.live
@pytest.mark.observed("automate facts section 12: one record behind both")
def test_what_the_observed_dialect_creates_the_documented_one_sees(tenant):
    documented, observed = both(tenant)
    client = observed.post("/Clients", json={"Name": "Wire", "ZipCode": "1"}).json
    location = observed.post(
        "/Locations", json={"Name": "Attic", "Client": {"Id": client["Id"]}, "Comments": "c"}
    )

    assert location.status_code == 200
    assert location.json["Client"] == {"Id": client["Id"], "Name": "Wire"}
    twin = documented.get(f"/Locations/{location.json['Id']}").json
    assert (twin["ClientID"], twin["Comment"]) == (int(client["Id"]), "c")
    assert documented.get(f"/Clients/{client['Id']}").json["LocationCount"] == 1


@pytest.mark.assumed("a computer shows its client's name; no source tells what a rename does")
def test_a_renamed_client_is_renamed_in_its_computers(tenant):
    documented, observed = both(tenant)
    before = documented.get("/Computers?condition=ClientID=100&pageSize=1000").json

    documented.patch("/Clients/100", json={"Name": "Ajax Works"})

    query = {"condition": "Client.Name = 'Ajax Works'", "pageSize": "1000"}
    shown = documented.get("/Computers", params=query).json
    wire = observed.get("/Computers", params=query).json
    assert shown == [{**row, "Client": {"Id": 100, "Name": "Ajax Works"}} for row in before]
    assert {row["Client"]["Name"] for row in wire} == {"Ajax Works"}
    assert observed.get("/Computers?condition=Client.Name like 'ACME%25'").json == []
    names = {r["ClientName"] for r in documented.get("/Alerts?condition=ClientID=100").json}
    assert names == {"Ajax Works"}


@pytest.mark.documented("interface section 5: tokens carry their dialect, whatever the profile")
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_the_login_decides_the_dialect_whatever_the_tenants_profile(make_tenant, profile):
    documented, observed = both(make_tenant(profile))

    assert documented.get("/Clients/100").json["ClientID"] == 100
    assert observed.get("/Clients/100").json["Id"] == "100"
    assert "X-Total-Count" in documented.get("/Clients").headers
    assert "X-Total-Count" not in observed.get("/Clients").headers
    assert documented.post("/Clients", json={"Name": "a"}).status_code == 201
    assert observed.post("/Clients", json={"Name": "b"}).status_code == 200
    for path in ("/Clients/999999", "/Nope", "/Clients?condition=x", "/Clients?pageSize=x"):
        assert documented.get(path).json.keys() == {"error"}
        assert observed.get(path).json.keys() == {"Message"}
