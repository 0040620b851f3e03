"""Recorded exchanges as an expectation: one file for each fact."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mockserver.checks.exchange import Exchange
from mockserver.checks.run import Finding
from mockserver.checks.scrub import Scrubber

FORMAT = 1
KINDS: tuple[tuple[type, str], ...] = ((str, "a text"), (dict, "an object"), (list, "an array"))
Golden = Mapping[tuple[str, str], Sequence[Exchange]]


def write(folder: Path, findings: Sequence[Finding]) -> int:
    """Write what was found, scrubbed; return how many facts have a file now."""
    folder.mkdir(parents=True, exist_ok=True)
    scrubber, written = Scrubber(), 0
    for each in findings:
        if each.found.verdict == "not tried" or not each.found.exchanges:
            continue
        exchanges = [asdict(scrubber.exchange(exchange)) for exchange in each.found.exchanges]
        document = {
            "format": FORMAT,
            "fact": each.fact.id,
            "profile": each.profile,
            "verdict": each.found.verdict,
            "exchanges": exchanges,
        }
        file = folder / f"{each.fact.id}.{each.profile}.json"
        text = json.dumps(document, indent=1, ensure_ascii=False)
        file.write_text(f"{text}\n", encoding="utf-8")
        written += 1
    return written


def read(folder: Path) -> Golden:
    """Return the recorded exchanges by fact and profile.

    Raises:
        ValueError: A file is no recording.
    """
    found = {}
    for file in sorted(folder.glob("*.json")):
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
            exchanges = [Exchange(**each) for each in document["exchanges"]]
            found[str(document["fact"]), str(document["profile"])] = exchanges
        except (ValueError, LookupError, TypeError) as error:
            raise ValueError(f"{file} is no recording: {error}") from None
    if not found:
        raise ValueError(f"there are no recordings in {folder}")
    return found


def differences(golden: Sequence[Exchange], found: Sequence[Exchange]) -> list[str]:
    """Return how the last answer looks different from the recorded one: status, headers, form.

    Members that only the found one has are no difference: the emulator answers the superset of
    what was seen (interface section 5).
    """
    if not golden or not found:
        return []
    was, now = golden[-1], found[-1]
    lines = [f"status {now.status}, recorded {was.status}"] if was.status != now.status else []
    lines += [f"no header {name}" for name in was.headers if name not in now.headers]
    return lines + list(_forms(was.body, now.body, ""))[:20]


def _forms(was: Any, now: Any, path: str) -> Iterator[str]:
    """Yield where *now* lacks something of *was* or has it in another type; null fits any."""
    if was is None or now is None:
        return
    if _kind(was) != _kind(now):
        yield f"{path or 'the body'} is {_kind(now)}, recorded {_kind(was)}"
    elif isinstance(was, dict):
        for name, value in was.items():
            if name not in now:
                yield f"no member {path}/{name}"
            else:
                yield from _forms(value, now[name], f"{path}/{name}")
    elif isinstance(was, list) and was and now:
        yield from _forms(was[0], now[0], f"{path}/0")


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    return next((name for kind, name in KINDS if isinstance(value, kind)), "null")
