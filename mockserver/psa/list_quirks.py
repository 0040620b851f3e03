"""The quirks of PSA's lists: names, orders, pages, projections; one field each, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mockserver.core.quirks import AT_LEAST_ONE
from mockserver.psa.quirk_tables import SEED_NAMES


@dataclass(frozen=True, eq=False)
class ListQuirks:
    """What sources disagree on, or do not tell, of lists.

    Attributes:
        aliases: Further names in conditions, by resource.
        condition_children: Whether childConditions reach child collections that no record
            shows (seed 002's ``notes/text``, psa facts S7).
        configuration_alternatives: Whether a condition may name ``configuration/id`` more than once
            (psa facts 3.4, from hearsay: 400).
        newest_first: Whether lists that nobody orders begin with the highest id (U21).
        ordered_by_case: Whether texts are sorted with capitals first, by their characters' numbers,
            instead of without regard to case (U20).
        unknown_order_refused: Whether orderBy may name only what conditions may, or else is
            ignored (psa facts 3.6).
        page_size: Records on a page when nobody asks (psa facts 4.1).
        page_size_max: Largest pageSize (psa facts 4.1).
        page_size_capped: Whether a larger pageSize is capped instead of refused (U10).
        page_clamped: Whether a page below 1 means 1 instead of a refusal (U11).
        total_header: Whether lists carry ``X-Total-Count`` (psa facts S2: never seen).
        last_link_always: Whether pages tell of the last one also when they are it: "will always
            display", says seed 003; never seen (psa facts S14, 10.8).
        past_end_linked: Whether pages past the end link to the last and the first one (U12).
        forward_link_always: Whether forward-only pages have a Link to the next one even if they
            are the last, so that an empty page ends the walk: "always", says seed 003; recorded is
            an empty header (psa facts 4.5).
        forward_order_refused: Whether orderBy is refused with forward-only, or ignored (U12).
        fields_drop_info: Whether ``fields`` leaves out ``_info`` unless it is asked for (psa facts
            10.1).
        unknown_fields_refused: Whether ``fields`` may name only what records have (psa facts 10.1).
    """

    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: SEED_NAMES)
    condition_children: bool = True
    configuration_alternatives: bool = True
    newest_first: bool = False
    ordered_by_case: bool = False
    unknown_order_refused: bool = True
    page_size: int = field(default=25, metadata=AT_LEAST_ONE)
    page_size_max: int = field(default=1_000, metadata=AT_LEAST_ONE)
    page_size_capped: bool = False
    page_clamped: bool = True
    total_header: bool = True
    last_link_always: bool = False
    past_end_linked: bool = True
    forward_link_always: bool = True
    forward_order_refused: bool = False
    fields_drop_info: bool = True
    unknown_fields_refused: bool = False
