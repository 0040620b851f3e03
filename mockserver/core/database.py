"""SQLite itself: opening a database, and copying a whole one quickly."""

import sqlite3

from mockserver.core.conditions import register_functions

SCRATCH_CACHE_KIB = 64 * 1024
#: A larger database is copied page by page: an image of it would double the memory it takes.
IMAGE_BYTES_MAX = 128 * 1024 * 1024


class Images:
    """The whole database as bytes, kept while it does not change.

    A template is copied for every tenant and every reset: writing its image into place takes half
    the time of copying its pages. Something copied once is not worth an image.
    """

    def __init__(self) -> None:
        self._copied = -1
        self._image: tuple[int, bytes] | None = None

    def of(self, raw: sqlite3.Connection) -> bytes | None:
        """Return the image of the database, or None if it had better be copied."""
        changes = raw.total_changes
        if self._image is not None and self._image[0] == changes:
            return self._image[1]
        self._image, seen, self._copied = None, self._copied, changes
        if seen != changes or _size(raw) > IMAGE_BYTES_MAX:
            return None
        self._image = (changes, raw.serialize())
        return self._image[1]


def _size(raw: sqlite3.Connection) -> int:
    (pages,), (size,) = (
        raw.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
    )
    return int(pages * size)


def opened(file: str | None) -> sqlite3.Connection:
    """Return a connection to a database in memory, or for the empty text in a temporary file."""
    raw = sqlite3.connect(
        ":memory:" if file is None else file,
        check_same_thread=False,
        isolation_level=None,
        cached_statements=512,
    )
    register_functions(raw)
    if file is None:
        # A long list would else be sorted in a temporary file: not every container has a place.
        raw.execute("PRAGMA temp_store = MEMORY")
    if file == "":
        raw.execute("PRAGMA journal_mode = MEMORY")
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute(f"PRAGMA cache_size = -{SCRATCH_CACHE_KIB}")
    return raw
