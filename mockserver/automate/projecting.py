"""What of a record is shown: the members that are asked for, child records among them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.automate.expansion import EXPANSIONS, child_path, disclosed, expanded
from mockserver.automate.options import options
from mockserver.automate.profile import AutomateProfile, profile_of
from mockserver.automate.retouching import Retouches, done, retouches
from mockserver.automate.shape import AutomateShape
from mockserver.core.errors import BadCondition, ConditionFlaw
from mockserver.core.schema import Resource
from mockserver.web.exchange import Exchange

Names = frozenset[str]
NONE: Names = frozenset()


@dataclass(frozen=True)
class Chosen:
    """What of a record is shown.

    Attributes:
        included: Casefolded names of the only members to show, steps into nested ones joined by
            slashes; empty for all.
        left_out: Casefolded names of members not to show.
        retouches: What is done to each record.
        expanded: The members that show child records, each with what is done to those.
        disclosed: Members that no rendering has and that are shown all the same.
    """

    included: Names = NONE
    left_out: Names = NONE
    retouches: Retouches = ()
    expanded: tuple[tuple[str, Retouches], ...] = ()
    disclosed: tuple[str, ...] = ()

    @property
    def lasting(self) -> bool:
        """Tell whether the records of the collection alone decide what is shown."""
        return not self.expanded and all(each.lasting for each in self.retouches)


def fields(exchange: Exchange, shape: AutomateShape) -> Chosen | None:
    """Return what the query asks to show of a record; None for all that it has."""
    resource = exchange.route.resource if exchange.route else None
    if resource is None:
        return None
    profile = profile_of(exchange.caller)
    given = options(exchange, profile) if profile.options_of_one else {}
    return shown(exchange, given, resource, shape)


def shown(
    exchange: Exchange,
    given: Mapping[str, str],
    resource: Resource,
    shape: AutomateShape,
    *,
    listed: bool = False,
) -> Chosen | None:
    """Return what the options ask to show of a record; None for all that it has.

    Raises:
        BadCondition: They name what is not there, and the profile minds.
    """
    profile, path = profile_of(exchange.caller), resource.path
    included, left_out = (
        _members(given.get(option.lower(), ""), option, resource, profile, shape)
        for option in ("includeFields", "excludeFields")
    )
    resources = exchange.records.registry.resource
    children = tuple(
        (name, retouches(resources(child_path(path, name)), profile, shape, listed=True))
        for name in opened(given.get("expand", ""), path, profile)
    )
    if included and profile.expanded_always:
        included |= frozenset(name.casefold() for name, _ in children)
    asked_for = (name for name in shape.hidden(path) if name.casefold() in included)
    told = tuple(sorted(asked_for)) if profile.secrets_shown == "asked" else ()
    done_to_all = retouches(resource, profile, shape, listed=listed)
    chosen = Chosen(included, left_out, done_to_all, children, told)
    return None if chosen == Chosen() else chosen


def opened(text: str, path: str, profile: AutomateProfile) -> tuple[str, ...]:
    """Return the members with child records that ``expand`` lists, as the description spells them.

    Raises:
        BadCondition: There is no such member, and the profile minds.
    """
    if not text:
        return ()
    there = [n for n in EXPANSIONS.get(path, {}) if f"{path}/{n}" not in profile.unexpandable]
    if profile.unknown_expands_refused:
        _refuse_strangers(text, "expand", there)
    names = _names(text)
    return tuple(name for name in there if name.casefold() in names)


def _members(
    text: str, option: str, resource: Resource, profile: AutomateProfile, shape: AutomateShape
) -> Names:
    """Return the members that an option lists, also those that the view calls otherwise."""
    if not text:
        return NONE
    text = _spelt(text, profile)
    if profile.unknown_fields_refused:
        firsts = ",".join(name.partition("/")[0] for name in text.split(","))
        _refuse_strangers(firsts, option, _there(resource, profile, shape))
    return shape.also(resource.path, _names(text), profile.view)


def _spelt(text: str, profile: AutomateProfile) -> str:
    # A path into a nested member is an unknown name like any other, unless the profile follows it.
    return text.replace(".", "/") if profile.nested_fields else text.replace("/", ".")


def _there(resource: Resource, profile: AutomateProfile, shape: AutomateShape) -> Iterable[str]:
    yield from shape.members(resource.path, profile.view)
    yield from shape.hidden(resource.path)
    yield from EXPANSIONS.get(resource.path, {})
    # The documented dialect understands the observed names too.
    yield from (each.name for each in shape.named(resource, profile.view).fields)


def _refuse_strangers(text: str, option: str, there: Iterable[str]) -> None:
    known = {name.casefold() for name in there}
    for name in filter(None, map(str.strip, text.split(","))):
        if name.casefold() not in known:
            flaw = ConditionFlaw.UNKNOWN_NAME
            raise BadCondition(flaw, "unknown field", name=name, text=text, parameter=option)


def _names(text: str) -> Names:
    return frozenset(name.strip().casefold() for name in text.split(",") if name.strip())


def projected(exchange: Exchange, record: dict[str, Any], chosen: Chosen) -> dict[str, Any]:
    """Return *record* with its expansions, cut to the chosen members, without the excluded ones."""
    resource = exchange.route.resource if exchange.route else None
    if resource is not None:
        records, path = exchange.records, resource.path
        for name in chosen.disclosed:
            record |= disclosed(records, path, record, name)
        if names := [name for name, _ in chosen.expanded]:
            record = expanded(records, path, record, names, profile_of(exchange.caller))
        for name, theirs in chosen.expanded:
            record[name] = record[name][: profile_of(exchange.caller).expanded_max]
            for child in record[name]:
                done(exchange, child, theirs)
    record = done(exchange, record, chosen.retouches)
    cut: dict[str, Any] = _cut(record, chosen.included, chosen.left_out)
    return cut


def cut_to(given: Mapping[str, str], record: dict[str, Any], profile: AutomateProfile) -> Any:
    """Return an object of no collection with the members that the options ask for."""
    included, left_out = (
        _names(_spelt(given.get(option, ""), profile))
        for option in ("includefields", "excludefields")
    )
    return _cut(record, included, left_out)


def _cut(value: Any, included: Names, left_out: Names) -> Any:
    """Return an object, or each of a list, with the members *included* (all, if there are none)."""
    if isinstance(value, list):
        return [_cut(each, included, left_out) for each in value]
    if not isinstance(value, dict) or not (included or left_out):
        return value
    kept = {}
    for name, inner in value.items():
        folded = name.casefold()
        wanted = NONE if folded in included else _below(included, folded)
        if folded not in left_out and (not included or folded in included or wanted):
            kept[name] = _cut(inner, wanted, _below(left_out, folded))
    return kept


def _below(names: Names, member: str) -> Names:
    """Return those of the paths that lead into *member*, from there on."""
    start = f"{member}/"
    return frozenset(name.removeprefix(start) for name in names if name.startswith(start))
