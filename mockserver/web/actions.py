"""Operations with an effect of their own: approve, convert, run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from mockserver.core.operation import Operation
from mockserver.core.rules import Record
from mockserver.core.schema import Kind
from mockserver.web.examples import example
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.means import Means


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
        made = behaviour(exchange, given) if behaviour else None
        if not self._answers:
            return Answer(self.operation.status)
        return Answer(
            self.operation.status, orjson.dumps(self._form(exchange, record, given, made))
        )

    @property
    def _answers(self) -> bool:
        declared = self.operation.model_out or self.operation.scalar_out
        return declared is not None and self.operation.status != 204  # noqa: PLR2004

    def _form(
        self,
        exchange: Exchange,
        record: Record | None,
        given: Mapping[str, Any],
        made: Mapping[str, Any] | None,
    ) -> Any:
        operation = self.operation
        now = exchange.tenant.clock.text().removesuffix("Z") + self.means.zone
        if operation.model_out == "SuccessResponse":
            return {"success": True, "message": "Success", **(made or {})}
        if operation.model_out is None:
            return [] if operation.out_is_list else _scalar(operation.scalar_out, now)
        resource = exchange.route.resource if exchange.route else None
        if made is None and record and resource and operation.model_out == resource.model:
            made = record
        known = {**self._path_ids(exchange, operation.model_out), **given, **(made or {})}
        shown = example(self.means.model(operation.model_out), now, known)
        return [shown] if operation.out_is_list else shown

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
