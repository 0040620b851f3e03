"""A world in which nothing is called or numbered as in the worlds that are sown.

Every id is greater by ``OFFSET`` and every name is written backwards, consistently: what refers to
a record still finds it. A test that knows a seeded record fails there.
"""

import re
from pathlib import Path

OFFSET = 700_000
#: Ids and references as numbers and as texts, links (whose slash is escaped), names.
NUMBER = re.compile(r'"(id|[A-Za-z]*(?:Id|ID))":(\d+)(?=[,}\]])')
TEXT = re.compile(r'"(id|[A-Za-z]*(?:Id|ID))":"(\d+)"')
LINK = re.compile(r'"\\/[^"]*"')
SEGMENT = re.compile(r'(?<=/)\d+(?=[/"?])')
NAMES = "summary name firstName lastName siteName contactName companyName Name ComputerName city"
NAMED = re.compile(rf'"({NAMES.replace(" ", "|")})":"([^"\\]*)"')


def estrange(source: Path, target: Path) -> Path:
    """Write the world in *source* to *target*, estranged, and return *target*."""
    target.mkdir()
    for file in source.iterdir():
        text = file.read_text(encoding="utf-8")
        strange = _estranged(text) if file.suffix == ".jsonl" else text
        (target / file.name).write_text(strange, encoding="utf-8")
    return target


def _estranged(text: str) -> str:
    text = NUMBER.sub(lambda m: f'"{m[1]}":{_moved(m[2])}', text)
    text = TEXT.sub(lambda m: f'"{m[1]}":"{_moved(m[2])}"', text)
    text = LINK.sub(lambda m: SEGMENT.sub(lambda each: _moved(each[0]), m[0]), text)
    return NAMED.sub(lambda m: f'"{m[1]}":"{m[2][::-1]}"', text)


def _moved(number: str) -> str:
    return str(int(number) + OFFSET) if int(number) else number
