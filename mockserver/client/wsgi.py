"""Requests to an application in this process, without a socket."""

import io
from collections.abc import Callable, Iterable, Mapping
from http.client import responses
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class WSGIAdapter(BaseAdapter):
    """Carries requests to a WSGI application; mount it for a URL that no network has.

    Args:
        application: Called once for each request, in the thread that asks.
    """

    def __init__(self, application: Application) -> None:
        super().__init__()
        self._application = application

    def send(
        self, request: requests.PreparedRequest, *_args: Any, **_options: Any
    ) -> requests.Response:
        """Return the application's response.

        Raises:
            requests.ConnectionError: The application broke the connection.
            requests.ReadTimeout: It gave no answer.
        """
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> Any:
            started.append((status, headers))
            return None

        try:
            body = self._application(environ_of(request), start)
            content = b"".join(body)
            if callable(close := getattr(body, "close", None)):
                close()
        except ConnectionError as error:
            raise requests.ConnectionError(error, request=request) from error
        except TimeoutError as error:
            raise requests.ReadTimeout(error, request=request) from error
        status, headers = started[-1]
        return _response(request, int(status.split()[0]), headers, content)

    def close(self) -> None:
        """Do nothing: there is no connection."""


def environ_of(request: requests.PreparedRequest) -> dict[str, Any]:
    """Return the WSGI environ of a prepared request."""
    url = urlsplit(request.url or "")
    body = request.body or b""
    content = body.encode() if isinstance(body, str) else body
    if not isinstance(content, bytes):
        content = b"".join(content)
    return {
        "REQUEST_METHOD": request.method or "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(url.path or "/").decode("latin-1"),
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname or "localhost",
        "SERVER_PORT": str(url.port or (443 if url.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        **({"CONTENT_LENGTH": str(len(content))} if content else {}),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "HTTP_HOST": url.netloc,
        **_headers(request.headers),
    }


def _headers(headers: Mapping[str, str | bytes]) -> dict[str, str]:
    kept = {}
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        kept[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = text
    return kept


def _response(
    request: requests.PreparedRequest, status: int, headers: list[tuple[str, str]], content: bytes
) -> requests.Response:
    response = requests.Response()
    response.status_code, response.reason = status, responses.get(status, "")
    response.headers = CaseInsensitiveDict(headers)
    response.raw = HTTPResponse(
        io.BytesIO(content), dict(headers), status, preload_content=False, decode_content=False
    )
    response.url, response.request = request.url or "", request
    response.encoding = requests.utils.get_encoding_from_headers(response.headers)
    return response


def in_process(application: Application, root: str = "http://cwmock.invalid") -> requests.Session:
    """Return a session whose requests below *root* go to *application* and nowhere else."""
    session = requests.Session()
    session.trust_env = False
    session.mount(root, WSGIAdapter(application))
    return session
