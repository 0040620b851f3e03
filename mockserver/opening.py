"""Opens the world that settings describe, and says in one line why it cannot be opened."""

import contextlib
import os
from pathlib import Path
from wsgiref.types import WSGIApplication

from mockserver.settings import BadSetting, Settings
from mockserver.web.log import ExchangeLog


def check_file(settings: Settings) -> None:
    """Refuse a file for the store that cannot be written, before anything is built.

    Raises:
        BadSetting: It cannot be.
    """
    if settings.store_file is None:
        return
    file = Path(settings.store_file)
    folder = file.absolute().parent
    if not folder.is_dir():
        raise BadSetting("store", f"there is no folder {folder}")
    if file.is_dir():
        raise BadSetting("store", f"{file} is a folder")
    # Its folder, too: what was written last lies in a second file beside it.
    if not all(os.access(each, os.W_OK) for each in (file, folder) if each.exists()):
        raise BadSetting("store", f"{file} cannot be written")


def application(
    settings: Settings, stack: contextlib.ExitStack, log: ExchangeLog | None = None
) -> WSGIApplication:
    """Return the application; *stack* closes its world, so that a kept file is one file.

    Raises:
        BadSetting: The world cannot be made of them, or not be kept where they say.
    """
    from sqlite3 import Error  # noqa: PLC0415 - a port in use is known before all this is read

    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    from mockserver.app import build, create_app  # noqa: PLC0415
    from mockserver.core.bundle import BadFolder  # noqa: PLC0415
    from mockserver.core.compiling.reading import BadDescription  # noqa: PLC0415
    from mockserver.core.ledger import LedgerLost, UnusableLedger  # noqa: PLC0415

    try:
        world = build(settings)
        stack.callback(world.close)
        return create_app(world, log)
    except BadDescription as error:
        raise BadSetting("spec", str(error)) from error
    except BadFolder as error:
        raise BadSetting("world", str(error)) from error
    except (DBAPIError, Error, LedgerLost, UnusableLedger) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        if settings.store == "memory" and not _lacks_disk(reason):
            raise
        raise _unusable(settings, reason) from error


def _lacks_disk(reason: object) -> bool:
    """Tell whether SQLite could not make, or not fill, the file that a large world lies in."""
    name = str(getattr(reason, "sqlite_errorname", ""))
    return name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_FULL"))


def _unusable(settings: Settings, reason: object) -> BadSetting:
    from mockserver.core.ledgers import without_password  # noqa: PLC0415

    if settings.store == "memory":
        return BadSetting("size", f"a world so large needs a temporary file: {reason}")
    store = settings.store_file or without_password(settings.store)
    return BadSetting("store", f"{store} cannot be used: {reason}")
