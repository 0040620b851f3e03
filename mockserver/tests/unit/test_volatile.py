"""Members that differ at each sending do not hide that a request was repeated."""

import pytest

from mockserver import World, create_app
from mockserver.core.attempt import body_digest
from mockserver.core.volatile import strip, volatile_path

CALLER = {"auth": ("company+publickey", "privatekey"), "headers": {"clientId": "any"}}
SOURCES = "/v4_6_release/apis/3.0/service/sources"


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("/sentAt", {"a": {"id": 1}, "list": [{"x": 1, "y": 2}, {"x": 3}]}),
        ("A/ID", {"sentAt": "now", "a": {}, "list": [{"x": 1, "y": 2}, {"x": 3}]}),
        ("list/*/x", {"sentAt": "now", "a": {"id": 1}, "list": [{"y": 2}, {}]}),
        ("list/*", {"sentAt": "now", "a": {"id": 1}, "list": []}),
        ("list/1", {"sentAt": "now", "a": {"id": 1}, "list": [{"x": 1, "y": 2}]}),
        ("*", {}),
        ("sentAt/deeper", {"sentAt": "now", "a": {"id": 1}, "list": [{"x": 1, "y": 2}, {"x": 3}]}),
        ("none/at/all", {"sentAt": "now", "a": {"id": 1}, "list": [{"x": 1, "y": 2}, {"x": 3}]}),
    ],
)
def test_a_path_leads_to_members_or_to_nothing(path, left):
    document = {"sentAt": "now", "a": {"id": 1}, "list": [{"x": 1, "y": 2}, {"x": 3}]}

    strip(document, [volatile_path(path)])

    assert document == left


@pytest.mark.parametrize("text", ["", "/", "a//b", "x" * 201])
def test_a_path_that_names_nothing_is_refused(text):
    with pytest.raises(ValueError, match="a path of members"):
        volatile_path(text)


def test_two_sendings_that_differ_in_them_alone_have_one_digest():
    bodies = (b'{"a": 1, "at": "10:00"}', b'{"at": "10:01", "a": 1}', b'{"a": 2, "at": "10:00"}')
    first, again, other = [body_digest(body, [("at",)]) for body in bodies]

    assert first == again
    assert first != other
    assert body_digest(bodies[0]) != body_digest(bodies[1])
    assert body_digest(b"no json", [("at",)]) == body_digest(b"no json")


@pytest.mark.parametrize(("volatile", "found"), [((), False), ((("name",),), True)])
def test_a_repeated_create_is_found_although_its_body_changed(volatile, found):
    http = create_app(World.seeded(42, frozen=True, volatile=volatile)).test_client()
    rule = {"method": "POST", "times": 1, "effect": {"kind": "error-after", "status": 500}}
    http.post("/_mock/faults", json=rule)
    for number in range(2):
        http.post(SOURCES, json={"name": f"Sent at 10:0{number}"}, **CALLER)
        http.post("/_mock/clock", json={"advance": 1})

    (client,) = http.get("/_mock/report").json["clients"]

    assert ("repeated-create" in {each["id"] for each in client["findings"]}) == found
    assert client["metrics"]["M12"]["value"] == (1 if found else 0)
