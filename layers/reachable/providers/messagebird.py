"""MessageBird (Bird): status reports of texts, and STOP and START as people text them.

Source: docs.bird.com/connectivity-platform/troubleshooting/i-am-missing-my-delivery-reports (reports),
docs.bird.com/api/channels-api/message-status-and-interactions/message-failure-sources/
sms-platform-extended-error-codes (codes and reasons) and the official SDK messagebird/python-rest-api,
messagebird/request_validator.py (signature). One event a call, by GET: its query is the report. This is the
classic SMS API; Bird's newer webhooks (``messagebird-signature``) are another dialect.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.errors import BadSignature
from reachable.providers import _addresses, _signatures, _tags, _words
from reachable.providers._codes import Verdict
from reachable.providers._reading import Outcome, Record, form_or_json
from reachable.providers._times import iso
from reachable.providers._webhook import Answer, Secrets, WebhookRequest

METHODS: Final = frozenset({"GET", "POST"})
"""Reports come by GET; inbound texts as they are set."""

_PERMANENT: Final = Permanence.PERMANENT
_TRANSIENT: Final = Permanence.TRANSIENT
_UNDETERMINED: Final = Permanence.UNDETERMINED

_SENT: Final = Verdict(Kind.SENT)
_INVALID: Final = Verdict(Kind.BOUNCED, _PERMANENT, Cause.INVALID_ADDRESS)
_AWAY: Final = Verdict(Kind.BOUNCED, _TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
_BLOCKED: Final = Verdict(Kind.BOUNCED, _UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)
_INCAPABLE: Final = Verdict(Kind.BOUNCED, _PERMANENT, Cause.LANDLINE_OR_INCAPABLE)
_UNREACHABLE: Final = Verdict(Kind.FAILED, _TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
_FILTERED: Final = Verdict(Kind.FAILED, _TRANSIENT, Cause.CARRIER_BLOCKED_OR_SPAM)
_OURS: Final = Verdict(Kind.REJECTED, _TRANSIENT, Cause.ACCOUNT_OR_QUOTA)
_OURS_FOR_NOW: Final = Verdict(Kind.FAILED, _TRANSIENT, Cause.ACCOUNT_OR_QUOTA)
_UNKNOWN: Final = Verdict(Kind.FAILED, _UNDETERMINED, Cause.UNKNOWN)

STATUSES: Final[Mapping[str, Verdict]] = {
    "buffered": Verdict(Kind.DELAYED),
    "sent": _SENT,
    "delivered": Verdict(Kind.DELIVERED),
    "expired": _UNREACHABLE,
    "delivery_failed": _UNKNOWN,
}
"""By status. Scheduled and others tell nothing."""
UNDELIVERED: Final = frozenset({"expired", "delivery_failed"})

EXPIRED: Final[Mapping[str, Verdict]] = {
    "dlr not received": _SENT,  # no receipt came in time
    "expired": _OURS_FOR_NOW,  # before it went to any carrier
}
"""By reason of an expired text."""

_ACCOUNT: Final = range(200, 300)
ERRORS: Final[Mapping[str, Verdict]] = {str(code): _OURS for code in _ACCOUNT} | {
    "1": _INVALID,  # unknown subscriber
    "5": _UNREACHABLE,  # unidentified subscriber
    "6": _AWAY,  # absent subscriber
    "8": _AWAY,  # roaming not allowed
    "9": _BLOCKED,  # illegal subscriber
    "10": _INCAPABLE,  # bearer service not provisioned
    "11": _INCAPABLE,  # teleservice not provisioned: has no texts
    "12": _BLOCKED,  # illegal equipment
    "13": _BLOCKED,  # barred
    "26": _AWAY,  # handover between cells
    "27": _AWAY,  # absent subscriber
    "31": _AWAY,  # handset busy
    "34": _UNREACHABLE,  # system failure in the network
    "103": _words.OPTED_OUT,
    "104": _FILTERED,
    "105": _FILTERED,
    "106": _FILTERED,
    "255": _AWAY,
}
"""By error code of a failed text: below 100 SS7's, as the carriers give them."""

REASONS: Final[Mapping[str, Verdict]] = {
    "unknown subscriber": _INVALID,
    "unavailable subscriber": _AWAY,
    "unavailable network": _UNREACHABLE,
    "received network error": _UNREACHABLE,
    "illegal subscriber": _BLOCKED,
    "barred subscriber": _BLOCKED,
    "teleservice not provisioned": _INCAPABLE,
    "opted out": _words.OPTED_OUT,
    "carrier rejected": _FILTERED,
    "generic delivery failure": _FILTERED,
    "insufficient balance": _OURS,
    "sender not registered": _OURS,
    "campaign not registered": _OURS,
}
"""By reason, where no code tells: many reports have none."""

WINDOW: Final = timedelta(minutes=5)
LEEWAY: Final = timedelta(seconds=1)
"""A token counts for the minute that it tells itself, give or take a second; for WINDOW at the longest."""


def verify(request: WebhookRequest, secrets: Secrets, now: datetime) -> None:
    """A JWT over the whole URL and, where there is one, the body; a secret is a signing key."""
    claims = _signatures.jwt_claims(
        _signatures.header(request, "messagebird-signature-jwt"),
        secrets,
        now,
        issuer="MessageBird",
        required=("nbf", "exp"),
        window=WINDOW,
        leeway=LEEWAY,
    )
    _signatures.hashed(claims, "url_hash", request.url.encode("utf-8", "surrogatepass"))
    if request.body:
        _signatures.hashed(claims, "payload_hash", request.body)
    elif claims.get("payload_hash") is not None:
        raise BadSignature("The body is missing.")


def answer(_request: WebhookRequest) -> Answer:
    """The word that MessageBird waits for."""
    return Answer(body="OK")


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Outcome]:
    """At most one event."""
    record = form_or_json(body)
    return [_inbound(record) if "status" not in record and "originator" in record else _report(record)]


def _report(record: Record) -> DeliveryEvent | None:
    status = record.text("status").lower()
    code, reason = record.maybe_text("statusErrorCode"), record.maybe_text("statusReason")
    verdict = _verdict(status, code, reason)
    address = _addresses.phone(record.maybe_text("recipient"))
    if verdict is None or address is None:
        return None
    message_id, at = record.text("id"), record.maybe_text("statusDatetime") or ""
    why = (code or reason) if status in UNDELIVERED else None
    return DeliveryEvent(
        provider="messagebird",
        channel=Channel.SMS,
        kind=verdict.kind,
        permanence=verdict.permanence,
        cause=verdict.cause,
        address=address,
        occurred_at=record.maybe_time("statusDatetime", iso),
        provider_message_id=message_id,
        event_id=f"{message_id}:{address}:{status}:{at}",
        provider_code=why or status,
        diagnostic=reason,
        metadata=_tags.of_message_id(record.maybe_text("reference")),
    )


def _verdict(status: str, code: str | None, reason: str | None) -> Verdict | None:
    words = (reason or "").lower().replace("_", " ")
    told = None
    if status == "expired":
        told = EXPIRED.get(words)
    elif status == "delivery_failed":
        told = ERRORS.get(code or "") or REASONS.get(words)
    return told or STATUSES.get(status)


def _inbound(record: Record) -> DeliveryEvent | None:
    """Who wrote is the person: ``recipient`` is our own number. A flow names the text ``payload``."""
    verdict = _words.wish(record.maybe_text("body") or record.maybe_text("payload"))
    address = _addresses.phone(record.maybe_text("originator"))
    if verdict is None or address is None:
        return None
    return DeliveryEvent(
        provider="messagebird",
        channel=Channel.SMS,
        kind=verdict.kind,
        cause=verdict.cause,
        address=address,
        occurred_at=record.maybe_time("createdDatetime", iso),
        event_id=record.text("id"),
    )
