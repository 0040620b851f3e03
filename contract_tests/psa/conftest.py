"""Callers for the tests of PSA: one per profile, and shared ones for tests that only read."""

import pytest


@pytest.fixture(params=["documented", "observed"])
def caller(request, make_tenant):
    """Return a caller of a tenant of its own, once in each profile."""
    return make_tenant(request.param).unlimited().psa


@pytest.fixture(scope="session")
def callers(app):
    """Return a caller per profile, for tests that write nothing."""
    client, made = app.test_client(), {}
    for profile in ("documented", "observed"):
        name = f"readers-{profile}"
        answer = client.post("/_mock/tenants", json={"name": name, "profile": profile})
        keys = answer.json["psa"]
        client.patch(
            "/_mock/limits", query_string={"tenant": name}, json={"psa": {"requests": None}}
        )
        made[profile] = _Reader(app.test_client(), keys)
    yield made
    for profile in made:
        client.delete(f"/_mock/tenants/readers-{profile}")


class _Reader:
    def __init__(self, client, keys):
        self._client = client
        self._auth = (f"{keys['company']}+{keys['public_key']}", keys["private_key"])

    def get(self, path, **params):
        return self._client.get(
            f"/v4_6_release/apis/3.0{path}",
            query_string=params or None,
            auth=self._auth,
            headers={"clientId": "contract-tests"},
        )


@pytest.fixture
def documented(callers):
    """Return the shared reader of the documented profile."""
    return callers["documented"]


@pytest.fixture
def observed(callers):
    """Return the shared reader of the observed profile."""
    return callers["observed"]
