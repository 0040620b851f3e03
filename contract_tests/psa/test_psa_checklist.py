"""The checklist of quirks (psa facts 10): each can be set alone, under either profile.

A look returns what the quirk shows itself in; it is taken of two tenants that differ in the quirk
and in nothing else. Looks know no profile: what the profiles say differently is not looked at.
"""

import pytest

from mockserver import World, create_app

TICKETS, TICKET, COMPANY = "/service/tickets", "/service/tickets/5000", 12345
FIELDS = "/system/userDefinedFields"


def replaced(path, value):
    return [{"op": "replace", "path": path, "value": value}]


def created(tenant, **members):
    return tenant.psa.post(TICKETS, json={"summary": "x", "company": {"id": COMPANY}, **members})


def answer(path, *, of=lambda found: found.status_code, **params):
    return lambda tenant: of(tenant.psa.get(path, params=params))


def changed(path, value, *, of=lambda found: found.status_code):
    return lambda tenant: of(tenant.psa.patch(TICKET, json=replaced(path, value)))


def name_of_company(tenant):
    company = tenant.psa.get("/company/companies", params={"conditions": "id!=12345"}).json[0]
    before = tenant.psa.get(TICKET).json["company"]["id"]
    document = replaced("company/identifier", company["identifier"])
    return tenant.psa.patch(TICKET, json=document).json["company"]["id"] != before


def has_nulls(tenant):
    return None in tenant.psa.get(TICKET).json.values()


def null_fields(tenant):
    rows = created(tenant).json["customFields"]
    return sum(row.get("value", 0) is None for row in rows)


def location(tenant):
    body = {"summary": "x", "company": {"id": COMPANY}}
    found = tenant.psa.post(TICKETS, json=body, base_url="https://localhost")
    return found.headers["Location"].partition(":")[0]


def last_links(tenant):
    last = -(-tenant.psa.get(f"{TICKETS}/count").json["count"] // 100)
    links = tenant.psa.get(TICKETS, params={"pageSize": "100", "page": str(last)}).headers["Link"]
    return 'rel="last"' in links


def wrong_keys(tenant):
    return tenant.psa_as("nobody", "nothing").get("/system/info").status_code


def contact_put(tenant):
    contact = tenant.psa.get("/company/contacts/1").json
    return tenant.psa.put("/company/contacts/1", json=contact).status_code


def types(tenant):
    document = replaced("types", [{"id": 1}])
    return len(tenant.psa.patch("/company/contacts/1", json=document).json["types"])


def resources(tenant):
    return tenant.psa.patch(TICKET, json=replaced("resources", "CRay")).json.get("resources", "")


def told_of_project_tickets(tenant):
    callback = {"url": "http://127.0.0.1:9/?id=", "objectId": 1, "type": "ticket", "level": "owner"}
    assert tenant.psa.post("/system/callbacks", json=callback).status_code == 201
    ticket = tenant.psa.get("/project/tickets", params={"pageSize": "1"}).json[0]
    done = tenant.psa.patch(f"/project/tickets/{ticket['id']}", json=replaced("summary", "Other"))
    assert done.status_code == 200
    query = {"tenant": tenant.name}
    return len(tenant.client.get("/_mock/callbacks", query_string=query).json["deliveries"])


def kept_fields(tenant):
    for field_id, value in ((1, "a"), (28, "test")):
        rows = [{"id": field_id, "value": value}]
        found = tenant.psa.patch(TICKET, json=replaced("customFields", rows))
    return [row["value"] for row in found.json["customFields"] if row["id"] in {1, 28}]


def is_cloud(tenant):
    company = tenant.credentials["psa"]["company"]
    return type(tenant.client.get(f"/login/companyinfo/{company}").json["IsCloud"])


def picture(found):
    return "?" in found.json["priority"]["_info"]["image_href"]


def overload(tenant):
    fault = {"effect": {"kind": "error", "status": 500}, "times": 1}
    assert tenant.admin("POST", "/faults", json=fault).status_code == 201
    return tenant.psa.get("/system/info").json["message"]


def summary(found):
    return found.json["summary"]


NOTE = {"text": "shown nowhere"}
#: The number in the list, the quirk set otherwise, the look, what it shows as it is (None where the
#: profiles differ) and what then.
LIST = [
    (
        "1",
        {"fields_drop_info": False},
        answer(TICKET, fields="id", of=lambda found: "_info" in found.json),
        False,
        True,
    ),
    ("1", {"unknown_fields_refused": True}, answer(TICKETS, fields="id,nonsense"), 200, 400),
    ("2", {"reference_subpaths": ["id", "identifier"]}, name_of_company, None, True),
    ("2", {"reference_subpaths": []}, name_of_company, None, False),
    ("3", {"explicit_nulls": True}, has_nulls, False, True),
    ("3", {"custom_fields_long": False}, null_fields, 3, 0),
    (
        "4",
        {"offsets_refused": False},
        changed("requiredDate", "2026-09-11T14:32:00-04:00"),
        400,
        200,
    ),
    (
        "5",
        {"double_slash_links": False},
        answer(TICKET, of=lambda found: "3.0//service" in found.text),
        True,
        False,
    ),
    (
        "6",
        {"plain_refusals": False},
        answer("/nowhere/x", of=lambda found: found.content_type.partition(";")[0]),
        "text/html",
        "application/json",
    ),
    ("7", {"location_insecure": True}, location, "https", "http"),
    ("8", {"last_link_always": True}, last_links, False, True),
    ("9", {"page_size": 7}, answer(TICKETS, of=lambda found: len(found.json)), 25, 7),
    ("9", {"page_size_max": 50}, answer(TICKETS, pageSize="51"), 200, 400),
    ("10", {"auth_trouble_as_404": True}, wrong_keys, 401, 404),
    (
        "11",
        {"conversion_status": 422},
        lambda tenant: created(tenant, company="250").status_code,
        None,
        422,
    ),
    (
        "11",
        {"members_checked": False},
        lambda tenant: created(tenant, nonsense=1).status_code,
        400,
        201,
    ),
    (
        "12",
        {"unknown_reference_status": 404},
        lambda tenant: created(tenant, company={"id": 999999}).status_code,
        400,
        404,
    ),
    (
        "13",
        {"board_checked": False},
        lambda tenant: created(tenant, board={"id": 1}, status={"id": 10}).status_code,
        400,
        201,
    ),
    (
        "14",
        {"note_flags_required": False},
        lambda tenant: tenant.psa.post(f"{TICKET}/notes", json=NOTE).status_code,
        400,
        201,
    ),
    ("15", {"contact_put_broken": True}, contact_put, 200, 400),
    ("15", {"types_through_associations": False}, types, 2, 1),
    ("16", {"resources_scheduled": True}, lambda tenant: "CRay" in resources(tenant), True, False),
    ("17", {"callback_project_tickets": False}, told_of_project_tickets, 1, 0),
    ("18", {"custom_fields_merged": False}, kept_fields, ["a", "test"], [None, "test"]),
    ("19", {"newlines_spaced": True}, changed("summary", "a\nb", of=summary), None, "a b"),
    ("19", {"newlines_spaced": False}, changed("summary", "a\nb", of=summary), None, "a\nb"),
    ("20", {"is_cloud_text": False}, is_cloud, str, bool),
    ("21", {"trailing_slashes": False}, answer(f"{TICKETS}/"), 200, 404),
    ("21", {"routes_in_any_case": False}, answer("/SERVICE/Tickets/5000"), 200, 404),
    ("22", {"picture_times": False}, answer(TICKET, of=picture), True, False),
    ("23", {"marks_kept": False}, changed("summary", "a\u200e ", of=summary), "a\u200e ", "a"),
    ("24", {"url_chars_max": 300}, answer(TICKETS, conditions="id=1 or " * 50 + "id=1"), 200, 414),
    (
        "25",
        {"wording": {"server_error": "Busy."}},
        overload,
        "A timeout has occured. Please try again.",
        "Busy.",
    ),
]


@pytest.mark.observed("psa facts 10: each of the list's quirks is a switch that can be set alone")
@pytest.mark.parametrize("profile", ["documented", "observed"])
@pytest.mark.parametrize(
    ("quirks", "look", "usual", "other"),
    [pytest.param(*row[1:], id=f"{row[0]}-{next(iter(row[1]))}") for row in LIST],
)
def test_a_quirk_is_set_alone(make_tenant, profile, quirks, look, usual, other):
    plain, quirky = make_tenant(profile).unlimited(), make_tenant(profile, psa=quirks).unlimited()

    assert look(quirky) == other
    if usual is not None:
        assert look(plain) == usual != other


@pytest.mark.observed("psa facts 10.20: a company that nobody has is the first tenant's to answer")
@pytest.mark.parametrize(("null", "status"), [(True, 200), (False, 404)])
def test_an_unknown_company_may_be_not_found(null, status):
    world = World.seeded(quirks={"psa": {"unknown_company_null": null}})

    found = create_app(world).test_client().get("/login/companyinfo/nobody-at-all")

    assert found.status_code == status
    assert (found.data == b"null") is null


@pytest.mark.assumed("psa facts 10: the numbers of its list, but for what has a test of its own")
def test_the_list_is_whole():
    assert {int(row[0]) for row in LIST} == set(range(1, 26))
