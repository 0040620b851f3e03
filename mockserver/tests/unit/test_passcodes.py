import base64
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from mockserver.core import passcodes
from mockserver.core.clock import Clock
from mockserver.core.passcodes import passcode_matches

START = datetime(2024, 5, 1, 12, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def clock():
    return Clock(START, frozen=True)


@pytest.mark.parametrize(
    ("at_s", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_passcodes_are_those_of_rfc_6238(at_s, code):
    # RFC 6238, appendix B (SHA-1), of which six digits are the last of the eight.
    secret = base64.b32encode(b"12345678901234567890").decode()

    assert passcode_matches(secret, code, Clock(datetime.fromtimestamp(at_s, UTC), frozen=True))


@pytest.mark.parametrize(
    ("offset_s", "accepted"), [(0, True), (-30, True), (30, True), (-60, False), (60, False)]
)
def test_passcode_may_be_one_step_off(clock, offset_s, accepted):
    code = pyotp.TOTP(SECRET * 2).at(START + timedelta(seconds=offset_s))

    assert passcode_matches(SECRET * 2, code, clock) is accepted
    assert passcode_matches(SECRET * 2, f" {code[:3]} {code[3:]} ", clock) is accepted


def test_demonstration_secret_works_although_it_is_short(clock):
    step = int(clock.timestamp()) // 30
    code = passcodes._passcode(base64.b32decode(SECRET), step)

    assert passcode_matches(SECRET, code, clock)
    assert passcode_matches(SECRET.lower(), code, clock)
    assert not passcode_matches(SECRET, f"{(int(code) + 1) % 10**6:06d}", clock)


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "٣٤٥٦٧٨", "\ud800", "1" * 10**6, "1 " * 30, "-12345"]
)
def test_strange_passcode_is_just_wrong(clock, code):
    assert passcode_matches(SECRET, code, clock) is False


def test_passcodes_before_the_epoch_do_not_match():
    before = Clock(datetime(1960, 1, 1, tzinfo=UTC), frozen=True)

    assert passcode_matches(SECRET, "123456", before) is False
