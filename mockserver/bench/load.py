"""The process that asks: bounded in time and number, on the loopback only.

It reads one job a line (JSON) and writes one outcome a line, until its input ends. It shares two
cores with the server that it measures, so it does little: the requests come as bytes, and of an
answer only the status and the length are looked at.
"""

import asyncio
import gc
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from itertools import cycle
from typing import Any

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length:"
PATIENCE_S = 60.0
COUNT_MAX = 1_000_000


class Job:
    """Requests to be sent over some connections, each sending its next after the answer.

    Args:
        port: Where on 127.0.0.1.
        requests: What to send, in turn.
        connections: How many.
        seconds: When to stop at the latest.
        count: After how many requests to stop at the latest.
    """

    def __init__(
        self,
        port: int,
        requests: list[str],
        connections: int = 1,
        seconds: float = PATIENCE_S,
        count: int = COUNT_MAX,
    ) -> None:
        self.port, self.connections, self.seconds = port, connections, seconds
        self._requests: Iterator[bytes] = cycle([text.encode("latin-1") for text in requests])
        self._left = min(count, COUNT_MAX)
        self._end_s = 0.0
        self.took_us: list[int] = []
        self.statuses: Counter[str] = Counter()

    async def run(self) -> dict[str, Any]:
        """Do the job; return what came of it."""
        loop = asyncio.get_running_loop()
        cpu_s, began_s = time.process_time(), time.perf_counter()
        self._end_s = began_s + min(self.seconds, PATIENCE_S)
        async with asyncio.timeout(2 * PATIENCE_S):
            made = [
                await loop.create_connection(partial(_Caller, self), "127.0.0.1", self.port)
                for _ in range(self.connections)
            ]
            await asyncio.gather(*(caller.done for _, caller in made))
        return {
            "elapsed_s": time.perf_counter() - began_s,
            "cpu_s": time.process_time() - cpu_s,
            "took_us": self.took_us,
            "statuses": self.statuses,
        }

    def next_request(self, now_s: float) -> bytes | None:
        """Return what to send next; None when the job is over."""
        if self._left <= 0 or now_s >= self._end_s:
            return None
        self._left -= 1
        return next(self._requests)


class _Caller(asyncio.Protocol):
    """One connection."""

    def __init__(self, job: Job) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._job = job
        self._transport: Any = None
        self._head = b""
        self._missing = 0
        self._asked_s = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._ask(time.perf_counter())

    def data_received(self, chunk: bytes) -> None:
        if self._missing:
            self._missing -= len(chunk)
        else:
            self._head += chunk
            if not self._has_head():
                return
        if self._missing <= 0:
            self._answered()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))

    def _has_head(self) -> bool:
        head, end, body = self._head.partition(END_OF_HEAD)
        if not end:
            return False
        self._job.statuses[head[9:12].decode()] += 1
        _, named, rest = head.lower().partition(LENGTH)
        self._missing = (int(rest.partition(b"\r\n")[0]) if named else 0) - len(body)
        self._head = b""
        return True

    def _answered(self) -> None:
        now_s = time.perf_counter()
        self._missing = 0
        self._job.took_us.append(round((now_s - self._asked_s) * 1e6))
        self._ask(now_s)

    def _ask(self, now_s: float) -> None:
        request = self._job.next_request(now_s)
        if request is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._asked_s = now_s
        self._transport.write(request)


def _runner() -> asyncio.Runner:
    if find_spec("uvloop") is None:
        return asyncio.Runner()
    import uvloop  # noqa: PLC0415 - not on every platform

    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


def main() -> None:
    """Do the jobs that come in."""
    gc.disable()
    with _runner() as runner:
        for line in sys.stdin:
            outcome = runner.run(Job(**json.loads(line)).run())
            print(json.dumps(outcome), flush=True)
            gc.collect()


if __name__ == "__main__":
    main()
