"""The composition root: a world, its vendors and the control plane in one Flask application."""

from importlib.resources import files

from flask import Flask

from mockserver.admin.blueprint import control_plane
from mockserver.core.plan import Ground, Plan, Vendor
from mockserver.core.tokens import SigningKey
from mockserver.core.world import World
from mockserver.grading.desk import Desk
from mockserver.inspector.desk import Inspector
from mockserver.psa.webhooks import PsaNotifier
from mockserver.settings import BY_PROFILE, BadSetting, Settings
from mockserver.vendors import vendors
from mockserver.web.blueprint import mount
from mockserver.web.log import ExchangeLog
from mockserver.web.metrics import Metrics
from mockserver.web.refreshing import Refresher
from mockserver.web.sending import HttpSender
from mockserver.web.serving import BACKGROUND
from mockserver.worlds import Worlds


def create_app(world: World, log: ExchangeLog | None = None) -> Flask:
    """Return a WSGI application that serves *world* and tells *log* of every exchange."""
    psa, automate, registry = vendors(tuple(world.plan.specs))
    if not world.is_open:
        key = SigningKey(files("mockserver.automate").joinpath("signing_key.json").read_bytes)
        sender = HttpSender(world.plan.callback_hosts, world.plan.callback_ca)
        apis: dict[str, Vendor] = {psa.name: psa, automate.name: automate}
        world.open(Ground(apis, registry, Worlds(), key, {psa.name: PsaNotifier}, sender))
    app = Flask("mockserver", static_folder=None)
    if world.is_shared:
        app.before_request(Refresher(world).refresh)
    served = (psa, automate)
    metrics = Metrics(world)
    world.listeners.append(metrics.hear)
    pages = Inspector(world, served)
    app.register_blueprint(control_plane(world, served, Desk(), pages, metrics))
    mount(app, world, served)
    app.extensions[BACKGROUND] = (world.courier,)
    if log is not None:
        world.listeners.append(log.hear)
        app.extensions[BACKGROUND] += (log,)
    return app


def build(settings: Settings) -> World:
    """Return the world that the settings describe, not opened yet.

    Raises:
        BadSetting: A quirk does not exist or cannot have its value.
    """
    _check_quirks(settings)
    limit, quota = settings.rate_limit, None
    if limit is not BY_PROFILE:
        quota = (limit.requests, float(limit.window_s)) if limit else (None, 60.0)
    return World(
        Plan(
            seed=settings.seed,
            size=settings.size,
            world=settings.world,
            profile=settings.profile,
            quota=quota,
            token_ttl_s=settings.token_ttl_s,
            frozen=settings.clock.frozen,
            scale=settings.clock.scale,
            file=settings.store_file,
            database=settings.store_database,
            require_ssl=settings.require_ssl,
            fault_header=settings.allow_fault_header,
            hints=settings.hints,
            host=settings.host,
            hosts=settings.allow_host,
            admin_token=settings.admin_token,
            callback_hosts=settings.allow_callback_host,
            clients=settings.client_id,
            callback_ca=str(settings.callback_ca) if settings.callback_ca else None,
            quirks=settings.quirks,
            specs=settings.specs,
            volatile=settings.volatile,
        )
    )


def _check_quirks(settings: Settings) -> None:
    known = {vendor.name: vendor for vendor in vendors()[:2]}
    for name, chosen in settings.quirks.items():
        if name not in known:
            raise BadSetting("quirks", f"there is no [quirks.{name}], only {', '.join(known)}")
        for profile in known[name].profiles.values():
            try:
                profile.changed(**chosen)
            except ValueError as error:
                raise BadSetting(f"quirks.{name}", str(error)) from error
