"""Mandrill (Mailchimp Transactional): a form with one field, which holds an array of up to 1000 events.

Source: mailchimp.com/developer/transactional/docs/webhooks (formats, signature) and, at mandrill.zendesk.com,
the articles 205583307 (message events), 360039233253 (sync events) and 360038740014 (a new webhook's probe);
classes of bounces as client libraries have seen them. Nothing in a post tells when it was signed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reachable.model.delivery_event import Cause, Channel, Kind, Permanence
from reachable.model.errors import BadSignature
from reachable.providers import _addresses, _codes, _reading, _signatures, _tags
from reachable.providers._classifications import (
    COMPLAINED,
    DELIVERED,
    FULL,
    INVALID,
    LISTED,
    OPTED_OUT,
    OUR_SETUP,
    OURS,
    PERMANENT,
    SENT,
    SUPPRESSED,
    SUPPRESSED_COMPLAINT,
    SUPPRESSED_UNSUBSCRIBE,
    TRANSIENT,
    UNDETERMINED,
    Classification,
    event_of,
    row_of,
)
from reachable.providers._reading import Finding, Record
from reachable.providers._times import epoch
from reachable.providers._webhook import Secrets, WebhookRequest

CLASSES: Final[Mapping[str, Permanence]] = {"hard_bounce": PERMANENT, "soft_bounce": TRANSIENT}

_SPAM: Final = Classification(Kind.BOUNCED, TRANSIENT, Cause.CARRIER_BLOCKED_OR_SPAM)
BOUNCES: Final[Mapping[tuple[str, str], Classification]] = {
    ("hard_bounce", "bad_mailbox"): INVALID,
    ("hard_bounce", "invalid_domain"): INVALID,
    ("soft_bounce", "invalid_domain"): Classification(Kind.BOUNCED, TRANSIENT, Cause.INVALID_ADDRESS),
    ("soft_bounce", "mailbox_full"): FULL,
    ("soft_bounce", "spam"): _SPAM,
    ("soft_bounce", "relay_denied"): _SPAM,
}
"""By event and ``bounce_description``. Others (general, undetermined) tell nothing."""

_LISTED_FOR_NOW: Final = Classification(Kind.BOUNCED, TRANSIENT, Cause.PROVIDER_SUPPRESSED)

DENYLISTED: Final[Mapping[str, Classification]] = {
    "hard-bounce": SUPPRESSED,
    "soft-bounce": _LISTED_FOR_NOW,
    "spam": SUPPRESSED_COMPLAINT,
    "unsub": SUPPRESSED_UNSUBSCRIBE,
}
"""Why an address came on the denylist. By hand (``manual``, ``custom``) is our own doing."""

REJECTS: Final[Mapping[str, Classification]] = {
    **DENYLISTED,
    "custom": LISTED,  # listed by hand
    "rule": LISTED,
    "invalid-sender": OUR_SETUP,
    "invalid": OURS,  # the recipient or the sender
    "test-mode-limit": OUR_SETUP,
    "unsigned": OUR_SETUP,
}
"""Why Mandrill did not even try."""
REJECTED: Final = Classification(Kind.REJECTED, UNDETERMINED, Cause.UNKNOWN)
"""For a reason without a row, and where none is told."""

DENYLISTS: Final = frozenset({"blacklist", "denylist"})
LISTINGS: Final = frozenset({"add", "change"})
"""``change``: it was listed before and came on the list anew. ``remove`` tells nothing of the mailbox."""

PUBLIC_KEYS: Final = frozenset({"", "test-webhook"})
"""Keys that anybody could sign with: none, and the one that proves the probe of a new webhook."""


def verify(request: WebhookRequest, secrets: Secrets, _now: object) -> None:
    """HMAC-SHA1 over the URL as it was entered and the form's fields; a secret is the webhook's key.

    Nothing in it tells a time: a repeat is known by its event ids.
    """
    given = _signatures.header(request, "x-mandrill-signature")
    try:
        fields = _reading.form_fields(request.body)
    except ValueError as problem:
        raise BadSignature("The body is no form.") from problem
    text = request.url + "".join(name + value for name, value in sorted(fields))
    signed = text.encode("utf-8", "surrogatepass")

    def proves(secret: str) -> bool:
        expected = _signatures.hmac_base64("sha1", secret, signed)
        return _signatures.same(expected, given) and secret not in PUBLIC_KEYS

    _signatures.any_secret(secrets, proves)


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Finding]:
    """At most one event for each entry; a test posts none."""
    posted = _reading.form(body).text("mandrill_events")
    return _reading.json_entries(posted, "mandrill_events").each(_event)


def _event(entry: Record) -> list[Finding]:
    if "event" not in entry and "type" in entry:
        return [_listed(entry)]
    word = entry.text("event")
    decide = _CLASSIFICATIONS.get(word)
    return [_of_message(entry, word, decide) if decide else None]


@dataclass(frozen=True, slots=True)
class _Told:
    """What an event says: the classification, Mandrill's own word for why, and the server's answer."""

    classification: Classification
    why: str | None = None
    status: str | None = None
    text: str | None = None


def _of_message(entry: Record, word: str, decide: Callable[[Record], _Told]) -> Finding:
    message = entry.record("msg")
    named = message.maybe_text("email")
    address = _addresses.email(named)
    told = decide(message)
    message_id = entry.maybe_text("_id") or message.maybe_text("_id")
    tags = _tags.tags(_metadata(message))
    return event_of(
        "mandrill",
        Channel.EMAIL,
        told.classification,
        address,
        occurred_at=entry.maybe_time("ts", epoch),
        sent_at=message.maybe_time("ts", epoch) or _tags.sent_at(tags),
        provider_message_id=message_id,
        event_id=entry.id_of(message_id, entry.maybe_text("ts"), word, address),
        provider_code=f"{word}/{told.why}" if told.why else word,
        smtp_status=told.status,
        diagnostic=told.text,
        metadata=tags,
        named=named,
    )


def _metadata(message: Record) -> Mapping[str, Any] | None:
    """An object, which PHP writes as ``[]`` when it is empty."""
    return message.inner("metadata").fields


def _listed(entry: Record) -> Finding:
    """A sync event: an address came on the denylist. It is about no message."""
    list_, action = (entry.maybe_text(key) or "" for key in ("type", "action"))
    if list_ not in DENYLISTS or action not in LISTINGS:
        return None
    reject = entry.record("reject")
    reason = reject.maybe_text("reason")
    named = reject.maybe_text("email")
    address = _addresses.email(named)
    return event_of(
        "mandrill",
        Channel.EMAIL,
        DENYLISTED.get(reason or ""),
        address,
        occurred_at=entry.maybe_time("ts", epoch),
        event_id=entry.id_of(None, entry.maybe_text("ts"), f"{list_}/{action}/{reason}", address),
        provider_code=f"{list_}/{reason}",
        diagnostic=reject.maybe_text("detail"),
        named=named,
    )


def _bounced(word: str) -> Callable[[Record], _Told]:
    """What the server answered comes before Mandrill's word for it."""
    unsaid = Classification(Kind.BOUNCED, CLASSES[word], Cause.UNKNOWN)

    def decide(message: Record) -> _Told:
        why, text = message.maybe_text("bounce_description"), message.maybe_text("diag")
        status = _codes.enhanced_status(text)
        row = BOUNCES.get((word, why or ""), unsaid)
        return _Told(_codes.bounce_or(row, status, text), why, status, text)

    return decide


def _deferred(message: Record) -> _Told:
    """A bare reply of class 4 tells no more than that Mandrill tries again."""
    text = message.maybe_text("diag") or _last_deferral(message)
    status = _codes.enhanced_status(text)
    return _Told(
        Classification(Kind.DELAYED, cause=_codes.bounce(TRANSIENT, status).cause), None, status, text
    )


def _last_deferral(message: Record) -> str | None:
    """What the server said last: one that only defers stands in a list."""
    events = message.maybe_entries("smtp_events").values
    texts = [
        event.get("diag") for event in events if isinstance(event, dict) and event.get("type") == "deferred"
    ]
    return next((text for text in reversed(texts) if isinstance(text, str) and text), None)


def _rejected(message: Record) -> _Told:
    reason = message.inner("reject").maybe_text("reason")
    return _Told(row_of(REJECTS, reason, REJECTED), reason)


def _always(classification: Classification) -> Callable[[Record], _Told]:
    return lambda _message: _Told(classification)


_CLASSIFICATIONS: Final[Mapping[str, Callable[[Record], _Told]]] = {
    "send": _always(SENT),
    "delivered": _always(DELIVERED),
    "deferral": _deferred,
    "hard_bounce": _bounced("hard_bounce"),
    "soft_bounce": _bounced("soft_bounce"),
    "spam": _always(COMPLAINED),
    "unsub": _always(OPTED_OUT),
    "reject": _rejected,
}
"""All others (open, click, inbound, new ones) are left out."""
