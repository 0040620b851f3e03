"""Several lists in one request, as far as the members of its body tell."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache

import orjson

from mockserver.core.errors import (
    BadJson,
    Fault,
    Flaw,
    Forbidden,
    InvalidRecord,
    RecordNotFound,
    Refusal,
)
from mockserver.core.registry import Registry
from mockserver.core.rules import Record
from mockserver.core.schema import Resource
from mockserver.core.text import fold
from mockserver.psa import errors, listing, security
from mockserver.psa.profile import PsaProfile
from mockserver.web.api import ListQuery
from mockserver.web.bulk import BULK_MAX
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers

BUNDLES = "system/bundles"
NUMBER_MAX = (1 << 31) - 1
Rows = Callable[[Exchange, Resource, ListQuery], list[Record]]
#: Where the models lie that a client means when several collections are of one model.
USUAL: Mapping[str, str] = {
    "activity": "sales/activities",
    "agreement": "finance/agreements",
    "company": "company/companies",
    "configuration": "company/configurations",
    "contact": "company/contacts",
    "documentinfo": "system/documents",
    "expenseentry": "expense/entries",
    "invoice": "finance/invoices",
    "member": "system/members",
    "opportunity": "sales/opportunities",
    "order": "sales/orders",
    "productitem": "procurement/products",
    "project": "project/projects",
    "projectticket": "project/tickets",
    "purchaseorder": "procurement/purchaseorders",
    "scheduleentry": "schedule/entries",
    "serviceticket": "service/tickets",
    "ticket": "service/tickets",
    "ticketnote": "service/tickets/notes",
    "timeentry": "time/entries",
}
FILTERS = ("conditions", "childConditions", "customFieldConditions", "orderBy")
PAGES = ("page", "pageSize", "pageId")


def answered(handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer the pages that the requests in the body ask for, each with a result of its own."""
    return _answer(handlers, exchange, _entities)


def counted(handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer how many records each of the requests in the body finds."""
    return _answer(handlers, exchange, lambda *_: [])


def _answer(handlers: Handlers, exchange: Exchange, rows: Rows) -> Answer:
    told = [_result(exchange, n, each, rows) for n, each in enumerate(_requests(exchange), 1)]
    return Answer(200, handlers.api.written(exchange, {"results": told}))


def _profile(exchange: Exchange) -> PsaProfile:
    profile = exchange.profile
    assert isinstance(profile, PsaProfile)
    return profile


def _requests(exchange: Exchange) -> list[Record]:
    document = exchange.json()
    if not isinstance(document, dict):
        raise BadJson("The body must be a JSON object.")
    if document.get("requests") is None:
        raise InvalidRecord(BUNDLES, (Fault(Flaw.MISSING, "requests"),), model="BundleRequest")
    requests = document["requests"]
    if not isinstance(requests, list) or not all(isinstance(each, dict) for each in requests):
        raise BadJson("The requests must be a JSON array of objects.")
    if len(requests) > BULK_MAX:
        raise BadJson(f"There may be at most {BULK_MAX} requests.")
    return requests


def _result(exchange: Exchange, number: int, request: Record, rows: Rows) -> Record:
    told: Record = {
        "sequenceNumber": number,
        "resourceType": str(request.get("resourceType") or ""),
        "version": str(request.get("version") or _profile(exchange).version),
    }
    try:
        told["sequenceNumber"] = _number(request, "sequenceNumber") or number
        return {**told, **_found(exchange, request, rows)}
    except Refusal as refusal:
        answer = errors.refuse(exchange, refusal)
        error = orjson.loads(answer.body)
        return {**told, "success": False, "statusCode": answer.status, "error": error}


def _found(exchange: Exchange, request: Record, rows: Rows) -> Record:
    asked = _held(request, "apiRequest")
    resource = _resource(exchange, str(request.get("resourceType") or ""))
    parameters = dict(_parameters(asked))
    query = listing.list_query(exchange, resource, _parent(exchange, resource, asked), parameters)
    store = exchange.records.store
    count = store.count(resource, query.page)
    entities = rows(exchange, resource, query)
    return {"entities": entities, "count": count, "success": True, "statusCode": 200}


def _held(holder: Record, name: str) -> Record:
    """Return an object inside another one, empty if there is none."""
    held = holder.get(name)
    if held is not None and not isinstance(held, dict):
        raise BadJson(f"The member {name} must be a JSON object.")
    return held or {}


def _number(holder: Record, name: str) -> int | None:
    found = holder.get(name)
    if found is None:
        return None
    if not isinstance(found, int) or isinstance(found, bool) or abs(found) > NUMBER_MAX:
        raise BadJson(f"The member {name} must be an integer of 32 bits.")
    return found


def _resource(exchange: Exchange, word: str) -> Resource:
    """Return the collection that a word names: its path, or the model of its records."""
    registry = exchange.records.registry
    path = USUAL.get(fold(word)) or _paths(registry).get(fold(word.strip("/")))
    if path is None:
        fault = Fault(Flaw.RULE, "resourceType", f"The resource type {word!r} is not known.")
        raise InvalidRecord(BUNDLES, (fault,), model="BundleRequest")
    if not security.may(exchange, path, "inquire"):
        raise Forbidden(lacking=f"the right to see {path}")
    return registry.resource(path)


@cache
def _paths(registry: Registry) -> Mapping[str, str]:
    served = [path for path in registry.served if ":" not in path]
    models = {fold(registry.resource(path).model): path for path in reversed(served)}
    return {**models, **{fold(path): path for path in served}}


def _parent(exchange: Exchange, resource: Resource, asked: Record) -> int | None:
    parent_id = _number(asked, "parentId")
    if resource.parent_path is None or parent_id is None:
        return None
    if exchange.records.target(resource.parent_path, parent_id) is None:
        raise RecordNotFound(resource.parent_path, parent_id)
    return parent_id


def _parameters(asked: Record) -> Iterator[tuple[str, str]]:
    """Yield what a list of its own would be given, by casefolded name."""
    for holder, names in (("filters", FILTERS), ("page", PAGES)):
        by_name = {name.casefold(): value for name, value in _held(asked, holder).items()}
        for name in map(str.casefold, names):
            if by_name.get(name) is not None:
                yield name, str(by_name[name])
    if asked.get("fields"):
        yield "fields", str(asked["fields"])
    if _number(asked, "id"):
        yield "conditions", f"id = {asked['id']}"


def _entities(exchange: Exchange, resource: Resource, query: ListQuery) -> list[Record]:
    bodies = exchange.records.store.bodies(resource, query.page)
    records = [orjson.loads(body) for body in bodies]
    if query.fields is None:
        return records
    return [listing.projected(each, query.fields) for each in records]


OPERATIONS = {
    ("POST", f"/{BUNDLES}"): answered,
    ("POST", f"/{BUNDLES}/count"): counted,
}
