"""Amazon SES: bounces, complaints, deliveries, delays and the rest, by SNS and SQS or by EventBridge.

Source: docs.aws.amazon.com/ses/latest/dg/notification-contents (identity notifications, ``notificationType``)
and docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents (configuration sets,
``eventType``; the same within EventBridge's ``detail``); newer bounce subtypes as clients have seen them.
An identity that has both tells every bounce twice, with one ``feedbackId``. SES calls no webhook of ours.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from reachable.model.delivery_event import Cause, Channel, Kind, Permanence
from reachable.providers import _addresses, _codes, _sns, _tags
from reachable.providers._classifications import (
    BROKEN,
    COMPLAINED,
    CONTENT,
    CONTENT_BOUNCED,
    CONTENT_REJECTED,
    DELIVERED,
    FULL,
    INVALID,
    OPTED_IN,
    OPTED_OUT,
    PERMANENT,
    SENT,
    SUPPRESSED,
    SUPPRESSED_COMPLAINT,
    TRANSIENT,
    UNDETERMINED,
    Classification,
    event_of,
)
from reachable.providers._reading import Entries, Finding, Record
from reachable.providers._times import iso

# Keys are in lower case: SES itself does not write its words the same way everywhere.
BOUNCES: Final[Mapping[tuple[str, str], Classification]] = {
    ("permanent", "noemail"): INVALID,
    ("permanent", "suppressed"): SUPPRESSED,
    ("permanent", "onaccountsuppressionlist"): SUPPRESSED,
    ("permanent", "ontenantsuppressionlist"): SUPPRESSED,
    # SES only guessed that there is no such mailbox; it did not ask.
    ("permanent", "emailvalidationsuppressed"): SUPPRESSED,
    ("permanent", "unsubscribedrecipient"): OPTED_OUT,
    ("transient", "mailboxfull"): FULL,
    ("transient", "messagetoolarge"): CONTENT_BOUNCED,
    ("transient", "contentrejected"): CONTENT_BOUNCED,
    ("transient", "attachmentrejected"): CONTENT_BOUNCED,
}
"""What a type and subtype say where the server's answer tells nothing; all others tell nothing themselves."""
TIMED_OUT: Final = ("transient", "customtimeoutexceeded")
"""Our own limit of time ran out; the last answer is one of a server that only deferred."""

CLASSES: Final[Mapping[str, Permanence]] = {"permanent": PERMANENT, "transient": TRANSIENT}

DELAYS: Final[Mapping[str, Cause]] = {
    "mailboxfull": Cause.MAILBOX_FULL,
    "recipientservererror": Cause.INACTIVE_OR_UNREACHABLE,
    "internalfailure": Cause.INACTIVE_OR_UNREACHABLE,
    "transientcommunicationfailure": Cause.INACTIVE_OR_UNREACHABLE,
}
"""The others (General, Undetermined, SpamDetected ...) tell nothing: the server's code does."""

NO_COMPLAINTS: Final = frozenset(
    {
        "not-spam",  # it says the opposite
        "auth-failure",  # a report about our DNS, not about the person
    }
)
SUPPRESSED_COMPLAINTS: Final = frozenset({"onaccountsuppressionlist", "ontenantsuppressionlist"})

DETAIL_TYPES: Final[Mapping[str, str]] = {
    "email bounced": "bounce",
    "email complaint received": "complaint",
    "email delivered": "delivery",
    "email sent": "send",
    "email rejected": "reject",
    "email rendering failed": "rendering failure",
    "email delivery delayed": "deliverydelay",
    "email subscribed": "subscription",
}
"""EventBridge's words, for details without an ``eventType``."""


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Finding]:
    """One event for each recipient that SES names."""
    return _sns.each(body, _events)


def _events(unwrapped: _sns.Unwrapped) -> Iterable[Finding]:
    read = _READERS.get(_type(unwrapped))
    return read(unwrapped.event) if read else []


def _type(unwrapped: _sns.Unwrapped) -> str:
    record = unwrapped.event
    told = record.maybe_text("eventType") or record.maybe_text("notificationType")
    if told is not None:
        return told.lower()
    if unwrapped.detail_type is not None:
        return DETAIL_TYPES.get(unwrapped.detail_type.lower(), "")
    raise record.unreadable("eventType", "missing")


class _Mail:
    """What every event of a message shares."""

    def __init__(self, record: Record) -> None:
        mail = record.inner("mail")
        tags = mail.inner("tags").fields
        self._record = mail
        self.message_id = mail.maybe_text("messageId")
        self.sent_at = mail.maybe_time("timestamp", iso)
        self.tags = _tags.tags({name: of for name, of in tags.items() if name[:4] != "ses:"})

    @property
    def recipients(self) -> Entries:
        """All of them; events of some recipients name theirs."""
        return self._record.maybe_entries("destination")

    def event(
        self,
        named: str | None,
        classification: Classification,
        *,
        told_by: str,
        at: datetime | None = None,
        code: str | None = None,
        smtp_status: str | None = None,
        diagnostic: str | None = None,
        candidates: int = 1,
    ) -> Finding:
        """The event about one named recipient; ``told_by`` is what makes its id unique beside the address."""
        address = _addresses.email(named)
        return event_of(
            "ses",
            Channel.EMAIL,
            classification,
            address,
            occurred_at=at,
            sent_at=self.sent_at,
            provider_message_id=self.message_id,
            event_id=f"{told_by}:{address}",
            provider_code=code,
            smtp_status=smtp_status,
            diagnostic=diagnostic,
            possible_recipients=candidates,
            metadata=self.tags,
            named=named,
        )

    def id_of(self, kind: str, told: Record) -> str:
        """What tells this event from others of its message: SES's own feedback id, else the time."""
        return told.maybe_text("feedbackId") or told.id_of(
            self.message_id, told.maybe_text("timestamp"), kind
        )


def _bounces(record: Record) -> Iterator[Finding]:
    mail = _Mail(record)
    bounce = record.record("bounce")
    type_ = bounce.maybe_text("bounceType") or ""
    subtype = bounce.maybe_text("bounceSubType") or ""
    at = bounce.maybe_time("timestamp", iso)
    told_by = mail.id_of("bounce", bounce)

    def findings(recipient: Record) -> list[Finding]:
        diagnostic = recipient.maybe_text("diagnosticCode")
        status = _codes.enhanced_status(recipient.maybe_text("status"), diagnostic)
        action = recipient.maybe_text("action")
        event = mail.event(
            recipient.maybe_text("emailAddress"),
            _bounce_classification(type_.lower(), subtype.lower(), action, status, diagnostic),
            told_by=told_by,
            at=at,
            code=f"{type_}/{subtype}",
            smtp_status=status,
            diagnostic=diagnostic,
        )
        return [event]

    return bounce.maybe_entries("bouncedRecipients").each(findings)


def _bounce_classification(
    type_: str, subtype: str, action: str | None, status: str | None, diagnostic: str | None
) -> Classification:
    """One bounce can name recipients of different fates, so a recipient's own action and class come first."""
    if (type_, subtype) == TIMED_OUT:
        return BROKEN
    known = BOUNCES.get((type_, subtype))
    if known is not None:
        return _codes.bounce_or(known, status, diagnostic)
    said = CLASSES.get(type_, UNDETERMINED)
    still_trying = said is PERMANENT and status is not None and status.startswith("4")
    if (still_trying and action is None) or (action is not None and action.lower() == "delayed"):
        return Classification(Kind.DELAYED, cause=_cause(status, diagnostic))
    return _codes.bounce(TRANSIENT if still_trying else said, status, diagnostic)


def _cause(status: str | None, diagnostic: str | None) -> Cause:
    told = _codes.meaning(status, diagnostic)
    return told.cause if told else Cause.UNKNOWN


def _complaints(record: Record) -> Iterable[Finding]:
    """Of SES's own list a complaint may name nobody: then it is of somebody whom the mail went to."""
    mail = _Mail(record)
    complaint = record.record("complaint")
    subtype = complaint.maybe_text("complaintSubType")
    feedback = complaint.maybe_text("complaintFeedbackType")
    if feedback is not None and feedback.lower() in NO_COMPLAINTS:
        return []
    listed = subtype is not None and subtype.lower() in SUPPRESSED_COMPLAINTS
    classification = SUPPRESSED_COMPLAINT if listed else COMPLAINED
    at = complaint.maybe_time("timestamp", iso)
    told_by = mail.id_of("complaint", complaint)
    named = complaint.maybe_entries("complainedRecipients")
    candidates = len(named) or len(mail.recipients)  # most providers hide who of their people complained

    def findings(recipient: str | None) -> list[Finding]:
        event = mail.event(
            recipient,
            classification,
            told_by=told_by,
            at=at,
            code=subtype or feedback,
            candidates=candidates,
        )
        return [event]

    if not len(named):
        return mail.recipients.each_text(findings)
    return named.each(lambda recipient: findings(recipient.maybe_text("emailAddress")))


def _deliveries(record: Record) -> Iterator[Finding]:
    mail = _Mail(record)
    delivery = record.record("delivery")
    at = delivery.maybe_time("timestamp", iso)
    told_by = mail.id_of("delivery", delivery)
    response = delivery.maybe_text("smtpResponse")

    def findings(recipient: str) -> list[Finding]:
        event = mail.event(recipient, DELIVERED, told_by=told_by, at=at, diagnostic=response)
        return [event]

    return delivery.maybe_entries("recipients").each_text(findings)


def _delays(record: Record) -> Iterator[Finding]:
    mail = _Mail(record)
    delay = record.record("deliveryDelay")
    at = delay.maybe_time("timestamp", iso)
    type_ = delay.maybe_text("delayType")
    told_by = mail.id_of("deliverydelay", delay)

    def findings(recipient: Record) -> list[Finding]:
        diagnostic = recipient.maybe_text("diagnosticCode")
        status = _codes.enhanced_status(recipient.maybe_text("status"), diagnostic)
        cause = DELAYS.get((type_ or "").lower()) or _cause(status, diagnostic)
        event = mail.event(
            recipient.maybe_text("emailAddress"),
            Classification(Kind.DELAYED, cause=cause),
            told_by=told_by,
            at=at,
            code=type_,
            smtp_status=status,
            diagnostic=diagnostic,
        )
        return [event]

    return delay.maybe_entries("delayedRecipients").each(findings)


def _sends(record: Record) -> Iterator[Finding]:
    """Sending is the event here, so its time is the event's."""
    mail = _Mail(record)
    return _of_all(mail, SENT, told_by=mail.id_of("send", record), at=mail.sent_at)


def _rejects(record: Record) -> Iterator[Finding]:
    """SES found a virus."""
    mail = _Mail(record)
    why = record.inner("reject").maybe_text("reason")
    return _of_all(mail, CONTENT_REJECTED, told_by=mail.id_of("reject", record), diagnostic=why)


def _rendering_failures(record: Record) -> Iterator[Finding]:
    """Our template could not be filled."""
    mail = _Mail(record)
    why = record.inner("failure").maybe_text("errorMessage")
    return _of_all(mail, CONTENT, told_by=mail.id_of("rendering failure", record), diagnostic=why)


def _subscriptions(record: Record) -> Iterable[Finding]:
    """A contact left or rejoined all of a list; single topics are not ours to model."""
    mail = _Mail(record)
    subscription = record.record("subscription")
    new, old = (_unsubscribed(subscription, key) for key in ("newTopicPreferences", "oldTopicPreferences"))
    if new == old or len(mail.recipients) != 1:  # of several, nobody is told
        return []
    classification = OPTED_OUT if new else OPTED_IN
    told_by = mail.id_of("subscription", subscription)
    return _of_all(mail, classification, told_by=told_by, at=subscription.maybe_time("timestamp", iso))


def _unsubscribed(subscription: Record, key: str) -> bool:
    return subscription.inner(key).maybe_flag("unsubscribeAll") is True


def _of_all(
    mail: _Mail,
    classification: Classification,
    *,
    told_by: str,
    at: datetime | None = None,
    diagnostic: str | None = None,
) -> Iterator[Finding]:
    """What concerns the message as a whole, so each of its recipients."""
    return mail.recipients.each_text(
        lambda named: [mail.event(named, classification, told_by=told_by, at=at, diagnostic=diagnostic)]
    )


_READERS: Final[Mapping[str, Callable[[Record], Iterable[Finding]]]] = {
    "bounce": _bounces,
    "complaint": _complaints,
    "delivery": _deliveries,
    "deliverydelay": _delays,
    "send": _sends,
    "reject": _rejects,
    "rendering failure": _rendering_failures,
    "subscription": _subscriptions,
}
"""All other types (Open, Click, Received, AmazonSnsSubscriptionSucceeded, new ones) are left out."""
