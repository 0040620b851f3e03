"""Extra fields in both spellings, over one set of rows."""

import pytest

OWNERS = ["Clients/100", "Locations/1", "Computers/97"]


def patched(caller, path, definition, where, value):
    operations = [{"Op": "replace", "Path": where, "Value": value}]
    return caller.patch(f"/{path}/extrafields/{definition}", json=operations)


@pytest.mark.observed("automate facts 72: GET /{computers|clients|locations|contacts}/{id}/…")
@pytest.mark.parametrize("path", [*OWNERS, "Contacts/1"])
def test_every_target_has_every_definition_of_its_kind_once(automate_observed, path):
    rows = automate_observed.get(f"/{path.lower()}/extrafields").json
    kind = path.partition("/")[0]
    other = automate_observed.get(f"/{kind}?pageSize=2").json[1]["Id"]

    same = automate_observed.get(f"/{kind}/{other}/extrafields").json

    titles = [(row["ExtraFieldDefinitionId"], row["Title"], row["LtGuid"]) for row in rows]
    assert titles == [(r["ExtraFieldDefinitionId"], r["Title"], r["LtGuid"]) for r in same]
    assert len({row["ExtraFieldDefinitionId"] for row in rows}) == len(rows) >= 2
    assert all(row["TargetId"] == int(path.partition("/")[2]) for row in rows)
    settings = {"TextFieldSettings", "CheckboxSettings", "DropdownSettings"}
    assert all(len(settings & row.keys()) == 1 for row in rows)


@pytest.mark.observed("automate facts 72: PATCH with the path of the setting, in any case")
@pytest.mark.parametrize(
    ("definition", "where", "value"),
    [
        (21, "/TextFieldSettings/Value", "Back office"),
        (21, "textFieldSettings/value", "Back office"),
        (22, "/CheckboxSettings/IsChecked", True),
        (23, "/DropdownSettings/SelectedValue", "Lab"),
    ],
)
def test_a_field_is_set_by_a_patch_on_its_settings(automate_observed, definition, where, value):
    answer = patched(automate_observed, "computers/97", definition, where, value)

    assert answer.status_code == 200
    name, member = where.strip("/").split("/")
    found = {key.casefold(): value for key, value in answer.json.items()}
    settings = {key.casefold(): value for key, value in found[name.casefold()].items()}
    assert settings[member.casefold()] == value
    assert answer.json["IsDefaultValue"] is False
    assert answer.json in automate_observed.get("/computers/97/extrafields").json


@pytest.mark.assumed("no source tells what a value of another kind does; nothing is changed")
@pytest.mark.parametrize(
    ("definition", "where", "value"),
    [
        (21, "/CheckboxSettings/IsChecked", True),
        (22, "/CheckboxSettings/IsChecked", "perhaps"),
        (23, "/DropdownSettings/SelectedValue", "Elsewhere"),
        (21, "/TextFieldSettings/Value", {"a": 1}),
    ],
)
def test_a_value_that_does_not_fit_is_refused(automate_observed, definition, where, value):
    before = automate_observed.get("/computers/97/extrafields").json

    answer = patched(automate_observed, "computers/97", definition, where, value)

    assert answer.status_code == 400
    assert automate_observed.get("/computers/97/extrafields").json == before


@pytest.mark.observed("automate facts 64: DELETE of a location's field answers 200 with the field")
def test_a_removed_value_falls_back_to_the_default(automate_observed):
    patched(automate_observed, "locations/1", 11, "/TextFieldSettings/Value", "Cable Co")

    answer = automate_observed.delete("/Locations/1/ExtraFields/11")

    assert (answer.status_code, answer.json["IsDefaultValue"]) == (200, True)
    settings = answer.json["TextFieldSettings"]
    assert settings["Value"] == settings["DefaultValue"]


@pytest.mark.documented("C23 and automate facts 10.3: EDFID, Name, Value, Type; PUT {Value}")
@pytest.mark.parametrize("path", OWNERS)
def test_the_seed_familys_spelling_reads_and_sets_the_same_rows(automate, path):
    before = automate.get(f"/{path}/ExtraDataFields")
    field = before.json[0]
    assert set(field) == {"EDFID", "Name", "Value", "Type"}
    assert before.headers["X-Total-Count"] == str(len(before.json))

    answer = automate.put(f"/{path}/ExtraDataFields/{field['EDFID']}", json={"Value": "New"})

    assert (answer.status_code, answer.json) == (200, {**field, "Value": "New"})
    assert automate.get(f"/{path}/ExtraDataFields/{field['EDFID']}").json == answer.json
    assert automate.get(f"/{path}/ExtraFields").json[0]["TextFieldSettings"]["Value"] == "New"
    assert automate.get(f"/{path}").json["ExtraData"][field["Name"]] == "New"


@pytest.mark.documented("the seed family's error table: an invalid EDF is a 400")
def test_a_field_that_does_not_exist_cannot_be_set(automate):
    answer = automate.put("/Clients/100/ExtraDataFields/999", json={"Value": "x"})
    bare = automate.put("/Clients/100/ExtraDataFields/1", json={})
    nowhere = automate.put("/Clients/99999/ExtraDataFields/1", json={"Value": "x"})

    assert (answer.status_code, answer.json["error"]["details"]["field"]) == (400, "EDFID")
    assert (bare.status_code, nowhere.status_code) == (400, 404)
    assert automate.get("/Clients/100/ExtraDataFields/999").status_code == 404


@pytest.mark.assumed("a new client has what all clients have, at its default")
def test_a_new_client_has_the_definitions_of_all_clients(automate):
    names = [row["Name"] for row in automate.get("/Clients/100/ExtraDataFields").json]
    made = automate.post("/Clients", json={"Name": "Newcomer"}).json["ClientID"]

    rows = automate.get(f"/Clients/{made}/ExtraFields").json
    automate.delete(f"/Clients/{made}")

    assert [row["Title"] for row in rows] == names
    assert all(row["IsDefaultValue"] for row in rows)
    assert automate.get(f"/Clients/{made}/ExtraDataFields").status_code == 404


@pytest.mark.assumed("seed 000 lists them; its list options are those of all lists")
def test_the_seeds_list_knows_its_own_names(automate):
    path = "/Contacts/1/ExtraDataFields"
    every = automate.get(path).json

    found = automate.get(f"{path}?condition=Name = '{every[1]['Name']}'").json
    downwards = automate.get(f"{path}?orderBy=EDFID desc&includeFields=EDFID").json
    shorter = automate.get(f"{path}?options.excludeFields=Value,Type").json

    assert found == [every[1]]
    assert downwards == [{"EDFID": each["EDFID"]} for each in reversed(every)]
    assert shorter == [{"EDFID": each["EDFID"], "Name": each["Name"]} for each in every]
    assert automate.get(f"{path}?condition=Nonsense = 1").status_code == 400
