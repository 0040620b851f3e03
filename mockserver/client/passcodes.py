"""Codes of a second factor: RFC 6238, 30 seconds, 6 digits."""

import base64
import binascii
import hashlib
import hmac
import re

from mockserver.client.secrets import Secret

CODE = re.compile(r"[0-9]{6,8}", re.ASCII)
STEP_S, DIGITS = 30, 6


def passcode(key: str, wall_s: float) -> str:
    """Return the code to send for *key*: a base32 secret, or a code, which is returned as it is.

    Raises:
        ValueError: It is neither.
    """
    plain = Secret(key.replace(" ", "").replace("-", ""))
    if CODE.fullmatch(plain):
        return plain
    try:
        secret = base64.b32decode(plain.upper() + "=" * (-len(plain) % 8))
    except (binascii.Error, ValueError):
        raise ValueError("the two-factor key is neither base32 nor a code") from None
    digest = hmac.digest(secret, int(wall_s // STEP_S).to_bytes(8, "big"), hashlib.sha1)
    at = digest[-1] & 0xF
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"
