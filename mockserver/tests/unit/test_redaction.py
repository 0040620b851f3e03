import base64
import json
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.core.journal import Entry, Journal
from mockserver.core.redaction import is_secret_name, redacted_response

START = datetime(2024, 5, 1, 12, tzinfo=UTC)
CANARY = "h0rse-battery"


def kept(**members):
    defaults = {"at": START, "api": "psa", "method": "POST", "path": "/x", "url": "/x"}
    journal = Journal()
    journal.add(Entry(**{**defaults, **members}))
    return journal.entries()[0]


def basic(text):
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", basic(f"company+publickey:{CANARY}"), "Basic company+publickey:***"),
        ("authorization", f"bearer {CANARY}", "bearer ***"),
        ("Authorization", f"Digest x={CANARY}", "Digest ***"),
        ("Authorization", CANARY, "***"),
        ("Authorization", "Basic " + CANARY, "Basic ***"),
        ("Authorization", basic(CANARY), "Basic ***"),
        ("Authorization", "", "***"),
        ("Cookie", f"a={CANARY}; b={CANARY}", "a=***; b=***"),
        ("Set-Cookie", f"a={CANARY}; Path=/; HttpOnly", "a=***; Path=/; HttpOnly"),
        ("X-Api-Key", CANARY, "***"),
        ("X-Auth-Token", CANARY, "***"),
        ("X-Session-Id", CANARY, "***"),
        ("clientId", "a-guid", "a-guid"),
        ("Link", f'<http://x/y?page=2&token={CANARY}>; rel="next"', None),
        ("Referer", f"http://x/?a=1&pass%77ord={CANARY}", "http://x/?a=1&pass%77ord=***"),
    ],
)
def test_credentials_in_headers_are_masked(name, value, shown):
    document = kept(request_headers=((name, value),), response_headers=((name, value),))

    assert CANARY not in json.dumps(document)
    if shown is not None:
        assert document["request_headers"][name] == shown


SECRET_BODIES = [
    ("application/json", json.dumps({"UserName": "a", "Password": CANARY})),
    ("application/json", json.dumps({"a": [{"b": {"TwoFactorCode": [CANARY, {"x": CANARY}]}}]})),
    ("application/json", '{"pass\\u0077ord": "@"}'),
    ("application/json", '{"pa\u017f\u017fword": "@"}'),
    ("application/json", '{"to\u212aen": "@"}'),
    ("application/json", '{"private_key": "@", "PRIVATE-KEY": "@"}'),
    ("application/json", '{"password": "@", "password": "other"}'),
    ("application/json", '[{"op": "replace", "path": "/password", "value": "@"}]'),
    ("application/json", '[{"Key": "AdminPassword", "Value": "@"}]'),
    ("application/json", json.dumps({"text": json.dumps({"password": CANARY})})),
    ("application/json", '{"password": "@"'),
    ("application/json", "{password: '@'}"),
    ("application/json", '{"password": "@", "x": NaN}'),
    ("application/json", "[" * 5_000 + '{"password": "@"}'),
    ("application/json", "[" * 400 + '{"token": "@"}' + "]" * 400),
    ("application/json", '{"password": "@", "x": "' + "x" * 2_000_000 + '"}'),
    ("application/x-www-form-urlencoded", f"user=a&pass%77ord={CANARY} {CANARY}&c=d"),
    ("application/x-www-form-urlencoded", '{"UserName": "a", "Password": "@"}'),
    ("application/x-www-form-urlencoded", ' {"UserName": "a", "Password": "@'),
    ("text/plain", f"password={CANARY}"),
    ("", f"my token is {CANARY}"),
]


@pytest.mark.parametrize(("content_type", "body"), SECRET_BODIES)
def test_secrets_in_bodies_are_masked(content_type, body):
    headers = (("content-type", content_type),)

    shown = json.dumps(
        kept(request_headers=headers, request_body=body.replace("@", CANARY).encode())
    )

    assert CANARY not in shown


@pytest.mark.parametrize("body", [f'"{CANARY}"', CANARY, f'["{CANARY}', f" {CANARY}\n"])
def test_bare_text_where_one_logs_in_is_withheld(body):
    # automate facts 13: the body of a refresh is the token alone, as a JSON string
    document = kept(path="/ApiToken/refresh", request_body=body.encode())

    assert CANARY not in json.dumps(document)
    assert document["request_body"] == f"[withheld: {len(body)} bytes that may hold a secret]"


def test_the_rest_of_a_masked_body_stays():
    body = b'{"UserName": "a", "Password": "x", "IsTwoFactorRequired": false}'

    assert kept(request_body=body)["request_body"] == (
        '{"UserName":"a","Password":"***","IsTwoFactorRequired":false}'
    )


@pytest.mark.parametrize(
    "body",
    [
        b'{"summary": "Password reset for a user"}',
        b'{"name": "Token ring", "id": 1}',
        b'{ "summary" : "\\u00e9", "x": [1.0, 1e3] }',
        b"",
        b"no json, no names",
    ],
)
def test_ordinary_bodies_are_kept_as_they_are(body):
    assert kept(request_body=body, response_body=body)["request_body"] == body.decode()


def test_tokens_in_answers_are_masked():
    body = b'{"AccessToken": "eyJhbGciOiJSUzI1NiJ9.eyJ4Ijoi.c2ln", "ExpiresIn": 14400}'

    assert kept(response_body=body)["response_body"] == '{"AccessToken":"***","ExpiresIn":14400}'
    assert (
        "eyJ" not in kept(response_body=b'["eyJhbGciOiJSUzI1NiJ9.eyJ4Ijoi.c2ln"]')["response_body"]
    )


def test_secrets_are_masked_in_urls():
    url = f"/x/eyJhbGciOiJSUzI1NiJ9.eyJ4Ijoi.c2ln?page=1&Token={CANARY}&hash"

    assert kept(url=url, path=url.partition("?")[0])["url"] == "/x/***?page=1&Token=***&hash"


@pytest.mark.parametrize(
    "query",
    [
        "a=1;password=@;b=2",
        "api_key=@&a=1",
        "X-Api-Key=@",
        "back=http%3A%2F%2Fhost%2F%3Fa%3D1%26token%3D@",
        "back=http://host/?token=@",
    ],
)
def test_secrets_are_masked_however_a_query_is_spelt(query):
    shown = kept(url="/x?" + query.replace("@", CANARY), path="/x")["url"]

    assert CANARY not in shown
    assert query.partition("=")[0] in shown


@pytest.mark.parametrize(
    "query", ["conditions=a%3Db%20and%20c%3E3", "conditions=closedDate%3C%5B2026%5D;x=y", "a=b?c=d"]
)
def test_an_ordinary_query_is_kept_as_it_is(query):
    assert kept(url=f"/x?{query}", path="/x")["url"] == f"/x?{query}"


def test_secrets_are_masked_where_the_server_repeats_them():
    quoted = f'{CANARY}"\n'
    document = kept(
        request_headers=(("Authorization", basic("company+publickey:privatekey99")),),
        request_body=orjson.dumps({"password": quoted}),
        response_body=orjson.dumps({"message": f"bad value {quoted}"}),
        error=f'ValueError: {quoted!r} {CANARY}"\n privatekey99',
    )

    assert CANARY not in document["error"]
    assert "privatekey99" not in document["error"]
    assert CANARY not in document["response_body"]


def test_plain_answers_are_not_searched():
    body = b'{"token": "known to be none"}'

    assert kept(response_body=body, response_is_plain=True)["response_body"] == body.decode()


@pytest.mark.parametrize("name", ["newPassword", "pass word", "X-TOKEN", "private_key", "Hash"])
def test_names_of_secrets_are_known_however_spelt(name):
    assert is_secret_name(name)
    assert not is_secret_name("summary")


NAMES = st.sampled_from(["password", "summary", "value", "path", "Key", "accessToken", "a"])
LEAVES = st.one_of(st.text(max_size=5), st.integers(), st.none(), st.booleans(), st.just("/hash"))
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS, st.sampled_from(["passWord", "refresh_token", "clientSecret"]), st.booleans())
def test_no_secret_is_ever_shown(document, name, pretty):
    text = json.dumps([document, {"x": {name: [CANARY]}}], indent=2 if pretty else None)

    document = kept(request_body=text.encode(), response_body=text.encode())

    assert CANARY not in json.dumps(document)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.text(max_size=60), st.text(max_size=40))
def test_hostile_input_never_breaks_the_journal(body, text, header):
    hostile = b'{"token": ' + body
    document = kept(
        url="/x?" + text,
        path=text,
        request_headers=(("Authorization", header), ("Cookie", text), ("Link", "?" + header)),
        request_body=hostile,
        response_body=hostile,
        error=text,
    )

    assert document["id"] == 1


def test_a_body_full_of_names_takes_bounded_time():
    assert redacted_response(b'["' + b"token" * 400_000 + b'"]', 2_000_000, set())
