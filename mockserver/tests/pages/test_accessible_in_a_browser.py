"""The pages in a real browser: contrast, labels, the keyboard alone, and hostile text."""

import pytest
import requests
from browser_support import CALLER, IN_A_BROWSER, TICKETS, admin

pytestmark = IN_A_BROWSER

HOSTILE = "<img src=x onerror='window.hurt=1'>\"'&<script>window.hurt=1</script>"
PAGES = (
    *("pages/traffic", "pages/traffic/1", "pages/limits", "pages/clock", "pages/faults"),
    *("pages/callbacks", "pages/data", "pages/data/psa/service/tickets", "pages/tenants"),
    *("pages/coverage", "pages/data/psa/service/tickets?condition=id>0 and sumary=1"),
    *("report.html", "pages/traffic/999"),
)
#: Every text that is seen, and every edge of a field, against what lies behind it (WCAG 1.4.3 and
#: 1.4.11): what falls short of its ratio is answered.
FAINT = """() => {
    const numbers = text => (text.match(/[\\d.]+/g) || []).map(Number);
    const over = (top, below) => top.slice(0, 3).map((c, i) =>
        c * (top[3] ?? 1) + below[i] * (1 - (top[3] ?? 1)));
    const light = colour => {
        const [r, g, b] = colour.map(c => c / 255).map(c =>
            c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05)
        / (Math.min(light(a), light(b)) + 0.05);
    const behind = each => {
        const layers = [];
        for (let here = each; here; here = here.parentElement)
            layers.push(numbers(getComputedStyle(here).backgroundColor));
        return layers.reverse().reduce((below, top) =>
            over(top.length === 3 ? [...top, 1] : top, below), [255, 255, 255]);
    };
    const opacity = each => each ? getComputedStyle(each).opacity * opacity(each.parentElement) : 1;
    const found = [];
    const judge = (each, colour, needed) => {
        const back = behind(each);
        const [r, g, b, a] = numbers(colour);
        const seen = over([r, g, b, (a ?? 1) * opacity(each)], back);
        if (ratio(seen, back) < needed)
            found.push([each.outerHTML.slice(0, 80), ratio(seen, back).toFixed(2)]);
    };
    for (const each of document.querySelectorAll("body *")) {
        const style = getComputedStyle(each);
        if (!each.getClientRects().length || style.clipPath !== "none") continue;
        const says = [...each.childNodes].some(n => n.nodeType === 3 && n.data.trim());
        if (says) judge(each, style.color, 4.5);
        if (each.matches("input, select, textarea, button") && each.type !== "checkbox")
            judge(each.parentElement, style.borderTopColor, 3);
    }
    return found;
}"""
UNNAMED = """() => [...document.querySelectorAll("input, select, textarea, button, a, meter, svg")]
    .filter(each => each.type !== "hidden" && each.getClientRects().length)
    .filter(each => !(each.labels && each.labels.length && each.labels[0].textContent.trim())
        && !each.textContent.trim() && !each.getAttribute("aria-label"))
    .map(each => each.outerHTML.slice(0, 80))"""
SEEN = """() => {
    const each = document.activeElement, place = each.getBoundingClientRect();
    const style = getComputedStyle(each);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return { at: [...document.querySelectorAll("*")].indexOf(each), outlined,
        tag: each.tagName, inside: place.width > 0 && place.height > 0 };
}"""


@pytest.fixture
def full(page, server):
    """Return a browser's page over a tenant that has something to show on every page."""
    subscription = {"url": "http://127.0.0.1:9/hook?id=", "objectId": 1, "type": "ticket"}
    callbacks = f"{server}/v4_6_release/apis/3.0/system/callbacks"
    requests.post(callbacks, json={**subscription, "level": "owner"}, **CALLER).raise_for_status()
    company = requests.get(f"{server}{TICKETS}?pageSize=1", **CALLER).json()[0]["company"]["id"]
    ticket = {"summary": HOSTILE, "company": {"id": company}}
    requests.post(f"{server}{TICKETS}", json=ticket, **CALLER).raise_for_status()
    for condition in ("sumary = 1", "id = 0 and summary = 'x'"):
        requests.get(f"{server}{TICKETS}", params={"conditions": condition}, **CALLER)
    rule = {"path": "/nowhere", "effect": {"kind": "error", "status": 503}}
    requests.post(f"{server}/_mock/faults", json=rule, timeout=10).raise_for_status()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_and_edges_stand_out_from_what_is_behind_them(full, scheme):
    full.emulate_media(color_scheme=scheme)
    faint = {}
    for name in PAGES:
        full.goto(f"/_mock/{name}")
        for summary in full.locator("summary").all()[:5]:
            summary.click()
        faint[name] = full.evaluate(FAINT)

    assert {name: found for name, found in faint.items() if found} == {}


def test_every_page_fits_a_narrow_window(full):
    before = full.viewport_size
    full.set_viewport_size({"width": 400, "height": 900})
    widths = {}
    for name in PAGES:
        full.goto(f"/_mock/{name}")
        widths[name] = full.evaluate("document.documentElement.scrollWidth")
    full.set_viewport_size(before)

    assert widths == dict.fromkeys(PAGES, 400)


def test_every_control_has_a_name(full):
    unnamed = {}
    for name in PAGES:
        full.goto(f"/_mock/{name}")
        unnamed[name] = full.evaluate(UNNAMED)

    assert {name: found for name, found in unnamed.items() if found} == {}


@pytest.mark.parametrize("name", ["pages/traffic", "pages/faults", "pages/limits", "pages/tenants"])
def test_the_focus_goes_through_the_page_in_order_and_is_seen(full, name):
    full.goto(f"/_mock/{name}")
    places = []
    for _ in range(60):
        full.keyboard.press("Tab")
        place = full.evaluate(SEEN)
        if place["tag"] == "BODY":
            break
        places.append(place)

    assert len(places) > 10
    assert all(each["outlined"] and each["inside"] for each in places)
    order = [each["at"] for each in places]
    assert order == sorted(order)


def test_a_rule_is_added_and_removed_by_the_keyboard_alone(page, server):
    page.goto("/_mock/pages/faults")
    page.get_by_label("Path").focus()
    page.keyboard.type("/service/*")
    page.get_by_label("Effect").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type('{"kind": "delay", "seconds": 2}')
    page.keyboard.press("Enter")
    page.locator("td code").wait_for()

    (rule,) = admin(server, "faults")["faults"]
    assert (rule["path"], rule["effect"]) == ("/service/*", {"kind": "delay", "seconds": 2})
    page.get_by_role("button", name="Remove fault").focus()
    page.keyboard.press("Space")
    page.get_by_text("No rules").wait_for()


def test_the_kind_of_a_rule_tells_its_members(page):
    page.goto("/_mock/pages/faults")
    page.get_by_label("Kind").select_option(label="truncate")

    assert page.get_by_label("Effect").input_value() == '{"kind": "truncate", "bytes": 100}'
    assert page.locator("#members").inner_text() == "truncate needs bytes."


def test_an_exchange_is_opened_and_a_clock_frozen_by_the_keyboard_alone(full, server):
    full.goto("/_mock/")
    full.locator("td.url a").first.focus()
    full.keyboard.press("Enter")
    full.get_by_role("heading", name="Edit and resend").wait_for()
    full.get_by_role("link", name="Clock").focus()
    full.keyboard.press("Enter")
    full.wait_for_url("**/clock?*")  # loaded: before that, its script hears no key
    full.get_by_role("button", name="Freeze").focus()
    full.keyboard.press("Enter")
    full.get_by_role("button", name="Let it run").wait_for()

    assert admin(server, "clock")["frozen"]


def test_hostile_text_stays_text_wherever_it_is_shown(full, server):
    rule = {"path": HOSTILE, "key": HOSTILE, "method": "GET"}
    effect = {"kind": "error", "status": 500, "code": HOSTILE, "message": HOSTILE}
    answer = requests.post(f"{server}/_mock/faults", json={**rule, "effect": effect}, timeout=10)
    answer.raise_for_status()
    subscription = {"url": f"http://127.0.0.1:9/{HOSTILE}", "objectId": 1, "type": "ticket"}
    callbacks = f"{server}/v4_6_release/apis/3.0/system/callbacks"
    requests.post(callbacks, json={**subscription, "level": "owner"}, **CALLER)
    hostile = {"headers": {"clientId": HOSTILE, "X-Sent": HOSTILE}}
    asked = {
        **CALLER,
        **hostile,
        "params": {"conditions": f'summary="{HOSTILE}"', HOSTILE: HOSTILE},
    }
    requests.get(f"{server}{TICKETS}", **asked)
    requests.get(f"{server}{TICKETS}/{HOSTILE}", **CALLER)
    requests.get(f"{server}{TICKETS}", auth=(f"{HOSTILE}+{HOSTILE}", HOSTILE), timeout=10)
    newest = admin(server, "requests?limit=1")["requests"][0]["id"]

    exchanges = [f"pages/traffic/{number}" for number in range(newest - 3, newest + 1)]
    browsed = f"pages/data/psa/service/tickets?condition={HOSTILE}&order={HOSTILE}"
    searched = [f"pages/traffic?search={HOSTILE}&path={HOSTILE}", f"pages/data?search={HOSTILE}"]
    for name in (*PAGES, *exchanges, browsed, *searched):
        full.goto(f"/_mock/{name}")
        for summary in full.locator("summary").all()[:5]:
            summary.click()
        assert full.locator("img").count() == 0, name
        assert full.evaluate("window.hurt") is None, name
    full.goto(f"/_mock/pages/traffic/{newest - 2}")
    assert full.get_by_text(HOSTILE).count() > 2
