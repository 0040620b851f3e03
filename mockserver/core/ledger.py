"""What outlives a process, and what several share: rows of text that a tenant's changes leave.

A world is rebuilt from its seeds; a ledger keeps what became different. Of a record it has the row
that replaces the seeded one (none for a record that was deleted), of all other state a row of JSON
per part and key. Decision 0005 says why.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from mockserver.core.shared_journal import Exchanges
from mockserver.core.slots import Queue

#: What a tenant's changes leave, by part and key; None for what is gone.
Rows = Mapping[tuple[str, str], bytes | None]

#: 3: exchanges have a hint, and a tenant may begin with files from outside. Raise it with whatever
#: an earlier version could not read, or would pass over.
LEDGER_VERSION = 3
#: What earlier ones wrote lacks only what is absent by default, and is taken for one of today.
READABLE = frozenset({2, LEDGER_VERSION})
#: Parts that hold no records begin so; no table does.
STATE = "mock/"


class UnusableLedger(Exception):
    """A file or database cannot keep this world; the message says why."""


class NewerSchemaError(UnusableLedger):
    """It was written by a newer version of this program."""


class LedgerLost(Exception):
    """The database that keeps the world does not answer, or its file cannot be written."""


class TenantGone(Exception):
    """The tenant was removed while somebody was about to change it."""


@dataclass(frozen=True)
class News:
    """What a tenant must take over.

    Attributes:
        rows: What was written.
        whole: Whether that is all there is, and anything else is to be forgotten.
    """

    rows: Rows
    whole: bool = False


@dataclass(frozen=True)
class Known:
    """What a ledger knows of a tenant.

    Attributes:
        text: What was chosen for it, as JSON.
        made: Tells it from others that had its name before.
        version: The number of the last turn that changed it.
        epoch: How often everything was begun anew.
        generation: How often the database was lost before this was asked.
        news: What others wrote that its account had not taken over.
    """

    text: str
    made: int = 0
    version: int = 0
    epoch: int = 0
    generation: int = 0
    news: News | None = None

    @property
    def chosen(self) -> Mapping[str, Any]:
        """Return what was chosen for it."""
        found: Mapping[str, Any] = orjson.loads(self.text)
        return found


class Account(Protocol):
    """One tenant's part of a ledger."""

    @property
    def made(self) -> int:
        """Return what tells the tenant from others that had its name before."""

    @property
    def shared(self) -> bool:
        """Tell whether other processes may write to it, too."""

    def begin(self) -> News | None:
        """Hold the tenant against other processes; return what they wrote meanwhile.

        Raises:
            TenantGone: It was removed.
        """

    def end(self, rows: Rows) -> None:
        """Write and let go; once this returns, the rows outlive the process."""

    def abort(self) -> None:
        """Let go, and take over everything anew at the next turn."""

    def news(self, known: Known) -> News | None:
        """Return what is news in what the ledger told, unless it was taken over meanwhile."""

    def clear(self) -> None:
        """Inside a turn: forget everything that was kept."""

    def copy(self, name: str) -> None:
        """Inside a turn: keep the records as they are under a name."""

    def bring_back(self, name: str) -> Rows:
        """Inside a turn: put the records that were kept under a name in the place of these."""

    def exchanges(self) -> Exchanges | None:
        """Return where the tenant's exchanges are published, if several processes do so."""

    def queue(self, api: str) -> Queue | None:
        """Return where the requests of an API queue, if those of several processes do."""

    def sending(self) -> AbstractContextManager[bool]:
        """Tell whether this process may send the tenant's webhooks, until the end."""


class Ledger(Protocol):
    """Where the state of a world's tenants is kept."""

    @property
    def shared(self) -> bool:
        """Tell whether several processes may have it open."""

    def open(self, made_of: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make the ledger of a new world, or return what the world in it was made of.

        Raises:
            UnusableLedger: It is no ledger, of a newer version, or in use.
        """

    def add(self, name: str, chosen: Mapping[str, Any]) -> bool:
        """Add a tenant with what was chosen for it; False when there is one of this name."""

    def remove(self, name: str) -> None:
        """Forget a tenant."""

    def tenants(self) -> Mapping[str, Known]:
        """Return what is known of each tenant, oldest first, with the news for its account."""

    def account(self, name: str, made: int) -> Account:
        """Return a tenant's part."""

    def close(self) -> None:
        """Give back what it holds."""
