"""One-time passcodes (RFC 6238)."""

import base64
import hmac
import re

from mockserver.core.clock import Clock

_PASSCODE = re.compile(r"[0-9]{6}", re.ASCII)
_PASSCODE_CHARS_MAX = 40
_STEP_S = 30
_DRIFT_MAX = 10


def passcode_matches(secret: str, code: str, clock: Clock, drift: int = 1) -> bool:
    """Return whether a code is the one-time passcode now, or a few steps of 30 seconds off.

    Args:
        secret: Shared, in base32.
        code: As typed; spaces in it do not matter (automate facts 18).
        clock: Tells the time.
        drift: How many steps it may be off; ten at most are tried.
    """
    if len(code) > _PASSCODE_CHARS_MAX:
        return False
    plain = code.replace(" ", "")
    step = int(clock.timestamp() // _STEP_S)
    if not _PASSCODE.fullmatch(plain) or step < 1:
        return False
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    most = min(drift, _DRIFT_MAX, step)
    steps = range(step - most, step + most + 1)
    return any(hmac.compare_digest(plain, _passcode(key, each)) for each in steps)


def _passcode(key: bytes, step: int) -> str:
    """Return the code of RFC 6238.

    Not left to pyotp: since 2.12 it refuses secrets below 112 bits, and the published demonstration
    secret has 80.
    """
    digest = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 1_000_000:06d}"
