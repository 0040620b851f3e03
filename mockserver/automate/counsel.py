"""What to do about credentials that were refused, in words for hints."""

from collections.abc import Mapping
from typing import Final

SECOND_FACTOR: Final = "second factor"
#: By the reason of ``Unauthenticated``.
COUNSEL: Final[Mapping[str, str]] = {
    "missing": "There is no Authorization: Bearer header; log in first, POST /apitoken answers "
    "a token.",
    "unknown": "This token was not issued here since the last reset: log in again.",
    "expired": "The token has expired by the tenant's clock: log in again, or refresh it in time.",
    "revoked": "The token was revoked: log in again.",
    "refresh": "There is no living session with this refresh token: log in again.",
    "credentials": "No user has this UserName and Password.",
    SECOND_FACTOR: "The user has a second factor: send TwoFactorPasscode with the six digits.",
    "passcode": "TwoFactorPasscode is not the passcode of now, by the tenant's clock.",
    "locked": "The user is locked: set IsLocked to false.",
    "removed": "The user, or its tenant, was removed.",
}
