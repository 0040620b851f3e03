"""The quirks of Automate's records and what writing them does, one field each, with its source."""

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class RecordQuirks:
    """What sources disagree on, or do not tell, of records.

    Attributes:
        explicit_nulls: Whether records show members without a value as null (39: left out live).
        second_generation: Whether the paths below ``/v2`` are there; on some servers they are not
            (7).
        created_status: Answer to a create (C16).
        in_use_status: Answer to the removal of a client or location that has computers (97 says
            400; 409 is a guess by what pyconnectwise maps, 63).
    """

    explicit_nulls: bool = False
    second_generation: bool = True
    created_status: int = 201
    in_use_status: int = 400
