"""What no source tells of extra fields is a switch."""

import pytest

#: All fields of computer 99, and those that somebody has set.
ALL = {"Asset Owner": "Accounting", "Device Role": "Office", "Exclude from Patching": False}
SET = {"Asset Owner": "Accounting"}


@pytest.fixture
def asked(make_tenant):
    """Return what makes a caller of a tenant with single quirks."""

    def make(dialect="documented", **quirks):
        return make_tenant(automate=quirks).unlimited().automate(dialect)

    return make


@pytest.mark.assumed("automate facts 72 does not tell whether a field without a value is listed")
@pytest.mark.parametrize("dialect", ["documented", "observed"])
def test_fields_that_nobody_has_set(asked, dialect):
    usual, brief = (asked(dialect, unset_extra_fields=each) for each in (True, False))
    path, expanded = "/Locations/2/ExtraFields", "/Locations/2?expand=extrafields"

    every, some = (caller.get(path).json for caller in (usual, brief))

    assert some == [row for row in every if not row["IsDefaultValue"]] != every
    assert brief.get(expanded).json["ExtraFields"] == some
    assert usual.get(expanded).json["ExtraFields"] == every
    if dialect == "documented":
        short = brief.get("/Locations/2/ExtraDataFields")
        assert len(short.json) == int(short.headers["Total-Count"]) == len(some)
        unset = next(row for row in every if row["IsDefaultValue"])["ExtraFieldDefinitionId"]
        one = f"/Locations/2/ExtraDataFields/{unset}"
        assert brief.get(one).status_code == 200
        brief.put(one, json={"Value": "now set"})
        assert len(brief.get("/Locations/2/ExtraDataFields").json) == len(some) + 1


@pytest.mark.assumed("the seed family shows an empty ExtraData in its examples")
@pytest.mark.parametrize(("shown", "told"), [("set", SET), ("all", ALL), ("nothing", {})])
def test_what_extra_data_shows(asked, shown, told):
    caller = asked(extra_data=shown)

    alone = caller.get("/Computers/99").json
    listed = caller.get("/Computers?condition=ComputerID = 99").json[0]

    assert alone["ExtraData"] == listed["ExtraData"] == told
    cut = caller.get("/Computers/99?includeFields=ExtraData").json
    assert cut == {"ExtraData": told}
    assert "ExtraData" not in caller.get("/Computers/99?excludeFields=ExtraData").json


@pytest.mark.assumed("no source tells whether a body's ExtraData does anything")
def test_extra_data_in_a_body(asked):
    usual, writing = asked(), asked(extra_data_writable=True)
    body = {"Comment": "x", "ExtraData": {"asset owner": "Lab", "Device Role": "Lab"}}

    ignored, taken = (each.patch("/Computers/99", json=body).json for each in (usual, writing))
    made = writing.post("/Clients", json={"Name": "New", "ExtraData": {"Account Tier": "Gold"}})
    emptied = writing.patch("/Computers/99", json={"ExtraData": None})

    assert ignored["ExtraData"] == SET
    assert taken["ExtraData"] == {"Asset Owner": "Lab", "Device Role": "Lab"}
    assert made.json["ExtraData"] == {"Account Tier": "Gold"}
    assert emptied.json["ExtraData"] == taken["ExtraData"]
    values = {
        row["Name"]: row["Value"] for row in writing.get("/Computers/99/ExtraDataFields").json
    }
    assert values == {**ALL, "Asset Owner": "Lab", "Device Role": "Lab"}


@pytest.mark.assumed("a field that does not exist or cannot have the value changes nothing at all")
@pytest.mark.parametrize(
    "data",
    [
        {"Nothing": "x"},
        {"Asset Owner": "Lab", "Device Role": "Elsewhere"},
        {"Exclude from Patching": "perhaps"},
        {"Asset Owner": {"a": {}}},
        {"Asset Owner": "a\0b"},
        [],
        "x",
    ],
)
def test_extra_data_that_cannot_be(asked, data):
    caller = asked(extra_data_writable=True)
    before = caller.get("/Computers/99").json

    answer = caller.patch("/Computers/99", json={"Comment": "not kept", "ExtraData": data})

    assert answer.status_code == 400
    assert caller.get("/Computers/99").json == before


@pytest.mark.assumed("automate facts 72: how a dropdown is set is unproven")
@pytest.mark.parametrize(("checked", "code"), [(True, 400), (False, 200)])
def test_a_value_that_is_none_of_a_dropdowns_options(asked, checked, code):
    caller = asked("observed", dropdown_values_checked=checked)
    operations = [{"op": "replace", "path": "DropdownSettings/SelectedValue", "value": "Elsewhere"}]

    answer = caller.patch("/Computers/99/ExtraFields/23", json=operations)

    assert answer.status_code == code
    assert checked or answer.json["DropdownSettings"]["SelectedValue"] == "Elsewhere"


@pytest.mark.assumed("the seed family's table says 400, automate facts 65 tells of all records")
@pytest.mark.parametrize(
    ("quirks", "codes"),
    [
        ({}, (400, 404, 404)),
        ({"unknown_extra_field_status": {"ExtraFields": 400}}, (404, 400, 400)),
        ({"unknown_extra_field_status": {"ExtraDataFields": 422}}, (422, 404, 404)),
    ],
)
def test_a_field_that_does_not_exist(asked, quirks, codes):
    caller = asked(**quirks)

    answers = (
        caller.put("/Computers/99/ExtraDataFields/999", json={"Value": "x"}),
        caller.patch("/Computers/99/ExtraFields/999", json=[]),
        caller.delete("/Computers/99/ExtraFields/999"),
    )

    assert tuple(each.status_code for each in answers) == codes
    assert caller.get("/Computers/99/ExtraDataFields/999").status_code == 404


@pytest.mark.assumed("the seed family's alerts have it; what is in it is the caller's")
@pytest.mark.parametrize("data", [{"a": 1, "b": {"c": [None, "é"]}}, {}])
def test_additional_data_of_an_alert_is_kept_as_it_came(asked, data):
    caller = asked()
    body = {"ComputerID": 97, "Subject": "Ours", "AdditionalData": data}

    made = caller.post("/Alerts", json=body).json

    assert made["AdditionalData"] == data
    assert caller.get(f"/Alerts/{made['AlertID']}").json["AdditionalData"] == data
    deep = caller.post("/Alerts", json={**body, "AdditionalData": {"a": "b\0"}})
    assert deep.status_code == 400
