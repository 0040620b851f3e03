"""The catalogues that ship are free of prose."""

from collections.abc import Iterator
from importlib.resources import files
from itertools import chain
from typing import Any

import orjson
import pytest


@pytest.mark.parametrize("package", ["mockserver.psa", "mockserver.automate"])
def test_the_data_holds_facts_and_no_prose(package):
    for each in files(package).joinpath("catalogue").iterdir():
        assert each.name.endswith(".json")
        texts = list(_texts(orjson.loads(each.read_bytes())))
        # A model's name may be long, but has no blanks.
        assert not [text for text in texts if " " in text and len(text) > 100]
        assert not [text for text in texts if text.count(" ") > 6]
        assert max(map(len, texts), default=0) < 160


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from chain(value, chain.from_iterable(map(_texts, value.values())))
    elif isinstance(value, list):
        yield from chain.from_iterable(map(_texts, value))
