"""The callbacks that integrators register: types, levels, and what a registration must fulfil."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from mockserver.core.errors import Fault, Flaw
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Rules
from mockserver.core.text import fold
from mockserver.psa.codes import Phrase
from mockserver.psa.profile import PsaProfile
from mockserver.psa.resources.lookup import quirks

CALLBACKS, MEMBERS = "system/callbacks", "system/members"
#: The payload whose Entity is the REST record (psa facts 7.6).
REST_VERSION = "3.0.0"
OWNER, OWNER_ID = "owner", 1
URL_CHARS_MAX = 2_000
#: By type, the collections whose records it is about (psa facts 7.3).
COLLECTIONS: Mapping[str, tuple[str, ...]] = {
    "activity": ("sales/activities",),
    "agreement": ("finance/agreements",),
    "company": ("company/companies",),
    "configuration": ("company/configurations",),
    "contact": ("company/contacts",),
    "expense": ("expense/entries",),
    "invoice": ("finance/invoices",),
    "member": (MEMBERS,),
    "opportunity": ("sales/opportunities",),
    "productcatalog": ("procurement/catalog",),
    "project": ("project/projects",),
    "purchaseorder": ("procurement/purchaseorders",),
    "schedule": ("schedule/entries",),
    "site": ("company/companies/sites",),
    "ticket": ("service/tickets", "project/tickets"),
    "time": ("time/entries",),
}
BAD_LEVEL = "Unrecognized level for type, see documentation for supported levels for each type"

_URL = re.compile(r"[!-~]+", re.ASCII)


def is_level(profile: PsaProfile, kind: str, level: str) -> bool:
    """Tell whether a type has a level; both in any case."""
    kind, level = kind.casefold(), level.casefold()
    return level in {OWNER, kind} or level in profile.callback_levels.get(kind, {})


def is_url(text: str) -> bool:
    """Tell whether something can be posted to *text*: an absolute URL without credentials."""
    if len(text) > URL_CHARS_MAX or not _URL.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
        valid_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    named = bool(parts.hostname) and "@" not in parts.netloc
    return parts.scheme.casefold() in {"http", "https"} and named and valid_port


def member_id(records: Records, login: str) -> int | None:
    """Return the id of the member with this login name, or None."""
    members = records.registry.resource(MEMBERS)
    return next(iter(records.store.matching(members, 1, identifier=fold(login))), None)


def _fill(draft: Draft) -> None:
    record = draft.record
    for flag in ("inactiveFlag", "isSoapCallbackFlag", "isSelfSuppressedFlag"):
        draft.default(flag, value=False)
    if fold(str(record.get("level"))) == OWNER and "objectId" in record:
        record["objectId"] = OWNER_ID  # recorded: 0 is stored as 1 (psa facts 7.1)
    if draft.before is None:
        record["memberId"] = member_id(draft.records, draft.author) or 0


def _check(draft: Draft) -> None:
    """Name what is wrong with a registration in the recorded words (psa facts 6.3, 7.2)."""
    record, blamed = draft.record, {fault.path for fault in draft.faults}
    profile = quirks(draft)
    given = {name: record.get(name) for name in ("url", "type", "level")}
    known = {name: text for name, text in given.items() if isinstance(text, str)}
    if "url" in known and not _may_be_called(profile, known["url"]):
        draft.faults.append(_fault("url", "Invalid URL"))
    if "type" in known and fold(known["type"]) not in COLLECTIONS:
        draft.faults.append(_fault("type", profile.wording[Phrase.CALLBACK_TYPE]))
    elif {"type", "level"} <= known.keys() - blamed and not _is_allowed(profile, known):
        draft.faults.append(_fault("level", BAD_LEVEL, "InvalidObject"))
    if not draft.faults and _is_taken(draft):
        message = "A matching callback entry already exists"
        draft.faults.append(_fault("objectId", message, "ObjectExists"))


def _may_be_called(profile: PsaProfile, url: str) -> bool:
    secure = profile.callback_plain_http or url.casefold().startswith("https:")
    return secure and is_url(url)


def _is_allowed(profile: PsaProfile, known: Mapping[str, str]) -> bool:
    return not profile.callback_levels_checked or is_level(profile, known["type"], known["level"])


def _fault(name: str, message: str, code: str = "InvalidField") -> Fault:
    return Fault(Flaw.RULE, name, message, code)


def _is_taken(draft: Draft) -> bool:
    record, store = draft.record, draft.records.store
    names = ("type", "level", *(["url"] if quirks(draft).callback_urls_apart else []))
    told: dict[str, Any] = {name: fold(record[name]) for name in names}
    same = store.matching(draft.resource, -1, objectid=record["objectId"], **told)
    return bool(set(same) - {record.get("id")})


def _written(draft: Draft) -> None:
    """Give a new registration the guid that the vendor's have; it follows from its id."""
    if draft.before is None:
        guid = uuid5(NAMESPACE_URL, f"{CALLBACKS}/{draft.record['id']}")
        draft.record["connectWiseID"] = str(guid)
        draft.records.save(draft.resource, draft.record)


RULES: Mapping[str, Rules] = {CALLBACKS: Rules(fill=_fill, check=_check, written=_written)}


def subscribed_ids(record: Mapping[str, Any], member: str) -> frozenset[Any]:
    """Return the ids that *member* of a record names: one, several, or none."""
    value = record.get(member)
    found = value if isinstance(value, list) else [value]
    return frozenset(each.get("id") if isinstance(each, dict) else each for each in found)
