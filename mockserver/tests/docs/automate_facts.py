"""Which of the numbered automate facts the tests claim: a line each, by the number.

``python -m mockserver.tests.docs.automate_facts`` prints it. A test claims a fact by naming its
number in its provenance (``automate facts 45 and 47``, ``12 to 14``, ``C9``); C are the
contradictions between the seeds and what was seen. Only numbers are kept here.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from mockserver.tests.docs.provenances import provenances, table

ROOT = Path(__file__).parents[3] / "contract_tests" / "automate"
LAST, LAST_CONTRADICTION = 99, 24
CITED = re.compile(r"\bfacts?(?P<numbers>[^:;]*)")
RANGE = re.compile(r"(?<![\w.])(C?)(\d+) to C?(\d+)(?![\w.]\d)")
NUMBER = re.compile(r"(?<![\w.])C?\d{1,2}(?!\.?\d|\w)")
#: Facts that nothing can be claimed of, and why.
UNTESTED = {
    "24": "a schema of single sign-on that no integrator uses",
    "59": "how slow heavy lists are",
}


def numbers() -> Iterator[str]:
    """Yield the number of every fact, in order."""
    yield from (str(number) for number in range(1, LAST + 1))
    yield from (f"C{number}" for number in range(1, LAST_CONTRADICTION + 1))


def claims() -> dict[str, list[str]]:
    """Return the tests that claim each fact, by the fact's number."""
    found: dict[str, list[str]] = {number: [] for number in numbers()}
    for file in sorted(ROOT.glob("test_*.py")):
        for name, text in provenances(ast.parse(file.read_text(encoding="utf-8"))):
            for number in cited(text) & found.keys():
                found[number].append(f"{file.name}::{name}")
    return found


def cited(text: str) -> set[str]:
    """Return the numbers of the facts that a provenance names."""
    return {number for part in CITED.finditer(text) for number in _numbers(part["numbers"])}


def _numbers(text: str) -> Iterator[str]:
    for mark, first, last in RANGE.findall(text):
        yield from (f"{mark}{number}" for number in range(int(first), int(last) + 1))
    yield from NUMBER.findall(text)


if __name__ == "__main__":
    sys.stdout.write(table(claims(), UNTESTED))
