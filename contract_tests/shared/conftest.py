"""A side per test: both vendors, both shapes."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sides import SIDES, Side


@pytest.fixture
def make_side(make_tenant: Callable[..., Any]) -> Callable[[str], Side]:
    return partial(_made, make_tenant)


def _made(make_tenant: Callable[..., Any], name: str) -> Side:
    api, shape = name.split()
    tenant = make_tenant(shape if api == "psa" else "documented").unlimited()
    return Side(name, tenant, tenant.psa if api == "psa" else tenant.automate(shape))


@pytest.fixture(params=SIDES)
def side(request: pytest.FixtureRequest, make_side: Callable[[str], Side]) -> Side:
    return make_side(request.param)


@pytest.fixture(scope="module", params=SIDES)
def lasting_side(request: pytest.FixtureRequest, make_module_tenant: Callable[..., Any]) -> Side:
    """Return a side that the tests of one file share: of those that leave nothing behind."""
    return _made(make_module_tenant, request.param)
