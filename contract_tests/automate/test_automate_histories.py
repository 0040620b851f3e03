"""Every computer of the world has a past: commands, scripts and what its agent reports."""

import pytest

PASTS = ("CommandExecute", "CommandHistory", "ScriptHistory", "Software", "Services", "Drives")


@pytest.mark.assumed("ours: no source tells how long a computer remembers")
@pytest.mark.parametrize("path", PASTS)
def test_every_computer_has_a_past(automate_observed, path):
    ids = [row["Id"] for row in automate_observed.get("/Computers?pageSize=-1").json]

    without = [n for n in ids if not automate_observed.get(f"/Computers/{n}/{path}").json]

    assert len(ids) > 100
    assert without == []
