"""The report card for machines: JSON and JUnit."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from mockserver.grading.advice import COUNSEL
from mockserver.grading.metric import FAIL, INSUFFICIENT, Metric
from mockserver.grading.report import Card, document, letter

# What XML 1.0 cannot hold, however it is escaped.
_UNSPEAKABLE = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_json(made: Sequence[Card], profile: str) -> dict[str, object]:
    """Return the report with a letter for each metric and advice for what failed."""
    shown = document(made)
    for card, client in zip(made, shown["clients"], strict=True):  # type: ignore[call-overload]
        for name, metric in card.metrics.items():
            advice = COUNSEL[name].advice if metric.verdict == FAIL else None
            client["metrics"][name] |= {"letter": letter(metric), "advice": advice}
        for finding, told in zip(card.findings, client["findings"], strict=True):
            told["detail"] = list(finding.detail)
        client["advisories"] = [each.document() for each in card.advisories]
    return {"profile": profile, "passed": not any(card.failed for card in made), **shown}


def as_junit(made: Sequence[Card]) -> bytes:
    """Return the report as JUnit XML: a suite for each client, a case for each metric."""
    root = ET.Element("testsuites", name="cwmock grade")
    for card in made:
        root.append(_suite(card))
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _suite(card: Card) -> ET.Element:
    name = _clean(f"{card.client.api} {card.client.key}")
    metrics = card.metrics.values()
    skipped = sum(metric.verdict == INSUFFICIENT for metric in metrics)
    counts = {"tests": len(metrics), "failures": len(card.failed), "skipped": skipped}
    suite = ET.Element("testsuite", {"name": name, **{n: str(c) for n, c in counts.items()}})
    for metric in metrics:
        suite.append(_case(metric, name))
    if card.findings:
        lines = [
            f"{each.title}. {each.advice} Requests: {each.evidence} {', '.join(each.detail)}"
            for each in card.findings
        ]
        ET.SubElement(suite, "system-out").text = _clean("\n".join(lines))
    return suite


def _case(metric: Metric, suite: str) -> ET.Element:
    case = ET.Element("testcase", name=f"{metric.id} {metric.name}", classname=suite)
    told = f"value {metric.value}, n {metric.n}, passes {COUNSEL[metric.id].passes}"
    if metric.verdict == FAIL:
        failure = ET.SubElement(case, "failure", message=COUNSEL[metric.id].advice)
        failure.text = f"{told}; requests {', '.join(map(str, metric.evidence))}"
    elif metric.verdict == INSUFFICIENT:
        ET.SubElement(case, "skipped", message=f"too few observations ({metric.n})")
    return case


def _clean(text: str) -> str:
    return _UNSPEAKABLE.sub("\ufffd", text)
