"""What threads do to each other at the gate: the line, outages, and the end of the client."""

import functools

import pytest
import requests

from mockserver.client import PSAClient, RetryPolicy, base
from mockserver.client.errors import ClientClosed, ConnectWiseError, GateShut
from mockserver.tests.client_support import Lab


@pytest.fixture
def lab():
    return Lab().without_limits()


def test_nobody_stands_in_line_for_ever():
    lab, shut = Lab(), []
    net = lab.net()
    psa = lab.psa(net, policy=RetryPolicy(queue_s=30))

    def work():
        try:
            psa.service.boards.get(1)
        except GateShut as error:
            shut.append((lab.time.now_s(), str(error)))

    lab.run(*[work] * 100)

    assert len(shut) + net.served == 100
    assert 25 <= net.served <= 40
    assert {text for _, text in shut} == {"too many requests were before this one"}
    assert max(at_s for at_s, _ in shut) < 31


def test_an_outage_of_five_minutes_is_met_with_few_requests_and_soon_survived(lab):
    net = lab.net()
    psa = lab.psa(net)
    rule = lab.tenant.faults.add({"effect": {"kind": "error", "status": 500}})
    recovered = []

    def work():
        while not recovered:
            try:
                psa.service.boards.get(1)
                recovered.append(lab.time.now_s())
            except ConnectWiseError:
                lab.time.sleep(0.01)

    def repair():
        lab.time.sleep(300)
        lab.tenant.faults.remove(rule["id"])

    lab.run(*[work] * 20, repair)

    assert sum(240 <= at_s < 300 for at_s in net.arrivals_s) <= 6
    assert recovered[0] <= 300 + 20
    assert net.peak <= 10


def test_nothing_is_sent_while_others_were_told_to_wait(lab):
    net = lab.net()
    psa = lab.psa(net)
    lab.fault({"kind": "rate-limit", "retry_after": "30"}, times=1, after=20)

    lab.run(*[lambda: [psa.service.boards.get(1) for _ in range(5)]] * 10)

    refused_s = net.arrivals_s[net.statuses.index(429)]
    assert not [at_s for at_s in net.arrivals_s if refused_s + 0.25 < at_s < refused_s + 30]


# -- close ------------------------------------------------------------------------------------


def closed_after(lab, seconds, psa, work):
    """Return when *work* ended with ClientClosed while the client was closed after some seconds."""
    ended = []

    def working():
        with pytest.raises(ClientClosed):
            work()
        ended.append(lab.time.now_s())

    def closing():
        lab.time.sleep(seconds)
        psa.close()

    lab.run(*[working] * 3, closing)
    return ended


def test_closing_ends_the_wait_for_a_server_that_asked_for_time(lab):
    psa = lab.psa()
    lab.fault({"kind": "rate-limit", "retry_after": "500"}, times=1)

    ended = closed_after(lab, 7, psa, functools.partial(psa.service.boards.get, 1))

    assert ended == [7, 7, 7]
    assert [entry["status"] for entry in lab.asked()] == [429]


def test_closing_ends_the_wait_before_a_repetition(lab):
    psa = lab.psa(policy=RetryPolicy(base_s=80, cap_s=80, gap_s=60))
    lab.fault({"kind": "error", "status": 500})

    ended = closed_after(lab, 7, psa, functools.partial(psa.service.boards.get, 1))

    assert ended == [7, 7, 7]
    assert len(lab.asked()) == 3


def test_closing_ends_a_wait_for_somebody_elses_login(lab):
    automate = lab.automate()
    lab.fault({"kind": "rate-limit", "retry_after": "500"}, times=1)

    ended = closed_after(lab, 7, automate, functools.partial(automate.computers.get, 97))

    assert ended == [7, 7, 7]
    assert len(lab.asked()) == 1


def test_a_closed_client_sends_nothing(lab):
    with lab.psa() as psa:
        assert psa.service.boards.get(1)["id"] == 1
    sent = len(lab.asked())

    with pytest.raises(ClientClosed):
        psa.service.boards.get(1)

    assert len(lab.asked()) == sent


class Closing(requests.Session):
    closed = 0

    def close(self):
        self.closed += 1


def test_a_session_that_was_brought_along_stays_open(monkeypatch):
    monkeypatch.setattr(base, "pooled_session", Closing)
    brought = Closing()
    PSAClient("c", "k", "p", "x", "http://127.0.0.1:9", session=brought).close()
    own = PSAClient("c", "k", "p", "x", "http://127.0.0.1:9")
    own.close()

    assert (brought.closed, own._transport.session.closed) == (0, 1)
