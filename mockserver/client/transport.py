"""Sends one request through the gate, as often as the policy says. The only place with I/O."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import requests
from requests.structures import CaseInsensitiveDict

from mockserver.client.clock import Chance, ClientClock
from mockserver.client.errors import (
    ConnectWiseError,
    GateShut,
    OutcomeUnknown,
    Refused,
    Unreachable,
    UnreadableAnswer,
    code_of,
    is_locked,
    refusal,
)
from mockserver.client.gate import Gate
from mockserver.client.quota import Pass
from mockserver.client.retry import (
    Chain,
    Failure,
    Kind,
    Next,
    RetryBudget,
    RetryPolicy,
    Step,
    failure_of_status,
)
from mockserver.client.retry_after import quota_of, retry_after_s
from mockserver.client.secrets import Scrubber

log = logging.getLogger("mockserver.client")

TIMEOUT_S = (5.0, 30.0)
REQUEST_ID = ("x-cw-request-id", "X-Request-Id")
#: Failures before any byte of the request was on its way.
NOT_SENT = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.SSLError,
    requests.exceptions.ProxyError,
)
NOT_SENT_CAUSES = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")


class Session(Protocol):
    """What is asked of a session: ``requests.Session``, or locust's."""

    @property
    def request(self) -> Callable[..., Any]:
        """Return what sends a request and returns its response."""


@dataclass(frozen=True)
class Call:
    """One request to be made.

    Attributes:
        method: In capitals.
        path: Below the base URL, ``/service/tickets/5``.
        params: Of the query.
        body: JSON to send, or None.
        headers: Besides those of the client.
        kind: What happens if it arrives twice.
        template: The path with its parameters' names, for statistics.
        signed: Whether it carries the credentials.
        wants_json: Whether the answer must be JSON; downloads are not.
        url: The whole URL, where it is not below the base.
    """

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: Kind = Kind.READ
    template: str = ""
    signed: bool = True
    wants_json: bool = True
    url: str = ""


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    data: Any = None


@dataclass
class Signer:
    """Whoever puts credentials on requests.

    Attributes:
        headers: Returns the headers to send, or None when somebody has to log in first.
        prepare: Logs in when that is needed.
        renew: Logs in again after a 401 of a request that had been sent with these headers;
            None where credentials cannot be renewed.
    """

    headers: Callable[[], Mapping[str, str] | None]
    prepare: Callable[[], object] = lambda: None
    renew: Callable[[Mapping[str, str]], None] | None = None


UNSIGNED = Signer(dict)


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended."""

    answer: Answer | None = None
    failure: Failure | None = None
    error: ConnectWiseError | None = None
    asked_s: float | None = None


class Headers(requests.auth.AuthBase):
    """Sets headers as authentication does, so that no .netrc of the machine overrides them."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the headers on."""
        request.headers.update(self._headers)
        return request


@dataclass
class Transport:
    """The way from a call to an answer.

    Attributes:
        base_url: What calls are below of, without a slash at the end.
        session: Sends.
        clock: Of the client.
        chance: For jitter.
        gate: Shared by all who use the same credentials.
        policy: When to repeat.
        budget: How many repetitions there are.
        scrubber: Keeps secrets out of errors and logs.
        timeout_s: To connect, and between bytes.
        options: Returns further keyword arguments of ``session.request`` for a call.
    """

    base_url: str
    session: Session
    clock: ClientClock
    chance: Chance
    gate: Gate
    policy: RetryPolicy
    budget: RetryBudget
    scrubber: Scrubber
    timeout_s: tuple[float, float] = TIMEOUT_S
    options: Callable[[Call], Mapping[str, Any]] = lambda _call: {}

    def send(self, call: Call, signer: Signer) -> Answer:
        """Return the answer to *call*.

        Raises:
            ConnectWiseError: It failed for good, or for too long.
        """
        began_s = self.clock.now_s()
        self.budget.earn(began_s)
        signer = signer if call.signed else UNSIGNED
        chain, outcome = Chain(call.kind, attempts=0), Outcome()
        while True:
            signed, sent = self._entered(call, signer, chain, outcome)
            outcome = self._attempt(call, signed, sent)
            chain = _longer(chain, outcome, self.clock.now_s() - began_s)
            if _is_done(call, chain, outcome):
                return outcome.answer or Answer(204, {}, b"")
            self._before_next(call, signer, signed, chain, outcome)
            if outcome.failure is Failure.UNAUTHORIZED:
                chain = replace(chain, logins=chain.logins + 1)

    def _before_next(
        self,
        call: Call,
        signer: Signer,
        signed: Mapping[str, str],
        chain: Chain,
        outcome: Outcome,
    ) -> None:
        """Do what the policy wants before the next attempt, or raise the error."""
        assert outcome.failure is not None
        step = self._step(chain, outcome)
        log.debug("%s %s: %s, %s", call.method, call.path, outcome.failure, step.what)
        if step.what is Next.LOG_IN and signer.renew:
            signer.renew(signed)
        elif step.what is Next.REPEAT:
            if step.wait_s:
                self.gate.rest(step.wait_s)
        else:
            raise _last_error(chain, outcome, step) from None

    def _step(self, chain: Chain, outcome: Outcome) -> Step:
        assert outcome.failure is not None
        step = self.policy.step(outcome.failure, chain, self.chance, outcome.asked_s)
        free = outcome.failure in {Failure.REFUSED, Failure.UNAUTHORIZED}
        if step.what is Next.REPEAT and not free and not self.budget.spend(self.clock.now_s()):
            return Step(Next.GIVE_UP, reason="the budget of repetitions is used up")
        return step

    def _entered(
        self, call: Call, signer: Signer, chain: Chain, last: Outcome
    ) -> tuple[Mapping[str, str], Pass]:
        """Return the headers and the permission to send, in the moment of sending."""
        urgent = call.kind is Kind.TOKEN
        try:
            while True:
                signer.prepare()
                sent = self.gate.enter(self.policy.total_s - chain.age_s, urgent=urgent)
                signed = signer.headers()
                if signed is not None:
                    return signed, sent
                # The token died while this request stood in line.
                self.gate.withdrawn(sent)
        except GateShut as shut:
            if last.error is None:
                raise
            raise _last_error(chain, last, Step(Next.GIVE_UP, reason=str(shut))) from None

    def _attempt(self, call: Call, signed: Mapping[str, str], sent: Pass) -> Outcome:
        try:
            outcome = self._judged(call, self._sent(call, signed))
        except requests.RequestException as error:
            outcome = self._broken(call, error)
        except BaseException:
            self.gate.cancelled(sent)
            raise
        self._tell_gate(sent, outcome)
        return outcome

    def _sent(self, call: Call, signed: Mapping[str, str]) -> requests.Response:
        headers = {"Accept": "application/json", **signed, **call.headers}
        body = None
        if call.body is not None:
            body = json.dumps(call.body, allow_nan=False).encode()
            headers["Content-Type"] = "application/json"
        response = self.session.request(
            call.method,
            call.url or self.base_url + call.path,
            params=dict(call.params),
            data=body,
            auth=Headers(headers),
            timeout=self.timeout_s,
            allow_redirects=False,
            **self.options(call),
        )
        # Locust's session reports a broken connection as a response with status 0.
        if not response.status_code and isinstance(getattr(response, "error", None), Exception):
            raise response.error
        return response  # type: ignore[no-any-return]

    def _judged(self, call: Call, response: requests.Response) -> Outcome:
        status, headers = response.status_code, response.headers
        data, readable = _decoded(response, wants_json=call.wants_json)
        answer = Answer(status, CaseInsensitiveDict(headers), response.content, data)
        asked_s = retry_after_s(
            headers.get("Retry-After"), self.clock.wall_s(), headers.get("Date")
        )
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

    def _broken(self, call: Call, error: requests.RequestException) -> Outcome:
        text = f"{call.method} {call.path}: {type(error).__name__}: {error}"
        text = self.scrubber.text(text)
        if _never_sent(error):
            return Outcome(failure=Failure.NOT_SENT, error=Unreachable(text))
        return Outcome(failure=Failure.UNKNOWN, error=OutcomeUnknown(text))

    def _tell_gate(self, sent: Pass, outcome: Outcome) -> None:
        answer, failure = outcome.answer, outcome.failure
        if failure is Failure.REFUSED:
            # An absurd wait is an error for the caller; the gate stays shut for a bounded time.
            asked_s = min(outcome.asked_s or 0.0, self.policy.retry_after_max_s)
            self.gate.refused(sent, asked_s)
        elif failure in {Failure.UNKNOWN, Failure.NOT_SENT} or answer is None:
            self.gate.failed(sent)
        else:
            quota = quota_of(answer.headers)
            self.gate.answered(sent, quota, conclusive=answer.status < 400)  # noqa: PLR2004


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


def _longer(chain: Chain, outcome: Outcome, age_s: float) -> Chain:
    return replace(
        chain,
        attempts=chain.attempts + 1,
        refusals=chain.refusals + (outcome.failure is Failure.REFUSED),
        conflicts=chain.conflicts + (outcome.failure is Failure.LOCKED),
        age_s=age_s,
    )


def _is_done(call: Call, chain: Chain, outcome: Outcome) -> bool:
    if outcome.failure is None:
        return True
    # The first DELETE was carried out, only its answer got lost.
    gone = outcome.answer is not None and outcome.answer.status == 404  # noqa: PLR2004
    return gone and call.method == "DELETE" and chain.attempts > 1 + chain.refusals


def _last_error(chain: Chain, outcome: Outcome, step: Step) -> ConnectWiseError:
    assert outcome.error is not None
    outcome.error.attempts, outcome.error.reason = chain.attempts, step.reason
    return outcome.error
