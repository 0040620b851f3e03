"""The threads behind the server: one, and others only while it is held up."""

import asyncio
import threading

from mockserver.web import crew as crew_module
from mockserver.web.crew import Crew


def test_one_thread_does_all_the_work_while_it_gets_on(monkeypatch):
    # However busy the machine is, nobody is held up here.
    monkeypatch.setattr(crew_module, "PATIENCE_S", 60)

    async def work():
        crew = Crew(64)
        names = await asyncio.gather(
            *(crew.run(lambda: threading.current_thread().name) for _ in range(50))
        )
        crew.dismiss()
        return names

    assert set(asyncio.run(work())) == {"cwmock-1"}


def test_others_help_out_as_long_as_it_is_held_up():
    async def work():
        crew, gate, done = Crew(64), threading.Event(), []
        held_up = asyncio.ensure_future(crew.run(gate.wait))
        await asyncio.sleep(0)
        done += [await crew.run(lambda: threading.current_thread().name) for _ in range(20)]
        gate.set()
        await held_up
        done += [await crew.run(lambda: threading.current_thread().name) for _ in range(20)]
        crew.dismiss()
        return done

    done = asyncio.run(work())

    assert "cwmock-1" not in done[:20]
    # A helper that already waits for work takes one more.
    assert done[-1] == "cwmock-1"


def test_never_more_threads_than_it_was_told():
    together = threading.Barrier(3)

    def meet():
        together.wait(timeout=10)
        return threading.current_thread().name

    async def work():
        crew = Crew(3)
        names = await asyncio.gather(*(crew.run(meet) for _ in range(9)))
        crew.dismiss()
        return names

    assert set(asyncio.run(work())) == {"cwmock-1", "cwmock-2", "cwmock-3"}
