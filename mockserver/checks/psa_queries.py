"""PSA: what can be tried of conditions, fields, orders and pages, by reading."""

from typing import Any

from mockserver.checks.exchange import Exchange
from mockserver.checks.fact import Claims
from mockserver.checks.probe import Probe
from mockserver.checks.psa_reads import TICKETS, rows_of

PSA = Claims("psa")
COMPANIES = "/company/companies"


def _selects(probe: Probe, conditions: str, path: str = TICKETS) -> None:
    """Expect that conditions can be read and keep the first record, which they describe."""
    first = probe.first(path)["id"]
    rows = rows_of(probe, path, conditions=f"({conditions}) and id={first}", pageSize=1)
    probe.expect([row["id"] for row in rows] == [first], f"nothing for {conditions}")


def _expect_told(probe: Probe, answer: Exchange, status: int, code: str, text: str) -> None:
    probe.expect_status(answer, status)
    probe.expect(answer.body["code"] == code, f"code {answer.body['code']!r}")
    probe.expect(text in answer.body["message"], f"message {answer.body['message']!r}")


@PSA.observed("psa facts 3.2: names and keywords in any case")
def names_in_conditions_are_read_without_case(probe: Probe) -> None:
    """Case of names."""
    _selects(probe, "ID>0 AND Company/ID!=NULL Or LastUpdated>[2000-01-01T00:00:00Z]")


@PSA.observed("psa facts 3.2: both styles of quotes")
def texts_may_stand_in_single_quotes(probe: Probe) -> None:
    """Quotes."""
    name = str(probe.first(COMPANIES)["identifier"]).replace("'", "")
    _selects(probe, f"identifier='{name}'", COMPANIES)


@PSA.assumed("psa facts 3.3: the database's usual collation")
def texts_are_compared_without_case(probe: Probe) -> None:
    """Collation."""
    name = str(probe.first(COMPANIES)["identifier"])
    _selects(probe, f'identifier="{name.swapcase()}"', COMPANIES)


@PSA.observed("psa facts 3.4: references with a slash")
def references_are_reached_with_a_slash(probe: Probe) -> None:
    """Paths in conditions."""
    ticket = probe.first(TICKETS)
    _selects(probe, f"company/id={ticket['company']['id']} and board/id={ticket['board']['id']}")
    _selects(probe, f'status/name="{ticket["status"]["name"]}"')


@PSA.observed("psa facts 3.3: null")
def what_is_missing_is_null(probe: Probe) -> None:
    """Null."""
    _selects(probe, "summary!=null")
    rows_of(probe, conditions="closedDate=null", pageSize=1)


@PSA.documented("psa facts 3.2: not contains, not in, not like")
def operators_are_denied_with_not_before_them(probe: Probe) -> None:
    """Infix not."""
    for operator in ('not contains "zzqx"', 'not like "zzqx%"', 'not in ("zzqx")'):
        _selects(probe, f"summary {operator}")


@PSA.observed("psa facts 3.4: lastUpdated, dateEntered")
def records_are_asked_for_by_their_last_update(probe: Probe) -> None:
    """Values of _info in conditions."""
    _selects(probe, "lastUpdated>[2000-01-01T00:00:00Z]")
    _selects(probe, "lastUpdated>[2000-01-01T00:00:00Z]", COMPANIES)


@PSA.observed("psa facts 3.6: not a recognized name", profile="observed")
def an_unknown_name_is_told_as_it_was_typed(probe: Probe) -> None:
    """Errors of names."""
    answer = probe.get(TICKETS, conditions="Resources/Identifier='x'")
    told = "Resources/Identifier is not a recognized name."
    _expect_told(probe, answer, 400, "ApiFindCondition", told)


@PSA.observed("psa facts 3.6: type mismatch", profile="observed")
def a_boolean_is_not_compared_with_a_number(probe: Probe) -> None:
    """Errors of types."""
    answer = probe.get(TICKETS, conditions="closedFlag=1")
    told = "Expected a boolean value, not a numeric"
    _expect_told(probe, answer, 400, "ApiFindCondition", told)


@PSA.documented("psa facts 3.5: childConditions")
def children_select_their_parents(probe: Probe) -> None:
    """The childConditions parameter."""
    rows_of(
        probe,
        "/company/contacts",
        childConditions='communicationItems/value like "%@%"',
        pageSize=1,
    )


@PSA.observed("psa facts 3.8: nested fields")
def fields_reach_into_references(probe: Probe) -> None:
    """Nested fields."""
    row: Any = probe.first(TICKETS, fields="id,status/name")
    probe.expect(row.keys() == {"id", "status"}, f"there are {sorted(row)}")
    probe.expect(row["status"].keys() == {"name"}, f"status is {row['status']}")


@PSA.observed("psa facts 3.8: unknown names are ignored")
def fields_that_do_not_exist_are_passed_over(probe: Probe) -> None:
    """Unknown fields."""
    (row,) = rows_of(probe, pageSize=1, fields="id,noSuchField") or [{}]
    probe.expect(row.keys() == {"id"}, f"there are {sorted(row)}")


@PSA.documented("psa facts 3.7: several fields, references")
def rows_are_ordered_by_a_reference_and_then_another_field(probe: Probe) -> None:
    """Several orders."""
    params: dict[str, Any] = {
        "orderBy": "company/id asc,id desc",
        "fields": "id,company/id",
        "pageSize": 20,
    }
    rows: list[Any] = rows_of(probe, **params)
    keys = [(row["company"]["id"], -row["id"]) for row in rows]
    probe.expect(keys == sorted(keys), "the rows are in another order")


@PSA.observed("psa facts 3.9: count honours conditions")
def a_count_heeds_conditions(probe: Probe) -> None:
    """Counts."""
    answer = probe.get(f"{TICKETS}/count", conditions="id<0")
    probe.expect(answer.body == {"count": 0}, f"the body is {answer.body}")


@PSA.observed("psa facts 4.3")
def a_page_past_the_end_is_empty(probe: Probe) -> None:
    """Past the end."""
    probe.expect(rows_of(probe, page=100_000, pageSize=1000) == [], "rows past the end")


@PSA.documented("psa facts 4.4: no Link where there is one page")
def a_single_page_has_no_link(probe: Probe) -> None:
    """Link of a single page."""
    first = probe.first(TICKETS)["id"]
    answer = probe.get(TICKETS, conditions=f"id={first}")
    probe.expect("link" not in answer.headers, f"Link {answer.headers.get('link')}")


@PSA.observed("psa facts 3.1: parameters in any case, unknown ones ignored")
def parameters_are_read_without_case_and_passed_over_when_unknown(probe: Probe) -> None:
    """Names of parameters."""
    rows = rows_of(probe, PAGESIZE=1, noSuchParameter="x")
    probe.expect(len(rows) == 1, f"{len(rows)} rows")


@PSA.observed("psa facts 6.4: route unknown", profile="observed")
def an_unknown_endpoint_is_told_as_missing(probe: Probe) -> None:
    """Unknown routes."""
    answer = probe.get("/service/noSuchThings")
    _expect_told(probe, answer, 404, "ConnectWiseApi", "The endpoint does not exist.")


@PSA.observed("psa facts 6.4: non-integer id", profile="observed")
def an_id_that_is_no_number_is_no_endpoint(probe: Probe) -> None:
    """Ids."""
    answer = probe.get(f"{TICKETS}/types")
    _expect_told(probe, answer, 404, "ConnectWiseApi", "The endpoint does not exist.")


@PSA.observed("psa facts 6.7: unknown members", profile="observed")
def a_search_refuses_members_that_it_does_not_know(probe: Probe) -> None:
    """Members of a search."""
    answer = probe.search(f"{TICKETS}/search", {"conditions": "id>0", "page": 1})
    told = "Could not find member 'page' on object of type 'FilterValues'"
    _expect_told(probe, answer, 400, "ConnectWiseApi", told)


@PSA.observed("psa facts 3.9: pages of a search stand in the query")
def a_search_takes_its_page_from_the_query(probe: Probe) -> None:
    """Pages of a search."""
    answer = probe.search(f"{TICKETS}/search?pageSize=1", {"conditions": "id>0"})
    probe.expect_status(answer, 200)
    probe.expect(len(answer.body) <= 1, f"{len(answer.body)} rows")


@PSA.observed("psa facts 6.4: members by their identifier")
def members_are_found_by_their_identifier(probe: Probe) -> None:
    """Identifiers instead of ids."""
    member = probe.first("/system/members")
    found = probe.get(f"/system/members/{member['identifier']}")
    probe.expect_status(found, 200)
    probe.expect(found.body["id"] == member["id"], "another member")


@PSA.observed("psa facts 3.4: _info")
def records_tell_when_they_were_changed(probe: Probe) -> None:
    """Values of _info."""
    info = probe.first(TICKETS)["_info"]
    probe.expect({"lastUpdated", "updatedBy"} <= set(info), f"_info has {sorted(info)}")
