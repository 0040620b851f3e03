"""A record as a table row."""

from mockserver.core.rows import changed_columns, row_of
from mockserver.core.schema import Field, Kind, Resource

SHEET = Resource(
    "sheets",
    "Sheet",
    (
        Field("id", Kind.INTEGER),
        Field("title", Kind.TEXT),
        Field("open", Kind.FLAG),
        Field("extra", Kind.ANY),
        Field("body", Kind.TEXT),
        Field("secret", Kind.TEXT, write_only=True),
        Field("place", Kind.OBJECT, fields=(Field("city", Kind.TEXT), Field("no", Kind.INTEGER))),
        Field("lines", Kind.LIST, items=Kind.TEXT),
    ),
    parent="id",
    parent_path="books",
)
BLANK = {
    "id": 4,
    "title": None,
    "open": None,
    "extra": None,
    "body_": None,
    "place_city": None,
    "place_no": None,
    "parent_id": 2,
    "body": b"{}",
}


def row(**record):
    return row_of(SHEET, {"id": 4, **record}, {"body": b"{}"}, 2)


def test_every_column_is_named_even_when_it_is_empty():
    assert row() == BLANK


def test_texts_are_kept_as_they_are_compared():
    made = row(title="STRASSE  ", place={"city": "ÉVRY", "no": 3}, body="X")
    assert made == {**BLANK, "title": "strasse", "place_city": "évry", "place_no": 3, "body_": "x"}


def test_what_has_no_column_is_left_out():
    assert row(lines=["a"], secret="s", colour=1, place="nowhere") == BLANK


def test_a_value_of_any_kind_is_kept_as_text():
    assert row(extra={"a": 1})["extra"] == "{'a': 1}"
    assert row(open=False)["open"] is False


def test_one_row_does_not_leak_into_the_next():
    row(title="x")
    assert row() == BLANK


def changes(before, **after):
    return changed_columns(SHEET, {"id": 4, **before}, {"id": 4, **after})


def test_only_columns_that_read_otherwise_have_changed():
    before = {"title": "x", "open": True, "place": {"city": "Paris", "no": 3}}
    assert changes(before, **before) == {}
    assert changes(before, title="X ", open=True, place={"city": "Lyon", "no": 3}) == {
        "place_city": "lyon"
    }
    assert changes(before, title="y") == {
        "title": "y",
        "open": None,
        "place_city": None,
        "place_no": None,
    }


def test_what_has_no_column_changes_none():
    assert changes({"lines": ["a"], "secret": "s"}, lines=["b"], secret="t") == {}
