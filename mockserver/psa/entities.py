"""The record inside a callback, in its two forms (psa facts 7.6)."""

from typing import Any

import orjson

from mockserver.core.rules import Record
from mockserver.psa.resources.callbacks import REST_VERSION
from mockserver.psa.shape import MARK

#: What the recorded bodies leave out.
LEFT_OUT = frozenset({"customFields", "types", "communicationItems"})
#: Members whose old name is not the new one in other capitals.
OLD_NAMES = {"priority": "Priority"}
OLD_STAMPS = {
    "updatedBy": "UpdatedBy",
    "lastUpdated": "LastUpdatedUTC",
    "enteredBy": "EnteredBy",
    "dateEntered": "EnteredDateUTC",
}


def entity(body: bytes, base: str, version: str) -> str:
    """Return a stored record as compact JSON.

    Args:
        body: The record as it is stored.
        base: The URL that its links lie below, without a slash at its end.
        version: The callback's ``payloadVersion``.
    """
    record = orjson.loads(body.replace(MARK, b'"' + base.encode("ascii", "ignore") + b"/"))
    made = _as_rest(record) if version == REST_VERSION else _as_soap(record)
    return orjson.dumps(made).decode()


def _as_rest(record: Record) -> Record:
    return {n: v for n, v in record.items() if n not in LEFT_OUT and v is not None}


def _as_soap(record: Record) -> Record:
    """Return the form of old: flat, in other capitals, references by their names."""
    made: dict[str, Any] = {}
    for name, value in _as_rest(record).items():
        pascal = name[:1].upper() + name[1:]
        if isinstance(value, dict):
            if "name" in value:
                made[OLD_NAMES.get(name, f"{pascal}Name")] = value["name"]
        elif not isinstance(value, list):
            made[pascal] = value
    stamps = record.get("_info") or {}
    made.update({new: stamps[old] for old, new in OLD_STAMPS.items() if old in stamps})
    return made
