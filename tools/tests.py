"""``./dev test``: every check and every test, on stacks of their own, from a clean clone."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Final
from xml.etree import ElementTree as ET

import typer
from rich.table import Table

from tools import branches, dynamodb_local, place
from tools.place import ROOT
from tools.steps import Failure, screen

_STACK: Final = "test"
_REPORTS: Final = ROOT / ".stack" / _STACK / "reports"
CODE: Final = ("tests/attack", "tests/functions", "tests/unit")
"""What needs no deployed stack. The unit tests of the pure rooms run in the checks, which count branches."""
STORIES: Final = ("tests/model", "tests/interleavings")
"""What needs none, and takes minutes; the longest first."""
_WORKERS: Final = str(2 * (os.process_cpu_count() or 1))
"""A third of what a worker does is to wait: for a thread of its own, or a moment of the clock."""
ALL_STEPS: Final = 100_000
"""Of the stories in ``tests/model``, where all is asked for: half an hour and more."""
RIGHTS: Final = _REPORTS / "rights.jsonl"
"""What the functions asked of AWS in the tests of the code (tests/rights.py)."""
_COUNTED: Final = ("tests", "failures", "errors", "skipped", "xfailed")
_TOLD: Final = ("tests", "skipped", "xfailed")
_XFAILED: Final = "skipped[@type='pytest.xfail']"
_NOT_RUN: Final = "[NOTRUN]"
"""So pytest begins the reason of an xfail that it has not run at all."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the whole: whether it went well, how long it took, and what pytest counted."""

    name: str
    ok: bool
    seconds: float
    counts: Mapping[str, int] = field(default_factory=dict)


def test(
    all_: Annotated[
        bool, typer.Option("--all", help="Far more schedules and stories, and DynamoDB Local; takes hours.")
    ] = False,  # noqa: PT028 - a command, no test
) -> None:
    """Run everything: the checks, the tests of the code, and those of the deployed stack."""
    began = time.monotonic()
    deep = ("--deep",) if all_ else ()
    if all_:
        os.environ["REACHABLE_STEPS"] = str(ALL_STEPS)
    _REPORTS.mkdir(parents=True, exist_ok=True)
    RIGHTS.unlink(missing_ok=True)
    parts = [
        counted("checks", place.tools_command("check"), _REPORTS / branches.REPORT),
        _pytest("code", *CODE, *(f"--ignore={folder}" for folder in branches.FOLDERS), "-n", _WORKERS),
    ]
    parts += _on_stacks(("stack", "browser"), deep)
    parts.append(_part("rights (used and granted)", (sys.executable, "-m", "tests.rights", RIGHTS)))
    if all_:
        with dynamodb_local.running() as url:
            parts.append(_pytest("dynamodb-local", "tests/functions", "-n", _WORKERS, REACHABLE_DYNAMODB=url))
    _tell(parts, time.monotonic() - began)


def _on_stacks(names: Sequence[str], deep: Sequence[str]) -> list[Part]:
    """Folders of tests side by side, each on a stack of its own; the stories in place of the first that ends.

    None finds what another has left behind, and what waits for one emulator leaves a processor idle. The
    stacks are made one after the other, since they build the same things.
    """
    parts: list[Part] = []
    up: list[str] = []
    try:
        for name in names:
            parts.append(
                _part(f"down (of an earlier run, {name})", place.tools_command("down"), stack=_of(name))
            )
            up.append(name)
            parts.append(_part(f"up ({name})", place.tools_command("up"), stack=_of(name)))
        screen.print("Side by side. What each says comes when it has ended; meanwhile:")
        screen.print(*map(_log, (*names, "stories")), sep="\n", soft_wrap=True)
        with ThreadPoolExecutor(len(names)) as at_once:
            are_up = names if all(part.ok for part in parts) else ()
            running = {at_once.submit(_on_its_stack, name): name for name in are_up}
            running[at_once.submit(_stories, *deep)] = "stories"
            for ended in as_completed(running):
                name, its_parts = running[ended], ended.result()
                screen.rule(its_parts[0].name, align="left")
                print(_log(name).read_text(errors="replace"), flush=True)
                parts += its_parts
                if name in up:
                    up.remove(name)
    finally:
        parts += [_part(f"down ({name})", place.tools_command("down"), stack=_of(name)) for name in up]
    return parts


def _of(name: str) -> str:
    return f"{_STACK}-{name}"


def _on_its_stack(name: str) -> list[Part]:
    """The tests, and at once the stack's end: to delete what it has left takes a minute."""
    stack = _of(name)
    tested = _pytest(name, f"tests/{name}", stack=stack, log=_log(name))
    return [
        tested,
        _part(f"down ({name})", place.tools_command("down"), stack=stack, log=_log(f"{name}-down")),
    ]


def _stories(*deep: str) -> list[Part]:
    return [_pytest("stories", *STORIES, "-n", "auto", *deep, log=_log("stories"))]


def _log(name: str) -> Path:
    return _REPORTS / f"{name}.log"


def _part(
    name: str, command: Sequence[str | Path], *, stack: str = _STACK, log: Path | None = None, **more: str
) -> Part:
    """Run a command; what it says goes to a log, where one is given."""
    began = time.monotonic()
    ours = {"REACHABLE_STACK": stack, "REACHABLE_RIGHTS": str(RIGHTS)}
    environment = place.clean_environment() | ours | more
    if log is None:
        screen.rule(name, align="left")
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    else:
        with log.open("w") as said:
            done = subprocess.run(
                command, cwd=ROOT, env=environment, check=False, stdout=said, stderr=subprocess.STDOUT
            )
    return Part(name, done.returncode == 0, time.monotonic() - began)


def _pytest(name: str, *arguments: str, stack: str = _STACK, log: Path | None = None, **more: str) -> Part:
    report = _REPORTS / f"{name}.xml"
    command = [sys.executable, "-m", "pytest", *arguments, f"--junitxml={report}"]
    return replace(
        counted(name, command, report, stack=stack, log=log, **more), name=f"pytest {' '.join(arguments)}"
    )


def counted(
    name: str,
    command: Sequence[str],
    report: Path,
    *,
    stack: str = _STACK,
    log: Path | None = None,
    **more: str,
) -> Part:
    """Run what writes such a report. A skipped test has shown nothing, so none may be.

    An xfail, which all are strict, has shown that a limit that the docs name is still there.
    """
    report.unlink(missing_ok=True)
    part = _part(name, command, stack=stack, log=log, **more)
    counts = _counts(report)
    return replace(part, ok=part.ok and bool(counts) and not counts.get("skipped", 0), counts=counts)


def _counts(report: Path) -> Mapping[str, int]:
    """What pytest counted; nothing where it was ended before it had written all of its report.

    It has no word of its own for an xfail: it writes one down as skipped.
    """
    try:
        root = ET.parse(report).getroot()  # noqa: S314 - pytest has just written it
    except (FileNotFoundError, ET.ParseError):
        return {}
    suites = list(root.iter("testsuite"))
    told = {name: sum(int(suite.get(name, "0")) for suite in suites) for name in _COUNTED}
    ended = [one.get("message", "") for one in root.iterfind(f".//testcase/{_XFAILED}")]
    xfailed = sum(not message.startswith(_NOT_RUN) for message in ended)
    return told | {"skipped": told["skipped"] - xfailed, "xfailed": xfailed}


def _tell(parts: Sequence[Part], seconds: float) -> None:
    shown = Table(title="All parts", title_justify="left")
    shown.add_column("part")
    shown.add_column("result")
    for column in (*_TOLD, "seconds"):
        shown.add_column(column, justify="right")
    for part in parts:
        shown.add_row(
            part.name,
            "[green]well[/]" if part.ok else "[red]FAILED[/]",
            *(str(part.counts.get(name, "")) for name in _TOLD),
            f"{part.seconds:.1f}",
        )
    shown.add_section()
    shown.add_row("all", "", *("" for _ in _TOLD), f"{seconds:.1f}")
    screen.print(shown)
    total = {name: sum(part.counts.get(name, 0) for part in parts) for name in _COUNTED}
    failed = total["failures"] + total["errors"]
    passed = total["tests"] - failed - total["skipped"] - total["xfailed"]
    print(f"{passed} passed, {failed} failed, {total['skipped']} skipped, {total['xfailed']} xfailed")
    if not all(part.ok for part in parts):
        raise Failure(
            f"Not well: {', '.join(part.name for part in parts if not part.ok)}.",
            "Each part's own words stand above; one part alone: ./dev check, or .venv/bin/python -m pytest.",
        )
