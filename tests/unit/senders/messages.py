"""Messages to send, with good defaults, and how AWS is played: at the wire of its client."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from botocore.stub import Stubber

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Channel
from reachable.model.errors import ReachableError
from reachable.model.message import Outgoing
from reachable.model.send import Purpose
from reachable.senders import _aws
from tests.builders import clock

ADA: Final = Credential(CredentialKind.EMAIL, "ada@example.org")
PHONE: Final = Credential(CredentialKind.PHONE, "+12025550123")


def outgoing(**changes: Any) -> Outgoing:
    """A short email to Ada."""
    told: dict[str, Any] = {
        "id": "m-1",
        "user_id": "0b5d8ce6-0d0c-5f0c-9a5e-0a4d8f2c7b11",
        "channel": Channel.EMAIL,
        "purpose": Purpose.GENERAL,
        "queued_at": clock("09:00"),
        "subject": "Snow day",
        "text": "School is closed today.",
    } | changes
    return Outgoing(**told)


def text(**changes: Any) -> Outgoing:
    """A short text."""
    return outgoing(**{"channel": Channel.SMS, "subject": None} | changes)


@contextmanager
def played(service: str) -> Iterator[Stubber]:
    """The client of a service, whose answers the test gives, and which must all be asked for."""
    with Stubber(_aws.client(service)) as stub:
        yield stub
        stub.assert_no_pending_responses()


def told(error: ReachableError) -> tuple[Any, ...]:
    """An error as its type and everything that it carries beside its sentence."""
    carried = {
        name: value
        for name, value in vars(error).items()
        if name not in {"detail", "values", "denied", "why"}
    }
    denied = ["denied"] if getattr(error, "denied", False) else []
    return type(error), *carried.values(), *denied
