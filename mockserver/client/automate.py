"""The client of ConnectWise Automate."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mockserver.client.base import BaseClient, Conduct
from mockserver.client.call import Call, Signer
from mockserver.client.conditions import printed
from mockserver.client.environment import AutomateSettings, root_url
from mockserver.client.pages import ByKey, ByNumber, Params, Walk
from mockserver.client.records import Alert, AutomateClientRecord, Computer, Script
from mockserver.client.resources import Collection, Conditions, listed, segment_of, without_none
from mockserver.client.retry import Kind
from mockserver.client.secrets import Secret
from mockserver.client.tokens import Dialect, Tokens

API = "/cwa/api/v1"
Progress = Callable[[int, int | None], None]
OPTIONS = {
    "order_by": "orderBy",
    "include_fields": "includeFields",
    "exclude_fields": "excludeFields",
}
ORDERED = frozenset({"orderBy", "page", "ids"})
#: The type of an entity and the frequency of a schedule, by number (automate facts 84).
COMPUTER, ONCE = 1, 1
#: The id's name in rows and conditions, by collection and dialect; others are paged by number.
KEYS: Mapping[str, tuple[str, str | None]] = {
    "computers": ("ComputerID", "Id"),
    "clients": ("ClientID", "Id"),
    "locations": ("LocationID", "Id"),
    "scripts": ("ScriptID", "Id"),
    "groups": ("GroupID", "Id"),
    "alerts": ("AlertID", "AlertId"),
    "monitors": ("MonitorID", "MonitorId"),
    "contacts": ("Id", "Id"),
}


class AutomateClient(BaseClient):
    """ConnectWise Automate by user name and password.

    Args:
        server: Host name or URL, or ``CONNECTWISE_AUTOMATE_SERVER``.
        username: Or ``CONNECTWISE_AUTOMATE_USERNAME``, or ``…_USER``.
        password: Or ``CONNECTWISE_AUTOMATE_PASSWORD``, or ``…_PASS``.
        two_factor: The key (base32) or a code, or ``CONNECTWISE_AUTOMATE_2FA``.
        client_id: Or ``CONNECTWISE_CLIENT_ID``; what the observed dialect wants.
        dialect: ``documented`` logs in at /APICredentials, ``observed`` at /apitoken; the token
            decides how records look.
        conduct: Session, clock, pace, policy: anything but the credentials.

    Raises:
        SettingMissing: A credential is neither given nor in the environment.
    """

    computers: Collection[Computer]
    clients: Collection[AutomateClientRecord]
    locations: Collection[Any]
    alerts: Collection[Alert]
    scripts: Collection[Script]
    monitors: Collection[Any]
    groups: Collection[Any]

    def __init__(  # noqa: PLR0913 - one for each credential
        self,
        server: str | None = None,
        username: str | None = None,
        password: str | None = None,
        two_factor: str | None = None,
        client_id: str | None = None,
        *,
        dialect: Dialect = "documented",
        conduct: Conduct | None = None,
        **members: Any,
    ) -> None:
        self.settings = AutomateSettings.load(
            server=server,
            username=username,
            password=password,
            two_factor=two_factor,
            client_id=client_id,
        )
        self.dialect: Dialect = dialect
        secrets = (self.settings.password, self.settings.two_factor)
        conduct = conduct or Conduct(**members)
        super().__init__(root_url(self.settings.server) + API, conduct, secrets)
        transport = self._transport
        self._tokens = Tokens(
            self.settings, dialect, self.send, transport.clock, transport.scrubber.learn
        )

    def __repr__(self) -> str:
        """Return whose client it is; no password."""
        return f"<AutomateClient {self.settings.username} at {self.base_url}>"

    def __getattr__(self, name: str) -> Collection[Any]:
        """Return a collection: ``computers``, ``script_folders``."""
        if name.startswith("_"):
            raise AttributeError(name)
        segment = "".join(each.capitalize() for each in name.split("_"))
        return Collection(self, f"/{segment}")

    def authenticate(self) -> None:
        """Log in now; requests do so by themselves.

        Raises:
            NotAuthenticated: The name or password is wrong.
            TwoFactorRequired: The account wants a passcode and there is none.
        """
        self._tokens.log_in()

    def _signer(self) -> Signer:
        return Signer(self._authorization, self._tokens.text, self._renew)

    def _authorization(self) -> dict[str, str] | None:
        client_id, token = self.settings.client_id, self._tokens.present()
        if token is None:
            return None
        headers: dict[str, str] = {"Authorization": Secret(f"Bearer {token}")}
        return headers | ({"ClientId": client_id} if client_id else {})

    def _renew(self, signed: Mapping[str, str]) -> None:
        self._tokens.renew(Secret(signed["Authorization"].partition(" ")[2]))

    # -- what collections ask -------------------------------------------------------------------

    def listing_params(self, conditions: Conditions, options: Mapping[str, Any]) -> Params:
        """Return the query of a list."""
        given = {OPTIONS.get(name, name): value for name, value in options.items()}
        conditions = given.pop("condition", None) or conditions
        for name in ("includeFields", "excludeFields"):
            given[name] = listed(given.get(name))
        return without_none({"condition": printed(conditions, "automate"), **given})

    def walk(self, path: str, params: Params, wanted: str | None) -> Walk:
        """Return the way through a list: by id where its name is known and no order is wanted."""
        documented, observed = KEYS.get(path.strip("/").casefold(), ("", ""))
        key = documented if self.dialect == "documented" else observed
        narrowed = {"includeFields", "excludeFields"} & params.keys()
        if wanted not in {None, "number", "key"}:
            raise ValueError("walk must be one of: number, key")
        if wanted == "key" and not key:
            raise ValueError(f"the id of {path} has no known name")
        if wanted == "number" or not key or narrowed or ORDERED & params.keys():
            return ByNumber()
        return ByKey(key, params.get("condition"))

    def counted(self, path: str, params: Params) -> int:
        """Return the total that a list names."""
        total = self.counted_by_header(path, params)
        if total is not None:
            return total
        return len(Collection[Any](self, path).list(walk="number", **params))

    def operations(self, changes: Mapping[str, Any]) -> Any:
        """Return the body of a patch: a partial object, or operations in the observed dialect."""
        return dict(changes) if self.dialect == "documented" else super().operations(changes)

    # -- the seeds' conveniences ----------------------------------------------------------------

    def get_computers(
        self, condition: Conditions = None, *, progress: Progress | None = None
    ) -> list[Computer]:
        """Return the computers that fulfil *condition*, of all pages (seed 000)."""
        return self._gathered(self.computers, condition, 250, progress)

    def get_computer(self, computer_id: int | str) -> Computer:
        """Return one computer (seed 000)."""
        return self.computers.get(computer_id)

    def get_clients(
        self, condition: Conditions = None, *, progress: Progress | None = None
    ) -> list[AutomateClientRecord]:
        """Return the clients that fulfil *condition*, of all pages (seed 000)."""
        return self._gathered(self.clients, condition, 250, progress)

    def get_alerts(
        self, condition: Conditions = None, *, progress: Progress | None = None
    ) -> list[Alert]:
        """Return the alerts that fulfil *condition*, of all pages (seed 000)."""
        return self._gathered(self.alerts, condition, 100, progress)

    def run_script(
        self, computer_id: int | str, script_id: int | str, params: Mapping[str, Any] | None = None
    ) -> Any:
        """Start a script on a computer and return what the server says.

        Seed 000's way answers an execution; the observed one, a batch of one (automate facts 84),
        a result without an id. A start whose outcome is unknown is not repeated: the script could
        run twice.
        """
        if self.dialect == "observed":
            path = template = "/Batch/ScriptExecute"
            body = _batch_of_one(int(computer_id), int(script_id), params or {})
        else:
            path = f"/Computers/{segment_of(computer_id)}/Scripts/{segment_of(script_id)}/Execute"
            template = "/Computers/{id}/Scripts/{id}/Execute"
            body = {"Parameters": dict(params or {})}
        return self.send(Call("POST", path, body=body, kind=Kind.APPEND, template=template)).data

    def _gathered(
        self,
        collection: Collection[Any],
        condition: Conditions,
        size: int,
        progress: Progress | None,
    ) -> list[Any]:
        listing, rows = collection.list(condition, page_size=size), 0
        for page in _counted(listing.pages()):
            rows += page
            if progress is not None:
                progress(rows, None)
        return listing.all()


def _batch_of_one(computer_id: int, script_id: int, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return what starts a script on a computer once and now (automate facts 84)."""
    return {
        "EntityType": COMPUTER,
        "EntityIds": [computer_id],
        "ScriptId": script_id,
        "Schedule": {"ScriptScheduleFrequency": {"ScriptScheduleFrequencyId": ONCE}},
        "Parameters": [{"Key": name, "Value": value} for name, value in params.items()],
    }


def _counted(pages: Iterator[list[Any]]) -> Iterator[int]:
    return (len(page) for page in pages)
