"""The observed condition language: what the clients of automate facts section 4 build."""

from urllib.parse import quote

import pytest

INVALID = "Invalid filter syntax in condition parameter"


def rows(caller, path, condition):
    answer = caller.get(f"/{path}?pageSize=1000&condition={quote(condition)}")
    assert answer.status_code == 200, answer.text
    return answer.json


WIRE = [
    ("Client.Name like '%ACME%'", lambda r: "acme" in r["Client"]["Name"].casefold()),
    ("Location.Name like 'Main'", lambda r: r["Location"]["Name"] == "Main"),
    ("Client.Id = 100", lambda r: r["Client"]["Id"] == "100"),
    ("Client.Id=100", lambda r: r["Client"]["Id"] == "100"),
    ("client.id eq '100'", lambda r: r["Client"]["Id"] == "100"),
    ("Client/Id=100", lambda r: r["Client"]["Id"] == "100"),
    ("Client.Id IN (100)", lambda r: r["Client"]["Id"] == "100"),
    ("Location.Id = 1", lambda r: r["Location"]["Id"] == 1),
    ("id in('97','98')", lambda r: r["Id"] in {"97", "98"}),
    ("(id >= 97 and id <= 99)", lambda r: 97 <= int(r["Id"]) <= 99),
    ("ComputerName like 'acme%'", lambda r: r["ComputerName"].startswith("ACME")),
    ("computername contains 'dc'", lambda r: "DC" in r["ComputerName"]),
    ("(ComputerName contains('DC'))", lambda r: "DC" in r["ComputerName"]),
    ("ComputerName not contains 'DC'", lambda r: "DC" not in r["ComputerName"]),
    ("ComputerName not in ('ACME-DC01')", lambda r: r["ComputerName"] != "ACME-DC01"),
    ("OpenPortsTCP contains 3389", lambda r: 3389 in r["OpenPortsTCP"]),
    ("OpenPortsUDP contains '53'", lambda r: 53 in r["OpenPortsUDP"]),
    ("UserAccounts Contains 'jrogers'", lambda r: "jrogers" in r["UserAccounts"]),
    (
        "LoggedInUsers.LoggedInUserName like '%jrogers'",
        lambda r: any(u["LoggedInUserName"].endswith("jrogers") for u in r["LoggedInUsers"]),
    ),
    ("RemoteAgentVersion <= '230.342'", lambda r: r["RemoteAgentVersion"] <= "230.342"),
    ("OperatingSystemName not like '%Server%'", lambda r: "Server" not in r["OperatingSystemName"]),
    ("operatingSystemName like '%server%'", lambda r: "Server" in r["OperatingSystemName"]),
    ("DomainName like 'acme.%'", lambda r: r["DomainName"].startswith("acme.")),
    ("LocalIPAddress = '10.0.1.20'", lambda r: r["LocalIPAddress"] == "10.0.1.20"),
    ("GatewayIPAddress = '10.0.1.1'", lambda r: r["GatewayIPAddress"] == "10.0.1.1"),
    ("MacAddress like 'F1:EA:%'", lambda r: r["MACAddress"].startswith("F1:EA:")),
    ("IsMaster = True", lambda r: r["IsMaster"]),
    ("IsNetworkProbe = true", lambda r: r["IsNetworkProbe"]),
    ("IsMaintenanceModeEnabled = False", lambda r: not r["IsMaintenanceModeEnabled"]),
    ("IsRebootNeeded = True", lambda r: r["IsRebootNeeded"]),
    ("IsVirtualMachine = True", lambda r: r["IsVirtualMachine"]),
    ("Status = 'Online'", lambda r: r["Status"] == "Online"),
    ("Type != 'Server'", lambda r: r["Type"] == "Workstation"),
    ("UserIdleTime >= 60", lambda r: r["UserIdleTime"] >= 60),
    ("SystemUptime >= 1440", lambda r: r["SystemUptime"] >= 1440),
    ("AssetTag like '%1001'", lambda r: r["AssetTag"].endswith("1001")),
    ("VirusScanner.Name like 'Webroot%'", lambda r: r["VirusScanner"]["Name"][:7] == "Webroot"),
    ("SerialNumber like 'N3Q7%'", lambda r: r["SerialNumber"].startswith("N3Q7")),
    ("BiosManufacturer like 'HP%'", lambda r: r["BiosManufacturer"].startswith("HP")),
    ("BiosFlash like '1.%'", lambda r: r["BiosFlash"].startswith("1.")),
    (
        "RemoteAgentLastContact >= 2020-01-01T00:00:00",
        lambda r: r["RemoteAgentLastContact"] >= "2020-01-01T00:00:00",
    ),
    (
        "WindowsUpdateDate <= 2099-12-18T00:50:19.575Z and Status = 'online'",
        lambda r: r["Status"] == "Online",
    ),
    ("AntiVirusDefinitionDate >= 2020-01-01", lambda r: r["AntivirusDefinitionDate"]),
    (
        "Status = 'Offline' or Status = 'Online' and Client.Id = 100",
        lambda r: r["Status"] == "Offline" or (r["Status"], r["Client"]["Id"]) == ("Online", "100"),
    ),
]


@pytest.mark.observed("automate facts section 4: what the clients build")
@pytest.mark.parametrize(("condition", "holds"), WIRE)
def test_the_clients_conditions_find_exactly_what_they_say(automate_observed, condition, holds):
    everything = automate_observed.get("/Computers?pageSize=-1").json

    found = rows(automate_observed, "Computers", condition)

    assert found == [row for row in everything if holds(row)]
    assert found


@pytest.mark.live
@pytest.mark.observed("automate facts 52: a quote is doubled")
def test_a_quote_in_a_text_is_doubled(automate_observed):
    made = automate_observed.post("/Clients", json={"Name": "O'Brien & Sons 100%"}).json

    assert rows(automate_observed, "Clients", "Name = 'O''Brien & Sons 100%'") == [made]
    assert rows(automate_observed, "Clients", 'Name like "O\'Brien%"') == [made]


@pytest.mark.live
@pytest.mark.observed("automate facts 50: a quoted date is a 500")
@pytest.mark.parametrize("value", ["'2024-02-14'", '"2024-02-14T00:00:00Z"'])
def test_a_quoted_date_breaks_the_observed_server(automate_observed, value):
    condition = f"RemoteAgentLastContact >= {value}"
    answer = automate_observed.get("/Computers", params={"condition": condition})

    assert (answer.status_code, answer.json) == (500, {"Message": "An error has occurred."})


@pytest.mark.live
@pytest.mark.observed("automate facts 48: Computers have Client.Id")
def test_client_id_is_no_field_of_computers(automate_observed):
    answer = automate_observed.get("/Computers?condition=ClientId=5")

    assert answer.status_code == 400
    assert answer.json == {"Message": "Invalid field 'ClientId' in condition"}


@pytest.mark.live
@pytest.mark.observed("automate facts 10.3: the seed's names are no REST names")
@pytest.mark.parametrize("name", ["ComputerID", "Name", "OS", "LastContact", "ExternalIP", "MAC"])
def test_the_seeds_names_are_unknown_to_the_observed_server(automate_observed, name):
    answer = automate_observed.get("/Computers", params={"condition": f"{name} like '%'"})

    assert answer.json == {"Message": f"Invalid field '{name}' in condition"}


@pytest.mark.live
@pytest.mark.observed("automate facts 42: not in the vendor's help text")
@pytest.mark.parametrize(
    "condition",
    [
        "Status == 'Online'",
        "ComputerName startswith 'A'",
        "ComputerName endswith '1'",
        "not (Status = 'Offline')",
        "Status ne 'Offline'",
        "Status =",
        "(Status = 'Online'",
        "Status = 'Online",
    ],
)
def test_what_the_help_text_lacks_is_refused(automate_observed, condition):
    answer = automate_observed.get("/Computers", params={"condition": condition})

    assert (answer.status_code, answer.json) == (400, {"Message": INVALID})


OTHERS = [
    ("Monitors", "MonitorId = 1", lambda r: r["MonitorId"] == 1),
    (
        "Monitors",
        "TargetComputer.ComputerId = 97",
        lambda r: r["TargetComputer"]["ComputerId"] == 97,
    ),
    ("Alerts", "AlertDate >= 2026-01-01", lambda r: r["AlertDate"] >= "2026-01-01"),
    ("Alerts", "Severity.Id >= 3", lambda r: r["Severity"]["Id"] >= 3),
    ("Alerts", "Severity.Name = 'error'", lambda r: r["Severity"]["Name"] == "Error"),
    ("Alerts", "Severity.Name != 'Error'", lambda r: r["Severity"]["Name"] != "Error"),
    ("Alerts", "Severity.Name like '%i%'", lambda r: "i" in r["Severity"]["Name"].lower()),
    ("Alerts", "Severity.Name in ('Critical')", lambda r: r["Severity"]["Name"] == "Critical"),
    ("Alerts", "Computer.Id = 97", lambda r: r["Computer"]["Id"] == 97),
    ("Scripts", "Folder.Id = '1'", lambda r: r["Folder"]["Id"] == "1"),
    (
        "Scripts",
        "Parameters contains 'OlderThanDays'",
        lambda r: "OlderThanDays" in r["Parameters"],
    ),
    ("Locations", "LocationId = 1", lambda r: r["Id"] == 1),
    ("Groups", "ParentId = '1'", lambda r: r["ParentId"] == "1"),
    ("Groups", "SubGroups contains 4", lambda r: 4 in r["SubGroups"]),
]


@pytest.mark.observed("automate facts 10.3: the vendor's models")
@pytest.mark.parametrize(("path", "condition", "holds"), OTHERS)
def test_the_models_other_fields_are_found(automate_observed, path, condition, holds):
    everything = automate_observed.get(f"/{path}?pageSize=-1").json

    found = rows(automate_observed, path, condition)

    assert lasting(found) == lasting(row for row in everything if holds(row))
    assert found


def lasting(found):
    """Return rows without what grows older by itself."""
    return [{name: row[name] for name in row if name != "AlertAge"} for row in found]


@pytest.mark.assumed("severities outside the four of automate facts 10.3 are unknown")
@pytest.mark.parametrize(("level", "name"), [(9, "Critical"), (0, "Critical"), (2, "Warning")])
def test_a_severity_is_found_by_the_name_that_it_is_shown_with(make_tenant, level, name):
    tenant = make_tenant().unlimited()
    raised = tenant.automate().patch("/Alerts/1", json={"Severity": level})
    assert raised.status_code == 200, raised.text
    observed = tenant.automate("observed")

    assert observed.get("/Alerts/1").json["Severity"] == {"Id": level, "Name": name}
    for condition, found in ((f"Severity.Name = '{name}'", 1), (f"Severity.Name != '{name}'", 0)):
        assert len(rows(observed, "Alerts", f"AlertId = 1 and {condition}")) == found
    assert rows(observed, "Alerts", "Severity.Name = null") == []


@pytest.mark.live
@pytest.mark.assumed("a hostile condition is refused, never a 5xx; no source tells how")
@pytest.mark.parametrize(
    "condition",
    ["(" * 3_000 + "Id=1" + ")" * 3_000, "Id=1\0", "'" * 999, "Id in (" + "1," * 3_000 + "1)"],
)
def test_hostile_conditions_are_answered(automate, automate_observed, condition):
    for caller in (automate, automate_observed):
        answer = caller.get("/Computers", params={"condition": condition})

        assert answer.status_code in {200, 400}
        assert isinstance(answer.json, dict | list)
