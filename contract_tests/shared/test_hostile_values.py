"""Values that do not fit their field: refused or read leniently, never a defect or half a write."""

import json

import pytest
from sides import offences

pytestmark = pytest.mark.assumed("most answers to misfitting values are not public (psa facts 6)")

VALUES = (
    b"null",
    b"true",
    b"-0",
    b"-1",
    b"1.5",
    b"1e308",
    b"%d" % 2**31,
    b"%d" % 2**63,
    b"%d" % 2**70,
    b'""',
    b'"x"',
    b'"\\u0000"',
    b'"0x1F"',
    b'"\\u0663"',
    b'"%s"' % (b"9" * 5_000),
    b'"%s"' % (b"x" * 70_000),
    b'"9999-99-99T99:99:99Z"',
    b"[]",
    b"[1]",
    b"[null]",
    b"[[[]]]",
    b"{}",
    b'{"id": null}',
    b'{"id": -1}',
    b'{"id": 1.5}',
    b'{"id": true}',
    b'{"id": "x"}',
    b'{"id": []}',
    b'{"id": %d}' % 2**40,
    b'{"name": {"a": 1}}',
    b'{"name": "\\u0000"}',
    b'{"identifier": "nobody"}',
    b'{"nope": 1}',
    b'[{"id": []}]',
    b'[{"id": 1, "id": {}}]',
    b'[{"nope": 1}]',
)
CORE = {
    "psa": (
        "/service/tickets/{id}",
        "/service/tickets/{parentId}/notes/{id}",
        "/service/boards/{id}",
        "/service/boards/{parentId}/statuses/{id}",
        "/company/companies/{id}",
        "/company/companies/{parentId}/sites/{id}",
        "/company/contacts/{id}",
        "/company/contacts/{parentId}/communications/{id}",
        "/company/configurations/{id}",
        "/time/entries/{id}",
        "/project/projects/{id}",
        "/project/tickets/{id}",
        "/finance/agreements/{id}",
        "/system/members/{id}",
        "/system/userDefinedFields/{id}",
    ),
    "automate": tuple(
        f"/{each}/{{id}}"
        for each in (
            "Computers",
            "Clients",
            "Locations",
            "Scripts",
            "Monitors",
            "Alerts",
            "Groups",
        )
    ),
}


def operations(names, value):
    listed = b",".join(
        b'{"op": "replace", "path": "/%s", "value": %s}' % (name.encode(), value) for name in names
    )
    return b"[" + listed + b"]"


def names_of(side, path):
    return [name for name in side.ask("GET", path).json if name != "_info"]


def judged(side, method, path, body):
    """Send a write; return its label and what is wrong with the answer or with what is left."""
    before = side.state(path)
    answer = side.send(method, path, body)
    label = f"{method} {path} {body[:100]!r}"
    if answer.status_code >= 400 and side.state(path) != before:
        return label, f"{answer.status_code}, yet something changed"
    return label, side.offence(answer)


def assert_clean(side, bodies):
    assert offences([judged(side, *body) for body in bodies]) == []


@pytest.mark.deep
def test_no_value_of_any_field_upsets_a_change(side):
    def bodies():
        for template in CORE[side.api]:
            path = side.filled(template)
            for number, name in enumerate(names_of(side, path)):
                for value in VALUES[number % 6 :: 6]:
                    yield "PATCH", path, operations([name], value)

    assert_clean(side, bodies())


@pytest.mark.deep
def test_the_same_value_everywhere_names_every_fault_at_once(side):
    def bodies():
        for number, template in enumerate(CORE[side.api]):
            path = side.filled(template)
            names = names_of(side, path)
            for value in VALUES[number % 2 :: 2]:
                members = b",".join(b"%s: %s" % (json.dumps(n).encode(), value) for n in names)
                yield "PATCH", path, operations(names, value)
                yield "PUT", path, b"{" + members + b"}"
                yield "POST", path.rpartition("/")[0], b"{" + members + b"}"

    assert_clean(side, bodies())


@pytest.fixture
def record(side):
    """Return a side with one record to patch, and the name of one of its texts."""
    side.path = side.filled("/service/tickets/{id}" if side.api == "psa" else "/Clients/{id}")
    side.text = "summary" if side.api == "psa" else "Name"
    return side


@pytest.mark.parametrize(
    "operation",
    [
        b"{}",
        b"null",
        b'{"op": 1, "path": "/%s"}',
        b'{"op": ["replace"], "path": "/%s"}',
        b'{"op": {"a": {}}, "path": "/%s"}',
        b'{"op": "replace", "path": 1}',
        b'{"op": "replace", "path": null}',
        b'{"op": "replace", "path": {"a": 1}}',
        b'{"op": "replace", "path": ["%s"]}',
        b'{"op": "replace", "path": ""}',
        b'{"op": "replace", "path": "/"}',
        b'{"op": "replace", "path": "/\\u0000"}',
        b'{"op": "move", "path": "/%s", "from": "/id"}',
        b'{"op": "test", "path": "/%s", "value": 1}',
        b'{"op": "", "path": "/%s", "value": "x"}',
        b'{"op": "replace", "path": "/%s/a/b/c", "value": 1}',
        b'{"op": "replace", "path": "/%s", "value": {"a": 1}}',
        b'{"op": "replace", "path": "' + b"/a" * 100_000 + b'", "value": 1}',
        b'{"op": "' + b"x" * 100_000 + b'", "path": "/%s", "value": 1}',
        b'{"op": ' + b"[" * 60 + b"]" * 60 + b', "path": "/%s"}',
    ],
)
def test_a_patch_is_applied_whole_or_not_at_all(record, operation):
    first = b'{"op": "replace", "path": "/%s", "value": "changed"}' % record.text.encode()
    second = operation.replace(b"%s", record.text.encode())
    before = record.state(record.path)
    answer = record.send("PATCH", record.path, b"[%s, %s]" % (first, second))
    assert 400 <= answer.status_code < 500
    assert record.offence(answer) is None
    assert record.state(record.path) == before


def test_a_thousand_operations_are_applied_and_more_refused(record):
    one = {"op": "replace", "path": f"/{record.text}", "value": "changed"}
    assert record.send("PATCH", record.path, [one] * 1_000).status_code == 200
    answer = record.send("PATCH", record.path, [one] * 1_001)
    assert (answer.status_code, record.offence(answer)) == (400, None)


def test_the_servers_links_cannot_be_written(record):
    before = record.ask("GET", record.path).json.get("_info")
    for value in (5, {"lastUpdated": "x"}, [[]], None):
        answer = record.send("PUT", record.path, {"_info": value, record.text: ""})
        assert record.offence(answer) is None
        record.send("PATCH", record.path, [{"op": "replace", "path": "/_info", "value": value}])
    after = record.ask("GET", record.path).json.get("_info")
    changes = {"lastUpdated", "updatedBy"}
    assert after is None or {n for n in after if after[n] != before[n]} <= changes


def test_the_id_cannot_be_written(record):
    name = next(each for each in names_of(record, record.path) if each.casefold().endswith("id"))
    before = record.ask("GET", record.path).json[name]
    answer = record.send("PATCH", record.path, [{"op": "replace", "path": f"/{name}", "value": 9}])
    assert record.offence(answer) is None
    assert record.ask("GET", record.path).json[name] == before
