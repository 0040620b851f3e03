"""A stateful emulator of the ConnectWise PSA and ConnectWise Automate REST APIs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.app import create_app
    from mockserver.core.world import World

__version__ = "0.1.0"
__all__ = ["World", "__version__", "create_app"]


def __getattr__(name: str) -> Any:
    """Import the public names on first use: `cwmock --help` needs neither Flask nor SQL."""
    if name == "create_app":
        from mockserver.app import create_app  # noqa: PLC0415

        return create_app
    if name == "World":
        from mockserver.core.world import World  # noqa: PLC0415

        return World
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
