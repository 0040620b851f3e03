"""Batch calls on scripts and searches themselves (automate facts 10.1)."""

from collections.abc import Callable

from mockserver.automate.life.places import (
    SCRIPTS,
    at,
    folded,
    found,
    kept,
    refused,
    whole,
    wholes,
)
from mockserver.automate.life.targets import batch_answer
from mockserver.core.errors import Fault, Flaw
from mockserver.web.exchange import Answer, Exchange

SEARCHES, FOLDERS = "Searches", "SearchFolders"


def delete_scripts(exchange: Exchange) -> Answer:
    """Delete the scripts in ``ScriptIds``, each as far as it is there."""
    ids = wholes(SCRIPTS, "ScriptIds", folded(exchange.json_object()).get("scriptids"))

    def deleted(script_id: int) -> str:
        if found(exchange.records, SCRIPTS, script_id) is None:
            return f"Script {script_id} was not found."
        exchange.records.delete(at(exchange.records, SCRIPTS), script_id, exchange.caller.login)
        return ""

    return _answer(exchange, ids, deleted, ("ScriptResults", "ScriptId"))


def send_searches(exchange: Exchange) -> Answer:
    """Move the searches in ``SearchIds`` to another folder."""
    records, given = exchange.records, folded(exchange.json_object())
    ids = wholes(SEARCHES, "SearchIds", given.get("searchids"))
    folder_id = whole(given.get("folderid"))
    if folder_id is None:
        flaw = Flaw.MISSING if given.get("folderid") is None else Flaw.WRONG_TYPE
        raise refused(SEARCHES, Fault(flaw, "FolderId", None, None))
    folder = found(records, FOLDERS, folder_id)

    def sent(search_id: int) -> str:
        search = found(records, SEARCHES, search_id)
        if folder is None:
            return f"Folder {folder_id} was not found."
        if search is None:
            return f"Search {search_id} was not found."
        shown = {"Id": folder["Id"], "Name": folder["Name"]}
        kept(records, SEARCHES, search, SearchFolder=shown)
        return ""

    return _answer(exchange, ids, sent, ("SearchResults", "SearchId"))


def _answer(
    exchange: Exchange, ids: list[int], act: Callable[[int], str], names: tuple[str, str]
) -> Answer:
    """Answer what came of each; what fails is told beside what does not."""
    with exchange.records.store.transaction():
        return batch_answer(exchange, names, {each: act(each) for each in ids})
