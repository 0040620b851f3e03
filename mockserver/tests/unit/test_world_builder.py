"""The built world: sizes, order, references, and that it is the same every time."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from functools import cache

import pytest

from mockserver.fixtures.builder import ANCHOR, FORWARD, HISTORY_END, KEYS, Scale, build
from mockserver.fixtures.scale import DEFAULT, TINY

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
DIGEST = """
import hashlib, json
from mockserver.fixtures.builder import Scale, build
print(hashlib.sha256(json.dumps(list(build(7, Scale.named("tiny")))).encode()).hexdigest())
"""
TARGETS = {
    "board": "service/boards",
    "status@service/tickets": "service/boards/statuses",
    "status@project/tickets": "service/boards/statuses",
    "company": "company/companies",
    "site": "company/companies/sites",
    "contact": "company/contacts",
    "owner": "system/members",
    "member": "system/members",
    "type@service/tickets": "service/boards/types",
    "subType": "service/boards/subtypes",
    "item": "service/boards/items",
    "team": "service/boards/teams",
    "priority": "service/priorities",
    "source": "service/sources",
    "agreement": "finance/agreements",
    "ticket": "service/tickets",
    "project": "project/projects",
    "phase": "project/projects/phases",
    "workRole": "time/workRoles",
    "manufacturer": "procurement/manufacturers",
    "currency": "finance/currencies",
    "country": "company/countries",
    "location": "system/locations",
    "department@service/tickets": "system/departments",
}


@cache
def world(name="default"):
    return tuple(build(42, Scale.named(name)))


@cache
def counts(name="default"):
    return Counter(path for path, _ in world(name))


def key(path, record):
    return record[KEYS.get(path, "Id" if path.startswith("automate:") else "id")]


def instants(value):
    if isinstance(value, dict):
        for each in value.values():
            yield from instants(each)
    elif isinstance(value, list):
        for each in value:
            yield from instants(each)
    elif isinstance(value, str) and INSTANT.fullmatch(value):
        yield value


@pytest.mark.parametrize(
    ("path", "least"),
    [
        ("company/companies", 40),
        ("company/companies/sites", 90),
        ("company/contacts", 250),
        ("company/contacts/communications", 500),
        ("company/configurations", 160),
        ("service/tickets", 500),
        ("service/tickets/notes", 800),
        ("service/boards", 4),
        ("service/priorities", 4),
        ("time/entries", 600),
        ("finance/agreements", 30),
        ("project/projects", 10),
        ("project/projects/phases", 30),
        ("project/tickets", 30),
        ("system/members", 12),
        ("automate:Computers", 160),
        ("automate:Alerts", 300),
        ("automate:Monitors", 40),
        ("automate:Scripts", 30),
        ("automate:ScriptFolders", 3),
        ("automate:Groups", 10),
        ("automate:Clients", 30),
        ("automate:Locations", 60),
    ],
)
def test_the_default_world_is_large_enough(path, least):
    assert counts()[path] >= least


def test_the_tiny_world_has_at_least_three_of_everything_and_few_tickets():
    assert set(counts("tiny")) == set(counts())
    assert min(counts("tiny").values()) >= 3
    assert counts("tiny")["service/tickets"] == 12
    assert sum(counts("tiny").values()) < 400


@pytest.mark.parametrize("tickets", [1, 12, 13, 40, 137, 700])
def test_any_number_of_tickets_can_be_asked_for(tickets):
    found = Counter(path for path, _ in build(3, Scale.of(tickets)))

    assert found["service/tickets"] >= max(tickets, TINY.tickets)
    assert found["service/tickets"] <= max(tickets, TINY.tickets) + 60


def test_scales_have_names_and_grow_more_slowly_than_the_tickets():
    assert Scale.named("tiny") == Scale.of(3) == TINY
    assert Scale.named("default") == Scale.of(500) == DEFAULT
    large = Scale.named("large")
    assert large.tickets == 100_000
    assert DEFAULT.companies < large.companies < 50 * DEFAULT.companies
    assert large.companies < 12345 - 250


def test_an_unknown_scale_is_refused():
    with pytest.raises(KeyError):
        Scale.named("huge")


def test_a_world_is_built_one_record_at_a_time():
    stream = build(42, Scale.of(1_000_000))

    path, record = next(stream)

    assert (path, record["id"]) == ("finance/currencies", 1)
    stream.close()


def test_the_same_seed_gives_the_same_world_whatever_the_hash_seed():
    expected = hashlib.sha256(json.dumps(list(build(7, TINY))).encode()).hexdigest()

    for hash_seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        told = subprocess.run(
            [sys.executable, "-c", DIGEST], env=environment, capture_output=True, check=True
        )
        assert told.stdout.decode().strip() == expected


def test_another_seed_gives_another_world():
    assert list(build(1, TINY)) != list(build(2, TINY))


@pytest.mark.parametrize("name", ["tiny", "default"])
def test_ids_are_unique_within_a_collection(name):
    seen = Counter((path, key(path, record)) for path, record in world(name))

    assert max(seen.values()) == 1


@pytest.mark.parametrize("name", ["tiny", "default"])
def test_what_is_referred_to_comes_first(name):
    seen = defaultdict(set)
    missing = []
    for path, record in world(name):
        seen[path].add(key(path, record))
        for field, value in record.items():
            target = TARGETS.get(f"{field}@{path}", TARGETS.get(field))
            known = not path.startswith("automate:") and (path, field) not in FORWARD
            if target and known and value["id"] not in seen[target]:
                missing.append((path, field, value))
    assert missing == []


def test_references_carry_an_id_only_except_the_forward_ones():
    for path, record in world():
        for field, value in record.items():
            if (
                path.startswith("automate:")
                or not isinstance(value, dict)
                or field in {"_info", "ssoSettings"}
            ):
                continue
            assert set(value) == ({"id", "name"} if (path, field) in FORWARD else {"id"})


def test_forward_references_name_what_comes_later():
    rows = {(path, key(path, record)): record for path, record in world()}
    for path, record in world():
        if path == "company/companies":
            site = rows["company/companies/sites", record["site"]["id"]]
            contact = rows["company/contacts", record["defaultContact"]["id"]]
            assert record["site"]["name"] == site["name"]
            assert site["company"] == {"id": record["id"]}
            name = f"{contact['firstName']} {contact['lastName']}"
            assert record["defaultContact"]["name"] == name


@pytest.mark.parametrize("name", ["tiny", "default"])
def test_no_member_is_null_and_every_psa_record_is_audited(name):
    audit = {"lastUpdated", "updatedBy", "dateEntered", "enteredBy"}
    for path, record in world(name):
        assert None not in record.values(), path
        if not path.startswith("automate:"):
            assert set(record["_info"]) == audit, path
            assert record["_info"]["lastUpdated"] >= record["_info"]["dateEntered"], (path, record)


@pytest.mark.parametrize("name", ["tiny", "default"])
def test_nothing_is_later_than_the_second_before_the_anchor(name):
    latest = max(each for _, record in world(name) for each in instants(record))

    assert latest == "2026-06-30T23:59:59Z"
    assert ANCHOR.isoformat() == "2026-07-01T00:00:00+00:00"


def test_no_text_mentions_a_date_that_a_shift_would_leave_behind():
    for path, record in world():
        text = json.dumps(record)
        assert len(re.findall(r"\b20\d\d-\d\d-\d\d", text)) == len(list(instants(record))), path


def test_what_began_as_history_ends_as_history():
    end = f"{HISTORY_END.isoformat()}T23:59:59Z"
    whole = ("service/tickets", "service/tickets/notes", "time/entries")
    for path, record in world():
        if path in whole:
            sides = {each <= end for each in instants(record)}
            assert len(sides) == 1, record


def test_communication_items_are_records_too():
    records = {record["id"]: record for path, record in world() if path.endswith("/communications")}
    for path, contact in world():
        if path == "company/contacts":
            kinds = {item["communicationType"] for item in contact["communicationItems"]}
            assert {"Email", "Phone"} <= kinds
            for item in contact["communicationItems"]:
                twin = records.pop(item["id"])
                assert twin["contactId"] == contact["id"]
                assert item == {name: twin[name] for name in item}
    assert records == {}


def test_custom_fields_are_the_defined_ones():
    fields = {r["id"]: r for path, r in world() if path == "system/userDefinedFields"}
    seen = set()
    for _, record in world():
        for value in record.get("customFields", ()):
            defined = fields[value["id"]]
            seen.add(value["id"])
            assert value["caption"] == defined["caption"]
            assert value["type"] == defined["fieldTypeIdentifier"]
            assert value["entryMethod"] == defined["entryTypeIdentifier"]
            options = [each["optionValue"] for each in defined.get("options", ())]
            assert value["value"] is None or not options or value["value"] in options
    assert seen == set(fields) - {60}  # opportunities come with a later issue
