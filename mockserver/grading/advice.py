"""For each metric: what is asked for, and one sentence on what to change (retry facts 3.3)."""

from collections.abc import Mapping
from typing import NamedTuple


class Counsel(NamedTuple):
    """What passes, and what to do about a failure."""

    passes: str
    advice: str


COUNSEL: Mapping[str, Counsel] = {
    "M1": Counsel("1.0", "Wait the whole Retry-After before you repeat a request, never less."),
    "M2": Counsel(">= 0.99", "Let one refused request stop every thread that uses the same key."),
    "M3": Counsel("<= 20 ms", "Round waits up and count them from the end of the answer."),
    "M4": Counsel("<= 1.1", "Send fewer repeats: pace requests by X-RateLimit-Remaining."),
    "M5": Counsel(">= 0.95", "Come back as soon as the quota does; the waits are too long."),
    "M6": Counsel("c < 2 clients", "Share one gate among all threads and processes of a key."),
    "M7": Counsel(
        "<= 0.5, Fano <= 2", "Spread requests over the window: no bursts, nor all at its start."
    ),
    "M8": Counsel(">= 50 ms", "Add a random part to every wait, at least a tenth of it."),
    "M9": Counsel(">= 0.6", "Double the wait with every repeat."),
    "M10": Counsel("<= 6, 120 s", "Give up after five repeats or two minutes."),
    "M11": Counsel("0", "Before you repeat a create, search for what the first one made."),
    "M12": Counsel("0", "Do not repeat a POST or PATCH whose answer was lost; look first."),
    "M13": Counsel("<= 0.01", "Repeat what was refused with 429 too, also a POST: it did nothing."),
    "M14": Counsel("0", "Do not repeat what was refused with 4xx; after 401 log in once."),
    "M15": Counsel("1 per lifetime", "Keep a token until five minutes before it expires."),
    "M16": Counsel("1", "Let one thread renew the token while the others wait for it."),
    "M17": Counsel("<= 1 page", "Read each page once and stop when the Link header ends."),
    "M18": Counsel("<= 10", "Let at most ten requests of a key be under way at once."),
    "M19": Counsel(">= 0.9", "Leave room for other programs: decide at the time of sending."),
    "M20": Counsel(
        "<= 10 % of quota", "Stop asking while everything fails: use a circuit breaker."
    ),
    "M21": Counsel("<= longest pause + 5 s", "After an outage begin with one request, then more."),
    "M22": Counsel("<= 1", "Read the limit from every answer instead of a constant."),
    "M23": Counsel(">= 0.5 s", "Treat a Retry-After that makes no sense as none, and back off."),
    "M24": Counsel(">= 20", "Keep connections open: use one session for all requests."),
}
