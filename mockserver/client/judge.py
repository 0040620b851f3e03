"""What an answer, or its absence, means: decisions without I/O."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from requests.structures import CaseInsensitiveDict

from mockserver.client.call import Answer, Call, Outcome
from mockserver.client.errors import (
    OutcomeUnknown,
    Refused,
    Unreachable,
    UnreadableAnswer,
    code_of,
    is_locked,
    refusal,
)
from mockserver.client.retry import Failure, RetryPolicy, failure_of_status
from mockserver.client.retry_after import quota_of, retry_after_s
from mockserver.client.secrets import Scrubber

REQUEST_ID = ("x-cw-request-id", "X-Request-Id")
#: Failures before any byte of the request was on its way.
NOT_SENT = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.SSLError,
    requests.exceptions.ProxyError,
)
NOT_SENT_CAUSES = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")


@dataclass(frozen=True)
class Judge:
    """Says how an attempt ended.

    Attributes:
        policy: Bounds what a server may ask to wait.
        scrubber: Keeps secrets out of errors.
        wall_s: Returns the seconds since the epoch, for dates.
    """

    policy: RetryPolicy
    scrubber: Scrubber
    wall_s: Callable[[], float]

    def answered(self, call: Call, response: requests.Response) -> Outcome:
        """Return what an answer means."""
        status, headers = response.status_code, response.headers
        data, readable = _decoded(response, wants_json=call.wants_json)
        answer = Answer(status, CaseInsensitiveDict(headers), response.content, data)
        asked_s = retry_after_s(headers.get("Retry-After"), self.wall_s(), headers.get("Date"))
        failure = failure_of_status(
            status, pushback=asked_s is not None, locked=is_locked(status, code_of(data))
        )
        if failure is None:
            return self._success(call, answer, readable=readable)
        error = self._refusal(call, answer, asked_s)
        if failure is Failure.REFUSED:
            asked_s = self._bounded(asked_s, answer)
        return Outcome(answer, failure, error, asked_s)

    def _success(self, call: Call, answer: Answer, *, readable: bool) -> Outcome:
        if readable and answer.status < 300:  # noqa: PLR2004
            return Outcome(answer)
        text = f"{call.method} {call.path}: {answer.status} instead of JSON"
        moved = answer.status >= 300  # noqa: PLR2004
        return Outcome(answer, Failure.FINAL if moved else Failure.UNKNOWN, UnreadableAnswer(text))

    def _refusal(self, call: Call, answer: Answer, asked_s: float | None) -> Refused:
        body = answer.data if answer.data is not None else answer.content.decode("utf-8", "replace")
        error = refusal(
            answer.status,
            body,
            request_id=next(filter(None, map(answer.headers.get, REQUEST_ID)), ""),
            operation=f"{call.method} {call.path}",
        )
        error.message = self.scrubber.text(error.message)
        error.args = (error.status, error.code, error.message)
        error.retry_after_s = asked_s
        return error

    def _bounded(self, asked_s: float | None, answer: Answer) -> float:
        """Return how long a refused client stays away when the server says little or nonsense."""
        if asked_s:
            return asked_s
        quota = quota_of(answer.headers)
        if quota and not quota.remaining and 0 < quota.reset_s <= self.policy.retry_after_max_s:
            return quota.reset_s
        return max(1.0, self.policy.base_s)

    def broken(self, call: Call, error: requests.RequestException) -> Outcome:
        """Return what the lack of an answer means."""
        text = f"{call.method} {call.path}: {type(error).__name__}: {error}"
        text = self.scrubber.text(text)
        if _never_sent(error):
            return Outcome(failure=Failure.NOT_SENT, error=Unreachable(text))
        return Outcome(failure=Failure.UNKNOWN, error=OutcomeUnknown(text))


def _decoded(response: requests.Response, *, wants_json: bool) -> tuple[Any, bool]:
    """Return the JSON of an answer, and whether it is what a success should be."""
    if not response.content:
        return None, True
    try:
        return json.loads(response.content), True
    except (ValueError, RecursionError):
        return None, not wants_json


def _never_sent(error: requests.RequestException) -> bool:
    """Tell whether an error came before any byte of the request was on its way."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, NOT_SENT) or type(reason).__name__ in NOT_SENT_CAUSES
