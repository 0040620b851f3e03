"""The default world in the repository is exactly what the builder makes."""

import json
from importlib import metadata
from pathlib import Path

import pytest

from mockserver.worlds import MADE_BY, export

SHIPPED = Path(__file__).parents[3] / "fixtures" / "default"
REMEDY = "run `make world` and commit fixtures/default, if the change is wanted"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    recorded, installed = made_by(SHIPPED), metadata.version("faker")
    if recorded != installed:
        pytest.fail(
            f"the default world was made with Faker {recorded}, {installed} is installed, and "
            f"another Faker may choose other names: install {recorded} to compare, or {REMEDY}"
        )
    folder = tmp_path_factory.mktemp("world")
    export(folder)
    return folder


def made_by(folder):
    return json.loads(folder.joinpath(MADE_BY).read_text())["faker"]


def first_difference(made, shipped):
    """Return where two files part, short enough to read."""
    for number, (new, old) in enumerate(zip(made, shipped, strict=False), start=1):
        if new != old:
            at = next((i for i, (a, b) in enumerate(zip(new, old, strict=False)) if a != b), 0)
            return f"line {number}: now ...{new[at : at + 80]!r}, shipped ...{old[at : at + 80]!r}"
    return f"{len(made)} lines now, {len(shipped)} shipped" if made != shipped else ""


@pytest.mark.slow
def test_the_builder_makes_exactly_the_shipped_files(made):
    now, shipped = ({file.name for file in folder.iterdir()} for folder in (made, SHIPPED))

    assert now == shipped, f"files {sorted(now ^ shipped)}: {REMEDY}"


@pytest.mark.slow
def test_the_builder_makes_exactly_the_shipped_records(made):
    pairs = ((file, SHIPPED / file.name) for file in sorted(made.iterdir()))
    both = {
        new.name: first_difference(new.read_bytes().splitlines(), old.read_bytes().splitlines())
        for new, old in pairs
        if old.exists()
    }

    differing = {name: where for name, where in both.items() if where}
    assert differing == {}, REMEDY


def test_the_shipped_world_says_which_faker_made_it():
    assert made_by(SHIPPED)


def test_a_difference_is_told_by_its_place():
    assert first_difference([b"a", b"xyz"], [b"a", b"xyZ"]) == (
        "line 2: now ...b'z', shipped ...b'Z'"
    )
    assert first_difference([b"a"], [b"a", b"b"]) == "1 lines now, 2 shipped"
    assert first_difference([b"a"], [b"a"]) == ""
