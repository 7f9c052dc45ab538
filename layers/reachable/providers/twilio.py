"""Twilio: status of texts and calls, and STOP and START as people text them.

Source: twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks,
twilio.com/docs/voice/api/call-resource#statuscallbackevent, twilio.com/docs/api/errors (codes) and
twilio.com/docs/usage/security#validating-requests (signature). One form a post. Times of texts are not told,
and there is no custom data but the query of the callback URL, where our tags are.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qs, urlsplit

from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.errors import BadSignature
from reachable.providers import _addresses, _reading, _signatures, _tags, _words
from reachable.providers._codes import Verdict
from reachable.providers._reading import Outcome, Record
from reachable.providers._times import rfc2822
from reachable.providers._webhook import Answer, Secrets, WebhookRequest

_PERMANENT: Final = Permanence.PERMANENT
_TRANSIENT: Final = Permanence.TRANSIENT
_UNDETERMINED: Final = Permanence.UNDETERMINED

_UNKNOWN: Final = Verdict(Kind.FAILED, _UNDETERMINED, Cause.UNKNOWN)
_INVALID: Final = Verdict(Kind.BOUNCED, _PERMANENT, Cause.INVALID_ADDRESS)
_MAYBE_INVALID: Final = Verdict(Kind.BOUNCED, _UNDETERMINED, Cause.INVALID_ADDRESS)
_LANDLINE: Final = Verdict(Kind.BOUNCED, _PERMANENT, Cause.LANDLINE_OR_INCAPABLE)
_UNREACHABLE: Final = Verdict(Kind.FAILED, _TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
_CONTENT_FAILED: Final = Verdict(Kind.FAILED, _PERMANENT, Cause.CONTENT_OR_SIZE)
_CONTENT_REJECTED: Final = Verdict(Kind.REJECTED, _PERMANENT, Cause.CONTENT_OR_SIZE)
_OUR_SETUP: Final = Verdict(Kind.REJECTED, _PERMANENT, Cause.ACCOUNT_OR_QUOTA)
_OUR_QUOTA: Final = Verdict(Kind.REJECTED, _TRANSIENT, Cause.ACCOUNT_OR_QUOTA)
_OUR_SENDER_BLOCKED: Final = Verdict(Kind.REJECTED, _UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)

ERRORS: Final[Mapping[str, Verdict | None]] = {
    "13223": _INVALID,  # voice: the number's format
    "13224": _INVALID,  # voice: the number is invalid
    "13227": _OUR_SETUP,  # voice: no geographic permission
    "21211": _INVALID,  # invalid To
    "21212": _OUR_SETUP,  # our From
    "21214": _MAYBE_INVALID,  # To cannot be reached
    "21215": _OUR_SETUP,  # voice: no geographic permission
    "21217": _INVALID,  # voice: number looks invalid
    "21265": _OUR_SETUP,  # To is a short code
    "21266": _OUR_SETUP,  # To is From
    "21408": _OUR_SETUP,  # no geographic permission
    "21601": _OUR_SETUP,  # our From
    "21606": _OUR_SETUP,
    "21608": _OUR_SETUP,  # trial account
    "21610": _words.OPTED_OUT,  # replied STOP to this sender: no dead number, and START alone lifts it
    "21611": _OUR_QUOTA,  # sender's queue is full
    "21612": Verdict(Kind.FAILED, _UNDETERMINED, Cause.ACCOUNT_OR_QUOTA),  # no route from this sender
    "21614": _LANDLINE,  # no mobile number
    "21617": _CONTENT_REJECTED,  # too long
    "21619": _CONTENT_REJECTED,  # empty
    "21635": _LANDLINE,  # split from 21614 in 2024
    "21659": _OUR_SETUP,  # our From
    "21660": _OUR_SETUP,
    "30001": _OUR_QUOTA,  # queue overflow
    "30002": _OUR_QUOTA,  # account suspended
    "30003": Verdict(Kind.BOUNCED, _TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE),  # off, or out of coverage
    "30004": Verdict(
        Kind.BOUNCED, _UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM
    ),  # blocked by person or carrier
    "30005": _INVALID,  # unknown, or no longer in service
    "30006": _LANDLINE,  # landline or unreachable carrier
    "30007": Verdict(Kind.FAILED, _TRANSIENT, Cause.CARRIER_BLOCKED_OR_SPAM),  # filtered: our content
    "30008": _UNKNOWN,
    "30009": None,  # a segment of an inbound message is missing
    "30010": _OUR_SETUP,  # our own maximal price
    "30011": _CONTENT_FAILED,  # MMS not supported there
    "30017": _UNREACHABLE,  # carrier congestion
    "30019": _CONTENT_FAILED,  # size
    "30022": _OUR_QUOTA,  # US A2P 10DLC rates and daily caps
    "30023": _OUR_QUOTA,
    "30024": _OUR_SETUP,  # sender not provisioned at the carrier
    "30025": _OUR_QUOTA,  # fraud guard
    "30026": _OUR_QUOTA,  # T-Mobile's caps
    "30027": _OUR_QUOTA,
    "30031": _OUR_SETUP,  # campaign or toll-free number not registered or verified
    "30032": _OUR_SETUP,
    "30034": _OUR_SETUP,
    "30035": _OUR_SETUP,
    "30036": _UNREACHABLE,  # validity period ran out
    "30038": _OUR_SETUP,
    "30039": _CONTENT_FAILED,  # message loop
    "30041": _OUR_SENDER_BLOCKED,
    "30042": _OUR_SENDER_BLOCKED,
    "30453": _MAYBE_INVALID,  # invalid, or blocked by lookup rules
    "30454": _OUR_QUOTA,  # caps of the messaging policy
    "30485": _UNKNOWN,  # the carrier hides its code
    "32203": _OUR_SETUP,  # voice: blocklist, geographic permission
    "32205": _OUR_SETUP,
    "60005": _UNKNOWN,  # carrier error
    "63016": None,  # WhatsApp: another channel
    "63018": None,
    "63024": None,
}
"""By error code. None: it concerns no text or call of ours. Any other code is unknown: Twilio splits them."""

MESSAGES: Final[Mapping[str, Verdict]] = {
    "sent": Verdict(Kind.SENT),
    "delivered": Verdict(Kind.DELIVERED),
    "read": Verdict(Kind.DELIVERED),
    "partially_delivered": Verdict(Kind.DELIVERED),
}
BY_ERROR: Final = frozenset({"undelivered", "failed"})
INBOUND: Final = frozenset({"receiving", "received"})

CALLS: Final[Mapping[str, Verdict]] = {
    "queued": Verdict(Kind.SENT),
    "initiated": Verdict(Kind.SENT),
    "ringing": Verdict(Kind.SENT),
    "in-progress": Verdict(Kind.DELIVERED),
    "answered": Verdict(Kind.DELIVERED),
    "completed": Verdict(Kind.DELIVERED),
    "busy": _UNREACHABLE,
    "no-answer": _UNREACHABLE,
}
ANSWERED_BY_FAX: Final = Verdict(Kind.FAILED, _UNDETERMINED, Cause.LANDLINE_OR_INCAPABLE)

_CALL_BLOCKED: Final = Verdict(Kind.FAILED, _UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)
SIP_RESPONSES: Final[Mapping[str, Verdict]] = {
    "404": _INVALID,  # not found
    "410": _INVALID,  # gone
    "484": _INVALID,  # address incomplete
    "604": _INVALID,  # does not exist anywhere
    "408": _UNREACHABLE,  # timeout
    "480": _UNREACHABLE,  # temporarily unavailable
    "503": _UNREACHABLE,  # service unavailable
    "403": _CALL_BLOCKED,  # forbidden
    "603": _CALL_BLOCKED,  # declined
    "607": _CALL_BLOCKED,  # unwanted (RFC 8197)
    "608": _CALL_BLOCKED,  # rejected by an intermediary (RFC 8688)
}

DEFAULT_PORTS: Final[Mapping[str, int]] = {"https": 443, "http": 80}


def verify(request: WebhookRequest, secrets: Secrets, _now: object) -> None:
    """HMAC-SHA1 over the URL and the form's fields; a body that is no form is told by its hash in the URL.

    Twilio signs the URL sometimes with its port and sometimes without, so both count. Nothing in it tells a
    time: a repeat is known by its event id.
    """
    given = _signatures.header(request, "x-twilio-signature")
    fields = _signed_fields(request)
    signed = [(url + fields).encode("utf-8", "surrogatepass") for url in _urls(request.url)]

    def proves(secret: str) -> bool:
        return any(_signatures.same(_signatures.hmac_base64("sha1", secret, text), given) for text in signed)

    _signatures.any_secret(secrets, proves)


def _signed_fields(request: WebhookRequest) -> str:
    """Each name with each of its distinct values, in order."""
    hashes = parse_qs(request.query).get("bodySHA256")
    if hashes is not None:
        if not _signatures.same(sha256(request.body).hexdigest(), hashes[0]):
            raise BadSignature("The body is not the one that was signed.")
        return ""
    if not request.body:
        return ""
    try:
        fields = _reading.form_fields(request.body)
    except ValueError as problem:
        raise BadSignature("The body is no form.") from problem
    return "".join(name + value for name, value in sorted(set(fields)))


def _urls(url: str) -> tuple[str, str]:
    """The URL without a port and with one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise BadSignature("The URL cannot be read.") from problem
    bare = parts.netloc.removesuffix(f":{port}")
    ported = f"{bare}:{port or DEFAULT_PORTS.get(parts.scheme, 80)}"
    return (
        parts._replace(netloc=bare, fragment="").geturl(),
        parts._replace(netloc=ported, fragment="").geturl(),
    )


def answer(_request: WebhookRequest) -> Answer:
    """Empty TwiML: no reply text, since Twilio itself answers STOP and START."""
    return Answer(headers={"content-type": "text/xml"}, body="<Response/>")


def parse(body: bytes, headers: Mapping[str, str], query: Mapping[str, str]) -> Iterable[Outcome]:
    """At most one event: a form tells of one message or call."""
    if headers.get("content-type", "").startswith("application/json"):
        _reading.json_record(body)
        return []  # no status comes as JSON
    form = _reading.form(body)
    if "CallSid" in form:
        return [_call(form, query)]
    return [_message(form, query)]


def _message(form: Record, query: Mapping[str, str]) -> DeliveryEvent | None:
    sid = form.maybe_text("MessageSid") or form.text("SmsSid")
    status = (form.maybe_text("MessageStatus") or form.maybe_text("SmsStatus") or "").lower()
    if status in INBOUND or "OptOutType" in form:
        return _inbound(form, sid)
    code = form.maybe_text("ErrorCode")
    verdict = ERRORS.get(code or "", _UNKNOWN) if status in BY_ERROR else MESSAGES.get(status)
    return _event(form, query, Channel.SMS, sid, f"{sid}:{status}", verdict, code)


def _inbound(form: Record, sid: str) -> DeliveryEvent | None:
    """Who wrote is the person; with Advanced Opt-Out Twilio tells what the words meant."""
    verdict = _words.wish(form.maybe_text("OptOutType") or form.maybe_text("Body"))
    address = _addresses.phone(form.maybe_text("From"))
    if verdict is None or address is None:
        return None
    return DeliveryEvent(
        provider="twilio",
        channel=Channel.SMS,
        kind=verdict.kind,
        cause=verdict.cause,
        address=address,
        event_id=sid,
        provider_code=form.maybe_text("OptOutType"),
    )


def _call(form: Record, query: Mapping[str, str]) -> DeliveryEvent | None:
    sid = form.text("CallSid")
    status = (form.maybe_text("CallStatus") or "").lower()
    sip, error = form.maybe_text("SipResponseCode"), form.maybe_text("ErrorCode")
    verdict = CALLS.get(status)
    if status == "failed":
        verdict = SIP_RESPONSES.get(sip or "") or ERRORS.get(error or "") or _UNKNOWN
    elif verdict is not None and verdict.kind is Kind.DELIVERED and form.maybe_text("AnsweredBy") == "fax":
        verdict = ANSWERED_BY_FAX
    event_id = f"{sid}:{form.maybe_text('SequenceNumber') or status}"
    return _event(form, query, Channel.VOICE, sid, event_id, verdict, error or sip)


def _event(
    form: Record,
    query: Mapping[str, str],
    channel: Channel,
    sid: str,
    event_id: str,
    verdict: Verdict | None,
    code: str | None,
) -> DeliveryEvent | None:
    """None where the status says nothing that we take, or no phone number is named (``whatsapp:+1...``)."""
    address = _addresses.phone(form.maybe_text("To"))
    if verdict is None or address is None:
        return None
    tags = _tags.tags(query)
    return DeliveryEvent(
        provider="twilio",
        channel=channel,
        kind=verdict.kind,
        permanence=verdict.permanence,
        cause=verdict.cause,
        address=address,
        occurred_at=form.maybe_time("Timestamp", rfc2822) if channel is Channel.VOICE else None,
        sent_at=_tags.sent_at(tags),
        provider_message_id=sid,
        event_id=event_id,
        provider_code=code or form.maybe_text("MessageStatus") or form.maybe_text("CallStatus"),
        diagnostic=form.maybe_text("ErrorMessage"),
        metadata=tags,
    )
