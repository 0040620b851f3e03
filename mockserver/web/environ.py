"""The WSGI environ of a request that arrived as an ASGI scope."""

import sys
from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIEnvironment

KEYS_KEPT = 512

Scope = MutableMapping[str, Any]


def environ_builder() -> Callable[[Scope], WSGIEnvironment]:
    """Return a function from a scope to its environ, which remembers the names of headers."""
    key_of = lru_cache(maxsize=KEYS_KEPT)(_key)

    def build(scope: Scope) -> WSGIEnvironment:
        environ = _line(scope)
        _add_headers(environ, scope["headers"], key_of)
        return environ

    return build


def _line(scope: Scope) -> WSGIEnvironment:
    raw_path: bytes = scope["raw_path"]
    path = raw_path.decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    target = f"{path}?{query}" if query else path
    host, port = scope["client"] or ("", 0)
    server, server_port = scope["server"] or ("", 0)
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw_path).decode("latin-1") if "%" in path else path,
        "QUERY_STRING": query,
        "RAW_URI": target,
        "REQUEST_URI": target,
        "SERVER_NAME": server,
        "SERVER_PORT": str(server_port),
        "SERVER_PROTOCOL": "HTTP/" + scope["http_version"],
        "REMOTE_ADDR": host,
        "REMOTE_PORT": str(port),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "cwmock.bridged": True,
        "cwmock.connection": f"{host}:{port}",
    }


def _add_headers(
    environ: WSGIEnvironment,
    headers: list[tuple[bytes, bytes]],
    key_of: Callable[[bytes], str],
) -> None:
    for name, raw in headers:
        key = key_of(name)
        value = raw.decode("latin-1")
        if key in environ:
            separator = "; " if key == "HTTP_COOKIE" else ","
            environ[key] += separator + value
        elif key:
            environ[key] = value


def _key(name: bytes) -> str:
    # An underscore could pass for the hyphen of another header, so such headers are dropped.
    if b"_" in name:
        return ""
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else "HTTP_" + key
