"""Every vendor's API and declared resources, put together once: nothing in them changes."""

from collections.abc import Iterator
from functools import cache

from mockserver.automate import surface as automate_surface
from mockserver.automate.api import AutomateApi
from mockserver.core.catalogue import Catalogue
from mockserver.core.registry import Registry
from mockserver.core.rules import Shape
from mockserver.core.schema import Resource
from mockserver.psa import surface as psa_surface
from mockserver.psa.api import PsaApi
from mockserver.psa.resources import REFINEMENTS


@cache
def vendors(specs: tuple[str, ...] = ()) -> tuple[PsaApi, AutomateApi, Registry]:
    """Return the declared APIs: nothing in them changes, so worlds share them.

    Args:
        specs: Files that describe further operations (see ``described``).

    Raises:
        BadDescription: A file cannot be used.
    """
    catalogues = {
        "psa": Catalogue.load("mockserver.psa", REFINEMENTS),
        "automate": Catalogue.load("mockserver.automate"),
    }
    if specs:
        from mockserver.described import described  # noqa: PLC0415 - seldom wanted

        catalogues = described(catalogues, specs)
    psa = psa_surface.Surface(catalogues["psa"])
    automate = automate_surface.Surface(catalogues["automate"])

    def resource(path: str) -> Resource:
        return (automate if path.startswith(automate_surface.SPACE) else psa).resource(path)

    def referrers(path: str) -> Iterator[tuple[str, str]]:
        yield from psa.referrers(path)
        yield from automate.referrers(path)

    served = (*psa.paths(), *automate.paths())
    return PsaApi(psa), AutomateApi(automate), Registry(resource, referrers, served)


def registry_and_shapes() -> tuple[Registry, dict[str, Shape]]:
    """Return every resource that the vendors declare and how each vendor's records look."""
    psa, automate, registry = vendors()
    return registry, {psa.name: psa.shape, automate.name: automate.shape}
