"""Instants as texts."""

import pytest

from mockserver.core.instants import instant


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2024-02-29", "2024-02-29T00:00:00Z"),
        ("2024-02-29T10:11:12Z", "2024-02-29T10:11:12Z"),
        ("2024-02-29t10:11z", "2024-02-29T10:11:00Z"),
        ("2024-02-29 10:11:12", "2024-02-29T10:11:12Z"),
        ("2024-02-29T10:11:12.999999999Z", "2024-02-29T10:11:12Z"),
        ("  2024-02-29 ", "2024-02-29T00:00:00Z"),
        ("2024-03-01T01:00:00+02:00", "2024-02-29T23:00:00Z"),
        ("2024-02-29T22:30:00-0130", "2024-03-01T00:00:00Z"),
        ("0001-01-01", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ],
)
def test_many_spellings_become_one(text, kept):
    assert instant(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "2023-02-29",
        "2024-13-01",
        "2024-01-01T24:00:00Z",
        "2024-01-01T10:61",
        "0000-01-01",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "2024-01-01T10:00:00+15:00",
        "2024-01-01T10:00:00+01:60",
        "2024-01-01T10",
        "٢٠٢٤-01-01",
        "2024-01-01Z",
        "2024-01-01T10:00:00Zz",
        "2024-01-01\n2024-01-01",
    ],
)
def test_what_is_no_instant_is_none(text):
    assert instant(text) is None


def test_an_offset_may_be_refused_but_never_a_zero_one():
    assert instant("2024-01-01T10:00:00+01:00", offsets=False) is None
    assert instant("2024-01-01T10:00:00+00:00", offsets=False) == "2024-01-01T10:00:00Z"
