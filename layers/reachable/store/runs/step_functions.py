"""Step Functions: executions of a state machine, begun once by their names, and whether one is at work."""

from typing import TYPE_CHECKING, Any, Final

import orjson

from reachable import aws

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_AT_WORK: Final = ("RUNNING", "PENDING_REDRIVE")


def start(state_machine: str, name: str, told: Any) -> bool:
    """Begin an execution; False where one of this name has begun before."""
    client = _client()
    try:
        client.start_execution(stateMachineArn=state_machine, name=name, input=orjson.dumps(told).decode())
    except client.exceptions.ExecutionAlreadyExists:
        return False
    return True


def is_running(state_machine: str, name: str) -> bool:
    """Whether an execution is at work; one that was never begun is not."""
    return _status(state_machine, name) in _AT_WORK


def has_ended(state_machine: str, name: str) -> bool:
    """Whether an execution is over; one that is not known is not: it may have begun a moment ago.

    DescribeExecution is eventually consistent (docs: Step Functions API Reference).
    """
    status = _status(state_machine, name)
    return status is not None and status not in _AT_WORK


def _status(state_machine: str, name: str) -> str | None:
    arn = f"{state_machine.replace(':stateMachine:', ':execution:')}:{name}"
    client = _client()
    try:
        return client.describe_execution(executionArn=arn)["status"]
    except client.exceptions.ExecutionDoesNotExist:
        return None


def _client() -> "SFNClient":
    made: SFNClient = aws.client("stepfunctions", attempts=2, read_seconds=10)
    return made
