"""Patterns for paths: ``*`` also crosses slashes, case never matters."""

import fnmatch
import re
from collections.abc import Callable

GLOB_CHARS_MAX = 1_000


def plain_path(path: str) -> str:
    """Return the path as patterns see it: folded, without the slashes at its ends."""
    return path.strip("/").casefold()


def path_matcher(glob: str) -> Callable[[str], bool]:
    """Return a test of paths; slashes at the ends of either do not matter.

    Raises:
        ValueError: The pattern is too long.
    """
    if len(glob) > GLOB_CHARS_MAX:
        raise ValueError(f"path must have at most {GLOB_CHARS_MAX} characters")
    matches = re.compile(fnmatch.translate(plain_path(glob))).match
    return lambda path: matches(plain_path(path)) is not None
