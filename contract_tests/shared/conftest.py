"""A side per test: both vendors, both shapes."""

from collections.abc import Callable

import pytest
from sides import SIDES, Side


@pytest.fixture
def make_side(make_tenant: Callable[..., object]) -> Callable[[str], Side]:
    def make(name: str) -> Side:
        api, shape = name.split()
        tenant = make_tenant(shape if api == "psa" else "documented").unlimited()
        return Side(name, tenant, tenant.psa if api == "psa" else tenant.automate(shape))

    return make


@pytest.fixture(params=SIDES)
def side(request: pytest.FixtureRequest, make_side: Callable[[str], Side]) -> Side:
    return make_side(request.param)
