"""Patch documents: pure, in order, whole or not at all."""

import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.core.errors import BadPatch
from mockserver.core.patch import PatchDialect, changes, merged
from mockserver.core.schema import Field, Kind, Resource

ROW = (Field("id", Kind.INTEGER), Field("value", Kind.ANY))
CARD = Resource(
    "cards",
    "Card",
    (
        Field("summary", Kind.TEXT),
        Field("status", Kind.REFERENCE, target="statuses", fields=(Field("id", Kind.INTEGER),)),
        Field("place", Kind.OBJECT, fields=(Field("city", Kind.TEXT),)),
        Field("items", Kind.LIST, fields=ROW),
        Field("customFields", Kind.LIST, fields=ROW),
    ),
)
DIALECT = PatchDialect(merged_rows=frozenset({"customFields"}))
SCALARS = st.none() | st.booleans() | st.integers(0, 4) | st.text(max_size=3)
ROWS = st.dictionaries(st.sampled_from(("id", "value", "x")), SCALARS, max_size=3)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=5,
)
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "summary": st.text(max_size=3),
        "status": st.builds(dict, id=st.integers(1, 3)),
        "place": st.builds(dict, city=st.text(max_size=2)),
        "items": st.lists(ROWS, max_size=4),
        "customFields": st.lists(ROWS, max_size=4),
    },
)
STEPS = (
    "summary",
    "status",
    "place",
    "items",
    "customFields",
    "id",
    "city",
    "0",
    "1",
    "-",
    "value",
)
PATHS = st.lists(st.sampled_from(STEPS), min_size=1, max_size=3).map("/".join)
OPERATIONS = st.fixed_dictionaries(
    {
        "op": st.sampled_from(("add", "replace", "remove")),
        "path": st.builds(str.__add__, st.sampled_from(("", "/")), PATHS),
        "value": VALUES | st.lists(ROWS, max_size=3),
    }
)
DOCUMENTS = st.lists(OPERATIONS | VALUES, max_size=5)


def outcome(record, document):
    """Return what a patch makes of a record, or None when it is refused."""
    try:
        changed = changes(CARD, record, copy.deepcopy(document), DIALECT)
    except BadPatch:
        return None
    made = {**record, **changed}
    return {name: value for name, value in made.items() if value is not None}


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(RECORDS, DOCUMENTS)
def test_any_document_is_applied_or_refused_and_the_record_left_alone(record, document):
    before = copy.deepcopy(record)
    outcome(record, document)
    assert record == before


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(RECORDS, st.lists(OPERATIONS, max_size=5))
def test_a_patch_is_its_operations_one_after_another(record, document):
    step_by_step = record
    for operation in document:
        step_by_step = None if step_by_step is None else outcome(step_by_step, [operation])
    assert outcome(record, document) == step_by_step


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(RECORDS, st.lists(OPERATIONS, max_size=3), VALUES)
def test_one_bad_operation_refuses_the_whole(record, document, value):
    bad = {"op": "replace", "path": "/nope", "value": value}
    for place in range(len(document) + 1):
        assert outcome(record, [*document[:place], bad, *document[place:]]) is None


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(RECORDS, st.text(max_size=3), st.lists(ROWS, max_size=3))
def test_a_patch_and_its_inverse_are_nothing(record, summary, items):
    there = [
        {"op": "replace", "path": "/summary", "value": summary},
        {"op": "replace", "path": "/items", "value": items},
    ]
    back = [
        {"op": "replace", "path": f"/{name}", "value": record.get(name)}
        for name in ("summary", "items")
    ]
    assert outcome(record, there + back) == record


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(RECORDS, st.dictionaries(st.sampled_from(("summary", "Place", "items", "nope")), VALUES))
def test_a_partial_object_leaves_the_record_alone(record, partial):
    before = copy.deepcopy((record, partial))
    made = merged(CARD, record, partial)
    assert (record, partial) == before
    assert set(made) == set(partial)
