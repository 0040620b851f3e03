"""References on the way in."""

import pytest

from mockserver.core.errors import Flaw, InvalidRecord
from mockserver.core.references import resolve
from mockserver.core.rules import Draft
from mockserver.core.schema import Field, Kind, Resource
from mockserver.tests.records_support import DESKS, PEOPLE, ROOMS, TAGS, office, reference


@pytest.fixture
def records():
    made = office()
    for name in ("Blue", "Red"):
        room = made.create(ROOMS, {"name": name}, "me")
        for desk in ("Window", f"{name} door"):
            made.create(DESKS, {"name": desk}, "me", room["id"])
    made.create(TAGS, {"name": "New"}, "me")
    made.create(TAGS, {"name": "Old"}, "me")
    made.create(PEOPLE, {"first": "Ann", "last": "Lee", "identifier": "ALee"}, "me")
    return made


def person(records, **members):
    return records.create(PEOPLE, {"first": "Bob", **members}, "me")


def faults(records, **members):
    with pytest.raises(InvalidRecord) as refused:
        person(records, **members)
    return [(each.flaw, each.path, each.value) for each in refused.value.faults]


@pytest.mark.parametrize("given", [{"id": 2}, {"ID": "2"}, {"name": "red"}, {"name": "RED  "}])
def test_a_reference_is_found_and_written_out(records, given):
    assert person(records, room=given)["room"] == {"id": 2, "name": "Red"}


def test_the_id_wins_over_the_name(records):
    assert person(records, room={"id": 2, "name": "Blue"})["room"] == {"id": 2, "name": "Red"}


def test_a_record_is_found_by_its_identifier(records):
    shown = person(records, boss={"identifier": "alee"})["boss"]
    assert shown == {"id": 1, "name": "Ann Lee", "identifier": "ALee"}


@pytest.mark.parametrize("given", [{}, {"id": 0}, {"id": None}, {"name": ""}, None])
def test_an_empty_reference_is_none(records, given):
    assert "room" not in person(records, room=given)


@pytest.mark.parametrize(
    ("given", "path", "value"),
    [({"id": 9}, "room/id", 9), ({"id": -1}, "room/id", -1), ({"name": "x"}, "room/name", "x")],
)
def test_an_unknown_reference_is_named(records, given, path, value):
    assert faults(records, room=given) == [(Flaw.UNKNOWN_REFERENCE, path, value)]


def test_a_name_that_several_have_is_ambiguous(records):
    found = faults(records, desk={"name": "window"})
    assert found == [(Flaw.AMBIGUOUS_REFERENCE, "desk/name", "window")]


def test_the_parent_tells_children_of_one_name_apart(records):
    made = person(records, desk={"name": "window"}, room={"name": "Red"})
    assert made["desk"] == {"id": 3, "name": "Window"}


def test_a_child_must_belong_to_the_parent_that_the_record_names(records):
    assert faults(records, desk={"id": 1}, room={"id": 2}) == [
        (Flaw.UNKNOWN_REFERENCE, "desk/id", 1)
    ]


def test_membership_is_checked_again_when_only_the_parent_changes(records):
    made = person(records, desk={"id": 1}, room={"id": 1})
    with pytest.raises(InvalidRecord):
        records.change(PEOPLE, made["id"], {"room": {"id": 2}}, "me")
    moved = records.change(PEOPLE, made["id"], {"room": {"id": 2}, "desk": {"id": 3}}, "me")
    assert (moved["room"]["id"], moved["desk"]["id"]) == (2, 3)


def test_a_parents_reference_to_a_child_must_be_its_own_child(records):
    assert records.change(ROOMS, 1, {"bestDesk": {"name": "window"}}, "me")["bestDesk"]["id"] == 1
    with pytest.raises(InvalidRecord):
        records.change(ROOMS, 1, {"bestDesk": {"id": 3}}, "me")


def test_a_child_refers_to_its_siblings_only(records):
    made = records.create(DESKS, {"name": "Corner", "next": {"name": "window"}}, "me", 2)
    assert made["next"] == {"id": 3, "name": "Window"}
    with pytest.raises(InvalidRecord):
        records.create(DESKS, {"name": "Corner", "next": {"id": 1}}, "me", 2)


def test_each_reference_in_a_list_is_written_out(records):
    made = person(records, tags=[{"id": 2}, {"name": "new"}])
    assert made["tags"] == [{"id": 2, "name": "Old"}, {"id": 1, "name": "New"}]


def test_each_bad_reference_in_a_list_is_named(records):
    assert faults(records, tags=[{"id": 2}, {"id": 8}, {}, None]) == [
        (Flaw.WRONG_SHAPE, "tags", None),
        (Flaw.UNKNOWN_REFERENCE, "tags/id", 8),
        (Flaw.MISSING, "tags/id", None),
    ]


def test_the_parent_field_is_the_one_with_the_same_first_words(records):
    fields = [reference(each, "rooms") for each in ("billToRoom", "room", "shipToRoom")]
    fields += [reference(each, "rooms/desks") for each in ("desk", "billToDesk", "oddDesk")]
    bills = Resource("bills", "Bill", (Field("id", Kind.INTEGER), *fields))
    ids = {"billToRoom": 1, "room": 2, "billToDesk": 1, "desk": 3, "oddDesk": 4}
    draft = Draft(records, bills, {n: {"id": i} for n, i in ids.items()}, None, "me")
    assert list(resolve(draft)) == []
    draft = Draft(records, bills, {"room": {"id": 1}, "desk": {"id": 3}}, None, "me")
    assert [fault.path for fault in resolve(draft)] == ["desk/id"]


def test_references_outside_the_served_collections_are_kept_as_given(records):
    far = Resource("far", "Far", (reference("moon", "moons"),))
    draft = Draft(records, far, {"moon": {"id": 5}}, None, "me")
    assert list(resolve(draft)) == []
    assert draft.record == {"moon": {"id": 5}}
