"""Receivers that fail, in the tenant's time; targets that are not allowed; sending again."""

import pytest
from callback_support import Subscriber, registered

from mockserver.client.callbacks import CallbackReceiver

documented = pytest.mark.documented
assumed = pytest.mark.assumed

DAY_S = 86_400


@pytest.fixture
def receiver():
    with CallbackReceiver() as receiver:
        yield receiver


@pytest.fixture
def subscriber(make_tenant, receiver):
    made = Subscriber(make_tenant(world="tiny").unlimited(), receiver)
    made.freeze()
    return made


@documented("psa facts 7.9: 404, 409, 419 and 429 are tried again after 2 and after 4 seconds")
@pytest.mark.parametrize("status", [404, 409, 419, 429])
def test_two_retries_follow_after_two_and_after_four_seconds(subscriber, status):
    subscriber.receiver.answer(status, status, status)
    subscriber.subscribe()
    subscriber.ticket()
    counts = [len(subscriber.came)]
    for seconds in (1.9, 0.2, 3.8, 0.2, 60):
        subscriber.advance(seconds)
        counts.append(len(subscriber.came))
    assert counts == [1, 1, 2, 2, 3, 3]
    (delivery,) = subscriber.deliveries()
    assert delivery["status"] == "failed"
    assert [each["status"] for each in delivery["attempts"]] == [status] * 3
    assert len({each.body for each in subscriber.receiver.received}) == 1


@documented("psa facts 7.9: retries are the world's, whatever span the clock jumps")
def test_a_jump_over_both_retries_makes_both(subscriber):
    subscriber.receiver.answer(404, 404)
    subscriber.subscribe()
    subscriber.ticket()
    subscriber.advance(3_600)
    (delivery,) = subscriber.deliveries(status="delivered")
    at = [each["at"][17:19] for each in delivery["attempts"]]
    assert [(int(one) - int(at[0])) % 60 for one in at] == [0, 2, 6]


@documented("psa facts 7.9: other failures are not tried again")
@pytest.mark.parametrize("status", [302, 400, 401, 500, 503])
def test_other_answers_are_final(subscriber, status):
    subscriber.receiver.answer(status)
    subscriber.subscribe()
    subscriber.ticket()
    subscriber.advance(60)
    (delivery,) = subscriber.deliveries()
    assert len(subscriber.came) == 1
    assert delivery["status"] == "failed"
    assert str(status) in delivery["why"]


@documented("psa facts 7.9: any 2xx is a success")
@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_success_is_one(subscriber, status):
    subscriber.receiver.answer(status)
    subscriber.subscribe()
    subscriber.ticket()
    assert [each["status"] for each in subscriber.deliveries()] == ["delivered"]


@documented("issue: per subscription in order")
def test_what_comes_later_waits_for_a_retry_but_other_callbacks_do_not(subscriber):
    subscriber.receiver.answer(404, 404)
    first = subscriber.subscribe()["id"]
    second = subscriber.subscribe(url=subscriber.receiver.url.replace("?id", "?other"))["id"]
    ticket_id = subscriber.ticket()["id"]
    subscriber.change(ticket_id)
    subscriber.advance(10)

    told = {first: [], second: []}
    for each in subscriber.receiver.received:
        told[each.json["CallbackObjectRecId"]].append(each.json["Action"])
    assert told == {first: ["added", "added", "updated"], second: ["added", "added", "updated"]}


@documented("psa facts 7.9: three days of failures set a callback inactive")
def test_after_three_days_of_failures_a_callback_is_inactive(subscriber):
    callback = subscriber.subscribe()
    path = f"/system/callbacks/{callback['id']}"
    ticket_id = subscriber.ticket()["id"]
    subscriber.receiver.answer(*[500] * 4)
    for day in range(4):
        assert subscriber.psa.get(path).json["inactiveFlag"] is False, day
        subscriber.change(ticket_id, value=f"Day {day}")
        subscriber.advance(DAY_S)
    assert subscriber.psa.get(path).json["inactiveFlag"] is True
    before = len(subscriber.came)
    subscriber.change(ticket_id, value="later")
    assert len(subscriber.came) == before


@assumed("psa facts 7.9: one success begins the count anew")
def test_a_success_in_between_keeps_a_callback_active(subscriber):
    callback = subscriber.subscribe()
    ticket_id = subscriber.ticket()["id"]
    subscriber.receiver.answer(500, 500, 204, 500, 500)
    for day in range(5):
        subscriber.change(ticket_id, value=f"Day {day}")
        subscriber.advance(DAY_S)
    assert subscriber.psa.get(f"/system/callbacks/{callback['id']}").json["inactiveFlag"] is False


@assumed("our own rule: callbacks go to this machine only")
@pytest.mark.parametrize(
    "url",
    [
        *("http://169.254.169.254/latest?id=", "http://10.0.0.1/?id=", "https://example.com/?id="),
        *("http://0.0.0.0:1/?id=", "http://127.0.0.1.nip.io/?id=", "http://[::ffff:10.0.0.1]/?i="),
        *("http://2130706433/?id=", "http://localhost.evil.example/?id=", "http://0x7f.1/?id="),
    ],
)
def test_targets_beyond_this_machine_are_blocked_and_shown(subscriber, url):
    subscriber.subscribe(url=url)
    subscriber.ticket()
    (delivery,) = subscriber.deliveries(status="blocked")
    assert "--allow-callback-host" in delivery["why"]
    assert [each["status"] for each in delivery["attempts"]] == [None]


@assumed("our own rule: a receiver that is not there is a failure, told in words")
def test_nobody_listening_is_a_failure_that_is_not_tried_again(subscriber):
    subscriber.receiver.stop()
    subscriber.subscribe()
    subscriber.ticket()
    (delivery,) = subscriber.deliveries()
    assert delivery["status"] == "failed"
    assert "refused" in delivery["why"].lower()


@documented("interface section 6: deliveries with attempts, and redeliver")
def test_a_delivery_is_sent_again_with_the_same_bytes(subscriber):
    subscriber.receiver.answer(500)
    subscriber.subscribe()
    subscriber.ticket()
    (failed,) = subscriber.deliveries()
    answer = subscriber.tenant.admin("POST", f"/callbacks/{failed['id']}/redeliver")
    assert answer.status_code == 202
    first, second = subscriber.receiver.received
    assert (first.body, first.headers["x-content-signature"]) == (
        second.body,
        second.headers["x-content-signature"],
    )
    (sent,) = subscriber.deliveries()
    assert sent["status"] == "delivered"
    assert [each["status"] for each in sent["attempts"]] == [500, 204]


@documented("interface section 6: errors of the control plane")
@pytest.mark.parametrize("delivery_id", ["0", "7", "x", "-1", "9" * 40, "%00"])
def test_only_what_there_is_can_be_sent_again(subscriber, delivery_id):
    answer = subscriber.tenant.admin("POST", f"/callbacks/{delivery_id}/redeliver")
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "UnknownDelivery")


@documented("interface section 6: deliveries")
@pytest.mark.parametrize(
    "query", [{"status": "x"}, {"callback": "x"}, {"limit": "0"}, {"limit": "9999"}, {"foo": "1"}]
)
def test_a_filter_that_cannot_be_read_is_refused(subscriber, query):
    answer = subscriber.tenant.client.get("/_mock/callbacks", query_string=query)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "BadRequest")


@documented("interface section 6: filters and order of deliveries")
def test_deliveries_are_shown_newest_first_and_filtered(subscriber):
    first = subscriber.subscribe()["id"]
    second = subscriber.subscribe(url="http://10.0.0.1/?id=")["id"]
    ticket_id = subscriber.ticket()["id"]
    subscriber.change(ticket_id)
    shown = subscriber.deliveries()
    assert [each["id"] for each in shown] == [4, 3, 2, 1]
    assert [each["callback"] for each in shown] == [second, first, second, first]
    assert [each["id"] for each in subscriber.deliveries(callback=first)] == [3, 1]
    assert [each["id"] for each in subscriber.deliveries(status="blocked", limit=1)] == [4]
    told = {name: shown[1][name] for name in ("type", "action", "record_id", "member")}
    assert told == {
        "type": "ticket",
        "action": "updated",
        "record_id": ticket_id,
        "member": "Admin1",
    }


@documented("interface section 6: a reset takes callbacks back to how they started")
def test_a_reset_forgets_and_a_snapshot_brings_back_what_waits(subscriber):
    subscriber.subscribe()
    subscriber.receiver.answer(404)
    subscriber.ticket()
    kept = subscriber.tenant.admin("POST", "/snapshots").json["id"]
    subscriber.advance(2)
    assert [each["status"] for each in subscriber.deliveries()] == ["delivered"]
    subscriber.tenant.admin("POST", f"/snapshots/{kept}/restore")
    assert [each["status"] for each in subscriber.deliveries()] == ["waiting"]
    subscriber.tenant.admin("POST", "/reset")
    assert subscriber.deliveries() == []
    assert registered(subscriber.psa) == []
    assert len(subscriber.came) == 2


@documented("psa facts 7: a callback that is gone or inactive sends nothing")
def test_what_waits_for_a_callback_that_goes_is_blocked(subscriber):
    callback = subscriber.subscribe()
    subscriber.receiver.answer(404)
    subscriber.ticket()
    subscriber.write("DELETE", f"/system/callbacks/{callback['id']}")
    subscriber.advance(60)
    (delivery,) = subscriber.deliveries()
    assert (delivery["status"], len(subscriber.came)) == ("blocked", 1)
    assert "deleted" in delivery["why"]
