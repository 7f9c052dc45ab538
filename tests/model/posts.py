"""What providers post, in their own words, and what each post says in the oracle's.

A *saying* is a row of a dialect: literal words of the provider, and what they mean. Which words mean what is
tested with the dialects; here a few of each kind are enough.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlencode

from tests.model.oracle import Told


class Clock(StrEnum):
    """How a provider's clock goes."""

    RIGHT = "right"
    CUT = "cut to the second"
    NONE = "tells nothing"
    EPOCH = "1970"
    MONTHS = "two months late"
    TOMORROW = "a day ahead"
    END = "9999"

    def tells(self, at: datetime) -> datetime | None:
        """What such a clock tells instead of this time."""
        return _TOLD[self](at)


_TOLD: Final[Mapping[Clock, Callable[[datetime], datetime | None]]] = {
    Clock.RIGHT: lambda at: at,
    Clock.CUT: lambda at: at.replace(microsecond=0),
    Clock.NONE: lambda _: None,
    Clock.EPOCH: lambda at: datetime.fromtimestamp(0, at.tzinfo),
    Clock.MONTHS: lambda at: at - timedelta(days=61),
    Clock.TOMORROW: lambda at: at + timedelta(days=1),
    Clock.END: lambda at: at.replace(year=9999, microsecond=0),
}
LYING: Final = frozenset({Clock.EPOCH, Clock.MONTHS, Clock.TOMORROW, Clock.END})


@dataclass(frozen=True, slots=True)
class Saying:
    """What a provider can say of an address: its words, and what they mean."""

    kind: str
    words: dict[str, Any]
    cause: str | None = None
    permanence: str | None = None
    smtp_status: bool = False
    channel: str | None = None
    for_earlier_stop: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Of what message to which address something is said, and when. ``number`` is the event's own."""

    number: str
    message: str
    address: str
    sent: datetime
    at: datetime
    received: datetime
    sent_clock: Clock = Clock.RIGHT
    clock: Clock = Clock.RIGHT
    account: str | None = None
    tag: str | None = None
    """Our id of the message."""
    tag_clock: Clock = Clock.NONE
    """Of `reachable_t`."""

    @property
    def tagged(self) -> datetime | None:
        """What our tag tells: it is written just before a provider has the message."""
        return self.tag_clock.tells(self.sent - timedelta(milliseconds=40))


@dataclass(frozen=True, slots=True)
class Post:
    """A message on the queue ``delivery-events``, and what it says."""

    told: tuple[Told, ...]
    received: datetime
    body: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """One provider: its sayings by a name of ours, and how it posts one of them or several together."""

    provider: str
    channel: str
    sayings: Mapping[str, Saying]
    post: Callable[[Sequence[tuple[Saying, About]]], Post]
    shares_ids: bool = False
    """One id of a message may be that of several recipients."""
    has_accounts: bool = False


def _told(saying: Saying, about: About, provider: str, channel: str, **other: Any) -> Told:
    return Told(
        key=f"{provider} {about.account} {about.number}",
        provider=provider,
        channel=saying.channel or channel,
        kind=saying.kind,
        address=about.address,
        received=about.received,
        cause=saying.cause,
        permanence=saying.permanence,
        smtp_status=saying.smtp_status,
        for_earlier_stop=saying.for_earlier_stop,
        **{"message": about.message, "tag": about.tag, "at": about.clock.tells(about.at)} | other,
    )


def _entry(provider: str, about: About, told: Sequence[Told], body: bytes, query: str = "") -> Post:
    entry = {
        "provider": provider,
        "account": about.account,
        "method": "POST",
        "url": f"/webhooks/{provider}",
        "query": query,
        "headers": {"content-type": "application/x-www-form-urlencoded"},
        "received_at": about.received.isoformat(),
        "body": base64.b64encode(body).decode(),
    }
    return Post(tuple(told), about.received, json.dumps(entry))


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _without_nulls(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value is not None}


def _tags(about: About, *names: str) -> dict[str, str]:
    """Our tags, as they come back."""
    time = _iso(about.tagged)
    return {k: v for k, v in {"reachable_id": about.tag, "reachable_t": time}.items() if v and k in names}


# Amazon SES, as SNS puts it on the queue


def _ses_bounce(type_: str, subtype: str, **recipient: str) -> dict[str, Any]:
    return {"name": "bounce", "type": "Bounce", "recipients": "bouncedRecipients", "recipient": recipient} | {
        "told": {"bounceType": type_, "bounceSubType": subtype}
    }


def _ses_complaint(**told: str) -> dict[str, Any]:
    return {"name": "complaint", "type": "Complaint", "recipients": "complainedRecipients", "told": told}


_SES: Final = {
    "sent": Saying("sent", {"name": "send", "type": "Send"}),
    "delivered": Saying("delivered", {"name": "delivery", "type": "Delivery"}),
    "delayed": Saying(
        "delayed",
        {
            "name": "deliveryDelay",
            "type": "DeliveryDelay",
            "recipients": "delayedRecipients",
            "told": {"delayType": "MailboxFull"},
        },
        "mailbox_full",
    ),
    "rejected": Saying("rejected", {"name": "reject", "type": "Reject"}, "content_or_size", "permanent"),
    "no such mailbox": Saying("bounced", _ses_bounce("Permanent", "NoEmail"), "invalid_address", "permanent"),
    "mailbox full": Saying("bounced", _ses_bounce("Transient", "MailboxFull"), "mailbox_full", "transient"),
    "out of office": Saying("bounced", _ses_bounce("Transient", "General"), "unknown", "transient"),
    "undetermined": Saying("bounced", _ses_bounce("Undetermined", "Undetermined"), "unknown", "undetermined"),
    "content": Saying("bounced", _ses_bounce("Transient", "ContentRejected"), "content_or_size", "transient"),
    "suppressed": Saying(
        "bounced", _ses_bounce("Permanent", "Suppressed"), "provider_suppressed", "permanent"
    ),
    "unsubscribed": Saying("opted_out", _ses_bounce("Permanent", "UnsubscribedRecipient"), "opt_out"),
    "complaint": Saying("complained", _ses_complaint(complaintFeedbackType="abuse"), "complaint"),
    "complaint on list": Saying(
        "complained",
        _ses_complaint(complaintSubType="OnAccountSuppressionList"),
        "provider_suppressed",
    ),
}


def _post_ses(sayings: Sequence[tuple[Saying, About]], wrap: Callable[[str, datetime], str]) -> Post:
    """All recipients in one event: those that are named, and in ``destination`` all of the message."""
    saying, about = sayings[0]
    words, name = saying.words, saying.words["name"]
    addresses = [one.address for _, one in sayings]
    recipients = [{"emailAddress": one} | words.get("recipient", {}) for one in addresses]
    sent = about.sent_clock.tells(about.sent)
    record = {
        "eventType": words["type"],
        "mail": _without_nulls(
            {
                "timestamp": _iso(sent),
                "messageId": about.message,
                "destination": addresses,
                "tags": {name: [value] for name, value in _tags(about, "reachable_id").items()} or None,
            }
        ),
        name: _without_nulls(
            {"timestamp": _iso(about.clock.tells(about.at)), "feedbackId": about.number}
            | words.get("told", {})
            | {words.get("recipients", "recipients"): addresses if name == "delivery" else recipients}
        ),
    }
    several = len(addresses) if saying.kind == "complained" else 1
    at = {"at": sent} if name == "send" else {"at": None} if name == "reject" else {}
    told = [
        _told(saying, one, "ses", "email", sent=sent, possible_recipients=several, **at) for _, one in sayings
    ]
    told = [replace(one, key=f"{one.key}:{one.address}") for one in told]
    body = json.dumps(record)
    return Post(tuple(told), about.received, wrap(body, about.received))


def _by_sns(body: str, received: datetime) -> str:
    return json.dumps(
        {"Type": "Notification", "MessageId": "1", "Timestamp": _iso(received), "Message": body}
    )


SES: Final = Dialect("ses", "email", _SES, lambda s: _post_ses(s, lambda body, _: body), shares_ids=True)
SES_BY_SNS: Final = Dialect("ses", "email", _SES, lambda s: _post_ses(s, _by_sns), shares_ids=True)


# SendGrid: an array, seconds, several recipients of a personalization share an id


_BOUNCE_511: Final = {"event": "bounce", "type": "bounce", "status": "5.1.1"}
_SENDGRID: Final = {
    "sent": Saying("sent", {"event": "processed"}),
    "delivered": Saying("delivered", {"event": "delivered"}),
    "no such mailbox": Saying(
        "bounced",
        _BOUNCE_511 | {"reason": "550 5.1.1 no such user"},
        "invalid_address",
        "permanent",
        smtp_status=True,
    ),
    "suppressed": Saying(
        "bounced", {"event": "dropped", "reason": "Bounced Address"}, "provider_suppressed", "permanent"
    ),
    "complaint on list": Saying(
        "complained", {"event": "dropped", "reason": "Spam Reporting Address"}, "provider_suppressed"
    ),
    "complaint": Saying("complained", {"event": "spamreport"}, "complaint"),
    "unsubscribed": Saying("opted_out", {"event": "unsubscribe"}, "opt_out"),
    "opted in": Saying("opted_in", {"event": "group_resubscribe"}),
}


def _seconds(at: datetime | None) -> int | None:
    """As SendGrid writes it; one that no count of seconds can tell, in milliseconds."""
    if at is None:
        return None
    return int(at.timestamp() * (1000 if at.year > 5000 else 1))  # a count of seconds ends in 5138


def _post_sendgrid(sayings: Sequence[tuple[Saying, About]]) -> Post:
    entries, told = [], []
    for place, (saying, about) in enumerate(sayings):
        at = about.clock.tells(about.at)
        entries.append(
            _without_nulls(
                {
                    "email": about.address,
                    "timestamp": _seconds(at),
                    "sg_message_id": f"{about.message}.recv-{place}",
                    "sg_event_id": about.number,
                }
            )
            | saying.words
            | _tags(about, "reachable_t", "reachable_id")
        )
        cut = at and at.replace(microsecond=0)
        told.append(_told(saying, about, "sendgrid", "email", at=cut, tag_sent=about.tagged))
    return _entry("sendgrid", sayings[0][1], told, json.dumps(entries).encode())


def _milliseconds(at: datetime | None) -> datetime | None:
    return at and at.replace(microsecond=at.microsecond // 1000 * 1000)


SENDGRID: Final = Dialect("sendgrid", "email", _SENDGRID, _post_sendgrid, shares_ids=True, has_accounts=True)


# SparkPost: an array, a transmission has several recipients


_SPARKPOST: Final = {
    "sent": Saying("sent", {"type": "injection"}),
    "delivered": Saying("delivered", {"type": "delivery"}),
    "delayed": Saying("delayed", {"type": "delay", "bounce_class": "22"}, "mailbox_full"),
    "no such mailbox": Saying(
        "bounced", {"type": "bounce", "bounce_class": "10"}, "invalid_address", "permanent"
    ),
    "mailbox full": Saying("bounced", {"type": "bounce", "bounce_class": "22"}, "mailbox_full", "transient"),
    "complaint": Saying("complained", {"type": "spam_complaint"}, "complaint"),
    "unsubscribed": Saying("opted_out", {"type": "list_unsubscribe"}, "opt_out"),
}


def _post_sparkpost(sayings: Sequence[tuple[Saying, About]]) -> Post:
    entries, told = [], []
    for saying, about in sayings:
        sent, at = about.sent_clock.tells(about.sent), about.clock.tells(about.at)
        event = {
            "rcpt_to": about.address,
            "transmission_id": about.message,
            "event_id": about.number,
            "timestamp": _iso(at),
            "injection_time": _iso(sent),
        }
        custom = _tags(about, "reachable_t", "reachable_id")
        entries.append(
            {"msys": {"message_event": _without_nulls(event | saying.words | {"rcpt_meta": custom or None})}}
        )
        told.append(_told(saying, about, "sparkpost", "email", sent=sent, tag_sent=about.tagged))
    return _entry("sparkpost", sayings[0][1], told, json.dumps(entries).encode())


SPARKPOST: Final = Dialect("sparkpost", "email", _SPARKPOST, _post_sparkpost, shares_ids=True)


# Twilio: a form, no times of texts, our tags in the query


def _undelivered(code: str) -> dict[str, str]:
    return {"MessageStatus": "undelivered", "ErrorCode": code}


_TWILIO: Final = {
    "sent": Saying("sent", {"MessageStatus": "sent"}),
    "delivered": Saying("delivered", {"MessageStatus": "delivered"}),
    "no such number": Saying("bounced", _undelivered("30005"), "invalid_address", "permanent"),
    "landline": Saying("bounced", _undelivered("30006"), "landline_or_incapable", "permanent"),
    "off": Saying("bounced", _undelivered("30003"), "inactive_or_unreachable", "transient"),
    "filtered": Saying("failed", _undelivered("30007"), "carrier_blocked_or_spam", "transient"),
    "our quota": Saying("rejected", _undelivered("30023"), "account_or_quota", "transient"),
    "refused for STOP": Saying("opted_out", _undelivered("21610"), "opt_out", for_earlier_stop=True),
    "busy": Saying("failed", {"CallStatus": "busy"}, "inactive_or_unreachable", "transient", channel="voice"),
    "fax": Saying(
        "failed",
        {"CallStatus": "completed", "AnsweredBy": "fax"},
        "landline_or_incapable",
        "undetermined",
        channel="voice",
    ),
    "no such number to call": Saying(
        "bounced",
        {"CallStatus": "failed", "SipResponseCode": "404"},
        "invalid_address",
        "permanent",
        channel="voice",
    ),
}


def _post_twilio(sayings: Sequence[tuple[Saying, About]]) -> Post:
    [(saying, about)] = sayings
    is_call = saying.channel == "voice"
    at = about.clock.tells(about.at) if is_call else None
    form = {
        ("CallSid" if is_call else "MessageSid"): about.message,
        "To": about.address,
        "Timestamp": at and format_datetime(at),
    }
    told = _told(
        saying,
        about,
        "twilio",
        "sms",
        at=at and at.replace(microsecond=0),
        tag_sent=about.tagged,
    )
    status = saying.words.get("MessageStatus") or saying.words.get("CallStatus")
    told = replace(told, key=f"twilio {about.account} {about.message}:{status}")
    body = urlencode(_without_nulls(form | saying.words)).encode()
    return _entry("twilio", about, [told], body, urlencode(_tags(about, "reachable_t", "reachable_id")))


TWILIO: Final = Dialect("twilio", "sms", _TWILIO, _post_twilio, has_accounts=True)


# Sinch: a report a recipient, the id is the batch's


def _sinch(status: str, code: int) -> dict[str, Any]:
    return {"status": status, "code": code}


_SINCH: Final = {
    "sent": Saying("sent", _sinch("Dispatched", 401)),
    "delivered": Saying("delivered", _sinch("Delivered", 0)),
    "no such number": Saying("bounced", _sinch("Failed", 1), "invalid_address", "permanent"),
    "off": Saying("bounced", _sinch("Failed", 5), "inactive_or_unreachable", "transient"),
    "landline": Saying("bounced", _sinch("Failed", 11), "landline_or_incapable", "permanent"),
    "account": Saying("rejected", _sinch("Aborted", 413), "account_or_quota", "permanent"),
}


def _post_sinch(sayings: Sequence[tuple[Saying, About]]) -> Post:
    [(saying, about)] = sayings
    report = {
        "type": "recipient_delivery_report_sms",
        "batch_id": about.message,
        "recipient": about.address.removeprefix("+"),
        "at": _iso(about.clock.tells(about.at)),
        "client_reference": about.tag,
    }
    told = _told(saying, about, "sinch", "sms")
    status = f"{saying.words['status'].lower()}:{saying.words['code']}"
    told = replace(told, key=f"sinch {about.account} {about.message}:{about.address}:{status}")
    return _entry("sinch", about, [told], json.dumps(_without_nulls(report) | saying.words).encode())


SINCH: Final = Dialect("sinch", "sms", _SINCH, _post_sinch, shares_ids=True)


# AWS End User Messaging, by which dispatch sends texts


_AWS_SMS: Final = {
    "sent": Saying("sent", {"eventType": "TEXT_SENT"}),
    "delivered": Saying("delivered", {"eventType": "TEXT_DELIVERED"}),
    "no such number": Saying("bounced", {"eventType": "TEXT_INVALID"}, "invalid_address", "permanent"),
    "off": Saying("bounced", {"eventType": "TEXT_UNREACHABLE"}, "inactive_or_unreachable", "transient"),
    "carrier": Saying("bounced", {"eventType": "TEXT_BLOCKED"}, "carrier_blocked_or_spam", "undetermined"),
    "spam": Saying("failed", {"eventType": "TEXT_SPAM"}, "carrier_blocked_or_spam", "transient"),
}


def _post_aws_sms(sayings: Sequence[tuple[Saying, About]]) -> Post:
    [(saying, about)] = sayings
    sent, at = about.sent_clock.tells(about.sent), about.clock.tells(about.at)
    record = {
        "eventTimestamp": at and int(at.timestamp() * 1000),
        "messageRequestTimestamp": sent and int(sent.timestamp() * 1000),
        "isFinal": True,
        "messageId": about.message,
        "destinationPhoneNumber": about.address,
        "context": _tags(about, "reachable_t", "reachable_id") or None,
    }
    body = json.dumps(_without_nulls(record | dict(saying.words)))
    told = _told(
        saying, about, "aws_sms", "sms", sent=_milliseconds(sent), at=_milliseconds(at), tag_sent=about.tagged
    )
    time = record["eventTimestamp"]
    told = replace(told, key=f"aws_sms {about.message}:{saying.words['eventType']}:{time}")
    return Post((told,), about.received, _by_sns(body, about.received))


AWS_SMS: Final = Dialect("aws_sms", "sms", _AWS_SMS, _post_aws_sms)

OTHERS: Final[Mapping[str, Dialect]] = {
    "ses": SES,
    "ses by sns": SES_BY_SNS,
    "sendgrid": SENDGRID,
    "sparkpost": SPARKPOST,
    "twilio": TWILIO,
    "sinch": SINCH,
}
"""By these the district's other systems send."""


@dataclass(slots=True)
class Other:
    """Another system's message: one id, and whom it goes to."""

    dialect: Dialect
    id: str
    addresses: Sequence[str]
    sent: datetime
    account: str | None
    ended: dict[str, Saying] = field(default_factory=dict)
    """Of a text, how it ended by phone: its provider says so once, and the event's id tells no more."""

    def may_say(self, saying: Saying, address: str) -> bool:
        """Whether its provider can say so still; then it has said so."""
        if saying.kind == "sent":
            return False
        if self.dialect.channel == "email" or saying.kind == "delivered":
            return True
        return self.ended.setdefault(address, saying) is saying


def together(dialect: Dialect, sayings: Sequence[tuple[Saying, About]]) -> list[Post]:
    """As a provider posts several: SendGrid and SparkPost in one array, SES of one kind in one event."""
    alike = len({id(saying) for saying, _ in sayings}) == 1
    apart = len({about.address for _, about in sayings}) == len(sayings)
    in_one = dialect.provider in {"sendgrid", "sparkpost"} or (dialect.provider == "ses" and alike and apart)
    if in_one and sayings:
        return [dialect.post(sayings)]
    return [dialect.post([one]) for one in sayings]


# Texts from people


def text_from(provider: str, phone: str, words: str, about: About) -> Post:
    """A person texts STOP or START, or says it in other words."""
    kind, cause = _MEANT[words]
    told = Told(
        key=f"{provider} {about.account} {about.number}",
        provider=provider,
        channel="sms",
        kind=kind,
        cause=cause,
        address=phone,
        received=about.received,
        at=about.clock.tells(about.at) if provider == "sinch" else None,
    )
    if provider == "twilio":
        form = {"SmsSid": about.number, "SmsStatus": "received", "From": phone, "To": "+12025550100"}
        return _entry("twilio", about, [told], urlencode(form | {"Body": words}).encode())
    report = {
        "type": "mo_text",
        "id": about.number,
        "from": phone.removeprefix("+"),
        "body": words,
        "received_at": _iso(about.clock.tells(about.at)),
    }
    return _entry("sinch", about, [told], json.dumps(_without_nulls(report)).encode())


_MEANT: Final[Mapping[str, tuple[str, str | None]]] = {
    "STOP": ("opted_out", "opt_out"),
    "START": ("opted_in", None),
    "ARRET": ("opted_out", "revocation"),  # a carrier's word in Canada, on which Twilio does not act
}
