"""Read a description that somebody brings: OpenAPI or Swagger in, the form that is compiled out.

What the compiler knows is plain: models by name, references to them, lists, scalars. References to
parameters and answers are followed here, models that stand where they are used get a name, what is
composed (`allOf`, one of several) becomes one model, and null is no kind of its own.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from mockserver.core.compiling.description import METHODS, Document

#: The vendors' bases, which some descriptions write into every path.
_BASE = re.compile(r"^/?(?:[^/]+/apis/3\.0|cwa/api(?:/v1)?)(?=/)", re.IGNORECASE)
_HOPS_MAX = 20
_WORD = re.compile(r"[^A-Za-z0-9._-]")
_COMPOSED = ("allOf", "anyOf", "oneOf")
_MARKS: Mapping[str, type] = {"readOnly": bool, "maxLength": int, "description": str}


class BadDescription(ValueError):
    """A description that cannot be compiled; the text says why."""


def read(path: Path) -> Document:
    """Return a description in a file, as the compiler takes it.

    Raises:
        BadDescription: The file cannot be read, or is no API description.
    """
    try:
        return usable(_parsed(path, path.read_bytes()))
    except OSError as error:
        raise BadDescription(f"cannot read {path}: {error.strerror or error}") from error
    except BadDescription as error:
        raise BadDescription(f"{path}: {error}") from error


def _parsed(path: Path, content: bytes) -> Any:
    if path.suffix.casefold() in {".yaml", ".yml"}:
        return _yaml(content)
    try:
        return orjson.loads(content)
    except ValueError as error:
        raise BadDescription(f"is not JSON: {error}") from error


def _yaml(content: bytes) -> Any:
    try:
        import yaml  # type: ignore[import-untyped]  # noqa: PLC0415 - not installed with the package
    except ImportError as error:
        raise BadDescription("is YAML: convert it to JSON, or install pyyaml") from error
    try:
        return yaml.safe_load(content)
    except yaml.YAMLError as error:
        raise BadDescription(f"is not YAML: {' '.join(str(error).split())}") from error


def usable(document: Any) -> Document:
    """Return a parsed description in the form that is compiled.

    Raises:
        BadDescription: It is no API description, or refers to what it does not have.
    """
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise BadDescription("is no OpenAPI or Swagger description: it has no paths")
    _check_version(document)
    reader = _Reader(document)
    paths = dict(reader.paths())
    if not paths:
        raise BadDescription("describes no operation")
    info = document["info"] if isinstance(document.get("info"), dict) else {}
    based = [path for path in document["paths"] if "/cwa/" in path or "/apis/3.0" in path][:1]
    return {
        "info": {
            "version": str(info.get("version") or "described"),
            "title": " ".join((str(info.get("title") or ""), *based)),
        },
        "paths": paths,
        "components": {"schemas": reader.models},
    }


def _check_version(document: Mapping[str, Any]) -> None:
    """Refuse a version that is not read; a description that says none is taken as it is."""
    version = str(document.get("openapi") or document.get("swagger") or "3")[:20]
    if version.split(".")[0] not in {"2", "3"}:
        raise BadDescription(f"is of version {version!r}: Swagger 2 and OpenAPI 3 are read")


class _Reader:
    """Simplifies the parts of one description."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self.models: dict[str, dict[str, Any]] = {}
        self._found: dict[str, dict[str, Any]] = {}

    def paths(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield every path with its simplified operations."""
        for path, item in self._document["paths"].items():
            found = self._resolved(item)
            shared = found.get("parameters") or []
            told = {m: self._told(m, path, found[m], shared) for m in METHODS if found.get(m)}
            if told:
                yield _path(path), told

    def _told(self, method: str, path: str, told: Any, shared: list[Any]) -> dict[str, Any]:
        """Return one operation; whatever is amiss in it is told with its name."""
        try:
            return self._operation(path, told, shared)
        except BadDescription:
            raise
        except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
            where = f"{method.upper()} {path[:200]}"
            raise BadDescription(f"does not describe {where} well: {error}") from error

    def _operation(self, path: str, told: Mapping[str, Any], shared: list[Any]) -> dict[str, Any]:
        words = [each for each in _path(path).split("/") if each]
        if not words or words[0].startswith("{") or words[0] == "index":
            raise BadDescription(f"has the path {path[:200]!r}, which cannot be served")
        plain = [each for each in words if not each.startswith("{")]
        name = "".join(word[:1].upper() + word[1:] for word in plain[-2:])
        given = [self._resolved(each) for each in (*shared, *(told.get("parameters") or ()))]
        bodies = [each for each in given if each.get("in") == "body"]
        body = self._resolved(told.get("requestBody") or {})
        content = {"application/json": bodies[0]} if bodies else body.get("content") or {}
        return {
            "parameters": [self._parameter(e) for e in given if e.get("in") in {"query", "path"}],
            "requestBody": {"content": self._content(content, f"{name}Body")},
            "responses": dict(self._responses(told, name)),
        }

    def _parameter(self, told: Mapping[str, Any]) -> dict[str, Any]:
        schema = self.schema(told.get("schema") or told, str(told["name"]))
        required = bool(told.get("required"))
        name = _placeholder(told["name"]) if told["in"] == "path" else told["name"]
        return {"name": name, "in": told["in"], "required": required, "schema": schema}

    def _responses(self, told: Mapping[str, Any], name: str) -> Iterator[tuple[str, Any]]:
        for status, answer in (told.get("responses") or {}).items():
            found = self._resolved(answer)
            schema = {"application/json": found} if "schema" in found else None
            content = self._content(found.get("content") or schema or {}, name)
            if str(status).isdigit():
                yield str(status), {"content": content}

    def _content(self, content: Mapping[str, Any], name: str) -> dict[str, Any]:
        return {
            media: {"schema": self.schema(held.get("schema") or {}, name)}
            for media, held in content.items()
        }

    # -- schemas ------------------------------------------------------------------------------

    def schema(self, told: Any, name: str) -> dict[str, Any]:
        """Return a schema made of references, lists and scalars; models in it are noted."""
        if not isinstance(told, dict):
            return {}
        if "$ref" in told:
            return self._named(str(told["$ref"]))
        if any(way in told for way in _COMPOSED):
            return self._composed(told, name)
        kind = _kind(told)
        if kind == "array":
            return {"type": "array", "items": self.schema(told.get("items") or {}, name)}
        if told.get("properties"):
            return self._model(told, name)
        return _scalar(told, kind)

    def _named(self, reference: str) -> dict[str, Any]:
        name = _WORD.sub("_", reference.rpartition("/")[2])
        if name not in self.models:
            told = self._resolved({"$ref": reference})
            self.models[name] = {}  # noted before it is read: a model may contain itself
            self._found[name] = self.schema(told, name)
        return self._found.get(name, {"$ref": f"#/{name}"})

    def _model(self, told: Mapping[str, Any], name: str) -> dict[str, Any]:
        name = _WORD.sub("_", name)
        name = name if self.models.get(name, {}) == {} else self._free(name)
        self.models[name] = {}
        if not all(each.strip() for each in told["properties"]):
            raise BadDescription(f"has a member without a name in {name}")
        self.models[name] = {
            "properties": {n: self._property(e, n, name) for n, e in told["properties"].items()},
            "required": [str(each) for each in told.get("required") or ()],
        }
        return {"$ref": f"#/{name}"}

    def _property(self, told: Any, name: str, owner: str) -> dict[str, Any]:
        found = self.schema(told, f"{owner}{name[:1].upper()}{name[1:]}")
        return {**found, **_marks(told)}

    def _free(self, name: str) -> str:
        number = 2
        while f"{name}{number}" in self.models:
            number += 1
        return f"{name}{number}"

    def _composed(self, told: Mapping[str, Any], name: str) -> dict[str, Any]:
        way = next(each for each in _COMPOSED if each in told)
        parts = [each for each in told[way] if _kind(each) != "null"]
        shaped = [each for each in parts if "$ref" in each or _kind(each) or "properties" in each]
        if way != "allOf" or len(shaped) == 1:
            return self.schema(shaped[0] if shaped else {}, name)
        whole: dict[str, Any] = {"properties": {}, "required": []}
        for each in (*shaped, told):
            part = self._resolved(each)
            whole["properties"] |= part.get("properties") or {}
            whole["required"] += part.get("required") or []
        return self.schema(whole, name)

    def _resolved(self, node: Any) -> dict[str, Any]:
        """Return what a node refers to, or itself."""
        for _ in range(_HOPS_MAX):
            if not isinstance(node, dict):
                raise BadDescription(f"has {str(node)[:60]!r} where an object should be")
            if "$ref" not in node:
                return node
            node = self._followed(str(node["$ref"]))
        raise BadDescription("has references that go round in a circle")

    def _followed(self, reference: str) -> Any:
        found: Any = self._document
        for step in reference.removeprefix("#/").split("/"):
            word = step.replace("~1", "/").replace("~0", "~")
            if not reference.startswith("#/") or not isinstance(found, dict) or word not in found:
                raise BadDescription(f"refers to {reference[:200]}, which it does not have")
            found = found[word]
        return found


def _marks(told: Any) -> dict[str, Any]:
    given = told if isinstance(told, dict) else {}
    return {name: given[name] for name, kind in _MARKS.items() if isinstance(given.get(name), kind)}


def _scalar(told: Mapping[str, Any], kind: str | None) -> dict[str, Any]:
    """Return what is kept of a schema without members: what is not text cannot be enumerated."""
    allowed = told.get("enum")
    texts = [e for e in allowed if isinstance(e, str)] if isinstance(allowed, list) else []
    found = {"type": kind, "format": told.get("format"), "enum": texts}
    return {name: value for name, value in found.items() if value} | _marks(told)


def _kind(told: Any) -> str | None:
    """Return the type of a schema; of several the first that is not null."""
    kind = told.get("type") if isinstance(told, dict) else None
    if isinstance(kind, list):
        kind = next((each for each in kind if each != "null"), None)
    return kind if isinstance(kind, str) else None


def _path(path: str) -> str:
    bare = re.sub(r"\{([^}]*)\}", lambda found: "{" + _placeholder(found[1]) + "}", path)
    return "/" + _BASE.sub("", bare).strip("/")


def _placeholder(name: Any) -> str:
    return re.sub(r"\W", "_", str(name), flags=re.ASCII) or "id"
