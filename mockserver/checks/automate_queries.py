"""Automate: what can be tried of conditions, fields, orders and pages, by reading."""

import re
from typing import Any

from mockserver.checks.automate_reads import COMPUTERS, rows_of
from mockserver.checks.fact import Claims, NotTried
from mockserver.checks.probe import Probe

AUTOMATE = Claims("automate")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def _names(probe: Probe) -> tuple[str, str]:
    """Return what the profile calls a computer's id and name."""
    return ("Id", "ComputerName") if probe.observed else ("ComputerID", "Name")


def _selects(probe: Probe, condition: str) -> None:
    """Expect that a condition can be read and keeps the first computer, which it describes."""
    key, _ = _names(probe)
    first = probe.first(COMPUTERS)[key]
    _finds(probe, condition=f"({condition}) and {key} = {first}")


def _finds(probe: Probe, **options: str) -> None:
    """Expect that a list has the first computer and no other."""
    key, _ = _names(probe)
    first = probe.first(COMPUTERS)[key]
    rows = rows_of(probe, **options)
    probe.expect([row[key] for row in rows] == [first], f"other rows than one for {options}")


def _shown(probe: Probe, **options: str) -> set[str]:
    """Return the members of one computer that a projection leaves."""
    (row,) = rows_of(probe, pageSize=1, **options) or [{}]
    return set(row)


def _refusal(probe: Probe, condition: str) -> str:
    """Expect that a condition is refused, and return the message."""
    answer = probe.get(COMPUTERS, condition=condition)
    probe.expect_status(answer, 400)
    message = answer.body.get("Message")
    probe.expect(isinstance(message, str), f"the body is {answer.body}")
    return str(message)


@AUTOMATE.observed("automate facts 43: keywords in any case")
def keywords_in_conditions_are_read_without_case(probe: Probe) -> None:
    """Case of keywords."""
    key, name = _names(probe)
    _selects(probe, f"{key} > 0 AND {name} Contains '' Or {key} = 0")


@AUTOMATE.observed("automate facts 54")
def names_in_conditions_are_read_without_case(probe: Probe) -> None:
    """Case of names."""
    key, _ = _names(probe)
    _selects(probe, f"{key.lower()} > 0 and {key.upper()} > 0")


@AUTOMATE.observed("automate facts 44: spaces and parentheses")
def spaces_around_operators_may_be_left_out(probe: Probe) -> None:
    """Spaces in conditions."""
    key, _ = _names(probe)
    _selects(probe, f"({key}>=1 and {key}<=2147483000)")


@AUTOMATE.observed("automate facts 41: != in live scripts")
def inequality_is_written_with_an_exclamation_mark(probe: Probe) -> None:
    """Inequality."""
    _, name = _names(probe)
    _selects(probe, f"{name} != 'no such computer'")


@AUTOMATE.observed("automate facts 46: quoted numbers in lists")
def a_list_of_ids_may_be_quoted(probe: Probe) -> None:
    """Lists in conditions."""
    key, _ = _names(probe)
    first = probe.first(COMPUTERS)[key]
    _selects(probe, f"{key} in('{first}','2147483000')")
    _selects(probe, f"{key} IN ({first})")


@AUTOMATE.documented("automate facts 49: the database's usual collation", profile="observed")
def texts_are_compared_without_case(probe: Probe) -> None:
    """Collation."""
    _, name = _names(probe)
    text = str(probe.first(COMPUTERS)[name]).replace("'", "''")
    _selects(probe, f"{name} = '{text.swapcase()}'")


@AUTOMATE.observed("automate facts 47: nested fields", profile="observed")
def nested_fields_are_reached_with_a_dot_or_a_slash(probe: Probe) -> None:
    """Paths in conditions."""
    client = probe.first(COMPUTERS)["Client"]["Id"]
    _selects(probe, f"Client.Id = {client}")
    _selects(probe, f"Client/Id={client}")


@AUTOMATE.observed("automate facts 48 and 51", profile="observed")
def an_unknown_field_in_a_condition_is_an_invalid_field(probe: Probe) -> None:
    """Unknown names."""
    message = _refusal(probe, "ClientId = 5")
    probe.expect("Invalid field" in message, message)


@AUTOMATE.observed("automate facts 50: bare instants", profile="observed")
def instants_are_written_without_quotes(probe: Probe) -> None:
    """Instants in conditions."""
    _selects(probe, "RemoteAgentLastContact >= 2000-01-01T00:00:00")


@AUTOMATE.observed("automate facts 35: includeFields", profile="observed")
def only_the_fields_asked_for_are_answered(probe: Probe) -> None:
    """The includeFields parameter."""
    members = _shown(probe, includeFields="Id,ComputerName")
    probe.expect(members <= {"Id", "ComputerName"}, f"there are {sorted(members)}")


@AUTOMATE.observed("automate facts 35: excludeFields", profile="observed")
def fields_can_be_left_out(probe: Probe) -> None:
    """The excludeFields parameter."""
    members = _shown(probe, excludeFields="ComputerName")
    probe.expect("ComputerName" not in members, "ComputerName is there")
    probe.expect("Id" in members, "Id is missing")


@AUTOMATE.observed("automate facts 36: ids")
def rows_can_be_asked_for_by_their_ids(probe: Probe) -> None:
    """The ids parameter."""
    key, _ = _names(probe)
    first = probe.first(COMPUTERS)[key]
    _finds(probe, ids=f"{first},2147483000")


@AUTOMATE.observed("automate facts 38: a mistyped parameter returns the full set")
def unknown_parameters_are_passed_over(probe: Probe) -> None:
    """Unknown parameters."""
    rows = rows_of(probe, conditions="Nonsense = 1", pageSize=2)
    probe.expect(len(rows) == len(rows_of(probe, pageSize=2)), "other rows than without")


@AUTOMATE.observed("automate facts 60 and 61", profile="observed")
def an_error_is_an_object_with_a_message(probe: Probe) -> None:
    """Errors."""
    _refusal(probe, "Nonsense = 1")


@AUTOMATE.observed("automate facts 90: ids as texts or numbers", profile="observed")
def ids_of_computers_are_texts_and_those_of_locations_numbers(probe: Probe) -> None:
    """Types of ids."""
    computer, location = probe.first(COMPUTERS)["Id"], probe.first("/Locations")["Id"]
    probe.expect(isinstance(computer, str), f"a computer's is {computer!r}")
    probe.expect(isinstance(location, int), f"a location's is {location!r}")


@AUTOMATE.observed("automate facts 92: no zone, no fraction", profile="observed")
def instants_are_answered_without_zone_and_fraction(probe: Probe) -> None:
    """Instants in records."""
    row = probe.first(COMPUTERS)
    found = [value for value in row.values() if isinstance(value, str) and "T" in value]
    instants: list[Any] = [value for value in found if INSTANT.match(value)]
    if not instants:
        raise NotTried("the first computer has no instant")
    probe.expect(all(map(INSTANT.fullmatch, instants)), f"there are {instants}")


@AUTOMATE.observed("automate facts 79: the catalogue of commands", profile="observed")
def commands_have_an_id_a_name_and_a_level(probe: Probe) -> None:
    """Commands."""
    command = probe.first("/Commands")
    missing = {"Id", "Name", "Level"} - command.keys()
    probe.expect(not missing, f"without {sorted(missing)}")


@AUTOMATE.observed("automate facts 93: patching statistics", profile="observed")
def patching_is_told_in_one_object_for_each_computer(probe: Probe) -> None:
    """Patching."""
    computer = probe.first(COMPUTERS)["Id"]
    answer = probe.get(f"{COMPUTERS}/{computer}/PatchingStats")
    probe.expect_status(answer, 200)
    probe.expect("OverallCompliance" in answer.body, f"there are {sorted(answer.body)}")
