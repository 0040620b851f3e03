"""Projects made from templates, templates made from projects, and the plans of both."""

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.core.errors import BadJson, Fault, Flaw, InvalidRecord
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers
from mockserver.web.means import Behaviour

PROJECTS, TEMPLATES = "project/projects", "project/projectTemplates"
PHASES, TICKETS = f"{PROJECTS}/phases", "project/tickets"
TEMPLATE_PHASES = f"{TEMPLATES}/projectTemplatePhases"
TEMPLATE_TICKETS = f"{TEMPLATES}/projectTemplateTickets"
#: What a phase is called in a project and in a template.
PHASE_MEMBERS = {
    "description": "description",
    "budgetHours": "budgetHours",
    "notes": "notes",
    "wbsCode": "wbsCode",
    "markAsMilestoneFlag": "markAsMilestone",
    "billSeparatelyFlag": "phaseBilledSeparately",
}
#: The same of a ticket.
TICKET_MEMBERS = {
    "summary": "description",
    "budgetHours": "budgetHours",
    "wbsCode": "wbsCode",
    "priority": "priority",
    "source": "source",
    "workRole": "workRole",
    "workType": "workType",
}
#: What a ticket says when it is made, and a template keeps.
TEXTS = {
    "initialDescription": "notes",
    "initialInternalAnalysis": "internalAnalysis",
    "initialResolution": "resolution",
}
#: What a plan shows of a phase, beside what is called alike.
PLANNED = {
    "scheduled_Hours": "scheduledHours",
    "scheduled_Start": "scheduledStart",
    "scheduled_End": "scheduledEnd",
    "billPhaseSeparately": "billSeparatelyFlag",
}
SHOWN = (
    *("id", "projectId", "description", "status", "parentPhase", "wbsCode", "notes"),
    *("markAsMilestoneFlag", "startDate", "endDate", "budgetHours", "actualHours"),
)


# -- a project from templates -------------------------------------------------------------------


def apply(exchange: Exchange, given: Mapping[str, Any]) -> Record:  # noqa: ARG001
    """Give the project in the path the phases and tickets of the template in the path."""
    return _applied(exchange, [int(exchange.ids[1])])


def apply_several(exchange: Exchange, given: Mapping[str, Any]) -> Record:  # noqa: ARG001
    """Give the project in the path the phases and tickets of the templates in the body."""
    ids = [each.get("id") for each in exchange.json()]
    if not all(map(_is_id, ids)):
        raise BadJson("Each template must have an integer id.")
    return _applied(exchange, ids)


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 31


def _applied(exchange: Exchange, template_ids: Iterable[int]) -> Record:
    records, author, project_id = exchange.records, exchange.caller.login, int(exchange.ids[0])
    projects = records.registry.resource(PROJECTS)
    with records.store.transaction():
        records.get(projects, project_id)
        for template_id in template_ids:
            if records.target(TEMPLATES, template_id) is None:
                fault = Fault(Flaw.UNKNOWN_REFERENCE, "id", (TEMPLATES, None, None), template_id)
                raise InvalidRecord(PROJECTS, (fault,))
            _apply(records, project_id, template_id, author)
            records.change(projects, project_id, {"projectTemplateId": template_id}, author)
    return _plan(records, project_id)


def _apply(records: Records, project_id: int, template_id: int, author: str) -> None:
    phases = records.registry.resource(PHASES)
    tickets = records.registry.resource(TICKETS)
    made: dict[int, int] = {}
    for phase in _below(records, TEMPLATE_PHASES, template_id):
        payload = _renamed(phase, PHASE_MEMBERS)
        payload.setdefault("description", f"Phase {len(made) + 1}")
        if phase.get("parentPhase") in made:
            payload["parentPhase"] = {"id": made[phase["parentPhase"]]}
        made[phase["id"]] = records.create(phases, payload, author, project_id)["id"]
    for ticket in _below(records, TEMPLATE_TICKETS, template_id):
        phase_id = made.get(ticket.get("projectTemplatePhaseId", 0)) or next(
            iter(made.values()), None
        )
        if phase_id is None:  # a project's ticket must lie in a phase
            name = records.get(records.registry.resource(TEMPLATES), template_id)["name"]
            phase_id = records.create(phases, {"description": name}, author, project_id)["id"]
            made[0] = phase_id
        payload = _renamed(ticket, {**TICKET_MEMBERS, **TEXTS})
        payload |= {
            "phase": {"id": phase_id},
            "isIssueFlag": ticket.get("recordType") == "ProjectIssue",
        }
        records.create(tickets, payload, author)


def _below(records: Records, path: str, parent_id: int) -> list[Record]:
    resource = records.registry.resource(path)
    found = records.store.matching(resource, parent_id=parent_id)
    return [records.get(resource, each) for each in found]


def _renamed(source: Record, names: Mapping[str, str]) -> Record:
    """Return the members of *source* that *names* names there, called as it calls them."""
    found = {here: source[there] for here, there in names.items() if source.get(there) is not None}
    return {
        name: {"id": value["id"]} if isinstance(value, dict) else value
        for name, value in found.items()
    }


# -- plans ---------------------------------------------------------------------------------------


def plan(exchange: Exchange, given: Mapping[str, Any]) -> Record:  # noqa: ARG001
    """Return the phases of the project in the path."""
    return _plan(exchange.records, int(exchange.ids[0]))


def _plan(records: Records, project_id: int) -> Record:
    return {
        "projectId": project_id,
        "phases": [_planned(each) for each in _below(records, PHASES, project_id)],
    }


def _planned(phase: Record) -> Record:
    shown = {name: phase[name] for name in SHOWN if name in phase}
    more = {name: phase[here] for name, here in PLANNED.items() if here in phase}
    return {**shown, **more}


# -- a template from a project --------------------------------------------------------------------


def create_from_project(handlers: Handlers, exchange: Exchange) -> Answer:
    """Make a template of the phases and tickets of the project in the path, and answer it."""
    records, author = exchange.records, exchange.caller.login
    templates = records.registry.resource(TEMPLATES)
    project_id = int(exchange.ids[0])
    with records.store.transaction():
        records.get(records.registry.resource(PROJECTS), project_id)
        payload = handlers.api.payload(exchange, templates)
        template_id = records.create(templates, payload, author)["id"]
        _keep(records, project_id, template_id, author)
        shown = handlers.shown(exchange, templates, template_id)
    status, headers = handlers.api.created(exchange, template_id)
    return Answer(status, shown.body, headers)


def _keep(records: Records, project_id: int, template_id: int, author: str) -> None:
    phases = records.registry.resource(TEMPLATE_PHASES)
    tickets = records.registry.resource(TEMPLATE_TICKETS)
    kept_as = {there: here for here, there in PHASE_MEMBERS.items()}
    made: dict[int, int] = {}
    for phase in _below(records, PHASES, project_id):
        payload = _renamed(phase, kept_as)
        parent_id = (phase.get("parentPhase") or {}).get("id")
        if parent_id in made:
            payload["parentPhase"] = made[parent_id]
        made[phase["id"]] = records.create(phases, payload, author, template_id)["id"]
    source = records.registry.resource(TICKETS)
    kept_as = {there: here for here, there in TICKET_MEMBERS.items()}
    for ticket_id in records.store.matching(source, project_id=project_id):
        ticket = records.get(source, ticket_id)
        payload = _renamed(ticket, kept_as)
        phase_id = made.get((ticket.get("phase") or {}).get("id", 0))
        if phase_id is not None:
            payload["projectTemplatePhaseId"] = phase_id
        records.create(tickets, payload, author, template_id)


#: What these do follows from their names alone.
NAMED: Mapping[tuple[str, str], Behaviour] = {
    ("POST", "/project/projects/{parentId}/applyTemplate/{id}"): apply,
    ("POST", "/project/projects/{parentId}/applyTemplates"): apply_several,
    ("GET", "/project/projects/{id}/projectWorkplan"): plan,
}
OPERATIONS = {("POST", "/project/projectTemplates/createFromProject/{id}"): create_from_project}
