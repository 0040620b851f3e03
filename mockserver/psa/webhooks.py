"""What PSA tells its subscribers: whom, what, and signed how (psa facts 7.5 to 7.11)."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

import orjson

from mockserver.core.changes import Change, Deed
from mockserver.core.deliveries import Message
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.core.tenant import Tenant
from mockserver.core.text import fold
from mockserver.core.webhooks import Policy
from mockserver.psa.auth import current_codebase
from mockserver.psa.entities import entity
from mockserver.psa.profile import PsaProfile
from mockserver.psa.resources.callbacks import (
    CALLBACKS,
    COLLECTIONS,
    OWNER,
    is_level,
    member_id,
    subscribed_ids,
)
from mockserver.psa.resources.mirrors import charged_to

SIGNATURE = "x-content-signature"
KEY_PATH = "system/callbackkey/index.rails"
NOTES = ("service/tickets/notes", "project/tickets/notes")
PROJECT_TICKETS = frozenset({"project/tickets"})
TIME = "time/entries"
TAGS = "system/integratorTags"
#: Who changes a callback that is given up.
VENDOR = "ConnectWise"
TYPES = {path: kind for kind, paths in COLLECTIONS.items() for path in paths}
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]+", re.ASCII)


@dataclass(frozen=True)
class Event:
    """Something that subscribers may want to know.

    Attributes:
        kind: The callbacks' ``type``.
        deed: What became of the record.
        record: The record; a deleted one as it was.
        path: Its collection.
        change: What caused the event.
    """

    kind: str
    deed: Deed
    record: Record
    path: str
    change: Change


class PsaNotifier:
    """The callbacks of one tenant.

    Args:
        tenant: Whose.
    """

    paths = frozenset({*TYPES, *NOTES})

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    @property
    def profile(self) -> PsaProfile:
        """Return the tenant's profile."""
        profile = self._tenant.profiles["psa"]
        assert isinstance(profile, PsaProfile)
        return profile

    @property
    def policy(self) -> Policy:
        """Return how receivers are treated (psa facts 7.9)."""
        profile = self.profile
        return Policy(
            profile.callback_retried,
            profile.callback_waits_s,
            profile.callback_patience_s,
            profile.callback_timeout_s,
            profile.callback_delay_s,
        )

    # -- what is sent to whom -----------------------------------------------------------------

    def messages(self, changes: Sequence[Change]) -> Iterable[Message]:
        """Return what the changes cause, in order."""
        for event in _events(changes, parents=self.profile.callback_parents):
            if event.path in PROJECT_TICKETS and not self.profile.callback_project_tickets:
                continue
            for callback in self._subscribers(event):
                yield self._message(callback, event)

    def _subscribers(self, event: Event) -> Iterator[Record]:
        records = event.change.records
        resource = records.registry.resource(CALLBACKS)
        found = records.store.matching(resource, type=event.kind)
        skipped = self.profile.callback_skipped and event.change.given.get("skipCallback")
        if not found or skipped:
            return
        heeded = self.profile.callback_self_suppressed
        author_id = member_id(records, event.change.author)
        for callback in (records.get(resource, each) for each in found):
            own = callback.get("isSelfSuppressedFlag") and callback["memberId"] == author_id
            if callback.get("inactiveFlag") or (own and heeded):
                continue
            if _concerns(self.profile, callback, event):
                yield callback

    def objection(self, subscription: int) -> str | None:
        """Return why nothing is sent to a callback any more, or None."""
        records = self._records
        callback = records.find(records.registry.resource(CALLBACKS), subscription)
        if callback is None:
            return "the callback was deleted"
        return "the callback is inactive" if callback.get("inactiveFlag") else None

    def give_up(self, subscription: int) -> None:
        """Set a callback inactive."""
        records = self._records
        resource = records.registry.resource(CALLBACKS)
        if records.find(resource, subscription) is not None:
            records.change(resource, subscription, {"inactiveFlag": True}, VENDOR)

    def is_signed(self, message: Message) -> bool:
        """Tell whether a message carries the signature of its body (psa facts 7.8)."""
        expected = signature(message.body.encode(), signing_key(self._tenant))
        return hmac.compare_digest(message.headers.get(SIGNATURE, ""), expected)

    @property
    def _records(self) -> Records:
        return self._tenant.records["psa"]

    # -- how it looks -------------------------------------------------------------------------

    def _message(self, callback: Record, event: Event) -> Message:
        message_id = self._tenant.dice.uuid()
        document = self._document(callback, event, message_id)
        body = orjson.dumps(document)
        record_id, action = event.record["id"], event.deed.value
        parameters = {"action": action, "memberId": quote(event.change.author, safe="")}
        shown = "".join(f"&{n}={parameters[n]}" for n in self.profile.callback_parameters)
        subject = {
            "type": event.kind,
            "action": action,
            "record_id": record_id,
            "member": event.change.author,
        }
        headers = {
            "Content-Type": "application/json",
            SIGNATURE: signature(body, signing_key(self._tenant)),
        }
        # The id is appended as text: hence the URLs that end in "?id=" (psa facts 7.5).
        url = f"{callback['url']}{record_id}{shown}"
        return Message("psa", callback["id"], url, headers, body.decode(), message_id, subject)

    def _document(self, callback: Record, event: Event, message_id: str) -> Record:
        """Return the body, its members in the recorded order (psa facts 7.6)."""
        origin, record_id = _origin(event.change.records.base), event.record["id"]
        codebase = current_codebase(self.profile)
        document: Record = {
            "MessageId": message_id,
            "FromUrl": urlsplit(origin).netloc,
            "CompanyId": self._tenant.credentials["psa"].company,
            "MemberId": event.change.author,
            "Action": event.deed.value,
            "Type": event.kind,
            "ID": record_id,
            "ProductInstanceId": None,
            "PartnerId": None,
            "Entity": self._entity(callback, event, f"{origin}/{codebase}//apis/3.0"),
            "Metadata": {"key_url": f"{origin}/{codebase}//{KEY_PATH}?{self._key_query()}"},
            "CallbackObjectRecId": callback["id"],
        }
        if self.profile.callback_seed_members:
            document["MemberID"] = member_id(event.change.records, event.change.author)
            document["Callback"] = {"ID": record_id, "Type": event.kind}
        return document

    def _entity(self, callback: Record, event: Event, base: str) -> str | None:
        if event.deed is Deed.DELETED:
            return None
        records = event.change.records
        body = records.store.body(records.registry.resource(event.path), event.record["id"])
        version = callback.get("payloadVersion") or self.profile.callback_payload_version
        return entity(body or b"{}", base, version)

    def _key_query(self) -> str:
        company = quote(self._tenant.credentials["psa"].company, safe="")
        return f"companyName={company}&id={key_id(self._tenant)}"


def _events(changes: Sequence[Change], *, parents: bool) -> Iterator[Event]:
    told: set[tuple[str, int]] = set()
    for event in (event for change in changes for event in _caused(change, parents=parents)):
        # A ticket that was added together with its note was added once.
        key = event.path, event.record["id"]
        if key not in told:
            told.add(key)
            yield event


def _caused(change: Change, *, parents: bool) -> Iterator[Event]:
    path = change.resource.path
    if path in TYPES:
        record = _present(change, path, change.record_id) or change.record
        yield Event(TYPES[path], change.deed, record, path, change)
    ticket = _ticket_of(change) if parents else None
    if ticket is not None and change.deed is Deed.ADDED:
        present = _present(change, *ticket)
        if present is not None:
            yield Event("ticket", Deed.UPDATED, present, ticket[0], change)


def _ticket_of(change: Change) -> tuple[str, int] | None:
    """Return the ticket that a note or time entry belongs to (psa facts 7.11)."""
    if change.resource.path in NOTES and change.parent_id is not None:
        return change.resource.path.removesuffix("/notes"), change.parent_id
    return charged_to(change.record) if change.resource.path == TIME else None


def _present(change: Change, path: str, record_id: int) -> Record | None:
    """Return a record as the transaction leaves it: rules may have gone on after the change."""
    records = change.records
    return records.find(records.registry.resource(path), record_id)


def _concerns(profile: PsaProfile, callback: Record, event: Event) -> bool:
    level, object_id = fold(callback["level"]), callback["objectId"]
    if level == OWNER or not is_level(profile, event.kind, level):
        return True
    if level == event.kind:
        return bool(event.record["id"] == object_id)
    member = profile.callback_levels[event.kind][level]
    if member == "integratorTags":
        object_id = _tag_name(event.change.records, object_id)
    return object_id is not None and object_id in subscribed_ids(event.record, member)


def _tag_name(records: Records, tag_id: int) -> str | None:
    found = records.target(TAGS, tag_id)
    return found[0].get("name") if found else None


def _origin(base: str) -> str:
    """Return scheme and host under which whoever caused an event reached the server."""
    parts = urlsplit(base)
    host = parts.netloc if _HOST.fullmatch(parts.netloc) else ""
    return f"{parts.scheme}://{host}" if host else "http://localhost"


# -- keys and signatures -----------------------------------------------------------------------


def signing_key(tenant: Tenant) -> str:
    """Return a tenant's signing key; the same world has the same ones."""
    return hashlib.sha256(f"callbacks/{tenant.plan.seed}/{tenant.name}".encode()).hexdigest()


def key_id(tenant: Tenant) -> str:
    """Return the id by which a tenant's key is asked for."""
    return str(uuid5(NAMESPACE_URL, f"callbacks/{tenant.plan.seed}/{tenant.name}"))


def signature(body: bytes, key: str) -> str:
    """Return the ``x-content-signature`` of a body (psa facts 7.8)."""
    digest = hmac.new(hashlib.sha256(key.encode()).digest(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def key_document(tenant: Tenant, profile: PsaProfile, wanted: str) -> bytes | None:
    """Return what the key URL answers (psa facts 7.7), None for a key that nobody has."""
    if wanted.casefold() != key_id(tenant):
        return None
    return orjson.dumps({"signing_key": signing_key(tenant), **profile.callback_key_members})
