"""The report card as one page for people: no script, nothing loaded from anywhere."""

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from mockserver.grading import pictures
from mockserver.grading.advice import COUNSEL
from mockserver.grading.advisories import Advisory
from mockserver.grading.evidence import Evidence, Whole
from mockserver.grading.findings import Finding
from mockserver.grading.metric import FAIL, INSUFFICIENT, PASS, Metric
from mockserver.grading.repeats import duplicates
from mockserver.grading.report import Card, letter


@cache
def _style() -> str:
    return files("mockserver.grading").joinpath("page.css").read_text(encoding="utf-8")


def page(
    made: Sequence[Card],
    title: str = "Report card",
    whole: Whole | None = None,
    back: str | None = None,
) -> str:
    """Return the whole page.

    Args:
        made: A card for each client.
        title: In its head.
        whole: Returns the address of the page of an exchange, where there is one.
        back: The address of the page that this one belongs to, if there is one.
    """
    way = f"<p><a href='{escape(back)}'>Back to the traffic</a></p>" if back else ""
    proofs = [Evidence(card, f"c{number}", whole) for number, card in enumerate(made, 1)]
    shown = "".join(map(_client, made, proofs)) or "<p>No client has sent a request yet.</p>"
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_style()}</style></head><body>"
        f"{way}<h1>{escape(title)}</h1><p class='soft'>How each client behaved when the API pushed "
        f"back, judged by what the server saw.</p>{shown}</body></html>"
    )


def _client(card: Card, proof: Evidence) -> str:
    client = card.client
    failed, judged = len(card.failed), _judged(card)
    summary = f"{failed} of {judged} judged metrics failed" if judged else "not enough to judge"
    parts = [
        f"<section><h2>{escape(client.key)} <span class='soft'>at {escape(client.api)}</span></h2>",
        f"<p>{len(client.attempts)} requests in {client.span_s:.3g} s: {summary}.</p>",
        _section("Findings", (_finding(each, proof) for each in card.findings)),
        pictures.arrivals(client),
        pictures.gaps(client) if client.links else "",
        pictures.tokens(client) if client.api == "automate" else "",
        _table(card, proof),
        _section("Advisories", (_advisory(each, proof) for each in card.advisories)),
        _section("Records made twice", _twice(card, proof)),
        proof.table(),
        "</section>",
    ]
    return "".join(parts)


def _judged(card: Card) -> int:
    return sum(metric.verdict != INSUFFICIENT for metric in card.metrics.values())


def _section(title: str, parts: Iterable[str]) -> str:
    text = "".join(parts)
    return f"<h3>{escape(title)}</h3>{text}" if text else ""


def _finding(finding: Finding, proof: Evidence) -> str:
    detail = f" ({', '.join(finding.detail[:20])})" if finding.detail else ""
    return (
        f"<div class='trap' id='{proof.anchor(finding.id)}'>"
        f"<strong>{escape(finding.title)}</strong>{escape(detail)}<p>{escape(finding.advice)}</p>"
        f"<p class='soft'>{proof.links(finding.evidence)}</p></div>"
    )


def _advisory(advisory: Advisory, proof: Evidence) -> str:
    return (
        f"<p id='{proof.anchor(advisory.id)}'>{escape(advisory.text)} "
        f"<span class='soft'>{proof.links(advisory.evidence)}</span></p>"
    )


def _twice(card: Card, proof: Evidence) -> Iterable[str]:
    for done in duplicates(card.client)[:100]:
        made = ", ".join(effect for each in done for effect in each.effects) or "no record told"
        yield (
            f"<div class='trap'>{escape(done[0].route)}: {escape(made)} "
            f"<span class='soft'>{proof.links([each.id for each in done])}</span></div>"
        )


def _table(card: Card, proof: Evidence) -> str:
    head = (
        "<tr><th></th><th>metric</th><th class='n'>value</th><th class='n'>passes</th>"
        "<th class='n'>n</th><th>advice</th></tr>"
    )
    order = {FAIL: 0, PASS: 1, INSUFFICIENT: 2}
    metrics = sorted(card.metrics.values(), key=lambda metric: order[metric.verdict])
    rows = "".join(_row(metric, proof) for metric in metrics)
    return (
        "<h3>Metrics</h3><div class='wide'><table>"
        f"<thead>{head}</thead><tbody>{rows}</tbody></table></div>"
    )


def _row(metric: Metric, proof: Evidence) -> str:
    counsel = COUNSEL[metric.id]
    value = "" if metric.value is None else f"{metric.value:g}"
    say = counsel.advice if metric.verdict == FAIL else ""
    if metric.verdict == INSUFFICIENT:
        say = "Too few observations to judge."
    shown = f"<div class='soft'>{proof.links(metric.evidence)}</div>" if metric.evidence else ""
    return (
        f"<tr class='{metric.verdict}' id='{proof.anchor(metric.id)}'>"
        f"<td class='mark'>{letter(metric)}</td>"
        f"<td>{metric.id} {escape(metric.name)}</td><td class='n' data-name='value'>{value}</td>"
        f"<td class='n' data-name='passes'>{escape(counsel.passes)}</td>"
        f"<td class='n' data-name='n'>{metric.n}</td>"
        f"<td class='say'>{escape(say)}{shown}</td></tr>"
    )
