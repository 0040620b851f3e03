"""Each kind of refusal has a hint of its own, which says what to change; here those of Automate."""

import pytest

from mockserver import World, create_app

pytestmark = pytest.mark.assumed("the header is the emulator's own; no vendor has it")

AUTOMATE = "/cwa/api/v1"
COMPUTERS = f"{AUTOMATE}/Computers"


@pytest.fixture(scope="module")
def http():
    client = create_app(World.seeded(42, size="tiny", frozen=True)).test_client()
    client.patch("/_mock/limits", json={n: {"requests": None} for n in ("psa", "automate")})
    return client


def hint(answer):
    return answer.headers.get("X-Mock-Hint")


@pytest.fixture(scope="module")
def tokens(http):
    def token(name):
        login = {"UserName": name, "Password": f"{name}-password"}
        return http.post(f"{AUTOMATE}/apitoken", json=login).json["AccessToken"]

    return {name: token(name) for name in ("integrator", "readonly")}


def automate(http, token, path="/Computers", method="GET", json=None, **query):
    headers = {"Authorization": f"Bearer {token}", "ClientId": "any"}
    return http.open(AUTOMATE + path, method=method, query_string=query, headers=headers, json=json)


AUTOMATE_CONDITIONS = {
    "Client.Nam='x'": "there is no field 'Client.Nam'. Closest: Client.Name, Client.Id, "
    "Contact.Client.Name.",
    "ComputerName=x": "expected a value. Write a text in quotes ('x'), a number, true, false or "
    "null without, an instant without quotes (2026-01-31T09:00:00).",
    "IsRebootNeeded='true'": "true or false without quotes belongs here, not a text in quotes.",
    "Id~1": "unexpected character '~'. There are: != < <= = > >= contains eq in like.",
    "ComputerName='x": "the text is not closed. End it with the quote that it began with; inside "
    "it, write ' twice.",
}


@pytest.mark.parametrize(
    ("condition", "told"), AUTOMATE_CONDITIONS.items(), ids=list(AUTOMATE_CONDITIONS)
)
def test_an_automate_condition_is_told_what_to_change(http, tokens, condition, told):
    answer = automate(http, tokens["integrator"], condition=condition)
    place, _, sentence = hint(answer).partition(" of condition: ")

    assert place.startswith("At character ")
    assert sentence == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"UserName": "integrator", "Password": "x"}, "No user has this UserName and Password."),
        (
            {"UserName": "technician", "Password": "technician-password"},
            "The user has a second factor: send TwoFactorPasscode with the six digits.",
        ),
        (
            {"UserName": "technician", "Password": "technician-password", "TwoFactorPasscode": "1"},
            "TwoFactorPasscode is not the passcode of now, by the tenant's clock.",
        ),
    ],
)
@pytest.mark.parametrize("path", ["apitoken", "APICredentials"])
def test_a_refused_login_is_told_why(http, path, body, told):
    assert hint(http.post(f"{AUTOMATE}/{path}", json=body)) == told


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"page": 99}, "Page 99 is beyond the last, "),
        ({"pageSize": "x"}, "pageSize: The value 'x' is not valid for pageSize."),
        ({"conditions": "Id=1"}, "The vendor passes over conditions. Closest: condition."),
        (
            {"includeFields": "ComputerNam"},
            "includeFields: there is no field 'ComputerNam'. Closest: ",
        ),
        (
            {"path": "/Computer"},
            "No operation has the path /Computer: there is no Computer below /.",
        ),
        ({"path": "/Computers/abc"}, "No operation has the path /Computers/abc: abc stands where"),
        ({"path": "/Computers/99999999"}, "/Computers has no record 99999999."),
        ({"path": "/Clients", "method": "POST", "json": {}}, "Name is required."),
        (
            {"path": "/Clients", "method": "POST", "json": {"Nam": "x"}},
            "Name is required. Nam is not a field. Closest: Name",
        ),
        ({"condition": "ComputerName='none such'"}, "Of "),
    ],
)
def test_automate_tells_as_well(http, tokens, asked, told):
    assert hint(automate(http, tokens["integrator"], **asked)).startswith(told)


def test_automate_tells_the_missing_permission(http, tokens):
    answer = automate(http, tokens["readonly"], "/Clients", "POST", json={"Name": "x"})

    assert hint(answer) == "readonly lacks the right to POST /Clients: it needs ClientEdit."


def test_a_dead_token_is_told_why():
    http = create_app(World.seeded(42, size="tiny", frozen=True)).test_client()
    login = {"UserName": "integrator", "Password": "integrator-password"}
    token = http.post(f"{AUTOMATE}/apitoken", json=login).json["AccessToken"]
    http.post("/_mock/clock", json={"advance": 86_400})

    assert hint(automate(http, token)).startswith("The token has expired by the tenant's clock")
    assert hint(automate(http, "no.such.token")).startswith("This token was not issued here")
    assert hint(http.get(COMPUTERS)).startswith("There is no Authorization: Bearer header")
