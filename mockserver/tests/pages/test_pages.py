"""Every page, without a browser: what it says, and that hostile text stays text."""

import re
from dataclasses import replace

import pytest

from mockserver import World, create_app
from mockserver.core.deliveries import Outcome

TICKETS = "/v4_6_release/apis/3.0/service/tickets"
CALLER = {"auth": ("company+publickey", "privatekey"), "headers": {"clientId": "any"}}
HOSTILE = "<script>alert('é')</script>\"'&"
PAGES = ("traffic", "limits", "clock", "faults", "callbacks", "data", "tenants", "coverage")


@pytest.fixture
def world():
    return World.seeded(42, frozen=True)


@pytest.fixture
def http(world):
    return create_app(world).test_client()


def text(http, path):
    answer = http.get(f"/_mock/{path}")
    assert answer.status_code == 200, answer.text
    return answer.text


def newest(http):
    return http.get("/_mock/requests?limit=1").json["requests"][0]["id"]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_menu_is_there_and_loads_nothing_from_elsewhere(http, name):
    page = http.get(f"/_mock/pages/{name}")

    assert page.status_code == 200
    assert page.mimetype == "text/html"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", page.text)
    assert 'aria-current="page"' in page.text


def test_the_root_is_a_page_for_people_and_a_list_for_programs(http):
    assert http.get("/_mock/").mimetype == "text/html"
    assert http.get("/_mock/", headers={"Accept": "text/html,*/*;q=0.8"}).mimetype == "text/html"
    assert http.get("/_mock/", headers={"Accept": "application/json"}).json["name"] == "cwmock"


@pytest.mark.parametrize(
    "path",
    ["traffic/999", "limits?tenant=nobody", "traffic?tenant=nobody", "data/psa/x?tenant=nobody"],
)
def test_what_is_not_there_is_a_page_with_status_404(http, path):
    answer = http.get(f"/_mock/pages/{path}")

    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_hostile_text_stays_text_on_every_page_that_shows_it(http):
    http.post(TICKETS, query_string={"x": HOSTILE}, json={"summary": HOSTILE}, **CALLER)
    entry = newest(http)
    http.post(
        "/_mock/faults",
        json={"path": HOSTILE, "effect": {"kind": "error", "status": 500, "message": HOSTILE}},
    )
    pages = (
        "pages/traffic",
        f"pages/traffic/{entry}",
        "pages/faults",
        f"pages/data/psa/service/tickets?condition={HOSTILE}",
        f"pages/data?search={HOSTILE}",
        f"pages/traffic?search={HOSTILE}",
    )

    for path in pages:
        assert "<script>alert" not in text(http, path), path


def test_no_text_is_turned_round_where_json_is_shown(http):
    turned = "\u202egnp.exe\u2066"
    http.post(TICKETS, json={"summary": turned}, **CALLER)
    effect = {"kind": "error", "status": 500, "message": f"<b>{turned}"}
    http.post("/_mock/faults", json={"path": "/x", "effect": effect})
    shown = [text(http, f"pages/traffic/{newest(http)}"), text(http, "pages/faults")]

    assert all("\\u202egnp.exe\\u2066" in page for page in shown)
    assert "&lt;b&gt;" in shown[1]


def test_an_exchange_tells_why_and_what_each_part_of_the_condition_keeps(http):
    http.get(TICKETS, query_string={"conditions": 'summary="none such" and id>0'}, **CALLER)

    page = text(http, f"pages/traffic/{newest(http)}")

    assert "<strong>Why?</strong> Of " in page
    assert "summary = &#34;none such&#34;</code> <strong>0 rows</strong>" in page
    assert "Basic company+publickey:***" in page


def test_the_copies_carry_credentials_that_work(http):
    http.get(f"{TICKETS}?pageSize=1", **CALLER)

    page = text(http, f"pages/traffic/{newest(http)}")

    found = re.search(r"Authorization: (Basic [A-Za-z0-9+/=]+)", page)
    assert found
    headers = {"Authorization": found[1], "clientId": "any"}
    assert http.get(TICKETS, headers=headers).status_code == 200


def test_a_condition_that_cannot_be_read_is_underlined_where_reading_stopped(http):
    page = text(http, "pages/data/psa/service/tickets?condition=id>0 and sumary=1")

    assert "id&gt;0 and <mark>sumary=1</mark>" in page
    assert "Closest: summary." in page


@pytest.mark.parametrize("path", ["psa/company/companies", "automate/Computers"])
def test_data_is_browsed_without_spending_a_quota_or_leaving_a_trace(http, path):
    assert "whole" in text(http, f"pages/data/{path}")

    assert http.get("/_mock/requests").json["requests"] == []


def test_the_gauges_show_what_each_key_has_spent(http):
    for _ in range(3):
        http.get(TICKETS, **CALLER)

    assert "3 of 60 spent" in text(http, "pages/limits")


def test_penalties_are_drawn_over_time_against_what_came_in_them(http):
    http.patch("/_mock/limits", json={"psa": {"requests": 2, "window_seconds": 10}})
    for _ in range(4):
        http.get(TICKETS, **CALLER)
        http.post("/_mock/clock", json={"advance": 1})

    page = text(http, "pages/limits")
    boxes = [
        (kind, *map(float, place))
        for kind, *place in re.findall(
            r'<rect class="([a-z-]+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"',
            page,
        )
    ]

    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert "psa publickey: 4 requests, 2 of them refused, told to keep still for another" in told
    assert "50 s ago" in told
    assert [kind for kind, *_ in boxes] == ["told", "answered", "answered", *["turned-away"] * 2]
    assert all(0 <= x <= x + width <= 1_000 for _, x, _, width, _ in boxes)
    assert all(0 <= y <= y + height <= 60 for _, _, y, _, height in boxes)
    (_, start, _, width, _), *_, last = boxes
    assert start <= last[1] <= start + width, "the last one came although it was to keep still"


def test_a_key_that_has_been_quiet_for_five_windows_is_not_drawn(http):
    http.get(TICKETS, **CALLER)
    http.post("/_mock/clock", json={"advance": 301})

    assert "Nobody came in the last five windows" in text(http, "pages/limits")


@pytest.fixture
def delivered(http, world):
    """Let a callback be delivered, and return its delivery as the outbox keeps it."""
    world.ground.send = lambda _message, _timeout_s: Outcome(status=204)
    subscription = {"url": "http://127.0.0.1:9/hook?id=", "objectId": 1}
    http.post(
        "/v4_6_release/apis/3.0/system/callbacks",
        json={**subscription, "type": "ticket", "level": "owner"},
        **CALLER,
    )
    http.post(TICKETS, json={"summary": "told", "company": {"id": 12345}}, **CALLER)
    (delivery,) = world.default.webhooks.outbox.newest()
    return delivery


def test_a_delivery_tells_that_its_signature_is_right_and_where_the_key_is(http, delivered):
    page = text(http, "pages/callbacks")

    size = len(delivered.message.body.encode())
    assert re.search(rf"<strong[^>]*>Right</strong> for these {size} bytes", page)
    (url,) = re.findall(r'<a[^>]* href="([^"]+callbackkey[^"]+)"', page)
    assert "signing_key" in http.get(url.replace("&amp;", "&")).json


def test_a_signature_that_does_not_fit_is_told(http, world, delivered):
    changed = replace(delivered.message, body=delivered.message.body.replace("told", "sold"))
    world.default.webhooks.outbox.keep(replace(delivered, message=changed))

    assert re.search(r"<strong[^>]*>Wrong</strong> for these", text(http, "pages/callbacks"))


def test_every_kind_of_rule_is_shown(http):
    script = [{"kind": "error", "status": 502}, None]
    http.post("/_mock/faults", json={"sequence": script})
    outage = {"start_seconds": 60, "duration_seconds": 300, "effect": {"kind": "reset"}}
    http.post("/_mock/faults", json={**outage, "key": "k", "after": 2, "times": 3, "chance": 0.5})

    page = re.sub(r"<[^>]+>", "", text(http, "pages/faults"))

    assert "both APIs, any method, any path" in page
    assert "key k after 2 at most 3 times chance 0.5 from 60" in page
    assert "for 300" in page


def test_coverage_counts_calls_and_failures(http):
    http.get(TICKETS, **CALLER)
    http.get(f"{TICKETS}/999999", **CALLER)

    page = re.sub(r"<[^>]+>", " ", text(http, "pages/coverage"))

    assert re.search(r"GET\s+/service/tickets\s+1\s+0", page)
    assert re.search(r"GET\s+/service/tickets/\{id\}\s+1\s+1", page)


def test_the_newest_exchanges_are_shown_and_the_rest_can_be_searched(http):
    http.patch("/_mock/limits", json={"psa": {"requests": None}})
    http.get(f"{TICKETS}?pageSize=7", **CALLER)
    for _ in range(210):
        http.get(f"{TICKETS}/5000", **CALLER)

    assert "the newest 200 shown" in text(http, "pages/traffic")
    assert "pageSize=7" not in text(http, "pages/traffic")
    assert "pageSize=7" in text(http, "pages/traffic?search=PAGESIZE=7")


def test_a_tenants_state_can_be_downloaded_taken_in_and_given_up_again(http):
    http.post("/_mock/tenants", json={"name": "bug-1", "world": "tiny"})
    place = "/_mock/world?tenant=bug-1"
    page = text(http, "pages/tenants")
    assert f'<a href="{place}" download="bug-1.zip"' in page
    assert f'<form data-method="PUT" data-action="{place}"' in page
    assert "Give up" not in page

    assert http.put(place, data=http.get(place).data, content_type="application/zip").json
    button = f'data-method="DELETE" data-action="{place}"'
    assert text(http, "pages/tenants").count(button) == 1
    http.delete(place)
    assert "Give up" not in text(http, "pages/tenants")
