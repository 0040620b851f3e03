"""Answers to facts are held against the description of what is emulated."""

from dataclasses import replace

import pytest

from mockserver.checks.command import Wanted, chosen
from mockserver.checks.exchange import Exchange
from mockserver.checks.run import findings
from mockserver.checks.schemas import Description, descriptions
from mockserver.checks.targets import Emulated

TICKET = "/v4_6_release/apis/3.0/service/tickets/5001"


@pytest.fixture(scope="module")
def emulated():
    emulated = Emulated()
    yield emulated
    emulated.close()


@pytest.fixture(scope="module")
def described(emulated):
    return descriptions(emulated.document)


@pytest.fixture(scope="module")
def psa(described):
    return described("psa", "documented")


def test_most_answers_to_facts_have_a_schema_and_follow_it(emulated, described):
    found = findings(emulated.target(), chosen(Wanted()), writes=True, described=described)

    assert [each.differences for each in found if each.differences] == []
    held = [
        described(each.fact.api, each.profile)._schema(exchange) is not None
        for each in found
        for exchange in each.found.exchanges
    ]
    assert sum(held) > 0.8 * len(held)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"id": "5001"}, "$.id: '5001' is not of type"),
        ({"id": 5001, "company": [1]}, "$.company: [1] is not of type"),
        ([{"id": 5001}], "$: [{'id': 5001}] is not of type"),
    ],
)
def test_an_answer_of_another_form_is_told_with_its_place(psa, body, told):
    (fault,) = psa.faults(Exchange("GET", f"{TICKET}?fields=id", 200, body=body))

    assert fault.startswith(f"GET {TICKET} against its description: {told}")


@pytest.mark.parametrize(
    "exchange",
    [
        Exchange("GET", TICKET, 200, body={"id": 5001}),
        Exchange("GET", TICKET.replace("v4_6_release", "v2026_1"), 200, body={"id": 5001}),
        Exchange("GET", TICKET, 418, body={"id": "x"}),
        Exchange("GET", "/elsewhere", 200, body={"id": "x"}),
        Exchange("GET", TICKET, 200, body="<html>", is_json=False),
        Exchange("DELETE", TICKET, 204),
    ],
    ids=lambda each: f"{each.method} {each.path} {each.status}",
)
def test_where_the_description_is_silent_nothing_is_wrong(psa, exchange):
    assert psa.faults(exchange) == []


def test_what_was_masked_is_not_held_against_a_type():
    answer = {
        "content": {"application/json": {"schema": {"properties": {"key": {"type": "null"}}}}}
    }
    paths = {"/x": {"get": {"responses": {"200": answer}}}}
    description = Description({"servers": [{"url": "/"}], "paths": paths})

    assert description.faults(Exchange("GET", "/x", 200, body={"key": "***"})) == []
    assert description.faults(Exchange("GET", "/x", 200, body={"key": "?"}))


def test_a_fact_that_holds_differs_when_its_answer_has_another_form(emulated):
    facts = [pair for pair in chosen(Wanted(profile="documented")) if pair[0].api == "psa"][:1]
    strict = {"application/json": {"schema": {"type": "null"}}}
    document = emulated.document("psa", "documented")
    for item in document["paths"].values():
        for method in item.keys() & {"get"}:
            item[method]["responses"]["200"] = {"content": strict}

    (found,) = findings(emulated.target(), facts, described=lambda *_: Description(document))

    assert (found.found.verdict, found.verdict) == ("agree", "differ")
    assert "against its description" in found.why
    assert replace(found, differences=()).verdict == "agree"
