"""A callback is sent once, also when its sender is killed: what may have arrived stays unsent."""

from contextlib import nullcontext

import pytest
from stores_support import Opened, kept_in

from mockserver.core import outbox
from mockserver.core.deliveries import Outcome
from mockserver.core.webhooks import UNKNOWN

CALLBACK = {"url": "http://127.0.0.1:9/", "type": "ticket", "level": "owner", "objectId": 1}


class Killed(BaseException):
    """The process ended while it was sending."""


class Receiver:
    """Stands for who receives: remembers what it got, and may kill its sender."""

    def __init__(self, *, deadly):
        self.got, self.deadly = [], deadly

    def __call__(self, message, _timeout_s):
        self.got.append(message.message_id)
        if self.deadly:
            raise Killed
        return Outcome(status=200)


def opened(place, receiver):
    made = Opened(kept_in(place))
    made.world.ground.send = receiver
    return made


def ticket(caller):
    return caller.psa("POST", "/service/tickets", json={"summary": "x", "company": {"id": 3}})


def deliveries(caller):
    return caller.admin("GET", "/callbacks").json["deliveries"]


def killed_while_sending(place):
    """Leave a world whose process ended while it sent its only callback; return what arrived."""
    receiver = Receiver(deadly=True)
    first = opened(place, receiver)
    assert first.psa("POST", "/system/callbacks", json=CALLBACK).status_code == 201
    with pytest.raises(Killed):
        ticket(first)
    first.close()
    assert len(receiver.got) == 1
    return receiver.got


@pytest.fixture
def later(monkeypatch):
    """Return a function that lets so many seconds of the machine pass."""
    ahead = [0.0]
    real = outbox.machine_instant_s
    monkeypatch.setattr(outbox, "machine_instant_s", lambda: real() + ahead[0])

    def pass_by(seconds):
        ahead[0] += seconds

    return pass_by


def test_what_may_have_arrived_is_not_sent_again(place, later):
    (message,) = killed_while_sending(place)
    receiver = Receiver(deadly=False)
    again = opened(place, receiver)
    if not place.startswith("sqlite"):
        # Another process may still be at it: for so long it has the word.
        assert ticket(again).status_code == 201
        assert deliveries(again)[1]["status"] == "waiting"
        assert receiver.got == []
        later(60)
    assert ticket(again).status_code == 201

    shown = deliveries(again)[-1]
    assert (shown["message_id"], shown["status"]) == (message, "failed")
    assert [each["error"] for each in shown["attempts"]] == [UNKNOWN]
    assert shown["why"].startswith(UNKNOWN)
    assert message not in receiver.got
    assert len(receiver.got) == len(deliveries(again)) - 1

    assert again.admin("POST", f"/callbacks/{shown['id']}/redeliver").status_code == 202
    again.psa("GET", "/system/info")
    assert receiver.got[-1] == message
    assert deliveries(again)[-1]["status"] == "delivered"
    again.close()


def test_others_are_not_held_up_by_one_that_is_being_sent(database, later):
    killed_while_sending(database)
    receiver = Receiver(deadly=False)
    again = opened(database, receiver)
    other = {**CALLBACK, "url": "http://127.0.0.1:9/other"}
    assert again.psa("POST", "/system/callbacks", json=other).status_code == 201
    assert ticket(again).status_code == 201
    assert [each["status"] for each in deliveries(again)] == ["delivered", "waiting", "waiting"]
    assert len(receiver.got) == 1
    later(60)
    again.psa("GET", "/system/info")
    assert [each["status"] for each in deliveries(again)] == ["delivered", "delivered", "failed"]
    again.close()


def test_a_sender_that_took_too_long_does_not_overrule_what_is_known(database, later):
    slow = Opened(kept_in(database))
    other = opened(database, Receiver(deadly=False))

    def send(_message, _timeout_s):
        later(60)
        # As if this one's connection was lost meanwhile: the other one may send now.
        other.world.default.webhooks.sending = lambda: nullcontext(enter_result=True)
        other.psa("GET", "/system/info")
        return Outcome(status=200)

    slow.world.ground.send = send
    assert slow.psa("POST", "/system/callbacks", json=CALLBACK).status_code == 201
    assert ticket(slow).status_code == 201
    (shown,) = deliveries(slow)
    assert [each["error"] for each in shown["attempts"]] == [UNKNOWN]
    for each in (slow, other):
        each.close()
