"""The documented condition language: every example of seeds 000 and 001."""

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest

INVALID = "Invalid filter syntax in condition parameter"


def rows(caller, path, condition):
    answer = caller.get(f"/{path}?pageSize=1000&condition={quote(condition)}")
    assert answer.status_code == 200, answer.text
    return answer.json


def now_of(tenant):
    return datetime.fromisoformat(tenant.admin("GET", "/clock").json["now"])


COMPUTERS = [
    ("Status = 'Online'", lambda r: r["Status"] == "Online"),
    ("Status != 'Offline'", lambda r: r["Status"] != "Offline"),
    ("ComputerID > 100", lambda r: r["ComputerID"] > 100),
    ("TotalMemory < 4096", lambda r: r["TotalMemory"] < 4096),
    ("DiskFreePercent <= 10", lambda r: r["DiskFreePercent"] <= 10),
    ("Name contains 'DC'", lambda r: "dc" in r["Name"].casefold()),
    ("Name startswith 'ACME'", lambda r: r["Name"].casefold().startswith("acme")),
    ("Name endswith '01'", lambda r: r["Name"].endswith("01")),
    ("Status in ('Online','Offline')", lambda r: r["Status"] in {"Online", "Offline"}),
    ("ClientID = 100", lambda r: r["ClientID"] == 100),
    (
        "Status = 'Online' and ClientID = 100",
        lambda r: (r["Status"], r["ClientID"]) == ("Online", 100),
    ),
    (
        "ClientID = 100 and Status = 'Online'",
        lambda r: (r["Status"], r["ClientID"]) == ("Online", 100),
    ),
    (
        "Status = 'Offline' or Status = 'Unknown'",
        lambda r: r["Status"] in {"Offline", "Unknown"},
    ),
    ("not (Status = 'Offline')", lambda r: r["Status"] != "Offline"),
    (
        "OS contains 'Server' and Status = 'Online'",
        lambda r: "server" in r["OS"].casefold() and r["Status"] == "Online",
    ),
    (
        "Status = 'Offline' and LastContact >= '2024-02-14'",
        lambda r: r["Status"] == "Offline" and r["LastContact"] >= "2024-02-14",
    ),
]


@pytest.mark.documented("seeds 000 and 001, 'Filter Operators' and 'Filter Examples'")
@pytest.mark.parametrize(("condition", "holds"), COMPUTERS)
def test_the_seeds_conditions_on_computers_find_exactly_what_they_say(automate, condition, holds):
    everything = automate.get("/Computers?pageSize=1000").json

    found = rows(automate, "Computers", condition)

    assert found == [row for row in everything if holds(row)]
    assert found


ALERTS = [
    ("Severity >= 3", lambda r: r["Severity"] >= 3),
    (
        "ClientID = 100 and Status in ('New','Active')",
        lambda r: r["ClientID"] == 100 and r["Status"] in {"New", "Active"},
    ),
    (
        "Severity >= 3 and Status in ('New','Active')",
        lambda r: r["Severity"] >= 3 and r["Status"] in {"New", "Active"},
    ),
]


@pytest.mark.documented("seeds 000 and 001, 'Filter Examples' and 'Get Critical Alerts'")
@pytest.mark.parametrize(("condition", "holds"), ALERTS)
def test_the_seeds_conditions_on_alerts_find_exactly_what_they_say(automate, condition, holds):
    everything = automate.get("/Alerts?pageSize=1000").json

    found = rows(automate, "Alerts", condition)

    assert found == [row for row in everything if holds(row)]
    assert found


@pytest.mark.documented("seed 000, 'Get Recently Offline Computers': toISOString of yesterday")
def test_computers_that_went_offline_since_yesterday_are_found(tenant):
    caller = tenant.unlimited().automate()
    instant = (now_of(tenant) - timedelta(days=1)).isoformat(timespec="milliseconds")
    yesterday = instant.replace("+00:00", "Z")

    found = rows(caller, "Computers", f"Status = 'Offline' and LastContact >= '{yesterday}'")

    assert found
    assert all(r["Status"] == "Offline" and r["LastContact"] >= yesterday[:19] for r in found)


@pytest.mark.live
@pytest.mark.documented("seed 000, 'Error Response Format'")
def test_a_double_equals_sign_gets_the_seeds_error(automate):
    answer = automate.get("/Computers?condition=Status%20%3D%3D%20%27Online%27")

    assert answer.status_code == 400
    assert answer.json == {
        "error": {
            "code": "BadRequest",
            "message": INVALID,
            "details": {"field": "condition", "value": "Status == 'Online'"},
        }
    }


@pytest.mark.live
@pytest.mark.observed("automate facts 51, C12: an unknown field is refused in both dialects")
@pytest.mark.parametrize("name", ["Nope", "Client.Nope", "ExtraData"])
def test_an_unknown_field_is_named(automate, automate_observed, name):
    condition = f"{name} = 1"
    documented, observed = (
        caller.get("/Computers", params={"condition": condition})
        for caller in (automate, automate_observed)
    )

    message = f"Invalid field '{name}' in condition"
    assert (observed.status_code, observed.json) == (400, {"Message": message})
    assert (documented.status_code, documented.json) == (
        400,
        {
            "error": {
                "code": "BadRequest",
                "message": message,
                "details": {"field": "condition", "value": condition},
            }
        },
    )


@pytest.mark.documented("interface section 5: where both can be true at once, both are")
@pytest.mark.parametrize(
    "condition",
    [
        "Client.Name like '%ACME%'",
        "Client.Id = 100",
        "ComputerName contains 'DC' and OS not like '%nothing%'",
        "LastContact >= 2024-02-14",
        "RemoteAgentLastContact >= '2024-02-14T00:00:00Z'",
        "OpenPortsTCP contains 443",
        "ClientID = '100'",
        "Status ne 'Offline'",
    ],
)
def test_documented_conditions_may_use_the_observed_language(automate, condition):
    assert rows(automate, "Computers", condition)


@pytest.mark.documented("automate facts 10.3: the seed family's Uptime is in seconds")
@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("Uptime >= 86400", lambda seconds: seconds >= 86_400),
        ("Uptime < 86399.5", lambda seconds: seconds < 86_399.5),
        ("not (Uptime = 'x')", None),
    ],
)
def test_conditions_compare_the_uptime_that_is_shown(still, condition, holds):
    automate = still.automate()
    answer = automate.get("/Computers", params={"condition": condition, "pageSize": 1000})

    if holds is None:
        assert answer.status_code == 400
        return
    everything = automate.get("/Computers?pageSize=1000").json
    assert len(answer.json) == sum(holds(row["Uptime"]) for row in everything)
    assert 0 < len(answer.json) < len(everything)


@pytest.mark.documented("automate facts 10.3: the seed family's Uptime, and CheckInterval (89)")
def test_lists_are_ordered_by_what_is_kept_in_another_unit(still):
    automate = still.automate()
    rows = automate.get("/Computers?orderBy=Uptime desc&pageSize=1000").json
    intervals = automate.get("/Monitors?condition=CheckInterval > 300&pageSize=1000").json

    uptimes = [row["Uptime"] for row in rows]
    assert uptimes == sorted(uptimes, reverse=True)
    assert all(row["CheckInterval"] > 300 for row in intervals)
