"""A ledger in an SQLite file: for one process, which may be killed at any moment."""

import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import orjson

from mockserver.core.ledger import (
    LEDGER_VERSION,
    READABLE,
    STATE,
    Known,
    LedgerLost,
    NewerSchemaError,
    News,
    Rows,
    UnusableLedger,
)

TABLES = (
    "CREATE TABLE ledger (made_of TEXT NOT NULL)",
    "CREATE TABLE tenants (name TEXT PRIMARY KEY, folded TEXT UNIQUE, chosen TEXT NOT NULL)",
    # The copy is empty for what holds at present, else the name of a snapshot.
    """CREATE TABLE rows (
        tenant TEXT, copy TEXT, part TEXT, key TEXT, body BLOB,
        PRIMARY KEY (tenant, copy, part, key)
    )""",
)
WRITE = (
    "INSERT INTO rows VALUES (?, '', ?, ?, ?)"
    " ON CONFLICT (tenant, copy, part, key) DO UPDATE SET body = excluded.body"
)
DROP = "DELETE FROM rows WHERE tenant = ? AND copy = '' AND part = ? AND key = ?"
READ = "SELECT part, key, body FROM rows WHERE tenant = ? AND copy = ?"
COPY = "INSERT INTO rows SELECT tenant, ?, part, key, body FROM rows WHERE tenant = ? AND copy = ?"
RECORDS = f" AND substr(part, 1, {len(STATE)}) <> '{STATE}'"
FORGET = "DELETE FROM rows WHERE tenant = ?"
#: A statement and its values.
Step = tuple[str, tuple[str, ...]]
BUSY_S = 2.0


class FileLedger:
    """A ledger in an SQLite file.

    Args:
        file: The path; made if need be.

    Raises:
        UnusableLedger: It is of something else, of a newer version, or in use.
        sqlite3.Error: The file is no database or cannot be opened.
    """

    shared = False

    def __init__(self, file: str) -> None:
        self._file, self._lock = file, threading.RLock()
        self._raw = sqlite3.connect(
            file, check_same_thread=False, isolation_level=None, timeout=BUSY_S
        )
        # Who only drops a world has closed it, too: Python 3.13 warns of what nobody closed.
        self._closed = weakref.finalize(self, self._raw.close)
        try:
            self._prepare()
        except BaseException:
            self._closed()
            raise

    def _prepare(self) -> None:
        raw = self._raw
        # Exclusive: what another process wrote would go unnoticed here.
        raw.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            _check(raw)
            raw.execute("PRAGMA journal_mode = WAL")
            # Survives the end of the process, whatever ends it; not the end of the machine.
            raw.execute("PRAGMA synchronous = NORMAL")
            raw.execute("BEGIN EXCLUSIVE")
            raw.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise UnusableLedger("another process has it open") from error
            raise

    def open(self, made_of: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make the ledger of a new world, or return what the world in it was made of."""
        with self._writing() as raw:
            if not raw.execute("PRAGMA user_version").fetchone()[0]:
                for statement in TABLES:
                    raw.execute(statement)
                raw.execute("INSERT INTO ledger VALUES (?)", (orjson.dumps(made_of).decode(),))
            # Also where it was an earlier one: that could not read what is written from now on.
            raw.execute(f"PRAGMA user_version = {LEDGER_VERSION}")
            (text,) = raw.execute("SELECT made_of FROM ledger").fetchone()
        found: Mapping[str, Any] = orjson.loads(text)
        return found

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._raw.execute("BEGIN IMMEDIATE")
                yield self._raw
                self._raw.execute("COMMIT")
            except sqlite3.Error as error:
                self._take_back()
                raise LedgerLost(f"the file that keeps the world: {error}") from error
            except BaseException:
                self._take_back()
                raise

    def _take_back(self) -> None:
        # A full disk takes back by itself.
        if self._raw.in_transaction:
            self._raw.execute("ROLLBACK")

    def add(self, name: str, chosen: Mapping[str, Any]) -> bool:
        """Add a tenant with what was chosen for it; False when there is one of this name."""
        values = name, name.casefold(), orjson.dumps(chosen).decode()
        statement = "INSERT INTO tenants VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        with self._writing() as raw:
            return raw.execute(statement, values).rowcount > 0

    def remove(self, name: str) -> None:
        """Forget a tenant."""
        with self._writing() as raw:
            raw.execute("DELETE FROM tenants WHERE name = ?", (name,))
            raw.execute(FORGET, (name,))

    def tenants(self) -> Mapping[str, Known]:
        """Return what is known of each tenant, oldest first."""
        with self._lock:
            found = self._raw.execute("SELECT name, chosen FROM tenants ORDER BY rowid").fetchall()
        return {name: Known(chosen) for name, chosen in found}

    def account(self, name: str, made: int) -> "FileAccount":
        """Return a tenant's part."""
        return FileAccount(self, name, made)

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._closed()

    # -- for accounts -------------------------------------------------------------------------

    def read(self, tenant: str, copy: str = "") -> Rows:
        """Return all rows of a tenant, or of a copy of it."""
        with self._lock:
            found = self._raw.execute(READ, (tenant, copy)).fetchall()
        return {(part, key): body for part, key, body in found}

    def write(self, tenant: str, steps: Iterable[Step], rows: Rows) -> None:
        """Take steps and write rows of a tenant: all of it or nothing."""
        with self._writing() as raw:
            for step in steps:
                raw.execute(*step)
            for (part, key), body in rows.items():
                # A deleted record must stay known as such: it may be one of the seeds.
                if body is None and part.startswith(STATE):
                    raw.execute(DROP, (tenant, part, key))
                else:
                    raw.execute(WRITE, (tenant, part, key, body))


class FileAccount:
    """One tenant's part of a file."""

    shared = False

    def __init__(self, ledger: FileLedger, name: str, made: int) -> None:
        self._ledger, self._name, self.made, self._loaded = ledger, name, made, False
        self._steps: list[Step] = []

    def begin(self) -> News | None:
        """Return everything at the first time: nobody else writes."""
        if self._loaded:
            return None
        self._loaded = True
        return News(self._ledger.read(self._name), whole=True)

    def end(self, rows: Rows) -> None:
        """Write what was changed."""
        steps, self._steps = self._steps, []
        if steps or rows:
            self._ledger.write(self._name, steps, rows)

    def abort(self) -> None:
        """Take over everything anew at the next turn."""
        self._loaded, self._steps = False, []

    def news(self, known: Known) -> News | None:  # noqa: ARG002 - as all accounts
        """Return nothing: nobody else writes."""
        return None

    def clear(self) -> None:
        """Forget everything that was kept."""
        self._steps.append((FORGET, (self._name,)))

    def copy(self, name: str) -> None:
        """Keep the records as they are under a name."""
        self._steps.append((COPY + RECORDS, (name, self._name, "")))

    def bring_back(self, name: str) -> Rows:
        """Put the records that were kept under a name in the place of these; return them."""
        tenant = self._name
        self._steps.append((f"{FORGET} AND copy = ''{RECORDS}", (tenant,)))
        self._steps.append((COPY, ("", tenant, name)))
        return self._ledger.read(tenant, name)

    def exchanges(self) -> None:
        """Nobody else has any."""

    def queue(self, api: str) -> None:
        """Nobody else queues."""

    def sending(self) -> AbstractContextManager[bool]:
        """Nobody else sends."""
        return nullcontext(enter_result=True)


def _check(raw: sqlite3.Connection) -> None:
    (found,) = raw.execute("PRAGMA user_version").fetchone()
    if found > LEDGER_VERSION:
        raise NewerSchemaError(
            f"a newer version of this program wrote it (schema {found}, known is {LEDGER_VERSION})"
        )
    (tables,) = raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if found not in READABLE and tables:
        known = (
            "an earlier version of this program, which kept less," if found else "something else"
        )
        raise UnusableLedger(f"{known} wrote it")
