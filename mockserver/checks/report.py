"""The drift report: JSON for programs, JUnit for build servers, a page for people."""

import html
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from mockserver.checks.exchange import Exchange
from mockserver.checks.run import Finding, Trial, Verdict

VERDICTS: tuple[Verdict, ...] = ("agree", "differ", "not tried")
BODY_CHARS_SHOWN = 3_000
STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#222}
h1{font-size:1.5rem} table{border-collapse:collapse;width:100%} td,th{padding:.35rem .6rem;
text-align:left;border-bottom:1px solid #ddd;vertical-align:top;overflow-wrap:anywhere}
.agree{color:#176b2c}
.differ{color:#b3261e;font-weight:600} .not{color:#6b6b6b} details{margin:.4rem 0}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:1rem} pre{background:#f6f6f6;padding:.6rem;
overflow:auto;max-height:22rem;font-size:12px;white-space:pre-wrap;word-break:break-word}
@media(prefers-color-scheme:dark){body{background:#16181c;color:#ddd} pre{background:#22252b}
td,th{border-color:#3a3d44} .agree{color:#7fd394} .differ{color:#ff8a80} .not{color:#9a9a9a}}
"""


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """Return how many facts there are of each verdict."""
    found = Counter(each.verdict for each in findings)
    return {verdict: found[verdict] for verdict in VERDICTS}


def as_json(findings: Sequence[Finding], target: str) -> str:
    """Return the report as JSON."""
    document: dict[str, Any] = {
        "target": target,
        "counts": counts(findings),
        "facts": [each.document() for each in findings],
    }
    return json.dumps(document, indent=1, ensure_ascii=False)


def as_junit(findings: Sequence[Finding], target: str) -> str:
    """Return the report as JUnit ET."""
    number = counts(findings)
    suite = ET.Element(
        "testsuite",
        name=f"cwmock check {target}",
        tests=str(len(findings)),
        failures=str(number["differ"]),
        skipped=str(number["not tried"]),
        errors="0",
    )
    for each in findings:
        case = ET.SubElement(
            suite, "testcase", classname=f"{each.fact.api}.{each.profile}", name=each.fact.title
        )
        if each.verdict != "agree":
            kind = "failure" if each.verdict == "differ" else "skipped"
            ET.SubElement(case, kind, message=_plain(each.why))
    return ET.tostring(suite, encoding="unicode", xml_declaration=True)


def _plain(text: str) -> str:
    """Return a text without the characters that XML has no way to say."""
    return "".join(c if c >= " " or c in "\t\n" else "�" for c in text)


def as_page(findings: Sequence[Finding], target: str) -> str:
    """Return the report as a page that needs nothing else."""
    number = counts(findings)
    head = ", ".join(f"{number[verdict]} {verdict}" for verdict in VERDICTS)
    order = sorted(findings, key=lambda each: ("differ", "not tried", "agree").index(each.verdict))
    rows = "".join(map(_row, order))
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width'>"
        f"<title>Drift report</title><style>{STYLE}</style>"
        f"<h1>What {html.escape(target)} does, beside the emulator</h1><p>{head}</p>"
        "<table><thead><tr><th>verdict<th>claim<th>evidence</thead>"
        f"<tbody>{rows}</tbody></table></html>\n"
    )


def _row(finding: Finding) -> str:
    fact = finding.fact
    name = html.escape(fact.title)
    why = f"<br>{html.escape(finding.why)}" if finding.why else ""
    evidence = html.escape(f"{fact.provenance}: {fact.source}")
    return (
        f"<tr><td class='{finding.verdict}'>{finding.verdict}"
        f"<td>{fact.api}, {finding.profile}: {name}{why}{_details(finding)}<td>{evidence}"
    )


def _details(finding: Finding) -> str:
    if not finding.found.exchanges and not finding.expected:
        return ""
    sides = [("target", finding.found)]
    if finding.expected is not None:
        sides.append(("expected", finding.expected))
    columns = "".join(f"<div><b>{name}</b>{_exchanges(trial)}</div>" for name, trial in sides)
    return f"<details><summary>exchanges</summary><div class=pair>{columns}</div></details>"


def _exchanges(trial: Trial) -> str:
    return "".join(f"<pre>{html.escape(_shown(each))}</pre>" for each in trial.exchanges)


def _shown(exchange: Exchange) -> str:
    exchange = exchange.shortened()
    lines = [f"{exchange.method} {exchange.path}"]
    if exchange.sent is not None:
        lines.append(json.dumps(exchange.sent, ensure_ascii=False))
    lines += ["", str(exchange.status), *(f"{n}: {v}" for n, v in exchange.headers.items()), ""]
    body = exchange.body
    text = body if isinstance(body, str) else json.dumps(body, indent=1, ensure_ascii=False)
    lines.append(text[:BODY_CHARS_SHOWN] + ("…" if len(text) > BODY_CHARS_SHOWN else ""))
    return "\n".join(lines)
