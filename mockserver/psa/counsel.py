"""What to do about credentials that were refused, in words for hints."""

from collections.abc import Mapping
from typing import Final

#: By the reason of ``Unauthenticated``.
COUNSEL: Final[Mapping[str, str]] = {
    "missing": "There is no Authorization header: send Basic, company+publicKey as the user and "
    "the private key as the password.",
    "malformed": "Authorization must be Basic with company+publicKey:privateKey in Base64.",
    "invalid": "The company exists; this pair of public and private key does not, or its member "
    "is inactive.",
    "removed": "The tenant was removed while the request was under way.",
}
