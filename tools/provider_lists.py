"""The providers' own lists beside the local stack: stand-ins on a port, and accounts in SSM that lead to
them."""

import json
import sys
from typing import TYPE_CHECKING, Final

from tools import place, processes
from tools.place import NAME, ROOT, State
from tools.stand_ins.server import stand_ins
from tools.steps import step

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

LOG: Final = place.FOLDER / "provider-lists.log"
PROVIDERS: Final = ("ses", "sendgrid", "brevo")
"""Those that the sample district is set up with."""


def start(state: State) -> None:
    """Start them where they do not run, empty.

    Raises:
        Failure: they did not come up.
    """
    if processes.lives(state.lists_pid, state.lists_born) and _answers(state.lists_port):
        return
    with step("Starting the providers' lists"):
        port = state.lists_port = place.free_port(state.lists_port)
        state.lists_pid, state.lists_born = processes.start(
            [sys.executable, "-m", "tools.stand_ins.server", str(port)],
            lambda: _answers(port),
            folder=ROOT,
            log=LOG,
            environment=place.clean_environment(),
        )
        state.save()


def stop(state: State) -> None:
    """End them."""
    if state.lists_pid is not None and processes.lives(state.lists_pid, state.lists_born):
        processes.end(state.lists_pid, state.lists_born)
    state.lists_pid = state.lists_born = None
    state.save()


def put(state: State, ssm: "SSMClient") -> None:
    """Put each account where the functions look."""
    known = stand_ins()
    for provider in PROVIDERS:
        url = address(state, provider)
        ssm.put_parameter(
            Name=f"/reachable/{NAME}/upstream/{provider}/default",
            Type="SecureString",
            Value=json.dumps({"base_url": url, "endpoint_url": url, **known[provider].settings()}),
            Overwrite=True,
        )


def address(state: State, path: str) -> str:
    """Where a stand-in answers, or what is below ``/_rows`` and the like."""
    return f"{place.endpoint(state.lists_port)}/{path}"


def _answers(port: int) -> bool:
    return processes.healthy(f"{place.endpoint(port)}/_health")
