"""What a store remembers of its reads."""

from mockserver.core import memory as memory_module
from mockserver.core.memory import Memory
from mockserver.tests.records_support import ROOMS


def test_of_too_many_records_the_oldest_is_forgotten(monkeypatch):
    monkeypatch.setattr(memory_module, "RECORDS_MAX", 3)
    memory = Memory()
    for record_id in range(1, 5):
        memory.record("rooms", record_id)["body"] = record_id

    assert [memory.record("rooms", each).get("body") for each in (2, 3, 4)] == [2, 3, 4]
    assert memory.record("rooms", 1) == {}


def test_of_too_many_answers_the_oldest_is_found_again(monkeypatch):
    monkeypatch.setattr(memory_module, "ANSWERS_MAX", 2)
    memory, asked = Memory(), []
    for key in (1, 2, 3, 2, 3, 1):
        memory.answer("rooms", key, lambda key=key: asked.append(key))

    assert asked == [1, 2, 3, 1]


def test_an_answer_is_found_again_after_a_write():
    memory, asked = Memory(), []
    for _ in range(2):
        memory.answer("rooms", "all", lambda: asked.append("all"))
        memory.written(ROOMS, 1)

    assert asked == ["all", "all"]
