"""What several threads ask for at the same time is done at once."""

import threading

import pytest

from mockserver.core.together import Together

MANY = 6


class Slow:
    """Work that waits to be let go, and notes what it was asked."""

    def __init__(self):
        self.begun, self.go, self.calls = threading.Event(), threading.Event(), []

    def __call__(self, items):
        self.begun.set()
        assert self.go.wait(30)
        self.calls.append(list(items))
        if "bad" in items:
            raise ValueError("bad")
        return [item.upper() for item in items]


def started(together, item, found):
    def run():
        try:
            found[item] = together(item)
        except ValueError as error:
            found[item] = error

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def all_at_once(items):
    """Let the first item be on its way while the others come; return work and results."""
    slow, found = Slow(), {}
    together = Together(slow)
    threads = [started(together, "first", found)]
    assert slow.begun.wait(30)
    threads += [started(together, item, found) for item in items]
    while len(together._asked) < len(items):
        threading.Event().wait(0.001)
    slow.go.set()
    for thread in threads:
        thread.join(30)
    return slow, found


def test_who_waits_is_answered_by_one_call_that_began_after_all_came():
    items = [f"item {number}" for number in range(MANY)]
    slow, found = all_at_once(items)
    assert slow.calls[0] == ["first"]
    assert sorted(slow.calls[1]) == items
    assert found == {item: item.upper() for item in ["first", *items]}


def test_all_are_told_of_a_failure_and_the_next_call_works():
    slow, found = all_at_once(["bad", "good"])
    assert found["first"] == "FIRST"
    assert {str(found["bad"]), str(found["good"])} == {"bad"}
    again = Together(slow)
    assert again("fine") == "FINE"
    with pytest.raises(ValueError, match="bad"):
        again("bad")
