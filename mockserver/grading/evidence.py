"""The requests that a card's verdicts rest on: rows of the page that verdicts link to."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from urllib.parse import unquote_plus

from mockserver.core.attempt import NS, Attempt
from mockserver.core.waits import asks_to_wait, wait_s
from mockserver.grading.metric import FAIL
from mockserver.grading.report import Card

#: How many are named beside a verdict, and beside one that was passed.
SHOWN = 6
REQUEST_CHARS = 160

#: Returns where the whole exchange can be looked at.
Whole = Callable[[int], str]


class Evidence:
    """The evidence of one card, and the anchors of its parts.

    Args:
        card: Of one client.
        place: What its anchors begin with, so that two cards on a page share none.
        whole: Returns the address of the page of an exchange, where there is one.
    """

    def __init__(self, card: Card, place: str, whole: Whole | None = None) -> None:
        client = card.client
        self._card, self.place, self._whole = card, place, whole
        self._known = {
            each.id: each for each in (*client.everyone, *client.neighbours, *client.attempts)
        }
        self._repeats = {link.again.id: link for link in client.links}
        self._cited: dict[int, list[str]] = {}
        for finding in card.findings:
            self._cite(finding.id, finding.evidence)
        for advisory in card.advisories:
            self._cite(advisory.id, advisory.evidence[:SHOWN])
        for metric in card.metrics.values():
            most = len(metric.evidence) if metric.verdict == FAIL else SHOWN
            self._cite(metric.id, metric.evidence[:most])

    def _cite(self, name: str, evidence: Iterable[int]) -> None:
        for number in evidence:
            if number in self._known:
                self._cited.setdefault(number, []).append(name)

    def anchor(self, name: str) -> str:
        """Return the anchor of a metric or finding."""
        return escape(f"{self.place}-{name}")

    def links(self, evidence: Sequence[int]) -> str:
        """Return links to the rows of some requests; the first ones, if there are many."""
        shown = ", ".join(self._link(number) for number in evidence[:SHOWN])
        rest = len(evidence) - SHOWN
        more = f" and {rest} more" if rest > 0 else ""
        return f"requests {shown}{more}" if shown else ""

    def _link(self, number: int) -> str:
        if number not in self._cited:
            return str(number)
        return f"<a href='#{self.place}-r{number}'>{number}</a>"

    def table(self) -> str:
        """Return the rows of all requests that a verdict rests on, as they came; empty for none."""
        cited = [self._known[number] for number in self._cited]
        rows = "".join(map(self._row, sorted(cited, key=lambda each: (each.arrived_ns, each.id))))
        if not rows:
            return ""
        head = (
            "<tr><th class='n'>request</th><th class='n'>came after</th><th>what was asked</th>"
            "<th class='n'>status</th><th>body</th><th>what happened</th><th>shows</th></tr>"
        )
        return (
            f"<h3>Evidence</h3><div class='wide'><table class='proof'><thead>{head}</thead>"
            f"<tbody>{rows}</tbody></table></div>"
        )

    def _row(self, attempt: Attempt) -> str:
        came = datetime.fromtimestamp(attempt.arrived_ns / NS, UTC).isoformat(" ", "milliseconds")
        after_s = (attempt.arrived_ns - self._card.client.attempts[0].arrived_ns) / NS
        status = "none" if attempt.status is None else str(attempt.status)
        shows = ", ".join(
            f"<a href='#{self.anchor(name)}'>{escape(name)}</a>" for name in self._cited[attempt.id]
        )
        return (
            f"<tr id='{self.place}-r{attempt.id}'><td class='n'>{self._number(attempt.id)}</td>"
            f"<td class='n' title='{came}'>{after_s:.3f} s</td><td>{_asked(attempt)}</td>"
            f"<td class='n' data-name='status'>{status}</td>"
            f"<td class='sum' data-name='body'>{_code(attempt.digest)}</td>"
            f"<td>{'; '.join(self._events(attempt))}</td><td data-name='shows'>{shows}</td></tr>"
        )

    def _number(self, number: int) -> str:
        if self._whole is None:
            return str(number)
        return f"<a href='{escape(self._whole(number))}' title='The whole exchange'>{number}</a>"

    def _events(self, attempt: Attempt) -> list[str]:
        """Return what a reader has to know of a request to see what it shows, as HTML."""
        events = []
        if attempt.key != self._card.client.key:
            events.append("from another client")
        if link := self._repeats.get(attempt.id):
            told = wait_s(link.failed) if asks_to_wait(link.failed) else None
            asked = "" if told is None else f", told to wait {told:g} s"
            which = self._link(link.failed.id)
            events.append(f"repeats {which} after {link.gap_s:.3f} s{asked}")
        if attempt.retry_after is not None:
            events.append(f"Retry-After: {escape(attempt.retry_after)}")
        events += [f"struck by {kind}" for _, kind in attempt.faults]
        if attempt.applied:
            events.append(
                "work done" + escape("".join(f", made {made}" for made in attempt.effects))
            )
        return [*events, *(["the client left"] if attempt.aborted else [])]


def _asked(attempt: Attempt) -> str:
    """Return what was asked for, readable: decoded, and without what would not be seen."""
    text = f"{attempt.method} {attempt.path}"
    text += f"?{unquote_plus(attempt.query)}" if attempt.query else ""
    text = "".join(each if each.isprintable() else "\ufffd" for each in text)
    cut = text if len(text) <= REQUEST_CHARS else text[:REQUEST_CHARS] + "…"
    return _code(cut)


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>" if text else ""
