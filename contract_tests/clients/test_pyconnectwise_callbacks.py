"""pyconnectwise registers callbacks over TLS; a server of its own makes sure that they arrive."""

import pytest
from customer import customer_of
from pyconnectwise_models import their

from mockserver.client.callbacks import CallbackReceiver, KeyFetcher

pytestmark = [
    pytest.mark.xdist_group("pyconnectwise"),  # one worker imports it
    pytest.mark.slow,
    pytest.mark.observed("pyconnectwise 0.6.1, which its users run against live systems"),
]


@pytest.fixture(params=["documented", "observed"])
def customer(request, secure_root):
    with customer_of(secure_root, request.param, frozen=True) as customer:
        yield customer.unlimited()


@pytest.fixture
def client(customer):
    keys, host = customer.credentials["psa"], customer.root.removeprefix("https://")
    return their("ConnectWiseManageAPIClient")(
        keys["company"], host, "contract-tests", keys["public_key"], keys["private_key"]
    )


def test_it_registers_receives_changes_and_removes_callbacks(client, customer):
    callbacks = client.system.callbacks
    before = {each.id for each in callbacks.get()}
    with CallbackReceiver(KeyFetcher()) as receiver:
        receiver.answer(404)
        registration = {"url": receiver.url, "type": "ticket", "level": "owner", "objectId": 1}
        made = callbacks.post(registration)
        with pytest.raises(
            (their("exceptions.ObjectExistsError"), their("exceptions.MalformedRequestException"))
        ):
            callbacks.post(registration)
        ticket = client.service.tickets.get(params={"pageSize": 1})[0]
        change = [{"op": "replace", "path": "summary", "value": "It beeped"}]
        client.service.tickets.id(ticket.id).patch(change)
        receiver.wait_for(1)
        customer.sleep(2)
        first, second = receiver.wait_for(2)

        assert first.body == second.body
        assert (first.verified, second.verified) == (True, True)
        assert second.json["CallbackObjectRecId"] == made.id
        assert second.entity["summary"] == "It beeped"

    sleepy = [{"op": "replace", "path": "inactiveFlag", "value": True}]
    assert callbacks.id(made.id).patch(sleepy).inactive_flag is True
    assert {each.id for each in callbacks.get()} - before == {made.id}
    callbacks.id(made.id).delete()
    assert {each.id for each in callbacks.get()} == before
