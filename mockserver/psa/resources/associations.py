"""The types of a company or contact, each also a record of its own (psa facts 6.12)."""

from collections.abc import Mapping
from dataclasses import dataclass

from mockserver.core.errors import Fault, Flaw
from mockserver.core.rules import Draft, Record, Rules

#: Collections that are another one without its parents: they have the same records.
TWINS: Mapping[str, str] = {
    "company/companyTypeAssociations": "company/companies/typeAssociations",
    "company/contactTypeAssociations": "company/contacts/typeAssociations",
}


@dataclass(frozen=True)
class Association:
    """The rules of one collection of associations.

    Attributes:
        owner: The member that names whose type it is.
        owners: Where those are.
    """

    owner: str
    owners: str

    @property
    def path(self) -> str:
        """Return the collection of the associations."""
        return f"{self.owners}/typeAssociations"

    def fill(self, draft: Draft) -> None:
        """Put an association below its owner, also when it was made without naming a parent."""
        draft.parent_id = draft.parent_id or draft.id_of(self.owner)

    def check(self, draft: Draft) -> None:
        """Refuse a type that the owner has already."""
        kind = draft.id_of("type")
        found = draft.records.store.matching(
            draft.resource, parent_id=draft.parent_id, type_id=kind
        )
        if kind is not None and set(found) - {draft.record.get("id")}:
            draft.faults.append(Fault(Flaw.EXISTS, "type", kind, kind))

    def refresh(self, draft: Draft) -> None:
        """Show in the owner the types that it has now."""
        records, owner_id = draft.records, draft.id_of(self.owner)
        owners = records.registry.resource(self.owners)
        owner = records.find(owners, owner_id) if owner_id else None
        if owner is None:
            return
        rows = self._rows(draft, owner["id"])
        owner["types"] = [row["type"] for row in rows]
        records.amend(owners, owner, draft.author)

    def _rows(self, draft: Draft, owner_id: int) -> list[Record]:
        resource = draft.records.registry.resource(self.path)
        found = draft.records.store.matching(resource, parent_id=owner_id)
        return [draft.records.get(resource, each) for each in found]

    def write(self, draft: Draft) -> None:
        """Make an association of each type that an owner came with, or was given."""
        if not draft.changed("types"):
            return
        records, owner_id = draft.records, draft.record["id"]
        resource = records.registry.resource(self.path)
        kinds = draft.record.get("types") or ()
        for row in self._rows(draft, owner_id):
            records.store.delete(resource, row["id"])
        for kind in kinds:
            records.create(resource, {"type": {"id": kind["id"]}}, draft.author, owner_id)

    def rules(self) -> Rules:
        """Return the rules of the collection."""
        return Rules(fill=self.fill, check=self.check, written=self.refresh, deleted=self.refresh)


COMPANY = Association("company", "company/companies")
CONTACT = Association("contact", "company/contacts")
RULES: Mapping[str, Rules] = {each.path: each.rules() for each in (COMPANY, CONTACT)}
