"""Where a local stack keeps what it is: ``.stack/<name>/``.

REACHABLE_STACK names it; several can run side by side.
"""

import json
import os
import platform
import secrets
import socket
import string
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from tools.steps import Failure

ROOT: Final = Path(__file__).parent.parent
NAME: Final = os.environ.get("REACHABLE_STACK") or "dev"
FOLDER: Final = ROOT / ".stack" / NAME
BUILD: Final = FOLDER / "build"
REPORTS: Final = FOLDER / "reports"
_STATE: Final = FOLDER / "state.json"
_ENVIRONMENTS: Final = ROOT / ".stack" / "env"

REGION: Final = "us-east-1"
ARCHITECTURE: Final = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"

_NAME_LETTERS: Final = frozenset(string.ascii_lowercase + string.digits + "-")
_LONGEST_NAME: Final = 20


@dataclass(slots=True)
class State:
    """What a later ``./dev`` must know of the stack.

    ``lists_...`` are of the stand-ins for the providers' own lists, ``front_...`` of what stands before the
    console and the API. ``port`` is kept when the emulator goes down, so that addresses stay the same; the
    passwords and secrets likewise. ``infra``, ``code``, ``sample`` and ``console`` are digests of what stands
    deployed, imported and published; None where that was not finished.
    """

    port: int = 0
    pid: int | None = None
    born: str | None = None
    infra: str | None = None
    code: str | None = None
    sample: str | None = None
    console: str | None = None
    lists_port: int = 0
    lists_pid: int | None = None
    lists_born: str | None = None
    front_port: int = 0
    front_pid: int | None = None
    front_born: str | None = None
    front_leads_to: list[str] = field(default_factory=list)
    password: str = field(default_factory=lambda: f"{secrets.token_urlsafe(18)}-aA1")
    webhook_secrets: dict[str, dict[str, str]] = field(default_factory=dict)

    def save(self) -> None:
        """Write it down; only its owner may read it."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        draft = _STATE.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(asdict(self), indent=1))
        draft.replace(_STATE)


def state() -> State:
    """The stack's state; a fresh one where there is none.

    Raises:
        Failure: the name cannot name a stack, or an older ./dev wrote the state.
    """
    if not 0 < len(NAME) <= _LONGEST_NAME or not set(NAME) <= _NAME_LETTERS or NAME == "env":
        raise Failure(
            f"REACHABLE_STACK={NAME} cannot name a stack.",
            f"Use up to {_LONGEST_NAME} small letters, digits and dashes; env is taken.",
        )
    if not _STATE.exists():
        return State()
    try:
        return State(**json.loads(_STATE.read_text()))
    except (TypeError, ValueError) as unreadable:
        raise Failure(
            f"{_STATE} cannot be read.", f"End its emulator, if any, and delete {FOLDER}."
        ) from unreadable


def command(environment: str, name: str) -> Path:
    """A command of one of the environments that ./dev makes."""
    return _ENVIRONMENTS / environment / "bin" / name


def uv() -> str:
    """The uv that ./dev found or brought."""
    brought = command("uv", "uv")
    return os.environ.get("UV") or (str(brought) if brought.exists() else "uv")


def named(file: Path) -> Path:
    """A file as the user of ``./dev`` names it, from where they are."""
    return Path(os.environ.get("REACHABLE_FROM", ".")) / file


def endpoint(port: int) -> str:
    """Where the emulator answers."""
    return f"http://127.0.0.1:{port}"


def free_port(wanted: int = 0) -> int:
    """A port of this machine's own address: the wanted one, where nobody has it.

    Raises:
        Failure: none is free.
    """
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise Failure("No port is free.", "End some programs and try again.")


def aws_variables(port: int) -> dict[str, str]:
    """What makes an AWS client talk to the emulator, as root, whatever the user's own profile says."""
    return {
        "AWS_ENDPOINT_URL": endpoint(port),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        "NO_PROXY": "127.0.0.1,localhost",
    }


def clean_environment() -> dict[str, str]:
    """Our own environment without what could lead an AWS client to a real account."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


def tools_command(*arguments: str) -> list[str]:
    """This very tool, to be run as another process."""
    return [sys.executable, "-m", "tools", *arguments]
