"""The composition root: the only module that knows every vendor."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from flask import Flask

from mockserver.admin.blueprint import control_plane
from mockserver.automate import surface as automate_surface
from mockserver.automate.api import AutomateApi
from mockserver.core.catalogue import Catalogue
from mockserver.core.registry import Registry
from mockserver.core.rules import Shape
from mockserver.core.schema import Resource
from mockserver.core.tokens import SigningKey
from mockserver.core.world import Ground, Plan, World
from mockserver.psa import surface as psa_surface
from mockserver.psa.api import PsaApi
from mockserver.settings import BY_PROFILE, Settings
from mockserver.web.api import Api
from mockserver.web.blueprint import mount
from mockserver.worlds import Worlds


@cache
def _vendors() -> tuple[PsaApi, AutomateApi, Registry]:
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
    psa, automate, registry = _vendors()
    return registry, {psa.name: psa.shape, automate.name: automate.shape}


def create_app(world: World) -> Flask:
    """Return a WSGI application that serves *world*."""
    psa, automate, registry = _vendors()
    apis: tuple[Api, ...] = (psa, automate)
    if not world.is_open:
        key = SigningKey(files("mockserver.automate").joinpath("signing_key.json").read_bytes)
        world.open(Ground({api.name: api for api in (psa, automate)}, registry, Worlds(), key))
    app = Flask("mockserver", static_folder=None)
    app.register_blueprint(control_plane(world, apis))
    mount(app, world, apis)
    return app


def build(settings: Settings) -> World:
    """Return the world that the settings describe, not opened yet."""
    limit, quota = settings.rate_limit, None
    if limit is not BY_PROFILE:
        quota = (limit.requests, float(limit.window_s)) if limit else (None, 60.0)
    file = settings.store_file
    return World(
        Plan(
            seed=settings.seed,
            size=str(settings.size),
            profile=settings.profile,
            quota=quota,
            token_ttl_s=settings.token_ttl_s,
            frozen=settings.clock.frozen,
            scale=settings.clock.scale,
            file=str(file) if file else None,
            require_ssl=settings.require_ssl,
            fault_header=settings.allow_fault_header,
        )
    )
