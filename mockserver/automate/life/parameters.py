"""The parameters that a script is given, checked against those that it declares."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mockserver.automate.life.places import SCRIPTS, folded, refused, written
from mockserver.automate.profile import AutomateProfile
from mockserver.core.errors import Fault, Flaw
from mockserver.core.rules import Record

TRUTHS = frozenset({"true", "false", "1", "0"})


def checked(script: Record, given: Any, profile: AutomateProfile) -> dict[str, str]:
    """Return the parameters of a run, the script's own defaults filled in.

    Args:
        script: The kept record.
        given: An object of names and values (seed), or a list of ``{"Key", "Value"}`` (facts 84).
        profile: Tells what becomes of names that the script does not declare.

    Raises:
        InvalidRecord: A required one is missing or a value does not fit; all faults are named.
    """
    values = _named(given)
    faults = list(_faults(script, values))
    if profile.unknown_parameters != "passed":
        strange = [name for name in values if name not in _declared(script)]
        if profile.unknown_parameters == "refused":
            faults += [Fault(Flaw.UNKNOWN_MEMBER, f"Parameters/{n}", None, None) for n in strange]
        values = {name: value for name, value in values.items() if name not in strange}
    if faults:
        raise refused(SCRIPTS, *faults)
    declared = script.get("Parameters") or []
    usual = {each["Name"]: each["DefaultValue"] for each in declared if each.get("DefaultValue")}
    return usual | {name: written(value) for name, value in values.items() if value is not None}


def _declared(script: Record) -> frozenset[str]:
    return frozenset(each["Name"] for each in script.get("Parameters") or [])


def joined(values: Iterable[tuple[object, object]], marks: tuple[str, str]) -> str:
    """Return parameters as the one text that a flat schedule has of them (automate facts 86)."""
    between, after = marks
    return after.join(f"{name}{between}{value}" for name, value in values)


def parted(text: Any, marks: tuple[str, str]) -> Any:
    """Return the parameters in the text of a flat schedule; whatever is no text as it is."""
    if not isinstance(text, str):
        return text
    between, after = (re.escape(each) for each in marks)
    pairs = (re.split(between, each, maxsplit=1) for each in re.split(after, text) if each.strip())
    return {pair[0].strip(): "".join(pair[1:]) for pair in pairs}


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
