"""Kept numbers seen as the texts that stand for them."""

from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, case

from mockserver.core.schema import Labels
from mockserver.core.text import as_compared


def labelled(
    stored: ColumnElement[Any], labels: Labels, *, folded: bool = True
) -> ColumnElement[Any]:
    """Return the text that stands for what a column holds, to compare and to order by."""
    seen = partial(as_compared, folded=folded)
    texts = [(stored == number, seen(text)) for number, text in labels.texts]
    return case((stored.is_(None), seen(labels.missing)), *texts, else_=seen(labels.otherwise))
