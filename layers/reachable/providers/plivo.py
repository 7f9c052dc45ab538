"""Plivo: status of texts and calls, and STOP and START as people text them.

Source: docs.plivo.com/docs/messaging/api/message/message-status-callbacks (texts),
plivo.com/docs/messaging/troubleshooting/error-codes (codes),
docs.plivo.com/docs/voice/troubleshooting/hangup-causes (calls) and plivo/plivo-python,
plivo/utils/signature_v3.py (signature). One form a post. There is no custom data but the query of the
callback URL, where our tags are.
"""

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from reachable.model.delivery_event import Cause, Channel, Kind
from reachable.model.errors import BadSignature
from reachable.providers import _addresses, _calls, _reading, _signatures, _tags, _words
from reachable.providers._classifications import (
    AWAY,
    BLOCKED,
    BROKEN,
    CONTENT,
    DELIVERED,
    FILTERED,
    GONE,
    INVALID,
    OPTED_OUT,
    OUR_QUOTA,
    OUR_SETUP,
    SENT,
    TRANSIENT,
    UNKNOWN,
    UNREACHABLE,
    UNROUTABLE,
    Classification,
    event_of,
    row_of,
)
from reachable.providers._reading import Finding, Record
from reachable.providers._times import iso
from reachable.providers._webhook import Secrets, WebhookRequest

MESSAGES: Final[Mapping[str, Classification]] = {
    "queued": SENT,
    "sent": SENT,
    "delivered": DELIVERED,
    "read": DELIVERED,
}
BY_ERROR: Final = frozenset({"failed", "undelivered", "rejected"})

ERRORS: Final[Mapping[str, Classification]] = {
    "10": CONTENT,  # invalid message
    "20": UNREACHABLE,  # network
    "30": FILTERED,  # spam: our content
    "40": OUR_SETUP,  # our number
    "50": INVALID,  # destination number
    "60": Classification(Kind.FAILED, TRANSIENT, Cause.CONTENT_OR_SIZE),  # message loop
    "70": GONE,  # permanently unavailable
    "80": AWAY,  # temporarily unavailable
    "90": UNROUTABLE,  # no route
    "100": BLOCKED,  # prohibited by the carrier
    "110": CONTENT,  # too long
    "120": OUR_QUOTA,  # T-Mobile's 10DLC throughput
    "160": Classification(Kind.FAILED, TRANSIENT, Cause.UNKNOWN),  # undeliverable, or a daily limit
    "200": OPTED_OUT,  # the person texted STOP to our number
    "201": OUR_SETUP,  # our number is not registered
    "300": UNKNOWN,  # could not be dispatched
    "420": BROKEN,  # expired
    "450": OUR_SETUP,  # country barred
    "900": OUR_QUOTA,  # no credit
    "910": OUR_SETUP,  # account disabled
    "950": OUR_SETUP,  # sender not registered
    "960": OUR_SETUP,  # Plivo's spam rule
    "1000": UNKNOWN,
}
"""By error code. Any other is a failure of unknown cause."""

CALLS: Final[Mapping[str, Classification]] = {
    "completed": DELIVERED,
    "busy": UNREACHABLE,
    "timeout": UNREACHABLE,
    "no-answer": UNREACHABLE,
    "failed": UNKNOWN,
}
"""By the status of a call that ended; cancel, which is our own doing, and others tell nothing."""

HANGUPS: Final[Mapping[str, Classification]] = {
    "unallocated": INVALID,
    "invalid number": INVALID,
    "invalid destination": INVALID,
    "rejected": _calls.DECLINED,
    "busy": UNREACHABLE,
    "no answer": UNREACHABLE,
    "timeout": UNREACHABLE,
    "cancelled": UNREACHABLE,  # we ended it
    "network": UNREACHABLE,
    "answer url": BROKEN,  # our application
    "xml": BROKEN,
    "internal error": BROKEN,
    "credit": OUR_QUOTA,
    "barred": OUR_SETUP,  # a country or number, for our account
    "caller id": OUR_SETUP,
    "routing error": UNROUTABLE,
}
"""By words in the name of a failed call's hangup cause, the first that it holds; the code is not read:
Plivo's pages disagree about codes."""

OTHER_CHANNELS: Final = frozenset({"whatsapp"})


def verify(request: WebhookRequest, secrets: Secrets, _now: object) -> None:
    """HMAC-SHA256 (V3) over the URL, its query, the form and a nonce; a secret is an auth token.

    Plivo signs with the tokens of the account and of the main account above it, in a header each, so either
    counts. Nothing in it tells a time: a repeat is known by its event id.
    """
    nonce = _signatures.header(request, "x-plivo-signature-v3-nonce")
    headers = (request.headers.get(f"x-plivo-signature-{kind}", "") for kind in ("v3", "ma-v3"))
    given = [signature.strip() for header in headers for signature in header.split(",")]
    signed = f"{_signed_url(request)}.{nonce}".encode("utf-8", "surrogatepass")

    def proves(token: str) -> bool:
        expected = _signatures.hmac_base64("sha256", token, signed)
        return any(_signatures.same(expected, signature) for signature in given)

    _signatures.any_secret(secrets, proves)


def _signed_url(request: WebhookRequest) -> str:
    """The URL without its query, then the sorted query and the sorted fields, decoded."""
    try:
        parts = urlsplit(request.url)
        query = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=_reading.FIELDS_LIMIT)
        fields = _reading.form_fields(request.body) if request.body else []
    except ValueError as problem:
        raise BadSignature("The URL or the body cannot be read.") from problem
    signed = f"{parts.scheme}://{parts.netloc}{parts.path}"
    if query or fields:
        signed += "?" + "&".join(f"{name}={value}" for name, value in sorted(query))
    if query and fields:
        signed += "."
    return signed + "".join(name + value for name, value in sorted(fields))


def parse(body: bytes, _headers: Mapping[str, str], query: Mapping[str, str]) -> Iterable[Finding]:
    """At most one event: a form tells of one text or call."""
    form = _reading.form(body)
    if "CallUUID" in form or "CallStatus" in form:
        return [_call(form, query)]
    if "Status" not in form and any(name == "Text" or name.startswith("Media") for name in form.fields):
        return [_inbound(form)]
    return [_message(form, query)]


def _message(form: Record, query: Mapping[str, str]) -> Finding:
    """None of what is no text (WhatsApp), goes to no phone number, or has a status that tells nothing."""
    # Each part of a long text has a MessageUUID of its own; what the send call returned is the parent's.
    part_id, status = form.maybe_text("MessageUUID"), form.text("Status").lower()
    message_id = form.maybe_text("ParentMessageUUID") or part_id
    address = _addresses.phone(form.maybe_text("To"))
    code = form.maybe_code("ErrorCode")
    classification = row_of(ERRORS, code) if status in BY_ERROR else MESSAGES.get(status)
    other_channel = (form.maybe_text("Type") or "").lower() in OTHER_CHANNELS
    if other_channel:
        return None
    tags = _tags.tags(query)
    return event_of(
        "plivo",
        Channel.SMS,
        classification,
        address,
        occurred_at=form.maybe_time("DeliveryReportTime", iso),
        sent_at=form.maybe_time("SentTime", iso) or _tags.sent_at(tags),
        provider_message_id=message_id,
        event_id=f"{part_id or message_id}:{status}"
        if message_id
        else form.id_of(None, form.maybe_text("DeliveryReportTime"), status, address),
        provider_code=code or status,
        metadata=tags,
    )


def _inbound(form: Record) -> Finding:
    """Plivo itself answers STOP and START."""
    sender = form.maybe_text("From")
    own = form.maybe_text("MessageUUID") or form.id_of(None, None, sender)
    return _words.inbound("plivo", form.maybe_text("Text"), sender, event_id=own)


def _call(form: Record, query: Mapping[str, str]) -> Finding:
    """None of a call that came in: its ``To`` is our own number.

    Its times are left out: they are in the time zone of the account's console, which the form does not tell.
    """
    call_id = form.maybe_text("CallUUID")
    status = (form.maybe_text("CallStatus") or "").lower()
    cause = form.maybe_text("HangupCauseName")
    address = _addresses.phone(form.maybe_text("To"))
    classification = CALLS.get(status)
    if status == "failed":
        said = (cause or "").lower()
        classification = next((row for words, row in HANGUPS.items() if words in said), classification)
    if (form.maybe_text("Direction") or "").lower() == "inbound":
        return None
    tags = _tags.tags(query)
    return event_of(
        "plivo",
        Channel.VOICE,
        classification,
        address,
        sent_at=_tags.sent_at(tags),
        provider_message_id=call_id,
        event_id=f"{call_id}:{status}" if call_id else form.id_of(None, None, status, address),
        provider_code=form.maybe_text("HangupCauseCode") or status,
        diagnostic=cause,
        metadata=tags,
    )
