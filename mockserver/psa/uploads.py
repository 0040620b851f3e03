"""What a document upload says: a form in several parts, read leniently (psa facts 8.1)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from mockserver.core.errors import Fault, Flaw, InvalidRecord, PayloadTooLarge, UnsupportedMedia
from mockserver.web.exchange import Exchange

MULTIPART = "multipart/form-data"
DOCUMENTS = "system/documents"
PARTS_MAX = 100
NAME_CHARS_MAX = 255
FLAGS = {"true": True, "false": False, "on": True, "1": True, "0": False, "": False}
#: A header of a part whose name has no closing quote, as one client in the field sends it.
UNCLOSED = rb'(?im)^(content-disposition: *form-data; *name="[a-z]+)(?=\r?$)'
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
CONTENT_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,100}", re.ASCII)


@dataclass(frozen=True)
class Upload:
    """One upload.

    Attributes:
        texts: The plain parts, by casefolded name.
        name: What the file is called, without any folder; empty without a file.
        content: The file; None when there is none.
        content_type: What the sender says that it is.
    """

    texts: Mapping[str, str]
    name: str = ""
    content: bytes | None = None
    content_type: str = "application/octet-stream"

    def flag(self, name: str) -> bool | None:
        """Return whether a flag is set; None when it is not given.

        Raises:
            InvalidRecord: It is neither true nor false.
        """
        text = self.texts.get(name.casefold())
        if text is None:
            return None
        if text.strip().casefold() not in FLAGS:
            raise InvalidRecord(DOCUMENTS, (Fault(Flaw.WRONG_TYPE, name, None, text),))
        return FLAGS[text.strip().casefold()]


def upload_of(exchange: Exchange) -> Upload:
    """Return what the body of an upload says.

    Raises:
        UnsupportedMedia: It is no form in several parts (psa facts 6.5: 415 for JSON).
        PayloadTooLarge: It has too many parts.
    """
    if exchange.request.mimetype != MULTIPART:
        raise UnsupportedMedia(exchange.request.mimetype)
    _, options = parse_options_header(exchange.request.headers.get("Content-Type", ""))
    body = _closed(exchange.body, options.get("boundary", "").encode("ascii", "ignore"))
    # The body is in memory already: no part is put into a temporary file.
    parser = FormDataParser(
        lambda *_, **__: BytesIO(), max_form_memory_size=None, max_form_parts=PARTS_MAX
    )
    try:
        _, form, files = parser.parse(BytesIO(body), MULTIPART, len(body), options)
    except HTTPException:
        raise PayloadTooLarge(len(body)) from None
    texts = {str(name).casefold(): value for name, value in form.items(multi=True)}
    return _with_file(texts, files.items(multi=True))


def _closed(body: bytes, boundary: bytes) -> bytes:
    """Close the quotes that were left open; the contents of files stay as they are."""
    head = b"--" + boundary
    parts = body.split(head)
    fixed = [_fixed(part) for part in parts[1:]]
    return head.join([parts[0], *fixed])


def _fixed(part: bytes) -> bytes:
    header, blank, content = part.partition(b"\r\n\r\n")
    return re.sub(UNCLOSED, rb'\1"', header) + blank + content


def _with_file(texts: dict[str, str], files: Iterable[tuple[str, FileStorage]]) -> Upload:
    found = next((file for _, file in files if file.filename), None)
    if found is None:
        return Upload(texts)
    kind = found.mimetype if CONTENT_TYPE.fullmatch(found.mimetype) else Upload.content_type
    return Upload(texts, plain_name(found.filename or ""), found.stream.read(), kind)


def plain_name(text: str) -> str:
    """Return the name of a file without folders and what cannot be printed, and not too long."""
    last = UNPRINTABLE.sub("", text).replace("\\", "/").rpartition("/")[2].strip(" .")
    suffix = PurePosixPath(last).suffix[:20]
    room = NAME_CHARS_MAX - len(suffix)
    return (last.removesuffix(suffix)[:room] + suffix) or "document"
