"""The pages of a server that others can reach: the browser asks for the token as a password."""

import pytest
import requests
from browser_support import CALLER, IN_A_BROWSER, TICKETS

from mockserver import World, create_app
from mockserver.web.serving import Server

pytestmark = IN_A_BROWSER

TOKEN = "let-me-in"


@pytest.fixture(scope="module")
def server():
    world = World.seeded(42, size="tiny", host="0.0.0.0", admin_token=TOKEN)
    with Server(create_app(world)) as running:
        yield running.url


@pytest.fixture
def opened(browser, server):
    contexts = []

    def page(password):
        secret = {"username": "anybody", "password": password}
        contexts.append(browser.new_context(base_url=server, http_credentials=secret))
        return contexts[-1].new_page()

    yield page
    for context in contexts:
        context.close()


def test_with_the_token_pages_buttons_and_the_stream_work(opened, server):
    page = opened(TOKEN)
    page.goto("/_mock/pages/clock")
    page.get_by_role("button", name="Freeze").click()
    page.get_by_role("button", name="Let it run").wait_for()
    page.goto("/_mock/")
    requests.get(f"{server}{TICKETS}?pageSize=1", **CALLER)

    page.get_by_role("link", name=f"{TICKETS}?pageSize=1").wait_for()


def test_with_another_password_nothing_is_shown(opened):
    answer = opened("guessed").goto("/_mock/")

    assert answer.status == 401
