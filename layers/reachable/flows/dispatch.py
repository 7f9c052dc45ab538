"""Dispatch a message: ask the gate at the moment of sending, claim it, send it, write down what came of it.

At most once: the claim stands before the call, and a sender makes one attempt. Who finds a claim that is old
does not know whether the message went out, and says so; it is never sent again by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from reachable import senders, settings
from reachable.flows import apply, check, hold, move_message
from reachable.flows.hold import Permit
from reachable.model import tags
from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind
from reachable.model.errors import (
    MessageRefused,
    PutOff,
    ReachableError,
    RecipientRefused,
    SendUncertain,
    Unavailable,
)
from reachable.model.message import Message, MessageStatus, Outgoing
from reachable.model.send import Purpose, Recipient, Refusal, Verdict
from reachable.queues import outbound
from reachable.rules import segments
from reachable.secrets import unsubscribe_links
from reachable.store import dynamodb, messages
from reachable.store.messages import Claimed

FAILURES: Final = (ReachableError, BotoCoreError, ClientError)
"""After which a message comes again."""
CLAIM_LEASE: Final = timedelta(minutes=3)
"""Longer than the function may run: an older claim is that of a worker that died."""
MOST_ATTEMPTS: Final = 40
"""Of a message that the provider puts off: about nine hours, then it ends as a dead letter."""
_FIRST_DELAY_SECONDS: Final = 5
PUBLIC_URL: Final = settings.text("PUBLIC_URL").rstrip("/")
"""Where the API is reached from outside."""


class Outcome(StrEnum):
    """What became of one message from the queue."""

    SENT = "sent"
    BLOCKED = "blocked"
    PUT_OFF = "put_off"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    HELD = "held"
    DROPPED = "dropped"
    ENDED = "ended"
    """It had been sent, blocked or dropped before: the queue brought it twice."""


def ask(outgoing: Sequence[Outgoing]) -> list[Verdict]:
    """What the gate says now, of all that came together. A BatchGetItem for users, one for statuses.

    Raises:
        Unavailable: a status cannot be read. Then nothing of it is sent.
    """
    return check.recipients(
        [Recipient(user_id=one.user_id, channel=one.channel, purpose=one.purpose) for one in outgoing]
    )


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What became of messages that came together, in order; one that fails must not take others with it.

    ``held`` are the batches, senders and domains that are held from now on; ``uncounted`` why what was sent
    could not be counted: it stays sent, and a failure would only bring it again.
    """

    results: list[Outcome | Exception]
    held: list[str]
    uncounted: Exception | None


def batch(outgoing: Sequence[Outgoing], now: datetime) -> Dispatched:
    """Send messages side by side, each through the gate.

    Raises:
        Unavailable: the gate cannot be asked, or what is held cannot be told. Nothing is sent unasked.
        botocore's errors, likewise.
    """
    verdicts = ask(outgoing)
    parts = [_parts(*pair) for pair in zip(outgoing, verdicts, strict=True)]
    permits, held = hold.ask(parts, now)

    def attempt(asked: tuple[Outgoing, Verdict, Permit]) -> Outcome | Exception:
        try:
            return one(*asked, now)
        except FAILURES as failed:
            return failed

    results = dynamodb.side_by_side(attempt, zip(outgoing, verdicts, permits, strict=True))
    words = (_word(result, verdict) for result, verdict in zip(results, verdicts, strict=True))
    try:
        hold.count(((groups, word) for groups, word in zip(parts, words, strict=True) if word), now)
    except FAILURES as uncounted:
        return Dispatched(results, held, uncounted)
    return Dispatched(results, held, None)


def _parts(outgoing: Outgoing, verdict: Verdict) -> tuple[str, ...]:
    """Of which batch, sender and receiving domain a message is a part."""
    provider = senders.provider_of(outgoing.channel)
    return hold.groups_of(outgoing, provider, verdict.credential if verdict.send else None)


def _word(result: Outcome | Exception, verdict: Verdict) -> str | None:
    """Under what a message counts; None of one that is not at its end, or has been counted before."""
    match result:
        case Outcome.BLOCKED:
            return f"blocked_{verdict.reason}"
        case Outcome.SENT | Outcome.REFUSED | Outcome.UNCERTAIN | Outcome.DROPPED:
            return result.value
        case _:
            return None


def one(outgoing: Outgoing, verdict: Verdict, may: Permit, now: datetime) -> Outcome:
    """Send a message, or write down why not. Blocked, held or dropped: 1 write unit; sent: 3.

    Raises:
        Unavailable: another worker has it just now, or a table did not answer: to be tried again later.
    """
    if not verdict.send or verdict.credential is None:
        return _stop(outgoing, Outcome.BLOCKED, _blocked(outgoing, verdict, now), now)
    if may is Permit.DROP:
        return _stop(outgoing, Outcome.DROPPED, messages.stop(outgoing.id, MessageStatus.DROPPED, now), now)
    if may is Permit.HOLD:
        return _hold(outgoing, now)
    # All that may fail comes before the claim: after it, only the call that sends.
    whole = replace(outgoing, label=verdict.label, unsubscribe_url=_unsubscribe_url(outgoing))
    claimed = messages.claim_sending(outgoing.id, verdict.credential, verdict.label, now)
    if not claimed.ours:
        return _not_ours(outgoing, claimed.message, now)
    return _send(whole, verdict.credential, verdict, now)


def _stop(outgoing: Outgoing, outcome: Outcome, claimed: Claimed, now: datetime) -> Outcome:
    """Who finds that somebody has begun to send says what became of that, not that it was stopped."""
    return outcome if claimed.ours else _not_ours(outgoing, claimed.message, now)


def _hold(outgoing: Outgoing, now: datetime) -> Outcome:
    """It looks again later."""
    outcome = _stop(outgoing, Outcome.HELD, messages.stop(outgoing.id, MessageStatus.HELD, now), now)
    if outcome is Outcome.HELD:
        outbound.put_back(outgoing, hold.DELAY_SECONDS)
    return outcome


def _unsubscribe_url(outgoing: Outgoing) -> str | None:
    """Of what goes to many. A sign-in code or an emergency is nothing to unsubscribe from."""
    if outgoing.channel is not Channel.EMAIL or outgoing.purpose is not Purpose.GENERAL:
        return None
    return f"{PUBLIC_URL}/unsubscribe/{unsubscribe_links.token(outgoing.id)}"


def _blocked(outgoing: Outgoing, verdict: Verdict, now: datetime) -> Claimed:
    return messages.stop(
        outgoing.id,
        MessageStatus.BLOCKED,
        now,
        why=str(verdict.reason or Refusal.NO_SUCH_CHANNEL),
        credential=verdict.credential and str(verdict.credential),
        alternatives=[
            {"channel": one.channel.value, "credential": str(one.credential)} for one in verdict.alternatives
        ]
        or None,
    )


def _not_ours(outgoing: Outgoing, message: Message | None, now: datetime) -> Outcome:
    """Somebody has had it: it has ended, is being sent, or nobody will ever know."""
    if message is None:
        raise Unavailable("The message has no record yet.")
    if message.status is not MessageStatus.SENDING:
        return Outcome.ENDED
    if now - message.at[MessageStatus.SENDING] < CLAIM_LEASE:
        raise Unavailable("Another worker is sending this message.")
    messages.note_uncertain(outgoing.id, now)
    return Outcome.UNCERTAIN


def _send(outgoing: Outgoing, credential: Credential, verdict: Verdict, now: datetime) -> Outcome:
    exempted = str(verdict.reason) if verdict.exempted else None
    try:
        sent = senders.send(outgoing, credential)
    except PutOff as later:
        return _put_off(outgoing, later)
    except SendUncertain:
        messages.note_uncertain(outgoing.id, now)
        return Outcome.UNCERTAIN
    except RecipientRefused as refused:
        apply.events([_event(outgoing, credential, refused, now)], now)
        return Outcome.REFUSED
    except MessageRefused as refused:
        messages.note(
            outgoing.id,
            MessageStatus.REJECTED,
            now,
            why=refused.cause.value,
            provider_code=refused.code,
        )
        return Outcome.REFUSED
    messages.note(
        outgoing.id,
        MessageStatus.SENT,
        now,
        provider=sent.provider,
        provider_message_id=move_message.provider_message_id(sent.provider_message_id),
        segments=sent.segments,
        label_adds_segment=_label_adds_segment(outgoing) or None,
        exempted=exempted,
    )
    move_message.link(sent.provider, sent.provider_message_id, outgoing.id, now)
    return Outcome.SENT


def _label_adds_segment(outgoing: Outgoing) -> bool:
    """Whether a text is billed higher for its label: told, never cut."""
    if outgoing.channel is not Channel.SMS:
        return False
    return segments.segments(outgoing.label, outgoing.text).pushed_over_by_label


def _put_off(outgoing: Outgoing, later: PutOff) -> Outcome:
    """Back to the queue with a delay and a count. The claim first: who finds it would call it uncertain."""
    messages.release_sending(outgoing.id)
    attempts = outgoing.attempts + 1
    if attempts > MOST_ATTEMPTS:
        raise later
    delay = later.seconds or min(_FIRST_DELAY_SECONDS * 2 ** (attempts - 1), outbound.MOST_DELAY_SECONDS)
    outbound.put_back(replace(outgoing, attempts=attempts), delay)
    return Outcome.PUT_OFF


def _event(
    outgoing: Outgoing, credential: Credential, refused: RecipientRefused, now: datetime
) -> DeliveryEvent:
    """The provider's own answer, as the webhook would say it: the same rule decides."""
    opted_out = refused.cause is Cause.OPT_OUT
    kind = Kind.OPTED_OUT if opted_out else Kind.BOUNCED
    return DeliveryEvent(
        provider=senders.provider_of(outgoing.channel),
        channel=outgoing.channel,
        kind=kind if opted_out or outgoing.channel is Channel.EMAIL else Kind.FAILED,
        permanence=None if opted_out else refused.permanence,
        cause=refused.cause,
        address=credential.address,
        occurred_at=now,
        sent_at=now,
        provider_message_id=outgoing.id,  # the provider gave none
        event_id=f"{outgoing.id}:refused",
        provider_code=refused.code,
        metadata={tags.MESSAGE_ID: outgoing.id, tags.USER_ID: outgoing.user_id},
    )
