"""Brevo, once Sendinblue: one transactional event a post, or an array of them where a webhook is batched.

Source: developers.brevo.com/docs/transactional-webhooks, .../batch-webhooks and .../secured-webhooks; the
words of ``reason``, and which time is the true one, as client libraries have seen them. Brevo signs nothing:
requests carry basic auth, a bearer token or a header of our own. There is no id of the event: ``id`` is the
webhook's. Brevo's SMS posts are another dialect.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from reachable.model.delivery_event import Cause, Channel, Kind, Permanence
from reachable.providers import _addresses, _codes, _signatures, _tags
from reachable.providers._classifications import (
    COMPLAINED,
    DELIVERED,
    INVALID,
    OPTED_OUT,
    PERMANENT,
    SENT,
    SUPPRESSED,
    SUPPRESSED_UNSUBSCRIBE,
    TRANSIENT,
    UNROUTABLE,
    Classification,
    event_of,
)
from reachable.providers._reading import Finding, Record, json_entries
from reachable.providers._times import epoch
from reachable.providers._webhook import Secrets, WebhookRequest

EVENTS: Final[Mapping[str, Classification]] = {
    "request": SENT,  # taken by Brevo, which may still block it
    "delivered": DELIVERED,
    "invalid_email": INVALID,
    "spam": COMPLAINED,
    "complaint": COMPLAINED,
    "unsubscribe": OPTED_OUT,
    "unsubscribed": OPTED_OUT,
    "error": UNROUTABLE,
}
"""Those that say all by their word. Opens, clicks, changes of contacts and lists, new words are left out."""

BOUNCES: Final[Mapping[str, Permanence]] = {"hard_bounce": PERMANENT, "soft_bounce": TRANSIENT}

REASONS: Final[tuple[tuple[str, Cause], ...]] = (
    ("mailbox full", Cause.MAILBOX_FULL),
    ("unable to find mx", Cause.INVALID_ADDRESS),
    ("invalid mx", Cause.INVALID_ADDRESS),
    ("connection timeout", Cause.INACTIVE_OR_UNREACHABLE),
    ("connection closed", Cause.INACTIVE_OR_UNREACHABLE),
)
"""Brevo's own words for a soft bounce where no server answered with a code."""

UNSUBSCRIBED: Final = "unsubscribed"
"""In the reason of a ``blocked``; of others Brevo does not tell whether a bounce or a complaint was why."""


def verify(request: WebhookRequest, secrets: Secrets, _now: datetime) -> None:
    """Whichever was set up: a secret is ``username:password`` or ``Header-Name: value``.

    A token is ``Authorization: Bearer <token>``; Brevo's test requests write ``bearer``.
    """
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    match scheme.lower():
        case "basic":
            _signatures.basic_auth(request, secrets)
        case "bearer":
            bearer = replace(request, headers={"authorization": f"Bearer {credentials}"})
            _signatures.secret_header(bearer, secrets)
        case _:
            _signatures.secret_header(request, secrets)


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Finding]:
    """At most one event for each entry."""
    return json_entries(body).each(_event)


def _event(record: Record) -> list[Finding]:
    word = record.text("event")
    reason = (record.maybe_text("reason") or "").strip() or None
    status = _codes.enhanced_status(reason)
    classification = _classification(word, status, reason)
    named = record.maybe_text("email")
    address = _addresses.email(named)
    if classification is None or address is None:
        return [None]
    at = record.maybe_time("ts_epoch", epoch)  # the other times are of the account's zone
    told_at = record.maybe_text("ts_epoch") or record.maybe_text("ts_event")
    message_id = record.maybe_text("message-id")
    tags = _tags.in_custom_data(record.fields.get("X-Mailin-custom"))
    return [
        event_of(
            "brevo",
            Channel.EMAIL,
            classification,
            address,
            occurred_at=at,
            sent_at=_tags.sent_at(tags) or (at if classification.kind is Kind.SENT else None),
            provider_message_id=message_id,
            event_id=record.id_of(message_id, told_at, word, address),
            provider_code=word,
            smtp_status=status,
            diagnostic=reason,
            metadata=tags,
            named=named,
        )
    ]


def _classification(word: str, status: str | None, reason: str | None) -> Classification | None:
    if word in BOUNCES:
        return _bounce(BOUNCES[word], status, reason)
    match word:
        case "deferred":
            # A bare reply of class 4 tells no more than that Brevo tries again.
            return Classification(Kind.DELAYED, cause=_codes.bounce(TRANSIENT, status).cause)
        case "blocked":
            return SUPPRESSED_UNSUBSCRIBE if UNSUBSCRIBED in (reason or "").lower() else SUPPRESSED
        case _:
            return EVENTS.get(word)


def _bounce(said: Permanence, status: str | None, reason: str | None) -> Classification:
    coded = _codes.bounce(said, status, reason)
    if coded.cause is not Cause.UNKNOWN:
        return coded
    if said is PERMANENT:
        return INVALID
    text = (reason or "").lower()
    cause = next((cause for words, cause in REASONS if words in text), Cause.UNKNOWN)
    return Classification(Kind.BOUNCED, said, cause)
