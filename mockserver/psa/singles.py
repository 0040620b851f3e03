"""PSA operations that work on no collection: who and what the server is."""

import orjson

from mockserver.core.errors import UnknownEndpoint
from mockserver.psa import auth, logins, webhooks
from mockserver.psa.auth import current_codebase
from mockserver.psa.profile import PsaProfile
from mockserver.web.exchange import Answer, Exchange

#: Names of the licence bits in the recorded body of psa facts 2.8, each with its flag there.
LICENCES = {
    "PocketPC": True,
    "EmailConnector": True,
    "ADPInterface": False,
    "GLInterface": True,
    "PremiumPortal": True,
    "ManagedServices": True,
    "SpamStats": False,
    "AuditTrail": True,
    "QuoteWerks": False,
    "ConnectWiseNetwork": True,
    "Inventory": True,
    "Purchasing": True,
    "IzendaReports": True,
    "SalesManagement": True,
    "KnowledgeBase": True,
    "Agreement": True,
    "AgileBoard": True,
    "Marketing": True,
    "StreamlineIT": True,
    "Subcontractor": True,
    "CustomFields": True,
    "ManageLogin": True,
    "SessionLockout": True,
    "MobileSessionLockout": True,
}
BUILD = "82431"


def _profile(exchange: Exchange) -> PsaProfile:
    profile = exchange.profile
    assert isinstance(profile, PsaProfile)
    return profile


def company_info(exchange: Exchange) -> Answer:
    """Answer where a company's API is; ``null`` for an unknown company (psa facts 2.1)."""
    tenant = exchange.world.tenant_of("psa", exchange.ids[0])
    profile = (tenant or exchange.world.default).profiles["psa"]
    assert isinstance(profile, PsaProfile)
    if tenant is None:
        if profile.unknown_company_null:
            return Answer(200, b"null")
        raise UnknownEndpoint(exchange.path, module_known=False)
    document = {
        "CompanyName": "Brightharbor IT",
        "Codebase": f"{current_codebase(profile)}/",
        "VersionCode": f"v{profile.version}",
        "VersionNumber": f"v4.6.{BUILD}",
        "CompanyID": tenant.credentials["psa"].company,
        "IsCloud": str(profile.cloud) if profile.is_cloud_text else profile.cloud,
        "SiteUrl": exchange.request.host,
    }
    return Answer(200, orjson.dumps(document))


def system_info(exchange: Exchange) -> Answer:
    """Answer what the server is (psa facts 2.8)."""
    document = {
        "version": f"v{_profile(exchange).version}.{BUILD}",
        "isCloud": _profile(exchange).cloud,
        "serverTimeZone": "Eastern Standard Time",
        "licenseBits": [{"name": name, "activeFlag": flag} for name, flag in LICENCES.items()],
        "cloudRegion": "NA",
        "maxWorkFlowRecordsAllowed": 1_000,
    }
    return Answer(200, orjson.dumps(document))


def callback_key(exchange: Exchange) -> Answer:
    """Answer the key that callbacks are signed with; nobody need log in (psa facts 7.7, U18)."""
    company = exchange.parameters.get("companyname", "")
    tenant = exchange.world.tenant_of("psa", company)
    if tenant is None:
        raise UnknownEndpoint(exchange.path)
    profile = tenant.profiles["psa"]
    assert isinstance(profile, PsaProfile)
    document = webhooks.key_document(tenant, profile, exchange.parameters.get("id", ""))
    if not profile.callback_key_public:
        caller = auth.authenticate(exchange.world, exchange.request, auth.CODEBASE)
        document = document if caller.tenant is tenant else None
    if document is None:
        raise UnknownEndpoint(exchange.path)
    return Answer(200, document, content_type=profile.callback_key_type)


OPERATIONS = (
    ("GET", "/login/companyinfo/{companyId}", company_info),
    ("GET", "/system/info", system_info),
    *logins.OPERATIONS,
    ("GET", f"/{webhooks.KEY_PATH}", callback_key),
)
