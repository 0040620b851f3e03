"""Many items, several threads, one result each."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Done(Generic[Item, Result]):
    """What became of one item: a result, or the error that was raised."""

    item: Item
    result: Result | None = None
    error: Exception | None = None

    @property
    def succeeded(self) -> bool:
        """Tell whether there was no error."""
        return self.error is None


def batch_process(
    items: Sequence[Item],
    process: Callable[[Item], Result],
    *,
    workers: int = 4,
    progress: Callable[[int, int], None] | None = None,
) -> list[Done[Item, Result]]:
    """Return what *process* made of every item, in their order.

    An error of *process* is part of the result; one of *progress* ends the batch.
    """
    steps, lock = iter(range(1, len(items) + 1)), threading.Lock()

    def work(item: Item) -> Done[Item, Result]:
        done = _worked(item, process)
        with lock:
            _report(progress, steps, len(items))
        return done

    with ThreadPoolExecutor(max_workers=max(1, min(workers, len(items) or 1))) as pool:
        try:
            return list(pool.map(work, items))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _worked(item: Item, process: Callable[[Item], Result]) -> Done[Item, Result]:
    try:
        return Done(item, process(item))
    except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to this item alone
        return Done(item, error=error)


def _report(progress: Callable[[int, int], None] | None, steps: Iterator[int], whole: int) -> None:
    done = next(steps)
    if progress is not None:
        progress(done, whole)
