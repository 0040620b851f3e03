"""What the control plane's tests share."""

import pytest
from werkzeug.test import Client, TestResponse

OWN_INTERFACE = pytest.mark.documented("the control plane's own interface")
JSON_TYPE = "application/json"


class Plane:
    """Speaks to the control plane of one server."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def __call__(self, method: str, path: str, **sent) -> TestResponse:
        return self.client.open(f"/_mock{path}", method=method, **sent)

    def get(self, path: str, **sent) -> TestResponse:
        return self("GET", path, **sent)

    def post(self, path: str, **sent) -> TestResponse:
        return self("POST", path, **sent)

    def patch(self, path: str, **sent) -> TestResponse:
        return self("PATCH", path, **sent)

    def delete(self, path: str, **sent) -> TestResponse:
        return self("DELETE", path, **sent)


def assert_refused(answer: TestResponse, status: int, code: str) -> str:
    """Assert the one shape that refusals have; return the message."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == JSON_TYPE
    assert set(answer.json) == {"error"}
    assert set(answer.json["error"]) == {"code", "message"}
    assert answer.json["error"]["code"] == code
    message = answer.json["error"]["message"]
    assert 0 < len(message) < 500
    return message
