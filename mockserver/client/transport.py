"""Sends one request through the gate, as often as the policy says. The only place with I/O."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import requests

from mockserver.client.call import UNSIGNED, Answer, Call, Headers, Outcome, Session, Signer
from mockserver.client.clock import Chance, ClientClock
from mockserver.client.errors import ConnectWiseError, GateShut
from mockserver.client.gate import Gate
from mockserver.client.judge import Judge
from mockserver.client.quota import Pass
from mockserver.client.retry import Chain, Failure, Kind, Next, RetryBudget, RetryPolicy, Step
from mockserver.client.retry_after import quota_of
from mockserver.client.secrets import Scrubber

log = logging.getLogger("mockserver.client")

TIMEOUT_S = (5.0, 30.0)


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

    @property
    def _judge(self) -> Judge:
        return Judge(self.policy, self.scrubber, self.clock.wall_s)

    def send(self, call: Call, signer: Signer) -> Answer:
        """Return the answer to *call*.

        Raises:
            ConnectWiseError: It failed for good, or for too long.
        """
        self.budget.earn(self.clock.now_s())
        signer = signer if call.signed else UNSIGNED
        chain, outcome = Chain(call.kind, attempts=0), Outcome()
        while True:
            signed, sent = self._entered(call, signer, chain, outcome)
            outcome = self._attempt(call, signed, sent)
            if call.since_s is None:
                # What counts is how long a server sees the request, not how long it stood in line.
                call = replace(call, since_s=sent.sent_s)
            chain = self._longer(call, chain, outcome)
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
            raise _last_error(call, chain, outcome, step) from None

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
        until_s, urgent = self._until_s(call, chain), call.kind is Kind.TOKEN
        try:
            while True:
                signer.prepare()
                sent = self.gate.enter(until_s, urgent=urgent)
                signed = signer.headers()
                if signed is not None:
                    return signed, sent
                # The token died while this request stood in line.
                self.gate.withdrawn(sent)
        except GateShut as shut:
            if last.error is None:
                raise
            raise _last_error(call, chain, last, Step(Next.GIVE_UP, reason=str(shut))) from None

    def _until_s(self, call: Call, chain: Chain) -> float:
        """Return the second after which the call is not sent any more."""
        if call.since_s is None:
            return self.clock.now_s() + self.policy.queue_s
        return call.since_s + self.policy.repeat_s + chain.told_s

    def _longer(self, call: Call, chain: Chain, outcome: Outcome) -> Chain:
        refused = outcome.failure is Failure.REFUSED
        return replace(
            chain,
            attempts=chain.attempts + 1,
            refusals=chain.refusals + refused,
            conflicts=chain.conflicts + (outcome.failure is Failure.LOCKED),
            age_s=self.clock.now_s() - (call.since_s or 0.0),
            told_s=chain.told_s + ((outcome.asked_s or 0.0) if refused else 0.0),
        )

    def _attempt(self, call: Call, signed: Mapping[str, str], sent: Pass) -> Outcome:
        try:
            outcome = self._judge.answered(call, self._sent(call, signed))
        except requests.RequestException as error:
            outcome = self._judge.broken(call, error)
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


def _is_done(call: Call, chain: Chain, outcome: Outcome) -> bool:
    if outcome.failure is None:
        return True
    # The first DELETE was carried out, only its answer got lost.
    gone = outcome.answer is not None and outcome.answer.status == 404  # noqa: PLR2004
    return gone and call.method == "DELETE" and chain.attempts > 1 + chain.refusals


def _last_error(call: Call, chain: Chain, outcome: Outcome, step: Step) -> ConnectWiseError:
    assert outcome.error is not None
    outcome.error.since_s = call.since_s
    outcome.error.attempts, outcome.error.reason = chain.attempts, step.reason
    return outcome.error
