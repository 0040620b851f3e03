"""How a world is made, and what its tenants stand on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from mockserver.core.agenda import Happening
from mockserver.core.bundle import Folder
from mockserver.core.clock import Clock
from mockserver.core.profile import Profile
from mockserver.core.registry import Registry
from mockserver.core.rules import Shape
from mockserver.core.seeds import Source
from mockserver.core.store import Store
from mockserver.core.volatile import MemberPath
from mockserver.core.webhooks import Sender


@dataclass(frozen=True)
class Plan:
    """How a world is made.

    Attributes:
        seed: The number that everything replays from.
        size: ``tiny``, ``default``, ``large`` or a number of tickets.
        world: A folder to read the world from, instead of *seed* and *size*.
        profile: The profile of tenants that name none.
        quota: Replaces the profile's requests and window: (requests or None, seconds).
        token_ttl_s: Life of a documented access token in seconds; None leaves it to the profile.
        frozen: Whether clocks stand still (they then start at the world's anchor).
        scale: Seconds of the world per real second.
        file: An SQLite file that keeps the world.
        database: The URL of a PostgreSQL database that keeps it for several processes.
        require_ssl: Whether plain HTTP is refused.
        fault_header: Whether a request may carry a fault of its own.
        hints: Whether answers say in ``X-Mock-Hint`` why they are what they are.
        host: The name or address that the server listens on.
        hosts: Further names under which the control plane may be reached.
        admin_token: What the control plane asks for unless the server listens on loopback.
        clients: The clientIds that are accepted; empty accepts any.
        callback_hosts: The hosts beside this machine that callbacks are sent to.
        callback_ca: A file of certificates that are trusted when a callback is sent over HTTPS.
        specs: Files that describe operations to be served beside the vendors' own.
        volatile: Members of bodies that do not count when grading compares requests.
        quirks: Single quirks of the profiles set otherwise, by vendor.
    """

    seed: int = 42
    size: str = "default"
    world: Folder | None = None
    profile: str = "documented"
    quota: tuple[int | None, float] | None = None
    token_ttl_s: int | None = None
    frozen: bool = False
    scale: float = 1.0
    file: str | None = None
    database: str | None = None
    require_ssl: bool = False
    fault_header: bool = False
    hints: bool = True
    host: str = "localhost"
    hosts: frozenset[str] = frozenset()
    admin_token: str | None = None
    clients: frozenset[str] = frozenset()
    callback_hosts: frozenset[str] = frozenset()
    callback_ca: str | None = None
    quirks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    specs: tuple[str, ...] = ()
    volatile: tuple[MemberPath, ...] = ()

    @property
    def store(self) -> str:
        """Return where the world is kept, as ``--store`` spells it."""
        return f"sqlite:///{self.file}" if self.file else self.database or "memory"

    @property
    def made_of(self) -> Mapping[str, Any]:
        """Return what every process must be told alike that serves the same world."""
        folder = None if self.world is None else str(self.world)
        return {"seed": self.seed, "size": self.size, "world": folder}

    @property
    def ground_key(self) -> str:
        """Return what tells the seeded rows of this plan from those of others."""
        return f"{self.size} {self.world or ''}"


class Vendor(Protocol):
    """What a world must know of a vendor's API."""

    @property
    def name(self) -> str:
        """Return the name that URLs, limits and the journal know it by."""

    @property
    def profiles(self) -> Mapping[str, Profile]:
        """Return the profiles by name."""

    @property
    def shape(self) -> Shape:
        """Return how its records look."""

    @property
    def happenings(self) -> Mapping[str, Happening]:
        """Return what to do when an event of the agenda comes due, by its kind."""

    def credentials(self, tenant: str) -> Any:
        """Return the accounts of a new tenant."""


@dataclass(frozen=True)
class Begins:
    """How a world begins.

    Attributes:
        at: The instant at which a clock starts that stands still.
        seed: What its chances replay from.
        frozen: Whether time stood still when its files were written.
    """

    at: datetime
    seed: int
    frozen: bool = False


class Supplier(Protocol):
    """Who makes the seeded rows of a world."""

    def begins(self, folder: Folder | None) -> Begins:
        """Return how time stands at the beginning of the world in *folder*, or of a sown one."""

    def seeds(
        self, plan: Plan, started: datetime, registry: Registry, shapes: Mapping[str, Shape]
    ) -> Source:
        """Return the rows of the world that *plan* asks for, shifted to the day it started.

        Raises:
            BadFolder: Its files are no world.
        """

    def files(
        self, plan: Plan, started: datetime, store: Store, clock: Clock
    ) -> Iterable[tuple[str, bytes]]:
        """Return the names and texts of files that make a state a world to be served anew."""


@dataclass
class Ground:
    """What all tenants of a world stand on; set once, when the application is made.

    Attributes:
        vendors: By name.
        registry: The declared resources.
        supplier: Makes the seeded rows.
        signing_key: Returns what tokens are signed with.
        notifiers: By vendor, makes what sends a tenant's webhooks.
        send: Hands one webhook message over.
    """

    vendors: Mapping[str, Vendor]
    registry: Registry
    supplier: Supplier
    signing_key: Callable[[], Any]
    notifiers: Mapping[str, Callable[[Any], Any]]
    send: Sender
