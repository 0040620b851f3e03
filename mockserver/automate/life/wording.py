"""Texts that a profile has for what nobody recorded, with what they tell put in."""

import re

#: What may stand for something in a text.
PLACE = re.compile(r"\{(\w+)\}")


def filled(text: str, **told: str) -> str:
    """Return *text* with ``{name}`` replaced by what is told under that name, others left alone."""
    return PLACE.sub(lambda found: told.get(found[1], found[0]), text)
