"""Mailgun: one event a post, with its signature beside it in the body.

Source: documentation.mailgun.com (webhooks, events), help.mailgun.com/hc/en-us/articles/202236504-Webhooks
(retries); Mailgun's own reasons and codes as client libraries have seen them. The signature covers its time
and token and not the event. The form posts from before June 2018 are refused.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from reachable.model.delivery_event import Cause, Channel, Kind, Permanence
from reachable.model.errors import BadSignature
from reachable.providers import _addresses, _codes, _signatures, _tags
from reachable.providers._classifications import (
    AWAY,
    BLOCKED,
    COMPLAINED,
    DELIVERED,
    MAYBE_INVALID,
    OPTED_OUT,
    PERMANENT,
    SENT,
    SUPPRESSED,
    SUPPRESSED_COMPLAINT,
    SUPPRESSED_UNSUBSCRIBE,
    TRANSIENT,
    UNDETERMINED,
    Classification,
    event_of,
)
from reachable.providers._reading import Finding, Record, Unreadable, digest, json_record
from reachable.providers._times import epoch
from reachable.providers._webhook import Secrets, WebhookRequest

SEVERITIES: Final[Mapping[str, Permanence]] = {"permanent": PERMANENT, "temporary": TRANSIENT}


REASONS: Final[Mapping[str, Classification]] = {
    "suppress-bounce": SUPPRESSED,
    "suppress-complaint": SUPPRESSED_COMPLAINT,
    "suppress-unsubscribe": SUPPRESSED_UNSUBSCRIBE,
    "old": AWAY,  # tried for eight hours: permanent for this message only
    "espblock": BLOCKED,
}
CODES: Final[Mapping[str, Classification]] = {
    "498": MAYBE_INVALID,  # no MX; faults of DNS heal
    "499": AWAY,  # unable to connect
    "602": AWAY,  # too old
    "605": SUPPRESSED,
    "606": SUPPRESSED_UNSUBSCRIBE,
    "607": SUPPRESSED_COMPLAINT,
}
"""Mailgun's own; of all others (bounce, generic ...) the server's answer says what it was."""

REJECTIONS: Final[tuple[tuple[tuple[str, ...], Cause], ...]] = (
    (("sandbox", "authori", "account", "domain", "limit", "quota", "disabled"), Cause.ACCOUNT_OR_QUOTA),
    (("content", "virus", "spam", "size", "large", "attachment", "message"), Cause.CONTENT_OR_SIZE),
)
"""What Mailgun would not even try, by words of its reason, the first that fits."""

REPLAY_WINDOW: Final = timedelta(hours=9)
"""Mailgun retries for 8 hours with the first signature; the event id tells a repeat."""


def verify(request: WebhookRequest, secrets: Secrets, now: datetime) -> None:
    """HMAC-SHA256 over time and token; a secret is the account's HTTP webhook signing key.

    An event of a subaccount may bring a ``parent-signature`` too, made with the parent's key.
    """
    try:
        signed = [_proof(proof) for proof in _proofs(json_record(request.body))]
    except Unreadable as problem:
        raise BadSignature("The body holds no signature.") from problem

    def proves(secret: str) -> bool:
        return any(
            _signatures.same(_signatures.hmac_hex("sha256", secret, (seconds + token).encode()), given)
            for seconds, token, given in signed
        )

    for seconds, _, _ in signed:
        _signatures.fresh(seconds, now, REPLAY_WINDOW)
    _signatures.any_secret(secrets, proves)


def one_use(request: WebhookRequest) -> Iterable[tuple[str, str]]:
    """Each token with the event that it came with, in all that tells it from another one.

    All tokens of a body count, also one whose signature is false: a proof that was seen could stand as either
    of the two, beside one that never was.
    """
    body = json_record(request.body)
    data = body.inner("event-data")
    said = digest([data.fields.get(name) for name in _SAID])
    return {token: said for proof in _proofs(body) if (token := proof.maybe_text("token"))}.items()


_SAID: Final = (
    "event",
    "id",
    "timestamp",
    "recipient",
    "severity",
    "reason",
    "reject",
    "delivery-status",
    "message",
)


def _proofs(body: Record) -> list[Record]:
    proofs = (body.maybe_record(name) for name in ("signature", "parent-signature"))
    return [proof for proof in proofs if proof is not None]


def _proof(proof: Record) -> tuple[str, str, str]:
    return proof.text("timestamp"), proof.text("token"), proof.text("signature")


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Finding]:
    """At most one event."""
    post = json_record(body)
    data = post.record("event-data")
    decide = _CLASSIFICATIONS.get(data.text("event"))
    return [_event(post, data, decide)] if decide else []


@dataclass(frozen=True, slots=True)
class _Answer:
    """What ended the attempt: an SMTP code or one of Mailgun's own, the enhanced code, code and words."""

    code: str | None
    status: str | None
    text: str | None


def _answer(data: Record) -> _Answer:
    """``delivery-status`` can be null, its ``code`` a number or, in old events, an enhanced code as text."""
    if data.maybe_text("event") == "rejected":
        rejected = data.inner("reject")
        return _Answer(None, None, rejected.maybe_text("reason") or rejected.maybe_text("description"))
    told = data.inner("delivery-status")
    code = told.maybe_text("code")
    text = told.maybe_text("message") or told.maybe_text("description")
    status = _codes.enhanced_status(told.maybe_text("enhanced-code"), code, text)
    if code and not (text or "").startswith(code):
        text = f"{code} {text}" if text else code
    return _Answer(code, status, text)


def _event(post: Record, data: Record, decide: "_Decide") -> Finding:
    answer = _answer(data)
    classification = decide(data, answer)
    headers = data.inner("message").inner("headers")
    named = _recipient(data, headers)
    address = _addresses.email(named)
    message_id = headers.maybe_text("message-id")
    tags = _tags.tags(data.inner("user-variables").fields)
    at = data.maybe_time("timestamp", epoch)
    return event_of(
        "mailgun",
        Channel.EMAIL,
        classification,
        address,
        occurred_at=at,
        sent_at=_tags.sent_at(tags),
        # The send call answers it in angle brackets, events tell it without.
        provider_message_id=message_id.strip("<> ") or None if message_id else None,
        event_id=_id_of(post, data, at)
        or data.id_of(message_id, data.maybe_text("timestamp"), data.text("event"), address),
        provider_code=data.maybe_text("reason") or answer.code or data.text("event"),
        smtp_status=answer.status,
        diagnostic=answer.text,
        metadata=tags,
        named=named,
    )


def _recipient(data: Record, headers: Record) -> str | None:
    """Whom Mailgun names; a rejection names nobody, so that the message's own header tells.

    A recipient that cannot be read is somebody all the same, and not whom the header names.
    """
    if data.text("event") == "rejected" and "recipient" not in data:
        return headers.maybe_text("to")
    return data.maybe_text("recipient")


def _id_of(post: Record, data: Record, at: datetime | None) -> str | None:
    """Mailgun's id is unique within a day only; an event without one is told by its signature's token."""
    told = data.maybe_text("id")
    if told is not None:
        return f"{at:%Y-%m-%d}:{told}" if at else told
    return post.inner("signature").maybe_text("token")


def _failed(data: Record, answer: _Answer) -> Classification:
    """A temporary failure is no bounce: Mailgun tries again, and says so when it gives up."""
    said = SEVERITIES.get((data.maybe_text("severity") or "").lower(), UNDETERMINED)
    if said is TRANSIENT:
        # A bare reply of class 4 tells no more than that.
        return Classification(Kind.DELAYED, cause=_codes.bounce(TRANSIENT, answer.status).cause)
    own = REASONS.get((data.maybe_text("reason") or "").lower()) or CODES.get(answer.code or "")
    return own or _codes.bounce(said, answer.status, answer.text)


def _rejected(_data: Record, answer: _Answer) -> Classification:
    text = (answer.text or "").lower()
    found = (cause for words, cause in REJECTIONS if any(word in text for word in words))
    return Classification(Kind.REJECTED, PERMANENT, next(found, Cause.UNKNOWN))


type _Decide = Callable[[Record, _Answer], Classification]


def _always(classification: Classification) -> _Decide:
    return lambda _data, _answer: classification


_CLASSIFICATIONS: Final[Mapping[str, _Decide]] = {
    "accepted": _always(SENT),
    "delivered": _always(DELIVERED),
    "failed": _failed,
    "rejected": _rejected,
    "complained": _always(COMPLAINED),
    "unsubscribed": _always(OPTED_OUT),
}
"""All others (opened, clicked, stored, list_member_uploaded, new ones) are left out."""
