"""Hands what tests ask on to live systems: in turn, below limits, writing only with leave."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
import requests
from callers import AUTOMATE, LOGINS, PSA, SAFE
from elsewhere import OWN, Start, target_of

from mockserver.checks.exchange import Exchange, exchange_of
from mockserver.checks.probe import id_of
from mockserver.checks.targets import LIVE_PACE
from mockserver.client.clock import SystemClock, dice
from mockserver.client.gate import Gate
from mockserver.client.retry_after import quota_of, retry_after_s

CLOCK = SystemClock()
TIMEOUT_S, TRIES, REFUSED = 60.0, 3, 429
#: Segments of a path that a new record is posted to.
TOP = {PSA: 2, AUTOMATE: 1}
READS = ("/search", *LOGINS.values())
CODED, GONE = frozenset({"content-encoding", "content-length"}), frozenset({200, 204, 404})


class Asking:
    """Hands requests on to the live systems, one at a time and below their limits.

    Args:
        roots: Of the systems, by the base of their API.
        allow_writes: Whether records may be created.
    """

    def __init__(self, roots: Mapping[str, str], *, allow_writes: bool) -> None:
        self._roots, self._allow_writes = roots, allow_writes
        self._gates = {base: Gate(CLOCK, dice(), LIVE_PACE) for base in roots}
        self._session = requests.Session()
        self._made: dict[str, Mapping[str, str]] = {}
        self.exchanges: list[Exchange] = []

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        method, target = environ["REQUEST_METHOD"], target_of(environ)
        path = target.partition("?")[0]
        base = next((each for each in self._roots if path.startswith(each)), None)
        if base is None:
            pytest.skip(f"{path} is not below an API of the live system")
        self._refuse_unless_allowed(method, base, path)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {n: v for n, v in _headers(environ).items() if n != "HOST"}
        answer = self._sent(method, base, target, body, headers)
        self._remember(method, path, answer, headers)
        kept = [(n, v) for n, v in answer.headers.items() if n.lower() not in OWN | CODED]
        start(f"{answer.status_code} {answer.reason or 'Unknown'}", kept)
        return [answer.content]

    def _refuse_unless_allowed(self, method: str, base: str, path: str) -> None:
        if method in SAFE or (method == "POST" and path.endswith(READS)):
            return
        if not self._allow_writes:
            pytest.skip("it writes, and writes are not allowed")
        is_own = any(path == own or path.startswith(f"{own}/") for own in self._made)
        segments = path.removeprefix(base).strip("/").split("/")
        if not is_own and not (method == "POST" and len(segments) == TOP[base]):
            pytest.skip(f"{path} was not created here")

    def _sent(
        self, method: str, base: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> requests.Response:
        request = requests.Request(method, self._roots[base], headers=headers, data=body or None)
        prepared = self._session.prepare_request(request)
        prepared.url = self._roots[base] + target
        for number in range(TRIES):
            answer = self._passed(prepared, self._gates[base])
            if answer.status_code != REFUSED or number == TRIES - 1:
                break
        self.exchanges.append(exchange_of(method, answer, body).shortened())
        return answer

    def _passed(self, prepared: requests.PreparedRequest, gate: Gate) -> requests.Response:
        sent = gate.enter()
        try:
            answer = self._session.send(prepared, timeout=TIMEOUT_S, allow_redirects=False)
        except BaseException:
            gate.failed(sent)
            raise
        if answer.status_code == REFUSED:
            gate.refused(
                sent, retry_after_s(answer.headers.get("Retry-After"), CLOCK.wall_s()) or 1.0
            )
        else:
            gate.answered(sent, quota_of(answer.headers), conclusive=answer.ok)
        return answer

    def _remember(
        self, method: str, path: str, answer: requests.Response, headers: Mapping[str, str]
    ) -> None:
        if method != "POST" or answer.status_code not in {200, 201} or path.endswith(READS):
            return
        record = answer.json()
        if isinstance(record, dict) and (made := id_of(record)):
            self._made[f"{path.rstrip('/')}/{made}"] = headers

    def tidy(self) -> None:
        """Delete what was created, the newest first; what resists is told."""
        left = []
        for path, headers in reversed(self._made.items()):
            base = next(each for each in self._roots if path.startswith(each))
            if self._sent("DELETE", base, path, b"", headers).status_code not in GONE:
                left.append(path)
        self._made.clear()
        assert not left, f"left behind, delete by hand: {', '.join(left)}"


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    found = {n[5:].replace("_", "-"): v for n, v in environ.items() if n.startswith("HTTP_")}
    return found | ({"Content-Type": environ["CONTENT_TYPE"]} if "CONTENT_TYPE" in environ else {})
