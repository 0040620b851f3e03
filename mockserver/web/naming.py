"""How a caller may name the fields of a resource, for whoever explains why a name was refused."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mockserver.core.conditions import Dialect


class Naming(NamedTuple):
    """The names that one caller knows a resource's fields by.

    Attributes:
        paths: By list parameter, in the vendor's spelling, what may be named in it.
        members: What may stand at the top of a body.
        dialect: The language of its conditions.
        elsewhere: By the casefolded first name of a path, the parameter that alone may name it.
    """

    paths: Mapping[str, Sequence[str]]
    members: Sequence[str]
    dialect: Dialect
    elsewhere: Mapping[str, str]
