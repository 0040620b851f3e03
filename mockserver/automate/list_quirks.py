"""The quirks of Automate's lists and conditions, one field each, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from mockserver.automate import dialect
from mockserver.core.conditions import Dialect
from mockserver.core.quirks import AT_LEAST_ONE

#: The names of the vendor's 2018 description (facts 10.3); the last two are ours.
SEVERITY_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "1": "Informational",
        "2": "Warning",
        "3": "Error",
        "4": "Critical",
        "other": "Critical",
        "none": "Informational",
    }
)


@dataclass(frozen=True, eq=False)
class ListQuirks:
    """What sources disagree on, or do not tell, of lists and conditions; numbers are facts.

    Attributes:
        conditions: The language of ``condition``.
        seed_page_headers: Whether lists carry ``X-Total-Count`` and its like (C8).
        page_size: Rows on a page when none is asked for (C9).
        page_size_max: Most rows on a page; larger wishes are clamped; None for no limit (C9).
        page_size_refused: Whether larger wishes are refused instead; the seeds are silent (C9).
        bracketed_options: Whether ``orderBy[name]`` and its like do anything (28: sent, unproven).
        all_rows: Whether ``pageSize=-1`` returns everything (automate facts 33).
        all_rows_once: Whether later pages of everything are empty, or everything again; unknown.
        bad_numbers_ignored: Whether ``page``, ``pageSize`` and ``ids`` that are no numbers, and a
            ``pageSize`` below 1, are passed over, not refused; unknown (14).
        newest_first: Whether lists that nobody orders begin with the highest id; no order is
            established (34).
        pages_of_nothing: ``X-Total-Pages`` of a list without rows; the seed shows none.
        unknown_parameters_refused: Whether a parameter that no list has is refused; seen live is
            that it is ignored (38).
        expanded_always: Whether child records that ``expand`` asks for are shown although
            ``includeFields`` does not name them; unknown.
        expanded_max: How many child records a row shows; None for all; unknown.
        options_of_one: Whether ``includeFields``, ``excludeFields`` and ``expand`` do anything for
            a single record; only lists were seen (35, 37).
        several_orders: Whether ``orderBy`` takes several keys; else only its first counts (34).
        unknown_orders_ignored: Whether an unknown ``orderBy`` is passed over, not refused; unknown.
        low_pages_refused: Whether a page below 1 is refused, not read as 1; unknown (14).
        repeated_parameters: Whether the same parameter twice is ignored, not refused (51; the
            seeds are silent, so both profiles refuse it).
        ignored_options: Casefolded spellings of list options that do nothing (35).
        bound_options_first: Whether ``options.page`` goes before ``page`` in the same request, or
            after it; unknown (26, 27).
        nested_fields: Whether ``includeFields`` and ``excludeFields`` reach into nested members
            (``Client.Name``), which are unknown names otherwise; flat lists were seen (35).
        unknown_fields_refused: Whether they may name only what records have, or else it is passed
            over; unknown.
        unexpandable: Members that ``expand`` passes over, as ``automate:Computers/Groups``: it
            knows more of them than were seen (37).
        unknown_expands_refused: Whether other names in ``expand`` are refused, or passed over;
            unknown.
        conditions_into_unexpanded: Whether conditions find child records that ``expand`` does not
            ask for; unknown (37, 47).
        unfiltered: Paths of collections that ignore ``condition`` (55).
        severity_names: What observed alerts call their severity, by its number; ``other`` is what
            they call all others, ``none`` a missing one. Four are described (10.3).
        quoted_dates: Whether a quoted date in a condition works or is a 500 (50, C11).
    """

    conditions: Dialect = dialect.DOCUMENTED
    seed_page_headers: bool = True
    page_size: int = field(default=50, metadata=AT_LEAST_ONE)
    page_size_max: int | None = field(default=1_000, metadata=AT_LEAST_ONE)
    page_size_refused: bool = False
    bracketed_options: bool = True
    all_rows: bool = False
    all_rows_once: bool = False
    bad_numbers_ignored: bool = False
    newest_first: bool = False
    pages_of_nothing: int = 1
    unknown_parameters_refused: bool = False
    expanded_always: bool = True
    expanded_max: int | None = None
    options_of_one: bool = True
    several_orders: bool = True
    unknown_orders_ignored: bool = False
    low_pages_refused: bool = False
    repeated_parameters: bool = False
    ignored_options: frozenset[str] = frozenset(
        {"options.includedfields", "options.excludedfields", "options.timeout"}
    )
    bound_options_first: bool = False
    nested_fields: bool = False
    unknown_fields_refused: bool = False
    unexpandable: frozenset[str] = frozenset()
    unknown_expands_refused: bool = False
    conditions_into_unexpanded: bool = True
    unfiltered: frozenset[str] = frozenset({"automate:Clients/ExtraFields"})
    severity_names: Mapping[str, str] = field(default_factory=lambda: SEVERITY_NAMES)
    quoted_dates: bool = True
