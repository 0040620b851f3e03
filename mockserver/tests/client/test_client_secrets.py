"""No traceback shows a secret, not even with what functions were called with, as pytest's does."""

import base64
import json
import traceback

import pytest
import requests

from mockserver.client import AutomateClient, ConnectWiseError, PSAClient
from mockserver.client.errors import NotAuthenticated, SettingMissing
from mockserver.client.secrets import Secret
from mockserver.tests.client_support import ROOT, Lab

SECRETS = ("privatekey", "integrator-password", "wrong-password", "eyJ", "JBSWY3DP")


@pytest.fixture
def lab():
    return Lab().without_limits()


def told(work):
    """Return the traceback of what *work* raises, the locals of every frame of ours included."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is
        work()
    ours = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours.stack = traceback.StackSummary.from_list(
        [
            each
            for each in ours.stack
            if "/client/" in each.filename and "tests" not in each.filename
        ]
    )
    assert ours.stack
    return caught.value, "".join(ours.format())


def shown(text):
    return [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize("fault", [{"kind": "error", "status": 400}, {"kind": "reset"}])
@pytest.mark.parametrize("vendor", ["psa", "automate"])
def test_a_request_that_failed_shows_no_credentials(lab, vendor, fault):
    client = lab.psa() if vendor == "psa" else lab.automate()
    work = client.service.boards.list if vendor == "psa" else client.computers.list
    work().first()
    lab.fault(fault)

    error, text = told(lambda: work().first())

    assert isinstance(error, ConnectWiseError)
    assert "signed" in text
    keys = f"company-{lab.name}+publickey-{lab.name}:privatekey"
    assert base64.b64encode(keys.encode()).decode() not in text
    assert shown(text) == []


def test_a_login_that_failed_shows_no_password(lab):
    account = (ROOT, f"integrator-{lab.name}", "wrong-password", "JBSWY3DPEHPK3PXP")
    client = AutomateClient(*account, conduct=lab.conduct())

    error, text = told(client.authenticate)

    assert isinstance(error, NotAuthenticated)
    assert shown(text) == []


def test_a_missing_setting_shows_neither_the_others_nor_the_environment(monkeypatch):
    monkeypatch.delenv("CONNECTWISE_CLIENT_ID", raising=False)

    with pytest.raises(SettingMissing) as caught:
        PSAClient("company", "publickey", "privatekey")

    # pytest shows the arguments of the last frame.
    last = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack[-1]
    assert last.locals is not None
    assert last.locals.keys() == {"name", "keys"}


def test_a_secret_is_sent_as_it_is_and_shown_as_a_mark():
    secret = Secret("Bearer abcdefgh")

    prepared = requests.Request("GET", ROOT, headers={"Authorization": secret}).prepare()

    assert prepared.headers["Authorization"] == "Bearer abcdefgh"
    assert json.dumps({"Password": secret}) == '{"Password": "Bearer abcdefgh"}'
    assert repr({"Password": secret}) == "{'Password': '[redacted]'}"
