"""Members who leave, their single sign-on, and the caller's own record (psa facts 8.5)."""

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.core.errors import Fault, Flaw, InvalidRecord, RecordNotFound
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.psa.security import member
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers
from mockserver.web.means import Behaviour, Exactly

MEMBERS, SHEETS = "system/members", "time/sheets"
DUTIES = "system/departments/locations"
STRUCTURE = "system/myCompany/corporateStructure"
#: What a member may have been assigned to, by the word of the body: collections and the field that
#: names the member there.
ASSIGNMENTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "activity": (("sales/activities", "assignTo"),),
    "serviceTeam": (("service/boards/teams", "teamLeader"), ("service/teams", "leader")),
    "companyTeam": (("company/companies/teams", "member"),),
    "workflowEmail": (("system/workflows/events/actions", "specificMemberTo"),),
    "sendFromEmailNotify": (("system/workflows/events/actions", "specificMemberFrom"),),
    "ticketTemplate": (("service/templates", "assignedBy"),),
    "opportunity": (
        ("sales/opportunities", "primarySalesRep"),
        ("sales/opportunities", "secondarySalesRep"),
    ),
    "salesTeam": (("sales/salesTeams/members", "member"),),
    "projectManager": (("project/projects", "manager"),),
    "projectTimeApprover": (("project/projects", "timeApprover"),),
    "projectExpenseApprover": (("project/projects", "expenseApprover"),),
    "knowledgeBaseArticle": (("service/knowledgeBaseCategories", "approver"),),
    "myCompanyPresident": ((STRUCTURE, "president"),),
    "myCompanyCOO": ((STRUCTURE, "chiefOperatingOfficer"),),
    "myCompanyController": ((STRUCTURE, "controller"),),
    "myCompanyDispatch": ((STRUCTURE, "dispatcher"),),
    "myCompanyServiceManager": ((STRUCTURE, "serviceManager"),),
    "myCompanyDutyManagerRole": ((STRUCTURE, "dutyManager"),),
    "departmentManager": ((DUTIES, "departmentManager"),),
    "dispatchMember": ((DUTIES, "dispatch"),),
    "serviceManager": ((DUTIES, "serviceManager"),),
    "dutyManager": ((DUTIES, "dutyManager"),),
}
Plan = Mapping[str, list[tuple[str, str, int]]]


def deactivate(exchange: Exchange, given: Mapping[str, Any]) -> Record:
    """Make the member in the path inactive, and let others do what the body gives them."""
    records, author = exchange.records, exchange.caller.login
    members, member_id = records.registry.resource(MEMBERS), int(exchange.ids[0])
    with records.store.transaction():
        plan = _assigned(records, member_id)
        told = dict(_reassigned(records, plan, given, author))
        if given.get("deleteOpenTimeSheetsFlag"):
            _delete_sheets(records, member_id, author, unused=False)
        left = {"inactiveFlag": True, "inactiveDate": records.clock.text()}
        records.change(members, member_id, left, author)
    return told


def _assigned(records: Records, member_id: int) -> Plan:
    """Return the records that name a member, by the word that the body has for them."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    for word, places in ASSIGNMENTS.items():
        found[word] = [
            (path, name, owner_id)
            for path, name in places
            for owner_id in _naming(records, path, name, member_id)
        ]
    return found


def _naming(records: Records, path: str, name: str, member_id: int) -> tuple[int, ...]:
    owner = records.registry.resource(path)
    return records.users(owner, owner.members[name.casefold()], member_id)


def _reassigned(
    records: Records, plan: Plan, given: Mapping[str, Any], author: str
) -> Iterator[tuple[str, Any]]:
    """Give the records to whom the body names, and yield what is told of each word."""
    for word, places in plan.items():
        wish = given.get(word)
        wishes = wish if isinstance(wish, list) else [wish or {}]
        heir = next((x["reAssignToMember"] for x in wishes if x.get("reAssignToMember")), None)
        if heir is not None:
            _check_heir(records, word, heir)
            for path, name, owner_id in places:
                owner = records.registry.resource(path)
                records.change(owner, owner_id, {name: {"id": heir["id"]}}, author)
        if not isinstance(wish, list) and word != "companyTeam":
            shown = {"count": len(places)}
            yield word, shown if heir is None else {**shown, "reAssignToMember": heir}


def _check_heir(records: Records, word: str, heir: Record) -> None:
    found = records.target(MEMBERS, heir.get("id") or 0)
    if found is None or found[0].get("inactiveFlag"):
        path = f"{word}/reAssignToMember"
        fault = Fault(Flaw.UNKNOWN_REFERENCE, path, (MEMBERS, None, None), heir.get("id"))
        raise InvalidRecord(MEMBERS, (fault,))


def delete_unused_sheets(exchange: Exchange, given: Mapping[str, Any]) -> None:  # noqa: ARG001
    """Remove the open time sheets of the member in the path on which nobody wrote."""
    with exchange.records.store.transaction():
        _delete_sheets(exchange.records, int(exchange.ids[0]), exchange.caller.login, unused=True)


def _delete_sheets(records: Records, member_id: int, author: str, *, unused: bool) -> None:
    sheets = records.registry.resource(SHEETS)
    entries = records.registry.resource("time/entries")
    for sheet_id in _naming(records, SHEETS, "member", member_id):
        written = records.store.matching(entries, 1, timesheet_id=sheet_id)
        # What has entries stays, since these tell of hours that somebody worked.
        if written or (unused and records.get(sheets, sheet_id).get("status") != "Open"):
            continue
        records.delete(sheets, sheet_id, author)


# -- single sign-on -----------------------------------------------------------------------------


def link(exchange: Exchange, given: Mapping[str, Any]) -> None:
    """Let the member in the path sign on with the identity in the body."""
    settings = {"ssoUserId": given.get("ssoUserId")}
    _settle(exchange, int(exchange.ids[0]), settings)


def unlink(exchange: Exchange, given: Mapping[str, Any]) -> None:  # noqa: ARG001
    """Let the member in the path sign on with a password again."""
    _settle(exchange, int(exchange.ids[0]), None)


def _settle(exchange: Exchange, member_id: int, settings: Record | None) -> None:
    members = exchange.records.registry.resource(MEMBERS)
    shown = exchange.records.get(members, member_id)
    record = {name: value for name, value in shown.items() if name != "ssoSettings"}
    if settings is not None:
        record["ssoSettings"] = {"userName": shown.get("identifier"), **settings}
    exchange.records.save(members, record)


def leave(exchange: Exchange, given: Mapping[str, Any]) -> None:  # noqa: ARG001
    """Make the member inactive who signs on with the identity in the path, or has its number."""
    records, identity = exchange.records, exchange.ids[0]
    members = records.registry.resource(MEMBERS)
    for member_id in records.store.matching(members):
        settings = records.get(members, member_id).get("ssoSettings") or {}
        if identity in {settings.get("ssoUserId"), str(member_id)}:
            left = {"inactiveFlag": True, "inactiveDate": records.clock.text()}
            records.change(members, member_id, left, exchange.caller.login)
            return
    raise RecordNotFound(MEMBERS, identity)


def own(exchange: Exchange, given: Mapping[str, Any]) -> Exactly:  # noqa: ARG001
    """Return the caller's own member; a login that is none has no members of its own."""
    found = member(exchange.records, exchange.caller.login) or {}
    full_name = f"{found.get('firstName', '')} {found.get('lastName', '')}".strip()
    return Exactly({**found, "fullName": full_name} if found else {})


def with_sso(handlers: Handlers, exchange: Exchange) -> Answer:
    """Answer one page of the members who sign on with an identity of a provider's."""
    resource = exchange.records.registry.resource(MEMBERS)
    query = handlers.api.list_query(exchange, resource, None)
    identity = exchange.records.store.table(resource).c.ssosettings_ssouserid
    return handlers.page(exchange, resource, query.narrowed([identity.is_not(None)], "sso"))


BEHAVIOURS: Mapping[tuple[str, str], Behaviour] = {
    ("POST", "/system/members/{id}/deactivate"): deactivate,
}
#: What these do follows from their names alone.
NAMED: Mapping[tuple[str, str], Behaviour] = {
    ("DELETE", "/system/members/{id}/unusedTimeSheets"): delete_unused_sheets,
    ("POST", "/system/members/{id}/linkSsoUser"): link,
    ("POST", "/system/members/{id}/unlinkSsoUser"): unlink,
    ("POST", "/system/members/{ssoid}/deactivateIamMember"): leave,
    ("GET", "/system/myMembers"): own,
    ("GET", "/system/myMembers/info"): own,
}
OPERATIONS = {("GET", f"/{MEMBERS}/withSso"): with_sso}
