"""Which Automate resources are served, declared from the catalogue and the seed's names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from mockserver.automate.resources.core import CORE, Declared
from mockserver.automate.shape import VIEWS, AutomateShape, Face
from mockserver.core.catalogue import Catalogue
from mockserver.core.schema import Field, Kind, Resource

SPACE = "automate:"
NAMING = frozenset({"id", "name", "computerstatus"})


class Surface:
    """The served Automate resources.

    Args:
        catalogue: The vendor's operations and models.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.resource = cache(self._resource)
        faces = {f"{SPACE}{d.path}": self._face(d) for d in CORE}
        rules = {f"{SPACE}{d.path}": d.rules for d in CORE}
        stamps = {f"{SPACE}{d.path}": d.stamp for d in CORE if d.stamp}
        self.shape = AutomateShape(faces, rules, stamps)

    def paths(self) -> tuple[str, ...]:
        """Return the paths of the served collections."""
        return tuple(f"{SPACE}{declared.path}" for declared in CORE)

    def referrers(self, path: str) -> Iterator[tuple[str, str]]:
        """Yield the fields of served resources that refer to *path*."""
        for declared in CORE:
            owner = f"{SPACE}{declared.path}"
            for name, target in declared.references.items():
                if f"{SPACE}{target}" == path:
                    yield owner, name

    def declared(self) -> Iterable[Declared]:
        """Return the declarations of the served resources."""
        return CORE

    def _resource(self, path: str) -> Resource:
        declared = next(d for d in CORE if f"{SPACE}{d.path}".casefold() == path.casefold())
        modelled = self._catalogue.model(declared.model)
        known = {each.name: _kept(declared, each) for each in modelled}
        for extra in declared.extra:
            known[extra.name] = extra
        return Resource(
            path=f"{SPACE}{declared.path}",
            model=declared.model.rpartition(".")[2],
            fields=tuple(known.values()),
            key=declared.key,
            label=(declared.label,),
            aliases=declared.aliases,
            indexed=tuple(f"{name}_id".lower() for name in declared.references),
            views=VIEWS,
        )

    def _face(self, declared: Declared) -> Face:
        fields = self._catalogue.model(declared.model)
        observed = {f.name for f in fields}
        texts = {f.name for f in fields if f.name == declared.key and f.kind is Kind.TEXT}
        texts |= {
            f"{f.name}/{inner.name}"
            for f in fields
            for inner in f.fields
            if inner.name == "Id" and inner.kind is Kind.TEXT
        }
        return Face(declared.documented, frozenset(observed), frozenset(texts), declared.derived)


def _kept(declared: Declared, modelled: Field) -> Field:
    """Return a modelled field as it is kept: whole-number ids, nested records as references."""
    changes: Mapping[str, Any] = declared.changes.get(modelled.name, {})
    if modelled.name == declared.key:
        return replace(modelled, kind=Kind.INTEGER, read_only=True)
    target = declared.references.get(modelled.name)
    if target is None:
        return replace(modelled, **changes)
    members = tuple(
        replace(inner, kind=Kind.INTEGER if inner.name == "Id" else inner.kind, read_only=False)
        for inner in modelled.fields
        if inner.name.casefold() in NAMING
    )
    return replace(
        modelled, kind=Kind.REFERENCE, target=f"{SPACE}{target}", fields=members, **changes
    )
