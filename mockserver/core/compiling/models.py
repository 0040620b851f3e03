"""Models: what a description says of their fields, and what we know better."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.core.compiling.description import Document, spelled

Facts = dict[str, dict[str, dict[str, Any]]]

_LENGTH = re.compile(r"Max length: (\d+)")
_UPDATE = re.compile(r"Required On Updates")
# "… only available for POST", "… never be returned", "… only during new company creation".
_SENT = re.compile(r"Only available for POST|never be returned|only during new \w+ creation")


def model_facts(document: Document) -> Facts:
    """Return the facts about every model of a description; links (`_info`) are left out."""
    schemas = document["components"]["schemas"]
    return {name: _fields(schema) for name, schema in schemas.items()}


def overridden(facts: Facts, newer: Facts) -> Facts:
    """Return facts in which a newer description wins wherever both speak, order included."""
    merged = dict(facts)
    for name, fields in newer.items():
        older = {field: fact for field, fact in facts.get(name, {}).items() if field not in fields}
        merged[name] = {**fields, **older}
    return merged


def corrected(
    facts: Facts, corrections: Iterable[tuple[str, str, Mapping[str, Any], str]]
) -> Facts:
    """Return facts with corrections applied: model, field, what holds, and who says so.

    Raises:
        KeyError: A correction names a model that is not there.
    """
    merged = {name: dict(fields) for name, fields in facts.items()}
    for model, field, holds, _source in corrections:
        merged[model][field] = {**merged[model].get(field, {}), **holds}
    return merged


def packed(fields: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a model's facts as the data files hold them: a bare type where that says it all."""
    return {name: fact["is"] if len(fact) == 1 else fact for name, fact in fields.items()}


def mentioned(fields: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return the models that a model's fields mention."""
    return {model for fact in fields.values() if (model := model_of(fact["is"]))}


def model_of(kind: str | None) -> str | None:
    """Return the model in a type, or None when it holds a scalar or nothing."""
    bare = (kind or "").strip("[]")
    return bare[1:] if bare.startswith("@") else None


def _fields(schema: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    required = set(schema.get("required", ()))
    told = schema.get("properties", {}).items()
    return {name: _fact(each, name in required) for name, each in told if name != "_info"}


def _fact(schema: Mapping[str, Any], required: bool) -> dict[str, Any]:  # noqa: FBT001
    fact: dict[str, Any] = {"is": spelled(schema)}
    prose = schema.get("description", "")
    length = _LENGTH.search(prose)
    if required:
        fact["required"] = True
    if _UPDATE.search(prose):
        fact["update"] = True
    if _SENT.search(prose):
        fact["sent"] = True
    if schema.get("readOnly"):
        fact["kept"] = True
    if length or "maxLength" in schema:
        fact["max"] = int(length[1]) if length else schema["maxLength"]
    if "enum" in schema:
        fact["enum"] = list(schema["enum"])
    return fact
