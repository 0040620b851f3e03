"""The quirks of Automate's logins and tokens, one field each, with its source."""

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class TokenQuirks:
    """What sources disagree on, or do not tell, of logins, tokens and rights; numbers are facts.

    Attributes:
        require_client_id: Whether data calls need a ClientId header (20, C6).
        token_ttl_s: Life of an access token (C4).
        refreshable_s: From the login to ``AbsoluteExpirationDate``; its length is unknown (12).
        refresh_ends_token: Whether a token that is refreshed by itself dies at once; unknown (13).
        wrong_passcode_status: Answer to a login whose passcode is wrong; unrecorded (17).
        integrators_skip_passcode: Whether an integrator's login needs no passcode (19: hearsay).
        token_before_url: Whether an unknown URL without a valid token is a 401, not a 404 or 405;
            unknown.
        second_factor_refused: Whether a login that lacks its passcode is a 401, or a 200 without
            a token (16, C2).
        lock_ends_tokens: Whether a user who is locked is refused with a living token too; nobody
            shows it (a guess).
        expiration_zone: What follows the instants of a token's end: nothing, ``Z`` or ``+00:00``;
            seen live is nothing, which pyconnectwise cannot compare (11).
    """

    require_client_id: bool = False
    token_ttl_s: int = 14_400
    refreshable_s: int = 86_400
    refresh_ends_token: bool = False
    wrong_passcode_status: int = 401
    integrators_skip_passcode: bool = True
    token_before_url: bool = True
    second_factor_refused: bool = True
    lock_ends_tokens: bool = True
    expiration_zone: str = ""
