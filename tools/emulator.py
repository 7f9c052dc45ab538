"""MiniStack, the AWS on a local port: started, found again, ended by its process id."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from http import HTTPStatus
from typing import Final

import urllib3

from tools import place
from tools.place import State
from tools.steps import Failure, step

LOG: Final = place.FOLDER / "emulator.log"
_TEMPORARY: Final = place.FOLDER / "tmp"
"""The emulator leaves up to 87 MB a function there when it ends; ``stop`` deletes it."""
_STARTS_WITHIN_SECONDS: Final = 60
_ENDS_WITHIN_SECONDS: Final = 15


def is_up(state: State) -> bool:
    """Whether this stack's own emulator runs and answers."""
    return _lives(state) and _answers(state.port)


def start(state: State) -> None:
    """Start an empty one on the stack's port, or on a free one where that is taken.

    Raises:
        Failure: it did not come up.
    """
    with step("Starting MiniStack"):
        shutil.rmtree(_TEMPORARY, ignore_errors=True)
        _TEMPORARY.mkdir(parents=True)
        state.port = place.free_port(state.port)
        environment = place.clean_environment() | {
            "AUTH": "true",  # IAM is enforced: each function runs under its own role
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(state.port),
            "IOT_MTLS_ENABLED": "0",  # its port is fixed and open to every address
            "TMPDIR": str(_TEMPORARY),
            "AWS_DEFAULT_REGION": place.REGION,
            "NO_PROXY": "127.0.0.1,localhost",
        }
        with LOG.open("w") as log:
            process = subprocess.Popen(
                [place.command("stack", "python"), "-m", "ministack"],
                cwd=place.FOLDER,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # an interrupted ./dev leaves it running
            )
        state.pid, state.born = process.pid, _birth(process.pid)
        state.infra = state.code = state.sample = None
        state.save()
        _wait_until_it_answers(process, state.port)


def stop(state: State) -> None:
    """End it and delete what it leaves behind. What was not running is not missed."""
    if state.pid is not None and _lives(state):
        with step("Ending MiniStack"):
            os.kill(state.pid, signal.SIGTERM)
            if not _ended(state, _ENDS_WITHIN_SECONDS):
                os.kill(state.pid, signal.SIGKILL)
                _ended(state, _ENDS_WITHIN_SECONDS)
    shutil.rmtree(_TEMPORARY, ignore_errors=True)
    state.pid = state.born = state.infra = state.code = state.sample = None
    state.save()


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + _STARTS_WITHIN_SECONDS
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > end:
            raise Failure("MiniStack did not come up.", f"Its words are in {LOG}.")
        time.sleep(0.1)


def _ended(state: State, within_seconds: float) -> bool:
    end = time.monotonic() + within_seconds
    while _lives(state):
        if time.monotonic() > end:
            return False
        with suppress(ChildProcessError):  # it is our child only where this very process started it
            os.waitpid(state.pid or 0, os.WNOHANG)
        time.sleep(0.05)
    return True


def _lives(state: State) -> bool:
    """Whether the process is still the one that we started: a later one may have been given its id."""
    return state.pid is not None and state.born is not None and _birth(state.pid) == state.born


def _birth(pid: int) -> str | None:
    """When a process began, None where it is gone or only waits to be reaped."""
    shown = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split(maxsplit=1)
    return shown[1].strip() if len(shown) > 1 and not shown[0].startswith("Z") else None


def _answers(port: int) -> bool:
    try:
        health = urllib3.request("GET", f"{place.endpoint(port)}/_ministack/health", timeout=2, retries=False)
    except urllib3.exceptions.HTTPError:
        return False
    return health.status == HTTPStatus.OK
