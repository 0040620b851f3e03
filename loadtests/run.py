"""Run one scenario: an emulator, Locust (or your own client) against it, the report card.

`python -m loadtests.run S1`, `… S1 --workers 2` (a master and two workers), `… S1 -- npm test`.
Exits with 0 when the client was judged as it had to be.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import requests
from rich.console import Console
from rich.table import Table

from loadtests.scenarios import SCENARIOS, Scenario
from loadtests.strategies import STRATEGIES
from mockserver.examination import environment
from mockserver.examinee import running
from mockserver.grading.advice import COUNSEL

HERE = Path(__file__).parent
ENDING_S = 10
NEIGHBOUR = "cwmock-neighbour"


def main() -> int:
    """Run what the command line asks for; return the exit status."""
    asked = _asked(sys.argv[1:])
    names = list(SCENARIOS) if asked.scenario == "all" else [asked.scenario]
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    failed = [name for name in names if not run(SCENARIOS[name], asked, console)]
    if len(names) > 1:
        console.print(
            f"{len(names) - len(failed)} of {len(names)} as they had to be {failed or ''}"
        )
    return 1 if failed else 0


def _asked(words: Sequence[str]) -> argparse.Namespace:
    """Return the options; what comes after ``--`` is the command, wherever options stand."""
    own = words.index("--") if "--" in words else len(words)
    usage = "%(prog)s SCENARIO [options] [-- COMMAND]"
    parser = argparse.ArgumentParser(description=__doc__, usage=usage)
    parser.add_argument("scenario", choices=[*SCENARIOS, "all"])
    parser.add_argument("--strategy", choices=["reference", *STRATEGIES])
    parser.add_argument("--workers", type=int, default=0, help="Locust worker processes")
    parser.add_argument(
        "--apart", action="store_true", help="let workers know nothing of each other"
    )
    parser.add_argument("--html", type=Path, help="write the report page here")
    parser.set_defaults(command=words[own + 1 :])
    return parser.parse_args(words[:own])


def run(scenario: Scenario, asked: argparse.Namespace, console: Console) -> bool:
    """Run a scenario and return whether the client was judged as it had to be."""
    strategy = asked.strategy or scenario.strategy
    console.print(f"{scenario.name}: {scenario.title}, {strategy}, {scenario.seconds} s")
    with served(scenario) as url, _meanwhile(scenario, url):
        if asked.command:
            _run_client(asked.command, scenario, url)
        else:
            _run_locust(scenario, strategy, url, asked.workers, apart=asked.apart)
        # Users never pause, so that there always is work; where M5 is not the point, a client that
        # holds back from a failing server is right to.
        backlog = str("M5" in scenario.metrics).lower()
        query = {"backlog": backlog}
        report = requests.get(f"{url}/_mock/report", params=query, timeout=60).json()
        if asked.html:
            page = requests.get(f"{url}/_mock/report.html", timeout=60)
            asked.html.write_bytes(page.content)
    own = strategy == scenario.strategy and not asked.command
    return _told(report, scenario if own else None, console)


@contextlib.contextmanager
def served(scenario: Scenario) -> Iterator[str]:
    """Yield the URL of an emulator of its own, set up for the scenario."""
    flags = ("--port", "0", "--quiet", "--log-format", "json", *scenario.serve)
    serve = (sys.executable, "-m", "mockserver", "serve", *flags)
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = json.loads(server.stdout.readline())["url"]
            _set_limits(url, scenario.limits)
            for rule in scenario.faults:
                requests.post(f"{url}/_mock/faults", json=rule, timeout=10).raise_for_status()
            yield url
        finally:
            server.send_signal(signal.SIGTERM)


def _set_limits(url: str, limits: Any) -> None:
    both = {"psa": dict(limits), "automate": dict(limits)}
    requests.patch(f"{url}/_mock/limits", json=both, timeout=10).raise_for_status()


@contextlib.contextmanager
def _meanwhile(scenario: Scenario, url: str) -> Iterator[None]:
    """Let the neighbour come and the quota change while the block runs."""
    ended = threading.Event()
    threads = []
    if scenario.neighbour_per_min:
        threads.append(threading.Thread(target=_disturb, args=(scenario, url, ended)))
    if scenario.later:
        threads.append(threading.Thread(target=_change, args=(scenario, url, ended)))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def _disturb(scenario: Scenario, url: str, ended: threading.Event) -> None:
    with requests.Session() as session:
        session.auth, session.trust_env = ("company+publickey", "privatekey"), False
        session.headers["clientId"] = NEIGHBOUR
        while not ended.wait(60 / scenario.neighbour_per_min):
            with contextlib.suppress(requests.RequestException):
                session.get(f"{url}/v4_6_release/apis/3.0/system/info", timeout=10)


def _change(scenario: Scenario, url: str, ended: threading.Event) -> None:
    if not ended.wait(scenario.seconds / 2):
        _set_limits(url, scenario.later)


def _run_client(command: Sequence[str], scenario: Scenario, url: str) -> None:
    ends_s = time.monotonic() + scenario.seconds
    with running(command, {**os.environ, **environment(url)}) as client:
        while client() and time.monotonic() < ends_s:
            time.sleep(0.1)


def _run_locust(
    scenario: Scenario, strategy: str, url: str, workers: int, *, apart: bool = False
) -> None:
    environ = {**os.environ, "LOAD_SCENARIO": scenario.name, "LOAD_STRATEGY": strategy}
    locust = (sys.executable, "-m", "locust", "-f", str(HERE / "locustfile.py"), "--headless")
    common = ("--host", url, "--only-summary", "--exit-code-on-error", "0", "--loglevel", "WARNING")
    if not workers:
        subprocess.run((*locust, *common), env=environ, timeout=scenario.seconds + 60, check=False)
        return
    port = str(_free_port())
    master = ("--master", "--master-bind-port", port, "--expect-workers", str(workers))
    worker = ("--worker", "--master-port", port, "--loglevel", "WARNING")
    plain = tuple(word for word in locust if word != "--headless")
    gates = tempfile.TemporaryDirectory(prefix="cwmock-gates-")
    if not apart:
        environ["LOAD_GATES"] = gates.name
    started = [subprocess.Popen((*plain, *worker), env=environ) for _ in range(workers)]
    try:
        limit_s = scenario.seconds + 60
        subprocess.run((*locust, *common, *master), env=environ, timeout=limit_s, check=False)
    finally:
        for process in started:
            _end(process)
        gates.cleanup()


def _free_port() -> int:
    import socket  # noqa: PLC0415 - only for the distributed mode

    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _end(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(ENDING_S)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait()


def _told(report: Any, scenario: Scenario | None, console: Console) -> bool:
    """Print the card; return whether it is what the scenario's own strategy has to get."""
    failed: set[str] = set()
    judged: set[str] = set()
    for client in report["clients"]:
        table = Table(title=f"{client['key']} at {client['api']}, {client['requests']} requests")
        for name in ("metric", "value", "n", "verdict", "what to change"):
            table.add_column(name)
        for name, metric in client["metrics"].items():
            if metric["verdict"] == "insufficient":
                continue
            judged.add(name)
            failed |= {name} if metric["verdict"] == "fail" else set()
            say = COUNSEL[name].advice if metric["verdict"] == "fail" else ""
            value = "" if metric["value"] is None else f"{metric['value']:g}"
            row = (f"{name} {metric['name']}", value, str(metric["n"]), metric["verdict"], say)
            table.add_row(*row)
        console.print(table)
        for finding in client["findings"]:
            console.print(f"{finding['title']}: {finding['advice']}")
    must_fail = scenario.must_fail if scenario else frozenset()
    unjudged = scenario.must_judge - judged if scenario else frozenset()
    as_expected = must_fail <= failed if must_fail else not failed
    fine = bool(report["clients"]) and as_expected and not unjudged
    expected = f", had to fail {sorted(must_fail)}" if must_fail else ""
    missing = f", had to judge {sorted(unjudged)}" if unjudged else ""
    outcome = f"judged {len(judged)}, failed {sorted(failed) or 'nothing'}{expected}{missing}"
    console.print(f"{outcome}: {'ok' if fine else 'NOT OK'}\n")
    return fine


if __name__ == "__main__":
    started_s = time.monotonic()
    status = main()
    print(f"{time.monotonic() - started_s:.0f} s")
    raise SystemExit(status)
