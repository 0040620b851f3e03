"""The client of ConnectWise PSA."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, cast

from mockserver.client.base import BaseClient, Conduct
from mockserver.client.call import Call, Signer
from mockserver.client.conditions import printed
from mockserver.client.environment import PsaSettings, root_url
from mockserver.client.errors import NotFound
from mockserver.client.pages import ByLink, ByNumber, ForwardOnly, Params, Walk
from mockserver.client.resources import Conditions, listed, without_none
from mockserver.client.retry import Kind
from mockserver.client.secrets import Secret
from mockserver.client.sections import Company, Finance, Project, Section, Service, System, Time

CODEBASE = "v4_6_release"
API = "apis/3.0"
VENDOR_TYPE = "application/vnd.connectwise.com+json"
#: Ways that keep an order or a page number that the caller asked for.
ORDERED = frozenset({"orderBy", "page"})
OPTIONS = {
    "order_by": "orderBy",
    "fields": "fields",
    "child_conditions": "childConditions",
    "custom_field_conditions": "customFieldConditions",
}


class PSAClient(BaseClient):
    """ConnectWise PSA by API keys.

    Args:
        company: Login company id, or ``CONNECTWISE_COMPANY_ID``.
        public_key: Or ``CONNECTWISE_PUBLIC_KEY``.
        private_key: Or ``CONNECTWISE_PRIVATE_KEY``.
        client_id: Or ``CONNECTWISE_CLIENT_ID``.
        site: Host name or URL, or ``CONNECTWISE_SITE``.
        codebase: The segment before ``apis``; ``discover`` asks companyinfo for the current one.
        version: Of the models, such as ``2026.4``; the newest by default.
        headers: To send with every request.
        conduct: Session, clock, pace, policy: anything but the credentials.

    Raises:
        SettingMissing: A credential is neither given nor in the environment.
    """

    service: Service
    company: Company
    system: System
    time: Time
    project: Project
    finance: Finance

    def __init__(  # noqa: PLR0913 - one for each credential
        self,
        company: str | None = None,
        public_key: str | None = None,
        private_key: str | None = None,
        client_id: str | None = None,
        site: str | None = None,
        *,
        codebase: str = CODEBASE,
        version: str | None = None,
        headers: Mapping[str, str] | None = None,
        conduct: Conduct | None = None,
        **members: Any,
    ) -> None:
        self.settings = PsaSettings.load(
            company=company,
            public_key=public_key,
            private_key=private_key,
            client_id=client_id,
            site=site,
        )
        self._headers = self._signature(version, headers or {})
        self._version, self._extra = version, dict(headers or {})
        self.root_url = root_url(self.settings.site)
        secrets = (self.settings.private_key, self._headers["Authorization"].partition(" ")[2])
        conduct = conduct or Conduct(**members)
        super().__init__(f"{self.root_url}/{codebase}/{API}", conduct, secrets)
        if codebase == "discover":
            self.discover()

    def __repr__(self) -> str:
        """Return whose client it is; no key."""
        return f"<PSAClient {self.settings.company} at {self.base_url}>"

    def __getattr__(self, name: str) -> Section:
        """Return a section of the API: ``service``, ``company``, ``procurement``."""
        if name.startswith("_"):
            raise AttributeError(name)
        return Section(self, f"/{name}")

    def _signature(self, version: str | None, headers: Mapping[str, str]) -> dict[str, str]:
        settings = self.settings
        pair = f"{settings.company}+{settings.public_key}:{settings.private_key}"
        accept = f"{VENDOR_TYPE}; version={version}" if version else "application/json"
        return {
            "Authorization": Secret(f"Basic {base64.b64encode(pair.encode()).decode()}"),
            "clientId": settings.client_id,
            "Accept": accept,
            **headers,
        }

    def _signer(self) -> Signer:
        return Signer(lambda: self._headers)

    # -- what the vendor has besides records ------------------------------------------------------

    def company_info(self) -> dict[str, Any]:
        """Return what companyinfo says about the company; it needs no credentials.

        Raises:
            NotFound: The company is unknown (psa facts 2.1: ``null`` with 200).
        """
        path = f"/login/companyinfo/{self.settings.company}"
        call = Call("GET", path, url=self.root_url + path, signed=False, template=path)
        info = self.send(call).data
        if not isinstance(info, dict):
            raise NotFound(404, f"there is no company {self.settings.company!r}", operation=path)
        return info

    def discover(self) -> str:
        """Go on under the codebase that companyinfo names, and return it."""
        codebase = str(self.company_info()["Codebase"]).strip("/")
        self._transport.base_url = f"{self.root_url}/{codebase}/{API}"
        return codebase

    def impersonate(self, member: str, *, user_type: str = "integrator") -> "PSAClient":
        """Return a client with keys of *member*, minted for some hours (psa facts 1.9).

        Args:
            member: The member's identifier.
            user_type: What this client is: ``integrator`` or ``member``.
        """
        path = f"/system/members/{member}/tokens"
        body = {"memberIdentifier": member} if user_type == "member" else None
        headers = {"x-cw-usertype": user_type}
        call = Call("POST", path, body=body, headers=headers, kind=Kind.READ, template=path)
        pair = self.send(call).data
        client = PSAClient(
            self.settings.company,
            str(pair["publicKey"]),
            str(pair["privateKey"]),
            self.settings.client_id,
            self.settings.site,
            version=self._version,
            headers={**self._extra, "x-cw-usertype": "member"},
            conduct=self._again(gate=None),
        )
        client._transport.base_url = self.base_url
        return client

    # -- what collections ask -------------------------------------------------------------------

    def listing_params(self, conditions: Conditions, options: Mapping[str, Any]) -> Params:
        """Return the query of a list."""
        given = {OPTIONS.get(name, name): value for name, value in options.items()}
        for name in ("childConditions", "customFieldConditions"):
            given[name] = printed(given.get(name), "psa")
        given["fields"] = listed(given.get("fields"))
        return without_none({"conditions": printed(conditions, "psa"), **given})

    def walk(self, path: str, params: Params, wanted: str | None) -> Walk:  # noqa: ARG002
        """Return the way through a list; forward-only unless it is ordered (psa facts 4.5)."""
        ways: dict[str, Walk] = {
            "number": ByNumber(),
            "link": ByLink(),
            "forward": ForwardOnly(),
        }
        if wanted is not None and wanted not in ways:
            raise ValueError(f"walk must be one of: {', '.join(ways)}")
        default = "link" if ORDERED & params.keys() else "forward"
        return ways[wanted or default]

    def counted(self, path: str, params: Params) -> int:
        """Return what the list's own count says."""
        call = Call("GET", f"{path}/count", params, template=f"{path}/count")
        return int(cast("Mapping[str, Any]", self.send(call).data)["count"])

    # -- convenience ----------------------------------------------------------------------------

    def get_tickets(self, conditions: Conditions = None, **options: Any) -> Sequence[Any]:
        """Return every ticket that fulfils *conditions* (seed 002's fetchAllTickets)."""
        return self.service.tickets.list(conditions, **options).all()
