"""The status of what changes something and makes nothing new (psa facts U3)."""

from dataclasses import replace

from mockserver.core.operation import Operation, OperationKind
from mockserver.psa.envelope import psa_profile
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.routes import Handler

OK = 200


def is_settable(operation: Operation) -> bool:
    """Tell whether nobody has seen what a success of *operation* is answered with."""
    is_action = operation.kind is OperationKind.ACTION and operation.method == "POST"
    return is_action and operation.status == OK


def settled(handler: Handler, exchange: Exchange) -> Answer:
    """Answer an action with the status that the profile has for it."""
    answer = handler(exchange)
    status = psa_profile(exchange).action_status
    return replace(answer, status=status) if answer.status == OK else answer
