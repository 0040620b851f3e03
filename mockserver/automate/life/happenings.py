"""What comes due in Automate, by the kind of the event."""

from collections.abc import Mapping

from mockserver.automate.life import commands
from mockserver.core.agenda import BEGIN, Happening, Moment


def _begin(moment: Moment) -> None:
    """Set going what never stops."""


HAPPENINGS: Mapping[str, Happening] = {
    BEGIN: _begin,
    commands.KIND: commands.step,
}
