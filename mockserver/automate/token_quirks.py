"""The quirks of Automate's logins and tokens, one field each, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

#: Facts 15 has the members; ``{host}`` is the server's own URL.
LOGIN_OPTIONS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "AllowDirect": True,
        "AllowServiceRegistration": False,
        "AutomateRedirectUri": "{host}automate",
        "Services": (),
    }
)

#: By the first word of a path, the permissions to change and to remove what lies there. The names
#: are those of the description's model, what each guards is ours.
WRITE_PERMISSIONS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "clients": ("ClientEdit", "ClientDelete"),
        "locations": ("ClientEdit", "ClientDelete"),
        "contacts": ("ContactEdit", "ContactDelete"),
        "systemcontacts": ("ContactEdit", "ContactDelete"),
        "users": ("UserEdit", "UserDelete"),
        "userclasses": ("UserClassUpdate", "UserClassDelete"),
        "scripts": ("ScriptEdit", "ScriptDelete"),
        "scriptfolders": ("ScriptEdit", "ScriptDelete"),
        "computers": ("ComputersUpdate", "ComputersDelete"),
        "groups": ("GroupInfoUpdate", "GroupsDelete"),
        "groupcomputers": ("GroupInfoUpdate", "GroupInfoUpdate"),
        "groupnetworkdevices": ("GroupInfoUpdate", "GroupInfoUpdate"),
        "networkdevices": ("NetworkDeviceUpdate", "NetworkDeviceDelete"),
        "alerts": ("AlertsUpdate", "AlertsDeleteAll"),
        "monitors": ("InternalMonitorsUpdate", "InternalMonitorsDelete"),
        "retiredassets": ("RetiredAssetsDelete", "RetiredAssetsDelete"),
    }
)


@dataclass(frozen=True, eq=False)
class TokenQuirks:
    """What sources disagree on, or do not tell, of logins, tokens and rights; numbers are facts.

    Attributes:
        require_client_id: Whether data calls need a ClientId header (20, C6).
        token_ttl_s: Life of an access token (C4).
        refreshable_s: From the login to ``AbsoluteExpirationDate``; its length is unknown (12).
        refresh_tokens: Whether logins give a refresh token ("if enabled", says seed 000).
        refresh_token_ttl_s: Life of each; None up to ``AbsoluteExpirationDate``; unknown.
        refresh_ends_token: Whether a token that is refreshed dies at once, its refresh token too;
            unknown (13).
        token_superset: Whether both login paths answer the members of both token bodies, or each
            its own (C3).
        login_options: What ``GET /APIToken`` answers, ``{host}`` in its texts; nobody shows an
            answer, only its members are described (15). That of the default tenant counts.
        without_client_id: Casefolded paths that need no ClientId header even where it is required;
            logins never do. Whether revoking does is unknown (14, 20).
        revocation_ends_refresh: Whether revoking a token ends its refresh token; unknown (14).
        wrong_credentials_status: Answer to a login whose name or password is wrong (21: one probe
            takes 400, 401 and 403 for it).
        wrong_passcode_status: Answer to a login whose passcode is wrong; unrecorded (17).
        locked_status: Answer to a user who is locked; unrecorded.
        passcode_drift: How many steps of 30 seconds a passcode may be early or late; unknown.
        passcode_once: Whether a passcode that a login was granted with is refused at the next one;
            unknown.
        failed_logins_max: After how many wrong passwords and passcodes in a row a user is locked;
            None for never; unknown.
        user_names_in_any_case: Whether a user's name may be typed in any case at a login; unknown.
        integrators_skip_passcode: Whether an integrator's login needs no passcode (19: hearsay).
        token_before_url: Whether an unknown URL without a valid token is a 401, not a 404 or 405;
            unknown.
        second_factor_refused: Whether a login that lacks its passcode is a 401, or a 200 without
            a token (16, C2).
        lock_ends_tokens: Whether a user who is locked is refused with a living token too; nobody
            shows it (a guess).
        write_permissions: By the first word of a path, the permissions to change and to remove
            what lies there; elsewhere any to edit something will do. The names are the
            description's, what each guards is ours.
        read_permissions: The same to read; none are needed where none is named.
        wrong_old_password_status: Answer to ``ChangePassword`` with a wrong old password; unknown.
        others_need_old_password: Whether ``ChangePassword`` wants the old password also of whoever
            may edit users and changes another's; unknown.
        password_ends_tokens: Whether a new password ends the user's tokens; unknown.
        expiration_zone: What follows the instants of a token's end: nothing, ``Z`` or ``+00:00``;
            seen live is nothing, which pyconnectwise cannot compare (11).
    """

    require_client_id: bool = False
    token_ttl_s: int = 14_400
    refreshable_s: int = 86_400
    refresh_tokens: bool = True
    refresh_token_ttl_s: int | None = None
    refresh_ends_token: bool = False
    token_superset: bool = True
    login_options: Mapping[str, Any] = field(default_factory=lambda: LOGIN_OPTIONS)
    without_client_id: frozenset[str] = frozenset({"apitoken/disable"})
    revocation_ends_refresh: bool = True
    wrong_credentials_status: int = 401
    wrong_passcode_status: int = 401
    locked_status: int = 401
    passcode_drift: int = 1
    passcode_once: bool = False
    failed_logins_max: int | None = None
    user_names_in_any_case: bool = True
    integrators_skip_passcode: bool = True
    token_before_url: bool = True
    second_factor_refused: bool = True
    lock_ends_tokens: bool = True
    write_permissions: Mapping[str, tuple[str, str]] = field(
        default_factory=lambda: WRITE_PERMISSIONS
    )
    read_permissions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    wrong_old_password_status: Literal[400, 401, 403] = 400
    others_need_old_password: bool = False
    password_ends_tokens: bool = False
    expiration_zone: str = ""

    @property
    def login_statuses(self) -> Mapping[str, int]:
        """Return the answers to refused logins and tokens that need not be 401, by the reason."""
        return {
            "credentials": self.wrong_credentials_status,
            "passcode": self.wrong_passcode_status,
            "locked": self.locked_status,
        }
