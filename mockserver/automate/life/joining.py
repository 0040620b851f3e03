"""Groups that look for new members every so often, where the profile has it so."""

from mockserver.automate.profile import AutomateProfile
from mockserver.automate.resources.membership import join_all
from mockserver.core.agenda import Moment

KIND = "groups join"


def begin(moment: Moment) -> None:
    """Plan the first time, if groups do not join at once."""
    profile = moment.agenda.profile
    assert isinstance(profile, AutomateProfile)
    if profile.auto_join_s:
        moment.agenda.add(moment.now_s + profile.auto_join_s, KIND)


def step(moment: Moment) -> None:
    """Let all groups take in what their searches find, and plan the next time."""
    profile = moment.agenda.profile
    assert isinstance(profile, AutomateProfile)
    join_all(moment.records)
    if profile.auto_join_s:
        moment.again(profile.auto_join_s, most=1)
