"""Sizes in the unit that the profile says; what is kept is MB.

The unit of the vendor's sizes is unproven: one client takes memory for bytes (automate facts 10.3
and section 14).
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from mockserver.automate.profile import AutomateProfile
from mockserver.core.schema import Resource

#: The members that are sizes, by collection.
SIZES: Mapping[str, tuple[str, ...]] = {
    "automate:Computers": ("TotalMemory", "FreeMemory"),
    "automate:Computers/Drives": ("Size", "FreeSpace"),
}


def sizes_of(resource: Resource, profile: AutomateProfile) -> tuple[str, ...]:
    """Return the members of observed records that are shown in another unit than they are kept."""
    if profile.seed_shapes or profile.size_factor == 1:
        return ()
    return SIZES.get(resource.path, ())


@lru_cache(maxsize=64)
def measured(named: Resource, sizes: tuple[str, ...], factor: int) -> Resource:
    """Return a resource whose conditions compare *sizes* in the unit that is shown."""
    if not sizes:
        return named
    seen = (replace(named.by_path[name.casefold()], factor=factor) for name in sizes)
    return replace(named, labelled=(*named.labelled, *seen))
