"""Sinch SMS: delivery reports of texts, and STOP and START as people text them.

Source: developers.sinch.com/docs/sms/api-reference/sms/delivery-reports/delivery-report-error-codes (codes),
developers.sinch.com/docs/sms/api-reference/sms/tag/Delivery-reports (statuses, posts) and the official SDK
sinch/sinch-sdk-python (signature). One JSON object a post: a report of one recipient, or of a batch, which
names its recipients in the mode ``full`` only. Codes below 400 are SMPP's, as the carriers give them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from reachable.model.delivery_event import Channel
from reachable.model.errors import BadSignature
from reachable.providers import _addresses, _signatures, _tags, _words
from reachable.providers._classifications import (
    AWAY,
    BLOCKED,
    BROKEN,
    CONTENT,
    DELIVERED,
    GONE,
    INCAPABLE,
    INVALID,
    MAYBE_INVALID,
    OUR_SETUP,
    OURS,
    REFUSED,
    SENT,
    UNREACHABLE,
    Classification,
    event_of,
    row_of,
)
from reachable.providers._reading import Finding, Record, json_record
from reachable.providers._times import iso
from reachable.providers._webhook import Secrets, WebhookRequest

STATUSES: Final[Mapping[str, Classification]] = {
    "queued": SENT,
    "dispatched": SENT,
    "delivered": DELIVERED,
    "failed": REFUSED,
    "aborted": OURS,
    "rejected": BLOCKED,
    "deleted": REFUSED,  # no such number, or opted out: Sinch does not tell which
    "expired": UNREACHABLE,
    "unknown": SENT,  # no receipt came in time
}
"""By status, in any case: posts and the SDK differ. Cancelled, our own doing, tells nothing."""

BY_CODE: Final = frozenset({"failed", "aborted"})
CODES: Final[Mapping[str, Classification]] = {
    "1": INVALID,  # unknown subscriber
    "5": AWAY,  # absent subscriber
    "9": GONE,  # illegal subscriber
    "11": INCAPABLE,  # has no texts
    "13": BLOCKED,  # barred
    "27": AWAY,  # absent subscriber
    "400": SENT,
    "401": SENT,
    "402": MAYBE_INVALID,  # no route; again gives the same
    "403": BROKEN,  # internal error
    "404": AWAY,  # temporary
    "405": CONTENT,  # a parameter without a value
    "406": BROKEN,  # expired within Sinch
    "408": OURS,  # rejected within Sinch
    "410": OUR_SETUP,  # no default originator
    "411": CONTENT,  # too many parts
    "412": OUR_SETUP,  # region not provisioned
    "413": OUR_SETUP,  # account blocked, or no credit
    "414": CONTENT,  # of an MMS: its media
    "415": BLOCKED,  # of an MMS: refused by gateway or carrier
    "416": INCAPABLE,  # of an MMS: not supported there
    "417": AWAY,  # of an MMS: carrier or person out of reach
    "418": CONTENT,  # of an MMS: the handset does not know the content
}
"""By code, where the status leaves it to the code; any other code says no more than the status."""
CANCELLED: Final = "407"

WINDOW: Final = timedelta(minutes=5)
_ALGORITHM: Final = "hmacsha256"
_SIGNATURE: Final = "x-sinch-webhook-signature"


def verify(request: WebhookRequest, secrets: Secrets, now: datetime) -> None:
    """HMAC-SHA256 over raw body, nonce and timestamp; where Sinch signs nothing, basic auth or our header."""
    if _SIGNATURE not in request.headers:
        _signatures.basic_auth_or_secret_header(request, secrets)
        return
    given = _signatures.header(request, _SIGNATURE)
    nonce = _signatures.header(request, f"{_SIGNATURE}-nonce")
    timestamp = _signatures.header(request, f"{_SIGNATURE}-timestamp")
    if request.headers.get(f"{_SIGNATURE}-algorithm", _ALGORITHM).lower() != _ALGORITHM:
        raise BadSignature("Another algorithm.")
    _signatures.fresh(timestamp, now, WINDOW)
    signed = request.body + f".{nonce}.{timestamp}".encode("utf-8", "surrogatepass")
    _signatures.any_secret(
        secrets, lambda secret: _signatures.same(_signatures.hmac_base64("sha256", secret, signed), given)
    )


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Finding]:
    """One event for each recipient that is named."""
    report = json_record(body)
    match report.text("type").lower():
        case "recipient_delivery_report_sms" | "recipient_delivery_report_mms":
            return [_of_recipient(report)]
        case "delivery_report_sms" | "delivery_report_mms":
            return _of_batch(report)
        case "mo_text":
            return [_inbound(report)]
        case _:
            return []  # among them mo_binary and mo_media, which bring no words


def _of_recipient(report: Record) -> Finding:
    """The carrier's own time is nearer to what happened than Sinch's."""
    at = report.maybe_time("operator_status_at", iso) or report.maybe_time("at", iso)
    return _event(report, report, report.maybe_text("recipient"), at)


def _of_batch(report: Record) -> Iterator[Finding]:
    """It tells no time, and names nobody in the mode ``summary``."""
    return report.entries("statuses").each(
        lambda told: told.maybe_entries("recipients").each_text(
            lambda recipient: [_event(report, told, recipient, None)]
        )
    )


def _event(report: Record, told: Record, recipient: str | None, at: datetime | None) -> Finding:
    batch_id = report.maybe_text("batch_id")
    word, code = told.text("status"), told.maybe_code("code")
    status = word.lower()
    address = _addresses.phone(recipient)
    if code == CANCELLED:
        return None
    classification = STATUSES.get(status)
    if classification is not None and status in BY_CODE:
        classification = row_of(CODES, code, classification)
    return event_of(
        "sinch",
        Channel.SMS,
        classification,
        address,
        occurred_at=at,
        provider_message_id=batch_id,
        event_id=f"{batch_id}:{address}:{status}:{code or ''}"
        if batch_id
        else report.id_of(None, report.maybe_text("at"), status, address),
        provider_code=code or word,
        diagnostic=word,
        metadata=_tags.of_message_id(report.maybe_text("client_reference")),
    )


def _inbound(report: Record) -> Finding:
    sender = report.maybe_text("from")
    return _words.inbound(
        "sinch",
        report.maybe_text("body"),
        sender,
        occurred_at=report.maybe_time("received_at", iso),
        event_id=report.maybe_text("id") or report.id_of(None, report.maybe_text("received_at"), sender),
    )
