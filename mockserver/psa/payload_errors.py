"""What is wrong with a body, as PSA words it (psa facts 6.3, 6.6, 6.7; seed 002's format)."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from mockserver.core import errors
from mockserver.core.errors import Fault, Flaw
from mockserver.core.schema import Field, Kind
from mockserver.psa.codes import Case, Phrase
from mockserver.psa.envelope import Envelope, psa_profile
from mockserver.psa.profile import PsaProfile
from mockserver.psa.reading import member_place, stumbled, value_place
from mockserver.psa.texts import camel, noun, payload_noun
from mockserver.web.exchange import Exchange

ACCEPT_TAIL = "Check your accept header to make sure you are using the correct version."
NAMESPACE = "ConnectWise.Apis.v3_0.v2015_3.Common.Models"
SHOWN_CHARS = 200
#: Flaws of a value in itself: seed 002 then tells the value and its field.
VALUE_FLAWS = frozenset(
    {Flaw.WRONG_TYPE, Flaw.WRONG_SHAPE, Flaw.NOT_IN_ENUM, Flaw.OUT_OF_RANGE, Flaw.BAD_INSTANT}
)


def bad_json(exchange: Exchange, refusal: errors.BadJson) -> Envelope:
    """Return the refusal of a body that is not the JSON an operation reads (psa facts U19)."""
    status = psa_profile(exchange).malformed_status
    told = refusal.message
    if refusal.offset is not None:
        told = stumbled(exchange.body, refusal.offset, told)
    # No blank in between: recorded so (psa facts 6.7).
    return Envelope(status, Case.READER, f"{told.rstrip('.')}.{ACCEPT_TAIL}")


def bad_patch(exchange: Exchange, refusal: errors.BadPatch) -> Envelope:
    """Return the refusal of a patch document (psa facts 6.11, U13)."""
    resource = exchange.route.resource if exchange.route else None
    name = payload_noun(resource.model) if resource else "patch"
    code = psa_profile(exchange).codes[Flaw.RULE]
    fault = entry(code, refusal.message, name, refusal.path)
    return Envelope(400, Case.PAYLOAD, f"{name} object is invalid", (fault,))


def invalid_record(exchange: Exchange, refusal: errors.InvalidRecord) -> Envelope:
    """Return the refusal of a record that does not fit its declaration."""
    profile = psa_profile(exchange)
    if profile.reader_errors:
        for fault in refusal.faults:
            reader = READERS.get(fault.flaw)
            if reader:
                return reader(exchange, refusal, fault)
    name = payload_noun(refusal.model or model_of(exchange, refusal.resource))
    faults = [_fault(profile, name, fault) for fault in refusal.faults]
    incomplete = all(fault.flaw is Flaw.MISSING for fault in refusal.faults)
    case = Case.INCOMPLETE if incomplete else Case.PAYLOAD
    message = f"{name} object is invalid"
    if profile.fault_headline:
        message = _headline(profile, refusal.faults[0])
    lost = all(fault.flaw is Flaw.UNKNOWN_REFERENCE for fault in refusal.faults)
    status = profile.unknown_reference_status if lost else 400
    if any(fault.flaw is Flaw.WRONG_SHAPE for fault in refusal.faults):
        status = profile.conversion_status
    return Envelope(status, case, message, faults)


def entry(code: str, message: str, resource: str, field: str) -> Mapping[str, Any]:
    """Return one entry of ``errors``."""
    return {"code": code, "message": message, "resource": resource, "field": field}


# -- what the vendor's JSON reader says itself ------------------------------------------------


def _unknown_member(exchange: Exchange, refusal: errors.InvalidRecord, fault: Fault) -> Envelope:
    line, position = member_place(exchange.body, fault.path)
    model = refusal.model or _model_at(exchange, refusal.resource, fault.path)
    message = (
        f"Could not find member '{fault.detail}' on object of type '{model}'. "
        f"Path '{fault.path.replace('/', '.')}', line {line}, position {position}.{ACCEPT_TAIL}"
    )
    return Envelope(400, Case.READER, message)


def model_of(exchange: Exchange, path: str) -> str:
    """Return the model of the resource at *path*; what is no path is a model already."""
    try:
        return exchange.records.registry.resource(path).model
    except KeyError:
        return path


def _model_at(exchange: Exchange, path: str, member: str) -> str:
    """Return the model of the object that the last step of *member* was looked for in."""
    resource = exchange.records.registry.resource(path)
    model, members = resource.model, resource.members
    for step in member.split("/")[:-1]:
        declared = members[step.casefold()]
        model, members = declared.model or declared.name, declared.members
    return model


def _conversion(exchange: Exchange, _refusal: errors.InvalidRecord, fault: Fault) -> Envelope:
    declared = fault.detail
    assert isinstance(declared, Field)
    line, position = value_place(exchange.body, fault.path)
    message = (
        f"Error converting value {orjson.dumps(fault.value).decode()[:SHOWN_CHARS]} to type "
        f"'{_type_of(declared)}'. "
        f"Path '{fault.path.replace('/', '.')}', line {line}, position {position}."
    )
    return Envelope(psa_profile(exchange).conversion_status, Case.READER, message)


def _type_of(declared: Field) -> str:
    """Return what the vendor's reader calls the type of a field (recorded for a reference: 6.6)."""
    inner = f"{NAMESPACE}.{declared.model or declared.name}"
    if declared.kind is not Kind.LIST:
        return inner
    scalar = None if declared.items is None else READER_TYPES.get(declared.items)
    return f"System.Collections.Generic.List`1[{scalar or inner}]"


READER_TYPES: Mapping[Kind, str] = {
    Kind.INTEGER: "System.Int32",
    Kind.NUMBER: "System.Double",
    Kind.TEXT: "System.String",
    Kind.FLAG: "System.Boolean",
    Kind.INSTANT: "System.DateTime",
}
READERS: Mapping[Flaw, Callable[[Exchange, errors.InvalidRecord, Fault], Envelope]] = {
    Flaw.UNKNOWN_MEMBER: _unknown_member,
    Flaw.WRONG_SHAPE: _conversion,
}


# -- one fault ---------------------------------------------------------------------------------


def _fault(profile: PsaProfile, resource: str, fault: Fault) -> Mapping[str, Any]:
    code = profile.codes[fault.flaw]
    if fault.flaw is Flaw.RULE and isinstance(fault.value, str):
        code = fault.value
    return entry(code, _message(profile, fault), resource, fault.path)


def _message(profile: PsaProfile, fault: Fault) -> str:
    if fault.flaw is Flaw.EXISTS:
        return profile.wording[Phrase.EXISTS].replace("{field}", fault.path)
    if fault.flaw is Flaw.UNKNOWN_REFERENCE:
        return _reference_message(fault, profile.nouns)
    return MESSAGES.get(fault.flaw, _default_message)(fault)


def _headline(profile: PsaProfile, fault: Fault) -> str:
    if fault.flaw not in VALUE_FLAWS:
        return _message(profile, fault)
    value = fault.value
    shown = value if isinstance(value, str) else orjson.dumps(value).decode()
    return f"The value '{shown[:SHOWN_CHARS]}' is not valid for field '{fault.path}'."


def _missing_message(fault: Fault) -> str:
    declared = fault.detail
    if isinstance(declared, str):  # a rule's own words
        return declared
    is_reference = isinstance(declared, Field) and declared.kind is Kind.REFERENCE
    return f"The {fault.path}{'/id' if is_reference else ''} field is required."


def _reference_message(fault: Fault, nouns: Mapping[str, str]) -> str:
    assert isinstance(fault.detail, tuple)
    target, parent, parent_id = fault.detail
    if parent is None:
        return f"{camel(target)} {fault.value} not found"
    above = noun(BESIDE.get((target, parent), target.rpartition("/")[0]), nouns=nouns)
    return f"{noun(target, nouns=nouns)} {fault.value} not found for {above} {parent_id}"


#: What a part of a board goes with that is no board: another part (psa facts 8.8).
BESIDE: Mapping[tuple[str, str], str] = {
    ("service/boards/subtypes", "type"): "service/boards/types",
    ("service/boards/items", "subType"): "service/boards/subtypes",
}


def _long_message(fault: Fault) -> str:
    assert isinstance(fault.detail, Field)
    return (
        f"The field {fault.path} must be a string with a maximum length of "
        f"{fault.detail.max_length}."
    )


def _default_message(fault: Fault) -> str:
    kind = fault.detail.kind if isinstance(fault.detail, Field) else "value"
    return f"{fault.path} must be a valid {kind}"


MESSAGES: Mapping[Flaw, Callable[[Fault], str]] = {
    Flaw.MISSING: _missing_message,
    Flaw.AMBIGUOUS_REFERENCE: lambda f: f"{f.path} '{f.value}' is not unique",
    Flaw.TOO_LONG: _long_message,
    Flaw.BAD_INSTANT: lambda f: f"Unsupported format applied to {f.path}",
    Flaw.UNKNOWN_MEMBER: lambda f: f"Could not find member '{f.detail}'",
    Flaw.RULE: lambda f: str(f.detail),
    Flaw.NOT_IN_ENUM: lambda f: f"The value '{f.value}' is not valid for field '{f.path}'.",
}
