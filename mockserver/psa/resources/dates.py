"""Dates without a time of day: whatever is sent comes back as midnight (psa facts 10.4)."""

from collections.abc import Mapping
from functools import partial

from mockserver.core.rules import Draft, Rules

#: Stated of opportunities (psa facts 8.14); the others are what every system shows so. Tickets
#: have rules of their own.
DATES: Mapping[str, tuple[str, ...]] = {
    "sales/opportunities": ("expectedCloseDate",),
    "finance/agreements": ("startDate", "endDate"),
    "finance/agreements/additions": ("effectiveDate", "cancelledDate"),
    "finance/invoices": ("date", "dueDate"),
    "project/projects": ("estimatedStart", "estimatedEnd"),
}


def with_dates(rules: Mapping[str, Rules]) -> Mapping[str, Rules]:
    """Return *rules* that also cut the time of day off dates."""
    plain = Rules()
    cut = {
        path: rules.get(path, plain).then(fill=partial(_cut, names))
        for path, names in DATES.items()
    }
    return {**rules, **cut}


def _cut(names: tuple[str, ...], draft: Draft) -> None:
    for name in names:
        value = draft.record.get(name)
        if isinstance(value, str):
            draft.record[name] = f"{value[:10]}T00:00:00Z"
