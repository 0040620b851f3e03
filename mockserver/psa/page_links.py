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
    profile = _profile(exchange)
    headers: list[tuple[str, str]] = []
    if query.forward_only:
        more = rows == query.size
        headers.append(("Link", _rel(exchange, query, "next", ("pageId", last_id)) if more else ""))
        return tuple(headers)
    assert query.size is not None
    if links := _navigation(exchange, query, max(1, -(-total // query.size))):
        headers.append(("Link", links))
    if profile.total_header:
        headers.append(("X-Total-Count", str(total)))
    return tuple(headers)


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
