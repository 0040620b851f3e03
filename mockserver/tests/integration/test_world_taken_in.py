"""A state that is put into another server is there what it was, to the byte, or not at all."""

from datetime import datetime, timedelta

import orjson
import pytest

from mockserver.tests.integration.world_history import (
    BYTES,
    LIKE_A_RECORD,
    files,
    live_a_little,
    live_with_computers,
    psa,
    put,
    served,
    state,
    world_of,
)
from mockserver.world_lines import moved, resources_by_table

TICKETS = "/service/tickets"


def stored(http):
    """Return every row of the default tenant's tables, and the last id of each."""
    store = world_of(http).default.store
    known = resources_by_table(store.registry).values()
    found = {each: list(store.rows(each)) for each in known if store.is_filled(each)}
    # What mirrors other records takes their ids and gives out none.
    last = {
        each.path: max([store.last(each), *(row["id"] for row in found[each])]) for each in found
    }
    return {each.path: (rows, last[each.path]) for each, rows in found.items()}


@pytest.fixture(scope="module")
def lived():
    http = served(seed=7, size="tiny")
    return http, live_a_little(http), state(http), stored(http)


@pytest.fixture(scope="module")
def archive(lived):
    return lived[2]


def test_a_state_goes_into_a_server_of_another_seed_and_comes_out_the_same(lived):
    http, (binary, text), archive, _ = lived
    other = served(seed=9, size="default")

    assert put(other, archive).json == {"status": "imported", "tenant": "default"}

    assert state(other) == archive
    assert psa(other, "GET", binary).data == BYTES
    assert psa(other, "GET", text).data == LIKE_A_RECORD
    assert other.get("/_mock/clock").json == http.get("/_mock/clock").json


def test_rows_are_the_same_in_every_column(lived):
    other = served(seed=9, size="tiny")
    put(other, lived[2])
    for resource in resources_by_table(world_of(other).ground.registry).values():
        if resource.path in lived[3]:
            world_of(other).default.store.table(resource)

    assert stored(other) == lived[3]


def test_what_happens_next_is_what_would_have_happened():
    one, other = served(seed=7, size="tiny"), served(seed=9, size="tiny")
    live_a_little(one)
    put(other, state(one))
    for http in (one, other):
        http.post("/_mock/clock", json={"advance": 4_000_000})
        psa(http, "POST", TICKETS, 201, json={"summary": "next", "company": {"id": 3}})
        live_with_computers(http)

    there, here = files(state(other)), files(state(one))
    # What nobody had seen may be sown otherwise: it follows from the records in the files.
    seen = {*lived_in(there), *lived_in(here)}
    assert {name: there.get(name) for name in seen} == {name: here.get(name) for name in seen}


def lived_in(names):
    return [each for each in names if each.startswith(("agenda", "automate_", "service_tickets"))]


def test_what_is_attached_twice_is_attached_twice_again():
    one, other = served(seed=7, size="tiny"), served(seed=9, size="tiny")
    wanted = psa(one, "GET", "/company/configurations", 200).json[0]["id"]
    tickets = [
        psa(one, "POST", TICKETS, 201, json={"summary": "x", "company": {"id": 3}}).json["id"]
        for _ in range(3)
    ]
    for each in tickets:
        psa(one, "POST", f"{TICKETS}/{each}/configurations", 201, json={"id": wanted})

    archive = state(one)
    assert put(other, archive).status_code == 200

    asked = f"{TICKETS}?conditions=configuration/id={wanted}&orderBy=id desc&pageSize=3&fields=id"
    for http in (one, other):
        shown = [psa(http, "GET", f"{TICKETS}/{each}/configurations", 200).json for each in tickets]
        assert [[row["id"] for row in rows] for rows in shown] == [[wanted]] * 3
        found = psa(http, "GET", asked, 200).json
        assert [row["id"] for row in found] == tickets[::-1]
        psa(http, "GET", f"{TICKETS}/{tickets[2]}/configurations/{wanted}", 200)
    assert state(other) == archive


def test_the_default_world_goes_round_too():
    http = served()
    live_a_little(http)
    archive, other = state(http), served(size="tiny")

    assert put(other, archive).status_code == 200
    assert state(other) == archive


def test_a_reset_goes_back_to_what_was_taken_in_and_a_deletion_to_the_own_world(archive):
    http = served(size="tiny")
    own = state(http)
    http.post("/_mock/faults", json={"effect": {"kind": "delay", "seconds": 1}})
    put(http, archive)
    assert http.get("/_mock/faults").json == {"faults": []}
    psa(http, "POST", TICKETS, 201, json={"summary": "later", "company": {"id": 3}})
    assert state(http) != archive

    http.post("/_mock/reset")
    assert state(http) == archive
    assert http.delete("/_mock/world").json == {"status": "reset", "tenant": "default"}
    assert state(http) == own


def test_a_snapshot_of_what_was_taken_in_can_be_brought_back(archive):
    http = served(size="tiny")
    put(http, archive)
    psa(http, "POST", TICKETS, 201, json={"summary": "kept", "company": {"id": 3}})
    kept = state(http)
    snapshot = http.post("/_mock/snapshots").json["id"]
    psa(http, "POST", TICKETS, 201, json={"summary": "more", "company": {"id": 3}})

    http.post(f"/_mock/snapshots/{snapshot}/restore")
    assert state(http) == kept


def test_one_tenant_takes_it_in_and_no_other_sees_it(archive):
    http = served(size="tiny")
    own = state(http)
    http.post("/_mock/tenants", json={"name": "bug", "world": "tiny"})

    assert put(http, archive, "bug").json["tenant"] == "bug"
    assert state(http, "bug") == archive
    assert state(http) == own
    assert put(http, archive, "nobody").status_code == 404


def test_secrets_and_deliveries_do_not_travel(lived):
    http = lived[0]
    member = {"identifier": "x9", "password": "hunter2-of-a-person"}
    psa(http, "POST", "/system/members", json=member)
    names = files(state(http))

    assert not {"psa_keys.jsonl", "mock_deliveries.jsonl"} & names.keys()
    assert b"hunter2" not in b"".join(names.values())


def test_under_a_running_clock_the_past_stays_past():
    http = served(frozen=False, size="tiny")
    http.post("/_mock/clock", json={"advance": 40 * 86_400})
    ticket = psa(http, "POST", TICKETS, 201, json={"summary": "x", "company": {"id": 3}}).json
    live_with_computers(http)
    other = served(frozen=False, size="tiny")

    archive = state(http)
    put(other, archive)
    there = psa(other, "GET", f"{TICKETS}/{ticket['id']}").json

    now = datetime.fromisoformat(other.get("/_mock/clock").json["now"])
    entered = datetime.fromisoformat(there["_info"]["dateEntered"])
    assert timedelta(0) <= now - entered < timedelta(days=2, minutes=5)
    due = [min(each["due"] for each in agenda(found)) for found in (archive, state(other))]
    assert round((due[0] - due[1]) / 86_400, 9) == 42


def test_what_happenings_remember_of_instants_moves_with_them():
    row = {"id": 3, "due": 1e9, "kind": "x", "about": 0}
    facts = {"begun_s": 1e9, "since_s": 1e9, "away_s": 60.0}
    body = {"id": 3, "due_s": 1e9, "kind": "x", "about": 0, "facts": facts}
    later = {"begun_s": 1e9 + 86_400, "since_s": 1e9 + 86_400, "away_s": 60.0}

    text = moved("agenda_automate", orjson.dumps({**row, "body": body}) + b"\n", 1)

    expected = {**body, "due_s": 1e9 + 86_400, "facts": later}
    assert orjson.loads(text) == {**row, "due": 1e9 + 86_400, "body": expected}


def agenda(archive):
    return [orjson.loads(line) for line in files(archive)["agenda_automate.jsonl"].splitlines()]
