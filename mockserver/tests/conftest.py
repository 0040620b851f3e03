"""What every test gains from: garbage is looked for only among what tests make."""

import gc


def pytest_collection_finish() -> None:
    """Leave modules and tests out of every later search: they stay to the end anyway."""
    gc.collect()
    gc.freeze()
