"""Where a tenant's state is asked for or put: a server that runs, or a store that none has open."""
# ruff: noqa: PLC0415 - what is heavy is imported when the command runs

import contextlib
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from mockserver.complaint import Complaint

TIMEOUT_S = 300
STORES = ("sqlite:", "postgresql:", "postgres:")
PATH = "/_mock/world"


class Said(NamedTuple):
    """What was answered."""

    status: int
    content: bytes


@dataclass(frozen=True)
class Place:
    """A tenant of a server or of a store.

    Attributes:
        url: Of the server, or the store as ``--store`` spells it.
        tenant: The tenant's name.
        token: The server's admin token.
        seed: What a store is made of.
        size: Likewise.
    """

    url: str
    tenant: str = "default"
    token: str | None = None
    seed: int = 42
    size: str = "default"

    def ask(self, method: str, content: bytes | None = None) -> bytes:
        """Return what the control plane answers about the tenant's world.

        Raises:
            Complaint: It cannot be reached, or refuses.
        """
        asked = self._in_store if self.url.startswith(STORES) else self._over_http
        said = asked(method, content)
        if said.status >= 400:  # noqa: PLR2004 - where refusals begin
            raise Complaint(f"{self._named} answered {said.status}: {_message(said.content)}")
        return said.content

    @property
    def _named(self) -> str:
        from mockserver.core.ledgers import without_password

        return without_password(self.url)

    def _over_http(self, method: str, content: bytes | None) -> Said:
        import requests

        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if content is not None:
            headers["Content-Type"] = "application/zip"
        try:
            answer = requests.request(
                method,
                f"{self.url.rstrip('/')}{PATH}",
                params={"tenant": self.tenant},
                data=content,
                headers=headers,
                timeout=TIMEOUT_S,
            )
        except requests.RequestException as error:
            raise Complaint(f"{self.url} cannot be reached: {error}") from None
        return Said(answer.status_code, answer.content)

    def _in_store(self, method: str, content: bytes | None) -> Said:
        from werkzeug.test import Client

        from mockserver.opening import application, check_file
        from mockserver.settings import BadSetting, Settings

        sent: dict[str, Any] = {"query_string": {"tenant": self.tenant}}
        if content is not None:
            sent |= {"data": content, "content_type": "application/zip"}
        try:
            flags = {"store": self.url, "seed": str(self.seed), "size": self.size}
            settings = Settings.load(flags, {})
            check_file(settings)
            with contextlib.ExitStack() as stack:
                client = Client(application(settings, stack))
                answer = client.open(PATH, method=method, **sent)
                return Said(answer.status_code, answer.data)
        except BadSetting as error:
            raise Complaint(" ".join(str(error).split())) from error


def _message(content: bytes) -> str:
    try:
        return str(orjson.loads(content)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return content[:200].decode("utf-8", "replace")
