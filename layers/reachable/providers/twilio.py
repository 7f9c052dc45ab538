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

from reachable.model.delivery_event import Cause, Channel, Kind
from reachable.model.errors import BadSignature
from reachable.providers import _addresses, _calls, _reading, _signatures, _tags, _words
from reachable.providers._classifications import (
    AWAY,
    BLOCKED,
    BROKEN,
    CONTENT,
    CONTENT_REJECTED,
    DELIVERED,
    FILTERED,
    INCAPABLE,
    INVALID,
    MAYBE_INVALID,
    OPTED_OUT,
    OUR_QUOTA,
    OUR_SETUP,
    OURS,
    SENT,
    UNDETERMINED,
    UNKNOWN,
    UNREACHABLE,
    UNROUTABLE,
    Classification,
    event_of,
    row_of,
)
from reachable.providers._reading import Finding, Record
from reachable.providers._times import rfc2822
from reachable.providers._webhook import Answer, Secrets, WebhookRequest

_OURS_TO_MEND: Final = (
    *(10001, 10002, 20003, 20005),  # our account or its key
    *(13214, 13225, 13227, 13247),  # voice: From, Twilio's list, permissions
    *(21203, 21210, 21213, 21215, 21216, 21219),  # voice: permissions, From, Twilio's list, trial
    *(32017, 32203, 32204, 32205, 32206),  # voice: From, Twilio's list, permissions
    *(21212, 21601, 21603, 21606, 21607, 21616, 21621, 21657, 21659, 21660),  # From
    *(21265, 21266, 21604),  # To is a short code, is From, is missing
    *(21408, 21608, 21622),  # permissions, trial
    *(21609, 21624, 21626, 21627, *range(30012, 30017), *range(30028, 30032)),  # parameters
    *range(21701, 21706),  # the messaging service, and its numbers
    *(21708, 21709, 21710, 21711, 21712, 21713, 21714, 21715, 21717, 21719, 21720),  # its senders, use cases
    *(30010, 30018, 30024, 30040),  # our maximal price; sender not registered at the carrier
    *(30032, 30033, 30034, 30035, 30037, 30038),  # number or campaign not verified, suspended, being set up
    *(30400, 30404, 30436),
)
_OURS_FOR_NOW: Final = (
    *(10004, 20429, 21611, 30001, 30002),  # concurrency, queues, account suspended
    *(30022, 30023, 30025, 30026, 30027, 30454, 63038),  # rates and caps
    30450,  # guard against fraud
)
_TWILIOS_FAULT: Final = (20500, 20503, 30020, 30021, 30410, 30500, 60001, 60004)
_CONTENTS: Final = (
    *(21602, 21605, 21617, 21618, 21619, 21620, 21623, *range(21652, 21657), 21658, 30044),
    *(30110, 30111),  # our link is on a deny list
)

ERRORS: Final[Mapping[str, Classification | None]] = {
    **{str(code): OUR_SETUP for code in _OURS_TO_MEND},
    **{str(code): OUR_QUOTA for code in _OURS_FOR_NOW},
    **{str(code): BROKEN for code in _TWILIOS_FAULT},
    **{str(code): CONTENT_REJECTED for code in _CONTENTS},
    "13223": INVALID,  # voice: the number's format
    "13224": INVALID,  # voice: the number is invalid
    "13226": INVALID,  # voice: the number's country
    "21211": INVALID,  # invalid To
    "21214": MAYBE_INVALID,  # To cannot be reached
    "21217": INVALID,  # voice: number looks invalid
    "21610": OPTED_OUT,  # replied STOP to this sender: no dead number, and START alone lifts it
    "21612": UNROUTABLE,  # no route from this sender
    "21614": INCAPABLE,  # no mobile number
    "21635": INCAPABLE,  # split from 21614 in 2024
    "30003": AWAY,  # off, or out of coverage
    "30004": BLOCKED,  # blocked by person or carrier
    "30005": INVALID,  # unknown, or no longer in service
    "30006": INCAPABLE,  # landline or unreachable carrier
    "30007": FILTERED,  # filtered: our content
    "30008": UNKNOWN,
    "30009": None,  # a segment of an inbound message is missing
    "30011": CONTENT,  # MMS not supported there
    "30017": UNREACHABLE,  # carrier congestion
    "30019": CONTENT,  # size
    "30036": UNREACHABLE,  # validity period ran out
    "30039": CONTENT,  # message loop
    "30041": OURS,  # the carrier's policy about our sender
    "30042": OURS,
    "30453": MAYBE_INVALID,  # invalid, or blocked by lookup rules
    "30485": UNKNOWN,  # the carrier hides its code
    "60005": UNKNOWN,  # carrier error
    "63016": None,  # WhatsApp: another channel
    "63018": None,
    "63024": None,
}
"""By error code. None: it concerns no text or call of ours. Any other code is unknown: Twilio splits them."""

MESSAGES: Final[Mapping[str, Classification]] = {
    "sent": SENT,
    "delivered": DELIVERED,
    "read": DELIVERED,
    "partially_delivered": DELIVERED,
}
BY_ERROR: Final = frozenset({"undelivered", "failed"})
INBOUND: Final = frozenset({"receiving", "received"})
OPT_OUT_TYPES: Final = frozenset({"STOP", "START", "HELP"})

CALLS: Final[Mapping[str, Classification]] = {
    "queued": SENT,
    "initiated": SENT,
    "ringing": SENT,
    "in-progress": DELIVERED,
    "answered": DELIVERED,
    "completed": DELIVERED,
    "busy": UNREACHABLE,
    "no-answer": UNREACHABLE,
}
ANSWERED_BY_FAX: Final = Classification(Kind.FAILED, UNDETERMINED, Cause.LANDLINE_OR_INCAPABLE)

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


def parse(body: bytes, headers: Mapping[str, str], query: Mapping[str, str]) -> Iterable[Finding]:
    """At most one event: a form tells of one message or call."""
    if headers.get("content-type", "").startswith("application/json"):
        _reading.json_record(body)
        return []  # no status comes as JSON
    form = _reading.form(body)
    if "MessageSid" not in form and ("CallSid" in form or "CallStatus" in form):
        return [_call(form, query)]
    return [_message(form, query)]


def _message(form: Record, query: Mapping[str, str]) -> Finding:
    sid = form.maybe_text("MessageSid") or form.maybe_text("SmsSid")
    status = (form.maybe_text("MessageStatus") or form.maybe_text("SmsStatus") or "").lower()
    if (
        status in INBOUND
        or "OptOutType" in form
        or (not status and ("Body" in form.fields or "NumMedia" in form))
    ):
        return _inbound(form, sid or form.id_of(None, None, form.maybe_text("From")))
    if not status:
        raise form.unreadable("MessageStatus", "missing")
    code = form.maybe_code("ErrorCode")
    classification = row_of(ERRORS, code) if status in BY_ERROR else MESSAGES.get(status)
    return _event(form, query, Channel.SMS, sid, status, classification, code)


def _inbound(form: Record, event_id: str) -> Finding:
    """With Advanced Opt-Out Twilio tells what the words meant: STOP, START or HELP."""
    told = form.maybe_text("OptOutType")
    return _words.inbound(
        "twilio",
        told if told in OPT_OUT_TYPES else form.maybe_text("Body"),
        form.maybe_text("From"),
        event_id=event_id,
        provider_code=told,
    )


def _call(form: Record, query: Mapping[str, str]) -> Finding:
    """None of a call that came in: its ``To`` is our own number."""
    if (form.maybe_text("Direction") or "").lower() == "inbound":
        return None
    sid = form.maybe_text("CallSid")
    status = (form.maybe_text("CallStatus") or "").lower()
    sip, error = form.maybe_code("SipResponseCode"), form.maybe_code("ErrorCode")
    classification = CALLS.get(status)
    if status == "failed":
        classification = _calls.SIP.get(sip or "") or row_of(ERRORS, error)
    elif classification is DELIVERED and form.maybe_text("AnsweredBy") == "fax":
        classification = ANSWERED_BY_FAX
    which = form.maybe_text("SequenceNumber") or status
    return _event(form, query, Channel.VOICE, sid, which, classification, error or sip)


def _event(
    form: Record,
    query: Mapping[str, str],
    channel: Channel,
    sid: str | None,
    which: str,
    classification: Classification | None,
    code: str | None,
) -> Finding:
    """None where the status says nothing that we take, or no phone number is named (``whatsapp:+1...``)."""
    address = _addresses.phone(form.maybe_text("To"))
    tags = _tags.tags(query)
    return event_of(
        "twilio",
        channel,
        classification,
        address,
        occurred_at=form.maybe_time("Timestamp", rfc2822) if channel is Channel.VOICE else None,
        sent_at=_tags.sent_at(tags),
        provider_message_id=sid,
        event_id=f"{sid}:{which}" if sid else form.id_of(None, form.maybe_text("Timestamp"), which, address),
        provider_code=code or form.maybe_text("MessageStatus") or form.maybe_text("CallStatus"),
        diagnostic=form.maybe_text("ErrorMessage"),
        metadata=tags,
    )
