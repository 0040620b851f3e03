"""Quirks of writes, each a field of the profile that can be set alone (psa facts 10)."""

import pytest
from flask.testing import FlaskClient

from mockserver import World, create_app

TICKETS, TICKET, CONTACT = "/service/tickets", "/service/tickets/5000", "/company/contacts/1"
BASE = "/v4_6_release/apis/3.0"


@pytest.fixture
def quirky():
    """Return a caller of a world with these quirks set otherwise."""

    def made(profile="documented", **quirks):
        world = World.seeded(profile=profile, quota=(None, 60), quirks={"psa": quirks})
        return _Caller(create_app(world).test_client())

    return made


class _Caller:
    def __init__(self, client: FlaskClient):
        self._client = client

    def __call__(self, method, path, body=None, **sent):
        sent.setdefault("headers", {"clientId": "contract-tests"})
        auth = ("company+publickey", "privatekey")
        return self._client.open(BASE + path, method=method, json=body, auth=auth, **sent)


def ticket(**members):
    return {"summary": "x", "company": {"id": 12345}, **members}


def replace(path, value):
    return [{"op": "replace", "path": path, "value": value}]


@pytest.mark.observed("psa facts 8.6, 10.3: rows of 2026 and of 2022")
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_custom_fields_may_be_as_short_as_they_were(quirky, profile):
    body = ticket(customFields=[{"id": 1, "value": "a"}])

    long, short = (
        quirky(profile, custom_fields_long=wanted)("POST", TICKETS, body).json["customFields"]
        for wanted in (True, False)
    )

    assert [row["value"] for row in long] == ["a", None, None]
    assert [row["podId"] for row in long] == ["service_ticket_overview"] * 3
    assert [row["rowNum"] for row in long] == [1, 2, 3]
    assert set(short[0]) == {"id", "caption", "type", "entryMethod", "numberOfDecimals", "value"}
    assert set(short[1]) == set(short[0]) - {"value"}
    page = quirky(profile, custom_fields_long=False)("GET", f"{TICKETS}?pageSize=2").json
    assert not any("podId" in row for each in page for row in each["customFields"])


@pytest.mark.observed("psa facts 6.1, 10.7: Location over http on the cloud")
@pytest.mark.parametrize(("insecure", "scheme"), [(False, "https"), (True, "http")])
def test_location_may_be_insecure(quirky, insecure, scheme):
    call = quirky(location_insecure=insecure)

    answer = call("POST", TICKETS, ticket(), base_url="https://localhost")

    assert answer.headers["Location"].partition("://")[0] == scheme


@pytest.mark.documented("seed 003, 'Escaping Characters': a space; psa facts 10.19: kept")
@pytest.mark.parametrize(
    ("profile", "kept"), [("documented", "one two  three"), ("observed", "one\ntwo\r\nthree")]
)
def test_line_breaks_become_spaces_or_stay(make_tenant, profile, kept):
    psa = make_tenant(profile).psa
    text = "one\ntwo\r\nthree"

    note = psa.post(f"{TICKET}/notes", json={"text": text, "resolutionFlag": True})
    change = psa.patch(TICKET, json=replace("summary", text))

    assert (note.json["text"], change.json["summary"]) == (kept, kept)


@pytest.mark.documented("seed 003, 'Escaping Characters': what is supported comes back")
def test_other_escapes_come_back(caller):
    text = 'a "quote" \\ and\ta tab'

    assert caller.patch(TICKET, json=replace("summary", text)).json["summary"] == text


@pytest.mark.documented("seed 003: the whole array of custom fields must be passed (psa facts S16)")
def test_custom_fields_may_have_to_be_sent_whole(quirky):
    call = quirky(custom_fields_merged=False)
    both = [{"id": 1, "value": "x"}, {"id": 5, "value": True}]
    call("PATCH", TICKET, replace("customFields", both))

    after = call("PATCH", TICKET, replace("customFields", both[:1])).json["customFields"]

    values = {each["id"]: each.get("value") for each in after}
    assert (values[1], values[5]) == ("x", None)


@pytest.mark.observed("psa facts 6.12, 10.15: PUT of a contact with communicationItems is broken")
def test_a_contact_s_replacement_may_be_broken(quirky):
    call = quirky("observed", contact_put_broken=True)
    contact = call("GET", CONTACT).json

    broken = call("PUT", CONTACT, contact)
    items = contact.pop("communicationItems")
    whole = call("PUT", CONTACT, contact)

    assert broken.status_code == 400
    assert broken.json["errors"][0]["field"] == "communicationItems"
    assert whole.status_code == 200
    assert [each["value"] for each in call("GET", CONTACT).json["communicationItems"]] == [
        each["value"] for each in items
    ]


@pytest.mark.observed("psa facts 10.15: each can be set otherwise alone")
def test_other_quirks_of_contacts_and_notes_can_be_set_alone(quirky):
    call = quirky(
        "observed",
        note_flags_required=False,
        types_through_associations=False,
        defaults_exclusive=False,
        members_checked=False,
        offsets_refused=False,
    )
    assert call("POST", f"{TICKET}/notes", {"text": "x"}).status_code == 201

    kinds = call("PATCH", CONTACT, replace("types", [{"id": 2}]))
    assert [each["id"] for each in kinds.json["types"]] == [2]
    linked = call("GET", f"{CONTACT}/typeAssociations").json
    assert [each["type"]["id"] for each in linked] == [2]

    for value in ("1@example.com", "2@example.com"):
        item = {"type": {"id": 1}, "value": value, "defaultFlag": True}
        assert call("POST", f"{CONTACT}/communications", item).status_code == 201
    items = call("GET", CONTACT).json["communicationItems"]
    assert len([each for each in items if each["defaultFlag"]]) > 1

    assert call("POST", TICKETS, ticket(nonsense=1)).status_code == 201
    entry = {"timeStart": "2026-09-11T14:32:00-04:00"}
    assert call("POST", "/time/entries", entry).json["timeStart"] == "2026-09-11T18:32:00Z"


@pytest.mark.observed("psa facts 10.16: assignment is a schedule entry")
def test_resources_may_be_left_to_the_schedule(quirky):
    call = quirky(resources_scheduled=True)
    before = call("GET", TICKET).json["resources"]

    after = call("PATCH", TICKET, replace("resources", "JKing")).json["resources"]

    assert after == before
