"""Sweep what is parked: let it go, or drop it, once somebody has decided; drop what nobody decided about.

Each message is queued before it is taken away, so that none is lost; that one may be queued twice does no
harm, since it is sent once.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from typing import Final

from reachable import aws
from reachable.buckets import parked
from reachable.flows import alarm
from reachable.flows import hold as hold_flow
from reachable.log import Event, logger
from reachable.model.group import PARKED_FOR, Hold, HoldState, Sweep
from reachable.model.message import Dropped, Message, MessageStatus, Outgoing
from reachable.model.send import Purpose
from reachable.queues import outbound
from reachable.rules import pace
from reachable.store import groups
from reachable.store.messages import sending

WARNED: Final = timedelta(days=3)
"""How long before a parked message's end somebody is told."""
ONCE_MORE: Final = timedelta(hours=1)
"""How long after a decision its hold is swept once more: longer than a worker runs that has it still."""
LONGEST: Final = timedelta(minutes=16)
"""Longer than a sweep can take: who began one so long ago is dead."""


def for_seconds(seconds: float) -> Callable[[], bool]:
    """Whether a sweep may go on: for so long."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() < end


def decided(now: datetime, may_go_on: Callable[[], bool]) -> Sweep:
    """Sweep all holds about which somebody has decided; what became of messages.

    Raises:
        What the first message failed with that could be neither queued nor dropped; other holds are swept.
    """
    total = Sweep(finished=True)
    failures: list[Exception] = []
    for group, hold in groups.holds():
        if hold.state is HoldState.HELD:
            continue
        try:
            swept = sweep(group, hold, now, may_go_on)
        except Exception as failed:  # noqa: BLE001 - raised below: one hold must not stop the next
            failures.append(failed)
            continue
        total = _sum(total, swept)
        if swept.finished and now - hold.at > ONCE_MORE:
            groups.forget(group, hold)
    if failures:
        raise failures[0]
    return total


def sweep(
    group: str, hold: Hold, now: datetime, may_go_on: Callable[[], bool], lease: timedelta = LONGEST
) -> Sweep:
    """Sweep what is parked under a hold that was decided, until nothing is left or it may not go on.

    One sweep of a hold at a time: another that comes meanwhile leaves it to the one that is at work.

    Raises:
        What the first message failed with; the others that came with it are swept.
    """
    total, finished, failed = Sweep(), False, None
    if not groups.begin_sweep(group, hold, now, now + lease):
        return total
    try:
        while failed is None and not finished and may_go_on():
            message_ids = [message_id for message_id, _ in parked.first(hold.id)]
            swept, failed = _messages(hold, message_ids, now)
            total = _sum(total, swept)
            finished = not message_ids
    finally:
        total = replace(total, finished=finished)
        _note(group, hold, total)
        groups.end_sweep(group, hold)
    if failed is not None:
        raise failed
    return total


def _note(group: str, hold: Hold, swept: Sweep) -> None:
    """What is only shown fails nothing."""
    try:
        groups.add_swept(group, hold, swept)
    except aws.FAILURES as failed:
        logger.error(Event.SWEEP_NOT_NOTED, error=type(failed).__name__)


def expired(now: datetime, may_go_on: Callable[[], bool]) -> Sweep:
    """Drop what has been parked for 30 days, and tell of what will be within three. The holds stay.

    Raises:
        What the first message failed with; others are dropped.
    """
    total, failures = Sweep(), list[Exception]()
    near_their_end: Counter[str] = Counter()
    for group, hold in groups.holds():
        if hold.state is not HoldState.HELD or now - hold.at < PARKED_FOR - WARNED:
            continue
        for page in takewhile(lambda _: may_go_on(), parked.pages(hold.id)):
            near_their_end[group] += sum(PARKED_FOR - WARNED <= now - since < PARKED_FOR for _, since in page)
            over = [message_id for message_id, since in page if now - since >= PARKED_FOR]
            if not over:
                continue
            if not hold.is_still(groups.said(group)):
                break  # somebody has decided just now: it is theirs
            swept, failed = _messages(hold, over, now)
            _note(group, hold, swept)
            total = _sum(total, swept)
            failures += [failed] if failed is not None else []
    alarm.parked(+near_their_end, WARNED.days)
    if failures:
        raise failures[0]
    return total


def _messages(hold: Hold, message_ids: Sequence[str], now: datetime) -> tuple[Sweep, Exception | None]:
    """Queue or drop these, tell of emergencies among them, then take them away.

    What became of them, and with what the first failed. Told before they are taken away: who dies in between
    finds them again, dropped already, and tells then.
    """
    results = aws.settled(partial(_message, hold, now), message_ids)
    tried = list(zip(message_ids, results, strict=True))
    ended = [result for _, result in tried if isinstance(result, _Ended)]
    lost = ((each.outgoing, each.why.value) for each in ended if each.why is not None and _is_a_loss(each))
    alarm.emergencies(lost, now)
    dropped = [each for each in ended if each.why is not None and each.just_now]
    counted = ((each.outgoing.batch_id, _word(each.why)) for each in dropped)
    hold_flow.count((((batch_id,), word) for batch_id, word in counted if batch_id is not None), now)
    failed = next((result for _, result in tried if isinstance(result, Exception)), None)
    done = [message_id for message_id, result in tried if not isinstance(result, Exception)]
    try:
        if done:
            parked.delete(hold.id, done)
    except aws.FAILURES as failure:
        failed = failed or failure
    return Sweep(sum(each.why is None for each in ended), len(dropped)), failed


def _word(why: Dropped | None) -> str:
    """Under what it counts in its batch, as dispatch counts it."""
    return (Dropped.CANCELLED if why is Dropped.CANCELLED else Dropped.DROPPED).value


def _is_a_loss(ended: "_Ended") -> bool:
    """What somebody has cancelled is none."""
    return ended.outgoing.purpose is Purpose.EMERGENCY and ended.why is not Dropped.CANCELLED


@dataclass(frozen=True, slots=True)
class _Ended:
    """What became of a parked message; ``why`` it was dropped, None where it was queued.

    ``just_now``: by this sweep; else by one that may have died before it told.
    """

    outgoing: Outgoing
    why: Dropped | None
    just_now: bool = True


def _message(hold: Hold, now: datetime, message_id: str) -> _Ended | None:
    """Queue it anew, or drop it; None where somebody has taken it away, cancelled it or sent it."""
    body = parked.get(hold.id, message_id)
    if body is None:
        return None
    outgoing = replace(outbound.read(body), resumed_at=now, attempts=0)
    why = _WHY.get(hold.state, Dropped.TOO_OLD)
    if hold.state is HoldState.RESUMED and not pace.is_too_old(outgoing, now):
        outbound.put(outgoing)
        return _Ended(outgoing, None)
    dropped = sending.drop(message_id, why, now)
    if dropped.ours:
        return _Ended(outgoing, why)
    return _Ended(outgoing, why, just_now=False) if _was_dropped(dropped.message) else None


def _was_dropped(message: Message | None) -> bool:
    return (
        message is not None
        and message.status is MessageStatus.DROPPED
        and message.reason != Dropped.CANCELLED
    )


_WHY: Final = {HoldState.DROPPED: Dropped.DROPPED, HoldState.CANCELLED: Dropped.CANCELLED}
"""Of what is let go, or still held after its time, the age is the reason."""


def _sum(first: Sweep, second: Sweep) -> Sweep:
    resumed, dropped = first.resumed + second.resumed, first.dropped + second.dropped
    return Sweep(resumed, dropped, first.finished and second.finished)
