"""The quirks of access: who may call, where, in which version; one field each, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mockserver.psa.quirk_tables import FLOORS, SEED_QUOTA_BODY, SERVER_HEADERS

#: How a release is written (psa facts 2.4).
RELEASE = {"form": r"\d{4}\.\d{1,2}", "example": "2026.4"}


@dataclass(frozen=True, eq=False)
class AccessQuirks:
    """What sources disagree on, or do not tell, of who may call, by which path, in which version.

    Attributes:
        company_in_any_case: Whether the company id may be spelt in any case (psa facts 1.6).
        company_as_codebase: Whether the company id may stand for the codebase (seed 002).
        cloud: Whether the cloud's router stands in front: it answers for companies and codebases
            that do not exist; on premises they are a 401 and a page (psa facts 1.5, 2.2).
        auth_trouble_as_404: Whether wrong credentials below ``v4_6_release`` are the page for
            unknown paths (seed 003, "404 error … on cloud"; psa facts 10.10).
        challenge: Whether a 401 carries ``WWW-Authenticate`` (U2).
        credentials_first: Whether a path that does not exist is a 401 for who has no valid
            credentials, or a 404 for everybody (unknown).
        client_id_first: Whether a missing clientId is told before wrong keys are (unknown).
        client_id_status: Status of a missing clientId (psa facts 1.3, U1).
        client_id_message: What it says (U1).
        members_impersonate: Whether members with the right to edit members may make keys for
            others (seed 003, "Impersonation uses … or another Member"; refused live, facts 1.9).
        token_status: Status of a new pair of keys (U3).
        minted_ttl_s: Life of such a pair (psa facts 1.9: four hours) and of a cookie's hash.
        failed_login_status: Status of a cookie login that fails; the body says so (psa facts 1.10).
        login_sets_cookies: Whether the answer to a login sets the cookies, which clients put
            together themselves (psa facts 1.10).
        system_info_public: Whether ``system/info`` needs no credentials (psa facts 1.11).
        unknown_company_null: Whether companyinfo answers ``null`` for nobody (psa facts 2.1), or
            the page for unknown paths.
        is_cloud_text: Whether companyinfo's ``IsCloud`` is a text (seed 003, psa facts 10.20).
        version: The release whose models are the newest (the second API description's).
        oldest_version: The oldest release that ``Accept`` may ask for (psa facts 2.4).
        old_versions: What came before releases and is accepted still (psa facts 2.4).
        version_floors: The oldest version that an operation knows, by template (psa facts 2.4).
        server_headers: What every answer carries besides (psa facts 2.6).
        trailing_slashes: Whether a path may end with a slash (psa facts 10.21).
        routes_in_any_case: Whether a path may be spelt in any case (psa facts 10.21).
        url_chars_max: Longest URL (seed 003, "Using the /Search endpoints"; psa facts 3.9).
        plain_refusals: Whether the router answers in plain text and the web server with pages, or
            both in JSON as the API does (psa facts 10.6).
        text_id_status: Status of a path with a text where an id belongs: 404 as for unknown paths
            (one recording, psa facts 6.4, U15), or 400.
        quota_per_member: Whether all keys of a member spend one quota (seed 002, "Per API
            member"), or each its own (psa facts 5.1).
        quota_headers: Whether answers carry ``X-RateLimit-*`` (psa facts S1: never seen).
        quota_body: The body of a 429, ``{wait_s}`` in its texts (psa facts S1).
    """

    company_in_any_case: bool = True
    company_as_codebase: bool = True
    cloud: bool = True
    auth_trouble_as_404: bool = False
    challenge: bool = True
    credentials_first: bool = True
    client_id_first: bool = False
    client_id_status: int = 403
    client_id_message: str = "A valid clientId header is required for this request."
    members_impersonate: bool = True
    token_status: int = 201
    minted_ttl_s: int = 14_400
    failed_login_status: int = 200
    login_sets_cookies: bool = False
    system_info_public: bool = False
    unknown_company_null: bool = True
    is_cloud_text: bool = True
    version: str = field(default="2026.4", metadata=RELEASE)
    oldest_version: str = "2018.4"
    old_versions: frozenset[str] = frozenset({"3.0.0", "3.0.1"})
    version_floors: Mapping[str, str] = field(default_factory=lambda: FLOORS)
    server_headers: tuple[tuple[str, str], ...] = SERVER_HEADERS
    trailing_slashes: bool = True
    routes_in_any_case: bool = True
    url_chars_max: int = 10_000
    plain_refusals: bool = True
    text_id_status: int = 404
    quota_per_member: bool = True
    quota_headers: bool = True
    quota_body: Mapping[str, str] = field(default_factory=lambda: SEED_QUOTA_BODY)
