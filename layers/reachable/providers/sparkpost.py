"""SparkPost (Bird Email): an array of events a post, each within ``msys`` and the name of its class.

Source: developers.sparkpost.com/api/webhooks and docs.bird.com/api/email-api/webhooks (events),
support.sparkpost.com/docs/deliverability/bounce-classification-codes (bounce classes) and
support.sparkpost.com/docs/user-guide/using-suppression-lists (the texts of its own lists). SparkPost signs
nothing: requests carry the basic auth that is set on the webhook. An empty ``msys`` is a new webhook's ping.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from reachable.model.delivery_event import Cause, Channel, Kind
from reachable.providers import _addresses, _codes, _signatures, _tags
from reachable.providers._classifications import (
    AWAY,
    COMPLAINED,
    CONTENT,
    CONTENT_BOUNCED,
    CONTENT_REJECTED,
    DELIVERED,
    FULL,
    INVALID,
    LISTED,
    OPTED_IN,
    OPTED_OUT,
    OURS,
    REFUSED,
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
from reachable.providers._reading import Finding, Record, json_entries
from reachable.providers._times import epoch, iso
from reachable.providers._webhook import Secrets, WebhookRequest

_SOFT: Final = Classification(Kind.BOUNCED, TRANSIENT, Cause.UNKNOWN)
_BLOCKED: Final = Classification(Kind.BOUNCED, TRANSIENT, Cause.CARRIER_BLOCKED_OR_SPAM)

TYPES: Final[Mapping[str, Classification]] = {
    "injection": SENT,
    "delivery": DELIVERED,
    "spam_complaint": COMPLAINED,
    "list_unsubscribe": OPTED_OUT,
    "link_unsubscribe": OPTED_OUT,
    "generation_failure": CONTENT,  # our template
}
"""Beside these stand bounces, delays and rejections. All others (open, click, new ones) are left out."""

BOUNCES: Final = frozenset({"bounce", "out_of_band"})
"""By class. Out of band is a bounce after the delivery; it may name nobody."""
CLASSES: Final[Mapping[str, Classification]] = {
    "1": REFUSED,
    "10": INVALID,
    "20": _SOFT,
    "21": AWAY,  # DNS
    "22": FULL,
    "23": CONTENT_BOUNCED,  # too large
    "24": AWAY,  # timeout
    "30": INVALID,
    "40": REFUSED,
    "50": _BLOCKED,
    "51": _BLOCKED,
    "52": CONTENT_BOUNCED,  # spam by its content
    "53": CONTENT_BOUNCED,  # attachment
    "54": Classification(Kind.BOUNCED, UNDETERMINED, Cause.INACTIVE_OR_UNREACHABLE),  # relaying denied
    "70": _SOFT,
    "80": OPTED_IN,
    "90": OPTED_OUT,
}
IGNORED: Final = frozenset({"60", "100"})
"""Auto-replies and challenges are no bounces."""
ADMIN_FAILURE: Final = "25"
ADMIN: Final = OURS
"""SparkPost itself refused, for another reason than its lists."""

REJECTIONS: Final = frozenset({"policy_rejection", "generation_rejection"})

SUPPRESSED_WORDS: Final = "suppressed due to"
LISTS: Final[tuple[tuple[str, Classification], ...]] = (
    ("system policy", SUPPRESSED),  # of all customers: a complaint there was about somebody else's mail
    ("spam complaint", SUPPRESSED_COMPLAINT),
    ("unsubscribe", SUPPRESSED_UNSUBSCRIBE),
    ("bounce rule", SUPPRESSED),
)
"""Which of its lists an address is on, by the words that follow, the first that fits."""
SOME_LIST: Final = LISTED
"""Where none fits."""

NO_COMPLAINTS: Final = frozenset({"not-spam", "auth-failure"})
"""Feedback types (RFC 5965, RFC 6591) that say the opposite, or something of our DNS."""


def verify(request: WebhookRequest, secrets: Secrets, _now: datetime) -> None:
    """Basic auth, or the header of old webhooks: ``X-MessageSystems-Webhook-Token: value``."""
    _signatures.basic_auth_or_secret_header(request, secrets)


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Finding]:
    """At most one event for each entry's classes, of which there is one."""
    return json_entries(body).each(_events)


def _events(entry: Record) -> Iterator[Finding]:
    msys = entry.record("msys")
    for class_ in msys.fields:
        yield _event(msys.record(class_))


def _event(event: Record) -> Finding:
    type_ = event.maybe_text("type") or ""
    class_ = event.maybe_code("bounce_class")
    text = _text(event)
    status = _codes.enhanced_status(text)
    classification = _classification(event, type_, class_, status, text)
    # One that cannot be read is somebody all the same, and not whom the other field names.
    named = event.maybe_text("raw_rcpt_to" if "raw_rcpt_to" in event else "rcpt_to")
    address = _addresses.email(named)
    tags = _tags.tags(event.inner("rcpt_meta").fields)
    at = event.maybe_time("timestamp", _time)
    transmission_id = event.maybe_text("transmission_id")
    message_id = event.maybe_text("message_id") or transmission_id
    return event_of(
        "sparkpost",
        Channel.EMAIL,
        classification,
        address,
        occurred_at=at,
        sent_at=event.maybe_time("injection_time", _time) or _tags.sent_at(tags),
        provider_message_id=transmission_id,  # what the send call returned; message_id is SparkPost's own
        event_id=event.maybe_text("event_id")
        or event.id_of(message_id, event.maybe_text("timestamp"), type_, address),
        provider_code=class_ or type_,
        smtp_status=status,
        diagnostic=text,
        metadata=tags,
        named=named,
    )


def _text(event: Record) -> str | None:
    """What the server said, with its reply code before it: SparkPost tells the code in a field of its own."""
    code = event.maybe_text("error_code")
    text = event.maybe_text("raw_reason") or event.maybe_text("reason")
    return f"{code} {text}" if code and text and not text.startswith(code) else text


def _time(value: object) -> datetime:
    """Seconds since 1970, or ISO in some types."""
    try:
        return epoch(value)
    except ValueError:
        return iso(value)


def _classification(
    event: Record, type_: str, class_: str | None, status: str | None, text: str | None
) -> Classification | None:
    if type_ in BOUNCES:
        return _bounce(class_, status, text)
    if type_ == "delay":
        return _delay(class_, status)
    if type_ in REJECTIONS:
        return _listed(text) or CONTENT_REJECTED
    if type_ == "spam_complaint" and (event.maybe_text("fbtype") or "").lower() in NO_COMPLAINTS:
        return None
    return TYPES.get(type_)


def _bounce(class_: str | None, status: str | None, text: str | None) -> Classification | None:
    if class_ in IGNORED:
        return None
    if class_ == ADMIN_FAILURE:
        return _listed(text) or ADMIN
    return _codes.bounce_or(row_of(CLASSES, class_, REFUSED), status, text)


def _delay(class_: str | None, status: str | None) -> Classification:
    """SparkPost tries again. A bare reply of class 4 tells no more than that."""
    told = _bounce(class_, status, None)
    cause = told.cause if told and told.kind is Kind.BOUNCED else Cause.UNKNOWN
    return Classification(Kind.DELAYED, cause=cause)


def _listed(text: str | None) -> Classification | None:
    """Which of SparkPost's own lists the address is on; None where the text speaks of none."""
    _, found, why = (text or "").lower().partition(SUPPRESSED_WORDS)
    if not found:
        return None
    return next((classification for words, classification in LISTS if words in why), SOME_LIST)
