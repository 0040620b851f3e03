"""The pages about exchanges and data, without a browser: what they make of what they know."""

import re

import pytest

from mockserver import World, create_app
from mockserver.core.deliveries import Outcome

PSA = "/v4_6_release/apis/3.0"
TICKETS = f"{PSA}/service/tickets"
CALLER = {"auth": ("company+publickey", "privatekey"), "headers": {"clientId": "any"}}


@pytest.fixture
def world():
    return World.seeded(42, size="tiny", frozen=True)


@pytest.fixture
def http(world):
    return create_app(world).test_client()


def shown(http, path):
    """Return the text of a page, without its marks."""
    answer = http.get(f"/_mock/pages/{path}")
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_parameters_are_shown_as_they_were_meant(http):
    http.get(
        TICKETS, query_string={"conditions": "id > 0 and summary != 'ä'", "fields": ""}, **CALLER
    )

    page = shown(http, "traffic/1")

    assert "Parameters conditions id &gt; 0 and summary != &#39;ä&#39; fields" in page


def test_the_page_tells_why_also_where_no_header_does():
    http = create_app(World.seeded(42, size="tiny", hints=False)).test_client()
    answer = http.get(TICKETS, query_string={"conditions": "sumary=1"}, **CALLER)

    assert "X-Mock-Hint" not in answer.headers
    assert "Closest: summary." in shown(http, "traffic/1")
    assert "Closest: summary." in shown(http, "traffic")


@pytest.mark.parametrize("frozen", [True, False])
def test_an_exchange_shows_the_callbacks_that_it_caused_and_no_others(frozen):
    world = World.seeded(42, size="tiny", frozen=frozen)
    http = create_app(world).test_client()
    world.ground.send = lambda _message, _timeout_s: Outcome(status=204)
    subscription = {"url": "http://127.0.0.1:9/hook?id=", "objectId": 1, "type": "ticket"}
    http.post(f"{PSA}/system/callbacks", json={**subscription, "level": "owner"}, **CALLER)
    for summary in ("one", "two"):
        http.post(TICKETS, json={"summary": summary, "company": {"id": 12345}}, **CALLER)

    first, second = (re.findall(r"Delivery (\d+)", shown(http, f"traffic/{n}")) for n in (2, 3))

    assert (first, second) == (["1"], ["2"])


def test_a_read_says_nothing_of_callbacks_and_a_write_without_any_says_so(http):
    http.get(f"{TICKETS}/5000", **CALLER)
    http.post(TICKETS, json={"summary": "one", "company": {"id": 12345}}, **CALLER)

    assert "Callbacks that it caused" not in shown(http, "traffic/1")
    assert "None: nobody has subscribed" in shown(http, "traffic/2")


def test_a_body_that_is_no_text_is_told_from_none(http):
    http.post(TICKETS, data=b"\0\xff\xfe", content_type="application/json", **CALLER)
    http.get(f"{TICKETS}/5000", **CALLER)

    assert "A body of 3 bytes that is not text." in shown(http, "traffic/1")
    assert "No body." in shown(http, "traffic/2")


def test_coverage_counts_operations_and_not_addresses(http):
    http.patch("/_mock/limits", json={"psa": {"requests": 2}})
    for number in (5000, 5001, 5002):
        http.get(f"{TICKETS}/{number}", **CALLER)
    http.get(f"{TICKETS}/5000")
    http.head(f"{PSA}/no/where", **CALLER)

    page = shown(http, "coverage")

    assert "1 of " in page
    assert "psa GET /service/tickets/{id} 4 2" in page
    assert "Asked for, and no operation psa GET /no/where , 1 time" in page


def test_a_collection_tells_its_rows_its_fields_and_what_lies_below_a_record(http):
    page = shown(http, "data/psa/service/tickets")
    total = http.get(f"{TICKETS}/count", **CALLER).json["count"]

    assert f"Page 1; {total} rows" in page
    assert "summary" in page.split("Fields that a condition may name")[1].split("Condition")[0]
    link = "/_mock/pages/data/psa/service/tickets/5000/notes?tenant=default"
    assert link in http.get("/_mock/pages/data/psa/service/tickets").text
    assert "service/tickets/5000/notes psa" in shown(http, "data/psa/service/tickets/5000/notes")


def test_only_what_can_be_listed_is_a_collection_of_the_first_page(http):
    paths = re.findall(r"pages/data/(\w+/[^?]+)\?", http.get("/_mock/pages/data").text)

    assert {"psa/service/tickets", "automate/Computers"} <= set(paths)
    assert not [path for path in paths if path.endswith(("/count", "/default", "/testConnection"))]
    assert all(http.get(f"/_mock/pages/data/{path}").status_code == 200 for path in paths[::25])


@pytest.mark.parametrize("before", ["x", "-1", "1e3", "9" * 30])
def test_an_id_to_look_before_is_one_or_refused(http, before):
    assert http.get(f"/_mock/pages/traffic?before={before}").status_code == 200


def test_the_report_card_leads_back(http):
    assert "href='pages/traffic?tenant=default'" in http.get("/_mock/report.html").text
