"""A client to be judged: `cwmock grade -- python -m loadtests.client "full jitter (botocore)"`.

It reads the environment that `cwmock grade` sets, works with a few threads on both APIs until its
time is over, and behaves as the named strategy does; `reference` is the reference client itself.
"""

import argparse
import os
import threading
import time
from collections.abc import Callable
from itertools import count

import requests

from loadtests.sender import Sender, dice
from loadtests.strategies import STRATEGIES
from mockserver.client import AutomateClient, ConnectWiseError, PSAClient

PSA, AUTOMATE = "/v4_6_release/apis/3.0", "/cwa/api/v1"
REFERENCE = "reference"

Work = Callable[[int], None]


def main() -> None:
    """Work until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("strategy", choices=[REFERENCE, *STRATEGIES])
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--window", type=float, default=5.0)
    asked = parser.parse_args()
    ends_s = time.monotonic() + asked.seconds
    make = _reference if asked.strategy == REFERENCE else _plain(asked.strategy, asked.window)
    works = make(lambda: time.monotonic() >= ends_s)
    numbers = count(1)
    workers = [
        threading.Thread(target=_keep_on, args=(works, numbers, ends_s), daemon=True)
        for _ in range(asked.threads)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(max(0.0, ends_s - time.monotonic()))


def _keep_on(works: Callable[[], list[Work]], numbers: "count[int]", ends_s: float) -> None:
    todo = works()
    while time.monotonic() < ends_s:
        number = next(numbers)
        todo[number % len(todo)](number)


def _reference(_over: Callable[[], bool]) -> Callable[[], list[Work]]:
    psa, automate = PSAClient(), AutomateClient()

    def read(number: int) -> None:
        _try(lambda: psa.request("GET", "/service/tickets", params=_one("conditions", number)))

    def create(number: int) -> None:
        name = f"Graded {number}"
        _try(lambda: psa.service.sources.create({"name": name}, verify=f"name = '{name}'"))

    def look(number: int) -> None:
        _try(lambda: automate.request("GET", "/Computers", params=_one("condition", number)))

    return lambda: [read, read, create, look]


def _one(parameter: str, number: int) -> dict[str, object]:
    """Return a query that no other request has, so that a repeat is seen as one."""
    return {parameter: f"id > {number}", "pageSize": 1}


def _try(call: Callable[[], object]) -> None:
    try:
        call()
    except ConnectWiseError:
        time.sleep(0.01)


def _plain(name: str, window_s: float) -> Callable[[Callable[[], bool]], Callable[[], list[Work]]]:
    def make(over: Callable[[], bool]) -> Callable[[], list[Work]]:
        url, lock, seeds = os.environ["CWMOCK_URL"], threading.Lock(), count(1)
        shared = STRATEGIES[name](dice(0), window_s)

        def works() -> list[Work]:
            strategy = shared if shared.shared else STRATEGIES[name](dice(next(seeds)), window_s)
            session = requests.Session()
            session.trust_env = False
            own = lock if shared.shared else threading.Lock()
            return _works(Sender(strategy, session.request, own, over), url)

        return works

    return make


def _works(sender: Sender, url: str) -> list[Work]:
    keys = {"auth": ("company+publickey", "privatekey"), "headers": {"clientId": "loadtests"}}

    def read(number: int) -> None:
        query = _one("conditions", number)
        sender.request("GET", f"{url}{PSA}/service/tickets", params=query, **keys)

    def create(number: int) -> None:
        body = {"name": f"Graded {number}"}
        sender.request("POST", f"{url}{PSA}/service/sources", json=body, **keys)

    return [read, read, create]


if __name__ == "__main__":
    main()
