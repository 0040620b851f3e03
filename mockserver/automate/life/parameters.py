"""The parameters that a script is given, checked against those that it declares."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mockserver.automate.life.places import SCRIPTS, folded, refused, written
from mockserver.core.errors import Fault, Flaw
from mockserver.core.rules import Record

TRUTHS = frozenset({"true", "false", "1", "0"})


def checked(script: Record, given: Any) -> dict[str, str]:
    """Return the parameters of a run, the script's own defaults filled in.

    Names that the script does not declare are passed on: the seed family warns of them only.

    Args:
        script: The kept record.
        given: An object of names and values (seed), or a list of ``{"Key", "Value"}`` (facts 84).

    Raises:
        InvalidRecord: A required one is missing or a value does not fit; all faults are named.
    """
    values = _named(given)
    faults = list(_faults(script, values))
    if faults:
        raise refused(SCRIPTS, *faults)
    declared = script.get("Parameters") or []
    usual = {each["Name"]: each["DefaultValue"] for each in declared if each.get("DefaultValue")}
    return usual | {name: written(value) for name, value in values.items() if value is not None}


def _named(given: Any) -> dict[str, Any]:
    if given is None:
        return {}
    if isinstance(given, dict):
        return given
    if isinstance(given, list) and all(isinstance(each, dict) for each in given):
        pairs = [folded(each) for each in given]
        if all(isinstance(each.get("key"), str) for each in pairs):
            return {each["key"]: each.get("value") for each in pairs}
    raise refused(SCRIPTS, Fault(Flaw.WRONG_SHAPE, "Parameters", None, None))


def _faults(script: Record, values: Mapping[str, Any]) -> Iterator[Fault]:
    for name, value in values.items():
        if isinstance(value, dict | list):
            yield Fault(Flaw.WRONG_TYPE, f"Parameters/{name}", None, None)
    for each in script.get("Parameters") or []:
        value = values.get(each["Name"])
        path = f"Parameters/{each['Name']}"
        if value is None or value == "":
            if each.get("Required") and not each.get("DefaultValue"):
                yield Fault(Flaw.MISSING, path, None, None)
        elif isinstance(value, str | int | float) and not _fits(each, written(value)):
            yield Fault(Flaw.WRONG_TYPE, path, None, value)


def _fits(declared: Record, text: str) -> bool:
    kind = KINDS.get(declared.get("Type", ""))
    options = declared.get("Options") or ()
    if kind is None:
        return not options or text in options
    return kind(text)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


KINDS: Mapping[str, Callable[[str], bool]] = {
    "Number": _is_number,
    "Boolean": lambda text: text.casefold() in TRUTHS,
}
