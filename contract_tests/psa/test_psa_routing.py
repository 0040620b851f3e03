"""Paths, methods and what is answered where nothing is (psa facts 2.2, 6.4, 6.5)."""

import pytest
from psa_wording import error, refused

NO_ENDPOINT = error("ConnectWiseApi", "The endpoint does not exist.")


@pytest.mark.observed("psa facts 2.2: any case, trailing slashes")
@pytest.mark.parametrize(
    "path",
    [
        "/SERVICE/Tickets/5000",
        "/service/tickets/5000/",
        "/service//tickets/5000",
        "//service/tickets//5000//",
        "/service/tickets/05000",
    ],
)
def test_paths_are_read_generously(psa, path):
    answer = psa.get(path)

    assert answer.status_code == 200
    assert answer.json["id"] == 5000


@pytest.mark.observed("psa facts 10.6: the vendor's own links have a double slash")
def test_the_links_in_a_record_can_be_followed(psa):
    links = psa.get("/service/tickets/5000").json
    base = "http://localhost" + psa.base
    href = links["company"]["_info"]["company_href"]

    assert href == f"{base}//company/companies/12345"
    assert psa.get(href.removeprefix(base)).json["name"] == links["company"]["name"]


@pytest.mark.live
@pytest.mark.observed("psa facts 6.4, recorded body")
@pytest.mark.parametrize("profile", ["documented", "observed"])
@pytest.mark.parametrize(
    "path",
    ["/service/nothing", "/service", "/service/tickets/5000/nothing", "/company/companies/x/sites"],
)
def test_an_unknown_route_in_a_known_module_is_told(make_tenant, profile, path):
    assert refused(make_tenant(profile).psa.get(path), 404, NO_ENDPOINT)


@pytest.mark.live
@pytest.mark.observed("psa facts 6.4: text where an id belongs is an unknown route")
@pytest.mark.parametrize("word", ["abc", "1.5", "-1", "5000x", "%D9%A1", "9" * 40])
def test_an_id_that_is_no_number_is_an_unknown_route(psa_observed, word):
    assert refused(psa_observed.get(f"/service/tickets/{word}"), 404, NO_ENDPOINT)


@pytest.mark.live
@pytest.mark.observed("psa facts 6.4: an unknown module gets the web server's page")
@pytest.mark.parametrize("path", ["/badpath", "/badpath/tickets", "/", ""])
def test_an_unknown_module_gets_html(psa_observed, path):
    answer = psa_observed.get(path)

    assert (answer.status_code, answer.content_type) == (404, "text/html")
    assert "<html>" in answer.text
    assert len(answer.data) == 1_245


RECORDS_404 = {
    "/service/tickets/404": "Service Ticket 404 not found",
    "/service/tickets/5000/notes/404": "Service Note 404 not found",
    "/company/companies/404": "company 404 not found",
    "/company/contacts/57919": "Contact 57919 not found",
}


@pytest.mark.observed("psa facts 6.4, recorded bodies")
@pytest.mark.parametrize(("path", "message"), RECORDS_404.items())
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_missing_record_is_named(psa_observed, method, path, message):
    assert refused(psa_observed.request(method, path), 404, error("NotFound", message))


@pytest.mark.documented("seed 002, 'Common Errors': RecordNotFound")
@pytest.mark.parametrize(("path", "message"), RECORDS_404.items())
def test_a_missing_record_is_named_in_the_seed_s_words(psa, path, message):
    assert refused(psa.get(path), 404, error("RecordNotFound", message))


@pytest.mark.assumed("psa facts 6.4: the rest are called as their models are, with spaces")
@pytest.mark.parametrize(
    ("path", "message"),
    {
        "/service/boards/404": "Service Board 404 not found",
        "/service/boards/404/statuses": "Service Board 404 not found",
        "/service/boards/1/statuses/404": "Service Status 404 not found",
        "/time/workTypes/404": "Work Type 404 not found",
        "/project/projects/404/phases/1": "Project 404 not found",
        "/project/projects/1/phases/404": "Project Phase 404 not found",
        "/time/entries/404404": "Time Entry 404404 not found",
        "/schedule/entries/404404": "Schedule Entry 404404 not found",
        "/finance/currencies/404": "Currency 404 not found",
        "/company/contacts/types/404": "Contact Type 404 not found",
        "/company/companies/12345/notes/404": "Company Note 404 not found",
        "/procurement/purchaseorders/404": "Purchase Order 404 not found",
        "/system/callbacks/404": "Callback Entry 404 not found",
        "/system/members/404": "Member 404 not found",
    }.items(),
)
def test_other_missing_records_are_named_alike(psa_observed, path, message):
    assert refused(psa_observed.get(path), 404, error("NotFound", message))


@pytest.mark.observed("psa facts 6.4: a note of another ticket is not below this one")
def test_a_child_of_another_parent_is_missing(psa_observed):
    note = psa_observed.get("/service/tickets/5003/notes").json[0]["id"]

    answer = psa_observed.get(f"/service/tickets/5000/notes/{note}")

    assert refused(answer, 404, error("NotFound", f"Service Note {note} not found"))


@pytest.mark.assumed("psa facts 6.5: ASP.NET's wording; the body was never recorded")
@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/service/tickets", "GET, HEAD, POST"),
        ("PATCH", "/service/tickets", "GET, HEAD, POST"),
        ("POST", "/service/tickets/5000", "DELETE, GET, HEAD, PATCH, PUT"),
        ("POST", "/service/impacts", "GET, HEAD"),
        ("DELETE", "/system/members/1", "GET, HEAD, PATCH, PUT"),
        ("GET", "/service/tickets/search", "POST"),
        ("BREW", "/system/info", "GET, HEAD"),
    ],
)
def test_a_method_that_a_path_lacks_is_refused(psa_observed, method, path, allow):
    answer = psa_observed.request(method, path)

    message = f"The requested resource does not support http method '{method}'."
    assert refused(answer, 405, error("ConnectWiseApi", message))
    assert answer.headers["Allow"] == allow


@pytest.mark.assumed("HTTP: HEAD is GET without a body")
def test_head_answers_the_headers_of_get(psa):
    read, seen = psa.get("/service/tickets"), psa.request("HEAD", "/service/tickets")

    assert (seen.status_code, seen.data) == (200, b"")
    for name in ("Content-Length", "Content-Type", "Link", "X-Total-Count"):
        assert seen.headers[name] == read.headers[name]


@pytest.mark.live
@pytest.mark.assumed("HTTP: OPTIONS tells the methods, without credentials")
def test_options_tells_the_methods(psa):
    answer = psa.request("OPTIONS", "/service/tickets/5000", headers={"Authorization": None})

    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Allow"] == "DELETE, GET, HEAD, PATCH, PUT, OPTIONS"


@pytest.mark.observed("psa facts 3.1: unknown query parameters are ignored")
def test_a_stray_parameter_is_ignored(psa_observed):
    answer = psa_observed.get("/service/tickets/5000", params={"chargeToType": "'ServiceTicket'"})

    assert answer.json["id"] == 5000


@pytest.mark.live
@pytest.mark.assumed("psa facts 6.5: ASP.NET's wording")
def test_a_body_of_another_type_is_refused(psa_observed):
    answer = psa_observed.post("/service/sources", data="<a/>", content_type="text/xml")

    message = "The request entity's media type 'text/xml' is not supported for this resource."
    assert refused(answer, 415, error("ConnectWiseApi", message))
