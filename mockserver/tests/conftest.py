"""What every test gains from: garbage is looked for only among what tests make, nothing twice."""

import gc

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that share what is made for their file in one worker: another makes it again.

    Workers begin with the largest groups, so that they end with single tests, all at once.
    """
    for item in items:
        if item.get_closest_marker("xdist_group") is None and _shares(item):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def _shares(item: pytest.Item) -> bool:
    fixtures = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009 - the only way to them
    return any(each[-1].scope == "module" for each in fixtures.values())


def pytest_collection_finish() -> None:
    """Leave modules and tests out of every later search: they stay to the end anyway."""
    gc.collect()
    gc.freeze()
