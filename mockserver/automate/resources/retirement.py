"""What is left of a computer that was deleted (automate facts 69)."""

from mockserver.automate.profile import profile_in
from mockserver.core.rules import Draft

RETIRED = "automate:RetiredAssets"
NAMES = (
    *("Client", "Location", "ComputerName", "OperatingSystemName", "OperatingSystemVersion"),
    *("Comment", "LocalIPAddress", "GatewayIPAddress", "AssetTag", "AssetDate"),
)


def retire(draft: Draft) -> None:
    """Keep a deleted computer among the retired assets."""
    records = draft.records
    resource = records.registry.resource(RETIRED)
    asset = {name: draft.record[name] for name in NAMES if name in draft.record}
    asset |= {"RetiredDate": records.clock.text(), "ComputerId": str(draft.record["Id"])}
    text = profile_in(records).retire_comment
    asset["RetireComment"] = text.replace("{user}", draft.author)
    records.save(resource, {"Id": records.store.next_id(resource), **asset}, new=True)
