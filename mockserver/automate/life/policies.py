"""What patches a computer: the policies of its groups, or those set for it alone.

No published description has routes for the latter; live clients list them and delete one by its
computer's id (automate facts 10.1). The shapes are those of the description's models.
"""

from mockserver.automate.computed import told
from mockserver.automate.life.places import COMPUTERS, at, got, matching
from mockserver.automate.profile import profile_of
from mockserver.core.errors import RecordNotFound
from mockserver.core.records import Records
from mockserver.core.rules import Record
from mockserver.web.exchange import Answer, Exchange

POLICIES, OVERRIDES = "Computers/ComputerPatchingPolicies", "Patching/Policies/Override"
SHOWN = ("MicrosoftUpdatePolicy", "RebootPolicy", "ThirdPartyUpdatePolicy")


def effective(exchange: Exchange) -> Answer:
    """Answer the policies by which a computer is patched: its own, else those that come first."""
    computer = got(exchange.records, COMPUTERS, int(exchange.ids[0]))
    mine = matching(exchange.records, POLICIES, parent_id=computer["Id"])
    first = min(mine, key=lambda each: each.get("Priority") or 0, default={})
    row = {"ApprovalPolicyCount": first.get("ApprovalPolicyCount", 0)}
    row |= {f"{n}Name": first[f"{n}Name"] for n in SHOWN if f"{n}Name" in first}
    own_ones = _overrides(exchange.records, computer["Id"])
    for own in own_ones if profile_of(exchange.caller).overrides_first else ():
        row |= {f"{n}Name": own[n]["Name"] for n in SHOWN if own.get(n)}
    return told(exchange, {**row, "ComputerId": computer["Id"]})


def delete_override(exchange: Exchange) -> Answer:
    """Let a computer be patched by the policies of its groups again; 204."""
    records, computer_id = exchange.records, int(exchange.ids[0])
    with records.store.transaction():
        if not (own := _overrides(records, computer_id)):
            raise RecordNotFound(f"automate:{OVERRIDES}", computer_id)
        for each in own:
            records.delete(at(records, OVERRIDES), each["id"], exchange.caller.login)
    return Answer(204)


def _overrides(records: Records, computer_id: int) -> list[Record]:
    return list(matching(records, OVERRIDES, computerid=computer_id))
