"""The report card in a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mockserver.grading.advice import COUNSEL
from mockserver.grading.metric import FAIL, INSUFFICIENT, Metric
from mockserver.grading.report import Card, letter

EVIDENCE_SHOWN = 5
STYLES = {"A": "green", "D": "yellow", "F": "bold red", "-": "dim"}


def show(console: Console, made: Sequence[Card]) -> None:
    """Print every card."""
    for card in made:
        console.print(_table(card))
        for finding in card.findings:
            title = Text(f"{finding.title}: ", style="yellow")
            console.print(title.append(finding.advice, style=""))
            shown = f"  requests {_shown(finding.evidence)}"
            detail = f": {_shown(finding.detail)}" if finding.detail else ""
            console.print(Text(shown + detail, style="dim"))
        for advisory in card.advisories:
            console.print(Text(f"{advisory.text} (requests {_shown(advisory.evidence)})"))
        console.print(verdict(card))


def verdict(card: Card) -> str:
    """Return the card in one line."""
    name = f"{card.client.key} at {card.client.api}"
    judged = sum(m.verdict != INSUFFICIENT for m in card.metrics.values())
    if card.failed:
        failed = ", ".join(metric.id for metric in card.failed)
        return f"{name}: {len(card.failed)} of {judged} judged metrics failed ({failed})"
    return f"{name}: all {judged} judged metrics passed" if judged else f"{name}: not judged"


def _table(card: Card) -> Table:
    count = len(card.client.attempts)
    title = f"{card.client.key} at {card.client.api}, {count} requests"
    table = Table(title=title, title_justify="left", expand=False)
    table.add_column("")
    table.add_column("metric")
    for name in ("value", "passes", "n"):
        table.add_column(name, justify="right")
    table.add_column("what to change")
    for metric in card.metrics.values():
        table.add_row(*_row(metric))
    return table


def _row(metric: Metric) -> tuple[Text, ...]:
    mark = letter(metric)
    value = "" if metric.value is None else f"{metric.value:g}"
    say = ""
    if metric.verdict == FAIL:
        say = COUNSEL[metric.id].advice
        say += f" (requests {_shown(metric.evidence)})" if metric.evidence else ""
    cells = (
        mark,
        f"{metric.id} {metric.name}",
        value,
        COUNSEL[metric.id].passes,
        str(metric.n),
        say,
    )
    return tuple(Text(cell, style=STYLES[mark]) for cell in cells)


def _shown(evidence: Sequence[object]) -> str:
    more = ", …" if len(evidence) > EVIDENCE_SHOWN else ""
    return ", ".join(map(str, evidence[:EVIDENCE_SHOWN])) + more
