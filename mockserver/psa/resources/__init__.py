"""What a PSA declaration cannot say: which are served, links, labels, rules."""

from collections.abc import Mapping
from typing import Any

from mockserver.core.rules import Rules
from mockserver.psa.resources import company, project, service, time
from mockserver.psa.resources.custom_fields import with_custom_fields

SERVED = (
    "company/communicationTypes",
    "company/companies",
    "company/companies/sites",
    "company/companies/statuses",
    "company/companies/types",
    "company/configurations",
    "company/configurations/statuses",
    "company/configurations/types",
    "company/contacts",
    "company/contacts/communications",
    "company/contacts/departments",
    "company/contacts/types",
    "company/countries",
    "company/marketDescriptions",
    "company/states",
    "finance/agreements",
    "finance/agreements/types",
    "finance/billingCycles",
    "finance/billingTerms",
    "finance/currencies",
    "procurement/manufacturers",
    "project/phaseStatuses",
    "project/projectTypes",
    "project/projects",
    "project/projects/phases",
    "project/statuses",
    "project/tickets",
    "service/SLAs",
    "service/boards",
    "service/boards/items",
    "service/boards/statuses",
    "service/boards/subtypes",
    "service/boards/teams",
    "service/boards/types",
    "service/impacts",
    "service/locations",
    "service/priorities",
    "service/severities",
    "service/sources",
    "service/tickets",
    "service/tickets/notes",
    "system/departments",
    "system/locations",
    "system/members",
    "system/members/types",
    "system/securityroles",
    "system/timeZoneSetups",
    "system/userDefinedFields",
    "time/entries",
    "time/workRoles",
    "time/workTypes",
)
REFINEMENTS: Mapping[str, Mapping[str, Any]] = {
    **service.REFINEMENTS,
    **company.REFINEMENTS,
}
RULES: Mapping[str, Rules] = with_custom_fields(
    {**service.RULES, **company.RULES, **time.RULES, **project.RULES}
)
LINKS: Mapping[str, Mapping[str, str]] = {**service.LINKS, **company.LINKS}
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
