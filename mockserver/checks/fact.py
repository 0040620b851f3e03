"""One claim about a vendor's interface, how it is known, and how to try it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mockserver.checks.probe import Probe

Provenance = Literal["observed", "documented", "assumed"]
Profile = Literal["documented", "observed"]


class Differs(Exception):
    """The target does not do what the fact says."""


class NotTried(Exception):
    """What the fact needs is not there."""


@dataclass(frozen=True)
class Fact:
    """A claim.

    Attributes:
        name: The claim as a sentence, in snake case.
        api: ``psa`` or ``automate``.
        profile: Whose answers it is about; ``both`` where the profiles agree.
        provenance: How it is known.
        source: Where it stands or was seen.
        writes: Whether trying it creates records (and deletes them again).
        attempt: Tries it.
    """

    name: str
    api: str
    profile: Literal["documented", "observed", "both"]
    provenance: Provenance
    source: str
    writes: bool
    attempt: Callable[["Probe"], None]

    @property
    def id(self) -> str:
        """Return what names the fact in reports and files."""
        return f"{self.api}.{self.name}"

    @property
    def title(self) -> str:
        """Return the claim as people read it."""
        return self.name.replace("_", " ")

    def profiles(self) -> tuple[Profile, ...]:
        """Return the profiles in which it holds."""
        return ("documented", "observed") if self.profile == "both" else (self.profile,)


@dataclass(frozen=True)
class Claims:
    """Makes facts of functions: ``@PSA.observed("psa facts 3.6")``.

    Attributes:
        api: The vendor.
        writes: Whether the facts create records.
    """

    api: str
    writes: bool = False

    def observed(
        self, source: str, profile: Literal["documented", "observed", "both"] = "both"
    ) -> Callable[[Callable[["Probe"], None]], Fact]:
        """Return a decorator for what was seen on a live system."""
        return self._fact("observed", source, profile)

    def documented(
        self, source: str, profile: Literal["documented", "observed", "both"] = "both"
    ) -> Callable[[Callable[["Probe"], None]], Fact]:
        """Return a decorator for what stands in a published guide."""
        return self._fact("documented", source, profile)

    def assumed(
        self, reason: str, profile: Literal["documented", "observed", "both"] = "both"
    ) -> Callable[[Callable[["Probe"], None]], Fact]:
        """Return a decorator for a guess."""
        return self._fact("assumed", reason, profile)

    def _fact(
        self,
        provenance: Provenance,
        source: str,
        profile: Literal["documented", "observed", "both"],
    ) -> Callable[[Callable[["Probe"], None]], Fact]:
        def fact(attempt: Callable[["Probe"], None]) -> Fact:
            name = attempt.__name__
            return Fact(name, self.api, profile, provenance, source, self.writes, attempt)

        return fact


def facts_in(modules: Iterable[ModuleType]) -> list[Fact]:
    """Return the facts of modules, in the order in which they stand there."""
    return [each for module in modules for each in vars(module).values() if isinstance(each, Fact)]
