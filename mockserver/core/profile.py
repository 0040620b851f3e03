"""A profile: one consistent set of answers where the sources disagree."""

from dataclasses import dataclass, fields, replace
from typing import Any, Self

from mockserver.core.limits import Quota


@dataclass(frozen=True, eq=False)
class Profile:
    """The quirks that every vendor's profile has; each vendor adds its own.

    Attributes:
        name: ``documented`` or ``observed``.
        quota: What a caller may spend.
    """

    name: str
    quota: Quota

    def changed(self, **quirks: Any) -> Self:
        """Return this profile with single quirks set otherwise.

        Raises:
            ValueError: There is no such quirk.
        """
        known = {each.name for each in fields(self)}
        for name in quirks:
            if name not in known:
                raise ValueError(f"{self.name} has no quirk {name!r}")
        return replace(self, **quirks)
