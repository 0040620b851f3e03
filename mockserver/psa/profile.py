"""The quirks of PSA on which the sources disagree, one field each, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mockserver.core.conditions import Dialect
from mockserver.core.limits import Quota
from mockserver.core.profile import Profile
from mockserver.core.validate import Policy
from mockserver.psa import dialect
from mockserver.psa.codes import DOCUMENTED as SEED_CODES
from mockserver.psa.codes import OBSERVED as SEEN_CODES
from mockserver.psa.codes import Codes

#: What seed 002 lets a condition on tickets name although no record shows it (psa facts S5, S7).
SEED_NAMES = MappingProxyType(
    {
        "service/tickets": MappingProxyType(
            {
                "assignedResource": "resources",
                "assignedResource/name": "resources",
                "contact/firstName": "contact/name",
                "contact/lastName": "contact/name",
            }
        ),
    }
)
#: Seed 002, "429 Response".
SEED_QUOTA_BODY = MappingProxyType(
    {
        "code": "RateLimitExceeded",
        "message": "Rate limit exceeded. Try again in {wait_s} seconds.",
    }
)
#: Psa facts 5.1: the key is ``error``, not ``code``.
QUOTA_BODY = MappingProxyType(
    {
        "error": "ConnectWiseAPI",
        "message": "Too many requests. Please try again in {wait_s} seconds.",
    }
)


@dataclass(frozen=True, eq=False)
class PsaProfile(Profile):
    """One consistent PSA.

    Attributes:
        conditions: The language of ``conditions``.
        child_conditions: That of ``childConditions`` and ``customFieldConditions``.
        codes: The code of each refusal (psa facts S3).
        fault_members: What an entry of ``errors`` shows: seed 002, "Error Response Format", knows
            no ``resource`` (psa facts 6.2).
        fault_headline: Whether the message of a bad payload tells its first fault (seed 002)
            instead of the payload's name (psa facts 6.3).
        condition_faults: Whether a bad condition has ``errors`` (seed 002; never seen, psa
            facts 3.6).
        reader_errors: Whether a body that does not fit its model is refused in the words of the
            vendor's JSON reader (psa facts 6.6, 6.7) instead of seed 002's.
        quota_headers: Whether answers carry ``X-RateLimit-*`` (psa facts S1: never seen).
        total_header: Whether lists carry ``X-Total-Count`` (psa facts S2: never seen).
        quota_body: The body of a 429, ``{wait_s}`` in its texts (psa facts S1).
        conversion_status: Status when a scalar stands where an object belongs (psa facts 6.6: 500).
        company_as_codebase: Whether the company id may stand for the codebase (seed 002).
        aliases: Further names in conditions, by resource.
        condition_children: Whether childConditions reach child collections that no record
            shows (seed 002's ``notes/text``, psa facts S7).
        reference_subpaths: Reference members that a PATCH path may reach into; others are the
            false 200 (seed 003, psa facts 6.11).
        page_size_max: Largest pageSize (psa facts 4.1).
        page_size_capped: Whether a larger pageSize is capped instead of refused (U10).
        page_clamped: Whether a page below 1 means 1 instead of a refusal (U11).
        callback_seed_members: Whether a callback has the members ``MemberID`` and ``Callback`` of
            seed 002 besides (psa facts S8).
        callback_parameters: What follows the record's id in a callback's URL: ``action``,
            ``memberId`` (psa facts 7.5, U17).
        callback_payload_version: The payload of callbacks that were registered without one
            (psa facts 7.6).
        callback_retried: The answers after which a callback is sent again (psa facts 7.9).
        callback_waits_s: How long before each further attempt (psa facts 7.9).
        callback_timeout_s: How long a receiver may take (psa facts 7.9).
        callback_patience_s: How long all deliveries fail before a callback is set inactive (psa
            facts 7.9: three days).
        location_insecure: Whether Location is an ``http://`` URL also for callers who came over
            TLS (psa facts 6.1, 10.7).
        members_checked: Whether members of a body that its model has not are refused (psa facts
            6.7).
        offsets_refused: Whether instants with a numeric offset are refused (psa facts 6.3, 10.4).
        newlines_spaced: Whether each carriage return and newline in a text becomes a space: so
            seed 003, "Escaping Characters"; in practice notes keep them (psa facts 10.19).
        custom_fields_merged: Whether customFields in a PATCH are merged by id (psa facts S16)
            instead of being the whole list (seed 003: what is not sent loses its value).
        custom_fields_required: Whether every write of a record is refused whose required custom
            fields have no value (psa facts 6.11).
        custom_caption_max: Longest caption of a custom field (psa facts S21).
        custom_sequence_max: Highest sequence number of one (psa facts S21).
        note_flags_required: Whether a note must be shown somewhere (psa facts 10.14).
        contact_put_broken: Whether a PUT of a contact is refused that has communicationItems (psa
            facts 6.12, 10.15; the recorded error's text is unknown, so it is off).
        types_through_associations: Whether types of companies and contacts are changed through
            their associations only (psa facts 6.12, 10.15).
        defaults_exclusive: Whether a new default communication takes the flag from the one of its
            kind that had it (psa facts 6.11, 10.15).
        resources_scheduled: Whether a ticket's ``resources`` are changed by schedule entries only,
            what a body says of them being ignored (psa facts 10.16).
        version: The release whose models are the newest (the second API description's).
    """

    conditions: Dialect = dialect.DOCUMENTED
    child_conditions: Dialect = dialect.DOCUMENTED_CHILD
    codes: Codes = field(default_factory=lambda: SEED_CODES)
    fault_members: tuple[str, ...] = ("code", "message", "field")
    fault_headline: bool = True
    condition_faults: bool = True
    reader_errors: bool = False
    quota_headers: bool = True
    total_header: bool = True
    quota_body: Mapping[str, str] = field(default_factory=lambda: SEED_QUOTA_BODY)
    conversion_status: int = 400
    company_as_codebase: bool = True
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: SEED_NAMES)
    condition_children: bool = True
    reference_subpaths: frozenset[str] = frozenset({"id"})
    page_size_max: int = 1_000
    page_size_capped: bool = False
    page_clamped: bool = True
    callback_seed_members: bool = True
    callback_parameters: tuple[str, ...] = ("action",)
    callback_payload_version: str = "3.0.0"
    callback_retried: frozenset[int] = frozenset({404, 409, 419, 429})
    callback_waits_s: tuple[float, ...] = (2.0, 4.0)
    callback_timeout_s: float = 5.0
    callback_patience_s: float = 3 * 86_400.0
    location_insecure: bool = False
    members_checked: bool = True
    offsets_refused: bool = True
    newlines_spaced: bool = True
    custom_fields_merged: bool = True
    custom_fields_required: bool = True
    custom_caption_max: int = 12
    custom_sequence_max: int = 50
    note_flags_required: bool = True
    contact_put_broken: bool = False
    types_through_associations: bool = True
    defaults_exclusive: bool = True
    resources_scheduled: bool = False
    version: str = "2026.4"

    @property
    def policy(self) -> Policy:
        """Return how forgiving the reader of bodies is."""
        return Policy(refuse_unknown=self.members_checked, offsets=not self.offsets_refused)


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
    quota_headers=False,
    total_header=False,
    quota_body=QUOTA_BODY,
    conversion_status=500,
    company_as_codebase=False,
    aliases=MappingProxyType({}),
    condition_children=False,
    callback_seed_members=False,
    reference_subpaths=frozenset({"id", "identifier", "name"}),
    newlines_spaced=False,
    custom_caption_max=25,
    custom_sequence_max=500,
)
PROFILES: Mapping[str, PsaProfile] = {"documented": DOCUMENTED, "observed": OBSERVED}
