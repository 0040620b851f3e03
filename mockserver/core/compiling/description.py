"""Read an OpenAPI document: what its operations take and answer, in the catalogue's spelling."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

Document = Mapping[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
_BASE = re.compile(r"^/api/(?:v1(?=/)|(?=v\d+/))/?")
_SCALARS = {
    ("integer", "int64"): "long",
    ("string", "date-time"): "instant",
    ("string", "date"): "instant",
}
_KINDS = {"integer": "integer", "number": "number", "boolean": "flag", "string": "text"}


@dataclass(frozen=True)
class Described:
    """One operation as a description tells it; types are spelled as in the data files."""

    method: str
    template: str
    section: str
    body: str | None
    answer: str | None
    status: int
    parameters: tuple[tuple[Any, ...], ...] = ()
    consumes: str | None = None
    produces: str | None = None
    text_ids: tuple[str, ...] = ()
    origin: str = ""

    @property
    def segments(self) -> tuple[str, ...]:
        """Return the segments of the template."""
        return tuple(each for each in self.template.split("/") if each)

    @property
    def literals(self) -> tuple[str, ...]:
        """Return the segments that are no ids."""
        return tuple(each for each in self.segments if not each.startswith("{"))

    @property
    def ends_with_id(self) -> bool:
        """Return whether the last segment is an id."""
        return self.segments[-1].startswith("{")

    @property
    def answers_list(self) -> bool:
        """Return whether the answer is an array of objects."""
        return (self.answer or "").startswith("[@")


def spelled(schema: Mapping[str, Any] | None) -> str | None:
    """Return the type of a schema as the data files spell it."""
    if schema is None:
        return None
    if "$ref" in schema:
        return "@" + str(schema["$ref"]).rsplit("/", 1)[1]
    if schema.get("type") == "array":
        inner = spelled(schema["items"]) or "any"
        return "[any]" if inner.startswith("[") else f"[{inner}]"
    known = _SCALARS.get((schema.get("type", ""), schema.get("format", "")))
    return known or _KINDS.get(schema.get("type", ""), "any")


def operations(document: Document, templates: Mapping[str, str], origin: str) -> list[Described]:
    """Return the operations of a document, in its order.

    Args:
        document: A parsed OpenAPI document.
        templates: Paths that the description misspells, each mapped to what is meant.
        origin: Empty for the first description, else its version.
    """
    return [
        replace(_operation(document, method, templates.get(path, path), told), origin=origin)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if method in METHODS
    ]


def _operation(document: Document, method: str, path: str, told: Mapping[str, Any]) -> Described:
    template = _BASE.sub("/", path)
    body, consumes = _content(_body(document, told))
    status, response = _success(told["responses"])
    answer, produces = _content(response)
    placeholders = set(re.findall(r"\{(\w+)\}", template))
    asked = [each for each in told.get("parameters", ()) if each["in"] != "header"]
    first = next(each for each in template.split("/") if each)
    return Described(
        method.upper(),
        template,
        str(told.get("x-section") or first).lower(),
        body,
        answer,
        status,
        # Some are declared as path parameters although the path has no place for them.
        tuple(_parameter(each) for each in asked if each["name"] not in placeholders),
        consumes,
        produces,
        tuple(_text_ids(asked, placeholders)),
    )


def _text_ids(asked: list[Any], placeholders: set[str]) -> Iterator[str]:
    kinds = {each["name"]: spelled(each.get("schema", {})) for each in asked}
    return (each for each in sorted(placeholders) if kinds.get(each, "text") == "text")


def _body(document: Document, told: Mapping[str, Any]) -> Mapping[str, Any]:
    body: Mapping[str, Any] = told.get("requestBody", {})
    if "$ref" in body:
        body = document["components"]["requestBodies"][body["$ref"].rsplit("/", 1)[1]]
    return body


def _success(responses: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
    for status, response in responses.items():
        if status.startswith("2"):
            return int(status), response
    return 200, responses.get("default", {})


def _content(holder: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the type of a body and its media type when that is not JSON."""
    for media, content in holder.get("content", {}).items():
        return spelled(content.get("schema")), None if "json" in media else media
    return None, None


def _parameter(told: Mapping[str, Any]) -> tuple[Any, ...]:
    schema = told.get("schema", {})
    kind = spelled(schema) or "any"
    simple = "any" if kind.startswith("@") else "list" if kind.startswith("[") else kind
    # A path parameter must be required in OpenAPI; one without a place is a misfiled option.
    required = int(bool(told.get("required")) and told["in"] == "query")
    facts = (told["name"], simple, required, tuple(schema.get("enum", ())))
    return facts if facts[3] else facts[:3] if required else facts[:2]
