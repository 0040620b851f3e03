"""An exchange as text to paste elsewhere: a shell command, a script, a test."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import indent

#: Headers that the client's library writes itself, or that were masked.
OWN = frozenset(
    {"host", "connection", "content-length", "accept-encoding", "user-agent", "authorization"}
)


@dataclass(frozen=True)
class Sent:
    """A request to be sent again.

    Attributes:
        method: The HTTP method.
        url: Absolute.
        headers: With credentials that work.
        body: The body; None for none.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: str | None

    def curl(self) -> str:
        """Return a shell command."""
        words = ["curl", "--include", "--request", self.method, self.url]
        for name, value in self.headers.items():
            words += ["--header", f"{name}: {value}"]
        if self.body is not None:
            words += ["--data-raw", self.body]
        return " ".join(shlex.quote(word) for word in words)

    def python(self) -> str:
        """Return a script for requests."""
        return f"import requests\n\n{self._call()}print(answer.status_code, answer.text)\n"

    def test(self, status: int | None) -> str:
        """Return a test that expects the same status; None expects a broken connection."""
        call = indent(self._call(), "    ")
        if status is None:
            expected = indent(f"with pytest.raises(requests.ConnectionError):\n{call}", "    ")
            return f"import pytest\nimport requests\n\n\ndef test_this():\n{expected}"
        check = f"\n    assert answer.status_code == {status}\n"
        return f"import requests\n\n\ndef test_this():\n{call}{check}"

    def _call(self) -> str:
        lines = ["answer = requests.request(", f"    {self.method!r},", f"    {self.url!r},"]
        lines.append(f"    headers={dict(self.headers)!r},")
        if self.body is not None:
            lines.append(f"    data={self.body!r}.encode(),")
        return "\n".join([*lines, "    timeout=60,", ")", ""])


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that are worth sending again."""
    return {name: value for name, value in headers.items() if name.casefold() not in OWN}


def tidy(text: str) -> str:
    """Return a JSON text on one line, any other as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
