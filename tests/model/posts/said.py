"""What a provider can say, of what, by what clock, and how that comes on the queue."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from tests.model.told import Told


class Clock(StrEnum):
    """How a provider's clock goes."""

    RIGHT = "right"
    CUT = "cut to the second"
    NONE = "tells nothing"
    EPOCH = "1970"
    MONTHS = "two months late"
    TOMORROW = "a day ahead"
    END = "9999"

    def tells(self, at: datetime) -> datetime | None:
        """What such a clock tells instead of this time."""
        return _TOLD[self](at)


_TOLD: Final[Mapping[Clock, Callable[[datetime], datetime | None]]] = {
    Clock.RIGHT: lambda at: at,
    Clock.CUT: lambda at: at.replace(microsecond=0),
    Clock.NONE: lambda _: None,
    Clock.EPOCH: lambda at: datetime.fromtimestamp(0, at.tzinfo),
    Clock.MONTHS: lambda at: at - timedelta(days=61),
    Clock.TOMORROW: lambda at: at + timedelta(days=1),
    Clock.END: lambda at: at.replace(year=9999, microsecond=0),
}
LYING: Final = frozenset({Clock.EPOCH, Clock.MONTHS, Clock.TOMORROW, Clock.END})


@dataclass(frozen=True, slots=True)
class Saying:
    """What a provider can say of an address: its words, and what they mean."""

    kind: str
    words: dict[str, Any]
    cause: str | None = None
    permanence: str | None = None
    smtp_status: bool = False
    channel: str | None = None
    for_earlier_stop: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Of what message to which address something is said, and when. ``number`` is the event's own."""

    number: str
    message: str
    address: str
    sent: datetime
    at: datetime
    received: datetime
    sent_clock: Clock = Clock.RIGHT
    clock: Clock = Clock.RIGHT
    account: str | None = None
    tag: str | None = None
    """Our id of the message."""
    tag_clock: Clock = Clock.NONE
    """Of `reachable_t`."""

    @property
    def tagged(self) -> datetime | None:
        """What our tag tells: it is written just before a provider has the message."""
        return self.tag_clock.tells(self.sent - timedelta(milliseconds=40))


@dataclass(frozen=True, slots=True)
class Post:
    """A message on the queue ``delivery-events``, and what it says."""

    told: tuple[Told, ...]
    received: datetime
    body: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """One provider: its sayings by a name of ours, and how it posts one of them or several together."""

    provider: str
    channel: str
    sayings: Mapping[str, Saying]
    post: Callable[[Sequence[tuple[Saying, About]]], Post]
    shares_ids: bool = False
    """One id of a message may be that of several recipients."""
    has_accounts: bool = False


def told_of(saying: Saying, about: About, provider: str, channel: str, **other: Any) -> Told:
    return Told(
        key=f"{provider} {about.account} {about.number}",
        provider=provider,
        channel=saying.channel or channel,
        kind=saying.kind,
        address=about.address,
        received=about.received,
        cause=saying.cause,
        permanence=saying.permanence,
        smtp_status=saying.smtp_status,
        for_earlier_stop=saying.for_earlier_stop,
        **{"message": about.message, "tag": about.tag, "at": about.clock.tells(about.at)} | other,
    )


def entry(provider: str, about: About, told: Sequence[Told], body: bytes, query: str = "") -> Post:
    entry = {
        "provider": provider,
        "account": about.account,
        "method": "POST",
        "url": f"/webhooks/{provider}",
        "query": query,
        "headers": {"content-type": "application/x-www-form-urlencoded"},
        "received_at": about.received.isoformat(),
        "body": base64.b64encode(body).decode(),
    }
    return Post(tuple(told), about.received, json.dumps(entry))


def iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def without_nulls(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value is not None}


def our_tags(about: About, *names: str) -> dict[str, str]:
    """Our tags, as they come back."""
    time = iso(about.tagged)
    return {k: v for k, v in {"reachable_id": about.tag, "reachable_t": time}.items() if v and k in names}


def milliseconds(at: datetime | None) -> datetime | None:
    return at and at.replace(microsecond=at.microsecond // 1000 * 1000)


def by_sns(body: str, received: datetime) -> str:
    return json.dumps({"Type": "Notification", "MessageId": "1", "Timestamp": iso(received), "Message": body})
