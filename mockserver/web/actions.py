"""Operations with an effect of their own: approve, convert, run."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mockserver.core.operation import Operation
from mockserver.core.rules import Record
from mockserver.core.schema import Kind
from mockserver.web.examples import example
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.means import Exactly, Means, Outcome, Shown


@dataclass(frozen=True)
class Action:
    """An operation with an effect of its own: it validates, behaves, answers its declared form."""

    means: Means
    operation: Operation

    def __call__(self, exchange: Exchange) -> Answer:
        """Carry it out and answer."""
        record = self.means.named(exchange, self.operation)
        given = self.means.accepted(exchange, self.operation)
        key = (self.operation.method, self.operation.template)
        behaviour = self.means.behaviours.get(key)
        made = behaviour(exchange, given) if behaviour else self._itself(exchange, record)
        if isinstance(made, Shown):
            resource = exchange.records.registry.resource(made.path)
            shown = self.means.handlers.shown(exchange, resource, made.record_id)
            return replace(shown, status=self.operation.status)
        if not self._answers:
            return Answer(self.operation.status)
        form = self._form(exchange, given, made)
        return Answer(self.operation.status, self.means.api.written(exchange, form))

    def _itself(self, exchange: Exchange, record: Record | None) -> Shown | None:
        """Return the record that the path names where the operation answers one of its kind."""
        resource = exchange.route.resource if exchange.route else None
        same = resource is not None and self.operation.model_out == resource.model
        if record is None or resource is None or not same or self.operation.out_is_list:
            return None
        return Shown(resource.path, record[resource.key])

    @property
    def _answers(self) -> bool:
        declared = self.operation.model_out or self.operation.scalar_out
        return declared is not None and self.operation.status != 204  # noqa: PLR2004

    def _form(self, exchange: Exchange, given: Mapping[str, Any], made: Outcome) -> Any:
        operation = self.operation
        now = exchange.tenant.clock.text().removesuffix("Z") + self.means.zone
        if operation.model_out is None:
            plain = _scalar(operation.scalar_out, now) if made is None else made
            return [] if operation.out_is_list and made is None else plain
        if isinstance(made, list):
            return [self._object(exchange, {}, each, now) for each in made]
        told = made if isinstance(made, Mapping) else {}
        if operation.model_out == "SuccessResponse":
            return {"success": True, "message": "Success", **told}
        shown = self._object(exchange, given, told, now)
        return [shown] if operation.out_is_list else shown

    def _object(
        self, exchange: Exchange, given: Mapping[str, Any], told: Mapping[str, Any], now: str
    ) -> Any:
        """Return the declared answer with the members that are known, or those of no model."""
        model = self.operation.model_out or ""
        if isinstance(told, Exactly):
            return {
                each.name: told[each.name] for each in self.means.model(model) if each.name in told
            }
        known = {**self._path_ids(exchange, model), **given, **told}
        return example(self.means.model(model), now, known) or dict(told)

    def _path_ids(self, exchange: Exchange, model: str) -> dict[str, Any]:
        """Return the members of the answer that the path names (``MonitorId``), with its ids."""
        pairs = zip(self.operation.ids, exchange.ids, strict=False)
        named = {name.casefold(): value for name, value in pairs}
        return {
            each.name: int(named[each.name.casefold()])
            for each in self.means.model(model)
            if each.kind is Kind.INTEGER and named.get(each.name.casefold(), "").isdigit()
        }


def _scalar(kind: Kind | None, now: str) -> Any:
    values: Mapping[Kind, Any] = {
        Kind.INTEGER: 1,
        Kind.NUMBER: 0.0,
        Kind.TEXT: "",
        Kind.FLAG: True,
        Kind.INSTANT: now,
    }
    return {} if kind is None else values.get(kind, {})
