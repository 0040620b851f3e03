"""The reference client of both APIs; it imports nothing of the server."""

from mockserver.client.automate import AutomateClient
from mockserver.client.base import Conduct
from mockserver.client.conditions import Condition, F
from mockserver.client.errors import ConnectWiseError
from mockserver.client.gate import Gate
from mockserver.client.psa import PSAClient
from mockserver.client.quota import Pace
from mockserver.client.retry import RetryPolicy
from mockserver.client.shared_gate import SharedGate

__all__ = [
    "AutomateClient",
    "Condition",
    "Conduct",
    "ConnectWiseError",
    "F",
    "Gate",
    "PSAClient",
    "Pace",
    "RetryPolicy",
    "SharedGate",
]
