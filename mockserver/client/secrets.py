"""Keeps secrets out of texts."""

import re
from collections.abc import Iterable

MARK = "[redacted]"
SHORTEST = 4


class Secret(str):
    """A text that can be sent, but that no traceback shows: its repr is a mark.

    Tracebacks with locals, as pytest's, show what functions were called with.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the mark."""
        return repr(MARK)


class Scrubber:
    """Replaces known secrets, and what looks like a credential, in texts for people."""

    #: A token, or what follows the name of a scheme.
    SHAPES = re.compile(r"(?i)\b(basic|bearer)\s+[\w.~+/=-]{8,}|\beyJ[\w-]+\.[\w-]+\.[\w-]+")

    def __init__(self) -> None:
        self._secrets: tuple[str, ...] = ()

    def learn(self, *secrets: str | None) -> None:
        """Take further secrets in; what is too short to be one is left alone."""
        known = {*self._secrets, *_long(secrets)}
        self._secrets = tuple(sorted(known, key=len, reverse=True)[:50])

    def text(self, text: str) -> str:
        """Return *text* without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, MARK)
        return self.SHAPES.sub(MARK, text)


def _long(secrets: Iterable[str | None]) -> Iterable[str]:
    return (secret for secret in secrets if secret and len(secret) >= SHORTEST)
