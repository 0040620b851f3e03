"""The condition language of ConnectWise Automate (automate facts 4)."""

from dataclasses import replace
from typing import Final

from mockserver.core.conditions.dialect import Dialect

OBSERVED: Final = Dialect(
    "automate observed",
    separators="./",  # automate facts 47: the slash works live too
    operators=(
        ("=", "="),
        ("eq", "="),
        ("!=", "!="),  # automate facts 41: not in the help text, but used live
        ("<", "<"),
        ("<=", "<="),
        (">", ">"),
        (">=", ">="),
    ),
    prefix_not=False,  # the vendor's help: only with in, like and contains
    call_style=True,  # automate facts 45
    bare_instants=True,  # automate facts 50; a quoted one is refused there
    quoted_numbers=True,  # automate facts 46
    numbers_as_text=True,  # automate facts 44 and 90: Client.Id=151 although the id is a text
    arrays=True,  # automate facts 45 and 47
    like_escape="\\",  # MySQL's like, automate facts 53
)

# What the seeds add; automate facts 12, C10 and C11.
DOCUMENTED: Final = replace(
    OBSERVED,
    name="automate documented",
    operators=(*OBSERVED.operators, ("ne", "!=")),
    keywords=OBSERVED.keywords | {"startswith", "endswith"},
    prefix_not=True,
    quoted_instants=True,
)
