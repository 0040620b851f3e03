"""What tests in a browser share: where it is, who asks, and where they are skipped."""

import shutil

import pytest
import requests

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
TICKETS = "/v4_6_release/apis/3.0/service/tickets"
CALLER = {
    "auth": ("company+publickey", "privatekey"),
    "headers": {"clientId": "any"},
    "timeout": 10,
}
IN_A_BROWSER = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]


def admin(server, path):
    """Return what the control plane answers."""
    return requests.get(f"{server}/_mock/{path}", timeout=10).json()
