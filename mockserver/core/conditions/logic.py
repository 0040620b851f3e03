"""Truth as SQL has it: true, false and unknown; a tree as a program for a stack."""

from collections.abc import Sequence

from mockserver.core.conditions.nodes import And, Condition, Joint, Leaf, Not, climbed

UNKNOWN = "2"
DIGITS = {True: "1", False: "0", None: UNKNOWN}
TRUTHS = {"1": True, "0": False, UNKNOWN: None}


def program(tree: Condition) -> tuple[str, list[Leaf]]:
    """Return what to do with the truths of the leaves, and the leaves in order.

    Steps are ``.`` (take the next leaf), ``!`` (not), ``&n`` and ``|n`` (join the last n).
    """
    leaves: list[Leaf] = []
    steps: list[str] = []

    def leaf(node: Leaf) -> None:
        leaves.append(node)
        steps.append(".")

    def joint(node: Joint, terms: Sequence[None]) -> None:
        sign = "&" if isinstance(node, And) else "|"
        steps.append("!" if isinstance(node, Not) else f"{sign}{len(terms)}")

    climbed(tree, leaf, joint)
    return " ".join(steps), leaves


def truth(steps: str, digits: str) -> bool | None:
    """Run a program over the truths of its leaves, one digit each."""
    stack: list[str] = []
    ahead = iter(digits)
    for step in steps.split():
        if step == ".":
            stack.append(next(ahead))
        elif step == "!":
            stack.append({"0": "1", "1": "0", UNKNOWN: UNKNOWN}[stack.pop()])
        else:
            count = int(step[1:])
            terms = stack[-count:]
            del stack[-count:]
            stack.append(_joined(step[0], terms))
    return TRUTHS[stack[0]]


def _joined(sign: str, terms: Sequence[str]) -> str:
    decisive = "0" if sign == "&" else "1"
    if decisive in terms:
        return decisive
    return UNKNOWN if UNKNOWN in terms else terms[0]


def depth(tree: Condition) -> int:
    """Return how many joints lie above the deepest leaf."""
    return climbed(tree, lambda _leaf: 0, lambda _node, terms: 1 + max(terms))
