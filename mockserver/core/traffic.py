"""The tail of the journal as a ledger keeps it, for whoever looks after a restart."""

import base64
from collections import deque
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import orjson

from mockserver.core.attempt import Attempt, Paged
from mockserver.core.effects import Effect, parse_effect
from mockserver.core.entry import Entry
from mockserver.core.journal import Journal

#: Exchanges that are kept, and a few more: old ones are dropped by the hundred.
TAIL_MAX = 1_000
DROPPED_AT_ONCE = 100
LAST = "last"


class Traffic:
    """The last exchanges of a tenant, as rows.

    Args:
        journal: The tenant's.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._new: list[Entry] = []
        self._kept: deque[int] = deque()
        self._gone: list[int] = []
        self._last_id = 0
        journal.keep(self)

    def add(self, entry: Entry) -> None:
        """Keep one more exchange, at the end of the turn."""
        self._new.append(entry)

    def clear(self) -> None:
        """Forget all exchanges."""
        self._gone += self._kept
        self._kept.clear()
        self._new.clear()

    def changes(self) -> dict[str, Any]:
        """Return the exchanges since the last call; None for those that are too old."""
        new, self._new = self._new, []
        self._kept += [each.id for each in new]
        if len(self._kept) >= TAIL_MAX + DROPPED_AT_ONCE:
            self._gone += [self._kept.popleft() for _ in range(DROPPED_AT_ONCE)]
        gone, self._gone = self._gone, []
        rows: dict[str, Any] = {str(each): None for each in gone}
        rows |= {str(each.id): _plain(each) for each in new}
        if self._journal.last_id != self._last_id:
            self._last_id = rows[LAST] = self._journal.last_id
        return rows

    def restore(self, rows: Mapping[str, Any]) -> None:
        """Give the journal what was kept."""
        last_id = int(rows.get(LAST) or 0)
        entries = [_entry(row) for name, row in rows.items() if name != LAST and row]
        entries.sort(key=lambda each: each.id)
        self._kept, self._last_id = deque(each.id for each in entries), last_id
        self._journal.restore(entries, last_id)


def _plain(entry: Entry) -> orjson.Fragment | None:
    kept = {each.name: getattr(entry, each.name) for each in fields(Entry)}
    kept["request_body"], kept["response_body"] = (
        None if body is None else base64.b64encode(body).decode()
        for body in (entry.request_body, entry.response_body)
    )
    kept["faults"] = [{**each.document(), "id": each.fault_id} for each in entry.faults]
    try:
        return orjson.Fragment(orjson.dumps(kept))
    except TypeError:  # a path that is no UTF-8: seen while the process lives, then forgotten
        return None


def _entry(kept: Mapping[str, Any]) -> Entry:
    bodies = {
        name: None if kept[name] is None else base64.b64decode(kept[name])
        for name in ("request_body", "response_body")
    }
    headers = {n: tuple(map(tuple, kept[n])) for n in ("request_headers", "response_headers")}
    at, faults = datetime.fromisoformat(kept["at"]), tuple(map(_effect, kept["faults"]))
    parts = {"at": at, "faults": faults, "attempt": _attempt(kept["attempt"])}
    return Entry(**{**kept, **bodies, **headers, **parts})


def _effect(kept: Mapping[str, Any]) -> Effect:
    document = {name: value for name, value in kept.items() if name != "id"}
    return replace(parse_effect(document), fault_id=kept["id"])


def _attempt(kept: Mapping[str, Any]) -> Attempt:
    given: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in kept.items()
    }
    given["faults"] = tuple(map(tuple, kept["faults"]))
    given["paged"] = None if kept["paged"] is None else Paged(**kept["paged"])
    return Attempt(**given)
