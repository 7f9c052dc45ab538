"""Vonage: status of texts by either of its APIs, of calls, and STOP and START as people text them.

Source: the public repository of Vonage's documentation, Nexmo/nexmo-developer: messaging/sms/guides/
delivery-receipts and inbound-sms (SMS API), _open_api/errors/messages-olympus (codes of the Messages API),
voice/voice-api/webhook-reference (calls), messages/concepts/signed-webhooks and concepts/guides/
signing-messages (signatures). One event a call. The Messages API and calls post JSON with a JWT; the SMS API
comes by GET, form or JSON, as the account is set, and is signed by a parameter where support switched it on.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.errors import BadSignature
from reachable.providers import _addresses, _signatures, _tags, _words
from reachable.providers._codes import Verdict
from reachable.providers._reading import Outcome, Record, Unreadable, form_or_json
from reachable.providers._times import iso
from reachable.providers._webhook import Secrets, WebhookRequest

METHODS: Final = frozenset({"GET", "POST"})

_PERMANENT: Final = Permanence.PERMANENT
_TRANSIENT: Final = Permanence.TRANSIENT
_UNDETERMINED: Final = Permanence.UNDETERMINED

_SENT: Final = Verdict(Kind.SENT)
_DELIVERED: Final = Verdict(Kind.DELIVERED)
_INVALID: Final = Verdict(Kind.BOUNCED, _PERMANENT, Cause.INVALID_ADDRESS)
_MAYBE_INVALID: Final = Verdict(Kind.BOUNCED, _UNDETERMINED, Cause.INVALID_ADDRESS)
_GONE: Final = Verdict(Kind.BOUNCED, _PERMANENT, Cause.INACTIVE_OR_UNREACHABLE)
_AWAY: Final = Verdict(Kind.BOUNCED, _TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
_BARRED: Final = Verdict(Kind.BOUNCED, _PERMANENT, Cause.CARRIER_BLOCKED_OR_SPAM)
_BLOCKED: Final = Verdict(Kind.BOUNCED, _UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)
_LISTED: Final = Verdict(Kind.BOUNCED, _PERMANENT, Cause.PROVIDER_SUPPRESSED)
_INCAPABLE: Final = Verdict(Kind.BOUNCED, _PERMANENT, Cause.LANDLINE_OR_INCAPABLE)
_UNREACHABLE: Final = Verdict(Kind.FAILED, _TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
_SPAM: Final = Verdict(Kind.FAILED, _TRANSIENT, Cause.CARRIER_BLOCKED_OR_SPAM)
_CONTENT: Final = Verdict(Kind.FAILED, _PERMANENT, Cause.CONTENT_OR_SIZE)
_UNROUTABLE: Final = Verdict(Kind.FAILED, _UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)
_BROKEN: Final = Verdict(Kind.FAILED, _TRANSIENT, Cause.ACCOUNT_OR_QUOTA)
_UNKNOWN: Final = Verdict(Kind.FAILED, _UNDETERMINED, Cause.UNKNOWN)
_PARAMETERS: Final = Verdict(Kind.REJECTED, _PERMANENT, Cause.CONTENT_OR_SIZE)
_OUR_SETUP: Final = Verdict(Kind.REJECTED, _PERMANENT, Cause.ACCOUNT_OR_QUOTA)
_OURS: Final = Verdict(Kind.REJECTED, _TRANSIENT, Cause.ACCOUNT_OR_QUOTA)

RECEIPTS: Final[Mapping[str, Verdict]] = {
    "accepted": _SENT,
    "buffered": Verdict(Kind.DELAYED),
    "delivered": _DELIVERED,
    "expired": _UNREACHABLE,
    "unknown": _SENT,  # no receipt came in time
}
"""By status of the SMS API."""

MESSAGES: Final[Mapping[str, Verdict]] = {
    "submitted": _SENT,  # also while the carrier tries again (1220)
    "delivered": _DELIVERED,
    "read": _DELIVERED,
}
"""By status of the Messages API."""

BY_CODE: Final = frozenset({"failed", "rejected", "undeliverable"})
"""Statuses of either API that leave it to the code."""

CODES: Final[Mapping[str, Verdict]] = {
    # SMS API
    "1": _UNKNOWN,
    "2": _AWAY,  # absent subscriber, for now
    "3": _GONE,  # absent subscriber: remove the number
    "4": _BARRED,  # by the person: remove the number
    "5": _AWAY,  # portability
    "6": _SPAM,
    "7": _AWAY,  # handset busy
    "8": _UNREACHABLE,  # network
    "9": _words.OPTED_OUT,  # "illegal number": the person asked for no messages
    "10": _CONTENT,  # illegal message
    "11": _UNROUTABLE,
    "12": _MAYBE_INVALID,  # no route: check the number
    "13": _BLOCKED,  # age
    "14": _INCAPABLE,  # the plan has no texts
    "15": _AWAY,  # prepaid, no funds
    "50": _OUR_SETUP,  # filters of entity, header, content, consent; regulation
    "51": _OUR_SETUP,
    "52": _OUR_SETUP,
    "53": _OUR_SETUP,
    "54": _OUR_SETUP,
    "99": _UNKNOWN,
    # Messages API: before it left
    "1000": _OURS,  # throttled
    "1010": _PARAMETERS,
    "1020": _PARAMETERS,
    "1021": _PARAMETERS,
    "1022": _PARAMETERS,
    "1030": _OURS,  # internal error
    "1040": _CONTENT,  # invalid message
    "1050": _LISTED,  # the number is barred at Vonage
    "1060": _OURS,  # our account is barred
    "1070": _OURS,  # no credit
    "1080": _OURS,
    "1090": _PARAMETERS,  # too long
    "1100": _OURS,  # communication failed
    "1110": _OURS,  # our signature
    "1120": _OURS,  # our sender
    "1130": _PARAMETERS,  # time to live
    "1140": _OURS,  # not enabled for us
    "1150": _PARAMETERS,
    "1160": _OURS,  # a trial account may send to its list alone
    "1170": _INVALID,
    "1241": _OURS,  # too many to this number
    "1320": _PARAMETERS,  # sent already
    # Messages API: after it left
    "1180": _AWAY,
    "1190": _GONE,
    "1200": _AWAY,
    "1210": _SPAM,
    "1220": _AWAY,
    "1230": _UNREACHABLE,
    "1240": _words.OPTED_OUT,
    "1250": _UNROUTABLE,
    "1260": _MAYBE_INVALID,
    "1270": _BLOCKED,
    "1280": _INCAPABLE,
    "1290": _AWAY,
    "1300": _INCAPABLE,  # not part of the network
    "1310": _INCAPABLE,  # device
    "1330": _UNKNOWN,
    "1360": _UNREACHABLE,  # time to live
}
"""By code: the SMS API's have one or two digits, the Messages API's four. Any other is unknown."""

TEXTS: Final = frozenset({"sms", "mms"})
"""Channels of the Messages API that are texts to a phone number."""

CALLS: Final[Mapping[str, Verdict]] = {
    "started": _SENT,
    "ringing": _SENT,
    "answered": _DELIVERED,
    "completed": _DELIVERED,
    "human": _DELIVERED,
    "machine": _DELIVERED,
    "busy": _UNREACHABLE,
    "timeout": _UNREACHABLE,
    "unanswered": _UNREACHABLE,
    "rejected": Verdict(Kind.FAILED, _UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM),
    "failed": _UNKNOWN,
}
"""By status of a call. Cancelled, our own doing, and others tell nothing."""

NO_SUCH_NUMBER: Final = frozenset({"404", "410", "484", "604"})
"""SIP responses of a failed call: not found, gone, address incomplete, does not exist anywhere."""

DETAILS: Final[Mapping[str, Verdict]] = {
    "number_out_of_service": _MAYBE_INVALID,
    "cannot_route": _UNROUTABLE,  # not supported, or blocked for our account
    "internal_error": _BROKEN,
}
"""By detail of a failed call."""

TOKEN_WINDOW: Final = timedelta(hours=24)
"""A token tells when it was made and not until when it counts; posts are repeated for 24 hours."""
WINDOW: Final = timedelta(minutes=5)

DIGESTS: Final[Mapping[int, str]] = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
"""What signs a receipt, by the length of its signature; which one, is chosen in the dashboard."""


def verify(request: WebhookRequest, secrets: Secrets, now: datetime) -> None:
    """A JWT over the body (Messages API, calls), or a parameter (SMS API); a secret is a signature secret."""
    if "authorization" in request.headers:
        _by_token(request, secrets, now)
    else:
        _by_parameter(request, secrets, now)


def _by_token(request: WebhookRequest, secrets: Secrets, now: datetime) -> None:
    scheme, _, token = _signatures.header(request, "authorization").partition(" ")
    if scheme.lower() != "bearer":
        raise BadSignature("No bearer token.")
    claims = _signatures.jwt_claims(
        token.strip(),
        secrets,
        now,
        issuer="Vonage",
        required=("iat",),
        window=TOKEN_WINDOW,
        leeway=WINDOW,
    )
    _signatures.hashed(claims, "payload_hash", request.payload)


def _by_parameter(request: WebhookRequest, secrets: Secrets, now: datetime) -> None:
    """HMAC, or MD5 with the secret at the end, over all parameters but ``sig``, sorted."""
    try:
        parameters = form_or_json(request.payload)  # as it is read by parse, too
        given = parameters.text("sig").lower()
        timestamp = parameters.text("timestamp")
        signed = _signed(parameters).encode("utf-8", "surrogatepass")
    except Unreadable as problem:
        raise BadSignature("The parameters cannot be read.") from problem
    digest = DIGESTS.get(len(given))
    if digest is None:
        raise BadSignature("No signature is that long.")
    _signatures.fresh(timestamp, now, WINDOW)

    def proves(secret: str) -> bool:
        key = secret.encode("utf-8", "surrogatepass")
        expected = [hmac.digest(key, signed, digest).hex()]
        if digest == "md5":  # two methods are of that length
            expected.append(hashlib.md5(signed + key).hexdigest())  # noqa: S324 - the default of an account
        return any(_signatures.same(one, given) for one in expected)

    _signatures.any_secret(secrets, proves)


def _signed(parameters: Record) -> str:
    """``&name=value`` of each, where a value's own ``&`` and ``=`` are written ``_``.

    A name with one of them would read as several parameters, so that they could be moved about.
    """
    if any("&" in name or "=" in name for name in parameters.fields):
        raise BadSignature("No parameter has such a name.")
    values = {name: parameters.maybe_text(name) or "" for name in sorted(parameters.fields) if name != "sig"}
    return "".join(f"&{name}={value.translate(_UNDERSCORES)}" for name, value in values.items())


_UNDERSCORES: Final = str.maketrans("&=", "__")


def parse(body: bytes, _headers: Mapping[str, str], query: Mapping[str, str]) -> Iterable[Outcome]:
    """At most one event."""
    record = form_or_json(body)
    if "messageId" in record:
        return [_receipt(record) if "status" in record else _inbound(record)]
    if "message_uuid" in record:
        return [_message(record, query) if "status" in record else _inbound_message(record)]
    if "status" not in record and "timestamp" in record:
        return []  # of a call: keys pressed, a recording, a transfer, an error of ours
    return [_call(record, query)]


def _receipt(record: Record) -> DeliveryEvent | None:
    """Of one part of a text; ``to`` is our own number or name. Of a GET the query is the receipt itself."""
    message_id, status = record.text("messageId"), record.text("status").lower()
    code = record.maybe_text("err-code") if status in BY_CODE else None
    verdict = CODES.get(code or "", _UNKNOWN) if status in BY_CODE else RECEIPTS.get(status)
    address = _addresses.phone(record.maybe_text("msisdn"))
    if verdict is None or address is None:
        return None
    return DeliveryEvent(
        provider="vonage",
        channel=Channel.SMS,
        kind=verdict.kind,
        permanence=verdict.permanence,
        cause=verdict.cause,
        address=address,
        occurred_at=record.maybe_time("message-timestamp", iso),
        provider_message_id=message_id,
        event_id=f"{message_id}:{status}",
        provider_code=code or status,
        metadata=_tags.of_message_id(record.maybe_text("client-ref")),
    )


def _message(record: Record, query: Mapping[str, str]) -> DeliveryEvent | None:
    message_id, status = record.text("message_uuid"), record.text("status").lower()
    error = (record.maybe_record("error") if status in BY_CODE else None) or Record({})
    code = _code(error)
    verdict = CODES.get(code or "", _UNKNOWN) if status in BY_CODE else MESSAGES.get(status)
    address = _number(record, "to")
    if verdict is None or address is None:
        return None
    tags = _tags.tags(query) | _tags.of_message_id(record.maybe_text("client_ref"))
    return DeliveryEvent(
        provider="vonage",
        channel=Channel.SMS,
        kind=verdict.kind,
        permanence=verdict.permanence,
        cause=verdict.cause,
        address=address,
        occurred_at=record.maybe_time("timestamp", iso),
        sent_at=_tags.sent_at(tags),
        provider_message_id=message_id,
        event_id=f"{message_id}:{status}",
        provider_code=code or status,
        diagnostic=error.maybe_text("detail") or error.maybe_text("reason"),
        metadata=tags,
    )


def _code(error: Record) -> str | None:
    """``title`` in version 1, ``code`` in 0.1; where a title is words, what its type's address ends with."""
    told = error.maybe_text("title") or error.maybe_text("code")
    if told is None or told in CODES:
        return told
    return (error.maybe_text("type") or "").partition("#")[2] or told


def _number(record: Record, key: str) -> str | None:
    """The phone number of a party to a text: in version 0.1 an object. Other channels have none."""
    within = record.maybe_record(key) if isinstance(record.fields.get(key), dict) else None
    channel, number = (
        (record.maybe_text("channel"), record.maybe_text(key))
        if within is None
        else (within.maybe_text("type"), within.maybe_text("number"))
    )
    return _addresses.phone(number) if (channel or "sms").lower() in TEXTS else None


def _inbound(record: Record) -> DeliveryEvent | None:
    """Of the SMS API; ``to`` is our own number."""
    return _wish(
        record.maybe_text("text"),
        _addresses.phone(record.maybe_text("msisdn")),
        record.maybe_time("message-timestamp", iso),
        record.text("messageId"),
    )


def _inbound_message(record: Record) -> DeliveryEvent | None:
    """Of the Messages API; the text of version 0.1 lies deeper."""
    message = record.maybe_record("message")
    content = message.maybe_record("content") if message else None
    return _wish(
        (content or record).maybe_text("text"),
        _number(record, "from"),
        record.maybe_time("timestamp", iso),
        record.text("message_uuid"),
    )


def _wish(text: str | None, address: str | None, at: datetime | None, event_id: str) -> DeliveryEvent | None:
    """Who wrote is the person."""
    verdict = _words.wish(text)
    if verdict is None or address is None:
        return None
    return DeliveryEvent(
        provider="vonage",
        channel=Channel.SMS,
        kind=verdict.kind,
        cause=verdict.cause,
        address=address,
        occurred_at=at,
        event_id=event_id,
    )


def _call(record: Record, query: Mapping[str, str]) -> DeliveryEvent | None:
    """None of a call that came in: its ``to`` is our own number."""
    status = record.text("status").lower()
    detail, sip = (record.maybe_text("detail") or "").lower(), record.maybe_text("sip_code")
    verdict = CALLS.get(status)
    if status == "failed":
        verdict = _INVALID if sip in NO_SUCH_NUMBER else DETAILS.get(detail, verdict)
    address = _addresses.phone(record.maybe_text("to"))
    if verdict is None or address is None or record.maybe_text("direction") == "inbound":
        return None
    call_id = record.maybe_text("uuid") or record.text("call_uuid")
    tags = _tags.tags(query)
    return DeliveryEvent(
        provider="vonage",
        channel=Channel.VOICE,
        kind=verdict.kind,
        permanence=verdict.permanence,
        cause=verdict.cause,
        address=address,
        occurred_at=record.maybe_time("timestamp", iso),
        sent_at=_tags.sent_at(tags),
        provider_message_id=call_id,
        event_id=f"{call_id}:{status}",
        provider_code="/".join(part for part in (status, detail, sip) if part),
        diagnostic=record.maybe_text("reason"),
        metadata=tags,
    )
