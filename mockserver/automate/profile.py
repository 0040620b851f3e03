"""The quirks of Automate on which the sources disagree, one field each, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass

from mockserver.automate import dialect
from mockserver.core.conditions import Dialect
from mockserver.core.limits import Quota
from mockserver.core.profile import Profile
from mockserver.web.exchange import Caller


@dataclass(frozen=True, eq=False)
class AutomateProfile(Profile):
    """One consistent Automate; a token carries the one that it was issued under.

    Attributes:
        conditions: The language of ``condition``.
        seed_errors: Whether errors are ``{"error": {…}}`` (seed 000) or ``{"Message"}``.
        seed_shapes: Whether records have the seed's names (automate facts 10.3).
        seed_page_headers: Whether lists carry ``X-Total-Count`` and its like (C8).
        quota_headers: Whether answers carry ``X-RateLimit-*`` (C15).
        page_size: Rows on a page when none is asked for (C9).
        page_size_max: Most rows on a page; larger wishes are clamped; None for no limit (C9).
        all_rows: Whether ``pageSize=-1`` returns everything (automate facts 33).
        repeated_parameters: Whether the same parameter twice is ignored or refused (51).
        require_client_id: Whether data calls need a ClientId header (20, C6).
        token_ttl_s: Life of an access token (C4).
        absolute_ttl_s: How long refreshing can go on (guess: automate facts 14).
        second_factor_status: Answer to a login that lacks its passcode (C2).
        created_status: Answer to a create (C16).
        quoted_dates: Whether a quoted date in a condition works or is a 500 (50, C11).
    """

    conditions: Dialect = dialect.DOCUMENTED
    seed_errors: bool = True
    seed_shapes: bool = True
    seed_page_headers: bool = True
    quota_headers: bool = True
    page_size: int = 50
    page_size_max: int | None = 1_000
    all_rows: bool = False
    repeated_parameters: bool = True
    require_client_id: bool = False
    token_ttl_s: int = 14_400
    absolute_ttl_s: int = 86_400
    second_factor_status: int = 401
    created_status: int = 201
    quoted_dates: bool = True


DOCUMENTED = AutomateProfile("documented", Quota(requests=60, window_s=60, concurrent=10))
OBSERVED = AutomateProfile(
    "observed",
    Quota(requests=None),  # automate facts 57
    conditions=dialect.OBSERVED,
    seed_errors=False,
    seed_shapes=False,
    seed_page_headers=False,
    quota_headers=False,
    page_size=30,
    page_size_max=None,
    all_rows=True,
    repeated_parameters=False,
    require_client_id=True,
    token_ttl_s=3_600,
    second_factor_status=200,
    created_status=200,
    quoted_dates=False,
)
PROFILES: Mapping[str, AutomateProfile] = {"documented": DOCUMENTED, "observed": OBSERVED}


def profile_of(caller: Caller) -> AutomateProfile:
    """Return the profile of the caller's dialect, with the tenant's quirks (interface section 5)."""
    own = caller.tenant.profiles["automate"]
    assert isinstance(own, AutomateProfile)
    if own.name == caller.dialect:
        return own
    return PROFILES[caller.dialect].changed(**caller.tenant.plan.quirks.get("automate", {}))
