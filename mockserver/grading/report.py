"""From the journal to the report: every metric and finding of every client."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mockserver.core.attempt import Attempt
from mockserver.grading import backoff, pace, repeats, tokens, waiting
from mockserver.grading.advisories import Advisory, advisories
from mockserver.grading.findings import Finding, by_key, findings
from mockserver.grading.metric import FAIL, HARD, INSUFFICIENT, Client, Measure, Metric, Terms

MEASURES: Mapping[str, Measure] = {
    "M1": waiting.compliance,
    "M2": waiting.clean_penalties,
    "M3": waiting.earliness,
    "M4": pace.amplification,
    "M5": pace.utilisation,
    "M6": pace.refusals,
    "M7": pace.herd,
    "M8": backoff.jitter,
    "M9": backoff.growth,
    "M10": backoff.persistence,
    "M11": repeats.duplicate_creates,
    "M12": repeats.unsafe_retries,
    "M13": waiting.missed,
    "M14": repeats.refused_retries,
    "M15": tokens.economy,
    "M16": tokens.storm,
    "M17": tokens.paging,
    "M18": pace.concurrency,
    "M19": pace.fairness,
    "M20": backoff.pressure,
    "M21": backoff.recovery,
    "M22": pace.awareness,
    "M23": waiting.hostile,
    "M24": tokens.reuse,
}


@dataclass(frozen=True)
class Card:
    """The report card of one client."""

    client: Client
    metrics: Mapping[str, Metric]
    findings: Sequence[Finding]
    advisories: Sequence[Advisory] = ()

    @property
    def failed(self) -> list[Metric]:
        """Return the metrics that it failed, hard gates first."""
        failed = [metric for metric in self.metrics.values() if metric.verdict == FAIL]
        return sorted(failed, key=lambda metric: metric.id not in HARD)

    @property
    def judged(self) -> bool:
        """Return whether there was enough to judge anything by."""
        return any(metric.verdict != INSUFFICIENT for metric in self.metrics.values())

    def document(self) -> dict[str, object]:
        """Return the card as the control plane shows it."""
        return {
            "key": self.client.key,
            "api": self.client.api,
            "requests": len(self.client.attempts),
            "metrics": {name: metric.document() for name, metric in self.metrics.items()},
            "findings": [finding.document() for finding in self.findings],
        }


def letter(metric: Metric) -> str:
    """Return one letter: A for a pass, F where a hard gate or D where another one was failed."""
    if metric.verdict == INSUFFICIENT:
        return "-"
    if metric.verdict == FAIL:
        return "F" if metric.id in HARD else "D"
    return "A"


def graded(client: Client) -> Card:
    """Return the card of one client."""
    metrics = {name: of(client) for name, of in MEASURES.items()}
    return Card(client, metrics, findings(client), advisories(client))


def cards(attempts: Sequence[Attempt], terms_of: Callable[[str], Terms]) -> list[Card]:
    """Return a card for each key that sent requests.

    Args:
        attempts: Of one tenant, in order of arrival.
        terms_of: Returns what clients of an API were up against.
    """
    made = []
    for (api, key), own in sorted(by_key(attempts).items()):
        terms = terms_of(api)
        everyone = [each for each in attempts if each.api == api]
        judged = [each for each in own if each.client_id != terms.neighbour]
        neighbours = [each for each in own if each.client_id == terms.neighbour]
        if judged:
            made.append(graded(Client(key, api, judged, terms, neighbours, everyone)))
    return made


def document(made: Sequence[Card]) -> dict[str, object]:
    """Return the whole report."""
    return {"clients": [card.document() for card in made]}
