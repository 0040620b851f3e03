"""What a kept world knows when it is opened again: everything that was answered."""

import gc
import sqlite3
from contextlib import closing

import pytest
from stores_support import Opened, kept_in

from mockserver.core.ledger import UnusableLedger

TICKETS = "/service/tickets"


@pytest.fixture
def reopened(place):
    """Return a function that ends the world in a place and opens it anew."""
    worlds = []

    def open_anew(**members):
        if worlds:
            worlds[-1].close()
        worlds.append(Opened(kept_in(place, **members)))
        return worlds[-1]

    yield open_anew
    worlds[-1].close()


def test_records_come_back_as_they_were_changed(reopened):
    first = reopened()
    made = first.psa("POST", TICKETS, json={"summary": "kept", "company": {"id": 3}}).json
    first.psa("PATCH", f"{TICKETS}/5001", json=[{"op": "replace", "path": "summary", "value": "x"}])
    gone = first.psa("POST", TICKETS, json={"summary": "gone", "company": {"id": 3}}).json["id"]
    assert first.psa("DELETE", f"{TICKETS}/{gone}").status_code == 204
    before = first.psa("GET", TICKETS, query_string={"pageSize": 1000}).data

    again = reopened()

    assert again.psa("GET", TICKETS, query_string={"pageSize": 1000}).data == before
    assert again.psa("GET", f"{TICKETS}/{made['id']}").json["summary"] == "kept"
    assert again.psa("GET", f"{TICKETS}/{gone}").status_code == 404
    after = again.psa("POST", TICKETS, json={"summary": "next", "company": {"id": 3}}).json
    assert after["id"] == gone + 1


def test_seeded_records_that_were_removed_stay_away(reopened):
    first = reopened()
    assert first.psa("DELETE", "/service/sources/2").status_code in {204, 409}
    before = first.psa("GET", "/service/sources").json

    assert reopened().psa("GET", "/service/sources").json == before


def test_tokens_quotas_faults_locks_and_time_come_back(reopened):
    first = reopened(frozen=True)
    token = first.login()["AccessToken"]
    first.admin("POST", "/clock", json={"advance": 5_000})
    first.admin("PATCH", "/limits", json={"psa": {"requests": 9}})
    left = first.psa("GET", "/system/info").headers["X-RateLimit-Remaining"]
    fault = {"path": "/nothing", "times": 3, "effect": {"kind": "error", "status": 503}}
    first.admin("POST", "/faults", json=fault)
    first.admin("POST", "/locks", json={"path": "/service/tickets/5001", "seconds": 60})
    first.admin("POST", "/api-log", json={"member": "Admin1"})
    asked = "/faults", "/locks", "/clock", "/limits", "/api-log"
    before = {path: first.admin("GET", path).json for path in asked}

    again = reopened(frozen=True)

    assert {path: again.admin("GET", path).json for path in asked} == before
    assert again.automate(token, "GET", "/Computers").status_code == 200
    now_left = again.psa("GET", "/system/info").headers["X-RateLimit-Remaining"]
    assert int(now_left) == int(left) - 1


def test_a_file_keeps_the_tail_of_the_journal(tmp_path):
    first = Opened(kept_in(f"sqlite:///{tmp_path}/kept.db"))
    first.psa("POST", "/service/sources", json={"name": "x"})
    assert first.psa("GET", "/nothing").status_code == 404
    kept = first.admin("GET", "/requests").json
    report = first.admin("GET", "/report").json
    first.close()

    again = Opened(kept_in(f"sqlite:///{tmp_path}/kept.db"))

    assert again.admin("GET", "/requests").json == kept
    assert again.admin("GET", "/report").json == report
    again.psa("GET", "/system/info")
    assert again.admin("GET", "/requests").json["requests"][0]["id"] == 3
    again.close()


def test_tenants_come_back_with_what_was_chosen(reopened):
    first = reopened()
    quirks = {"psa": {"page_size_max": 7}}
    chosen = {"name": "team_a", "profile": "observed", "quirks": quirks}
    first.admin("POST", "/tenants", json=chosen)
    first.admin("POST", "/tenants", json={"name": "gone"})
    first.admin("DELETE", "/tenants/gone")
    made = first.at("team_a").psa("POST", "/service/sources", json={"name": "Mine"}).json
    before = first.admin("GET", "/tenants").json

    again = reopened()

    assert again.admin("GET", "/tenants").json == before
    team = again.at("team_a")
    assert team.psa("GET", f"/service/sources/{made['id']}").json["name"] == "Mine"
    assert "between 1 and 7" in team.psa("GET", TICKETS, query_string={"pageSize": 8}).text
    assert team.admin("GET", "/health").json["profile"] == "observed"


def test_a_snapshot_outlives_the_process(reopened):
    first = reopened(frozen=True)
    first.psa("POST", "/service/sources", json={"name": "Kept"})
    kept = first.psa("GET", "/service/sources").json
    snapshot = first.admin("POST", "/snapshots").json["id"]
    first.psa("POST", "/service/sources", json={"name": "Later"})
    first.admin("POST", "/clock", json={"advance": 100})

    again = reopened(frozen=True)
    assert again.admin("POST", f"/snapshots/{snapshot}/restore").status_code == 200
    assert again.psa("GET", "/service/sources").json == kept

    last = reopened(frozen=True)
    assert last.psa("GET", "/service/sources").json == kept
    assert last.admin("GET", "/clock").json["now"].startswith("2026-07-01")


def test_a_reset_is_kept_like_everything_else(reopened):
    first = reopened()
    fresh = first.psa("GET", "/service/sources").json
    first.psa("POST", "/service/sources", json={"name": "Gone"})
    first.admin("POST", "/faults", json={"effect": {"kind": "delay", "seconds": 1}, "path": "/x"})
    first.admin("POST", "/reset")

    again = reopened()

    assert again.admin("GET", "/requests").json == {"requests": []}
    assert again.admin("GET", "/faults").json == {"faults": []}
    assert again.psa("GET", "/service/sources").json == fresh


def test_collections_that_nobody_touched_keep_their_day(reopened):
    first = reopened()
    first.world.started -= 3 * (first.world.started - first.world.started.replace(hour=0))
    day = first.psa("GET", "/time/entries/1").json["_info"]["dateEntered"]

    assert reopened().psa("GET", "/time/entries/1").json["_info"]["dateEntered"] == day


@pytest.mark.parametrize(("version", "who"), [(0, "something else"), (1, "an earlier version")])
def test_a_file_of_something_else_is_left_alone(tmp_path, version, who):
    file = str(tmp_path / "other.db")
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("CREATE TABLE precious (id INT)")
        raw.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(UnusableLedger, match=who):
        Opened(kept_in(f"sqlite:///{file}"))


def test_another_world_is_refused_rather_than_mixed_up(place):
    Opened(kept_in(place)).close()
    with pytest.raises(UnusableLedger, match="seed is 42, not 7"):
        Opened(kept_in(place, seed=7))


def test_a_file_in_use_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("mockserver.core.file_ledger.BUSY_S", 0.05)
    file = str(tmp_path / "kept.db")
    first = Opened(kept_in(f"sqlite:///{file}"))
    with pytest.raises(UnusableLedger, match="another process"):
        Opened(kept_in(f"sqlite:///{file}"))
    first.close()


def test_a_world_that_is_dropped_gives_its_place_back(place):
    dropped = Opened(kept_in(place))
    dropped.psa("POST", "/service/sources", json={"name": "kept"})
    del dropped
    gc.collect()
    again = Opened(kept_in(place))
    assert [each["name"] for each in again.psa("GET", "/service/sources").json][-1] == "kept"
    again.close()


def test_a_tenant_that_cannot_be_made_is_not_kept(reopened):
    first = reopened()
    for wrong in ({"quirks": {"psa": {"nothing": 1}}}, {"world": "size:huge"}):
        assert first.admin("POST", "/tenants", json={"name": "bad", **wrong}).status_code == 400
        assert first.psa("GET", "/system/info").status_code == 200
    assert first.admin("POST", "/tenants", json={"name": "bad"}).status_code == 201

    names = [each["name"] for each in reopened().admin("GET", "/tenants").json["tenants"]]
    assert names == ["default", "bad"]


def test_a_full_disk_is_told_and_nothing_is_half_done(tmp_path):
    store = f"sqlite:///{tmp_path}/kept.db"
    first = Opened(kept_in(store))
    raw = first.world._ledger._raw
    kept = [first.psa("POST", "/service/sources", json={"name": "before"}).json["name"]]
    raw.execute(f"PRAGMA max_page_count = {raw.execute('PRAGMA page_count').fetchone()[0]}")
    answers = [first.psa("POST", "/service/sources", json={"name": "x" * 50}) for _ in range(30)]
    refused = [each for each in answers if each.status_code != 201]
    assert {each.status_code for each in refused} == {503}
    assert all(each.json["message"].endswith("database or disk is full") for each in refused)
    made = first.admin("POST", "/tenants", json={"name": "team"})
    assert (made.status_code, made.json["error"]["code"]) == (503, "ServiceUnavailable")
    kept += [each.json["name"] for each in answers if each.status_code == 201]

    raw.execute("PRAGMA max_page_count = 100000")
    kept.append(first.psa("POST", "/service/sources", json={"name": "after"}).json["name"])
    assert first.admin("POST", "/tenants", json={"name": "team"}).status_code == 201
    shown = first.psa("GET", "/service/sources", query_string={"pageSize": 1000}).json
    first.close()

    again = Opened(kept_in(store))
    assert again.psa("GET", "/service/sources", query_string={"pageSize": 1000}).json == shown
    assert [each["name"] for each in shown][-len(kept) :] == kept
    again.close()


@pytest.mark.parametrize(
    "spoilt",
    [
        "UPDATE rows SET body = '{' WHERE part = 'mock/clock'",
        "UPDATE rows SET body = '[]' WHERE part = 'mock/clock'",
        "INSERT INTO tenants VALUES ('x', 'x', '{\"quirks\": {\"psa\": {\"nothing\": 1}}}')",
        "INSERT INTO tenants VALUES ('x', 'x', '{\"nothing\": 1}')",
    ],
)
def test_a_spoilt_file_is_refused_in_one_line(tmp_path, spoilt):
    file = str(tmp_path / "kept.db")
    Opened(kept_in(f"sqlite:///{file}")).close()
    with closing(sqlite3.connect(file)) as raw:
        raw.execute(spoilt)
        raw.commit()
    with pytest.raises(UnusableLedger, match=r"^what it keeps cannot be read"):
        Opened(kept_in(f"sqlite:///{file}"))
