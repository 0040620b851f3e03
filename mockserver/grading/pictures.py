"""Pictures of a client's conduct: inline SVG that stretches, with its labels in HTML around it."""

import math
from collections.abc import Iterable, Sequence
from html import escape

from mockserver.core.attempt import NS, Attempt
from mockserver.core.waits import TOO_MANY, asks_to_wait, told_spans
from mockserver.grading.chains import Link, has_failed
from mockserver.grading.metric import Client

WIDE, HIGH = 1000, 160
BARS, DOTS_MAX, TOKENS_MAX, LABELS = 200, 2_000, 40, 6
GAP_LEAST_S, GAP_MOST_S = 0.01, 1_000.0


def figure(title: str, drawn: Iterable[str], labels: Sequence[str], legend: str = "") -> str:
    """Return a figure: a caption, the drawing, and labels spread below it."""
    below = "".join(f"<span>{escape(label)}</span>" for label in labels)
    return (
        f"<figure><figcaption>{escape(title)} {legend}</figcaption>"
        f'<svg viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(title)}">{"".join(drawn)}</svg>'
        f'<div class="axis">{below}</div></figure>'
    )


def _rect(kind: str, box: tuple[float, float, float, float]) -> str:
    x, y, width, height = box
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
    )


def _dot(kind: str, x: float, y: float) -> str:
    return f'<path class="dot {kind}" d="M{x:.1f} {y:.1f}h0"/>'


def key(*names: tuple[str, str]) -> str:
    """Return a legend: classes and what they mean."""
    return "".join(f'<i class="{kind}"></i>{escape(text)} ' for kind, text in names)


class Scale:
    """Instants on the width of a picture."""

    def __init__(self, attempts: Sequence[Attempt]) -> None:
        self.start_ns = attempts[0].arrived_ns
        self.span_ns = max(1, max(each.flushed_ns for each in attempts) - self.start_ns)

    def __call__(self, instant_ns: int) -> float:
        """Return where an instant lies."""
        return min(1.0, max(0.0, (instant_ns - self.start_ns) / self.span_ns)) * WIDE

    @property
    def labels(self) -> list[str]:
        """Return five labels in seconds."""
        return [f"{self.span_ns / NS * part / 4:.3g} s" for part in range(5)]


def arrivals(client: Client) -> str:
    """Return the arrivals over time against the times in which the key was to keep still."""
    place, drawn = Scale(client.attempts), []
    for start, end in told_spans(client.attempts):
        drawn.append(_rect("penalty", (place(start), 0, max(1, place(end) - place(start)), HIGH)))
    counts = [[0, 0, 0] for _ in range(BARS)]
    for each in client.attempts:
        bar = min(BARS - 1, int(place(each.arrived_ns) / WIDE * BARS))
        counts[bar][_outcome(each)] += 1
    most = max(sum(bar) for bar in counts)
    for number, stacked in enumerate(counts):
        drawn += _stack(number, stacked, most)
    legend = key(
        ("ok", "answered"), ("refused", "429"), ("failed", "failed"), ("penalty", "told to wait")
    )
    return figure(f"Arrivals, at most {most} in a bar", drawn, place.labels, legend)


def _outcome(attempt: Attempt) -> int:
    if attempt.status == TOO_MANY:
        return 1
    return 2 if has_failed(attempt) else 0


def _stack(number: int, bar: Sequence[int], most: int) -> list[str]:
    width, floor, drawn = WIDE / BARS, float(HIGH), []
    for kind, count in zip(("ok", "refused", "failed"), bar, strict=True):
        height = count / most * (HIGH - 4)
        floor -= height
        drawn += [_rect(kind, (number * width, floor, width * 0.8, height))] if count else []
    return drawn


def gaps(client: Client) -> str:
    """Return the pause before each repeat, on a logarithmic axis, by its number in the chain."""
    shown = client.links[:DOTS_MAX]
    last = max((link.index for link in shown), default=0) + 1
    drawn = [
        f'<path class="grid" d="M0 {_height(10.0**power):.1f}H{WIDE}"/>' for power in range(-2, 4)
    ]
    for number, link in enumerate(shown):
        # Beside each other, so that equal pauses can be told apart.
        x = (link.index + 0.15 + 0.7 * (number % 23) / 22) / last * WIDE
        drawn.append(_dot(_kind(link), x, _height(link.gap_s)))
    step = -(-last // LABELS)
    labels = [f"repeat {number + 1}" for number in range(0, last, step)]
    legend = key(("ok", "as told"), ("refused", "too early"), ("failed", "nobody said when"))
    title = "Pauses before repeats, lines at 0.01, 0.1, 1, 10, 100 and 1000 s from below"
    return figure(title, drawn, labels, legend)


def _kind(link: Link) -> str:
    if not asks_to_wait(link.failed):
        return "failed"
    return "refused" if link.early_s > 0 else "ok"


def _height(gap_s: float) -> float:
    bounded = min(GAP_MOST_S, max(GAP_LEAST_S, gap_s))
    share = math.log(bounded / GAP_LEAST_S) / math.log(GAP_MOST_S / GAP_LEAST_S)
    return HIGH - 4 - share * (HIGH - 8)


def tokens(client: Client) -> str:
    """Return the life of each access token and when tokens were asked for."""
    place, uses = Scale(client.attempts), dict[str, list[Attempt]]()
    for each in client.attempts:
        if each.token:
            uses.setdefault(each.token, []).append(each)
    shown = list(uses.values())[:TOKENS_MAX]
    height, drawn = (HIGH - 20) / max(1, len(shown)), []
    for number, used in enumerate(shown):
        start, end = place(used[0].arrived_ns), place(used[-1].arrived_ns)
        drawn.append(_rect("ok", (start, number * height, max(2, end - start), height * 0.7)))
        dead = [each for each in used if each.status == 401][:200]  # noqa: PLR2004
        drawn += [_dot("refused", place(e.arrived_ns), (number + 0.4) * height) for e in dead]
    logins = [each for each in client.attempts if each.login][:DOTS_MAX]
    drawn += [_dot("failed", place(each.arrived_ns), HIGH - 8) for each in logins]
    legend = key(("ok", "a token in use"), ("refused", "401"), ("failed", "asked for a token"))
    return figure(f"{len(uses)} tokens over time", drawn, place.labels, legend)
