"""Telnyx: status of texts and calls, and STOP and START as people text them.

Source: developers.telnyx.com/docs/messaging/messages/receiving-webhooks (texts),
developers.telnyx.com/docs/messaging/messages/error-codes (codes),
developers.telnyx.com/docs/voice/programmable-voice/voice-api-webhooks (calls) and the official SDK
team-telnyx/telnyx-python (signature, fields). One JSON object a post: one event, of several recipients where
the text was to a group; its errors are the text's, so they are those of the recipients that failed.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from reachable.model.delivery_event import Cause, Channel, Kind
from reachable.model.errors import BadSignature
from reachable.providers import _addresses, _calls, _signatures, _tags, _words
from reachable.providers._classifications import (
    BLOCKED,
    BROKEN,
    CONTENT,
    DELIVERED,
    FILTERED,
    INCAPABLE,
    INVALID,
    OPTED_OUT,
    OUR_QUOTA,
    OUR_SETUP,
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
from reachable.providers._reading import Finding, Record, json_record
from reachable.providers._times import iso
from reachable.providers._webhook import Secrets, WebhookRequest

_OUR_SPAM: Final = Classification(Kind.REJECTED, TRANSIENT, Cause.CARRIER_BLOCKED_OR_SPAM)

STATUSES: Final[Mapping[str, Classification]] = {
    "sent": SENT,
    "delivered": DELIVERED,
    "delivery_unconfirmed": SENT,  # no receipt came: neither good nor bad
}
"""By a recipient's status; queued, sending and new ones tell nothing."""

FAILURES: Final[Mapping[str, Classification]] = {
    "expired": UNREACHABLE,
    "sending_failed": OURS,  # we or Telnyx
    "delivery_failed": REFUSED,
}
"""By a recipient's status, where the code of the error tells nothing."""

STOP: Final = "40300"
UNDELIVERABLE: Final = "40008"
ERRORS: Final[Mapping[str, Classification]] = {
    "40001": INCAPABLE,  # not routable: landline or no such wireless number
    "40002": FILTERED,  # spam, temporary
    "40003": BLOCKED,  # spam, permanent
    "40004": BLOCKED,  # rejected by the destination
    "40005": UNREACHABLE,  # expired in transmission
    "40006": UNREACHABLE,  # recipient's server unavailable
    UNDELIVERABLE: REFUSED,
    "40009": CONTENT,  # body
    "40010": OUR_SETUP,  # not registered for 10DLC
    "40011": OUR_QUOTA,  # the carrier's rate
    "40012": INVALID,  # destination number
    "40013": OUR_SETUP,  # our number
    "40014": BROKEN,  # expired in Telnyx's queue
    "40015": _OUR_SPAM,  # Telnyx's own filter
    "40016": OUR_QUOTA,  # T-Mobile's daily limit
    "40017": _OUR_SPAM,  # AT&T's filter
    "40018": OUR_QUOTA,  # AT&T's limit
    "40019": OUR_SETUP,  # our campaign's tag at AT&T
    "40020": OUR_QUOTA,  # traffic that looks inflated
    "40100": OUR_SETUP,  # our number or its profile
    "40150": OUR_SETUP,
    "40151": OUR_SETUP,
    "40155": OUR_SETUP,
    STOP: OPTED_OUT,
    "40301": INCAPABLE,  # type of message not supported there
    "40302": CONTENT,  # too large
    "40304": CONTENT,
    "40305": OUR_SETUP,  # our number
    "40306": OUR_SETUP,
    "40307": OUR_SETUP,
    "40308": OUR_SETUP,
    "40309": OUR_SETUP,  # region not allowed
    "40310": INVALID,  # to
    "40311": OUR_SETUP,  # our profile
    "40312": OUR_SETUP,
    "40313": OUR_SETUP,
    "40314": OUR_SETUP,
    "40315": OUR_SETUP,
    "40316": CONTENT,  # empty
    "40317": CONTENT,
    "40318": OUR_QUOTA,  # queue full
    "40319": INCAPABLE,  # type of message not supported there
    "40320": OUR_QUOTA,  # our number cannot be used for now
    "40321": OUR_SETUP,
    "40322": CONTENT,
    "40323": OUR_SETUP,  # our number
    "40325": OUR_SETUP,  # our sender's name
    "40328": CONTENT,
    "40329": OUR_SETUP,  # toll-free number not verified
    "40330": OUR_SETUP,  # toll-free number not provisioned
    "40331": OUR_SETUP,  # our profile: no destinations
    "40333": OUR_QUOTA,  # our profile's limit of spending
}
"""By error code; which of our own failures pass is inferred from Telnyx's words for them."""

HANGUPS: Final[Mapping[str, Classification | None]] = {
    "normal_clearing": DELIVERED,  # the other causes tell of calls that nobody answered
    "user_busy": UNREACHABLE,
    "timeout": UNREACHABLE,
    "no_answer": UNREACHABLE,
    "not_found": INVALID,
    "call_rejected": _calls.DECLINED,
    "originator_cancel": None,  # we hung up before anybody answered
    "time_limit": None,  # ours ran out
}
"""By hangup cause. None: our own doing. Of any other the SIP response tells, or it is of unknown cause."""

WINDOW: Final = timedelta(minutes=5)
_SIGNATURE_LENGTH: Final = 64


def verify(request: WebhookRequest, secrets: Secrets, now: datetime) -> None:
    """Ed25519 over timestamp, bar and raw body; a secret is the public key of Telnyx's portal, in base64."""
    timestamp = _signatures.header(request, "telnyx-timestamp")
    signature = _canonical(_signatures.header(request, "telnyx-signature-ed25519"))
    _signatures.fresh(timestamp, now, WINDOW)
    signed = timestamp.encode("utf-8", "surrogatepass") + b"|" + request.body
    _signatures.any_secret(secrets, lambda key: _signed_by(key, signature, signed))


def _canonical(text: str) -> bytes:
    """The signature's bytes, written in the one way: spare bits of base64 could be changed unseen."""
    signature = _signatures.decoded(text)
    if len(signature) != _SIGNATURE_LENGTH or base64.b64encode(signature).decode() != text:
        raise BadSignature("No Ed25519 signature.")
    return signature


def _signed_by(key: str, signature: bytes, signed: bytes) -> bool:
    # Imported here: `cryptography` is slow to import, which other providers' cold starts need not pay for.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(_signatures.decoded(key)).verify(signature, signed)
    except (InvalidSignature, ValueError, BadSignature):  # a key that is none proves nothing; others may
        return False
    return True


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Finding]:
    """One event for each recipient of a text; one of a call."""
    data = json_record(body).record("data")
    type_ = data.text("event_type")
    match type_:
        case "message.sent" | "message.finalized":
            return _message(data, data.record("payload"), sent=type_ == "message.sent")
        case "message.received":
            return [_inbound(data, data.record("payload"))]
        case "call.initiated":
            return [_call(data, data.record("payload"), SENT)]
        case "call.answered":
            return [_call(data, data.record("payload"), DELIVERED)]
        case "call.hangup":
            payload = data.record("payload")
            cause = (payload.maybe_text("hangup_cause") or "").lower()
            by_sip = _calls.SIP.get(payload.maybe_code("sip_hangup_cause") or "", UNKNOWN)
            return [_call(data, payload, row_of(HANGUPS, cause or None, by_sip))]
        case _:
            return []


def _message(data: Record, payload: Record, *, sent: bool) -> Iterable[Finding]:
    message_id = payload.maybe_text("id")
    own = data.maybe_text("id") or data.id_of(
        message_id, data.maybe_text("occurred_at"), data.maybe_text("event_type")
    )
    occurred_at = data.maybe_time("occurred_at", iso)
    tags = _of_list(payload)
    sent_at = payload.maybe_time("sent_at", iso) or _tags.sent_at(tags)
    error = _Error(payload)

    def findings(recipient: Record) -> list[Finding]:
        address = _addresses.phone(recipient.maybe_text("phone_number"))
        status = (recipient.maybe_text("status") or "").lower()
        failed = status in FAILURES and not sent
        classification = SENT if sent else error.classification(status) if failed else STATUSES.get(status)
        event = event_of(
            "telnyx",
            Channel.SMS,
            classification,
            address,
            occurred_at=occurred_at,
            sent_at=sent_at,
            provider_message_id=message_id,
            event_id=f"{own}:{address}",
            provider_code=(error.code if failed else None) or status or None,
            diagnostic=error.words if failed else None,
            metadata=tags,
        )
        return [event]

    for key in ("to", "cc"):
        yield from payload.maybe_entries(key).each(findings)


class _Error:
    """What a text's errors say: that of a STOP, which is the person's, else the first with a known code."""

    def __init__(self, payload: Record) -> None:
        entries = payload.maybe_entries("errors")
        errors = [
            Record(value, (entries, number))
            for number, value in enumerate(entries.values)
            if isinstance(value, dict)
        ]
        stops = (error for error in errors if _is_stop(error))
        known = (error for error in errors if error.maybe_code("code") in ERRORS)
        told = next(stops, None) or next(known, errors[0] if errors else Record({}))
        self.code = told.maybe_code("code")
        self.words = _words_of(told)

    def classification(self, status: str) -> Classification:
        """By code and title: of 40300 and 40008, Telnyx's own pages disagree which one is STOP."""
        if self.code in {STOP, UNDELIVERABLE} and self.words is not None:
            if _says_stop(self.words):
                return OPTED_OUT
            return REFUSED if self.code == UNDELIVERABLE else BLOCKED
        return row_of(ERRORS, self.code, FAILURES[status])


def _words_of(error: Record) -> str | None:
    title, detail = error.maybe_text("title"), error.maybe_text("detail")
    return ": ".join(text for text in (title, detail) if text) or None


def _is_stop(error: Record) -> bool:
    code, words = error.maybe_code("code"), _words_of(error)
    return code in {STOP, UNDELIVERABLE} and (code == STOP if words is None else _says_stop(words))


def _says_stop(words: str) -> bool:
    return "STOP" in words or "opted out" in words.lower() or "opt-out" in words.lower()


def _of_list(payload: Record) -> dict[str, str]:
    """Telnyx's tags are a list of texts: ours holds the message's id alone."""
    first = next(iter(payload.maybe_entries("tags").values), None)
    return _tags.of_message_id(first if isinstance(first, str) else None)


def _inbound(data: Record, payload: Record) -> Finding:
    """Telnyx itself answers STOP and START."""
    sender = payload.inner("from").maybe_text("phone_number")
    return _words.inbound(
        "telnyx",
        payload.maybe_text("text"),
        sender,
        occurred_at=data.maybe_time("occurred_at", iso),
        event_id=payload.maybe_text("id")
        or data.maybe_text("id")
        or data.id_of(None, data.maybe_text("occurred_at"), sender),
    )


def _call(data: Record, payload: Record, classification: Classification | None) -> Finding:
    """None of a call that came in: its ``to`` is our own number."""
    address = _addresses.phone(payload.maybe_text("to"))
    if payload.maybe_text("direction") == "incoming":
        return None
    call_id = payload.maybe_text("call_control_id")
    tags = _tags.of_message_id(_client_state(payload))
    cause, sip = payload.maybe_text("hangup_cause"), payload.maybe_text("sip_hangup_cause")
    return event_of(
        "telnyx",
        Channel.VOICE,
        classification,
        address,
        occurred_at=data.maybe_time("occurred_at", iso),
        sent_at=payload.maybe_time("start_time", iso),
        provider_message_id=call_id,
        event_id=data.maybe_text("id")
        or data.id_of(call_id, data.maybe_text("occurred_at"), data.maybe_text("event_type"), address),
        provider_code=cause or data.text("event_type"),
        diagnostic=f"SIP {sip}" if sip else None,
        metadata=tags,
    )


def _client_state(payload: Record) -> str | None:
    """Our message id, which we gave with the call in base64; another's state tells nothing."""
    try:
        return base64.b64decode(payload.maybe_text("client_state") or "", validate=True).decode() or None
    except (binascii.Error, ValueError):
        return None
