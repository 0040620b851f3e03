"""However much of other collections is looked at, each computer gets what it reports."""

import pytest

from mockserver import World, create_app, sowing

REPORTED = ("Drives", "Monitors", "ScriptHistory")


@pytest.mark.parametrize("path", REPORTED)
def test_computers_beyond_what_others_refer_to_have_an_inventory(monkeypatch, path):
    monkeypatch.setattr(sowing, "ENTRIES_MAX", 20)
    world = World.seeded(42)
    create_app(world)
    records = world.default.records["automate"]
    resources = records.registry.resource
    rows = resources(f"automate:Computers/{path}")

    owners = {records.store.parent_of(rows, each) for each in records.store.matching(rows)}

    assert owners == set(records.store.matching(resources("automate:Computers")))
