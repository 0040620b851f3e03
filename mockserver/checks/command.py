"""What ``cwmock check`` and ``cwmock record`` do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mockserver.checks import golden
from mockserver.checks.fact import Fact, Profile
from mockserver.checks.report import as_json, as_junit, as_page, counts
from mockserver.checks.run import Finding, all_facts, findings
from mockserver.checks.run import Trial as _Trial
from mockserver.checks.schemas import descriptions
from mockserver.checks.targets import Emulated, live


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for.

    Attributes:
        target: ``mock`` or ``live``.
        allow_writes: Whether the live system may be written to.
        profile: Only facts of this profile, or None.
        api: Only facts of this vendor, or None.
        only: Only facts whose id holds one of these texts.
        json, junit, html: Where to write the reports.
        expect: A folder of recordings to hold the answers against.
    """

    target: str = "mock"
    allow_writes: bool = False
    profile: str | None = None
    api: str | None = None
    only: tuple[str, ...] = ()
    json: Path | None = None
    junit: Path | None = None
    html: Path | None = None
    expect: Path | None = None


def chosen(wanted: Wanted) -> list[tuple[Fact, Profile]]:
    """Return the facts to try, each in its profiles."""
    return [
        (fact, profile)
        for fact in all_facts()
        if wanted.api in {None, fact.api}
        and (not wanted.only or any(text in fact.id for text in wanted.only))
        for profile in fact.profiles()
        if wanted.profile in {None, profile}
    ]


def check(wanted: Wanted, environ: Mapping[str, str], tell: Callable[[str], None]) -> int:
    """Try the facts, write the reports and return the exit status: 1 when something differs.

    Raises:
        SettingMissing: There is no live system in the environment.
        ValueError: There is no such fact, or no recording.
    """
    facts = chosen(wanted)
    if not facts:
        raise ValueError("there is no such fact")
    recorded = golden.read(wanted.expect) if wanted.expect else {}
    results = _found(wanted, environ, facts, tell)
    results = [_held_against(each, recorded) for each in results]
    _write(wanted, results)
    number = counts(results)
    for each in results:
        if each.verdict == "differ":
            tell(f"differ: {each.fact.id} ({each.profile}): {each.why}")
    tell(", ".join(f"{amount} {verdict}" for verdict, amount in number.items()))
    return 1 if number["differ"] else 0


def record(
    wanted: Wanted, folder: Path, environ: Mapping[str, str], tell: Callable[[str], None]
) -> int:
    """Try the facts that only read, and keep the exchanges, scrubbed; return the exit status."""
    facts = [(fact, profile) for fact, profile in chosen(wanted) if not fact.writes]
    results = _found(replace(wanted, allow_writes=False), environ, facts, tell)
    written = golden.write(folder, results)
    tell(f"{written} recordings in {folder}")
    return 0 if written else 1


def _found(
    wanted: Wanted,
    environ: Mapping[str, str],
    facts: Sequence[tuple[Fact, Profile]],
    tell: Callable[[str], None],
) -> list[Finding]:
    target = live(environ) if wanted.target == "live" else None
    emulated = Emulated()
    described = descriptions(emulated.document)
    try:
        if target is None:
            return findings(emulated.target(), facts, writes=True, described=described)
        return findings(
            target,
            facts,
            emulated.target(),
            writes=wanted.allow_writes,
            described=described,
            told=lambda each: tell(f"{each.found.verdict}: {each.fact.id} ({each.profile})"),
        )
    finally:
        emulated.close()


def _held_against(finding: Finding, recorded: golden.Golden) -> Finding:
    exchanges = recorded.get((finding.fact.id, finding.profile))
    if exchanges is None or finding.found.verdict == "not tried":
        return finding
    return replace(
        finding,
        expected=_Trial("agree", exchanges=exchanges),
        differences=(
            *finding.differences,
            *golden.differences(exchanges, finding.found.exchanges),
        ),
    )


def _write(wanted: Wanted, results: Sequence[Finding]) -> None:
    forms = ((wanted.json, as_json), (wanted.junit, as_junit), (wanted.html, as_page))
    for path, form in forms:
        if path is not None:
            path.write_text(form(results, wanted.target), encoding="utf-8")
