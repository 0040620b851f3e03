"""Faults as context managers that notice when they never struck."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mockserver.core.faults import FaultPlan

RULE = frozenset({"api", "method", "path", "key", "after", "times", "chance", "streak"})


class NeverStruck(AssertionError):
    """A test asked for a fault and no request met it: it has tested something else."""


@dataclass(frozen=True)
class Fault:
    """A fault that is in force."""

    plan: FaultPlan
    id: str

    @property
    def struck(self) -> int:
        """Return how often it struck so far."""
        document = next((d for d in self.plan.documents() if d["id"] == self.id), None)
        assert document is not None, "the fault is no longer in force"
        return int(str(document["struck"]))


class MockFaults:
    """The faults of a test's tenant.

    Called with the kind of an effect, its members and the rule's, it is a context manager:
    ``with mock_faults("error", status=503, method="GET", times=1): …``

    Args:
        plan: The tenant's.
    """

    def __init__(self, plan: FaultPlan) -> None:
        self.plan = plan

    @contextlib.contextmanager
    def __call__(self, kind: str, *, expected: bool = True, **members: Any) -> Iterator[Fault]:
        """Let a fault be in force inside the block.

        Args:
            kind: Of the effect: ``error``, ``delay``, ``reset-after``, ``rate-limit`` and so on.
            expected: Whether the test fails when no request meets it.
            members: Of the effect (``status``, ``seconds``) and the rule (``api``, ``method``,
                ``path``, ``key``, ``after``, ``times``, ``chance``, ``streak``).

        Raises:
            NeverStruck: The block ended well and no request met the fault.
            ValueError: A member is unknown or cannot be used.
        """
        rule = {name: members.pop(name) for name in RULE & members.keys()}
        document = self.plan.add({"effect": {"kind": kind, **members}, **rule})
        fault = Fault(self.plan, str(document["id"]))
        try:
            yield fault
            if expected and not fault.struck:
                where = f" on {rule}" if rule else ""
                raise NeverStruck(f"the fault {kind!r}{where} never struck")
        finally:
            self.plan.remove(fault.id)

    def error(self, status: int, **members: Any) -> contextlib.AbstractContextManager[Fault]:
        """Answer with an error instead of doing the work."""
        return self("error", status=status, **members)

    def rate_limit(
        self, retry_after: str | None = "1", **members: Any
    ) -> contextlib.AbstractContextManager[Fault]:
        """Refuse with 429."""
        return self("rate-limit", retry_after=retry_after, **members)

    def delay(self, seconds: float, **members: Any) -> contextlib.AbstractContextManager[Fault]:
        """Let seconds pass before the work."""
        return self("delay", seconds=seconds, **members)

    def reset(self, **members: Any) -> contextlib.AbstractContextManager[Fault]:
        """Break the connection before the work."""
        return self("reset", **members)

    def reset_after(self, **members: Any) -> contextlib.AbstractContextManager[Fault]:
        """Do the work and lose the answer."""
        return self("reset-after", **members)

    def struck(self, kind: str | None = None) -> int:
        """Return how often the faults now in force struck."""
        documents = self.plan.documents()
        kinds = {str(d["id"]): dict(d["effect"])["kind"] for d in documents}  # type: ignore[call-overload]
        asked = [d for d in documents if kind in {None, kinds[str(d["id"])]}]
        return sum(int(str(d["struck"])) for d in asked)
