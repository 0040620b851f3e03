"""Keys and passwords that come into being while the server runs.

They lie in a collection that no operation shows, so that a reset, a snapshot and a kept file treat
them as they treat everything else.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from mockserver.core.clock import Clock
from mockserver.core.conditions.literals import storable
from mockserver.core.instants import instant
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Record, Rules
from mockserver.core.text import fold
from mockserver.psa.kept import HASH, INTEGRATOR, KEYS, PAIR, PASSWORD

__all__ = ["HASH", "INTEGRATOR", "PAIR", "PASSWORD", "RULES", "found", "keep", "knows", "mint"]

FOREVER = "9999-12-31T23:59:59Z"
#: Beyond so many, the oldest pairs and hashes go even if they are alive.
MINTED_MAX = 5_000


def found(records: Records, kind: str, public: str, private: str) -> Record | None:
    """Return the living key of this kind with this name and secret, or None.

    The names of members and logins are compared without case, public keys to the letter.
    """
    now, secret = records.clock.text(), private.encode("utf-8", "surrogatepass")
    for key_id in records.store.matching(KEYS, kind=kind, public=fold(storable(public))):
        key = records.get(KEYS, key_id)
        named = kind != PAIR or key["public"] == public
        right = hmac.compare_digest(key["private"].encode("utf-8", "surrogatepass"), secret)
        if named and right and key["expires"] > now:
            return key
    return None


def knows(records: Records, kind: str, public: str) -> bool:
    """Tell whether there is a key of this kind and name, whatever its secret."""
    return bool(records.store.matching(KEYS, kind=kind, public=fold(storable(public))))


def keep(records: Records, **members: Any) -> None:
    """Keep a key: *kind*, *public*, *private*, *login*, *expires*."""
    with records.store.transaction():
        key_id = records.store.next_id(KEYS)
        records.save(KEYS, {"id": key_id, **members}, new=True)


def mint(records: Records, kind: str, login: str, pair: tuple[str, str], ttl_s: int) -> str:
    """Keep a pair of keys that ends after *ttl_s* seconds; return the instant of its end."""
    with records.store.transaction():
        _clear(records, kind)
        expires = _later(records.clock, ttl_s)
        keep(records, kind=kind, public=pair[0], private=pair[1], login=login, expires=expires)
    return expires


def _later(clock: Clock, ttl_s: int) -> str:
    try:
        end: datetime = clock.now() + timedelta(seconds=ttl_s)
    except OverflowError:
        return FOREVER
    return instant(end.isoformat()) or FOREVER


def _clear(records: Records, kind: str) -> None:
    """Drop the dead of this kind, and the oldest when there are too many."""
    now, found = records.clock.text(), records.store.matching(KEYS, kind=kind)
    surplus = found[: max(0, len(found) - MINTED_MAX + 1)]
    dead = (x for x in found[:MINTED_MAX] if records.get(KEYS, x)["expires"] <= now)
    for key_id in {*surplus, *dead}:
        records.store.delete(KEYS, key_id)


def _keeper(kind: str, name: str) -> Rules:
    """Return the rules of records that are logins: their password is kept apart."""

    def written(draft: Draft) -> None:
        records, secret = draft.records, draft.given.get("password")
        before, after = (draft.before or {}).get(name), draft.record.get(name)
        for key_id in records.store.matching(KEYS, kind=kind, public=fold(before or after or "")):
            old = records.get(KEYS, key_id)
            secret = secret or old["private"]
            records.store.delete(KEYS, key_id)
        if secret and after:
            keep(records, kind=kind, public=after, private=secret, login=after, expires=FOREVER)

    def deleted(draft: Draft) -> None:
        for key_id in draft.records.store.matching(
            KEYS, kind=kind, public=fold(draft.record[name])
        ):
            draft.records.store.delete(KEYS, key_id)

    return Rules(written=written, deleted=deleted)


RULES: Mapping[str, Rules] = {
    "system/members": _keeper(PASSWORD, "identifier"),
    "system/integratorlogins": _keeper(INTEGRATOR, "username"),
}
