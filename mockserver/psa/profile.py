"""The quirks of PSA on which the sources disagree, one field each, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mockserver.core.conditions import Dialect
from mockserver.core.limits import Quota
from mockserver.core.profile import Profile
from mockserver.psa import dialect

#: What seed 002 lets a condition on tickets name although no record shows it (psa facts S5, S7).
SEED_NAMES = MappingProxyType(
    {
        "service/tickets": MappingProxyType(
            {
                "assignedResource": "resources",
                "assignedResource/name": "resources",
                "contact/firstName": "contact/name",
                "contact/lastName": "contact/name",
            }
        ),
    }
)


@dataclass(frozen=True, eq=False)
class PsaProfile(Profile):
    """One consistent PSA.

    Attributes:
        conditions: The language of ``conditions``.
        seed_codes: Whether errors carry the codes of seed 002 (psa facts S3: invented).
        quota_headers: Whether answers carry ``X-RateLimit-*`` (psa facts S1: never seen).
        total_header: Whether lists carry ``X-Total-Count`` (psa facts S2: never seen).
        quota_error_key: ``code`` (seed 002) or ``error`` (psa facts 5.1) in the body of a 429.
        conversion_status: Status when a scalar stands where an object belongs (psa facts 6.6: 500).
        company_as_codebase: Whether the company id may stand for the codebase (seed 002).
        aliases: Further names in conditions, by resource.
        condition_children: Whether childConditions reach child collections that no record
            shows (seed 002's ``notes/text``, psa facts S7).
        reference_subpaths: Reference members that a PATCH path may reach into; others are the
            false 200 (seed 003, psa facts 6.11).
        page_size_max: Largest pageSize (psa facts 4.1).
        page_size_capped: Whether a larger pageSize is capped instead of refused (U10).
        page_clamped: Whether a page below 1 means 1 instead of a refusal (U11).
        version: The release whose models are the newest (the second API description's).
    """

    conditions: Dialect = dialect.DOCUMENTED
    seed_codes: bool = True
    quota_headers: bool = True
    total_header: bool = True
    quota_error_key: str = "code"
    conversion_status: int = 400
    company_as_codebase: bool = True
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: SEED_NAMES)
    condition_children: bool = True
    reference_subpaths: frozenset[str] = frozenset({"id"})
    page_size_max: int = 1_000
    page_size_capped: bool = False
    page_clamped: bool = True
    version: str = "2026.4"


DOCUMENTED = PsaProfile(
    "documented",
    Quota(requests=60, window_s=60),  # seed 002, "Limits"
)
OBSERVED = PsaProfile(
    "observed",
    Quota(requests=1_000, window_s=60),  # psa facts 5.1
    conditions=dialect.OBSERVED,
    seed_codes=False,
    quota_headers=False,
    total_header=False,
    quota_error_key="error",
    conversion_status=500,
    company_as_codebase=False,
    aliases=MappingProxyType({}),
    condition_children=False,
    reference_subpaths=frozenset({"id", "identifier", "name"}),
)
PROFILES: Mapping[str, PsaProfile] = {"documented": DOCUMENTED, "observed": OBSERVED}
