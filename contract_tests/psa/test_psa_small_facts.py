"""Facts of a line each, by their numbers: what integrators stumble over (psa facts 10 and U)."""

import base64

import pytest

seen_live = pytest.mark.observed
assumed = pytest.mark.assumed
TICKETS, BOARDS = "/service/tickets", "/service/boards"
NEW = {"summary": "x", "company": {"id": 4}}


def count(caller, conditions, path=TICKETS):
    return caller.get(f"{path}/count", conditions=conditions).json["count"]


@seen_live("psa facts 1.1: Basic company+public:private and a clientId, its name in any case")
@pytest.mark.parametrize("name", ["clientId", "clientid", "ClientId", "CLIENTID"])
def test_keys_and_client_id(tenant, name):
    keys = tenant.credentials["psa"]
    text = f"{keys['company']}+{keys['public_key']}:{keys['private_key']}"
    headers = {"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}", name: "a-guid"}

    url = "/v4_6_release/apis/3.0/system/info"
    assert tenant.client.get(url, headers=headers).status_code == 200


@pytest.mark.live
@seen_live("psa facts 1.8: the name of the host and plain http are nobody's business by default")
def test_plain_http_is_answered(observed):
    assert observed.get("/system/info").status_code == 200


@pytest.mark.live
@seen_live("psa facts 2.7: errors are indented by two, their lines end in CRLF")
def test_errors_are_printed_as_recorded(observed):
    lines = observed.get(f"{TICKETS}/404").data.decode().split("\r\n")

    assert lines[:2] == ["{", '  "code": "NotFound",']
    assert "\n" not in "".join(lines)


@pytest.mark.live
@seen_live("psa facts 3.7, U20 and U21: several keys, references, ascending unless told otherwise")
def test_orders(observed):
    def rows(order):
        return observed.get(TICKETS, orderBy=order, pageSize="1000").json

    by_board = rows("board/id asc,summary desc")
    keys = [(each["board"]["id"], each["summary"].casefold()) for each in by_board]
    assert keys == sorted(sorted(keys, key=lambda k: k[1], reverse=True), key=lambda k: k[0])
    assert [each["id"] for each in rows("ID DESC")] == [e["id"] for e in rows("id")][::-1]
    assert [each["id"] for each in rows("")] == sorted(each["id"] for each in rows(""))


@pytest.mark.live
@seen_live("psa facts 6.2: envelope and codes")
def test_the_envelope(psa_observed):
    refused = psa_observed.post("/company/contacts", json={})

    assert list(refused.json) == ["code", "message", "errors"]
    assert list(refused.json["errors"][0]) == ["code", "message", "resource", "field"]


@seen_live("psa facts 8.8 and 10.13: what belongs to one board fits no ticket of another")
@pytest.mark.parametrize(
    ("name", "below"),
    [("status", "statuses"), ("type", "types"), ("team", "teams"), ("subType", "subtypes")],
)
def test_what_belongs_to_a_board(psa_observed, name, below):
    foreign = psa_observed.get(f"{BOARDS}/2/{below}").json[0]["id"]

    refused = psa_observed.post(TICKETS, json=NEW | {"board": {"id": 1}, name: {"id": foreign}})

    assert refused.status_code == 400
    (fault,) = [each for each in refused.json["errors"] if each["field"].startswith(name)]
    assert fault["code"] == "NotFound"
    assert fault["message"].endswith(f"{foreign} not found for Service Board 1")


@seen_live("psa facts 10.13: another board without a status that it has")
def test_a_ticket_changes_its_board(psa_observed):
    board = [{"op": "replace", "path": "board/id", "value": 2}]
    own = psa_observed.get(f"{BOARDS}/2/statuses").json[0]["id"]
    assert psa_observed.get(f"{TICKETS}/5000").json["board"]["id"] == 1

    refused = psa_observed.patch(f"{TICKETS}/5000", json=board)
    status = {"op": "replace", "path": "status/id", "value": own}
    moved = psa_observed.patch(f"{TICKETS}/5000", json=[*board, status])

    assert refused.status_code == 400
    assert moved.json["board"]["id"] == 2


@pytest.mark.live
@seen_live("psa facts 10.1, 3.8: fields may name what is not there, conditions may not")
def test_unknown_names(observed):
    assert observed.get(TICKETS, fields="id,nonsense", pageSize="1").json == [
        {"id": observed.get(TICKETS, pageSize="1").json[0]["id"]}
    ]
    assert observed.get(TICKETS, conditions="nonsense=1").status_code == 400


@seen_live("psa facts 10.4: seconds and Z, days at midnight, no offsets on writes")
def test_instants(psa_observed):
    made = psa_observed.post(TICKETS, json=NEW | {"requiredDate": "2026-09-11T14:32:00.277Z"})
    refused = psa_observed.post(TICKETS, json=NEW | {"requiredDate": "2026-09-11T14:32:00-04:00"})

    assert made.json["requiredDate"] == "2026-09-11T00:00:00Z"
    assert len(made.json["_info"]["lastUpdated"]) == len("2026-09-11T00:00:00Z")
    (fault,) = refused.json["errors"]
    assert (fault["code"], fault["field"]) == ("UnsupportedFormat", "requiredDate")


@pytest.mark.live
@seen_live("psa facts 10.11, 6.6 and 6.7: 500 for a scalar, 400 for a member, both by the reader")
def test_the_reader(psa_observed):
    scalar = psa_observed.post(TICKETS, json={"summary": "x", "company": "250"})
    member = psa_observed.post(TICKETS, json=NEW | {"page": 1})

    assert (scalar.status_code, member.status_code) == (500, 400)
    assert "Models.CompanyReference'. Path 'company', line 1" in scalar.json["message"]
    assert member.json["message"].endswith(
        "Check your accept header to make sure you are using the correct version."
    )


@seen_live("psa facts 10.14, 6.3: a note is shown somewhere")
def test_a_note_needs_a_flag(psa_observed):
    refused = psa_observed.post(f"{TICKETS}/5000/notes", json={"text": "x"})
    shown = psa_observed.post(
        f"{TICKETS}/5000/notes", json={"text": "x", "internalAnalysisFlag": True}
    )

    (fault,) = refused.json["errors"]
    assert fault["field"] == "detailDescriptionFlag, internalAnalysisFlag, resolutionFlag"
    # Recorded so, though one would expect otherwise (psa facts 8.7).
    assert shown.json["internalFlag"]
    assert shown.json["externalFlag"]


@pytest.mark.live
@seen_live("psa facts 10.17, 2.5: service tickets and project tickets are two collections")
def test_two_kinds_of_tickets(observed):
    kinds = {
        path: {each["recordType"] for each in observed.get(path, pageSize="1000").json}
        for path in (TICKETS, "/project/tickets")
        if observed.get(path, pageSize="1").json and path == TICKETS
    }
    service = {each["id"] for each in observed.get(TICKETS, pageSize="1000").json}
    project = {each["id"] for each in observed.get("/project/tickets", pageSize="1000").json}

    assert kinds == {TICKETS: {"ServiceTicket"}}
    assert project
    assert not service & project


@seen_live("psa facts 10.18, 6.11: custom fields are merged by id, nothing clears nothing")
def test_custom_fields_in_a_patch(psa_observed):
    path = f"{TICKETS}/5001"
    before = psa_observed.get(path).json["customFields"]
    one = [{"id": before[0]["id"], "value": "another"}]

    def patched(value):
        document = [{"op": "replace", "path": "customFields", "value": value}]
        return psa_observed.patch(path, json=document).json["customFields"]

    assert patched([]) == before
    after = patched(one)
    assert after == [before[0] | {"value": "another"}, *before[1:]]


@seen_live("psa facts 10.20, 2.1: null for nobody, IsCloud is a text, the codebase ends in a slash")
def test_company_info(tenant):
    site = "/login/companyinfo"
    company = tenant.credentials["psa"]["company"]
    unknown = tenant.client.get(f"{site}/nobody")
    known = tenant.client.get(f"{site}/{company}").json

    assert (unknown.status_code, unknown.data.strip()) == (200, b"null")
    assert known["IsCloud"] == "True"
    assert known["Codebase"].endswith("/")


@assumed("nothing takes less than no time")
@pytest.mark.parametrize("name", ["actualHours", "hoursDeduct"])
def test_hours_are_not_negative(psa_observed, name):
    entry = {"timeStart": "2026-09-11T14:00:00Z", name: -1}

    answer = psa_observed.post("/time/entries", json=entry)

    assert answer.status_code == 400
    assert [found["field"] for found in answer.json["errors"]] == [name]


@assumed("a payload is named after its model, without what it lies in (psa facts 6.3)")
def test_a_type_association_is_named_in_one_word(psa_observed):
    answer = psa_observed.post("/company/contacts/1/typeAssociations", json={})

    assert answer.json["message"] == "contactTypeAssociation object is invalid"


@seen_live("psa facts 10.25, 5.3: clients match on the vendor's spelling")
def test_the_spelling_of_a_timeout(tenant):
    message = "A timeout has occured. Please try again."
    effect = {"kind": "error", "status": 500, "message": message}
    made = tenant.admin("POST", "/faults", json={"effect": effect, "times": 1})
    assert made.status_code in {200, 201}, made.text

    refused = tenant.psa.get("/system/info")

    assert refused.status_code == 500
    assert refused.json == {"code": "ConnectWiseApi", "message": message}


@assumed("psa facts U5: a quote in a text, three ways")
@pytest.mark.parametrize("text", ['"It\'s here"', "'It\\'s here'", "'It''s here'"])
def test_quotes_in_texts(psa_observed, text):
    made = psa_observed.post(TICKETS, json=NEW | {"summary": "It's here"}).json

    found = psa_observed.get(TICKETS, params={"conditions": f"summary = {text}"}).json

    assert [each["id"] for each in found] == [made["id"]]


@assumed("psa facts U6: and binds tighter than or")
def test_precedence(observed):
    plain = "id = 5000 or id = 5001 and id = 5003"

    assert count(observed, plain) == count(observed, "id = 5000") == 1
    assert count(observed, f"({plain.replace(' and', ') and')}") == 0


@assumed("psa facts U17: id and action, the member on request")
@pytest.mark.parametrize(
    ("chosen", "tail"),
    [(["action"], "&action=added"), (["action", "memberId"], "&memberId=Admin1")],
)
def test_what_follows_in_a_callbacks_url(make_tenant, chosen, tail):
    tenant = make_tenant("observed", psa={"callback_parameters": chosen}).unlimited()
    hook = {"url": "http://127.0.0.1:9/?id=", "type": "ticket", "level": "owner", "objectId": 1}
    tenant.psa.post("/system/callbacks", json=hook)
    tenant.psa.post(TICKETS, json=NEW)

    (delivery,) = tenant.admin("GET", "/callbacks").json["deliveries"]
    assert delivery["url"].endswith(tail)


@pytest.mark.live
@seen_live("psa facts 4.1 and 4.2: the words for a page that is too large")
def test_page_sizes(observed):
    refused = observed.get(TICKETS, pageSize="1001")

    (fault,) = refused.json["errors"]
    assert refused.json["message"] == "pageSize object is invalid"
    assert fault["message"] == "The field pageSize must be between 1 and 1000."


@seen_live("psa facts 10.23, S21: captions and values keep marks that nobody sees")
def test_invisible_marks_are_kept(psa_observed):
    caption = "Business App assigned \u200e "
    field = {"podId": 1, "caption": caption, "sequenceNumber": 400, "fieldTypeIdentifier": "Text"}
    made = psa_observed.post(
        "/system/userDefinedFields", json=field | {"entryTypeIdentifier": "EntryField"}
    )
    assert made.status_code == 201, made.text
    assert made.json["caption"] == caption

    note = {"text": "\u200e trailing ", "resolutionFlag": True}
    assert psa_observed.post(f"{TICKETS}/5000/notes", json=note).json["text"] == note["text"]
