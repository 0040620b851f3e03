"""The operations that users describe in files of their own, laid on top of the vendors'."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from mockserver.core.catalogue import Catalogue
from mockserver.core.compiler import Known
from mockserver.core.compiling.description import Document
from mockserver.core.compiling.onto import laid_on
from mockserver.core.compiling.reading import BadDescription, read

VENDORS = ("psa", "automate")
#: Words in a title or a path that give a vendor away.
MARKS: Mapping[str, tuple[str, ...]] = {
    "automate": ("automate", "labtech", "/cwa/"),
    "psa": ("psa", "manage", "/apis/3.0"),
}


def described(catalogues: Mapping[str, Catalogue], specs: Iterable[str]) -> dict[str, Catalogue]:
    """Return the vendors' catalogues with what the files describe on top.

    Args:
        catalogues: What the vendors have, by vendor.
        specs: Files; ``psa=`` or ``automate=`` before the name says whose operations they are.

    Raises:
        BadDescription: A file cannot be used; the text names it.
    """
    told: dict[str, list[Document]] = {}
    for spec in specs:
        vendor, document = _assigned(spec, catalogues)
        told.setdefault(vendor, []).append(document)
    found = dict(catalogues)
    for vendor, documents in told.items():
        catalogue = catalogues[vendor]
        pages = laid_on(catalogue.page, documents, Known.of(vendor))
        found[vendor] = catalogue.with_pages(pages)
    return found


def _assigned(spec: str, catalogues: Mapping[str, Catalogue]) -> tuple[str, Document]:
    """Return whose operations a file describes, and its content."""
    vendor, mark, name = spec.partition("=")
    if not mark or vendor not in VENDORS:
        document = read(Path(spec))
        return _guessed(spec, document, catalogues), document
    return vendor, read(Path(name))


def _guessed(spec: str, document: Document, catalogues: Mapping[str, Catalogue]) -> str:
    title = str(document["info"].get("title", "")).casefold()
    marked = [v for v in VENDORS if any(word in title for word in MARKS[v])]
    if len(marked) == 1:
        return marked[0]
    first = {path.split("/")[1].casefold() for path in document["paths"]}
    alike = {v: len(first & _first_words(each)) for v, each in catalogues.items()}
    best = max(alike, key=lambda vendor: alike[vendor])
    if list(alike.values()).count(alike[best]) > 1:
        raise BadDescription(f"{spec}: whose is it? Say psa={spec} or automate={spec}")
    return best


def _first_words(catalogue: Catalogue) -> set[str]:
    words = (each.template.split("/")[1].casefold() for each in catalogue.operations())
    return {word for word in words if word != "v2"}
