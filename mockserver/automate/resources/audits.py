"""What users did, as ``UserAudits`` tells of it: logins, and changes of users.

The members are the description's model ``UserAudit``; which deeds are told, and what the actions
are called, no source says.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from mockserver.automate.record_quirks import quirks_of
from mockserver.core.records import Records
from mockserver.core.text import fold

AUDITS, USERS = "automate:UserAudits", "automate:Users"
SOURCE: Final[Mapping[str, Any]] = {"Id": 1, "Name": "Web"}


class Action(NamedTuple):
    """One kind of deed.

    Attributes:
        id: Its number.
        level: The auditing level from which on users are audited for it.
        message: What a line says.
    """

    id: int
    level: int
    message: str


#: By name. The numbers of the first two are those of the world's own lines, all are ours.
ACTIONS: Final[Mapping[str, Action]] = {
    "Login": Action(1, 1, "Logged in."),
    "User Added": Action(31, 3, "Created a user."),
    "User Changed": Action(32, 3, "Changed a user."),
    "User Removed": Action(33, 3, "Removed a user."),
    "Password Changed": Action(34, 3, "Changed a password."),
}


def audit(records: Records, login: str, name: str, about: int) -> None:
    """Add a line, inside the transaction that does what it tells of.

    Args:
        records: The tenant's.
        login: The name under which somebody did it.
        name: Of the action.
        about: The id of the user whom it concerns.
    """
    action, quirks = ACTIONS[name], quirks_of(records)
    user = _user(records, login)
    level = int(user.get("AuditingLevel") or 0) if quirks.auditing_levels_obeyed else action.level
    if name not in quirks.audited or action.level > level:
        return
    audits = records.registry.resource(AUDITS)
    line = {
        "Id": records.store.next_id(audits),
        "User": {each: user[each] for each in ("UserId", "Name") if each in user},
        "Message": action.message,
        "DateCreated": records.clock.text(),
        "ExternalId": about,
        "AuditAction": {"Id": action.id, "Name": name, "Level": action.level},
        "Source": dict(SOURCE),
    }
    records.save(audits, line, new=True)


def _user(records: Records, login: str) -> Mapping[str, Any]:
    """Return the user of a login; those that every tenant has carry its name behind theirs."""
    users = records.registry.resource(USERS)
    for name in (login, login.partition("-")[0]):
        for user_id in records.store.matching(users, 1, name=fold(name)):
            return records.get(users, user_id)
    return {}
