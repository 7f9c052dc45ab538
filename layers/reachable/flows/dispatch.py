"""Dispatch what came together: ask the gate and what is held, send each, tell what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from reachable import aws, senders
from reachable.flows import alarm, check, hold, send
from reachable.flows.send import DispatchOutcome
from reachable.model.message import Outgoing
from reachable.model.send import Purpose, Recipient, Verdict
from reachable.rules.hold import Ruling


def ask(outgoing: Sequence[Outgoing]) -> list[Verdict]:
    """What the gate says now, of all that came together. A BatchGetItem for users, one for statuses.

    Raises:
        Unavailable: a status cannot be read. Then nothing of it is sent.
    """
    return check.recipients(
        [
            Recipient(user_id=message.user_id, channel=message.channel, purpose=message.purpose)
            for message in outgoing
        ]
    )


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What became of messages that came together, in order; one that fails must not take others with it.

    ``held`` are the batches, senders and domains that are held from now on; ``exempted`` how many were sent
    since their purpose passes the block.
    """

    results: list[DispatchOutcome | Exception]
    held: list[str]
    exempted: int


def batch(outgoing: Sequence[Outgoing], now: datetime) -> Dispatched:
    """Send messages side by side, each through the gate.

    Raises:
        Unavailable: the gate cannot be asked, or what is held cannot be told. Nothing is sent unasked.
        botocore's errors, likewise.
    """
    verdicts = ask(outgoing)
    parts = [_part(*pair) for pair in zip(outgoing, verdicts, strict=True)]
    rulings, held = hold.ask(parts, now)
    began = datetime.now(UTC)

    def attempt(asked: tuple[Outgoing, Verdict, Ruling]) -> DispatchOutcome:
        """At the time at which its turn comes: a claim must not be older than a reset that let it pass."""
        return send.message(*asked, now + (datetime.now(UTC) - began))

    results = aws.settled(attempt, zip(outgoing, verdicts, rulings, strict=True))
    _tell(parts, verdicts, results, now)
    exempted = sum(
        result is DispatchOutcome.SENT and verdict.exempted
        for result, verdict in zip(results, verdicts, strict=True)
    )
    return Dispatched(results, held, exempted)


def _tell(
    parts: Sequence[hold.Part],
    verdicts: Sequence[Verdict],
    results: Sequence[DispatchOutcome | Exception],
    now: datetime,
) -> None:
    """Tell of emergencies that go nowhere, and that urgent messages found no room; and count."""
    ended = list(zip(parts, verdicts, results, strict=True))
    lost = [(part.outgoing, str(result)) for part, _, result in ended if _is_lost(part.outgoing, result)]
    alarm.emergencies(lost, now)
    put_off = [part for part, _, result in ended if result is DispatchOutcome.PUT_OFF]
    hold.note_urgent_put_off((part for part in put_off if part.outgoing.purpose.is_urgent), now)
    words = ((part.groups, _word(result, verdict)) for part, verdict, result in ended)
    hold.count(((groups, word) for groups, word in words if word), now)


def _is_lost(outgoing: Outgoing, result: DispatchOutcome | Exception) -> bool:
    return outgoing.purpose is Purpose.EMERGENCY and result in _LOST


_LOST: Final = frozenset(
    {
        DispatchOutcome.BLOCKED,
        DispatchOutcome.DROPPED,
        DispatchOutcome.HELD,
        DispatchOutcome.UNCERTAIN,
        DispatchOutcome.REFUSED,
        DispatchOutcome.DENIED,  # until a person mends it
        DispatchOutcome.LOST,
    }
)


def _part(outgoing: Outgoing, verdict: Verdict) -> hold.Part:
    """Of which batch, sender and receiving domain a message is a part."""
    provider = senders.provider_of(outgoing.channel)
    return hold.part(outgoing, provider, verdict.credential if verdict.send else None)


def _word(result: DispatchOutcome | Exception, verdict: Verdict) -> str | None:
    """Under what a message counts; None of one that is not at its end, or has been counted before."""
    match result:
        case DispatchOutcome.BLOCKED:
            return f"blocked_{verdict.reason}"
        case (
            DispatchOutcome.SENT
            | DispatchOutcome.REFUSED
            | DispatchOutcome.UNCERTAIN
            | DispatchOutcome.DROPPED
            | DispatchOutcome.CANCELLED
        ):
            return result.value
        case _:
            return None
