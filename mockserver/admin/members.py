"""What people do in the vendor's UI: watch a member's API log, keep a record open."""

from collections.abc import Sequence

from flask import request
from werkzeug.wrappers import Response

from mockserver.admin.lookup import tenant_asked
from mockserver.admin.operation import TENANT, Operation, answer, nothing
from mockserver.admin.requests import AdminError, bad_request, body, members, shown
from mockserver.core.debugging import MINUTES_MAX
from mockserver.core.world import World
from mockserver.web.api import Api

LOCK_MEMBERS = {"api": str, "path": str, "seconds": float, "by": str}
SECONDS, NAME_CHARS_MAX = 60.0, 100


class MemberViews:
    """The operations on API logs and locks.

    Args:
        world: Whose tenants.
        apis: The emulated interfaces.
    """

    def __init__(self, world: World, apis: Sequence[Api]) -> None:
        self._world, self._apis = world, apis

    def operations(self) -> Sequence[Operation]:
        """Return the operations."""
        return (
            Operation("GET", "/api-log", self.log, (TENANT, "member", "search")),
            Operation("POST", "/api-log", self.start, takes_body=True),
            Operation("GET", "/api-log/download", self.download, (TENANT, "member")),
            Operation("GET", "/locks", self.locks),
            Operation("POST", "/locks", self.lock, takes_body=True),
            Operation("DELETE", "/locks", self.unlock),
        )

    # -- API log ------------------------------------------------------------------------------

    def start(self) -> Response:
        """Start the debug mode of a member."""
        given = members(body(), {"member": str, "minutes": int}, ("member",))
        try:
            minutes = given.get("minutes", MINUTES_MAX)
            return answer(
                tenant_asked(self._world).debugging.start(_name(given["member"]), minutes), 201
            )
        except ValueError as error:
            raise bad_request(str(error)) from None

    def log(self) -> Response:
        """Answer a member's log, or without a member who is watched."""
        debugging = tenant_asked(self._world).debugging
        if "member" not in request.args:
            return answer({"sessions": debugging.sessions()})
        rows = self._rows(request.args.get("search", ""))
        return answer({"member": request.args["member"], "requests": rows})

    def _rows(self, search: str = "") -> list[dict[str, object]]:
        member = request.args.get("member", "")
        rows = tenant_asked(self._world).debugging.log(member, search)
        if rows is None:
            message = f"the debug mode of {shown(member)} was never started"
            raise AdminError(404, "NoApiLog", message)
        return rows

    def download(self) -> Response:
        """Answer a member's log as a document."""
        lines = [_line(row) for row in self._rows()]
        headers = {"Content-Disposition": 'attachment; filename="api-log.txt"'}
        text = "".join(lines).encode("utf-8", "replace")
        return Response(text, content_type="text/plain; charset=utf-8", headers=headers)

    # -- locks --------------------------------------------------------------------------------

    def lock(self) -> Response:
        """Lock a record."""
        given = members(body(), LOCK_MEMBERS, ("path",))
        api, known = given.get("api", "psa"), [each.name for each in self._apis]
        if api not in known:
            raise bad_request(f"api must be one of: {', '.join(known)}")
        by, seconds = _name(given.get("by", "another user")), given.get("seconds", SECONDS)
        try:
            lock = tenant_asked(self._world).locks.hold(api, given["path"], seconds, by)
        except ValueError as error:
            raise bad_request(str(error)) from None
        return answer(lock.document(), 201)

    def locks(self) -> Response:
        """Answer the locks that have not ended."""
        return answer({"locks": tenant_asked(self._world).locks.documents()})

    def unlock(self) -> Response:
        """Remove every lock."""
        tenant_asked(self._world).locks.clear()
        return nothing()


def _name(text: str) -> str:
    if not 0 < len(text) <= NAME_CHARS_MAX or not text.isprintable():
        raise bad_request(f"a name has 1 to {NAME_CHARS_MAX} printable characters")
    return text


def _line(row: dict[str, object]) -> str:
    head = (
        "{start_time}  {method} {url}\n"
        "  {response} in {duration_ms} ms, key {api_key_description}\n"
    )
    bodies = (f"  {name}: {row[name]}\n" for name in ("request_body", "response_body") if row[name])
    return head.format_map(row) + "".join(bodies) + "\n"
