"""Collections that no operation shows as they are: what PSA must remember besides its records.

They lie in the tenant's store like all others, so that they follow every reset and snapshot.
"""

from collections.abc import Mapping

from mockserver.core.schema import Field, Kind, Resource

ID = Field("id", Kind.INTEGER)
#: The contents of a document, as its one view.
FILES = Resource("psa:documents/files", "DocumentFile", (ID, Field("contentType", Kind.TEXT)))
#: The record that a document belongs to.
OWNERS = Resource(
    "psa:documents/owners",
    "DocumentOwner",
    (
        ID,
        Field("recordType", Kind.TEXT),
        Field("recordId", Kind.INTEGER, bits=64),
        Field("avatar", Kind.FLAG),
    ),
    indexed=("recordid",),
)
#: Kinds of keys: an impersonator's pair (psa facts 1.9), what a cookie login hands out (1.10), and
#: the passwords of members and integrator logins.
PAIR, HASH, PASSWORD, INTEGRATOR = "pair", "hash", "password", "integrator"
#: Keys and passwords that come into being while the server runs.
KEYS = Resource(
    "psa:keys",
    "Key",
    (
        ID,
        Field("kind", Kind.TEXT, enum=(PAIR, HASH, PASSWORD, INTEGRATOR)),
        Field("public", Kind.TEXT),
        Field("private", Kind.TEXT),
        Field("login", Kind.TEXT),
        Field("expires", Kind.INSTANT),
    ),
    indexed=("public",),
)
#: What a sales order became, which neither it nor what it became tells.
CONVERSIONS = Resource(
    "psa:sales/conversions",
    "Conversion",
    (
        ID,
        Field("sourceId", Kind.INTEGER),
        Field("target", Kind.TEXT),
        Field("targetId", Kind.INTEGER),
    ),
    indexed=("sourceid",),
)
#: Counts the items that forecasts get; the items themselves lie in their forecasts.
FORECAST_ITEMS = Resource("psa:sales/forecastItems", "ForecastItemNumber", (ID,))
#: Since when tickets wait whose clock stands still, by their ids.
PAUSES = Resource("psa:service/pauses", "TicketPause", (ID, Field("since", Kind.INSTANT)))
KEPT: Mapping[str, Resource] = {
    each.path: each for each in (FILES, OWNERS, KEYS, CONVERSIONS, FORECAST_ITEMS, PAUSES)
}
