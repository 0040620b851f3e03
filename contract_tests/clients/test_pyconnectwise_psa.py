"""pyconnectwise from PyPI, unmodified, over TLS, as a customer of the PSA API."""

import pytest
from customer import customer_of
from pyconnectwise_models import their

pytestmark = [
    pytest.mark.xdist_group("pyconnectwise"),  # one worker imports it
    pytest.mark.slow,
    pytest.mark.observed("pyconnectwise 0.6.1, which its users run against live systems"),
]


@pytest.fixture(params=["documented", "observed"])
def customer(request, secure_root):
    with customer_of(secure_root, request.param, frozen=False) as customer:
        yield customer.unlimited()


def client_of(customer, **changed):
    keys = {**customer.credentials["psa"], **changed}
    host = customer.root.removeprefix("https://")
    return their("ConnectWiseManageAPIClient")(
        keys["company"], host, "contract-tests", keys["public_key"], keys["private_key"]
    )


@pytest.fixture
def client(customer):
    return client_of(customer)


def test_it_learns_the_codebase_from_companyinfo(client, customer):
    assert client.codebase.startswith("v20")
    assert client.system.info.get().version.startswith(
        client.codebase.removesuffix("/").replace("_", ".")
    )
    assert customer.answered(200, path="/system/info") == 1


def test_it_lists_with_conditions_order_and_fields(client):
    wanted = {"conditions": "company/id=12345 and closedFlag=false", "orderBy": "id desc"}

    tickets = client.service.tickets.get(params={**wanted, "pageSize": 1_000})
    slim = client.service.tickets.get(params={**wanted, "fields": "summary,company/name"})

    assert {ticket.company.id for ticket in tickets} == {12345}
    assert [ticket.id for ticket in tickets] == sorted((t.id for t in tickets), reverse=True)
    assert {(t.id, t.company.id, t.company.name) for t in slim} == {
        (None, None, tickets[0].company.name)
    }


#: Its Literal of what time can be charged to lacks Company, which the API description has.
CHARGED = {"conditions": 'chargeToType != "Company"'}


@pytest.mark.parametrize(
    ("path", "page_size"),
    [
        ("service.tickets", 60),
        ("service.tickets", 500),
        ("company.companies", 25),
        ("company.contacts", 100),
        ("company.configurations", 1_000),
        ("time.entries", 300),
        ("project.tickets", 7),
        ("service.boards", 25),
        ("system.members", 5),
    ],
)
def test_its_pages_find_every_row_once_and_as_many_as_are_counted(client, path, page_size):
    area, name = path.split(".")
    collection = getattr(getattr(client, area), name)

    params = dict(CHARGED) if path == "time.entries" else {"orderBy": "id"}

    found = [row.id for row in collection.paginated(1, page_size, dict(params)).all()]

    assert len(set(found)) == len(found) == collection.count.get(params=params).count > 0


def test_its_pages_lead_forth_and_back(client):
    page = client.service.tickets.paginated(1, 200, {"conditions": 'summary != "a,b"'})
    assert (page.has_next_page, page.has_prev_page, page.last_page) == (True, False, 3)
    first = [ticket.id for ticket in page]

    page.get_next_page()
    assert (page.has_next_page, page.has_prev_page, page.first_page) == (True, True, 1)
    page.get_next_page()
    assert (page.has_next_page, len(page.data)) == (False, 100)
    page.get_previous_page().get_previous_page()

    assert [ticket.id for ticket in page] == first


def test_it_gets_single_records_of_every_kind(client):
    ticket = client.service.tickets.id(5000).get()
    company = client.company.companies.id(12345).get()
    board = client.service.boards.id(ticket.board.id).get()
    statuses = client.service.boards.id(board.id).statuses.get()

    assert (ticket.id, company.id) == (5000, 12345)
    assert company.identifier.startswith("AC")
    assert ticket.status.id in {status.id for status in statuses}
    assert client.system.info.get().is_cloud is True
    assert "Admin1" in {member.identifier for member in client.system.members.get()}
    with pytest.raises(their("exceptions.NotFoundException")):
        client.service.tickets.id(99_999_999).get()


def test_it_creates_patches_replaces_and_deletes_a_ticket(client):
    tickets = client.service.tickets
    before = tickets.count.get().count
    made = tickets.post(
        data={"summary": "Toner is low", "board": {"id": 1}, "company": {"id": 12345}}
    )
    one = tickets.id(made.id)
    assert one.get() == made
    assert (made.summary, made.company.id, tickets.count.get().count) == (
        "Toner is low", 12345, before + 1
    )  # fmt: skip

    patched = one.patch(
        data=[
            {"op": "replace", "path": "summary", "value": "Toner is out"},
            {"op": "replace", "path": "priority", "value": {"id": 1}},
        ]
    )
    assert (patched.summary, patched.priority.id) == ("Toner is out", 1)
    assert one.get() == patched
    replaced = one.put(
        data={"id": made.id, "summary": "Toner", "board": {"id": 1}, "company": {"id": 12345}}
    )
    assert (replaced.id, replaced.summary) == (made.id, "Toner")

    one.delete()
    with pytest.raises(their("exceptions.NotFoundException")):
        one.get()
    assert tickets.count.get().count == before


def test_it_writes_and_reads_the_notes_of_a_ticket(client):
    notes = client.service.tickets.id(5000).notes
    before = len(notes.get())

    made = notes.post(data={"text": "Called back.", "detailDescriptionFlag": True})
    changed = notes.id(made.id).patch(
        data=[{"op": "replace", "path": "text", "value": "Called again."}]
    )

    assert (changed.text, len(notes.get())) == ("Called again.", before + 1)
    notes.id(made.id).delete()
    assert len(notes.get()) == before


def test_it_creates_patches_and_deletes_a_company_with_a_contact(client):
    companies, contacts = client.company.companies, client.company.contacts
    company = companies.post(
        data={
            "identifier": "Wayfarer", "name": "Wayfarer Ltd", "status": {"id": 1},
            "types": [{"id": 1}], "site": {"name": "Main Office"},
        }
    )  # fmt: skip
    assert company.site.name == "Main Office"
    contact = contacts.post(
        data={"firstName": "Ada", "lastName": "Byron", "company": {"id": company.id}}
    )
    assert (contact.first_name, contact.company.identifier) == ("Ada", "Wayfarer")

    companies.id(company.id).patch(data=[{"op": "replace", "path": "name", "value": "Wayfarers"}])
    renamed = contacts.id(contact.id).patch(
        data=[{"op": "replace", "path": "lastName", "value": "Lovelace"}]
    )
    assert (renamed.last_name, renamed.company.name) == ("Lovelace", "Wayfarers")
    assert [c.id for c in contacts.get(params={"conditions": 'lastName="Lovelace"'})] == [
        contact.id
    ]

    contacts.id(contact.id).delete()
    companies.id(company.id).delete()
    for gone in (contacts.id(contact.id), companies.id(company.id)):
        with pytest.raises(their("exceptions.NotFoundException")):
            gone.get()


def test_it_searches(client):
    found = client.service.tickets.search.post(data={"conditions": "company/id=12345"})

    assert {ticket.company.id for ticket in found} == {12345}


def test_it_tells_apart_what_is_refused(client, customer):
    with pytest.raises(their("exceptions.AuthenticationFailedException")):
        client_of(customer, private_key="wrong").system.info.get()
    with pytest.raises(their("exceptions.MalformedRequestException")):
        client.service.tickets.get(params={"conditions": "nonsense ="})
    with pytest.raises(their("exceptions.MalformedRequestException")):
        client.service.tickets.post(data={"summary": "No company"})
    readonly = {"public_key": f"readonlykey-{customer.name}", "private_key": "readonlyprivate"}
    with pytest.raises(their("exceptions.PermissionsFailedException")):
        client_of(customer, **readonly).service.tickets.id(5000).delete()


def test_it_knows_that_a_company_exists_already(client, customer):
    """The codes by which it knows are observed ones; the guide's codes say less."""
    told = {
        "observed": their("exceptions.ObjectExistsError"),
        "documented": their("exceptions.MalformedRequestException"),
    }
    again = {"identifier": "connectwise", "name": "Another", "status": {"id": 1}}

    with pytest.raises(told[customer.credentials["profile"]]):
        client.company.companies.post(data={**again, "types": [{"id": 1}]})


def test_it_repeats_a_timeout_and_not_another_server_error(client, customer):
    effect = {"kind": "error", "status": 500, "message": "Timeout expired."}
    customer.admin("POST", "/faults", json={"times": 2, "effect": effect})
    assert client.service.tickets.id(5000).get().id == 5000
    assert customer.answered(500) == 2

    effect["message"] = "Something else."
    customer.admin("POST", "/faults", json={"times": 1, "effect": effect})
    with pytest.raises(their("exceptions.ServerError")):
        client.service.tickets.id(5000).get()
    assert customer.answered(500) == 3
