"""The quirks of PSA on which the sources disagree: their sum, by topic, and both profiles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mockserver.core.conditions import Dialect
from mockserver.core.limits import Quota
from mockserver.core.profile import Profile
from mockserver.core.validate import Policy
from mockserver.psa import dialect
from mockserver.psa.access_quirks import AccessQuirks
from mockserver.psa.area_quirks import AreaQuirks
from mockserver.psa.callback_quirks import CallbackQuirks
from mockserver.psa.codes import DOCUMENTED as SEED_CODES
from mockserver.psa.codes import OBSERVED as SEEN_CODES
from mockserver.psa.codes import WORDING, Codes, Phrase
from mockserver.psa.list_quirks import ListQuirks
from mockserver.psa.quirk_tables import (
    QUOTA_BODY,
)
from mockserver.psa.texts import NOUNS
from mockserver.psa.write_quirks import WriteQuirks


@dataclass(frozen=True, eq=False)
class PsaProfile(AccessQuirks, ListQuirks, WriteQuirks, AreaQuirks, CallbackQuirks, Profile):
    """One consistent PSA.

    Attributes:
        conditions: The language of ``conditions``.
        child_conditions: That of ``childConditions`` and ``customFieldConditions``.
        codes: The code of each refusal (psa facts S3).
        wording: What is said where nobody has seen the words (U14): ``method`` (405, ``{method}``
            in it), ``media`` (415, ``{media}``), ``in_use`` (409, ``{reason}``), ``text_id``
            (``{path}``), ``callback_type`` (U16), ``server_error`` (a 500 without words of its
            own, psa facts 10.25), ``syntax`` of conditions (U4: ``{message}``, ``{offset}``),
            ``exists`` (U22: ``{field}``), ``sheet_closed`` (psa facts 8.11: ``{id}``,
            ``{status}``).
        fault_members: What an entry of ``errors`` shows: seed 002, "Error Response Format", knows
            no ``resource`` (psa facts 6.2).
        fault_headline: Whether the message of a bad payload tells its first fault (seed 002)
            instead of the payload's name (psa facts 6.3).
        condition_faults: Whether a bad condition has ``errors`` (seed 002; never seen, psa
            facts 3.6).
        reader_errors: Whether a body that does not fit its model is refused in the words of the
            vendor's JSON reader (psa facts 6.6, 6.7) instead of seed 002's.
        nouns: What messages call records, by collection; others are called as their models are
            (psa facts 6.4).
        double_slash_links: Whether links have a double slash (psa facts 10.5).
        picture_times: Whether links to pictures carry a time (psa facts 10.22).
        reference_guids: Whether a ticket's references to a company, contact or site carry its
            ``mobileGuid`` beside the link (recorded: psa facts 6.10, 8.7).
        explicit_nulls: Whether records show members without a value as null (psa facts 10.3).
        decimals_scaled: Whether decimals are printed with two places at least (psa facts 2.7:
            ``0.00``, ``10.50``).
        records_indented: Whether records are printed with two spaces and CRLF, as errors are (psa
            facts 2.7 leaves it open: the one body that was kept as it came, of ``system/info``,
            has no line breaks, and neither has what callbacks carry).
        errors_null: Whether errors without details say ``"errors": null`` (psa facts S17).
    """

    conditions: Dialect = dialect.DOCUMENTED
    child_conditions: Dialect = dialect.DOCUMENTED_CHILD
    codes: Codes = field(default_factory=lambda: SEED_CODES)
    wording: Mapping[Phrase, str] = field(default_factory=lambda: WORDING)
    fault_members: tuple[str, ...] = ("code", "message", "field")
    fault_headline: bool = True
    condition_faults: bool = True
    reader_errors: bool = False
    nouns: Mapping[str, str] = field(default_factory=lambda: NOUNS)
    double_slash_links: bool = True
    picture_times: bool = True
    reference_guids: bool = True
    explicit_nulls: bool = False
    decimals_scaled: bool = True
    records_indented: bool = False
    errors_null: bool = False

    @property
    def policy(self) -> Policy:
        """Return how forgiving the reader of bodies is."""
        return Policy(
            refuse_unknown=self.members_checked,
            offsets=not self.offsets_refused,
            any_case=self.members_in_any_case,
            below_checked=self.board_checked,
            blanks_missing=self.blanks_missing,
            empty_enums=self.empty_enums,
            updates_sent=not self.update_members_defaulted,
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
    forward_link_always=False,
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
