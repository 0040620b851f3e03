"""The loops of seed 002: pages until a short one, patience with 429, counts."""

import pytest
from seed_loops import by_short_page, patient_with_429

pytestmark = pytest.mark.documented("seed 002")

OPEN = "status/id!=5"


def counted(customer, path, conditions):
    answer = customer.psa("GET", f"{path}/count", params={"conditions": conditions})
    return answer.json()["count"]


@pytest.mark.parametrize(
    ("path", "conditions", "page_size"),
    [
        ("/service/tickets", "", 250),
        ("/service/tickets", "", 125),
        ("/service/tickets", OPEN, 250),
        ("/service/tickets", "company/id=12345 and status/id!=5 and priority/id<=2", 3),
        ("/company/companies", "", 25),
        ("/company/contacts", "", 1_000),
    ],
)
def test_pages_until_a_short_one_find_every_row_once(customer, path, conditions, page_size):
    rows = by_short_page(customer, path, page_size, conditions)

    ids = {row["id"] for row in rows}
    assert len(ids) == len(rows) == counted(customer, path, conditions) > 0


def test_many_small_pages_are_found_within_sixty_requests_a_minute(customer):
    rows = by_short_page(customer, "/service/tickets", 4)

    refused = customer.answered(429)
    assert refused == (len(rows) // 4 + 1 - 1) // 60 >= 2
    assert len({row["id"] for row in rows}) == len(rows) == 500
    assert customer.answered("5xx") == 0


def test_a_refusal_says_how_long_to_wait_and_waiting_so_long_helps(customer):
    answers = [customer.psa("GET", "/service/tickets/5000") for _ in range(61)]
    assert [each.status_code for each in answers] == [200] * 60 + [429]
    refusal = answers[-1]
    wait_s = int(refusal.headers["Retry-After"])
    assert refusal.json()["code"] == "RateLimitExceeded"
    assert f"{wait_s} seconds" in refusal.json()["message"]
    assert refusal.headers["X-RateLimit-Remaining"] == "0"

    customer.sleep(wait_s - 1)
    still = customer.psa("GET", "/service/tickets/5000")
    customer.sleep(1)
    after = customer.psa("GET", "/service/tickets/5000")

    assert (still.status_code, after.status_code) == (429, 200)


def test_anything_but_429_is_handed_to_the_caller_at_once(customer):
    customer.admin("POST", "/faults", json={"effect": {"kind": "error", "status": 500}})

    answer = patient_with_429(customer, lambda: customer.psa("GET", "/service/tickets"), 0.5)

    assert answer.status_code == 500
    assert customer.answered(500) == 1


def test_both_ways_to_count_agree_with_the_rows(customer):
    params = {"conditions": OPEN, "pageSize": 1, "fields": "id"}
    answer = customer.psa("GET", "/service/tickets", params=params)
    total = int(answer.headers["X-Total-Count"])

    assert [set(row) for row in answer.json()] == [{"id"}]
    assert total == counted(customer, "/service/tickets", OPEN)
    assert total == len(by_short_page(customer, "/service/tickets", 250, OPEN))
