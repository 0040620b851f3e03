"""What Automate's actions do to the state, as far as names and declared bodies tell."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from mockserver.automate.below import Below
from mockserver.automate.computed import listed, told
from mockserver.automate.profile import profile_of
from mockserver.automate.surface import SPACE, Surface
from mockserver.core.errors import BadJson, Fault, Flaw, InvalidRecord
from mockserver.core.rules import Record
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers, record_id_of
from mockserver.web.means import Behaviour, resource_of
from mockserver.web.routes import Route

FOLDERS, MONITORS, HISTORY = f"{SPACE}ScriptFolders", f"{SPACE}Monitors", f"{SPACE}MonitorHistory"
CLIENTS, LOGINS = f"{SPACE}Clients", f"{SPACE}Clients/deploymentlogins"
CREDENTIALS = f"{SPACE}ExternalSystemCredentials"
SECOND = "/v2/Scripts/ScriptFolders"


# -- folders of scripts, which the second generation knows by their names ------------------------


def make_folder(exchange: Exchange, given: Mapping[str, Any]) -> Record:
    """Make a folder of the name in the body, below the folder in the path if there is one."""
    records, folders = exchange.records, exchange.records.registry.resource(FOLDERS)
    parent_id = int(exchange.ids[0]) if exchange.ids else 0
    if parent_id:
        records.get(folders, parent_id)
    payload = {"Name": _name(given), "ParentId": parent_id}
    made = records.create(folders, payload, exchange.caller.login)
    exchange.effects.append(f"{FOLDERS}/{made['Id']}")
    return {"ScriptFolderId": made["Id"], "Name": made["Name"]}


def rename_folder(exchange: Exchange) -> Answer:
    """Give the folder in the path the name in the body; where it lies stays."""
    records, folders = exchange.records, exchange.records.registry.resource(FOLDERS)
    folder_id = record_id_of(exchange, folders)
    records.get(folders, folder_id)
    document = exchange.json()
    if not isinstance(document, dict):
        raise BadJson("The body must be a JSON object.")
    changes = {"Name": _name(document)}
    changed = records.change(folders, folder_id, changes, exchange.caller.login)
    return Answer(200, orjson.dumps({"ScriptFolderId": folder_id, "Name": changed["Name"]}))


def _name(given: Mapping[str, Any]) -> Any:
    """Return the name that a body gives; a folder has nothing else in this generation."""
    name = next((value for key, value in given.items() if key.casefold() == "name"), None)
    if name is None:
        raise InvalidRecord(FOLDERS, (Fault(Flaw.MISSING, "Name"),))
    return name


# -- monitors ------------------------------------------------------------------------------------


def collected(exchange: Exchange) -> Answer:
    """Answer how the readings of the monitor in the path are drawn."""
    records = exchange.records
    monitor = records.get(records.registry.resource(MONITORS), int(exchange.ids[0]))
    drawn = {"MonitorId": monitor["MonitorID"], "GraphTitle": monitor.get("Name", "")}
    if monitor.get("Computer"):
        drawn["ComputerId"] = monitor["Computer"]["Id"]
    return told(exchange, drawn)


# -- credentials ---------------------------------------------------------------------------------


def credentials(exchange: Exchange) -> Answer:
    """Answer the logins of the client in the path, without what is secret of them."""
    records, client_id = exchange.records, int(exchange.ids[0])
    records.get(records.registry.resource(CLIENTS), client_id)
    logins = records.registry.resource(LOGINS)
    has = profile_of(exchange.caller).credentials_from_logins
    found = records.store.matching(logins, parent_id=client_id) if has else ()
    rows = [_credential(records.get(logins, each), client_id) for each in found]
    return listed(exchange, resource_of(exchange), rows)


def _credential(login: Record, client_id: int) -> Record:
    ids = {"CredentialsId": login["DeploymentLoginId"], "ClientId": client_id}
    return {**ids, "Title": login.get("Title", ""), "IsActive": True}


BEHAVIOURS: Mapping[tuple[str, str], Behaviour] = {
    ("POST", SECOND): make_folder,
    ("POST", f"{SECOND}/{{parentFolderId}}"): make_folder,
}


def routes(handlers: Handlers, surface: Surface) -> Iterable[Route]:
    """Yield the operations whose path or body is not what the collection's own would be."""
    folders, history = surface.resource(FOLDERS), surface.resource(HISTORY)
    yield Route("PUT", f"{SECOND}/{{scriptFolderId}}", rename_folder, folders)
    below = Below(handlers, surface.resource(MONITORS), "monitorid")
    yield Route("GET", "/MonitorHistory/{monitorId}", below.list, history, "assumed")
    drawn = "/Monitors/{monitorId}/DataCollectionSettings"
    yield Route("GET", drawn, collected, surface.resource(MONITORS), "assumed")
    known, of_client = (
        surface.resource(CREDENTIALS),
        "/ExternalSystemCredentials/Clients/{clientId}",
    )
    yield Route("GET", of_client, credentials, known, "assumed")
