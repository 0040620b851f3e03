"""What the server tells about itself and about its users' rights (automate facts 10.1 and 23)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from mockserver.automate import auth
from mockserver.automate.accounts import matches, owner
from mockserver.automate.computed import BARE, listed, renamed, told
from mockserver.automate.life import agents
from mockserver.automate.profile import profile_of
from mockserver.automate.resources.audits import audit
from mockserver.automate.resources.users import CLASSES, USERS, hashed, permissions
from mockserver.automate.surface import SPACE, Surface
from mockserver.core.errors import Forbidden, InvalidParameter, Refusal, Unauthenticated
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.means import resource_of
from mockserver.web.routes import Route

PATCHED = "2026-05-16T04:00:00"
PLUGINS = ("ConnectWise Manage", "Patch Manager", "ScreenConnect", "Network Probe")


def routes(surface: Surface) -> Iterable[Route]:
    """Yield the operations of this module."""
    users = surface.resource(USERS)
    clients = surface.resource(f"{SPACE}Clients")
    yield Route("GET", "/PatchInformation", patch_information, evidence="observed")
    yield Route("GET", "/DatabaseServerTime", server_time)
    scripts, computers = (surface.resource(f"{SPACE}{each}") for each in ("Scripts", "Computers"))
    yield Route("POST", "/RemoteAgent/Installers", agents.installer, evidence="observed")
    control = "/extensionactions/control/{computerId}"
    yield Route("GET", control, agents.control, computers, evidence="observed")
    yield Route("GET", "/Scripts/{scriptId}/References", agents.references, scripts, "observed")
    yield Route("GET", "/Plugins", plugins, surface.resource(f"{SPACE}Plugins"), "assumed")
    yield Route("GET", "/Permissions/Users", own_permissions)
    yield Route("GET", "/Permissions/Clients/{clientId}", client_permissions, clients)
    yield Route("GET", "/clients/{clientId}/permissions/{userClassId}", class_permissions, clients)
    yield Route("GET", "/UserProfiles", own_profile)
    yield Route("GET", "/Users/{userId}/UserAccess", user_access, users)
    yield Route("POST", "/Users/{userId}/ChangePassword", change_password, users, own=True)


def patch_information(exchange: Exchange) -> Answer:
    """Answer which versions are installed; clients read it to see whether their token works."""
    versions = profile_of(exchange.caller).patch_versions
    return told(exchange, {**versions, "LastPatchedDate": PATCHED})


def server_time(exchange: Exchange) -> Answer:
    """Answer the database's time: a bare instant, written as all instants are (92)."""
    return Answer(200, orjson.dumps(exchange.tenant.clock.text().removesuffix("Z")))


def plugins(exchange: Exchange) -> Answer:
    """Answer the plugins; no source tells their members."""
    members = profile_of(exchange.caller).plugin_members
    known = ((number, name, True) for number, name in enumerate(PLUGINS, start=1))
    rows = [dict(zip(members, each, strict=True)) for each in known]
    return listed(exchange, renamed(resource_of(exchange), tuple(members)), rows)


def own_permissions(exchange: Exchange) -> Answer:
    """Answer the names of the caller's permissions."""
    return Answer(200, orjson.dumps(_permissions(exchange, auth.user_id(exchange))))


def client_permissions(exchange: Exchange) -> Answer:
    """Answer what of the caller's permissions concerns a client."""
    _record(exchange, int(exchange.ids[0]))
    names = _permissions(exchange, auth.user_id(exchange))
    return Answer(200, orjson.dumps([each for each in names if each.startswith("Client")]))


def class_permissions(exchange: Exchange) -> Answer:
    """Answer what a user class may do with a client."""
    _record(exchange, int(exchange.ids[0]))
    records, class_id = exchange.records, int(exchange.ids[1])
    records.get(records.registry.resource(CLASSES), class_id)
    given = permissions(records, {"UserClasses": [{"UserClassId": class_id}]})
    return listed(exchange, BARE, sorted(each for each in given if each.startswith("Client")))


def own_profile(exchange: Exchange) -> Answer:
    """Answer what the caller is to the pages of the vendor's own application."""
    records = exchange.records
    user = records.get(records.registry.resource(USERS), auth.user_id(exchange))
    document = {
        "IsSuperAdmin": "SuperAdmin" in permissions(records, user),
        "IsFolderLimited": False,
        "UserClassIdList": [each["UserClassId"] for each in user.get("UserClasses") or ()],
    }
    return told(exchange, document)


def user_access(exchange: Exchange) -> Answer:
    """Answer what a user's classes let the user do."""
    user_id = int(exchange.ids[0])
    given = {"UserPermissions": _permissions(exchange, user_id)}
    more: Mapping[str, Any] = {"PluginPermissions": [], "WebExtensionClaims": []}
    return told(exchange, {"UserId": user_id, **given, **more})


def change_password(exchange: Exchange) -> Answer:
    """Give a user another password; one's own needs the old one, another's the right to edit users.

    Raises:
        Forbidden: The caller may not edit users.
        InvalidParameter: There is no new password.
        Refusal: The old one is wrong; the profile says how that is told.
    """
    members = {name.casefold(): value for name, value in exchange.json_object().items()}
    old, new = str(members.get("oldpassword") or ""), str(members.get("newpassword") or "")
    user_id, records = int(exchange.ids[0]), exchange.records
    record = _record(exchange, user_id)
    if not new:
        raise InvalidParameter("NewPassword", "", "The NewPassword field is required.")
    user, profile = owner(exchange.tenant, record), profile_of(exchange.caller)
    is_own = user_id == auth.user_id(exchange)
    if not is_own:
        auth.require_write(exchange, USERS.removeprefix(SPACE))
    if (is_own or profile.others_need_old_password) and not matches(user, record, old):
        refused = WRONG_PASSWORD[profile.wrong_old_password_status]
        raise refused()
    kept = {**record, "Secret": {"hash": hashed(str(record["Name"]), new)}}
    with records.store.transaction():
        records.save(resource_of(exchange), kept)
        audit(records, exchange.caller.login, "Password Changed", user_id)
    if profile.password_ends_tokens:
        exchange.tenant.tokens.revoke_all(user.name)
    return Answer(204)


#: By the status, how a wrong old password is refused. The value stays out of the refusal, and so
#: out of the journal.
WRONG_PASSWORD: Mapping[int, Callable[[], Refusal]] = {
    400: lambda: InvalidParameter("OldPassword", "", "The OldPassword is not valid."),
    401: lambda: Unauthenticated("credentials"),
    403: lambda: Forbidden(lacking="the old password"),
}


def _permissions(exchange: Exchange, user_id: int) -> list[str]:
    user = exchange.records.get(exchange.records.registry.resource(USERS), user_id)
    return sorted(permissions(exchange.records, user))


def _record(exchange: Exchange, record_id: int) -> dict[str, Any]:
    return exchange.records.get(resource_of(exchange), record_id)
