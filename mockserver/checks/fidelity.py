"""The page that says how well each part of both interfaces is known: ``python -m`` writes it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from mockserver.checks.fact import Fact
from mockserver.checks.run import all_facts
from mockserver.vendors import vendors
from mockserver.web.routes import Route

PAGE = Path(__file__).parents[1] / "docs" / "fidelity.md"
EVIDENCE = ("observed", "documented", "assumed")
HEAD = """# Fidelity

How each operation is known. `observed` was seen on the vendor's live system, `documented` stands in
a published guide or description, `assumed` is a guess, listed in the vendor's `DEVIATIONS.md`. The
single operations are in `cwmock routes`. This page is made by `make fidelity`; a test holds it
against what is served.
"""


def page() -> str:
    """Return the page as Markdown."""
    psa, automate, _ = vendors()
    tables = {f"Operations of {api.name}": _operations(api.routes.all) for api in (psa, automate)}
    tables["Facts that `cwmock check` tries"] = _facts(all_facts())
    parts = [f"## {title}\n\n" + "\n".join(rows) for title, rows in tables.items()]
    return "\n\n".join([HEAD.strip(), *parts]) + "\n"


def _operations(routes: Iterable[Route]) -> Iterator[str]:
    """Yield a table of sections by evidence."""
    number: dict[str, Counter[str]] = {}
    for route in routes:
        section = route.template.split("/")[1].casefold()
        number.setdefault(section, Counter())[route.evidence] += 1
    yield "| section | operations | " + " | ".join(EVIDENCE) + " |"
    yield "|---|---|---|---|---|"
    for section, found in sorted(number.items()):
        cells = " | ".join(str(found[each]) for each in EVIDENCE)
        yield f"| {section} | {found.total()} | {cells} |"
    whole: Counter[str] = sum(number.values(), Counter())
    yield f"| all | {whole.total()} | " + " | ".join(str(whole[each]) for each in EVIDENCE) + " |"


def _facts(facts: Iterable[Fact]) -> Iterator[str]:
    yield "| vendor | claim | profile | evidence | source |"
    yield "|---|---|---|---|---|"
    for each in facts:
        claim = each.title + (" (writes)" if each.writes else "")
        yield f"| {each.api} | {claim} | {each.profile} | {each.provenance} | {each.source} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
