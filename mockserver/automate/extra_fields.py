"""Extra fields over HTTP, in both spellings (C23).

The vendor's ``/ExtraFields/{definition}`` takes JSON Patch on the settings; the seed family's
``/ExtraDataFields/{EDFID}`` takes ``{"Value": …}``. Both work on the same rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from mockserver.automate.computed import listed, told
from mockserver.automate.profile import profile_of
from mockserver.automate.resources.extra import OWNERS, VALUES, reset, settings_of, value_of
from mockserver.automate.surface import SPACE, Surface
from mockserver.core.errors import BadJson, InvalidParameter, RecordNotFound, Refusal
from mockserver.core.rules import Record
from mockserver.core.schema import Resource
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.handlers import Handlers, parent_id_of
from mockserver.web.means import resource_of
from mockserver.web.routes import Route


@dataclass(frozen=True)
class ExtraFields:
    """The operations on extra fields.

    Args:
        handlers: The vendor's CRUD.
    """

    handlers: Handlers

    def routes(self, surface: Surface, owner: str) -> Iterable[Route]:
        """Yield the operations on the extra fields of one kind of target."""
        if owner not in OWNERS:
            return
        resource = surface.resource(f"{SPACE}{owner}/ExtraFields")
        one = f"/{owner}/{{id}}/ExtraFields/{{extraFieldDefinitionId}}"
        seeds = f"/{owner}/{{id}}/ExtraDataFields"
        yield Route("PATCH", one, self.patch, resource, "observed")
        yield Route("DELETE", one, self.reset, resource, "documented")
        short = surface.resource(f"{SPACE}{owner}/ExtraDataFields")
        yield Route("GET", seeds, partial(self.list, resource), short, "documented")
        yield Route("GET", f"{seeds}/{{edfId}}", self.read, resource, "documented")
        yield Route("PUT", f"{seeds}/{{edfId}}", self.put, resource, "documented")

    def patch(self, exchange: Exchange) -> Answer:
        """Change a field's value by a patch on its settings (automate facts 72)."""
        self._aim(exchange)
        return self.handlers.patch(exchange)

    def reset(self, exchange: Exchange) -> Answer:
        """Give a field its default again and answer it (automate facts 64)."""
        row = reset(self._aim(exchange))
        name, settings = settings_of(row)
        return self._changed(exchange, {name: settings})

    def list(self, resource: Resource, exchange: Exchange) -> Answer:
        """Answer the fields of a target, which *resource* holds, as the seed family has them."""
        owner_id, records = parent_id_of(exchange, resource, child=0), exchange.records
        only = profile_of(exchange.caller).only(resource.path)
        ids = records.store.matching(resource, -1, **{"parent_id": owner_id, **only})
        rows = [_short(records.get(resource, each)) for each in ids]
        return listed(exchange, resource_of(exchange), rows)

    def read(self, exchange: Exchange) -> Answer:
        """Answer one field as the seed family has it."""
        return told(exchange, _short(self._aim(exchange)))

    def put(self, exchange: Exchange) -> Answer:
        """Set a field to ``Value``."""
        members = {name.casefold(): value for name, value in exchange.json_object().items()}
        if "value" not in members:
            raise BadJson("The body must have a Value.")
        row = self._aim(exchange)
        name, settings = settings_of(row)
        changed = {**settings, VALUES[name]: members["value"]}
        return Answer(
            200, orjson.dumps(_short(orjson.loads(self._changed(exchange, {name: changed}).body)))
        )

    def _aim(self, exchange: Exchange) -> Record:
        """Return the row of the target and definition in the path, and let the path name it."""
        resource = resource_of(exchange)
        owner_id, definition = parent_id_of(exchange, resource, child=1), int(exchange.ids[-1])
        equals = {"parent_id": owner_id, "extrafielddefinitionid": definition}
        found = exchange.records.store.matching(resource, 1, **equals)
        if not found:
            raise _missing(exchange, resource.path, definition)
        exchange.ids = (*exchange.ids[:-1], str(found[0]))
        return exchange.records.get(resource, found[0])

    def _changed(self, exchange: Exchange, changes: Mapping[str, Any]) -> Answer:
        resource, records = resource_of(exchange), exchange.records
        row_id = int(exchange.ids[-1])
        with records.store.transaction():
            records.change(resource, row_id, changes, exchange.caller.login)
            return self.handlers.shown(exchange, resource, row_id)


def _missing(exchange: Exchange, path: str, definition: int) -> Refusal:
    """Return how a field is refused that does not exist, which differs by the spelling."""
    assert exchange.route is not None
    word = exchange.route.template.split("/")[-2]
    status = profile_of(exchange.caller).unknown_extra_field_status.get(word, 404)
    if status == 404 or not exchange.route.writes:  # noqa: PLR2004
        return RecordNotFound(path, definition)
    name, text = KEYS.get(word, "ExtraFieldDefinitionId"), "The field does not exist."
    return InvalidParameter(name, str(definition), text, status=status)


#: What the seed family calls a definition's id.
KEYS: Mapping[str, str] = {"ExtraDataFields": "EDFID"}


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    kind = (row.get("DisplayFormat") or {}).get("Name")
    shown = {"EDFID": row["ExtraFieldDefinitionId"], "Name": row.get("Title")}
    return {**shown, "Value": value_of(row), "Type": kind}
