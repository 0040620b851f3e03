"""Automate: what can be tried by reading."""

from typing import Any

from mockserver.checks.fact import Claims
from mockserver.checks.probe import Probe

AUTOMATE = Claims("automate")
COMPUTERS = "/Computers"


def rows_of(probe: Probe, path: str = COMPUTERS, **params: Any) -> list[dict[str, object]]:
    """Return the rows of a list; Differs unless they are an array with status 200."""
    answer = probe.get(path, **params)
    probe.expect_status(answer, 200)
    probe.expect(isinstance(answer.body, list), "the body is no array")
    return list(answer.body)


def _key(probe: Probe) -> str:
    return "Id" if probe.observed else "ComputerID"


@AUTOMATE.observed("automate facts 29")
def a_list_is_a_bare_array(probe: Probe) -> None:
    """Bare array."""
    rows_of(probe, pageSize=2)


@AUTOMATE.documented("seed 000: token acquisition", profile="documented")
def a_login_at_apicredentials_is_good_for_requests(probe: Probe) -> None:
    """The documented login."""
    rows_of(probe, pageSize=1)
    probe.expect(not _failed_logins(probe), "the login at /APICredentials failed")


@AUTOMATE.observed("automate facts 8 and 9", profile="observed")
def a_login_at_apitoken_is_good_for_requests(probe: Probe) -> None:
    """The observed login."""
    rows_of(probe, pageSize=1)
    probe.expect(not _failed_logins(probe), "the login at /apitoken failed")


def _failed_logins(probe: Probe) -> list[object]:
    return [each for each in probe.exchanges if "api" in each.path[-20:] and each.status >= 400]  # noqa: PLR2004


@AUTOMATE.documented("seed 000: field names", profile="documented")
def computers_have_the_guides_names(probe: Probe) -> None:
    """Documented names."""
    row = probe.first(COMPUTERS)
    missing = {"ComputerID", "Name", "ClientID", "Status"} - row.keys()
    probe.expect(not missing, f"without {sorted(missing)}")


@AUTOMATE.observed("automate facts 5 and 62", profile="observed")
def computers_have_the_wires_names(probe: Probe) -> None:
    """Observed names."""
    row = probe.first(COMPUTERS)
    missing = {"Id", "ComputerName", "Client"} - row.keys()
    probe.expect(not missing, f"without {sorted(missing)}")


@AUTOMATE.documented("seed 000: pagination headers", profile="documented")
def a_list_tells_total_page_size_and_pages(probe: Probe) -> None:
    """Documented page headers."""
    answer = probe.get(COMPUTERS, pageSize=1)
    for name in ("x-total-count", "x-page", "x-page-size", "x-total-pages"):
        probe.expect(answer.headers.get(name, "").isdigit(), f"no number in {name}")


@AUTOMATE.observed("automate facts 30")
def a_list_tells_its_total(probe: Probe) -> None:
    """Total-Count."""
    answer = probe.get(COMPUTERS, pageSize=1)
    probe.expect(answer.headers.get("total-count", "").isdigit(), "no number in Total-Count")


@AUTOMATE.observed("automate facts 31")
def a_page_past_the_end_is_empty(probe: Probe) -> None:
    """Past the end."""
    probe.expect(rows_of(probe, page=100_000) == [], "rows past the end")


@AUTOMATE.documented("seed 000: pageSize")
def a_page_has_no_more_rows_than_asked_for(probe: Probe) -> None:
    """The pageSize parameter."""
    probe.expect(len(rows_of(probe, pageSize=1)) <= 1, "more rows than pageSize")


@AUTOMATE.documented("seed 000: operators")
def a_condition_selects_by_id(probe: Probe) -> None:
    """Comparison."""
    key = _key(probe)
    first = probe.first(COMPUTERS)[key]
    rows = rows_of(probe, condition=f"{key} = {first}")
    probe.expect([row[key] for row in rows] == [first], "other rows than the one named")


@AUTOMATE.documented("seed 000: contains; automate facts 41")
def texts_are_selected_by_contains(probe: Probe) -> None:
    """Contains."""
    name = "ComputerName" if probe.observed else "Name"
    part = str(probe.first(COMPUTERS)[name])[:3].replace("'", "")
    probe.expect(rows_of(probe, condition=f"{name} contains '{part}'", pageSize=1), "nothing found")


@AUTOMATE.observed("automate facts 34")
def rows_come_in_the_order_asked_for(probe: Probe) -> None:
    """The orderBy parameter."""
    key = _key(probe)
    ids = [int(str(row[key])) for row in rows_of(probe, orderBy=f"{key} desc", pageSize=10)]
    probe.expect(ids == sorted(ids, reverse=True), "ids do not fall")


@AUTOMATE.documented("seed 000: error format", profile="documented")
def an_unreadable_condition_is_a_bad_request_with_details(probe: Probe) -> None:
    """Documented errors."""
    answer = probe.get(COMPUTERS, condition="Status == == 'x'")
    probe.expect_status(answer, 400)
    error = answer.body.get("error", {})
    probe.expect({"code", "message"} <= set(error), "no error with code and message")


@AUTOMATE.documented("seed 000: 404")
def an_unknown_computer_is_not_found(probe: Probe) -> None:
    """Missing record."""
    probe.expect_status(probe.get(f"{COMPUTERS}/2147483000"), 404)


@AUTOMATE.documented("seed 000: 401")
def a_request_without_a_token_is_unauthorized(probe: Probe) -> None:
    """No Authorization."""
    probe.expect_status(probe.bare("GET", COMPUTERS, {}), 401)


@AUTOMATE.documented("seed 000: rate limit headers", profile="documented")
def answers_tell_the_rate_limit(probe: Probe) -> None:
    """Rate limit headers."""
    answer = probe.get(COMPUTERS, pageSize=1)
    for name in ("limit", "remaining", "reset"):
        header = f"x-ratelimit-{name}"
        probe.expect(answer.headers.get(header, "").isdigit(), f"no number in {header}")


@AUTOMATE.observed("automate facts 2")
def paths_are_read_without_case(probe: Probe) -> None:
    """Case of paths."""
    rows_of(probe, "/computers", pageSize=1)
