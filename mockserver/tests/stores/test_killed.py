"""A server that is killed in the middle of its work has lost nothing that it answered."""

import subprocess
import sys
import threading

import pytest
import requests
from stores_support import Opened, kept_in

SOURCES = "/v4_6_release/apis/3.0/service/sources"
LOGIN = ("company+publickey", "privatekey")
ENOUGH = 60


class Writer(threading.Thread):
    """Creates records until the server is gone, and remembers what was answered."""

    def __init__(self, url, number, enough):
        super().__init__(daemon=True)
        self.url, self.number, self.enough = url, number, enough
        self.made, self.remaining = {}, []

    def run(self):
        session = requests.Session()
        session.auth, session.headers["clientId"] = LOGIN, "x"
        for each in range(100_000):
            name = f"writer {self.number}, record {each}"
            try:
                answer = session.post(self.url + SOURCES, json={"name": name}, timeout=10)
            except requests.RequestException:
                return
            assert answer.status_code == 201, answer.text
            self.made[answer.json()["id"]] = name
            if len(self.made) >= ENOUGH:
                self.enough.set()


def started(file):
    command = (sys.executable, "-m", "mockserver", "serve", "--port", "0", "--quiet")
    flags = ("--rate-limit", "100000/day", "--store", f"sqlite:///{file}")
    process = subprocess.Popen([*command, *flags], stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().split("PSA ")[1].split("/v4")[0]


@pytest.mark.slow
def test_nothing_that_was_answered_is_lost(tmp_path):
    file, enough = tmp_path / "kept.db", threading.Event()
    process, url = started(file)
    with process:
        writers = [Writer(url, number, enough) for number in range(4)]
        for writer in writers:
            writer.start()
        assert enough.wait(60)
        process.kill()
        for writer in writers:
            writer.join(20)
    made = {key: name for writer in writers for key, name in writer.made.items()}

    again = Opened(kept_in(f"sqlite:///{file}", quota=(100_000, 86_400.0)))

    found = again.psa("GET", "/service/sources", query_string={"pageSize": 1000})
    kept = {each["id"]: each["name"] for each in found.json}
    assert made.items() <= kept.items()
    left = int(found.headers["X-RateLimit-Remaining"])
    assert 100_000 - left > len(made)
    rows = again.admin("GET", "/requests", query_string={"limit": 1000}).json["requests"]
    assert rows[0]["id"] > len(made)
    effects = {effect for row in rows for effect in row["effects"]}
    assert {f"service/sources/{key}" for key in sorted(made)[-100:]} <= effects
    again.close()
