"""The inventory of a computer: its system and firmware, software removed, services classified."""

from mockserver.automate.computed import told
from mockserver.automate.life.places import (
    COMPUTERS,
    at,
    folded,
    found,
    got,
    kept,
    reachable,
    whole,
)
from mockserver.automate.profile import AutomateProfile
from mockserver.core.agenda import Moment
from mockserver.core.errors import RecordNotFound
from mockserver.core.rules import Record
from mockserver.web.exchange import Answer, Exchange

SOFTWARE, SERVICES = "Computers/Software", "Computers/Services"
KIND = "uninstall"


def uninstall(exchange: Exchange) -> Answer:
    """Begin to remove a piece of software from a computer; 204 (automate facts 64)."""
    records, profile = exchange.records, exchange.profile
    assert isinstance(profile, AutomateProfile)
    computer = got(records, COMPUTERS, int(exchange.ids[0]))
    software_id = whole(exchange.ids[1])
    row = found(records, SOFTWARE, software_id) if software_id else None
    if row is None or row.get("ComputerId") != computer["Id"]:
        raise RecordNotFound(f"automate:{SOFTWARE}", exchange.ids[1])
    due_s = records.clock.timestamp() + profile.command_run_s
    exchange.tenant.agendas["automate"].add(due_s, KIND, row["ApplicationId"])
    return Answer(204)


def operating_system(exchange: Exchange) -> Answer:
    """Answer what a computer runs, from what its agent reports of it."""
    computer = got(exchange.records, COMPUTERS, int(exchange.ids[0]))
    version, is_server = str(computer.get("OperatingSystemVersion") or ""), _is_server(computer)
    numbers = [whole(each) or 0 for each in version.split(".")[:2]]
    major, minor = (*numbers, 0, 0)[:2]
    leads = is_server and bool(computer.get("IsMaster"))
    row = {
        "ComputerId": computer["Id"],
        "Name": computer.get("OperatingSystemName"),
        "MajorVersion": major,
        "MinorVersion": minor,
        "Version": version,
        "ProductType": (2 if leads else 3) if is_server else 1,
        "IsLicensed": True,
        "BaseFolder": "C:\\Windows",
        "SystemDrive": "C:",
        "HasGui": True,
        "Is64Bit": True,
        "Domain": computer.get("DomainName"),
        "IsDomainController": leads,
        "IsServer": is_server,
        "InstallDate": _instant(computer, "DateAdded"),
        "DateUpdated": _instant(computer, "RemoteAgentLastInventory"),
    }
    return _shown(exchange, row)


def bios(exchange: Exchange) -> Answer:
    """Answer the firmware of a computer, from what its agent reports of it."""
    computer = got(exchange.records, COMPUTERS, int(exchange.ids[0]))
    row = {
        "ComputerId": computer["Id"],
        "Vendor": computer.get("BiosManufacturer"),
        "Version": computer.get("BiosFlash"),
        "Date": _instant(computer, "AssetDate"),
        "SupportsAcpi": True,
        "SupportsUefi": True,
        "SupportsPci": True,
        "IsVirtualMachine": bool(computer.get("IsVirtualMachine")),
        "IsPortable": "-LT" in computer["ComputerName"],
        "DateUpdated": _instant(computer, "RemoteAgentLastInventory"),
    }
    return _shown(exchange, row)


def _is_server(computer: Record) -> bool:
    return computer.get("Type") == "Server"


def _instant(computer: Record, name: str) -> str | None:
    value = computer.get(name)
    return value.removesuffix("Z") if isinstance(value, str) else None


def _shown(exchange: Exchange, row: Record) -> Answer:
    return told(exchange, {n: v for n, v in row.items() if v is not None})


def step(moment: Moment) -> None:
    """Remove it; a computer that is away is waited for."""
    records, profile = moment.records, moment.agenda.profile
    assert isinstance(profile, AutomateProfile)
    row = found(records, SOFTWARE, moment.event.about)
    if row is None:
        return
    if reachable(found(records, COMPUTERS, row["ComputerId"])):
        records.store.delete(at(records, SOFTWARE), row["ApplicationId"])
    else:
        moment.again(profile.heartbeat_s, most=1)


def classify(exchange: Exchange) -> Answer:
    """Put a service into a class; 204 (automate facts 64)."""
    records, given = exchange.records, folded(exchange.json_object())
    row = got(records, SERVICES, int(exchange.ids[0]))
    shown = {"Id": whole(given.get("id")) or 0, "Name": str(given.get("name") or "")}
    with records.store.transaction():
        kept(records, SERVICES, row, Classification=shown)
    return Answer(204)
