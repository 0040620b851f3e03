"""The JSON body of a refusal (psa facts 6.2), before and after the profile has had its say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from mockserver.psa.codes import Case
from mockserver.psa.profile import PsaProfile
from mockserver.web.exchange import Answer, Exchange

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Envelope:
    """One refusal, worded.

    Attributes:
        status: HTTP's.
        case: What the code is chosen by.
        message: For people.
        faults: The entries of ``errors``, complete; each profile shows some of their members.
        headers: Beside those of every answer.
    """

    status: int
    case: Case
    message: str
    faults: Sequence[Mapping[str, Any]] = ()
    headers: Headers = ()


def rendered(profile: PsaProfile, envelope: Envelope) -> Answer:
    """Return the answer that *profile* makes of a refusal."""
    document: dict[str, Any] = {
        "code": profile.codes[envelope.case],
        "message": envelope.message,
    }
    if profile.errors_null and not envelope.faults:
        document["errors"] = None
    if envelope.faults:
        shown = profile.fault_members
        document["errors"] = [{n: fault[n] for n in shown} for fault in envelope.faults]
    return Answer(envelope.status, pretty(document), envelope.headers)


def pretty(document: Mapping[str, Any]) -> bytes:
    """Return JSON as the vendor prints errors: two spaces, CRLF (psa facts 2.7)."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).replace(b"\n", b"\r\n")


def psa_profile(exchange: Exchange) -> PsaProfile:
    """Return the profile of the tenant that a request belongs to."""
    profile = exchange.profile
    assert isinstance(profile, PsaProfile)
    return profile
