"""A dictionary and the server do the same things and must agree after each."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

pytestmark = pytest.mark.documented("create, read, replace, change and delete (psa facts 6, 7)")

PATH = "/company/contacts"
FIRST = st.sampled_from(("Ann", "ann ", "Zo\u00eb", "O'Neil", '"x"', "a_b%", "\u00df", "x" * 30))
LAST = st.none() | FIRST
TITLE = st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=20)
MEMBERS = ("firstName", "lastName", "title", "inactiveFlag")


def fold(text):
    return text.casefold().rstrip(" ")


class Contacts(RuleBasedStateMachine):
    """Contacts of one tenant, on the server and in a dictionary."""

    psa = None
    ids = Bundle("ids")

    def __init__(self):
        super().__init__()
        self.model = {}
        newest = self.psa.get(PATH, params={"pageSize": 1, "orderBy": "id desc"}).json
        self.newest = newest[0]["id"]

    def shown(self, record):
        return {name: record[name] for name in MEMBERS if name in record}

    @rule(target=ids, first=FIRST, last=LAST, title=TITLE, inactive=st.booleans() | st.none())
    def create(self, first, last, title, inactive):
        given = {"firstName": first, "lastName": last, "title": title, "inactiveFlag": inactive}
        answer = self.psa.post(PATH, json=given)
        assert answer.status_code == 201
        kept = {name: value for name, value in given.items() if value is not None}
        self.model[answer.json["id"]] = {"inactiveFlag": False, **kept}
        return answer.json["id"]

    @rule(of=ids, last=LAST, title=TITLE)
    def change(self, of, last, title):
        operations = [
            {"op": "replace" if last else "remove", "path": "lastName", "value": last},
            {"op": "add", "path": "/title", "value": title},
        ]
        answer = self.psa.patch(f"{PATH}/{of}", json=operations)
        assert answer.status_code == (200 if of in self.model else 404)
        if of in self.model:
            changed = {**self.model[of], "lastName": last, "title": title}
            self.model[of] = {n: v for n, v in changed.items() if v is not None}

    @rule(of=ids, last=FIRST)
    def change_and_be_refused(self, of, last):
        operations = [
            {"op": "replace", "path": "lastName", "value": last},
            {"op": "remove", "path": "firstName"},
        ]
        answer = self.psa.patch(f"{PATH}/{of}", json=operations)
        assert answer.status_code == (400 if of in self.model else 404)

    @rule(of=ids, first=FIRST, title=TITLE)
    def replace(self, of, first, title):
        answer = self.psa.put(f"{PATH}/{of}", json={"firstName": first, "title": title})
        assert answer.status_code == (200 if of in self.model else 404)
        if of in self.model:
            given = {"firstName": first, "title": title, "inactiveFlag": False}
            self.model[of] = {n: v for n, v in given.items() if v is not None}

    @rule(of=consumes(ids))
    def delete(self, of):
        answer = self.psa.delete(f"{PATH}/{of}")
        assert answer.status_code == (204 if self.model.pop(of, None) else 404)

    @rule(of=ids)
    def read(self, of):
        answer = self.psa.get(f"{PATH}/{of}")
        assert answer.status_code == (200 if of in self.model else 404)
        if of in self.model:
            assert self.shown(answer.json) == self.model[of]

    @rule(last=FIRST)
    def find(self, last):
        quoted = last.replace('"', '\\"')
        conditions = f'id > {self.newest} and lastName = "{quoted}"'
        if '"' in last:
            conditions = f"id > {self.newest} and lastName = '{last}'"
        answer = self.psa.get(PATH, params={"pageSize": 1_000, "conditions": conditions})
        assert answer.status_code == 200, answer.text
        wanted = [
            of for of, kept in self.model.items() if fold(kept.get("lastName", "")) == fold(last)
        ]
        assert [record["id"] for record in answer.json] == sorted(wanted)
        counted = self.psa.get(f"{PATH}/count", params={"conditions": conditions}).json
        assert counted == {"count": len(wanted)}

    @rule()
    def find_those_without_a_last_name(self):
        conditions = f"id > {self.newest} and lastName = null and inactiveFlag = false"
        found = self.psa.get(PATH, params={"pageSize": 1_000, "conditions": conditions}).json
        assert [record["id"] for record in found] == sorted(
            of
            for of, kept in self.model.items()
            if "lastName" not in kept and not kept["inactiveFlag"]
        )

    @invariant()
    def the_list_is_the_model(self):
        params = {"pageSize": 1_000, "conditions": f"id > {self.newest}"}
        listed = {row["id"]: self.shown(row) for row in self.psa.get(PATH, params=params).json}
        assert listed == self.model


def run(psa, examples, steps):
    machine = type("Machine", (Contacts,), {"psa": psa})
    quick = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
    )
    run_state_machine_as_test(machine, settings=quick)


def test_a_short_life_of_contacts(psa):
    run(psa, 8, 20)


@pytest.mark.deep
def test_a_long_life_of_contacts(psa):
    run(psa, 60, 40)


@pytest.mark.deep
def test_a_life_of_contacts_in_the_other_profile(psa_observed):
    run(psa_observed, 30, 30)
