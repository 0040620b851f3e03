"""What becomes of an exchange before the journal keeps it: masked, completed, cut."""

from collections.abc import Sequence

from mockserver.core.attempt import (
    QUERY_CHARS_MAX,
    body_digest,
    claimed_key,
    headers_seen,
    only_replaces,
    told_limits,
)
from mockserver.core.entry import BODY_BYTES_MAX, Entry
from mockserver.core.redaction import (
    Headers,
    Secrets,
    redacted_headers,
    redacted_request,
    redacted_response,
    redacted_url,
    scrubbed,
    without_jwt,
)
from mockserver.core.volatile import MemberPath


def seal(entry: Entry, volatile: Sequence[MemberPath]) -> None:
    """Mask the entry's secrets, complete what grading needs of it, and cut long bodies."""
    seen = headers_seen(entry.request_headers)
    _redact(entry)
    _complete(entry, seen, volatile)
    _truncate(entry)
    entry.bytes_kept = entry.weight()


def _redact(entry: Entry) -> None:
    credentials: Secrets = set()
    secrets: Secrets = set()
    content_type = _content_type(entry.request_headers) if entry.request_body else ""
    entry.request_headers = redacted_headers(entry.request_headers, credentials)
    entry.response_headers = redacted_headers(entry.response_headers, credentials)
    entry.url = redacted_url(entry.url, secrets)
    entry.path = without_jwt(entry.path, secrets)
    if entry.request_body:
        entry.request_body = redacted_request(entry.request_body, content_type, entry.path, secrets)
    if entry.response_body and not entry.response_is_plain:
        entry.response_body = redacted_response(entry.response_body, BODY_BYTES_MAX, secrets)
    if secrets or entry.error or entry.hint:
        _scrub(entry, secrets, secrets | credentials)


def _scrub(entry: Entry, secrets: Secrets, all_secrets: Secrets) -> None:
    """Mask the request's secrets where the server repeated them."""
    if entry.error:
        entry.error = scrubbed(entry.error, all_secrets)
    if entry.hint:
        entry.hint = scrubbed(entry.hint, all_secrets)
    if secrets and entry.response_body:
        text = entry.response_body.decode("utf-8", "surrogateescape")
        entry.response_body = scrubbed(text, secrets).encode("utf-8", "surrogateescape")


def _complete(entry: Entry, seen: dict[str, str], volatile: Sequence[MemberPath]) -> None:
    """Write into the attempt what the masked entry and the headers tell."""
    attempt = entry.attempt
    attempt.api, attempt.method = entry.api, entry.method
    attempt.key = entry.key or claimed_key(entry.request_headers)
    attempt.connection, attempt.status = entry.connection, entry.status
    attempt.route, attempt.path = entry.template or entry.path, entry.path
    attempt.query = entry.url.partition("?")[2][:QUERY_CHARS_MAX]
    attempt.digest = body_digest(entry.request_body, volatile)
    if entry.method == "PATCH" and only_replaces(entry.request_body):
        attempt.notes += ("replaces",)
    attempt.retry_after, attempt.limits = told_limits(entry.response_headers)
    attempt.faults = tuple((effect.fault_id, effect.kind) for effect in entry.faults)
    attempt.token, attempt.client_id = seen.get("token", ""), seen.get("client_id", "")
    attempt.stable_id = seen.get("stable_id", "")
    attempt.forward_only = seen.get("pagination", "").casefold() == "forward-only"


def _truncate(entry: Entry) -> None:
    if entry.request_body and len(entry.request_body) > BODY_BYTES_MAX:
        entry.request_body = entry.request_body[:BODY_BYTES_MAX]
        entry.request_truncated = True
    if entry.response_body and len(entry.response_body) > BODY_BYTES_MAX:
        entry.response_body = entry.response_body[:BODY_BYTES_MAX]
        entry.response_truncated = True


def _content_type(headers: Headers) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")
