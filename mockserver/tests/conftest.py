"""What every test gains from: garbage is looked for only among what tests make, nothing twice."""

import gc

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep tests that share what is made for their file in one worker: another makes it again.

    Workers begin with the largest groups, so that they end with single tests, all at once. Where
    pytest-xdist 3.8 notes a group, pytest 9.2 does not look any more: it is noted here.
    """
    if not config.getoption("loadgroup", default=False):
        return
    for item in items:
        mark = item.get_closest_marker("xdist_group")
        group = mark.args[0] if mark else item.path.stem if _shares(item) else None
        if group and not item.nodeid.endswith(f"@{group}"):
            item._id = type(item._id).parse(f"{item.nodeid}@{group}")  # type: ignore[attr-defined]


def _shares(item: pytest.Item) -> bool:
    fixtures = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009 - the only way to them
    return any(each[-1].scope == "module" for each in fixtures.values())


def pytest_collection_finish() -> None:
    """Leave modules and tests out of every later search: they stay to the end anyway."""
    gc.collect()
    gc.freeze()
