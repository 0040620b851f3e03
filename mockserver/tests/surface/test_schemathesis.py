"""Requests that schemathesis makes of the published descriptions are answered as these say."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mockserver import World, create_app
from mockserver.tests import openapi_support
from mockserver.tests.openapi_support import Checked, document, operations

APIS = pytest.mark.parametrize("api", ["psa", "automate"])
CHECKED = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
#: What would end the session that all the others need.
SPARED = frozenset(
    {
        ("POST", "/APIToken/Disable"),
        ("POST", "/system/members/{id}/deactivate"),
        ("POST", "/system/members/{ssoid}/deactivateIamMember"),
        ("DELETE", "/Users/{userId}"),
    }
)
PROFILES = pytest.mark.parametrize("profile", ["documented", "observed"])
PARTS = 12
SAMPLE_STEPS = {"psa": 131, "automate": 23}


class Place(NamedTuple):
    """One operation of a description."""

    path: str
    method: str


class Run(NamedTuple):
    """What came of many requests: how often which status, and what was wrong."""

    statuses: Counter[int]
    wrong: list[str]


@cache
def places(api: str) -> tuple[Place, ...]:
    """Return every operation, in a fixed order."""
    found = (Place(path, method) for method, path, _ in operations(document(api)))
    return tuple(sorted(each for each in found if (each.method, each.path) not in SPARED))


def requested(api: str, those: Iterable[Place], each: int, profile: str = "documented") -> Run:
    """Send *each* requests to every one of *those* operations, in a world of their own."""
    world = World.seeded(42, profile=profile, quota=(None, 60.0), frozen=True)
    app = create_app(world)
    checked: Checked = getattr(openapi_support, api)(profile, app.test_client())
    schema: Any = schemathesis.openapi.from_dict(checked.described)
    schema.app = app
    run = Run(Counter(), [])
    for place in those:
        _request(schema[place.path][place.method], checked.headers, each, run)
    return run


def _request(operation: Any, headers: dict[str, str], most: int, run: Run) -> None:
    @seed(42)
    @settings(
        max_examples=most,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        # Every other request asks for what most probably exists.
        if sum(run.statuses.values()) % 2:
            case.path_parameters = {n: _first(v) for n, v in (case.path_parameters or {}).items()}
        answer = case.call(headers=headers)
        run.statuses[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKED)
        except FailureGroup as error:  # the others go on
            run.wrong.append(f"{operation.label}: {str(error)[:800]}")

    send()


def _first(value: Any) -> Any:
    return 1 if isinstance(value, int) else value


@APIS
def test_a_sample_of_operations_keeps_its_description(api):
    run = requested(api, places(api)[:: SAMPLE_STEPS[api]], each=2)
    assert not run.wrong
    assert run.statuses.total() > 20


@pytest.mark.deep
@APIS
@PROFILES
@pytest.mark.parametrize("part", range(PARTS))
def test_every_operation_keeps_its_description(api, part, profile, record_property):
    run = requested(api, places(api)[part::PARTS], each=6, profile=profile)
    for status, count in sorted(run.statuses.items()):
        record_property(f"status {status}", count)
    print(f"{api} {profile} {part}: {run.statuses.total()} requests, {len(run.wrong)} wrong")  # noqa: T201
    assert not run.wrong
