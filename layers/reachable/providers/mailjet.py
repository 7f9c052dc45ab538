"""Mailjet: the Event API, an array of mixed events a post, or one bare event where they are not grouped.

Source: github.com/mailjet/api-documentation, guides/_event-api.md, and for retries
documentation.mailjet.com/hc/en-us/articles/360043578154; a ``hard_bounce`` that is missing or a text, as
client libraries have seen it. Mailjet signs nothing: requests carry the basic auth of the webhook's URL.
``bounce`` is what the other side said; ``blocked``, that Mailjet did not try. There is no id of the event
and no time of sending.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reachable.model.delivery_event import Cause, Channel, Kind, Permanence
from reachable.providers import _addresses, _codes, _signatures, _tags
from reachable.providers._classifications import (
    AWAY,
    BLOCKED,
    BROKEN,
    COMPLAINED,
    CONTENT,
    DELIVERED,
    FULL,
    GONE,
    INVALID,
    LISTED,
    OPTED_OUT,
    PERMANENT,
    SUPPRESSED,
    SUPPRESSED_COMPLAINT,
    TRANSIENT,
    UNDETERMINED,
    Classification,
    event_of,
)
from reachable.providers._reading import Finding, Record, json_entries
from reachable.providers._times import epoch
from reachable.providers._webhook import Secrets, WebhookRequest

_SPAM: Final = Classification(Kind.REJECTED, TRANSIENT, Cause.CARRIER_BLOCKED_OR_SPAM)

EVENTS: Final[Mapping[str, Classification]] = {
    "sent": DELIVERED,  # the other side has taken it
    "spam": COMPLAINED,
}
"""Those that say all by their word."""

HARDNESS: Final[Mapping[str, Permanence]] = {"true": PERMANENT, "false": TRANSIENT}
"""By ``hard_bounce``; without it nothing is said."""

GREYLISTED: Final = "greylisted"
"""Mailjet tries again, and says so when it gives up."""

DUPLICATE: Final = "duplicate in campaign"
"""The person has the first of them."""

ERRORS: Final[Mapping[str, Classification]] = {
    # recipient
    "user unknown": INVALID,
    "mailbox inactive": GONE,
    "quota exceeded": FULL,
    "blacklisted": LISTED,  # maybe an unsubscribe
    "spam reporter": SUPPRESSED_COMPLAINT,
    # domain
    "invalid domain": INVALID,
    "no mail host": AWAY,
    "relay/access denied": BLOCKED,
    "typofix": INVALID,
    # content
    "bad or empty template": CONTENT,
    "error in template language": CONTENT,
    # spam
    "sender blocked": _SPAM,
    "policy issue": _SPAM,
    "content blocked": Classification(Kind.REJECTED, TRANSIENT, Cause.CONTENT_OR_SIZE),
    # system
    "system issue": BROKEN,
    "protocol issue": BROKEN,
    "connection issue": BROKEN,
    # mailjet
    "preblocked": SUPPRESSED,
}
"""What a ``blocked`` comes to, by its error; of a ``bounce`` it tells the cause where the server does not."""

NOT_TRIED: Final = Classification(Kind.REJECTED, UNDETERMINED, Cause.UNKNOWN)
"""For a ``blocked`` whose error has no row."""

NOT_OF_THE_ADDRESS: Final = frozenset(
    {Cause.MAILBOX_FULL, Cause.CARRIER_BLOCKED_OR_SPAM, Cause.CONTENT_OR_SIZE, Cause.ACCOUNT_OR_QUOTA}
)
"""Causes that say nothing final about an address: for one of them "hard" is not believed."""

NO_LIST: Final = (None, "0")
"""An ``unsub`` with any other ``mj_list_id`` is from that one list only, which is not ours to model."""


def verify(request: WebhookRequest, secrets: Secrets, _now: datetime) -> None:
    """Basic auth as it is set in the webhook's URL; a secret is ``username:password``."""
    _signatures.basic_auth(request, secrets)


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Finding]:
    """At most one event for each entry."""
    return json_entries(body).each(_event)


@dataclass(frozen=True, slots=True)
class _Answer:
    """Mailjet's word for what was wrong, or ``""``, and the server's code and words."""

    error: str
    status: str | None
    text: str | None


def _event(record: Record) -> list[Finding]:
    word = record.text("event")
    text = record.maybe_text("comment") or record.maybe_text("smtp_reply")
    error = (record.maybe_text("error") or "").strip().lower()
    answer = _Answer(error, _codes.enhanced_status(text), text)
    classification = _classification(record, word, answer)
    address = _addresses.email(record.maybe_text("email"))
    if classification is None or address is None:
        return [None]
    message_id = record.maybe_text("MessageID") or record.maybe_text("mj_message_id")
    custom_id = record.maybe_text("CustomID")
    tags = _tags.in_custom_data(record.fields.get("Payload")) | _tags.of_message_id(custom_id)
    return [
        event_of(
            "mailjet",
            Channel.EMAIL,
            classification,
            address,
            occurred_at=record.maybe_time("time", epoch),
            sent_at=_tags.sent_at(tags),
            provider_message_id=message_id,
            event_id=record.id_of(message_id, record.maybe_text("time"), word, address),
            provider_code=error or word,
            smtp_status=answer.status,
            diagnostic=text,
            metadata=tags,
        )
    ]


def _classification(record: Record, word: str, answer: _Answer) -> Classification | None:
    """None of opens, clicks and new words."""
    match word:
        case "bounce" | "blocked" if answer.error == DUPLICATE:
            return None
        case "bounce":
            hard = str(record.fields.get("hard_bounce")).lower()
            return _bounce(answer, HARDNESS.get(hard, UNDETERMINED))
        case "blocked":
            return _blocked(answer)
        case "unsub":
            return OPTED_OUT if record.maybe_text("mj_list_id") in NO_LIST else None
        case _:
            return EVENTS.get(word)


def _blocked(answer: _Answer) -> Classification:
    if answer.error == GREYLISTED:
        return _delayed(answer)
    return ERRORS.get(answer.error) or (NOT_TRIED.unlisted if answer.error else NOT_TRIED)


def _bounce(answer: _Answer, said: Permanence) -> Classification:
    if answer.error == GREYLISTED and said is not PERMANENT:
        return _delayed(answer)
    cause = ERRORS[answer.error].cause if answer.error in ERRORS else Cause.UNKNOWN
    believed = UNDETERMINED if said is PERMANENT and cause in NOT_OF_THE_ADDRESS else said
    row = Classification(Kind.BOUNCED, believed, cause)
    return _codes.bounce_or(row, answer.status, answer.text, said=said)


def _delayed(answer: _Answer) -> Classification:
    return Classification(Kind.DELAYED, cause=_codes.bounce(TRANSIENT, answer.status).cause)
