"""Pictures: the thumbnails of documents, and the portraits that were uploaded as avatars."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.core.text import fold
from mockserver.psa.kept import FILES, OWNERS
from mockserver.psa.uploads import DOCUMENTS
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers, record_id_of
from mockserver.web.pictures import PIXEL

#: What a browser may show; nothing that could carry a script (SVG) is among them.
TYPES: Mapping[str, str] = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "webp": "image/webp",
}
CONTACTS, MEMBERS = "company/contacts", "system/members"


def thumbnail(_handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer the picture that was uploaded, as it came; of other files a grey pixel."""
    resource = exchange.records.registry.resource(DOCUMENTS)
    record = exchange.records.get(resource, record_id_of(exchange, resource))
    return _shown(exchange.records, record)


def portrait(path: str, kind: str, _handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer the newest picture that was uploaded for somebody with ``isAvatar``."""
    records = exchange.records
    resource = records.registry.resource(path)
    owner_id = record_id_of(exchange, resource)
    records.get(resource, owner_id)
    told: dict[str, Any] = {"recordid": owner_id, "recordtype": fold(kind), "avatar": True}
    found = records.store.matching(OWNERS, **told)
    documents = records.registry.resource(DOCUMENTS)
    return _shown(records, records.get(documents, max(found)) if found else {})


def _shown(records: Records, record: Record) -> Answer:
    kind = TYPES.get(str(record.get("fileName", "")).rpartition(".")[2].casefold())
    content = records.store.body(FILES, record["id"]) if kind else None
    if kind is None or content is None:
        return Answer(200, PIXEL, content_type="image/png")
    return Answer(200, content, content_type=kind)


Own = Callable[[Handlers, Exchange], Answer]
OPERATIONS: Mapping[tuple[str, str], Own] = {
    ("GET", "/system/documents/{id}/thumbnail"): thumbnail,
    ("GET", f"/{CONTACTS}/{{id}}/image"): partial(portrait, CONTACTS, "Contact"),
    ("GET", f"/{MEMBERS}/{{id}}/image"): partial(portrait, MEMBERS, "Member"),
}
