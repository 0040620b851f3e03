"""Every GET of Automate obeys the list options that it declares, in every spelling and dialect."""

from collections.abc import Iterator
from typing import Any

import pytest

from mockserver.automate.expansion import EXPANSIONS
from mockserver.tests.surface.lists import ALL, Asker, Rows, naming, scalars
from mockserver.tests.surface.test_every_operation import known, routes, surveyor
from mockserver.web.openapi import place

PROFILES = pytest.mark.parametrize("profile", ["documented", "observed"])
#: Every so many answers are enough to see at once that an option has lost its effect.
SAMPLE_STEP = 19
NOBODY = "987654321"
#: Lists of texts have no members: nothing can be named in an option.
BARE = ("/clients/{clientId}/permissions/{userClassId}",)
#: What sets patch jobs going.
JOBS = ("/PatchActions/DeployAllApproved", "/PatchActions/ReattemptFailed")


def declared(profile: str) -> Iterator[Asker]:
    """Yield who asks what declares list options, and what only the guide lists."""
    walk = surveyor("automate", profile)
    for each in JOBS:
        walk.checked.call("POST", each, json={"EntityType": 1, "EntityId": 97})
    for route in routes("automate"):
        operation = known("automate").get((route.method, place(route.template)))
        names = {each.name for each in operation.parameters} if operation else set()
        is_list = operation is None and not route.template.endswith("}") and not route.public
        if route.method == "GET" and ("options.condition" in names or is_list):
            yield Asker(walk, route, operation)


def faulty(asker: Asker) -> Iterator[str]:
    """Yield which options do not what they should."""
    first = asker.answer(ALL)
    if first.status_code == 404 and asker.operation is None:
        return  # the guide's own, which the observed API has not
    if isinstance(first.json, str):
        return
    if isinstance(first.json, dict):
        checks = ONE
    elif asker.route.template in BARE:
        checks = PAGES
    else:
        checks = PAGES | LIST if first.json else NONE
    for name, check in checks.items():
        try:
            fine, why = check(asker, first.json), ""
        except AssertionError as error:
            fine, why = False, str(error)[:400]
        if not fine:
            yield f"{asker.route.template} {name}: {why}"


# -- the options ---------------------------------------------------------------------------------


def _page(asker: Asker, rows: Rows) -> bool:
    flat = asker.got(page="2", pageSize="1") == rows[1:2]
    return flat and asker.got(**{"options.page": "2", "options.pageSize": "1"}) == rows[1:2]


def _unknown(asker: Asker, _rows: Rows) -> bool:
    names = [{"orderBy": "NoSuchField"}, {"options.orderBy.name": "NoSuchField"}]
    if asker.is_filtered:
        names += [{each: "NoSuchField = 1"} for each in ("condition", "options.condition")]
    return all(asker.refuses(**each) for each in names)


def _condition(asker: Asker, rows: Rows) -> bool:
    if not asker.is_filtered:
        return asker.rows(condition="Nonsense") == rows
    name, value = next(iter(scalars(rows[-1]).items()))
    fitting = [row for row in rows if scalars(row).get(name) == value]
    spelt = ("condition", "options.condition")
    return all(asker.rows(**{each: naming("automate", name, value)}) == fitting for each in spelt)


def _order(asker: Asker, rows: Rows) -> bool:
    name = next(iter(scalars(rows[0])))
    there = [row for row in rows if name in scalars(row)]
    down = sorted(there, key=lambda row: _worth(scalars(row)[name]), reverse=True)
    dotted = {"options.orderBy.name": name, "options.orderBy.type": "Descending"}
    found = [asker.rows(orderBy=f"{name} desc"), asker.rows(**dotted)]
    return all(each[: len(down)] == down for each in found)


def _worth(value: Any) -> Any:
    digits = isinstance(value, str) and value.isdigit()
    return int(value) if digits else value.casefold() if isinstance(value, str) else value


def _shown(asker: Asker, rows: Rows) -> bool:
    name = next(iter(rows[0]))
    kept = all(set(row) <= {name} for row in asker.rows(includeFields=name))
    # The binder's spelling is taken and does nothing (automate facts 35).
    ignored = asker.rows(**{"options.includedFields": name}) == rows
    return kept and ignored and name in asker.rows(includeFields=name)[0]


def _hidden(asker: Asker, rows: Rows) -> bool:
    name = next(iter(rows[0]))
    gone = not any(name in row for row in asker.rows(excludeFields=name))
    return gone and asker.rows(**{"options.excludedFields": name}) == rows


def _ids(asker: Asker, rows: Rows) -> bool:
    spelt = ("ids", "options.ids")
    if any(asker.rows(**{each: NOBODY}) for each in spelt):
        return False
    key = asker.route.resource.key.casefold() if asker.route.resource else ""
    shown = next((name for name in rows[0] if name.casefold() == key), None)
    if shown is None:
        return True
    wanted = f"{rows[0][shown]},{rows[-1][shown]}"
    ends = [row for row in rows if row[shown] in {rows[0][shown], rows[-1][shown]}]
    return all(asker.rows(**{each: wanted}) == ends for each in spelt)


def _expand(asker: Asker, rows: Rows) -> bool:
    path = asker.route.resource.path if asker.route.resource else ""
    spelt = ("expand", "options.expands")
    if path not in EXPANSIONS or "/Groups/{id}/" in asker.route.template:
        return all(asker.rows(**{each: "Nothing"}) == rows for each in spelt)
    return all(
        name in row
        for name in EXPANSIONS[path]
        for each in spelt
        for row in asker.rows(**{each: name})
    )


def _timeout(asker: Asker, rows: Rows) -> bool:
    return asker.rows(**{"options.timeout": "1"}) == rows


def _nothing(asker: Asker, _rows: Rows) -> bool:
    return asker.got(pageSize="1", orderBy="", condition="") == []


def _one_shown(asker: Asker, record: Any) -> bool:
    name = next(iter(record))
    return set(asker.got(includeFields=name)) == {name}


def _one_hidden(asker: Asker, record: Any) -> bool:
    name = next(iter(record))
    return name not in asker.got(excludeFields=name)


PAGES = {"page": _page, "unknown names": _unknown}
LIST = {
    "condition": _condition,
    "orderBy": _order,
    "includeFields": _shown,
    "excludeFields": _hidden,
    "ids": _ids,
    "expand": _expand,
    "timeout": _timeout,
}
ONE = {"includeFields": _one_shown, "excludeFields": _one_hidden}
NONE = {"unknown names": _unknown, "page": _nothing}


@PROFILES
def test_a_sample_of_answers_obeys_all_options(profile):
    askers = list(declared(profile))[::SAMPLE_STEP]
    assert not [fault for asker in askers for fault in faulty(asker)]


@pytest.mark.deep
@PROFILES
def test_every_answer_obeys_all_options(profile):
    assert not [fault for asker in declared(profile) for fault in faulty(asker)]
