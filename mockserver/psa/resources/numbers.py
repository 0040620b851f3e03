"""What names a ticket by its number alone, where the registry knows of no reference.

It keeps the ticket from being deleted as references do (U23), and goes along when the ticket is
converted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.core.following import in_use
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Rules
from mockserver.core.schema import Resource
from mockserver.core.text import fold
from mockserver.psa.resources.mirrors import CHARGED, SCHEDULED


@dataclass(frozen=True)
class Naming:
    """A member that holds the number of a ticket.

    Attributes:
        path: The collection that has it.
        number: The member.
        kind: The member that tells of which collection the number is; None where it is always the
            same.
        words: What *kind* says, by collection.
        inside: The member of *kind* that says it, where that is a reference.
    """

    path: str
    number: str
    kind: str | None
    words: Mapping[str, str]
    inside: str | None = None

    def columns(self, path: str, record_id: int) -> dict[str, Any]:
        """Return what the rows have that name a record."""
        told: dict[str, Any] = {self.number.casefold(): record_id}
        if self.kind:
            column = f"{self.kind}_{self.inside}" if self.inside else self.kind
            told[column.casefold()] = fold(self.words[path])
        return told

    def members(self, path: str, record_id: int) -> dict[str, Any]:
        """Return the members that make a record name another one."""
        told: dict[str, Any] = {self.number: record_id}
        if self.kind:
            word = self.words[path]
            told[self.kind] = {self.inside: word} if self.inside else word
        return told


_KINDS = {path: kind for kind, path in CHARGED.items()}
_WORDS = {path: word for word, path in SCHEDULED.items()}
#: Psa facts 8.7, 8.11; what is charged and scheduled goes along with a conversion.
MOVABLE = (
    Naming("time/entries", "chargeToId", "chargeToType", _KINDS),
    Naming("expense/entries", "chargeToId", "chargeToType", _KINDS),
    Naming("schedule/entries", "objectId", "type", _WORDS, "identifier"),
)
_CHILDREN = Naming("service/tickets", "parentTicketId", None, {"service/tickets": ""})


def named_by(
    records: Records, path: str, record_id: int, namings: tuple[Naming, ...] = MOVABLE
) -> Iterator[tuple[Naming, Resource, int]]:
    """Yield what names a record by its number."""
    for naming in namings:
        if path in naming.words:
            resource = records.registry.resource(naming.path)
            for each in records.store.matching(resource, **naming.columns(path, record_id)):
                yield naming, resource, each


def _refuse_if_named(draft: Draft) -> None:
    records, resource, record_id = draft.records, draft.resource, draft.record["id"]
    for _, owner, _ in named_by(records, resource.path, record_id, (*MOVABLE, _CHILDREN)):
        raise in_use(resource, record_id, owner)


def with_numbers(rules: Mapping[str, Rules]) -> Mapping[str, Rules]:
    """Return *rules* that also keep tickets which others name by their numbers."""
    kept = {path: rules[path].then(leaving=_refuse_if_named) for path in _KINDS}
    return {**rules, **kept}
