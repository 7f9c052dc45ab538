"""Programs that ``./dev`` leaves running: told from others by when they began, and ended by their ids."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import urllib3

from tools.steps import Failure

_STARTS_WITHIN_SECONDS: Final = 60
_ENDS_WITHIN_SECONDS: Final = 15


def start(
    command: Sequence[str | Path],
    answers: Callable[[], bool],
    *,
    folder: Path,
    log: Path,
    environment: Mapping[str, str],
) -> tuple[int, str | None]:
    """Start a program and wait until it answers; its id, and when it began.

    Raises:
        Failure: it did not come up.
    """
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # an interrupted ./dev leaves it running
        )
    until = time.monotonic() + _STARTS_WITHIN_SECONDS
    while not answers():
        if process.poll() is not None or time.monotonic() > until:
            raise Failure(f"{Path(str(command[0])).name} did not come up.", f"Its words are in {log}.")
        time.sleep(0.1)
    return process.pid, birth(process.pid)


def end(pid: int, born: str | None) -> None:
    """End it, by force where it does not go by itself."""
    os.kill(pid, signal.SIGTERM)
    if not _ended(pid, born, _ENDS_WITHIN_SECONDS):
        os.kill(pid, signal.SIGKILL)
        _ended(pid, born, _ENDS_WITHIN_SECONDS)


def lives(pid: int | None, born: str | None) -> bool:
    """Whether the process is still the one that we started: a later one may have been given its id."""
    return pid is not None and born is not None and birth(pid) == born


def birth(pid: int) -> str | None:
    """When a process began, None where it is gone or only waits to be reaped."""
    shown = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split(maxsplit=1)
    return shown[1].strip() if len(shown) > 1 and not shown[0].startswith("Z") else None


def healthy(url: str) -> bool:
    """Whether a server answers 200 there."""
    try:
        return urllib3.request("GET", url, timeout=2, retries=False).status == 200  # noqa: PLR2004
    except urllib3.exceptions.HTTPError:
        return False


def _ended(pid: int, born: str | None, within_seconds: float) -> bool:
    until = time.monotonic() + within_seconds
    while lives(pid, born):
        if time.monotonic() > until:
            return False
        with suppress(ChildProcessError):  # it is our child only where this very process started it
            os.waitpid(pid, os.WNOHANG)
        time.sleep(0.05)
    return True
