"""What nobody has seen is a guess that can be replaced: each in both values (psa facts 12)."""

import json

import pytest
from callback_support import Subscriber

from mockserver.client.callbacks import CallbackReceiver

assumed = pytest.mark.assumed
TICKETS = "/service/tickets"


@pytest.fixture
def with_quirks(make_tenant):
    """Return a function that makes an observed tenant with quirks of PSA."""
    return lambda **quirks: make_tenant("observed", psa=quirks).unlimited()


def count(caller, conditions, name="conditions", path=TICKETS):
    return caller.get(f"{path}/count", params={name: conditions}).json["count"]


@assumed("psa facts U8: SQL drops the rows without a value, or they are unequal")
def test_null_may_be_unequal_to_a_value(with_quirks):
    plain, switched = with_quirks().psa, with_quirks(conditions={"null_unequal": True}).psa
    every, without = count(plain, "id > 0"), count(plain, "agreement/id = null")

    assert without > 0
    assert count(plain, "agreement/id != 999999") == every - without
    assert count(switched, "agreement/id != 999999") == every
    assert count(switched, "agreement/id = null") == without


@assumed("psa facts U9: one child fulfils all that is asked, or each a child of its own")
def test_children_may_fulfil_a_condition_together(with_quirks):
    both = "communicationItems/communicationType='Email' and communicationItems/value='555 0100'"
    for one_child, wanted in ((True, 0), (False, 1)):
        caller = with_quirks(child_conditions={"one_child": one_child}).psa
        contact = caller.get("/company/contacts", params={"pageSize": "1"}).json[0]["id"]
        path = f"/company/contacts/{contact}/communications"
        kinds = caller.get("/company/communicationTypes").json
        for flag, value in (("emailFlag", "zoe@example.test"), ("phoneFlag", "555 0100")):
            kind = next(each["id"] for each in kinds if each.get(flag))
            assert caller.post(path, json={"type": {"id": kind}, "value": value}).status_code == 201

        assert count(caller, both, "childConditions", "/company/contacts") == wanted


@assumed("psa facts U14: nobody has seen the words of 405, 409 and 415")
def test_the_words_of_refusals_can_be_replaced(with_quirks):
    words = {"method": "No {method} {x}.", "media": "No {media}.", "in_use": "Busy."}
    plain, switched = with_quirks().psa, with_quirks(wording=words).psa

    def told(caller):
        form = {"data": "{}", "content_type": "application/json"}
        return [
            (answer.status_code, answer.json["message"])
            for answer in (
                caller.put(TICKETS, json={}),
                caller.post("/system/documents", **form),
                caller.delete("/service/boards/1"),
            )
        ]

    assert told(switched) == [(405, "No PUT {x}."), (415, "No application/json."), (409, "Busy.")]
    assert [status for status, _ in told(plain)] == [405, 415, 409]
    assert "does not support http method 'PUT'" in told(plain)[0][1]


@assumed("psa facts U15: one recording shows the 404")
def test_a_text_for_an_id_may_be_a_bad_request(with_quirks):
    plain, switched = with_quirks().psa, with_quirks(text_id_status=400).psa

    for path in (f"{TICKETS}/abc", f"{TICKETS}/abc/notes", "/finance/invoices/types"):
        assert plain.get(path).status_code == 404
        assert switched.get(path).status_code == 400
    assert switched.get("/service/nothing").status_code == 404
    assert switched.get("/system/members/Admin1").status_code == 200
    assert switched.get("/" + "/".join(["service"] * 900)).status_code == 404


@assumed("psa facts U19: 400 is inferred")
def test_a_malformed_body_may_be_a_server_error(with_quirks):
    plain, switched = with_quirks().psa, with_quirks(malformed_status=500).psa
    sent = {"data": '{"summary": ', "content_type": "application/json"}

    assert plain.post(TICKETS, **sent).status_code == 400
    answer = switched.post(TICKETS, **sent)
    assert (answer.status_code, answer.json["code"]) == (500, "ConnectWiseApi")


@assumed("psa facts U21: by id in practice, nobody promises it")
def test_lists_may_begin_with_the_newest(with_quirks):
    plain, switched = with_quirks().psa, with_quirks(newest_first=True).psa

    def ids(caller, headers=None, **params):
        rows = caller.get(TICKETS, params={"pageSize": "5", **params}, headers=headers or {}).json
        return [each["id"] for each in rows]

    assert ids(plain) == sorted(ids(plain))
    assert ids(switched)[0] == max(ids(plain, orderBy="id desc"))
    assert ids(switched, orderBy="id asc") == ids(plain)
    assert ids(switched, {"pagination-type": "forward-only"}) == ids(plain)
    assert ids(switched, pageId="5003") == ids(plain, pageId="5003")


@assumed("psa facts U24: nobody saw a delay, and nobody says that there is none")
@pytest.mark.parametrize(("delay_s", "counts"), [(0, [1, 1]), (30, [0, 1])])
def test_callbacks_may_leave_later(with_quirks, delay_s, counts):
    with CallbackReceiver() as receiver:
        subscriber = Subscriber(with_quirks(callback_delay_s=delay_s), receiver)
        subscriber.freeze()
        subscriber.subscribe()
        subscriber.ticket()
        found = [len(subscriber.came)]
        subscriber.advance(31)
        found.append(len(subscriber.came))

    assert found == counts


@assumed("psa facts 5.1: the body of a 429 as a quirk; what it does not know stays as it is")
def test_a_quota_body_may_have_braces(make_tenant):
    body = {"error": "{nothing} {0}", "message": "wait {wait_s}"}
    caller = make_tenant("observed", psa={"quota_body": body, "quota": {"requests": 1}}).psa
    caller.get("/system/info")

    refused = caller.get("/system/info")

    assert refused.status_code == 429
    assert refused.json["error"] == "{nothing} {0}"
    assert refused.json["message"].removeprefix("wait ").isdigit()


@assumed("psa facts U16: levels of one's own, or any; the words for an unknown type")
def test_the_levels_of_callbacks_can_be_others(with_quirks):
    callback = {"url": "http://127.0.0.1:9/?id=", "objectId": 1}

    def status(caller, kind, level):
        answer = caller.post("/system/callbacks", json=callback | {"type": kind, "level": level})
        return answer.status_code

    plain = with_quirks().psa
    own = with_quirks(callback_levels={"ticket": {"source": "source"}}).psa
    free = with_quirks(callback_levels_checked=False).psa
    for caller, statuses in ((plain, (400, 201)), (own, (201, 400)), (free, (201, 201))):
        assert (status(caller, "ticket", "source"), status(caller, "ticket", "board")) == statuses
    worded = with_quirks(wording={"callback_type": "No such type"}).psa
    refused = worded.post("/system/callbacks", json=callback | {"type": "x", "level": "owner"})
    assert refused.json["errors"][0]["message"] == "No such type"


@assumed("psa facts U16: a level of one's own hears of its records, a free one of all")
def test_what_other_levels_hear_of(make_tenant):
    def heard(level, **quirks):
        tenant = make_tenant("observed", psa=quirks).unlimited()
        with CallbackReceiver("") as receiver:
            subscriber = Subscriber(tenant, receiver)
            subscriber.subscribe("ticket", level, 2)
            for source in (1, 2):
                subscriber.ticket(source={"id": source})
            return len(receiver.received)

    assert heard("source", callback_levels={"ticket": {"source": "source"}}) == 1
    assert heard("anything", callback_levels_checked=False) == 2


@assumed("psa facts U18, S25: credentials for the key, further members, another type")
def test_the_answer_of_the_key_url_can_be_another(make_tenant):
    def key(tenant, **headers):
        with CallbackReceiver("") as receiver:
            subscriber = Subscriber(tenant, receiver)
            subscriber.subscribe()
            subscriber.ticket()
            url = receiver.received[0].json["Metadata"]["key_url"]
        return tenant.client.get(url.partition("localhost")[2], headers=headers)

    more = {"callback_key_members": {"expiration": "never"}, "callback_key_type": "text/html"}
    answer = key(make_tenant("observed", psa=more))
    assert (answer.content_type, set(answer.json or json.loads(answer.data))) == (
        "text/html",
        {"signing_key", "expiration"},
    )
    closed, other = make_tenant(psa={"callback_key_public": False}), make_tenant()
    assert key(closed).status_code == 401
    assert key(closed, **closed.psa.headers).status_code == 200
    assert key(closed, **other.psa.headers).status_code == 404


@assumed("psa facts U20: without regard to case, or capitals first")
@pytest.mark.parametrize(
    ("by_case", "order"), [(False, ["aa", "AB", "ba"]), (True, ["AB", "aa", "ba"])]
)
def test_texts_may_be_sorted_by_case(with_quirks, by_case, order):
    caller = with_quirks(ordered_by_case=by_case).psa
    for name in ("ba", "AB", "aa"):
        made = caller.post("/service/sources", json={"name": name})
        assert made.status_code == 201
    params = {"orderBy": "name", "conditions": "name in ('aa','ab','ba')", "fields": "name"}

    assert [row["name"] for row in caller.get("/service/sources", params=params).json] == order
    down = caller.get("/service/sources", params={**params, "orderBy": "name desc"}).json
    assert [row["name"] for row in down] == order[::-1]
