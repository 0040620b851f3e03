"""How fast a live system is asked, which names no quota itself (psa facts S1)."""

import pytest

from mockserver.checks.command import Wanted, chosen
from mockserver.checks.run import findings
from mockserver.checks.targets import live
from mockserver.client import Conduct
from mockserver.tests.client_support import ROOT, Lab

WINDOW_S, A_WINDOW = 60.0, 50
#: Logins go to the same account.
BELOW = {"psa": "/apis/3.0", "automate": "/cwa/api"}


@pytest.fixture(scope="module")
def arrivals():
    """Return when which vendor was asked while every fact was tried, in virtual seconds."""
    lab = Lab().without_limits()
    environ = {
        "CONNECTWISE_SITE": ROOT,
        "CONNECTWISE_COMPANY_ID": f"company-{lab.name}",
        "CONNECTWISE_PUBLIC_KEY": f"publickey-{lab.name}",
        "CONNECTWISE_PRIVATE_KEY": "privatekey",
        "CONNECTWISE_CLIENT_ID": "check",
        "CONNECTWISE_AUTOMATE_SERVER": ROOT,
        "CONNECTWISE_AUTOMATE_USERNAME": f"integrator-{lab.name}",
        "CONNECTWISE_AUTOMATE_PASSWORD": "integrator-password",
    }
    asked, net = [], lab.net()
    carried = net.request

    def request(method, url, **options):
        asked.append((lab.time.now_s(), url))
        return carried(method, url, **options)

    net.request = request
    target = live(environ, Conduct(session=net, clock=lab.time))
    found = findings(target, chosen(Wanted()), writes=True)
    assert sum(each.verdict == "agree" for each in found) > 40
    assert net.peak == 1
    return asked


@pytest.mark.parametrize("api", BELOW)
def test_no_minute_sees_more_requests_than_the_real_limit(arrivals, api):
    times = [at_s for at_s, url in arrivals if BELOW[api] in url]

    busiest = max(sum(t <= other < t + WINDOW_S for other in times) for t in times)
    assert len(times) > 40
    assert busiest <= 60
    assert times[-1] - times[0] >= WINDOW_S * (len(times) / A_WINDOW - 1)
