"""What a PSA declaration cannot say: which are served, links, labels, rules."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.rules import Rules
from mockserver.psa import attachments, documents, keys, security
from mockserver.psa.document_owners import with_documents
from mockserver.psa.resources import (
    associations,
    audit,
    board_parts,
    callbacks,
    changelogs,
    charging,
    company,
    field_definitions,
    finance,
    project,
    schedule,
    service,
    time,
)
from mockserver.psa.resources.audit import with_audit
from mockserver.psa.resources.changelogs import with_changelogs
from mockserver.psa.resources.custom_fields import with_custom_fields
from mockserver.psa.resources.dates import with_dates
from mockserver.psa.resources.mirrors import with_mirrors
from mockserver.psa.resources.numbers import with_numbers
from mockserver.psa.resources.sites import with_sites

REFINEMENTS: Mapping[str, Mapping[str, Any]] = {
    **service.REFINEMENTS,
    **company.REFINEMENTS,
    **audit.REFINEMENTS,
    **attachments.REFINEMENTS,
    # The report's name identifies it to callers, its number to us.
    "system/reports": {"key": "id"},
}
_MODULES = (
    associations,
    board_parts,
    callbacks,
    changelogs,
    charging,
    company,
    documents,
    field_definitions,
    finance,
    project,
    schedule,
    service,
    time,
    keys,
    security,
)
_PLAIN: Mapping[str, Rules] = {p: r for module in _MODULES for p, r in module.RULES.items()}
_MADE_WHOLE = with_custom_fields(with_sites(with_dates(_PLAIN)))
_LEAVING = with_documents(with_numbers(_MADE_WHOLE))
RULES: Mapping[str, Rules] = with_changelogs(with_audit(with_mirrors(_LEAVING)))
LINKS: Mapping[str, Mapping[str, str]] = {
    **service.LINKS,
    **company.LINKS,
    **attachments.LINKS,
}
#: Templates whose answers were recorded or relied upon live (psa facts 9, the first thirty).
OBSERVED = frozenset(
    {
        "/service/tickets",
        "/service/tickets/{id}",
        "/service/tickets/count",
        "/service/tickets/search",
        "/service/tickets/{parentId}/notes",
        "/company/companies",
        "/company/companies/{id}",
        "/company/contacts",
        "/company/contacts/{id}",
        "/company/contacts/{parentId}/communications",
        "/company/configurations",
        "/system/members",
        "/service/boards",
        "/service/boards/{parentId}/statuses",
        "/service/priorities",
        "/service/sources",
        "/time/entries",
        "/finance/agreements",
        "/project/projects",
    }
)
