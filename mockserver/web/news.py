"""Waiting for the next exchange of a journal, without a thread where there is an event loop."""

import asyncio
from dataclasses import dataclass

from mockserver.core.journal import Journal


@dataclass(frozen=True)
class News:
    """The next entry of a journal, or so many real seconds; implements ``pauses.Wait``.

    Attributes:
        journal: Whose.
        after_id: The newest entry that is known.
        timeout_s: How long to wait at most.
    """

    journal: Journal
    after_id: int
    timeout_s: float

    def block(self) -> None:
        """Wait in this thread."""
        self.journal.wait_for(self.after_id, self.timeout_s)

    async def passed(self) -> None:
        """Wait in the event loop."""
        loop, news = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            loop.call_soon_threadsafe(news.set)

        if self.journal.has_after(self.after_id, wake):
            return
        try:
            async with asyncio.timeout(self.timeout_s):
                await news.wait()
        except TimeoutError:
            pass
        finally:
            self.journal.forget(wake)
