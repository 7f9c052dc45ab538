"""Stop before the damage: whether what is left of a batch, or for a sender or domain, is held back.

A list of dead addresses, or a receiving domain that refuses everybody for an hour, would mark thousands bad
and cost the sender's reputation. Past a share of permanent bounces somebody looks first. Ops may hold any of
them by hand, or ``all``. No hold stops a sign-in code or an emergency, unless ops have said so of ``all``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from reachable.model.credential import Credential
from reachable.model.group import ALL, NOTHING, Hold, HoldState, Tally
from reachable.model.message import Outgoing

WHOLE: Final = "whole"
"""The window of a batch: all of it."""
BOUNCED: Final = "bounced_for_good"
"""Under which word a message counts that bounced."""
SENDER: Final = "sender:"
DOMAIN: Final = "domain:"
OTHERS: Final = (SENDER, DOMAIN)
"""How the groups begin that are no client's batch; no batch's id has a colon."""
RESUMED_FOR: Final = timedelta(hours=24)
"""How long a sender or domain that was let go is not held again; a batch never is."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many messages on, and past what share of permanent bounces among them."""

    share: float
    minimum: int


class Permit(StrEnum):
    """What a message may do now. ``wait``: an urgent one has just found no room at the same provider."""

    GO = "go"
    WAIT = "wait"
    PARK = "park"
    DROP = "drop"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a message may do, and by which hold of which group."""

    permit: Permit
    group: str | None = None
    hold: Hold | None = None


GO: Final = Ruling(Permit.GO)


def is_batch_id(text: str) -> bool:
    """Whether a client may call a batch so: what a path carries as it is (RFC 3986, unreserved).

    No browser must take it for a way up (``..``), and ``all`` is the name of all.
    """
    return text != ALL and _BATCH_ID.fullmatch(text) is not None


def is_group(text: str) -> bool:
    """Whether it can name what is held together."""
    return text == ALL or is_batch_id(text) or _OTHER.fullmatch(text) is not None


_BATCH_ID: Final = re.compile(r"(?!\.+\Z)[A-Za-z0-9._~-]{1,100}")
_OTHER: Final = re.compile(r"sender:[a-z0-9_]{1,40}|domain:[a-z0-9.-]{1,255}")


def groups(batch_id: str | None, provider: str, credential: Credential) -> tuple[str, ...]:
    """Of what a message is a part: its batch, its sender, its receiving domain."""
    found = [batch_id] if batch_id is not None else []
    found.append(f"{SENDER}{provider}")
    if credential.domain is not None:
        found.append(f"{DOMAIN}{credential.domain}")
    return tuple(found)


def window(group: str, at: datetime) -> str:
    """In which window a message counts: a batch is one, of others each hour."""
    return f"{at:%Y-%m-%dT%H}" if group.startswith(OTHERS) else WHOLE


def windows(group: str, now: datetime) -> tuple[str, ...]:
    """The windows whose messages are the last ones; none of ``all``, which nothing but a person holds."""
    if group == ALL:
        return ()
    return tuple(dict.fromkeys((window(group, now), window(group, now - timedelta(hours=1)))))


def must_hold(group: str, said: Hold | None, tallies: Iterable[Tally], limits: Limits, now: datetime) -> bool:
    """Whether a group is to be held: its share of bounces passes the limit, and nobody has let it go.

    What was decided of a batch counts for ever; a sender or domain goes on, and may fail anew.
    """
    if said is not None and (said.state is HoldState.HELD or not _may_fail_anew(group, said, now)):
        return False
    last = total(tallies)
    return last.sent >= limits.minimum and last.bounced > limits.share * last.sent


def _may_fail_anew(group: str, said: Hold, now: datetime) -> bool:
    return group.startswith(OTHERS) and now - said.at >= RESUMED_FOR


def total(tallies: Iterable[Tally]) -> Tally:
    """Of several windows together."""
    return sum(tallies, NOTHING)


def ruling(outgoing: Outgoing, said: Mapping[str, Hold | None]) -> Ruling:
    """What a message may do, by what was said of its groups: the strictest of them.

    A cancelled batch is cancelled for all. What is urgent passes every other hold, except where ops said that
    of ``all`` it does not.
    """
    found = [
        Ruling(permit, group, hold)
        for group, hold in said.items()
        if hold is not None
        and (permit := _permit(outgoing, group, hold)) is not Permit.GO
        and (permit is Permit.CANCEL or _stops_urgent(outgoing, hold) or not outgoing.purpose.is_urgent)
    ]
    return max(found, key=lambda ruling: list(Permit).index(ruling.permit), default=GO)


def _permit(outgoing: Outgoing, group: str, hold: Hold) -> Permit:
    """A batch that was dropped is at its end; a sender, a domain and all go on with what is queued later."""
    if not goes_on(group):
        return _BY_STATE[hold.state]
    if hold.dropped is not None and outgoing.queued_at < hold.dropped.before:
        return Permit.DROP
    return Permit.GO if hold.state is HoldState.DROPPED else _BY_STATE[hold.state]


def _stops_urgent(outgoing: Outgoing, hold: Hold) -> bool:
    if hold.dropped is not None and outgoing.queued_at < hold.dropped.before:
        return hold.dropped.urgent_too
    return hold.urgent_too


def goes_on(group: str) -> bool:
    """Whether more comes after what was decided: of a sender, a domain and all; not of a batch."""
    return group == ALL or group.startswith(OTHERS)


_BY_STATE: Final = {
    HoldState.HELD: Permit.PARK,
    HoldState.RESUMED: Permit.GO,
    HoldState.DROPPED: Permit.DROP,
    HoldState.CANCELLED: Permit.CANCEL,
}
