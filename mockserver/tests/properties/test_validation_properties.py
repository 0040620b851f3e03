"""Any JSON is judged, never a crash; what is accepted means itself and comes back as it was."""

import json

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.core.errors import Fault
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.store import Store
from mockserver.core.validate import Policy, checked, missing, nested_deeper
from mockserver.tests.records_support import Rows, registry
from mockserver.vendors import registry_and_shapes

REGISTRY, _ = registry_and_shapes()
INNER = (
    Field("id", Kind.INTEGER),
    Field("name", Kind.TEXT, max_length=4),
    Field("flag", Kind.FLAG),
)
SHEET = Resource(
    "sheets",
    "Sheet",
    (
        Field("id", Kind.INTEGER, read_only=True),
        Field("whole", Kind.INTEGER),
        Field("long", Kind.INTEGER, bits=64),
        Field("number", Kind.NUMBER),
        Field("text", Kind.TEXT, max_length=8),
        Field("choice", Kind.TEXT, enum=("Low", "High")),
        Field("flag", Kind.FLAG),
        Field("at", Kind.INSTANT),
        Field("any", Kind.ANY),
        Field("object", Kind.OBJECT, fields=INNER),
        Field("reference", Kind.REFERENCE, fields=INNER),
        Field("rows", Kind.LIST, fields=INNER),
        Field("numbers", Kind.LIST, items=Kind.INTEGER),
        Field("texts", Kind.LIST, items=Kind.TEXT),
        Field("anything", Kind.LIST),
    ),
)
NAMES = [field.name for field in SHEET.fields]
REAL = tuple(
    REGISTRY.resource(path)
    for path in (
        "service/tickets",
        "company/companies",
        "company/contacts",
        "time/entries",
        "automate:Computers",
        "automate:Alerts",
    )
)
POLICIES = st.builds(Policy, refuse_unknown=st.booleans(), offsets=st.booleans())
SPELT = ("2024-02-29", "2024-02-30T10:00:00Z", "2024-01-01T10:00:00+05:30", "1e400", "0x1", "٣")
TEXTS = st.text(max_size=9) | st.sampled_from(("", "\0", " 7 ", "1.5", "True", "low", "-0", *SPELT))
NUMBERS = st.integers(-(2**70), 2**70) | st.integers(-2, 2) | st.floats(width=32) | st.floats()
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS


def larger(inner):
    keys = st.sampled_from(("id", "name", "flag", "ID", "Name", "_info")) | st.text(max_size=4)
    return st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)


def as_read(value):
    """Return a value as the server's JSON reader would have made it."""
    return orjson.loads(
        json.dumps(value).replace("NaN", "0").replace("-Infinity", "1").replace("Infinity", "2")
    )


VALUES = st.recursive(SCALARS, larger, max_leaves=10).filter(lambda v: "e400" not in repr(v))
CASES = st.sampled_from((str, str.upper, str.swapcase))
KEYS = st.builds(lambda name, case: case(name), st.sampled_from(NAMES), CASES)
PAYLOADS = st.dictionaries(KEYS | st.text(max_size=4), VALUES, max_size=6)


def given_to(resource):
    names = st.sampled_from([field.name for field in resource.fields])
    payloads = st.dictionaries(names, VALUES, max_size=8).map(readable).filter(bool)
    return st.tuples(st.just(resource), payloads)


def readable(value):
    try:
        return as_read(value)
    except orjson.JSONDecodeError:
        return None


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(PAYLOADS.map(readable).filter(bool), POLICIES)
def test_any_payload_is_judged_and_what_is_accepted_means_itself(payload, policy):
    before = json.dumps(payload)
    clean, faults = checked(SHEET, payload, policy)
    assert all(isinstance(fault, Fault) for fault in faults)
    assert json.dumps(payload) == before
    assert set(clean) <= set(NAMES) - {"id"}
    assert faults or checked(SHEET, clean, policy) == (clean, [])
    assert list(missing(SHEET, clean, update=True)) == []


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(REAL).flatmap(given_to), POLICIES)
def test_any_value_of_any_real_field_is_judged(case, policy):
    resource, payload = case
    clean, faults = checked(resource, payload, policy)
    blamed = {fault.path.partition("/")[0] for fault in faults}
    assert faults or checked(resource, clean, policy) == (clean, [])
    assert blamed <= set(payload)


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(PAYLOADS.map(readable).filter(bool))
def test_what_is_accepted_comes_back_from_the_store_as_it_was(payload):
    clean, _ = checked(SHEET, payload, Policy(refuse_unknown=False))
    record = {"id": 1, **{name: value for name, value in clean.items() if value is not None}}
    store = Store(registry(), Rows({}))
    store.insert(SHEET, record, {"body": orjson.dumps(record)})
    kept = store.body(SHEET, 1)
    assert kept is not None
    assert orjson.loads(kept) == record
    (row,) = store.rows(SHEET)
    assert row["whole"] == record.get("whole")
    assert row["flag"] == record.get("flag")
    assert row["at"] == record.get("at")
    store.close()


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(VALUES, st.integers(0, 8))
def test_depth_is_counted_as_a_recursion_would(value, levels):
    def depth(each):
        inner = each.values() if isinstance(each, dict) else each
        return 1 + max(map(depth, inner), default=0) if isinstance(each, dict | list) else 0

    assert nested_deeper(value, levels) == (depth(value) > levels)
