"""Refusals that are not about one field: URLs, methods, media, sizes, injected errors."""

import pytest

BASE = "/cwa/api/v1"


def error(code, message):
    return {"error": {"code": code, "message": message}}


def check(answers, status, code, message):
    documented, observed = answers
    assert (documented.status_code, documented.json) == (status, error(code, message))
    assert (observed.status_code, observed.json) == (status, {"Message": message})


@pytest.fixture
def ask(automate, automate_observed):
    def both(method, path, **sent):
        return [caller.request(method, path, **sent) for caller in (automate, automate_observed)]

    return both


@pytest.mark.live
@pytest.mark.documented("automate facts 98: 'Computer with ID 99999 not found'")
def test_a_missing_record_is_named(ask):
    check(ask("GET", "/Computers/99999"), 404, "NotFound", "Computer with ID 99999 not found")


@pytest.mark.assumed("automate facts 65: the framework's text, unrecorded")
@pytest.mark.parametrize("path", ["/Nothing", "/Computers/abc", "/Clients/1/2", "/", "/APIToken/x"])
def test_an_unknown_url_is_told_in_the_framework_words(ask, path):
    message = (
        f"No HTTP resource was found that matches the request URI 'http://localhost{BASE}{path}'."
    )
    check(ask("GET", path), 404, "NotFound", message)


@pytest.mark.assumed("v2 is another generation (automate facts 1) with other collections")
def test_version_2_is_not_version_1(automate):
    answer = automate.client.get("/cwa/api/v2/Computers", headers=automate.headers)

    assert (answer.status_code, answer.json["error"]["code"]) == (404, "NotFound")


@pytest.mark.observed("automate facts 63: 405 on verbs that a controller does not implement")
@pytest.mark.parametrize(("method", "path"), [("PUT", "/Clients"), ("BREW", "/Clients/1")])
def test_a_method_that_is_not_there_is_refused(ask, method, path):
    answers = ask(method, path, json={})

    message = f"The requested resource does not support http method '{method}'."
    check(answers, 405, "MethodNotAllowed", message)
    allowed = "GET, HEAD, POST" if path == "/Clients" else "DELETE, GET, HEAD, PATCH, PUT"
    assert [a.headers["Allow"] for a in answers] == [allowed, allowed]


@pytest.mark.assumed("the framework's own words for another media type")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_body_of_another_type_is_refused(ask, method):
    path = "/Clients" if method == "POST" else "/Clients/100"

    answers = ask(method, path, data=b"Name=x", content_type="text/plain")

    message = "The request entity's media type 'text/plain' is not supported."
    check(answers, 415, "UnsupportedMediaType", message)


@pytest.mark.assumed("issue of the spine, section 7: 413 above the limit, in the token's dialect")
def test_a_huge_body_is_refused_in_the_callers_dialect(ask):
    answers = ask("POST", "/Clients", data=b" " * (10 * 1024 * 1024 + 1))

    message = "The request entity is larger than 10485760 bytes."
    check(answers, 413, "PayloadTooLarge", message)


@pytest.mark.assumed("issue of the spine, section 7: always a 4xx in the vendor's format")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1]", b"null", b'"x"', b"\xff", b"[" * 100_000, b'{"Name": "\\ud800"}', b"NaN"],
)
def test_a_bad_body_is_a_bad_request(ask, method, body):
    path = "/Clients" if method == "POST" else "/Clients/100"
    documented, observed = ask(method, path, data=body, content_type="application/json")

    assert documented.status_code == observed.status_code == 400
    assert documented.json["error"].keys() >= {"code", "message"}
    assert observed.json.keys() >= {"Message"}


@pytest.mark.documented("seed 000, 'HTTP Status Codes'; a fault answers in the caller's dialect")
@pytest.mark.parametrize(
    ("status", "code"), [(500, "ServerError"), (503, "Unavailable"), (403, "Forbidden")]
)
def test_an_injected_error_is_told_in_the_callers_dialect(tenant, status, code):
    callers = tenant.unlimited().automate(), tenant.automate("observed")
    rule = {"api": "automate", "effect": {"kind": "error", "status": status, "retry_after": "7"}}
    assert tenant.admin("POST", "/faults", json=rule).status_code == 201

    answers = [caller.get("/Clients") for caller in callers]

    check(answers, status, code, "An error has occurred.")
    assert [a.headers["Retry-After"] for a in answers] == ["7", "7"]


@pytest.mark.live
@pytest.mark.observed("automate facts 2: paths are case-insensitive; a slash at the end is nothing")
@pytest.mark.parametrize(
    "path", ["/clients/100", "/CLIENTS/100/", "//Clients//100", "/Clients/0100"]
)
def test_paths_may_be_spelt_in_any_case(ask, path):
    assert [a.json for a in ask("GET", path)] == [a.json for a in ask("GET", "/Clients/100")]


@pytest.mark.observed("automate facts 1 and 2: so may the base")
@pytest.mark.parametrize("base", ["/CWA/API/V1", "/cwa/Api/v1/"])
def test_the_base_may_be_spelt_in_any_case(automate, base):
    answer = automate.client.get(f"{base}/Clients/100", headers=automate.headers)

    assert answer.json == automate.get("/Clients/100").json


@pytest.mark.assumed("HEAD is GET without its body (RFC 9110, section 9.3.2)")
@pytest.mark.parametrize("path", ["/Clients", "/Clients/100", "/Clients/999999"])
def test_head_is_get_without_the_body(automate, path):
    got, head = automate.get(path), automate.request("HEAD", path)

    assert (head.status_code, head.data) == (got.status_code, b"")
    assert dict(head.headers) == dict(got.headers)


@pytest.mark.assumed("OPTIONS tells the methods, to anybody (RFC 9110, section 9.3.7)")
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/Clients", "GET, HEAD, POST, OPTIONS"),
        ("/computers/5", "DELETE, GET, HEAD, PATCH, OPTIONS"),
        ("/apitoken", "GET, HEAD, POST, OPTIONS"),
    ],
)
def test_options_tells_the_methods(tenant, path, allowed):
    answer = tenant.client.options(f"{BASE}{path}")

    assert (answer.status_code, answer.data, answer.headers["Allow"]) == (204, b"", allowed)


@pytest.mark.assumed("OPTIONS on nothing is a 404 in the dialect of the token")
def test_options_on_nothing_is_not_found(ask):
    message = (
        f"No HTTP resource was found that matches the request URI 'http://localhost{BASE}/Nope'."
    )
    check(ask("OPTIONS", "/Nope"), 404, "NotFound", message)


@pytest.mark.assumed("a body that is no record is refused like one; no source tells")
@pytest.mark.parametrize(
    ("path", "sent", "name"),
    [
        ("/PatchActions/SetToTestStage", {"EntityType": []}, "EntityType"),
        ("/RemoteAgent/Installers", {"LocationId": "x"}, "LocationId"),
    ],
)
def test_an_actions_bad_body_names_what_is_wrong(automate, automate_observed, path, sent, name):
    documented, observed = (
        caller.post(path, json=sent) for caller in (automate, automate_observed)
    )

    assert (documented.status_code, observed.status_code) == (400, 400)
    assert documented.json["error"]["details"]["field"] == name
    assert list(observed.json["ModelState"]) == [name]
