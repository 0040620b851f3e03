"""What a body says, under the names that records are kept with (C17)."""

from collections.abc import Mapping
from typing import Any

from mockserver.automate.profile import profile_of
from mockserver.automate.shape import AutomateShape
from mockserver.core.errors import BadJson, BadPatch, Fault, Flaw, InvalidRecord
from mockserver.core.patch import PatchDialect, changes, merged
from mockserver.core.schema import Resource
from mockserver.web.exchange import Exchange

PATCH_DIALECT = PatchDialect(case_sensitive=False, into_references=frozenset({"Id", "Name"}))
ARRAY, OBJECT = "array", "object"
#: What may be the body of a PATCH, and what refusals call it.
PATCHES: Mapping[str, str] = {OBJECT: "an object", ARRAY: "a list of operations"}


def payload(exchange: Exchange, resource: Resource, shape: AutomateShape) -> Mapping[str, Any]:
    """Return the record in the body."""
    return _kept(exchange, resource, exchange.json_object(), shape)


def changes_of(
    exchange: Exchange, resource: Resource, record_id: int, shape: AutomateShape
) -> dict[str, Any]:
    """Return what the body changes of a record.

    Raises:
        BadJson: It is neither of what the profile takes.
        BadPatch: One of its operations cannot be applied.
    """
    document, taken = exchange.json(), profile_of(exchange.caller).patch_bodies
    kind = ARRAY if isinstance(document, list) else OBJECT
    if kind not in taken or not isinstance(document, list | dict):
        known = " or ".join(text for name, text in PATCHES.items() if name in taken)
        raise BadJson(f"The body must be {known or 'empty'}.")
    before = exchange.records.get(resource, record_id)
    if isinstance(document, list):
        operations = _translated(exchange, resource, document, shape)
        return changes(resource, before, operations, PATCH_DIALECT)
    return merged(resource, before, _kept(exchange, resource, document, shape))


def _kept(
    exchange: Exchange, resource: Resource, document: Mapping[str, Any], shape: AutomateShape
) -> Mapping[str, Any]:
    profile = profile_of(exchange.caller)
    if exchange.request.method in profile.unknown_members_refused:
        _refuse_unknown(exchange, resource, document, shape)
    if not profile.seed_shapes:
        return document
    return shape.kept(resource, document, nested_first=profile.nested_first)


def _refuse_unknown(
    exchange: Exchange, resource: Resource, document: Mapping[str, Any], shape: AutomateShape
) -> None:
    """Refuse members that the model has not; a partial object as the operation on one would be.

    Raises:
        BadPatch: There is one in a PATCH.
        InvalidRecord: There is one in another body.
    """
    path, view = resource.path, profile_of(exchange.caller).view
    known = resource.members.keys() | shape.aliases(path)
    known |= {each.casefold() for each in shape.members(path, view)}
    unknown = [name for name in document if name.casefold() not in known]
    if unknown and exchange.request.method == "PATCH":
        raise BadPatch(f"path {unknown[0][:100]} is not valid", unknown[0][:100])
    if unknown:
        faults = (Fault(Flaw.UNKNOWN_MEMBER, each[:100], each[:100]) for each in unknown)
        raise InvalidRecord(path, tuple(faults))


def _translated(
    exchange: Exchange, resource: Resource, document: list[Any], shape: AutomateShape
) -> list[Any]:
    """Return operations with their paths under the kept names."""
    if not profile_of(exchange.caller).seed_shapes:
        return document
    return [shape.kept_operation(resource, each) for each in document]
