"""Automate's tokens: few, shared, renewed in time."""

import pytest

from mockserver.client.errors import NotAuthenticated, TwoFactorRequired
from mockserver.client.passcodes import passcode
from mockserver.tests.client_support import Lab

KEY = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def lab():
    return Lab().without_limits()


def logins(lab):
    return [e for e in lab.asked("POST") if "api" in e["path"].casefold()]


@pytest.mark.parametrize("dialect", ["documented", "observed"])
def test_fifty_threads_make_one_token_request_when_they_begin_and_one_at_expiry(lab, dialect):
    automate = lab.automate(lab.net(), dialect=dialect)
    lifetime_s = 14_400 if dialect == "documented" else 3_600

    def work():
        automate.computers.get(97)
        lab.time.sleep(lifetime_s - 200 - lab.time.now_s())
        automate.computers.get(97)

    lab.run(*[work] * 50)

    assert len(logins(lab)) == 2
    assert {entry["status"] for entry in lab.asked()} == {200}


def test_a_revoked_token_is_replaced_once_for_all_threads(lab):
    net = lab.net()
    automate = lab.automate(net)

    def work():
        automate.computers.get(97)
        lab.time.sleep(100 - lab.time.now_s())
        automate.computers.get(97)

    def revoke():
        lab.time.sleep(99)
        lab.tenant.tokens.reset()

    lab.run(*[work] * 50, revoke)

    assert len(logins(lab)) == 2
    assert net.statuses.count(401) <= 10


def test_a_token_is_refreshed_five_minutes_before_it_ends(lab):
    automate = lab.automate()

    def work():
        automate.computers.get(97)
        lab.time.sleep(14_400 - 301)
        automate.computers.get(97)
        lab.time.sleep(2)
        automate.computers.get(97)

    lab.run(work)

    assert [entry["path"].rpartition("/")[2] for entry in logins(lab)] == [
        "APICredentials",
        "Refresh",
    ]


def test_a_refused_refresh_is_followed_by_a_login(lab):
    net = lab.net()
    automate = lab.automate(net)

    def work():
        automate.computers.get(97)
        lab.tenant.tokens.reset()
        lab.time.sleep(14_400)
        automate.computers.get(97)

    lab.run(work)

    assert net.statuses == [200, 200, 401, 200, 200]


@pytest.mark.parametrize("dialect", ["documented", "observed"])
def test_a_second_factor_is_computed_from_its_key(lab, dialect):
    lab.time._now_s = lab.tenant.clock.timestamp() - lab.time.wall_s()
    automate = lab.automate(user="technician", two_factor=KEY, dialect=dialect)

    lab.run(lambda: automate.computers.get(97))

    assert len(logins(lab)) == 1


@pytest.mark.parametrize("dialect", ["documented", "observed"])
def test_a_missing_second_factor_has_its_own_error(lab, dialect):
    automate = lab.automate(user="technician", dialect=dialect)

    with pytest.raises(TwoFactorRequired):
        lab.run(automate.authenticate)


def test_a_wrong_password_is_tried_once(lab):
    automate = lab.automate(user="integrator")
    object.__setattr__(automate.settings, "password", "wrong")

    with pytest.raises(NotAuthenticated):
        lab.run(lambda: automate.computers.get(97))
    assert len(logins(lab)) == 1


def test_passcodes_are_those_of_the_standard():
    # RFC 6238 appendix B, the last six digits.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    assert [passcode(secret, t) for t in (59, 1111111109, 20000000000)] == [
        "287082",
        "081804",
        "353130",
    ]
    assert passcode("123 456", 0) == "123456"
