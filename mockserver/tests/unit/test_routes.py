"""From a path to the operation."""

import pytest

from mockserver.core.errors import MethodNotAllowed, UnknownEndpoint
from mockserver.web.routes import Route, Routes


def answer(_exchange):
    raise AssertionError


def route(method, template):
    return Route(method, template, answer)


LIST = route("GET", "/service/tickets")
READ = route("GET", "/service/tickets/{id}")
PATCH = route("PATCH", "/service/tickets/{id}")
COUNT = route("GET", "/service/tickets/count")
NOTES = route("GET", "/service/tickets/{parentId}/notes")
SEARCH = route("POST", "/service/tickets/search")
MEMBER = route("GET", "/system/members/{memberIdentifier}")
BY_ID = route("GET", "/system/members/{id}")
OTHER = route("DELETE", "/system/members/{id}")
ROUTES = Routes(
    (LIST, READ, PATCH, COUNT, NOTES, SEARCH, MEMBER, BY_ID, OTHER), texts=("memberIdentifier",)
)


@pytest.mark.parametrize(
    ("method", "path", "route", "ids"),
    [
        ("GET", "/service/tickets", LIST, ()),
        ("GET", "service/tickets/", LIST, ()),
        ("GET", "//SERVICE///Tickets//", LIST, ()),
        ("HEAD", "/service/tickets/7", READ, ("7",)),
        ("PATCH", "/service/tickets/007", PATCH, ("007",)),
        ("GET", "/service/tickets/count", COUNT, ()),
        ("GET", "/service/tickets/7/notes", NOTES, ("7",)),
        ("GET", "/system/members/7", BY_ID, ("7",)),
        ("GET", "/system/members/Admin1", MEMBER, ("Admin1",)),
        ("GET", "/system/members/1.5", MEMBER, ("1.5",)),
        ("GET", f"/system/members/{2**70}", MEMBER, (str(2**70),)),
    ],
)
def test_a_path_names_an_operation(method, path, route, ids):
    assert ROUTES.find(method, path) == (route, ids)


@pytest.mark.parametrize(
    ("path", "module_known"),
    [
        ("/service/tickets/-1", True),
        ("/service/tickets/1.5", True),
        ("/service/tickets/٣", True),
        (f"/service/tickets/{2**70}", True),
        ("/service/tickets/7/nope", True),
        ("/service", True),
        ("/nope", False),
        ("/", False),
        ("", False),
    ],
)
def test_a_path_that_nobody_has_is_unknown(path, module_known):
    with pytest.raises(UnknownEndpoint) as refused:
        ROUTES.find("GET", path)
    assert refused.value.module_known is module_known


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/service/tickets/7", ("GET", "HEAD", "PATCH")),
        ("HEAD", "/service/tickets/search", ("POST",)),
        ("FOO", "/service/tickets/count", ("GET", "HEAD")),
        ("PUT", "/system/members/7", ("DELETE", "GET", "HEAD")),
        ("get", "/service/tickets", ("GET", "HEAD")),
    ],
)
def test_a_method_that_the_path_has_not_is_refused_with_those_it_has(method, path, allowed):
    with pytest.raises(MethodNotAllowed) as refused:
        ROUTES.find(method, path)
    assert refused.value.allowed == allowed
    assert ROUTES.allowed(path) == allowed


def test_the_first_declaration_of_an_operation_wins():
    again = Routes(
        (LIST, route("GET", "/SERVICE/tickets"), READ, route("GET", "/service/tickets/{x}"))
    )
    assert again.all == [LIST, READ]


@pytest.mark.parametrize(
    ("route", "writes"), [(LIST, False), (PATCH, True), (SEARCH, False), (OTHER, True)]
)
def test_a_search_only_reads(route, writes):
    assert route.writes is writes


def test_a_path_of_many_segments_is_answered_at_once():
    with pytest.raises(UnknownEndpoint):
        ROUTES.find("GET", "/service/tickets" + "/1" * 100_000)
