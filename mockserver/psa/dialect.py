"""The condition language of ConnectWise PSA (psa facts 3.2 to 3.5)."""

from dataclasses import replace
from typing import Final

from mockserver.core.conditions.dialect import INFIX_NOT, Dialect

OBSERVED: Final = Dialect(
    "psa observed",
    quote='"',  # seed 003, "Conditions"
    separators="/",
    backslash_quotes=True,  # psa facts 12, U5: a guess that suits every known client
    bracketed_instants=True,  # seed 003, "must be surrounded by square brackets"
    checked_enums=True,  # psa facts 3.3: an unknown member is 400, and so is like
    like_runs="%*",  # psa facts 3.3: both are seen live
    like_classes=True,  # psa facts 3.3: [x] must be written [[]x]
)

# Seed 002 compares with unbracketed dates (psa facts 11, S4); seed 003 says of strings, beside an
# example with "=", that they accept stars for wild cards (U7).
DOCUMENTED: Final = replace(OBSERVED, name="psa documented", bare_instants=True, wild_equality=True)

# In childConditions and customFieldConditions there is no "in" (seed 003, psa facts 3.5).
OBSERVED_CHILD: Final = replace(
    OBSERVED,
    name="psa observed, children",
    keywords=OBSERVED.keywords - {"in"},
    infix_not=INFIX_NOT - {"in"},
)

# Seed 002 names a custom field where the vendor names a column; psa facts 11, S6.
DOCUMENTED_CHILD: Final = replace(
    OBSERVED_CHILD,
    name="psa documented, children",
    bare_instants=True,
    wild_equality=True,
    row_naming=("caption", "value"),
)
