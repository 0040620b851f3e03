"""A row as the text that a ledger keeps."""

import base64
from collections.abc import Sequence
from typing import Any

import orjson


def packed(row: Sequence[Any]) -> bytes:
    """Return a row's values as JSON; the views, which come last, are texts inside it."""
    plain = [value for value in row if not isinstance(value, bytes)]
    return orjson.dumps([plain, [_text(value) for value in row if isinstance(value, bytes)]])


def unpacked(body: bytes) -> list[Any]:
    """Return the values of a packed row."""
    plain, views = orjson.loads(body)
    return [*plain, *map(_bytes, views)]


def _text(view: bytes) -> str | list[str]:
    try:
        return view.decode()
    except UnicodeDecodeError:  # a document's contents
        return [base64.b64encode(view).decode()]


def _bytes(text: str | list[str]) -> bytes:
    return text.encode() if isinstance(text, str) else base64.b64decode(text[0])
