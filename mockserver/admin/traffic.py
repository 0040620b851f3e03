"""What passes through a tenant: its faults, its journal, and the operations there are."""

from collections.abc import Sequence

from flask import request
from werkzeug.wrappers import Response

from mockserver.admin.lookup import tenant_asked
from mockserver.admin.operation import TENANT, Operation, answer, nothing
from mockserver.admin.requests import AdminError, bad_request, body, choice, shown
from mockserver.admin.stream import HEADERS, MIME, Stream
from mockserver.core.world import World
from mockserver.web.api import Api

FILTERS = ("api", "key", "path", "status", "since")
ENTRIES_DEFAULT, ENTRIES_MAX = "100", 10_000
IDS_MAX = 2**62


class TrafficViews:
    """The operations on faults and the journal.

    Args:
        world: Whose tenants.
        apis: The emulated interfaces.
    """

    def __init__(self, world: World, apis: Sequence[Api]) -> None:
        self._world, self._apis = world, apis

    def operations(self) -> Sequence[Operation]:
        """Return the operations."""
        return (
            Operation("GET", "/faults", self.faults),
            Operation("POST", "/faults", self.add_fault, takes_body=True),
            Operation("DELETE", "/faults", self.clear_faults),
            Operation("DELETE", "/faults/<fault_id>", self.delete_fault),
            Operation("GET", "/requests", self.requests, (TENANT, *FILTERS, "limit")),
            Operation("GET", "/requests/stream", self.stream, (TENANT, *FILTERS)),
            Operation("DELETE", "/requests", self.clear_requests),
            Operation("GET", "/routes", self.routes),
            Operation("GET", "/openapi/<name>.json", self.openapi),
        )

    def faults(self) -> Response:
        """Answer the rules with how often each struck and what is pending."""
        return answer({"faults": tenant_asked(self._world).faults.documents()})

    def add_fault(self) -> Response:
        """Add a rule."""
        try:
            return answer(tenant_asked(self._world).faults.add(body()), 201)
        except ValueError as error:
            raise bad_request(str(error)) from None

    def clear_faults(self) -> Response:
        """Remove every rule."""
        tenant_asked(self._world).faults.clear()
        return nothing()

    def delete_fault(self, fault_id: str) -> Response:
        """Remove a rule."""
        if not tenant_asked(self._world).faults.remove(fault_id):
            raise AdminError(404, "UnknownFault", f"there is no fault {shown(fault_id)}")
        return nothing()

    def requests(self) -> Response:
        """Answer what was asked and answered, newest first."""
        given = self._filters()
        limit = choice("limit", request.args.get("limit", ENTRIES_DEFAULT), 1, ENTRIES_MAX)
        try:
            entries = tenant_asked(self._world).journal.entries(
                api=given.get("api"),
                key=given.get("key"),
                path=given.get("path"),
                status=given.get("status"),
                since=given.get("since"),
                limit=limit,
            )
        except ValueError as error:
            raise bad_request(str(error)) from None
        return answer({"requests": entries})

    def _filters(self) -> dict[str, str]:
        given = {name: request.args[name] for name in FILTERS if name in request.args}
        names = [api.name for api in self._apis]
        if given.get("api", names[0]) not in names:
            raise bad_request(f"api must be one of: {', '.join(names)}")
        return given

    def stream(self) -> Response:
        """Answer what is asked and answered from now on, one event each, as it happens.

        Whoever lost the connection goes on where it broke: by ``Last-Event-ID``, or ``since``.
        """
        tenant, given = tenant_asked(self._world), self._filters()
        since = request.headers.get("Last-Event-ID") or given.pop("since", None)
        given.pop("since", None)
        after_id = None if since is None else choice("since", since, 0, IDS_MAX)
        try:
            events = Stream(tenant, request.environ, given, after_id)
        except ValueError as error:
            raise bad_request(str(error)) from None
        return Response(iter(events), content_type=MIME, headers=HEADERS)

    def clear_requests(self) -> Response:
        """Empty the journal."""
        tenant = tenant_asked(self._world)
        with tenant.turn():
            tenant.journal.clear()
        return nothing()

    def openapi(self, name: str) -> Response:
        """Answer the OpenAPI document of what a tenant's clients see of one vendor."""
        api = next((each for each in self._apis if each.name == name), None)
        if api is None:
            names = " and ".join(each.name for each in self._apis)
            raise AdminError(404, "UnknownApi", f"there is no {shown(name)}; there are {names}")
        return answer(api.described(tenant_asked(self._world).profiles[name]))

    def routes(self) -> Response:
        """Answer every emulated operation and how it is known."""
        rows = [
            {"api": api.name, "method": r.method, "path": r.template, "evidence": r.evidence}
            for api in self._apis
            for r in api.routes.all
        ]
        return answer({"routes": rows})
