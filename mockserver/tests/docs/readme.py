"""Reading the front page: its blocks and its tables."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]
README = ROOT / "README.md"

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block."""

    tag: str
    text: str
    line: int


def text():
    return README.read_text(encoding="utf-8")


def pages():
    """Return the front page and the pages of one topic each."""
    return [README, *sorted(ROOT.joinpath("mockserver/docs").glob("*.md"))]


def blocks(file=README):
    page = file.read_text(encoding="utf-8")
    return [
        Block(found[1], found[2], page.count("\n", 0, found.start()) + 1)
        for found in _FENCE.finditer(page)
    ]


def prose():
    return _FENCE.sub("", text())


def rows(header):
    """Return the cells of the table whose header row begins with *header*."""
    lines = text().splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {header} |"))
    table = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip("|").split("|")])
    return table


def code(cell):
    """Return what stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)
