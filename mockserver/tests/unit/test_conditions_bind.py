"""Trees fit a resource, or are refused for a name or a value."""

import pytest

from mockserver.automate import dialect as automate
from mockserver.core.conditions import (
    And,
    Any,
    Compare,
    In,
    Member,
    Not,
    Or,
    bind,
    parse,
    parse_and_bind,
    parse_and_bind_children,
    parse_and_bind_rows,
)
from mockserver.core.errors import BadCondition, ConditionFlaw
from mockserver.core.schema import Column, Field, Kind, Resource
from mockserver.psa import dialect as psa

ID = Field("id", Kind.INTEGER)
THING = Resource(
    "things",
    "Thing",
    (
        ID,
        Field("rate", Kind.NUMBER),
        Field("summary", Kind.TEXT),
        Field("closedFlag", Kind.FLAG),
        Field("entered", Kind.INSTANT),
        Field("loose", Kind.ANY),
        Field("secret", Kind.TEXT, write_only=True),
        Field("billTime", Kind.TEXT, enum=("Billable", "NoCharge")),
        Field("company", Kind.REFERENCE, fields=(ID, Field("name", Kind.TEXT))),
        Field(
            "rows",
            Kind.LIST,
            fields=(
                ID,
                Field("caption", Kind.TEXT),
                Field("value", Kind.ANY),
                Field("type", Kind.REFERENCE, fields=(ID,)),
            ),
        ),
        Field("tags", Kind.LIST, items=Kind.TEXT),
    ),
    aliases={"firm": "company/id"},
)
COLUMNS = {column.path: column for column in THING.columns}
FOREVER = float("inf")


def compared(path, operator, value, /):
    return Compare(COLUMNS[path], operator, value)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("ID = 1", compared("id", "=", 1)),
        ("id = 1.5", compared("id", "=", 1.5)),
        ("id = 9223372036854775807", compared("id", "=", 2**63 - 1)),
        ("id = 9223372036854775808", compared("id", "=", 2.0**63)),
        ("id < -9223372036854775809", compared("id", "<", -(2.0**63))),
        (f"id < {'9' * 5000}", compared("id", "<", FOREVER)),
        (f"rate > -{'9' * 400}.5", compared("rate", ">", -FOREVER)),
        ("rate = 2", compared("rate", "=", 2.0)),
        ("summary = 'STRASSE '", compared("summary", "=", "strasse")),
        ("summary = 'Straße'", compared("summary", "=", "strasse")),
        ("closedFlag != TRUE", Compare(COLUMNS["closedFlag"], "!=", value=True)),
        ("loose = TRUE", compared("loose", "=", "true")),
        ("billtime = 'nocharge'", compared("billTime", "=", "nocharge")),
        ("company = null", compared("company/id", "=", None)),
        ("Company != null", compared("company/id", "!=", None)),
        ("Firm = 5", compared("company/id", "=", 5)),
        ("id in (1, null)", In(COLUMNS["id"], (1, None))),
    ],
)
def test_literals_take_the_type_of_the_column(text, tree):
    assert bind(parse(text, psa.OBSERVED), THING, psa.OBSERVED) == tree


@pytest.mark.parametrize(
    ("instant", "meaning"),
    [
        ("2016-08-20T18:04:26Z", "2016-08-20T18:04:26Z"),
        ("2016-08-20t18:04:26z", "2016-08-20T18:04:26Z"),
        ("2016-08-20 18:04", "2016-08-20T18:04:00Z"),
        ("2016-08-20T18:04:26.999Z", "2016-08-20T18:04:26Z"),
        ("2016-08-20T18:04:26+05:30", "2016-08-20T12:34:26Z"),
        ("2016-08-20T18:04:26-0100", "2016-08-20T19:04:26Z"),
        ("2025-01-01", "2025-01-01T00:00:00Z"),
        ("06/30/2019", "2019-06-30T00:00:00Z"),
        ("6/3/2019 1:02 PM", "2019-06-03T13:02:00Z"),
        ("6/3/2019 12:02:03 am", "2019-06-03T00:02:03Z"),
        ("0001-01-01", "0001-01-01T00:00:00Z"),
    ],
)
def test_instants_are_read_in_every_known_form(instant, meaning):
    bound = parse_and_bind(f"entered = [{instant}]", THING, psa.OBSERVED)

    assert bound == compared("entered", "=", meaning)


# Psa facts 3.6: the vendor's sentence is "Expected a <expected> value, not a <found>."
@pytest.mark.parametrize(
    ("text", "expected", "found", "offset"),
    [
        ("closedFlag = 1", "boolean", "numeric", 13),
        ("closedFlag = 'true'", "boolean", "string", 13),
        ("id = 'x'", "numeric", "string", 5),
        ("id = '5'", "numeric", "string", 5),
        ("rate = true", "numeric", "boolean", 7),
        ("id in (1, 'x')", "numeric", "string", 10),
        ("id < null", "numeric", "null", 5),
        ("summary = 5", "string", "numeric", 10),
        ("summary = [2024-01-01]", "string", "datetime", 10),
        ("summary like 5", "string", "numeric", 13),
        ("summary contains null", "string", "null", 17),
        ("id contains 'x'", "numeric", "string", 12),
        ("id contains 5", "string", "numeric", 12),
        ("entered like '2024%'", "datetime", "string", 13),
        ("entered > 2024-01-01", "datetime", "numeric", 10),
        ("entered > '2024-01-01'", "datetime", "string", 10),
        ("entered > 5", "datetime", "numeric", 10),
        ("company = 5", "null", "numeric", 10),
        ("company < null", "null", "null", 10),
        ("company in (5)", "null", "numeric", 12),
        ("company like 'x'", "null", "string", 13),
    ],
)
def test_values_of_another_type_are_refused(text, expected, found, offset):
    with pytest.raises(BadCondition) as refused:
        parse_and_bind(text, THING, psa.OBSERVED)

    refusal = refused.value
    assert refusal.flaw is ConditionFlaw.TYPE_MISMATCH
    assert (refusal.expected, refusal.found, refusal.offset) == (expected, found, offset)
    assert refusal.text == text


@pytest.mark.parametrize(
    "text",
    ["[today]", "[]", "[2024-13-01]", "[0000-01-01]", "[0001-01-01T00:00:00+14:00]", "[13/1/2024]"],
)
def test_what_is_no_instant_is_a_type_mismatch(text):
    with pytest.raises(BadCondition) as refused:
        parse_and_bind(f"entered > {text}", THING, psa.OBSERVED)

    assert refused.value.flaw is ConditionFlaw.TYPE_MISMATCH


@pytest.mark.parametrize(
    "text",
    [
        "billTime = 'x'",
        "billTime in ('Billable', 'x')",
        "billTime like 'B%'",
        'billTime Not Like "Billable"',
        "billTime contains 'B'",
    ],
)
def test_psa_enums_are_checked_and_have_no_patterns(text):
    with pytest.raises(BadCondition) as refused:
        parse_and_bind(text, THING, psa.OBSERVED)

    assert refused.value.flaw is ConditionFlaw.BAD_ENUM


def test_automate_enums_are_not_checked():
    assert parse_and_bind("billTime = 'x'", THING, automate.OBSERVED) == compared(
        "billTime", "=", "x"
    )


@pytest.mark.parametrize(
    ("text", "name", "offset"),
    [
        ("resources/identifier = 'x'", "resources/identifier", 0),
        ("id = 1 and Foo/Bar = 2", "Foo/Bar", 11),
        ("company.id = 1", "company.id", 0),
        ("secret = 'x'", "secret", 0),
        ("rows/id = 1", "rows/id", 0),
        ("tags contains 'x'", "tags", 0),
        # Names come before syntax (psa facts 3.6).
        ("ticket condition = invalid", "ticket", 0),
        ("id = 1 and ticket", "ticket", 11),
        ('nothing "unclosed', "nothing", 0),
    ],
)
def test_unknown_names_are_refused_first_and_as_typed(text, name, offset):
    with pytest.raises(BadCondition) as refused:
        parse_and_bind(text, THING, psa.OBSERVED)

    refusal = refused.value
    assert refusal.flaw is ConditionFlaw.UNKNOWN_NAME
    assert (refusal.name, refusal.offset, refusal.text) == (name, offset, text)


def test_known_names_leave_the_syntax_to_blame():
    with pytest.raises(BadCondition) as refused:
        parse_and_bind("summary ~ 'x'", THING, psa.OBSERVED)

    assert (refused.value.flaw, refused.value.offset) == (ConditionFlaw.SYNTAX, 8)


def test_arrays_are_named_in_automate_conditions():
    caption = Compare(Member(("caption",), Kind.TEXT), "=", "x")
    tag = Compare(Member((), Kind.TEXT), "=", "y")

    tree = parse_and_bind("rows.caption = 'x' and tags contains 'Y'", THING, automate.OBSERVED)

    assert tree == And((Any("rows", caption), Any("tags", tag)))


def test_child_conditions_are_gathered_per_array():
    def row(number):
        return Compare(Member(("id",), Kind.INTEGER), "=", number)

    tag = Any("tags", Compare(Member((), Kind.TEXT), "=", "x"))

    tree = parse_and_bind_children(
        "rows/id=1 and tags = 'x' and (rows/id=2 or not rows/id=3)", THING, psa.OBSERVED_CHILD
    )

    assert tree == And((Any("rows", And((row(1), Or((row(2), Not(row(3))))))), tag))


def test_a_reference_in_a_child_stands_for_its_id():
    tree = parse_and_bind_children("rows/type != null", THING, psa.OBSERVED_CHILD)

    assert tree == Any("rows", Compare(Member(("type", "id"), Kind.INTEGER), "!=", None))


@pytest.mark.parametrize("text", ["id = 1", "rows = 'x'", "rows/nothing = 1", "rows/id/x = 1"])
def test_child_conditions_know_members_only(text):
    with pytest.raises(BadCondition) as refused:
        parse_and_bind_children(text, THING, psa.OBSERVED_CHILD)

    assert refused.value.flaw is ConditionFlaw.UNKNOWN_NAME


def test_observed_rows_do_not_go_by_their_caption():
    # Psa facts 11, S6.
    with pytest.raises(BadCondition) as refused:
        parse_and_bind_rows('customField1 contains "x"', "rows", THING, psa.OBSERVED_CHILD)

    assert (refused.value.flaw, refused.value.name) == (ConditionFlaw.UNKNOWN_NAME, "customField1")


def test_short_texts_are_remembered():
    first = parse_and_bind("id = 77", THING, psa.OBSERVED)

    assert parse_and_bind("id = 77", THING, psa.OBSERVED) is first


def test_columns_carry_over_whole():
    tree = parse_and_bind("company/name = 'x'", THING, psa.OBSERVED)

    assert tree == Compare(
        Column("company/name", "company_name", Kind.TEXT, ("company", "name")), "=", "x"
    )
