"""A tenant in which something of every kind has happened, and its state as files."""

import io
import zipfile

from mockserver import World, create_app

PSA, AUTOMATE = "/v4_6_release/apis/3.0", "/cwa/api/v1"
CALLER = {"auth": ("company+publickey", "privatekey"), "headers": {"clientId": "any"}}
ZIP = "application/zip"
BYTES = b"\x00\xff\xfe no text"
#: Reads like a record with an instant, and is a document's contents.
LIKE_A_RECORD = b'{"at":"2026-07-02T00:00:00Z"}'

#: Every five minutes.
SCHEDULE = {"ScriptId": 2, "ScheduleType": 2, "Interval": 5, "Parameters": "ApplicationName=x"}


def served(seed=42, *, frozen=True, **plan):
    world = World.seeded(seed, frozen=frozen, **plan)
    app = create_app(world)
    app.extensions["world"] = world
    return app.test_client()


def world_of(http):
    return http.application.extensions["world"]


def psa(http, method, path, status=None, **sent):
    answer = http.open(PSA + path, method=method, **CALLER, **sent)
    assert status in {None, answer.status_code}, answer.text
    return answer


def automate(http, method, path, **sent):
    login = {"UserName": "integrator", "Password": "integrator-password"}
    token = http.post(f"{AUTOMATE}/apitoken", json=login).json["AccessToken"]
    headers = {"Authorization": f"Bearer {token}", "ClientId": "any"}
    answer = http.open(AUTOMATE + path, method=method, headers=headers, **sent)
    assert answer.status_code < 400, answer.text
    return answer


def live_a_little(http):
    """Write through both vendors; return the path of a document of bytes."""
    company = psa(http, "GET", "/company/companies?pageSize=1").json[0]["id"]
    renamed = [{"op": "replace", "path": "name", "value": 'Ümlaut "& Söhne" 🎉'}]
    psa(http, "PATCH", f"/company/companies/{company}", 200, json=renamed)
    asked = {"summary": 'a\u2028b "\\/"', "company": {"id": company}}
    ticket = psa(http, "POST", "/service/tickets", 201, json=asked).json["id"]
    gone = psa(http, "POST", "/service/tickets", 201, json=asked).json["id"]
    psa(http, "DELETE", f"/service/tickets/{gone}", 204)
    psa(
        http,
        "POST",
        f"/service/tickets/{ticket}/notes",
        201,
        json={"text": "noted", "detailDescriptionFlag": True},
    )
    told = {"url": "http://127.0.0.1:9/x", "objectId": 1, "type": "ticket", "level": "owner"}
    psa(http, "POST", "/system/callbacks", 201, json=told)
    paths = [uploaded(http, ticket, content) for content in (BYTES, LIKE_A_RECORD)]
    fields = psa(http, "GET", f"/company/companies/{company}").json.get("customFields")
    if fields:
        value = [{"op": "replace", "path": "customFields", "value": [{**fields[0], "value": None}]}]
        psa(http, "PATCH", f"/company/companies/{company}", json=value)
    psa(http, "GET", "/system/securityRoles/1/settings?pageSize=3")
    live_with_computers(http)
    return paths


def uploaded(http, ticket, content):
    form = {"recordType": "Ticket", "recordId": str(ticket), "title": "t"}
    form["file"] = (io.BytesIO(content), "a.bin")
    made = psa(http, "POST", "/system/documents", 201, data=form).json
    return f"/system/documents/{made['id']}/download"


def live_with_computers(http):
    computer = automate(http, "GET", "/Computers?pageSize=1").json[0]["Id"]
    command = {"ComputerId": computer, "Command": {"Id": 2}, "Parameters": ["ver"]}
    automate(http, "POST", f"/Computers/{computer}/CommandExecute", json=command)
    automate(http, "GET", "/Alerts?pageSize=5")
    automate(http, "POST", f"/Computers/{computer}/ScheduledScripts", json=SCHEDULE)
    fields = automate(http, "GET", f"/Computers/{computer}/ExtraFields").json
    field = next(each for each in fields if "TextFieldSettings" in each)
    value = [{"op": "replace", "path": "/TextFieldSettings/Value", "value": "grün"}]
    place = f"/Computers/{computer}/ExtraFields/{field['ExtraFieldDefinitionId']}"
    automate(http, "PATCH", place, json=value)
    http.post("/_mock/clock", json={"advance": 90_000.5})
    automate(http, "GET", "/Computers?pageSize=1")


def state(http, tenant="default"):
    answer = http.get("/_mock/world", query_string={"tenant": tenant})
    assert answer.status_code == 200, answer.text
    return answer.data


def put(http, archive, tenant="default", content_type=ZIP):
    asked = {"tenant": tenant}
    return http.put("/_mock/world", data=archive, content_type=content_type, query_string=asked)


def files(archive):
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def zipped(files, kind=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
