"""What PSA adds to its catalogue before it can be described in OpenAPI."""

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.core.catalogue import Catalogue, OperationKind
from mockserver.psa.api import TEXT_PARAMETERS
from mockserver.psa.profile import DOCUMENTED, PsaProfile
from mockserver.web.openapi import document as described
from mockserver.web.openapi_vendor import (
    Bodies,
    Schema,
    Vendor,
    array,
    component,
    json_content,
    parameter,
    plain_look,
    structure,
    text,
    whole_number,
)
from mockserver.web.routes import Route

DESCRIPTION = (
    "What cwmock serves of the ConnectWise PSA REST API, under the profile '{profile}'. "
    "`x-evidence` tells how it is known that the vendor behaves so: observed live, documented, "
    "or assumed. An Accept header with the vendor's own media type is answered in that type."
)
NUMBER = {"schema": whole_number(minimum=0)}
HEADERS: Mapping[str, Schema] = {
    "api-current-version": {"description": "The newest release.", "schema": text()},
    "x-cw-request-id": {"description": "Names the request.", "schema": text()},
    "Link": {"description": "The pages around this one.", "schema": text()},
    "Location": {"description": "Where the new record is.", "schema": text(format="uri")},
    "X-Total-Count": {"description": "Rows on all pages.", **NUMBER},
    "X-RateLimit-Limit": {"description": "Requests per window.", **NUMBER},
    "X-RateLimit-Remaining": {"description": "Requests left in the window.", **NUMBER},
    "X-RateLimit-Reset": {"description": "When the window ends.", **NUMBER},
}
QUOTA_HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
ERROR = component("schemas", "ErrorResponseMessage")
#: What every collection does in one way, whatever the description says of a few.
STATUSES: Mapping[OperationKind, int] = {
    OperationKind.REPLACE: 200,
    OperationKind.PATCH: 200,
    OperationKind.DELETE: 204,
}
REFUSED = (400, 401, 403, 404, 405, 409, 413, 414, 415, 429, 500)
INSTANT = text(format="date-time")
#: Audit values of a record (psa facts 6.10) and links; a reference has links only.
RECORD_INFO: Schema = {
    **structure(
        {
            "lastUpdated": INSTANT,
            "updatedBy": text(),
            "dateEntered": INSTANT,
            "enteredBy": text(),
        }
    ),
    "additionalProperties": text(),
}
COMPANY_INFO = structure(
    {
        "CompanyName": text(),
        "Codebase": text(),
        "VersionCode": text(),
        "VersionNumber": text(),
        "CompanyID": text(),
        "IsCloud": text(enum=["True", "False"]),
        "SiteUrl": text(),
    },
    "Codebase",
    "CompanyID",
)
SYSTEM_INFO = structure(
    {
        "version": text(),
        "isCloud": {"type": "boolean"},
        "serverTimeZone": text(),
        "licenseBits": array(
            structure({"name": text(), "activeFlag": {"type": "boolean"}}, "name", "activeFlag")
        ),
        "cloudRegion": text(),
        "maxWorkFlowRecordsAllowed": whole_number(),
    },
    "version",
)
BODIES: Mapping[tuple[str, str], Bodies] = {
    # An unknown company is a null, not a 404 (psa facts 2.1).
    ("GET", "/login/companyinfo/{companyId}"): Bodies(
        answer={"anyOf": [COMPANY_INFO, {"type": "null"}]}
    ),
    ("GET", "/system/info"): Bodies(answer=SYSTEM_INFO),
    ("POST", "/login/login.aspx"): Bodies(
        answer=structure(
            {"Success": {"type": "boolean"}, "Hash": {"type": ["string", "null"]}},
            "Success",
            "Hash",
        )
    ),
}
FORECAST_ITEM = component("schemas", "ForecastItem")
BODIES_OF_ITEMS: Mapping[tuple[str, str], Bodies] = {
    (method, "/sales/opportunities/{parentId}/forecast/{id}"): Bodies(sent, FORECAST_ITEM)
    for method, sent in (
        ("GET", None),
        ("PUT", component("schemas", "ForecastItemInput")),
        ("PATCH", component("schemas", "PatchDocument")),
    )
}
TOKENS = ("POST", "/system/members/{memberIdentifier}/tokens")
PAIR = structure(
    {"publicKey": text(), "privateKey": text(), "expiration": text()},
    *("publicKey", "privateKey", "expiration"),
)


def document(
    routes: Iterable[Route],
    catalogue: Catalogue,
    profile: PsaProfile = DOCUMENTED,
    base: str = "",
) -> dict[str, Any]:
    """Return the OpenAPI document of the served PSA operations.

    Args:
        routes: What is served.
        catalogue: The vendor's operations and models.
        profile: Whose headers, bounds and errors are described.
        base: The server's URL without a slash at the end; empty for whoever serves the document.
    """
    return described(routes, catalogue, vendor(profile, base))


def vendor(profile: PsaProfile, base: str = "") -> Vendor:
    """Return what the catalogue does not know of PSA under *profile*."""
    return Vendor(
        title="ConnectWise PSA as emulated by cwmock",
        description=DESCRIPTION.format(profile=profile.name),
        version=profile.version,
        servers=(_server(base),),
        elsewhere={
            "/login/": ({"url": base or "/"},),
            "/system/callbackkey/": (_server(base, api=""),),
        },
        security={"basic": {"type": "http", "scheme": "basic"}},
        look=plain_look,
        refusals={status: _refusal(profile, status) for status in REFUSED},
        schemas={"ErrorResponseMessage": _error(profile), "RecordInfo": RECORD_INFO},
        extras={"_info": {**component("schemas", "RecordInfo"), "readOnly": True}},
        headers=HEADERS,
        every_header=(
            "api-current-version",
            "x-cw-request-id",
            *(QUOTA_HEADERS if profile.quota_headers else ()),
        ),
        list_headers=("Link", *(("X-Total-Count",) if profile.total_header else ())),
        created_headers=("Location",),
        statuses=STATUSES,
        parameters=_parameters(profile),
        every_parameter=("clientId",),
        own_parameters={OperationKind.LIST: ("pagination-type",)},
        projections=frozenset({"fields"}),
        text_ids=frozenset(TEXT_PARAMETERS),
        bodies={
            **BODIES,
            **BODIES_OF_ITEMS,
            TOKENS: Bodies(answer=PAIR, status=profile.token_status),
        },
    )


def _server(base: str, api: str = "/apis/3.0") -> Schema:
    codebase = {"default": "v4_6_release", "description": "The release, or the newest one's name."}
    return {"url": f"{base}/{{codebase}}{api}", "variables": {"codebase": codebase}}


def _error(profile: PsaProfile) -> Schema:
    entry = structure({name: text() for name in profile.fault_members}, *profile.fault_members)
    errors = {"type": ["array", "null"], "items": entry}
    return structure({"code": text(), "message": text(), "errors": errors}, "code", "message")


def _refusal(profile: PsaProfile, status: int) -> Schema:
    if status == 429:  # noqa: PLR2004
        quota = structure({name: text() for name in profile.quota_body}, *profile.quota_body)
        return json_content({"anyOf": [quota, ERROR]})
    if status == 400:  # noqa: PLR2004
        # The router speaks before any model is chosen: a codebase or company of nobody.
        return {**json_content(ERROR), "text/plain": {"schema": text()}}
    return json_content(ERROR)


def _parameters(profile: PsaProfile) -> dict[str, Schema]:
    size = whole_number(minimum=1, maximum=profile.page_size_max, default=25)
    client = parameter("clientId", text(minLength=1), "Names the integration.", "header")
    forward = text(enum=["forward-only"])
    told = (
        parameter("conditions", text(), "Which records, in the condition language."),
        parameter("childConditions", text(), "Which records, by their child records."),
        parameter("customFieldConditions", text(), "Which records, by their custom fields."),
        parameter("orderBy", text(), "Fields to sort by, each with asc or desc."),
        parameter("fields", text(), "Members to show, separated by commas."),
        parameter("page", whole_number(minimum=1, default=1), "Which page."),
        parameter("pageSize", size, "Rows on a page."),
        parameter("pageId", whole_number(minimum=0), "Only records with a greater id."),
        parameter("pagination-type", forward, "How pages are walked.", "header"),
        {**client, "required": True},
    )
    return {each["name"]: each for each in told}
