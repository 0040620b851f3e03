"""What a user's record keeps of its logins; what no rendering shows lies in its ``Secret``."""

from collections.abc import Mapping
from typing import Any

from mockserver.automate.accounts import User, account
from mockserver.automate.profile import profile_of
from mockserver.automate.resources.audits import audit
from mockserver.automate.resources.users import USERS
from mockserver.core.records import Records
from mockserver.web.exchange import Exchange

FAILED, PASSCODE = "failed", "passcode"


def _secret(record: Mapping[str, Any]) -> Mapping[str, Any]:
    return record.get("Secret") or {}


def was_used(record: Mapping[str, Any], code: str) -> bool:
    """Tell whether the last login was with this passcode."""
    return bool(_secret(record).get(PASSCODE) == code)


def succeeded(exchange: Exchange, user: User, code: str) -> None:
    """Note a login in the user's record."""
    used = {PASSCODE: code} if profile_of(exchange.caller).passcode_once else {}
    told, records = {"LastSuccessfulLogin": exchange.tenant.clock.text()}, _records(exchange)
    with records.store.transaction():
        record = records.get(records.registry.resource(USERS), user.user_id)
        _keep(records, record, told, {**used, FAILED: 0})
        audit(records, user.name, "Login", user.user_id)


def failed(exchange: Exchange, name: str) -> None:
    """Count a login that was refused for its password or passcode, and lock the user in the end."""
    most = profile_of(exchange.caller).failed_logins_max
    user = account(exchange.tenant, name) if most is not None else None
    if user is None or most is None:
        return
    records = _records(exchange)
    with records.store.transaction():
        record = records.get(records.registry.resource(USERS), user.user_id)
        count = int(_secret(record).get(FAILED, 0)) + 1
        locks = count >= most
        # Whoever is let in again begins anew.
        told = {"IsLocked": True} if locks else {}
        _keep(records, record, told, {FAILED: 0 if locks else count})


def _records(exchange: Exchange) -> Records:
    # Those of the tenant that the name selects: a login has no other.
    records: Records = exchange.tenant.records["automate"]
    return records


def _keep(
    records: Records, record: Mapping[str, Any], told: Mapping[str, Any], kept: Mapping[str, Any]
) -> None:
    """Write into a user's record; what is nothing, and was not kept before, is left out."""
    before = _secret(record)
    after = {**before, **{name: v for name, v in kept.items() if v or name in before}}
    secret = {"Secret": after} if after != before else {}
    records.save(records.registry.resource(USERS), {**record, **told, **secret})
