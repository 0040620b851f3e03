"""Documents that are too large, hostile names, broken forms (psa facts 8.1)."""

import pytest
from document_support import DOCUMENTS, TICKET


@pytest.mark.assumed("the setup table of file types tells the most megabytes of each")
def test_a_file_may_be_too_large_for_its_kind(psa):
    kinds = psa.get("/system/allowedfiletypes", params={"conditions": "fileType='txt'"}).json
    small = [{"op": "replace", "path": "sizeLimit", "value": 1}]
    assert psa.patch(f"/system/allowedfiletypes/{kinds[0]['id']}", json=small).status_code == 200

    for size, status in ((1024 * 1024, 201), (1024 * 1024 + 1, 413)):
        parts = (*TICKET.items(), ('file"; filename="a.txt', "x" * size))
        body = "".join(
            f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in parts
        )
        answer = psa.post(
            DOCUMENTS, data=f"{body}--b--", content_type="multipart/form-data; boundary=b"
        )
        assert answer.status_code == status


@pytest.mark.assumed("nothing larger than ten megabytes is read at all")
def test_a_body_may_be_too_large(psa):
    body = b"x" * (10 * 1024 * 1024 + 1)

    answer = psa.post(DOCUMENTS, data=body, content_type="multipart/form-data; boundary=b")

    assert answer.status_code == 413


@pytest.mark.assumed("a file's name is only a name")
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system.ini", "system.ini"),
        ("a\0b.txt", "ab.txt"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie: x=1.txt"),
        ("x" * 10_000 + ".txt", "x" * 251 + ".txt"),
        ("..", "document"),
        ("Bericht für 日本.txt", "Bericht für 日本.txt"),
        ('quo"te.txt', 'quo"te.txt'),
        ("." + "y" * 500, ""),
    ],
)
def test_a_hostile_name_neither_escapes_nor_crashes(psa, name, kept):
    shown = name.replace("\\", "\\\\").replace('"', '\\"').replace("\r\n", "%0D%0A")
    head = f'Content-Disposition: form-data; name="file"; filename="{shown}"'
    rest = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'
        for n, v in TICKET.items()
    )
    body = f"{rest}--b\r\n{head}\r\n\r\nhello\r\n--b--\r\n".encode()

    answer = psa.post(DOCUMENTS, data=body, content_type="multipart/form-data; boundary=b")

    assert answer.status_code == 201, answer.text
    assert len(answer.json["fileName"]) <= 255
    if kept and "%0D" not in shown:
        assert answer.json["fileName"] == kept
    download = psa.get(f"{DOCUMENTS}/{answer.json['id']}/download")
    assert download.data == b"hello"
    assert "\n" not in download.headers["Content-Disposition"]
    assert "Set-Cookie" not in download.headers


@pytest.mark.assumed("a form that cannot be read lacks what it should say")
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data"),
        (b"garbage", "multipart/form-data; boundary=b"),
        (b"--b\r\n\r\n" * 50, "multipart/form-data; boundary=b"),
    ],
)
def test_a_broken_form_is_refused(psa, body, kind):
    assert psa.post(DOCUMENTS, data=body, content_type=kind).status_code == 400


@pytest.mark.assumed("a form with very many parts is not read")
def test_a_form_has_at_most_a_hundred_parts(psa):
    part = b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nx\r\n'

    answer = psa.post(
        DOCUMENTS, data=part * 101 + b"--b--\r\n", content_type="multipart/form-data; boundary=b"
    )

    assert answer.status_code == 413
