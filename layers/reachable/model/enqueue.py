"""What a client asks to be sent, and what it is answered."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

from reachable.model.delivery_event import Channel
from reachable.model.group import PARKED_FOR
from reachable.model.send import Purpose, Refusal

LIMIT: Final = 500
"""Messages in one call."""
LATEST_EXPIRY: Final = PARKED_FOR
"""How far ahead a message may expire: as long as a parked one is kept."""


class EnqueueOutcome(StrEnum):
    """What became of one wish."""

    QUEUED = "queued"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a wish was refused, where the recipient is not the reason.

    ``only_for_email``: a subject or HTML of a text or call. ``too_long``: in characters; ``too_large``: in
    bytes, as it stands on the queue.
    """

    OTHER_CONTENT = "other_content"
    """Its dedup id stands for another message already."""
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    NO_TEXT = "no_text"
    NO_SUBJECT = "no_subject"
    INVALID_SUBJECT = "invalid_subject"
    INVALID_CHARACTERS = "invalid_characters"
    ONLY_FOR_EMAIL = "only_for_email"
    INVALID_BATCH_ID = "invalid_batch_id"
    EXPIRES_TOO_LATE = "expires_too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A message as a client asks for it. ``user_id`` is empty where nobody is named, or twice over."""

    user_id: str
    channel: Channel
    purpose: Purpose
    dedup_id: str
    text: str
    subject: str | None = None
    html: str | None = None
    batch_id: str | None = None
    expires_at: datetime | None = None

    @property
    def content(self) -> str:
        """Tells whether two wishes are the same."""
        told = asdict(self)
        expires_at = told.pop("expires_at")
        told |= {"expires_at": expires_at.isoformat()} if expires_at else {}
        return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Queued:
    """What became of a wish; ``id`` is the message's, where there is one."""

    dedup_id: str
    outcome: EnqueueOutcome
    id: str | None = None
    reason: Reason | Refusal | None = None
