"""Uploading documents through HTTP."""

import io

DOCUMENTS = "/system/documents"
TICKET = {"recordType": "Ticket", "recordId": "5000"}


def upload(caller, content=b"hello", name="report.txt", **form):
    data = {**TICKET, **form}
    if content is not None:
        data["file"] = (io.BytesIO(content), name)
    return caller.post(DOCUMENTS, data=data, content_type="multipart/form-data")


def made(caller, *args, **form):
    answer = upload(caller, *args, **form)
    assert answer.status_code == 201, answer.text
    return answer.json
