"""Sinch's signature, and the words and codes that no sample shows."""

import base64
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reachable import providers
from reachable.model.delivery_event import Cause, DeliveryEvent, Kind, Permanence
from reachable.model.errors import ParseError
from reachable.providers import WebhookRequest
from tests.unit.providers import samples
from tests.unit.providers.rows import rows
from tests.unit.providers.samples import NOW, flipped, key, sample

SECRET = "hush"
SIGNATURE = "x-sinch-webhook-signature"
NONCE = f"{SIGNATURE}-nonce"
TIMESTAMP = f"{SIGNATURE}-timestamp"
ALGORITHM = f"{SIGNATURE}-algorithm"
AT = int(NOW.timestamp())


def believed(request: WebhookRequest, *secrets: str, seconds: int = 0) -> bool:
    now = NOW + timedelta(seconds=seconds)
    return samples.believed("sinch", request, *secrets, default=SECRET, now=now)


def signed(body: bytes = b"{}", timestamp: str = str(AT), nonce: str = "n-1") -> WebhookRequest:
    digest = hmac.digest(SECRET.encode(), body + f".{nonce}.{timestamp}".encode(), "sha256")
    headers = {
        "X-Sinch-Webhook-Signature": base64.b64encode(digest).decode(),
        "X-Sinch-Webhook-Signature-Nonce": nonce,
        "X-Sinch-Webhook-Signature-Timestamp": timestamp,
        "X-Sinch-Webhook-Signature-Algorithm": "HmacSHA256",
    }
    return WebhookRequest(url="https://hooks.example.com/webhooks/sinch", headers=headers, body=body)


def with_header(request: WebhookRequest, name: str, value: str) -> WebhookRequest:
    return replace(request, headers={**request.headers, name: value})


def test_one_bit_flipped_in_header_body_time_or_key_is_a_bad_signature() -> None:
    request, secret = sample("sinch", "batch-full").request, key("sinch")
    assert believed(request, secret)
    for name in (SIGNATURE, NONCE, TIMESTAMP, ALGORITHM):
        for place in range(len(request.headers[name])):
            assert not believed(with_header(request, name, flipped(request.headers[name], place)), secret)
    for place in range(len(request.body)):
        body = bytearray(request.body)
        body[place] ^= 1
        assert not believed(replace(request, body=bytes(body)), secret)
    for place in range(len(secret)):
        assert not believed(request, flipped(secret, place))


def test_the_raw_bytes_are_signed() -> None:
    assert believed(signed(b'{ "type":\t"x\xff" }'))


@pytest.mark.parametrize(
    ("seconds", "right"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)]
)
def test_a_post_counts_within_five_minutes(seconds: int, right: bool) -> None:
    assert believed(signed(), seconds=seconds) is right


def test_a_signed_text_that_is_no_time_is_a_bad_signature() -> None:
    for timestamp in ("", "soon", "9" * 40):
        assert not believed(signed(timestamp=timestamp))


def test_two_secrets_count_at_once() -> None:
    request = sample("sinch", "recipient-delivered").request
    assert believed(request, SECRET, key("sinch"))
    assert believed(request, key("sinch"), SECRET)
    assert not believed(request, SECRET)


@pytest.mark.parametrize("name", [SIGNATURE, NONCE, TIMESTAMP])
@pytest.mark.parametrize("value", ["", "no base64!", "ünïcode", "\ud800"])
def test_a_malformed_header_is_a_bad_signature(name: str, value: str) -> None:
    assert not believed(with_header(signed(), name, value))


def test_the_algorithm_is_ours_to_choose() -> None:
    assert believed(with_header(signed(), ALGORITHM, "HMACSHA256"))
    assert not believed(with_header(signed(), ALGORITHM, "none"))
    without = {name: value for name, value in signed().headers.items() if name != ALGORITHM}
    assert believed(replace(signed(), headers=without))


@pytest.mark.parametrize(
    ("headers", "right"),
    [
        ({"authorization": "Basic " + base64.b64encode(b"user:pass").decode()}, True),
        ({"authorization": "Basic " + base64.b64encode(b"user:past").decode()}, False),
        ({"x-hook": "hush"}, True),
        ({"x-hook": "hush!"}, False),
        ({}, False),
        ({"authorization": "Basic " + base64.b64encode(b"user:pass").decode(), SIGNATURE: "x"}, False),
    ],
)
def test_where_sinch_signs_nothing_basic_auth_or_a_header_of_ours_counts(
    headers: dict[str, str], right: bool
) -> None:
    request = WebhookRequest(url="https://hooks.example.com/webhooks/sinch", headers=headers)
    assert believed(request, "user:pass", "X-Hook: hush") is right


def read(body: dict[str, Any]) -> providers.Reading:
    return providers.read("sinch", json.dumps(body).encode(), {})


def one(body: dict[str, Any]) -> DeliveryEvent | None:
    reading = read(body)
    assert reading.error is None
    assert bool(reading.events) != bool(reading.skipped)
    return reading.events[0] if reading.events else None


def report(status: str, code: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "type": "recipient_delivery_report_sms",
        "batch_id": "b-1",
        "recipient": "12025550123",
        "status": status,
        "code": code,
        "at": "2026-09-14T08:30:05.210Z",
    } | more


def told(event: DeliveryEvent | None) -> tuple[Kind, Permanence | None, Cause | None] | None:
    return (event.kind, event.permanence, event.cause) if event else None


@pytest.mark.parametrize("code", sorted(rows("sinch", "CODES")))
@pytest.mark.parametrize("status", ["Failed", "ABORTED"])
def test_every_code_gives_its_classification_as_number_and_as_text(code: str, status: str) -> None:
    classification = rows("sinch", "CODES")[code]
    for written in (code, int(code)):
        event = one(report(status, written))
        assert told(event) == (classification.kind, classification.permanence, classification.cause)
        assert event is not None
        assert (event.provider_code, event.diagnostic) == (code, status)


UNKNOWN = (Kind.BOUNCED, Permanence.UNDETERMINED, Cause.UNKNOWN)
OURS = (Kind.REJECTED, Permanence.UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        ("Failed", 399, UNKNOWN),
        ("Failed", None, UNKNOWN),
        ("Aborted", 499, OURS),
        ("Aborted", None, OURS),
        ("Rejected", 1, (Kind.BOUNCED, Permanence.UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        ("Deleted", 1, UNKNOWN),
        ("Expired", 27, (Kind.FAILED, Permanence.TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)),
        ("Unknown", 0, (Kind.SENT, None, None)),
        ("Queued", 400, (Kind.SENT, None, None)),
        ("DISPATCHED", 401, (Kind.SENT, None, None)),
        ("DELIVERED", 0, (Kind.DELIVERED, None, None)),
        ("Cancelled", 407, None),
        ("Cancelled", None, None),
        ("Aborted", 407, None),
        ("SomethingNew", 402, None),
    ],
)
def test_a_status_leaves_it_to_the_code_or_does_not(
    status: str, code: int | None, expected: tuple[Kind, Permanence | None, Cause | None] | None
) -> None:
    assert told(one(report(status, code))) == expected


@pytest.mark.parametrize("type_", ["recipient_delivery_report_mms", "RECIPIENT_DELIVERY_REPORT_SMS"])
def test_a_report_of_a_picture_message_counts_too(type_: str) -> None:
    assert told(one(report("Delivered", 0, type=type_))) == (Kind.DELIVERED, None, None)


def test_the_carriers_time_comes_before_sinchs() -> None:
    late, early = (
        one(report("Delivered", 0, operator_status_at=at)) for at in (None, "2026-09-14T08:30:04Z")
    )
    assert late is not None
    assert early is not None
    assert late.occurred_at is not None
    assert early.occurred_at is not None
    assert late.occurred_at > early.occurred_at
    assert late.event_id == early.event_id


def batch(*statuses: Any, type_: str = "delivery_report_sms") -> dict[str, Any]:
    return {"type": type_, "batch_id": "b-1", "client_reference": "our-id", "statuses": list(statuses)}


def test_a_batch_names_each_recipient_with_a_plus_or_without() -> None:
    reading = read(
        batch(
            {"code": 0, "status": "Delivered", "recipients": ["12025550123", "+12025550187", "24273"]},
            {"code": 5, "status": "Failed", "recipients": ["12025550188"]},
            {"code": 401, "status": "Dispatched", "count": 7},
        )
    )
    assert [(event.address, event.kind) for event in reading.events] == [
        ("+12025550123", Kind.DELIVERED),
        ("+12025550187", Kind.DELIVERED),
        ("+12025550188", Kind.BOUNCED),
    ]
    assert len({event.event_id for event in reading.events}) == 3
    assert {event.occurred_at for event in reading.events} == {None}
    assert {event.metadata["reachable_id"] for event in reading.events} == {"our-id"}
    assert reading.skipped == 2
    assert reading.error is None


def test_a_batch_of_picture_messages_counts_too() -> None:
    delivered = {"code": 0, "status": "Delivered", "recipients": ["12025550123"]}
    assert told(one(batch(delivered, type_="delivery_report_mms"))) == (Kind.DELIVERED, None, None)


def test_a_batch_and_a_recipients_own_report_tell_of_one_event() -> None:
    of_batch = one(batch({"code": 0, "status": "Delivered", "recipients": ["12025550123"]}))
    of_recipient = one(report("DELIVERED", 0, recipient="+12025550123"))
    assert of_batch is not None
    assert of_recipient is not None
    assert of_batch.event_id == of_recipient.event_id


def test_a_bad_entry_of_a_batch_costs_itself_alone() -> None:
    body = batch(
        {"code": 0, "recipients": ["12025550123"]},
        {"code": 0, "status": "Delivered", "recipients": [7, "12025550187"]},
    )
    with pytest.raises(ParseError) as caught:
        providers.parse("sinch", json.dumps(body).encode(), {})
    assert caught.value.where == "statuses[0].status"
    assert [event.address for event in caught.value.events] == ["+12025550187"]


@pytest.mark.parametrize(
    ("type_", "body", "sender", "kind"),
    [
        ("mo_text", "Stop", "12025550123", Kind.OPTED_OUT),
        ("mo_text", "Start", "+12025550123", Kind.OPTED_IN),
        ("mo_text", "Thank you", "12025550123", None),
        ("mo_text", "Stop", "24273", None),
        ("mo_binary", "STOP", "12025550123", None),  # base64
        ("mo_media", {"message": "Hello"}, "12025550123", None),
        ("something_new", "Stop", "12025550123", None),
    ],
)
def test_what_a_person_texts(type_: str, body: Any, sender: str, kind: Kind | None) -> None:
    event = one(
        {"type": type_, "id": "in-1", "from": sender, "body": body, "received_at": "2026-09-14T08:30:04Z"}
    )
    assert (event and event.kind) == kind
    if event is not None:
        assert (event.address, event.event_id) == ("+12025550123", "in-1")
        assert event.provider_message_id is None
        assert event.occurred_at is not None
