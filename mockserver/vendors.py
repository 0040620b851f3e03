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


@cache
def vendors() -> tuple[PsaApi, AutomateApi, Registry]:
    """Return the declared APIs: nothing in them changes, so worlds share them."""
    psa = psa_surface.Surface.shipped()
    automate = automate_surface.Surface(Catalogue.load("mockserver.automate"))

    def resource(path: str) -> Resource:
        return (automate if path.startswith(automate_surface.SPACE) else psa).resource(path)

    def referrers(path: str) -> Iterator[tuple[str, str]]:
        yield from psa.referrers(path)
        yield from automate.referrers(path)

    served = (*psa.paths(), *automate.paths())
    return PsaApi(psa), AutomateApi(automate), Registry(resource, referrers, served)


def registry_and_shapes() -> tuple[Registry, dict[str, Shape]]:
    """Return every declared resource and how each vendor's records look."""
    psa, automate, registry = vendors()
    return registry, {psa.name: psa.shape, automate.name: automate.shape}
