import asyncio
import threading

from mockserver.core.slots import Occupancy, Slots


def test_everything_is_ready_when_there_is_no_limit():
    slots = Slots(lambda: None)

    assert all(slots.enter("k").ready for _ in range(100))
    assert slots.occupancy("k") == Occupancy(running=100, waiting=0)


def test_what_is_above_the_limit_waits_in_order():
    slots = Slots(lambda: 2)
    first, second, third, fourth = (slots.enter("k") for _ in range(4))
    assert [slot.ready for slot in (first, second, third, fourth)] == [True, True, False, False]

    second.leave()

    assert (third.ready, fourth.ready) == (True, False)


def test_keys_do_not_wait_for_each_other():
    slots = Slots(lambda: 1)
    slots.enter("a")

    assert slots.enter("b").ready


def test_leaving_twice_frees_one_place():
    slots = Slots(lambda: 1)
    first, second, third = (slots.enter("k") for _ in range(3))

    first.leave()
    first.leave()

    assert (second.ready, third.ready) == (True, False)


def test_whoever_gives_up_waiting_frees_its_place_in_the_queue():
    slots = Slots(lambda: 1)
    first, second, third = (slots.enter("k") for _ in range(3))

    second.leave()
    first.leave()

    assert not second.ready
    assert third.ready


def test_nothing_is_remembered_of_keys_that_left():
    slots = Slots(lambda: 1)
    held = [slots.enter(str(number)) for number in range(5)]
    [slot.leave() for slot in held]

    assert slots._lanes == {}
    assert slots.occupancy("0") == Occupancy(0, 0)


def test_raised_limit_lets_waiters_in():
    limit = [1]
    slots = Slots(lambda: limit[0])
    waiting = [slots.enter("k") for _ in range(4)][1:]

    limit[0] = 3
    slots.admit()
    assert [slot.ready for slot in waiting] == [True, True, False]

    limit[0] = None
    slots.admit()
    assert all(slot.ready for slot in waiting)


def test_lowered_limit_drains_first():
    limit = [2]
    slots = Slots(lambda: limit[0])
    first, second, third = (slots.enter("k") for _ in range(3))

    limit[0] = 1
    first.leave()
    assert not third.ready
    second.leave()
    assert third.ready


def test_block_wakes_the_thread_whose_turn_it_is():
    slots = Slots(lambda: 1)
    first, second = slots.enter("k"), slots.enter("k")
    woken = []
    thread = threading.Thread(target=lambda: woken.append(second.block(timeout_s=10)))
    thread.start()

    first.leave()
    thread.join(timeout=10)

    assert woken == [True]
    assert first.block()


def test_block_tells_when_time_is_up():
    slots = Slots(lambda: 1)
    slots.enter("k")

    assert slots.enter("k").block(timeout_s=0.001) is False


def test_threads_never_exceed_the_limit_and_all_get_through():
    slots, lock, running, most, done = Slots(lambda: 3), threading.Lock(), [0], [0], []

    def work():
        slot = slots.enter("k")
        slot.block()
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        with lock:
            running[0] -= 1
        slot.leave()
        done.append(1)

    threads = [threading.Thread(target=work) for _ in range(40)]
    [thread.start() for thread in threads]
    [thread.join(timeout=10) for thread in threads]

    assert len(done) == 40
    assert 1 <= most[0] <= 3


def test_event_loop_awaits_its_turn():
    slots, order = Slots(lambda: 1), []

    async def work(number):
        slot = slots.enter("k")
        await slot.passed()
        order.append(number)
        threading.Thread(target=slot.leave).start()

    async def run_all():
        await asyncio.wait_for(asyncio.gather(*(work(n) for n in range(5))), timeout=10)

    asyncio.run(run_all())
    assert order == [0, 1, 2, 3, 4]


def test_cancelled_waiter_leaves_room_for_the_next():
    slots = Slots(lambda: 1)

    async def scenario():
        first, second, third = (slots.enter("k") for _ in range(3))
        task = asyncio.ensure_future(second.passed())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        second.leave()
        first.leave()
        await asyncio.wait_for(third.passed(), timeout=10)
        return third.ready

    assert asyncio.run(scenario())


def test_waiter_whose_event_loop_is_gone_does_not_hold_its_place():
    slots = Slots(lambda: 1)
    first, second, third = (slots.enter("k") for _ in range(3))
    loop = asyncio.new_event_loop()
    task = loop.create_task(second.passed())
    loop.run_until_complete(asyncio.sleep(0))
    loop.run_until_complete(_cancelled(task))
    loop.close()

    first.leave()

    assert third.ready


async def _cancelled(task):
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
