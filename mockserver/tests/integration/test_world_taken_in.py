"""A state that is put into another server is there what it was, to the byte, or not at all."""

import io
import json
import stat
import zipfile
from datetime import datetime, timedelta

import orjson
import pytest

from mockserver.core import bundle
from mockserver.core.bundle import BadFolder
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
    zipped,
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


def spoilt(archive, name, change):
    found = files(archive)
    found[name] = change(found.get(name, b""))
    return zipped(found)


def line(**members):
    return lambda text: text + orjson.dumps(members) + b"\n"


def replaced(old, new):
    return lambda text: text.replace(old, new, 1)


SOURCES, NOTES = "service_sources.jsonl", "service_tickets_notes.jsonl"


@pytest.mark.parametrize(
    ("name", "change", "complaint"),
    [
        (SOURCES, lambda _: b"{", "service_sources.jsonl, line 1, is no JSON"),
        (SOURCES, lambda _: b"7\n", "line 1, is no record"),
        (SOURCES, lambda _: b'{"id":1,"name":"\\ud800"}', "line 1, is no JSON"),
        (SOURCES, lambda _: b'{"id":1,"name":"x","name":"y"}', "has the member 'name' twice"),
        (SOURCES, lambda _: b'{"id":1,"name":' + b"[" * 5000 + b"]" * 5000 + b"}", "no JSON"),
        (SOURCES, lambda _: b"\xff\xfe", "is no JSON"),
        (SOURCES, line(id=1, name="again"), "has no id above"),
        (SOURCES, line(id=True, name="x"), "has no id above"),
        (SOURCES, line(id=2**63, name="x"), "has no id above"),
        (SOURCES, line(id=900, name=["x"]), "name must be a text"),
        (SOURCES, line(id=900, name="a\0b"), "name has a NUL"),
        (SOURCES, line(id=900, name="x", nonsense=1), "member 'nonsense'"),
        (SOURCES, line(id=900, name="x", defaultFlag="yes"), "defaultFlag must be true or false"),
        (NOTES, line(id=2**62, text="x", ticketId=77), "has no"),
        ("service_tickets.jsonl", replaced(b'"board":{"id":', b'"board":{"id":9'), "board/id is 9"),
        ("service_tickets.jsonl", replaced(b'"board":{"id":', b'"board":{"id":"'), "is no JSON"),
        (
            "service_tickets.jsonl",
            replaced(b'"board":{"id":1,', b'"board":{'),
            "board must be an obj",
        ),
        ("agenda_automate.jsonl", replaced(b'"since_s":', b'"since_s":null,"x_s":'), "must be sec"),
        ("nothing_known.jsonl", lambda _: b"", "named after no collection"),
        ("psa_keys.jsonl", lambda _: b"", "named after no collection"),
        ("agenda_automate.jsonl", line(id=10**6, due=1.0, body=[]), "body must be an object"),
        ("agenda_automate.jsonl", line(id=10**6, due="x", body={}), "due must be of the kind"),
        ("psa_documents_files.jsonl", line(id=10**6, body=["?"]), "line"),
        ("MADE_BY.json", lambda _: b"{}", "does not say seed and size"),
        ("STATE.json", replaced(b'"schema": 1', b'"schema": 2'), "a newer version"),
        ("STATE.json", replaced(b'"frozen": true', b'"frozen": 1'), "frozen is missing or"),
        ("STATE.json", replaced(b'"now": "2', b'"now": "9'), "now must be an instant"),
        ("STATE.json", lambda _: b"[]", "schema must be"),
        ("STATE.json", replaced(b'"service_tickets": ', b'"service_tickets": -'), "ids/service"),
        ("STATE.json", replaced(b'"day"', b'"now": 1, "day"'), "has the member 'now' twice"),
        ("../evil.jsonl", lambda _: b"", "is no name of a world's file"),
        ("folder/x.jsonl", lambda _: b"", "is no name"),
        ("SERVICE_SOURCES.jsonl", lambda _: b"", "is in the archive twice"),
    ],
)
def test_what_is_wrong_is_told_by_file_line_and_member_and_nothing_is_done(
    archive, guarded, name, change, complaint
):
    http, before = guarded

    answer = put(http, spoilt(archive, name, change))

    assert (answer.status_code, answer.json["error"]["code"]) == (400, "BadWorld")
    assert complaint in answer.json["error"]["message"]
    assert state(http) == before


@pytest.fixture(scope="module")
def guarded():
    http = served(size="tiny")
    psa(http, "POST", TICKETS, 201, json={"summary": "mine", "company": {"id": 3}})
    return http, state(http)


def test_a_link_in_an_archive_is_refused(guarded):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("service_sources.jsonl")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    answer = put(guarded[0], out.getvalue())

    assert answer.json["error"]["message"] == "service_sources.jsonl is a link"


def test_no_more_is_unpacked_than_a_world_may_have(guarded, monkeypatch):
    monkeypatch.setattr(bundle, "BYTES_MAX", 1_000_000)
    bomb = zipped({"service_sources.jsonl": b"0" * 1_000_001})
    assert len(bomb) < 2_000
    assert "more than 1000000 bytes" in put(guarded[0], bomb).json["error"]["message"]

    # The same, and its directory says that it is small.
    lying = bomb.replace((1_000_001).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert put(guarded[0], lying).status_code == 400


@pytest.mark.parametrize("garbage", [b"", b"PK\x03\x04 and then nothing", b"{}"])
def test_what_is_no_zip_is_told(guarded, garbage):
    answer = put(guarded[0], garbage)

    assert (answer.status_code, answer.json["error"]["code"]) == (400, "BadWorld")


def test_an_archive_in_pieces_is_refused_at_every_cut(guarded, archive):
    http, before = guarded
    for end in range(0, len(archive), len(archive) // 25):
        assert put(http, archive[:end]).status_code == 400
    assert state(http) == before


def test_too_much_is_refused_before_it_is_read(guarded, monkeypatch):
    monkeypatch.setattr("mockserver.admin.archive.PACKED_BYTES_MAX", 10)

    assert put(guarded[0], b"x" * 11).status_code == 413


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("PUT", "/world", "application/json"),
        ("PUT", "/world", "multipart/form-data"),
        ("PUT", "/world", "text/plain"),
        ("POST", "/reset", "application/zip"),
        ("POST", "/clock", "application/zip"),
    ],
)
def test_each_operation_takes_its_own_kind_of_body_only(guarded, archive, method, path, kind):
    answer = guarded[0].open(f"/_mock{path}", method=method, data=archive, content_type=kind)

    assert answer.status_code == 415


def test_pages_from_elsewhere_can_put_nothing(guarded, archive):
    for headers in ({"Host": "evil.test"}, {"Origin": "http://evil.test"}):
        sent = {"data": archive, "content_type": "application/zip", "headers": headers}
        assert guarded[0].put("/_mock/world", **sent).status_code == 403
    bound = served(size="tiny", host="0.0.0.0", admin_token="secret")
    assert put(bound, archive).status_code == 401


def test_a_folder_on_disk_with_a_link_is_refused(tmp_path):
    tmp_path.joinpath("MADE_BY.json").write_text(json.dumps({"seed": 1, "size": "tiny"}))
    tmp_path.joinpath("service_sources.jsonl").symlink_to(tmp_path / "MADE_BY.json")

    with pytest.raises(BadFolder, match=r"service_sources\.jsonl is a link"):
        bundle.read_folder(tmp_path)
