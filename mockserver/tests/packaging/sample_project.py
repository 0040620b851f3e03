"""How another project tests its integration: with nothing but the plugin's fixtures."""

import concurrent.futures

import pytest
import requests

from mockserver.client import AutomateClient, F, PSAClient
from mockserver.client.errors import Unavailable


def test_a_client_is_bound_to_a_tenant_of_the_test(psa):
    made = psa.service.tickets.create({"summary": "Printer on fire", "company": {"id": 250}})

    assert psa.service.tickets.get(made["id"])["summary"] == "Printer on fire"


def test_nothing_is_left_of_another_test(psa):
    assert not psa.service.tickets.list(F("summary") == "Printer on fire")


def test_automate_answers(automate):
    assert automate.get_computers(F("Name").startswith("ACME"))


def test_a_hundred_requests_cost_no_real_minute(psa, mock_clock):
    began = mock_clock.now

    for _ in range(100):
        psa.service.boards.get(1)

    assert (mock_clock.now - began).total_seconds() > 60


def test_a_fault_strikes(psa, mock_faults):
    with mock_faults.error(503, path="/service/boards*", times=1) as fault:
        assert psa.service.boards.get(1)["id"] == 1
    assert psa.service.boards.get(1)["id"] == 1
    with mock_faults.error(503), pytest.raises(Unavailable):
        psa.service.boards.get(1)
    del fault


def test_a_token_ends_when_the_clock_says_so(automate, mock_clock):
    automate.computers.list().first()
    mock_clock.advance(5 * 3600)

    assert automate.computers.list().first()


def test_any_http_client_reaches_a_port(cwmock):
    keys = cwmock.psa_credentials
    answer = requests.get(
        f"{cwmock.psa_url}/service/tickets/5001",
        auth=(f"{keys['company']}+{keys['public_key']}", keys["private_key"]),
        headers={"clientId": keys["client_id"]},
        timeout=10,
    )
    login = requests.post(
        f"{cwmock.automate_url}/APICredentials",
        json={
            "Username": cwmock.automate_credentials["username"],
            "Password": cwmock.automate_credentials["password"],
        },
        timeout=10,
    )

    assert (answer.status_code, login.status_code) == (200, 200)
    assert requests.get(f"{cwmock.admin}/health", timeout=10).json()["status"] == "ok"
    assert cwmock.admin.get("/requests").json()["requests"]


def test_code_that_reads_the_environment_is_served(cwmock, monkeypatch):
    for name, value in cwmock.environ.items():
        monkeypatch.setenv(name, value)

    with PSAClient() as psa, AutomateClient() as automate:
        assert psa.service.boards.get(1)["id"] == 1
        assert automate.computers.count() > 0


def test_callbacks_arrive_signed(psa, callback_receiver):
    psa.system.callbacks.create(
        {"url": callback_receiver.url, "type": "ticket", "level": "owner", "objectId": 1}
    )
    psa.service.tickets.update(5001, {"summary": "changed"})

    (callback,) = callback_receiver.wait_for(1)
    assert callback.verified
    assert callback.entity["summary"] == "changed"


@pytest.mark.cwmock(profile="observed")
def test_a_test_may_ask_for_the_other_profile(psa, automate):
    assert psa.service.boards.get(1)["id"] == 1
    assert automate.computers.list().first()["Id"]


def test_threads_share_the_client(psa):
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: psa.service.boards.get(1)["id"], range(100)))

    assert found == [1] * 100
