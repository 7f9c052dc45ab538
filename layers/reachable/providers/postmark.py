"""Postmark: one event a post: bounces, complaints, deliveries, and changes of its suppression lists.

Source: postmarkapp.com/developer/webhooks (the records) and postmarkapp.com/developer/api/bounce-api (the
types). Postmark signs nothing: requests carry the basic auth or the header that is set on its webhook.
``Type`` tells what a bounce is; its number ``TypeCode`` is not read: Postmark's own pages disagree on it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from reachable.model.delivery_event import Cause, Channel, Kind, Permanence
from reachable.providers import _addresses, _codes, _signatures, _tags
from reachable.providers._classifications import (
    AWAY,
    BLOCKED,
    COMPLAINED,
    CONTENT,
    CONTENT_BOUNCED,
    DELIVERED,
    INVALID,
    LISTED,
    OPTED_IN,
    OPTED_OUT,
    OUR_SETUP,
    OURS,
    PERMANENT,
    SUPPRESSED,
    TRANSIENT,
    UNDETERMINED,
    Classification,
    event_of,
)
from reachable.providers._reading import Finding, Record, json_record
from reachable.providers._times import iso
from reachable.providers._webhook import Secrets, WebhookRequest

FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "Bounce": ("Email", "BouncedAt"),
    "SpamComplaint": ("Email", "BouncedAt"),
    "SMTPApiError": ("Email", "BouncedAt"),
    "Delivery": ("Recipient", "DeliveredAt"),
    "SubscriptionChange": ("Recipient", "ChangedAt"),
}
"""By record type, where person and time stand. All others (Open, Click, Inbound, new ones) are left out."""

TYPES: Final[Mapping[str, Classification]] = {
    "Unsubscribe": OPTED_OUT,
    "Subscribe": OPTED_IN,
    "SpamComplaint": COMPLAINED,
    "ManuallyDeactivated": SUPPRESSED,
    "Unconfirmed": OURS,
    "SMTPApiError": Classification(Kind.FAILED, PERMANENT, Cause.ACCOUNT_OR_QUOTA),
    "TemplateRenderingFailed": CONTENT,
    "DMARCPolicy": OUR_SETUP,  # our DNS: Postmark's own name for it, whatever else the server said
}
"""By type, whatever the server said: no answer of a server is behind them."""
ANSWERED: Final[Mapping[str, Classification]] = {
    "DnsError": AWAY,
    "SpamNotification": BLOCKED,  # the receiver's filter; no person complained
    "VirusNotification": CONTENT_BOUNCED,
    "BadEmailAddress": INVALID,
    "Blocked": BLOCKED,
}
"""By type, where the server's answer tells nothing."""

CLASSES: Final[Mapping[str, Permanence]] = {"HardBounce": PERMANENT, "SoftBounce": TRANSIENT}
"""Types of which the server's answer tells the cause. ``Unknown`` and new types are undetermined."""

UNSAID: Final = frozenset({"Unknown", "Bounce"})
"""Types that are known, and tell nothing; of a bounce without a type its record's own word stands for it."""

STILL_TRYING: Final = "Transient"
IGNORED: Final = frozenset(
    {
        "AutoResponder",  # out of office
        "AddressChange",  # somebody asks to be written to elsewhere
        "OpenRelayTest",
        "ChallengeVerification",  # the mail waits
        "InboundError",  # mail to us
    }
)
"""Types that say nothing of the address."""

REASONS: Final[Mapping[str, Classification]] = {
    "HardBounce": SUPPRESSED,  # a Bounce tells the same
    "SpamComplaint": COMPLAINED,
    "ManualSuppression/Recipient": OPTED_OUT,
    "ManualSuppression/Customer": SUPPRESSED,
    "ManualSuppression/Admin": SUPPRESSED,
}
"""Why an address came onto a suppression list: by reason and origin, or reason alone."""
OTHER_REASON: Final = LISTED
"""For a reason without a row."""

NO_MESSAGE: Final = "00000000-0000-0000-0000-000000000000"
"""The message id of a change that was made by hand."""


def verify(request: WebhookRequest, secrets: Secrets, _now: datetime) -> None:
    """Basic auth or a header, as set on the webhook: ``username:password`` or ``Header-Name: value``."""
    _signatures.basic_auth_or_secret_header(request, secrets)


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Finding]:
    """At most one event."""
    record = json_record(body)
    record_type = _record_type(record)
    return [_event(record, record_type)] if record_type in FIELDS else []


def _record_type(record: Record) -> str:
    """Old webhooks tell bounces without it."""
    told = record.maybe_text("RecordType")
    return told or ("Bounce" if "Type" in record and "Email" in record else "")


def _event(record: Record, record_type: str) -> Finding:
    person, time = FIELDS[record_type]
    details = record.maybe_text("Details")
    status = _codes.enhanced_status(details)
    code, classification = _told(record, record_type, status, details)
    named = record.maybe_text(person)
    address = _addresses.email(named)
    at = record.maybe_time(time, iso)
    message_id = record.maybe_text("MessageID")
    tags = _tags.tags(record.inner("Metadata").fields)
    return event_of(
        "postmark",
        Channel.EMAIL,
        classification,
        address,
        occurred_at=at,
        sent_at=_tags.sent_at(tags),
        provider_message_id=None if message_id == NO_MESSAGE else message_id,
        # Only bounces and complaints have an id of their own.
        event_id=record.maybe_text("ID")
        or record.id_of(message_id, record.maybe_text(time), record_type, code, address),
        provider_code=code,
        smtp_status=status,
        diagnostic=details or record.maybe_text("Description"),
        metadata=tags,
        named=named,
    )


def _told(
    record: Record, record_type: str, status: str | None, details: str | None
) -> tuple[str, Classification | None]:
    """Postmark's own word and what it comes to."""
    if record_type == "Delivery":
        return record_type, DELIVERED
    if record_type == "SubscriptionChange":
        return _change(record)
    code = record_type if record_type in TYPES else record.maybe_text("Type") or record_type
    return code, None if code in IGNORED else TYPES.get(code) or _bounce(code, status, details)


def _bounce(type_: str, status: str | None, details: str | None) -> Classification:
    if type_ == STILL_TRYING:
        # A bare reply of class 4 tells no more than that.
        return Classification(Kind.DELAYED, cause=_codes.bounce(TRANSIENT, status).cause)
    if type_ in ANSWERED:
        return _codes.bounce_or(ANSWERED[type_], status, details)
    said = CLASSES.get(type_, UNDETERMINED)
    coded = _codes.bounce(said, status, details)
    if said is PERMANENT and coded.cause is Cause.UNKNOWN:
        return INVALID  # "unknown user, mailbox not found" is what Postmark calls hard
    return coded if type_ in CLASSES or type_ in UNSAID else coded.unlisted


def _change(record: Record) -> tuple[str, Classification]:
    """An address came onto a suppression list or left it; the mark is never guessed."""
    suppressed = record.maybe_flag("SuppressSending")
    if suppressed is None:
        raise record.unreadable("SuppressSending", "neither true nor false")
    if not suppressed:
        return "SubscriptionChange", OPTED_IN
    reason, origin = (record.maybe_text(key) or "" for key in ("SuppressionReason", "Origin"))
    code = f"{reason}/{origin}"
    return code, REASONS.get(code) or REASONS.get(reason) or OTHER_REASON
