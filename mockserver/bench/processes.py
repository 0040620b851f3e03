"""The processes of the benchmark; each ends with the block that it was started for."""

import json
import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import click

from mockserver.bench.figures import median, percentile

# Counted as any other limit is, and never reached.
UNREACHED = "999999999/minute"
LIFE_S = 900.0


class BenchError(click.ClickException):
    """A process did not do what it was started for; there is nothing to measure."""


@contextmanager
def running(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Run Python with *arguments*; kill it at the end of the block, or when it has run too long."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("CWMOCK_")},
    )
    watch = threading.Timer(LIFE_S, process.kill)
    watch.daemon = True
    watch.start()
    try:
        yield process
    finally:
        watch.cancel()
        process.kill()
        process.communicate()


def line_of(process: "subprocess.Popen[str]") -> str:
    """Return the next line that *process* prints."""
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise BenchError(f"{process.args!r} ended with {process.wait()}")
    return line


@dataclass(frozen=True)
class Served:
    """A server to measure."""

    pid: int
    port: int

    def fetch(self, request: str) -> bytes:
        """Send a request of ``asks.ask`` and return the answer's body; raise unless it is 2xx."""
        head, _, body = request.partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        method, path, _ = first.split()
        headers = dict(line.split(": ", 1) for line in lines)
        return self.send(method, path, body.encode() or None, headers)

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
        """Send a request and return the answer's body; raise unless it is 2xx."""
        url = f"http://127.0.0.1:{self.port}{path}"
        asked = urllib.request.Request(url, body, dict(headers), method=method)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(asked, timeout=60) as answer:
            content: bytes = answer.read()
            return content

    def memory_mb(self) -> float | None:
        """Return the memory that the process holds (VmRSS); None where nobody tells."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        except OSError:
            return None
        lines = dict(line.split(":", 1) for line in status.splitlines())
        return int(lines["VmRSS"].split()[0]) / 1024

    def cpu_s(self) -> float | None:
        """Return the processor time that the process took so far; None where nobody tells."""
        try:
            status = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii")
        except OSError:
            return None
        in_program, in_kernel = status.rpartition(")")[2].split()[11:13]
        return (int(in_program) + int(in_kernel)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def emulator(size: str = "default", store: str = "memory") -> Iterator[Served]:
    """Serve a world with everything on: authentication, limits, journal, state."""
    flags = ("--port", "0", "--quiet", "--log-format", "json", "--rate-limit", UNREACHED)
    with running("-m", "mockserver", "serve", *flags, "--size", size, "--store", store) as process:
        ready = json.loads(line_of(process))
        yield Served(process.pid, int(ready["url"].rpartition(":")[2]))


@contextmanager
def bare() -> Iterator[Served]:
    """Serve the bare Flask app."""
    with running("-m", "mockserver.bench.bare") as process:
        yield Served(process.pid, int(line_of(process)))


@dataclass(frozen=True)
class Sample:
    """What came of one job of the process that asks.

    Attributes:
        took_ms: How long each request took, in the order of the answers.
        elapsed_s: How long the job took.
        asking_s: How much processor time the asking itself took.
        serving_s: How much processor time the server took; None where nobody tells.
    """

    took_ms: Sequence[float]
    elapsed_s: float
    asking_s: float
    serving_s: float | None = 0.0

    @property
    def per_s(self) -> float:
        """Return requests a second."""
        return len(self.took_ms) / self.elapsed_s

    @property
    def p50_ms(self) -> float:
        """Return what half of the requests took at most."""
        return median(self.took_ms)

    @property
    def p99_ms(self) -> float:
        """Return what 99 of 100 requests took at most."""
        return percentile(self.took_ms, 0.99)

    @property
    def cpu_us(self) -> float | None:
        """Return how much processor time the server took for a request."""
        return None if self.serving_s is None else 1e6 * self.serving_s / len(self.took_ms)

    def __add__(self, other: Self) -> "Sample":
        """Return both samples as one."""
        return Sample(
            [*self.took_ms, *other.took_ms],
            self.elapsed_s + other.elapsed_s,
            self.asking_s + other.asking_s,
            _sum(self.serving_s, other.serving_s),
        )


def _sum(one: float | None, other: float | None, sign: int = 1) -> float | None:
    return None if one is None or other is None else one + sign * other


class Load:
    """The process that asks; see ``bench/load.py``."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, served: Served, requests: Sequence[str], **bounds: Any) -> Sample:
        """Let it ask; *bounds* are ``connections``, ``seconds`` and ``count``.

        Raises:
            BenchError: An answer was not 2xx.
        """
        job = {"port": served.port, "requests": list(requests), **bounds}
        assert self._process.stdin is not None
        served_s = served.cpu_s()
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        outcome = json.loads(line_of(self._process))
        if any(not status.startswith("2") for status in outcome["statuses"]):
            raise BenchError(f"{requests[0]!r} was answered with {outcome['statuses']}")
        took_ms = [took_us / 1000 for took_us in outcome["took_us"]]
        serving_s = _sum(served.cpu_s(), served_s, -1)
        return Sample(took_ms, outcome["elapsed_s"], outcome["cpu_s"], serving_s)


@contextmanager
def loading() -> Iterator[Load]:
    """Run the process that asks."""
    with running("-m", "mockserver.bench.load") as process:
        yield Load(process)
