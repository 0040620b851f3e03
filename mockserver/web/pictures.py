"""Files of the emulator's own: what is downloaded where nobody has uploaded anything."""

#: A form with the members that an upload takes (psa facts 8.1).
UPLOAD_FORM = b"""<!DOCTYPE html>
<form method="post" enctype="multipart/form-data" action="../documents">
<input name="recordType"><input name="recordId"><input name="title">
<input name="privateFlag" type="checkbox"><input name="readOnlyFlag" type="checkbox">
<input name="isAvatar" type="checkbox"><input name="file" type="file"><input type="submit">
</form>
"""
#: One grey pixel: enough for a client that shows pictures.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)


PDF_PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
    b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
)


def pdf(text: str) -> bytes:
    """Return a page of PDF with one line of text."""
    line = f"BT /F1 24 Tf 72 720 Td ({text}) Tj ET".encode("latin-1", "replace")
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        PDF_PAGE,
        b"<</Length %d>>stream\n%s\nendstream" % (len(line), line),
    ]
    page, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(page))
        page += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(page)
    head = b"xref\n0 5\n0000000000 65535 f \n"
    tail = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
    return page + head + table + tail


def blank_file(name: str, size_bytes: int) -> bytes:
    """Return contents for a file of this name: of its kind where that is easy, and of its size."""
    kinds = {"pdf": pdf(name), "png": PIXEL}
    content = kinds.get(name.rpartition(".")[2].casefold(), f"{name}\n".encode())
    # Readers of both kinds stop at their own end marks.
    return content.ljust(size_bytes, b"\n")
