"""The quirks of Automate's records and what writing them does, one field each, with its source."""

from dataclasses import dataclass
from typing import Literal

from mockserver.core.records import Records
from mockserver.core.schema import Resource
from mockserver.core.validate import Policy

SPACE = "automate:"


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
        client_follows: Whether a computer that is given a location of another client goes to that
            client, or is refused unless the body names the client, too; ours.
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

    @property
    def policy(self) -> Policy:
        """Return how forgiving the reader of bodies is."""
        return Policy(
            refuse_unknown=False,
            offsets=True,
            writable=frozenset(self.taken_members),
            kept_refused=self.kept_members_refused,
        )

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
