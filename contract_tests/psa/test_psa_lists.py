"""Pages, order and chosen fields (psa facts 3.7, 3.8, 4; seeds 002, 003)."""

import pytest
from psa_wording import error, fault, ids, refused, seed_fault

TICKETS = "/service/tickets"
URL = "http://localhost/v4_6_release/apis/3.0"


def every_id(caller, path=TICKETS, **params):
    return ids(caller.get(path, params={"pageSize": 1000, **params}))


def links(answer):
    """Return the relations of a Link header in order, with their URLs."""
    found = []
    for part in answer.headers.get("Link", "").split(", "):
        url, _, relation = part.partition("; rel=")
        found.append((relation.strip('"'), url.strip("<>")))
    return dict(found)


@pytest.mark.documented("seeds 002 and 003: 25 by default, 1,000 at most, in id order")
def test_a_list_is_cut_into_pages(caller):
    whole = every_id(caller)

    assert whole == sorted(whole)
    assert len(whole) == caller.get(f"{TICKETS}/count").json["count"] >= 500
    assert ids(caller.get(TICKETS)) == whole[:25]
    assert ids(caller.get(TICKETS, params={"page": 3})) == whole[50:75]
    assert ids(caller.get(TICKETS, params={"PAGE": 2, "pagesize": 100})) == whole[100:200]


@pytest.mark.live
@pytest.mark.documented("seed 002, 'Pagination Example'")
def test_paging_until_a_short_page_finds_every_record(caller):
    found, page = [], 1
    while True:
        rows = ids(caller.get(TICKETS, params={"page": page, "pageSize": 250}))
        found += rows
        if len(rows) < 250:
            break
        page += 1

    assert found == every_id(caller)


@pytest.mark.live
@pytest.mark.observed("psa facts 4.3: 200 with an empty array")
def test_a_page_past_the_end_is_empty(caller):
    answer = caller.get(TICKETS, params={"page": 9999, "conditions": "id=5000"})

    assert (answer.status_code, answer.data) == (200, b"[]")


@pytest.mark.live
@pytest.mark.assumed("psa facts U10: refused with the wording recorded for the older limit")
@pytest.mark.parametrize("size", ["1001", "0", "-5", "99999999999"])
def test_a_page_size_out_of_bounds_is_refused(psa_observed, size):
    message = "The field pageSize must be between 1 and 1000."

    answer = psa_observed.get(TICKETS, params={"pageSize": size})

    found = fault("OutOfRange", message, "pageSize", "pageSize")
    assert refused(answer, 400, error("InvalidObject", "pageSize object is invalid", found))


@pytest.mark.live
@pytest.mark.documented("seed 002, 'Error Response Format'")
def test_a_page_size_out_of_bounds_is_refused_in_the_seed_s_format(psa):
    message = "The field pageSize must be between 1 and 1000."

    answer = psa.get(TICKETS, params={"pageSize": 1001})

    found = seed_fault("InvalidArgument", message, "pageSize")
    assert refused(answer, 400, error("InvalidArgument", "pageSize object is invalid", found))


@pytest.mark.live
@pytest.mark.assumed("psa facts U11 and 4.2: below 1 means 1, no number means the default")
@pytest.mark.parametrize("params", [{"page": "0"}, {"page": "-3"}, {"page": "x", "pageSize": "y"}])
def test_an_unusable_page_is_the_first(psa_observed, params):
    assert ids(psa_observed.get(TICKETS, params=params)) == every_id(psa_observed)[:25]


@pytest.mark.documented("seed 003, 'Pagination': the header of each page; psa facts 4.4")
def test_the_link_header_leads_through_the_pages(caller):
    def seen(page):
        params = {"pagesize": 10, "page": page, "conditions": "closedFlag = false and id >= 5000"}
        return caller.get(TICKETS, params=params).headers.get("Link")

    query = "conditions=closedFlag+%3d+false+and+id+%3e%3d+5000&pageSize=10&page="
    url = f"{URL}{TICKETS}?{query}"
    params = {"conditions": "closedFlag = false and id >= 5000"}
    total = caller.get(f"{TICKETS}/count", params=params).json["count"]
    last = -(-total // 10)
    assert last > 3

    assert seen(1) == f'<{url}2>; rel="next", <{url}{last}>; rel="last"'
    assert seen(2) == (
        f'<{url}3>; rel="next", <{url}1>; rel="prev", <{url}1>; rel="first", '
        f'<{url}{last}>; rel="last"'
    )
    assert seen(last) == f'<{url}{last - 1}>; rel="prev", <{url}1>; rel="first"'


@pytest.mark.observed("psa facts 4.4, a recorded Link: lower-case hex, + for blanks, slash kept")
def test_the_link_header_is_encoded_as_recorded(caller):
    params = {"conditions": "LastUpdated >= [2015-04-01T20:02:28Z]", "pageSize": 2}

    answer = caller.get("/company/contacts/", params=params)

    start = f"{URL}/company/contacts/?conditions=LastUpdated+%3e%3d+%5b2015-04-01T20%3a02%3a28Z%5d"
    assert links(answer)["next"] == f"{start}&pageSize=2&page=2"


@pytest.mark.live
@pytest.mark.observed("psa facts 4.4: a single page has no Link header")
def test_a_single_page_has_no_link(caller):
    assert "Link" not in caller.get("/service/boards").headers


@pytest.mark.assumed("psa facts U12: prev and first lead back from beyond the end")
def test_a_page_past_the_end_leads_back(caller):
    last = -(-len(every_id(caller)) // 25)

    found = links(caller.get(TICKETS, params={"page": last + 5}))

    assert found == {
        "prev": f"{URL}{TICKETS}?pageSize=25&page={last}",
        "first": f"{URL}{TICKETS}?pageSize=25&page=1",
    }


@pytest.mark.live
@pytest.mark.observed("psa facts 4.4: a client follows next until there is none")
def test_following_the_links_finds_every_record(caller):
    found, path = [], f"{TICKETS}?pageSize=120&conditions=status%2Fname!%3D%22New%22"
    while path:
        answer = caller.get(path)
        found += ids(answer)
        path = links(answer).get("next", "").removeprefix(URL)

    assert found == every_id(caller, conditions="status/name != 'New'")


@pytest.mark.live
@pytest.mark.documented("seed 002, 'Response Headers': X-Total-Count")
def test_a_list_tells_its_total(psa):
    answer = psa.get(TICKETS, params={"conditions": "status/id!=5", "pageSize": 1, "fields": "id"})

    count = psa.get(f"{TICKETS}/count", params={"conditions": "status/id!=5"})
    assert answer.headers["X-Total-Count"] == str(count.json["count"])


@pytest.mark.live
@pytest.mark.observed("psa facts 4.6: X-Total-Count does not exist")
def test_a_list_does_not_tell_its_total(psa_observed):
    assert "X-Total-Count" not in psa_observed.get(TICKETS).headers


FORWARD = {"pagination-type": "forward-only"}


@pytest.mark.live
@pytest.mark.documented("seed 003, 'Forward-Only': the Link leads on by the last id; psa facts 4.5")
@pytest.mark.parametrize("size", [200, 250])
def test_forward_only_paging_finds_every_record(caller, size):
    answers, path = [], f"{TICKETS}?pageSize={size}"
    while path:
        answers.append(caller.get(path, headers=FORWARD))
        assert "Link" in answers[-1].headers
        following = links(answers[-1]) if answers[-1].headers["Link"] else {}
        link = following.pop("next", "")
        path = link[link.index(TICKETS) :] if link else ""
        assert not following
        if path:
            assert path == f"{TICKETS}?pageSize={size}&pageId={ids(answers[-1])[-1]}"

    found = [each for answer in answers for each in ids(answer)]
    assert found == every_id(caller)
    assert -(-len(found) // size) <= len(answers) <= -(-len(found) // size) + 1


ALL = {"pageSize": 1_000}


@pytest.mark.documented("seed 003, 'Forward-Only': 'There will always be a link header'")
def test_the_last_page_forward_only_leads_to_an_empty_one_that_ends_the_walk(psa):
    last = psa.get(TICKETS, params=ALL, headers=FORWARD)
    following = links(last)["next"]
    end = psa.get(following.removeprefix(URL), headers=FORWARD)

    assert following == f"{URL}{TICKETS}?pageSize=1000&pageId={every_id(psa)[-1]}"
    assert (end.status_code, end.json, end.headers["Link"]) == (200, [], "")


@pytest.mark.observed("psa facts 4.5: on the final page the header is there, but empty")
def test_the_last_page_forward_only_has_an_empty_link(psa_observed):
    last = psa_observed.get(TICKETS, params=ALL, headers=FORWARD)

    assert last.json
    assert last.headers["Link"] == ""


@pytest.mark.observed("psa facts 4.5: endpoints without support send no Link; a list of none does")
def test_an_empty_list_forward_only_has_an_empty_link(caller):
    none = {"conditions": "id < 0"}
    assert caller.get(TICKETS, params=none, headers=FORWARD).headers["Link"] == ""
    assert "Link" not in caller.get(TICKETS, params=none).headers


@pytest.mark.live
@pytest.mark.documented("seed 003, 'Forward-Only': page is ignored, the order is by id")
def test_forward_only_paging_ignores_page_and_order(caller):
    params = {"page": 7, "orderBy": "summary desc", "pageId": 5000, "pageSize": 5}

    answer = caller.get(TICKETS, params=params, headers=FORWARD)

    assert ids(answer) == [n for n in every_id(caller) if n > 5000][:5]


@pytest.mark.observed("psa facts 4.5: clients send pageId without the header")
def test_page_id_alone_is_a_condition(caller):
    assert ids(caller.get(TICKETS, params={"pageId": 5000, "pageSize": 3})) == [5001, 5002, 5003]
    count = len([n for n in every_id(caller) if n > 5000])
    assert caller.get(f"{TICKETS}/count", params={"pageId": 5000}).json == {"count": count}


@pytest.mark.documented("seed 003: without the header paging is navigable, pageId a condition")
def test_pages_behind_a_page_id_are_navigable(caller):
    first = caller.get(TICKETS, params={"pageId": 5000, "pageSize": 2})
    second = caller.get(TICKETS, params={"pageId": 5000, "pageSize": 2, "page": 2})

    assert ids(second) == [5003, 5004]
    assert 'tickets?pageId=5000&pageSize=2&page=2>; rel="next"' in first.headers["Link"]
