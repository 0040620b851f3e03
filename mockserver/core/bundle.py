"""A world's files in memory, and as the one zip in which they travel.

What comes from outside is looked at before anything is unpacked: names, kinds, sizes. A folder on
disk is read under the same rules.
"""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

#: What a world may hold: no folders, no way out of its own.
FILE = re.compile(r"[A-Za-z0-9_]{1,120}\.jsonl?", re.ASCII)
FILES_MAX = 2_000
#: Of a zip, and of what it holds: what is larger is served from its folder.
PACKED_BYTES_MAX = 10 * 1024 * 1024
BYTES_MAX = 256 * 1024 * 1024
#: Zip has no time of its own: the same files give the same bytes.
DATE = (1980, 1, 1, 0, 0, 0)
ENCRYPTED = 0x1


class BadFolder(ValueError):
    """Files are no world; the message says which, where and why."""


class File(Protocol):
    """A file of a world, wherever it lies."""

    @property
    def name(self) -> str:
        """Return its name without the folder's."""

    def is_file(self) -> bool:
        """Tell whether it is there."""

    def read_bytes(self) -> bytes:
        """Return its content."""


class Folder(Protocol):
    """The files of a world: a folder on disk, in a package, or in memory."""

    def is_dir(self) -> bool:
        """Tell whether it is there."""

    def iterdir(self) -> Iterator[File]:
        """Yield what is in it."""

    def joinpath(self, name: str, /) -> File:
        """Return the file of this name, be it there or not."""


@dataclass(frozen=True)
class Member:
    """One file of a bundle; its content is None when it is not there."""

    name: str
    content: bytes | None

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    def is_file(self) -> bool:
        """Tell whether it is there."""
        return self.content is not None

    def read_bytes(self) -> bytes:
        """Return its content."""
        if self.content is None:
            raise FileNotFoundError(self.name)
        return self.content


@dataclass(frozen=True, eq=False)
class Bundle:
    """The files of a world in memory, by name."""

    files: Mapping[str, bytes]

    def __str__(self) -> str:
        """Return what messages call it."""
        return "the archive"

    def is_dir(self) -> bool:
        """Tell that it is there."""
        return True

    def iterdir(self) -> Iterator[File]:
        """Yield what is in it."""
        return (Member(name, content) for name, content in self.files.items())

    def joinpath(self, name: str, /) -> File:
        """Return the file of this name, be it there or not."""
        return Member(name, self.files.get(name))


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return files as a zip: the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unpacked(archive: bytes) -> Bundle:
    """Return the files of a zip.

    Raises:
        BadFolder: It is no zip, is too large, or holds what no world holds.
    """
    if len(archive) > PACKED_BYTES_MAX:
        raise BadFolder(f"the archive has more than {PACKED_BYTES_MAX} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            members = opened.infolist()
            _check_members(members)
            return Bundle({each.filename: _content(opened, each) for each in members})
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise BadFolder(f"the archive is no zip that can be read: {error}") from None


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    _check_number(len(members))
    seen: set[str] = set()
    for each in members:
        check_name(each.orig_filename)
        if stat.S_ISLNK(each.external_attr >> 16):
            raise BadFolder(f"{each.filename} is a link")
        if each.flag_bits & ENCRYPTED:
            raise BadFolder(f"{each.filename} is encrypted")
        # Where names know no case, two that differ in nothing else are one file.
        if each.filename.casefold() in seen:
            raise BadFolder(f"{each.filename} is in the archive twice")
        seen.add(each.filename.casefold())
    check_size(sum(each.file_size for each in members))


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    # With a number: without one, what a liar packed is unpacked whole before it is cut. That there
    # is more shows in the check sum.
    with archive.open(member) as stream:
        return stream.read(member.file_size + 1)


def _check_number(number: int) -> None:
    if number > FILES_MAX:
        raise BadFolder(f"there are more than {FILES_MAX} files")


def check_name(name: str) -> None:
    """Refuse a name that no file of a world has: above all one that leads elsewhere."""
    if not FILE.fullmatch(name):
        raise BadFolder(f"{name[:200]!r} is no name of a world's file")


def check_size(size: int) -> None:
    """Refuse more bytes than a world may have in memory."""
    if size > BYTES_MAX:
        raise BadFolder(f"the files have more than {BYTES_MAX} bytes")


def read_folder(folder: Path) -> Bundle:
    """Return the files of a world in a folder; other files in it are passed over.

    Raises:
        BadFolder: It is no folder, holds a link, or too much.
        OSError: It cannot be read.
    """
    if not folder.is_dir():
        raise BadFolder("it is no folder")
    found = sorted(each for each in folder.iterdir() if FILE.fullmatch(each.name))
    _check_number(len(found))
    for each in found:
        # A link leads out of what was shared; what is no file may never end.
        if each.is_symlink() or not each.is_file():
            raise BadFolder(f"{each.name} is a link or no file")
    check_size(sum(each.stat().st_size for each in found))
    return Bundle({each.name: each.read_bytes() for each in found})


def read_zip(file: Path) -> Bundle:
    """Return the files in a zip on disk.

    Raises:
        BadFolder: It is too large, or no world.
        OSError: It cannot be read.
    """
    with file.open("rb") as stream:
        return unpacked(stream.read(PACKED_BYTES_MAX + 1))
