"""What many tenants touch is copied to all of them, anything else fetched when it is touched."""

import pytest

from mockserver.core.store import Store
from mockserver.core.template import FETCHED_MIN, Template
from mockserver.tests.records_support import DESKS, ROOMS, Rows, registry

SEEDS = {
    "rooms": [({"id": 1, "name": "Blue", "seats": 2}, None), ({"id": 5, "name": "Red"}, None)],
    "rooms/desks": [({"id": 3, "name": "Window", "room": {"id": 5, "name": "Red"}}, 5)],
}


class Given(Rows):
    """Rows that are given when they are asked for, or all at once."""

    scratch = None

    def __init__(self, *, lazy):
        super().__init__(SEEDS)
        self.lazy = lazy

    def fill(self, store):
        if not self.lazy:
            store.table(ROOMS)


@pytest.fixture
def template():
    return Template(registry(), Given(lazy=True))


def begun(template):
    """Return a store that began with the template."""
    store = Store(registry(), template)
    store.restart(template)
    return store


def copied(template, resource):
    return resource.table in begun(template).tables.ready


def test_what_nobody_touched_is_copied_to_nobody(template):
    assert template.is_empty()
    assert template.has(ROOMS)
    assert not copied(template, ROOMS)


def test_what_many_touch_is_copied_to_all_that_come_later(template):
    for _ in range(FETCHED_MIN):
        assert not copied(template, ROOMS)
        assert begun(template).body(ROOMS, 1)

    assert copied(template, ROOMS)
    assert not copied(template, DESKS)
    assert template.source.asked == ["rooms"]


def test_what_few_of_many_touch_is_not_copied(template):
    for _ in range(FETCHED_MIN):
        for _ in range(100):
            begun(template).close()
        assert begun(template).body(DESKS, 3)

    assert not copied(template, DESKS)


def test_a_copied_table_goes_its_own_way_and_numbers_on(template):
    stores = [begun(template) for _ in range(FETCHED_MIN + 1)]
    for store in stores:
        store.delete(ROOMS, 5)

    assert [store.next_id(ROOMS) for store in stores] == [6] * len(stores)
    assert begun(template).matching(ROOMS) == (1, 5)


def test_what_was_made_all_at_once_is_copied_whole():
    template = Template(registry(), Given(lazy=False))

    assert not template.is_empty()
    assert copied(template, ROOMS)


def test_who_only_looks_for_records_fetches_no_table(template):
    store = begun(template)

    assert store.matching(ROOMS, name="red") == (5,)
    assert store.matching(ROOMS, 1) == (1,)
    assert store.matching(ROOMS, no_such_column=1) == ()
    assert not store.is_filled(ROOMS)
    store.delete(ROOMS, 5)
    assert store.matching(ROOMS) == (1,)
    assert begun(template).matching(ROOMS) == (1, 5)
