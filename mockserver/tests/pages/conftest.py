"""A browser, a server for it to look at, and a page that must be free of faults and fit."""

import pytest
import requests
from browser_support import CHROMIUM, FLAGS

from mockserver import World, create_app
from mockserver.web.serving import Server

# Every task is done in a wide window, and in the long run in a narrow one, too; that all pages fit
# one is looked at by the tests of what everybody can read.
NARROW = pytest.param(400, marks=pytest.mark.deep)


@pytest.fixture(scope="module")
def server():
    with Server(create_app(World.seeded(42, size="tiny"))) as running:
        yield running.url


@pytest.fixture(scope="module")
def browser():
    """Return a browser; its event loop runs meanwhile, which tests of other kinds cannot bear."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(params=[1600, NARROW], ids=["wide", "narrow"])
def page(browser, server, request):
    requests.post(f"{server}/_mock/reset", timeout=10).raise_for_status()
    opened = browser.new_page(base_url=server, viewport={"width": request.param, "height": 900})
    faults = []
    opened.on("pageerror", lambda fault: faults.append(fault))  # noqa: PLW0108 - it marks it
    opened.on("dialog", lambda dialog: dialog.accept())
    yield opened
    width = opened.evaluate("document.documentElement.scrollWidth")
    opened.close()
    assert faults == []
    assert width == request.param
