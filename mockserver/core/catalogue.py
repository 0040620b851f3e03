"""The catalogue: every operation and model of a vendor's API, loaded from compact facts on demand.

The facts lie in data files written by `mockserver.core.compiler`: `index.json` says where each
model and collection lives, one file per module holds its operations and the models only it uses,
`shared.json` the models that several modules use. Nothing is read before somebody asks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Self

import orjson

from mockserver.core.operation import (
    Operation,
    OperationKind,
    Parameter,
    Spelled,
    decoded,
    spelled_type,
)
from mockserver.core.schema import SCALARS, Column, Field, Kind, Resource

__all__ = ["Catalogue", "Collection", "Operation", "OperationKind", "Parameter"]

# What stays of an object that is nested too deep to be shown whole: enough to name it.
_NAMING = frozenset({"id", "name", "identifier"})
_SYNCHRONISING = frozenset({"lastupdated", "dateentered"})
_SOUGHT = frozenset(
    {
        *("board", "chargetoid", "company", "contact", "owner", "project", "status", "ticket"),
        # Every ticket that is renamed looks for those that were merged into it.
        "mergedparentticket",
    }
)
_LABELS = ("name", "description", "summary", "caption", "identifier", "title")


@dataclass(frozen=True)
class Collection:
    """Where a collection stands: its module, model, parent and the field that identifies a row."""

    path: str
    module: str
    model: str
    parent_path: str | None
    parent: str | None
    key: str | None


class Catalogue:
    """A vendor's operations and models, read lazily.

    Args:
        folder: Holds the data files; a `pathlib.Path` will do.
        pages: What stands for some of the data files, by name.
        refinements: By path, what hand-written declarations know better than the facts, as
            replacements of attributes of `Resource`.
    """

    def __init__(
        self,
        folder: Traversable,
        refinements: Mapping[str, Mapping[str, Any]] | None = None,
        pages: Mapping[str, Any] | None = None,
    ) -> None:
        self._folder = folder
        self._refinements = {k.casefold(): v for k, v in (refinements or {}).items()}
        self._files: dict[str, Any] = dict(pages or {})
        self._operations: dict[str, tuple[Operation, ...]] = {}
        self._members: dict[tuple[str, int], tuple[Field, ...]] = {}
        self._resources: dict[str, Resource] = {}

    @classmethod
    def load(cls, package: str, refinements: Mapping[str, Mapping[str, Any]] | None = None) -> Self:
        """Return the catalogue that ships in a package, such as `mockserver.psa`."""
        return cls(files(package).joinpath("catalogue"), refinements)

    def with_pages(self, pages: Mapping[str, Any]) -> "Catalogue":
        """Return this catalogue with *pages* instead of some of its data files."""
        return Catalogue(self._folder, self._refinements, pages)

    def page(self, name: str) -> Any:
        """Return the content of one data file; not to be changed."""
        return self._file(name)

    def modules(self) -> tuple[str, ...]:
        """Return the names of the modules that have operations, sorted."""
        return tuple(self._index["modules"])

    def operations(self, module: str | None = None) -> tuple[Operation, ...]:
        """Return the operations of one module, or of all of them."""
        if module is None:
            return tuple(op for each in self.modules() for op in self.operations(each))
        if module not in self._operations:
            self._operations[module] = tuple(decoded(self._file(module)))
        return self._operations[module]

    def models(self) -> tuple[str, ...]:
        """Return the names of all models, sorted."""
        return tuple(self._index["models"])

    def model(self, name: str) -> tuple[Field, ...]:
        """Return the fields of a model, in the vendor's order."""
        return self._fields(name, 0)

    def target(self, model: str) -> str | None:
        """Return the path of the collection that a reference model points into."""
        target: str | None = self._index["targets"].get(model)
        return target

    def resources(self) -> tuple[str, ...]:
        """Return the paths of all collections, sorted."""
        return tuple(self._index["collections"])

    def collection(self, path: str) -> Collection:
        """Return where a collection stands; the path's case does not matter."""
        return self._collections[path.casefold()]

    def resource(self, path: str) -> Resource:
        """Return the declaration of a collection; the path's case does not matter."""
        key = path.casefold()
        if key not in self._resources:
            self._resources[key] = self._declared(key)
        return self._resources[key]

    def referrers(self, path: str) -> tuple[tuple[str, str], ...]:
        """Return which fields of which collections refer to a collection."""
        return self._referrers.get(path.casefold(), ())

    def _file(self, name: str) -> Any:
        if name not in self._files:
            self._files[name] = orjson.loads(self._folder.joinpath(f"{name}.json").read_bytes())
        return self._files[name]

    @property
    def _index(self) -> Any:
        return self._file("index")

    @cached_property
    def _collections(self) -> Mapping[str, Collection]:
        rows = self._index["collections"].items()
        return {path.casefold(): Collection(path, *facts) for path, facts in rows}

    @cached_property
    def _referrers(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for each in self._collections.values():
            for name, fact in self._facts(each.model).items():
                spelled = fact if isinstance(fact, str) else fact["is"]
                target = self.target(spelled[1:]) if spelled[0] == "@" else None
                if target:
                    found.setdefault(target.casefold(), []).append((each.path, name))
        return {path: tuple(names) for path, names in found.items()}

    def _facts(self, model: str) -> Mapping[str, Any]:
        facts: Mapping[str, Any] = self._file(self._index["models"][model])["models"][model]
        return facts

    def _fields(self, model: str, level: int) -> tuple[Field, ...]:
        if (model, level) not in self._members:
            facts = self._facts(model).items()
            if level > self._index["depth"]:
                facts = {n: f for n, f in facts if n.casefold() in _NAMING}.items()
            self._members[model, level] = tuple(self._field(n, f, level) for n, f in facts)
        return self._members[model, level]

    def _field(self, name: str, fact: str | Mapping[str, Any], level: int) -> Field:
        known: Mapping[str, Any] = {} if isinstance(fact, str) else fact
        spelled = spelled_type(fact if isinstance(fact, str) else fact["is"])
        within = spelled.model is not None and level <= self._index["depth"]
        return Field(
            name=name,
            kind=self._kind(spelled),
            required=known.get("required", False),
            required_on_update=known.get("update", False),
            # A reference is set through its id; only a record's own id is the server's.
            read_only=known.get("kept", False) or (level == 0 and name.casefold() == "id"),
            write_only=known.get("sent", False),
            max_length=known.get("max"),
            enum=tuple(known.get("enum", ())),
            bits=spelled.bits,
            target=self.target(spelled.model or ""),
            model=spelled.model,
            fields=self._fields(spelled.model or "", level + 1) if within else (),
            items=spelled.scalar if spelled.listed else None,
        )

    def _kind(self, spelled: Spelled) -> Kind:
        if spelled.listed:
            return Kind.LIST
        if spelled.scalar is not None:
            return spelled.scalar
        return Kind.REFERENCE if spelled.model in self._index["targets"] else Kind.OBJECT

    def _declared(self, key: str) -> Resource:
        stands = self._collections[key]
        fields = tuple(_kept(each, stands.key) for each in self.model(stands.model))
        virtual = tuple(_virtual(self._index["virtual"], fields))
        attributes: dict[str, Any] = {
            "path": stands.path,
            "model": stands.model,
            "fields": fields,
            "parent": stands.parent,
            "parent_path": stands.parent_path,
            "key": stands.key or "id",
            "label": _label(fields),
            "virtual": virtual,
            "indexed": tuple(_indexed(fields, virtual)),
        }
        return Resource(**{**attributes, **self._refinements.get(key, {})})


def _kept(declared: Field, key: str | None) -> Field:
    """Return a field, kept by the server if it is the key."""
    mine = declared.name == key and not declared.read_only
    return replace(declared, read_only=True) if mine else declared


def _virtual(facts: list[list[str]], fields: tuple[Field, ...]) -> Iterator[Column]:
    taken = {each.name.casefold() for each in fields}
    for name, kind in facts:
        if name.casefold() not in taken:
            yield Column(name, name.lower(), Kind(kind), ("_info", name))
    if "id" not in taken:  # shown of every record, whatever the model says
        yield Column("id", "id", Kind.INTEGER, ("id",))


def _label(fields: tuple[Field, ...]) -> tuple[str, ...]:
    spelled = {each.name.casefold(): each.name for each in fields if each.kind in SCALARS}
    if "name" not in spelled and {"firstname", "lastname"} <= spelled.keys():
        return (spelled["firstname"], spelled["lastname"])
    return tuple(spelled[each] for each in _LABELS if each in spelled)[:1] or ("id",)


def _indexed(fields: tuple[Field, ...], virtual: tuple[Column, ...]) -> Iterator[str]:
    """Yield the columns that integrations filter large collections by; every index slows writes."""
    for each in fields:
        if each.kind in {Kind.REFERENCE, Kind.OBJECT} and each.name.casefold() in _SOUGHT:
            yield f"{each.name}_id".lower()
        elif each.kind in SCALARS and each.name.casefold() in _SYNCHRONISING | _SOUGHT:
            yield each.name.lower()
    yield from (column.name for column in virtual if column.name in _SYNCHRONISING)
