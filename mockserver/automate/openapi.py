"""What Automate adds to its catalogue before it can be described in OpenAPI."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from mockserver.automate.faces import Shown
from mockserver.automate.openapi_life import BODIES as LIFE
from mockserver.automate.profile import DOCUMENTED, AutomateProfile
from mockserver.automate.resources.declared import Declared
from mockserver.automate.surface import Surface
from mockserver.core.catalogue import Catalogue, OperationKind
from mockserver.core.schema import Field, Kind, Resource
from mockserver.web.openapi import document as described
from mockserver.web.openapi_vendor import (
    Bodies,
    Look,
    Schema,
    Vendor,
    array,
    component,
    json_content,
    parameter,
    structure,
    text,
    whole_number,
)
from mockserver.web.routes import Route

DESCRIPTION = (
    "What cwmock serves of the ConnectWise Automate REST API, in the dialect '{profile}'. "
    "`x-evidence` tells how it is known that the vendor behaves so: observed live, documented, "
    "or assumed."
)
#: The description that the catalogue was compiled from.
VERSION = "25.0.5"
STATUSES = (400, 401, 403, 404, 405, 409, 413, 414, 415, 429, 500)
ERROR = component("schemas", "ErrorBody")
NUMBER = {"schema": whole_number(minimum=0)}
HEADERS: Mapping[str, Schema] = {
    "Total-Count": {"description": "Rows on all pages.", **NUMBER},
    "X-Total-Count": {"description": "Rows on all pages.", **NUMBER},
    "X-Page": {"description": "Which page this is.", **NUMBER},
    "X-Page-Size": {"description": "Rows on a page.", **NUMBER},
    "X-Total-Pages": {"description": "How many pages there are.", **NUMBER},
    "X-RateLimit-Limit": {"description": "Requests per window.", **NUMBER},
    "X-RateLimit-Remaining": {"description": "Requests left in the window.", **NUMBER},
    "X-RateLimit-Reset": {"description": "When the window ends.", **NUMBER},
}
PAGE_HEADERS = ("X-Total-Count", "X-Page", "X-Page-Size", "X-Total-Pages")
QUOTA_HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
#: The live server's instants have no zone (automate facts 10.3), those of the guide's shapes have
#: one; under `documented` both occur, since only the guide's own collections have its shapes.
ZONELESS = text(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$")
PROJECTIONS = ("includeFields", "excludeFields")
PAGING = ("condition", "ids", "orderBy", "page", "pageSize", *PROJECTIONS)
FLAG: Schema = {"type": "boolean"}

# -- logins (automate facts 2) ---------------------------------------------------------------------

LOGIN = structure(
    {
        "Username": text(),
        "Password": text(),
        "TwoFactorPasscode": text(),
        "TwoFactorCode": text(),
    },
    "Username",
    "Password",
)
REFRESH: Schema = {"anyOf": [text(), structure({"RefreshToken": text()}, "RefreshToken")]}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
TOKEN = structure(
    {
        "AccessToken": MAYBE_TEXT,
        "TokenType": MAYBE_TEXT,
        "ExpiresIn": whole_number(minimum=0),
        "RefreshToken": text(),
        "UserID": whole_number(),
        "Username": text(),
        "ExpirationDate": {"anyOf": [ZONELESS, {"type": "null"}]},
        "AbsoluteExpirationDate": ZONELESS,
        "UserId": MAYBE_TEXT,
        "InternalUserName": text(),
        "IsTwoFactorRequired": FLAG,
        "IsInternalTwoFactorRequired": FLAG,
    },
    "AccessToken",
    "IsTwoFactorRequired",
)
LOGGED_IN = component("schemas", "IssuedToken")
EXTRA_FIELD: Schema = {"type": "object", "required": ["ExtraFieldDefinitionId"]}
SHORT_FIELD = structure({"EDFID": whole_number(), "Name": text(), "Type": text()}, "EDFID")
OWNERS = ("Clients", "Locations", "Computers", "Contacts")
ONE_FIELD = "/{0}/{{id}}/ExtraFields/{{extraFieldDefinitionId}}"
SEED_FIELD = "/{0}/{{id}}/ExtraDataFields/{{edfId}}"
FOLDER = Bodies(
    structure({"Name": text()}, "Name"),
    structure({"ScriptFolderId": whole_number(), "Name": text()}, "ScriptFolderId", "Name"),
)
FOLDERS = "/v2/Scripts/ScriptFolders"
BODIES: Mapping[tuple[str, str], Bodies] = {
    ("POST", FOLDERS): FOLDER,
    ("POST", f"{FOLDERS}/{{parentFolderId}}"): FOLDER,
    ("PUT", f"{FOLDERS}/{{scriptFolderId}}"): FOLDER,
    **{("DELETE", ONE_FIELD.format(each)): Bodies(answer=EXTRA_FIELD) for each in OWNERS},
    **{
        ("PUT", SEED_FIELD.format(each)): Bodies(structure({"Value": {}}, "Value"), SHORT_FIELD)
        for each in OWNERS
    },
    ("GET", "/APIToken"): Bodies(
        answer=structure(
            {"AllowDirect": FLAG, "AllowServiceRegistration": FLAG, "Services": array({})},
            "AllowDirect",
        )
    ),
    ("POST", "/APIToken"): Bodies(LOGIN, LOGGED_IN),
    ("POST", "/APICredentials"): Bodies(LOGIN, LOGGED_IN),
    ("POST", "/APIToken/Refresh"): Bodies(REFRESH, LOGGED_IN),
    ("POST", "/APICredentials/Refresh"): Bodies(REFRESH, LOGGED_IN),
    ("POST", "/APIToken/Disable"): Bodies(
        structure({"SecurityToken": text()}, "SecurityToken"), status=204
    ),
}


def document(
    routes: Iterable[Route],
    catalogue: Catalogue,
    surface: Surface,
    profile: AutomateProfile = DOCUMENTED,
    base: str = "",
) -> dict[str, Any]:
    """Return the OpenAPI document of the served Automate operations.

    Args:
        routes: What is served.
        catalogue: The vendor's operations and models.
        surface: Declares what the two dialects call things.
        profile: Whose names, headers, bounds and errors are described.
        base: The server's URL without a slash at the end; empty for whoever serves the document.
    """
    return described(routes, catalogue, vendor(catalogue, surface, profile, base))


def vendor(
    catalogue: Catalogue, surface: Surface, profile: AutomateProfile, base: str = ""
) -> Vendor:
    """Return what the catalogue does not know of Automate under *profile*."""
    client = {"ClientId": _client_id(profile)}
    return Vendor(
        title="ConnectWise Automate as emulated by cwmock",
        description=DESCRIPTION.format(profile=profile.name),
        version=VERSION,
        servers=({"url": f"{base}/cwa/api/v1"},),
        elsewhere={"/v2/": ({"url": f"{base}/cwa/api"},)},
        security={"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        look=_looks(catalogue, surface, profile),
        refusals={status: json_content(ERROR) for status in STATUSES},
        schemas={"ErrorBody": _error(), "IssuedToken": TOKEN},
        instant=ZONELESS,
        headers=HEADERS,
        every_header=QUOTA_HEADERS if profile.quota_headers else (),
        list_headers=("Total-Count", *(PAGE_HEADERS if profile.seed_page_headers else ())),
        created_status=profile.created_status,
        parameters={**client, **_parameters(profile)},
        every_parameter=tuple(client),
        own_parameters={OperationKind.LIST: PAGING, OperationKind.READ: PROJECTIONS},
        projections=frozenset(name.casefold() for name in PROJECTIONS),
        closed=False,
        partial_patch=True,
        bodies={**LIFE, **BODIES},
    )


def _client_id(profile: AutomateProfile) -> Schema:
    told = parameter("ClientId", text(minLength=1), "Names the integration.", "header")
    return {**told, "required": True} if profile.require_client_id else told


def _parameters(profile: AutomateProfile) -> dict[str, Schema]:
    bounds = {"default": profile.page_size, "minimum": -1 if profile.all_rows else 1}
    told = (
        parameter("condition", text(), "Which records, in the condition language."),
        parameter("ids", text(), "Only the records with these ids, separated by commas."),
        parameter("orderBy", text(), "Fields to sort by, each with asc or desc."),
        parameter("page", whole_number(minimum=1, default=1), "Which page."),
        parameter("pageSize", whole_number(**bounds), "Rows on a page."),
        parameter("includeFields", text(), "Members to show, separated by commas."),
        parameter("excludeFields", text(), "Members to leave out, separated by commas."),
    )
    return {each["name"]: each for each in told}


def _error() -> Schema:
    """Return both dialects' refusals: the token tells which one, before it the path of a login."""
    observed = structure({"Message": text(), "ModelState": {"type": "object"}}, "Message")
    members = {"code": text(), "message": text(), "details": {"type": "object"}}
    error = structure(members, "code", "message")
    return {"anyOf": [structure({"error": error}, "error"), observed]}


# -- how records look ------------------------------------------------------------------------------


def _looks(
    catalogue: Catalogue, surface: Surface, profile: AutomateProfile
) -> Callable[[Resource], Look]:
    def look(resource: Resource) -> Look:
        found = surface.declaration(resource.path)
        if found.documented and (profile.seed_shapes or not found.model):
            return _documented(found, resource)
        return _observed(catalogue.model(found.model), resource)

    return look


def _documented(declared: Declared, resource: Resource) -> Look:
    nested = frozenset(
        each.path.partition("/")[0] for each in declared.documented if "/" in each.path
    )
    fields = tuple(_shown(each, resource, nested) for each in declared.documented)
    keys = (each.name for each in declared.documented if each.path == resource.key)
    # Software has no id in the documented shape.
    return Look(fields, next(keys, None))


def _shown(shown: Shown, resource: Resource, nested: frozenset[str]) -> Field:
    """Return a documented member as a field; its nested records show what is kept of them."""
    above, *below = shown.path.split("/")
    kept = outer = resource.members[above.casefold()]
    for step in below:
        kept = kept.members[step.casefold()]
    # What can be named by its id need not be given as an object too.
    required = outer.required and (bool(below) or above not in nested)
    kind = Kind.TEXT if shown.out is str else kept.kind
    return replace(kept, name=shown.name, kind=kind, required=required, model=None)


def _observed(modelled: Iterable[Field], resource: Resource) -> Look:
    fields = tuple(_refined(each, resource.members.get(each.name.casefold())) for each in modelled)
    keys = (each.name for each in fields if each.name.casefold() == resource.key.casefold())
    return Look(fields, next(keys, None))


def _refined(modelled: Field, kept: Field | None) -> Field:
    """Return a modelled field with what hand-written declarations know better."""
    if kept is None:
        return modelled
    known = replace(modelled, required=kept.required, max_length=kept.max_length)
    return replace(known, enum=kept.enum) if kept.kind is modelled.kind else known
