"""The goals of the gate, on the emulator in virtual time (retry facts 5, issue's numbers)."""

import pytest

from mockserver.tests.client_support import BOARD, Lab

MINUTES = 5
END_S = MINUTES * 60


def saturated(threads, neighbour_every_s=None, window="fixed"):
    """Return the nets of a client that always has work, and of its neighbour."""
    lab = Lab()
    quota = lab.tenant.limits["psa"].quota
    lab.tenant.limits["psa"].quota = quota.changed(window=window)
    net, beside = lab.net(), lab.net(2)
    psa = lab.psa(net)

    def work():
        while lab.time.now_s() < END_S:
            psa.service.boards.get(1, fields="id")

    def neighbour():
        number, headers = 0, {"clientId": "n"}
        keys = (f"company-{lab.name}+publickey-{lab.name}", "privatekey")
        while lab.time.now_s() < END_S:
            beside.request("GET", BOARD, auth=keys, headers=headers)
            number += 1
            lab.time.sleep(max(0.0, number * neighbour_every_s - lab.time.now_s()))

    lab.run(*[work] * threads, *([neighbour] if neighbour_every_s else []), until_s=END_S)
    return net, beside


@pytest.mark.parametrize("threads", [1, 10, 100])
def test_a_client_with_work_uses_the_quota_and_is_hardly_ever_refused(threads):
    net, _ = saturated(threads)

    assert net.served >= 0.98 * 60 * MINUTES
    assert net.refused <= 0.001 * len(net.statuses)
    assert len(net.statuses) <= 1.005 * net.served
    assert net.peak <= 10


@pytest.mark.parametrize("threads", [1, 10])
@pytest.mark.parametrize("window", ["fixed", "sliding", "bucket"])
def test_a_neighbour_on_the_same_key_keeps_its_requests(window, threads):
    net, neighbour = saturated(threads, neighbour_every_s=3, window=window)

    assert net.refused <= 0.01 * len(net.statuses)
    assert neighbour.served >= 0.95 * len(neighbour.statuses)
    assert net.served >= 0.97 * (60 * MINUTES - neighbour.served)


@pytest.mark.parametrize("threads", [1, 10, 100])
@pytest.mark.parametrize(("window", "share"), [("sliding", 0.97), ("bucket", 1.0)])
def test_a_quota_that_comes_back_little_by_little_is_used_up_too(window, share, threads):
    net, _ = saturated(threads, window=window)

    assert net.served >= share * 60 * MINUTES
    assert net.refused <= 0.001 * len(net.statuses)


def test_after_a_pause_no_more_than_a_burst_goes_out_in_one_second():
    net, _ = saturated(100)

    seconds = [int(at_s) for at_s in net.arrivals_s]
    assert max(map(seconds.count, set(seconds))) <= 6
