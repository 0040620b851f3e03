"""Asks a target what a fact needs to know; whatever it creates it deletes again."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.checks.exchange import Exchange, Recorder
from mockserver.checks.fact import Differs, Fact, NotTried, Profile
from mockserver.client import AutomateClient, PSAClient
from mockserver.client.base import BaseClient
from mockserver.client.call import Call
from mockserver.client.errors import ConnectWiseError, NotFound, SettingMissing
from mockserver.client.retry import Kind


@dataclass
class Target:
    """A system to be asked.

    Attributes:
        name: For people.
        psa: Returns a client by profile, or None where PSA is not configured.
        automate: The same for Automate.
        recorder: Sees all that passes.
    """

    name: str
    recorder: Recorder
    psa: Mapping[Profile, PSAClient] = field(default_factory=dict)
    automate: Mapping[Profile, AutomateClient] = field(default_factory=dict)

    def client(self, api: str, profile: Profile) -> BaseClient | None:
        """Return the client for one vendor's answers in one profile, or None."""
        clients: Mapping[Profile, BaseClient] = self.psa if api == "psa" else self.automate
        return clients.get(profile)


class Probe:
    """One trial of one fact on one target.

    Args:
        target: Whom to ask.
        fact: What is tried.
        profile: Whose answers are expected.
    """

    def __init__(self, target: Target, fact: Fact, profile: Profile) -> None:
        client = target.client(fact.api, profile)
        if client is None:
            raise NotTried(f"{fact.api} is not configured")
        self._client, self._recorder, self.profile = client, target.recorder, profile
        self._first = len(target.recorder.exchanges)
        self._made: list[str] = []
        self.left_behind: list[str] = []

    @property
    def observed(self) -> bool:
        """Tell whether the observed profile's answers are expected."""
        return self.profile == "observed"

    @property
    def exchanges(self) -> list[Exchange]:
        """Return what passed so far."""
        return self._recorder.exchanges[self._first :]

    # -- asking -----------------------------------------------------------------------------------

    def get(self, path: str, headers: Mapping[str, str] | None = None, **params: Any) -> Exchange:
        """Return the exchange of a GET, whatever its status."""
        return self._asked(Call("GET", path, params, headers=headers or {}, wants_json=False))

    def bare(self, method: str, path: str, headers: Mapping[str, str]) -> Exchange:
        """Return the exchange of a request that carries these headers and no credentials."""
        call = Call(method, path, headers=headers, signed=False, kind=Kind.TOKEN, wants_json=False)
        return self._asked(call)

    def search(self, path: str, body: Any) -> Exchange:
        """Return the exchange of a POST that only reads."""
        return self._asked(Call("POST", path, body=body, wants_json=False))

    def create(self, path: str, body: Any) -> Exchange:
        """Return the exchange of a POST; a record that came of it is deleted in the end."""
        call = Call("POST", path, body=body, kind=Kind.APPEND, wants_json=False)
        made = self._asked(call)
        if made.status in {200, 201} and isinstance(made.body, dict):
            self._made.append(f"{path}/{id_of(made.body)}")
        return made

    def change(self, method: str, path: str, body: Any = None) -> Exchange:
        """Return the exchange of a change to a record that this probe created.

        Raises:
            NotTried: The record is somebody else's.
        """
        if path not in self._made:
            raise NotTried(f"{path} was not created here")
        return self._asked(Call(method, path, body=body, kind=Kind.REPLACE, wants_json=False))

    def first(self, path: str, **params: Any) -> dict[str, Any]:
        """Return the first record of a list.

        Raises:
            NotTried: There is none.
        """
        rows = self.get(path, pageSize=1, **params).body
        if not isinstance(rows, list) or not rows:
            raise NotTried(f"there is nothing at {path}")
        return dict(rows[0])

    def _asked(self, call: Call) -> Exchange:
        before = len(self._recorder.exchanges)
        problem = ""
        try:
            self._client.send(call)
        except SettingMissing as error:
            raise NotTried(str(error)) from None
        except ConnectWiseError as error:
            problem = str(error)
        passed = self._recorder.exchanges[before:]
        # A login that failed stands for the request that never went out.
        if not passed:
            raise Differs(problem or f"{call.method} {call.path} was not answered")
        return passed[-1]

    # -- judging ----------------------------------------------------------------------------------

    def expect(self, holds: object, otherwise: str) -> None:
        """Raise Differs when something does not hold."""
        if not holds:
            raise Differs(otherwise)

    def expect_status(self, exchange: Exchange, status: int) -> None:
        """Raise Differs unless the answer has a status."""
        self.expect(exchange.status == status, f"status {exchange.status} instead of {status}")

    @contextlib.contextmanager
    def tidy(self) -> Iterator[None]:
        """Delete in the end what was created; what resists is named in ``left_behind``."""
        try:
            yield
        finally:
            for path in reversed(self._made):
                call = Call("DELETE", path, kind=Kind.REPLACE, wants_json=False)
                try:
                    self._client.send(call)
                except NotFound:
                    continue  # the fact itself has deleted it
                except ConnectWiseError:
                    self.left_behind.append(path)


def id_of(record: Mapping[str, Any]) -> Any:
    """Return a record's id, whatever it is called."""
    return next((v for n, v in record.items() if n.lower() == "id" or n.endswith(("ID", "Id"))), "")
