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

from reachable.model.delivery_event import Cause, Channel, Kind
from reachable.model.errors import BadSignature
from reachable.providers import _addresses, _calls, _signatures, _tags, _words
from reachable.providers._classifications import (
    AWAY,
    BLOCKED,
    BROKEN,
    CONTENT,
    CONTENT_REJECTED,
    DELAYED,
    DELIVERED,
    FILTERED,
    GONE,
    INCAPABLE,
    INVALID,
    MAYBE_INVALID,
    OPTED_OUT,
    OUR_QUOTA,
    OUR_SETUP,
    PERMANENT,
    SENT,
    SUPPRESSED,
    UNKNOWN,
    UNREACHABLE,
    UNROUTABLE,
    Classification,
    event_of,
    row_of,
)
from reachable.providers._reading import Finding, Record, Unreadable, form_or_json
from reachable.providers._times import iso
from reachable.providers._webhook import Secrets, WebhookRequest

METHODS: Final = frozenset({"GET", "POST"})


_BARRED: Final = Classification(Kind.BOUNCED, PERMANENT, Cause.CARRIER_BLOCKED_OR_SPAM)

RECEIPTS: Final[Mapping[str, Classification]] = {
    "accepted": SENT,
    "buffered": DELAYED,
    "delivered": DELIVERED,
    "expired": UNREACHABLE,
    "unknown": SENT,  # no receipt came in time
}
"""By status of the SMS API."""

MESSAGES: Final[Mapping[str, Classification]] = {
    "submitted": SENT,  # also while the carrier tries again (1220)
    "delivered": DELIVERED,
    "read": DELIVERED,
}
"""By status of the Messages API."""

BY_CODE: Final = frozenset({"failed", "rejected", "undeliverable"})
"""Statuses of either API that leave it to the code."""

CODES: Final[Mapping[str, Classification]] = {
    # SMS API
    "1": UNKNOWN,
    "2": AWAY,  # absent subscriber, for now
    "3": GONE,  # absent subscriber: remove the number
    "4": _BARRED,  # by the person: remove the number
    "5": AWAY,  # portability
    "6": FILTERED,
    "7": AWAY,  # handset busy
    "8": UNREACHABLE,  # network
    "9": OPTED_OUT,  # "illegal number": the person asked for no messages
    "10": CONTENT,  # illegal message
    "11": UNROUTABLE,
    "12": MAYBE_INVALID,  # no route: check the number
    "13": BLOCKED,  # age
    "14": INCAPABLE,  # the plan has no texts
    "15": AWAY,  # prepaid, no funds
    "39": OUR_SETUP,  # our sender may not write to the US
    "41": OUR_QUOTA,  # our campaign's daily limit
    "50": OUR_SETUP,  # filters of entity, header, content, consent; regulation
    "51": OUR_SETUP,
    "52": OUR_SETUP,
    "53": OUR_SETUP,
    "54": OUR_SETUP,
    "99": UNKNOWN,
    # Messages API: before it left
    "1000": OUR_QUOTA,  # throttled
    "1010": CONTENT_REJECTED,
    "1020": CONTENT_REJECTED,
    "1021": CONTENT_REJECTED,
    "1022": CONTENT_REJECTED,
    "1030": OUR_QUOTA,  # internal error
    "1040": CONTENT,  # invalid message
    "1050": SUPPRESSED,  # the number is barred at Vonage
    "1060": OUR_QUOTA,  # our account is barred
    "1070": OUR_QUOTA,  # no credit
    "1080": OUR_QUOTA,
    "1090": CONTENT_REJECTED,  # too long
    "1100": OUR_QUOTA,  # communication failed
    "1110": OUR_QUOTA,  # our signature
    "1120": OUR_QUOTA,  # our sender
    "1130": CONTENT_REJECTED,  # time to live
    "1140": OUR_QUOTA,  # not enabled for us
    "1150": CONTENT_REJECTED,
    "1160": OUR_QUOTA,  # a trial account may send to its list alone
    "1170": INVALID,
    "1241": OUR_QUOTA,  # too many to this number
    "1340": OUR_SETUP,  # of other channels: window, fee, token
    "1350": OUR_SETUP,
    "1370": OUR_SETUP,
    "1380": CONTENT_REJECTED,  # media
    "1381": CONTENT_REJECTED,
    "1382": CONTENT_REJECTED,
    "1400": OUR_SETUP,  # channel
    "1410": CONTENT_REJECTED,
    "1420": OUR_SETUP,  # our sender
    "1430": INVALID,  # to
    "1440": CONTENT_REJECTED,
    "1450": CONTENT_REJECTED,
    "1451": CONTENT_REJECTED,
    "1460": OUR_QUOTA,  # daily limit, 10DLC
    "1461": OUR_QUOTA,
    "1470": OUR_SETUP,  # our rules against fraud
    "1472": OUR_QUOTA,
    "1473": OUR_QUOTA,
    "1480": OUR_SETUP,  # filters of entity, header, content, consent; regulation
    "1481": OUR_SETUP,
    "1482": OUR_SETUP,
    "1483": OUR_SETUP,
    "1484": OUR_SETUP,
    "1320": CONTENT_REJECTED,  # sent already
    # Messages API: after it left
    "1180": AWAY,
    "1190": GONE,
    "1200": AWAY,
    "1210": FILTERED,
    "1220": AWAY,
    "1230": UNREACHABLE,
    "1240": OPTED_OUT,
    "1250": UNROUTABLE,
    "1251": UNROUTABLE,
    "1260": MAYBE_INVALID,
    "1270": BLOCKED,
    "1280": INCAPABLE,
    "1282": FILTERED,
    "1290": AWAY,
    "1300": INCAPABLE,  # not part of the network
    "1310": INCAPABLE,  # device
    "1330": UNKNOWN,
    "1331": BROKEN,
    "1360": UNREACHABLE,  # time to live
}
"""By code: the SMS API's have one or two digits, the Messages API's four. Any other is unknown."""

TEXTS: Final = frozenset({"sms", "mms"})
"""Channels of the Messages API that are texts to a phone number."""

CALLS: Final[Mapping[str, Classification]] = {
    "started": SENT,
    "ringing": SENT,
    "answered": DELIVERED,
    "completed": DELIVERED,
    "human": DELIVERED,
    "machine": DELIVERED,
    "busy": UNREACHABLE,
    "timeout": UNREACHABLE,
    "unanswered": UNREACHABLE,
    "rejected": _calls.DECLINED,
    "failed": UNKNOWN,
}
"""By status of a call. Cancelled, our own doing, and others tell nothing."""

DETAILS: Final[Mapping[str, Classification]] = {
    "number_out_of_service": MAYBE_INVALID,
    "cannot_route": UNROUTABLE,  # not supported, or blocked for our account
    "internal_error": BROKEN,
}
"""By detail of a failed call, where its SIP response does not say that there is no such number."""

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
        parameters = form_or_json(request.payload, strict=True)
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
        return any(_signatures.same(signature, given) for signature in expected)

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


def parse(body: bytes, _headers: Mapping[str, str], query: Mapping[str, str]) -> Iterable[Finding]:
    """At most one event."""
    record = form_or_json(body)
    if "messageId" in record or "msisdn" in record:
        return [_receipt(record) if "status" in record else _inbound(record)]
    if "message_uuid" in record or "channel" in record or "message_type" in record:
        return [_message(record, query) if "status" in record else _inbound_message(record)]
    if "status" not in record and "timestamp" in record:
        return []  # of a call: keys pressed, a recording, a transfer, an error of ours
    return [_call(record, query)]


def _receipt(record: Record) -> Finding:
    """Of one part of a text; ``to`` is our own number or name. Of a GET the query is the receipt itself."""
    message_id, status = record.maybe_text("messageId"), record.text("status").lower()
    code = record.maybe_code("err-code") if status in BY_CODE else None
    classification = row_of(CODES, code) if status in BY_CODE else RECEIPTS.get(status)
    address = _addresses.phone(record.maybe_text("msisdn"))
    return event_of(
        "vonage",
        Channel.SMS,
        classification,
        address,
        occurred_at=record.maybe_time("message-timestamp", iso),
        provider_message_id=message_id,
        event_id=_id_of(record, message_id, status, address),
        provider_code=code or status,
        metadata=_tags.of_message_id(record.maybe_text("client-ref")),
    )


def _id_of(record: Record, own: str | None, status: str, address: str | None) -> str:
    return f"{own}:{status}" if own else record.id_of(None, None, status, address)


def _message(record: Record, query: Mapping[str, str]) -> Finding:
    message_id, status = record.maybe_text("message_uuid"), record.text("status").lower()
    error = record.inner("error") if status in BY_CODE else Record({})
    code = _code(error)
    classification = row_of(CODES, code) if status in BY_CODE else MESSAGES.get(status)
    address = _number(record, "to")
    tags = _tags.tags(query) | _tags.of_message_id(record.maybe_text("client_ref"))
    return event_of(
        "vonage",
        Channel.SMS,
        classification,
        address,
        occurred_at=record.maybe_time("timestamp", iso),
        sent_at=_tags.sent_at(tags),
        provider_message_id=message_id,
        event_id=_id_of(record, message_id, status, address),
        provider_code=code or status,
        diagnostic=error.maybe_text("detail") or error.maybe_text("reason"),
        metadata=tags,
    )


def _code(error: Record) -> str | None:
    """``title`` in version 1, ``code`` in 0.1; where a title is words, what its type's address ends with."""
    told = error.maybe_code("title") or error.maybe_code("code")
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


def _inbound(record: Record) -> Finding:
    """Of the SMS API; ``to`` is our own number."""
    return _words.inbound(
        "vonage",
        record.maybe_text("text"),
        record.maybe_text("msisdn"),
        event_id=record.maybe_text("messageId") or record.id_of(None, None, record.maybe_text("msisdn")),
        occurred_at=record.maybe_time("message-timestamp", iso),
    )


def _inbound_message(record: Record) -> Finding:
    """Of the Messages API; the text of version 0.1 lies deeper."""
    sender = _number(record, "from")
    content = record.inner("message").inner("content")
    return _words.inbound(
        "vonage",
        content.maybe_text("text") or record.maybe_text("text"),
        sender,
        event_id=record.maybe_text("message_uuid") or record.id_of(None, None, sender),
        occurred_at=record.maybe_time("timestamp", iso),
    )


def _call(record: Record, query: Mapping[str, str]) -> Finding:
    """None of a call that came in: its ``to`` is our own number."""
    status = record.text("status").lower()
    detail, sip = (record.maybe_text("detail") or "").lower(), record.maybe_code("sip_code")
    classification = CALLS.get(status)
    if status == "failed":
        known = _calls.SIP.get(sip or "")
        classification = known if known is INVALID else DETAILS.get(detail) or known or classification
    address = _addresses.phone(record.maybe_text("to"))
    if record.maybe_text("direction") == "inbound":
        return None
    call_id = record.maybe_text("uuid") or record.maybe_text("call_uuid")
    tags = _tags.tags(query)
    return event_of(
        "vonage",
        Channel.VOICE,
        classification,
        address,
        occurred_at=record.maybe_time("timestamp", iso),
        sent_at=_tags.sent_at(tags),
        provider_message_id=call_id,
        event_id=_id_of(record, call_id, status, address),
        provider_code="/".join(part for part in (status, detail, sip) if part),
        diagnostic=record.maybe_text("reason"),
        metadata=tags,
    )
