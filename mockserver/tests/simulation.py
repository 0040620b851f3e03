"""Virtual time for real threads: one runs at a time, time passes only when all of them wait.

Whoever waits gives the baton back. When nobody can run, time jumps to the next moment at which
somebody wants to wake up. So a run with a hundred threads takes no real waiting and replays.
"""

import heapq
import itertools
import threading
from collections.abc import Callable

from mockserver.client.clock import Signal

#: 2026-01-05T00:00:00Z
EPOCH_S = 1_767_571_200.0


class Stuck(RuntimeError):
    """Every thread waits for something that nobody will do."""


class VirtualTime:
    """A client clock for threads started by ``run``.

    Args:
        passed: Told how many seconds have just passed.
    """

    def __init__(self, passed: Callable[[float], None] = lambda _seconds: None) -> None:
        self._now_s, self._passed = 0.0, passed
        self._wakes: list[tuple[float, int, VirtualSignal]] = []
        self._ready: list[VirtualSignal] = []
        self._numbers = itertools.count()
        self._batons: dict[VirtualSignal, threading.Event] = {}
        self._idle = threading.Event()
        self._errors: list[BaseException] = []
        self._threads: set[threading.Thread] = set()
        self._alive = 0

    def now_s(self) -> float:
        return self._now_s

    def wall_s(self) -> float:
        return EPOCH_S + self._now_s

    def sleep(self, seconds: float) -> None:
        self.signal().wait(max(0.0, seconds))

    def signal(self) -> Signal:
        return VirtualSignal(self)

    def run(self, *works: Callable[[], None], until_s: float = float("inf")) -> None:
        """Run *works* in threads until all are done, or until *until_s*.

        Raises:
            Stuck: They wait for each other.
        """
        for work in works:
            start = VirtualSignal(self)
            self._batons[start] = threading.Event()
            self.wake_at(self._now_s, start)
            thread = threading.Thread(target=self._body, args=(start, work), daemon=True)
            self._threads.add(thread)
            thread.start()
        self._alive = len(works)
        while self._alive and self._now_s <= until_s:
            signal = self._next()
            self._idle.clear()
            self._batons.pop(signal).set()
            self._idle.wait()
            if self._errors:
                raise self._errors[0]

    def _body(self, start: "VirtualSignal", work: Callable[[], None]) -> None:
        self._batons[start].wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised in the thread that runs the test
            self._errors.append(error)
        finally:
            self._alive -= 1
            self._idle.set()

    def _next(self) -> "VirtualSignal":
        while self._ready or self._wakes:
            if self._ready:
                signal = self._ready.pop(0)
            else:
                at_s, _, signal = heapq.heappop(self._wakes)
                if signal in self._batons and at_s > self._now_s:
                    seconds, self._now_s = at_s - self._now_s, at_s
                    self._passed(seconds)
            if signal in self._batons:
                return signal
        raise Stuck(f"{len(self._batons)} threads wait for ever")

    def _pass_alone(self, timeout_s: float | None) -> None:
        """Let time pass for a thread besides which there is none."""
        if timeout_s is None:
            raise Stuck("nobody is there to be waited for")
        self._now_s += timeout_s
        self._passed(timeout_s)

    # -- called by the thread that has the baton ------------------------------------------------

    def wake_at(self, at_s: float, signal: "VirtualSignal") -> None:
        heapq.heappush(self._wakes, (at_s, next(self._numbers), signal))

    def wake(self, signal: "VirtualSignal") -> None:
        self._ready.append(signal)

    def give_back(self, signal: "VirtualSignal", timeout_s: float | None) -> None:
        if threading.current_thread() not in self._threads:
            self._pass_alone(timeout_s)
            return
        if timeout_s is not None:
            self.wake_at(self._now_s + timeout_s, signal)
        baton = self._batons[signal] = threading.Event()
        self._idle.set()
        baton.wait()


class VirtualSignal:
    """A signal between threads of virtual time.

    An alarm of an earlier wait may end a later one: whoever waits looks again at what it waits for.
    """

    def __init__(self, time: VirtualTime) -> None:
        self._time, self._given = time, False

    def set(self) -> None:
        self._given = True
        self._time.wake(self)

    def wait(self, timeout_s: float | None = None) -> None:
        if not self._given:
            self._time.give_back(self, timeout_s)
        self._given = False
