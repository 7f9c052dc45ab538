"""Apply delivery events: the message, the credential's history, its status; last what is only counted.

`rules.event` decides. Each write can come twice, and each stands before what depends on it: should one fail,
the queue brings the event again, the history item is there already with what was decided, and the status
moves then. What only counts never fails or delays what blocks.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from reachable import aws
from reachable.flows import move_message
from reachable.model.credential import Credential
from reachable.model.delivery_event import DeliveryEvent
from reachable.model.message import Message, Moved
from reachable.model.statistics import Counted
from reachable.model.status import Block, Delivery, TransientBounce
from reachable.rules import event as event_rules
from reachable.rules import statistics as statistics_rules
from reachable.rules import status as status_rules
from reachable.rules.event import Effect, Known, ReceivedEvent
from reachable.store.credentials import history, registers


@dataclass(frozen=True, slots=True)
class Applied:
    """What events did, in numbers. ``bounced`` are the messages that count as bounces of their groups.

    ``counted`` are those that were told for the first time, for the statistics.

    ``failed`` is why one of them could not be applied, which is to come again; the others are.
    """

    events: int = 0
    blocked: int = 0
    of_the_sender: int = 0
    bounced: tuple[Message, ...] = ()
    counted: tuple[Counted, ...] = ()
    failed: Exception | None = None


@dataclass(frozen=True, slots=True)
class _Done:
    """What one did. ``is_new``: the history had it not; None where it does not stand there."""

    effect: Effect
    blocked: bool = False
    is_new: bool | None = None
    counted: Counted | None = None


def events(
    events_: Iterable[DeliveryEvent],
    received_at: datetime,
    *,
    account: str | None = None,
    raw: str | None = None,
) -> Applied:
    """Apply each event; applying one twice, or late, gives the same as once and in time.

    ``received_at`` is when we first received them, ``account`` the provider's that told them; ``raw`` names
    the object that keeps what the provider said. Several are applied side by side, in no order: the status
    does not depend on it. A bounce costs 2 write units, 1 where it moves no register, and 1 to 3 for its
    message. Where transient bounces are counted, one of them costs 1 read unit more, and a delivery 1 write
    unit; deliveries are written down once all that blocks is.
    """

    def apply(told: DeliveryEvent) -> _Done:
        event = event_rules.received(told, account, received_at, raw)
        known = move_message.by_event(event)
        effect = _decide(event, known)
        was_told = _settle(event.credential, effect)
        done = _write(effect)
        is_new = False if was_told else done.is_new
        return replace(done, counted=statistics_rules.counted(event, known, effect.credential, is_new=is_new))

    results = aws.settled(apply, events_)
    effects = [result.effect for result in results if not isinstance(result, Exception)]
    arrived = {(effect.credential, effect.delivery) for effect in effects if effect.delivery is not None}
    untold = aws.settled(_deliver, arrived)
    return _sum([*results, *(result for result in untold if result is not None)])


def event(event: DeliveryEvent, now: datetime) -> None:
    """Apply an event of which nobody but who calls will hear.

    Raises:
        What it failed with: nothing, or not all of it, was written.
    """
    failed = events([event], now).failed
    if failed is not None:
        raise failed


def refused(event: DeliveryEvent, message: Message, now: datetime) -> None:
    """Apply what the provider answered at once to a message that dispatch gave it: no event will repeat it.

    So what blocks is written first; should a worker die before the message is told, that is uncertain.

    It counts as no bounce: among those that were sent it is none.

    Raises:
        botocore's errors.
    """
    answer = event_rules.received(event, None, now)
    known = Known(Moved(message, had_bounced=False), message.sent_at)
    _write(_decide(answer, known))
    move_message.of_dispatch(message.id, answer)


def link(message: Message) -> Applied:
    """Say by which provider's id a message that dispatch sent goes, and apply what was said of it before."""

    def apply(bounce: ReceivedEvent) -> _Done:
        return _write(_decide(bounce, move_message.of_dispatch(message.id, bounce)))

    return _sum([apply(bounce) for bounce in move_message.link(message)])


def _decide(event: ReceivedEvent, known: Known) -> Effect:
    return event_rules.decide(event, known, registers.TERMS)


def _deliver(arrived: tuple[Credential, Delivery]) -> None:
    registers.move(*arrived)


def _settle(named: Credential, effect: Effect) -> bool:
    """Move the status of whom an event names, where it stands in their history and blames another by now.

    Whether it stands there.

    It came before we knew that its message was forwarded, and who wrote it down died before the status moved.
    Half a read unit, of forwarded bounces alone.
    """
    if effect.history is None or effect.credential == named:
        return False
    found = history.items(named, [effect.history.hex]).values()
    for item in found:
        change = status_rules.change_of(item)
        if change is not None:
            registers.move(named, change)
    return bool(found)


def _write(effect: Effect) -> _Done:
    """History first; whether it is new there, and whether a block register moved."""
    if effect.history is None:
        return _Done(effect)
    stands = history.record(effect.credential, effect.history)
    is_new = stands is effect.history
    change = status_rules.change_of(stands)
    if change is None:
        return _Done(effect, is_new=is_new)
    moved = registers.move(effect.credential, change)
    return _Done(effect, moved and isinstance(change, Block | TransientBounce), is_new)


def _sum(results: Iterable[_Done | Exception]) -> Applied:
    listed = list(results)
    done = [result for result in listed if not isinstance(result, Exception)]
    return Applied(
        events=len(done),
        blocked=sum(one.blocked for one in done),
        of_the_sender=sum(one.effect.of_the_sender for one in done),
        bounced=tuple(one.effect.bounced for one in done if one.effect.bounced is not None),
        counted=tuple(one.counted for one in done if one.counted is not None),
        failed=next((result for result in listed if isinstance(result, Exception)), None),
    )
