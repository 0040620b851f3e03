"""What is no misconduct and still worth a word: advisories (retry facts 3.2 and 3.3)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mockserver.core.attempt import NS, Attempt
from mockserver.grading.chains import has_failed
from mockserver.grading.metric import Client, ids
from mockserver.grading.tokens import walks

OK, SAME_S, SAME_SHARE, READS_MIN = 200, 5.0, 0.05, 20
PAGE_SIZE, PAGES_MIN = 250, 3
LINKED_SHARE, FAILURES_MIN = 0.5, 10


@dataclass(frozen=True)
class Advisory:
    """Something to think about.

    Attributes:
        id: A name for anchors.
        text: What was seen, and what could be changed.
        evidence: Journal ids of the requests that show it.
    """

    id: str
    text: str
    evidence: tuple[int, ...]

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {"id": self.id, "text": self.text, "evidence": list(self.evidence)}


def advisories(client: Client) -> list[Advisory]:
    """Return what there is to say about a client besides verdicts and findings."""
    return [found for look in LOOKS if (found := look(client)) is not None]


def _same_reads(client: Client) -> Advisory | None:
    reads = [each for each in client.attempts if each.method == "GET" and each.status == OK]
    again = _asked_again(reads)
    if len(reads) < READS_MIN or len(again) <= SAME_SHARE * len(reads):
        return None
    share = f"{100 * len(again) / len(reads):.0f} % of the reads"
    text = f"{share} asked for what had been told within the last {SAME_S:.0f} s: keep it."
    return Advisory("same-reads", text, ids(again))


def _asked_again(reads: Sequence[Attempt]) -> list[Attempt]:
    told: dict[tuple[str, str], int] = {}
    again = []
    for each in reads:
        mark = (each.path, each.query)
        if mark in told and each.arrived_ns - told[mark] <= SAME_S * NS:
            again.append(each)
        told[mark] = each.flushed_ns
    return again


def _small_pages(client: Client) -> Advisory | None:
    small = [walk.pages for walk in walks(client.attempts) if _is_small(walk.pages)]
    if not small:
        return None
    text = f"Long lists were read in small pages: ask for {PAGE_SIZE} rows or more at a time."
    return Advisory("small-pages", text, ids(each for pages in small for each in pages))


def _is_small(pages: Sequence[Attempt]) -> bool:
    paged = pages[0].paged
    if paged is None or paged.size is None or len(pages) < PAGES_MIN:
        return False
    return paged.size < PAGE_SIZE < paged.total


def _unlinked(client: Client) -> Advisory | None:
    repeated = {link.failed.id for link in client.links}
    failed = [each for each in client.attempts if each.digest and has_failed(each)]
    alone = [each for each in failed if each.id not in repeated]
    if len(failed) < FAILURES_MIN or len(alone) <= (1 - LINKED_SHARE) * len(failed):
        return None
    text = (
        f"Of {len(failed)} requests with a body that failed only {len(failed) - len(alone)} were "
        "seen to be repeated. If more were, name what differs in their bodies: --volatile."
    )
    return Advisory("unlinked", text, ids(alone))


LOOKS: Sequence[Callable[[Client], Advisory | None]] = (_same_reads, _small_pages, _unlinked)
