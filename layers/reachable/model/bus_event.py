"""What is told on the event bus: of a credential that was marked bad or reset, of a message that moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from reachable.model.credential import Credential
from reachable.model.message import Message
from reachable.model.status import Block, Status

VERSION: Final = "1"
"""Of the details: what a newer one adds breaks nobody; what breaks somebody is a new version."""


class DetailType(StrEnum):
    """What happened, as rules on the bus ask for it."""

    MARKED_BAD = "Credential Marked Bad"
    RESET = "Credential Reset"
    MESSAGE = "Message Status Changed"


@dataclass(frozen=True, slots=True)
class StatusMoved:
    """A credential whose status was written: as it was and as it is, and when that was."""

    credential: Credential
    before: Status
    after: Status
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageMoved:
    """A message that was written: as it was, if it was there, and as it is, and when that was."""

    before: Message | None
    after: Message
    at: datetime


@dataclass(frozen=True, slots=True)
class Announcement:
    """What there is to tell of a credential: ``blocks`` came into force, or are so no longer.

    ``by`` is what ended them: a lift, or what else opens. ``identity`` is the same however often it is told.
    """

    type: DetailType
    identity: str
    moved: StatusMoved
    blocks: tuple[Block, ...]
    by: str | None = None


@dataclass(frozen=True, slots=True)
class BusEvent:
    """An event as it goes on the bus; ``id`` stands in its detail, too."""

    type: DetailType
    id: str
    at: datetime
    detail: Mapping[str, Any]
