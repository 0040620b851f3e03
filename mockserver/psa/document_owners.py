"""What a document belongs to: checked, kept, and looked for in lists."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, select

from mockserver.core.errors import Fault, Flaw, InvalidParameter, InvalidRecord
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Record, Rules
from mockserver.core.text import fold
from mockserver.psa.envelope import psa_profile
from mockserver.psa.kept import OWNERS as KEPT_OWNERS
from mockserver.psa.uploads import DOCUMENTS, Upload
from mockserver.web.exchange import Exchange
from mockserver.web.handlers import ID_DIGITS_MAX

#: Where the records of a type are that documents can belong to; of the others only the number is
#: kept (psa facts 8.1).
OWNERS: Mapping[str, tuple[str, ...]] = {
    "Ticket": ("service/tickets", "project/tickets"),
    "ProjectTicket": ("project/tickets",),
    "Agreement": ("finance/agreements",),
    "Company": ("company/companies",),
    "Configuration": ("company/configurations",),
    "Contact": ("company/contacts",),
    "Expense": ("expense/entries",),
    "Opportunity": ("sales/opportunities",),
    "PurchaseOrder": ("procurement/purchaseorders",),
    "Project": ("project/projects",),
    "SalesOrder": ("sales/orders",),
    "ServiceTemplate": ("service/templates",),
    "Rma": ("procurement/rmaTags",),
}
OTHERS = [
    "Activity",
    "Config",
    "CustomImage",
    "Document",
    "HTMLTemplate",
    "Invoice",
    "ProjectActivity",
    "Service",
    "StandardServiceTemplate",
    "SrDetail",
    "TimeEntry",
    "JobHeader",
    "MarketingManagerAudit",
    "KnowledgeBase",
    "ToolbarIcon",
    "Meeting",
    "MeetingNote",
    "ProductSetup",
    "ProjectTemplateTicket",
    "BillingSetup",
    "ServiceBoard",
    "WordTemplate",
    "Member",
    "PortalImagePortalLogo",
    "PortalImageReportLogo",
    "TopNavigationLogo",
    "PhaseStatus",
    "ProjectStatus",
    "TicketStatus",
    "Schedule",
    "Priority",
    "Unassigned",
]
TYPES = {name.casefold(): name for name in (*OWNERS, *OTHERS)}
#: The collections below a record that show its documents, by the collection of the record.
SHOWN_BELOW = {
    "service/tickets": "service/tickets/documents",
    "project/tickets": "project/tickets/documents",
}


def owned(exchange: Exchange) -> tuple[list[ColumnElement[bool]], tuple[object, ...]]:
    """Return the clauses of ``recordType`` and ``recordId``."""
    kind, record_id = exchange.parameters.get("recordtype"), exchange.parameters.get("recordid")
    if kind is not None and kind.casefold() not in TYPES:
        raise InvalidParameter("recordType", kind, "Enum value supplied was invalid")
    if record_id is not None and not (record_id.isascii() and record_id.isdigit()):
        raise InvalidParameter("recordId", record_id, "recordId must be a valid integer")
    needed = {"recordType": kind, "recordId": record_id}
    if psa_profile(exchange).documents_need_record:
        for name, value in needed.items():
            if not value:
                raise InvalidParameter(name, "", f"The {name} field is required.")
    # No document belongs to a record with a number that no record can have.
    number = int(record_id) if record_id and len(record_id) <= ID_DIGITS_MAX else record_id and -1
    store = exchange.records.store
    owners, documents = (
        store.table(KEPT_OWNERS),
        store.table(exchange.records.registry.resource(DOCUMENTS)),
    )
    told = {owners.c.recordtype: kind and fold(kind), owners.c.recordid: number}
    where = [column == value for column, value in told.items() if value is not None]
    if not where:
        return [], ()
    clause = documents.c.id.in_(select(owners.c.id).where(*where))
    return [clause | _seeded(exchange, kind, number, documents)], (kind, number)


def _seeded(
    exchange: Exchange, kind: str | None, number: int | str | None, documents: Any
) -> ColumnElement[bool]:
    """Return the clause of the documents that a world's tickets have from the start."""
    paths = [] if kind is None or number is None else OWNERS.get(TYPES[kind.casefold()], ())
    found: ColumnElement[bool] = documents.c.id.is_(None)
    for path in paths:
        if path in SHOWN_BELOW:
            resource = exchange.records.registry.resource(SHOWN_BELOW[path])
            shown = exchange.records.store.table(resource)
            found |= documents.c.id.in_(select(shown.c.id).where(shown.c.parent_id == number))
    return found


def owner_of(records: Records, upload: Upload) -> tuple[str, int]:
    """Return what the document belongs to; InvalidRecord names all that is wrong with it."""
    kind, number = upload.texts.get("recordtype", ""), upload.texts.get("recordid", "").strip()
    faults = list(_owner_faults(records, kind.strip(), number))
    if upload.content is None and not upload.texts.get("url", "").strip():
        faults.append(Fault(Flaw.MISSING, "file"))
    if faults:
        raise InvalidRecord(DOCUMENTS, tuple(faults))
    return TYPES[kind.strip().casefold()], int(number)


def _owner_faults(records: Records, kind: str, number: str) -> Iterator[Fault]:
    known = TYPES.get(kind.casefold())
    if not kind:
        yield Fault(Flaw.MISSING, "recordType")
    elif known is None:
        yield Fault(Flaw.NOT_IN_ENUM, "recordType", None, kind)
    if not number:
        yield Fault(Flaw.MISSING, "recordId")
    elif not (number.isascii() and number.isdigit() and len(number) <= 18):  # noqa: PLR2004
        yield Fault(Flaw.WRONG_TYPE, "recordId", None, number)
    elif (paths := OWNERS.get(known or "")) and not any(
        records.target(path, int(number)) for path in paths
    ):
        yield Fault(Flaw.UNKNOWN_REFERENCE, "recordId", (paths[0], None, None), int(number))


def give(
    records: Records, record: Record, kind: str, owner_id: int, *, avatar: bool = False
) -> None:
    """Remember what a document belongs to, and whether as its picture; show it below its ticket."""
    row = {"id": record["id"], "recordType": kind, "recordId": owner_id, "avatar": avatar}
    records.store.insert(KEPT_OWNERS, row, {"body": b""})
    for path in OWNERS.get(kind, ()):
        if path in SHOWN_BELOW and records.target(path, owner_id):
            below = records.registry.resource(SHOWN_BELOW[path])
            row = {"id": record["id"], "name": record["title"], "_info": record["_info"]}
            records.save(below, row, new=True, parent=owner_id)
            return


def take(records: Records, record_id: int) -> None:
    """Let a document that is gone belong to nothing."""
    records.store.delete(KEPT_OWNERS, record_id)
    for path in SHOWN_BELOW.values():
        records.store.delete(records.registry.resource(path), record_id)


def documents_of(records: Records, path: str, record_id: int) -> tuple[int, ...]:
    """Return the ids of the documents that belong to a record."""
    if path in SHOWN_BELOW:
        return records.store.matching(
            records.registry.resource(SHOWN_BELOW[path]), parent_id=record_id
        )
    kinds = [kind for kind, paths in OWNERS.items() if paths == (path,)]
    found = (
        records.store.matching(KEPT_OWNERS, recordtype=fold(kind), recordid=record_id)
        for kind in kinds
    )
    return tuple(each for ids in found for each in ids)


def move_documents(
    records: Records, here: tuple[str, int], there: tuple[str, int], kind: str
) -> None:
    """Let the documents of one record belong to another one, as documents call such records."""
    documents = records.registry.resource(DOCUMENTS)
    for each in documents_of(records, *here):
        take(records, each)
        give(records, records.get(documents, each), kind, there[1])


def _remove_documents(draft: Draft) -> None:
    records, documents = draft.records, draft.records.registry.resource(DOCUMENTS)
    for each in documents_of(records, draft.resource.path, draft.record["id"]):
        records.delete(documents, each, draft.author)


def with_documents(rules: Mapping[str, Rules]) -> Mapping[str, Rules]:
    """Return *rules* that also let the documents of a record go with it."""
    owners = {path for paths in OWNERS.values() for path in paths}
    return {
        **rules,
        **{path: rules.get(path, Rules()).then(leaving=_remove_documents) for path in owners},
    }
