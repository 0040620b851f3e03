"""Operations with handlers of their own: what no collection does in the usual way."""

from collections.abc import Callable, Mapping

from mockserver.psa import attachments, audit_trail, documents, merging, reports
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers

Own = Callable[[Handlers, Exchange], Answer]
#: By method and template.
OWN: Mapping[tuple[str, str], Own] = {
    **attachments.OPERATIONS,
    **merging.OPERATIONS,
    **documents.OPERATIONS,
    **audit_trail.OPERATIONS,
    **reports.OPERATIONS,
}
