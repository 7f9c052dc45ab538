"""The checks that need no AWS, not even a played one, the formatter, and the files that are generated."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from tools import place
from tools.place import ROOT
from tools.steps import Failure, run, screen, step

_LOCKS: Final[Mapping[str, Sequence[str]]] = {
    "layers/requirements.txt": ("pyproject.toml",),
    "requirements/dev.txt": ("pyproject.toml", "--group", "dev"),
    "requirements/stack.txt": ("--group", "pyproject.toml:stack"),
    "requirements/opinion.txt": ("--group", "pyproject.toml:opinion"),
    "requirements/console.txt": ("--group", "pyproject.toml:console"),
    "requirements/deploy.txt": ("--group", "pyproject.toml:deploy"),
}
"""Each lock, and what it is made from."""
_PYTHON: Final = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Check:
    """A command that finds nothing where all is well, and what to do where it finds something."""

    name: str
    command: Sequence[str | Path]
    todo: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found: nothing where ``ok``."""

    check: Check
    ok: bool
    said: str
    seconds: float


def _checks() -> list[Check]:
    infra = sorted((ROOT / "infra").glob("*.yaml"))
    return [
        Check(
            "ruff check", [_PYTHON / "ruff", "check", "."], "./dev format mends what can be mended by itself"
        ),
        Check("ruff format", [_PYTHON / "ruff", "format", "--check", "."], "./dev format"),
        Check("mypy", [_PYTHON / "mypy"], "mend the types"),
        Check("import-linter", [_PYTHON / "lint-imports"], "turn the arrow round: CONTRIBUTING.md"),
        Check("sam validate", [place.command("deploy", "sam"), "validate", "--lint"], "mend template.yaml"),
        # W3002: a local path, which sam deploy uploads.
        Check(
            "cfn-lint",
            [place.command("deploy", "cfn-lint"), "--ignore-checks", "W3002", "--", *infra],
            "mend the nested stack",
        ),
        Check(
            "policies",
            [sys.executable, "-m", "tools.policies"],
            "mend the template, or give the exception and its reason in tools/policies.guard",
        ),
        Check("locks", place.tools_command("lock", "--check"), "./dev lock"),
        Check("openapi", [sys.executable, "-m", "tools.openapi", "--check"], "./dev openapi"),
        Check(
            "console",
            place.tools_command("console", "npm", "run", "check"),
            "mend what it names; ./dev format; words without a translation: ./dev console npm run extract",
        ),
        Check(
            "branches",
            [sys.executable, "-m", "tools.branches"],
            "mend the test, write the one that is missing, or delete the code that nothing needs",
        ),
    ]


def check() -> None:
    """Lint, types, arrows, templates, locks, generated files, branches of pure rooms; then what failed."""
    with step("Checking"), ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(_run, _checks()))
    for result in results:
        mark = "[green]✓[/]" if result.ok else "[red]✗[/]"
        screen.print(f"  {mark} {result.check.name} [dim]({result.seconds:.1f} s)[/]")
    failed = [result for result in results if not result.ok]
    for result in failed:
        screen.rule(result.check.name, align="left")
        screen.print(result.said, markup=False)
    if failed:
        raise Failure(
            f"{len(failed)} of {len(results)} checks failed.",
            "; ".join(f"{result.check.name}: {result.check.todo}" for result in failed) + ".",
        )


def format_code() -> None:
    """Format the code, and mend what the linter can mend."""
    run(
        [_PYTHON / "ruff", "check", "--fix-only", "--quiet", "."], "See above.", log=place.FOLDER / "ruff.log"
    )
    run([_PYTHON / "ruff", "format", "."], "See above.", log=place.FOLDER / "ruff.log")
    run(place.tools_command("console", "npm", "run", "format"), "See above.", log=place.FOLDER / "npm.log")


def openapi() -> None:
    """Write the API's description anew from the routes."""
    command = [sys.executable, "-m", "tools.openapi"]
    with step("Writing the API's description"):
        run(command, "Mend the route that it names.", log=place.FOLDER / "openapi.log")


def lock(
    check: Annotated[bool, typer.Option("--check", help="Only tell whether the locks are fresh.")] = False,
    upgrade: Annotated[bool, typer.Option("--upgrade", help="Take the newest versions.")] = False,
) -> None:
    """Write the locks anew from pyproject.toml; versions stay where they still fit."""
    stale = []
    for target, sources in _LOCKS.items():
        fresh = _compiled(target, sources, upgrade=upgrade)
        if not (ROOT / target).exists() or (ROOT / target).read_text() != fresh:
            stale.append(target)
            if not check:
                (ROOT / target).write_text(fresh)
                screen.print(f"{target} is new.")
    if check and stale:
        raise Failure(f"Not what pyproject.toml asks for: {', '.join(stale)}.", "Run ./dev lock.")


def _compiled(target: str, sources: Sequence[str], *, upgrade: bool) -> str:
    """A lock as it should be: the versions of the one that we have, where they still fit."""
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "lock.txt"
        if (ROOT / target).exists():
            shutil.copyfile(ROOT / target, draft)
        done = subprocess.run(
            [
                *(place.uv(), "pip", "compile", *sources),
                # For every machine, by hashes, and without the addresses that packages came from here.
                *("--universal", "--generate-hashes", "--python-version", "3.13", "--quiet"),
                *("--custom-compile-command", "./dev lock", "--output-file", draft),
                *(["--upgrade"] if upgrade else []),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise Failure(f"uv could not make {target}: {done.stderr.strip()}", "Mend pyproject.toml.")
        return draft.read_text()


def _run(check: Check) -> Result:
    began = time.monotonic()
    environment = place.clean_environment() | {
        "AWS_DEFAULT_REGION": place.REGION,
        "SAM_CLI_TELEMETRY": "0",
    }
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Result(check, done.returncode == 0, done.stdout.strip(), time.monotonic() - began)
