"""A strategy at work: plain requests on real sockets, in real time."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests

from loadtests.strategy import FOREVER, Seen, Strategy
from mockserver.client.retry_after import quota_of, retry_after_s

LOOK_S = 0.02
TIMEOUT_S = 10.0

Send = Callable[..., Any]


class Sender:
    """Sends requests as a strategy decides; threads may share the strategy, never the session.

    Args:
        strategy: Decides.
        send: Sends one request and returns an answer, as ``requests.Session.request`` does.
        lock: Held while a strategy that is shared is asked.
        stopped: Tells whether to give up waiting.
    """

    def __init__(
        self,
        strategy: Strategy,
        send: Send,
        lock: threading.Lock,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.strategy, self._send, self._lock, self._stopped = strategy, send, lock, stopped

    def request(self, method: str, url: str, **sent: Any) -> Any:
        """Send one logical request; return its last answer, None for none."""
        first_s, tries = time.monotonic(), 0
        while not self._stopped():
            tries += 1
            ticket = self._let_through()
            answer, seen = self._attempt(method, url, sent)
            with self._lock:
                self.strategy.learn(ticket, seen, time.monotonic())
                again_s = self.strategy.again_s(seen, tries, time.monotonic() - first_s)
            if seen.fine or again_s is None:
                return answer
            self._rest(again_s)
        return None

    def _let_through(self) -> object:
        while True:
            with self._lock:
                now_s = time.monotonic()
                wait_s = self.strategy.before_s(now_s)
                if wait_s <= 0:
                    return self.strategy.send(now_s)
            self._rest(LOOK_S if wait_s == FOREVER else min(wait_s, 0.25))

    def _rest(self, seconds: float) -> None:
        ends_s = time.monotonic() + seconds
        while not self._stopped() and (left_s := ends_s - time.monotonic()) > 0:
            time.sleep(min(left_s, 0.5))

    def _attempt(self, method: str, url: str, sent: Mapping[str, Any]) -> tuple[Any, Seen]:
        try:
            answer = self._send(method, url, timeout=TIMEOUT_S, **sent)
        except requests.RequestException:
            return None, Seen(method, None)
        status = answer.status_code or None
        asked_s = retry_after_s(answer.headers.get("Retry-After"), time.time())
        return answer, Seen(method, status, asked_s, quota_of(answer.headers))


def dice(seed: int) -> random.Random:
    """Return a source of chance."""
    return random.Random(seed)
