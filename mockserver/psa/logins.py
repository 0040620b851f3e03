"""How callers come by credentials: impersonation and the cookie login (psa facts 1.9, 1.10)."""

import hmac
from urllib.parse import quote

import orjson

from mockserver.core.conditions.literals import storable
from mockserver.core.errors import Fault, Flaw, Forbidden, InvalidRecord, RecordNotFound
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.core.tenant import Tenant
from mockserver.psa import keys, security
from mockserver.psa.envelope import psa_profile
from mockserver.psa.profile import PsaProfile
from mockserver.web.exchange import Answer, Caller, Exchange

NAMED = "memberIdentifier"


def member_token(exchange: Exchange) -> Answer:
    """Answer a pair of keys for the member in the path; it lasts four hours (psa facts 1.9)."""
    profile = psa_profile(exchange)
    if exchange.caller.kind != security.INTEGRATOR:
        if not profile.members_impersonate:
            raise Forbidden("impersonation", "an integrator login")
        if not security.may(exchange, security.MEMBERS, "edit"):
            raise Forbidden(lacking="MemberMaintenance editLevel All")
    elif not security.may(exchange, security.MEMBERS, "inquire"):
        raise Forbidden(lacking="the flag memberApiFlag of its integrator login")
    who = _member(exchange.records, exchange.ids[0])
    _check_body(exchange, who)
    dice, records = exchange.tenant.dice, exchange.records
    with exchange.tenant.turn():
        pair = f"{dice.getrandbits(64):016x}", f"{dice.getrandbits(64):016x}"
        end = keys.mint(records, keys.PAIR, who["identifier"], pair, profile.minted_ttl_s)
    document = {"publicKey": pair[0], "privateKey": pair[1], "expiration": end}
    return Answer(profile.token_status, orjson.dumps(document))


def _member(records: Records, text: str) -> Record:
    """Return the active member with this identifier or id."""
    found = security.member(records, storable(text))
    if found is None and text.isascii() and text.isdigit() and len(text) < 18:  # noqa: PLR2004
        target = records.target(security.MEMBERS, int(text))
        found = target[0] if target and not target[0].get("inactiveFlag") else None
    if found is None:
        raise RecordNotFound(security.MEMBERS, text)
    return found


def _check_body(exchange: Exchange, who: Record) -> None:
    """Refuse a body that says something else than the path; none is fine (psa facts 1.9)."""
    if not exchange.body.strip():
        return
    for name, value in exchange.json_object().items():
        if name.casefold() != NAMED.casefold():
            fault = Fault(Flaw.UNKNOWN_MEMBER, name, name)
        elif not isinstance(value, str) or _member(exchange.records, value)["id"] != who["id"]:
            fault = Fault(Flaw.RULE, NAMED, "memberIdentifier must name the member in the URL")
        else:
            continue
        raise InvalidRecord(security.MEMBERS, (fault,), model="TokenRequest")


def login(exchange: Exchange) -> Answer:
    """Answer the hash that the member's cookies carry, if company, name and password fit."""
    form = {name.casefold(): value for name, value in exchange.request.form.items()}
    company, name = form.get("companyname", ""), form.get("username", "")
    tenant = exchange.world.tenant_of("psa", company)
    who = _logged_in(tenant, name, form.get("password", "")) if tenant else None
    if tenant is None or who is None:
        failed = (tenant or exchange.world.default).profiles["psa"]
        status = failed.failed_login_status if isinstance(failed, PsaProfile) else 200
        return Answer(status, orjson.dumps({"Success": False, "Hash": None}))
    # From here on the request is the tenant's, in the journal too.
    exchange.caller = Caller(tenant, None, who["identifier"])
    ttl_s = psa_profile(exchange).minted_ttl_s
    with tenant.turn():
        minted = f"{tenant.dice.getrandbits(128):032x}"
        pair = who["identifier"], minted
        keys.mint(tenant.records["psa"], keys.HASH, who["identifier"], pair, ttl_s)
    cookies = _cookies(company, minted, name) if psa_profile(exchange).login_sets_cookies else ()
    return Answer(200, orjson.dumps({"Success": True, "Hash": minted}), cookies)


def _cookies(company: str, minted: str, name: str) -> tuple[tuple[str, str], ...]:
    """Return the four cookies that calls need (psa facts 1.10)."""
    values = {"companyName": company, "memberHash": minted, "memberId": name}
    told = [*values.items(), ("memberContext", "web")]
    return tuple(("Set-Cookie", f"{n}={quote(v, safe='')}; Path=/; HttpOnly") for n, v in told)


def _logged_in(tenant: Tenant, name: str, password: str) -> Record | None:
    records, name = tenant.records["psa"], storable(name)
    who = security.member(records, name)
    if who is None:
        return None
    login_name = who["identifier"]
    if keys.knows(records, keys.PASSWORD, login_name):
        right = keys.found(records, keys.PASSWORD, login_name, password) is not None
    else:
        first = tenant.credentials["psa"].passwords.get(login_name)
        given = password.encode("utf-8", "surrogatepass")
        right = first is not None and hmac.compare_digest(first.encode(), given)
    return who if right else None


OPERATIONS = (
    ("POST", "/login/login.aspx", login),
    ("POST", "/system/members/{memberIdentifier}/tokens", member_token),
)
