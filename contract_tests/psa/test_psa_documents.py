"""Documents (psa facts 8.1; seed 003, 'Document API')."""

import io

import pytest
from document_support import DOCUMENTS, TICKET, made, upload
from psa_wording import error, refused


@pytest.mark.live
@pytest.mark.documented("seed 003, 'Document API': the upload sample is a page")
def test_the_upload_sample_is_a_form(psa):
    answer = psa.get(f"{DOCUMENTS}/uploadsample")

    assert answer.status_code == 200
    assert answer.content_type.startswith("text/html")
    for name in ("recordType", "recordId", "title", "privateFlag", "readOnlyFlag", "isAvatar"):
        assert f'name="{name}"' in answer.text
    assert 'enctype="multipart/form-data"' in answer.text


@pytest.mark.documented("psa facts 8.1: POST of a form gives a DocumentInfo")
def test_an_upload_is_told_and_can_be_downloaded(caller):
    content = bytes(range(256)) * 40

    answer = upload(caller, content, "disk image.bin", title="Disk", privateFlag="True")

    found = answer.json
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"{DOCUMENTS}/{found['id']}")
    shown = ("title", "fileName", "size", "publicFlag", "readOnlyFlag", "linkFlag", "owner")
    assert [found[name] for name in shown] == [
        *("Disk", "disk image.bin", len(content), False, False, False, "Admin1")
    ]
    assert found["guid"]
    assert found["serverFileName"] == f"{found['guid']}.bin"
    bytes_ = caller.get(f"{DOCUMENTS}/{found['id']}/download", params={"lastModified": "2026"})
    assert bytes_.data == content
    assert bytes_.headers["Content-Disposition"] == 'attachment; filename="disk image.bin"'


@pytest.mark.documented("psa facts 8.1: names of the form match in any case")
def test_the_form_is_read_in_any_case(caller):
    data = {
        "RECORDTYPE": "ticket",
        "RecordID": "5000",
        "Title": "A",
        "ReadOnlyFlag": "True",
        "File": (io.BytesIO(b"x"), "a.txt"),
    }

    found = caller.post(DOCUMENTS, data=data, content_type="multipart/form-data").json

    assert (found["title"], found["readOnlyFlag"], found["publicFlag"]) == ("A", True, True)
    assert found["documentType"]["name"] == "Text"


@pytest.mark.observed("psa facts 8.1: a client in the field leaves a quote open")
def test_a_form_with_an_open_quote_is_read(caller):
    parts = (
        'name="recordType"\r\n\r\nTicket',
        'name="recordId"\r\n\r\n5000',
        'name="PrivateFlag\r\n\r\nTrue',
        'name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nname="x\r\n\r\n',
    )
    body = "".join(f"--b7\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)

    answer = caller.post(
        DOCUMENTS, data=f"{body}--b7--\r\n", content_type='multipart/form-data; boundary="b7"'
    )

    assert (answer.status_code, answer.json["publicFlag"]) == (201, False)
    content = caller.get(f"{DOCUMENTS}/{answer.json['id']}/download").data
    assert content == b'name="x\r\n\r\n'


@pytest.mark.documented("psa facts 8.1: listed by record, and below the ticket")
def test_the_documents_of_a_record_are_listed(caller):
    first, second = made(caller)["id"], made(caller, recordType="ticket")["id"]
    other = made(caller, recordType="Company", recordId="12345")["id"]

    listed = caller.get(DOCUMENTS, params=TICKET).json
    assert [row["id"] for row in listed] == [first, second]
    assert caller.get(f"{DOCUMENTS}/count", params=TICKET).json == {"count": 2}
    below = caller.get("/service/tickets/5000/documents").json
    assert [(row["id"], row["name"]) for row in below] == [
        (first, "report.txt"),
        (second, "report.txt"),
    ]
    company = {"recordType": "Company", "recordId": "12345", "conditions": f"id={other}"}
    assert [row["id"] for row in caller.get(DOCUMENTS, params=company).json] == [other]


@pytest.mark.assumed("a world's tickets have their documents from the start")
def test_documents_that_were_there_before_are_listed_and_downloaded(psa):
    document = psa.get(DOCUMENTS, params={"pageSize": 1}).json[0]

    content = psa.get(f"{DOCUMENTS}/{document['id']}/download")

    assert content.status_code == 200
    assert len(content.data) == document["size"]
    assert content.data.startswith(b"%PDF-")


@pytest.mark.documented("psa facts 8.1: POST to one replaces it")
def test_a_document_is_replaced(caller):
    document = made(caller, title="Old", readOnlyFlag="true")
    path = f"{DOCUMENTS}/{document['id']}"

    data = {"title": "New", "file": (io.BytesIO(b"{}"), "new.json")}
    found = caller.post(path, data=data, content_type="multipart/form-data")
    only = caller.post(path, data={"readonlyflag": "0"}, content_type="multipart/form-data")

    assert found.status_code == 200
    shown = ("title", "fileName", "size", "guid", "readOnlyFlag")
    assert [found.json[name] for name in shown] == ["New", "new.json", 2, document["guid"], True]
    assert (only.json["title"], only.json["readOnlyFlag"]) == ("New", False)
    assert caller.get(f"{path}/download").data == b"{}"


@pytest.mark.documented("psa facts 8.1: DELETE, no PATCH, no PUT")
def test_a_document_is_deleted(caller):
    path = f"{DOCUMENTS}/{made(caller)['id']}"

    assert caller.patch(path, json=[]).status_code == 405
    assert caller.put(path, json={}).status_code == 405
    assert caller.delete(path).status_code == 204

    for gone in (path, f"{path}/download", f"{path}/thumbnail"):
        assert caller.get(gone).status_code == 404
    assert caller.get("/service/tickets/5000/documents/count").json == {"count": 0}
    assert caller.get(DOCUMENTS, params=TICKET).json == []


@pytest.mark.documented("psa facts 8.1: a link has a url instead of a file")
def test_a_link_is_kept(caller):
    found = made(caller, content=None, url="https://example.com/a", title="Site")

    assert (found["urlFlag"], found["linkFlag"], found["title"]) == (True, True, "Site")


@pytest.mark.documented("psa facts 8.1: pictures have thumbnails")
def test_a_thumbnail_is_a_picture(psa):
    found = made(psa, b"\x89PNG\r\n\x1a\n", "a.png")

    answer = psa.get(f"{DOCUMENTS}/{found['id']}/thumbnail")

    assert found["imageFlag"]
    assert answer.content_type == "image/png"
    assert answer.data.startswith(b"\x89PNG")


@pytest.mark.documented("seed 003, '415 Unsupported Media Type': the file as a JSON object")
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_a_document_is_not_taken_as_json(psa_observed, kind):
    answer = psa_observed.post(DOCUMENTS, data=b"{}", content_type=kind)

    told = f"The request entity's media type '{kind}' is not supported for this resource."
    assert refused(answer, 415, error("ConnectWiseApi", told))


@pytest.mark.assumed("psa facts 8.1: what an upload needs; the codes of 6.3")
@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"recordType": ""}, [("MissingRequiredField", "recordType")]),
        ({"recordType": "Nonsense"}, [("InvalidField", "recordType")]),
        (
            {"recordId": "", "content": None},
            [("MissingRequiredField", f) for f in ("recordId", "file")],
        ),
        ({"recordId": "x"}, [("InvalidField", "recordId")]),
        ({"recordId": "9" * 40}, [("InvalidField", "recordId")]),
        ({"recordId": "999999"}, [("NotFound", "recordId")]),
        ({"privateFlag": "maybe"}, [("InvalidField", "privateFlag")]),
    ],
)
def test_an_upload_is_checked(psa_observed, form, told):
    before = psa_observed.get(f"{DOCUMENTS}/count").json

    answer = upload(psa_observed, **form)

    assert answer.status_code == 400
    assert [(found["code"], found["field"]) for found in answer.json["errors"]] == told
    assert psa_observed.get(f"{DOCUMENTS}/count").json == before


@pytest.mark.live
@pytest.mark.assumed("parameters of the list that cannot be read are told")
@pytest.mark.parametrize("params", [{"recordType": "Nonsense"}, {"recordId": "x"}])
def test_a_list_is_asked_for_known_records(psa, params):
    assert psa.get(DOCUMENTS, params=params).status_code == 400


@pytest.mark.live
@pytest.mark.assumed("a record's number may be beyond all that there are")
def test_a_record_with_an_impossible_number_has_no_documents(psa):
    assert psa.get(DOCUMENTS, params={"recordType": "Ticket", "recordId": "9" * 30}).json == []


@pytest.mark.assumed("contents follow reset and snapshots like all records")
def test_contents_come_back_with_a_snapshot(make_tenant):
    tenant = make_tenant().unlimited()
    path = f"{DOCUMENTS}/{made(tenant.psa, b'first')['id']}"
    snapshot = tenant.admin("POST", "/snapshots").json["id"]
    tenant.psa.delete(path)

    tenant.admin("POST", f"/snapshots/{snapshot}/restore")
    assert tenant.psa.get(f"{path}/download").data == b"first"

    tenant.admin("POST", "/reset")
    tenant.unlimited()
    assert tenant.psa.get(f"{path}/download").status_code == 404


PICTURE = b"\x89PNG\r\n\x1a\n a picture"


@pytest.mark.assumed("psa facts 8.1: what isAvatar is for; the link to the picture then changes")
def test_an_avatar_is_the_contact_s_picture(make_tenant):
    tenant = make_tenant().unlimited()
    tenant.admin("POST", "/clock", json={"freeze": True, "advance": 60})
    caller, contact = tenant.psa, "/company/contacts/1"
    link = caller.get(contact).json["_info"]["image_href"]
    assert caller.get(f"{contact}/image").data != PICTURE

    kept = {"recordType": "Contact", "recordId": "1"}
    upload(caller, b"a cat", "cat.png", **kept)
    upload(caller, PICTURE, "me.png", isAvatar="True", **kept)

    shown = caller.get(f"{contact}/image")
    assert (shown.data, shown.content_type) == (PICTURE, "image/png")
    assert caller.get(contact).json["_info"]["image_href"] != link
    assert caller.get("/company/contacts/2/image").data != PICTURE
    assert caller.get("/company/contacts/999999/image").status_code == 404


@pytest.mark.assumed("a thumbnail is the picture itself, unless it could carry a script")
def test_a_thumbnail_is_the_uploaded_picture(psa):
    ids = [
        upload(psa, PICTURE, name, recordType="Ticket", recordId="5000").json["id"]
        for name in ("a.png", "b.svg", "c.txt")
    ]

    shown = [psa.get(f"{DOCUMENTS}/{each}/thumbnail") for each in ids]

    assert [each.data == PICTURE for each in shown] == [True, False, False]
    assert {each.content_type for each in shown} == {"image/png"}
