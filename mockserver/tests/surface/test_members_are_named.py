"""Whatever a row shows, conditions, orders and projections name as it is shown."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from mockserver.tests.surface.lists import ALL, Asker, naming, scalars
from mockserver.tests.surface.test_automate_obeys_options import declared
from mockserver.tests.surface.test_every_operation import known, surveyor
from mockserver.tests.surface.test_list_parameters import lists
from mockserver.web.openapi import place

PROFILES = pytest.mark.parametrize("profile", ["documented", "observed"])
APIS = pytest.mark.parametrize("api", ["psa", "automate"])
CONDITIONS = {"psa": "conditions", "automate": "condition"}
PROJECTIONS = {"psa": "fields", "automate": "includeFields"}
#: What has members of a record's own, by names that no declaration tells (see DEVIATIONS.md).
FREE = ("ExtraData/", "DropdownSettings/AvailableOptions/")
#: What is computed from the clock when it is shown (see DEVIATIONS.md).
FLEETING = ("AlertAge",)
SAMPLE_STEPS = {"psa": 37, "automate": 19}


def askers(api: str, profile: str) -> Iterator[Asker]:
    """Yield who asks the lists of an interface."""
    if api == "automate":
        yield from declared(profile)
        return
    walk = surveyor(api, profile)
    for route in lists():
        yield Asker(walk, route, known(api).get((route.method, place(route.template))))


def unnamed(asker: Asker) -> Iterator[str]:
    """Yield what the rows of a list show and its parameters do not know."""
    api = asker.walk.checked.api
    rows = asker.answer(ALL).json
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return
    seen: set[str] = set()
    for row in rows:
        fresh = {name: value for name, value in _nameable(row).items() if name not in seen}
        if fresh:
            seen |= fresh.keys()
            told = [naming(api, *each, asker.route.resource) for each in fresh.items()]
            yield from _lost(asker, row, told)
    for name in seen:
        if asker.answer({"orderBy": name, "pageSize": "1"}).status_code != 200:
            yield f"{asker.route.template} orderBy {name}"
    tops = {name for row in rows for name in row}
    cut = asker.rows(**{PROJECTIONS[api]: ",".join(sorted(tops))})
    if cut != rows:
        yield f"{asker.route.template} {PROJECTIONS[api]} lose something"


def _nameable(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a row has a name for conditions; who wrote it and when stands at the top."""
    shown = ((name.removeprefix("_info/"), value) for name, value in scalars(row).items())
    beyond = (*FREE, *FLEETING)
    # What a reference tells besides its members is no member (psa facts 3.1).
    own = ((n, v) for n, v in shown if "/_info/" not in n and not n.endswith("_href"))
    return {n: v for n, v in own if not n.startswith(beyond)}


def _lost(asker: Asker, row: Mapping[str, Any], conditions: list[str]) -> Iterator[str]:
    """Yield which of some conditions do not find the row that they tell of."""
    name = CONDITIONS[asker.walk.checked.api]
    found = asker.answer({**ALL, name: " and ".join(conditions)})
    if not asker.is_filtered or (found.status_code == 200 and row in found.json):
        return
    for each in conditions:
        found = asker.answer({**ALL, name: each})
        if found.status_code != 200 or row not in found.json:
            yield f"{asker.route.template} {each}: {found.status_code} {found.text[:80]}"


@APIS
def test_a_sample_of_lists_knows_what_it_shows(api):
    some = list(askers(api, "documented"))[:: SAMPLE_STEPS[api]]
    assert not [fault for asker in some for fault in unnamed(asker)]


@pytest.mark.deep
@APIS
@PROFILES
def test_every_list_knows_what_it_shows(api, profile):
    assert not [fault for asker in askers(api, profile) for fault in unnamed(asker)]
