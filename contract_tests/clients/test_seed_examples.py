"""Every condition, id and name that the guides print finds a row in the world as it comes."""

from datetime import UTC, datetime, timedelta

import pytest
from customer import customer_of

pytestmark = pytest.mark.documented("seeds 000 to 004")

TICKETS, CONTACTS = "/service/tickets", "/company/contacts"
COMPUTERS, ALERTS = "/Computers", "/Alerts"

CONDITIONS = [
    # seed 002, "Supported Operators" to "URL Encoding"
    "status/id=1",
    "status/id!=5",
    "priority/id<3",
    "priority/id<=2",
    "dateEntered>2024-01-01",
    "dateEntered>=2024-01-01",
    'summary contains "email"',
    'summary like "%email%"',
    "status/id in (1,2,3)",
    "status/id not in (5)",
    "company/id=12345",
    'status/name="New"',
    'contact/firstName contains "John"',
    "company/id=12345 and status/id!=5 and priority/id<=2",
    "status/id=1 or status/id=2",
    "(status/id=1 or status/id=2) and company/id=12345",
    "dateEntered>=[2024-01-01]",
    "dateEntered>=[2024-01-01T00:00:00Z] and dateEntered<[2024-02-01T00:00:00Z]",
    'summary="Email not working"',
    'company/identifier like "AC%"',
    "contact=null",
    "assignedResource!=null",
    "company/id=12345 and status/id!=5",
    # seed 003, "Get" to "Using the /Search endpoints"
    'board/name="Integration" and status/name="new"',
    'board/name="Integration"',
    'summary="xyz"',
    "board/id in (3, 2, 4)",
    "lastUpdated > [2016-08-20T18:04:26Z]",
    'Summary = "This is my string"',
    "Board/Id = 123",
    "ClosedFlag = True",
    "LastUpdated = [2016-08-20T18:04:26Z]",
    'Summary Not Contains "Low Priority"',
    'Summary Contains "Low Priority"',
    'board/name="integration" and summary="xyz"',
    "summary like 'test'",
]

PSA = [
    (TICKETS, {"page": 1, "pageSize": 100}),
    (TICKETS, {"conditions": "status/id!=5", "pageSize": 1, "fields": "id"}),
    (TICKETS, {"fields": "id,summary,status/name,company/name"}),
    (TICKETS, {"orderBy": "priority/id asc, dateEntered desc"}),
    (TICKETS, {"orderBy": "contact/name asc"}),
    (TICKETS, {"childconditions": 'notes/text contains "update"'}),
    (TICKETS, {"customFieldConditions": 'customField1 contains "value"'}),
    (
        TICKETS,
        {
            "conditions": 'board/name="Integration" and status/name="new"',
            "page": 1,
            "pageSize": 10,
        },
    ),
    (
        CONTACTS,
        {
            "childConditions": 'communicationItems/value like "john@Outlook.com" '
            'AND communicationItems/communicationType="Email"'
        },
    ),
    (CONTACTS, {"customFieldConditions": 'caption="TomNumber" AND value !=null'}),
    ("/company/companies", {"fields": "id,name,status/id"}),
    ("/company/companies", {"fields": "company/id,company/name,phoneNumber"}),
    ("/company/companies", {"conditions": 'identifier="connectwise"'}),
    ("/company/companies", {"conditions": 'identifier="New Company"'}),
    ("/company/companies", {"pagesize": 50, "page": 1}),
    ("/company/configurations", {"conditions": "manufacturer/name != null"}),
    ("/system/members", {"conditions": "id=123"}),
    ("/system/userDefinedFields", {"conditions": 'id=5 and caption="CloudPlus"'}),
    ("/system/userDefinedFields", {"conditions": 'id=28 and caption="test"'}),
    *((TICKETS, {"conditions": each}) for each in CONDITIONS),
]

AUTOMATE = [
    # seed 000, "Filter Operators" to "Common Query Patterns"
    (COMPUTERS, "Status = 'Online'"),
    (COMPUTERS, "Status != 'Offline'"),
    (COMPUTERS, "ComputerID > 100"),
    (COMPUTERS, "TotalMemory < 4096"),
    (ALERTS, "Severity >= 3"),
    (COMPUTERS, "DiskFreePercent <= 10"),
    (COMPUTERS, "Name contains 'DC'"),
    (COMPUTERS, "Name startswith 'ACME'"),
    (COMPUTERS, "Name endswith '01'"),
    (COMPUTERS, "Status in ('Online','Offline')"),
    (COMPUTERS, "Status = 'Online' and ClientID = 100"),
    (COMPUTERS, "Status = 'Offline' or Status = 'Unknown'"),
    (COMPUTERS, "Status = 'Unknown'"),
    (COMPUTERS, "not (Status = 'Offline')"),
    (COMPUTERS, "ClientID = 100"),
    (COMPUTERS, "OS contains 'Server' and Status = 'Online'"),
    (ALERTS, "ClientID = 100 and Status in ('New','Active')"),
    (COMPUTERS, "Status = 'Offline' and LastContact >= '2024-02-14'"),
    (COMPUTERS, "ClientID = 100 and Status = 'Online'"),
    (ALERTS, "Severity >= 3 and Status in ('New','Active')"),
    ("/Clients", "ClientID = 100 and Name startswith 'ACME'"),
]


@pytest.fixture(scope="module")
def reader(plain_root):
    with customer_of(plain_root, frozen=False) as customer:
        yield customer.unlimited()


@pytest.fixture(scope="module")
def automate(reader):
    answer = reader.call("POST", f"{reader.automate_url}/APICredentials", json=reader.login)
    headers = {"Authorization": f"Bearer {answer.json()['AccessToken']}"}

    def rows(path, **params):
        found = reader.call("GET", reader.automate_url + path, params=params, headers=headers)
        assert found.status_code == 200, found.text
        return found.json()

    return rows


@pytest.mark.parametrize(("path", "params"), [pytest.param(*e, id=f"{e[0]} {e[1]}") for e in PSA])
def test_a_psa_example_finds_a_row(reader, path, params):
    answer = reader.psa("GET", path, params=params)

    assert answer.status_code == 200, answer.text
    assert answer.json() != []


@pytest.mark.parametrize("conditions", CONDITIONS)
def test_a_psa_condition_counts_what_it_finds(reader, conditions):
    params = {"conditions": conditions, "pageSize": 1_000}

    found = reader.psa("GET", TICKETS, params=params)
    counted = reader.psa("GET", f"{TICKETS}/count", params=params)

    assert counted.json() == {"count": len(found.json())}
    assert found.headers["X-Total-Count"] == str(len(found.json()))


@pytest.mark.parametrize(
    "path", ["/service/tickets/5000", "/company/companies/12345", "/service/tickets/54321"]
)
def test_a_printed_id_is_there(reader, path):
    assert reader.psa("GET", path).json()["id"] == int(path.rpartition("/")[2])


def test_the_encoded_example_means_the_plain_one(reader):
    encoded = f"{TICKETS}?conditions=company/id%3D12345%20and%20status/id!%3D5"

    plain = reader.psa("GET", TICKETS, params={"conditions": "company/id=12345 and status/id!=5"})
    assert reader.psa("GET", encoded).json() == plain.json() != []


@pytest.mark.parametrize("manufacturer", ["Dell", "HP", "Lenovo"])
def test_a_reference_is_found_by_its_name(reader, manufacturer):
    params = {"conditions": f'manufacturer/name="{manufacturer}"'}

    rows = reader.psa("GET", "/company/configurations", params=params).json()
    assert {row["manufacturer"]["name"] for row in rows} == {manufacturer}


@pytest.mark.parametrize(("path", "condition"), [pytest.param(*e, id=e[1]) for e in AUTOMATE])
def test_an_automate_example_finds_a_row(automate, path, condition):
    assert automate(path, condition=condition) != []


def test_machines_that_went_offline_since_yesterday_are_found(reader, automate):
    day_ago = datetime.fromtimestamp(reader.now_s(), UTC) - timedelta(days=1)
    yesterday = day_ago.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    condition = f"Status = 'Offline' and LastContact >= '{yesterday}'"
    assert automate(COMPUTERS, condition=condition) != []


@pytest.mark.parametrize(
    ("path", "page_size"), [("/Computers", 250), ("/Clients", 250), ("/Alerts", 100)]
)
def test_the_printed_page_sizes_find_rows(automate, path, page_size):
    assert 0 < len(automate(path, pageSize=page_size)) <= page_size
