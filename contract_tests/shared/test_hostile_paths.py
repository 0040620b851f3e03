"""Paths, ids and methods that nobody should send."""

import pytest
from sides import offences

pytestmark = pytest.mark.assumed("answers to impossible paths are not public; 404 or 405")


@pytest.fixture
def side(lasting_side):
    return lasting_side


IDS = (
    "-1",
    "0",
    "1.5",
    "1e3",
    str(2**31),
    str(2**63 - 1),
    str(2**70),
    "%D9%A3",
    "%2e%2e",
    "..",
    ".",
    "%00",
    "1%00",
    "%FF",
    "%ED%A0%80",
    "%0D%0AX-Evil:%201",
    "1%0A",
    "%20",
    "1%20",
    "%2F",
    "1%2F..%2F2",
    "null",
    "undefined",
    "[object%20Object]",
    "'",
    "%22",
    "1;drop",
    "<script>",
    "%25",
    "%zz",
    "x" * 5_000,
    "{id}",
)
METHODS = ("GET", "HEAD", "PUT", "PATCH", "DELETE")
#: A DELETE of a weird id must never hit a record.
ODD_METHODS = ("FOO", "TRACE", "CONNECT", "PROPFIND", "LINK", "M-SEARCH", "X" * 200)


def with_ids(template, odd):
    above, _, below = template.rpartition("{")
    return f"{above}{odd}{below.partition('}')[2]}"


def judged(side, method, path):
    answer = side.ask(method, path)
    evil = [name for name, _ in answer.headers if "evil" in name.casefold()]
    return f"{method} {path}", f"headers {evil}" if evil else side.offence(answer)


def templates(side):
    found = {route["path"] for route in side.routes if "{" in route["path"]}
    return sorted(found)


@pytest.mark.deep
def test_no_id_upsets_any_operation(side):
    routes = [r for r in side.routes if "{" in r["path"]]
    asked = []
    for number, route in enumerate(routes):
        for odd in IDS[number % 4 :: 4]:
            path = with_ids(route["path"], odd)
            path = side.filled(path) if "{" in path and odd != "{id}" else path
            asked.append(judged(side, route["method"], path))
    assert offences(asked) == []


def test_weird_ids_find_nothing(side):
    template = "/service/tickets/{id}" if side.api == "psa" else "/Clients/{id}"
    collection = template.rpartition("/")[0]
    before = side.state(collection)
    for odd in IDS:
        for method in METHODS:
            answer = side.ask(method, with_ids(template, odd))
            refused = odd in {".", "%2F"} or answer.status_code in {404, 405}
            # An id that could be one is looked up after the body, which is empty here.
            refused |= method in {"PUT", "PATCH"} and answer.status_code == 400
            assert refused, (method, odd, answer.status_code)
            assert side.offence(answer) is None, (method, odd)
    assert side.state(collection) == before


def test_an_id_may_have_leading_zeros(side):
    template = "/service/boards/{id}" if side.api == "psa" else "/Clients/{id}"
    path = side.filled(template)
    above, _, last = path.rpartition("/")
    assert side.ask("GET", f"{above}/000{last}").data == side.ask("GET", path).data


@pytest.mark.parametrize("method", ODD_METHODS)
def test_an_unknown_method_is_not_allowed_and_told_what_is(side, method):
    path = "/service/boards" if side.api == "psa" else "/Clients"
    answer = side.ask(method, path)
    assert (answer.status_code, side.offence(answer)) == (405, None)
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "HEAD", "POST"}


@pytest.mark.deep
def test_a_method_that_an_operation_has_not_is_not_allowed(side):
    by_path = {}
    for route in side.routes:
        by_path.setdefault(route["path"], set()).add(route["method"])
    asked = []
    for template, methods in by_path.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
            answer = side.ask(method, side.filled(template))
            offence = side.offence(answer)
            if answer.status_code not in {405, 404}:
                offence = f"answered {answer.status_code}"
            asked.append((f"{method} {template}", offence))
    assert offences(asked) == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "//",
        "/nope",
        "/nope/1",
        "/%00",
        "/%0A",
        "/%FF",
        "/..",
        "/../..",
        "/a" * 2_000,
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS", "FOO"])
def test_an_unknown_path_is_not_found_in_the_vendors_format(side, method, path):
    answer = side.ask(method, path)
    assert (answer.status_code, side.offence(answer)) == (404, None)


@pytest.mark.parametrize("slashes", ["{0}/", "/{0}", "{0}//", "{1}"])
def test_slashes_and_case_of_a_path_do_not_matter(side, slashes):
    path = "/service/boards" if side.api == "psa" else "/Clients"
    written = slashes.format(path, path.swapcase())
    plain, odd = side.ask("GET", path), side.ask("GET", written)
    assert odd.status_code == 200
    assert odd.data == plain.data


def test_nothing_from_the_path_gets_into_location_or_link(side):
    path = "/Service//Boards/" if side.api == "psa" else "/Clients//"
    for evil in ("?pageSize=1&x=%0D%0AX-Evil:1", "?pageSize=1&x=%C3%A9%E2%80%A8"):
        answer = side.ask("GET", path + evil)
        assert answer.status_code == 200
        for name, value in answer.headers:
            assert "evil" not in name.casefold()
            assert value.isascii()
            assert value.isprintable()
    given = {"name": "Odd"} if side.api == "psa" else {"Name": "Odd"}
    answer = side.send("POST", path + "?x=%0D%0AX-Evil:1", given)
    location = answer.headers.get("Location", "")
    assert location.isascii()
    assert "X-Evil" not in {name for name, _ in answer.headers}


@pytest.mark.parametrize(
    "host", ["a b", "<script>", "\xe9.example", "x" * 300, "a\tb", "[::1", "a@b"]
)
def test_no_host_upsets_an_answer(side, host):
    path = "/service/tickets" if side.api == "psa" else "/Clients"
    answer = side.ask("GET", path, params={"pageSize": "1"}, headers={"Host": host})
    assert answer.status_code in {200, 400}
    # A name that cannot be one is refused before any API sees it, as http.sys does.
    assert answer.status_code == 400 or side.offence(answer) is None
    for _, value in answer.headers:
        assert value.isascii()
