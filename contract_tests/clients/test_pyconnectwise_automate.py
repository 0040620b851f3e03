"""pyconnectwise from PyPI, unmodified, over TLS, as a customer of the Automate API.

The properties of its client are broken (they call modules), so its endpoint classes are
instantiated here.
"""

import pytest
from customer import customer_of
from pyconnectwise_models import their

from mockserver import World, create_app
from mockserver.web.serving import Server

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
    account = {**customer.credentials["automate"], **changed}
    host = customer.root.removeprefix("https://")
    return their("ConnectWiseAutomateAPIClient")(
        host, "contract-tests", account["username"], account["password"]
    )


def endpoint_of(name, client):
    return their(f"endpoints.automate.{name}.{name}")(client)


@pytest.fixture
def client(customer):
    return client_of(customer)


def test_it_logs_in_and_keeps_its_token(client, customer):
    for _ in range(3):
        assert endpoint_of("ComputersEndpoint", client).get()

    assert customer.answered(200, path="/apitoken") == 1
    assert client.token_expiry_time.utcoffset().total_seconds() == 0


def test_a_wrong_password_is_refused(customer):
    with pytest.raises(their("exceptions.AuthenticationFailedException")):
        client_of(customer, password="wrong")


@pytest.mark.parametrize(
    ("endpoint", "name", "at_least"),
    [
        ("ComputersEndpoint", "id", 160),
        ("ClientsEndpoint", "id", 39),
        ("LocationsEndpoint", "location_id", 87),
        ("GroupsEndpoint", "id", 12),
    ],
)
@pytest.mark.parametrize("page_size", [30, 1_000])
def test_its_pages_find_every_row_once(client, endpoint, name, at_least, page_size):
    found = [
        getattr(row, name) for row in endpoint_of(endpoint, client).paginated(1, page_size).all()
    ]

    assert len(set(found)) == len(found) >= at_least
    assert None not in found


def test_it_lists_with_a_condition(client):
    computers = endpoint_of("ComputersEndpoint", client)

    acme = computers.get(params={"condition": "Client.Id = 100", "pageSize": 1_000})
    servers = computers.get(params={"condition": 'OperatingSystemName contains "Server"'})

    assert {computer.client.id for computer in acme} == {"100"}
    assert all("Server" in computer.operating_system_name for computer in servers)
    assert servers


def test_it_gets_single_records(client):
    computer = next(iter(endpoint_of("ComputersEndpoint", client).paginated(1, 1)))
    group = next(iter(endpoint_of("GroupsEndpoint", client).paginated(1, 1)))

    assert endpoint_of("ComputersEndpoint", client).id(computer.id).get() == computer
    assert endpoint_of("GroupsEndpoint", client).id(group.id).get() == group
    assert endpoint_of("ClientsEndpoint", client).id(100).get().name.startswith("ACME")
    with pytest.raises(their("exceptions.NotFoundException")):
        endpoint_of("ComputersEndpoint", client).id(99_999_999).get()


def test_it_creates_a_client_and_a_location(client):
    clients, locations = (
        endpoint_of("ClientsEndpoint", client),
        endpoint_of("LocationsEndpoint", client),
    )
    before = len(locations.get(params={"pageSize": 1_000}))

    made = clients.post(data={"Name": "Wayfarer", "City": "Tampa"})
    locations.post(data={"Name": "Harbour", "Client": {"Id": made.id}})

    assert clients.id(made.id).get() == made
    assert made.name == "Wayfarer"
    found = locations.get(params={"condition": f"Client.Id = {made.id}"})
    assert [each.name for each in found] == ["Harbour"]
    assert len(locations.get(params={"pageSize": 1_000})) == before + 1


@pytest.mark.usefixtures("secure_root")
def test_without_a_zone_in_the_token_it_cannot_compare_the_time(authority):
    with (
        Server(create_app(World.seeded(42)), tls=authority.context) as server,
        customer_of(server.url, frozen=False) as customer,
    ):
        client = client_of(customer)

        assert client.token_expiry_time.tzinfo is None
        with pytest.raises(TypeError, match="offset-naive"):
            endpoint_of("ComputersEndpoint", client).get()
