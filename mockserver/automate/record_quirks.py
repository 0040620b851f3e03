"""The quirks of Automate's records and what writing them does, one field each, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mockserver.automate.record_tables import (
    AUDITED,
    OPERATORS,
    PROBE,
    PROBE_SNMP,
    UNKNOWN_EXTRA_FIELD,
    VERSIONS,
    Audited,
)
from mockserver.core.records import Records
from mockserver.core.schema import Resource
from mockserver.core.validate import Policy

SPACE = "automate:"
EXTRA_DATA = ("ExtraData",)


@dataclass(frozen=True, eq=False)
class RecordQuirks:
    """What sources disagree on, or do not tell, of records.

    Attributes:
        explicit_nulls: Whether records show members without a value as null (39: left out live).
        second_generation: Whether the paths below ``/v2`` are there; on some servers they are not
            (7).
        created_status: Answer to a create (C16).
        in_use_by: Of what (``Computers``, ``Locations``, ``Alerts``, …) a client, location or
            computer may have nothing to be removed; whatever else it has goes with it (97
            contradicts itself).
        in_use_status: Answer to the removal of one that has such (97 says 400; 409 is a guess by
            what pyconnectwise maps, 63).
        moves_along: What goes to a computer's new client and location with it; whatever else it
            has stays where it was; ours.
        client_follows: Whether a computer, network device or contact that is given a location of
            another client goes to that client, or is refused unless the body names the client, too;
            ours.
        unique_names: The collections in which no name may occur twice (the seed family's table has
            clients; users are a guess).
        name_taken_status: Answer to a name that is taken (the seed family says 400).
        patch_bodies: What a PATCH takes: an ``object`` of the members to change (C17), an ``array``
            of operations (66).
        unknown_members_refused: The methods whose bodies may have no member that the model has not;
            elsewhere it is ignored. A patch operation on one is always refused; ours.
        nested_first: Whether a nested ``Client`` goes before a ``ClientID`` in the same documented
            body; ours.
        taken_members: Of what the server tells of a client, location, computer or group, the
            members that bodies may set until it tells them anew; ours.
        kept_members_refused: Whether a body is refused that has a member which the server keeps,
            its id excepted; else the member is ignored; ours.
        nested_members: What the nested ``Client`` and ``Location`` of a record show (the seed
            family has the ``Name`` only, 90 both).
        location_ids_in_reads: Whether an observed location has its ``LocationId`` also where it is
            not a row of a list (10.3 tells of rows).
        alert_date: Which instant of an alert the observed ``AlertDate`` is; the model has it, no
            answer shows any (10.3).
        secrets_shown: When the password of a deployment login is shown (40: when ``includeFields``
            asks for it).
        unset_extra_fields: Whether extra fields that nobody has set are listed, with their defaults
            (72 shows none that tells).
        extra_data: What the documented ``ExtraData`` shows of a record's extra fields: those that
            are ``set``, ``all`` or ``nothing`` (the seed family shows ``{}``).
        extra_data_writable: Whether a body's ``ExtraData`` sets extra fields by their titles; ours.
        dropdown_values_checked: Whether an extra field refuses a value that is none of its options;
            unknown (72).
        unknown_extra_field_status: Answer to setting one that does not exist, by the last word of
            its path (400 in the seed family's table, 404 as for all records, 65).
        auto_join_s: How often groups take in what their searches find; 0 whenever a group or a
            computer is written, None never; unknown.
        limited_groups_let_go: Whether a group that is limited to its search lets go of what it does
            not find; ours.
        groups_below: Where the groups below a removed group go: ``up`` to where it was, ``along``
            with it, or its removal is ``refused`` (with ``in_use_status``); ours.
        memberships_once: Whether what is in a group is refused when it is put there again; ours.
        contacts_join_always: Whether the contacts of a group's computers are its contacts, or those
            of a group with ``ContactsJoinComputers`` only; the model has the member (10.3).
        first_generation_lists: The lists below ``/v2/Groups/{id}`` that show the models of the
            first generation; the answers are unrecorded (10.1).
        absent_operations: What the server has not, by method and template as in ``/_mock/routes``:
            405, or 404 where nothing else has the path (10.1, 69, 89: alerts and monitors are only
            read, scripts only added).
        accept_checked: Whether a caller that takes everything but JSON is refused (406); 3 offers
            XML, which nobody uses and is not emulated.
        plugin_members: What the id, the name and the state of a plugin are called (10.1 has the
            route only).
        patch_versions: The versions in ``PatchInformation`` (10.1 has the members only).
        probe_defaults: What the configuration of a new probe has (10.1 has the routes only).
        probe_snmp_defaults: The same of its SNMP settings.
        push_credentials_replaced: Whether a PUT of a probe's push credentials replaces them all, or
            adds to them; ours.
        credentials_from_logins: Whether a client's external credentials are its deployment logins,
            or none; ours.
        audited: Of what ``UserAudits`` tells: logins and changes of users; the description has the
            model only.
        folder_contents: Where the scripts and folders in a removed folder of scripts go: ``up`` to
            where it was, ``along`` with it, or its removal is ``refused`` (with
            ``in_use_status``); ours.
        lengths_checked: Whether names are refused that are longer than our guess: 50 characters of
            clients, locations and users, 63 of computers.
        choices_checked: Whether a text is refused that is none of those that the sources have: the
            types of computers, the states of alerts and monitors (10.3).
        threshold_operators: How a monitor's threshold may compare (the seed family's monitors);
            none for however it likes.
        new_command_level: The command level of a user who is made without one; ours.
        path_owner_first: Whether a location that is added below a client is that client's, whatever
            the body says; else the body goes before the path; ours.
        auditing_levels_obeyed: Whether a user is audited only for what is within its
            ``AuditingLevel``; the models have the two numbers only.
    """

    explicit_nulls: bool = False
    second_generation: bool = True
    created_status: int = 201
    in_use_by: frozenset[str] = frozenset({"Computers"})
    in_use_status: int = 400
    moves_along: frozenset[str] = frozenset({"Alerts", "Monitors"})
    client_follows: bool = True
    unique_names: frozenset[str] = frozenset({"Clients", "Users"})
    name_taken_status: int = 400
    patch_bodies: frozenset[Literal["array", "object"]] = frozenset({"array", "object"})
    unknown_members_refused: frozenset[Literal["PATCH", "POST", "PUT"]] = frozenset()
    nested_first: bool = False
    taken_members: frozenset[Literal["ComputerCount", "DateAdded", "FullName", "LocationCount"]] = (
        frozenset()
    )
    kept_members_refused: bool = False
    nested_members: frozenset[Literal["Id", "Name"]] = frozenset({"Id", "Name"})
    location_ids_in_reads: bool = True
    alert_date: Literal["TimeGenerated", "LastUpdate"] = "TimeGenerated"
    secrets_shown: Literal["asked", "always", "never"] = "asked"
    unset_extra_fields: bool = True
    extra_data: Literal["set", "all", "nothing"] = "set"
    extra_data_writable: bool = False
    dropdown_values_checked: bool = True
    unknown_extra_field_status: Mapping[str, int] = field(
        default_factory=lambda: UNKNOWN_EXTRA_FIELD
    )
    auto_join_s: float | None = 0
    limited_groups_let_go: bool = True
    groups_below: Literal["up", "along", "refused"] = "up"
    memberships_once: bool = True
    contacts_join_always: bool = True
    first_generation_lists: frozenset[Literal["Computers", "Contacts", "NetworkDevices"]] = (
        frozenset({"NetworkDevices"})
    )
    absent_operations: frozenset[str] = frozenset()
    accept_checked: bool = False
    plugin_members: tuple[str, str, str] = ("Id", "Name", "IsEnabled")
    patch_versions: Mapping[str, str] = field(default_factory=lambda: VERSIONS)
    probe_defaults: Mapping[str, Any] = field(default_factory=lambda: PROBE)
    probe_snmp_defaults: Mapping[str, Any] = field(default_factory=lambda: PROBE_SNMP)
    push_credentials_replaced: bool = True
    credentials_from_logins: bool = True
    audited: frozenset[Audited] = AUDITED
    folder_contents: Literal["up", "along", "refused"] = "up"
    lengths_checked: bool = True
    choices_checked: bool = True
    threshold_operators: frozenset[str] = OPERATORS
    new_command_level: int = 1
    path_owner_first: bool = True
    auditing_levels_obeyed: bool = False

    @property
    def policy(self) -> Policy:
        """Return how forgiving the reader of bodies is."""
        return Policy(
            refuse_unknown=False,
            offsets=True,
            writable=frozenset({*self.taken_members, *(EXTRA_DATA * self.extra_data_writable)}),
            kept_refused=self.kept_members_refused,
            lengths_checked=self.lengths_checked,
            choices_checked=self.choices_checked,
        )

    def only(self, path: str) -> Mapping[str, object]:
        """Return what rows of the collection at *path* must have to be listed, by column."""
        hides = path.endswith("/ExtraFields") and not self.unset_extra_fields
        return {"isdefaultvalue": False} if hides else {}

    def wanted(self, flag: str | None) -> str | None:
        """Return the member that a group must have to have contacts, if that decides."""
        return None if self.contacts_join_always else flag

    def unique(self, resource: Resource) -> tuple[str, ...]:
        """Return the fields of *resource* that no two records may share."""
        is_named = "name" in resource.members
        return ("Name",) * (is_named and resource.path.removeprefix(SPACE) in self.unique_names)


#: Of records that belong to no tenant yet.
USUAL = RecordQuirks()


def quirks_of(records: Records) -> RecordQuirks:
    """Return what the tenant of *records* chose."""
    chosen = records.profile
    return chosen if isinstance(chosen, RecordQuirks) else USUAL
