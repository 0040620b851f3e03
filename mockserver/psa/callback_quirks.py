"""The quirks of PSA's callbacks, one field each, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mockserver.psa.quirk_tables import CALLBACK_LEVELS


@dataclass(frozen=True, eq=False)
class CallbackQuirks:
    """What sources disagree on, or do not tell, of callbacks.

    Attributes:
        callback_levels: By type, the levels beside ``owner`` and the record itself, each with the
            member of the record whose id is subscribed to (psa facts 7.4, U16).
        callback_levels_checked: Whether other levels are refused; else a callback with one hears
            of all records, as with ``owner`` (U16).
        callback_plain_http: Whether ``http://`` URLs may be registered ("https only in practice",
            psa facts 7.2).
        callback_urls_apart: Whether callbacks that differ in nothing but their URL may both be
            registered (psa facts 7.2 does not tell what a duplicate is).
        callback_self_suppressed: Whether ``isSelfSuppressedFlag`` silences changes by the member
            who registered (psa facts 7.10, inferred).
        callback_skipped: Whether ``skipCallback`` silences the write that carries it (psa facts
            7.10, inferred).
        callback_parents: Whether a new note or time entry is told as an update of its ticket (one
            client relies on it, psa facts 7.11).
        callback_project_tickets: Whether project tickets are told to callbacks of type ``ticket``
            (psa facts 7.3, 10.17).
        callback_key_members: What the key URL answers besides ``signing_key`` (U18, S25).
        callback_key_public: Whether the key URL needs no credentials (U18).
        callback_key_type: The media type of its answer (psa facts 7.7, U18).
        callback_seed_members: Whether a callback has the members ``MemberID`` and ``Callback`` of
            seed 002 besides (psa facts S8).
        callback_parameters: What follows the record's id in a callback's URL: ``action``,
            ``memberId`` (psa facts 7.5, U17).
        callback_payload_version: The payload of callbacks that were registered without one
            (psa facts 7.6).
        callback_delay_s: How long after a change its callbacks leave (U24: at once).
        callback_retried: The answers after which a callback is sent again (psa facts 7.9).
        callback_waits_s: How long before each further attempt (psa facts 7.9).
        callback_timeout_s: How long a receiver may take (psa facts 7.9).
        callback_patience_s: How long all deliveries fail before a callback is set inactive (psa
            facts 7.9: three days).
    """

    callback_levels: Mapping[str, Mapping[str, str]] = field(
        default_factory=lambda: CALLBACK_LEVELS
    )
    callback_levels_checked: bool = True
    callback_plain_http: bool = True
    callback_urls_apart: bool = True
    callback_self_suppressed: bool = True
    callback_skipped: bool = True
    callback_parents: bool = True
    callback_project_tickets: bool = True
    callback_key_members: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    callback_key_public: bool = True
    callback_key_type: str = "application/json; charset=utf-8"
    callback_seed_members: bool = True
    callback_parameters: tuple[str, ...] = ("action",)
    callback_payload_version: str = "3.0.0"
    callback_delay_s: float = 0.0
    callback_retried: frozenset[int] = frozenset({404, 409, 419, 429})
    callback_waits_s: tuple[float, ...] = (2.0, 4.0)
    callback_timeout_s: float = 5.0
    callback_patience_s: float = 3 * 86_400.0
