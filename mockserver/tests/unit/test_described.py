"""A description of the user's own is served on top of the vendors', or refused in one line."""

import json
import re
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from mockserver import World, create_app
from mockserver.cli import main
from mockserver.core.compiling.reading import BadDescription, read, usable
from mockserver.settings import BadSetting, Settings
from mockserver.vendors import vendors

PAGE = Path(__file__).parents[2] / "docs" / "descriptions.md"
BASE = "/v4_6_release/apis/3.0"
CALLER = {"auth": ("company+publickey", "privatekey"), "headers": {"clientId": "any"}}
SWAGGER = {
    "swagger": "2.0",
    "info": {"title": "LabTech extras", "version": "7"},
    "paths": {
        "/cwa/api/v1/Gauges/{gaugeId}": {
            "get": {"responses": {"200": {"schema": {"$ref": "#/definitions/Gauge"}}}},
        },
        "/cwa/api/v1/Gauges": {
            "get": {
                "responses": {
                    "200": {"schema": {"type": "array", "items": {"$ref": "#/definitions/Gauge"}}}
                }
            },
            "post": {
                "parameters": [
                    {"in": "body", "name": "body", "schema": {"$ref": "#/definitions/Gauge"}}
                ],
                "responses": {"200": {"schema": {"$ref": "#/definitions/Gauge"}}},
            },
        },
    },
    "definitions": {
        "Gauge": {
            "type": "object",
            "required": ["Name"],
            "properties": {
                "GaugeId": {"type": "string", "format": "uuid"},
                "Name": {"type": "string"},
                "Sub": {"$ref": "#/definitions/Gauge"},
                "kept-as/is": {"type": "integer"},
            },
        }
    },
}


@pytest.fixture(scope="module")
def gadgets(tmp_path_factory):
    """The example of the documentation, in a file."""
    file = tmp_path_factory.mktemp("specs") / "additions.json"
    text = re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]
    file.write_text(text, encoding="utf-8")
    return str(file)


@pytest.fixture(scope="module")
def gauges(tmp_path_factory):
    file = tmp_path_factory.mktemp("specs") / "gauges.json"
    file.write_bytes(orjson.dumps(SWAGGER))
    return str(file)


@pytest.fixture(scope="module")
def client(gadgets, gauges):
    world = World.seeded(42, specs=[gadgets, gauges], frozen=True, quota=(None, 60.0))
    return create_app(world).test_client()


def test_what_is_described_has_records_conditions_and_pages(client):
    rows = client.get(f"{BASE}/service/gadgets", **CALLER).json
    assert len(rows) >= 3
    asked = {"conditions": f"company/id={rows[0]['company']['id']}", "fields": "id"}
    found = client.get(f"{BASE}/service/gadgets", query_string=asked, **CALLER).json
    assert {"id": rows[0]["id"]} in found


def test_what_is_described_is_validated(client):
    wrong = {"name": "x" * 21, "company": {"id": 999_999}, "nonsense": 1}
    refused = client.post(f"{BASE}/service/gadgets", json=wrong, **CALLER)
    assert refused.status_code == 400
    fields = {each["field"] for each in refused.json["errors"]}
    assert fields == {"name", "company/id", "nonsense"}


def test_what_is_described_keeps_what_it_is_given(client):
    made = client.post(f"{BASE}/service/gadgets", json={"name": "Lamp"}, **CALLER)
    assert made.status_code == 201
    rows = client.get(f"{BASE}/service/gadgets?conditions=name='lamp'", **CALLER).json
    assert [row["id"] for row in rows] == [made.json["id"]]


def test_the_vendors_own_operations_stay(client):
    assert client.get(f"{BASE}/service/tickets/5000", **CALLER).json["id"] == 5000


def test_a_swagger_description_of_automate_is_served_with_whole_numbers_for_ids(client):
    names = {"Username": "integrator", "Password": "integrator-password"}
    token = client.post("/cwa/api/v1/APIToken", json=names).json["AccessToken"]
    caller = {"headers": {"Authorization": f"Bearer {token}", "ClientId": "any"}}
    made = client.post("/cwa/api/v1/Gauges", json={"Name": "Pressure", "kept-as/is": 3}, **caller)
    assert made.status_code == 200
    assert made.json["Name"] == "Pressure"
    assert isinstance(made.json["GaugeId"], int)
    path = f"/cwa/api/v1/Gauges/{made.json['GaugeId']}"
    assert client.get(path, **caller).json["kept-as/is"] == 3


def test_two_worlds_of_one_process_need_not_serve_the_same(gadgets):
    assert any("gadgets" in each.template for each in vendors((gadgets,))[0].routes.all)
    assert not any("gadgets" in each.template for each in vendors()[0].routes.all)


def test_routes_and_openapi_tell_of_what_is_described(gadgets):
    listed = CliRunner().invoke(main, ["routes", "--spec", gadgets, "--path", "gadgets"])
    assert [line.split()[1:3] for line in listed.output.splitlines()] == [
        ["GET", "/service/gadgets"],
        ["POST", "/service/gadgets"],
    ]
    printed = CliRunner().invoke(main, ["openapi", "psa", "--spec", gadgets])
    assert "/service/gadgets" in json.loads(printed.output)["paths"]


def test_catalogue_tells_what_is_in_a_description_and_writes_it(gadgets, tmp_path):
    ended = CliRunner().invoke(main, ["catalogue", gadgets, "--out", str(tmp_path / "out")])
    assert ended.output.splitlines()[-1] == "2 operations, 1 collections, 2 models"
    index = orjson.loads((tmp_path / "out" / "index.json").read_bytes())
    assert list(index["collections"]) == ["service/gadgets"]


def test_what_the_emulator_says_of_itself_can_be_read_again(tmp_path):
    own = tmp_path / "own.json"
    own.write_text(CliRunner().invoke(main, ["openapi", "automate"]).output, encoding="utf-8")
    told = read(own)
    assert len(told["paths"]) > 100
    assert {"Gauge"} & told["components"]["schemas"].keys() == set()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"nonsense", "is not JSON"),
        (b"{}", "it has no paths"),
        (b'{"paths": {}}', "describes no operation"),
        (b'{"paths": {"/x": [1]}}', "where an object should be"),
        (b'{"paths": {"/x": {"get": {"responses": 3}}}}', "does not describe GET /x well"),
        (b'{"paths": {"/x": {"get": 3}}}', "does not describe GET /x well"),
        (b'{"openapi": "4.0.0", "paths": {"/x": {"get": {}}}}', "is of version '4.0.0'"),
        (
            b'{"paths": {"/x": {"get": {"responses": {"200": {"schema": {"$ref": 7}}}}}}}',
            "refers to 7, which it does not have",
        ),
        (
            b"""{"paths": {"/x": {"get": {"responses": {"200": {"schema": {"$ref": "#/y"}}}}}},
                "y": {"properties": {" ": {}}}}""",
            "has a member without a name in y",
        ),
        (b'{"paths": {"/x": {"$ref": "#/paths/~1x"}}}', "in a circle"),
        (b'{"paths": {"/x": {"get": {"responses": {"200": {"$ref": "#/y"}}}}}}', "refers to #/y"),
        (b'{"paths": {"/{id}": {"get": {"responses": {}}}}}', "cannot be served"),
        (b'{"paths": {"/gizmos": {"get": {"responses": {}}}}}', "Say psa="),
    ],
)
def test_a_bad_description_ends_the_start_with_one_line(tmp_path, content, told):
    file = tmp_path / "bad.json"
    file.write_bytes(content)
    ended = CliRunner().invoke(main, ["serve", "--port", "0", "--spec", str(file)])
    assert ended.exit_code == 2
    assert ended.output.count("\n") == 1
    assert ended.output.startswith("cwmock: spec:")
    assert told in ended.output
    assert "Traceback" not in ended.output


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadDescription, match="No such file"):
        read(tmp_path / "nowhere.json")


def test_a_model_may_contain_itself_and_be_composed():
    node = {"allOf": [{"$ref": "#/components/schemas/Base"}, {"properties": {"next": {}}}]}
    node["allOf"][1]["properties"]["next"] = {"$ref": "#/components/schemas/Node"}
    base = {"type": "object", "properties": {"id": {"type": ["integer", "null"]}}}
    answer = {
        "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Node"}}}}
    }
    document = {
        "paths": {"/nodes/{id}": {"get": {"responses": answer}}},
        "components": {"schemas": {"Base": base, "Node": node}},
    }
    found = usable(document)["components"]["schemas"]["Node"]
    assert found["properties"] == {"id": {"type": "integer"}, "next": {"$ref": "#/Node"}}


def test_settings_take_several_files_from_everywhere(tmp_path):
    config = tmp_path / "cwmock.toml"
    config.write_text('spec = ["a.json", "psa=b.json"]', encoding="utf-8")
    assert Settings.load({"config": str(config)}, {}).specs == ("a.json", "psa=b.json")
    assert Settings.load({}, {"CWMOCK_SPEC": "a.json,b.json"}).specs == ("a.json", "b.json")
    assert Settings.load({"spec": ("c.json",)}, {"CWMOCK_SPEC": "a.json"}).specs == ("c.json",)
    config.write_text("spec = {}", encoding="utf-8")
    with pytest.raises(BadSetting):
        Settings.load({"config": str(config)}, {})
