"""Tries facts on a target, beside the emulator."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from mockserver.checks import (
    areas,
    automate_queries,
    automate_reads,
    automate_writes,
    psa_queries,
    psa_reads,
    psa_writes,
)
from mockserver.checks.exchange import Exchange
from mockserver.checks.fact import Differs, Fact, NotTried, Profile, facts_in
from mockserver.checks.probe import Probe, Target
from mockserver.checks.schemas import Description

Verdict = Literal["agree", "differ", "not tried"]
MODULES = (psa_reads, psa_queries, psa_writes, automate_reads, automate_queries, automate_writes)


@dataclass(frozen=True)
class Trial:
    """What became of a fact on one system."""

    verdict: Verdict
    why: str = ""
    exchanges: Sequence[Exchange] = ()


Described = Callable[[str, Profile], Description]


@dataclass(frozen=True)
class Finding:
    """What became of a fact on the target, and how the emulator does it.

    Attributes:
        fact: What was tried.
        profile: Whose answers were expected.
        found: On the target.
        expected: On the emulator, with the golden exchanges where there are some.
        differences: What the description does not allow, or a recording has otherwise.
    """

    fact: Fact
    profile: Profile
    found: Trial
    expected: Trial | None = None
    differences: Sequence[str] = field(default_factory=tuple)

    @property
    def verdict(self) -> Verdict:
        """Return the verdict, shapes included."""
        if self.found.verdict == "agree" and self.differences:
            return "differ"
        return self.found.verdict

    @property
    def why(self) -> str:
        """Return what is different, or why it was not tried."""
        return "; ".join(filter(None, [self.found.why, *self.differences]))

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        fact = self.fact
        return {
            "id": fact.id,
            "profile": self.profile,
            "claim": fact.title,
            "evidence": fact.provenance,
            "source": fact.source,
            "verdict": self.verdict,
            "why": self.why,
            "found": [each.document() for each in self.found.exchanges],
            "expected": [each.document() for each in self.expected.exchanges]
            if self.expected
            else [],
        }


def all_facts() -> list[Fact]:
    """Return every fact there is."""
    return [*facts_in(MODULES), *areas.FACTS]


def tried(target: Target, fact: Fact, profile: Profile, *, writes: bool) -> Trial:
    """Return what becomes of a fact on a target."""
    if fact.writes and not writes:
        return Trial("not tried", "it writes, and writes are not allowed")
    try:
        probe = Probe(target, fact, profile)
    except NotTried as reason:
        return Trial("not tried", str(reason))
    with probe.tidy():
        verdict, why = _judged(fact, probe)
    if probe.left_behind:
        left = f"left behind, delete by hand: {', '.join(probe.left_behind)}"
        verdict, why = "differ", "; ".join(filter(None, [why, left]))
    return Trial(verdict, why, tuple(probe.exchanges))


def _judged(fact: Fact, probe: Probe) -> tuple[Verdict, str]:
    try:
        fact.attempt(probe)
    except NotTried as reason:
        return "not tried", str(reason)
    except Differs as difference:
        return "differ", str(difference)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        # The answer has not even the form that the fact reads.
        return "differ", f"the answer has another form: {type(error).__name__}: {error}"
    return "agree", ""


def findings(
    target: Target,
    facts: Iterable[tuple[Fact, Profile]],
    reference: Target | None = None,
    *,
    writes: bool = False,
    described: Described | None = None,
    told: Callable[[Finding], None] = lambda _finding: None,
) -> list[Finding]:
    """Return what becomes of every fact.

    Args:
        target: Whom to ask.
        facts: What to try, and in which profile.
        reference: The emulator, to show how it does it; None when it is the target itself.
        writes: Whether the target may be written to.
        described: Returns the description that answers have to follow.
        told: Is called with each finding as it is made.
    """
    results = []
    for fact, profile in facts:
        found = tried(target, fact, profile, writes=writes)
        expected = tried(reference, fact, profile, writes=True) if reference else None
        faults = _faults(found, described(fact.api, profile)) if described else ()
        results.append(Finding(fact, profile, found, expected, faults))
        told(results[-1])
    return results


def _faults(trial: Trial, description: Description) -> tuple[str, ...]:
    """Return what the description does not allow in the answers of a trial."""
    told = (fault for exchange in trial.exchanges for fault in description.faults(exchange))
    return tuple(dict.fromkeys(told))
