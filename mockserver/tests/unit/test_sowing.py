"""Sown collections against their declarations: complete, valid, coherent, reproducible."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from sowing_world import World, default_world

from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.validate import Policy, checked, missing
from mockserver.fixtures.sow_needs import all_needs
from mockserver.fixtures.sow_order import Needs, is_earlier, ordered, ranks
from mockserver.fixtures.sow_targets import Form, links
from mockserver.fixtures.vocabulary import table

POLICY = Policy(refuse_unknown=True, offsets=False)
CLOCKED = ("dateStart", "dateEnd"), ("startDate", "endDate"), ("StartTimestamp", "EndTimestamp")
CLOCKED += ("timeStartUtc", "timeEndUtc"), ("startTime", "endTime"), ("effectiveDate", "endingDate")
#: Rows whose name is that of something else, or of which each parent may have several alike.
MIRRORED_NAMES = ("activities", "opportunities", "documents", "configurations", "Monitors", "info")


@pytest.fixture(scope="module")
def world() -> World:
    made = default_world()
    for path in sorted(made.resources):
        made.entries(path)
    return made


def sown(world: World) -> Iterator[tuple[Resource, list[tuple[dict[str, Any], int | None]]]]:
    for path, rows in world.raw.items():
        yield world.resources[path], rows


def test_every_collection_has_three_records(world):
    short = {path: len(rows) for path, rows in world.rows.items() if len(rows) < 3}
    assert short == {}


def test_children_are_spread_over_their_parents(world):
    for resource, rows in sown(world):
        if resource.parent_path is None:
            assert all(parent_id is None for _, parent_id in rows), resource.path
            continue
        known = {each.id for each in world.entries(resource.parent_path)}
        owners = {parent_id for _, parent_id in rows}
        assert owners <= known, resource.path
        assert len(owners) >= min(3, len(known))


def test_the_same_seed_gives_the_same_records_whatever_is_asked_for_first(world):
    backwards = World()
    for path in sorted(backwards.resources, reverse=True):
        backwards.entries(path)
    for path, rows in world.raw.items():
        assert rows == backwards.raw[path], path


def test_another_seed_gives_other_records(world):
    other = World(7)
    assert other.entries("sales/activities") != world.entries("sales/activities")


def test_records_pass_the_checks_that_a_callers_payload_has_to_pass(world):
    wrong = [
        (resource.path, fault.path, fault.flaw, fault.value)
        for resource, rows in sown(world)
        for record, _ in rows
        for fault in faults(resource, record)
    ]
    assert wrong == []


def faults(resource: Resource, record: Mapping[str, Any]) -> Iterator[Any]:
    known = {n: v for n, v in record.items() if n != "id" or "id" in resource.members}
    clean, found = checked(resource, known, POLICY)
    yield from found
    yield from missing(resource, {**record, **clean}, update=True)
    assert not any(f.write_only and f.name in record for f in resource.fields), resource.path
    for declared in resource.fields:
        if declared.read_only and declared.name in record and declared.name != resource.key:
            assert has_its_type(declared, record[declared.name]), (resource.path, declared.name)


def has_its_type(declared: Field, value: Any) -> bool:
    types = {Kind.TEXT: str, Kind.INTEGER: int, Kind.FLAG: bool, Kind.NUMBER: int | float}
    return isinstance(value, types.get(declared.kind, object))


#: What names a record that is no longer there.
GONE = {("automate:RetiredAssets", "ComputerId")}


def test_references_point_at_records_that_are_there(world):
    for resource, rows in sown(world):
        known = [each for each in links(resource) if each.form in {Form.REFERENCE, Form.NUMBER}]
        for record, _ in rows:
            for link in known:
                value = record.get(link.field.name)
                value = value.get(link.field.id_member) if isinstance(value, dict) else value
                if value is not None and world.entries(link.target):
                    is_gone = (resource.path, link.field.name) in GONE
                    ids = known_ids(world, link.target)
                    told = (resource.path, link.field.name, value)
                    assert (int(value) in ids) is not is_gone, told


def known_ids(world: World, path: str) -> frozenset[int]:
    rows = world.entries(path)
    return _ids(tuple(each.id for each in rows))


@cache
def _ids(ids: tuple[int, ...]) -> frozenset[int]:
    return frozenset(ids)


def test_ids_ascend_and_are_unique(world):
    for resource, rows in sown(world):
        ids = [record.get("id", record.get(resource.key)) for record, _ in rows]
        assert ids == sorted(set(ids)), resource.path


def test_names_are_unique_below_their_parent(world):
    for resource, rows in sown(world):
        if resource.path.rpartition("/")[2] in MIRRORED_NAMES or "name" not in resource.members:
            continue
        if resource.members["name"].kind is not Kind.TEXT:
            continue
        name = resource.members["name"].name
        named = [(parent, record[name]) for record, parent in rows if name in record]
        assert len(named) == len(set(named)), resource.path


def test_what_starts_ends_later(world):
    for resource, rows in sown(world):
        for record, _ in rows:
            for start, end in CLOCKED:
                if start in record and end in record:
                    assert record[start] <= record[end], (resource.path, record)
            stamps = record.get("_info")
            assert stamps is None or stamps["dateEntered"] <= stamps["lastUpdated"]


def test_one_record_below_each_parent_is_the_default(world):
    for resource, rows in sown(world):
        if "defaultflag" not in resource.members:
            continue
        if resource.path.endswith(("/info", "companies")):
            continue
        defaults: dict[int | None, int] = {}
        for record, parent in rows:
            defaults[parent] = defaults.get(parent, 0) + bool(record.get("defaultFlag"))
        assert set(defaults.values()) == {1}, resource.path


def test_hand_written_words_name_members_that_exist(world):
    for name, space in (("sow_setup", ""), ("sow_machines", "automate:")):
        for path, content in table(name).items():
            resource = world.resources[f"{space}{path}"]
            names = content.get("fields", ()) if isinstance(content, dict) else ()
            known = {each.name for each in resource.fields}
            assert set(names) <= known, (path, set(names) - known)


def test_the_order_of_sowing_is_the_one_that_the_catalogues_ask_for():
    assert ordered(all_needs()) == list(ranks())


def test_collections_that_must_have_each_other_are_refused():
    each = {"a": Needs(frozenset({"b"}), frozenset()), "b": Needs(frozenset({"a"}), frozenset())}
    with pytest.raises(ValueError, match="need each other: a, b"):
        ordered(each)


def test_hand_made_collections_come_before_sown_ones():
    assert is_earlier("company/companies", "sales/orders")
    assert is_earlier("sales/opportunities", "sales/orders")
    assert not is_earlier("sales/orders", "sales/opportunities")
    assert not is_earlier("sales/orders", "sales/orders")
    assert is_earlier("sales/orders", "a/users/own")
