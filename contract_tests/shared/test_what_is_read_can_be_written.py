"""A record that was read can be sent back, whole or field by field, and stays as it was."""

import pytest

pytestmark = pytest.mark.observed("clients send back whole records (psa facts 6.7)")

STAMPS = {"_info", "lastupdated", "updatedby", "lastupdate", "updatedate", "datemodified"}

#: A member of the observed shape that stands for another one and cannot be patched.
DERIVED = {"LocationId"}


def settled(record):
    """Return a record without what every write stamps anew."""
    if isinstance(record, list):
        return [settled(each) for each in record]
    if not isinstance(record, dict):
        return record
    kept = ((name, value) for name, value in record.items() if name.casefold() not in STAMPS)
    return {name: settled(value) for name, value in kept}


def samples(side, method, most):
    for route in side.routes:
        if route["method"] != method or "Identifier" in route["path"]:
            continue
        collection, _, _ = side.filled(route["path"]).rpartition("/")
        rows = side.rows(collection)
        for record in rows[:: max(1, len(rows) // most)][:most]:
            yield f"{collection}/{side.id_of(record)}", record


def difference(before, after):
    names = [n for n in {**before, **after} if before.get(n) != after.get(n)]
    return {name: (before.get(name), after.get(name)) for name in names}


@pytest.mark.deep
def test_a_record_sent_back_whole_stays_as_it_was(side):
    wrong = []
    for path, record in samples(side, "PUT", 4):
        answer = side.send("PUT", path, record)
        if answer.status_code == 405 and side.name == "automate observed":
            continue  # a write that only the guides have (automate facts 10)
        if answer.status_code != 200:
            wrong.append((path, answer.status_code, answer.text[:400]))
        elif settled(answer.json) != settled(record):
            wrong.append((path, difference(settled(record), settled(answer.json))))
    assert wrong == []


@pytest.mark.deep
def test_every_field_can_be_given_the_value_it_has(side):
    wrong = []
    for path, record in samples(side, "PATCH", 2):
        operations = [
            {"op": "replace", "path": name, "value": value}
            for name, value in record.items()
            if name not in {"_info", *DERIVED}
        ]
        answer = side.send("PATCH", path, operations)
        if answer.status_code == 405 and side.name == "automate observed":
            continue  # a write that only the guides have (automate facts 10)
        if answer.status_code != 200:
            wrong.append((path, answer.status_code, answer.text[:400]))
        elif settled(answer.json) != settled(record):
            wrong.append((path, difference(settled(record), settled(answer.json))))
    assert wrong == []


@pytest.mark.deep
def test_an_empty_patch_changes_nothing(side):
    for path, record in samples(side, "PATCH", 1):
        answer = side.send("PATCH", path, [])
        if answer.status_code == 405 and side.name == "automate observed":
            continue
        assert answer.status_code == 200, (path, answer.text)
        assert settled(answer.json) == settled(record), path
