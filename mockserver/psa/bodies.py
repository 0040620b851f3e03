"""What the body of a write says, read as the tenant's profile reads it."""

from collections.abc import Callable, Mapping
from typing import Any

from mockserver.core.errors import BadJson, Fault, Flaw, InvalidRecord
from mockserver.core.patch import PatchDialect, changes
from mockserver.core.rules import Record
from mockserver.core.schema import Resource
from mockserver.psa.profile import PsaProfile
from mockserver.web.exchange import Exchange

SPACES = str.maketrans("\r\n", "  ")
#: The mark that texts copied from other programs carry unseen (psa facts 10.23).
MARK = "\u200e"
CONTACTS, ITEMS = "company/contacts", "communicationItems"


def payload_of(exchange: Exchange, resource: Resource) -> Mapping[str, Any]:
    """Return the record in the body of a POST or PUT.

    Raises:
        InvalidRecord: The profile refuses what it holds before anybody looks at its values.
    """
    profile, document = _profile(exchange), exchange.json_object()
    is_contact_put = exchange.request.method == "PUT" and resource.path == CONTACTS
    if is_contact_put and profile.contact_put_broken and _named(document, ITEMS):
        message = "The communicationItems cannot be replaced together with the contact."
        raise InvalidRecord(resource.path, (Fault(Flaw.RULE, ITEMS, message),))
    cleaned: dict[str, Any] = _cleaned(document, profile)
    return cleaned


def changes_of(exchange: Exchange, resource: Resource, record_id: int) -> dict[str, Any]:
    """Return what the patch document in the body changes.

    Raises:
        BadJson: It is no list.
        BadPatch: One of its operations cannot be applied.
    """
    return changes_to(exchange, resource, exchange.records.get(resource, record_id))


def changes_to(exchange: Exchange, resource: Resource, record: Record) -> dict[str, Any]:
    """Return what the patch document in the body changes of a record that is at hand."""
    profile, document = _profile(exchange), exchange.json()
    merged = {"customFields"} if profile.custom_fields_merged else ()
    dialect = PatchDialect(
        ops_in_any_case=profile.patch_ops_in_any_case,
        into_references=profile.reference_subpaths,
        merged_rows=frozenset(merged),
    )
    if not isinstance(document, list):
        raise BadJson(
            "Cannot deserialize the current JSON value into type 'PatchOperation[]' because "
            "the type requires a JSON array (e.g. [1,2,3]) to deserialize correctly."
        )
    return changes(resource, record, _cleaned(document, profile), dialect)


def _named(document: Mapping[str, Any], name: str) -> bool:
    return any(each.casefold() == name.casefold() for each in document)


def _cleaned(document: Any, profile: PsaProfile) -> Any:
    """Return what was sent as the profile keeps texts: line breaks, marks, blanks at the end."""
    if profile.newlines_spaced:
        document = _retold(document, lambda text: text.translate(SPACES))
    if not profile.marks_kept:
        document = _retold(document, lambda text: text.replace(MARK, "").rstrip())
    return document


def _retold(value: Any, tell: Callable[[str], str]) -> Any:
    """Return *value* with all its texts told anew; the depth of a body is bounded as it is read."""
    if isinstance(value, str):
        return tell(value)
    if isinstance(value, list):
        return [_retold(each, tell) for each in value]
    if isinstance(value, dict):
        return {name: _retold(each, tell) for name, each in value.items()}
    return value


def _profile(exchange: Exchange) -> PsaProfile:
    profile = exchange.profile
    assert isinstance(profile, PsaProfile)
    return profile
