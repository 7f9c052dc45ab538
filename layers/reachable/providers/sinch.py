"""Sinch SMS: delivery reports of texts, and STOP and START as people text them.

Source: developers.sinch.com/docs/sms/api-reference/sms/delivery-reports/delivery-report-error-codes (codes),
developers.sinch.com/docs/sms/api-reference/sms/tag/Delivery-reports (statuses, posts) and the official SDK
sinch/sinch-sdk-python (signature). One JSON object a post: a report of one recipient, or of a batch, which
names its recipients in the mode ``full`` only. Codes below 400 are SMPP's, as the carriers give them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.errors import BadSignature
from reachable.providers import _addresses, _signatures, _tags, _words
from reachable.providers._codes import Verdict
from reachable.providers._reading import Outcome, Record, json_record
from reachable.providers._times import iso
from reachable.providers._webhook import Secrets, WebhookRequest

_PERMANENT: Final = Permanence.PERMANENT
_TRANSIENT: Final = Permanence.TRANSIENT
_UNDETERMINED: Final = Permanence.UNDETERMINED

_SENT: Final = Verdict(Kind.SENT)
_REFUSED: Final = Verdict(Kind.BOUNCED, _UNDETERMINED, Cause.UNKNOWN)
_BLOCKED: Final = Verdict(Kind.BOUNCED, _UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)
_AWAY: Final = Verdict(Kind.BOUNCED, _TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
_CONTENT: Final = Verdict(Kind.FAILED, _PERMANENT, Cause.CONTENT_OR_SIZE)
_OURS: Final = Verdict(Kind.REJECTED, _UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)
_OUR_SETUP: Final = Verdict(Kind.REJECTED, _PERMANENT, Cause.ACCOUNT_OR_QUOTA)
_OURS_FOR_NOW: Final = Verdict(Kind.FAILED, _TRANSIENT, Cause.ACCOUNT_OR_QUOTA)
_UNKNOWN: Final = Verdict(Kind.FAILED, _UNDETERMINED, Cause.UNKNOWN)

STATUSES: Final[Mapping[str, Verdict]] = {
    "queued": _SENT,
    "dispatched": _SENT,
    "delivered": Verdict(Kind.DELIVERED),
    "failed": _REFUSED,
    "aborted": _OURS,
    "rejected": _BLOCKED,
    "deleted": _REFUSED,  # no such number, or opted out: Sinch does not tell which
    "expired": Verdict(Kind.FAILED, _TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE),
    "unknown": _SENT,  # no receipt came in time
}
"""By status, in any case: posts and the SDK differ. Cancelled, our own doing, tells nothing."""

BY_CODE: Final = frozenset({"failed", "aborted"})
CODES: Final[Mapping[str, Verdict]] = {
    "1": Verdict(Kind.BOUNCED, _PERMANENT, Cause.INVALID_ADDRESS),  # unknown subscriber
    "5": _AWAY,  # absent subscriber
    "9": Verdict(Kind.BOUNCED, _PERMANENT, Cause.INACTIVE_OR_UNREACHABLE),  # illegal subscriber
    "11": Verdict(Kind.BOUNCED, _PERMANENT, Cause.LANDLINE_OR_INCAPABLE),  # has no texts
    "13": _BLOCKED,  # barred
    "27": _AWAY,  # absent subscriber
    "400": _SENT,
    "401": _SENT,
    "402": Verdict(Kind.BOUNCED, _UNDETERMINED, Cause.INVALID_ADDRESS),  # no route; again gives the same
    "403": _OURS_FOR_NOW,  # internal error
    "404": _AWAY,  # temporary
    "405": _CONTENT,  # a parameter without a value
    "406": _OURS_FOR_NOW,  # expired within Sinch
    "408": _OURS,  # rejected within Sinch
    "410": _OUR_SETUP,  # no default originator
    "411": _CONTENT,  # too many parts
    "412": _OUR_SETUP,  # region not provisioned
    "413": _OUR_SETUP,  # account blocked, or no credit
    "414": Verdict(Kind.BOUNCED, _UNDETERMINED, Cause.PROVIDER_SUPPRESSED),  # on a list, or opted out
    "415": _UNKNOWN,
    "416": _UNKNOWN,
    "417": _UNKNOWN,
    "418": _UNKNOWN,
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


def parse(body: bytes, _headers: Mapping[str, str], _query: Mapping[str, str]) -> Iterable[Outcome]:
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


def _of_recipient(report: Record) -> DeliveryEvent | None:
    """The carrier's own time is nearer to what happened than Sinch's."""
    at = report.maybe_time("operator_status_at", iso) or report.maybe_time("at", iso)
    return _event(report, report, report.maybe_text("recipient"), at)


def _of_batch(report: Record) -> Iterator[Outcome]:
    """It tells no time, and names nobody in the mode ``summary``."""
    return report.entries("statuses").each(
        lambda told: told.maybe_entries("recipients").each_text(
            lambda recipient: [_event(report, told, recipient, None)]
        )
    )


def _event(report: Record, told: Record, recipient: str | None, at: datetime | None) -> DeliveryEvent | None:
    batch_id = report.text("batch_id")
    word, code = told.text("status"), told.maybe_text("code")
    status = word.lower()
    address = _addresses.phone(recipient)
    verdict = CODES.get(code or "") if status in BY_CODE else None
    verdict = verdict or STATUSES.get(status)
    if verdict is None or address is None or code == CANCELLED:
        return None
    return DeliveryEvent(
        provider="sinch",
        channel=Channel.SMS,
        kind=verdict.kind,
        permanence=verdict.permanence,
        cause=verdict.cause,
        address=address,
        occurred_at=at,
        provider_message_id=batch_id,
        event_id=f"{batch_id}:{address}:{status}:{code or ''}",
        provider_code=code or word,
        diagnostic=word,
        metadata=_tags.of_message_id(report.maybe_text("client_reference")),
    )


def _inbound(report: Record) -> DeliveryEvent | None:
    """Who wrote is the person."""
    verdict = _words.wish(report.maybe_text("body"))
    address = _addresses.phone(report.maybe_text("from"))
    if verdict is None or address is None:
        return None
    return DeliveryEvent(
        provider="sinch",
        channel=Channel.SMS,
        kind=verdict.kind,
        cause=verdict.cause,
        address=address,
        occurred_at=report.maybe_time("received_at", iso),
        event_id=report.text("id"),
    )
