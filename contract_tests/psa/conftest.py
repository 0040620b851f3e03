"""Callers for the tests of PSA: one per profile, and shared ones for tests that only read."""

import pytest


@pytest.fixture(params=["documented", "observed"])
def caller(request, make_tenant):
    """Return a caller of a tenant of its own, once in each profile."""
    return make_tenant(request.param).unlimited().psa


@pytest.fixture(scope="session")
def callers(make_lasting_tenant):
    """Return a caller per profile, for tests that write nothing."""
    profiles = ("documented", "observed")
    return {name: _Reader(make_lasting_tenant(name).unlimited().psa) for name in profiles}


class _Reader:
    def __init__(self, caller):
        self._caller = caller

    def get(self, path, **params):
        return self._caller.get(path, params=params or None)


@pytest.fixture
def documented(callers):
    """Return the shared reader of the documented profile."""
    return callers["documented"]


@pytest.fixture
def observed(callers):
    """Return the shared reader of the observed profile."""
    return callers["observed"]
