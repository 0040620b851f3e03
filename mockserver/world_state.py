"""How a world stood when it was written to files, beside its records."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

import orjson

from mockserver.core.bundle import BadFolder, Folder
from mockserver.fixtures.instants import ANCHOR

STATE = "STATE.json"
#: Of what these files say; a world of a later one is refused.
SCHEMA = 1
MEMBERS: Mapping[str, type] = {
    "schema": int,
    "day": str,
    "now": str,
    "frozen": bool,
    "ids": dict,
}
FIRST_DAY = ANCHOR.date()
ID_MAX = 2**63 - 1
#: Whoever reckons with these instants stays in the calendar.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)


def refuse_repeated(text: bytes, document: Any) -> None:
    """Refuse a JSON text in which a member is given twice: one of the two would be lost.

    Raises:
        ValueError: It is one; the message names the member.
    """
    # With a member less, what was read is shorter: most texts need no second look.
    if len(orjson.dumps(document)) == len(text.replace(b"\\/", b"/")):
        return
    try:
        json.loads(text, object_pairs_hook=_unrepeated)
    except RecursionError:
        raise ValueError("is nested too deep") from None


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"has the member {name[:80]!r} twice")
        found[name] = value
    return found


@dataclass(frozen=True)
class Stand:
    """How a world stood.

    Attributes:
        day: On which the rows begin that are sown.
        now: The instant at which it was written; None where nobody was there to ask.
        frozen: Whether time stood still.
        ids: By table, the last id that was given out where no row shows it any more.
    """

    day: date = FIRST_DAY
    now: datetime | None = None
    frozen: bool = False
    ids: Mapping[str, int] = field(default_factory=dict)

    @property
    def text(self) -> bytes:
        """Return the file that says so."""
        now = (self.now or ANCHOR).astimezone(UTC).isoformat()
        document = {
            "schema": SCHEMA,
            "day": self.day.isoformat(),
            "now": now,
            "frozen": self.frozen,
            "ids": dict(sorted(self.ids.items())),
        }
        return orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n"

    def days(self, started: datetime) -> int:
        """Return by how many days the rows are moved for a world that starts then.

        What was past stays past: the instant of writing does not go beyond that of the start.
        """
        if self.now is None:
            return (started.date() - self.day).days
        return (started - self.now) // timedelta(days=1)

    @classmethod
    def of(cls, folder: Folder) -> Self:
        """Return what the files of a world say.

        Raises:
            BadFolder: They say it wrongly, or in the way of a later version.
        """
        file = folder.joinpath(STATE)
        if not file.is_file():
            return cls()
        text = file.read_bytes()
        try:
            document = orjson.loads(text)
            refuse_repeated(text, document)
            return cls._read(document)
        except orjson.JSONDecodeError as error:
            raise BadFolder(f"{STATE} is no JSON: {error}") from None
        except ValueError as error:
            raise BadFolder(f"{STATE}: {error}") from None

    @classmethod
    def _read(cls, document: Any) -> Self:
        if not isinstance(document, dict) or type(document.get("schema")) is not int:
            raise ValueError("schema must be a whole number")
        if document["schema"] > SCHEMA:
            raise ValueError(
                f"a newer version of this program wrote it (schema {document['schema']}, "
                f"known is {SCHEMA})"
            )
        for name, kind in MEMBERS.items():
            if type(document.get(name)) is not kind:
                raise ValueError(f"{name} is missing or of another kind than {kind.__name__}")
        if unknown := document.keys() - MEMBERS:
            raise ValueError(f"there is no member {min(unknown)[:80]!r}")
        now = _instant(document["now"])
        return cls(date.fromisoformat(document["day"]), now, document["frozen"], _ids(document))


def _instant(text: str) -> datetime:
    now = datetime.fromisoformat(text)
    if now.tzinfo is None or not EARLIEST <= now <= LATEST:
        raise ValueError(f"now must be an instant with its zone, up to {LATEST:%Y-%m-%d}")
    return now.astimezone(UTC)


def _ids(document: Mapping[str, Any]) -> dict[str, int]:
    for table, last in document["ids"].items():
        if type(last) is not int or not 0 <= last <= ID_MAX:
            raise ValueError(f"ids/{table[:80]} must be a whole number up to {ID_MAX}")
    return dict(document["ids"])
