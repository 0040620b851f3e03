"""A browser, a server for it to look at, and a page that must be free of faults and fit."""

from contextlib import ExitStack

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


class Shared:
    """One browser for all files, started when it is first asked for."""

    def __init__(self):
        self._opened, self._ends = None, ExitStack()

    def browser(self):
        if self._opened is None:
            sync_api = pytest.importorskip("playwright.sync_api")
            playwright = self._ends.enter_context(sync_api.sync_playwright())
            self._opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            self._ends.callback(self._opened.close)
        return self._opened

    def end(self):
        self._opened = None
        self._ends.close()


SHARED = Shared()


@pytest.fixture
def browser():
    return SHARED.browser()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem):
    """End the browser after its last test: tests of other kinds cannot bear its event loop."""
    try:
        return (yield)
    finally:
        if "browser" not in getattr(nextitem, "fixturenames", ()):
            SHARED.end()


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
