"""The surface: which paths are collections, and what each operation does to which of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mockserver.core.compiling.description import Described
from mockserver.core.compiling.models import model_of
from mockserver.core.operation import OperationKind

_DOWNLOADS = frozenset({"download", "image", "thumbnail", "pdf", "uploadsample"})
_SUFFIXES = {
    "count": OperationKind.COUNT,
    "usages": OperationKind.USAGES,
    "default": OperationKind.DEFAULT,
    "defaults": OperationKind.DEFAULT,
    "bulk": OperationKind.BULK,
    "copy": OperationKind.COPY,
    "search": OperationKind.SEARCH,
}
_BY_METHOD = {
    "POST": OperationKind.CREATE,
    "PUT": OperationKind.REPLACE,
    "PATCH": OperationKind.PATCH,
    "DELETE": OperationKind.DELETE,
}


@dataclass(frozen=True)
class Rules:
    """What no rule can tell about a vendor's paths.

    Attributes:
        homes: By template, the collection of operations whose own path is none.
        prefixes: Paths under which the vendor repeats another path, each mapped to that one.
    """

    homes: Mapping[str, str] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Surface:
    """The collections found, by casefolded path."""

    rules: Rules
    paths: dict[str, str] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)

    def place(self, literals: tuple[str, ...]) -> str:
        """Return the path that literal segments stand for, prefixes of other paths resolved."""
        path = "/".join(literals)
        for prefix, meant in self.rules.prefixes.items():
            if f"{path}/".casefold().startswith(f"{prefix}/".casefold()):
                return meant + path[len(prefix) :]
        return path

    def mirrored(self, literals: tuple[str, ...]) -> str | None:
        """Return the collection of which an `info` path is a mirror."""
        bare = tuple(each for each in literals if each.casefold() != "info")
        path = self.place(bare)
        known = bare != literals and path.casefold() in self.paths
        return self.paths[path.casefold()] if known else None

    def nearest(self, literals: tuple[str, ...]) -> tuple[str | None, int]:
        """Return the longest collection above a path, and how many literals name it."""
        for length in range(len(literals), 0, -1):
            path = self.place(literals[:length]).casefold()
            found = self.paths.get(path) or self.mirrored(literals[:length])
            if found:
                return found, length
        return None, 0

    def add(self, told: Described) -> None:
        """Note the collection that an operation reveals; the first spelling stays."""
        path, model = self.place(told.literals), model_of(told.answer)
        key = path.casefold()
        above, _, last = path.rpartition("/")
        spelled = (
            f"{self.paths[above.casefold()]}/{last}" if above.casefold() in self.paths else path
        )
        if model and self.models.setdefault(key, model) != model and not told.ends_with_id:
            raise ValueError(f"{path} lists both {self.models[key]} and {model}")
        self.paths.setdefault(key, spelled)
        self.sections.setdefault(key, told.section)


def surveyed(told: Iterable[Described], rules: Rules, surface: Surface | None = None) -> Surface:
    """Return the collections that a description's operations reveal, added to *surface*."""
    surface = surface or Surface(rules)
    reads = [
        each
        for each in told
        if each.method == "GET" and model_of(each.answer) and each.template not in rules.homes
    ]
    plain = [each for each in reads if not _is_mirror(each) and not _suffix(each)]
    mirrors = [each for each in reads if _is_mirror(each) and not _suffix(each)]
    for each in sorted((e for e in plain if _lists(e)), key=lambda e: len(e.literals)):
        surface.add(each)
    for each in (e for e in plain if e.ends_with_id):
        surface.add(each)
    for each in mirrors:
        if surface.mirrored(each.literals) is None and (_lists(each) or each.ends_with_id):
            surface.add(each)
    return surface


def classified(told: Described, surface: Surface) -> tuple[OperationKind, str | None, int]:
    """Return an operation's kind, the collection it works on, and how many parents it names."""
    homes = surface.rules.homes
    near, length = surface.nearest(told.literals)
    own = length == len(told.literals)
    kind = _suffix(told) or _kind(told, surface, housed=told.template in homes, own=own)
    if kind is OperationKind.COUNT and length < _counted(told.literals):
        kind = OperationKind.SINGLE  # it counts what is no collection
    if kind is OperationKind.LIST and told.ends_with_id:
        return kind, near, len(told.segments) - len(told.literals)
    return kind, homes.get(told.template, near) or None, _parents(told, length)


def _counted(literals: tuple[str, ...]) -> int:
    """Return how many literals name what a count counts."""
    return [each.casefold() for each in literals].index("count")


def _parents(told: Described, length: int) -> int:
    ids = seen = 0
    for segment in told.segments:
        if segment.startswith("{"):
            ids += seen < length
        else:
            seen += 1
            if seen == length:
                break
    # The id in `x/{id}/info` names the record, although what is counted ends after it.
    own_mirror = length and told.literals[length - 1].casefold() == "info"
    return ids - 1 if own_mirror and _above_info_is_id(told) else ids


def _above_info_is_id(told: Described) -> bool:
    at = [each.casefold() for each in told.segments].index("info")
    return told.segments[at - 1].startswith("{")


def _is_mirror(told: Described) -> bool:
    return "info" in {each.casefold() for each in told.literals} and len(told.literals) > 2  # noqa: PLR2004


def _lists(told: Described) -> bool:
    return told.answers_list and (not told.ends_with_id or told.segments[-1] == "{parentId}")


def _suffix(told: Described) -> OperationKind | None:
    """Return the kind that the last words of a path tell."""
    last = [each.casefold() for each in told.literals if each.casefold() != "info"]
    if last[-2:] == ["usages", "list"]:
        return OperationKind.USAGE_LIST
    counts = last[-1:] == ["count"]
    if told.method == "GET" and not told.ends_with_id and not counts:
        bare = told.answer is None or told.produces is not None
        if bare or not _DOWNLOADS.isdisjoint(last[-1:]):
            return OperationKind.DOWNLOAD
    if told.ends_with_id and last[-1:] != ["copy"]:
        return None
    kind = _SUFFIXES.get(last[-1] if last else "")
    return kind if told.method == "GET" or kind is not OperationKind.COUNT else None


def _kind(told: Described, surface: Surface, *, housed: bool, own: bool) -> OperationKind:
    if told.method == "GET":
        return _reading(told, surface, housed=housed, own=own)
    if housed and told.method != "POST":
        return _BY_METHOD[told.method]
    return _writing(told, surface) if own and not housed else OperationKind.ACTION


def _reading(told: Described, surface: Surface, *, housed: bool, own: bool) -> OperationKind:
    if housed:
        return OperationKind.VIEW
    if surface.mirrored(told.literals):
        return OperationKind.INFO
    if own:
        return _reading_own(told)
    if told.answer == "@SuccessResponse":
        return OperationKind.ACTION
    return OperationKind.SINGLE if (told.answer or "").startswith("@") else OperationKind.VIEW


def _reading_own(told: Described) -> OperationKind:
    if told.ends_with_id and not _lists(told):
        return OperationKind.READ
    if told.answers_list:
        return OperationKind.LIST
    is_info = told.literals[-1].casefold() == "info"
    return OperationKind.INFO if is_info else OperationKind.SINGLE


def _writing(told: Described, surface: Surface) -> OperationKind:
    if told.method != "POST":
        return _BY_METHOD[told.method]
    model = surface.models[surface.place(told.literals).casefold()]
    fits = model in {model_of(told.body), model_of(told.answer)}
    return OperationKind.CREATE if fits and not told.ends_with_id else OperationKind.ACTION
