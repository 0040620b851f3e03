"""Why a page has no rows, or others than were asked for."""

from collections.abc import Iterator

from mockserver.core.attempt import Paged
from mockserver.core.errors import InvalidParameter
from mockserver.core.parameters import HEEDED, PROJECTIONS, unheeded
from mockserver.core.store import Store
from mockserver.web.api import Api
from mockserver.web.exchange import Exchange
from mockserver.web.explain import Explained, Reading, explained, rows_of
from mockserver.web.hints.words import closest, cut

NAMES_MAX = 3


def emptied(store: Store, reading: Reading) -> str:
    """Return which part of the filters removed all rows."""
    total = rows_of(store, reading)
    if total == 0:
        is_part = reading.parent_id is not None or reading.within
        below = " below this parent" if is_part else ""
        asked = ": it is not the condition that removed its rows" if reading.filters else ""
        return f"The collection is empty{below}{asked}."
    if not reading.filters:
        return f"There are {total} rows, but not for this caller."
    parts = list(_parts(explained(store, reading)))
    told = "; ".join(f"{_kept(part)} fulfil {part.text}" for part in parts)
    verdict = "" if any(part.rows == 0 for part in parts) else ", but none fulfils all"
    return f"Of {total} rows {told}{verdict}."


def _parts(tree: Explained) -> Iterator[Explained]:
    if tree.joint != "and":
        yield tree
        return
    for term in tree.terms:
        yield from _parts(term)


def _kept(part: Explained) -> str:
    return "some" if part.rows is None else str(part.rows)


def answered_otherwise(api: Api, exchange: Exchange, paged: Paged) -> str | None:
    """Return how a page differs from what the query asks for; None when it does not."""
    given = exchange.parameters
    told = (
        _unheeded(exchange),
        _other("page", given.get("page", ""), paged.number),
        _other("pageSize", given.get("pagesize", ""), paged.size),
        _beyond(paged),
        _unshown(api, exchange),
    )
    return " ".join(each for each in told if each) or None


def _unheeded(exchange: Exchange) -> str | None:
    names = unheeded(exchange.api, exchange.request.args)
    if not names:
        return None
    shown = ", ".join(map(cut, names[:NAMES_MAX]))
    return f"The vendor passes over {shown}.{closest(names[0], HEEDED[exchange.api])}"


def _other(name: str, asked: str, answered: int | None) -> str | None:
    text = asked.strip()
    if not text or answered is None or text.lstrip("+0") == str(answered):
        return None
    return f"{name} {cut(text)} was answered as {answered}."


def _beyond(paged: Paged) -> str | None:
    if paged.rows or not paged.total or not paged.size:
        return None
    last = -(-paged.total // paged.size)
    return f"Page {paged.number} is beyond the last, {last}: there are {paged.total} rows."


def _unshown(api: Api, exchange: Exchange) -> str | None:
    """Return which members the query wants to see that no record has."""
    resource = exchange.route.resource if exchange.route else None
    for name in PROJECTIONS[exchange.api]:
        text = exchange.parameters.get(name.casefold(), "")
        if not text or resource is None:
            continue
        members = api.naming(exchange, resource).members
        known = {"_info", "*", "", *(each.casefold() for each in members)}
        wanted = (each.strip().split("/")[0] for each in text.split(","))
        lost = next((each for each in wanted if each.casefold() not in known), None)
        if lost is not None:
            return f"{name}: there is no field {cut(lost)!r}.{closest(lost, members)}"
    return None


def bad_parameter(refusal: InvalidParameter) -> str:
    """Return what a parameter may be."""
    if refusal.bounds is not None:
        least, most = refusal.bounds
        return f"{refusal.name} must be from {least} to {most}, not {cut(refusal.value)}."
    return f"{refusal.name}: {refusal.message.rstrip('.')}."
