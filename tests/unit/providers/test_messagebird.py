"""MessageBird's signature, and the words, codes and reasons that no sample shows."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from reachable import providers
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.errors import ParseError
from reachable.providers import WebhookRequest
from tests.unit.providers import samples as recorded
from tests.unit.providers.rows import rows
from tests.unit.providers.samples import NOW, flipped, key, sample, samples

URL = "https://hooks.example.com/webhooks/messagebird"
HEADER = "messagebird-signature-jwt"
AT = int(NOW.timestamp())
KEY = "0123456789abcdef0123456789abcdef"


def believed(request: WebhookRequest, *keys: str, later: timedelta = timedelta()) -> bool:
    return recorded.believed("messagebird", request, *keys, default=KEY, now=NOW + later)


def sha256(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def call(
    url: str = URL, body: bytes = b"", *, algorithm: str = "HS256", drop: str = "", **claims: object
) -> WebhookRequest:
    told = {"iss": "MessageBird", "nbf": AT, "exp": AT + 60, "url_hash": sha256(url)}
    told |= {"payload_hash": sha256(body)} if body else {}
    kept = {name: value for name, value in (told | claims).items() if name != drop}
    return WebhookRequest(
        method="POST" if body else "GET",
        url=url,
        query=url.partition("?")[2],
        body=body,
        headers={HEADER: jwt.encode(kept, KEY * 2 if algorithm != "HS256" else KEY, algorithm)},
    )


def test_one_bit_flipped_in_url_token_or_key_is_a_bad_signature() -> None:
    """The query of the URL is the report."""
    request, secret = sample("messagebird", "failed-opted-out").request, key("messagebird")
    token = request.headers[HEADER]
    assert believed(request, secret)
    for place in range(len(request.url)):
        assert not believed(replace(request, url=flipped(request.url, place)), secret)
    for place in range(len(token)):
        assert not believed(replace(request, headers={HEADER: flipped(token, place)}), secret)
    for place in range(len(secret)):
        assert not believed(request, flipped(secret, place))


def test_the_order_of_the_query_counts() -> None:
    request = call(f"{URL}?a=1&b=2")
    assert believed(request)
    assert not believed(replace(request, url=f"{URL}?b=2&a=1"))


def test_one_bit_flipped_in_a_body_is_a_bad_signature() -> None:
    request = call(body=b'{"body": "STOP"}')
    assert believed(request)
    for place in range(len(request.body)):
        body = bytearray(request.body)
        body[place] ^= 1
        assert not believed(replace(request, body=bytes(body)))


def test_a_body_and_its_hash_come_together_or_not_at_all() -> None:
    assert not believed(replace(call(), body=b"added"))
    assert not believed(replace(call(body=b"taken away"), body=b""))
    assert not believed(call(payload_hash=sha256(b"")))
    assert not believed(call(body=b"x", payload_hash=1))
    assert not believed(call(body=b"x", drop="payload_hash"))


def test_two_keys_count_at_once() -> None:
    request = sample("messagebird", "delivered").request
    assert believed(request, KEY, key("messagebird"))
    assert believed(request, key("messagebird"), KEY)
    assert not believed(request, KEY)


@pytest.mark.parametrize(
    ("seconds", "right"), [(-2, False), (-1, True), (0, True), (59, True), (60, True), (61, False)]
)
def test_a_token_counts_for_its_minute_give_or_take_a_second(seconds: int, right: bool) -> None:
    assert believed(call(), later=timedelta(seconds=seconds)) is right


@pytest.mark.parametrize(
    ("claims", "right"),
    [
        ({}, True),
        ({"exp": AT + 10**6}, True),
        ({"nbf": AT - 300, "exp": AT + 10**6}, True),
        ({"nbf": AT - 301, "exp": AT + 10**6}, False),
        ({"iat": AT - 301}, False),
        ({"iss": "Someone"}, False),
        ({"url_hash": sha256(f"{URL}/")}, False),
        ({"url_hash": None}, False),
        ({"drop": "url_hash"}, False),
        ({"drop": "nbf"}, False),
        ({"drop": "exp"}, False),
        ({"drop": "iss"}, False),
    ],
)
def test_every_claim_must_be_right(claims: dict[str, Any], right: bool) -> None:
    assert believed(call(**claims)) is right


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_the_longer_algorithms_of_messagebird_are_believed_too(algorithm: str) -> None:
    assert believed(call(algorithm=algorithm), KEY * 2)
    assert not believed(call(algorithm=algorithm), KEY)


@pytest.mark.parametrize("header", ["", "a.b.c", "Bearer", "ünïcode", "\ud800"])
def test_a_malformed_header_is_a_bad_signature(header: str) -> None:
    assert not believed(replace(call(), headers={HEADER: header}))


def test_every_sample_is_signed_for_a_minute() -> None:
    assert all(believed(one.request, key("messagebird")) for one in samples("messagebird"))
    late = timedelta(minutes=2)
    assert not any(believed(one.request, key("messagebird"), later=late) for one in samples("messagebird"))


def test_a_report_by_get_is_taken_and_answered_with_ok() -> None:
    request = sample("messagebird", "delivered").request
    assert request.method == "GET"
    assert providers.probe("messagebird", request) is None
    assert (
        providers.answer("messagebird", request).status,
        providers.answer("messagebird", request).body,
    ) == (
        200,
        "OK",
    )


def one(fields: Mapping[str, Any]) -> DeliveryEvent | None:
    """The same whether it comes as a query, a form or JSON."""
    as_json = providers.read("messagebird", json.dumps(fields).encode(), {})
    told = {name: str(value) for name, value in fields.items() if value is not None}
    assert providers.read("messagebird", urlencode(told).encode(), {}, told) == as_json
    assert as_json.error is None
    assert bool(as_json.events) != bool(as_json.skipped)
    return as_json.events[0] if as_json.events else None


def report(status: str, code: Any = None, reason: str | None = None, **more: Any) -> DeliveryEvent | None:
    fields = {"id": "m-1", "recipient": 12025550123, "status": status, "statusReason": reason}
    at = "2026-09-14T08:30:04+00:00"
    return one(fields | {"statusErrorCode": code, "statusDatetime": at, "reference": "our-id"} | more)


def told(event: DeliveryEvent | None) -> tuple[Kind, Permanence | None, Cause | None] | None:
    return (event.kind, event.permanence, event.cause) if event else None


UNKNOWN = (Kind.FAILED, Permanence.UNDETERMINED, Cause.UNKNOWN)
INVALID = (Kind.BOUNCED, Permanence.PERMANENT, Cause.INVALID_ADDRESS)
AWAY = (Kind.BOUNCED, Permanence.TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
UNREACHABLE = (Kind.FAILED, Permanence.TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
BLOCKED = (Kind.BOUNCED, Permanence.UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)
FILTERED = (Kind.FAILED, Permanence.TRANSIENT, Cause.CARRIER_BLOCKED_OR_SPAM)
OURS = (Kind.REJECTED, Permanence.TRANSIENT, Cause.ACCOUNT_OR_QUOTA)
OPTED_OUT = (Kind.OPTED_OUT, None, Cause.OPT_OUT)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("scheduled", None),
        ("buffered", (Kind.DELAYED, None, None)),
        ("sent", (Kind.SENT, None, None)),
        ("Delivered", (Kind.DELIVERED, None, None)),
        ("expired", UNREACHABLE),
        ("delivery_failed", UNKNOWN),
        ("something_new", None),
    ],
)
def test_a_status_gives_its_kind(
    status: str, expected: tuple[Kind, Permanence | None, Cause | None] | None
) -> None:
    assert told(report(status)) == expected


@pytest.mark.parametrize("code", sorted(rows("messagebird", "ERRORS")))
def test_every_code_gives_its_classification_whatever_the_reason(code: str) -> None:
    classification = rows("messagebird", "ERRORS")[code]
    event = report("delivery_failed", code, "something new")
    assert told(event) == (classification.kind, classification.permanence, classification.cause)
    assert event is not None
    assert (event.provider_code, event.diagnostic) == (code, "something new")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (1, INVALID),
        (5, UNREACHABLE),
        (6, AWAY),
        (9, BLOCKED),
        (11, (Kind.BOUNCED, Permanence.PERMANENT, Cause.LANDLINE_OR_INCAPABLE)),
        (13, BLOCKED),
        (27, AWAY),
        (31, AWAY),
        (34, UNREACHABLE),
        (103, OPTED_OUT),
        (104, (Kind.REJECTED, Permanence.PERMANENT, Cause.ACCOUNT_OR_QUOTA)),
        (106, FILTERED),
        (210, OURS),
        (255, AWAY),
        (300, UNKNOWN),
        (9999, UNKNOWN),
        ("something", UNKNOWN),
    ],
)
def test_what_a_code_says(
    code: int | str, expected: tuple[Kind, Permanence | None, Cause | None] | None
) -> None:
    assert told(report("delivery_failed", code)) == expected


@pytest.mark.parametrize("code", [None, 0, 9999])
@pytest.mark.parametrize("reason", sorted(rows("messagebird", "REASONS")))
def test_a_reason_counts_where_no_code_tells(code: int | None, reason: str) -> None:
    classification = rows("messagebird", "REASONS")[reason]
    for written in (reason, reason.capitalize(), reason.replace(" ", "_")):
        event = report("delivery_failed", code, written)
        assert told(event) == (classification.kind, classification.permanence, classification.cause)
        assert event is not None
        assert event.provider_code == (written if code is None else str(code))


def test_a_code_tells_more_than_a_reason() -> None:
    assert told(report("delivery_failed", 27, "unknown subscriber")) == AWAY
    assert told(report("delivery_failed", 103, "carrier rejected")) == OPTED_OUT


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("unavailable subscriber", UNREACHABLE),
        ("DLR not received", (Kind.SENT, None, None)),
        ("expired", (Kind.FAILED, Permanence.TRANSIENT, Cause.ACCOUNT_OR_QUOTA)),
        ("unknown subscriber", UNREACHABLE),
        ("something new", UNREACHABLE),
    ],
)
def test_an_expired_text_reached_nobody_never_left_or_has_no_receipt(
    reason: str, expected: tuple[Kind, Permanence | None, Cause | None]
) -> None:
    assert told(report("expired", None, reason)) == expected


def test_a_code_and_a_reason_of_what_arrived_say_nothing() -> None:
    event = report("delivered", 0, "successfully delivered")
    assert event is not None
    assert (event.kind, event.provider_code) == (Kind.DELIVERED, "delivered")


def test_a_report_keeps_what_tells_it_apart() -> None:
    event = report("sent")
    assert event is not None
    assert (event.channel, event.address) == (Channel.SMS, "+12025550123")
    assert event.provider_message_id == "m-1"
    assert event.metadata == {"reachable_id": "our-id"}
    assert event.occurred_at is not None
    others = (
        report("delivered"),
        report("sent", recipient=12025550124),
        report("sent", id="m-2"),
        report("sent", statusDatetime="2026-09-14T08:30:05+00:00"),
    )
    ids = {other.event_id for other in others if other} | {event.event_id}
    assert len(ids) == 5
    assert event == report("sent")


@pytest.mark.parametrize("nobody", ["SCHOOL", 24273, None])
def test_a_report_of_no_phone_number_names_nobody(nobody: str | int | None) -> None:
    assert report("delivery_failed", 1, recipient=nobody) is None


@pytest.mark.parametrize(
    ("words", "sender", "kind"),
    [
        ("Stop ", "12025550123", Kind.OPTED_OUT),
        ("unstop", "+12025550123", Kind.OPTED_IN),
        ("Thank you", "12025550123", None),
        (None, "12025550123", None),
        ("stop", "24273", None),
    ],
)
def test_what_a_person_texts(words: str | None, sender: str, kind: Kind | None) -> None:
    fields = {"id": "in-1", "originator": sender, "recipient": "12025550100"}
    at = "2026-09-14T08:30:04+00:00"
    for event in (one(fields | {"body": words, "createdDatetime": at}), one(fields | {"payload": words})):
        assert (event and event.kind) == kind
        if event is not None:
            assert (event.address, event.event_id) == ("+12025550123", "in-1")
            assert event.provider_message_id is None


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"id=m-1&recipient=12025550123", "status"),
        (b'{"id": "m-1", "status": []}', "status"),
        (b"no form", "$"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(body: bytes, where: str) -> None:
    with pytest.raises(ParseError) as caught:
        providers.parse("messagebird", body, {})
    assert caught.value.where == where
