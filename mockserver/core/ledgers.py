"""Which ledger keeps a world, if any."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from mockserver.core.ledger import Ledger, UnusableLedger
from mockserver.core.plan import Plan

POSTGRESQL = ("postgresql://", "postgres://")


def opened(plan: Plan) -> Ledger | None:
    """Return the ledger that a plan names; None when nothing is to be kept.

    Raises:
        UnusableLedger: It cannot be used.
    """
    if plan.file is not None:
        from mockserver.core.file_ledger import FileLedger  # noqa: PLC0415 - most starts need none

        return FileLedger(plan.file)
    return None if plan.database is None else _in_database(plan.database)


def _in_database(url: str) -> Ledger:
    try:
        from mockserver.core.postgres_ledger import PostgresLedger  # noqa: PLC0415
    except ImportError as error:
        raise UnusableLedger("PostgreSQL needs psycopg: pip install 'cwmock[postgres]'") from error
    return PostgresLedger(url)


def without_password(store: str) -> str:
    """Return a store's URL as it may be shown."""
    if not store.startswith(POSTGRESQL):
        return store
    place = urlsplit(store).netloc.rpartition("@")[2]
    return f"postgresql://{place}{urlsplit(store).path}"


def refuse_unless_same(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """Refuse a world made of something else: what is kept says what differs from its seeds.

    Raises:
        UnusableLedger: It is one.
    """
    for name, value in wanted.items():
        if found.get(name) != value:
            kept = "none" if found.get(name) is None else found[name]
            raise UnusableLedger(f"it keeps a world whose {name} is {kept}, not {value}")
