"""How a message waits where its provider takes no more just now, and when it is too old to go out.

A few workers share a provider's rate without knowing of one another: whoever is put off waits a time drawn at
random, so that they come apart (full jitter: aws.amazon.com/builders-library, "Timeouts, retries and backoff
with jitter"). The longest wait doubles with each attempt, up to a share of the message's own age: so the last
of a large sending are no more than that share late, and a provider that is away for hours is asked seldom.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from reachable.model.message import Outgoing
from reachable.model.send import Purpose

AGES: Final[Mapping[Purpose, timedelta]] = {
    Purpose.SIGN_IN: timedelta(minutes=15),
    Purpose.EMERGENCY: timedelta(hours=6),
    Purpose.GENERAL: timedelta(hours=72),
    Purpose.INVITATION: timedelta(days=7),
}
"""How old a message may become before the provider takes it (design 5, "Paced")."""
GIVES_WAY_FOR: Final = timedelta(seconds=10)
"""How long others make room after an urgent message was put off."""

MOST_DELAY_SECONDS: Final = 900
"""SQS delays no message for longer."""
_FIRST_SECONDS: Final = {True: 1, False: 5}
"""The longest wait after the first attempt, of an urgent message and of any other."""
_SHORT_SECONDS: Final = {True: 5, False: 120}
"""Up to here the wait doubles whatever the message's age."""
_SHARE_OF_AGE: Final = 1 / 20
_DOUBLINGS: Final = 10
"""More would pass any limit."""


def ends_at(outgoing: Outgoing) -> datetime:
    """When a message is too old: where its sender has said so, then; else by its purpose.

    The age of what was parked begins anew when it is let go. Of an urgent message it does not: nobody wants
    yesterday's emergency.
    """
    return outgoing.expires_at or _since(outgoing) + AGES[outgoing.purpose]


def is_too_old(outgoing: Outgoing, now: datetime) -> bool:
    """Whether it must not go out any more."""
    return now >= ends_at(outgoing)


def delay_seconds(outgoing: Outgoing, asked: int | None, now: datetime, draw: float) -> int:
    """How long a message waits that the provider has put off; ``outgoing.attempts`` counts this time, too.

    ``asked`` are the seconds that the provider asks for, which come first; ``draw`` is random, from 0 to 1.
    None waits past its end: that it is too old is told then, not later.
    """
    urgent = outgoing.purpose.is_urgent
    age = max(now - _since(outgoing), timedelta(0)).total_seconds()
    doubled = float(_FIRST_SECONDS[urgent] << min(outgoing.attempts - 1, _DOUBLINGS))
    longest = min(doubled, max(_SHORT_SECONDS[urgent], age * _SHARE_OF_AGE), MOST_DELAY_SECONDS)
    left = max(1, ceil((ends_at(outgoing) - now).total_seconds()))
    return min((asked or 0) + max(1, ceil(draw * longest)), left, MOST_DELAY_SECONDS)


def gives_way(purpose: Purpose, urgent_put_off_at: datetime | None, now: datetime) -> bool:
    """Whether a message goes back unasked, since an urgent one has just found no room at its provider."""
    if purpose.is_urgent or urgent_put_off_at is None:
        return False
    return abs(now - urgent_put_off_at) <= GIVES_WAY_FOR  # another worker's clock may be ahead


def give_way_seconds(draw: float) -> int:
    """For how long: until the urgent ones have had their room, and not all at the same moment after it."""
    room = int(GIVES_WAY_FOR.total_seconds())
    return room + ceil(draw * room)


def _since(outgoing: Outgoing) -> datetime:
    resumed_at = None if outgoing.purpose.is_urgent else outgoing.resumed_at
    return resumed_at or outgoing.queued_at
