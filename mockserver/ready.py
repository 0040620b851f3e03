"""What `cwmock serve` prints once it answers requests."""

import json
from pathlib import Path
from typing import Any

from mockserver.core.loopback import is_loopback
from mockserver.settings import Settings

PSA_PATH = "/v4_6_release/apis/3.0"
AUTOMATE_PATH = "/cwa/api/v1"
CONTROL_PATH = "/_mock/"


def ready_text(settings: Settings, url: str, authority_path: Path | None) -> str:
    """Return the ready line, and one for each secret of this start without which nobody gets in.

    Args:
        settings: How it is written.
        url: The base URL of the server.
        authority_path: Where the certificate of the authority lies, if TLS is spoken.
    """
    told = _told(settings, url, authority_path)
    if settings.log_format == "json":
        return json.dumps(told)
    return "\n".join(_lines(told))


def _told(settings: Settings, url: str, authority_path: Path | None) -> dict[str, Any]:
    needs_token = not is_loopback(settings.host)
    return {
        "event": "ready",
        "url": url,
        "psa": {
            "base_url": url + PSA_PATH,
            "company": "company",
            "public_key": "publickey",
            "private_key": "privatekey",
            "client_id": "any",
        },
        "automate": {
            "base_url": url + AUTOMATE_PATH,
            "username": "integrator",
            "password": "integrator-password",
        },
        "control_plane": url + CONTROL_PATH,
        "admin_token": settings.admin_token if needs_token else None,
        "ca_certificate": str(authority_path) if authority_path else None,
    }


def _lines(told: dict[str, Any]) -> list[str]:
    psa, automate = told["psa"], told["automate"]
    key = f"{psa['company']}+{psa['public_key']}:{psa['private_key']}"
    vendors = (
        f"PSA {psa['base_url']} ({key}, clientId: {psa['client_id']})  "
        f"Automate {automate['base_url']} ({automate['username']} / {automate['password']})"
    )
    lines = [f"cwmock ready: {vendors}  control plane {told['control_plane']}"]
    if told["admin_token"]:
        lines.append(f"Control plane: Authorization: Bearer {told['admin_token']}")
    if told["ca_certificate"]:
        trust = "REQUESTS_CA_BUNDLE / NODE_EXTRA_CA_CERTS"
        lines.append(f"CA certificate: {told['ca_certificate']}  ({trust})")
    return lines
