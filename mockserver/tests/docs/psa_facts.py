"""Which of the numbered psa facts the tests claim: ``python -m mockserver.tests.docs.psa_facts``.

A test claims a fact by naming its number in its provenance (``psa facts 3.4``, ``U8``, ``S12``).
Only numbers are kept here; what they say is in the facts.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from mockserver.tests.docs.provenances import provenances, table

ROOT = Path(__file__).parents[3] / "contract_tests"
#: The last number of each section of the facts; U are its open points, S its disagreements.
SECTIONS = dict(
    zip(
        ("1", "2", "3", "4", "5", "6", "7", "8", "10"),
        (12, 8, 9, 6, 4, 14, 11, 18, 25),
        strict=True,
    ),
    S=25,
    U=24,
)
NUMBER = re.compile(r"(?<![\w.])(?:(?:[1-8]|10)\.\d{1,2}|[SU]\d{1,2})(?![\w.]\d|\d)")
#: Facts that nothing can be claimed of, and why.
UNTESTED = {
    "5.2": "advice to clients: tests of the client's retries hold it",
    "5.4": "how long the vendor takes",
    "8.18": "how many routes there are",
}


def numbers() -> Iterator[str]:
    """Yield the number of every fact, in order."""
    for section, last in SECTIONS.items():
        dot = "" if section in "SU" else "."
        yield from (f"{section}{dot}{number}" for number in range(1, last + 1))


def claims() -> dict[str, list[str]]:
    """Return the tests that claim each fact, by the fact's number."""
    found: dict[str, list[str]] = {number: [] for number in numbers()}
    for file in sorted(ROOT.glob("*/test_*.py")):
        if "automate" in file.name:
            continue
        for name, text in provenances(ast.parse(file.read_text(encoding="utf-8"))):
            for number in _cited(text):
                if number in found:
                    found[number].append(f"{file.name}::{name}")
    return found


def _cited(text: str) -> set[str]:
    return set(NUMBER.findall(text)) if "facts" in text or "psa" in text.casefold() else set()


if __name__ == "__main__":
    sys.stdout.write(table(claims(), UNTESTED))
