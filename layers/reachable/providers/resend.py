"""Resend: one event a post, by Svix (Standard Webhooks), about a mail, a contact or its suppression list.

Source: resend.com/docs/webhooks/event-types and the event types of Resend's own SDK (resend/resend-node);
resend.com/docs/dashboard/emails/email-bounces (types and subtypes: SES's, through which Resend sends);
docs.svix.com/receiving/verifying-payloads/how-manual (signature). ``data.to`` lists everybody that the mail
went to, and nothing says which of them an event is about.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from reachable.model.delivery_event import Cause, Channel, Kind, Permanence
from reachable.model.errors import BadSignature
from reachable.providers import _addresses, _codes, _signatures, _tags
from reachable.providers._classifications import (
    COMPLAINED,
    CONTENT_BOUNCED,
    DELIVERED,
    FULL,
    INVALID,
    OPTED_IN,
    OPTED_OUT,
    PERMANENT,
    SENT,
    SUPPRESSED,
    SUPPRESSED_COMPLAINT,
    TRANSIENT,
    UNDETERMINED,
    Classification,
    event_of,
)
from reachable.providers._reading import Finding, Record, json_record
from reachable.providers._times import iso
from reachable.providers._webhook import Secrets, WebhookRequest

# Keys are in lower case, as they are SES's, which does not write its words the same way everywhere.
BOUNCES: Final[Mapping[tuple[str, str], Classification]] = {
    ("permanent", "noemail"): INVALID,
    ("permanent", "suppressed"): SUPPRESSED,  # SES's list of all its customers
    ("permanent", "onaccountsuppressionlist"): SUPPRESSED,
    ("permanent", "ontenantsuppressionlist"): SUPPRESSED,  # SES's for senders like Resend
    # SES only guessed that there is no such mailbox; it did not ask.
    ("permanent", "emailvalidationsuppressed"): SUPPRESSED,
    ("permanent", "unsubscribedrecipient"): OPTED_OUT,
    ("transient", "mailboxfull"): FULL,
    ("transient", "messagetoolarge"): CONTENT_BOUNCED,
    ("transient", "contentrejected"): CONTENT_BOUNCED,
    ("transient", "attachmentrejected"): CONTENT_BOUNCED,
}
"""What a type and subtype say where the server's answer tells nothing; all others tell nothing themselves."""

CLASSES: Final[Mapping[str, Permanence]] = {"permanent": PERMANENT, "transient": TRANSIENT}

TEXTS: Final[Mapping[str, Classification]] = {
    "suppressed sending": SUPPRESSED,
    "hard bounce message": Classification(Kind.BOUNCED, PERMANENT, Cause.UNKNOWN),
    "inbox was full": FULL,
    "general bounce message": Classification(Kind.BOUNCED, TRANSIENT, Cause.UNKNOWN),
}
"""By words of the message, the first that it holds: older bounces have no type."""

_OURS: Final = Classification(Kind.FAILED, PERMANENT, Cause.ACCOUNT_OR_QUOTA)
FAILURES: Final[Mapping[str, Classification]] = {
    "quota": _OURS,  # reached_daily_quota
    "limit": _OURS,
    "api key": _OURS,
    "domain": _OURS,
    "sender": _OURS,
    "from address": _OURS,
    "invalid recipient": _OURS,  # its form, which Resend looks at before it sends
}
"""By words of the reason, with blanks for its underscores: only one is documented, the others in prose."""
FAILED: Final = Classification(Kind.FAILED, PERMANENT, Cause.UNKNOWN)
"""For a reason without a row."""

ORIGINS: Final[Mapping[str, Classification]] = {"bounce": SUPPRESSED, "complaint": SUPPRESSED_COMPLAINT}
"""Why an address came on the suppression list. By hand (``manual``) is our own doing."""

WINDOW: Final = timedelta(minutes=5)
"""Each retry is signed anew."""


def verify(request: WebhookRequest, secrets: Secrets, now: datetime) -> None:
    """HMAC-SHA256 over id, time and raw body; a secret is the webhook's signing secret, ``whsec_...``.

    The header holds a signature for each secret that counts at Resend, each after its version.
    """
    prefix = "svix" if "svix-id" in request.headers else "webhook"
    id_, seconds, signatures = (
        _signatures.header(request, f"{prefix}-{name}") for name in ("id", "timestamp", "signature")
    )
    _signatures.fresh(seconds, now, WINDOW)
    signed = f"{id_}.{seconds}.".encode("utf-8", "surrogatepass") + request.body
    given = [
        signature.removeprefix("v1,") for signature in signatures.split(" ") if signature.startswith("v1,")
    ]

    def proves(secret: str) -> bool:
        key = _key(secret)
        if not key:
            return False
        expected = _signatures.hmac_base64("sha256", key, signed)
        return any(_signatures.same(expected, signature) for signature in given)

    _signatures.any_secret(secrets, proves)


def _key(secret: str) -> bytes:
    """The key in a secret; none in one that is mistyped, which proves nothing: the other still counts."""
    try:
        return _signatures.decoded(secret.removeprefix("whsec_"))
    except BadSignature:
        return b""


def parse(body: bytes, headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Finding]:
    """At most one event; of a complaint about a mail to several, one for each of them."""
    record = json_record(body)
    type_ = record.text("type")
    if type_ in _MAILS:
        post = _post(record, headers, type_)
        return _of_mail(post, _MAILS[type_](post.data))
    if type_ in _PEOPLE:
        post = _post(record, headers, type_)
        return [_of_person(post, _PEOPLE[type_](post.data))]
    return [None]


@dataclass(frozen=True, slots=True)
class _Post:
    """What every event has; ``id`` is the same in every retry."""

    type: str
    id: str
    at: datetime | None
    data: Record


@dataclass(frozen=True, slots=True)
class _Told:
    """What an event says: the classification, and Resend's and the server's words for it."""

    classification: Classification | None
    code: str | None = None
    status: str | None = None
    text: str | None = None


def _post(record: Record, headers: Mapping[str, str], type_: str) -> _Post:
    data = record.inner("data")
    about = data.maybe_text("email_id") or data.maybe_text("id")
    own = headers.get("svix-id") or headers.get("webhook-id")
    id_ = own or record.id_of(about, record.maybe_text("created_at"), type_)
    return _Post(type_, id_, record.maybe_time("created_at", iso), data)


def _of_mail(post: _Post, told: _Told) -> list[Finding]:
    """Of several recipients only a complaint names all: it was one of them, and each is told so."""
    classification = told.classification
    people = _people(post.data.fields.get("to"))
    if classification is None or (len(people) > 1 and classification.kind is not Kind.COMPLAINED):
        return [None]
    sent_at = post.data.maybe_time("created_at", iso)
    tags = _tags.tags(_named(post.data))
    return [
        event_of(
            "resend",
            Channel.EMAIL,
            classification,
            address,
            occurred_at=post.at,
            sent_at=sent_at,
            provider_message_id=post.data.maybe_text("email_id"),
            event_id=f"{post.id}:{address}",
            provider_code=told.code or post.type,
            smtp_status=told.status,
            diagnostic=told.text,
            possible_recipients=len(people),
            metadata=tags,
        )
        for address in people
    ]


def _people(to: object) -> list[str | None]:
    """Everybody that a mail went to, each once; one alone may stand without a list."""
    values = to if isinstance(to, list) else [to]
    return list(
        dict.fromkeys(_addresses.email(address) if isinstance(address, str) else None for address in values)
    )


def _of_person(post: _Post, told: _Told) -> Finding:
    """``created_at`` of the data is that of the contact or entry here, and no mail's."""
    classification = told.classification
    address = _addresses.email(post.data.maybe_text("email"))
    return event_of(
        "resend",
        Channel.EMAIL,
        classification,
        address,
        occurred_at=post.at,
        event_id=f"{post.id}:{address}",
        provider_code=told.code or post.type,
    )


def _named(data: Record) -> Mapping[str, Any] | None:
    """The tags: an object, or in older events a list of names and values."""
    listed = data.fields.get("tags")
    if isinstance(listed, list):
        pairs = (pair for pair in listed if isinstance(pair, dict) and isinstance(pair.get("name"), str))
        return {pair["name"]: pair.get("value") for pair in pairs}
    return data.inner("tags").fields


def _bounced(data: Record) -> _Told:
    bounce = data.inner("bounce")
    type_, subtype = bounce.maybe_text("type"), bounce.maybe_text("subType")
    message = bounce.maybe_text("message")
    answers = _answers(bounce)
    code = "/".join(word for word in (type_, subtype) if word) or None
    if type_ is None:
        known = next((of for words, of in TEXTS.items() if words in (message or "").lower()), None)
        if known is None and message:
            answers = [*answers, message]  # which an older bounce has nothing else for
    else:
        known = BOUNCES.get((type_.lower(), (subtype or "").lower()))
    said = CLASSES.get((type_ or "").lower(), UNDETERMINED)
    status, answer = _codes.enhanced_status(*answers), answers[0] if answers else None
    row = known or Classification(Kind.BOUNCED, said, Cause.UNKNOWN)
    return _Told(_codes.bounce_or(row, status, answer), code, status, answer or message)


def _answers(bounce: Record) -> list[str]:
    """What the server said, where Resend tells it: its ``message`` is Resend's own prose about the class."""
    listed = bounce.fields.get("diagnosticCode")
    return [text for text in listed if isinstance(text, str) and text] if isinstance(listed, list) else []


def _suppressed(data: Record) -> _Told:
    """Resend did not try: the address is on its list."""
    suppressed = data.inner("suppressed")
    type_ = suppressed.maybe_text("type")
    complained = "complaint" in (type_ or "").lower()
    classification = SUPPRESSED_COMPLAINT if complained else SUPPRESSED
    return _Told(classification, type_, text=suppressed.maybe_text("message"))


def _failed(data: Record) -> _Told:
    """Resend could not send."""
    failed = data.inner("failed")
    reason = failed.maybe_text("reason")
    said = (reason or "").lower().replace("_", " ")
    known = (classification for words, classification in FAILURES.items() if words in said)
    return _Told(next(known, FAILED), reason)


def _listed(data: Record) -> _Told:
    """An address came on the suppression list."""
    origin = data.maybe_text("origin")
    return _Told(ORIGINS.get((origin or "").lower()), origin)


def _contact(data: Record) -> _Told:
    """A contact as it is now, whatever of it was changed."""
    match data.maybe_flag("unsubscribed"):
        case None:
            return _Told(None)
        case out:
            return _Told(OPTED_OUT if out else OPTED_IN)


def _always(classification: Classification) -> Callable[[Record], _Told]:
    return lambda _data: _Told(classification)


_MAILS: Final[Mapping[str, Callable[[Record], _Told]]] = {
    "email.sent": _always(SENT),
    "email.delivered": _always(DELIVERED),
    "email.delivery_delayed": _always(Classification(Kind.DELAYED, cause=Cause.UNKNOWN)),  # it tells no code
    "email.bounced": _bounced,
    "email.complained": _always(COMPLAINED),
    "email.suppressed": _suppressed,
    "email.failed": _failed,
}
_PEOPLE: Final[Mapping[str, Callable[[Record], _Told]]] = {
    "suppression.added": _listed,
    "contact.updated": _contact,
}
"""All others (scheduled, opened, clicked, received, domains, suppression.removed, new ones) are left out."""
