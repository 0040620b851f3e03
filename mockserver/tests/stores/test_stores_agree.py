"""The same requests have the same answers, wherever the world is kept and however it is served."""

import random

import pytest
from stores_support import Opened, kept_in

STEPS = 50
SEEDS = pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.deep)])
TICKETS, SOURCES, COMPANIES = "/service/tickets", "/service/sources", "/company/companies"
TEXTS = ("Müller", "straße", "it", "x" * 90, 'O\'Brien "quoted"', "ÉCOLE")


class Memory:
    """One world in memory."""

    def __init__(self):
        self.world = Opened(kept_in("memory", frozen=True))

    def next(self, _number):
        return self.world

    def close(self):
        self.world.close()


class Reopened:
    """A world in a file that ends and begins again and again."""

    def __init__(self, file):
        self.place, self.world = f"sqlite:///{file}", None

    def next(self, number):
        if self.world is not None and number % 7 == 0:
            self.close()
        self.world = self.world or Opened(kept_in(self.place, frozen=True))
        return self.world

    def close(self):
        if self.world is not None:
            self.world.close()
        self.world = None


class Shared:
    """Several worlds with one database, each asked in its turn, some of them anew."""

    def __init__(self, url):
        self.url = url
        self.worlds = [Opened(kept_in(url, frozen=True)) for _ in range(2)]

    def next(self, number):
        if number % 11 == 0:
            self.worlds.pop(0).close()
            self.worlds.append(Opened(kept_in(self.url, frozen=True)))
        return self.worlds[number % 2]

    def close(self):
        for each in self.worlds:
            each.close()


def steps(dice):
    """Yield what to ask, as a function of the world to ask."""
    ids = list(range(5_000, 5_030))
    for _ in range(STEPS):
        record, text = dice.choice(ids), dice.choice(TEXTS)
        change = [{"op": "replace", "path": "summary", "value": text}]
        asked = {
            "conditions": f"summary contains '{text[:3]}'",
            "pageSize": 40,
        }
        ticket = {"summary": text, "company": {"id": 3}}
        yield dice.choice(
            [
                ("psa", "POST", TICKETS, {"json": ticket}),
                ("psa", "POST", SOURCES, {"json": {"name": f"{text[:20]} {record}"}}),
                ("psa", "PATCH", f"{TICKETS}/{record}", {"json": change}),
                ("psa", "DELETE", f"{TICKETS}/{record}", {}),
                ("psa", "GET", f"{TICKETS}/{record}/notes", {}),
                ("psa", "POST", f"{TICKETS}/{record}/notes", {"json": {"text": text}}),
                ("psa", "GET", TICKETS, {"query_string": asked}),
                ("psa", "PATCH", f"{COMPANIES}/3", {"json": [{**change[0], "path": "name"}]}),
                ("psa", "GET", SOURCES, {"query_string": {"orderBy": "name"}}),
                ("automate", "GET", "/Computers", {"query_string": {"pageSize": 5}}),
                ("automate", "GET", "/Alerts", {"query_string": {"pageSize": 5}}),
                ("admin", "POST", "/clock", {"json": {"advance": 977.0}}),
                ("admin", "POST", "/snapshots", {}),
                ("admin", "POST", "/snapshots/1/restore", {}),
                (
                    "admin",
                    "POST",
                    "/faults",
                    {"json": {"times": 1, "effect": {"kind": "html", "status": 502}}},
                ),
                ("admin", "GET", "/faults", {}),
                ("admin", "GET", "/clock", {}),
            ]
        )
    yield ("admin", "POST", "/reset", {})
    yield ("psa", "GET", TICKETS, {"query_string": {"pageSize": 40}})


def answers(place, seed):
    """Return the answers of all steps, in order."""
    found, token = [], None
    for number, (who, method, path, sent) in enumerate(steps(random.Random(seed)), 1):
        world = place.next(number)
        if who == "automate":
            token = token or world.login()["AccessToken"]
            answer = world.automate(token, method, path, **sent)
        else:
            answer = getattr(world, who)(method, path, **sent)
        left = answer.headers.get("X-RateLimit-Remaining")
        found.append((number, method, path, answer.status_code, left, answer.text))
    place.close()
    return found


@pytest.mark.slow
@SEEDS
def test_a_file_that_is_reopened_answers_as_memory_does(seed, tmp_path):
    assert answers(Reopened(tmp_path / "kept.db"), seed) == answers(Memory(), seed)


@pytest.mark.slow
@SEEDS
def test_processes_that_share_answer_as_one_does(seed, database):
    assert answers(Shared(database), seed) == answers(Memory(), seed)
