"""Entries of the journal as JSON, and back: what ledgers keep, and what processes share."""

import base64
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

import orjson

from mockserver.core.attempt import Attempt, Paged
from mockserver.core.effects import Effect, parse_effect
from mockserver.core.entry import Entry


def plain(entry: Entry) -> orjson.Fragment | None:
    """Return an entry as JSON; None when it holds what JSON cannot."""
    try:
        return orjson.Fragment(orjson.dumps(document(entry)))
    except TypeError:  # a path that is no UTF-8: seen while the process lives, then forgotten
        return None


def document(entry: Entry) -> dict[str, Any]:
    """Return the members of an entry, fit for JSON but for what JSON cannot."""
    kept = {each.name: getattr(entry, each.name) for each in fields(Entry)}
    kept["request_body"], kept["response_body"] = (
        None if body is None else base64.b64encode(body).decode()
        for body in (entry.request_body, entry.response_body)
    )
    kept["faults"] = [{**each.document(), "id": each.fault_id} for each in entry.faults]
    kept["at"] = entry.at.isoformat()
    kept["attempt"] = asdict(entry.attempt)
    return kept


def entry_of(kept: Mapping[str, Any]) -> Entry:
    """Return the entry that was kept."""
    bodies = {
        name: None if kept[name] is None else base64.b64decode(kept[name])
        for name in ("request_body", "response_body")
    }
    headers = {n: tuple(map(tuple, kept[n])) for n in ("request_headers", "response_headers")}
    at, faults = datetime.fromisoformat(kept["at"]), tuple(map(_effect, kept["faults"]))
    parts = {"at": at, "faults": faults, "attempt": attempt_of(kept["attempt"])}
    return Entry(**{**kept, **bodies, **headers, **parts})


def _effect(kept: Mapping[str, Any]) -> Effect:
    document = {name: value for name, value in kept.items() if name != "id"}
    return replace(parse_effect(document), fault_id=kept["id"])


def attempt_of(kept: Mapping[str, Any]) -> Attempt:
    """Return the attempt that was kept."""
    given: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in kept.items()
    }
    given["faults"] = tuple(map(tuple, kept["faults"]))
    given["paged"] = None if kept["paged"] is None else Paged(**kept["paged"])
    return Attempt(**given)
