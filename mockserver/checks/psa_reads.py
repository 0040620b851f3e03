"""PSA: what can be tried by reading."""

from typing import Any

from mockserver.checks.fact import Claims
from mockserver.checks.probe import Probe

PSA = Claims("psa")
TICKETS = "/service/tickets"


def rows_of(probe: Probe, path: str = TICKETS, **params: Any) -> list[dict[str, object]]:
    """Return the rows of a list; Differs unless they are an array with status 200."""
    answer = probe.get(path, **params)
    probe.expect_status(answer, 200)
    probe.expect(isinstance(answer.body, list), "the body is no array")
    return list(answer.body)


@PSA.observed("psa facts 4.1")
def a_list_is_a_bare_array_of_json(probe: Probe) -> None:
    """Bare array."""
    answer = probe.get(TICKETS, pageSize=3)
    probe.expect_status(answer, 200)
    probe.expect(isinstance(answer.body, list), "the body is no array")
    probe.expect("json" in answer.headers.get("content-type", ""), "the type is no JSON")


@PSA.documented("seeds 002 and 004, pagination table")
def a_page_has_25_rows_unless_asked_otherwise(probe: Probe) -> None:
    """Default page size."""
    rows, more = rows_of(probe), rows_of(probe, pageSize=100)
    probe.expect(len(rows) == min(25, len(more)), f"{len(rows)} rows of {len(more)}")


@PSA.documented("seeds 002 and 004, pagination table")
def a_page_has_no_more_rows_than_asked_for(probe: Probe) -> None:
    """The pageSize parameter."""
    probe.expect(len(rows_of(probe, pageSize=2)) <= 2, "more rows than pageSize")  # noqa: PLR2004


@PSA.documented("seeds 002 and 003: Link")
def a_page_before_the_last_links_to_the_next(probe: Probe) -> None:
    """The Link header."""
    answer = probe.get(TICKETS, pageSize=1)
    probe.expect('rel="next"' in answer.headers.get("link", ""), "no Link to the next page")


@PSA.documented("seeds 002 and 004, response headers", profile="documented")
def a_list_tells_its_total_in_a_header(probe: Probe) -> None:
    """X-Total-Count."""
    answer = probe.get(TICKETS, pageSize=1)
    probe.expect(answer.headers.get("x-total-count", "").isdigit(), "no X-Total-Count")


@PSA.documented("psa facts 4.5, seed 003: pageId")
def forward_only_pages_link_by_the_last_id(probe: Probe) -> None:
    """Forward-only paging."""
    answer = probe.get(TICKETS, {"pagination-type": "forward-only"}, pageSize=1)
    probe.expect("pageId=" in answer.headers.get("link", ""), "the Link has no pageId")


@PSA.documented("seeds 002 and 004: /count")
def a_list_can_be_counted(probe: Probe) -> None:
    """The count operation."""
    answer = probe.get(f"{TICKETS}/count")
    probe.expect_status(answer, 200)
    probe.expect(isinstance(answer.body.get("count"), int), "no number called count")


@PSA.documented("seeds 002 and 004: field selection")
def only_the_fields_asked_for_are_answered(probe: Probe) -> None:
    """The fields parameter."""
    (row,) = rows_of(probe, pageSize=1, fields="id,summary") or [{}]
    probe.expect(set(row) <= {"id", "summary", "_info"}, f"there are {sorted(row)}")


@PSA.documented("seeds 002 and 004: ordering")
def rows_come_in_the_order_asked_for(probe: Probe) -> None:
    """The orderBy parameter."""
    ids = [row["id"] for row in rows_of(probe, pageSize=10, orderBy="id desc", fields="id")]
    probe.expect(ids == sorted(ids, key=lambda each: -int(str(each))), "ids do not fall")


@PSA.documented("seeds 002 and 004: operators")
def a_comparison_selects_by_number(probe: Probe) -> None:
    """Operators on numbers."""
    first = probe.first(TICKETS)["id"]
    rows = rows_of(probe, conditions=f"id={first}")
    probe.expect([row["id"] for row in rows] == [first], "other rows than the one named")


@PSA.documented("seeds 002 and 004: contains, like, in")
def texts_are_selected_by_contains_like_and_in(probe: Probe) -> None:
    """Operators on texts."""
    name = str(probe.first("/company/companies")["identifier"])
    part = name[:3].replace("%", "")
    for condition in (
        f'identifier contains "{part}"',
        f'identifier like "{part}%"',
        f'identifier in ("{name}")',
    ):
        rows = rows_of(probe, "/company/companies", conditions=condition, pageSize=1)
        probe.expect(rows, f"nothing for {condition}")


@PSA.documented("seeds 002 and 004: date conditions; seed 003: square brackets")
def instants_stand_in_square_brackets(probe: Probe) -> None:
    """Dates in conditions."""
    rows_of(probe, conditions="dateEntered>=[2000-01-01T00:00:00Z]", pageSize=1)


@PSA.documented("seeds 002 and 004: combining conditions")
def conditions_join_with_and_or_and_parentheses(probe: Probe) -> None:
    """Logic in conditions."""
    rows_of(probe, conditions="(id=1 or id>0) and summary!=null", pageSize=1)


@PSA.observed("psa facts 6.2")
def a_condition_that_cannot_be_read_is_a_bad_request(probe: Probe) -> None:
    """Malformed conditions."""
    answer = probe.get(TICKETS, conditions="summary ==== x")
    probe.expect_status(answer, 400)
    probe.expect({"code", "message"} <= set(answer.body), "no code and message")


@PSA.documented("seeds 002 and 004: InvalidArgument", profile="documented")
def an_unknown_field_in_a_condition_is_an_invalid_argument(probe: Probe) -> None:
    """Code of a bad condition."""
    answer = probe.get(TICKETS, conditions="nosuchfield=1")
    probe.expect_status(answer, 400)
    probe.expect(answer.body["code"] == "InvalidArgument", f"code {answer.body['code']!r}")


@PSA.documented("seeds 002 and 004: RecordNotFound", profile="documented")
def an_unknown_record_is_told_as_record_not_found(probe: Probe) -> None:
    """Code of a missing record."""
    answer = probe.get(f"{TICKETS}/2147483000")
    probe.expect_status(answer, 404)
    probe.expect(answer.body["code"] == "RecordNotFound", f"code {answer.body['code']!r}")


@PSA.observed("psa facts 6.1", profile="observed")
def an_unknown_record_is_told_as_not_found(probe: Probe) -> None:
    """Code of a missing record, as seen."""
    answer = probe.get(f"{TICKETS}/2147483000")
    probe.expect_status(answer, 404)
    probe.expect(answer.body["code"] == "NotFound", f"code {answer.body['code']!r}")


@PSA.documented("seeds 002 and 004: error codes")
def a_request_without_credentials_is_unauthorized(probe: Probe) -> None:
    """No Authorization."""
    answer = probe.bare("GET", f"{TICKETS}/count", {"clientId": "00000000"})
    probe.expect_status(answer, 401)


@PSA.documented("seeds 002 and 004: rate limit headers", profile="documented")
def answers_tell_the_rate_limit(probe: Probe) -> None:
    """Rate limit headers."""
    answer = probe.get(f"{TICKETS}/count")
    for name in ("limit", "remaining", "reset"):
        header = f"x-ratelimit-{name}"
        probe.expect(answer.headers.get(header, "").isdigit(), f"no number in {header}")


@PSA.observed("psa facts 2.5")
def answers_tell_the_newest_version(probe: Probe) -> None:
    """The api-current-version header."""
    answer = probe.get(f"{TICKETS}/count")
    probe.expect(answer.headers.get("api-current-version"), "no api-current-version")


@PSA.observed("psa facts 5")
def references_are_objects_with_id_and_name(probe: Probe) -> None:
    """References in records."""
    board = probe.first(TICKETS)["board"]
    probe.expect({"id", "name"} <= set(board), f"a board has {sorted(board)}")


@PSA.documented("psa facts 1 and the vendor's description")
def statuses_lie_below_their_board(probe: Probe) -> None:
    """Child collections."""
    board = probe.first("/service/boards")["id"]
    rows = rows_of(probe, f"/service/boards/{board}/statuses", pageSize=1)
    probe.expect(all({"id", "name"} <= set(row) for row in rows), "a status without id and name")


@PSA.documented("psa facts 3.6: search by POST")
def tickets_can_be_searched_by_post(probe: Probe) -> None:
    """The search operation."""
    answer = probe.search(f"{TICKETS}/search", {"conditions": "id>0"})
    probe.expect_status(answer, 200)
    probe.expect(isinstance(answer.body, list), "the body is no array")


@PSA.observed("psa facts 8: system/info")
def the_system_tells_its_version(probe: Probe) -> None:
    """System information."""
    answer = probe.get("/system/info")
    probe.expect_status(answer, 200)
    probe.expect("version" in answer.body, "no version")
