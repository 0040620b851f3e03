"""What the tests of things that move share: a clock that only the test moves."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

SECRET = "JBSWY3DPEHPK3PXP"


class Still:
    """A tenant whose clock stands still until the test moves it."""

    def __init__(self, tenant: Any) -> None:
        self.tenant = tenant

    def automate(self, dialect: str = "documented") -> Any:
        """Return a caller with a new token: time may have passed."""
        return self.tenant.automate(dialect)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        answer = self.tenant.admin("POST", "/clock", json={"advance": seconds})
        assert answer.status_code == 200, answer.text

    def user(self, name: str, dialect: str = "documented") -> Any:
        """Return a caller who is one of the other two users."""
        body = {"Username": f"{name}-{self.tenant.name}", "Password": f"{name}-password"}
        path = "/APICredentials" if dialect == "documented" else "/apitoken"
        body["TwoFactorPasscode"] = self._passcode()
        answer = self.tenant.client.post(f"/cwa/api/v1{path}", json=body)
        caller = self.tenant.automate(dialect)
        caller.headers["Authorization"] = f"Bearer {answer.json['AccessToken']}"
        return caller

    def _passcode(self) -> str:
        """Return the code of RFC 6238 that the tenant's clock asks for."""
        now = datetime.fromisoformat(self.tenant.admin("GET", "/clock").json["now"])
        counter = (int(now.timestamp()) // 30).to_bytes(8, "big")
        digest = hmac.new(base64.b32decode(SECRET), counter, hashlib.sha1).digest()
        place = digest[-1] & 15
        number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
        return f"{number % 1_000_000:06}"


@pytest.fixture
def still(still_with: Callable[..., Still]) -> Still:
    """Return a documented tenant without limits whose clock stands still."""
    return still_with()


@pytest.fixture
def still_with(make_tenant: Any) -> Callable[..., Still]:
    """Return what makes such tenants with single quirks of Automate."""

    def make(**quirks: Any) -> Still:
        tenant = make_tenant(automate=quirks).unlimited()
        assert tenant.admin("POST", "/clock", json={"freeze": True}).status_code == 200
        return Still(tenant)

    return make


@pytest.fixture
def quirky(still_with: Callable[..., Still]) -> Callable[..., Any]:
    """Return what makes a tenant with single quirks whose clock stands still."""
    return lambda **quirks: still_with(**quirks).tenant


@pytest.fixture
def asked(still_with: Callable[..., Still]) -> Callable[..., Any]:
    """Return what makes a caller of such a tenant."""
    return lambda dialect="documented", **quirks: still_with(**quirks).automate(dialect)


@pytest.fixture(scope="module")
def lasting(make_module_tenant: Any) -> Callable[..., Any]:
    """Return what makes a tenant with single quirks, the same one for the same quirks."""
    made: dict[str, Any] = {}

    def make(**quirks: Any) -> Any:
        if str(quirks) not in made:
            made[str(quirks)] = make_module_tenant(automate=quirks).unlimited()
        return made[str(quirks)]

    return make
