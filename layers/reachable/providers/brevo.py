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

from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.providers import _addresses, _codes, _signatures, _tags
from reachable.providers._codes import Verdict
from reachable.providers._reading import Outcome, Record, json_entries
from reachable.providers._times import epoch
from reachable.providers._webhook import Secrets, WebhookRequest

_PERMANENT: Final = Permanence.PERMANENT
_TRANSIENT: Final = Permanence.TRANSIENT

_INVALID: Final = Verdict(Kind.BOUNCED, _PERMANENT, Cause.INVALID_ADDRESS)
_COMPLAINED: Final = Verdict(Kind.COMPLAINED, cause=Cause.COMPLAINT)
_OPTED_OUT: Final = Verdict(Kind.OPTED_OUT, cause=Cause.OPT_OUT)

EVENTS: Final[Mapping[str, Verdict]] = {
    "request": Verdict(Kind.SENT),  # taken by Brevo, which may still block it
    "delivered": Verdict(Kind.DELIVERED),
    "invalid_email": _INVALID,
    "spam": _COMPLAINED,
    "complaint": _COMPLAINED,
    "unsubscribe": _OPTED_OUT,
    "unsubscribed": _OPTED_OUT,
    "error": Verdict(Kind.FAILED, Permanence.UNDETERMINED, Cause.ACCOUNT_OR_QUOTA),
}
"""Those that say all by their word. Opens, clicks, changes of contacts and lists, new words are left out."""

BOUNCES: Final[Mapping[str, Permanence]] = {"hard_bounce": _PERMANENT, "soft_bounce": _TRANSIENT}

REASONS: Final[tuple[tuple[str, Cause], ...]] = (
    ("mailbox full", Cause.MAILBOX_FULL),
    ("unable to find mx", Cause.INVALID_ADDRESS),
    ("invalid mx", Cause.INVALID_ADDRESS),
    ("connection timeout", Cause.INACTIVE_OR_UNREACHABLE),
    ("connection closed", Cause.INACTIVE_OR_UNREACHABLE),
)
"""Brevo's own words for a soft bounce where no server answered with a code."""

BLOCKED: Final = Verdict(Kind.BOUNCED, _PERMANENT, Cause.PROVIDER_SUPPRESSED)
"""On Brevo's list after a bounce or a complaint, which are not told apart."""
BLOCKED_UNSUBSCRIBED: Final = Verdict(Kind.OPTED_OUT, cause=Cause.PROVIDER_SUPPRESSED)
UNSUBSCRIBED: Final = "unsubscribed"
"""In the reason of a ``blocked``."""


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


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Outcome]:
    """At most one event for each entry."""
    return json_entries(body).each(_event)


def _event(record: Record) -> list[Outcome]:
    word = record.text("event")
    reason = (record.maybe_text("reason") or "").strip() or None
    status = _codes.enhanced_status(reason)
    verdict = _verdict(word, status, reason)
    address = _addresses.email(record.maybe_text("email"))
    if verdict is None or address is None:
        return [None]
    at = record.maybe_time("ts_epoch", epoch)  # the other times are of the account's zone
    told_at = record.maybe_text("ts_epoch") or record.maybe_text("ts_event") or ""
    message_id = record.maybe_text("message-id")
    tags = _tags.in_custom_data(record.fields.get("X-Mailin-custom"))
    return [
        DeliveryEvent(
            provider="brevo",
            channel=Channel.EMAIL,
            kind=verdict.kind,
            permanence=verdict.permanence,
            cause=verdict.cause,
            address=address,
            occurred_at=at,
            sent_at=_tags.sent_at(tags) or (at if verdict.kind is Kind.SENT else None),
            provider_message_id=message_id,
            event_id=f"{word}:{message_id or ''}:{address}:{told_at}",
            provider_code=word,
            smtp_status=status,
            diagnostic=reason,
            metadata=tags,
        )
    ]


def _verdict(word: str, status: str | None, reason: str | None) -> Verdict | None:
    if word in BOUNCES:
        return _bounce(BOUNCES[word], status, reason)
    match word:
        case "deferred":
            # A bare reply of class 4 tells no more than that Brevo tries again.
            return Verdict(Kind.DELAYED, cause=_codes.bounce(_TRANSIENT, status).cause)
        case "blocked":
            return BLOCKED_UNSUBSCRIBED if UNSUBSCRIBED in (reason or "").lower() else BLOCKED
        case _:
            return EVENTS.get(word)


def _bounce(said: Permanence, status: str | None, reason: str | None) -> Verdict:
    coded = _codes.bounce(said, status, reason)
    if coded.cause is not Cause.UNKNOWN:
        return coded
    if said is _PERMANENT:
        return _INVALID
    text = (reason or "").lower()
    cause = next((cause for words, cause in REASONS if words in text), Cause.UNKNOWN)
    return Verdict(Kind.BOUNCED, said, cause)
