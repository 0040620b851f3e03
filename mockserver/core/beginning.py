"""What a tenant begins with and goes back to: the world's own seeds, or a state from outside."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from mockserver.core.bundle import unpacked
from mockserver.core.clock import Clock
from mockserver.core.plan import Ground, Plan
from mockserver.core.seeds import Seeds
from mockserver.core.template import Template


@dataclass(frozen=True, eq=False)
class Beginning:
    """What a tenant begins with.

    Attributes:
        plan: How it is made.
        started: The day that its rows begin at.
        template: The seeded records.
        seeds: Where the rows of a table come from that the template has not filled yet.
        start: Where its clock begins; None for the machine's time.
        frozen: Whether its clock stands still.
        archive: The files that it was taken in from; None for the world's own beginning.
    """

    plan: Plan
    started: datetime
    template: Template
    seeds: Seeds
    start: datetime | None = None
    frozen: bool = False
    archive: bytes | None = None

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """Return it as a ledger keeps it: nothing of the world's own."""
        if self.archive is None:
            return {}
        text = base64.b64encode(self.archive).decode()
        return {"zip": text, "started": self.started.isoformat()}


def taken_in(
    own: Beginning, ground: Ground, archive: bytes, started: datetime | None = None
) -> Beginning:
    """Return a beginning made of the files in a zip.

    A clock that stood still goes on standing where it stood. Under one that ran, the rows are moved
    by whole days, up to the present of the clock that the tenant has anyway.

    Args:
        own: What the tenant would begin with otherwise.
        ground: The vendors and the declared resources.
        archive: The zip.
        started: When it was taken in first; now when that is None.

    Raises:
        BadFolder: The files are no world.
    """
    folder = unpacked(archive)
    begins = ground.supplier.begins(folder)
    plan = replace(own.plan, world=folder, seed=begins.seed)
    start = begins.at if begins.frozen else own.start
    started = started or start or Clock().now()
    shapes = {name: vendor.shape for name, vendor in ground.vendors.items()}
    source = ground.supplier.seeds(plan, started, ground.registry, shapes)
    template = Template(ground.registry, source)
    frozen = begins.frozen or own.frozen
    return Beginning(plan, started, template, template, start, frozen, archive)


def kept(own: Beginning, ground: Ground, document: Mapping[str, Any]) -> Beginning:
    """Return the beginning that a ledger kept."""
    if not document:
        return own
    started = datetime.fromisoformat(document["started"])
    return taken_in(own, ground, base64.b64decode(document["zip"]), started)
