"""The state machine reset_incident, step by step: what the API has begun is brought to its end."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3
import time_machine

from functions.incidents.app import handler as api_handler
from functions.reset_incident.app import handler as step_handler
from reachable import settings
from reachable.buckets import s3
from reachable.flows import apply
from reachable.model.credential import Credential, CredentialKind
from reachable.rules import status as status_rules
from reachable.store.credentials import history, registers
from tests.builders import delivery_event
from tests.functions import district
from tests.functions.api import Answer, call
from tests.functions.district import ADA, CONTEXT, FAR
from tests.functions.streams import reacting

_STEPS = 200
BUCKET = "results"
EMAIL: Final = ADA.credentials[CredentialKind.EMAIL]
FARS: Final = FAR.credentials[CredentialKind.EMAIL]
NINE: Final = {"from": "2026-09-14T09:00:00Z", "to": "2026-09-14T10:00:00Z"}
"""A window."""


@dataclass
class _Context(type(CONTEXT)):  # type: ignore[misc]
    """Lambda's context, with all its time left."""

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


def api(method: str, path: str, body: object = None, claims: Any = None, **more: Any) -> Answer:
    """A call by a User Manager, or by whose claims these are."""
    return call(api_handler, method, path, claims or district.manager(), body, **more)


def step(name: str, execution: str, **told: Any) -> dict[str, Any]:
    """One step, in a plain value."""
    with reacting():
        answer = step_handler({"step": name, "execution": execution, **told}, _Context())
    return dict(json.loads(json.dumps(answer)))


type Between = Callable[[str], None]


def run(
    execution: str, told: dict[str, Any], between: Between = lambda _: None, steps: int = _STEPS
) -> dict[str, Any]:
    """What the state machine does with this input; ``between`` is called before each step."""
    at = step("begin", execution, input=told)
    for _ in range(steps):
        name = at["next"]
        between(name)
        where = {"incident": at.get("incident"), "phase": at.get("phase")}
        match name:
            case "end":
                return at
            case "wait":
                at = {**at, "next": "release"}
            case "chunks":
                for chunk in s3.get_json(BUCKET, at["chunks_key"]):
                    step("chunk", execution, **where, number=chunk["number"])
                at = {**at, "next": "after"}
            case _:
                at = step(name, execution, **where)
    return at


def executions() -> list[dict[str, Any]]:
    """The input of each execution that was begun, the first first."""
    client = boto3.client("stepfunctions")
    found = client.list_executions(stateMachineArn=settings.text("RESET_STATE_MACHINE_ARN"))["executions"]
    inputs = [
        json.loads(client.describe_execution(executionArn=one["executionArn"])["input"]) for one in found
    ]
    return sorted(inputs, key=lambda told: int(str(told["execution"]).rpartition("-")[2]))


def newest(incident_id: str) -> dict[str, Any]:
    """The input of an incident's newest execution."""
    return [told for told in executions() if told["incident"] == incident_id][-1]


def work(incident_id: str, between: Between = lambda _: None) -> None:
    """Bring what was begun last of an incident to its end."""
    told = newest(incident_id)
    run(told["execution"], told, between)


def counted(body: object) -> dict[str, Any]:
    """Ask for a reset of many, have it counted, and see it."""
    answer = api("POST", "/resets", {"dry_run": True, **dict(body)})  # type: ignore[call-overload]
    assert answer.status == 202, answer.body
    work(answer.body["id"])
    return shown(answer.body["id"])


def shown(incident_id: str) -> dict[str, Any]:
    """An incident, as the API tells it."""
    answer = api("GET", f"/resets/{incident_id}")
    assert answer.status == 200, answer.body
    return dict(answer.body)


def act(incident_id: str, what: str) -> dict[str, Any]:
    """Start, stop, undo or count, and see what came of it."""
    answer = api("POST", f"/resets/{incident_id}/{what}")
    assert answer.status == 202, answer.body
    if what != "stop":
        work(incident_id)
    return shown(incident_id)


def bounced(of: Credential = EMAIL, **event: Any) -> None:
    """A bounce is applied, and what follows from it."""
    with reacting():
        apply.events([delivery_event(address=of.address, **event)], datetime.now(UTC))


def in_force(of: Credential = EMAIL) -> list[str]:
    """The registers of the blocks in force."""
    return [str(block.register) for block in status_rules.blocks(registers.statuses([of])[of])]


def kinds(of: Credential = EMAIL) -> list[str]:
    """What the history has, without what came of releases: no provider's account is set up, unless a test
    does so."""
    return [item.kind.value for item in history.of(of) if not item.kind.value.startswith("release")]


def move(clock_: time_machine.Traveller, minutes: float) -> None:
    """Time goes by."""
    clock_.move_to(datetime.now(UTC) + timedelta(minutes=minutes), tick=False)
