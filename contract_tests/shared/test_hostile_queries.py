"""Query parameters with hostile values, for every list and count of both vendors."""

import pytest
from sides import offences

pytestmark = pytest.mark.assumed("answers to nonsense in a query are not public; 4xx or a list")


@pytest.fixture
def side(lasting_side):
    return lasting_side


NAMES = {
    "psa": (
        "conditions",
        "childConditions",
        "customFieldConditions",
        "orderBy",
        "page",
        "pageSize",
        "pageId",
        "fields",
        "nonsense",
    ),
    "automate": (
        "condition",
        "orderBy",
        "page",
        "pageSize",
        "ids",
        "includeFields",
        "excludeFields",
        "expand",
        "nonsense",
    ),
}
#: As they stand in the URL, already encoded.
VALUES = (
    "",
    "%00",
    "a%00b",
    "%FF%FE",
    "%ED%A0%80",
    "%E0%A4%A",
    "%zz",
    "%0D%0AX-Evil:%201",
    "-1",
    "0",
    "-0",
    "1.5",
    "1e3",
    str(2**63),
    "9" * 400,
    "%D9%A3",
    "true",
    "null",
    "[]",
    "{}",
    "'",
    "%22",
    "(",
    ")",
    "id%3D",
    "id%3D1%20and",
    "id%3D1e400",
    "id%3D" + "9" * 400,
    "id%20in%20(",
    "id%20in%20(" + "1," * 3_000 + "1)",
    "id%20desc",
    "id%20sideways",
    "id,id,id%20desc",
    "nope",
    "_info",
    "a/b/c/d/e/f",
    "/" * 200,
    ",,,",
    "*",
    "1;drop%20table%20x",
    "%2B%2B",
)
SAMPLE = {
    "psa": ("/service/tickets", "/company/contacts/{parentId}/communications"),
    "automate": ("/Computers", "/Alerts"),
}
LONG = 300_000


def reads(side):
    templates = [r["path"] for r in side.routes if r["method"] == "GET"]
    return [t for t in templates if not t.endswith("}")]


def asked(side, path, query):
    answer = side.ask("GET", path, params=query)
    evil = [name for name, _ in answer.headers if "evil" in name.casefold()]
    return f"{path}?{query[:80]}", f"headers {evil}" if evil else side.offence(answer)


def test_no_value_of_any_list_parameter_upsets_a_list(side):
    found = [
        asked(side, side.filled(template), f"{name}={value}")
        for template in SAMPLE[side.api]
        for name in NAMES[side.api]
        for value in VALUES
    ]
    assert offences(found) == []


@pytest.mark.deep
def test_no_list_or_count_is_upset(side):
    found = [
        asked(side, side.filled(template), f"{name}={VALUES[(number + place) % len(VALUES)]}")
        for number, template in enumerate(reads(side))
        for name in NAMES[side.api]
        for place in range(0, len(VALUES), 7)
    ]
    assert offences(found) == []


@pytest.mark.parametrize(
    "query",
    [
        "page=1&page=2",
        "%FF=1",
        "&&&=&=1&a",
        "?" * 500,
        "pageSize=2&%0D%0AX-Evil:1=1",
        "pageSize=2&x=%0D%0ASet-Cookie:%20a=b",
        "pageSize=2&x=%FF&y=%ED%A0%80&z=%00",
        "pageSize=1&" + "&".join(f"a{number}=1" for number in range(2_000)),
        "PAGESIZE=1&pAgE=2",
    ],
)
def test_no_query_string_upsets_a_list_or_its_headers(side, query):
    path = SAMPLE[side.api][0]
    answer = side.ask("GET", path, params=query)
    assert side.offence(answer) is None
    for name, value in answer.headers:
        assert name.casefold() not in {"set-cookie", "x-evil"}
        assert value.isascii()
        assert value.isprintable()


def test_a_condition_of_three_hundred_thousand_characters_is_refused(side):
    name, path = NAMES[side.api][0], SAMPLE[side.api][0]
    for text in ("(" * LONG, "x" * LONG, "id=1 or " * (LONG // 8), "'" + "a" * LONG + "'"):
        answer = side.ask("GET", path, params={name: text})
        assert 400 <= answer.status_code < 500
        assert side.offence(answer) is None
    if side.api == "psa":
        answer = side.send("POST", "/service/tickets/search", {"conditions": "id=1 or " * 40_000})
        assert (answer.status_code, side.offence(answer)) == (400, None)


def test_a_url_above_the_limit_is_too_long(side):
    path = SAMPLE[side.api][0]
    answer = side.ask("GET", path, params="x=" + "a" * 33_000)
    assert (answer.status_code, side.offence(answer)) == (414, None)


def test_three_thousand_field_names_are_answered(side):
    path = SAMPLE[side.api][0]
    name = "fields" if side.api == "psa" else "includeFields"
    wanted = ",".join(f"{number % 256:02x}" for number in range(3_000))
    answer = side.ask("GET", path, params=f"{name}=id,Name,{wanted}")
    assert answer.status_code == 200
    assert side.offence(answer) is None


@pytest.mark.parametrize("number", ["2", str(2**31), str(2**53), "9" * 18])
def test_a_page_far_behind_the_last_is_empty(side, number):
    answer = side.ask("GET", SAMPLE[side.api][0], params={"page": number, "pageSize": "1000"})
    assert (answer.status_code, answer.data) == (200, b"[]")


def test_quotes_and_wildcards_of_the_database_are_only_text(side):
    name, path = NAMES[side.api][0], SAMPLE[side.api][0]
    field = "summary" if side.api == "psa" else "Name"
    field = "ComputerName" if side.name == "automate observed" else field
    for text in ("'' or 1=1 --", "x'); drop table service_tickets; --", "_", "[a-z]", "\\"):
        answer = side.ask("GET", path, params={name: f'{field} = "{text}"'})
        assert side.offence(answer) is None
        assert answer.status_code == 400 or answer.json == []
    assert side.rows(path, 1)
