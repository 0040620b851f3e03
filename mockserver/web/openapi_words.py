"""Names and sentences of described operations, made from what they do and what they do it to."""

import re
from collections.abc import Mapping

from mockserver.core.catalogue import Operation, OperationKind

WORDS = re.compile(r"[A-Z]{2,}s?(?![a-z])|[A-Z]?[a-z]+|[A-Z]|\d+")
#: Endings of plurals, the longest first, and what the singular has instead.
ENDINGS = (("sses", "ss"), ("uses", "us"), ("xes", "x"), ("ches", "ch"), ("ies", "y"))
UNCHANGED = ("ss", "us", "is")
SUMMARIES: Mapping[OperationKind, str] = {
    OperationKind.LIST: "List {many}",
    OperationKind.COUNT: "Count {many}",
    OperationKind.SEARCH: "Search {many}",
    OperationKind.CREATE: "Create {one}",
    OperationKind.READ: "Read {one}",
    OperationKind.REPLACE: "Replace {one}",
    OperationKind.PATCH: "Change {one}",
    OperationKind.DELETE: "Delete {one}",
    OperationKind.INFO: "Read the short form of {many}",
    OperationKind.DEFAULT: "Read what a new record of {many} starts with",
    OperationKind.USAGES: "Count the uses of {one}",
    OperationKind.USAGE_LIST: "List the uses of {one}",
    OperationKind.COPY: "Copy {one}",
    OperationKind.DOWNLOAD: "Download {last} of {one}",
    OperationKind.SINGLE: "Read {last}",
    OperationKind.VIEW: "Read {last}",
    OperationKind.ACTION: "Carry out {last}",
}
BULK: Mapping[str, str] = {
    "POST": "Create several {many}",
    "PUT": "Replace several {many}",
    "DELETE": "Delete several {many}",
}


def operation_id(method: str, path: str) -> str:
    """Return the name that client generators give to the operation (``getServiceTicketsById``)."""
    words = []
    for segment in path.split("/"):
        is_id = segment.startswith("{")
        parts = re.findall(r"[A-Za-z0-9]+", segment)
        words.append(("By" if is_id else "") + "".join(p[0].upper() + p[1:] for p in parts))
    return method.lower() + "".join(words)


def summary(operation: Operation) -> str:
    """Return what the operation does, in a few words."""
    told = SUMMARIES.get(operation.kind) or BULK.get(operation.method, "Change several {many}")
    nouns = _nouns(operation.resource or operation.template)
    one = " ".join([*map(singular, nouns[:-1]), singular(nouns[-1])])
    many = " ".join([*map(singular, nouns[:-1]), nouns[-1]])
    return told.format(one=f"{_article(one)} {one}", many=many, last=_last(operation.template))


def tag(path: str) -> str:
    """Return the group of operations that a path belongs to where no module names it."""
    words = [word for word in path.split("/") if word and word.casefold() != "v2"]
    return words[0].casefold()


def singular(noun: str) -> str:
    """Return the singular of an English plural, near enough for a sentence."""
    for ending, instead in ENDINGS:
        if noun.endswith(ending):
            return noun.removesuffix(ending) + instead
    return noun if noun.endswith(UNCHANGED) else noun.removesuffix("s")


def _nouns(path: str) -> list[str]:
    segments = [s for s in path.rpartition(":")[2].split("/") if s and not s.startswith("{")]
    nouns = [_spaced(segment) for segment in segments]
    # "company companies" says it twice.
    is_repeated = len(nouns) > 1 and nouns[0] == singular(nouns[1])
    return nouns[1:] if is_repeated else nouns


def _last(template: str) -> str:
    segments = [s for s in template.split("/") if s and not s.startswith("{")]
    return " ".join(_spaced(segment) for segment in segments[-2:])


def _spaced(segment: str) -> str:
    words = WORDS.findall(segment) or [segment]
    return " ".join(
        word if word[:2].isupper() and len(word) > 1 else word.lower() for word in words
    )


def _article(noun: str) -> str:
    return "an" if noun[:1].lower() in "aeio" else "a"
