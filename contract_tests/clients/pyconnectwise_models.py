"""pyconnectwise, imported when a test first asks for it: its models take seconds."""

import importlib
import warnings
from functools import cache
from typing import Any


def their(name: str) -> Any:
    """Return what a dotted path below pyconnectwise names."""
    _import_models()
    module, _, member = f"pyconnectwise.{name}".rpartition(".")
    return getattr(importlib.import_module(module), member)


@cache
def _import_models() -> None:
    """Import all that warns of pydantic's future, before the package itself comes to do it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for vendor in ("automate", "manage"):
            importlib.import_module(f"pyconnectwise.models.{vendor}")
