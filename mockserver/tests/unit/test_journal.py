import base64
import threading
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from mockserver.core.attempt import Attempt, body_digest
from mockserver.core.effects import Delay, Reset
from mockserver.core.entry import BODY_BYTES_MAX
from mockserver.core.journal import Entry, Journal

START = datetime(2024, 5, 1, 12, 0, 0, 250_000, tzinfo=UTC)


def entry(**members):
    path = members.pop("path", "/service/tickets")
    defaults = {"at": START, "api": "psa", "method": "GET", "path": path, "url": path}
    return Entry(**{**defaults, "status": 200, "key": "publickey", **members})


def kept(**members):
    journal = Journal()
    journal.add(entry(**members))
    return journal.entries()[0]


def ids(journal, **filters):
    return [document["id"] for document in journal.entries(**filters)]


WHOLE = {
    "id": 1,
    "at": "2024-05-01T12:00:00.250000Z",
    "duration_ms": 1.235,
    "queued_ms": 0.5,
    "api": "psa",
    "key": "publickey",
    "login": "",
    "connection": "127.0.0.1:5000",
    "method": "GET",
    "path": "/service/tickets",
    "template": "/service/tickets",
    "status": 200,
    "url": "/v4_6_release/apis/3.0/service/tickets?page=2",
    "request_headers": {"Accept": "application/json"},
    "request_body": None,
    "request_truncated": False,
    "response_headers": {"Vary": "a, b"},
    "response_body": "[é]",
    "response_truncated": False,
    "faults": [{"id": "fault-1", "kind": "delay"}, {"id": "", "kind": "reset"}],
    "error": None,
    "hint": "Why it is so.",
    "arrived_ns": 0,
    "received_ns": 0,
    "flushed_ns": 0,
    "in_flight": 0,
    "body_digest": None,
    "retry_after": None,
    "limit": None,
    "remaining": None,
    "reset": None,
    "verdict": "admitted",
    "applied": False,
    "effects": [],
    "aborted": False,
    "token": None,
    "client_id": None,
}


def test_entry_is_shown_whole():
    document = kept(
        url="/v4_6_release/apis/3.0/service/tickets?page=2",
        template="/service/tickets",
        connection="127.0.0.1:5000",
        duration_ms=1.23456,
        queued_ms=0.5,
        request_headers=(("Accept", "application/json"),),
        response_headers=(("Vary", "a"), ("Vary", "b")),
        response_body="[é]".encode(),
        faults=(Delay(seconds=1, fault_id="fault-1"), Reset()),
        hint="Why it is so.",
    )

    assert document == WHOLE
    orjson.dumps(document)


def test_the_attempt_holds_what_grading_needs_and_no_secret():
    journal = Journal()
    token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
    journal.add(
        entry(
            method="POST",
            path="/Computers",
            url="/cwa/api/v1/Computers?page=2&password=hunter22",
            request_headers=(("Authorization", f"Bearer {token}"), ("ClientId", "lab")),
            request_body=b'{"b": 1, "password": "hunter22"}',
            response_headers=(("Retry-After", "7"), ("X-RateLimit-Remaining", "x")),
            status=429,
        )
    )
    (attempt,) = journal.attempts()

    assert (attempt.retry_after, attempt.limits) == ("7", (None, None, None))
    assert (attempt.client_id, attempt.verdict, attempt.asked()["page"]) == ("lab", "refused", "2")
    assert len(attempt.token) == 16
    held = str([getattr(attempt, name) for name in Attempt.__slots__])
    assert token not in held
    assert "hunter22" not in held


def test_bodies_that_say_the_same_have_the_same_digest():
    bodies = (b'{"a": 1, "b": [2]}', b'{"b":[2],"a":1}', b'{"a": 1, "b": [3]}', b"", b"no json")
    first, same, other, none, text = [body_digest(body) for body in bodies]

    assert first == same
    assert len({first, other, none, text}) == 4
    assert body_digest(b"[" * 900 + b"]" * 900)


def test_a_refused_key_is_still_a_key():
    journal = Journal()
    basic = "Basic " + base64.b64encode(b"company+publickey:wrong-secret").decode()
    journal.add(entry(key=None, status=401, request_headers=(("Authorization", basic),)))

    assert journal.attempts()[0].key == "publickey"


def test_newest_come_first_and_the_oldest_are_dropped():
    journal = Journal(limit_entries=3)
    given_ids = [journal.add(entry()) for _ in range(5)]

    assert given_ids == [1, 2, 3, 4, 5]
    assert ids(journal) == [5, 4, 3]
    assert (len(journal), journal.dropped, journal.last_id) == (3, 2, 5)


def test_memory_is_bounded_too():
    journal = Journal(limit_bytes=100_000)
    for _ in range(50):
        journal.add(entry(response_body=b"x" * 20_000))

    assert len(journal) == 4
    assert journal._bytes == sum(each.weight() for each in journal._entries) <= 100_000


def test_long_bodies_are_cut_between_characters():
    document = kept(request_body="é".encode() * 40_000, response_body=b"a" + "é".encode() * 40_000)

    assert document["request_body"] == "é" * (BODY_BYTES_MAX // 2)
    assert document["response_body"] == "a" + "é" * (BODY_BYTES_MAX // 2 - 1)
    assert document["request_truncated"]
    assert document["response_truncated"]


@pytest.mark.parametrize("body", [b"\xff\xfe", b"PK\0\1", b"\x80" * BODY_BYTES_MAX])
def test_body_that_is_no_text_is_null(body):
    assert kept(request_body=body)["request_body"] is None


def test_filters_select():
    journal = Journal()
    journal.add(entry())
    journal.add(entry(api="automate", key="integrator", path="/Computers/7", status=404))
    journal.add(entry(status=429, at=START + timedelta(seconds=10)))
    journal.add(entry(status=None, at=START + timedelta(seconds=20)))

    assert ids(journal, api="psa") == [4, 3, 1]
    assert ids(journal, key="integrator") == [2]
    assert ids(journal, path="computers/*") == [2]
    assert ids(journal, status="4xx") == ids(journal, status="4XX") == [3, 2]
    assert ids(journal, status=404) == ids(journal, status="404") == [2]
    assert ids(journal, status="none") == [4]
    assert ids(journal, since=2) == ids(journal, since="2") == [4, 3]
    assert ids(journal, since="2024-05-01T12:00:10Z") == [4, 3]
    assert ids(journal, since="2024-05-01T12:00:10.300") == [4]
    assert ids(journal, limit=2) == [4, 3]
    assert ids(journal, limit=0) == []
    assert ids(journal, api="psa", status="4xx", since=1) == [3]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("status", bad) for bad in ("x", "44", "6xx", "4x", "", "٤٠٤")],
        *[("since", bad) for bad in ("yesterday", "", "-1", "9" * 5_000)],
        ("path", "*" * 2_000),
    ],
)
def test_bad_filter_is_refused_by_name(name, value):
    with pytest.raises(ValueError, match=name):
        Journal().entries(**{name: value})


def test_cleared_journal_numbers_on_and_a_reset_one_from_one():
    journal = Journal()
    journal.add(entry())
    journal.clear()
    assert journal.entries() == []
    assert journal.add(entry()) == 2

    journal.reset()
    assert journal.add(entry()) == 1


def test_reader_waits_for_what_comes():
    journal, read = Journal(), []
    journal.add(entry())
    assert [document["id"] for document in journal.wait_for(0, timeout_s=0)] == [1]
    assert journal.wait_for(1, timeout_s=0) == []

    thread = threading.Thread(target=lambda: read.extend(journal.wait_for(1, timeout_s=10)))
    thread.start()
    journal.add(entry())
    thread.join(timeout=10)

    assert [document["id"] for document in read] == [2]
    journal.reset()
    journal.add(entry())
    assert [document["id"] for document in journal.wait_for(2, timeout_s=0)] == [1]
