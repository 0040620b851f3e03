"""Which PSA operations are served, declared from the catalogue and the refinements."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from mockserver.core.catalogue import Catalogue, Operation, OperationKind
from mockserver.core.schema import Field, Resource
from mockserver.psa import behaviours, own, singles
from mockserver.psa.kept import KEPT
from mockserver.psa.resources import LINKS, OBSERVED, REFINEMENTS, RULES
from mockserver.psa.resources.associations import TWINS
from mockserver.psa.shape import PsaShape
from mockserver.web.exchange import Answer, Exchange

#: What these do is said by their names alone: they validate and answer their declared form.
ASSUMED = frozenset(
    {
        OperationKind.ACTION,
        OperationKind.COPY,
        OperationKind.DEFAULT,
        OperationKind.DOWNLOAD,
        OperationKind.SINGLE,
        OperationKind.VIEW,
    }
)
#: Operations that no description has, by section: the settings of a project's roles can be changed,
#: those of the system's roles only in the vendor's own screens.
ADDED: Mapping[str, tuple[Operation, ...]] = {
    "system": tuple(
        Operation(
            method,
            "/system/securityRoles/{parentId}/settings/{id}",
            kind,
            "system/securityroles/settings",
            model_in="SecurityRoleSetting" if kind is OperationKind.REPLACE else None,
            model_out="SecurityRoleSetting",
            out_is_list=False,
            parameters=(),
            parents=1,
        )
        for method, kind in (("PUT", OperationKind.REPLACE), ("PATCH", OperationKind.PATCH))
    )
}


class Surface:
    """The served PSA resources.

    Args:
        catalogue: The vendor's operations and models.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.resource = cache(self._declared)
        self.shape = PsaShape(RULES, LINKS, self._children())

    def _declared(self, path: str) -> Resource:
        return KEPT.get(path) or self.catalogue.resource(path)

    @classmethod
    def shipped(cls) -> "Surface":
        """Return the surface of the catalogue that ships with the package."""
        return cls(Catalogue.load("mockserver.psa", REFINEMENTS))

    def paths(self) -> tuple[str, ...]:
        """Return the paths of the served collections."""
        return self.catalogue.resources()

    def _children(self) -> Mapping[str, tuple[Resource, ...]]:
        found: dict[str, list[Resource]] = {}
        for path in self.paths():
            above = self.catalogue.collection(path).parent_path
            if above is not None:
                found.setdefault(above, []).append(self.resource(path))
        return {path: tuple(children) for path, children in found.items()}

    def referrers(self, path: str) -> Iterator[tuple[str, str]]:
        """Yield the fields of served resources that refer to *path*."""
        yield from self.catalogue.referrers(path)

    def model(self, name: str) -> tuple[Field, ...]:
        """Return the fields of one of the vendor's models."""
        return self.catalogue.model(name)

    def sections(self) -> tuple[str, ...]:
        """Return the first words of the paths of all operations."""
        return self.catalogue.modules()

    def operations(self, section: str) -> Iterator[tuple[Operation, Resource | None]]:
        """Yield the operations of one section, each with the collection that it works on."""
        for operation in (*self.catalogue.operations(section), *ADDED.get(section, ())):
            path = TWINS.get(operation.resource or "", operation.resource)
            yield operation, self.resource(path) if path else None

    def evidence(self, operation: Operation) -> str:
        """Return how it is known that the operation behaves as it does here."""
        if operation in ADDED.get(operation.template.split("/")[1], ()):
            return "assumed"
        if operation.template in OBSERVED:
            return "observed"
        key = (operation.method, operation.template)
        described = key in behaviours.DESCRIBED or key in own.DESCRIBED
        return "assumed" if operation.kind in ASSUMED and not described else "documented"

    @property
    def special(self) -> tuple[tuple[str, str, Callable[[Exchange], Answer]], ...]:
        """Return the operations that work on no collection."""
        return singles.OPERATIONS
