"""Bodies that are no request: every write refuses them in the vendor's format, changing nothing."""

import pytest
from sides import blank, offences

pytestmark = pytest.mark.assumed("what a vendor says to broken JSON is not public; 4xx it must be")

HUGE = b"1" + b"0" * 400
DEEP = 100_000
#: Bodies that no operation can read.
UNREADABLE = {
    "empty": b"",
    "blanks": b" \r\n\t ",
    "cut off": b'{"name": ',
    "two documents": b"{} {}",
    "a comment": b"{} // hello",
    "single quotes": b"{'name': 1}",
    "NaN": b'{"name": NaN}',
    "infinity": b'{"name": -Infinity}',
    "a number beyond every double": b'{"name": 1e400, "Name": 1e400}',
    "an integer beyond every double": b'{"name": %s, "Name": %s}' % (HUGE, HUGE),
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"name":' * DEEP + b"1" + b"}" * DEEP,
    "deep and never closed": b"[" * DEEP,
    "nested beyond the reader's depth": b'{"name":' * 70 + b"1" + b"}" * 70,
    "invalid UTF-8": b'{"name": "\xff\xfe", "Name": "\xc3("}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "an encoded surrogate": b'{"name": "\xed\xa0\x80"}',
    "a lone surrogate": b'{"name": "\\ud800", "Name": "\\udc00"}',
    "a lone surrogate as a name": b'{"\\ud800": 1}',
    "a raw NUL": b'{"name": "a\x00b"}',
    "a raw line end": b'{"name": "a\nb"}',
    "a zip": b"PK\x03\x04" + bytes(range(256)),
}
#: JSON, but neither a record nor a patch document.
SHAPELESS = {
    "null": b"null",
    "a number": b"-0",
    "a text": b'"x"',
    "true": b"true",
    "a list of a number": b"[1]",
    "a list of null": b"[null]",
    "a list of lists": b"[[[]]]",
}


def writes(side):
    bodied = side.bodied
    return [r for r in side.routes if (r["method"], blank(r["path"])) in bodied]


def assert_all_refuse(side, bodies):
    asked = []
    for route in writes(side):
        path = side.filled(route["path"])
        for name, body in bodies.items():
            answer = side.send(route["method"], path, body)
            offence = side.offence(answer)
            if answer.status_code < 400:
                offence = f"was accepted: {answer.status_code}"
            asked.append((f"{route['method']} {path} {name}", offence))
    assert asked
    assert offences(asked) == []


def collections(side):
    return [r["path"] for r in side.routes if r["method"] == "GET" and is_list(r["path"])]


def is_list(template):
    return "{" not in template and "count" not in template


@pytest.mark.deep
def test_what_is_no_json_is_refused_by_every_write(side):
    before = {path: side.state(path) for path in collections(side)}
    assert_all_refuse(side, UNREADABLE)
    assert {path: side.state(path) for path in before} == before


@pytest.mark.deep
def test_what_is_no_record_is_refused_by_every_write(side):
    before = {path: side.state(path) for path in collections(side)}
    assert_all_refuse(side, SHAPELESS)
    assert {path: side.state(path) for path in before} == before


@pytest.fixture
def desk(side):
    """Return a side with one collection to try things on."""
    side.path = "/company/contacts" if side.api == "psa" else "/Clients"
    side.key = "firstName" if side.api == "psa" else "Name"
    side.one = side.filled(side.path + "/{id}")
    return side


def test_a_body_above_ten_megabytes_is_too_large(desk):
    before = desk.state(desk.path)
    body = b'{"%s": "%s"}' % (desk.key.encode(), b"x" * (10 * 1024 * 1024))
    for method, path in (("POST", desk.path), ("PUT", desk.one), ("PATCH", desk.one)):
        answer = desk.send(method, path, body)
        assert (answer.status_code, desk.offence(answer)) == (413, None)
        assert answer.headers["Connection"] == "close"
    assert desk.state(desk.path) == before


def test_a_body_just_below_the_limit_is_read_and_judged(desk):
    body = b'{"%s": "%s"}' % (desk.key.encode(), b"x" * (10 * 1024 * 1024 - 100))
    before = len(desk.rows(desk.path))
    answer = desk.send("POST", desk.path, body)
    assert desk.offence(answer) is None
    assert len(answer.data) < 11 * 1024 * 1024
    assert len(desk.rows(desk.path)) - before == (answer.status_code < 300)


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/xml", "multipart/form-data; boundary=x", "image/png", "nonsense"],
)
def test_a_body_of_another_type_is_unsupported(desk, kind):
    before = desk.state(desk.path)
    for method, path in (("POST", desk.path), ("PUT", desk.one), ("PATCH", desk.one)):
        answer = desk.send(method, path, b'{"a": 1}', headers={"Content-Type": kind})
        assert (answer.status_code, desk.offence(answer)) == (415, None)
    assert desk.state(desk.path) == before


@pytest.mark.parametrize(
    "kind",
    ["", "application/json; charset=utf-8", "text/json", "APPLICATION/JSON", "application/x+json"],
)
def test_a_body_of_no_type_or_of_any_json_type_is_read(desk, kind):
    given = {desk.key: "Ann Example"}
    answer = desk.send("POST", desk.path, given, headers={"Content-Type": kind or None})
    assert answer.status_code in {200, 201}, answer.text


def test_the_last_of_two_equal_names_counts(desk):
    body = b'{"%s": "one", "%s": "two"}' % (desk.key.encode(), desk.key.encode())
    answer = desk.send("POST", desk.path, body)
    assert answer.json[desk.key] == "two"


def test_names_are_read_whatever_their_case_and_the_servers_links_ignored(desk):
    given = {desk.key.upper(): "Ann", "_info": {"x": 1}, "_INFO": "y"}
    answer = desk.send("POST", desk.path, given)
    assert answer.json[desk.key] == "Ann"


def test_a_byte_order_mark_is_no_part_of_the_document(desk):
    answer = desk.send("POST", desk.path, b'\xef\xbb\xbf{"%s": "Ann"}' % desk.key.encode())
    assert answer.json[desk.key] == "Ann"


def test_an_object_of_ten_thousand_unknown_names_is_answered(desk):
    given = {desk.key: "Ann", **{f"name{number}": number for number in range(10_000)}}
    answer = desk.send("POST", desk.path, given)
    assert desk.offence(answer) is None
    assert answer.status_code == (400 if desk.api == "psa" else answer.status_code)


def test_text_of_any_script_comes_back_as_it_was_sent(desk):
    text = "Zo\u00eb \U0001f600\u2028\u202e\x7f\ufffe \u0627\u0633 \\ \" <b>\t'--"
    made = desk.send("POST", desk.path, {desk.key: text})
    assert made.json[desk.key] == text
    read = desk.ask("GET", f"{desk.path}/{desk.id_of(made.json)}")
    assert read.json[desk.key] == text
