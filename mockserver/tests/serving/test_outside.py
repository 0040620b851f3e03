"""A server that others can reach, as a container runs it: token, health, log, all over TLS."""

import json

import requests
from test_cli_serve import serving

from mockserver.health import is_healthy
from mockserver.ready import ready_text
from mockserver.settings import Settings


def test_a_server_that_listens_everywhere_asks_for_the_token_that_it_prints():
    flags = ("--host", "0.0.0.0", "--tls", "--log-format", "json")
    with serving(*flags) as process:
        told = json.loads(process.stdout.readline())
        url, token = told["url"], told["admin_token"]
        asked = {"verify": told["ca_certificate"], "timeout": 30}

        assert len(token) >= 32
        assert requests.get(f"{url}/_mock/health", **asked).status_code == 401
        bearer = {"Authorization": f"Bearer {token}"}
        assert requests.get(f"{url}/_mock/health", headers=bearer, **asked).status_code == 200
        port = url.rpartition(":")[2]
        variables = {"CWMOCK_HOST": "0.0.0.0", "CWMOCK_PORT": port, "CWMOCK_TLS": "1"}
        fault = {"effect": {"kind": "error", "status": 500}}
        struck = requests.post(f"{url}/_mock/faults", json=fault, headers=bearer, **asked)
        assert struck.status_code == 201
        assert is_healthy(variables)
        assert is_healthy({**variables, "CWMOCK_ADMIN_TOKEN": token})
        assert not is_healthy({**variables, "CWMOCK_TLS": "0"})
        kept = requests.get(f"{url}/_mock/requests", headers=bearer, **asked).json()
        assert kept == {"requests": []}, "a container's check leaves no trace"

        requests.get(f"{url}/login/companyinfo/company", **asked)
        line = json.loads(process.stderr.readline())
        assert (line["event"], line["route"]) == ("exchange", "/login/companyinfo/{companyId}")


def test_on_loopback_no_token_is_told():
    told = json.loads(ready_text(Settings(log_format="json"), "http://127.0.0.1:1", None))
    assert told["admin_token"] is None
    named = Settings(host="0.0.0.0", admin_token="mine")
    assert "Authorization: Bearer mine" in ready_text(named, "http://127.0.0.1:1", None)
