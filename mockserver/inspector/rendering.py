"""From a template and values to a page."""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from werkzeug.wrappers import Response

from mockserver import __version__
from mockserver.core.tenant import Tenant

#: Nothing is loaded from elsewhere, nothing inline is run, nobody may frame the pages.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
#: The pages of the menu: their names below ``/_mock/pages/`` and their titles.
MENU = (
    ("traffic", "Traffic"),
    ("limits", "Limits"),
    ("clock", "Clock"),
    ("faults", "Faults"),
    ("callbacks", "Callbacks"),
    ("data", "Data"),
    ("tenants", "Tenants"),
    ("coverage", "Coverage"),
)
DIGITS_MAX = 16
#: What lets text look as if it said something else, when it is shown.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
TYPES = {"css": "text/css", "js": "text/javascript"}


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("mockserver.inspector"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["pretty"] = pretty
    made.filters["in_line"] = in_line
    made.filters["length_said"] = length_said
    return made


def page(
    name: str, tenant: Tenant, tenants: list[str], status: int = 200, **values: Any
) -> Response:
    """Return the page of this name.

    Args:
        name: Its template, without the ending.
        tenant: Whose page it is.
        tenants: The names of all tenants, to change over to.
        status: The HTTP status.
        values: What else the template shows.
    """
    text = (
        _templates()
        .get_template(f"{name}.html")
        .render(
            here=name, tenant=tenant.name, tenants=tenants, menu=MENU, version=__version__, **values
        )
    )
    return Response(text, status, HEADERS, content_type="text/html; charset=utf-8")


def asset(name: str) -> Response:
    """Return the stylesheet or the script."""
    text = files("mockserver.inspector").joinpath("static", name).read_bytes()
    kind = f"{TYPES[name.rpartition('.')[2]]}; charset=utf-8"
    response = Response(text, headers={**HEADERS, "Cache-Control": "no-cache"}, content_type=kind)
    response.set_etag(hashlib.sha256(text).hexdigest()[:16])
    return response


def length_said(headers: Mapping[str, str]) -> int:
    """Return how many bytes of a body the headers announce; 0 for none, or what is no number."""
    text = next((v for n, v in headers.items() if n.casefold() == "content-length"), "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < DIGITS_MAX else 0


def pretty(body: str | None) -> str:
    """Return a JSON text with line ends and indents, any other text as it is."""
    if not body:
        return ""
    try:
        return _unturned(json.dumps(json.loads(body), indent=2, ensure_ascii=False))
    except (ValueError, RecursionError):
        return body


def in_line(value: Any) -> str:
    """Return a value as JSON in one line, as people write it."""
    return _unturned(json.dumps(value, ensure_ascii=False))


def _unturned(text: str) -> str:
    """Return JSON in which no character turns the direction of those that follow it."""
    return _TURNS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
