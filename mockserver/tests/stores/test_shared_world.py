"""Several processes with one database are one server: two worlds stand for them here."""

import threading
from collections import Counter

import pytest
from stores_support import POSTGRESQL, Opened, kept_in

psycopg = pytest.importorskip("psycopg")

from mockserver.core.deliveries import Outcome  # noqa: E402 - see above
from mockserver.core.ledger import LedgerLost  # noqa: E402

SOURCES = "/service/sources"
WRITES = 12


@pytest.fixture
def both(database):
    """Return two worlds with one database."""
    worlds = [Opened(kept_in(database)) for _ in range(2)]
    yield worlds
    for each in worlds:
        each.close()


def unlimited(both):
    off = {"requests": None}
    assert both[0].admin("PATCH", "/limits", json={"psa": off, "automate": off}).status_code == 200


def at_once(both, work):
    """Let two threads in each world do *work* and return what they returned."""
    found, threads = [], []
    for number, each in enumerate([*both, *both]):
        run = lambda each=each, number=number: found.append(work(each, number))  # noqa: E731
        threads.append(threading.Thread(target=run))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == len(threads)
    return found


def test_what_was_answered_by_one_is_seen_through_the_other(both):
    first, second = both
    made = first.psa("POST", SOURCES, json={"name": "shared"}).json
    assert second.psa("GET", f"{SOURCES}/{made['id']}").json == made
    change = [{"op": "replace", "path": "name", "value": "changed"}]
    assert second.psa("PATCH", f"{SOURCES}/{made['id']}", json=change).status_code == 200
    assert first.psa("GET", f"{SOURCES}/{made['id']}").json["name"] == "changed"
    assert first.psa("DELETE", f"{SOURCES}/{made['id']}").status_code == 204
    assert second.psa("GET", f"{SOURCES}/{made['id']}").status_code == 404


def test_writes_at_the_same_time_lose_nothing_and_share_no_id(both):
    unlimited(both)

    def work(each, number):
        names = [f"{number}/{write}" for write in range(WRITES)]
        return [each.psa("POST", SOURCES, json={"name": name}).json for name in names]

    made = [record for records in at_once(both, work) for record in records]

    assert len({record["id"] for record in made}) == len(made) == 4 * WRITES
    for each in both:
        kept = each.psa("GET", SOURCES, query_string={"pageSize": 1000}).json
        assert {r["name"] for r in made} <= {r["name"] for r in kept}


def test_changes_of_one_record_follow_each_other(both):
    unlimited(both)
    ticket = both[0].psa("GET", "/service/tickets", query_string={"pageSize": 1}).json[0]["id"]

    def work(each, number):
        for write in range(WRITES):
            note = {"text": f"{number}/{write}", "detailDescriptionFlag": True}
            answer = each.psa("POST", f"/service/tickets/{ticket}/notes", json=note)
            assert answer.status_code == 201
        return number

    at_once(both, work)
    seen = [
        each.psa("GET", f"/service/tickets/{ticket}/notes", query_string={"pageSize": 1000}).data
        for each in both
    ]
    assert seen[0] == seen[1]


def test_a_quota_is_spent_once_wherever_it_is_spent(both):
    limits = {"psa": {"requests": 20, "window_seconds": 3600}}
    assert both[0].admin("PATCH", "/limits", json=limits).status_code == 200

    def work(each, _):
        return [each.psa("GET", "/system/info").status_code for _ in range(WRITES)]

    statuses = Counter(status for found in at_once(both, work) for status in found)
    assert statuses == {200: 20, 429: 4 * WRITES - 20}


def test_a_fault_strikes_as_often_as_it_should_in_all(both):
    unlimited(both)
    fault = {"times": 7, "path": SOURCES, "effect": {"kind": "error", "status": 503}}
    both[1].admin("POST", "/faults", json=fault)

    def work(each, _):
        return [each.psa("GET", SOURCES).status_code for _ in range(WRITES)]

    statuses = Counter(status for found in at_once(both, work) for status in found)
    assert statuses[503] == 7
    assert both[0].admin("GET", "/faults").json["faults"][0]["struck"] == 7


def test_tokens_and_keys_hold_everywhere_and_end_everywhere(both):
    first, second = both
    token = first.login()["AccessToken"]
    assert second.automate(token, "GET", "/Computers").status_code == 200
    ended = second.automate(token, "POST", "/apitoken/disable", json={"SecurityToken": token})
    assert ended.status_code == 204
    assert first.automate(token, "GET", "/Computers").status_code == 401


def test_there_is_one_clock(both):
    first, second = both
    first.admin("POST", "/clock", json={"freeze": True, "now": "2030-01-02T03:04:05Z"})
    second.admin("POST", "/clock", json={"advance": 60})
    assert first.admin("GET", "/clock").json["now"] == "2030-01-02T03:05:05.000000Z"


def test_tenants_come_go_and_come_again(both):
    first, second = both
    first.admin("POST", "/tenants", json={"name": "team", "profile": "observed"})
    assert second.at("team").psa("POST", SOURCES, json={"name": "old"}).status_code == 201
    assert second.admin("POST", "/tenants", json={"name": "Team"}).status_code == 409
    second.admin("DELETE", "/tenants/team")
    assert first.at("team").psa("GET", SOURCES).status_code == 400
    second.admin("POST", "/tenants", json={"name": "team"})
    names = [record["name"] for record in first.at("team").psa("GET", SOURCES).json]
    assert "old" not in names
    assert first.at("team").admin("GET", "/health").json["profile"] == "documented"


def test_snapshots_and_resets_are_everybodys(both):
    first, second = both
    first.psa("POST", SOURCES, json={"name": "kept"})
    snapshot = first.admin("POST", "/snapshots").json["id"]
    second.psa("POST", SOURCES, json={"name": "later"})
    assert second.admin("POST", f"/snapshots/{snapshot}/restore").status_code == 200
    assert [r["name"] for r in first.psa("GET", SOURCES).json][-1] == "kept"
    second.admin("POST", "/reset")
    assert "kept" not in [r["name"] for r in first.psa("GET", SOURCES).json]
    assert first.admin("POST", f"/snapshots/{snapshot}/restore").status_code == 404


def test_each_delivery_is_sent_once(both):
    unlimited(both)
    sent = Counter()

    def send(message, _timeout_s):
        sent[message.message_id] += 1
        return Outcome(status=200)

    for each in both:
        each.world.ground.send = send
    callback = {"url": "http://127.0.0.1:9/", "type": "ticket", "level": "owner", "objectId": 1}
    assert both[0].psa("POST", "/system/callbacks", json=callback).status_code == 201

    def work(each, number):
        for write in range(WRITES):
            ticket = {"summary": f"{number}/{write}", "company": {"id": 3}}
            assert each.psa("POST", "/service/tickets", json=ticket).status_code == 201
        return number

    at_once(both, work)
    for each in both:
        each.psa("GET", "/system/info")
    kept = both[1].admin("GET", "/callbacks", query_string={"limit": 1000}).json["deliveries"]
    assert len(kept) == 4 * WRITES
    assert {each["status"] for each in kept} == {"delivered"}
    assert set(sent.values()) == {1}
    assert len(sent) == 4 * WRITES


def cut(each):
    """End the connections of a world that nobody uses at the moment, as a restart would."""
    free = each.world._ledger.connections._free
    with psycopg.connect(POSTGRESQL, autocommit=True) as admin:
        for connection in free:
            admin.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
    return len(free)


def test_connections_that_were_cut_are_made_anew(both):
    both[0].psa("POST", SOURCES, json={"name": "before"})
    both[1].psa("GET", SOURCES)
    for each in both:
        assert cut(each)
        assert each.psa("POST", SOURCES, json={"name": "after"}).status_code == 201
    names = [record["name"] for record in both[0].psa("GET", SOURCES).json]
    assert names[-3:] == ["before", "after", "after"]


def test_what_could_not_be_kept_is_not_there(both):
    first, second = both
    tenant = first.world.default
    sources = tenant.store.registry.resource("service/sources")

    def write_and_lose():
        with tenant.turn():
            record = {"name": "lost"}
            tenant.records["psa"].create(sources, record, "Admin1")
            tenant.keeper.account._held.close()

    with pytest.raises(LedgerLost):
        write_and_lose()
    names = [[r["name"] for r in each.psa("GET", SOURCES).json] for each in (first, second)]
    assert names[0] == names[1]
    assert "lost" not in names[0]
    made = [each.psa("POST", SOURCES, json={"name": "next"}).json["id"] for each in (first, second)]
    assert made[1] == made[0] + 1


def test_several_that_begin_at_once_make_one_world(database):
    opened = []
    threads = [
        threading.Thread(target=lambda: opened.append(Opened(kept_in(database)))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(opened) == len(threads)
    made = [each.psa("POST", SOURCES, json={"name": "x"}).json["id"] for each in opened]
    assert made == [made[0] + number for number in range(4)]
    for each in opened:
        each.close()


def test_figures_tell_which_process_counted_them(database, monkeypatch):
    opened = []
    for number in (1, 2):
        monkeypatch.setattr("os.getpid", lambda number=number: number)
        opened.append(Opened(kept_in(database)))
    for number, each in enumerate(opened, 1):
        for _ in range(number):
            each.psa("GET", SOURCES)
    told = [each.admin("GET", "/metrics", query_string={}).text.splitlines() for each in opened]

    for number, lines in enumerate(told, 1):
        values = [line for line in lines if line and not line.startswith("#")]
        assert all(f'-{number}"' in line and 'process="' in line for line in values)
        (asked,) = (line for line in lines if line.startswith("cwmock_requests_total{"))
        assert asked.endswith(f" {number}.0")
    for each in opened:
        each.close()


def test_without_its_database_a_server_says_so(both, monkeypatch):
    def lost():
        raise LedgerLost("gone")

    monkeypatch.setattr(both[0].world, "refresh", lost)
    both[0].client = Opened(both[0].world).client
    answer = both[0].psa("GET", SOURCES)
    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_what_a_database_lost_when_it_fell_is_not_shown_any_more(both, database):
    first, second = both
    first.psa("POST", SOURCES, json={"name": "kept"})
    kept = second.psa("GET", SOURCES).data
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute("CREATE TABLE before AS SELECT * FROM cwmock_rows")
        (version,) = admin.execute("SELECT version FROM cwmock_tenants").fetchone()
        first.psa("POST", SOURCES, json={"name": "lost"})
        second.psa("GET", SOURCES)
        # As after a fall of the machine: the last moments are gone, and all connections.
        admin.execute("TRUNCATE cwmock_rows")
        admin.execute("INSERT INTO cwmock_rows SELECT * FROM before")
        admin.execute("UPDATE cwmock_tenants SET version = %s", (version,))
    for each in both:
        cut(each)

    assert first.psa("GET", SOURCES).data == kept
    assert second.psa("POST", SOURCES, json={"name": "next"}).status_code == 201
    names = [[r["name"] for r in each.psa("GET", SOURCES).json][-2:] for each in both]
    assert names == [["kept", "next"]] * 2
