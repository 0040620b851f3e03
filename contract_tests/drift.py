"""The drift report of contract tests on a live system, each beside the emulator."""

from collections.abc import Generator
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from live import Live

from mockserver.checks.fact import Fact
from mockserver.checks.report import as_json, as_junit, as_page, counts
from mockserver.checks.run import Finding, Trial, Verdict

VERDICTS: dict[str, Verdict] = {"passed": "agree", "failed": "differ", "skipped": "not tried"}
PROVENANCE = ("observed", "documented", "assumed")
FORMS = {"drift.json": as_json, "drift.xml": as_junit, "drift.html": as_page}
WHY_CHARS = 300


class Drift:
    """Gathers what became of each test, and writes the report.

    Args:
        live: The systems.
        folder: Where the report goes; None for nowhere.
    """

    def __init__(self, live: Live, folder: Path | None) -> None:
        self._live, self._folder = live, folder
        self._first = 0
        self.findings: list[Finding] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self._first = len(self._live.asked.exchanges)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Function, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.when == "call" or (report.when == "setup" and not report.passed):
            self.findings.append(self._finding(item, report, _why(report, call)))
        elif report.failed:
            fact, profile = self.findings[-1].fact, self.findings[-1].profile
            self.findings.append(Finding(fact, profile, Trial("differ", _why(report, call))))
        return report

    def _finding(self, item: pytest.Function, report: pytest.TestReport, why: str) -> Finding:
        exchanges = tuple(self._live.asked.exchanges[self._first :])
        found = Trial(VERDICTS[report.outcome], why, exchanges)
        expected = self._beside(item) if report.when == "call" else None
        return Finding(_fact(item), self._live.profile, found, expected)

    def _beside(self, item: pytest.Function) -> Trial:
        """Return what becomes of the same test on the emulator."""
        args = {name: item.funcargs[name] for name in signature(item.obj).parameters}
        with self._live.beside_it() as exchanges:
            try:
                item.obj(**args)
            except (Exception, pytest.skip.Exception) as error:  # noqa: BLE001 - told as it is
                return Trial("differ", str(error)[:WHY_CHARS], tuple(exchanges))
            return Trial("agree", "", tuple(exchanges))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        told = ", ".join(f"{number} {verdict}" for verdict, number in counts(self.findings).items())
        terminalreporter.write_line(f"live: {told}")
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        for name, form in FORMS.items():
            (self._folder / name).write_text(form(self.findings, "live"), encoding="utf-8")
        terminalreporter.write_line(f"drift report in {self._folder}")


def _fact(item: pytest.Function) -> Fact:
    mark = next(mark for mark in item.iter_markers() if mark.name in PROVENANCE)
    name = item.name.removeprefix("test_")
    api = "automate" if "automate" in item.nodeid else "psa"
    source = f"{mark.args[0]} ({item.nodeid.partition('::')[0]})"
    return Fact(name, api, "both", mark.name, source, writes=False, attempt=item.obj)


def _why(report: pytest.TestReport, call: pytest.CallInfo[None]) -> str:
    if report.passed:
        return ""
    if call.excinfo is not None and isinstance(call.excinfo.value, KeyError):
        return f"there is no {call.excinfo.value.args[0]}"
    if report.skipped and isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    crash = getattr(report.longrepr, "reprcrash", None)
    return (crash.message if crash else report.longreprtext)[:WHY_CHARS]
