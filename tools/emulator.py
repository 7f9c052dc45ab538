"""MiniStack, the AWS on a local port: started, found again, ended by its process id."""

import shutil
from typing import Final

from tools import node, place, processes
from tools.place import State
from tools.steps import step

LOG: Final = place.FOLDER / "emulator.log"
_TEMPORARY: Final = place.FOLDER / "tmp"
"""The emulator leaves up to 87 MB a function there when it ends; ``stop`` deletes it."""


def is_up(state: State) -> bool:
    """Whether this stack's own emulator runs and answers."""
    return processes.lives(state.pid, state.born) and _answers(state.port)


def start(state: State) -> None:
    """Start an empty one on the stack's port, or on a free one where that is taken.

    Raises:
        Failure: it did not come up.
    """
    with step("Starting MiniStack"):
        shutil.rmtree(_TEMPORARY, ignore_errors=True)
        _TEMPORARY.mkdir(parents=True)
        port = state.port = place.free_port(state.port)
        state.infra = state.code = state.sample = state.console = None
        state.pid, state.born = processes.start(
            [place.command("stack", "python"), "-m", "ministack"],
            lambda: _answers(port),
            folder=place.FOLDER,
            log=LOG,
            environment=place.clean_environment()
            | {
                "AUTH": "true",  # IAM is enforced: each function runs under its own role
                "BIND_HOST": "127.0.0.1",
                "GATEWAY_PORT": str(port),
                "IOT_MTLS_ENABLED": "0",  # its port is fixed and open to every address
                "TMPDIR": str(_TEMPORARY),
                "AWS_DEFAULT_REGION": place.REGION,
                "NO_PROXY": "127.0.0.1,localhost",
                "PATH": node.path(),  # for CloudFront's function
            },
        )
        state.save()


def stop(state: State) -> None:
    """End it and delete what it leaves behind. What was not running is not missed."""
    if state.pid is not None and processes.lives(state.pid, state.born):
        with step("Ending MiniStack"):
            processes.end(state.pid, state.born)
    shutil.rmtree(_TEMPORARY, ignore_errors=True)
    state.pid = state.born = state.infra = state.code = state.sample = state.console = None
    state.save()


def _answers(port: int) -> bool:
    return processes.healthy(f"{place.endpoint(port)}/_ministack/health")
