"""The providers' own lists beside the local stack: stand-ins on a port, and accounts in SSM that lead to
them. On the same port, the webhook that is told of our events."""

import json
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import urllib3

from tools import place, processes
from tools.place import NAME, ROOT, State
from tools.stand_ins import receiver
from tools.stand_ins.server import stand_ins
from tools.steps import Failure, step

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

LOG: Final = place.FOLDER / "provider-lists.log"
WEBHOOK: Final = "_webhook"
"""Where the receiver of our events answers."""
PROVIDERS: Final = ("ses", "aws_sms")
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


def put(state: State, ssm: "SSMClient", *providers: str) -> None:
    """Put each account where the functions look: those of the sample district, where none are named."""
    known = stand_ins()
    for provider in providers or PROVIDERS:
        url = address(state, provider)
        ssm.put_parameter(
            Name=_name(provider),
            Type="SecureString",
            Value=json.dumps({"base_url": url, "endpoint_url": url, **known[provider].settings()}),
            Overwrite=True,
        )


def put_webhook_secret(ssm: "SSMClient") -> None:
    """What the event webhook signs with, as the receiver beside the lists verifies it."""
    ssm.put_parameter(
        Name=f"/reachable/{NAME}/event-webhook",
        Type="SecureString",
        Value=json.dumps({"secrets": [receiver.SECRET]}),
        Overwrite=True,
    )


def told(state: State) -> list[dict[str, Any]]:
    """The events of which the webhook was told, the oldest first, each with its ``webhook_id``."""
    found: list[dict[str, Any]] = _must(urllib3.request("GET", address(state, WEBHOOK))).json()
    return found


def remove(ssm: "SSMClient", *providers: str) -> None:
    """Take accounts away again."""
    for provider in providers:
        ssm.delete_parameter(Name=_name(provider))


def fill(state: State, provider: str, rows: list[dict[str, Any]]) -> None:
    """What a list has from now on, in the provider's own words."""
    _must(urllib3.request("PUT", address(state, f"_rows/{provider}"), json=rows))


def rows(state: State, provider: str) -> list[dict[str, Any]]:
    """What a list has."""
    found: list[dict[str, Any]] = _must(urllib3.request("GET", address(state, f"_rows/{provider}"))).json()
    return found


def order(state: State, provider: str, *answers: dict[str, Any]) -> None:
    """The next answers of a provider: ``{"status": 429, "headers": {...}}``."""
    _must(urllib3.request("POST", address(state, f"_answers/{provider}"), json=answers))


def calls(state: State, provider: str) -> list[str]:
    """The calls that a provider got: ``GET /ses/v2/...``."""
    told = _must(urllib3.request("GET", address(state, f"_calls/{provider}"))).json()
    return [f"{call['method']} {call['path']}" for call in told]


def address(state: State, path: str) -> str:
    """Where a stand-in answers, or what is below ``/_rows`` and the like."""
    return f"{place.endpoint(state.lists_port)}/{path}"


def _must(answer: urllib3.BaseHTTPResponse) -> urllib3.BaseHTTPResponse:
    if answer.status != HTTPStatus.OK:
        raise Failure(f"The providers' lists answer {answer.status}.", f"Their words are in {LOG}.")
    return answer


def _name(provider: str) -> str:
    return f"/reachable/{NAME}/upstream/{provider}/default"


def _answers(port: int) -> bool:
    return processes.healthy(f"{place.endpoint(port)}/_health")
