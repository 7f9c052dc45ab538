"""Enqueue messages: each dedup id makes one message, however often it is asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from reachable import aws
from reachable.flows import hold
from reachable.model.credential import KIND_OF_CHANNEL
from reachable.model.enqueue import EnqueueOutcome, Queued, Reason, Wish
from reachable.model.message import Message, MessageStatus, Outgoing, message_id, read_message_id
from reachable.model.people import Contact
from reachable.model.send import Refusal
from reachable.queues import outbound
from reachable.rules import wish as wish_rules
from reachable.store.messages import batches, dedup, record
from reachable.store.messages.dedup import Claim
from reachable.store.roster import reach


def wishes(asked: Sequence[Wish], now: datetime) -> list[Queued]:
    """Queue these messages, in order; what became of each.

    Who is blocked is queued all the same: the gate is asked at the moment of sending. A call that ended
    halfway may be repeated, also while it is still at work: what was not queued is queued then, and what is
    queued twice is sent once. Costs two write units a message for its dedup id, one for its record, one for
    its place in its batch, and a BatchGetItem for each 100 users.

    Raises:
        Unavailable: a table or the queue did not answer; to be repeated.
    """
    contacts = reach.contacts({wish.user_id for wish in asked if wish.user_id})
    refusals = [_refusal(wish, contacts, now) for wish in asked]
    first: dict[str, Wish] = {}
    for wish, refusal in zip(asked, refusals, strict=True):
        if refusal is None:
            first.setdefault(wish.dedup_id, wish)
    claimed = aws.side_by_side(lambda wish: _queue(wish, now), first.values())
    claims = dict(zip(first, claimed, strict=True))
    results = [
        Queued(wish.dedup_id, EnqueueOutcome.REFUSED, reason=refusal)
        if refusal is not None
        else _outcome(wish, claims[wish.dedup_id], is_first=wish is first[wish.dedup_id])
        for wish, refusal in zip(asked, refusals, strict=True)
    ]
    queued = (
        wish for wish, told in zip(asked, results, strict=True) if told.outcome is EnqueueOutcome.QUEUED
    )
    hold.count((((wish.batch_id,), "queued") for wish in queued if wish.batch_id is not None), now)
    return results


def _queue(wish: Wish, now: datetime) -> Claim:
    """Claim, record, queue, and note that it is done: a crash between any two is made good by a repeat."""
    claim = dedup.claim(wish.dedup_id, message_id(wish.user_id, now, wish.dedup_id), wish.content, now)
    if claim.done or claim.content != wish.content:
        return claim
    outgoing = _outgoing(wish, claim.message_id)
    if outgoing.batch_id is not None:
        batches.put(outgoing.batch_id, outgoing.id, outgoing.queued_at)
    record.put(_record(outgoing, now))
    outbound.put(outgoing)
    dedup.finish(wish.dedup_id, claim.message_id)
    return claim


def _outgoing(wish: Wish, id_: str) -> Outgoing:
    read = read_message_id(id_)
    assert read is not None  # noqa: S101 - the id is one that we made
    return Outgoing(
        id=id_,
        user_id=wish.user_id,
        channel=wish.channel,
        purpose=wish.purpose,
        queued_at=read[1],
        text=wish.text,
        subject=wish.subject,
        html=wish.html,
        batch_id=wish.batch_id,
        dedup_id=wish.dedup_id,
        expires_at=wish.expires_at,
    )


def _record(outgoing: Outgoing, now: datetime) -> Message:
    return Message(
        id=outgoing.id,
        user_id=outgoing.user_id,
        channel=outgoing.channel,
        purpose=outgoing.purpose,
        queued_at=outgoing.queued_at,
        subject=outgoing.subject,
        batch_id=outgoing.batch_id,
        dedup_id=outgoing.dedup_id,
        at={MessageStatus.QUEUED: now},
    )


def _refusal(wish: Wish, contacts: Mapping[str, Contact], now: datetime) -> Reason | Refusal | None:
    if not wish.user_id:
        return Refusal.INVALID_RECIPIENT
    contact = contacts.get(wish.user_id)
    if contact is None:
        return Refusal.UNKNOWN_USER
    if KIND_OF_CHANNEL[wish.channel] not in contact.credentials:
        return Refusal.NO_SUCH_CHANNEL
    return wish_rules.refusal(wish, now) or _too_large(wish, now)


def _too_large(wish: Wish, now: datetime) -> Reason | None:
    written = outbound.written(_outgoing(wish, message_id(wish.user_id, now, wish.dedup_id)))
    return Reason.TOO_LARGE if len(written) > outbound.MESSAGE_BYTES else None


def _outcome(wish: Wish, claim: Claim, *, is_first: bool) -> Queued:
    if claim.content != wish.content:
        return Queued(wish.dedup_id, EnqueueOutcome.REFUSED, reason=Reason.OTHER_CONTENT)
    outcome = EnqueueOutcome.QUEUED if is_first and not claim.done else EnqueueOutcome.DUPLICATE
    return Queued(wish.dedup_id, outcome, claim.message_id)
