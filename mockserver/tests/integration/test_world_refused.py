"""A state that is wrong is refused by file, line and member, and nothing changes."""

import io
import json
import stat
import zipfile

import orjson
import pytest

from mockserver.core import bundle
from mockserver.core.bundle import BadFolder
from mockserver.tests.integration.world_history import (
    files,
    live_a_little,
    psa,
    put,
    served,
    state,
    zipped,
)

TICKETS = "/service/tickets"
SOURCES, NOTES = "service_sources.jsonl", "service_tickets_notes.jsonl"


@pytest.fixture(scope="module")
def archive():
    http = served(seed=7, size="tiny")
    live_a_little(http)
    return state(http)


def spoilt(archive, name, change):
    found = files(archive)
    found[name] = change(found.get(name, b""))
    return zipped(found)


def line(**members):
    return lambda text: text + orjson.dumps(members) + b"\n"


def planned(kind, due_s=1.0, **facts):
    body = {"id": 10**6, "due_s": due_s, "kind": kind, "about": 1, "facts": facts}
    return line(id=10**6, due=due_s, kind=kind, about=1, body=body)


def replaced(old, new):
    return lambda text: text.replace(old, new, 1)


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
        (SOURCES, line(_id="9", id=900, name="x"), "has no _id above"),
        (SOURCES, line(_id=900, name="x"), "has no id"),
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
        ("agenda_automate.jsonl", planned("day", since_s=1e16), "since_s must be seconds, from 0"),
        ("agenda_automate.jsonl", planned("day"), "body/facts/since_s is missing"),
        ("agenda_automate.jsonl", planned("day", due_s=-1.0, since_s=0), "due_s must be seconds"),
        ("agenda_automate.jsonl", planned("offline", away_s="x"), "away_s must be seconds"),
        (
            "agenda_automate.jsonl",
            planned("monitor fails", lasts_s=1, x=[1]),
            "facts/x must be a text",
        ),
        ("agenda_automate.jsonl", planned("patch job", Action="No"), "Action is no action"),
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
