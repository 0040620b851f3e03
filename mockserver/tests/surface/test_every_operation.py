"""Every operation of both catalogues answers as described: once with success, once with refusal."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import pytest

from mockserver import World, create_app
from mockserver.core.operation import Operation
from mockserver.tests import openapi_support
from mockserver.tests.integration.world_history import put, served, state
from mockserver.tests.openapi_support import Checked, automate_routes, catalogue, psa_routes
from mockserver.tests.surface.every_operation import Surveyor
from mockserver.web.openapi import place
from mockserver.web.routes import Route

PROFILES = pytest.mark.parametrize("profile", ["documented", "observed"])
APIS = pytest.mark.parametrize("api", ["psa", "automate"])
ORDER = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: Every so many operations are enough to see at once that something general has broken.
SAMPLE_STEP = 37
#: What cannot succeed with whatever record comes first, by how it ends.
HINDERED = (
    # a company or contact has a type once
    "typeAssociations",
    "TypeAssociations",
    # a target has the fields of its own kind only
    "ExtraFields/{extraFieldDefinitionId}",
    "ExtraDataFields/{edfId}",
    # the walk knows no password
    "/APIToken",
    "/APICredentials",
    "/callbackkey/index.rails",
    "/members/{memberIdentifier}/tokens",
    "/Refresh",
    # these are in use
    "/Clients/{id}",
    # its location has lost its probe by then
    "/ProbeConfiguration/{probeConfigurationId}/AgentPushCredentials",
    "/Locations/{id}",
    "/procurement/invoicegrouping/{id}",
    # there is none with the first number
    "/Computers/{computerId}/CommandPrompt",
    "/Scripts/Executions",
    "/Scripts/Executions/{executionId}",
    "/Cancel",
    # only the guide has these
    "/Patches",
    "/Antivirus",
    "/Execute",
    "/uninstall",
    "/Monitors/{monitorId}/Status",
    "/Computers/{computerId}/Monitors",
    # the first alert is resolved; the observed API has none of these
    "/Acknowledge",
    "/Resolve",
    "/Notes",
    "/Suppress",
    "/History",
    "/CreateTicket",
    "/BulkAcknowledge",
    "/Scripts/{id}/Executions",
    "/Monitors/Status",
    "/Monitors/Templates",
    "/Monitors/Templates/{templateId}",
    "/Groups/{groupId}/Monitors",
    # its parameters are kept in more detail than the observed API shows them
    "/Scripts",
)
#: What answers whatever is asked for: there is nothing to refuse.
INDIFFERENT = (
    "/APIToken",
    "/ProbeConfiguration/{probeConfigurationId}/AgentPushCredentials",
    "/login/companyinfo/{companyId}",
    "/login/login.aspx",
    "/system/reports/{reportName}/count",
)


def routes(api: str) -> list[Route]:
    """Return all operations, reads first and deletes last, children before their parents."""
    found = psa_routes() if api == "psa" else automate_routes()
    return sorted(found, key=lambda r: (ORDER.index(r.method), -r.template.count("/")))


@cache
def known(api: str) -> Mapping[tuple[str, str], Operation]:
    return {(each.method, place(each.template)): each for each in catalogue(api).operations()}


def surveyor(api: str, profile: str) -> Surveyor:
    """Return a walk through a world of its own."""
    world = World.seeded(42, profile=profile, quota=(None, 60.0), frozen=True)
    client = create_app(world).test_client()
    checked: Checked = getattr(openapi_support, api)(profile, client)
    return Surveyor(checked, world.default)


def walked(walk: Surveyor, those: Iterable[Route]) -> Iterator[str]:
    """Yield what is not as it should be."""
    api = walk.checked.api
    for route in those:
        operation = known(api).get((route.method, place(route.template)))
        try:
            done, refused = walk.succeed(route, operation), walk.refused(route, operation)
        except AssertionError as error:
            # What only the guide has may be refused where no id could be unknown.
            if not route.template.endswith(HINDERED):
                yield str(error)[:600]
            continue
        told = f"{route.method} {route.template}"
        # The guide has operations that the observed API has not.
        is_known = done.status_code == 405 or route.template.endswith(HINDERED)
        if done.status_code >= 300 and not is_known:
            yield f"{told} fails: {done.status_code} {done.text[:300]}"
        if not 400 <= refused.status_code < 500 and route.template not in INDIFFERENT:
            yield f"{told} refuses nothing: {refused.status_code} {refused.text[:300]}"


@APIS
def test_a_sample_of_operations_answers_as_described(api):
    assert not list(walked(surveyor(api, "documented"), routes(api)[::SAMPLE_STEP]))


@pytest.mark.deep
@APIS
@PROFILES
def test_every_operation_answers_as_described_and_leaves_a_state_that_can_be_shared(api, profile):
    walk = surveyor(api, profile)
    assert not list(walked(walk, routes(api)))

    archive, other = state(walk.checked.client), served(size="tiny")
    taken = put(other, archive)
    assert taken.status_code == 200, taken.text
    assert state(other) == archive


def test_an_operation_that_fails_is_told():
    walk = surveyor("psa", "documented")
    walk.checked.headers["Authorization"] = openapi_support.basic("company+publickey:wrong")
    sources = [each for each in routes("psa") if each.template == "/service/sources"][:1]
    assert "fails: 401" in next(walked(walk, sources))
