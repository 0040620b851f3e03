"""What comes due in Automate, by the kind of the event."""

from collections.abc import Mapping

from mockserver.automate.life import (
    alerting,
    commands,
    fleet,
    inventory,
    joining,
    maintenance,
    patching,
    runs,
    schedules,
)
from mockserver.automate.profile import profile_in
from mockserver.core.agenda import BEGIN, Happening, Moment


def _begin(moment: Moment) -> None:
    """Set going what never stops."""
    commands.begin(moment)
    maintenance.begin(moment)
    fleet.begin(moment)
    joining.begin(moment)
    moment.agenda.add(moment.now_s + profile_in(moment.records).leftovers_s, runs.LEFTOVERS)


HAPPENINGS: Mapping[str, Happening] = {
    BEGIN: _begin,
    commands.KIND: commands.step,
    runs.KIND: runs.step,
    schedules.KIND: schedules.step,
    alerting.UNSUPPRESS: alerting.unsuppress,
    fleet.DAY: fleet.day,
    fleet.GONE: fleet.goes,
    fleet.BACK: fleet.comes,
    fleet.FAILS: fleet.fails,
    fleet.RECOVERS: fleet.recovers,
    maintenance.ENDS: maintenance.ends,
    maintenance.RESUMES: maintenance.resumes,
    patching.KIND: patching.step,
    inventory.KIND: inventory.step,
    joining.KIND: joining.step,
    runs.LEFTOVERS: runs.finish_leftovers,
}
#: What an event must tell that is read when it comes due; whatever else it tells may be missing.
FACTS: Mapping[str, frozenset[str]] = {
    fleet.DAY: frozenset({"since_s"}),
    fleet.GONE: frozenset({"away_s"}),
    fleet.FAILS: frozenset({"lasts_s"}),
    patching.KIND: frozenset({"Action"}),
}
