"""Answers held against the description of what is emulated, with JSON Schema."""

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from mockserver.checks.exchange import MASK, Exchange
from mockserver.checks.fact import Profile

JSON = "application/json"
FAULTS_MAX, MESSAGE_CHARS = 5, 200
NAME = re.compile(r"\{[^}]*\}")
URI = "urn:description"

Document = Mapping[str, Any]
#: Returns the OpenAPI document of a vendor in a profile.
Fetch = Callable[[str, Profile], Document]


class Description:
    """The OpenAPI document of one vendor in one profile.

    Args:
        document: As ``/_mock/openapi/psa.json`` has it.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._registry: Registry[Any] = Registry().with_resource(
            URI, DRAFT202012.create_resource(document)
        )

    def faults(self, exchange: Exchange) -> list[str]:
        """Return what in an answer the description does not allow; nothing where it is silent."""
        schema = self._schema(exchange)
        if schema is None or not exchange.is_json or exchange.body is None:
            return []
        validator = Draft202012Validator(
            _absolute(schema), registry=self._registry, format_checker=FormatChecker()
        )
        found = filter(_counts, validator.iter_errors(exchange.body))
        return [_told(exchange, error) for error in itertools.islice(found, FAULTS_MAX)]

    def _schema(self, exchange: Exchange) -> Any:
        operation = self._operation(exchange)
        answer = operation.get("responses", {}).get(str(exchange.status))
        if answer is None:
            return None
        content = self._resolved(answer).get("content", {})
        return content[JSON].get("schema") if JSON in content and "*/*" not in content else None

    def _operation(self, exchange: Exchange) -> Document:
        path = exchange.path.partition("?")[0]
        for pattern, item in self._paths[path.count("/")]:
            if pattern.fullmatch(path) and exchange.method.lower() in item:
                return dict(item[exchange.method.lower()])
        return {}

    def _resolved(self, node: Document) -> Document:
        found: Any = self._document
        for step in node.get("$ref", "#").split("/")[1:]:
            found = found[step]
        return found if "$ref" in node else node

    @cached_property
    def _paths(self) -> Mapping[int, Sequence[tuple[re.Pattern[str], Document]]]:
        """Return the paths by their length, those without parameters first."""
        found = defaultdict(list)
        for path, item in sorted(self._document["paths"].items(), key=lambda each: "{" in each[0]):
            base = item.get("servers", self._document["servers"])[0]["url"].rstrip("/")
            whole = base + path
            pattern = "[^/]+".join(map(re.escape, NAME.split(whole)))
            found[whole.count("/")].append((re.compile(pattern, re.IGNORECASE), item))
        return found


def descriptions(fetch: Fetch) -> Callable[[str, Profile], Description]:
    """Return what gives the description of a vendor in a profile; each is fetched once."""
    return cache(lambda api, profile: Description(fetch(api, profile)))


def _counts(error: ValidationError) -> bool:
    """Tell whether an error is about what was answered, not about what was masked."""
    return bool(error.instance != MASK)


def _told(exchange: Exchange, error: ValidationError) -> str:
    where = f"{exchange.method} {exchange.path.partition('?')[0]}"
    return f"{where} against its description: {error.json_path}: {error.message[:MESSAGE_CHARS]}"


def _absolute(schema: Any) -> Any:
    """Return a schema whose references lead into the document."""
    if isinstance(schema, list):
        return [_absolute(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: f"{URI}{value}" if name == "$ref" else _absolute(value)
        for name, value in schema.items()
    }
