"""Patch documents."""

import copy

import pytest

from mockserver.core.errors import BadPatch
from mockserver.core.patch import OPERATIONS_MAX, PatchDialect, changes, merged
from mockserver.core.schema import Field, Kind, Resource

ROW = (Field("id", Kind.INTEGER), Field("value", Kind.ANY))
CARD = Resource(
    "cards",
    "Card",
    (
        Field("id", Kind.INTEGER, read_only=True),
        Field("summary", Kind.TEXT),
        Field(
            "status",
            Kind.REFERENCE,
            target="statuses",
            fields=(Field("id", Kind.INTEGER), Field("name", Kind.TEXT)),
        ),
        Field("place", Kind.OBJECT, fields=(Field("city", Kind.TEXT), Field("zip", Kind.TEXT))),
        Field("items", Kind.LIST, fields=ROW),
        Field("customFields", Kind.LIST, fields=ROW),
    ),
)
RECORD = {
    "id": 7,
    "summary": "a",
    "status": {"id": 1, "name": "New"},
    "place": {"city": "Rome", "zip": "1"},
    "items": [{"id": 1, "value": "x"}, {"id": 2, "value": "y"}],
    "customFields": [{"id": 1, "value": 1}, {"id": 2, "value": 2}],
}
DIALECT = PatchDialect(merged_rows=frozenset({"customFields"}))


def op(kind, path, value=None):
    return {"op": kind, "path": path, "value": value}


def patched(*operations, dialect=DIALECT):
    return changes(CARD, RECORD, list(operations), dialect)


@pytest.mark.parametrize("path", ["summary", "/summary", "/summary/"])
@pytest.mark.parametrize("kind", ["add", "replace", "REPLACE"])
def test_a_member_is_given_a_value(kind, path):
    assert patched(op(kind, path, "b")) == {"summary": "b"}


def test_remove_clears():
    assert patched(op("remove", "/summary", "ignored")) == {"summary": None}


def test_operations_apply_in_order():
    made = patched(
        op("add", "/items/2", {"id": 3}),
        op("replace", "/items/0/value", "z"),
        op("remove", "/items/1"),
        op("add", "/items/-", {"id": 4}),
        op("add", "/items/0", {"id": 0}),
    )
    assert made == {"items": [{"id": 0}, {"id": 1, "value": "z"}, {"id": 3}, {"id": 4}]}


def test_members_of_an_object_change_alone():
    made = patched(op("replace", "/place/CITY", "Bonn"), op("remove", "/place/zip"))
    assert made == {"place": {"city": "Bonn"}}


def test_a_path_into_a_reference_replaces_it():
    assert patched(op("replace", "/status/id", 5)) == {"status": {"id": 5}}
    assert patched(op("remove", "/status/id")) == {"status": None}


def test_a_path_to_another_member_of_a_reference_is_a_false_200():
    assert patched(op("replace", "status/name", "Closed")) == {}
    both = PatchDialect(into_references=frozenset({"id", "name"}))
    assert patched(op("replace", "status/name", "X"), dialect=both) == {"status": {"name": "X"}}


def test_rows_of_a_merged_list_keep_what_is_not_given():
    made = patched(op("replace", "/customFields", [{"id": 2, "value": 9}, {"id": 3, "value": 3}]))
    assert made["customFields"] == [
        {"id": 1, "value": 1},
        {"id": 2, "value": 9},
        {"id": 3, "value": 3},
    ]
    assert patched(op("replace", "/customFields", []))["customFields"] == RECORD["customFields"]
    assert patched(op("remove", "/customFields")) == {"customFields": None}


@pytest.mark.parametrize("row", [{"id": []}, {"id": {}}, {}, [], None, 5, {"id": None}])
def test_a_row_without_a_usable_id_is_added_for_validation_to_judge(row):
    made = patched(op("replace", "/customFields", [row]))
    assert made["customFields"] == [*RECORD["customFields"], row]


@pytest.mark.parametrize(
    "operation",
    [
        None,
        5,
        [],
        {},
        {"op": "replace"},
        {"path": "/summary"},
        op("move", "/summary"),
        op(None, "/summary"),
        op(["replace"], "/summary"),
        op({"a": 1}, "/summary"),
        op("replace", None),
        op("replace", 5),
        op("replace", ["summary"]),
        op("replace", ""),
        op("replace", "/"),
        op("replace", "//summary"),
        op("replace", "/place//city"),
        op("replace", "/nope"),
        op("replace", "/Summary"),
        op("replace", "/summary/x"),
        op("replace", "/status/nope"),
        op("replace", "/status/id/x"),
        op("replace", "/items/2"),
        op("replace", "/items/-"),
        op("replace", "/items/٣"),
        op("add", "/items/3"),
        op("add", "/items/-1"),
        op("remove", "/items/x"),
        op("replace", "/items/9/value"),
        op("replace", "/items/0/value/deeper"),
        op("replace", "/" + "items/0/" * 50_000),
        op("x" * 1_000_000, "/summary"),
    ],
)
def test_what_cannot_be_applied_is_refused_with_a_short_message(operation):
    with pytest.raises(BadPatch) as refused:
        patched(op("replace", "/summary", "b"), operation)
    assert 0 < len(refused.value.message) < 300


@pytest.mark.parametrize("document", [None, {}, "x", 5, {"op": "replace"}])
def test_a_document_that_is_no_list_is_refused(document):
    with pytest.raises(BadPatch):
        changes(CARD, RECORD, document, DIALECT)


def test_a_document_may_have_so_many_operations():
    assert patched(*[op("replace", "/summary", "b")] * OPERATIONS_MAX) == {"summary": "b"}
    with pytest.raises(BadPatch):
        patched(*[op("replace", "/summary", "b")] * (OPERATIONS_MAX + 1))


def test_deeply_nested_operations_are_refused_not_a_crash():
    deep = "x"
    for _ in range(1_000):
        deep = [deep]
    for operation in (op(deep, "/summary"), op("replace", deep)):
        with pytest.raises(BadPatch):
            patched(operation)
    made = patched(op("replace", "/items", deep), op("add", "/items/1", 5))
    assert len(made["items"]) == 2


def test_the_record_is_left_alone():
    before = copy.deepcopy(RECORD)
    patched(
        op("replace", "/items/0/value", "z"),
        op("remove", "/items/0"),
        op("replace", "/place/city", "Bonn"),
        op("replace", "/customFields", [{"id": 1, "value": 0}]),
        op("replace", "/customFields/0/value", 5),
    )
    assert before == RECORD


def test_names_may_be_read_whatever_their_case():
    dialect = PatchDialect(case_sensitive=False)
    assert patched(op("replace", "/SUMMARY", "b"), dialect=dialect) == {"summary": "b"}


def test_a_partial_object_is_merged_one_level_deep():
    made = merged(CARD, RECORD, {"Place": {"zip": "2"}, "status": {"id": 4}, "items": []})
    assert made == {"Place": {"city": "Rome", "zip": "2"}, "status": {"id": 4}, "items": []}
    assert merged(CARD, RECORD, {"place": 5, "nope": 1}) == {"place": 5, "nope": 1}
    assert merged(CARD, RECORD, {"place": None}) == {"place": None}
