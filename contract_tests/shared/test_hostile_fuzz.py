"""Requests nobody thought of: any method, route, query and body, valid to the parser or not."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.assumed("whatever is asked, the answer is the vendor's and never a defect")

NAMES = {
    "psa": (
        "summary",
        "name",
        "identifier",
        "firstName",
        "board",
        "status",
        "company",
        "customFields",
        "communicationItems",
        "closedFlag",
        "requiredDate",
        "actualHours",
        "text",
        "id",
        "_info",
    ),
    "automate": (
        "Name",
        "Client",
        "ClientID",
        "Location",
        "Comment",
        "Status",
        "Severity",
        "Parameters",
        "DateAdded",
        "ExtraData",
        "Uptime",
        "Id",
    ),
}
PARAMETERS = {
    "psa": ("conditions", "childConditions", "customFieldConditions", "orderBy", "fields"),
    "automate": ("condition", "orderBy", "ids", "includeFields", "excludeFields"),
}
PAGING = ("page", "pageSize", "pageId")
WORDS = ("=", "!=", "<", " like ", " contains ", " in (", ")", "(", " and ", " or ", " not ", "[")
WORDS += ("'", '"', "2024-01-01", "true", "null", "1", "id", "name", "Name", "/", ".", ",", " asc")


def scalars():
    texts = st.text(max_size=12) | st.sampled_from(("", "\0", "2024-01-01T00:00:00Z", "13", "True"))
    numbers = st.integers(-(2**66), 2**66) | st.integers(-3, 30) | st.floats(allow_nan=False)
    return st.none() | st.booleans() | numbers.filter(lambda n: abs(n) < 1e300) | texts


def values(names):
    keys = st.sampled_from((*names, "id", "name", "type", "value")) | st.text(max_size=5)

    def larger(inner):
        return st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4)

    return st.recursive(scalars(), larger, max_leaves=8)


def bodies(names):
    members = st.dictionaries(st.sampled_from(names), values(names), max_size=6)
    paths = st.sampled_from(names).map("/{}".format) | st.text(max_size=10)
    deep = st.sampled_from(("", "/0", "/-", "/id", "/0/value", "/name"))
    operation = st.fixed_dictionaries(
        {
            "op": st.sampled_from(("add", "replace", "remove", "Replace", "test")),
            "path": st.builds(str.__add__, paths, deep) | values(names),
            "value": values(names),
        }
    )
    return members | st.lists(operation, max_size=4) | values(names)


def texts():
    return st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=8).map("".join)


def queries(api):
    named = st.sampled_from(PARAMETERS[api]).flatmap(lambda name: st.tuples(st.just(name), texts()))
    numbers = st.integers(-2, 2**65).map(str) | st.text(max_size=4)
    paging = st.sampled_from(PAGING).flatmap(lambda name: st.tuples(st.just(name), numbers))
    return st.lists(named | paging, max_size=3)


def requests(side):
    templates = sorted({route["path"] for route in side.routes})
    weird = st.sampled_from(("0", "1", "2", "-1", "x", str(2**70)))
    methods = st.sampled_from(("GET", "POST", "PUT", "PATCH", "PATCH", "PUT", "POST", "DELETE"))
    return st.tuples(
        methods,
        st.sampled_from(templates).flatmap(
            lambda template: st.just(side.filled(template)) | weird.map(template_with(template))
        ),
        queries(side.api),
        bodies(NAMES[side.api]),
    )


def template_with(template):
    def fill(odd):
        parts = [odd if part.startswith("{") else part for part in template.split("/")]
        return "/".join(parts)

    return fill


def fuzz(side, examples):
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(requests(side))
    def answered(request):
        method, path, query, body = request
        content = json.dumps(body).encode("utf-8", "surrogatepass")
        before = side.state(path)
        answer = side.send(method, path, content, params=query)
        assert side.offence(answer) is None
        assert answer.status_code < 400 or side.state(path) == before

    answered()


def test_a_few_random_requests_are_all_answered_properly(side):
    fuzz(side, 80)


@pytest.mark.deep
def test_many_random_requests_are_all_answered_properly(side):
    fuzz(side, 750)
