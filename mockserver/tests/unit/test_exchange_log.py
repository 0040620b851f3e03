"""The log of exchanges: one line each, nothing secret, and nobody waits for it."""

import io
import json
import threading
from datetime import UTC, datetime

import pytest

from mockserver import World, create_app
from mockserver.core.entry import Entry
from mockserver.tests.http_support import Guest
from mockserver.web.log import LINES_MAX, ExchangeLog, json_line, text_line


def entry(**members):
    known = {
        "at": datetime(2026, 7, 1, 12, tzinfo=UTC),
        "api": "psa",
        "method": "GET",
        "path": "/x",
        "url": "/x",
        "status": 200,
    }
    return Entry(**{**known, **members})


def lines(requests, *, as_json):
    out = io.StringIO()
    log = ExchangeLog(out, as_json=as_json)
    guest = Guest(create_app(World.seeded(42), log))
    log.start()
    answers = [guest.psa(method, path) for method, path in requests]
    log.stop()
    return out.getvalue().splitlines(), answers


def test_an_exchange_is_one_json_object_with_the_ids_of_its_request():
    (line,), (answer,) = lines([("GET", "/service/tickets/404")], as_json=True)
    told = json.loads(line)
    assert told["request_id"] == answer.headers["x-cw-request-id"]
    shown = {n: told[n] for n in ("event", "tenant", "api", "key", "route", "status", "id")}
    assert shown == {
        "event": "exchange",
        "tenant": "default",
        "api": "psa",
        "key": "publickey",
        "route": "/service/tickets/{id}",
        "status": 404,
        "id": 1,
    }


def test_a_text_line_says_who_asked_for_what():
    (line,), _ = lines([("GET", "/system/info")], as_json=False)
    assert "psa 200" in line
    assert "publickey GET /v4_6_release/apis/3.0/system/info" in line


@pytest.mark.parametrize("write", [json_line, text_line])
def test_what_callers_send_cannot_begin_a_line_or_show_a_secret(write):
    out = io.StringIO()
    log = ExchangeLog(out, as_json=write is json_line)
    guest = Guest(create_app(World.seeded(42), log))
    log.start()
    guest.psa("GET", "/service/tickets%0Aforged%1b[31m?password=hunter2&x=%E2%80%A8")
    guest.psa("POST", "/company/contacts", json={"firstName": "A", "portalPassword": "hunter2"})
    log.stop()
    text = out.getvalue()
    assert len(text.splitlines()) == text.count("\n") == 2
    assert "hunter2" not in text
    assert "privatekey" not in text
    assert "\x1b" not in text


def test_a_broken_exchange_and_a_defect_are_told():
    assert "broken" in text_line("t", entry(status=None))
    assert json.loads(json_line("t", entry(error="Traceback\n…")))["error"] == "Traceback\n…"


def test_a_reader_that_never_reads_holds_up_nobody():
    gate = threading.Event()

    class Stuck(io.StringIO):
        def write(self, _text):
            gate.wait(10)
            return 0

    log = ExchangeLog(Stuck(), as_json=True)
    log.start()
    one = entry()
    for _ in range(LINES_MAX + 50):
        log.hear("t", one)
    assert log.dropped > 0
    gate.set()
    log.stop()
