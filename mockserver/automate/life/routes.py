"""The operations of what moves, by the first word of their paths."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

from mockserver.automate.below import Below
from mockserver.automate.life import (
    attending,
    batches,
    collecting,
    commands,
    executing,
    inventory,
    maintenance,
    moving,
    patching,
    planning,
    policies,
    runs,
    schedules,
    statistics,
    watching,
)
from mockserver.automate.life.places import COMPUTERS
from mockserver.automate.profile import profile_of
from mockserver.automate.surface import SPACE
from mockserver.core.errors import MethodNotAllowed, UnknownEndpoint
from mockserver.core.schema import Resource
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers
from mockserver.web.routes import Handler, Route

Resources = Callable[[str], Resource]


def seed_only(handler: Handler) -> Handler:
    """Return a handler for a path that only the seed family knows (automate facts 88, 89)."""

    def guarded(exchange: Exchange) -> Answer:
        if not profile_of(exchange.caller).seed_routes:
            raise UnknownEndpoint(exchange.path)
        return handler(exchange)

    return guarded


def reading_only(handler: Handler) -> Handler:
    """Return a handler for a path that the observed API only reads (automate facts 89)."""

    def guarded(exchange: Exchange) -> Answer:
        if not profile_of(exchange.caller).seed_shapes:
            raise MethodNotAllowed(exchange.request.method, ("GET", "HEAD"))
        return handler(exchange)

    return guarded


def seed_writing(handler: Handler) -> Handler:
    """Return a handler for a write that only the seed family knows, of a path that others read."""

    def guarded(exchange: Exchange) -> Answer:
        if not profile_of(exchange.caller).seed_routes:
            raise MethodNotAllowed(exchange.request.method, ("GET", "HEAD"))
        return handler(exchange)

    return guarded


def watched(path: str, patch: Handler) -> Handler:
    """Return *patch* of the collection at *path*, followed by what a change of it sets going."""
    return maintenance.watching(patch) if path == COMPUTERS else patch


def _computers(_handlers: Handlers, resource: Resources) -> Iterable[Route]:
    one = "/Computers/{computerId}"
    queue, flat = resource(f"{SPACE}{commands.QUEUE}"), resource(f"{SPACE}{schedules.FLAT}")
    yield Route("POST", f"{one}/CommandExecute", commands.execute, queue, "observed")
    suspended = resource(f"{SPACE}{maintenance.SUSPENDED}")
    yield Route("POST", f"{one}/MonitorAlertSuspensions", maintenance.suspend, suspended)
    yield Route("POST", f"{one}/CommandPrompt", commands.prompt, evidence="observed")
    yield Route("POST", f"{one}/ScheduledScripts", planning.add_flat, flat, "observed")
    on_one = seed_only(executing.on_one)
    yield Route("POST", f"{one}/Scripts/{{scriptId}}/Execute", on_one, evidence="documented")
    yield Route("GET", f"{one}/PatchingStats", patching.stats)
    yield Route("GET", f"{one}/EffectivePatchingPolicy", policies.effective)
    yield Route("GET", f"{one}/OperatingSystem", inventory.operating_system)
    yield Route("GET", f"{one}/bios", inventory.bios)
    jobs = resource(f"{SPACE}Computers/PatchJobs")
    yield Route("GET", f"{one}/PatchJobs", patching.jobs, jobs, "assumed")
    yield Route("GET", f"{one}/Patches", seed_only(patching.patches))
    yield Route("GET", f"{one}/Antivirus", seed_only(patching.antivirus))
    software = "/computers/{computerId}/software/{softwareId}/uninstall"
    yield Route("POST", software, inventory.uninstall)


def _monitors(handlers: Handlers, resource: Resources) -> Iterable[Route]:
    monitors, one = resource(f"{SPACE}Monitors"), "/Monitors/Templates/{templateId}"
    yield Route("GET", "/Monitors/Status", seed_only(handlers.list), monitors)
    kinds = resource(f"{SPACE}Monitors/Templates")
    yield Route("GET", "/Monitors/Templates", seed_only(watching.listed_templates), kinds)
    yield Route("GET", one, seed_only(watching.one_template), kinds)
    at_group = seed_only(watching.add_to_group)
    yield Route("POST", "/Groups/{groupId}/Monitors", at_group)


def _monitors_of_one(handlers: Handlers, resource: Resources) -> Iterable[Route]:
    monitors, sensed = resource(f"{SPACE}Monitors"), resource(f"{SPACE}Computers/Monitors")
    below = Below(handlers, resource(f"{SPACE}Computers"), "computer_id")

    def listed(exchange: Exchange) -> Answer:
        """Answer the monitors of a computer in the shape of the dialect (10.3)."""
        seeds = profile_of(exchange.caller).seed_shapes
        assert exchange.route is not None
        exchange.route = replace(exchange.route, resource=monitors if seeds else sensed)
        return below.list(exchange) if seeds else handlers.list(exchange)

    path = "/Computers/{computerId}/Monitors"
    yield Route("GET", path, listed, sensed, "observed")
    yield Route("POST", path, seed_writing(watching.add_to_computer))
    yield Route("GET", f"{path}/{{monitorId}}/Status", seed_only(watching.status))


def _executions(handlers: Handlers, resource: Resources) -> Iterable[Route]:
    runs_of = resource(f"{SPACE}{runs.EXECUTIONS}")
    one = "/Scripts/Executions/{executionId}"
    on_many, read = seed_only(executing.on_many), seed_only(executing.one)
    yield Route("POST", "/Scripts/{scriptId}/Execute", on_many)
    yield Route("GET", one, read, runs_of)
    yield Route("POST", f"{one}/Cancel", seed_only(executing.cancel), runs_of, "assumed")
    for owner, column in (("Computers", "computerid"), ("Scripts", "scriptid")):
        own = Below(handlers, resource(f"{SPACE}{owner}"), column)
        below = "Scripts/Executions" if owner == "Computers" else "Executions"
        yield Route("GET", f"/{owner}/{{id}}/{below}", seed_only(own.list), runs_of)


def _alerts(_handlers: Handlers, resource: Resources) -> Iterable[Route]:
    alerts = resource(f"{SPACE}Alerts")
    one = "/Alerts/{alertId}"
    actions: Mapping[str, Handler] = {
        "Acknowledge": attending.acknowledge,
        "Resolve": attending.resolve,
        "Notes": attending.note,
        "CreateTicket": attending.ticket,
        "Suppress": attending.suppress,
    }
    for word, handler in actions.items():
        yield Route("POST", f"{one}/{word}", seed_only(handler), alerts)
    lines = resource(f"{SPACE}Alerts/History")
    yield Route("GET", f"{one}/History", seed_only(attending.history_of), lines)
    many = seed_writing(attending.acknowledge_many)
    yield Route("POST", "/Alerts/BulkAcknowledge", many, alerts)


def _batch(_handlers: Handlers, _resource: Resources) -> Iterable[Route]:
    yield Route("POST", "/Batch/ScriptExecute", batches.execute, evidence="observed")
    yield Route("POST", "/Batch/ScriptSchedule", batches.schedule, evidence="observed")
    yield Route("POST", "/Batch/Commands/SendTo", moving.send_to, evidence="observed")
    yield Route("POST", "/Batch/Groups/RemoveEntities", moving.remove, evidence="assumed")
    yield Route("POST", "/Batch/Scripting/Delete", collecting.delete_scripts, evidence="observed")
    yield Route("POST", "/Batch/Searches/SendTo", collecting.send_searches)


def _patch_actions(_handlers: Handlers, _resource: Resources) -> Iterable[Route]:
    for word in (*patching.ACTIONS, *patching.STAGES):
        yield Route("POST", f"/PatchActions/{word}", partial(patching.act, word))


def _patch_policies(_handlers: Handlers, _resource: Resources) -> Iterable[Route]:
    own = "/Patching/Policies/Override/{computerId}"
    yield Route("DELETE", own, policies.delete_override, evidence="observed")


def _statistics(_handlers: Handlers, resource: Resources) -> Iterable[Route]:
    scripts, one = resource(f"{SPACE}Scripts"), "/Statistics/ScriptInfo/{scriptId}"
    yield Route("GET", one, statistics.of_script, scripts, "observed")


def _services(_handlers: Handlers, _resource: Resources) -> Iterable[Route]:
    yield Route("POST", "/services/{serviceId}/classify", inventory.classify)


def _scripting(handlers: Handlers, resource: Resources) -> Iterable[Route]:
    plans = resource(f"{SPACE}{schedules.SCHEDULES}")
    one = "/Scripting/ScriptSchedules/{scheduledId}"
    yield Route("PATCH", one, partial(planning.changed, handlers), plans)
    yield Route("DELETE", one, planning.deleted, plans)


OWN: Mapping[str, tuple[Callable[[Handlers, Resources], Iterable[Route]], ...]] = {
    "Computers": (_computers, _executions, _monitors_of_one),
    "Monitors": (_monitors,),
    "Groups": (_monitors,),
    "Scripts": (_executions,),
    "Alerts": (_alerts,),
    "Batch": (_batch,),
    "Scripting": (_scripting,),
    "PatchActions": (_patch_actions,),
    "Patching": (_patch_policies,),
    "Statistics": (_statistics,),
    "services": (_services,),
}
