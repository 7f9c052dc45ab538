"""Bandwidth: status of texts and calls, and STOP and START as people text them.

Source: dev.bandwidth.com/docs/messaging/webhooks (texts), dev.bandwidth.com/docs/messaging/errors (codes) and
dev.bandwidth.com/docs/voice/webhooks/disconnect (calls). Texts come as an array, calls as one object.
Bandwidth signs nothing: requests carry the basic auth that is set on its application. ``to`` beside ``type``
is the one number that an event is about; ``message.to`` lists the whole group.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from reachable.model.delivery_event import Cause, Channel, Kind
from reachable.providers import _addresses, _calls, _signatures, _tags, _words
from reachable.providers._classifications import (
    AWAY,
    BLOCKED,
    BROKEN,
    CONTENT,
    DELIVERED,
    FILTERED,
    INCAPABLE,
    INVALID,
    LISTED,
    MAYBE_INVALID,
    OPTED_OUT,
    OURS,
    REFUSED,
    SENT,
    TRANSIENT,
    UNKNOWN,
    UNREACHABLE,
    Classification,
    event_of,
    row_of,
)
from reachable.providers._reading import Finding, Record, json_entries
from reachable.providers._times import iso
from reachable.providers._webhook import Secrets, WebhookRequest

_SERVICE: Final = Classification(Kind.FAILED, TRANSIENT, Cause.UNKNOWN)

MESSAGES: Final[Mapping[str, Classification]] = {
    "message-sending": SENT,
    "message-sent": SENT,
    "message-delivered": DELIVERED,
    "message-read": DELIVERED,
}

ERRORS: Final[Mapping[str, Classification]] = {
    "4001": OURS,  # service not allowed
    "4301": CONTENT,  # encoding
    "4302": OURS,  # from, malformed
    "4303": INVALID,  # to, malformed
    "4350": MAYBE_INVALID,  # malformed for the destination
    "4360": BROKEN,  # expired before it was sent
    "4401": OURS,  # from is to
    "4403": OURS,  # from, forbidden
    "4404": INVALID,  # to, forbidden
    "4405": OURS,  # from, unallocated
    "4406": INVALID,  # to, not given to any carrier yet
    "4407": OURS,  # from, not of our account
    "4408": INVALID,  # to, of no account
    "4409": OURS,  # profile
    "4410": CONTENT,  # media
    "4411": CONTENT,
    "4412": CONTENT,
    "4420": OURS,  # no route that we may use
    "4421": OURS,
    "4431": OURS,  # our account: short codes, countries, toll-free
    "4432": OURS,
    "4433": OURS,
    "4434": INCAPABLE,  # toll-free recipient, not enabled
    "4435": CONTENT,  # too many in a group
    "4451": OURS,  # our user or application
    "4452": OURS,
    "4470": FILTERED,
    "4475": OPTED_OUT,  # Bandwidth knows that the person opted out
    "4476": OURS,  # our number is not registered
    "4481": OURS,  # from, blocked at Bandwidth
    "4482": LISTED,  # to, blocked at Bandwidth
    "4492": OURS,  # emergency number
    "4493": OURS,  # not authorised
    "4700": INCAPABLE,  # not supported by carrier or handset
    "4701": AWAY,  # not reachable
    "4702": AWAY,  # off, barred, ...
    "4710": CONTENT,  # media
    "4711": CONTENT,
    "4712": CONTENT,
    "4720": INVALID,  # not in the numbering plan; some carriers say it of landlines too
    "4721": INVALID,  # on the list of deactivated numbers
    "4730": AWAY,  # no route
    "4735": CONTENT,  # too many in a group
    "4740": OURS,  # invalid source
    "4750": BLOCKED,  # rejected without a reason
    "4751": CONTENT,  # length, form
    "4752": CONTENT,
    "4753": BLOCKED,
    "4754": CONTENT,  # a kind of message that is not taken there
    "4770": FILTERED,
    "4771": FILTERED,  # short URL
    "4772": BLOCKED,  # we or the person
    "4773": OURS,  # campaign
    "4774": OURS,
    "4775": OPTED_OUT,  # the carrier knows that the person opted out
    "4780": OURS,  # volume at T-Mobile
    "4781": OURS,  # volume at AT&T
    "4785": OURS,  # volume
    "4790": BLOCKED,  # short codes are barred
    "4791": BLOCKED,
    "4792": BLOCKED,
    "4793": BLOCKED,
    "4794": UNREACHABLE,  # expired at the carrier
    "4795": OURS,  # toll-free number not verified
    "5100": BROKEN,  # Bandwidth's own applications
    "5101": BROKEN,
    "5106": AWAY,  # no route
    "5111": BROKEN,
    "5201": BROKEN,
    "5211": BROKEN,
    "5220": BROKEN,
    "5231": BROKEN,
    "5500": UNREACHABLE,  # the carrier's service
    "5501": AWAY,
    "5600": UNREACHABLE,
    "5610": UNREACHABLE,
    "5620": UNREACHABLE,
    "5630": UNREACHABLE,
    "5650": UNREACHABLE,
    "5999": BROKEN,  # unknown within Bandwidth
    "9902": SENT,  # no receipt came in time
    "9999": UNKNOWN,
}
"""By error code."""

PREFIXES: Final = (("47", REFUSED), ("5", _SERVICE))
"""Of codes without a row: 47 the carrier says no, 5 a service broke."""

HANGUPS: Final[Mapping[str, Classification]] = {
    "hangup": UNKNOWN,  # before anybody answered
    "rejected": UNKNOWN,
    "error": UNKNOWN,
    "unknown": UNKNOWN,
    "busy": UNREACHABLE,
    "timeout": UNREACHABLE,
    "account-limit": BROKEN,
    "node-capacity-exceeded": BROKEN,
    "callback-error": BROKEN,
    "invalid-bxml": BROKEN,
    "application-error": BROKEN,
}
"""By cause. Any other but hangup, cancel and rejected is a failure of unknown cause."""

TOLD_BY_SIP: Final = frozenset({"rejected", "error", "unknown"})
"""Causes that leave it to the SIP response."""


def verify(request: WebhookRequest, secrets: Secrets, _now: datetime) -> None:
    """Basic auth as it is set on the application; a secret is ``username:password``."""
    _signatures.basic_auth_or_secret_header(request, secrets)


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Finding]:
    """At most one event for each entry."""
    return json_entries(body).each(_event)


def _event(record: Record) -> list[Finding]:
    if "eventType" in record:
        return [_call(record) if record.text("eventType") == "disconnect" else None]
    if record.text("type") == "message-received":
        return [_inbound(record)]
    return [_message(record)]


def _message(record: Record) -> Finding:
    type_ = record.text("type")
    code = record.maybe_code("errorCode")
    classification = _failure(code) if type_ == "message-failed" else MESSAGES.get(type_)
    address = _addresses.phone(record.maybe_text("to"))
    message = record.inner("message")
    message_id = message.maybe_text("id")
    tags = _tags.of_message_id(message.maybe_text("tag"))
    return event_of(
        "bandwidth",
        Channel.SMS,
        classification,
        address,
        occurred_at=record.maybe_time("time", iso),
        sent_at=message.maybe_time("time", iso),
        provider_message_id=message_id,
        event_id=f"{message_id}:{type_}:{address}"
        if message_id
        else record.id_of(None, record.maybe_text("time"), type_, address),
        provider_code=code or type_,
        diagnostic=record.maybe_text("description"),
        metadata=tags,
    )


def _failure(code: str | None) -> Classification:
    like = (row for prefix, row in PREFIXES if code and code.startswith(prefix))
    return row_of(ERRORS, code, next(like, UNKNOWN))


def _inbound(record: Record) -> Finding:
    """``to`` is our own number here."""
    message = record.record("message")
    sender = message.maybe_text("from")
    return _words.inbound(
        "bandwidth",
        message.maybe_text("text"),
        sender,
        occurred_at=record.maybe_time("time", iso),
        event_id=message.maybe_text("id") or record.id_of(None, record.maybe_text("time"), sender),
    )


def _call(record: Record) -> Finding:
    """None of a call that came in (its ``to`` is our own number) or that we cancelled."""
    cause = (record.maybe_text("cause") or "").lower()
    sip = record.maybe_code("sipResponseCode")
    address = _addresses.phone(record.maybe_text("to"))
    if cause == "cancel" or record.maybe_text("direction") == "inbound":
        return None
    classification = _ended(cause, sip, answered="answerTime" in record)
    call_id = record.maybe_text("callId")
    at = record.maybe_text("eventTime") or record.maybe_text("endTime")
    return event_of(
        "bandwidth",
        Channel.VOICE,
        classification,
        address,
        occurred_at=record.maybe_time("eventTime", iso) or record.maybe_time("endTime", iso),
        sent_at=record.maybe_time("startTime", iso),
        provider_message_id=call_id,
        event_id=f"{call_id}:disconnect" if call_id else record.id_of(None, at, "disconnect", address),
        provider_code=f"{cause}/{sip}" if sip else cause or None,
        diagnostic=record.maybe_text("errorMessage"),
        metadata=_tags.of_message_id(record.maybe_text("tag")),
    )


def _ended(cause: str, sip: str | None, *, answered: bool) -> Classification:
    if cause == "hangup" and answered:
        return DELIVERED
    row = row_of(HANGUPS, cause or None)
    return _calls.SIP.get(sip or "", row) if cause in TOLD_BY_SIP else row
