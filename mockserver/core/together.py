"""Doing at once what several threads ask for at the same time.

A trip to a database costs the same for one request as for sixteen. Whoever comes while somebody is
on the way waits, and the first of those who waited goes for all of them.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, NoReturn, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class _Asked(Generic[Item, Result]):
    __slots__ = ("item", "settled")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.settled: Callable[[], Result] | None = None


class Together(Generic[Item, Result]):
    """Calls *work* with the items of all who wait, one call at a time.

    What began before an item came is never its answer.

    Args:
        work: Returns a result for each item, in their order; what it raises, all are told.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Result]]) -> None:
        self._work = work
        self._asked: deque[_Asked[Item, Result]] = deque()
        self._working = threading.Lock()

    def __call__(self, item: Item) -> Result:
        """Return the result for an item."""
        asked: _Asked[Item, Result] = _Asked(item)
        self._asked.append(asked)
        with self._working:
            if asked.settled is None:
                self._settle()
        assert asked.settled is not None, "everything that waited is settled"
        return asked.settled()

    def _settle(self) -> None:
        # Others may add to the queue meanwhile; who does settles on their own.
        batch = [self._asked.popleft() for _ in range(len(self._asked))]
        try:
            results = self._work([each.item for each in batch])
        except BaseException as error:  # noqa: BLE001 - who asked raises it
            for each in batch:
                each.settled = partial(_raised, error)
        else:
            for each, result in zip(batch, results, strict=True):
                each.settled = partial(_same, result)


def _raised(error: BaseException) -> NoReturn:
    raise error


def _same(result: Result) -> Result:
    return result
