"""What the headers of a page tell of the other pages (psa facts 4.4)."""

from functools import lru_cache
from urllib.parse import quote_plus

from mockserver.psa.profile import PsaProfile
from mockserver.web.api import ListQuery
from mockserver.web.exchange import Exchange


def page_headers(
    exchange: Exchange, query: ListQuery, total: int, rows: int, last_id: int | None
) -> tuple[tuple[str, str], ...]:
    """Return the Link header, and the total where the profile has one."""
    if query.forward_only:
        return (("Link", _onward(exchange, query, rows, last_id)),)
    assert query.size is not None
    headers: list[tuple[str, str]] = []
    if links := _navigation(exchange, query, max(1, -(-total // query.size))):
        headers.append(("Link", links))
    if _profile(exchange).total_header:
        headers.append(("X-Total-Count", str(total)))
    return tuple(headers)


def _onward(exchange: Exchange, query: ListQuery, rows: int, last_id: int | None) -> str:
    """Return where a forward-only walk goes on; empty at its end (psa facts 4.5).

    A page without rows has no last id to go on from: it ends walks that only look for a Link.
    """
    more = rows == query.size or (rows > 0 and _profile(exchange).forward_link_always)
    return _rel(exchange, query, "next", ("pageId", last_id)) if more else ""


def _navigation(exchange: Exchange, query: ListQuery, last: int) -> str:
    """Return next, prev, first, last as they apply (psa facts 4.4: in this order)."""
    here = query.number
    if here > last and not _profile(exchange).past_end_linked:
        return ""
    relations = []
    if here < last:
        relations.append(("next", here + 1))
    if here > 1:
        relations += [("prev", min(here - 1, last)), ("first", 1)]
    if here < last or (last > 1 and _profile(exchange).last_link_always):
        relations.append(("last", last))
    return ", ".join(_rel(exchange, query, name, ("page", n)) for name, n in relations)


def _profile(exchange: Exchange) -> PsaProfile:
    profile = exchange.profile
    assert isinstance(profile, PsaProfile)
    return profile


def _rel(exchange: Exchange, query: ListQuery, relation: str, place: tuple[str, object]) -> str:
    # Without the header a pageId is a condition like others (psa facts 4.5), so links keep it.
    dropped = {"page", "pagesize", place[0].casefold()}
    pairs = [
        (name, value)
        for name, value in exchange.request.args.items(multi=True)
        if name.casefold() not in dropped
    ]
    pairs += [("pageSize", str(query.size)), (place[0], str(place[1]))]
    text = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)
    return f'<{exchange.request.base_url}?{text}>; rel="{relation}"'


@lru_cache(maxsize=512)
def _quoted(text: str) -> str:
    """Return *text* encoded the .NET way: lower-case hex, spaces as ``+`` (psa facts 4.4)."""
    encoded = quote_plus(text, safe="!()*-._", errors="replace")
    first, *escaped = encoded.split("%")
    return "%".join([first, *(part[:2].lower() + part[2:] for part in escaped)])
