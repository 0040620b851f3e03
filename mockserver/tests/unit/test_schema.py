"""Declarations."""

from dataclasses import replace

import pytest

from mockserver.core.conditions import parse_and_bind
from mockserver.core.registry import Registry
from mockserver.core.schema import Column, Field, Kind, Labels, Resource
from mockserver.psa.dialect import OBSERVED
from mockserver.tests.conditions_support import Bench
from mockserver.tests.records_support import DESKS, PEOPLE, ROOMS, TAGS, registry

DEEP = Resource(
    "deep",
    "Deep",
    (
        Field("id", Kind.INTEGER),
        Field(
            "one",
            Kind.OBJECT,
            fields=(
                Field("name", Kind.TEXT),
                Field(
                    "two",
                    Kind.OBJECT,
                    fields=(
                        Field("flag", Kind.FLAG),
                        Field("three", Kind.OBJECT, fields=(Field("x", Kind.TEXT),)),
                    ),
                ),
            ),
        ),
        Field("body", Kind.TEXT),
        Field("one_name", Kind.TEXT),
        Field("rows", Kind.LIST, fields=(Field("x", Kind.TEXT),)),
        Field("hidden", Kind.TEXT, write_only=True),
    ),
    aliases={"Title": "one/NAME"},
    virtual=(Column("seen", "seen", Kind.FLAG, ("seen",)),),
)


def test_every_filterable_path_is_a_column_two_objects_deep():
    assert [column.path for column in DEEP.columns] == [
        "id",
        "one/name",
        "one/two/flag",
        "body",
        "seen",
    ]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("rank/name = 'LOW'", [1, 4]),
        ("rank/name != 'low'", [2, 3]),
        ("rank/name contains 'ig'", [2, 3]),
        ("rank/name in ('high', 'other')", [2, 3]),
        ("rank/name = null", []),
        ("rank/name != null", [1, 2, 3, 4]),
        ("rank = 7", [3]),
    ],
)
def test_numbers_are_compared_by_the_texts_that_are_shown_for_them(condition, found):
    labels = Labels(((1, "Low"), (2, "High")), otherwise="High", missing="Low")
    kept = Resource("kept", "Kept", (Field("rank", Kind.INTEGER),))
    shown = Column("rank/name", "rank", Kind.TEXT, ("rank",), labels=labels)
    bench = Bench(kept, [{"rank": 1}, {"rank": 2}, {"rank": 7}, {}])
    tree = parse_and_bind(condition, replace(kept, labelled=(shown,)), OBSERVED)

    assert (bench.by_sql(tree), bench.by_predicate(tree)) == (found, found)
    bench.close()


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("seconds >= 120", [2]),
        ("seconds = 60", [1]),
        ("seconds != 60", [2]),
        ("seconds in (60, 7)", [1]),
        ("seconds = null", [3]),
        ("minutes = 2 and seconds < 120.5", [2]),
    ],
)
def test_numbers_are_compared_in_the_unit_that_is_shown(condition, found):
    kept = Resource("kept", "Kept", (Field("minutes", Kind.INTEGER),))
    shown = Column("seconds", "minutes", Kind.INTEGER, ("minutes",), factor=60)
    bench = Bench(kept, [{"minutes": 1}, {"minutes": 2}, {}])
    tree = parse_and_bind(condition, replace(kept, labelled=(shown,)), OBSERVED)

    assert (bench.by_sql(tree), bench.by_predicate(tree)) == (found, found)
    bench.close()


def test_a_column_never_takes_a_name_that_every_table_has():
    assert DEEP.by_path["body"].name == "body_"


def test_paths_and_aliases_are_found_whatever_their_case():
    assert DEEP.by_path["title"] is DEEP.by_path["one/name"]
    assert DEEP.members["rows"].kind is Kind.LIST
    assert set(DEEP.lists) == {"rows"}


def test_references_and_lists_of_references_are_told_apart():
    assert [field.name for field in PEOPLE.references] == ["room", "desk", "boss"]
    assert [field.name for field in PEOPLE.reference_lists] == ["tags"]
    assert PEOPLE.references[0].id_member == "id"


def test_a_table_has_the_columns_the_parent_and_the_views():
    table = registry().statements(DESKS).table
    assert table.name == "rooms_desks"
    assert list(table.c.keys()) == [
        "id",
        "parent_id",
        "name",
        "room_id",
        "room_name",
        "next_id",
        "next_name",
        "body",
    ]
    indexed = {column.name for index in table.indexes for column in index.columns}
    assert indexed == {"parent_id", "name"}


def test_a_registry_knows_who_refers_to_whom():
    known = registry()
    found = [(owner.path, field.name) for owner, field in known.referrers("rooms/desks")]
    assert found == [("rooms", "bestDesk"), ("rooms/desks", "next"), ("people", "desk")]
    assert known.referrers("nowhere") == ()


def test_statements_are_made_once_for_all_tenants():
    known = registry()
    assert known.statements(TAGS) is known.statements(TAGS)
    assert registry().statements(TAGS) is not known.statements(TAGS)


def test_resources_are_looked_up_once():
    asked = []

    def find(path):
        asked.append(path)
        return ROOMS

    known = Registry(find, lambda _path: ())
    assert known.resource("rooms") is known.resource("rooms")
    assert asked == ["rooms"]
