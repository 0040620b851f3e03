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
    (ID, Field("recordType", Kind.TEXT), Field("recordId", Kind.INTEGER, bits=64)),
    indexed=("recordid",),
)
KEPT: Mapping[str, Resource] = {each.path: each for each in (FILES, OWNERS)}
