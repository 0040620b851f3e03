"""Custom fields: defined per screen, shown on its records, validated, asked for (psa facts 8.6)."""

import itertools

import pytest

FIELDS, COMPANIES, TICKET = (
    "/system/userDefinedFields",
    "/company/companies",
    "/service/tickets/5000",
)
COMPANY_POD = 1
NUMBERS = itertools.count(1)


def definition(**members):
    return {
        "podId": COMPANY_POD,
        "caption": f"Field{next(NUMBERS)}",
        "sequenceNumber": 9,
        "fieldTypeIdentifier": "Text",
        **members,
    }


def define(caller, **members):
    answer = caller.post(FIELDS, json=definition(**members))
    assert answer.status_code == 201, answer.text
    return answer.json


def row(record, field_id):
    return next((each for each in record["customFields"] if each["id"] == field_id), None)


def company(caller, **members):
    number = next(NUMBERS)
    body = {"identifier": f"Custom{number}", "name": f"Custom {number}", **members}
    return caller.post(COMPANIES, json=body)


@pytest.mark.observed("psa facts 8.6, 10.3: every defined field is listed even when empty")
def test_a_new_field_appears_on_every_record_of_its_screen(caller):
    field = define(caller, caption="Region")

    shown = {
        "id": field["id"],
        "caption": "Region",
        "type": "Text",
        "entryMethod": "EntryField",
        "numberOfDecimals": 0,
        "value": None,
        "connectWiseId": field["connectWiseID"],
        "rowNum": field["sequenceNumber"],
        "userDefinedFieldRecId": field["id"],
        "podId": "company_overview",
    }
    page = caller.get(COMPANIES, params={"pageSize": 1000}).json
    assert all(row(each, field["id"]) == shown for each in page)
    assert row(company(caller).json, field["id"]) == shown
    assert row(caller.get(TICKET).json, field["id"]) is None

    change = [{"op": "replace", "path": "caption", "value": "Area"}]
    assert caller.patch(f"{FIELDS}/{field['id']}", json=change).status_code == 200
    assert row(caller.get(f"{COMPANIES}/12345").json, field["id"])["caption"] == "Area"

    assert caller.delete(f"{FIELDS}/{field['id']}").status_code == 204
    assert row(caller.get(f"{COMPANIES}/12345").json, field["id"]) is None


@pytest.mark.documented("seed 003, 'Custom Fields': the types of fields and what they take")
@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("Text", "Nord", "Nord"),
        ("TextArea", "a b", "a b"),
        ("Number", "12", 12),
        ("Currency", 9.99, 9.99),
        ("Percent", 12.345, 12.35),
        ("Checkbox", "false", False),
        ("Checkbox", True, True),
        ("Date", "2026-09-11T00:00:00Z", "2026-09-11T00:00:00Z"),
        ("Hyperlink", "https://example.com", "https://example.com"),
    ],
)
def test_a_value_is_of_its_field_s_type(caller, kind, given, kept):
    decimals = 2 if kind in {"Currency", "Percent"} else 0
    field = define(caller, fieldTypeIdentifier=kind, numberDecimals=decimals)["id"]

    made = company(caller, customFields=[{"id": field, "value": given}])

    assert made.status_code == 201, made.text
    assert row(made.json, field)["value"] == kept


@pytest.mark.assumed(
    "psa facts 8.6, recorded of a list: a new record begins with the default option"
)
def test_a_new_record_begins_with_the_default_option(caller):
    options = [{"optionValue": "true"}, {"optionValue": "false", "defaultFlag": True}]
    field = define(caller, entryTypeIdentifier="List", options=options)["id"]

    assert row(company(caller).json, field)["value"] == "false"
    chosen = company(caller, customFields=[{"id": field, "value": "true"}]).json
    assert row(chosen, field)["value"] == "true"
    assert row(caller.get(f"{COMPANIES}/12345").json, field)["value"] is None


@pytest.mark.assumed("a caption may stand for an id")
def test_a_field_may_be_named_by_its_caption(caller):
    field = define(caller, caption="Named")["id"]
    document = [
        {"op": "replace", "path": "customFields", "value": [{"caption": "named", "value": 7}]}
    ]

    found = caller.patch(f"{COMPANIES}/12345", json=document)

    assert (found.status_code, row(found.json, field)["value"]) == (200, "7")
    unknown = [{"op": "replace", "path": "customFields", "value": [{"caption": "No", "value": 7}]}]
    assert caller.patch(f"{COMPANIES}/12345", json=unknown).status_code == 400


@pytest.mark.assumed("what is true is not the number 1")
def test_a_number_does_not_become_true(caller):
    field = define(caller, fieldTypeIdentifier="Number")["id"]

    def set_to(value):
        rows = [{"id": field, "value": value}]
        document = [{"op": "replace", "path": "customFields", "value": rows}]
        return caller.patch(f"{COMPANIES}/12345", json=document)

    assert row(set_to(1).json, field)["value"] == 1
    assert set_to(True).status_code == 400
    assert row(caller.get(f"{COMPANIES}/12345").json, field)["value"] == 1


@pytest.mark.assumed("a value that its field cannot hold: InvalidField and its like")
@pytest.mark.parametrize(
    ("members", "value", "code"),
    [
        ({"fieldTypeIdentifier": "Number"}, "twelve", "InvalidField"),
        ({"fieldTypeIdentifier": "Checkbox"}, "maybe", "InvalidField"),
        ({"fieldTypeIdentifier": "Date"}, "tomorrow", "UnsupportedFormat"),
        (
            {"entryTypeIdentifier": "List", "options": [{"optionValue": "Gold"}]},
            "Tin",
            "InvalidField",
        ),
        ({"fieldTypeIdentifier": "Text"}, {"a": 1}, "InvalidField"),
    ],
)
def test_a_value_is_validated(psa_observed, members, value, code):
    field = define(psa_observed, caption="Strict", **members)["id"]

    answer = company(psa_observed, customFields=[{"id": field, "value": value}])

    told = [(found["code"], found["field"]) for found in answer.json["errors"]]
    assert (answer.status_code, told) == (400, [(code, "customFields/Strict")])


@pytest.mark.documented("seed 003, 'Method of Entry': one of the options")
@pytest.mark.parametrize("method", ["List", "Option"])
def test_a_list_has_options(caller, method):
    options = [{"optionValue": "Gold"}, {"optionValue": "Tin", "inactiveFlag": True}]
    field = define(caller, entryTypeIdentifier=method, options=options)

    assert [each["sortOrder"] for each in field["options"]] == [1, 2]
    assert len({each["id"] for each in field["options"]}) == 2
    gold = company(caller, customFields=[{"id": field["id"], "value": "Gold"}])
    tin = company(caller, customFields=[{"id": field["id"], "value": "Tin"}])
    assert (gold.status_code, tin.status_code) == (201, 400)


@pytest.mark.observed("psa facts 6.11: writes may be refused while a required field is empty")
def test_a_required_field_is_required_on_every_write(psa_observed):
    field = define(psa_observed, caption="Must", requiredFlag=True)["id"]
    rename = {"op": "replace", "path": "city", "value": "Ulm"}
    filled = {"op": "replace", "path": "customFields", "value": [{"id": field, "value": "x"}]}

    bare = psa_observed.patch(f"{COMPANIES}/12345", json=[rename])
    both = psa_observed.patch(f"{COMPANIES}/12345", json=[rename, filled])
    later = psa_observed.patch(f"{COMPANIES}/12345", json=[{**rename, "value": "Bonn"}])

    found = bare.json["errors"][0]
    assert (bare.status_code, found["code"]) == (400, "MissingRequiredField")
    assert found["message"] == "The customFields/Must field is required."
    assert (both.status_code, later.status_code) == (200, 200)


@pytest.mark.documented("seed 003: customFieldConditions by caption and value")
def test_a_new_field_can_be_asked_for(caller):
    field = define(caller, caption="Floor", fieldTypeIdentifier="Number")["id"]
    made = company(caller, customFields=[{"id": field, "value": 7}]).json

    told = {"customFieldConditions": 'caption="Floor" AND value = 7'}
    assert [each["id"] for each in caller.get(COMPANIES, params=told).json] == [made["id"]]


@pytest.mark.documented("psa facts S21: seed 003's limits in its profile, the API's in the other")
@pytest.mark.parametrize(
    ("profile", "members", "status"),
    [
        ("documented", {"caption": "x" * 13}, 400),
        ("documented", {"sequenceNumber": 51}, 400),
        ("observed", {"caption": "x" * 25}, 201),
        ("observed", {"caption": "x" * 26}, 400),
        ("observed", {"sequenceNumber": 500}, 201),
        ("observed", {"sequenceNumber": 501}, 400),
        ("observed", {"sequenceNumber": 0}, 400),
    ],
)
def test_a_definition_has_limits(make_tenant, profile, members, status):
    answer = make_tenant(profile).psa.post(FIELDS, json=definition(**members))

    assert answer.status_code == status, answer.text


@pytest.mark.documented("seed 003, 'Field Options and Parameters'")
@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"fieldTypeIdentifier": "Number", "numberDecimals": 6}, "numberDecimals"),
        ({"fieldTypeIdentifier": "Text", "numberDecimals": 2}, "numberDecimals"),
        ({"requiredFlag": True, "readOnlyFlag": True}, "requiredFlag"),
        ({"entryTypeIdentifier": "List"}, "options"),
        ({"fieldTypeIdentifier": "Nonsense"}, "fieldTypeIdentifier"),
        ({"podId": None}, "podId"),
    ],
)
def test_a_definition_must_make_sense(psa_observed, members, field):
    answer = psa_observed.post(FIELDS, json=definition(**members))

    assert answer.status_code == 400
    assert [found["field"] for found in answer.json["errors"]] == [field]


@pytest.mark.documented("seed 003, 'Include on List View?': a limit of ten fields; observed: none")
@pytest.mark.parametrize(("profile", "eleventh"), [("documented", 400), ("observed", 201)])
def test_a_list_view_shows_ten_fields(make_tenant, profile, eleventh):
    caller = make_tenant(profile).unlimited().psa
    field = {"podId": 1, "fieldTypeIdentifier": "Text", "entryTypeIdentifier": "EntryField"}

    def listed(number):
        body = {"caption": f"field {number}", "sequenceNumber": 20 + number, "listViewFlag": True}
        return caller.post("/system/userDefinedFields", json=field | body)

    assert [listed(number).status_code for number in range(10)] == [201] * 10
    refused = listed(10)
    assert refused.status_code == eleventh
    if eleventh == 400:
        assert refused.json["errors"][0]["field"] == "listViewFlag"
