"""Ten thousand exchanges in the journal, and the pages stay quick."""

from datetime import UTC, datetime

import pytest
from browser_support import IN_A_BROWSER, TICKETS

from mockserver import World, create_app
from mockserver.core.attempt import Attempt
from mockserver.core.entry import Entry
from mockserver.web.serving import Server

pytestmark = IN_A_BROWSER

ROWS = 10_000


@pytest.fixture(scope="module")
def server():
    world = World.seeded(42, size="tiny")
    app = create_app(world)
    now_ns = world.default.clock.nanoseconds()
    for number in range(1, ROWS + 1):
        world.default.journal.add(entry(number, now_ns - (ROWS - number) * 1_000_000))
    with Server(app) as running:
        yield running.url


@pytest.fixture
def page(browser, server):
    opened = browser.new_page(base_url=server, viewport={"width": 1600, "height": 900})
    yield opened
    opened.close()


def entry(number, at_ns):
    url = f"{TICKETS}?conditions=id={number}"
    return Entry(
        attempt=Attempt(arrived_ns=at_ns, received_ns=at_ns, flushed_ns=at_ns),
        at=datetime.fromtimestamp(at_ns / 1e9, UTC),
        api="psa",
        method="GET",
        path="/service/tickets",
        url=url,
        key=f"key{number % 20}",
        template="/service/tickets",
        status=429 if number % 10 == 0 else 200,
        response_body=b'[{"id": 1, "summary": "printer"}]',
        hint="Key has spent its quota." if number % 10 == 0 else None,
    )


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("pages/traffic", f"id={ROWS}"),
        ("pages/traffic?search=id%3D77", "id=7799"),
        ("pages/traffic?status=429", f"id={ROWS}"),
        ("pages/limits", "Refused lately"),
        ("pages/coverage", "10000"),
        ("report.html", "key19"),
    ],
)
def test_a_page_over_ten_thousand_exchanges_comes_soon(page, path, shown):
    page.goto(f"/_mock/{path}")
    page.get_by_text(shown).first.wait_for()
    took_ms = page.evaluate("performance.getEntriesByType('navigation')[0].duration")

    assert took_ms < 10_000, "less than a second on an idle machine"


def test_one_walks_back_through_all_of_them(page):
    page.goto("/_mock/pages/traffic")
    seen = []
    for _ in range(3):
        seen.append(page.locator("tbody tr").last.get_attribute("data-id"))
        page.get_by_role("link", name="Older").click()
        page.wait_for_url(f"**before={seen[-1]}")
    last = page.locator("tbody tr").first.get_attribute("data-id")

    assert seen == [str(ROWS - 199), str(ROWS - 399), str(ROWS - 599)]
    assert last == str(ROWS - 600)
    page.goto("/_mock/pages/traffic?before=150")
    assert page.locator("tbody tr").count() == 149
    assert page.get_by_role("link", name="Older").count() == 0
