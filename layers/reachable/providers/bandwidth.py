"""Bandwidth: status of texts and calls, and STOP and START as people text them.

Source: dev.bandwidth.com/docs/messaging/webhooks (texts), dev.bandwidth.com/docs/messaging/errors (codes) and
dev.bandwidth.com/docs/voice/webhooks/disconnect (calls). Texts come as an array, calls as one object.
Bandwidth signs nothing: requests carry the basic auth that is set on its application. ``to`` beside ``type``
is the one number that an event is about; ``message.to`` lists the whole group.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.providers import _addresses, _signatures, _tags, _words
from reachable.providers._codes import Verdict
from reachable.providers._reading import Outcome, Record, json_entries
from reachable.providers._times import iso
from reachable.providers._webhook import Secrets, WebhookRequest

_PERMANENT: Final = Permanence.PERMANENT
_TRANSIENT: Final = Permanence.TRANSIENT
_UNDETERMINED: Final = Permanence.UNDETERMINED

_SENT: Final = Verdict(Kind.SENT)
_DELIVERED: Final = Verdict(Kind.DELIVERED)
_INVALID: Final = Verdict(Kind.BOUNCED, _PERMANENT, Cause.INVALID_ADDRESS)
_MAYBE_INVALID: Final = Verdict(Kind.BOUNCED, _UNDETERMINED, Cause.INVALID_ADDRESS)
_LANDLINE: Final = Verdict(Kind.BOUNCED, _PERMANENT, Cause.LANDLINE_OR_INCAPABLE)
_AWAY: Final = Verdict(Kind.BOUNCED, _TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
_BLOCKED: Final = Verdict(Kind.BOUNCED, _UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)
_LISTED: Final = Verdict(Kind.BOUNCED, _UNDETERMINED, Cause.PROVIDER_SUPPRESSED)
_REFUSED: Final = Verdict(Kind.BOUNCED, _UNDETERMINED, Cause.UNKNOWN)
_SPAM: Final = Verdict(Kind.FAILED, _TRANSIENT, Cause.CARRIER_BLOCKED_OR_SPAM)
_CONTENT: Final = Verdict(Kind.FAILED, _PERMANENT, Cause.CONTENT_OR_SIZE)
_OURS: Final = Verdict(Kind.REJECTED, _UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)
_OURS_FOR_NOW: Final = Verdict(Kind.FAILED, _TRANSIENT, Cause.ACCOUNT_OR_QUOTA)
_UNREACHABLE: Final = Verdict(Kind.FAILED, _TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
_SERVICE: Final = Verdict(Kind.FAILED, _TRANSIENT, Cause.UNKNOWN)
_UNKNOWN: Final = Verdict(Kind.FAILED, _UNDETERMINED, Cause.UNKNOWN)

MESSAGES: Final[Mapping[str, Verdict]] = {
    "message-sending": _SENT,
    "message-sent": _SENT,
    "message-delivered": _DELIVERED,
    "message-read": _DELIVERED,
}

_SERVER_SIDE: Final = (*range(5100, 5232), 5500, *range(5600, 5651), 5999)
ERRORS: Final[Mapping[str, Verdict]] = {str(code): _UNREACHABLE for code in _SERVER_SIDE} | {
    "4001": _OURS,  # service not allowed
    "4301": _CONTENT,  # encoding
    "4302": _OURS,  # from, malformed
    "4303": _INVALID,  # to, malformed
    "4350": _MAYBE_INVALID,  # malformed for the destination
    "4360": _OURS_FOR_NOW,  # expired before it was sent
    "4401": _OURS,  # from is to
    "4403": _OURS,  # from, forbidden
    "4404": _INVALID,  # to, forbidden
    "4405": _OURS,  # from, unallocated
    "4406": _INVALID,  # to, not given to any carrier yet
    "4407": _OURS,  # from, not of our account
    "4408": _INVALID,  # to, of no account
    "4409": _OURS,  # profile
    "4410": _CONTENT,  # media
    "4411": _CONTENT,
    "4412": _CONTENT,
    "4420": _OURS,  # no route that we may use
    "4421": _OURS,
    "4431": _OURS,  # our account: short codes, countries, toll-free
    "4432": _OURS,
    "4433": _OURS,
    "4434": _LANDLINE,  # toll-free recipient, not enabled
    "4435": _CONTENT,  # too many in a group
    "4451": _OURS,  # our user or application
    "4452": _OURS,
    "4470": _SPAM,
    "4481": _OURS,  # from, blocked at Bandwidth
    "4482": _LISTED,  # to, blocked at Bandwidth
    "4492": _OURS,  # emergency number
    "4493": _OURS,  # not authorised
    "4700": _LANDLINE,  # not supported by carrier or handset
    "4701": _AWAY,  # not reachable
    "4702": _AWAY,  # off, barred, ...
    "4711": _CONTENT,  # media
    "4712": _CONTENT,
    "4720": _INVALID,  # not in the numbering plan; some carriers say it of landlines too
    "4721": _INVALID,  # on the list of deactivated numbers
    "4730": _AWAY,  # no route
    "4740": _OURS,  # invalid source
    "4750": _BLOCKED,  # rejected without a reason
    "4751": _CONTENT,  # length, form
    "4752": _CONTENT,
    "4753": _BLOCKED,
    "4770": _SPAM,
    "4771": _SPAM,  # short URL
    "4772": _BLOCKED,  # we or the person
    "4773": _OURS,  # campaign
    "4774": _OURS,
    "4775": _words.OPTED_OUT,  # the carrier knows that the person opted out
    "4780": _OURS,  # volume at T-Mobile
    "4781": _OURS,  # volume at AT&T
    "4785": _OURS,  # volume
    "4790": _BLOCKED,  # short codes are barred
    "4791": _BLOCKED,
    "4792": _BLOCKED,
    "4793": _BLOCKED,
    "4795": _OURS,  # toll-free number not verified
    "5106": _AWAY,  # no route
    "5501": _AWAY,
    "9902": _SENT,  # no receipt came in time
    "9999": _UNKNOWN,
}
"""By error code."""

PREFIXES: Final = (("47", _REFUSED), ("4", _OURS), ("5", _SERVICE))
"""Of codes without a row: 47 the carrier says no, 4 otherwise we did something, 5 a service broke."""

HANGUPS: Final[Mapping[str, Verdict]] = {
    "busy": _UNREACHABLE,
    "timeout": _UNREACHABLE,
    "account-limit": _OURS_FOR_NOW,
    "node-capacity-exceeded": _OURS_FOR_NOW,
    "callback-error": _OURS_FOR_NOW,
    "invalid-bxml": _OURS_FOR_NOW,
    "application-error": _OURS_FOR_NOW,
}
"""By cause. Any other but hangup, cancel and rejected is a failure of unknown cause."""

NO_SUCH_NUMBER: Final = frozenset({"404", "410", "484", "604"})
"""SIP responses of a rejected call: not found, gone, address incomplete, does not exist anywhere."""


def verify(request: WebhookRequest, secrets: Secrets, _now: datetime) -> None:
    """Basic auth as it is set on the application; a secret is ``username:password``."""
    _signatures.basic_auth_or_secret_header(request, secrets)


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Outcome]:
    """At most one event for each entry."""
    return json_entries(body).each(_event)


def _event(record: Record) -> list[Outcome]:
    if "eventType" in record:
        return [_call(record) if record.text("eventType") == "disconnect" else None]
    if record.text("type") == "message-received":
        return [_inbound(record)]
    return [_message(record)]


def _message(record: Record) -> DeliveryEvent | None:
    type_ = record.text("type")
    code = record.maybe_text("errorCode")
    verdict = _failure(code) if type_ == "message-failed" else MESSAGES.get(type_)
    address = _addresses.phone(record.maybe_text("to"))
    if verdict is None or address is None:
        return None
    message = record.record("message")
    message_id = message.text("id")
    tags = _tags.of_message_id(message.maybe_text("tag"))
    return DeliveryEvent(
        provider="bandwidth",
        channel=Channel.SMS,
        kind=verdict.kind,
        permanence=verdict.permanence,
        cause=verdict.cause,
        address=address,
        occurred_at=record.maybe_time("time", iso),
        sent_at=message.maybe_time("time", iso),
        provider_message_id=message_id,
        event_id=f"{message_id}:{type_}:{address}",
        provider_code=code or type_,
        diagnostic=record.maybe_text("description"),
        metadata=tags,
    )


def _failure(code: str | None) -> Verdict:
    told = ERRORS.get(code or "")
    return told or next((of for prefix, of in PREFIXES if (code or "").startswith(prefix)), _UNKNOWN)


def _inbound(record: Record) -> DeliveryEvent | None:
    """Who wrote is the person: ``to`` is our own number here."""
    message = record.record("message")
    verdict = _words.wish(message.maybe_text("text"))
    address = _addresses.phone(message.maybe_text("from"))
    if verdict is None or address is None:
        return None
    return DeliveryEvent(
        provider="bandwidth",
        channel=Channel.SMS,
        kind=verdict.kind,
        cause=verdict.cause,
        address=address,
        occurred_at=record.maybe_time("time", iso),
        event_id=message.text("id"),
    )


def _call(record: Record) -> DeliveryEvent | None:
    """None of a call that came in (its ``to`` is our own number) or that we cancelled."""
    cause = (record.maybe_text("cause") or "").lower()
    sip = record.maybe_text("sipResponseCode")
    address = _addresses.phone(record.maybe_text("to"))
    if cause == "cancel" or address is None or record.maybe_text("direction") == "inbound":
        return None
    verdict = _ended(cause, sip, answered="answerTime" in record)
    call_id = record.text("callId")
    return DeliveryEvent(
        provider="bandwidth",
        channel=Channel.VOICE,
        kind=verdict.kind,
        permanence=verdict.permanence,
        cause=verdict.cause,
        address=address,
        occurred_at=record.maybe_time("eventTime", iso) or record.maybe_time("endTime", iso),
        sent_at=record.maybe_time("startTime", iso),
        provider_message_id=call_id,
        event_id=f"{call_id}:disconnect",
        provider_code=f"{cause}/{sip}" if sip else cause or None,
        diagnostic=record.maybe_text("errorMessage"),
        metadata=_tags.of_message_id(record.maybe_text("tag")),
    )


def _ended(cause: str, sip: str | None, *, answered: bool) -> Verdict:
    if cause == "hangup" and answered:
        return _DELIVERED
    if cause == "rejected" and sip in NO_SUCH_NUMBER:
        return _INVALID
    return HANGUPS.get(cause, _UNKNOWN)
