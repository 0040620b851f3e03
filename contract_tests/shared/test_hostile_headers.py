"""Credentials and other headers that nobody should send."""

import base64

import pytest

pytestmark = pytest.mark.assumed("answers to malformed headers are not public; 401 or 400")


@pytest.fixture
def side(lasting_side):
    return lasting_side


def encoded(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def token(*parts):
    return "Bearer " + ".".join(
        base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts
    )


AUTHORIZATIONS = {
    "none": None,
    "empty": "",
    "blank": "   ",
    "scheme only": "Basic",
    "bearer only": "Bearer",
    "scheme and blank": "Basic  ",
    "bearer and blank": "Bearer  ",
    "wrong scheme": "Digest username=x",
    "no scheme": encoded("company+publickey:privatekey"),
    "bad base64": "Basic !!!!",
    "cut base64": "Basic YWJj=",
    "url-safe base64": "Basic -_-_",
    "base64 twice": f"Basic {encoded(encoded('company+publickey:privatekey'))}",
    "no colon": f"Basic {encoded('company+publickey')}",
    "no plus": f"Basic {encoded('publickey:privatekey')}",
    "empty parts": f"Basic {encoded('+:')}",
    "no company": f"Basic {encoded('+publickey:privatekey')}",
    "bytes": f"Basic {encoded(bytes(range(256)))}",
    "a surrogate": f"Basic {encoded(bytes.fromhex('eda080') + b'+a:b')}",
    "a NUL": f"Basic {encoded(chr(0) + '+' + chr(0) + ':' + chr(0))}",
    "non-ASCII": "Basic \xe9\xff",
    "non-ASCII bearer": "Bearer \xe9\xff",
    "long basic": "Basic " + "A" * 100_000,
    "long bearer": "Bearer " + "A" * 100_000,
    "long and no scheme": "x" * 100_000,
    "dots": "Bearer " + "." * 50_000,
    "three empty parts": "Bearer ..",
    "no JSON": token(b"{", b"{", b"x"),
    "a list of claims": token(b"{}", b"[]", b"x"),
    "an issuer that is no text": token(b"{}", b'{"iss": {"a": []}}', b"x"),
    "deep claims": token(b"{}", b"[" * 20_000 + b"]" * 20_000, b"x"),
    "no algorithm": token(b'{"alg": "none"}', b'{"iss": "default", "exp": 9999999999}', b""),
    "another's signature": token(b'{"alg": "HS256"}', b'{"iss": "default"}', b"x" * 32),
    "an infinite expiry": token(b'{"alg": "RS256"}', b'{"iss": "default", "exp": 1e999}', b"x"),
}
PATHS = {"psa": "/service/tickets", "automate": "/Computers"}


@pytest.mark.parametrize("name", AUTHORIZATIONS)
def test_malformed_credentials_are_refused(side, name):
    path = PATHS[side.api]
    answer = side.ask("GET", path, headers={"Authorization": AUTHORIZATIONS[name]})
    is_router = answer.text.startswith("Cannot route.")
    assert answer.status_code == 401 or (side.api == "psa" and is_router)
    if answer.status_code == 401:
        assert answer.mimetype == "application/json"
        assert answer.headers["WWW-Authenticate"].startswith(("Basic", "Bearer"))
        assert len(answer.data) < 500
    write = side.send("POST", path, b"{", headers={"Authorization": AUTHORIZATIONS[name]})
    assert write.status_code == answer.status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "x" * 10_000},
        {"Accept": "application/vnd.connectwise.com+json; version=\xe9"},
        {"Accept": "application/vnd.connectwise.com+json; version=" + "9" * 5_000},
        {"Accept": "application/vnd.connectwise.com+json; version=1e9; version=2"},
        {"Accept": ";;;,,,"},
        {"Accept-Encoding": "nonsense"},
        {"Accept-Language": "\xff"},
        {"Cookie": "\xff=\xfe; ;;="},
        {"clientId": "\xe9"},
        {"ClientId": "x" * 10_000},
        {"pagination-type": "\xff"},
        {"pagination-type": "backward-only"},
        {"Range": "bytes=5-1"},
        {"If-None-Match": "*"},
        {"If-Modified-Since": "yesterday"},
        {"Expect": "the unexpected"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"X-Forwarded-For": "\xff"},
        {"X-Forwarded-Proto": "gopher"},
        {"X-Mock-Fault": '{"kind": "error", "status": 503}'},
        {"X-Mock-Fault": "{"},
        {"Content-Length": "-1"},
        {"Content-Length": "many"},
        {"Content-Type": ";;;\xff"},
        {"Content-Type": "application/json; charset=utf-7"},
        {"Content-Encoding": "gzip"},
        {"Connection": "close, keep-alive, \xff"},
        {"X-" + "a" * 1_000: "x"},
    ],
)
def test_no_header_upsets_an_answer(side, headers):
    path = PATHS[side.api]
    read = side.ask("GET", path, params={"pageSize": "1"}, headers=headers)
    assert side.offence(read) is None
    assert read.status_code in {200, 400, 415}
    write = side.send("PATCH", side.filled(f"{path}/{{id}}"), b"[]", headers=headers)
    assert side.offence(write) is None
    assert write.status_code in {200, 400, 415}
    for name, value in (*read.headers, *write.headers):
        assert name.isascii()
        assert value.isascii()


def test_a_charset_other_than_utf_8_changes_nothing_in_how_a_body_is_read(side):
    path = "/company/contacts" if side.api == "psa" else "/Clients"
    name = "firstName" if side.api == "psa" else "Name"
    answer = side.send(
        "POST",
        path,
        '{"%s": "Zo\u00eb"}'.encode() % name.encode(),
        headers={"Content-Type": "application/json; charset=iso-8859-1"},
    )
    assert answer.json[name] == "Zo\u00eb"


TECHNICIAN = b'{"Username": "technician", "Password": "technician-password", %s}'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'"x"',
        b"{",
        b"{}",
        b'{"Username": null, "Password": null}',
        b'{"Username": 5, "Password": {}}',
        b'{"Username": ["integrator"], "Password": ["integrator-password"]}',
        b'{"Username": {"a": {}}, "Password": true}',
        b'{"Username": "integrator"}',
        b'{"Username": "integrator", "Password": "\\u0000"}',
        b'{"Username": "\\ud800", "Password": "x"}',
        b'{"Username": "integrator", "Password": "' + b"x" * 1_000_000 + b'"}',
        b'{"Username": "' + b"x" * 1_000_000 + b'", "Password": "x"}',
        b'{"Username": ' + b"[" * 500 + b"]" * 500 + b', "Password": 1}',
        TECHNICIAN % b'"TwoFactorPasscode": []',
        TECHNICIAN % b'"TwoFactorCode": "\\u0663"',
        TECHNICIAN % b'"TwoFactorCode": 1e300',
        b'{"RefreshToken": null}',
        b'{"RefreshToken": ["x"]}',
        b'{"RefreshToken": "' + b"x" * 100_000 + b'"}',
    ],
)
@pytest.mark.parametrize(
    "path", ["/apitoken", "/apitoken/refresh", "/APICredentials", "/APICredentials/Refresh"]
)
@pytest.mark.parametrize("name", ["automate documented"])
def test_no_login_body_upsets_a_login(make_side, name, path, body):
    side = make_side(name)
    answer = side.send("POST", path, body, headers={"Authorization": None})
    assert answer.mimetype == "application/json"
    if answer.status_code == 200:
        # The observed way to ask for the second factor (automate facts 16).
        assert answer.json["IsTwoFactorRequired"] is True
        assert answer.json["AccessToken"] is None
    else:
        assert answer.status_code in {400, 401}
        assert "AccessToken" not in answer.text


def test_no_company_id_upsets_companyinfo(make_side):
    side = make_side("psa documented")
    for company in ("nobody", "%00", "%FF", "..", "%0D%0AX-Evil:1", "'", "x" * 5_000, "1/2", ""):
        answer = side.tenant.client.get(f"/login/companyinfo/{company}")
        assert answer.status_code in {200, 404}
        assert answer.status_code == 404 or answer.data == b"null"
