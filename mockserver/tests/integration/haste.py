"""A plugin for runs of contract tests on a stand-in, which has no limit to be kept."""

import asking

from mockserver.client import Pace

asking.LIVE_PACE = Pace(burst=1_000_000)
