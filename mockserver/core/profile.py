"""A profile: one consistent set of answers where the sources disagree."""

from dataclasses import dataclass, replace
from typing import Any, Self

from mockserver.core.limits import Quota
from mockserver.core.quirks import fitted
from mockserver.core.schema import Resource
from mockserver.core.validate import Policy


@dataclass(frozen=True, eq=False)
class Profile:
    """The quirks that every vendor's profile has; each vendor adds its own.

    Attributes:
        name: ``documented`` or ``observed``.
        quota: What a caller may spend.
    """

    name: str
    quota: Quota

    @property
    def policy(self) -> Policy | None:
        """Return how forgiving the vendor's reader is; None leaves it to the vendor's shape."""
        return None

    def unique(self, resource: Resource) -> tuple[str, ...]:
        """Return the fields of *resource* that no two records may share."""
        return resource.unique

    def changed(self, **quirks: Any) -> Self:
        """Return this profile with single quirks set otherwise.

        Plain values do: lists, and tables for what has parts.

        Raises:
            BadQuirk: There is no such quirk, or it cannot have that value.
        """
        return replace(self, **fitted(self, quirks, self.name)) if quirks else self
