"""Which Automate resources are served, declared from the catalogue and the seed's names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from mockserver.automate.faces import Face
from mockserver.automate.resources.core import CORE, OWN, REFINED
from mockserver.automate.resources.declared import Declared
from mockserver.automate.shape import VIEWS, AutomateShape
from mockserver.core.catalogue import Catalogue, Collection, Operation
from mockserver.core.schema import Field, Kind, Resource

#: How the sources of operations begin that no description has.
SEEN = ("automate facts", "pyconnectwise", "a public client")
SPACE = "automate:"
#: Nested objects that stand for records of other collections.
NAMED = {"Client": "Clients", "Location": "Locations"}
NAMING = frozenset({"id", "name", "computerstatus"})


class Surface:
    """The served Automate resources.

    Args:
        catalogue: The vendor's operations and models.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.resource = cache(self._resource)
        known = (*CORE, *REFINED, *OWN)
        self._known = {f"{SPACE}{d.path}".casefold(): d for d in known}
        self._declared = cache(self._declared_at)
        rules = {f"{SPACE}{d.path}": d.rules for d in known}
        stamps = {f"{SPACE}{d.path}": d.stamp for d in known if d.stamp}
        self.children = cache(self._children)
        self.shape = AutomateShape(
            lambda path: self._face(self._declared(path)), rules, stamps, self.children
        )

    def paths(self) -> tuple[str, ...]:
        """Return the paths of the served collections."""
        return tuple(f"{SPACE}{path}" for path in self.catalogue.resources())

    def referrers(self, path: str) -> Iterator[tuple[str, str]]:
        """Yield the fields of served resources that refer to *path*."""
        for owner in self.paths():
            for name, target in self._declared(owner).references.items():
                if f"{SPACE}{target}" == path:
                    yield owner, name

    def _children(self, path: str) -> tuple[Resource, ...]:
        """Return the collections below the one at *path*."""
        above = path.removeprefix(SPACE).casefold()
        return tuple(
            self.resource(f"{SPACE}{each}")
            for each in self.catalogue.resources()
            if (self.catalogue.collection(each).parent_path or "").casefold() == above
        )

    def model(self, name: str) -> tuple[Field, ...]:
        """Return the fields of one of the vendor's models."""
        return self.catalogue.model(name)

    def operations(self) -> Iterator[tuple[Operation, Resource | None]]:
        """Yield every operation with the collection that it works on."""
        for operation in self.catalogue.operations():
            path = operation.resource
            yield operation, self.resource(f"{SPACE}{path}") if path else None

    def evidence(self, operation: Operation) -> str:
        """Return how an operation is known: described, only seen in what clients call, or ours."""
        if operation.origin == "assumed":
            return "assumed"
        is_seen = operation.origin.startswith(SEEN)
        return "observed" if is_seen else "documented"

    def _declared_at(self, path: str) -> Declared:
        """Return the hand-written declaration, or one as the vendor's description has it."""
        known = self._known.get(path.casefold())
        if known is not None:
            return known
        stands = self.catalogue.collection(path.removeprefix(SPACE))
        fields = self.catalogue.model(stands.model)
        return Declared(
            stands.path,
            stands.model,
            stands.key or "id",
            (),
            references={f.name: NAMED[f.name] for f in fields if _names_record(f)},
            label=next((f.name for f in fields if f.name == "Name"), stands.key or "id"),
        )

    def declared(self) -> Iterable[Declared]:
        """Return the declarations of collections with routes of their own."""
        return CORE

    def declaration(self, path: str) -> Declared:
        """Return the declaration of the resource at *path*, hand-written or not."""
        return self._declared(path)

    def _modelled(self, declared: Declared) -> tuple[Field, ...]:
        return self.catalogue.model(declared.model) if declared.model else ()

    def _stands(self, declared: Declared) -> Collection:
        if declared.model:
            return self.catalogue.collection(declared.path)
        return Collection(declared.path, "", "", None, None, declared.key)

    def _resource(self, path: str) -> Resource:
        declared = self._declared(path)
        modelled = self._modelled(declared)
        replaced = _replaced(declared)
        kept = (_kept(declared, f) for f in modelled if f.name.casefold() not in replaced)
        stands = self._stands(declared)
        return Resource(
            path=f"{SPACE}{declared.path}",
            parent=stands.parent,
            parent_path=f"{SPACE}{stands.parent_path}" if stands.parent_path else None,
            model=declared.model.rpartition(".")[2] or declared.path.replace("/", ""),
            fields=(*kept, *declared.extra),
            key=declared.key,
            label=(declared.label,),
            aliases=declared.aliases,
            unique=declared.unique,
            indexed=tuple(f"{name}_id".lower() for name in declared.references),
            views=VIEWS,
        )

    def _face(self, declared: Declared) -> Face:
        modelled = self._modelled(declared)
        replaced = _replaced(declared)
        observed = (
            each if each.name.casefold() in replaced else _kept(declared, each)
            for each in modelled
            if each.name.casefold() not in replaced or each.kind is Kind.LIST
        )
        unnamed = declared.hidden | declared.fleeting
        texts = (path for each in modelled for path in _text_ids(each, _kept(declared, each)))
        return Face(
            documented=declared.documented,
            observed=frozenset(each.name for each in modelled) - declared.hidden,
            texts=frozenset(texts),
            derived=declared.derived,
            filterable=tuple(each for each in observed if each.name not in unnamed),
            hidden=declared.hidden,
            unnamed=unnamed,
            aliases=declared.aliases,
            labelled=declared.labelled,
        )


def _names_record(declared: Field) -> bool:
    members = {each.name for each in declared.fields}
    return declared.kind is Kind.OBJECT and declared.name in NAMED and members >= {"Id", "Name"}


def _replaced(declared: Declared) -> frozenset[str]:
    """Return the modelled fields that are kept otherwise, casefolded."""
    aliases = (alias.partition("/")[0] for alias in declared.aliases)
    return frozenset(n.casefold() for n in (*aliases, *(each.name for each in declared.extra)))


def _kept(declared: Declared, modelled: Field) -> Field:
    """Return a modelled field as it is kept: whole-number ids, nested records as references."""
    changes: Mapping[str, Any] = declared.changes.get(modelled.name, {})
    if modelled.name == declared.key:
        return replace(modelled, kind=Kind.INTEGER, read_only=True)
    members = tuple(_numbered(inner) for inner in modelled.fields)
    target = declared.references.get(modelled.name)
    if target is None:
        return replace(modelled, fields=members, **changes)
    shown = tuple(each for each in members if each.name.casefold() in NAMING)
    return replace(
        modelled, kind=Kind.REFERENCE, target=f"{SPACE}{target}", fields=shown, **changes
    )


def _numbered(member: Field) -> Field:
    kind = Kind.INTEGER if member.name in {"Id", "ParentId"} else member.kind
    return replace(member, kind=kind, read_only=False)


def _text_ids(modelled: Field, kept: Field) -> Iterator[str]:
    """Yield the paths of what is a text in the model and a number in the kept record."""
    if modelled.kind is Kind.TEXT and kept.kind is Kind.INTEGER:
        yield modelled.name
    for inner in modelled.fields:
        same = kept.members.get(inner.name.casefold())
        if same is not None and inner.kind is Kind.TEXT and same.kind is Kind.INTEGER:
            yield f"{modelled.name}/{inner.name}"
