"""The request loops that the guides print, told again in Python.

Every loop sleeps through ``customer.sleep``: the tenant's time passes, the test's does not.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import requests
from customer import Customer

Ask = Callable[[], requests.Response]
Rows = list[dict[str, Any]]


class GaveUp(Exception):
    """A loop used up its attempts."""


def patient(customer: Customer, ask: Ask, attempts: int = 5) -> requests.Response:
    """Ask again after Retry-After on 429, after 1, 2, 4, ... seconds on 5xx (seed 000)."""
    for attempt in range(attempts):
        answer = ask()
        if answer.status_code == 429:
            customer.sleep(int(answer.headers["Retry-After"]))
        elif answer.status_code >= 500:
            customer.sleep(2**attempt)
        else:
            return answer
    raise GaveUp


def patient_with_429(
    customer: Customer, ask: Ask, jitter_s: float, attempts: int = 5
) -> requests.Response:
    """Ask again after Retry-After and some jitter on 429, on nothing else (seed 002)."""
    for _ in range(attempts):
        answer = ask()
        if answer.status_code != 429:
            return answer
        customer.sleep(int(answer.headers["Retry-After"]) + jitter_s)
    raise GaveUp


def doubling(customer: Customer, ask: Ask, attempts: int) -> tuple[requests.Response, int]:
    """Wait 100, 200, 400, ... ms before each try while throttled or unready (seed 003).

    Returns:
        The last answer, and how many tries it took.
    """
    for tries in range(1, attempts + 1):
        customer.sleep(0.1 * 2 ** (tries - 1))
        answer = ask()
        if answer.status_code not in {429, 503}:
            break
    return answer, tries


@dataclass
class AutomateLoops:
    """The client of seed 000: a token that is kept until it nears its end, pages by total."""

    customer: Customer
    token: str = ""
    ends_at_s: float = 0.0
    early_s: float = 300

    def ensure_token(self) -> str:
        now_s = self.customer.now_s()
        if not self.token or now_s > self.ends_at_s - self.early_s:
            url = f"{self.customer.automate_url}/APICredentials"
            answer = self.customer.call("POST", url, json=self.customer.login)
            assert answer.status_code == 200, answer.text
            granted = answer.json()
            self.token, self.ends_at_s = granted["AccessToken"], now_s + granted["ExpiresIn"]
        return self.token

    def request(self, path: str, **params: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.ensure_token()}"}
        url = self.customer.automate_url + path
        return patient(
            self.customer,
            lambda: requests.get(url, params=params, headers=headers, timeout=30),
        )

    def every(self, path: str, page_size: int, **params: Any) -> Rows:
        """Page while X-Total-Pages says that there is more, with 100 ms between pages."""
        rows: Rows = []
        page = pages = 1
        while page <= pages:
            answer = self.request(path, page=page, pageSize=page_size, **params)
            assert answer.status_code == 200, answer.text
            pages = int(answer.headers["X-Total-Pages"])
            rows += answer.json()
            page += 1
            if page <= pages:
                self.customer.sleep(0.1)
        return rows

    def batches(self, paths: Sequence[str], size: int, pause_s: float) -> Rows:
        """Ask for *size* paths at once, pause, ask for the next ones."""
        rows: Rows = []
        with ThreadPoolExecutor(size) as pool:
            for start in range(0, len(paths), size):
                answers = pool.map(self.request, paths[start : start + size])
                rows += [answer.json() for answer in answers if answer.status_code == 200]
                if start + size < len(paths):
                    self.customer.sleep(pause_s)
        return rows


def by_short_page(customer: Customer, path: str, page_size: int, conditions: str = "") -> Rows:
    """Page until a page is not full (seed 002)."""
    rows: Rows = []
    page, full = 1, True
    while full:
        params = {"conditions": conditions, "page": page, "pageSize": page_size}
        answer = patient_with_429(customer, partial(customer.psa, "GET", path, params=params), 0.5)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        rows += found
        full, page = len(found) == page_size, page + 1
    return rows


def by_relation(
    customer: Customer, url: str, relation: str, **headers: str
) -> Iterator[requests.Response]:
    """Yield the answer of *url* and of every next one that its Link header names (seed 003)."""
    headers = {**customer.psa_headers, **headers}
    following: str | None = url
    while following:
        answer = patient(customer, partial(customer.call, "GET", following, headers=headers))
        assert answer.status_code == 200, answer.text
        yield answer
        following = answer.links.get(relation, {}).get("url")
