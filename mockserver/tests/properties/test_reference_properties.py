"""After any sequence of writes every reference shows what it points to as it is now."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from mockserver.core.errors import Conflict, InvalidRecord, RecordNotFound
from mockserver.tests.records_support import (
    DESKS,
    PEOPLE,
    RESOURCES,
    ROOMS,
    TAGS,
    everything,
    office,
)

NAMES = st.sampled_from(("Ann", "Bob", "Cid", "Dee", "ann "))
IDS = st.integers(1, 4)
REFERENCES = st.builds(lambda record_id: {"id": record_id}, IDS) | st.none()


class Office(RuleBasedStateMachine):
    """Rooms with desks, tags and people that refer to all of them."""

    def __init__(self):
        super().__init__()
        self.records = office()
        for name in ("one", "two"):
            room = self.records.create(ROOMS, {"name": name}, "me")
            self.records.create(DESKS, {"name": f"{name}'s"}, "me", room["id"])
            self.records.create(TAGS, {"name": name}, "me")

    def attempt(self, call, *given):
        before = everything(self.records)
        try:
            call(*given, "me")
        except (Conflict, InvalidRecord, RecordNotFound):
            assert everything(self.records) == before

    @rule(resource=st.sampled_from((ROOMS, TAGS)), name=NAMES)
    def create(self, resource, name):
        self.attempt(self.records.create, resource, {"name": name})

    @rule(room=IDS, name=NAMES, after=REFERENCES)
    def put_a_desk(self, room, name, after):
        given = {"name": name, "next": after}
        self.attempt(lambda *_: self.records.create(DESKS, given, "me", room))

    @rule(
        name=NAMES,
        room=REFERENCES,
        desk=REFERENCES,
        boss=REFERENCES,
        tags=st.lists(IDS, max_size=2),
    )
    def hire(self, name, room, desk, boss, tags):
        given = {
            "first": name,
            "room": room,
            "desk": desk,
            "boss": boss,
            "tags": [{"id": tag} for tag in tags],
            "kit": [{"of": "x", "tag": {"id": tag, "name": "?"}} for tag in tags],
        }
        self.attempt(self.records.create, PEOPLE, given)

    @rule(resource=st.sampled_from((ROOMS, TAGS, DESKS)), record_id=IDS, name=NAMES)
    def rename(self, resource, record_id, name):
        self.attempt(self.records.change, resource, record_id, {"name": name})

    @rule(record_id=IDS, first=NAMES, last=NAMES | st.none())
    def rename_a_person(self, record_id, first, last):
        self.attempt(self.records.change, PEOPLE, record_id, {"first": first, "last": last})

    @rule(record_id=IDS, name=NAMES, desk=REFERENCES)
    def replace_a_room(self, record_id, name, desk):
        self.attempt(self.records.replace, ROOMS, record_id, {"name": name, "bestDesk": desk})

    @rule(resource=st.sampled_from(tuple(RESOURCES.values())), record_id=IDS)
    def remove(self, resource, record_id):
        self.attempt(self.records.delete, resource, record_id)

    @invariant()
    def every_reference_shows_the_present(self):
        for resource in RESOURCES.values():
            for record_id in self.records.store.matching(resource):
                record = self.records.get(resource, record_id)
                for declared, shown in references(resource, record):
                    if declared.name == "tag" and shown.get("name") == "?":
                        continue
                    assert shown == self.records.reference(declared, shown["id"])

    @invariant()
    def columns_and_bodies_agree(self):
        for row in everything(self.records)["people"]:
            record = self.records.get(PEOPLE, row["id"])
            for name in ("room", "desk", "boss"):
                shown = record.get(name) or {}
                assert row[f"{name}_id"] == shown.get("id")
                wanted = shown.get("name")
                assert row[f"{name}_name"] == (wanted and wanted.casefold().rstrip(" "))


def references(resource, record):
    for declared in resource.references:
        if record.get(declared.name):
            yield declared, record[declared.name]
    for declared in resource.reference_lists:
        yield from ((declared, row) for row in record.get(declared.name) or ())
    if resource is PEOPLE:
        tag = PEOPLE.members["kit"].members["tag"]
        yield from ((tag, row["tag"]) for row in record.get("kit") or ())


def test_every_reference_shows_the_present_name():
    quick = settings(
        max_examples=15, stateful_step_count=25, deadline=None, derandomize=True, database=None
    )
    run_state_machine_as_test(Office, settings=quick)
