"""Accounts: who may log in to Automate; what they may do is in their records below ``/Users``."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.automate.resources.users import USERS, hashed
from mockserver.core.errors import Unauthenticated
from mockserver.core.tenant import Tenant
from mockserver.core.text import fold
from mockserver.core.world import DEFAULT_TENANT, World

#: The technician's secret (interface section 4).
TOTP = "JBSWY3DPEHPK3PXP"


@dataclass(frozen=True)
class User:
    """One account (interface section 4); what it may do is in the record of the same id.

    Attributes:
        password: In clear for the accounts that every tenant has; None for those made over HTTP.
        secret: Shared with whatever makes its passcodes.
    """

    user_id: int
    name: str
    password: str | None = None
    secret: str | None = None


@dataclass(frozen=True)
class Credentials:
    """The accounts of one tenant, by casefolded name."""

    users: Mapping[str, User]

    @property
    def logins(self) -> Iterable[str]:
        """Return the names that select the tenant."""
        return self.users

    @property
    def main(self) -> User:
        """Return the integrator."""
        return next(iter(self.users.values()))


def credentials(tenant: str) -> Credentials:
    """Return the accounts of a new tenant."""
    mark = "" if tenant == DEFAULT_TENANT else f"-{tenant}"
    users = (
        User(1, f"integrator{mark}", "integrator-password"),
        User(2, f"technician{mark}", "technician-password", TOTP),
        User(3, f"readonly{mark}", "readonly-password"),
    )
    return Credentials({user.name.casefold(): user for user in users})


def account(tenant: Tenant, name: str) -> User | None:
    """Return the account of that name, in whatever case; None when there is none."""
    found = _found(tenant, name)
    return found and found[0]


def _found(tenant: Tenant, name: str) -> tuple[User, Mapping[str, Any]] | None:
    """Return the account of that name with its record; the accounts of every tenant go first."""
    known: User | None = tenant.credentials["automate"].users.get(name.casefold())
    record = known and _record(tenant, known)
    if known is not None and record:
        return known, record
    records = tenant.records["automate"]
    users = records.registry.resource(USERS)
    for user_id in records.store.matching(users, 1, name=fold(name)):
        record = records.find(users, user_id)
        # However the name was typed: quotas and tokens go by it.
        return (User(user_id, str(record["Name"])), record) if record else None
    return None


def owner(tenant: Tenant, record: Mapping[str, Any]) -> User:
    """Return the account that a record belongs to."""
    user_id = int(record["UserId"])
    known: Iterable[User] = tenant.credentials["automate"].users.values()
    own = (each for each in known if each.user_id == user_id)
    return next(own, User(user_id, str(record["Name"])))


def _record(tenant: Tenant, user: User) -> Mapping[str, Any] | None:
    found = tenant.records["automate"].target(USERS, user.user_id)
    return found[0] if found else None


def living(tenant: Tenant, name: str) -> tuple[User, Mapping[str, Any]]:
    """Return an account that exists, with its record; Unauthenticated when it was removed."""
    found = _found(tenant, name)
    if found is None:
        raise Unauthenticated("removed")
    return found


def proven(world: World, name: str, password: str) -> tuple[Tenant, User, Mapping[str, Any]]:
    """Return the account whose name and password these are, and its record.

    Raises:
        Unauthenticated: There is none.
    """
    own = world.tenant_of("automate", name)
    for tenant in [own] if own else list(world.tenants.values()):
        found = _found(tenant, name)
        if found is not None and matches(*found, password):
            return tenant, *found
    raise Unauthenticated("credentials")


def matches(user: User, record: Mapping[str, Any], password: str) -> bool:
    """Tell whether this is the user's password."""
    kept = (record.get("Secret") or {}).get("hash")
    if kept is not None:
        return hmac.compare_digest(kept, hashed(str(record["Name"]), password))
    return user.password is not None and hmac.compare_digest(
        user.password.encode(), password.encode()
    )
