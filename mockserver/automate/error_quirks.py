"""The quirks of Automate's refusals and limits, one field each, with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from types import MappingProxyType
from typing import Final, Literal


class Phrase(Enum):
    """What is refused in words that few have seen."""

    CREDENTIALS = auto()
    SECOND_FACTOR = auto()
    PASSCODE = auto()
    LOCKED = auto()
    TOKEN = auto()
    CLIENT_ID = auto()
    FORBIDDEN = auto()
    TLS = auto()
    URL = auto()
    URL_DETAIL = auto()
    METHOD = auto()
    MEDIA = auto()
    TOO_LARGE = auto()
    TOO_LONG = auto()
    QUOTA = auto()
    REPEATED = auto()
    PARAMETER = auto()
    CONDITION_NAME = auto()
    CONDITION_SYNTAX = auto()
    CONDITION_VALUE = auto()
    RECORD = auto()
    MISSING = auto()
    TOO_MANY_CHARS = auto()
    REFERENCE = auto()
    AMBIGUOUS = auto()
    EXISTS = auto()
    VALUE = auto()
    BODY = auto()
    CONFLICT = auto()
    SERVER_ERROR = auto()


#: The framework's stock text (facts 22).
STOCK_401: Final = "Authorization has been denied for this request."
WORDING: Final[Mapping[Phrase, str]] = MappingProxyType(
    {
        Phrase.CREDENTIALS: "Invalid username or password.",
        Phrase.SECOND_FACTOR: "Two-factor code required.",
        Phrase.PASSCODE: "Invalid two-factor code.",
        Phrase.LOCKED: "The user is locked.",
        # Seed 000, "Error Handling Pattern", has this one, FORBIDDEN and QUOTA.
        Phrase.TOKEN: "Token expired or invalid. Re-authenticate.",
        Phrase.CLIENT_ID: STOCK_401,
        Phrase.FORBIDDEN: "Permission denied. Check user rights.",
        Phrase.TLS: "SSL is required.",
        # The framework's own (facts 65), and so the next three.
        Phrase.URL: "No HTTP resource was found that matches the request URI '{url}'.",
        Phrase.URL_DETAIL: "",
        Phrase.METHOD: "The requested resource does not support http method '{method}'.",
        Phrase.MEDIA: "The request entity's media type '{media}' is not supported.",
        Phrase.TOO_LARGE: "The request entity is larger than {limit} bytes.",
        Phrase.TOO_LONG: "The request URL is longer than {limit} characters.",
        Phrase.QUOTA: "Too many requests. Implement backoff.",
        # Seen live (facts 51), and so the words "Invalid field".
        Phrase.REPEATED: "An item with the same key has already been added.",
        Phrase.PARAMETER: "{message}",
        Phrase.CONDITION_NAME: "Invalid field '{name}' in {parameter}",
        # Seed 000, "Error Response Format".
        Phrase.CONDITION_SYNTAX: "Invalid filter syntax in {parameter} parameter",
        Phrase.CONDITION_VALUE: "The value does not fit the field: {message}",
        # The framework's own (facts 60).
        Phrase.RECORD: "The request is invalid.",
        Phrase.MISSING: "The {field} field is required.",
        Phrase.TOO_MANY_CHARS: "The field {field} may have {limit} characters at most.",
        Phrase.REFERENCE: "{field} {value} not found",
        Phrase.AMBIGUOUS: "{field} {value} is ambiguous",
        Phrase.EXISTS: "{field} {value} already exists",
        Phrase.VALUE: "The value of {field} is not valid.",
        Phrase.BODY: "{message}",
        Phrase.CONFLICT: "{message}",
        Phrase.SERVER_ERROR: "An error has occurred.",
    }
)
#: The dialect of the vendor's clients: every 401 in the framework's words (facts 21 and 22).
OBSERVED_WORDING: Final[Mapping[Phrase, str]] = MappingProxyType(
    {
        **WORDING,
        Phrase.CREDENTIALS: STOCK_401,
        Phrase.SECOND_FACTOR: STOCK_401,
        Phrase.PASSCODE: STOCK_401,
        Phrase.LOCKED: STOCK_401,
        Phrase.TOKEN: STOCK_401,
    }
)
#: Seed 000 has the codes of 400, 401, 403, 404 and 429; the others are ours.
CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "400": "BadRequest",
        "401": "Unauthorized",
        "403": "Forbidden",
        "404": "NotFound",
        "405": "MethodNotAllowed",
        "409": "Conflict",
        "413": "PayloadTooLarge",
        "414": "UriTooLong",
        "415": "UnsupportedMediaType",
        "429": "RateLimited",
        "500": "ServerError",
        "503": "Unavailable",
    }
)


@dataclass(frozen=True, eq=False)
class ErrorQuirks:
    """What sources disagree on, or do not tell, of refusals and limits; numbers are facts.

    Attributes:
        seed_errors: Whether errors are ``{"error": {…}}`` (seed 000) or ``{"Message"}``.
        wording: What refusals say, by what they are about: ``credentials``, ``second_factor``,
            ``passcode``, ``locked``, ``token``, ``client_id``, ``forbidden``, ``tls``, ``url``
            (``{url}`` in it), ``url_detail`` (the ``MessageDetail`` of the same, 65; empty for
            none), ``method`` (``{method}``), ``media`` (``{media}``), ``too_large`` and
            ``too_long`` (``{limit}``), ``quota``, ``repeated``, ``parameter`` (``{name}``,
            ``{value}``, ``{message}``), ``condition_name`` (``{name}``, ``{parameter}``),
            ``condition_syntax``, ``condition_value`` (``{message}``, ``{parameter}``), ``record``,
            and of its members ``missing``, ``too_many_chars`` (``{limit}``), ``reference``,
            ``ambiguous``, ``exists``, ``value`` (``{field}``, ``{value}``); ``body``, ``conflict``
            (``{message}``), ``server_error``. Few were seen (21, 22, 51, 60, 65).
        codes: The seed's code of each status; it has five of them.
        every_fault: Whether a bad body is told all its faults at once, or the first (60).
        record_missing: What a 404 of a record says, with ``{kind}`` and ``{id}`` for what was
            asked for; unrecorded (65, 98).
        server_error_members: What observed answers to a 500 have beside ``Message``, such as
            ``ExceptionMessage``: some servers show details (60).
        challenge: Whether a 401 carries ``WWW-Authenticate: Bearer``; unrecorded (22).
        text_id_status: Status of a path with a text where an id belongs: 404 as for unknown paths,
            or 400; unrecorded.
        mismatch_status: Answer to a condition whose value does not fit its field; seen live is a
            quoted date only, a 500 (50).
        complex_status: Answer to a condition with too many groups inside each other, or too many
            values; unknown.
        url_chars_max: Longest URL; IIS as it is installed takes less, nobody shows how much.
        quota_of: Whose the quota of requests is: each user's, each token's or the whole server's
            (the seed tells of the server, not of who is counted).
        logins_counted: Whether logins and refreshes spend the user's quota, or are free; unknown.
        quota_headers: Whether answers carry ``X-RateLimit-*`` (C15).
    """

    seed_errors: bool = True
    wording: Mapping[Phrase, str] = field(default_factory=lambda: WORDING)
    codes: Mapping[str, str] = field(default_factory=lambda: CODES)
    every_fault: bool = True
    record_missing: str = "{kind} with ID {id} not found"
    server_error_members: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    challenge: bool = True
    text_id_status: int = 404
    mismatch_status: int = 400
    complex_status: int = 400
    url_chars_max: int = 32_768
    quota_of: Literal["user", "token", "server"] = "user"
    logins_counted: bool = False
    quota_headers: bool = True
