"""What goes along when one record becomes another: notes, documents, products (psa facts 8.5)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver.core.errors import Fault, Flaw, InvalidRecord
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.core.text import fold
from mockserver.psa.document_owners import give
from mockserver.psa.kept import FILES, OWNERS
from mockserver.psa.uploads import DOCUMENTS

NOTES, PRODUCTS = "sales/opportunities/notes", "procurement/products"
ADDITIONS = "finance/agreements/additions"
#: What documents call the owner that is a record of a collection.
KINDS: Mapping[str, str] = {
    "sales/opportunities": "Opportunity",
    "sales/orders": "SalesOrder",
    "finance/agreements": "Agreement",
    "project/projects": "Project",
    "service/tickets": "Ticket",
}
#: The member of a product that names a record of a collection.
PRODUCT_OF: Mapping[str, str] = {
    "sales/opportunities": "opportunity",
    "sales/orders": "salesOrder",
    "project/projects": "project",
    "service/tickets": "ticket",
}
#: The member that keeps notes where a collection has none below its records.
NOTED_IN: Mapping[str, str] = {"finance/agreements": "internalNotes", "sales/orders": "notes"}
#: What a note below a ticket must say of itself: sales talks are not for the client.
NOTE_FLAGS: Mapping[str, Record] = {"service/tickets": {"internalAnalysisFlag": True}}
FROM_PRODUCT = {
    "quantity": "quantity",
    "unitPrice": "price",
    "unitCost": "cost",
    "description": "description",
}
Place = tuple[str, int]


def bring_along(
    records: Records, here: Place, there: Place, given: Mapping[str, Any], author: str
) -> None:
    """Let what the body names of a record's belongings go along to another record.

    Args:
        records: The tenant's records, inside a transaction.
        here: The collection and the id of the record that they belong to.
        there: The same of the record that they shall belong to, too.
        given: The body of a conversion (``includeAllNotesFlag``, ``includeNoteIds``, …).
        author: The login name of whoever converts.

    Raises:
        InvalidRecord: The body names what does not belong to the record.
    """
    texts = list(_texts(records, here, given))
    _note(records, there, texts, author)
    for record_id in _chosen(records, here, given, "Document"):
        _copy_document(records, record_id, there, author)
    for record_id in _chosen(records, here, given, "Product"):
        _move_product(records, record_id, there, author)


def _texts(records: Records, here: Place, given: Mapping[str, Any]) -> Iterator[str]:
    """Yield the notes that go along, an order's own first."""
    if given.get("copyOverNotes"):
        text = records.get(records.registry.resource(here[0]), here[1]).get("notes")
        yield from [text] if text else []
    notes = records.registry.resource(NOTES)
    for note_id in _chosen(records, here, given, "Note"):
        yield records.get(notes, note_id)["text"]


def _chosen(records: Records, here: Place, given: Mapping[str, Any], word: str) -> list[int]:
    """Return the ids of what the body chooses, in order."""
    wanted, choose_all = given.get(f"include{word}Ids") or [], given.get(f"includeAll{word}sFlag")
    if not wanted and not choose_all:
        return []
    owned = list(_owned(records, here, word))
    unknown = [each for each in wanted if each not in owned]
    if unknown:
        path = {"Note": NOTES, "Document": DOCUMENTS, "Product": PRODUCTS}[word]
        fault = Fault(Flaw.UNKNOWN_REFERENCE, f"include{word}Ids", (path, None, None), unknown[0])
        raise InvalidRecord(here[0], (fault,))
    return owned if choose_all else [each for each in owned if each in wanted]


def _owned(records: Records, here: Place, word: str) -> Iterable[int]:
    path, record_id = here
    if word == "Document":
        kind = fold(KINDS[path])
        return records.store.matching(OWNERS, recordtype=kind, recordid=record_id)
    if word == "Product":
        products = records.registry.resource(PRODUCTS)
        declared = products.members[PRODUCT_OF[path].casefold()]
        return records.users(products, declared, record_id)
    if path != NOTES.rpartition("/")[0]:
        return ()
    return records.store.matching(records.registry.resource(NOTES), parent_id=record_id)


def _note(records: Records, there: Place, texts: list[str], author: str) -> None:
    path, record_id = there
    resource = records.registry.resource(path)
    if texts and path in NOTED_IN:
        member = resource.members[NOTED_IN[path].casefold()]
        before = records.get(resource, record_id).get(member.name)
        joined = "\n".join(filter(None, [before, *texts]))[: member.max_length]
        records.change(resource, record_id, {member.name: joined}, author)
        return
    for text in texts:
        notes = records.registry.resource(f"{path}/notes")
        records.create(notes, {"text": text, **NOTE_FLAGS.get(path, {})}, author, record_id)


def _copy_document(records: Records, record_id: int, there: Place, author: str) -> None:
    resource = records.registry.resource(DOCUMENTS)
    source = records.get(resource, record_id)
    made = records.create(resource, {"title": source["title"]}, author)
    copied = {**source, "id": made["id"], "_info": made["_info"]}
    records.save(resource, copied)
    content = records.store.body(FILES, record_id)
    if content is not None:
        records.store.insert(FILES, {"id": made["id"]}, {"body": content})
    give(records, copied, KINDS[there[0]], there[1])


def _move_product(records: Records, record_id: int, there: Place, author: str) -> None:
    """Let a product name its new record, or make it an addition of the agreement."""
    products = records.registry.resource(PRODUCTS)
    path, owner_id = there
    if path in PRODUCT_OF:
        records.change(products, record_id, {PRODUCT_OF[path]: {"id": owner_id}}, author)
        return
    product = records.get(products, record_id)
    payload = {name: product[here] for name, here in FROM_PRODUCT.items() if here in product}
    payload |= {"product": {"id": product["catalogItem"]["id"]}, "billCustomer": "Billable"}
    additions = records.registry.resource(ADDITIONS)
    records.create(additions, payload, author, owner_id)
