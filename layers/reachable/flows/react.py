"""React to what moved: tell it on the bus, keep the lists, and have released what was reset.

The streams bring records, of both tables. What of a record cannot be done goes to the queue ``reactions``,
which brings it again by itself, and nobody else's waits for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from math import ceil
from typing import Any, Final, assert_never

from reachable import aws, settings
from reachable.flows import keep_lists, release
from reachable.model.bus_event import BusEvent, MessageMoved, StatusMoved
from reachable.model.credential import Credential
from reachable.model.errors import ParseError, Unavailable
from reachable.queues import bus, reactions
from reachable.queues.reactions import Due
from reachable.rules import announcements
from reachable.rules import status as status_rules
from reachable.secrets import event_ids
from reachable.store.credentials import holders, registers
from reachable.store.credentials import stream as credentials_stream
from reachable.store.credentials.stream import Held, WasReset
from reachable.store.messages import stream as messages_stream

WITH_ADDRESS: Final = settings.optional("INCLUDE_ADDRESS", default="false") == "true"
"""Whether events name the address or number."""
_LINES_AT_ONCE: Final = 490
"""So many lines of one credential a stream waits for; more are the queue's."""

type Record = Mapping[str, Any]
type Told = StatusMoved | MessageMoved | Held | WasReset | None


def to_records(records: Sequence[Record]) -> list[Exception]:
    """Do what follows from a stream's records; what of them failed, which the queue has by now.

    A Query and a PutEvents for what is told, a BatchGetItem for whose holders were written, and what
    `keep_lists.of` costs for each that is or was bad.

    Raises:
        botocore's errors: the queue did not take what failed, or what was reset.
    """
    told = [(record, _read(record)) for record in records]
    failed = [what for _, what in told if isinstance(what, Exception)]
    untold = _tell([(record, what) for record, what in told if not isinstance(what, Exception)])
    reactions.put_records([record for record, what in told if isinstance(what, Exception)])
    reactions.put_records([record for record, _ in untold])
    unkept = _keep_lists([what for _, what in told if isinstance(what, StatusMoved | Held)])
    reset = {what.credential for _, what in told if isinstance(what, WasReset)}
    reactions.put(str(credential) for credential in sorted({*reset, *unkept}))
    return [*failed, *(why for _, why in untold), *filter(None, unkept.values())]


def to_due(due: Due, now: datetime) -> None:
    """Do what a message of the queue asks for; what is to be done later comes by another message.

    Raises:
        ParseError: it brings a record that nobody can read.
        What it failed with, once all has been tried.
    """
    if due.record is not None:
        what = _read(due.record)
        if isinstance(what, Exception):
            raise what
        for _, why in _tell([(due.record, what)]):
            raise why
        return
    assert due.credential is not None  # noqa: S101 - a message has one or the other
    _look_after(due.credential, now)


def _look_after(credential: Credential, now: datetime) -> None:
    """Lists and release know nothing of each other: what keeps one keeps the other not."""
    [kept] = aws.settled(keep_lists.of, [credential])
    again = release.credential(credential, now)
    if kept is False:
        again = now
    if again is not None:
        delay = ceil(max(1.0, (again - now).total_seconds()))
        reactions.put([str(credential)], delay)
    if isinstance(kept, Exception):
        raise kept


def _read(record: Record) -> Told | ParseError:
    try:
        if "entity" in record["dynamodb"]["Keys"]:
            return messages_stream.of_record(record)
        return credentials_stream.of_record(record)
    except (KeyError, TypeError, AttributeError, ValueError) as unreadable:
        return ParseError("reactions", "$", f"no record: {type(unreadable).__name__}")


def _tell(told: Sequence[tuple[Record, Told]]) -> list[tuple[Record, Exception]]:
    """Publish what there is to tell; the records of which it could not be, and why."""
    records, moved = [record for record, _ in told], [what for _, what in told]
    made = list(zip(records, aws.settled(_event, moved), strict=True))
    failed = [(record, why) for record, why in made if isinstance(why, Exception)]
    events = [(record, event) for record, event in made if isinstance(event, BusEvent)]
    try:
        left = {event.id for event in bus.put([event for _, event in events])} if events else set()
    except aws.FAILURES as refused:
        return [*failed, *((record, refused) for record, _ in events)]
    not_taken = Unavailable("The bus did not take the event.")
    return [*failed, *((record, not_taken) for record, event in events if event.id in left)]


def _event(what: Told) -> BusEvent | None:
    match what:
        case StatusMoved():
            announced = announcements.of_status(what)
            if announced is None:
                return None
            current = holders.standing(what.credential).current
            return announcements.of_credential(
                announced, current, key=event_ids.key(), with_address=WITH_ADDRESS
            )
        case MessageMoved():
            return announcements.of_message(what)
        case Held() | WasReset() | None:
            return None
        case _:
            assert_never(what)


def _keep_lists(moved: Iterable[StatusMoved | Held]) -> dict[Credential, Exception | None]:
    """Work the lists out anew of whom it concerns; of which it could not be done, or not all of it, and why.

    Of holders alone nothing follows where nothing ever closed: an import writes many.
    """
    concerned = list(moved)
    status = {what.credential for what in concerned if isinstance(what, StatusMoved)}
    held = {what.credential for what in concerned} - status
    was_closed = _ever_closed(held)
    unread: dict[Credential, Exception | None] = {
        credential: closed for credential, closed in was_closed.items() if isinstance(closed, Exception)
    }
    wanted = sorted({*status, *(credential for credential, closed in was_closed.items() if closed is True)})
    done = aws.settled(lambda credential: keep_lists.of(credential, _LINES_AT_ONCE), wanted)
    unkept = {
        credential: result if isinstance(result, Exception) else None
        for credential, result in zip(wanted, done, strict=True)
        if result is not True
    }
    return unread | unkept


def _ever_closed(held: AbstractSet[Credential]) -> dict[Credential, bool | Exception]:
    """Whether anything ever closed them; why that can't be told of one, which is its own matter."""
    if not held:
        return {}
    [known] = aws.settled(registers.statuses, [held])
    if isinstance(known, Exception):
        return dict.fromkeys(held, known)
    judged = aws.settled(lambda credential: bool(status_rules.all_blocks(known[credential])), known)
    return dict(zip(known, judged, strict=True))
