"""Stop before the damage: whether what is left of a batch, or for a sender or domain, is held back.

A list of dead addresses, or a receiving domain that refuses everybody for an hour, would mark thousands bad
and cost the sender's reputation. Past a share of permanent bounces somebody looks first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from reachable.model.credential import Credential, CredentialKind
from reachable.model.group import Tally

WHOLE: Final = "whole"
"""The window of a batch: all of it."""
BOUNCED: Final = "bounced_for_good"
"""Under which word a message counts that bounced."""
OTHERS: Final = ("sender:", "domain:")
"""How the groups begin that are no client's batch."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many messages on, and past what share of permanent bounces among them."""

    share: float
    minimum: int


def groups(batch_id: str | None, provider: str, credential: Credential) -> tuple[str, ...]:
    """Of what a message is a part: its batch, its sender, its receiving domain."""
    found = [batch_id] if batch_id is not None else []
    found.append(f"sender:{provider}")
    if credential.kind is CredentialKind.EMAIL:
        found.append(f"domain:{credential.address.rpartition('@')[2]}")
    return tuple(found)


def window(group: str, at: datetime) -> str:
    """In which window a message counts: a batch is one, of others each hour."""
    return f"{at:%Y-%m-%dT%H}" if group.startswith(OTHERS) else WHOLE


def windows(group: str, now: datetime) -> tuple[str, ...]:
    """The windows whose messages are the last ones."""
    return tuple(dict.fromkeys((window(group, now), window(group, now - timedelta(hours=1)))))


def must_hold(tallies: Iterable[Tally], limits: Limits) -> bool:
    """Whether the share of permanent bounces among the last messages passes the limit."""
    last = total(tallies)
    return last.sent >= limits.minimum and last.bounced > limits.share * last.sent


def total(tallies: Iterable[Tally]) -> Tally:
    """Of several windows together."""
    listed = tuple(tallies)
    return Tally(sum(tally.sent for tally in listed), sum(tally.bounced for tally in listed))
