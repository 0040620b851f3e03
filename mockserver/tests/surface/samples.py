"""Values that a schema or a parameter allows."""

from typing import Any

from mockserver.core.schema import Kind
from mockserver.tests.openapi_support import resolved

PLAIN = {
    Kind.INTEGER: 1,
    Kind.NUMBER: 1.0,
    Kind.TEXT: "a",
    Kind.FLAG: True,
    Kind.INSTANT: "2024-01-15T00:00:00Z",
    Kind.ANY: "a",
}
SMALLEST = {"string": "a", "integer": 1, "number": 1.0, "boolean": True, "array": []}


def smallest(document: dict[str, Any], schema: dict[str, Any], depth: int = 0) -> Any:
    """Return the smallest value that a schema allows, with what it requires."""
    if "$ref" in schema:
        return smallest(document, resolved(document, schema), depth + 1)
    if "anyOf" in schema:
        return smallest(document, schema["anyOf"][0], depth)
    if "enum" in schema:
        return schema["enum"][0]
    if "properties" in schema:
        needed = schema.get("required", ())
        told = schema["properties"].items()
        return {name: smallest(document, each, depth) for name, each in told if name in needed}
    return SMALLEST.get(schema.get("type", "object"), {})


def query_value(kind: Kind, enum: tuple[str, ...]) -> str:
    """Return what a required parameter may be in a query."""
    if enum:
        return enum[0]
    return {Kind.INTEGER: "1", Kind.FLAG: "true", Kind.INSTANT: "2024-01-15T00:00:00Z"}.get(
        kind, "a"
    )
