"""The goals of the gate, on the emulator in virtual time (retry facts 5, issue's numbers)."""

import pytest

from mockserver.tests.client.gate_goals import MINUTES, THREADS, WINDOWS, row, saturated

FEW_AND_MANY = (THREADS[0], 10, THREADS[-1])


@pytest.mark.parametrize("threads", FEW_AND_MANY)
def test_a_client_with_work_uses_the_quota_and_is_hardly_ever_refused(threads):
    assert row(threads, "fixed", 0).missed(0) == []


@pytest.mark.parametrize("threads", FEW_AND_MANY)
@pytest.mark.parametrize("window", WINDOWS)
def test_a_neighbour_on_the_same_key_keeps_its_requests(window, threads):
    assert row(threads, window, 20).missed(20) == []


@pytest.mark.parametrize("threads", FEW_AND_MANY)
@pytest.mark.parametrize(("window", "share"), [("sliding", 0.97), ("bucket", 1.0)])
def test_a_quota_that_comes_back_little_by_little_is_used_up_too(window, share, threads):
    net, _ = saturated(threads, window)

    assert net.served >= share * 60 * MINUTES
    assert net.refused <= 0.001 * len(net.statuses)


def test_after_a_pause_no_more_than_a_burst_goes_out_in_one_second():
    net, _ = saturated(100)

    seconds = [int(at_s) for at_s in net.arrivals_s]
    assert max(map(seconds.count, set(seconds))) <= 6
