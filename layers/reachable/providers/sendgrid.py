"""SendGrid: the Event Webhook, an array of flat events a post, of many messages and kinds.

Source: twilio.com/docs/sendgrid/for-developers/tracking-events/event and, for the signature,
.../tracking-events/getting-started-event-webhook-security-features; ``expired`` and the absence of fields as
client libraries have seen them. Custom arguments stand beside SendGrid's own fields in the same object.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from reachable.model.delivery_event import Cause, Channel, Kind, Permanence
from reachable.model.errors import BadSignature
from reachable.providers import _addresses, _codes, _signatures, _tags
from reachable.providers._classifications import (
    AWAY,
    COMPLAINED,
    CONTENT_REJECTED,
    DELIVERED,
    INVALID,
    MAYBE_INVALID,
    OPTED_IN,
    OPTED_OUT,
    OUR_QUOTA,
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
from reachable.providers._reading import Finding, Record, json_entries
from reachable.providers._times import epoch
from reachable.providers._webhook import Secrets, WebhookRequest

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey


CAUSES: Final[Mapping[str, Cause]] = {
    "invalid address": Cause.INVALID_ADDRESS,
    "mailbox unavailable": Cause.INACTIVE_OR_UNREACHABLE,
    "content": Cause.CONTENT_OR_SIZE,
    "reputation": Cause.CARRIER_BLOCKED_OR_SPAM,
    "frequency": Cause.CARRIER_BLOCKED_OR_SPAM,  # "Frequency or Volume Too High"
    "technical": Cause.INACTIVE_OR_UNREACHABLE,  # also "Technical Failure"
    "unclassified": Cause.UNKNOWN,
}
"""What a ``bounce_classification`` that begins so says, where the server's answer tells nothing."""

CLASSES: Final[Mapping[str, Permanence]] = {"5": PERMANENT, "4": TRANSIENT}
"""By the server's class, where SendGrid tells no type."""

EXPIRED: Final = AWAY
NO_SUCH_DOMAIN: Final = MAYBE_INVALID
"""A "blocked" that the next mail meets again, unless it is a fault of DNS, which heals."""
NO_SUCH_DOMAIN_WORDS: Final = ("unable to get mx info", "no such domain")

DROPS: Final[Mapping[str, Classification]] = {
    "bounced address": SUPPRESSED,
    "invalid": INVALID,  # SendGrid judged its syntax
    "spam reporting address": SUPPRESSED_COMPLAINT,
    "unsubscribed address": SUPPRESSED_UNSUBSCRIBE,
    "invalid smtpapi header": CONTENT_REJECTED,
    "recipient list over package quota": OUR_QUOTA,
}
"""By reason, in lower case; one that begins with `SPAM_CONTENT` names the app that found it."""
SPAM_CONTENT: Final = "spam content"
DROPPED: Final = Classification(Kind.REJECTED, UNDETERMINED, Cause.UNKNOWN)
"""For a reason without a row."""

OWN_FIELDS: Final = frozenset(
    {
        "asm_group_id",
        "attempt",
        "bounce_classification",
        "category",
        "cert_err",
        "email",
        "event",
        "ip",
        "marketing_campaign_id",
        "marketing_campaign_name",
        "newsletter",
        "pool",
        "reason",
        "response",
        "send_at",
        "sg_content_type",
        "sg_event_id",
        "sg_machine_open",
        "sg_message_id",
        "sg_template_id",
        "sg_template_name",
        "singlesend_id",
        "singlesend_name",
        "smtp-id",
        "status",
        "template_id",
        "timestamp",
        "tls",
        "type",
        "url",
        "url_offset",
        "useragent",
    }
)
"""All other fields are custom arguments."""

REPLAY_WINDOW: Final = timedelta(hours=25)
"""SendGrid tries for 24 hours, and whether a retry has a new time is not documented: the id guards."""


def verify(request: WebhookRequest, secrets: Secrets, now: datetime) -> None:
    """ECDSA (P-256, SHA-256) over the time and the raw body; a secret is the public key of the console.

    The body ends with a line break that is signed, too.
    """
    # Imported here: parsing needs none of it, and OpenSSL's bindings cost a cold start a tenth of a second.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    signature = _signatures.decoded(_signatures.header(request, "x-twilio-email-event-webhook-signature"))
    seconds = _signatures.header(request, "x-twilio-email-event-webhook-timestamp")
    _signatures.fresh(seconds, now, REPLAY_WINDOW)
    signed = seconds.encode() + request.body

    def proves(secret: str) -> bool:
        key = _public_key(secret)
        if key is None:
            return False
        try:
            key.verify(signature, signed, ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True

    _signatures.any_secret(secrets, proves)


def _public_key(secret: str) -> "EllipticCurvePublicKey | None":
    """The key in a secret, or None: one that is mistyped proves nothing, and the other still counts."""
    # Imported here for the reason above.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(_signatures.decoded(secret))
    except (BadSignature, ValueError, UnsupportedAlgorithm):
        return None
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    return None


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Finding]:
    """At most one event for each entry."""
    return json_entries(body).each(_event)


def _event(entry: Record) -> Iterable[Finding]:
    word = entry.text("event")
    read = _CLASSIFICATIONS.get(word)
    if read is None:
        return []
    text = entry.maybe_text("reason") or entry.maybe_text("response")
    status = _codes.enhanced_status(entry.maybe_text("status"), text)
    classification = read(entry, status, text)
    named = entry.maybe_text("email")
    address = _addresses.email(named)
    if classification is None or address is None:
        return []
    message_id = entry.maybe_text("sg_message_id")
    at = entry.maybe_time("timestamp", epoch)
    tags = _tags.tags(entry.fields, OWN_FIELDS)
    event = event_of(
        "sendgrid",
        Channel.EMAIL,
        classification,
        address,
        occurred_at=at,
        sent_at=_tags.sent_at(tags) or (at if classification.kind is Kind.SENT else None),
        # What the send call returned, before SendGrid's own filters added theirs.
        provider_message_id=message_id.partition(".")[0] or None if message_id else None,
        event_id=entry.maybe_text("sg_event_id") or _id_of(entry, word, address),
        provider_code=_code(entry, word),
        smtp_status=status,
        diagnostic=text,
        metadata=tags,
        named=named,
    )
    return [event]


def _id_of(entry: Record, word: str, address: str) -> str:
    """For the drops that come without an id of their own."""
    message = entry.maybe_text("sg_message_id") or entry.maybe_text("smtp-id")
    return entry.id_of(message, entry.maybe_text("timestamp"), word, address)


def _code(entry: Record, word: str) -> str:
    """SendGrid's own words: ``bounce/Invalid Address``, ``Bounced Address``, else the event."""
    if word == "dropped":
        return entry.maybe_text("reason") or word
    if word != "bounce":
        return word
    told = (entry.maybe_text("type"), entry.maybe_text("bounce_classification"))
    return "/".join(word for word in told if word) or word


def _deferred(_entry: Record, status: str | None, _text: str | None) -> Classification:
    """A bare reply of class 4 tells no more than that SendGrid tries again, for up to three days."""
    return Classification(Kind.DELAYED, cause=_codes.bounce(TRANSIENT, status).cause)


def _bounce(entry: Record, status: str | None, text: str | None) -> Classification:
    """``bounce`` is on SendGrid's own list from now on, ``blocked`` is not: the next mail is tried."""
    match (entry.maybe_text("type") or "").lower():
        case "expired":
            return EXPIRED
        case "blocked":
            if any(words in (text or "").lower() for words in NO_SUCH_DOMAIN_WORDS):
                return NO_SUCH_DOMAIN
            said = TRANSIENT
        case "bounce":
            said = PERMANENT
        case _:
            said = CLASSES.get(status[0], UNDETERMINED) if status else UNDETERMINED
    class_ = (entry.maybe_text("bounce_classification") or "").lower()
    cause = next((cause for prefix, cause in CAUSES.items() if class_.startswith(prefix)), Cause.UNKNOWN)
    return _codes.bounce_or(Classification(Kind.BOUNCED, said, cause), status, text)


def _dropped(entry: Record, _status: str | None, _text: str | None) -> Classification:
    """SendGrid did not try. Some drops have the word in ``type``."""
    words = [(entry.maybe_text(key) or "").strip().lower() for key in ("reason", "type")]
    if words[0].startswith(SPAM_CONTENT):
        return CONTENT_REJECTED
    for word in words:
        if word in DROPS:
            return DROPS[word]
    return DROPPED.unlisted if any(words) else DROPPED


type _Classify = Callable[[Record, str | None, str | None], Classification | None]
"""Of an entry, the server's enhanced code and its words."""


def _of_everything(classification: Classification) -> _Classify:
    """The classification, unless the wish is about one group of mails only: those are not ours to model."""
    return lambda entry, _status, _text: None if "asm_group_id" in entry else classification


def _always(classification: Classification) -> _Classify:
    return lambda _entry, _status, _text: classification


_CLASSIFICATIONS: Final[Mapping[str, _Classify]] = {
    "processed": _always(SENT),
    "delivered": _always(DELIVERED),
    "deferred": _deferred,
    "bounce": _bounce,
    "dropped": _dropped,
    "spamreport": _always(COMPLAINED),
    "unsubscribe": _always(OPTED_OUT),
    "group_unsubscribe": _of_everything(OPTED_OUT),
    "group_resubscribe": _of_everything(OPTED_IN),
}
"""All others (open, click, account_status_change, new ones) are left out."""
