"""Takes the identities out of exchanges: what is left says how answers look, not whose they are."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from mockserver.checks.exchange import Exchange

#: Members whose values are the vendor's words, not a customer's.
VOCABULARY = frozenset({"code", "recordtype", "tokentype", "resource"})
#: Parameters that say how something is asked for.
PLAIN_PARAMETERS = frozenset({"page", "pagesize", "orderby", "fields", "includefields"})
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
WORDY = re.compile(r"[A-Za-z]{1,40}")
NUMBER = re.compile(r"(?<![\w.])\d{2,}(?![\w.])")
IDS = re.compile(r"(?i)(^|_)ids?$|id$")
KEPT_HEADERS = frozenset({"content-type", "allow", "retry-after", "api-current-version"})
NUMBERED = re.compile(r"^\d+$")


class Scrubber:
    """Replaces values by names of their own; equal values get equal names.

    One serves a whole recording, so that a reference still points to its record.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._numbers: dict[int, int] = {}

    def exchange(self, exchange: Exchange) -> Exchange:
        """Return an exchange that belongs to nobody."""
        return replace(
            exchange,
            path=self._path(exchange.path),
            sent=self.value(exchange.sent),
            headers=self._headers(exchange.headers),
            body=self.value(exchange.body) if exchange.is_json else "text",
        )

    def value(self, value: Any, name: str = "") -> Any:
        """Return JSON of the same form; *name* is the member that holds it."""
        if isinstance(value, dict):
            return {key: self.value(each, key) for key, each in value.items()}
        if isinstance(value, list):
            return [self.value(each, name) for each in value]
        if isinstance(value, str):
            return self._text(value, name)
        if isinstance(value, bool) or value is None:
            return value
        return self._number(value, name)

    def _number(self, value: float, name: str) -> float:
        if not IDS.search(name) or not isinstance(value, int):
            return type(value)(1) if value else value
        return self._numbers.setdefault(value, len(self._numbers) + 1)

    def _text(self, value: str, name: str) -> str:
        if name.casefold() in VOCABULARY and WORDY.fullmatch(value):
            return value
        if not value:
            return value
        found = INSTANT.fullmatch(value)
        if found:
            return f"2026-01-05T09:00:00{found[2] or ''}"
        if NUMBERED.fullmatch(value):
            return str(self._numbers.setdefault(int(value[:18]), len(self._numbers) + 1))
        return self._texts.setdefault(value, f"text-{len(self._texts) + 1}")

    def _path(self, path: str) -> str:
        parts = urlsplit(path)
        segments = [
            str(self._numbers.setdefault(int(each[:18]), len(self._numbers) + 1))
            if NUMBERED.fullmatch(each)
            else each
            for each in parts.path.split("/")
        ]
        if "companyinfo" in segments:
            segments[-1] = "company"
        pairs = [(name, self._parameter(name, text)) for name, text in parse_qsl(parts.query)]
        query = urlencode(pairs)
        return "/".join(segments) + (f"?{query}" if query else "")

    def _parameter(self, name: str, text: str) -> str:
        return text if name.casefold() in PLAIN_PARAMETERS else "…"

    def _headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return the headers; of those that could tell something only that they are there."""
        return {n: v if n in KEPT_HEADERS or v.isdigit() else "…" for n, v in headers.items()}
