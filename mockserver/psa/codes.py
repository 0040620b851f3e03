"""The ``code`` of every refusal, in both profiles, as tables."""

from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from mockserver.core.errors import Flaw


class Case(Enum):
    """What a refused request suffers from, as far as the codes tell it apart."""

    CREDENTIALS = auto()
    CLIENT_ID = auto()
    PERMISSION = auto()
    ROUTE = auto()
    RECORD = auto()
    IN_USE = auto()
    CONDITION = auto()
    PARAMETER = auto()
    PAYLOAD = auto()
    INCOMPLETE = auto()
    READER = auto()


class Phrase(Enum):
    """What is refused in words that nobody has seen."""

    METHOD = auto()
    MEDIA = auto()
    IN_USE = auto()
    TEXT_ID = auto()
    SYNTAX = auto()
    EXISTS = auto()
    CALLBACK_TYPE = auto()
    SERVER_ERROR = auto()
    SHEET_CLOSED = auto()


#: ASP.NET's wording for the first two (psa facts 6.5, U14); ours for the others.
WORDING: Final[Mapping[Phrase, str]] = MappingProxyType(
    {
        Phrase.METHOD: "The requested resource does not support http method '{method}'.",
        Phrase.MEDIA: (
            "The request entity's media type '{media}' is not supported for this resource."
        ),
        Phrase.IN_USE: "{reason}",
        Phrase.CALLBACK_TYPE: "Unrecognized type",
        # Recorded, with its misspelling (psa facts 5.3).
        Phrase.SERVER_ERROR: "A timeout has occured. Please try again.",
        Phrase.SYNTAX: "{message} (at character {offset})",
        Phrase.EXISTS: "A record with this {field} already exists",
        Phrase.SHEET_CLOSED: "The time sheet {id} is {status}: its entries cannot be changed.",
        Phrase.TEXT_ID: "The request is invalid: '{path}' has a text where an id belongs.",
    }
)
Codes = Mapping[Case | Flaw, str]

#: Psa facts 6.2 lists the codes really seen, 1.3 the guess for the clientId (U1).
OBSERVED: Final[Codes] = MappingProxyType(
    {
        Case.CREDENTIALS: "Unauthorized",
        Case.CLIENT_ID: "Security",
        Case.PERMISSION: "Security",
        Case.ROUTE: "ConnectWiseApi",
        Case.RECORD: "NotFound",
        Case.IN_USE: "ConnectWiseApi",
        Case.CONDITION: "ApiFindCondition",
        Case.PARAMETER: "InvalidObject",
        Case.PAYLOAD: "InvalidObject",
        Case.INCOMPLETE: "InvalidObject",
        Case.READER: "ConnectWiseApi",
        Flaw.MISSING: "MissingRequiredField",
        Flaw.WRONG_TYPE: "InvalidField",
        Flaw.WRONG_SHAPE: "InvalidField",
        Flaw.TOO_LONG: "MaxLengthField",
        Flaw.NOT_IN_ENUM: "InvalidField",
        Flaw.OUT_OF_RANGE: "OutOfRange",
        Flaw.BAD_INSTANT: "UnsupportedFormat",
        Flaw.UNKNOWN_MEMBER: "InvalidField",
        Flaw.UNKNOWN_REFERENCE: "NotFound",
        Flaw.AMBIGUOUS_REFERENCE: "InvalidField",
        Flaw.EXISTS: "ObjectExists",
        Flaw.RULE: "InvalidField",
    }
)

#: Seed 002, "Common Errors": a handful of codes of its own (psa facts S3: invented).
DOCUMENTED: Final[Codes] = MappingProxyType(
    {
        **OBSERVED,
        **dict.fromkeys(Flaw, "InvalidArgument"),
        Case.CREDENTIALS: "InvalidCredentials",
        Case.CLIENT_ID: "MissingClientId",
        Case.RECORD: "RecordNotFound",
        Case.IN_USE: "RecordLocked",
        Case.CONDITION: "InvalidArgument",
        Case.PARAMETER: "InvalidArgument",
        Case.PAYLOAD: "InvalidArgument",
        Case.INCOMPLETE: "RequiredFieldMissing",
        Flaw.MISSING: "RequiredFieldMissing",
    }
)
