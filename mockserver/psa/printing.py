"""Stored records as the caller's profile prints them."""

import re
from typing import Any

import orjson

from mockserver.core.rules import Record
from mockserver.core.schema import Resource
from mockserver.psa.profile import PsaProfile
from mockserver.psa.shape import MARK

#: The end of what may be a decimal with one place, and one behind the name of its member: behind a
#: backslash the quote belongs to a text. Looking for the end first takes a third of the time.
ONE_PLACE = re.compile(rb"\.\d(?=[,}\r])")
DECIMAL = re.compile(rb'[^\\]": ?-?\d{1,18}\.\d\Z')
DECIMAL_CHARS = 32


def rewritten(body: bytes, profile: PsaProfile, resource: Resource | None) -> bytes:
    """Return a stored body of *resource* with what the profile shows otherwise."""
    if not profile.picture_times:
        body = without_picture_times(body)
    if not profile.reference_guids:
        body = without_reference_guids(body)
    if not profile.custom_fields_long and b'"customFields":[{' in body:
        body = with_short_fields(body)
    if profile.explicit_nulls and resource is not None:
        body = with_nulls(body, resource)
    return body


def printed(body: bytes, profile: PsaProfile, base: str) -> bytes:
    """Return what is stored as the profile prints it, its links below *base*."""
    body = sent(body, base, double=profile.double_slash_links)
    if profile.records_indented:
        body = indented(body)
    return scaled(body) if profile.decimals_scaled else body


def sent(body: bytes, base: str, *, double: bool = True) -> bytes:
    """Return a stored body with its links below *base* (psa facts 10.5: a *double* slash)."""
    slashes = b"//" if double else b"/"
    return body.replace(MARK, b'"' + base.encode("ascii", "ignore") + slashes)


def stored(document: Any) -> bytes:
    """Return what was read from the store as it is kept there: its links can be told again."""
    return orjson.dumps(document).replace(b'_href":"/', b'_href":"\\/')


def scaled(body: bytes) -> bytes:
    """Return JSON whose decimals have two places at least (recorded so: psa facts 2.7)."""

    def padded(found: re.Match[bytes]) -> bytes:
        tail = body[max(0, found.end() - DECIMAL_CHARS) : found.end()]
        return found[0] + b"0" if DECIMAL.search(tail) else found[0]

    return ONE_PLACE.sub(padded, body)


def indented(body: bytes) -> bytes:
    """Return JSON as the vendor prints errors: two spaces, CRLF (psa facts 2.7)."""
    text = orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2)
    return text.replace(b"\n", b"\r\n")


PICTURE_TIME = re.compile(rb'(/image)\?l(?:m|astModified)=[^"&]*(?=")')


def without_picture_times(body: bytes) -> bytes:
    """Return records whose links to pictures carry no time (psa facts 10.22)."""
    return PICTURE_TIME.sub(rb"\1", body)


REFERENCE_GUID = re.compile(rb'(_href": ?"[^"]*"),\s*"mobileGuid": ?"[^"]*"')


def without_reference_guids(body: bytes) -> bytes:
    """Return records whose references show no guid of what they point to."""
    return REFERENCE_GUID.sub(rb"\1", body)


#: What rows of custom fields had not in 2022 (psa facts 8.6).
YOUNGER = frozenset({"connectWiseId", "rowNum", "userDefinedFieldRecId", "podId"})


def with_short_fields(body: bytes) -> bytes:
    """Return stored records whose custom fields look as in 2022 (psa facts 8.6, 10.3)."""
    document = orjson.loads(body)
    for record in document if isinstance(document, list) else [document]:
        if isinstance(record, dict) and record.get("customFields"):
            record["customFields"] = [_short(row) for row in record["customFields"]]
    return stored(document)


def _short(row: Record) -> Record:
    kept = {name: value for name, value in row.items() if name not in YOUNGER}
    if kept.get("value", "") is None:
        del kept["value"]
    return kept


def with_nulls(body: bytes, resource: Resource) -> bytes:
    """Return stored records with a null for each member without a value (psa facts 10.3)."""
    blank = {each.name: None for each in resource.fields if not each.write_only}
    document = orjson.loads(body)
    if isinstance(document, list):
        return stored([blank | each for each in document])
    return stored(blank | document)
