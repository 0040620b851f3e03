"""Kept numbers seen as the texts that stand for them."""

from typing import Any

from sqlalchemy import ColumnElement, case

from mockserver.core.schema import Labels
from mockserver.core.text import fold


def labelled(stored: ColumnElement[Any], labels: Labels) -> ColumnElement[Any]:
    """Return the folded text that stands for what a column holds, to compare and to order by."""
    texts = [(stored == number, fold(text)) for number, text in labels.texts]
    return case((stored.is_(None), fold(labels.missing)), *texts, else_=fold(labels.otherwise))
