"""What a profile shows of records otherwise than they are rendered when they are written.

A record is rendered once for each dialect; whatever a profile, the time or the kind of request
makes different is a retouch, found once for a request and done to each row that it shows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from mockserver.automate.expansion import disclosed, id_of, kept_of
from mockserver.automate.list_quirks import SEVERITY_NAMES
from mockserver.automate.profile import AutomateProfile, profile_of
from mockserver.automate.resources.derived import age, severities
from mockserver.automate.resources.extra import told_in_full
from mockserver.automate.shape import AutomateShape
from mockserver.automate.units import measured, sizes_of
from mockserver.core.rules import Record
from mockserver.core.schema import Column, Kind, Labels, Resource
from mockserver.web.exchange import Exchange

ALERTS, LOCATIONS = "automate:Alerts", "automate:Locations"
DATE = "AlertDate"
#: What nested objects name that stand for a place.
PLACES = ("Client", "Location")


@dataclass(frozen=True)
class Retouch:
    """One thing that is done to each shown row.

    Attributes:
        act: Does it to a row, in place.
        lasting: Whether nothing but the collection's records decides what comes of it.
    """

    act: Callable[[Exchange, Record], None]
    lasting: bool = True


Retouches = tuple[Retouch, ...]


def retouches(
    resource: Resource, profile: AutomateProfile, shape: AutomateShape, *, listed: bool
) -> Retouches:
    """Return what is done to the rows of a collection, in a list or alone; often nothing."""
    return tuple(_found(resource, profile, shape, listed=listed))


def _found(
    resource: Resource, profile: AutomateProfile, shape: AutomateShape, *, listed: bool
) -> Iterator[Retouch]:
    path, is_observed = resource.path, profile.view == "observed"
    if sizes := sizes_of(resource, profile):
        yield Retouch(partial(_in_unit, sizes))
    if path == ALERTS and is_observed:
        yield from _of_alerts(profile)
    if path == LOCATIONS and is_observed and not listed and not profile.location_ids_in_reads:
        yield Retouch(partial(_without, "LocationId"))
    named = [name for name in PLACES if _names_place(resource, name)]
    if named and not profile.nested_members >= NAMING:
        yield Retouch(partial(_briefer, named))
    if not is_observed and profile.extra_data != "set" and "extradata" in resource.members:
        yield Retouch(partial(EXTRA_DATA[profile.extra_data], resource))
    if profile.secrets_shown == "always" and (hidden := shape.hidden(path)):
        yield Retouch(partial(_told, path, sorted(hidden)))
    if profile.explicit_nulls:
        # What no rendering has is no null either.
        members = frozenset(shape.members(path, profile.view)) - shape.hidden(path)
        yield Retouch(partial(_with_nulls, sorted(members)))


def _of_alerts(profile: AutomateProfile) -> Iterator[Retouch]:
    if profile.severity_names != SEVERITY_NAMES:
        yield Retouch(partial(_called, severities(profile.severity_names)))
    if profile.alert_date != "TimeGenerated":
        yield Retouch(_dated)
    if profile.alert_ages:
        yield Retouch(_aged, lasting=False)


#: What nested objects show of a place unless the profile says less.
NAMING = frozenset({"Id", "Name"})


def _names_place(resource: Resource, name: str) -> bool:
    declared = resource.members.get(name.casefold())
    return declared is not None and declared.kind is Kind.REFERENCE


# -- what conditions find --------------------------------------------------------------------------


def as_shown(named: Resource, resource: Resource, profile: AutomateProfile) -> Resource:
    """Return a resource whose conditions compare what the retouches show.

    Args:
        named: The resource under the names of the caller's dialect.
        resource: The same as it is kept.
        profile: The caller's.
    """
    named = measured(named, sizes_of(resource, profile), profile.size_factor)
    if resource.path != ALERTS:
        return named
    if profile.view == "observed" and profile.severity_names != SEVERITY_NAMES:
        named = _called_otherwise(named, severities(profile.severity_names))
    if profile.alert_date == "TimeGenerated":
        return named
    return _with_date_of(named, resource.by_path[profile.alert_date.casefold()])


@lru_cache(maxsize=16)
def _called_otherwise(named: Resource, labels: Labels) -> Resource:
    labelled = (replace(each, labels=labels) if each.labels else each for each in named.labelled)
    return replace(named, labelled=tuple(labelled))


@lru_cache(maxsize=16)
def _with_date_of(named: Resource, source: Column) -> Resource:
    virtual = (replace(source, path=v.path) if v.path == DATE else v for v in named.virtual)
    return replace(named, virtual=tuple(virtual))


# -- what is done ----------------------------------------------------------------------------------


def _in_unit(names: tuple[str, ...], exchange: Exchange, record: Record) -> None:
    for name in names:
        if name in record:
            record[name] *= profile_of(exchange.caller).size_factor


def _called(labels: Labels, exchange: Exchange, record: Record) -> None:
    shown = record.get("Severity")
    if isinstance(shown, dict):
        level = kept_of(exchange.records, ALERTS, record).get("Severity")
        record["Severity"] = {**shown, "Name": labels.of(level)}


def _dated(exchange: Exchange, record: Record) -> None:
    kept = kept_of(exchange.records, ALERTS, record)
    told = kept.get(profile_of(exchange.caller).alert_date)
    if told:
        record[DATE] = told.removesuffix("Z")


def _aged(exchange: Exchange, record: Record) -> None:
    if DATE in record:
        record["AlertAge"] = age(record[DATE], exchange.tenant.clock.now())


def _without(name: str, _exchange: Exchange, record: Record) -> None:
    record.pop(name, None)


def _briefer(names: list[str], exchange: Exchange, record: Record) -> None:
    shown = profile_of(exchange.caller).nested_members
    for name in names:
        if isinstance(record.get(name), dict):
            record[name] = {n: value for n, value in record[name].items() if n in shown}


def _all_extra(resource: Resource, exchange: Exchange, record: Record) -> None:
    owner_id = id_of(exchange.records, resource.path, record)
    record["ExtraData"] = told_in_full(exchange.records, resource, owner_id)


def _no_extra(_resource: Resource, _exchange: Exchange, record: Record) -> None:
    record["ExtraData"] = {}


EXTRA_DATA = {"all": _all_extra, "nothing": _no_extra}


def _told(path: str, names: list[str], exchange: Exchange, record: Record) -> None:
    for name in names:
        record |= disclosed(exchange.records, path, record, name)


def _with_nulls(names: list[str], _exchange: Exchange, record: Record) -> None:
    record |= dict.fromkeys([name for name in names if name not in record])


def done(exchange: Exchange, record: Record, all_of_them: Retouches) -> Record:
    """Return *record* after everything was done to it."""
    for each in all_of_them:
        each.act(exchange, record)
    return record
