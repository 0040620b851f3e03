"""Reports (psa facts 8.3; seed 003, 'Partial Responses')."""

import pytest
from psa_wording import error, refused

REPORTS = "/system/reports"


def columns(answer):
    return [next(iter(each)) for each in answer.json["column_definitions"]]


def records(answer):
    return [dict(zip(columns(answer), row, strict=True)) for row in answer.json["row_values"]]


@pytest.mark.live
@pytest.mark.documented("psa facts 8.3: a list of names")
def test_the_reports_are_listed_by_name(documented):
    answer = documented.get(REPORTS, pageSize=1000)

    assert {"name": "Service"} in answer.json
    assert all(list(each) == ["name"] for each in answer.json)
    for each in answer.json:
        assert documented.get(f"{REPORTS}/{each['name']}", pageSize=1).status_code == 200


@pytest.mark.live
@pytest.mark.documented("seed 003: columns=id,summary,company/name")
def test_a_report_shows_the_columns_that_are_asked_for(documented):
    answer = documented.get(f"{REPORTS}/service", columns="id,summary,company/name")
    tickets = documented.get("/service/tickets", fields="id,summary,company/name").json

    assert columns(answer) == ["id", "summary", "company/name"]
    assert answer.json["row_values"] == [
        [each["id"], each["summary"], each.get("company", {}).get("name")] for each in tickets
    ]
    assert answer.json["column_definitions"][0] == {
        "id": {"type": "Numeric", "isNullable": False, "identityColumn": True}
    }


@pytest.mark.live
@pytest.mark.documented("seed 003 asks for a name, which no ticket has")
def test_unknown_columns_are_left_out(documented):
    assert columns(documented.get(f"{REPORTS}/service", columns="id,summary,name")) == [
        "id",
        "summary",
    ]


@pytest.mark.live
@pytest.mark.observed("psa facts 8.3: names like Ticket_Nbr, also in conditions and orderBy")
def test_a_report_has_names_of_its_own(observed):
    answer = observed.get(
        f"{REPORTS}/Service",
        columns="Ticket_Nbr,Company_Name,Closed_Flag",
        conditions="Ticket_Nbr > 5000 and Board_Name = 'Integration'",
        orderBy="Ticket_Nbr desc",
        pageSize=3,
    )
    told = {"conditions": "id > 5000 and board/name = 'Integration'", "orderBy": "id desc"}
    tickets = observed.get("/service/tickets", pageSize=3, **told).json

    assert [row["Ticket_Nbr"] for row in records(answer)] == [each["id"] for each in tickets]
    assert [row["Closed_Flag"] for row in records(answer)] == [
        each["closedFlag"] for each in tickets
    ]
    counted = observed.get(f"{REPORTS}/service/count", conditions=told["conditions"]).json
    assert counted == observed.get("/service/tickets/count", conditions=told["conditions"]).json


@pytest.mark.live
@pytest.mark.documented("psa facts 8.3: columns, and pages like any list")
def test_a_report_has_pages_and_tells_its_columns(documented):
    answer = documented.get(f"{REPORTS}/Company", pageSize=2, page=2)

    assert len(answer.json["row_values"]) == 2
    assert 'rel="prev"' in answer.headers["Link"]
    assert documented.get(f"{REPORTS}/company/columns").json == answer.json["column_definitions"]
    assert "Company_RecID" in columns(answer)
    assert "Status_Name" in columns(answer)


@pytest.mark.live
@pytest.mark.assumed("a report that is not there, a condition on what is not there")
def test_what_is_not_there_is_refused(observed):
    answer = observed.get(f"{REPORTS}/Nonsense")
    assert refused(answer, 404, error("NotFound", "Report Nonsense not found"))
    answer = observed.get(f"{REPORTS}/Service", conditions="Nonsense = 1")
    assert refused(answer, 400, error("ApiFindCondition", "Nonsense is not a recognized name."))


@pytest.mark.documented("a report is computed from the records")
def test_a_report_follows_the_records(psa):
    psa.patch(
        "/service/tickets/5000", json=[{"op": "replace", "path": "summary", "value": "Changed"}]
    )

    params = {"columns": "summary", "conditions": "id = 5000"}
    assert psa.get(f"{REPORTS}/Service", params=params).json["row_values"] == [["Changed"]]
