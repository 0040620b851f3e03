"""What both clients are made of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self, TypeVar

import requests
from requests.adapters import HTTPAdapter

from mockserver.client.batches import Done, batch_process
from mockserver.client.call import Answer, Call, Session, Signer
from mockserver.client.clock import Chance, ClientClock, SystemClock, dice
from mockserver.client.gate import Gate
from mockserver.client.pages import Params
from mockserver.client.quota import Pace
from mockserver.client.resources import Collection
from mockserver.client.retry import RetryBudget, RetryPolicy, kind_of
from mockserver.client.secrets import Scrubber
from mockserver.client.single_flight import SingleFlight
from mockserver.client.transport import TIMEOUT_S, Transport

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass
class Conduct:
    """How a client behaves; everything can be left as it is.

    Attributes:
        session: Sends; ``requests.Session`` by default, never changed by the client.
        clock: The client's time.
        chance: For jitter.
        policy: What is repeated when.
        pace: How fast requests go out.
        gate: Share one among clients of the same credentials; made by default.
        timeout_s: To connect, and between bytes of an answer.
        cache_s: How long reference data is kept.
        options: Returns further keyword arguments of ``session.request`` for a call.
    """

    session: Session | None = None
    clock: ClientClock | None = None
    chance: Chance | None = None
    policy: RetryPolicy | None = None
    pace: Pace | None = None
    gate: Gate | None = None
    timeout_s: tuple[float, float] = TIMEOUT_S
    cache_s: float = 300.0
    options: Callable[[Call], Mapping[str, Any]] = lambda _call: {}


def pooled_session() -> requests.Session:
    """Return a session with as many connections as requests may be under way."""
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_connections=4, pool_maxsize=16))
    return session


class BaseClient:
    """The part of a client that does not know the vendor.

    Args:
        base_url: Where the API is, without a slash at the end.
        conduct: How it behaves.
        secrets: What must not be seen in errors and logs.
    """

    def __init__(self, base_url: str, conduct: Conduct, secrets: Sequence[str | None] = ()) -> None:
        clock, chance = conduct.clock or SystemClock(), conduct.chance or dice()
        scrubber = Scrubber()
        scrubber.learn(*secrets)
        self._conduct = conduct
        self._transport = Transport(
            base_url=base_url,
            session=conduct.session or pooled_session(),
            clock=clock,
            chance=chance,
            gate=conduct.gate or Gate(clock, chance, conduct.pace),
            policy=conduct.policy or RetryPolicy(),
            budget=RetryBudget(),
            scrubber=scrubber,
            timeout_s=conduct.timeout_s,
            options=conduct.options,
        )
        self._kept: dict[tuple[str, str], tuple[float, Any]] = {}
        self._loads: dict[tuple[str, str], SingleFlight[Any]] = {}

    @property
    def base_url(self) -> str:
        """Return where the API is."""
        return self._transport.base_url

    @property
    def gate(self) -> Gate:
        """Return the gate, to share it with another client of the same credentials."""
        return self._transport.gate

    def close(self) -> None:
        """End all waits with ClientClosed, and the session if it is the client's own."""
        self.gate.close()
        session = self._transport.session
        if self._conduct.session is None and isinstance(session, requests.Session):
            session.close()

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close it."""
        self.close()

    def _signer(self) -> Signer:
        raise NotImplementedError

    def send(self, call: Call) -> Answer:
        """Return the answer to a call."""
        return self._transport.send(call, self._signer())

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        reads: bool = False,
    ) -> Answer:
        """Return the answer to any request below the base URL.

        Args:
            method: In capitals.
            path: ``/service/tickets/5``.
            params: Of the query.
            body: JSON to send.
            headers: Further headers.
            reads: Whether a POST only searches, so that it may be repeated.
        """
        kind = kind_of(method, body, reads=reads)
        call = Call(method, path, params or {}, body, headers or {}, kind, wants_json=False)
        return self.send(call)

    def reference(self, collection: Collection[Any], conditions: str | None = None) -> list[Any]:
        """Return rows that seldom change, fetched once in a while for all threads.

        Boards, statuses, priorities, members: seed 002 advises to keep them.
        """
        key = (repr(collection), conditions or "")
        flight = self._loads.setdefault(key, SingleFlight(self._transport.clock))
        rows: list[Any] = flight.get(
            lambda: self._fresh(key), lambda: self._load(key, collection, conditions)
        )
        return list(rows)

    def forget_reference(self) -> None:
        """Fetch reference data anew when it is asked for next."""
        self._kept.clear()

    def _fresh(self, key: tuple[str, str]) -> Any:
        until_s, rows = self._kept.get(key, (float("-inf"), None))
        return rows if self._transport.clock.now_s() < until_s else None

    def _load(
        self, key: tuple[str, str], collection: Collection[Any], conditions: str | None
    ) -> list[Any]:
        rows = collection.list(conditions).all()
        self._kept[key] = self._transport.clock.now_s() + self._conduct.cache_s, rows
        return rows

    def batch_process(
        self,
        items: Iterable[Item],
        process: Callable[[Item], Result],
        *,
        workers: int = 4,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Done[Item, Result]]:
        """Return what *process* made of every item, in their order; errors are kept, not raised.

        Args:
            items: What to work on.
            process: Called in threads; the gate keeps their requests within the quota.
            workers: How many threads.
            progress: Called with how many are done, and of how many, from one thread at a time.
        """
        return batch_process(list(items), process, workers=workers, progress=progress)

    def rest_before(self, number: int) -> None:
        """Wait before repetition *number*; ``close`` ends it."""
        transport = self._transport
        transport.gate.rest(transport.policy.backoff_s(number, transport.chance))

    def operations(self, changes: Mapping[str, Any]) -> Any:
        """Return the operations that set members."""
        return [
            {"op": "replace", "path": f"/{name.lstrip('/')}", "value": value}
            for name, value in changes.items()
        ]

    def counted_by_header(self, path: str, params: Params) -> int | None:
        """Return the total that a list of one row names in its headers, or None."""
        answer = self.send(Call("GET", path, {**params, "pageSize": 1}))
        total = answer.headers.get("Total-Count") or answer.headers.get("X-Total-Count") or ""
        return int(total) if total.isascii() and total.isdigit() else None

    def _again(self, **changes: Any) -> Conduct:
        """Return this client's conduct for another one."""
        return replace(self._conduct, **changes)
