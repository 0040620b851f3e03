"""References on the way in: found by id, identifier or unique name, then written out in full.

A child target (a status, a site) must belong to the parent that the same record names (psa facts
6.3: "Service Status 17 not found for Service Board 21"); that parent also tells apart names that
occur under several parents.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from mockserver.core.errors import Fault, Flaw
from mockserver.core.registry import Registry
from mockserver.core.rules import Draft
from mockserver.core.schema import Field, Resource
from mockserver.core.text import fold

KEYS = ("id", "identifier", "name")
WORDS = re.compile(r"[A-Z]?[^A-Z]+|[A-Z]")
#: The path of the target, and the parent that it was looked for under, if any.
Unfound = tuple[str, str | None, int | None]


def resolve(draft: Draft, touched: Iterable[str] | None = None) -> Iterator[Fault]:
    """Write out the references of *draft*; yield a fault for each that points nowhere.

    With *touched*, only references of those names are looked up (and children of a touched parent,
    whose membership may have changed).
    """
    names = None if touched is None else set(touched)
    for declared in _looked_up(draft.records.registry, draft.resource):
        if not isinstance(draft.record.get(declared.name), dict):
            continue
        if names is None or declared.name in names or _parent_touched(draft, declared, names):
            yield from _resolved(draft, declared)
    for declared in draft.resource.reference_lists:
        if _is_served(draft, declared) and (names is None or declared.name in names):
            yield from _resolved_list(draft, declared)


def _resolved_list(draft: Draft, declared: Field) -> Iterator[Fault]:
    shown = []
    assert declared.target is not None
    target = draft.records.registry.resource(declared.target)
    for value in draft.record.get(declared.name) or []:
        key, wanted = _key_used(value or {})
        found = [] if wanted is None else list(_candidates(draft, target, (key, wanted), None))
        if len(found) == 1:
            shown.append(draft.records.reference(declared, found[0]))
        elif value is not None:
            yield _unresolved(f"{declared.name}/{key}", wanted, found, (target.path, None, None))
    if shown:
        draft.record[declared.name] = shown


def _unresolved(path: str, wanted: Any, found: Sequence[int], detail: Unfound) -> Fault:
    if wanted is None:
        return Fault(Flaw.MISSING, path)
    flaw = Flaw.AMBIGUOUS_REFERENCE if found else Flaw.UNKNOWN_REFERENCE
    return Fault(flaw, path, detail, wanted)


def _is_served(draft: Draft, declared: Field) -> bool:
    """Tell whether the reference can be looked up; others are kept as they are given."""
    return declared.target in draft.records.registry.served


@lru_cache(maxsize=4096)
def _looked_up(registry: Registry, resource: Resource) -> tuple[Field, ...]:
    """Return the references that can be looked up, those that depend on others last."""
    known = [f for f in resource.references if f.target in registry.served]

    def is_child(declared: Field) -> bool:
        return registry.resource(declared.target or "").parent_path is not None

    return tuple(sorted(known, key=is_child))


def _parent_field(draft: Draft, declared: Field) -> Field | None:
    """Return the field that names the parent of what *declared* points to."""
    assert declared.target is not None
    target = draft.records.registry.resource(declared.target)
    return _naming(draft.resource, declared.name, target.parent_path)


@lru_cache(maxsize=4096)
def _naming(resource: Resource, name: str, path: str | None) -> Field | None:
    """Return the field of *resource*, other than *name*, that refers to *path*.

    Of several the one with the same first words: billToSite lies below billToCompany.
    """
    if path is None or path == resource.path:
        return None
    named = [f for f in resource.references if f.target == path and f.name != name]
    alike = [f for f in named if _first_words(f.name) == _first_words(name)]
    return alike[0] if alike else named[0] if len(named) == 1 else None


def _first_words(name: str) -> list[str]:
    return WORDS.findall(name)[:-1]


def _parent(draft: Draft, declared: Field) -> tuple[str | None, int | None]:
    """Return which member names the parent of what *declared* points to, and its id if known."""
    assert declared.target is not None
    path = draft.records.registry.resource(declared.target).parent_path
    if path is not None and path == draft.resource.path:
        return draft.resource.key, draft.record.get(draft.resource.key)
    if path is not None and path == draft.resource.parent_path:
        return draft.resource.parent, draft.parent_id
    field = _parent_field(draft, declared)
    return (field.name, draft.id_of(field.name)) if field else (None, None)


def _parent_touched(draft: Draft, declared: Field, names: set[str]) -> bool:
    parent = _parent_field(draft, declared)
    return parent is not None and parent.name in names


def _resolved(draft: Draft, declared: Field) -> Iterator[Fault]:
    key, wanted = _key_used(draft.record[declared.name])
    parent, parent_id = _parent(draft, declared)
    assert declared.target is not None
    target = draft.records.registry.resource(declared.target)
    found = [] if wanted is None else list(_candidates(draft, target, (key, wanted), parent_id))
    if len(found) == 1:
        draft.record[declared.name] = draft.records.reference(declared, found[0])
        return
    del draft.record[declared.name]
    if wanted is not None:
        detail = (target.path, parent if parent_id else None, parent_id)
        yield _unresolved(f"{declared.name}/{key}", wanted, found, detail)


def _key_used(value: dict[str, Any]) -> tuple[str, Any]:
    """Return the member that names the record, and its value; (``id``, None) for no reference."""
    given = {name.casefold(): (name, member) for name, member in value.items()}
    for key in KEYS:
        name, member = given.get(key, (key, None))
        if member not in (None, 0, ""):
            return name, member
    return "id", None


def _candidates(
    draft: Draft, target: Resource, key: tuple[str, Any], parent_id: int | None
) -> Iterator[int]:
    name, wanted = key
    if name.casefold() == "id":
        known = draft.records.target(target.path, wanted)
        anywhere = parent_id is None or not draft.records.policy.below_checked
        if known is not None and (anywhere or known[1] == parent_id):
            yield wanted
        return
    yield from _named(draft, target, (name.casefold(), str(wanted)), parent_id)


def _named(
    draft: Draft, target: Resource, key: tuple[str, str], parent_id: int | None
) -> Iterator[int]:
    name, wanted = key
    label = target.label[0] if name == "name" and len(target.label) == 1 else name
    column = target.by_path.get(label.casefold())
    if column is None:
        return
    equals: dict[str, Any] = {column.name: fold(wanted)}
    if parent_id is not None:
        equals["parent_id"] = parent_id
    yield from draft.records.store.matching(target, 2, **equals)
