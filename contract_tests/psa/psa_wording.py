"""How PSA prints what it refuses; shared by the tests of this folder."""

import json

ACCEPT_TAIL = "Check your accept header to make sure you are using the correct version."
TYPE_RULES = (
    "String values should be enclosed with double or single quotes; DateTime values should be "
    "enclosed in square brackets; numbers should consist of only digits, and optionally a decimal "
    "point and a negation sign; boolean values should be indicated with the keywords true or "
    "false; null values should be indicated by the keyword null."
)


def printed(document):
    """Return a document as the vendor prints errors: indented, with CRLF (psa facts 2.7)."""
    return json.dumps(document, indent=2, ensure_ascii=False).replace("\n", "\r\n")


def refused(answer, status, document):
    """Check an answer's status and its body, byte for byte."""
    assert (answer.status_code, answer.text) == (status, printed(document))
    return True


def error(code, message, *faults):
    """Return an error document; *faults* are its ``errors``, left out when there are none."""
    document = {"code": code, "message": message}
    return {**document, "errors": list(faults)} if faults else document


def fault(code, message, resource, field):
    """Return an entry of ``errors`` as it was recorded (psa facts 6.2)."""
    return {"code": code, "message": message, "resource": resource, "field": field}


def seed_fault(code, message, field):
    """Return an entry of ``errors`` as seed 002 prints it."""
    return {"code": code, "message": message, "field": field}


def ids(answer):
    """Return the ids of the records in an answer."""
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json]
