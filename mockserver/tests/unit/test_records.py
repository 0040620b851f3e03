"""Creating, changing and removing records."""

import pytest

from mockserver.core.errors import Conflict, Fault, Flaw, InvalidRecord, RecordNotFound
from mockserver.core.rules import Rules
from mockserver.tests.records_support import DESKS, PEOPLE, ROOMS, TAGS, everything, office


@pytest.fixture
def records():
    made = office()
    made.create(ROOMS, {"name": "Blue", "seats": 3}, "me")
    made.create(DESKS, {"name": "Window"}, "me", 1)
    made.create(TAGS, {"name": "New"}, "me")
    return made


def test_a_new_record_has_an_id_and_what_was_given(records):
    made = records.create(ROOMS, {"NAME": "Red", "seats": "4"}, "me")
    assert made == {"id": 2, "name": "Red", "seats": 4, "changed": "2026-07-01T12:00:00Z"}
    assert records.get(ROOMS, 2) == made


def test_all_that_is_wrong_is_named_at_once(records):
    with pytest.raises(InvalidRecord) as refused:
        records.create(ROOMS, {"seats": "x", "colour": 1, "bestDesk": {"id": 99}}, "me")
    found = {(each.flaw, each.path) for each in refused.value.faults}
    assert found == {
        (Flaw.WRONG_TYPE, "seats"),
        (Flaw.UNKNOWN_MEMBER, "colour"),
        (Flaw.UNKNOWN_REFERENCE, "bestDesk/id"),
        (Flaw.MISSING, "name"),
    }


def test_a_member_that_is_blamed_is_not_also_missing(records):
    with pytest.raises(InvalidRecord) as refused:
        records.create(ROOMS, {"name": []}, "me")
    assert [each.flaw for each in refused.value.faults] == [Flaw.WRONG_TYPE]


def test_a_unique_member_is_compared_without_regard_to_case(records):
    with pytest.raises(InvalidRecord) as refused:
        records.create(ROOMS, {"name": "BLUE "}, "me")
    assert [(each.flaw, each.path) for each in refused.value.faults] == [(Flaw.EXISTS, "name")]
    assert records.change(ROOMS, 1, {"name": "BLUE"}, "me")["name"] == "BLUE"


def test_replacing_clears_what_is_not_given_but_not_what_the_server_keeps(records):
    record = records.get(ROOMS, 1)
    records.save(ROOMS, {**record, "madeBy": "them"})
    made = records.replace(ROOMS, 1, {"name": "Red"}, "me")
    assert made == {
        "id": 1,
        "name": "Red",
        "madeBy": "them",
        "changed": "2026-07-01T12:00:00Z",
    }


def test_changing_touches_only_what_is_given(records):
    assert records.change(ROOMS, 1, {"name": "Red"}, "me")["seats"] == 3
    assert "seats" not in records.change(ROOMS, 1, {"seats": None}, "me")


def test_a_required_member_cannot_be_cleared(records):
    with pytest.raises(InvalidRecord):
        records.change(ROOMS, 1, {"name": None}, "me")
    assert records.get(ROOMS, 1)["name"] == "Blue"


def test_the_id_and_other_read_only_members_cannot_be_changed(records):
    made = records.change(ROOMS, 1, {"id": 9, "madeBy": "x"}, "me")
    assert made["id"] == 1
    assert "madeBy" not in made


def test_write_only_members_reach_the_rules_and_are_not_kept():
    seen = []
    hooks = {"rooms": Rules(written=lambda draft: seen.append(draft.given["secret"]))}
    made = office(hooks).create(ROOMS, {"name": "Blue", "secret": "s"}, "me")
    assert seen == ["s"]
    assert "secret" not in made


def test_a_child_shows_its_parent(records):
    made = records.create(DESKS, {"name": "Door", "room": {"id": 77}}, "me", 1)
    assert made["room"] == {"id": 1, "name": "Blue"}


@pytest.mark.parametrize("call", ["get", "change", "replace", "delete"])
def test_a_record_that_is_not_there_cannot_be_found(records, call):
    more = {"get": (), "delete": ("me",)}.get(call, ({}, "me"))
    with pytest.raises(RecordNotFound):
        getattr(records, call)(ROOMS, 5, *more)


def test_an_identifier_finds_a_record(records):
    records.create(PEOPLE, {"first": "Ann", "identifier": "ALee"}, "me")
    assert records.identified(PEOPLE, "alee") == 1
    with pytest.raises(RecordNotFound):
        records.identified(PEOPLE, "nobody")
    with pytest.raises(RecordNotFound):
        records.identified(ROOMS, "Blue")


# -- nothing half-written -----------------------------------------------------------------------


def refuse(draft):
    records = draft.records
    records.create(TAGS, {"name": "left over"}, "me")
    if not draft.record["name"].startswith("good"):
        raise InvalidRecord("rooms", (Fault(Flaw.RULE, "name", "refused late"),))


@pytest.mark.parametrize("hook", ["prepare", "fill", "check", "written"])
def test_a_write_refused_at_any_stage_leaves_nothing(hook):
    records = office({"rooms": Rules(**{hook: refuse})})
    records.create(ROOMS, {"name": "good"}, "me")
    before = everything(records)
    for write in (
        lambda: records.create(ROOMS, {"name": "bad"}, "me"),
        lambda: records.change(ROOMS, 1, {"name": "bad"}, "me"),
        lambda: records.replace(ROOMS, 1, {"name": "bad"}, "me"),
    ):
        with pytest.raises(InvalidRecord):
            write()
        assert everything(records) == before
    assert records.create(ROOMS, {"name": "good again"}, "me")["name"] == "good again"


def test_a_removal_refused_late_leaves_all(records):
    def late(_draft):
        raise Conflict("no")

    records.shape.hooks = {"rooms": Rules(deleted=late)}
    before = everything(records)
    with pytest.raises(Conflict):
        records.delete(ROOMS, 1, "me")
    assert everything(records) == before


def test_what_was_refused_is_not_remembered(records):
    records.shape.hooks = {"rooms": Rules(written=refuse)}
    with pytest.raises(InvalidRecord):
        records.change(ROOMS, 1, {"name": "bad"}, "me")
    assert records.target("rooms", 1)[0]["name"] == "Blue"
    with pytest.raises(InvalidRecord):
        records.create(ROOMS, {"name": "bad"}, "me")
    assert records.target("rooms", 2) is None


# -- removing -----------------------------------------------------------------------------------


def test_removing_a_record_removes_its_children(records):
    records.delete(ROOMS, 1, "me")
    assert records.find(ROOMS, 1) is None
    assert records.find(DESKS, 1) is None


@pytest.mark.parametrize(
    ("resource", "reference"),
    [
        (ROOMS, {"room": {"id": 1}}),
        (DESKS, {"desk": {"id": 1}}),
        (ROOMS, {"desk": {"id": 1}}),
        (TAGS, {"tags": [{"id": 1}]}),
        (TAGS, {"kit": [{"of": "x"}, {"tag": {"id": 1}}]}),
    ],
)
def test_a_record_in_use_is_not_removed_nor_one_whose_child_is(records, resource, reference):
    made = records.create(PEOPLE, {"first": "Ann", **reference}, "me")
    with pytest.raises(Conflict) as refused:
        records.delete(resource, 1, "me")
    assert "in use by Person" in refused.value.message
    records.delete(PEOPLE, made["id"], "me")
    records.delete(resource, 1, "me")


def test_a_family_that_refers_to_itself_can_be_removed(records):
    records.create(DESKS, {"name": "Door", "next": {"id": 1}}, "me", 1)
    records.change(ROOMS, 1, {"bestDesk": {"id": 1}}, "me")
    records.delete(ROOMS, 1, "me")
    assert [rows for path, rows in everything(records).items() if path != "tags"] == [[], [], []]


def test_a_record_may_refer_to_itself_and_be_removed(records):
    records.create(PEOPLE, {"first": "Ann"}, "me")
    records.change(PEOPLE, 1, {"boss": {"id": 1}}, "me")
    records.delete(PEOPLE, 1, "me")
    assert records.find(PEOPLE, 1) is None


def test_ids_are_never_used_twice(records):
    records.delete(ROOMS, 1, "me")
    assert records.create(ROOMS, {"name": "Blue"}, "me")["id"] == 2


# -- renames ------------------------------------------------------------------------------------


def test_a_rename_is_seen_wherever_the_record_is_shown(records):
    records.create(
        PEOPLE,
        {
            "first": "Ann",
            "room": {"id": 1},
            "desk": {"id": 1},
            "tags": [{"id": 1}],
            "kit": [{"of": "x", "tag": {"id": 1, "name": "New"}}, {"of": "y"}],
        },
        "me",
    )
    records.change(ROOMS, 1, {"name": "Green"}, "me")
    records.change(DESKS, 1, {"name": "Sill"}, "me")
    records.replace(TAGS, 1, {"name": "Newer"}, "me")
    person = records.get(PEOPLE, 1)
    assert person["room"]["name"] == "Green"
    assert person["desk"]["name"] == "Sill"
    assert person["tags"] == [{"id": 1, "name": "Newer"}]
    assert person["kit"] == [{"of": "x", "tag": {"id": 1, "name": "Newer"}}, {"of": "y"}]
    assert records.get(DESKS, 1)["room"]["name"] == "Green"


def test_a_rename_is_seen_by_conditions(records):
    records.create(PEOPLE, {"first": "Ann", "room": {"id": 1}}, "me")
    records.change(ROOMS, 1, {"name": "Green"}, "me")
    assert records.store.matching(PEOPLE, room_name="green") == (1,)
    assert records.store.matching(PEOPLE, room_name="blue") == ()


def test_an_own_rename_reaches_a_reference_to_itself(records):
    records.create(PEOPLE, {"first": "Ann"}, "me")
    records.change(PEOPLE, 1, {"boss": {"id": 1}}, "me")
    records.change(PEOPLE, 1, {"first": "Eve"}, "me")
    assert records.get(PEOPLE, 1)["boss"]["name"] == "Eve"


def test_a_record_is_written_out_by_the_ids_in_it(records):
    shown = records.written_out(PEOPLE, {"room": {"id": 1}, "tags": [{"id": 1}], "boss": {"id": 9}})
    assert shown == {
        "room": {"id": 1, "name": "Blue"},
        "tags": [{"id": 1, "name": "New"}],
        "boss": {"id": 9},
    }


def test_who_shows_a_renamed_record_is_found_under_its_new_name(records):
    person = records.create(PEOPLE, {"first": "Ann", "desk": {"id": 1}}, "me")
    records.change(DESKS, 1, {"name": "Door"}, "me")

    assert records.get(PEOPLE, person["id"])["desk"]["name"] == "Door"
    assert records.store.matching(PEOPLE, desk_name="door") == (person["id"],)
    assert records.store.matching(PEOPLE, desk_name="window") == ()


def test_a_body_that_shows_the_same_twice_is_rendered_as_a_whole(records):
    person = records.create(PEOPLE, {"first": "Ann", "desk": {"id": 1}}, "me")
    stored = {**records.get(PEOPLE, person["id"]), "old": {"desk": person["desk"]}}
    records.save(PEOPLE, stored)
    records.change(DESKS, 1, {"name": "Door"}, "me")

    found = records.get(PEOPLE, person["id"])
    assert (found["desk"]["name"], found["old"]["desk"]["name"]) == ("Door", "Window")
