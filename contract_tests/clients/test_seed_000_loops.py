"""The loops of seed 000: pages by X-Total-Pages, kept tokens, retries, batches."""

import pytest
from customer import Customer
from seed_loops import AutomateLoops, GaveUp

pytestmark = pytest.mark.documented("seed 000")


@pytest.fixture
def loops(customer: Customer) -> AutomateLoops:
    return AutomateLoops(customer)


def logins(customer):
    return customer.answered(200, path="/APICredentials")


@pytest.mark.parametrize(("path", "key"), [("/Computers", "ComputerID"), ("/Alerts", "AlertID")])
def test_pages_by_total_pages_find_every_row_once_within_the_limit(loops, path, key):
    rows = loops.every(path, 2)

    ids = [row[key] for row in rows]
    total = int(loops.request(path, pageSize=1).headers["X-Total-Count"])
    assert (len(ids), len(set(ids))) == (total, total)
    assert loops.customer.answered(429) >= total // 2 // 60
    assert loops.customer.answered("5xx") == 0


def test_pages_of_250_need_no_patience(loops):
    rows = loops.every("/Computers", 250)

    assert len({row["ComputerID"] for row in rows}) == len(rows) >= 160
    assert loops.customer.answered(429) == 0


def test_a_waiting_client_is_admitted_at_the_first_try(loops):
    rows = loops.every("/Computers", 1)

    refused = loops.customer.answered(429)
    assert refused == (len(rows) - 1) // 60
    assert loops.customer.answered(200, path="/Computers") == len(rows)


def test_a_token_is_kept_until_five_minutes_before_its_end(loops):
    for _ in range(3):
        loops.request("/Clients", pageSize=1)
    assert logins(loops.customer) == 1

    loops.customer.sleep(14_400 - 301)
    assert loops.request("/Clients", pageSize=1).status_code == 200
    assert logins(loops.customer) == 1

    loops.customer.sleep(2)
    assert loops.request("/Clients", pageSize=1).status_code == 200
    assert logins(loops.customer) == 2


def test_a_token_that_is_not_renewed_in_time_is_refused(loops):
    loops.early_s = -60
    loops.request("/Clients", pageSize=1)

    loops.customer.sleep(14_401)
    assert loops.request("/Clients", pageSize=1).status_code == 401

    loops.token = ""
    assert loops.request("/Clients", pageSize=1).status_code == 200


def test_the_limit_tells_how_much_is_left(loops):
    answers = [loops.request("/Clients", pageSize=1).headers for _ in range(3)]

    assert [each["X-RateLimit-Limit"] for each in answers] == ["60"] * 3
    assert [each["X-RateLimit-Remaining"] for each in answers] == ["59", "58", "57"]
    assert all(1 <= int(each["X-RateLimit-Reset"]) <= 60 for each in answers)


def test_server_errors_are_outlasted_by_backing_off(loops):
    fault = {"api": "automate", "times": 3, "effect": {"kind": "error", "status": 503}}
    loops.ensure_token()
    loops.customer.admin("POST", "/faults", json=fault)
    before_s = loops.customer.now_s()

    rows = loops.every("/Clients", 100)

    assert len({row["ClientID"] for row in rows}) == len(rows) >= 39
    assert loops.customer.answered(503) == 3
    assert loops.customer.now_s() - before_s == pytest.approx(1 + 2 + 4)


def test_a_server_error_that_stays_ends_the_loop_after_five_tries(loops):
    loops.ensure_token()
    loops.customer.admin("POST", "/faults", json={"effect": {"kind": "error", "status": 500}})

    with pytest.raises(GaveUp):
        loops.request("/Clients")
    assert loops.customer.answered(500) == 5


def test_batches_of_ten_find_every_computer_once_within_the_limit(loops):
    wanted = [row["ComputerID"] for row in loops.every("/Computers", 1_000)]

    rows = loops.batches([f"/Computers/{each}" for each in wanted], size=10, pause_s=1)

    assert [row["ComputerID"] for row in rows] == wanted
    assert loops.customer.answered(429) >= 1
    assert loops.customer.answered("5xx") == 0
