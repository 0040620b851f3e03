"""Operations with handlers of their own: what no collection does in the usual way."""

from collections.abc import Callable, Mapping

from mockserver.psa import (
    attachments,
    audit_trail,
    bundles,
    documents,
    forecasts,
    member_actions,
    merging,
    pictures,
    project_templates,
    reports,
    service_levels,
    setup_actions,
)
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers

Own = Callable[[Handlers, Exchange], Answer]
#: What facts tell the effect of, by method and template.
DESCRIBED: Mapping[tuple[str, str], Own] = {
    **attachments.OPERATIONS,
    **merging.OPERATIONS,
    **documents.OPERATIONS,
    **pictures.OPERATIONS,
    **audit_trail.OPERATIONS,
    **reports.OPERATIONS,
    **service_levels.OPERATIONS,
}
OWN: Mapping[tuple[str, str], Own] = {
    **DESCRIBED,
    **bundles.OPERATIONS,
    **forecasts.OPERATIONS,
    **member_actions.OPERATIONS,
    **project_templates.OPERATIONS,
    **setup_actions.OPERATIONS,
}
