"""The quirks of bodies and of what writes do, one field each, with its source."""

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class WriteQuirks:
    """What sources disagree on, or do not tell, of bodies and of what writes do.

    Attributes:
        conversion_status: Status when a scalar stands where an object belongs (psa facts 6.6: 500).
        malformed_status: Status of a body that is not the JSON that an operation reads (U19).
        unknown_reference_status: Status of a payload that refers to nothing (psa facts 10.12).
        action_status: Status of a POST that changes something and makes nothing new, where the
            description says 200 (U3).
        location_insecure: Whether Location is an ``http://`` URL also for callers who came over
            TLS (psa facts 6.1, 10.7).
        members_checked: Whether members of a body that its model has not are refused (psa facts
            6.7).
        members_in_any_case: Whether members of a body may be spelt in any case (psa facts 6.8,
            inferred from the vendor's JSON reader).
        patch_ops_in_any_case: Whether ``op`` may be spelt in any case (psa facts 6.11: "may fail").
        blanks_missing: Whether a required text of nothing but blanks is missing (psa facts 6.3; so
            the library whose words the recorded messages are).
        empty_enums: Whether an empty text for an enumeration is null (psa facts 6.8).
        offsets_refused: Whether instants with a numeric offset are refused (psa facts 6.3, 10.4).
        newlines_spaced: Whether each carriage return and newline in a text becomes a space: so
            seed 003, "Escaping Characters"; in practice notes keep them (psa facts 10.19).
        marks_kept: Whether texts keep invisible marks (U+200E) and blanks at their end (psa facts
            10.23).
        reference_subpaths: Reference members that a PATCH path may reach into; others are the
            false 200 (seed 003, psa facts 6.11).
        replacement_drops: What a ticket that is replaced loses unless it is named, although a new
            one gets it (recorded: psa facts 6.12).
        note_flags_required: Whether a note must be shown somewhere (psa facts 10.14).
        board_checked: Whether status, type, subtype, item and team must belong to the ticket's
            board, and whatever else is below one record to that record (psa facts 10.13).
        associations_checked: Whether a ticket's subtype must go with its type, and its item with
            its subtype, as the board's associations say (psa facts 8.8 name those; that tickets
            are held to them is a guess).
        unfit_parts_dropped: Whether a ticket whose board, type or subtype changes loses what does
            not go with the new one, or the change is refused unless that is sent along (a guess).
        update_members_defaulted: Whether members that are required on updates may be left out of a
            PUT: "overridden with the system defaults" (seed 003; psa facts 6.12).
        contact_put_broken: Whether a PUT of a contact is refused that has communicationItems (psa
            facts 6.12, 10.15; the recorded error's text is unknown, so it is off).
        types_through_associations: Whether types of companies and contacts are changed through
            their associations only (psa facts 6.12, 10.15).
        defaults_exclusive: Whether a new default communication takes the flag from the one of its
            kind that had it (psa facts 6.11, 10.15).
        resources_scheduled: Whether a ticket's ``resources`` are changed by schedule entries only,
            what a body says of them being ignored (psa facts 10.16).
        custom_fields_merged: Whether customFields in a PATCH are merged by id (psa facts S16)
            instead of being the whole list (seed 003: what is not sent loses its value).
        custom_fields_long: Whether records show of custom fields also ``"value": null``,
            ``connectWiseId``, ``rowNum``, ``userDefinedFieldRecId`` and ``podId`` (recorded in
            2026, psa facts 8.6, 10.3), or only what they did in 2022.
        custom_fields_required: Whether every write of a record is refused whose required custom
            fields have no value (psa facts 6.11).
        custom_caption_max: Longest caption of a custom field (psa facts S21).
        custom_sequence_max: Highest sequence number of one (psa facts S21).
        custom_list_max: Most custom fields of a screen in its list view (seed 003, "Include on List
            View"; nobody saw the API refuse more); None for no limit.
    """

    conversion_status: int = 400
    malformed_status: int = 400
    unknown_reference_status: int = 400
    action_status: int = 200
    location_insecure: bool = False
    members_checked: bool = True
    members_in_any_case: bool = True
    patch_ops_in_any_case: bool = True
    blanks_missing: bool = True
    empty_enums: bool = True
    offsets_refused: bool = True
    newlines_spaced: bool = True
    marks_kept: bool = True
    reference_subpaths: frozenset[str] = frozenset({"id"})
    replacement_drops: frozenset[str] = frozenset({"source", "serviceLocation"})
    note_flags_required: bool = True
    board_checked: bool = True
    associations_checked: bool = True
    unfit_parts_dropped: bool = True
    update_members_defaulted: bool = True
    contact_put_broken: bool = False
    types_through_associations: bool = True
    defaults_exclusive: bool = True
    resources_scheduled: bool = False
    custom_fields_merged: bool = True
    custom_fields_long: bool = True
    custom_fields_required: bool = True
    custom_caption_max: int = 12
    custom_sequence_max: int = 50
    custom_list_max: int | None = 10
