"""Seeded rows: shifted by whole days, history left alone, the same bytes under a frozen clock."""

import re
from datetime import UTC, date, datetime, timedelta

import orjson
import pytest

from mockserver import World, create_app
from mockserver.core.clock import Clock
from mockserver.core.plan import Plan
from mockserver.core.statements import Page
from mockserver.core.told import TOLD, told
from mockserver.fixtures.instants import ANCHOR, HISTORY_END
from mockserver.vendors import registry_and_shapes
from mockserver.world_folder import Shipped, Told, shifter, shipped_files
from mockserver.worlds import Built, Worlds, scale_of

REGISTRY, SHAPES = registry_and_shapes()
TICKETS = REGISTRY.resource("service/tickets")
INSTANT = re.compile(rb'["=](\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z"')


def text(days, path="service/tickets"):
    resource = REGISTRY.resource(path)
    rows = Shipped(Told(shipped_files()), days, REGISTRY, SHAPES).rows(resource)
    return b"\n".join(row[resource.views[0]] for row in rows)


@pytest.mark.parametrize("days", [1, 40, 366, -3])
@pytest.mark.parametrize("path", ["service/tickets", "time/entries", "automate:Computers"])
def test_instants_move_by_whole_days_and_history_stays(path, days):
    before, after = text(0, path), text(days, path)
    assert len(before) == len(after)
    pairs = list(zip(INSTANT.findall(before), INSTANT.findall(after), strict=True))
    assert pairs
    for (day, hour), (moved_day, moved_hour) in pairs:
        moved = date.fromisoformat(moved_day.decode()) - date.fromisoformat(day.decode())
        is_history = date.fromisoformat(day.decode()) <= HISTORY_END
        assert moved == timedelta(days=0 if is_history else days)
        assert hour == moved_hour
    assert timeless(before) == timeless(after)


def timeless(found):
    return TOLD.sub(b"", INSTANT.sub(b"", found))


@pytest.mark.parametrize("days", [1, 2, 365, 500, -1, -40])
def test_deadlines_in_words_and_times_of_pictures_move_and_come_back(days):
    at = datetime(2026, 6, 30, 9, 22, tzinfo=UTC)
    told_at = told(at).encode()
    picture = b'"/members/1/image?lm=2026-06-30T09:22:00Z"'

    assert told_at == b"Resolve by Tue 06/30 4:22 AM UTC-05"
    later = shifter(days)(told_at + picture)
    day = (at + timedelta(days=days)).date().isoformat().encode()
    assert later == told(at + timedelta(days=days)).encode() + picture.replace(b"2026-06-30", day)
    assert shifter(-days)(later) == told_at + picture


def test_deadlines_of_history_and_of_no_day_stay():
    for kept in (b"Resolve by Sun 06/30 4:22 AM UTC-05", b"Resolve by Mon 02/30 4:22 AM UTC-05"):
        assert shifter(9)(kept) == kept


def test_open_tickets_tell_when_they_must_be_resolved():
    tickets = [orjson.loads(line) for line in text(0).splitlines()]
    told_by = {t["id"]: t["slaStatus"] for t in tickets if not t["closedFlag"]}

    assert all(each.startswith("Resolve by ") for each in told_by.values())
    # Priority 1 has four hours, nights and days alike; it came in at 23:59:59 UTC.
    assert told_by[54321] == "Resolve by Tue 06/30 10:59 PM UTC-05"


def test_only_instants_move():
    kept = b'{"a":"2026-06-30","b":"x 2026-06-30T10:00:00Z","c":"2026-06-30T10:00:00.5Z","d":2026}'
    assert shifter(9)(kept) == kept
    assert shifter(2)(b'["2026-06-30T10:00:00Z"]') == b'["2026-07-02T10:00:00Z"]'
    assert shifter(2)(b'["2024-06-30T10:00:00Z"]') == b'["2024-06-30T10:00:00Z"]'


def test_columns_and_bodies_move_together():
    for row in Shipped(Told(shipped_files()), 5, REGISTRY, SHAPES).rows(TICKETS):
        assert row["requireddate"] == orjson.loads(row["body"]).get("requiredDate")


def test_a_running_world_has_rows_of_yesterday_and_none_of_tomorrow():
    now = Clock().now()
    seeds = Worlds().seeds(Plan(), now, REGISTRY, SHAPES)
    infos = [orjson.loads(row["body"])["_info"] for row in seeds.rows(TICKETS)]
    newest = max(datetime.fromisoformat(each["dateEntered"]) for each in infos)
    assert now - timedelta(days=2) < newest <= now


def test_a_frozen_world_stands_at_the_anchor_and_is_not_shifted():
    seeds = Worlds().seeds(Plan(frozen=True), ANCHOR, REGISTRY, SHAPES)
    assert b"\n".join(row["body"] for row in seeds.rows(TICKETS)) == text(0)
    world = World.seeded(42, frozen=True)
    create_app(world)
    assert world.default.clock.now() == ANCHOR.astimezone(UTC)


def bodies(world, *paths):
    """Return the records of some collections, else of all: asked for is what is sown."""
    store = world.default.store
    resources = [REGISTRY.resource(path) for path in paths or sorted(REGISTRY.served)]
    return {each.path: store.bodies(each, Page(each.views[0])) for each in resources}


def test_a_built_world_of_the_same_seed_is_the_same_and_of_another_is_not():
    worlds = [World.seeded(seed, size="tiny", frozen=True) for seed in (7, 7, 8)]
    for world in worlds:
        create_app(world)
    first, second = map(bodies, worlds[:2])
    assert first == second
    assert first["company/companies"] != bodies(worlds[2], "company/companies")["company/companies"]


def test_a_built_world_is_shifted_too():
    plain, moved = (Built((7, scale_of("3")), d, REGISTRY, SHAPES) for d in (0, 30))
    assert not plain.has(TICKETS)
    assert list(plain.rows(TICKETS)) == []
    stores = [World.seeded(7, size="3", frozen=True) for _ in range(2)]
    for world, built in zip(stores, (plain, moved), strict=True):
        create_app(world)
        world.default.store.close()
        world.default.store.__init__(REGISTRY, built)
        built.fill(world.default.store)
    shapes = [
        timeless(b"".join(bodies(world, "service/tickets")["service/tickets"])) for world in stores
    ]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("size", ["", "huge", "-1", "1.5", "٣", "0x3"])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(ValueError, match="size must be"):
        scale_of(size)


def test_a_built_world_numbers_new_records_on_from_its_own():
    world = World.seeded(7, size="tiny")
    create_app(world)
    records = world.default.records["psa"]
    known = {row["id"] for row in records.store.rows(TICKETS)}

    assert records.store.next_id(TICKETS) == max(known) + 1
