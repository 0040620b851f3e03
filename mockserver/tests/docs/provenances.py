"""How the tests of a module say that they know what they claim."""

import ast
from collections.abc import Iterator, Mapping

PROVENANCE = {"observed", "documented", "assumed"}


def provenances(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each test's name with the text of its provenance."""
    names = {name for node in module.body for name in _aliases(node)} | PROVENANCE
    whole = [text for node in module.body for text in _marked(node, names)]
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for text in [
                *whole,
                *(text for each in node.decorator_list for text in _texts(each, names)),
            ]:
                yield node.name, text


def _aliases(node: ast.stmt) -> Iterator[str]:
    """Yield the name that a module gives to a kind of provenance, if this is where it does."""
    if isinstance(node, ast.Assign) and _called(node.value) in PROVENANCE:
        yield _called(node.targets[0])


def _marked(node: ast.stmt, names: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Assign) and _called(node.targets[0]) == "pytestmark":
        yield from _texts(node.value, names)


def _texts(node: ast.expr, names: set[str]) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and _called(call.func) in names and call.args:
            first = call.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _called(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def table(claims: Mapping[str, list[str]], untested: Mapping[str, str]) -> str:
    """Return how many tests claim each fact, a line per fact, and why some are claimed by none."""
    lines = [
        f"{number:<6} {len(tests):>3}  {untested.get(number) or ', '.join(tests[:2])}"
        for number, tests in claims.items()
    ]
    claimed = sum(bool(tests) for tests in claims.values())
    summary = f"{claimed} of {len(claims)} facts are claimed by tests, {len(untested)} cannot be"
    return "\n".join([*lines, summary, ""])
