"""A payload against its declaration."""

import pytest

from mockserver.core.errors import Flaw
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.validate import Policy, checked, missing, nested_deeper

LINE = (Field("count", Kind.INTEGER), Field("text", Kind.TEXT, max_length=3))
FORM = Resource(
    "forms",
    "Form",
    (
        Field("id", Kind.INTEGER, read_only=True),
        Field("title", Kind.TEXT, required=True, max_length=5),
        Field("size", Kind.INTEGER),
        Field("big", Kind.INTEGER, bits=64),
        Field("price", Kind.NUMBER),
        Field("open", Kind.FLAG),
        Field("due", Kind.INSTANT),
        Field("level", Kind.TEXT, enum=("Low", "High")),
        Field("owner", Kind.REFERENCE, fields=(Field("id", Kind.INTEGER),), required=True),
        Field("place", Kind.OBJECT, fields=LINE),
        Field("lines", Kind.LIST, fields=LINE),
        Field("numbers", Kind.LIST, items=Kind.INTEGER),
        Field("anything", Kind.ANY),
        Field("reason", Kind.TEXT, required_on_update=True),
    ),
)


def read(policy=Policy(), **payload):  # noqa: B008 - frozen
    return checked(FORM, payload, policy)


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("size", "13", 13),
        ("size", " +7 ", 7),
        ("size", 4.0, 4),
        ("size", "", None),
        ("size", None, None),
        ("big", 2**63 - 1, 2**63 - 1),
        ("price", "1.50", 1.5),
        ("price", 3, 3),
        ("open", "True", True),
        ("open", 0, False),
        ("title", 5, "5"),
        ("title", True, "True"),
        ("title", 1.25, "1.25"),
        ("title", "", ""),
        ("level", "hIGH", "High"),
        ("due", "2024-05-06", "2024-05-06T00:00:00Z"),
        ("due", "2024-05-06T07:08:09.123Z", "2024-05-06T07:08:09Z"),
        ("owner", {"ID": "3"}, {"id": 3}),
        ("owner", {}, {}),
        ("place", {"COUNT": 1, "text": None}, {"count": 1}),
        ("lines", [{"count": "1"}, {}], [{"count": 1}, {}]),
        ("lines", "", None),
        ("numbers", [1, "2"], [1, 2]),
        ("anything", {"a": [1, None, "x"]}, {"a": [1, None, "x"]}),
    ],
)
def test_values_are_read_leniently(name, given, kept):
    assert read(**{name: given}) == ({name: kept}, [])


@pytest.mark.parametrize(
    ("name", "given", "flaw", "path"),
    [
        ("size", "x", Flaw.WRONG_TYPE, "size"),
        ("size", "٣", Flaw.WRONG_TYPE, "size"),
        ("size", True, Flaw.WRONG_TYPE, "size"),
        ("size", 1.5, Flaw.WRONG_TYPE, "size"),
        ("size", [], Flaw.WRONG_TYPE, "size"),
        ("size", 2**31, Flaw.OUT_OF_RANGE, "size"),
        ("size", -(2**31) - 1, Flaw.OUT_OF_RANGE, "size"),
        ("size", 1e300, Flaw.OUT_OF_RANGE, "size"),
        ("big", 2**63, Flaw.OUT_OF_RANGE, "big"),
        ("price", "1,5", Flaw.WRONG_TYPE, "price"),
        ("price", 1e300, Flaw.OUT_OF_RANGE, "price"),
        ("price", "1e999", Flaw.OUT_OF_RANGE, "price"),
        ("price", float("nan"), Flaw.OUT_OF_RANGE, "price"),
        ("open", "yes", Flaw.WRONG_TYPE, "open"),
        ("open", 2, Flaw.WRONG_TYPE, "open"),
        ("title", "sixsix", Flaw.TOO_LONG, "title"),
        ("title", "a\0b", Flaw.RULE, "title"),
        ("title", {}, Flaw.WRONG_TYPE, "title"),
        ("level", "Middle", Flaw.NOT_IN_ENUM, "level"),
        ("due", "tomorrow", Flaw.BAD_INSTANT, "due"),
        ("due", "2024-05-06T07:08:09+02:00", Flaw.BAD_INSTANT, "due"),
        ("due", 5, Flaw.BAD_INSTANT, "due"),
        ("owner", 5, Flaw.WRONG_SHAPE, "owner"),
        ("owner", [{}], Flaw.WRONG_SHAPE, "owner"),
        ("owner", {"id": "x"}, Flaw.WRONG_TYPE, "owner/id"),
        ("owner", {"colour": 1}, Flaw.UNKNOWN_MEMBER, "owner/colour"),
        ("lines", {}, Flaw.WRONG_SHAPE, "lines"),
        ("lines", [{"text": "long"}], Flaw.TOO_LONG, "lines/text"),
        ("lines", [None], Flaw.WRONG_SHAPE, "lines"),
        ("numbers", [[]], Flaw.WRONG_TYPE, "numbers"),
        ("anything", "\0", Flaw.RULE, "anything"),
        ("colour", 1, Flaw.UNKNOWN_MEMBER, "colour"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_its_path(name, given, flaw, path):
    _, faults = read(**{name: given})
    assert [(fault.flaw, fault.path) for fault in faults] == [(flaw, path)]


def test_all_faults_are_named_at_once():
    _, faults = read(size="x", open=7, colour=1, lines=[{"count": "y"}, {"text": []}])
    assert [fault.path for fault in faults] == [
        "size",
        "open",
        "colour",
        "lines/count",
        "lines/text",
    ]


def test_members_are_spelt_as_declared_whatever_the_case():
    assert read(TITLE="a", Size=1) == ({"title": "a", "size": 1}, [])


def test_read_only_members_are_ignored_even_when_they_are_wrong():
    assert read(id="nonsense") == ({}, [])


def test_the_servers_own_links_are_ignored():
    assert read(_info={"a": 1}, _INFO=None) == ({}, [])


def test_a_lenient_vendor_ignores_unknown_members():
    assert read(Policy(refuse_unknown=False), colour=1) == ({}, [])


def test_a_vendor_that_reads_offsets_turns_them_into_utc():
    clean, _ = read(Policy(offsets=True), due="2024-05-06T01:00:00+02:00")
    assert clean["due"] == "2024-05-05T23:00:00Z"


def test_any_value_has_a_depth():
    value = 1
    for _ in range(17):
        value = [value]
    _, faults = read(anything=value)
    assert [fault.flaw for fault in faults] == [Flaw.RULE]


def test_the_payload_is_left_alone():
    payload = {"lines": [{"count": "1"}], "owner": {"ID": "2"}}
    checked(FORM, payload, Policy())
    assert payload == {"lines": [{"count": "1"}], "owner": {"ID": "2"}}


@pytest.mark.parametrize(
    ("record", "update", "lacking"),
    [
        ({}, False, ["title", "owner"]),
        ({}, True, ["title", "owner", "reason"]),
        ({"title": "", "owner": {}}, False, ["title", "owner"]),
        ({"title": " ", "owner": {"id": 0}}, False, ["title"]),
        ({"title": "x", "owner": {"id": 0}}, False, []),
    ],
)
def test_required_members_must_be_there(record, update, lacking):
    faults = list(missing(FORM, record, update=update))
    assert [fault.path for fault in faults] == lacking
    assert {fault.flaw for fault in faults} <= {Flaw.MISSING}


@pytest.mark.parametrize(
    ("document", "depth"),
    [(1, 0), ([], 1), ({}, 1), ([1, [2]], 2), ({"a": {"b": []}}, 3), ([[], [[{}]]], 4)],
)
def test_depth_counts_containers_inside_each_other(document, depth):
    assert not nested_deeper(document, depth)
    assert depth == 0 or nested_deeper(document, depth - 1)
