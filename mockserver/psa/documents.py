"""Documents: uploaded as a form, listed by the record they belong to, downloaded as they came."""

from collections.abc import Callable, Mapping
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from mockserver.core.errors import PayloadTooLarge
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Record, Rules
from mockserver.core.text import fold
from mockserver.psa.document_owners import give, owned, owner_of, take
from mockserver.psa.kept import FILES
from mockserver.psa.uploads import DOCUMENTS, Upload, upload_of
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers, record_id_of
from mockserver.web.pictures import blank_file

MEGABYTE = 1024 * 1024
# -- lists -------------------------------------------------------------------------------------


def listed(handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer the documents of a record, or all."""
    resource = exchange.records.registry.resource(DOCUMENTS)
    query = handlers.api.list_query(exchange, resource, None)
    where, key = owned(exchange)
    return handlers.page(exchange, resource, query.narrowed(where, key))


def counted(handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer how many documents a record has."""
    resource = exchange.records.registry.resource(DOCUMENTS)
    query = handlers.api.list_query(exchange, resource, None)
    return handlers.total(exchange, resource, query.narrowed(*owned(exchange)))


# -- uploads -----------------------------------------------------------------------------------


def uploaded(handlers: Handlers, exchange: Exchange) -> Answer:
    """Keep a new document and answer it."""
    upload, records = upload_of(exchange), exchange.records
    resource = records.registry.resource(DOCUMENTS)
    kind, owner_id = owner_of(records, upload)
    _refuse_large(records, upload)
    with records.store.transaction():
        made = records.create(resource, _payload(upload), exchange.caller.login)
        record = {**made, **_file_members(records, made, upload)}
        records.save(resource, record)
        _keep(records, made["id"], upload)
        avatar = bool(upload.flag("isAvatar"))
        give(records, record, kind, owner_id, avatar=avatar)
        if avatar and kind == "Contact":
            # The link to the picture tells when it changed (psa facts 10.22).
            contacts = records.registry.resource("company/contacts")
            records.change(contacts, owner_id, {}, exchange.caller.login)
        status, headers = handlers.api.created(exchange, made["id"])
        shown = handlers.shown(exchange, resource, made["id"])
    return Answer(status, shown.body, headers)


def replaced(handlers: Handlers, exchange: Exchange) -> Answer:
    """Give a document new contents, a new title or other flags, and answer it."""
    upload, records = upload_of(exchange), exchange.records
    resource = records.registry.resource(DOCUMENTS)
    _refuse_large(records, upload)
    with records.store.transaction():
        record_id = record_id_of(exchange, resource)
        given = {n: v for n, v in _payload(upload).items() if _is_given(upload, n)}
        record = records.change(resource, record_id, given, exchange.caller.login)
        if upload.content is not None:
            records.save(resource, {**record, **_file_members(records, record, upload)})
            _keep(records, record_id, upload)
    return handlers.shown(exchange, resource, record_id)


def _is_given(upload: Upload, member: str) -> bool:
    asked = {"publicFlag": "privateflag", "readOnlyFlag": "readonlyflag"}.get(member, member)
    return asked.casefold() in upload.texts


def _refuse_large(records: Records, upload: Upload) -> None:
    """Hold to the size that the setup table allows for the kind of file, in megabytes."""
    allowed = records.registry.resource("system/allowedfiletypes")
    suffix = upload.name.rpartition(".")[2]
    for row_id in records.store.matching(allowed, 1, filetype=fold(suffix)):
        most = (records.get(allowed, row_id).get("sizeLimit") or 0) * MEGABYTE
        if most and len(upload.content or b"") > most:
            raise PayloadTooLarge(most)


def _payload(upload: Upload) -> Record:
    texts, is_private = upload.texts, upload.flag("privateFlag")
    return {
        "title": texts.get("title") or upload.name or texts.get("url"),
        "linkFlag": bool(texts.get("url")),
        "urlFlag": bool(texts.get("url")),
        "imageFlag": upload.content_type.startswith("image/"),
        "publicFlag": not is_private,
        "readOnlyFlag": bool(upload.flag("readOnlyFlag")),
        "htmlTemplateFlag": False,
    }


def _file_members(records: Records, record: Record, upload: Upload) -> Record:
    """Return what the server says of a document's file (psa facts 8.1)."""
    guid = str(uuid5(NAMESPACE_URL, f"{DOCUMENTS}/{record['id']}"))
    info = record["_info"]
    shown: Record = {
        "owner": info["enteredBy"],
        "createdOnDate": info["dateEntered"],
        "guid": guid,
    }
    if upload.content is None:
        return {**shown, "fileName": upload.texts.get("url", "")}
    suffix = upload.name.rpartition(".")[2] if "." in upload.name else ""
    kinds = records.registry.resource("system/documentTypes/info")
    resource = records.registry.resource(DOCUMENTS)
    for kind in records.store.matching(kinds, 1, fileextension=fold(suffix)):
        shown["documentType"] = records.reference(resource.members["documenttype"], kind)
    server_name = f"{guid}.{suffix}" if suffix else guid
    return {
        **shown,
        "fileName": upload.name,
        "serverFileName": server_name,
        "size": len(upload.content),
        "imageFlag": upload.content_type.startswith("image/"),
    }


def _keep(records: Records, record_id: int, upload: Upload) -> None:
    """Keep the contents, or of a link the address."""
    content = upload.content
    if content is None:
        content = upload.texts.get("url", "").encode("utf-8", "replace")
    records.store.delete(FILES, record_id)
    row = {"id": record_id, "contentType": upload.content_type}
    records.store.insert(FILES, row, {"body": content})


# -- downloads ---------------------------------------------------------------------------------


def downloaded(_handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer the contents of a document under its own name."""
    records = exchange.records
    resource = records.registry.resource(DOCUMENTS)
    record = records.get(resource, record_id_of(exchange, resource))
    content = records.store.body(FILES, record["id"])
    name = str(record.get("fileName") or record.get("title") or "document")
    if content is None:
        content = blank_file(name, record.get("size") or 0)
    return Answer(200, content, _download_headers(name), "application/octet-stream")


def _download_headers(name: str) -> tuple[tuple[str, str], ...]:
    """Return the headers of a download; the name in ASCII, and in full where it is not."""
    plain = "".join(c if " " <= c <= "~" and c not in '"\\' else "_" for c in name)
    value = f'attachment; filename="{plain}"'
    if plain != name:
        value += f"; filename*=UTF-8''{quote(name, safe='', errors='replace')}"
    return (("Content-Disposition", value),)


def _deleted(draft: Draft) -> None:
    """Let a document's contents go with it, and what shows it below its ticket."""
    draft.records.store.delete(FILES, draft.record["id"])
    take(draft.records, draft.record["id"])


RULES: Mapping[str, Rules] = {DOCUMENTS: Rules(deleted=_deleted)}
Own = Callable[[Handlers, Exchange], Answer]
OPERATIONS: Mapping[tuple[str, str], Own] = {
    ("GET", "/system/documents"): listed,
    ("GET", "/system/documents/count"): counted,
    ("POST", "/system/documents"): uploaded,
    ("POST", "/system/documents/{id}"): replaced,
    ("GET", "/system/documents/{id}/download"): downloaded,
}
