"""The quirks of PSA on which the sources disagree, one field each, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mockserver.core.conditions import Dialect
from mockserver.core.limits import Quota
from mockserver.core.profile import Profile
from mockserver.core.validate import Policy
from mockserver.psa import dialect
from mockserver.psa.callback_quirks import CallbackQuirks
from mockserver.psa.codes import DOCUMENTED as SEED_CODES
from mockserver.psa.codes import OBSERVED as SEEN_CODES
from mockserver.psa.codes import WORDING, Codes, Phrase
from mockserver.psa.quirk_tables import (
    FLOORS,
    QUOTA_BODY,
    SEED_NAMES,
    SEED_QUOTA_BODY,
    SERVER_HEADERS,
)
from mockserver.psa.texts import NOUNS


@dataclass(frozen=True, eq=False)
class PsaProfile(CallbackQuirks, Profile):
    """One consistent PSA.

    Attributes:
        conditions: The language of ``conditions``.
        child_conditions: That of ``childConditions`` and ``customFieldConditions``.
        codes: The code of each refusal (psa facts S3).
        wording: What is said where nobody has seen the words (U14): ``method`` (405, ``{method}``
            in it), ``media`` (415, ``{media}``), ``in_use`` (409, ``{reason}``), ``text_id``
            (``{path}``), ``callback_type`` (U16), ``server_error`` (a 500 without words of its
            own, psa facts 10.25), ``syntax`` of conditions (U4: ``{message}``, ``{offset}``),
            ``exists`` (U22: ``{field}``).
        fault_members: What an entry of ``errors`` shows: seed 002, "Error Response Format", knows
            no ``resource`` (psa facts 6.2).
        fault_headline: Whether the message of a bad payload tells its first fault (seed 002)
            instead of the payload's name (psa facts 6.3).
        condition_faults: Whether a bad condition has ``errors`` (seed 002; never seen, psa
            facts 3.6).
        reader_errors: Whether a body that does not fit its model is refused in the words of the
            vendor's JSON reader (psa facts 6.6, 6.7) instead of seed 002's.
        quota_per_member: Whether all keys of a member spend one quota (seed 002, "Per API
            member"), or each its own (psa facts 5.1).
        quota_headers: Whether answers carry ``X-RateLimit-*`` (psa facts S1: never seen).
        total_header: Whether lists carry ``X-Total-Count`` (psa facts S2: never seen).
        quota_body: The body of a 429, ``{wait_s}`` in its texts (psa facts S1).
        conversion_status: Status when a scalar stands where an object belongs (psa facts 6.6: 500).
        malformed_status: Status of a body that is not the JSON that an operation reads (U19).
        text_id_status: Status of a path with a text where an id belongs: 404 as for unknown paths
            (one recording, psa facts 6.4, U15), or 400.
        action_status: Status of a POST that changes something and makes nothing new, where the
            description says 200 (U3).
        company_in_any_case: Whether the company id may be spelt in any case (psa facts 1.6).
        newest_first: Whether lists that nobody orders begin with the highest id (U21).
        company_as_codebase: Whether the company id may stand for the codebase (seed 002).
        aliases: Further names in conditions, by resource.
        condition_children: Whether childConditions reach child collections that no record
            shows (seed 002's ``notes/text``, psa facts S7).
        configuration_alternatives: Whether a condition may name ``configuration/id`` more than once
            (psa facts 3.4, from hearsay: 400).
        reference_subpaths: Reference members that a PATCH path may reach into; others are the
            false 200 (seed 003, psa facts 6.11).
        page_size_max: Largest pageSize (psa facts 4.1).
        page_size_capped: Whether a larger pageSize is capped instead of refused (U10).
        page_clamped: Whether a page below 1 means 1 instead of a refusal (U11).
        location_insecure: Whether Location is an ``http://`` URL also for callers who came over
            TLS (psa facts 6.1, 10.7).
        members_checked: Whether members of a body that its model has not are refused (psa facts
            6.7).
        blanks_missing: Whether a required text of nothing but blanks is missing (psa facts 6.3; so
            the library whose words the recorded messages are).
        empty_enums: Whether an empty text for an enumeration is null (psa facts 6.8).
        replacement_drops: What a ticket that is replaced loses unless it is named, although a new
            one gets it (recorded: psa facts 6.12).
        nouns: What messages call records, by collection; others are called as their models are
            (psa facts 6.4).
        offsets_refused: Whether instants with a numeric offset are refused (psa facts 6.3, 10.4).
        newlines_spaced: Whether each carriage return and newline in a text becomes a space: so
            seed 003, "Escaping Characters"; in practice notes keep them (psa facts 10.19).
        custom_fields_merged: Whether customFields in a PATCH are merged by id (psa facts S16)
            instead of being the whole list (seed 003: what is not sent loses its value).
        custom_fields_long: Whether records show of custom fields also ``"value": null``,
            ``connectWiseId``, ``rowNum``, ``userDefinedFieldRecId`` and ``podId`` (recorded in
            2026, psa facts 8.6, 10.3), or only what they did in 2022.
        custom_fields_required: Whether every write of a record is refused whose required custom
            fields have no value (psa facts 6.11).
        custom_caption_max: Longest caption of a custom field (psa facts S21).
        custom_list_max: Most custom fields of a screen in its list view (seed 003, "Include on List
            View"; nobody saw the API refuse more); None for no limit.
        custom_sequence_max: Highest sequence number of one (psa facts S21).
        note_flags_required: Whether a note must be shown somewhere (psa facts 10.14).
        board_checked: Whether status, type, subtype, item and team must belong to the ticket's
            board, and whatever else is below one record to that record (psa facts 10.13).
        marks_kept: Whether texts keep invisible marks (U+200E) and blanks at their end (psa facts
            10.23).
        contact_put_broken: Whether a PUT of a contact is refused that has communicationItems (psa
            facts 6.12, 10.15; the recorded error's text is unknown, so it is off).
        types_through_associations: Whether types of companies and contacts are changed through
            their associations only (psa facts 6.12, 10.15).
        defaults_exclusive: Whether a new default communication takes the flag from the one of its
            kind that had it (psa facts 6.11, 10.15).
        resources_scheduled: Whether a ticket's ``resources`` are changed by schedule entries only,
            what a body says of them being ignored (psa facts 10.16).
        version: The release whose models are the newest (the second API description's).
        oldest_version: The oldest release that ``Accept`` may ask for (psa facts 2.4).
        old_versions: What came before releases and is accepted still (psa facts 2.4).
        version_floors: The oldest version that an operation knows, by template (psa facts 2.4).
        cloud: Whether the cloud's router stands in front: it answers for companies and codebases
            that do not exist; on premises they are a 401 and a page (psa facts 1.5, 2.2).
        auth_trouble_as_404: Whether wrong credentials below ``v4_6_release`` are the page for
            unknown paths (seed 003, "404 error … on cloud"; psa facts 10.10).
        challenge: Whether a 401 carries ``WWW-Authenticate`` (U2).
        client_id_status: Status of a missing clientId (psa facts 1.3, U1).
        client_id_message: What it says (U1).
        members_impersonate: Whether members with the right to edit members may make keys for
            others (seed 003, "Impersonation uses … or another Member"; refused live, facts 1.9).
        token_status: Status of a new pair of keys (U3).
        minted_ttl_s: Life of such a pair (psa facts 1.9: four hours) and of a cookie's hash.
        system_info_public: Whether ``system/info`` needs no credentials (psa facts 1.11).
        unknown_company_null: Whether companyinfo answers ``null`` for nobody (psa facts 2.1), or
            the page for unknown paths.
        is_cloud_text: Whether companyinfo's ``IsCloud`` is a text (seed 003, psa facts 10.20).
        server_headers: What every answer carries besides (psa facts 2.6).
        double_slash_links: Whether links have a double slash (psa facts 10.5).
        picture_times: Whether links to pictures carry a time (psa facts 10.22).
        plain_refusals: Whether the router answers in plain text and the web server with pages, or
            both in JSON as the API does (psa facts 10.6).
        trailing_slashes: Whether a path may end with a slash (psa facts 10.21).
        routes_in_any_case: Whether a path may be spelt in any case (psa facts 10.21).
        url_chars_max: Longest URL (seed 003, "Using the /Search endpoints"; psa facts 3.9).
        page_size: Records on a page when nobody asks (psa facts 4.1).
        last_link_always: Whether pages tell of the last one also when they are it: "will always
            display", says seed 003; never seen (psa facts S14, 10.8).
        ordered_by_case: Whether texts are sorted with capitals first, by their characters' numbers,
            instead of without regard to case (U20).
        fields_drop_info: Whether ``fields`` leaves out ``_info`` unless it is asked for (psa facts
            10.1).
        unknown_fields_refused: Whether ``fields`` may name only what records have (psa facts 10.1).
        past_end_linked: Whether pages past the end link to the last and the first one (U12).
        unknown_order_refused: Whether orderBy may name only what conditions may, or else is
            ignored (psa facts 3.6).
        forward_order_refused: Whether orderBy is refused with forward-only, or ignored (U12).
        explicit_nulls: Whether records show members without a value as null (psa facts 10.3).
        decimals_scaled: Whether decimals are printed with two places at least (psa facts 2.7:
            ``0.00``, ``10.50``).
        records_indented: Whether records are printed with two spaces and CRLF, as errors are (psa
            facts 2.7 leaves it open: the one body that was kept as it came, of ``system/info``,
            has no line breaks, and neither has what callbacks carry).
        errors_null: Whether errors without details say ``"errors": null`` (psa facts S17).
        unknown_reference_status: Status of a payload that refers to nothing (psa facts 10.12).
    """

    conditions: Dialect = dialect.DOCUMENTED
    child_conditions: Dialect = dialect.DOCUMENTED_CHILD
    codes: Codes = field(default_factory=lambda: SEED_CODES)
    wording: Mapping[Phrase, str] = field(default_factory=lambda: WORDING)
    fault_members: tuple[str, ...] = ("code", "message", "field")
    fault_headline: bool = True
    condition_faults: bool = True
    reader_errors: bool = False
    quota_per_member: bool = True
    quota_headers: bool = True
    total_header: bool = True
    quota_body: Mapping[str, str] = field(default_factory=lambda: SEED_QUOTA_BODY)
    conversion_status: int = 400
    malformed_status: int = 400
    text_id_status: int = 404
    action_status: int = 200
    company_in_any_case: bool = True
    newest_first: bool = False
    company_as_codebase: bool = True
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: SEED_NAMES)
    condition_children: bool = True
    configuration_alternatives: bool = True
    reference_subpaths: frozenset[str] = frozenset({"id"})
    page_size_max: int = 1_000
    page_size_capped: bool = False
    page_clamped: bool = True
    location_insecure: bool = False
    members_checked: bool = True
    blanks_missing: bool = True
    empty_enums: bool = True
    replacement_drops: frozenset[str] = frozenset({"source", "serviceLocation"})
    nouns: Mapping[str, str] = field(default_factory=lambda: NOUNS)
    offsets_refused: bool = True
    newlines_spaced: bool = True
    custom_fields_merged: bool = True
    custom_fields_long: bool = True
    custom_fields_required: bool = True
    custom_caption_max: int = 12
    custom_sequence_max: int = 50
    custom_list_max: int | None = 10
    note_flags_required: bool = True
    board_checked: bool = True
    marks_kept: bool = True
    contact_put_broken: bool = False
    types_through_associations: bool = True
    defaults_exclusive: bool = True
    resources_scheduled: bool = False
    version: str = "2026.4"
    oldest_version: str = "2018.4"
    old_versions: frozenset[str] = frozenset({"3.0.0", "3.0.1"})
    version_floors: Mapping[str, str] = field(default_factory=lambda: FLOORS)
    cloud: bool = True
    auth_trouble_as_404: bool = False
    challenge: bool = True
    client_id_status: int = 403
    client_id_message: str = "A valid clientId header is required for this request."
    members_impersonate: bool = True
    token_status: int = 201
    minted_ttl_s: int = 14_400
    system_info_public: bool = False
    unknown_company_null: bool = True
    is_cloud_text: bool = True
    server_headers: tuple[tuple[str, str], ...] = SERVER_HEADERS
    double_slash_links: bool = True
    picture_times: bool = True
    plain_refusals: bool = True
    trailing_slashes: bool = True
    routes_in_any_case: bool = True
    url_chars_max: int = 10_000
    page_size: int = 25
    last_link_always: bool = False
    ordered_by_case: bool = False
    fields_drop_info: bool = True
    unknown_fields_refused: bool = False
    past_end_linked: bool = True
    unknown_order_refused: bool = True
    forward_order_refused: bool = False
    explicit_nulls: bool = False
    decimals_scaled: bool = True
    records_indented: bool = False
    errors_null: bool = False
    unknown_reference_status: int = 400

    @property
    def policy(self) -> Policy:
        """Return how forgiving the reader of bodies is."""
        return Policy(
            refuse_unknown=self.members_checked,
            offsets=not self.offsets_refused,
            below_checked=self.board_checked,
            blanks_missing=self.blanks_missing,
            empty_enums=self.empty_enums,
        )


DOCUMENTED = PsaProfile(
    "documented",
    Quota(requests=60, window_s=60),  # seed 002, "Limits"
)
OBSERVED = PsaProfile(
    "observed",
    Quota(requests=1_000, window_s=60),  # psa facts 5.1
    conditions=dialect.OBSERVED,
    child_conditions=dialect.OBSERVED_CHILD,
    codes=SEEN_CODES,
    fault_members=("code", "message", "resource", "field"),
    fault_headline=False,
    condition_faults=False,
    reader_errors=True,
    quota_per_member=False,
    quota_headers=False,
    total_header=False,
    quota_body=QUOTA_BODY,
    conversion_status=500,
    company_as_codebase=False,
    aliases=MappingProxyType({}),
    condition_children=False,
    configuration_alternatives=False,
    members_impersonate=False,
    callback_seed_members=False,
    reference_subpaths=frozenset({"id", "identifier", "name"}),
    newlines_spaced=False,
    custom_caption_max=25,
    custom_sequence_max=500,
    custom_list_max=None,
)
PROFILES: Mapping[str, PsaProfile] = {"documented": DOCUMENTED, "observed": OBSERVED}
