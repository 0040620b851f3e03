"""What a caller may do: the security role of its member, or the flags of its integrator login.

Both are records, so that changing one changes what a key may do (seed 003, "Security"; psa facts
1.7). What no function governs is a setup table: everybody reads it, ``TableSetup`` writes it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockserver.core.errors import Forbidden
from mockserver.core.records import Records
from mockserver.core.rules import Draft, Record, Rules
from mockserver.core.schema import Resource
from mockserver.core.text import fold
from mockserver.web.exchange import Caller, Exchange

MEMBERS, ROLES, LOGINS = "system/members", "system/securityroles", "system/integratorlogins"
SETTINGS = f"{ROLES}/settings"
INTEGRATOR = "integrator"
ALL, MY, NONE = "All", "My", "None"
SETUP = "TableSetup"
#: The module function that governs a collection and everything below it.
FUNCTIONS: Final[Mapping[str, str]] = {
    "company/companies": "CompanyMaintenance",
    "company/contacts": "ContactMaintenance",
    "company/configurations": "ConfigurationMaintenance",
    "service/tickets": "ServiceTickets",
    "schedule/entries": "ResourceScheduling",
    "project/projects": "ProjectHeaders",
    "project/phases": "ProjectHeaders",
    "project/tickets": "ProjectTickets",
    "time/entries": "TimeEntry",
    "time/sheets": "TimeSheets",
    "expense/entries": "ExpenseEntry",
    "expense/reports": "ExpenseReports",
    "finance/agreements": "Agreements",
    "finance/invoices": "Invoicing",
    "procurement/catalog": "ProductCatalog",
    "procurement/products": "Products",
    "procurement/purchaseorders": "PurchaseOrders",
    "sales/opportunities": "Opportunities",
    "sales/activities": "SalesActivities",
    "sales/orders": "SalesOrders",
    "marketing/campaigns": "Campaigns",
    "marketing/groups": "Campaigns",
    MEMBERS: "MemberMaintenance",
    ROLES: "SecurityRoles",
    "system/callbacks": "Callbacks",
    "system/documents": "Documents",
    "system/reports": "Reports",
}
#: What an integrator login that may not call everything reaches through each of its flags.
APIS: Final[Mapping[str, tuple[str, ...]]] = {
    "serviceTicketApiFlag": ("service/",),
    "timeEntryApiFlag": ("time/",),
    "contactApiFlag": ("company/contacts",),
    "companyApiFlag": ("company/companies",),
    "activityApiFlag": ("sales/activities",),
    "invoiceApiFlag": ("finance/invoices",),
    "productApiFlag": ("procurement/catalog", "procurement/products"),
    "opportunityApiFlag": ("sales/opportunities",),
    "memberApiFlag": (MEMBERS,),
    "marketingApiFlag": ("marketing/",),
    "purchasingApiFlag": ("procurement/purchaseorders",),
    "reportingApiFlag": ("system/reports",),
    "systemApiFlag": ("system/",),
    "projectApiFlag": ("project/",),
    "configurationApiFlag": ("company/configurations",),
    "scheduleApiFlag": ("schedule/",),
    "agreementApiFlag": ("finance/agreements",),
    "documentApiFlag": ("system/documents",),
}
#: Everybody's own affairs.
PERSONAL = ("system/myAccount", "system/myMembers", "system/mySecurity")
#: Operations that look after their callers themselves.
SELF_GUARDED = frozenset({"/system/members/{memberIdentifier}/tokens"})
METHODS = {"POST": "add", "PUT": "edit", "PATCH": "edit", "DELETE": "delete"}
#: Last words of a POST that makes a record and is no create.
MAKING = frozenset({"copy", "bulk"})
#: Columns that say whose a record is.
OWNERS = ("enteredby", "owner_identifier", "member_identifier", "assignto_identifier")


def permit(exchange: Exchange) -> None:
    """Raise Forbidden unless the caller may carry out the operation that was found.

    A right to one's own records alone is noted in ``exchange.mine`` for lists.
    """
    route = exchange.route
    assert route is not None
    if route.public or exchange.caller.key is None or route.template in SELF_GUARDED:
        return
    verb = _verb(exchange)
    level = _granted(exchange, route.resource, verb)
    if level == ALL:
        return
    if level != MY or not _is_own(exchange, verb):
        raise Forbidden(lacking=_lacking(exchange, verb, level))
    exchange.mine = True


def _lacking(exchange: Exchange, verb: str, level: str) -> str:
    """Return in words the right that the caller would need, and what it has instead."""
    resource = exchange.route.resource if exchange.route else None
    records = exchange.records
    if exchange.caller.kind == INTEGRATOR:
        if level == MY:
            return "the flag canAccessAllRecordsFlag of its integrator login"
        path = resource.path if resource else ""
        flags = (flag for flag, paths in APIS.items() if path.startswith(paths))
        return f"the flag {next(flags, 'canAccessAllApisFlag')} of its integrator login"
    function = _function(records, resource)
    role = (member(records, exchange.caller.login) or {}).get("securityRole") or {}
    return f"{function} {verb}Level {ALL}, and its role {role.get('name')} has {level}"


def may(exchange: Exchange, path: str, verb: str) -> bool:
    """Tell whether the caller has *verb* on the whole collection at *path*."""
    resource = exchange.records.registry.resource(path)
    return _granted(exchange, resource, verb) == ALL


def member(records: Records, login: str) -> Record | None:
    """Return the active member of this name, or None."""
    return _active(records, MEMBERS, identifier=login)


def integrator(records: Records, login: str) -> Record | None:
    """Return the active integrator login of this name, or None."""
    return _active(records, LOGINS, username=login)


def is_active(caller: Caller) -> bool:
    """Tell whether the account behind the caller's key is there and active."""
    find = integrator if caller.kind == INTEGRATOR else member
    return find(caller.tenant.records["psa"], caller.login) is not None


def owner_columns(table: Any) -> Iterator[Any]:
    """Yield the columns of a table that say whose a record is."""
    return (table.c[name] for name in OWNERS if name in table.c)


def _active(records: Records, path: str, **name: str) -> Record | None:
    resource = records.registry.resource(path)
    wanted = {column: fold(value) for column, value in name.items()}
    for record_id in records.store.matching(resource, 1, **wanted):
        found = records.target(path, record_id)
        if found and not found[0].get("inactiveFlag"):
            return found[0]
    return None


def _verb(exchange: Exchange) -> str:
    route = exchange.route
    assert route is not None
    if not route.writes:
        return "inquire"
    last = route.template.rpartition("/")[2].casefold()
    own = route.resource.path.rpartition("/")[2].casefold() if route.resource else ""
    if route.method == "POST" and last != own and last not in MAKING:
        return "edit"
    return METHODS.get(route.method, "edit")


def _granted(exchange: Exchange, resource: Resource | None, verb: str) -> str:
    caller, records = exchange.caller, exchange.records
    if caller.kind == INTEGRATOR:
        return _integrators_level(integrator(records, caller.login), resource, verb)
    if resource and resource.path.startswith(PERSONAL):
        return ALL
    function = _function(records, resource)
    mirrored = exchange.route is not None and "info" in exchange.route.template.split("/")
    if verb == "inquire" and (function == SETUP or mirrored):
        return ALL
    return _level(records, member(records, caller.login), function, verb)


def _function(records: Records, resource: Resource | None) -> str:
    return SETUP if resource is None else FUNCTIONS.get(_root(records, resource).path, SETUP)


def _root(records: Records, resource: Resource) -> Resource:
    while resource.parent_path:
        resource = records.registry.resource(resource.parent_path)
    return resource


def _level(records: Records, who: Record | None, function: str, verb: str) -> str:
    role_id = ((who or {}).get("securityRole") or {}).get("id")
    role = records.target(ROLES, role_id) if role_id else None
    if role_id is None or role is None or role[0].get("inactiveFlag"):
        return NONE
    if role[0].get("adminFlag"):
        return ALL
    # Asked for with every request of a member, and the same until somebody writes a setting.
    settings = records.registry.resource(SETTINGS)
    level: str = records.store.remembered(
        settings,
        ("level", role_id, function, verb),
        lambda: _set_level(records, role_id, function, verb),
    )
    return level


def _set_level(records: Records, role_id: int, function: str, verb: str) -> str:
    for setting in _settings(records, role_id):
        if setting.get("moduleFunctionIdentifier") == function:
            return str(setting.get(f"{verb}Level") or NONE)
    return NONE


def _settings(records: Records, role_id: int) -> Iterator[Record]:
    resource = records.registry.resource(SETTINGS)
    for setting_id in records.store.matching(resource, parent_id=role_id):
        found = records.target(SETTINGS, setting_id)
        if found:
            yield found[0]


def _integrators_level(login: Record | None, resource: Resource | None, verb: str) -> str:
    if login is None:
        return NONE
    everything = login.get("canAccessAllApisFlag") or (resource is None and verb == "inquire")
    path = resource.path if resource else ""
    open_to = (prefix for flag, paths in APIS.items() if login.get(flag) for prefix in paths)
    if not everything and not path.startswith(tuple(open_to)):
        return NONE
    return ALL if login.get("canAccessAllRecordsFlag") else MY


def _is_own(exchange: Exchange, verb: str) -> bool:
    """Tell whether the record in the path is the caller's; what is made or listed always is."""
    assert exchange.route is not None
    resource, ids = exchange.route.resource, exchange.ids
    if resource is None or not ids:
        return verb in {"inquire", "add"}
    records, root = exchange.records, _root(exchange.records, resource)
    if not ids[0].isdigit() or len(ids[0]) > 18:  # noqa: PLR2004
        return fold(ids[0]) == fold(exchange.caller.login)
    login = fold(exchange.caller.login)
    return any(
        records.store.matching(root, 1, id=int(ids[0]), **{column: login}) for column in OWNERS
    )


def _with_settings(draft: Draft) -> None:
    """Give a new role a setting for every function, all of them without any right."""
    if draft.before is not None:
        return
    records, resource = draft.records, draft.records.registry.resource(SETTINGS)
    for setting in list(_settings(records, 1)):
        bare = {name: NONE for name in setting if name.endswith("Level")}
        record = {**setting, **bare, "id": records.store.next_id(resource)}
        records.save(resource, record, new=True, parent=draft.record["id"])


RULES = {ROLES: Rules(written=_with_settings)}
