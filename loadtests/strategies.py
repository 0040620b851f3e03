"""Ways to come back after a failure: decisions without I/O, for the simulation and for Locust.

Those of retry facts 5 and 2.2, written anew: the naive loop, the seeds' retry code, the vendor's
pseudo-code, the usual libraries, and gates that all threads of a key share.
"""

import random
from collections.abc import Callable, Mapping

from loadtests.gates import GreedyGate, LeakyBucket, Reference
from loadtests.loners import (
    AutomateSeed,
    Botocore,
    EqualJitter,
    Exponential,
    FullJitter,
    HeaderPacing,
    Naive,
    PsaSeed,
    ScaledJitter,
    Urllib3,
    VendorDoc,
)
from loadtests.strategy import Strategy

Maker = Callable[[random.Random, float], Strategy]
STRATEGIES: Mapping[str, Maker] = {
    "naive 1 s": Naive,
    "vendor doc 0.1*2^k": VendorDoc,
    "exp, no jitter": Exponential,
    "full jitter": FullJitter,
    "full jitter (botocore)": Botocore,
    "equal jitter": EqualJitter,
    "RA exact (Automate seed)": AutomateSeed,
    "RA + U(0,1 s) (PSA seed)": PsaSeed,
    "urllib3 defaults": Urllib3,
    "RA + U(0,W(2^k-1))": ScaledJitter,
    "header pacing, independent": HeaderPacing,
    "shared leaky bucket 98 %": LeakyBucket,
    "shared gate, greedy": GreedyGate,
    "reference client": Reference,
}
