"""Lists, searches, counts and what is kept of them."""

import pytest

from mockserver.client import F
from mockserver.client.clock import SystemClock
from mockserver.tests.client_support import Lab


@pytest.fixture
def lab():
    return Lab().without_limits()


def ids(rows, name="id"):
    return [int(row[name]) for row in rows]


@pytest.mark.parametrize("walk", ["number", "link", "forward"])
@pytest.mark.parametrize("size", [1, 5, 12, 1000])
def test_every_way_through_the_pages_finds_every_row_once(lab, walk, size):
    tickets = lab.psa().service.tickets
    listing = tickets.list(page_size=size, walk=walk, fields="id")

    assert sorted(ids(listing)) == sorted(ids(tickets.list()))
    assert len(listing) == tickets.count() == 12


@pytest.mark.parametrize(("size", "pages"), [(25, 1), (5, 3), (12, 2), (1_000, 1)])
def test_a_forward_walk_does_not_ask_behind_a_short_page_that_has_a_link(lab, size, pages):
    tickets = lab.psa().service.tickets.list(page_size=size, walk="forward")

    assert len(tickets) == 12
    assert len(lab.asked()) == pages


def test_rows_are_fetched_as_they_are_looked_at(lab):
    tickets = lab.psa().service.tickets.list(page_size=2)

    assert tickets[0]["id"] != tickets[1]["id"]
    assert len(lab.asked()) == 1
    assert "more to come" in repr(tickets)
    assert next(iter(tickets)) == tickets[0]
    assert len(lab.asked()) == 1


@pytest.mark.parametrize("dialect", ["documented", "observed"])
@pytest.mark.parametrize("size", [1, 2, 250])
def test_automate_is_walked_by_id_or_number(lab, dialect, size):
    computers = lab.automate(dialect=dialect).computers
    name = "ComputerID" if dialect == "documented" else "Id"

    by_id = ids(computers.list(page_size=size), name)

    assert by_id == sorted(by_id)
    assert by_id == sorted(ids(computers.list(page_size=size, walk="number"), name))
    assert len(by_id) == computers.count() == 5


def test_a_walk_by_id_neither_repeats_nor_misses_while_others_write(lab):
    clients = lab.automate().clients
    doomed = clients.create({"Name": "Short-lived"})
    before = ids(clients.list(), "ClientID")
    walked = clients.list(F("ClientID") > 0, page_size=2)

    assert walked[0]["ClientID"] == before[0]
    clients.delete(doomed["ClientID"])
    made = clients.create({"Name": "Fresh"})
    seen = ids(walked, "ClientID")

    assert seen == [*(each for each in before if each != doomed["ClientID"]), made["ClientID"]]


def test_a_forward_walk_misses_nothing_when_an_earlier_row_goes(lab):
    tickets = lab.psa().service.tickets
    for summary in ("Short-lived", "Behind it"):
        tickets.create({"summary": summary, "company": {"id": 250}})
    before = ids(tickets.list())
    doomed = next(row["id"] for row in tickets.list() if row["summary"] == "Short-lived")
    walked = tickets.list(page_size=before.index(doomed) + 1)

    assert walked[0]["id"] == before[0]
    tickets.delete(doomed)

    assert ids(walked) == before


def test_conditions_find_what_they_say_in_both_languages(lab):
    psa, automate = lab.psa(), lab.automate()

    some = psa.service.tickets.list((F("id") >= 5001) & ~F("summary").contains("zzz"))
    one = automate.computers.list(F("Name").startswith("ACME") & (F("ClientID") == 100))

    assert all(row["id"] >= 5001 for row in some)
    assert {row["ClientID"] for row in one} == {100}


def test_a_search_by_post_takes_conditions_too_long_for_a_url(lab):
    tickets = lab.psa().service.tickets
    long = F("id").in_(range(4_990, 6_000))

    assert sorted(ids(tickets.search(long, page_size=5))) == sorted(
        ids(tickets.list(F("id") < 6000))
    )


def test_reference_data_is_fetched_once_for_all_threads(lab):
    psa = lab.psa(lab.net())

    lab.run(*[lambda: psa.reference(psa.service.boards)] * 20)
    again = psa.reference(psa.service.boards)

    assert len(lab.asked("GET", "boards")) == 1
    assert again == psa.service.boards.list()


def test_reference_data_grows_old(lab):
    psa = lab.psa(cache_s=60)

    psa.reference(psa.service.boards)
    lab.run(lambda: lab.time.sleep(61))
    psa.reference(psa.service.boards)

    assert len(lab.asked("GET", "boards")) == 2


def test_a_listing_is_a_sequence(lab):
    boards = lab.psa().service.boards.list()

    assert boards[-1] == boards.all()[-1]
    assert boards[:1] == [boards[0]]
    assert boards == lab.psa().service.boards.list()
    assert lab.psa().service.boards.list(F("id") < 0).first() is None


def test_children_lie_below_their_record(lab):
    board = lab.psa().service.boards(1)

    assert board.statuses.list()
    assert "boards/1/statuses" in repr(board.statuses)


def test_the_codebase_can_be_discovered(lab):
    psa = lab.psa()

    assert psa.discover() == "v2026_4"
    assert "/v2026_4/apis/3.0" in psa.base_url
    assert psa.service.boards.get(1)["id"] == 1


def test_ids_lead_nowhere_else(lab):
    tickets = lab.psa().service.tickets

    assert "%2F" in repr(tickets("1/../boards"))
    with pytest.raises(ValueError, match="no id"):
        tickets("..")


def test_computers_come_page_by_page_with_progress(lab):
    seen = []

    computers = lab.automate().get_computers(progress=lambda done, _of: seen.append(done))

    assert seen == [len(computers)] == [5]


def test_a_batch_keeps_the_order_and_the_errors(lab):
    psa, seen = lab.psa(clock=SystemClock()), []

    done = psa.batch_process(
        [5001, 1, 5002],
        lambda ticket_id: psa.service.tickets.get(ticket_id)["id"],
        progress=lambda number, of: seen.append((number, of)),
    )

    assert [each.result for each in done] == [5001, None, 5002]
    assert [each.succeeded for each in done] == [True, False, True]
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("dialect", ["documented", "observed"])
def test_a_script_runs_once_in_either_dialect(lab, dialect):
    automate = lab.automate(dialect=dialect)
    keys = ("ComputerID", "ScriptID") if dialect == "documented" else ("Id", "Id")
    online = next(each for each in automate.get_computers() if each["Status"] == "Online")
    computer, script = online[keys[0]], automate.scripts.list().first()[keys[1]]

    told = automate.run_script(computer, script, {"Days": "3"})

    assert told.get("Status") == "Pending" or not told["ContainsUnsuccessfulResults"]
    running = lab.automate(dialect="observed").computers(computer).running_scripts.list()
    assert str(script) in [str(each["ScriptId"]) for each in running]
