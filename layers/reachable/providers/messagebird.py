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

from reachable.model.delivery_event import Channel
from reachable.model.errors import BadSignature
from reachable.providers import _addresses, _signatures, _tags, _words
from reachable.providers._classifications import (
    AWAY,
    BLOCKED,
    BROKEN,
    DELAYED,
    DELIVERED,
    FILTERED,
    INCAPABLE,
    INVALID,
    OPTED_OUT,
    OUR_QUOTA,
    OUR_SETUP,
    SENT,
    UNKNOWN,
    UNLISTED,
    UNREACHABLE,
    Classification,
    event_of,
)
from reachable.providers._reading import Finding, Record, form_or_json
from reachable.providers._times import compact, iso
from reachable.providers._webhook import Answer, Secrets, WebhookRequest

METHODS: Final = frozenset({"GET", "POST"})
"""Reports come by GET; inbound texts as they are set."""


STATUSES: Final[Mapping[str, Classification]] = {
    "buffered": DELAYED,
    "sent": SENT,
    "delivered": DELIVERED,
    "expired": UNREACHABLE,
    "delivery_failed": UNKNOWN,
}
"""By status. Scheduled and others tell nothing."""
UNDELIVERED: Final = frozenset({"expired", "delivery_failed"})

EXPIRED: Final[Mapping[str, Classification]] = {
    "dlr not received": SENT,  # no receipt came in time
    "expired": BROKEN,  # before it went to any carrier
}
"""By reason of an expired text."""

_ACCOUNT: Final = range(200, 300)
ERRORS: Final[Mapping[str, Classification]] = {str(code): OUR_QUOTA for code in _ACCOUNT} | {
    "1": INVALID,  # unknown subscriber
    "5": UNREACHABLE,  # unidentified subscriber
    "6": AWAY,  # absent subscriber
    "8": AWAY,  # roaming not allowed
    "9": BLOCKED,  # illegal subscriber
    "10": INCAPABLE,  # bearer service not provisioned
    "11": INCAPABLE,  # teleservice not provisioned: has no texts
    "12": BLOCKED,  # illegal equipment
    "13": BLOCKED,  # barred
    "26": AWAY,  # handover between cells
    "27": AWAY,  # absent subscriber
    "31": AWAY,  # handset busy
    "34": UNREACHABLE,  # system failure in the network
    "103": OPTED_OUT,
    "104": OUR_SETUP,  # sender not registered
    "105": FILTERED,
    "106": FILTERED,
    "255": AWAY,
}
"""By error code of a failed text: below 100 SS7's, as the carriers give them."""

REASONS: Final[Mapping[str, Classification]] = {
    "unknown subscriber": INVALID,
    "unavailable subscriber": AWAY,
    "unavailable network": UNREACHABLE,
    "received network error": UNREACHABLE,
    "illegal subscriber": BLOCKED,
    "barred subscriber": BLOCKED,
    "teleservice not provisioned": INCAPABLE,
    "opted out": OPTED_OUT,
    "carrier rejected": FILTERED,
    "generic delivery failure": FILTERED,
    "insufficient balance": OUR_QUOTA,
    "sender not registered": OUR_QUOTA,
    "campaign not registered": OUR_QUOTA,
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
        algorithms=("HS256", "HS384", "HS512"),
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


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Finding]:
    """At most one event."""
    record = form_or_json(body)
    return [_inbound(record) if "status" not in record and "originator" in record else _report(record)]


def _report(record: Record) -> Finding:
    status = record.text("status").lower()
    code, reason = record.maybe_code("statusErrorCode"), record.maybe_text("statusReason")
    classification = _classification(status, code, reason)
    address = _addresses.phone(record.maybe_text("recipient"))
    message_id, at = record.maybe_text("id"), record.maybe_text("statusDatetime")
    why = (code or reason) if status in UNDELIVERED else None
    return event_of(
        "messagebird",
        Channel.SMS,
        classification,
        address,
        occurred_at=record.maybe_time("statusDatetime", iso),
        provider_message_id=message_id,
        event_id=record.id_of(message_id, at, status, address),
        provider_code=why or status,
        diagnostic=reason,
        metadata=_tags.of_message_id(record.maybe_text("reference")),
    )


def _classification(status: str, code: str | None, reason: str | None) -> Classification | None:
    words = (reason or "").lower().replace("_", " ")
    told = None
    if status == "expired":
        told = EXPIRED.get(words)
    elif status == "delivery_failed":
        told = ERRORS.get(code or "") or REASONS.get(words)
        if told is None and (code or words):
            return UNLISTED
    return told or STATUSES.get(status)


def _inbound(record: Record) -> Finding:
    """``recipient`` is our own number here. A flow names the text ``payload``; a short code all else."""
    sender = record.maybe_text("originator")
    received_at = record.maybe_text("createdDatetime") or record.maybe_text("receive_datetime")
    return _words.inbound(
        "messagebird",
        record.maybe_text("body") or record.maybe_text("payload") or record.maybe_text("message"),
        sender,
        occurred_at=record.maybe_time("createdDatetime", iso)
        or record.maybe_time("receive_datetime", compact),
        event_id=record.maybe_text("id")
        or record.maybe_text("mid")
        or record.id_of(None, received_at, sender),
    )
