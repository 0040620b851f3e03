"""How Automate records look: one record, two renderings of it (automate facts 10.3).

The kept record has the observed model's names, whole-number ids and instants in UTC. From it are
rendered, whenever it is written, the shape of seed 000 (``documented``) and that of the vendor's
own description (``observed``: ids that are texts where it says so, instants without a zone).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

import orjson

from mockserver.automate.expansion import EXPANSIONS
from mockserver.automate.faces import Face, seen, told, without_nulls
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Record, Rules
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.validate import Policy

SPACE = "automate:"
VIEWS = ("body", "documented", "observed")
NO_RULES = Rules()


class AutomateShape:
    """The Automate records of every tenant.

    Args:
        faces: Finds the renderings of a resource by its path.
        rules: The hooks, by resource path.
        stamps: Name of the field that holds the instant of the last change, by resource path.
        children: Finds the child collections of a resource by its path.
    """

    policy = Policy(refuse_unknown=False, offsets=True)

    def __init__(
        self,
        faces: Callable[[str], Face],
        rules: Mapping[str, Rules],
        stamps: Mapping[str, str],
        children: Callable[[str], Iterable[Resource]],
    ) -> None:
        self._face = cache(faces)
        self._rules, self._stamps, self.children = rules, stamps, children
        self.named = lru_cache(maxsize=256)(self._named)

    def rules(self, resource: Resource) -> Rules:
        """Return the hooks of *resource*."""
        return self._rules.get(resource.path, NO_RULES)

    def stamp(self, draft: Draft, now: str) -> None:
        """Write when the record was changed, where its model says so."""
        name = self._stamps.get(draft.resource.path)
        if name is not None:
            draft.record[name] = now

    def display(self, declared: Field, target: Resource, record: Record) -> Record:
        """Return the members that a nested object shows of the record it stands for."""
        shown: Record = {}
        for member in declared.fields:
            folded = member.name.casefold()
            name = {"id": target.key, "name": target.label[0]}.get(folded, member.name)
            value = record.get(name, record.get("Status") if "status" in folded else None)
            if value is not None and not isinstance(value, dict | list):
                shown[member.name] = value
        return shown

    def piece(self, records: Records, owner: Resource, declared: Field, value: Record) -> None:
        """Return None: the shapes show parts of a nested object in places of their own."""

    # -- out ----------------------------------------------------------------------------------

    def render(
        self,
        records: Records,  # noqa: ARG002 - the shape's protocol
        resource: Resource,
        record: Record,
    ) -> dict[str, bytes]:
        """Return the kept record and its two shapes."""
        return self.views(resource, record, orjson.dumps(record))

    def views(self, resource: Resource, record: Record, body: bytes) -> dict[str, bytes]:
        """Return the kept record and its two shapes; nothing else is needed to tell them."""
        face = self._face(resource.path)
        if b"null" in body:  # nested: no rendering shows one (automate facts 39)
            record = without_nulls(record)
        observed = orjson.dumps(seen(face, resource, record))
        # Where the seeds are silent there is one shape: what was observed.
        documented = orjson.dumps(told(face, record)) if face.documented else observed
        return {"body": body, "documented": documented, "observed": observed}

    def spelt(self, path: str, name: str, view: str) -> str:
        """Return how a caller of *view* knows the kept field *name* of the resource at *path*."""
        if view == "observed":
            return name.replace("/", ".")
        if not path.startswith(SPACE):  # a body that is no record
            return name
        for each in self._face(path).documented:
            if each.path in {name, f"{name}/Id"}:
                return each.name
        return name

    def also(self, path: str, names: frozenset[str], view: str) -> frozenset[str]:
        """Return casefolded names with those under which *view* shows the same (C12)."""
        if view == "observed" or not path.startswith(SPACE):
            return names
        shown = self._face(path).documented
        return names | {each.name.casefold() for each in shown if each.path.casefold() in names}

    def members(self, path: str, view: str) -> tuple[str, ...]:
        """Return the members that records of the resource at *path* can have in *view*."""
        face = self._face(path)
        if view == "observed" or not face.documented:
            return tuple(sorted(face.observed))
        return tuple(each.name for each in face.documented)

    def hidden(self, path: str) -> frozenset[str]:
        """Return the members of the resource at *path* that no rendering has."""
        return self._face(path).hidden

    def aliases(self, path: str) -> frozenset[str]:
        """Return the casefolded members that the observed shape shows of values kept otherwise."""
        return frozenset(name.partition("/")[0].casefold() for name in self._face(path).aliases)

    # -- in -----------------------------------------------------------------------------------

    def kept(
        self, resource: Resource, payload: Mapping[str, Any], *, nested_first: bool = False
    ) -> dict[str, Any]:
        """Return a documented payload under the kept names; other names stay as they are.

        ``ClientID`` goes before ``Client``: who edits a record and sends it back leaves that stale.
        """
        shown = self._face(resource.path).by_name
        record: dict[str, Any] = {}
        nested: list[tuple[list[str], Any]] = []
        for name, value in payload.items():
            each = shown.get(name.casefold())
            value = each.back(value) if each and each.back else value  # noqa: PLW2901
            if each is None or "/" not in each.path:
                record[each.path if each else name] = value
            else:
                nested.append((each.path.split("/"), value))
        for (above, below), value in nested:
            inner = known if isinstance(known := record.get(above), dict) else {}
            record[above] = {below: value, **inner} if nested_first else {**inner, below: value}
        return record

    def kept_operation(self, resource: Resource, operation: Any) -> Any:
        """Return a patch operation with its path under the kept names."""
        if not isinstance(operation, dict):
            return operation
        members = {str(name).casefold(): value for name, value in operation.items()}
        path = str(members.get("path", "")).strip("/")
        each = self._face(resource.path).by_name.get(path.casefold())
        if each is None:
            return operation
        value = members.get("value")
        back = each.back(value) if each.back else value
        return {"op": members.get("op"), "path": each.path, "value": back}

    # -- names in conditions ------------------------------------------------------------------

    def _named(self, resource: Resource, view: str) -> Resource:
        """Return *resource* under the names of one dialect, for conditions and orders.

        The documented dialect knows the observed names too (C12), the observed one only those of
        the vendor's model.
        """
        face, columns = self._face(resource.path), resource.by_path
        labelled = tuple(
            replace(columns[path.casefold()], path=name, kind=Kind.TEXT, labels=labels)
            for name, (path, labels) in face.labelled.items()
        )
        if view == "documented":
            labelled += tuple(
                replace(columns[each.path.casefold()], path=each.name, factor=each.factor)
                for each in face.documented
                if each.factor != 1
            )
            shown = (s for s in face.documented if s.factor == 1 and s.path.casefold() in columns)
            fields = tuple(each for each in resource.fields if each.name not in face.unnamed)
            aliases = {**resource.aliases, **{s.name: s.path for s in shown}}
            named = replace(resource, fields=fields, aliases=aliases, labelled=labelled)
            return self._with_children(named)
        shown_too = {each.name for each in face.filterable}
        aliases = {n: p for n, p in face.aliases.items() if p.partition("/")[0] in shown_too}
        virtual = tuple(
            replace(columns[path.casefold()], path=name)
            for name, path in face.aliases.items()
            if name not in aliases
        )
        named = replace(
            resource,
            fields=face.filterable,
            aliases=aliases,
            virtual=virtual,
            labelled=labelled,
            views=("observed",),
        )
        return self._with_children(named)

    def _with_children(self, resource: Resource) -> Resource:
        """Return *resource* with the child records that ``expand`` shows, for conditions (47)."""
        inner = EXPANSIONS.get(resource.path)
        if not inner:
            return resource
        own = tuple(each for each in resource.fields if each.name not in inner)
        below = (
            Field(name, Kind.LIST, fields=self._face(f"{SPACE}{each.path}").filterable)
            for name, each in inner.items()
        )
        return replace(resource, fields=(*own, *below), sources={name: name for name in inner})
