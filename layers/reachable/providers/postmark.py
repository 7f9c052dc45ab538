"""Postmark: one event a post: bounces, complaints, deliveries, and changes of its suppression lists.

Source: postmarkapp.com/developer/webhooks (the records) and postmarkapp.com/developer/api/bounce-api (the
types). Postmark signs nothing: requests carry the basic auth or the header that is set on its webhook.
``Type`` tells what a bounce is; its number ``TypeCode`` is not read: Postmark's own pages disagree on it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.providers import _addresses, _codes, _signatures, _tags
from reachable.providers._codes import Verdict
from reachable.providers._reading import Outcome, Record, json_record
from reachable.providers._times import iso
from reachable.providers._webhook import Secrets, WebhookRequest

_PERMANENT: Final = Permanence.PERMANENT
_TRANSIENT: Final = Permanence.TRANSIENT
_UNDETERMINED: Final = Permanence.UNDETERMINED

_INVALID: Final = Verdict(Kind.BOUNCED, _PERMANENT, Cause.INVALID_ADDRESS)
_SUPPRESSED: Final = Verdict(Kind.BOUNCED, _PERMANENT, Cause.PROVIDER_SUPPRESSED)
_BLOCKED: Final = Verdict(Kind.BOUNCED, _UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)
_COMPLAINED: Final = Verdict(Kind.COMPLAINED, cause=Cause.COMPLAINT)
_OPTED_OUT: Final = Verdict(Kind.OPTED_OUT, cause=Cause.OPT_OUT)
_OPTED_IN: Final = Verdict(Kind.OPTED_IN)

FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "Bounce": ("Email", "BouncedAt"),
    "SpamComplaint": ("Email", "BouncedAt"),
    "SMTPApiError": ("Email", "BouncedAt"),
    "Delivery": ("Recipient", "DeliveredAt"),
    "SubscriptionChange": ("Recipient", "ChangedAt"),
}
"""By record type, where person and time stand. All others (Open, Click, Inbound, new ones) are left out."""

TYPES: Final[Mapping[str, Verdict]] = {
    "Unsubscribe": _OPTED_OUT,
    "Subscribe": _OPTED_IN,
    "DnsError": Verdict(Kind.BOUNCED, _TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE),
    "SpamNotification": _BLOCKED,  # the receiver's filter; no person complained
    "VirusNotification": Verdict(Kind.BOUNCED, _TRANSIENT, Cause.CONTENT_OR_SIZE),
    "BadEmailAddress": _INVALID,
    "SpamComplaint": _COMPLAINED,
    "ManuallyDeactivated": _SUPPRESSED,
    "Unconfirmed": Verdict(Kind.REJECTED, _UNDETERMINED, Cause.ACCOUNT_OR_QUOTA),
    "Blocked": _BLOCKED,
    "SMTPApiError": Verdict(Kind.FAILED, _PERMANENT, Cause.ACCOUNT_OR_QUOTA),
    "DMARCPolicy": Verdict(Kind.REJECTED, _PERMANENT, Cause.ACCOUNT_OR_QUOTA),  # our DNS
    "TemplateRenderingFailed": Verdict(Kind.FAILED, _PERMANENT, Cause.CONTENT_OR_SIZE),
}
"""By type, whatever the server said."""

CLASSES: Final[Mapping[str, Permanence]] = {"HardBounce": _PERMANENT, "SoftBounce": _TRANSIENT}
"""Types of which the server's answer tells the cause. ``Unknown`` and new types are undetermined."""

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

REASONS: Final[Mapping[str, Verdict]] = {
    "HardBounce": _SUPPRESSED,  # a Bounce tells the same
    "SpamComplaint": _COMPLAINED,
    "ManualSuppression/Recipient": _OPTED_OUT,
    "ManualSuppression/Customer": _SUPPRESSED,
    "ManualSuppression/Admin": _SUPPRESSED,
}
"""Why an address came onto a suppression list: by reason and origin, or reason alone."""
OTHER_REASON: Final = Verdict(Kind.BOUNCED, _UNDETERMINED, Cause.PROVIDER_SUPPRESSED)
"""For a reason without a row."""

NO_MESSAGE: Final = "00000000-0000-0000-0000-000000000000"
"""The message id of a change that was made by hand."""


def verify(request: WebhookRequest, secrets: Secrets, _now: datetime) -> None:
    """Basic auth or a header, as set on the webhook: ``username:password`` or ``Header-Name: value``."""
    _signatures.basic_auth_or_secret_header(request, secrets)


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Outcome]:
    """At most one event."""
    record = json_record(body)
    record_type = _record_type(record)
    return [_event(record, record_type)] if record_type in FIELDS else []


def _record_type(record: Record) -> str:
    """Old webhooks tell bounces without it."""
    told = record.maybe_text("RecordType")
    return told or ("Bounce" if "Type" in record and "Email" in record else "")


def _event(record: Record, record_type: str) -> DeliveryEvent | None:
    person, time = FIELDS[record_type]
    details = record.maybe_text("Details")
    status = _codes.enhanced_status(details)
    code, verdict = _told(record, record_type, status, details)
    address = _addresses.email(record.maybe_text(person))
    if verdict is None or address is None:
        return None
    at = record.maybe_time(time, iso)
    message_id = record.maybe_text("MessageID")
    custom = record.maybe_record("Metadata")
    tags = _tags.tags(custom.fields if custom else None)
    return DeliveryEvent(
        provider="postmark",
        channel=Channel.EMAIL,
        kind=verdict.kind,
        permanence=verdict.permanence,
        cause=verdict.cause,
        address=address,
        occurred_at=at,
        sent_at=_tags.sent_at(tags),
        provider_message_id=None if message_id == NO_MESSAGE else message_id,
        # Only bounces and complaints have an id of their own.
        event_id=record.maybe_text("ID") or f"{record_type}:{code}:{message_id or ''}:{address}:{at}",
        provider_code=code,
        smtp_status=status,
        diagnostic=details or record.maybe_text("Description"),
        metadata=tags,
    )


def _told(
    record: Record, record_type: str, status: str | None, details: str | None
) -> tuple[str, Verdict | None]:
    """Postmark's own word and what it comes to."""
    if record_type == "Delivery":
        return record_type, Verdict(Kind.DELIVERED)
    if record_type == "SubscriptionChange":
        return _change(record)
    code = record_type if record_type in TYPES else record.maybe_text("Type") or record_type
    return code, None if code in IGNORED else TYPES.get(code) or _bounce(code, status, details)


def _bounce(type_: str, status: str | None, details: str | None) -> Verdict:
    if type_ == STILL_TRYING:
        # A bare reply of class 4 tells no more than that.
        return Verdict(Kind.DELAYED, cause=_codes.bounce(_TRANSIENT, status).cause)
    said = CLASSES.get(type_, _UNDETERMINED)
    coded = _codes.bounce(said, status, details)
    # "Unknown user, mailbox not found" is what Postmark calls hard.
    return _INVALID if said is _PERMANENT and coded.cause is Cause.UNKNOWN else coded


def _change(record: Record) -> tuple[str, Verdict]:
    """An address came onto a suppression list or left it; the mark is never guessed."""
    if "SuppressSending" not in record:
        raise record.unreadable("SuppressSending", "missing")
    if not record.flag("SuppressSending"):
        return "SubscriptionChange", _OPTED_IN
    reason, origin = (record.maybe_text(key) or "" for key in ("SuppressionReason", "Origin"))
    code = f"{reason}/{origin}"
    return code, REASONS.get(code) or REASONS.get(reason) or OTHER_REASON
