"""The journal as server-sent events: in process, where the reading thread waits itself."""

import itertools
import json

import pytest
from control_plane_support import OWN_INTERFACE, assert_refused

pytestmark = OWN_INTERFACE


class Listener:
    """Reads events one after the other; what is asked for must be there or come."""

    def __init__(self, tenant, headers=None, **filters):
        query = {"tenant": tenant.name, **filters}
        self.answer = tenant.client.get(
            "/_mock/requests/stream", query_string=query, headers=headers
        )
        self.chunks = iter(self.answer.response)

    def events(self, count):
        read = (chunk for chunk in self.chunks if b"data:" in chunk)
        lines = (event for chunk in read for event in chunk.decode().strip().split("\n\n"))
        return [
            dict(line.split(": ", 1) for line in event.splitlines())
            for event in itertools.islice(lines, count)
        ]


@pytest.fixture
def listen():
    """Return what makes listeners; their connections are closed in the end."""
    made = []

    def listen(*args, **kwargs):
        made.append(Listener(*args, **kwargs))
        return made[-1]

    yield listen
    for listener in made:
        listener.answer.close()


@pytest.fixture
def busy(tenant):
    tenant.unlimited()
    for path in ("/system/info", "/service/tickets/404", "/service/boards"):
        tenant.psa.get(path)
    return tenant


def test_what_came_since_an_id_is_told_oldest_first(busy, listen):
    listener = listen(busy, since="1")
    assert listener.answer.mimetype == "text/event-stream"
    assert listener.answer.headers["Cache-Control"] == "no-store"
    first, second = listener.events(2)
    assert [first["id"], second["id"]] == ["2", "3"]
    assert first["event"] == "request"
    entry = json.loads(first["data"])
    assert (entry["id"], entry["status"], entry["path"]) == (2, 404, "/service/tickets/404")


def test_a_listener_goes_on_where_its_connection_broke(busy, listen):
    listener = listen(busy, headers={"Last-Event-ID": "2"}, since="0")
    assert [event["id"] for event in listener.events(1)] == ["3"]


def test_without_an_id_only_what_is_new_is_told(busy, listen):
    listener = listen(busy)
    next(listener.chunks)
    busy.psa.get("/system/info")
    assert [event["id"] for event in listener.events(1)] == ["4"]


def test_filters_select_as_in_the_list(busy, listen):
    listener = listen(busy, since="0", status="4xx")
    busy.psa.get("/service/tickets/405")
    first, *_ = listener.events(1)
    assert json.loads(first["data"])["status"] == 404


def test_a_reset_begins_the_ids_anew(busy, listen):
    listener = listen(busy, since="2")
    assert len(listener.events(1)) == 1
    busy.admin("POST", "/reset")
    busy.psa.get("/system/info")
    assert [event["id"] for event in listener.events(1)] == ["1"]


def test_secrets_are_masked_before_they_are_told(busy, listen):
    busy.automate()
    listener = listen(busy, since="3")
    (event,) = listener.events(1)
    assert "integrator-password" not in event["data"]


def test_the_stream_ends_with_its_tenant(busy, listen):
    listener = listen(busy, since="0")
    assert len(listener.events(3)) == 3
    busy.client.delete(f"/_mock/tenants/{busy.name}")
    assert b"data:" not in b"".join(listener.chunks)


@pytest.mark.parametrize(
    "query", [{"since": "x"}, {"since": "-1"}, {"status": "9"}, {"api": "x"}, {"limit": "1"}]
)
def test_what_cannot_be_read_is_refused_before_anything_is_sent(busy, query):
    answer = busy.client.get("/_mock/requests/stream", query_string=query)
    assert_refused(answer, 400, "BadRequest")


def test_a_head_request_is_answered_at_once(busy):
    answer = busy.client.head("/_mock/requests/stream")
    assert (answer.status_code, answer.data) == (200, b"")
