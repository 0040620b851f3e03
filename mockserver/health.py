"""Whether a server on this machine answers; ``python -m mockserver.health`` for a container.

Reads the variables that configured the server, and asks its control plane, which no fault strikes
and no journal remembers. A token that only the server knows is none of this one's business: who
refuses for want of it lives.
"""

import http.client
import os
import ssl
import sys
from collections.abc import Mapping

from mockserver.settings import Settings

PATH = "/_mock/health"
TIMEOUT_S = 2.0
ALIVE = (http.client.OK, http.client.UNAUTHORIZED)
#: What a server that listens everywhere is reached by from its own machine.
HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def is_healthy(environ: Mapping[str, str]) -> bool:
    """Tell whether the server that these variables configure answers."""
    settings = Settings.load({}, environ)
    host = HERE.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=TIMEOUT_S)
    if settings.tls:
        # Its authority is a new one at every start; nothing is sent that anybody could steal.
        context = ssl._create_unverified_context()  # noqa: S323, SLF001
        connection = http.client.HTTPSConnection(
            host, settings.port, timeout=TIMEOUT_S, context=context
        )
    try:
        connection.request("GET", PATH, headers=_token(settings))
        return connection.getresponse().status in ALIVE
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _token(settings: Settings) -> Mapping[str, str]:
    token = settings.admin_token
    return {"Authorization": f"Bearer {token}"} if token else {}


if __name__ == "__main__":
    sys.exit(0 if is_healthy(os.environ) else 1)
