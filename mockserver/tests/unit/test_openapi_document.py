"""The published descriptions: valid, complete, the same every time."""

import re
from collections import Counter

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from mockserver.core.catalogue import Catalogue
from mockserver.psa import openapi as psa_openapi
from mockserver.psa.profile import PROFILES as PSA_PROFILES
from mockserver.tests.openapi_support import (
    automate_routes,
    document,
    operations,
    psa_routes,
    resolved,
)
from mockserver.web import openapi as generic
from mockserver.web.openapi import place
from mockserver.web.routes import Route

ROUTES = {"psa": psa_routes, "automate": automate_routes}
BOTH = pytest.mark.parametrize("api", ["psa", "automate"])
ALL = pytest.mark.parametrize(
    ("api", "profile"),
    [(api, profile) for api in ("psa", "automate") for profile in ("documented", "observed")],
)


def references(node):
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == "$ref")
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from references(each)


def valid(described):
    return list(OpenAPIV31SpecValidator(described).iter_errors()) == []


def time_routes():
    return [
        r
        for r in psa_routes()
        if r.template.startswith(("/login", "/system/callbackkey", "/time/work"))
    ]


# -- as a whole ---------------------------------------------------------------------------------


def test_some_psa_operations_are_valid_openapi():
    assert valid(psa_openapi.document(time_routes(), Catalogue.load("mockserver.psa")))


def test_the_automate_description_is_valid_openapi():
    assert valid(document("automate"))


@pytest.mark.deep
@pytest.mark.parametrize(("api", "profile"), [("psa", "documented"), ("automate", "observed")])
def test_whole_descriptions_are_valid_openapi(api, profile):
    assert valid(document(api, profile))


@ALL
def test_every_reference_leads_somewhere(api, profile):
    described = document(api, profile)
    for reference in set(references(described)):
        assert isinstance(resolved(described, {"$ref": reference}), dict), reference


@ALL
def test_component_names_are_ones_that_openapi_allows(api, profile):
    for section in document(api, profile)["components"].values():
        assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in section)


def test_the_same_declarations_give_the_same_document():
    first, second = (
        psa_openapi.document(psa_routes(), Catalogue.load("mockserver.psa")) for _ in range(2)
    )
    assert repr(first) == repr(second)


@BOTH
def test_every_served_operation_is_described_and_no_other(api):
    served = {(r.method, place(r.template)) for r in ROUTES[api]()}
    described = {(method, place(path)) for method, path, _ in operations(document(api))}
    assert described == served


@BOTH
def test_no_two_paths_are_the_same_but_for_their_spelling(api):
    paths = document(api)["paths"]
    assert len({place(path) for path in paths}) == len(paths)


@BOTH
def test_operation_ids_are_unique_names(api):
    ids = Counter(o["operationId"] for _, _, o in operations(document(api)))
    assert ids.most_common(1)[0][1] == 1
    assert all(re.fullmatch(r"[a-z]+[A-Za-z0-9]+", each) for each in ids)


@BOTH
def test_every_operation_says_how_it_is_known_and_where_it_belongs(api):
    described = document(api)
    tags = {each["name"] for each in described["tags"]}
    for _, path, operation in operations(described):
        assert operation["x-evidence"] in {"observed", "documented", "assumed"}, path
        assert set(operation["tags"]) <= tags, path
        assert operation["summary"], path


@BOTH
def test_every_id_of_a_path_is_declared(api):
    for _, path, operation in operations(document(api)):
        declared = [p["name"] for p in operation.get("parameters", []) if p.get("in") == "path"]
        assert declared == re.findall(r"\{([^}]*)\}", path)


@BOTH
def test_the_whole_catalogue_can_be_described(api):
    catalogue = Catalogue.load(f"mockserver.{api}")
    routes = [
        Route(o.method, o.template, lambda _: None, o.resource and catalogue.resource(o.resource))
        for o in catalogue.operations()
    ]
    vendor = psa_openapi.vendor(PSA_PROFILES["documented"])
    described = generic.document(routes, catalogue, vendor)
    assert all(resolved(described, {"$ref": each}) for each in set(references(described)))
    ids = Counter(o["operationId"] for _, _, o in operations(described))
    assert ids.most_common(1)[0][1] == 1
    assert {place(path) for path in described["paths"]} == {place(r.template) for r in routes}


# -- in particular ------------------------------------------------------------------------------


def test_what_a_create_needs_is_required_there_only():
    schemas = document("psa")["components"]["schemas"]
    assert "company" in schemas["TicketCreate"]["required"]
    assert "required" not in schemas["Ticket"]
    needed = schemas["AgreementUpdate"]["allOf"][1]["required"]
    assert "billTime" in needed
    assert "billTime" not in schemas["AgreementCreate"]["required"]


def test_what_is_only_sent_is_not_shown():
    schemas = document("psa")["components"]["schemas"]
    assert schemas["TicketCreate"]["properties"]["initialDescription"]["writeOnly"]
    assert "initialDescription" not in schemas["Ticket"]["properties"]


def test_lengths_enumerations_and_what_the_server_keeps_are_told():
    shown = document("psa")["components"]["schemas"]["Ticket"]["properties"]
    assert shown["summary"] == {"type": "string", "maxLength": 100}
    assert "ServiceTicket" in shown["recordType"]["enum"]
    assert shown["id"]["readOnly"]
    assert shown["company"] == {"$ref": "#/components/schemas/CompanyReference"}
    assert shown["_info"]["readOnly"]


def test_what_is_required_cannot_be_null_and_what_is_not_can():
    sent = document("psa")["components"]["schemas"]["TicketCreate"]["properties"]
    assert sent["summary"]["type"] == "string"
    assert sent["zip"]["type"] == ["string", "null"]


def test_the_two_vendors_read_different_patches():
    psa = document("psa")["paths"]["/service/tickets/{id}"]["patch"]
    automate = document("automate")["paths"]["/Clients/{id}"]["patch"]
    document_only = {"$ref": "#/components/schemas/PatchDocument"}
    assert psa["requestBody"]["content"]["application/json"]["schema"] == document_only
    forms = automate["requestBody"]["content"]["application/json"]["schema"]["anyOf"]
    assert forms == [document_only, {"$ref": "#/components/schemas/ClientChange"}]


def test_the_dialects_of_automate_have_models_of_their_own():
    documented, observed = (
        document("automate", profile)["components"]["schemas"]["Computer"]["properties"]
        for profile in ("documented", "observed")
    )
    assert documented["ComputerID"]["type"] == "integer"
    assert observed["Id"]["type"] == "string"
    assert "ComputerName" in observed
    assert "ComputerName" not in documented


def test_headers_are_those_of_the_profile():
    for profile, expected in (("documented", True), ("observed", False)):
        answer = document("psa", profile)["paths"]["/service/tickets"]["get"]["responses"]["200"]
        assert ("X-RateLimit-Limit" in answer["headers"]) is expected
        assert ("X-Total-Count" in answer["headers"]) is expected
        assert "Link" in answer["headers"]


def test_only_public_operations_need_no_credentials():
    for api, routes in ROUTES.items():
        public = {place(r.template) + r.method for r in routes() if r.public}
        described = operations(document(api))
        free = {place(path) + method for method, path, o in described if o.get("security") == []}
        assert free == public


def test_routes_that_differ_in_the_kind_of_id_share_a_path():
    routes = [
        Route("GET", "/system/members/{id}", lambda _: None),
        Route("GET", "/system/members/{memberIdentifier}", lambda _: None),
    ]
    paths = psa_openapi.document(routes, Catalogue.load("mockserver.psa"))["paths"]
    assert list(paths) == ["/system/members/{id}"]
    schema = paths["/system/members/{id}"]["get"]["parameters"][0]["schema"]
    assert schema == {"type": ["integer", "string"]}


def test_servers_are_relative_unless_told_otherwise():
    routes = time_routes()
    catalogue = Catalogue.load("mockserver.psa")
    here = psa_openapi.document(routes, catalogue)
    there = psa_openapi.document(routes, catalogue, base="http://localhost:8000")
    assert here["servers"][0]["url"] == "/{codebase}/apis/3.0"
    assert there["servers"][0]["url"] == "http://localhost:8000/{codebase}/apis/3.0"
    login = there["paths"]["/login/companyinfo/{companyId}"]
    assert login["servers"] == [{"url": "http://localhost:8000"}]
    (keys,) = there["paths"]["/system/callbackkey/index.rails"]["servers"]
    assert keys["url"] == "http://localhost:8000/{codebase}"
