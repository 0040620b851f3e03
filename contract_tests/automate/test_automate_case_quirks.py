"""Whether case counts in texts is a switch: no source shows it."""

import pytest

DIALECTS = pytest.mark.parametrize("dialect", ["documented", "observed"])


@pytest.fixture(scope="module")
def by_case(lasting):
    """Return a tenant whose texts are compared by case, with three clients of its own."""
    tenant = lasting(conditions={"texts_in_any_case": False})
    for name in ("zebra Ltd", "Zebra Inc", "ZEBRA%"):
        sent = {"Name": name, "City": "Èze", "Comment": "zebra"}
        assert tenant.automate().post("/Clients", json=sent).status_code == 201
    return tenant


@pytest.mark.assumed("automate facts 49: that case does not count is inferred from the database")
@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("Name = 'zebra Ltd'", ["zebra Ltd"]),
        ("Name = 'zebra Ltd  '", ["zebra Ltd"]),
        ("Name = 'Zebra Ltd'", []),
        ("Name contains 'Zebra'", ["Zebra Inc"]),
        ("Name like 'zebra%'", ["zebra Ltd"]),
        ("Name like 'ZEBRA\\%'", ["ZEBRA%"]),
        ("Name in ('Zebra Inc', 'ZEBRA LTD')", ["Zebra Inc"]),
        ("Name not like '%ebra%' and Comment = 'zebra'", ["ZEBRA%"]),
        ("Name > 'Zebra' and Comment = 'zebra'", ["Zebra Inc", "zebra Ltd"]),
        ("Comment = 'zebra' and City = 'èze'", []),
        (
            "city contains 'Èz' and Id > 1",
            ["ZEBRA%", "Zebra Inc", "zebra Ltd"],
        ),
    ],
)
@DIALECTS
def test_texts_compared_by_case(by_case, dialect, condition, names):
    if dialect == "documented":
        condition = condition.replace("Id >", "ClientID >")

    answer = by_case.automate(dialect).get("/Clients", params={"condition": condition})

    assert sorted(row["Name"] for row in answer.json) == sorted(names)


@pytest.mark.assumed("automate facts 49 speaks of comparing; sorting goes the same way")
@DIALECTS
def test_texts_sorted_by_case(by_case, lasting, dialect):
    asked = {"condition": "Comment = 'zebra'", "orderBy": "Name"}
    rows = by_case.automate(dialect).get("/Clients", params=asked).json
    others = lasting().automate(dialect).get("/Clients?orderBy=Name&pageSize=100").json

    assert [row["Name"] for row in rows] == ["ZEBRA%", "Zebra Inc", "zebra Ltd"]
    names = [row["Name"] for row in others]
    assert names == sorted(names, key=str.casefold)


@pytest.mark.assumed("automate facts 47 and 49: texts in arrays and in expanded children")
@pytest.mark.parametrize(
    ("condition", "some"),
    [
        ("Groups.Name contains 'erver'", True),
        ("Groups.Name contains 'ERVER'", False),
        ("LoggedInUsers.LoggedInUserName like '%a%'", True),
        ("LoggedInUsers.LoggedInUserName like '%A'", False),
        ("Client.Name like '%A%'", True),
        ("Client.Name like '%QQ'", False),
    ],
)
def test_texts_in_other_records_compared_by_case(by_case, lasting, condition, some):
    found, folded = (
        each.automate("observed").get("/Computers", params={"condition": condition}).json
        for each in (by_case, lasting())
    )

    assert bool(found) is some
    assert len(folded) >= len(found)


@pytest.mark.assumed("automate facts 49: the names of levels are texts like others")
def test_names_of_levels_compared_by_case(by_case):
    caller = by_case.automate("observed")

    for name, some in (("Critical", True), ("critical", False)):
        rows = caller.get("/Alerts", params={"condition": f"Severity.Name = '{name}'"}).json
        assert bool(rows) is some
