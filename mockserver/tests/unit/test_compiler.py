"""The compiler: what it makes of a description, told on one small enough to read."""

from typing import Any

import orjson
import pytest

from mockserver.core.catalogue import Catalogue, OperationKind
from mockserver.core.compiler import compiled, handwritten, main
from mockserver.core.compiling.relations import singular
from mockserver.core.schema import Kind

LONG = "A sentence of prose that nobody may find again in the data."


def ref(model: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{model}"}


def answer(schema: dict[str, Any], status: str = "200") -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"responses": {status: {"description": LONG, "content": content}}}


def many(model: str) -> dict[str, Any]:
    told = answer({"type": "array", "items": ref(model)})
    page = {"name": "page", "in": "query", "schema": {"type": "integer"}}
    client = {"name": "clientId", "in": "header", "required": True, "schema": {"type": "string"}}
    return {**told, "summary": LONG, "parameters": [page, client]}


def posted(model: str) -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": ref(model)}}}
    return {**answer(ref(model), "201"), "requestBody": body}


def objects(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {**fields, "_info": {"type": "object"}}}


TEXT = {"type": "string"}
NUMBER = {"type": "integer", "format": "int32"}
DESCRIPTION: dict[str, Any] = {
    "info": {"version": "1"},
    "paths": {
        "/shop/shelves": {"get": many("Shelf"), "post": posted("Shelf")},
        "/shop/shelves/{id}": {
            "get": answer(ref("Shelf")),
            "put": posted("Shelf"),
            "delete": {"responses": {"204": {"description": LONG}}},
        },
        "/shop/shelves/{id}/tidy": {"post": answer(ref("SuccessResponse"))},
        "/shop/shelves/{id}/label": {
            "delete": {"responses": {"204": {"description": LONG}}},
        },
        "/shop/shelves/count": {"get": answer(ref("Count"))},
        "/shop/shelves/info": {"get": many("ShelfInfo")},
        "/shop/shelves/{parentId}/boxes": {"get": many("Box")},
        "/shop/shelves/{parentId}/boxes/{id}": {"get": answer(ref("Box"))},
        "/shop/state": {"get": answer(ref("SuccessResponse"))},
        "/depot/shelfs/{id}": {"get": answer(ref("Count"))},
    },
    "components": {
        "schemas": {
            "Shelf": {
                **objects(
                    id=NUMBER,
                    name={**TEXT, "description": f"{LONG} Max length: 30;"},
                    colour={**TEXT, "enum": ["Red", "Blue"], "description": "Required On Updates;"},
                    secret={**TEXT, "description": "The secret will never be returned."},
                    weight={"type": "integer", "format": "int64"},
                    built={**TEXT, "format": "date-time"},
                    above=ref("ShelfReference"),
                    keeper=ref("PersonReference"),
                    tags={"type": "array", "items": TEXT},
                    anything={"type": "object", "additionalProperties": {}},
                ),
                "required": ["name"],
            },
            "ShelfInfo": objects(id=NUMBER, name=TEXT),
            "ShelfReference": objects(id=NUMBER, name=TEXT),
            "PersonReference": objects(id=NUMBER, name=TEXT),
            "Box": objects(id=NUMBER, shelf=ref("ShelfReference"), inner=ref("Box")),
            "Count": objects(count=NUMBER),
            "SuccessResponse": objects(success={"type": "boolean"}),
            "Forgotten": objects(id=NUMBER),
        }
    },
}
OVERLAY: dict[str, Any] = {
    "virtual": [["lastUpdated", "instant"]],
    "prefixes": {"depot/shelfs": "shop/shelves"},
    "fields": [["Shelf", "weight", {"kept": True}, "seen"]],
    "operations": [["GET", "/shop/shelves/{id}/weight", "shop", None, "number", 200, "seen"]],
}


def catalogue(folder, *documents: dict[str, Any], overlay: Any = OVERLAY) -> Catalogue:
    pages = compiled(documents or (DESCRIPTION,), overlay, {"PersonReference": None})
    for name, page in pages.items():
        (folder / f"{name}.json").write_bytes(page)
    return Catalogue(folder)


def test_field_facts_survive(tmp_path):
    shelf = catalogue(tmp_path).resource("shop/shelves").members

    assert (shelf["name"].required, shelf["name"].max_length) == (True, 30)
    assert (shelf["colour"].enum, shelf["colour"].required_on_update) == (("Red", "Blue"), True)
    assert shelf["secret"].write_only
    assert (shelf["weight"].bits, shelf["weight"].read_only) == (64, True)
    assert shelf["built"].kind is Kind.INSTANT
    assert (shelf["tags"].kind, shelf["tags"].items) == (Kind.LIST, Kind.TEXT)
    assert shelf["anything"].kind is Kind.ANY
    assert "_info" not in shelf


def test_references_find_their_collection_by_name(tmp_path):
    shelf = catalogue(tmp_path).resource("shop/shelves").members

    assert (shelf["above"].kind, shelf["above"].target) == (Kind.REFERENCE, "shop/shelves")
    assert (shelf["keeper"].kind, shelf["keeper"].target) == (Kind.REFERENCE, None)


def test_operations_are_told_apart(tmp_path):
    told = {(op.method, op.template): op for op in catalogue(tmp_path).operations()}
    kinds = {key: (op.kind, op.resource) for key, op in told.items()}

    assert kinds["GET", "/shop/shelves"] == (OperationKind.LIST, "shop/shelves")
    assert kinds["POST", "/shop/shelves"] == (OperationKind.CREATE, "shop/shelves")
    assert kinds["PUT", "/shop/shelves/{id}"] == (OperationKind.REPLACE, "shop/shelves")
    assert kinds["POST", "/shop/shelves/{id}/tidy"] == (OperationKind.ACTION, "shop/shelves")
    # Deleting a part of a record must not look like deleting the record.
    assert kinds["DELETE", "/shop/shelves/{id}/label"] == (OperationKind.ACTION, "shop/shelves")
    assert kinds["GET", "/shop/shelves/count"] == (OperationKind.COUNT, "shop/shelves")
    assert kinds["GET", "/shop/shelves/info"] == (OperationKind.INFO, "shop/shelves")
    assert kinds["GET", "/shop/state"] == (OperationKind.ACTION, None)
    assert kinds["GET", "/depot/shelfs/{id}"] == (OperationKind.READ, "shop/shelves")
    assert told["POST", "/shop/shelves"].status == 201
    assert told["GET", "/shop/shelves/{id}/weight"].scalar_out is Kind.NUMBER
    assert [each.name for each in told["GET", "/shop/shelves"].parameters] == ["page"]


def test_children_lie_below_their_parent(tmp_path):
    boxes = catalogue(tmp_path).resource("shop/shelves/boxes")

    assert (boxes.parent_path, boxes.parent) == ("shop/shelves", "shelf")


def test_recursion_is_cut_to_what_names_an_object(tmp_path):
    inner = catalogue(tmp_path).resource("shop/shelves/boxes").members["inner"]

    deeper = inner.members["inner"].members["inner"]
    assert [member.name for member in inner.fields] == ["id", "shelf", "inner"]
    assert [member.name for member in deeper.fields] == ["id"]


def test_a_newer_description_wins_and_adds(tmp_path):
    shelf = objects(id=NUMBER, name={**TEXT, "description": "Max length: 99;"}, depth=NUMBER)
    newer = {
        "info": {"version": "2"},
        "paths": {"/shop/lamps": {"get": many("Shelf")}, "/shop/shelves": {"get": many("Box")}},
        "components": {"schemas": {"Shelf": shelf}},
    }

    merged = catalogue(tmp_path, DESCRIPTION, newer)

    fields = merged.resource("shop/shelves").members
    assert (fields["name"].max_length, fields["depth"].kind) == (99, Kind.INTEGER)
    assert fields["colour"].enum == ("Red", "Blue")
    assert {op.template for op in merged.operations() if op.origin == "2"} == {"/shop/lamps"}


def test_no_prose_is_kept():
    pages = compiled([DESCRIPTION], OVERLAY, {})

    assert b"prose" not in b"".join(pages.values())


def test_equal_descriptions_give_equal_bytes():
    backwards = orjson.loads(orjson.dumps(DESCRIPTION))
    backwards["paths"] = dict(reversed(backwards["paths"].items()))

    assert compiled([DESCRIPTION], OVERLAY, {}) == compiled([backwards], OVERLAY, {})


def test_models_that_nothing_reaches_lie_apart():
    pages = compiled([DESCRIPTION], OVERLAY, {})

    assert list(orjson.loads(pages["unused"])["models"]) == ["Forgotten"]


def test_two_models_on_one_path_are_refused():
    paths = {**DESCRIPTION["paths"], "/shop/shelves/boxes": {"get": many("Shelf")}}

    with pytest.raises(ValueError, match="boxes lists both"):
        compiled([{**DESCRIPTION, "paths": paths}], OVERLAY, {})


def test_a_target_that_is_no_collection_is_refused():
    with pytest.raises(ValueError, match="shop/people"):
        compiled([DESCRIPTION], OVERLAY, {"PersonReference": "shop/people"})


def test_the_command_writes_the_files(tmp_path, monkeypatch):
    source, out = tmp_path / "description.json", tmp_path / "out"
    source.write_bytes(orjson.dumps(DESCRIPTION))
    monkeypatch.setattr("mockserver.core.compiler.handwritten", lambda _vendor, _name: {})

    main(["psa", str(source), "--out", str(out)])

    assert Catalogue(out).modules() == ("depot", "shop")


def test_every_correction_has_a_source():
    for vendor in ("psa", "automate"):
        overlay = handwritten(vendor, "overlay")
        assert all(row[3] for row in overlay["fields"])
        assert all(source for _meant, source in overlay["answers"].values())


@pytest.mark.parametrize(
    ("plural", "expected"),
    [
        ("companies", "company"),
        ("statuses", "status"),
        ("boards", "board"),
        ("entries", "entry"),
        ("addresses", "address"),
        ("catalog", "catalog"),
    ],
)
def test_singulars(plural, expected):
    assert singular(plural) == expected
