"""Hold back what would do damage: count what became of messages, hold a group, or tell of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from reachable import settings
from reachable.aws import FAILURES
from reachable.log import Event, logger
from reachable.model.credential import Credential
from reachable.model.details import Detail
from reachable.model.errors import NotFound
from reachable.model.group import Group, Hold, HoldState
from reachable.model.message import Message, Outgoing
from reachable.rules import hold as hold_rules
from reachable.rules.hold import Limits
from reachable.store import batches

LIMITS: Final = Limits(
    settings.optional("HOLD_BOUNCE_SHARE", 0.10, float), settings.optional("HOLD_MINIMUM", 100, int)
)
RESUMED_FOR: Final = timedelta(hours=24)
"""How long a sender or domain that was let go is not held again; a batch never is."""
DELAY_SECONDS: Final = 900
"""After which a held message looks again."""


class Permit(StrEnum):
    """What a message may do now."""

    GO = "go"
    HOLD = "hold"
    DROP = "drop"


def ask(parts: Sequence[tuple[str, ...]], now: datetime) -> tuple[list[Permit], list[str]]:
    """What each message may do, by the groups that it is a part of; and the groups held just now.

    1 BatchGetItem for all that came together, and a write unit for each group that is held just now.
    """
    named = {group for groups in parts for group in groups}
    if not named:
        return [Permit.GO for _ in parts], []
    known = batches.known({group: hold_rules.windows(group, now) for group in named})
    answers: dict[str, Permit] = {}
    held: list[str] = []
    for group in named:
        answers[group], just_now = _answer(group, known[group], now)
        held += [group] if just_now else []
    return [_strictest(answers[group] for group in groups) for groups in parts], held


def _answer(group: str, known: Group, now: datetime) -> tuple[Permit, bool]:
    """What a part of this group may do, and whether it is held just now."""
    said = known.hold
    if said is not None and said.state is HoldState.HELD:
        return Permit.HOLD, False
    if said is not None and _counts_still(group, said, now):
        return Permit.DROP if said.state is HoldState.DROPPED else Permit.GO, False
    if not hold_rules.must_hold(known.tallies.values(), LIMITS):
        return Permit.GO, False
    last = hold_rules.total(known.tallies.values())
    figures = f"{last.bounced} of the last {last.sent} messages bounced for good"
    return Permit.HOLD, batches.hold(group, figures, said, now)


def _counts_still(group: str, said: Hold, now: datetime) -> bool:
    """What was decided of a batch counts for ever; a sender or domain goes on, and may fail anew."""
    return not group.startswith(hold_rules.OTHERS) or now - said.at < RESUMED_FOR


def _strictest(answers: Iterable[Permit]) -> Permit:
    found = set(answers)
    return next((one for one in (Permit.DROP, Permit.HOLD) if one in found), Permit.GO)


def count(ended: Iterable[tuple[tuple[str, ...], str]], now: datetime) -> None:
    """Count what became of messages: their groups, and a word. 1 write unit a group."""
    _add(((group, hold_rules.window(group, now), word) for groups, word in ended for group in groups), now)


def count_bounced(bounced: Iterable[Message], now: datetime) -> None:
    """Count messages of ours that bounced for good, where they were sent. 1 write unit a group and hour."""
    _add(
        (
            (group, hold_rules.window(group, message.sent_at or message.queued_at), hold_rules.BOUNCED)
            for message in bounced
            if message.provider is not None and message.credential is not None
            for group in hold_rules.groups(message.batch_id, message.provider, message.credential)
        ),
        now,
    )


def _add(counted: Iterable[tuple[str, str, str]], now: datetime) -> None:
    """Add up, then write a number a group and window.

    What only counts fails nothing: what was done stays done, and a repeat would add it twice.
    """
    numbers: dict[tuple[str, str], Counter[str]] = {}
    for group, window, word in counted:
        numbers.setdefault((group, window), Counter())[word] += 1
    for (group, window), words in numbers.items():
        try:
            batches.count(group, window, words, now)
        except FAILURES as failed:
            logger.error(Event.BATCH_NOT_COUNTED, group_kind=_kind(group), error=type(failed).__name__)


def _kind(group: str) -> str:
    """What of a group may stand in a log: a domain may be one family's own."""
    return next((prefix.rstrip(":") for prefix in hold_rules.OTHERS if group.startswith(prefix)), "batch")


def groups_of(outgoing: Outgoing, provider: str, credential: Credential | None) -> tuple[str, ...]:
    """Of what a message is a part; of who has no credential of its batch alone."""
    if credential is None:
        return (outgoing.batch_id,) if outgoing.batch_id is not None else ()
    return hold_rules.groups(outgoing.batch_id, provider, credential)


def shown(group: str) -> tuple[Group, Mapping[str, int]]:
    """A batch, sender or domain: what is known, and its counts over all windows. 1 Query.

    Raises:
        NotFound: nothing is known of such a one.
    """
    known = batches.whole(group)
    if known is None:
        raise NotFound(Detail.NO_SUCH_BATCH)
    total: Counter[str] = Counter()
    for numbers in known.counts.values():
        total.update(numbers)
    return known, total
