"""JSON that takes integers of any size: instants of the year 2999 have more than 64 bits."""

import json
from typing import Any

import orjson


def dumps(value: Any) -> bytes:
    """Return anything as text for ``loads``: far instants and broken characters, too."""
    try:
        return orjson.dumps(value)
    except TypeError:
        # Its ASCII form has both; the space tells who is to read it.
        return b" " + json.dumps(value, default=str).encode()


def loads(text: bytes) -> Any:
    """Return what ``dumps`` was given."""
    return json.loads(text) if text.startswith(b" ") else orjson.loads(text)
