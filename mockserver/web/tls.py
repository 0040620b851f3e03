"""A certificate authority of our own, so that clients can verify TLS without being patched."""

import ssl
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme

NAMES = (
    "localhost",
    "127.0.0.1",
    "::1",
    "*.myconnectwise.net",
    "*.hostedrmm.com",
)


class Authority:
    """An authority made for one run, with the server's certificate.

    Attributes:
        context: What the server speaks TLS with.
        path: The authority's certificate as a PEM file, for ``REQUESTS_CA_BUNDLE``; removed by
            ``close``.

    Args:
        names: Further host names or addresses that the certificate is for.
    """

    def __init__(self, *names: str) -> None:
        authority = trustme.CA(organization_name="cwmock")
        certificate = authority.issue_cert(*dict.fromkeys((*NAMES, *names)))
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.set_alpn_protocols(["http/1.1"])
        certificate.configure_cert(self.context)
        self._folder = tempfile.TemporaryDirectory(prefix="cwmock-")
        self.path = Path(self._folder.name, "ca.pem")
        authority.cert_pem.write_to_path(str(self.path))

    def close(self) -> None:
        """Remove the authority's file."""
        self._folder.cleanup()

    def __enter__(self) -> Self:
        """Return the authority, to be closed at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the authority's file."""
        self.close()
