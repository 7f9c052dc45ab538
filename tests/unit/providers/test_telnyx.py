"""Telnyx's signature, and the words and codes that no sample shows."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reachable import providers
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.errors import ParseError
from reachable.providers import WebhookRequest, telnyx
from tests.unit.providers import samples
from tests.unit.providers.rows import nothing, rows
from tests.unit.providers.samples import NOW, flipped, key, sample

SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC_KEY = base64.b64encode(SIGNER.public_key().public_bytes_raw()).decode()
SIGNATURE = "telnyx-signature-ed25519"
TIMESTAMP = "telnyx-timestamp"
AT = int(NOW.timestamp())


believed = partial(samples.believed, "telnyx", default=PUBLIC_KEY)


def signed(body: bytes, timestamp: str) -> WebhookRequest:
    signature = base64.b64encode(SIGNER.sign(timestamp.encode() + b"|" + body)).decode()
    return WebhookRequest(
        url="https://hooks.example.com/webhooks/telnyx",
        headers={"Telnyx-Signature-Ed25519": signature, "Telnyx-Timestamp": timestamp},
        body=body,
    )


def with_header(request: WebhookRequest, name: str, value: str) -> WebhookRequest:
    return replace(request, headers={**request.headers, name: value})


def test_one_bit_flipped_in_header_body_time_or_key_is_a_bad_signature() -> None:
    request, public = sample("telnyx", "finalized-40300-stop").request, key("telnyx")
    assert believed(request, public)
    signature, timestamp = request.headers[SIGNATURE], request.headers[TIMESTAMP]
    for place in range(len(signature)):  # the spare bits before the padding too
        assert not believed(with_header(request, SIGNATURE, flipped(signature, place)), public)
    for place in range(len(timestamp)):
        assert not believed(with_header(request, TIMESTAMP, flipped(timestamp, place)), public)
    for place in range(len(request.body)):
        body = bytearray(request.body)
        body[place] ^= 1
        assert not believed(replace(request, body=bytes(body)), public)
    for place in (0, 21, 41):
        assert not believed(request, flipped(public, place))


@pytest.mark.parametrize(
    ("seconds", "right"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)]
)
def test_a_post_counts_within_five_minutes(seconds: int, right: bool) -> None:
    request = signed(b"{}", str(AT))
    assert believed(request, now=NOW + timedelta(seconds=seconds)) is right


def test_a_signed_text_that_is_no_time_is_a_bad_signature() -> None:
    for timestamp in ("", "soon", "9" * 40, f"{AT}.5"):
        assert not believed(signed(b"{}", timestamp))


@pytest.mark.parametrize("keys", [("", PUBLIC_KEY), ("no base64!", PUBLIC_KEY), ("QUJD", PUBLIC_KEY)])
def test_a_malformed_key_does_not_hide_the_other(keys: tuple[str, ...]) -> None:
    assert believed(signed(b"{}", str(AT)), *keys)
    assert not believed(signed(b"{}", str(AT)), keys[0])


def test_two_keys_count_at_once() -> None:
    request = sample("telnyx", "finalized-delivered").request
    assert believed(request, PUBLIC_KEY, key("telnyx"))
    assert not believed(request, PUBLIC_KEY)


@pytest.mark.parametrize("value", ["", "no base64!", "QUJD", "ünïcode", "\ud800", "=" * 88])
def test_a_malformed_signature_is_a_bad_signature(value: str) -> None:
    assert not believed(with_header(signed(b"{}", str(AT)), SIGNATURE, value))


def data(type_: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    told = {"event_type": type_, "id": "e-1", "occurred_at": "2026-09-14T08:30:04.501Z"}
    return {"data": told | {"payload": payload}}


def events(body: dict[str, Any]) -> tuple[DeliveryEvent, ...]:
    reading = providers.read("telnyx", json.dumps(body).encode(), {})
    assert reading.error is None
    assert reading.events or reading.skipped
    return reading.events


def text(status: str, *errors: Mapping[str, Any], type_: str = "message.finalized", **more: Any) -> Any:
    payload = {"id": "m-1", "to": [{"phone_number": "+12025550123", "status": status}], "errors": errors}
    found = events(data(type_, payload | more))
    return found[0] if found else None


def told(event: DeliveryEvent | None) -> tuple[Kind, Permanence | None, Cause | None] | None:
    return (event.kind, event.permanence, event.cause) if event else None


@pytest.mark.parametrize("code", sorted(rows("telnyx", "ERRORS")))
@pytest.mark.parametrize("status", sorted(telnyx.FAILURES))
def test_every_error_code_gives_its_classification(code: str, status: str) -> None:
    event, classification = text(status, {"code": code}), rows("telnyx", "ERRORS")[code]
    assert told(event) == (classification.kind, classification.permanence, classification.cause)
    assert event.provider_code == code


BOUNCED = (Kind.BOUNCED, Permanence.UNDETERMINED, Cause.UNKNOWN)
OPTED_OUT = (Kind.OPTED_OUT, None, Cause.OPT_OUT)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("queued", None),
        ("sending", None),
        ("something_new", None),
        ("", None),
        ("sent", (Kind.SENT, None, None)),
        ("delivery_unconfirmed", (Kind.SENT, None, None)),
        ("delivered", (Kind.DELIVERED, None, None)),
        ("expired", (Kind.FAILED, Permanence.TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)),
        ("sending_failed", (Kind.REJECTED, Permanence.UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)),
        ("delivery_failed", BOUNCED),
    ],
)
def test_a_status_without_an_error_gives_its_classification(
    status: str, expected: tuple[Kind, Permanence | None, Cause | None] | None
) -> None:
    assert told(text(status)) == expected


def test_a_code_that_telnyx_never_documented_is_kept_with_an_unknown_cause() -> None:
    event = text("delivery_failed", {"code": "49999", "title": "Something new", "detail": "Really."})
    assert told(event) == BOUNCED
    assert (event.provider_code, event.diagnostic) == ("49999", "Something new: Really.")


@pytest.mark.parametrize(
    ("code", "title", "expected"),
    [
        ("40300", None, OPTED_OUT),
        ("40300", "Blocked due to STOP message", OPTED_OUT),
        ("40300", "Recipient opted out", OPTED_OUT),
        ("40300", "Carrier rejected", (Kind.BOUNCED, Permanence.UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        ("40008", None, BOUNCED),
        ("40008", "Undeliverable", BOUNCED),
        ("40008", "Blocked due to STOP message", OPTED_OUT),
        ("40002", "Blocked: do not STOP", (Kind.FAILED, Permanence.TRANSIENT, Cause.CARRIER_BLOCKED_OR_SPAM)),
    ],
)
def test_an_opt_out_is_told_by_code_and_title(
    code: str, title: str | None, expected: tuple[Kind, Permanence | None, Cause | None]
) -> None:
    """Telnyx's own pages disagree which of 40300 and 40008 is STOP."""
    assert told(text("delivery_failed", {"code": code, "title": title})) == expected


def test_of_several_errors_the_first_that_we_know_counts() -> None:
    event = text("delivery_failed", {"code": "49999"}, {"code": "40001"}, {"code": "40012"})
    assert event.provider_code == "40001"
    assert event.cause is Cause.LANDLINE_OR_INCAPABLE


def test_an_error_costs_nothing_to_who_was_reached() -> None:
    body = data(
        "message.finalized",
        {
            "id": "m-1",
            "to": [{"phone_number": "+12025550123", "status": "delivered"}, {"status": "delivery_failed"}],
            "cc": [{"phone_number": "+12025550187", "status": "delivery_failed"}, 7],
            "errors": [{"code": "40012"}],
        },
    )
    with pytest.raises(ParseError) as caught:
        providers.parse("telnyx", json.dumps(body).encode(), {})
    assert caught.value.where == "data.payload.cc[1]"
    assert [(one.address, one.kind) for one in caught.value.events] == [
        ("+12025550123", Kind.DELIVERED),
        ("+12025550187", Kind.BOUNCED),
    ]
    assert len({one.event_id for one in caught.value.events}) == 2


def test_what_is_sent_is_sent_whatever_its_status_says() -> None:
    assert told(text("queued", type_="message.sent")) == (Kind.SENT, None, None)


@pytest.mark.parametrize("tags", [None, [], ["x", "y"], [7]])
def test_our_tag_is_the_first(tags: list[Any] | None) -> None:
    event = text("delivered", tags=tags)
    assert event.metadata == ({"reachable_id": "x"} if tags and tags[0] == "x" else {})


def test_an_error_that_cannot_be_read_tells_nothing() -> None:
    to = [{"phone_number": "+12025550123", "status": "delivery_failed"}]
    body = data("message.finalized", {"id": "m", "to": to, "errors": ["new form", {"code": True}]})
    (event,) = providers.parse("telnyx", json.dumps(body).encode(), {})
    assert (event.kind, event.cause, event.provider_code) == (Kind.BOUNCED, Cause.UNKNOWN, "delivery_failed")


@pytest.mark.parametrize(
    ("words", "sender", "kind"),
    [
        ("Stop", {"phone_number": "+12025550123"}, Kind.OPTED_OUT),
        ("START", {"phone_number": "+12025550123"}, Kind.OPTED_IN),
        ("Thank you", {"phone_number": "+12025550123"}, None),
        ("Stop", {"phone_number": "24273"}, None),
        ("Stop", None, None),
    ],
)
def test_what_a_person_texts(words: str, sender: dict[str, str] | None, kind: Kind | None) -> None:
    payload = {"id": "in-1", "text": words, "from": sender, "to": [{"phone_number": "+12025550100"}]}
    found = events(data("message.received", payload))
    assert [one.kind for one in found] == ([kind] if kind else [])
    if found:
        assert (found[0].address, found[0].event_id) == ("+12025550123", "in-1")
        assert found[0].provider_message_id is None


def test_a_text_that_came_without_an_id_is_told_by_its_time_and_its_sender() -> None:
    body = data("message.received", {"from": {"phone_number": "+12025550123"}, "text": "STOP"})
    del body["data"]["id"]
    (event,) = events(body)
    assert event.event_id == "2026-09-14T08:30:04.501Z:+12025550123"
    assert event.occurred_at is not None
    assert event.occurred_at.isoformat() == "2026-09-14T08:30:04.501000+00:00"


def call(type_: str = "call.hangup", **payload: Any) -> DeliveryEvent | None:
    own = {"to": "+12025550123", "from": "+12025550100", "call_control_id": "v3:c", "direction": "outgoing"}
    found = events(data(type_, own | payload))
    return found[0] if found else None


@pytest.mark.parametrize("cause", sorted(rows("telnyx", "HANGUPS")))
def test_every_hangup_cause_gives_its_classification(cause: str) -> None:
    event, classification = call(hangup_cause=cause), rows("telnyx", "HANGUPS")[cause]
    assert told(event) == (classification.kind, classification.permanence, classification.cause)
    assert event is not None
    assert event.channel is Channel.VOICE


@pytest.mark.parametrize("cause", ["unspecified", "something_new", None])
def test_any_other_hangup_cause_is_unknown(cause: str | None) -> None:
    assert told(call(hangup_cause=cause)) == (Kind.FAILED, Permanence.UNDETERMINED, Cause.UNKNOWN)


@pytest.mark.parametrize("cause", nothing("telnyx", "HANGUPS"))
def test_a_call_that_we_ended_gives_no_event(cause: str) -> None:
    assert call(hangup_cause=cause) is None


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("call.initiated", Kind.SENT),
        ("call.answered", Kind.DELIVERED),
        ("call.machine.detection.ended", None),
        ("call.something.new", None),
    ],
)
def test_an_event_of_a_call_gives_its_kind(type_: str, kind: Kind | None) -> None:
    event = call(type_)
    assert (event and event.kind) == kind


def test_a_call_keeps_what_tells_it_apart() -> None:
    state = base64.b64encode(b"our-id").decode()
    event = call(
        hangup_cause="no_answer",
        client_state=state,
        sip_hangup_cause="480",
        start_time="2026-09-14T08:29:58Z",
    )
    assert event is not None
    assert (event.provider_message_id, event.event_id, event.provider_code) == ("v3:c", "e-1", "no_answer")
    assert (event.metadata, event.diagnostic) == ({"reachable_id": "our-id"}, "SIP 480")
    assert event.sent_at is not None


@pytest.mark.parametrize("state", ["no base64!", "/w==", ""])
def test_another_programs_client_state_tells_nothing(state: str) -> None:
    event = call(hangup_cause="user_busy", client_state=state)
    assert event is not None
    assert event.metadata == {}


@pytest.mark.parametrize("more", [{"direction": "incoming"}, {"to": "sip:ada@example.org"}])
def test_a_call_that_came_in_or_went_to_no_number_names_nobody(more: dict[str, str]) -> None:
    assert call(hangup_cause="user_busy", **more) is None
