"""Users, and what their classes let them do (automate facts 19, 79 and appendix A)."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver.automate.record_quirks import quirks_of
from mockserver.automate.resources.audits import audit
from mockserver.automate.resources.declared import Declared
from mockserver.core.errors import Fault, Flaw
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Record, Rules
from mockserver.core.schema import Field, Kind

USERS, CLASSES = "automate:Users", "automate:UserClasses"
ROUNDS = 1_000
DELETE = "DELETE"


def hashed(name: str, password: str) -> str:
    """Return what is kept of a password."""
    return hashlib.pbkdf2_hmac("sha256", password.encode(), name.casefold().encode(), ROUNDS).hex()


def permissions(records: Records, user: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the permissions that a user's classes give."""
    return frozenset(name for each in _classes(records, user) for name in _given(each))


def _classes(records: Records, user: Mapping[str, Any]) -> Iterator[Record]:
    for each in user.get("UserClasses") or ():
        found = records.target(CLASSES, each.get("UserClassId") or 0)
        if found is not None:
            yield found[0]


def _given(user_class: Record) -> Iterable[str]:
    return (name for name, given in (user_class.get("Permissions") or {}).items() if given)


def first_word(path: str) -> str:
    """Return the casefolded first word of a path below the API's base."""
    words = (word.casefold() for word in path.split("/") if word)
    return next((word for word in words if word != "v2"), "")


def needed(table: Mapping[str, tuple[str, str]], method: str, path: str) -> str | None:
    """Return the permission to carry out a writing operation at *path*; None for no certain one."""
    pair = table.get(first_word(path))
    return pair and pair[method == DELETE]


def may(records: Records, user: Mapping[str, Any], wanted: str | None) -> bool:
    """Tell whether a user has the permission *wanted*; None stands for any to edit something."""
    given = permissions(records, user)
    if "SuperAdmin" in given:
        return True
    if wanted is None:
        return any(name.endswith(("Edit", "Update")) for name in given)
    return wanted in given


def _fill(draft: Draft) -> None:
    password = draft.given.get("Password")
    if password:
        name = str(draft.record.get("Name", ""))
        draft.record["Secret"] = {"hash": hashed(name, str(password))}
    for name in ("IsLocked", "IsIntegrator"):
        draft.default(name, value=False)
    for each in draft.record.get("UserClasses") or ():
        found = draft.records.target(CLASSES, each.get("UserClassId") or 0)
        each.update({"Name": found[0]["Name"]} if found else {})
    draft.default("CommandLevel", quirks_of(draft.records).new_command_level)


def _check(draft: Draft) -> None:
    for each in draft.record.get("UserClasses") or ():
        class_id = (each or {}).get("UserClassId")
        if draft.records.target(CLASSES, class_id or 0) is None:
            path = "UserClasses/UserClassId"
            draft.faults.append(Fault(Flaw.UNKNOWN_REFERENCE, path, None, class_id))


def _written(draft: Draft) -> None:
    name = "User Added" if draft.before is None else "User Changed"
    audit(draft.records, draft.author, name, draft.record["UserId"])


def _removed(draft: Draft) -> None:
    audit(draft.records, draft.author, "User Removed", draft.record["UserId"])


USER_ACCOUNTS = Declared(
    "Users",
    "Automate.Api.Domain.Contracts.Users.User",
    "UserId",
    (),
    # No member of it can be filtered by, and neither shape shows it.
    extra=(Field("Secret", Kind.OBJECT, read_only=True),),
    changes={
        "Name": {"required": True, "max_length": 50},
        "Password": {"write_only": True},
        "LastSuccessfulLogin": {"read_only": True},
    },
    unique=("Name",),
    stamp="LastUpdated",
    rules=Rules(fill=_fill, check=_check, written=_written, deleted=_removed),
)
