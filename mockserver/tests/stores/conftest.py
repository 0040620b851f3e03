"""Places to keep worlds in."""

import pytest
from stores_support import STORES, schema


@pytest.fixture
def database():
    """Return the URL of an empty schema in a PostgreSQL that answers, or skip."""
    with schema() as url:
        yield url


@pytest.fixture(params=STORES)
def place(request, tmp_path):
    """Return each place that keeps a world, spelt as for ``--store``."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/kept.db"
    return request.getfixturevalue("database")
