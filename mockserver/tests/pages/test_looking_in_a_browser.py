"""The pages in a real browser: what they show of traffic, limits, callbacks, data and coverage."""

import pytest
import requests
from browser_support import CALLER, IN_A_BROWSER, TICKETS, admin

from mockserver.client.callbacks import CallbackReceiver

pytestmark = IN_A_BROWSER

CALLBACKS = "/v4_6_release/apis/3.0/system/callbacks"
TWICE = """async () => {
    const told = await (await fetch("/_mock/callbacks")).json();
    return told.deliveries[0].attempts.length === 2;
}"""
HOSTILE = "<img src=x onerror='window.hurt = 1'>"


@pytest.fixture
def receiver():
    with CallbackReceiver() as running:
        yield running


def ask(server, **params):
    return requests.get(f"{server}{TICKETS}", params=params, **CALLER)


def test_an_exchange_tells_why_it_was_answered_so(page, server):
    ask(server, conditions="sumary = 'x'")
    ask(server, conditions="summary = 'none such' and id > 0")
    page.goto("/_mock/")
    page.get_by_role("link", name="sumary").click()
    page.get_by_text("Why?").wait_for()
    assert "summary" in page.locator(".why").inner_text()
    page.go_back()
    page.get_by_role("link", name="none+such").click()
    page.get_by_role("heading", name="The condition").wait_for()

    kept = page.locator(".tree > li > ul > li").all_inner_texts()
    assert len(kept) == 2
    assert kept[0].split()[-2:] == ["0", "rows"]


def test_traffic_is_filtered_and_searched_from_the_keyboard(page, server):
    ask(server, pageSize=1)
    ask(server, conditions="summary = 'needle'")
    requests.get(f"{server}{TICKETS}/999999", **CALLER)
    page.goto("/_mock/")
    page.get_by_label("Status").fill("4xx")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="No filter, live").wait_for()
    assert page.locator("tbody tr").count() == 1
    page.get_by_label("Status").fill("")
    page.get_by_label("Search").fill("NEEDLE")
    page.keyboard.press("Enter")
    page.wait_for_url("**search=NEEDLE*")

    assert page.locator("td.url a").inner_text().endswith("needle%27")
    assert page.locator("tbody tr").count() == 1


def test_hostile_text_that_the_stream_brings_stays_text(page, server):
    page.goto("/_mock/")
    ask(server, x=HOSTILE)
    page.locator("td.url a").wait_for()
    page.evaluate("text => prepend(tail, {...text, id: 99})", row(url=HOSTILE, key=HOSTILE))
    page.get_by_text(HOSTILE).first.wait_for()

    assert page.evaluate("window.hurt") is None
    assert page.locator("tbody img").count() == 0


def row(**members):
    shown = {"at": "2026-01-01T00:00:00.000000Z", "duration_ms": 1.0, "status": 200}
    return {**shown, "method": "GET", "faults": [{"kind": HOSTILE}], **members}


def test_a_flood_of_exchanges_leaves_the_page_small_and_quick(page):
    page.goto("/_mock/")
    took_ms = page.evaluate(
        """one => {
            const began = performance.now();
            for (let id = 1; id <= 10000; id += 1) prepend(tail, { ...one, id, key: `k${id}` });
            document.body.offsetHeight;
            return performance.now() - began;
        }""",
        row(url="/x", key="k"),
    )

    assert page.locator("tbody tr").count() == 500
    assert page.locator("tbody td").first.inner_text() == "k10000"
    assert took_ms < 10_000, "a millisecond for each, on whatever machine"


def test_gauges_and_penalties_move_while_one_looks_at_them(page, server):
    limits = {"psa": {"requests": 2, "window_seconds": 600}}
    requests.patch(f"{server}/_mock/limits", json=limits, timeout=10).raise_for_status()
    page.goto("/_mock/pages/limits")
    page.evaluate("window.neverLeft = true")
    page.get_by_text("Nobody came").wait_for()
    for _ in range(3):
        ask(server, pageSize=1)
    page.get_by_text("2 of 2 spent").wait_for()

    assert page.evaluate("window.neverLeft"), "they moved without a reload"
    assert page.locator("meter").get_attribute("value") == "2"
    assert "3 requests, 1 of them refused" in page.locator("figcaption").inner_text()
    told, late = page.locator("rect.told").bounding_box(), page.locator("rect.turned-away")
    assert told["x"] <= late.bounding_box()["x"] + 5
    assert page.locator(".timeline li").count() == 1


def test_a_callback_is_checked_and_sent_again(page, server, receiver):
    subscription = {"url": receiver.url, "objectId": 1, "type": "ticket", "level": "owner"}
    requests.post(f"{server}{CALLBACKS}", json=subscription, **CALLER).raise_for_status()
    company = requests.get(f"{server}{TICKETS}?pageSize=1", **CALLER).json()[0]["company"]
    ticket = {"summary": "It beeps", "company": {"id": company["id"]}}
    requests.post(f"{server}{TICKETS}", json=ticket, **CALLER).raise_for_status()
    receiver.wait_for(1, timeout_s=10)
    page.goto("/_mock/pages/callbacks")
    page.locator("summary").first.click()
    page.get_by_text("Right", exact=True).wait_for()
    with page.expect_navigation():
        page.get_by_role("button", name="Redeliver").click()
    receiver.wait_for(2, timeout_s=10)
    # The courier writes down what came of it after the receiver has seen it.
    page.wait_for_function(TWICE)
    page.reload()
    page.get_by_text("(2 attempts)").wait_for()

    first, second = receiver.received
    assert first.body == second.body


def test_what_cannot_be_read_is_underlined_where_reading_stopped(page):
    page.goto("/_mock/pages/data/psa/service/tickets")
    page.get_by_label("Condition").fill("id > 0 and sumary = 1")
    page.keyboard.press("Enter")
    mark = page.locator(".underlined mark")
    mark.wait_for()

    assert mark.inner_text() == "sumary = 1"
    style = mark.evaluate("each => getComputedStyle(each).textDecorationLine")
    assert style == "underline"
    assert page.get_by_label("Condition").get_attribute("aria-invalid") == "true"


def test_a_clock_is_scaled_and_set(page, server):
    page.goto("/_mock/pages/clock")
    page.get_by_label("Seconds per real second").fill("60")
    page.get_by_role("button", name="Scale").click()
    page.get_by_text("running 60").wait_for()
    page.get_by_label("Set to").fill("2030-05-06T07:08:09Z")
    page.get_by_role("button", name="Set").click()
    page.get_by_text("2030-05-06").first.wait_for()

    assert admin(server, "clock")["now"].startswith("2030-05-06")


def test_credentials_are_copied_and_a_tenant_is_brought_back(page, server):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(server, pageSize=1)
    page.goto("/_mock/pages/tenants")
    page.get_by_text("1 requests so far").wait_for()
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_text("Copied").wait_for()
    assert "company+publickey:privatekey" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Reset default").click()
    page.get_by_text("0 requests so far").wait_for()

    assert admin(server, "requests") == {"requests": []}


def test_coverage_counts_what_was_called(page, server):
    ask(server, pageSize=1)
    requests.get(f"{server}{TICKETS}/999999", **CALLER)
    page.goto("/_mock/pages/coverage")

    rows = [text.split() for text in page.locator("tbody tr").all_inner_texts()]
    assert ["psa", "GET", "/service/tickets", "1", "0"] in rows
    assert ["psa", "GET", "/service/tickets/{id}", "1", "1"] in rows
    assert "2 of " in page.locator("main > p").nth(1).inner_text()


def test_an_exchange_is_copied_in_three_languages(page, server):
    ask(server, pageSize=1)
    page.goto("/_mock/pages/traffic/1")
    for name, mark in (("curl", "curl --"), ("Python", "import requests"), ("pytest", "def test_")):
        page.get_by_text(f"as {name}").click()
        assert mark in page.locator(f"#copy-{name}").inner_text()
