"""Whatever somebody calls a description is compiled or refused in words."""

import contextlib

from hypothesis import example, given
from hypothesis import strategies as st

from mockserver.core.compiler import compiled
from mockserver.core.compiling.reading import BadDescription, usable

MEMBERS = ("$ref", "type", "properties", "items", "allOf", "anyOf", "required", "enum", "format")
PLACES = ("parameters", "requestBody", "responses", "200", "content", "application/json", "schema")
TEXTS = (
    "array",
    "object",
    "string",
    "integer",
    "null",
    "id",
    "name",
    "in",
    "query",
    "path",
    "body",
)
POINTERS = ("#/components/schemas/A", "#/components/schemas/B", "#/", "elsewhere.json#/A", "A", "")
WORDS = st.sampled_from((*MEMBERS, *PLACES, *TEXTS, *POINTERS))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 9) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=24,
)
PATHS = st.dictionaries(
    st.sampled_from(["/", "/x", "/x/{id}", "/x/{id}/y", "/{id}", "//", "/x/count", "/x/info"]),
    st.dictionaries(st.sampled_from(["get", "post", "$ref", "parameters"]), VALUES, max_size=3),
    max_size=4,
)


@given(PATHS, st.dictionaries(st.sampled_from(["A", "B"]), VALUES, max_size=2))
@example({"/x": {"get": {"responses": {"200": {"$ref": "#/paths/~1x/get"}}}}}, {})
def test_any_paths_and_models_are_compiled_or_refused(paths, models):
    document = {"paths": paths, "components": {"schemas": models}}
    with contextlib.suppress(BadDescription):
        compiled([usable(document)], {}, {})


@given(VALUES)
def test_anything_else_is_refused(value):
    with contextlib.suppress(BadDescription):
        usable(value)
