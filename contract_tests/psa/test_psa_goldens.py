"""Refusals as recorded, to the byte: CRLF, two blanks per level, the reader's positions."""

import base64
import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "goldens"


def cases(profile):
    for each in json.loads((HERE / f"{profile}.json").read_text(encoding="utf-8")):
        mark = getattr(pytest.mark, each["how"])(each["source"])
        yield pytest.param(each, id=each["name"], marks=mark)


@pytest.fixture(scope="module")
def senders(app):
    """Return a caller per profile; whatever is sent here is refused, so that they can be shared."""
    client, made = app.test_client(), {}
    for profile in ("observed", "documented"):
        document = {"name": f"goldens-{profile}", "profile": profile}
        made[profile] = client.post("/_mock/tenants", json=document).json
        off = {"psa": {"requests": None}}
        client.patch("/_mock/limits", query_string={"tenant": document["name"]}, json=off)
    yield lambda profile, sent: answered(client, made[profile]["psa"], sent)
    for profile in made:
        client.delete(f"/_mock/tenants/goldens-{profile}")


def answered(client, keys, sent):
    mark = keys["public_key"].removeprefix("publickey")
    known = {
        "": (keys["public_key"], keys["private_key"]),
        "readonly": (f"readonlykey{mark}", "readonlyprivate"),
        "wrong": (keys["public_key"], "wrong"),
    }
    headers = {"clientId": "goldens", "Content-Type": "application/json", "Authorization": ""}
    headers |= sent.get("headers", {})
    if headers["Authorization"] in known:
        pair = ":".join(known[headers["Authorization"]])
        text = base64.b64encode(f"{keys['company']}+{pair}".encode()).decode()
        headers["Authorization"] = f"Basic {text}"
    return client.open(
        f"/v4_6_release/apis/3.0{sent['path']}",
        method=sent["method"],
        query_string=sent.get("query"),
        data=sent.get("body"),
        headers=headers,
    )


def shown(answer):
    return answer.status_code, answer.content_type, answer.text


def wanted(golden):
    return golden["status"], golden["type"], golden["body"]


@pytest.mark.parametrize("golden", [*cases("observed")])
def test_a_refusal_is_the_recorded_one(senders, golden):
    assert shown(senders("observed", golden["request"])) == wanted(golden)


@pytest.mark.parametrize("golden", [*cases("documented")])
def test_a_refusal_is_the_seed_s(senders, golden):
    assert shown(senders("documented", golden["request"])) == wanted(golden)
