"""The quirks of single areas of PSA, one field each, with its source."""

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class AreaQuirks:
    """What sources disagree on, or do not tell, of single areas.

    Attributes:
        sla_pauses: Whether the clock of a ticket's SLA stands still while its status is one without
            escalation (the enumeration of statuses; what it means is a guess).
        soft_deletes: Which of ``company/companies`` and ``company/contacts`` a DELETE only marks as
            deleted or inactive: so deleted companies were seen (psa facts 8.9), while seed 003 says
            of deleting that nothing can be recovered.
        new_company_site: Whether a new company gets a site from its address (psa facts 8.9).
        documents_need_record: Whether lists of documents need ``recordType`` and ``recordId``, as
            clients send them (psa facts 8.1).
        audit_needs_record: Whether the audit trail needs ``type`` and ``id`` (psa facts 8.2).
        unknown_columns_refused: Whether ``columns`` may name only what a report has (psa facts
            8.3; seed 003's own example names others).
        negative_hours_refused: Whether hours below zero are refused (psa facts 8.11).
    """

    sla_pauses: bool = True
    soft_deletes: frozenset[str] = frozenset()
    new_company_site: bool = True
    documents_need_record: bool = False
    audit_needs_record: bool = False
    unknown_columns_refused: bool = False
    negative_hours_refused: bool = True
