"""Send one message, or write down why not: claim it, give it to its provider, say what came of that.

At most once: all that may fail is done before the claim, the claim stands before the call, and a sender
makes one attempt. Who finds a claim that is old does not know whether the message went out, and says so; it
is never sent again by itself.

What the provider puts off goes back to the queue, what is held is parked, and what is too old is dropped: a
message ends by its age, never by tries.
"""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from reachable import senders, settings
from reachable.flows import apply, hold, park
from reachable.log import Event, logger
from reachable.model import tags
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind
from reachable.model.errors import MessageRefused, PutOff, RecipientRefused, SendUncertain, Unavailable
from reachable.model.message import Dropped, Message, MessageStatus, Outgoing
from reachable.model.send import Purpose, Refusal, Verdict
from reachable.queues import outbound
from reachable.rules import event as event_rules
from reachable.rules import pace, segments
from reachable.rules.hold import Permit, Ruling
from reachable.secrets import unsubscribe_links
from reachable.senders import Attempt
from reachable.store.messages import last_messages, record, sending, uncertain_messages
from reachable.store.messages.sending import Claimed

CLAIM_LEASE: Final = timedelta(minutes=3)
"""Longer than the function may run: an older claim is that of a worker that died."""
PUBLIC_URL: Final = settings.text("PUBLIC_URL").rstrip("/")
"""Where the API is reached from outside."""


class DispatchOutcome(StrEnum):
    """What became of one message from the queue."""

    SENT = "sent"
    BLOCKED = "blocked"
    PUT_OFF = "put_off"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    DENIED = "denied"
    """It was put off since the provider refuses us leave: a person must mend that."""
    GAVE_WAY = "gave_way"
    """It went back unasked: an urgent message had just found no room at its provider."""
    HELD = "held"
    DROPPED = "dropped"
    CANCELLED = "cancelled"
    ENDED = "ended"
    """It had been sent, blocked or dropped before: the queue brought it twice."""
    LOST = "lost"
    """So it had, and did not reach anybody: an emergency, of which is told once more."""


def message(outgoing: Outgoing, verdict: Verdict, ruling: Ruling, now: datetime) -> DispatchOutcome:
    """Send a message, or write down why not. Held, dropped: 1 write unit; blocked 2; sent 4 and a read unit.

    Raises:
        Unavailable: another worker has it just now, or a table did not answer: to be tried again later.
    """
    stopped = _stopped(outgoing, verdict, ruling, now)
    if stopped is not None:
        return stopped
    assert verdict.credential is not None  # noqa: S101 - whom nobody can reach is blocked
    whole = replace(outgoing, label=verdict.label, unsubscribe_url=_unsubscribe_url(outgoing))
    try:
        attempt = senders.prepare(whole, verdict.credential)
    except MessageRefused as refused:
        return _stop(
            outgoing, DispatchOutcome.REFUSED, _unsendable(outgoing, verdict.credential, refused, now), now
        )
    provider = senders.provider_of(outgoing.channel)
    claimed = sending.claim(outgoing.id, provider, verdict.credential, verdict.label, now)
    if not claimed.ours or claimed.message is None:
        return _not_ours(outgoing, claimed.message, now)
    return _send(whole, claimed.message, attempt, verdict, now)


def _stop(outgoing: Outgoing, outcome: DispatchOutcome, claimed: Claimed, now: datetime) -> DispatchOutcome:
    """Who finds that somebody has begun to send says what became of that, not that it was stopped."""
    if not claimed.ours or claimed.message is None:
        return _not_ours(outgoing, claimed.message, now)
    last_messages.tell(claimed.message)
    return outcome


def _stopped(outgoing: Outgoing, verdict: Verdict, ruling: Ruling, now: datetime) -> DispatchOutcome | None:
    """What becomes of a message that must not go out, or not now; None of one that may."""
    why = _why_dropped(outgoing, ruling, now)
    if why is not None:
        ended = DispatchOutcome.CANCELLED if why is Dropped.CANCELLED else DispatchOutcome.DROPPED
        return _stop(outgoing, ended, sending.drop(outgoing.id, why, now), now)
    if not verdict.send or verdict.credential is None:
        return _stop(outgoing, DispatchOutcome.BLOCKED, _blocked(outgoing, verdict, now), now)
    if ruling.permit is Permit.PARK:
        return _park(outgoing, ruling, now)
    if ruling.permit is Permit.WAIT:
        outbound.put_back(outgoing, pace.give_way_seconds(_draw()))
        return DispatchOutcome.GAVE_WAY
    return None


def _why_dropped(outgoing: Outgoing, ruling: Ruling, now: datetime) -> Dropped | None:
    if ruling.permit is Permit.CANCEL:
        return Dropped.CANCELLED
    if ruling.permit is Permit.DROP:
        return Dropped.DROPPED
    return Dropped.TOO_OLD if pace.is_too_old(outgoing, now) else None


def _park(outgoing: Outgoing, ruling: Ruling, now: datetime) -> DispatchOutcome:
    """Out of the queue's way, until somebody has decided."""
    assert ruling.group is not None and ruling.hold is not None  # noqa: S101,PT018 - what parks is a hold
    outcome = _stop(outgoing, DispatchOutcome.HELD, sending.stop(outgoing.id, MessageStatus.HELD, now), now)
    if outcome is DispatchOutcome.HELD:
        park.park(outgoing, ruling.group, ruling.hold)
    return outcome


def _unsubscribe_url(outgoing: Outgoing) -> str | None:
    """Of what goes to many. A sign-in code or an emergency is nothing to unsubscribe from."""
    if outgoing.channel is not Channel.EMAIL or outgoing.purpose is not Purpose.GENERAL:
        return None
    return f"{PUBLIC_URL}/unsubscribe/{unsubscribe_links.token(outgoing.id)}"


def _blocked(outgoing: Outgoing, verdict: Verdict, now: datetime) -> Claimed:
    return sending.stop(
        outgoing.id,
        MessageStatus.BLOCKED,
        now,
        why=str(verdict.reason or Refusal.NO_SUCH_CHANNEL),
        credential=verdict.credential and str(verdict.credential),
    )


def _unsendable(
    outgoing: Outgoing, credential: Credential, refused: MessageRefused, now: datetime
) -> Claimed:
    return sending.stop(
        outgoing.id,
        MessageStatus.REJECTED,
        now,
        why=refused.cause.value,
        credential=str(credential),
        provider_code=refused.code,
    )


def _not_ours(outgoing: Outgoing, message: Message | None, now: datetime) -> DispatchOutcome:
    """Somebody has had it: it has ended, is being sent, or nobody will ever know.

    What has ended is finished once more: who had it may have died before all of it was written.
    """
    if message is None:
        raise Unavailable("The message has no record yet.")
    if message.status is MessageStatus.UNCERTAIN:
        uncertain_messages.put(message)
    if message.status is not MessageStatus.SENDING:
        _finish(message, now)
        return DispatchOutcome.LOST if _was_lost(message) else DispatchOutcome.ENDED
    if now - message.at[MessageStatus.SENDING] < CLAIM_LEASE:
        raise Unavailable("Another worker is sending this message.")
    moved = uncertain_messages.note(outgoing.id, now)
    if moved is not None:
        last_messages.tell(moved.message)
    return DispatchOutcome.UNCERTAIN


def _was_lost(message: Message) -> bool:
    """Who found that out may have died before they told of it. What somebody cancelled is no loss."""
    return (
        message.purpose is Purpose.EMERGENCY
        and message.reason != Dropped.CANCELLED
        and not _REACHED & message.at.keys()
    )


_REACHED: Final = frozenset(
    {MessageStatus.SENT, MessageStatus.DELAYED, MessageStatus.DELIVERED, MessageStatus.COMPLAINED}
)


def _send(
    outgoing: Outgoing, claimed: Message, attempt: Attempt, verdict: Verdict, now: datetime
) -> DispatchOutcome:
    try:
        sent = attempt()
    except PutOff as later:
        return _put_off(outgoing, claimed, later, now)
    except SendUncertain:
        moved = uncertain_messages.note(outgoing.id, now)
        outcome = DispatchOutcome.UNCERTAIN
    except RecipientRefused as refused:
        apply.refused(_event(outgoing, claimed, refused, now), claimed, now)
        return DispatchOutcome.REFUSED
    except MessageRefused as refused:
        moved = record.note(
            outgoing.id,
            {MessageStatus.REJECTED: now},
            {MessageStatus.REJECTED: refused.cause.value},
            provider_code=refused.code,
        )
        outcome = DispatchOutcome.REFUSED
    else:
        moved = record.note(
            outgoing.id,
            {MessageStatus.SENT: now},
            provider_message_id=event_rules.plain_id(sent.provider, sent.provider_message_id),
            segments=sent.segments,
            label_adds_segment=_label_adds_segment(outgoing) or None,
            exempted=str(verdict.reason) if verdict.exempted else None,
        )
        outcome = DispatchOutcome.SENT
    if moved is not None:
        _finish(moved.message, now)
    return outcome


def _finish(message: Message, now: datetime) -> None:
    """Make a message the newest of its credential; apply what was said of it before we knew its id."""
    last_messages.tell(message)
    hold.count_bounced(apply.link(message).bounced, now)


def _label_adds_segment(outgoing: Outgoing) -> bool:
    """Whether a text is billed higher for its label: told, never cut."""
    if outgoing.channel is not Channel.SMS:
        return False
    return segments.segments(outgoing.label, outgoing.text).pushed_over_by_label


def try_again(outgoing: Outgoing, now: datetime) -> bool:
    """Put back on its queue a message that could not be dealt with, through no fault of its own.

    So it ends by its age, however often a table does not answer. False of one that is at its end: what
    becomes of that nobody could write down, so it is a dead letter.
    """
    if pace.is_too_old(outgoing, now):
        return False
    _put_back(outgoing, None, now)
    return True


def _put_off(outgoing: Outgoing, claimed: Message, later: PutOff, now: datetime) -> DispatchOutcome:
    """Back to the queue, for a while. The claim first: who finds it would call it uncertain."""
    if not sending.release(claimed):
        return DispatchOutcome.UNCERTAIN
    _put_back(outgoing, later.seconds, now)
    if not later.denied:
        return DispatchOutcome.PUT_OFF
    provider = senders.provider_of(outgoing.channel)
    logger.error(Event.SENDING_DENIED, message_id=outgoing.id, provider=provider, code=later.why)
    return DispatchOutcome.DENIED


def _put_back(outgoing: Outgoing, asked: int | None, now: datetime) -> None:
    """One try more; ``asked`` are the seconds that the provider asks for."""
    again = replace(outgoing, attempts=outgoing.attempts + 1)
    outbound.put_back(again, pace.delay_seconds(again, asked, now, _draw()))


def _draw() -> float:
    return random.random()  # noqa: S311 - spreads load, guards nothing


def _event(outgoing: Outgoing, claimed: Message, refused: RecipientRefused, now: datetime) -> DeliveryEvent:
    """The provider's own answer, as the webhook would say it: the same rule decides."""
    assert claimed.credential is not None  # noqa: S101 - the claim wrote it
    opted_out = refused.cause is Cause.OPT_OUT
    kind = Kind.OPTED_OUT if opted_out else Kind.BOUNCED
    return DeliveryEvent(
        provider=senders.provider_of(outgoing.channel),
        channel=outgoing.channel,
        kind=kind if opted_out or outgoing.channel is Channel.EMAIL else Kind.FAILED,
        permanence=None if opted_out else refused.permanence,
        cause=refused.cause,
        address=claimed.credential.address,
        occurred_at=now,
        sent_at=now,
        provider_message_id=outgoing.id,  # the provider gave none
        event_id=f"{outgoing.id}:refused",
        provider_code=refused.code,
        metadata={tags.MESSAGE_ID: outgoing.id, tags.USER_ID: outgoing.user_id},
    )
