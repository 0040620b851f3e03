"""The world that the contract tests talk to, in each store."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver import World

POSTGRESQL = os.environ.get("CWMOCK_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/test")


@contextlib.contextmanager
def kept_world(store: str, folder: Path) -> Iterator[World]:
    """Lend a world in ``memory``, in an ``sqlite`` file or in a schema of a ``postgresql``."""
    with contextlib.ExitStack() as stack:
        file = str(folder / "kept.db") if store == "sqlite" else None
        database = stack.enter_context(schema()) if store == "postgresql" else None
        world = World.seeded(42, file=file, database=database)
        yield world
        world.close()


@contextlib.contextmanager
def schema() -> Iterator[str]:
    """Lend the URL of an empty schema in a PostgreSQL that answers, or skip."""
    psycopg = pytest.importorskip("psycopg")
    try:
        admin = psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=2)
    except psycopg.OperationalError:
        command = "docker run --publish 5432:5432 --env POSTGRES_PASSWORD=x postgres"
        pytest.skip(f"no PostgreSQL answers: `{command}`, its URL in CWMOCK_TEST_POSTGRESQL")
    with admin:
        (number,) = admin.execute("SELECT pg_current_xact_id()::text").fetchone()
        admin.execute(f"CREATE SCHEMA cwmock_test_{number}")
        try:
            yield f"{POSTGRESQL}?options=-csearch_path%3Dcwmock_test_{number}"
        finally:
            admin.execute(f"DROP SCHEMA cwmock_test_{number} CASCADE")
