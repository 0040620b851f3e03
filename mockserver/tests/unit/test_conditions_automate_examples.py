"""Every condition that the Automate sources print finds what it should."""

import pytest

from mockserver.automate import dialect
from mockserver.core.conditions import parse_and_bind
from mockserver.core.errors import BadCondition, ConditionFlaw
from mockserver.core.schema import Field, Kind, Resource
from mockserver.tests.conditions_support import Bench


def fields(kind, *names):
    return tuple(Field(name, kind) for name in names)


COMPUTER = Resource(
    "Computers",
    "Computer",
    (
        *fields(Kind.INTEGER, "ComputerID", "ClientID", "TotalMemory", "Severity"),
        *fields(Kind.INTEGER, "DiskFreePercent", "UserIdleTime", "SystemUptime"),
        *fields(Kind.TEXT, "Id", "Status", "Name", "OS", "ComputerName", "Type", "City"),
        *fields(Kind.TEXT, "OperatingSystemName", "RemoteAgentVersion", "MACAddress"),
        *fields(Kind.TEXT, "DomainName", "Comment", "LocalIPAddress", "AssetTag", "ExternalId"),
        *fields(Kind.INSTANT, "LastContact", "RemoteAgentLastContact", "WindowsUpdateDate"),
        *fields(Kind.FLAG, "IsMaster", "IsVirtualMachine"),
        Field("Client", Kind.REFERENCE, fields=fields(Kind.TEXT, "Id", "Name")),
        Field(
            "Location", Kind.OBJECT, fields=(Field("Id", Kind.INTEGER), Field("Name", Kind.TEXT))
        ),
        Field("VirusScanner", Kind.OBJECT, fields=fields(Kind.TEXT, "Id", "Name")),
        Field("LoggedInUsers", Kind.LIST, fields=fields(Kind.TEXT, "LoggedInUserName")),
        Field("OpenPortsTCP", Kind.LIST, items=Kind.INTEGER),
        Field("UserAccounts", Kind.LIST, items=Kind.TEXT),
        Field(
            "AffectedEntities",
            Kind.LIST,
            fields=(
                Field(
                    "RemoteMonitorAffectedClient",
                    Kind.REFERENCE,
                    fields=(Field("Id", Kind.INTEGER), Field("Name", Kind.TEXT)),
                ),
            ),
        ),
    ),
)
ONLINE = {
    "ComputerID": 101,
    "ClientID": 100,
    "TotalMemory": 2048,
    "Severity": 3,
    "DiskFreePercent": 10,
    "UserIdleTime": 5,
    "SystemUptime": 900,
    "Id": "101",
    "Status": "Online",
    "Name": "ACME-DC01",
    "OS": "Microsoft Windows Server 2019",
    "ComputerName": "ACME-DC01",
    "Type": "Server",
    "City": "Tampa",
    "OperatingSystemName": "Windows Server",
    "RemoteAgentVersion": "190.57",
    "MACAddress": "00-11",
    "ExternalId": "123",
    "LastContact": "2024-02-14T00:00:00Z",
    "RemoteAgentLastContact": "2020-01-01T00:00:00Z",
    "IsMaster": True,
    "Client": {"Id": "151", "Name": "O'Brien"},
    "Location": {"Id": 5, "Name": "Main"},
    "VirusScanner": {"Id": "1", "Name": "Defender"},
    "LoggedInUsers": [{"LoggedInUserName": "ACME\\bob"}],
    "OpenPortsTCP": [80, 443],
    "UserAccounts": ["Bob", "100%"],
    "AffectedEntities": [{"RemoteMonitorAffectedClient": {"Id": 9, "Name": "x"}}],
}
OFFLINE = {
    "ComputerID": 5,
    "ClientID": 7,
    "TotalMemory": 8192,
    "Severity": 1,
    "DiskFreePercent": 50,
    "Id": "5",
    "Status": "Offline",
    "Name": "WS",
    "OS": "Windows 11",
    "ComputerName": "WS_1",
    "Type": "Workstation",
    "LastContact": "2023-01-01T00:00:00Z",
    "RemoteAgentLastContact": "2019-12-18T00:50:19Z",
    "IsMaster": False,
    "Client": {"Id": "98", "Name": "Beta"},
    "Location": {"Id": 6, "Name": "Annex"},
    "OpenPortsTCP": [22],
    "UserAccounts": [],
}

SEED_000 = [
    ("Status = 'Online'", [1]),
    ("Status != 'Offline'", [1]),
    ("ComputerID > 100", [1]),
    ("TotalMemory < 4096", [1]),
    ("Severity >= 3", [1]),
    ("DiskFreePercent <= 10", [1]),
    ("Name contains 'DC'", [1]),
    ("Name startswith 'ACME'", [1]),
    ("Name endswith '01'", [1]),
    ("Status in ('Online','Offline')", [1, 2]),
    ("Status = 'Online' and ClientID = 100", [1]),
    ("Status = 'Offline' or Status = 'Unknown'", [2]),
    ("not (Status = 'Offline')", [1]),
    ("ClientID = 100", [1]),
    ("OS contains 'Server' and Status = 'Online'", [1]),
    ("ClientID = 100 and Status in ('New','Active')", []),
    ("Status = 'Offline' and LastContact >= '2024-02-14'", []),
    ("Status = 'Online' and LastContact >= '2024-02-14'", [1]),
    ("Status = 'Offline' and LastContact >= '2022-02-13T10:11:12.345Z'", [2]),
    ("Status ne 'Offline'", [1]),  # automate facts 42
]
FACTS = [  # automate facts 41 to 54
    ("Type != 'Server'", [2]),
    ("City != 'Baltimore'", [1]),
    ("IsMaster = True", [1]),
    ("Client.Id=151", [1]),
    ("externalid=123", [1]),
    ("(ComputerID >= 1 and ComputerID <= 100)", [2]),
    ("ComputerName contains 'dc'", [1]),
    ("ComputerName contains('dc')", [1]),
    ("(ComputerName contains ('dc'))", [1]),
    ("OpenPortsTCP contains 443", [1]),
    ("OpenPortsTCP contains '443'", [1]),
    ("OpenPortsTCP not contains 443", [2]),
    ("UserAccounts Contains 'bob'", [1]),
    ("UserAccounts Contains 'bo'", []),
    ("UserAccounts like '100\\%'", [1]),
    ("(Id in('101', 'b'))", [1]),
    ("id in('101','2')", [1]),
    ("Location.Id IN (5)", [1]),
    ("Location.Id IN ('5')", [1]),
    ("client.id eq '151'", [1]),
    ("Client.Name like 'o%'", [1]),
    ("Client.Name = 'O''Brien'", [1]),
    ('Client.Name = "O\'Brien"', [1]),
    ("Location.Name like 'Main'", [1]),
    ("Location.Name not like 'Main'", [2]),
    ("VirusScanner.Name like '%fend%'", [1]),
    ("LoggedInUsers.LoggedInUserName like '%bob'", [1]),
    ("LoggedInUsers.LoggedInUserName = 'ACME\\bob'", [1]),
    ("AffectedEntities.RemoteMonitorAffectedClient.Id = 9", [1]),
    ("Client/Id=98", [2]),
    ("RemoteAgentVersion < '190.58'", [1]),
    ("RemoteAgentLastContact <= 2019-12-18T00:50:19.575Z", [2]),
    ("RemoteAgentLastContact >= 2020-01-01T00:00:00", [1]),
    ("MacAddress like '00-%'", [1]),
    ("operatingSystemName not like '%11%'", [1]),
    ("ComputerName like 'WS\\_1'", [2]),
    ("ComputerName like 'WS\\_2'", []),
    ("ComputerName like 'WS-1'", []),
    ("ComputerName like 'WS_1'", [2]),
    ("UserIdleTime >= 5 AND SystemUptime >= 5", [1]),
    ("WindowsUpdateDate <= 2024-01-01", []),
    ("Comment = null", [1, 2]),
    ("Client = null", []),
]


@pytest.fixture(scope="module")
def bench():
    bench = Bench(COMPUTER, [ONLINE, OFFLINE])
    yield bench
    bench.close()


@pytest.mark.parametrize(("text", "ids"), [*SEED_000, *FACTS])
def test_documented_conditions_find(bench, text, ids):
    assert bench.found(parse_and_bind(text, COMPUTER, dialect.DOCUMENTED)) == ids


@pytest.mark.parametrize(("text", "ids"), FACTS)
def test_observed_conditions_find(bench, text, ids):
    assert bench.found(parse_and_bind(text, COMPUTER, dialect.OBSERVED)) == ids


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("not (Status = 'Offline')", 0),
        ("Name startswith 'ACME'", 5),
        ("Name endswith '01'", 5),
        ("Status ne 'Offline'", 7),
    ],
)
def test_observed_language_lacks_what_only_the_seeds_have(text, offset):
    with pytest.raises(BadCondition) as refused:
        parse_and_bind(text, COMPUTER, dialect.OBSERVED)

    assert (refused.value.flaw, refused.value.offset) == (ConditionFlaw.SYNTAX, offset)


def test_a_quoted_instant_is_no_instant_in_the_observed_language():
    # The live system answers 500 (automate facts 50).
    with pytest.raises(BadCondition) as refused:
        parse_and_bind("LastContact >= '2024-02-14'", COMPUTER, dialect.OBSERVED)

    assert (refused.value.expected, refused.value.found) == ("datetime", "string")


@pytest.mark.parametrize("language", [dialect.DOCUMENTED, dialect.OBSERVED])
def test_doubled_equals_sign_is_a_syntax_error(language):
    # Seed 000 prints this one as its example of a bad filter.
    with pytest.raises(BadCondition) as refused:
        parse_and_bind("Status == 'Online'", COMPUTER, language)

    assert (refused.value.flaw, refused.value.offset) == (ConditionFlaw.SYNTAX, 7)
    assert refused.value.text == "Status == 'Online'"


def test_unknown_names_are_refused_as_typed():
    with pytest.raises(BadCondition) as refused:
        parse_and_bind("Client.Nome = 'x'", COMPUTER, dialect.OBSERVED)

    assert (refused.value.flaw, refused.value.name) == (ConditionFlaw.UNKNOWN_NAME, "Client.Nome")
