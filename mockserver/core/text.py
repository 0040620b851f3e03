"""How texts are compared: as the vendors' databases do, without regard to case."""


def fold(text: str) -> str:
    """Return *text* as it is compared: case gone, trailing blanks gone (psa facts 3.3)."""
    return text.casefold().rstrip(" ")


def as_compared(text: str, *, folded: bool) -> str:
    """Return *text* as it is compared where case does not count (*folded*), or does."""
    return fold(text) if folded else text.rstrip(" ")
