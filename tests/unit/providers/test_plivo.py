"""Plivo's signature, and the words and codes that no sample shows."""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

import pytest

from reachable import providers
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.errors import ParseError
from reachable.providers import WebhookRequest, plivo
from tests.unit.providers import samples
from tests.unit.providers.rows import rows
from tests.unit.providers.samples import flipped, key, sample

TOKEN = "0123456789abcdef"
URL = "https://hooks.example.com/webhooks/plivo"
V3 = "x-plivo-signature-v3"
MAIN = "x-plivo-signature-ma-v3"
NONCE = "x-plivo-signature-v3-nonce"


believed = partial(samples.believed, "plivo", default=TOKEN)


def signature(text: str, token: str = TOKEN) -> str:
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), "sha256")).decode()


def call(url: str, body: bytes, **headers: str) -> WebhookRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return WebhookRequest(url=url, query=url.partition("?")[2], body=body, headers={NONCE: "12345"} | named)


@pytest.mark.parametrize(
    ("url", "body", "signed"),
    [
        (URL, b"To=1&From=2", f"{URL}?From2To1.12345"),
        (URL, b"", f"{URL}.12345"),
        (f"{URL}?b=2&a=1", b"", f"{URL}?a=1&b=2.12345"),
        (f"{URL}?b=2&a=1", b"To=1&From=2", f"{URL}?a=1&b=2.From2To1.12345"),
        (f"{URL}?a=2&a=1", b"To=2&To=1", f"{URL}?a=1&a=2.To1To2.12345"),
        (f"{URL}?t=08%3A30%3A00Z&e=#rc", b"To=%2B1&Text=", f"{URL}?e=&t=08:30:00Z.TextTo+1.12345"),
        (URL, "Text=¿qué?".encode(), f"{URL}?Text¿qué?.12345"),
        ("https://h.example:8443/w", b"To=1", "https://h.example:8443/w?To1.12345"),
    ],
)
def test_what_is_signed_is_url_sorted_query_sorted_fields_and_nonce(
    url: str, body: bytes, signed: str
) -> None:
    assert believed(call(url, body, x_plivo_signature_v3=signature(signed)))
    assert not believed(call(url, body, x_plivo_signature_v3=signature(signed + " ")))


def test_any_of_the_signatures_counts_and_the_main_accounts_too() -> None:
    right, wrong = signature(f"{URL}?To1.12345"), signature("something else")
    assert believed(call(URL, b"To=1", x_plivo_signature_v3=f"{wrong},{right}"))
    assert believed(call(URL, b"To=1", x_plivo_signature_v3=f"{right}, {wrong}"))
    assert believed(call(URL, b"To=1", x_plivo_signature_v3=wrong, x_plivo_signature_ma_v3=right))
    assert believed(call(URL, b"To=1", x_plivo_signature_ma_v3=right))
    assert not believed(call(URL, b"To=1", x_plivo_signature_v3=f"{wrong},{wrong}"))


def test_one_bit_flipped_in_header_body_nonce_url_or_key_is_a_bad_signature() -> None:
    request, token = sample("plivo", "failed-200-stop-with-query").request, key("plivo")
    assert believed(request, token)
    for name in (V3, NONCE):
        for place in range(len(request.headers[name])):
            headers = {**request.headers, name: flipped(request.headers[name], place)}
            assert not believed(replace(request, headers=headers), token)
    for place in range(len(request.body)):
        body = bytearray(request.body)
        body[place] ^= 1
        assert not believed(replace(request, body=bytes(body)), token)
    for place in range(len("https://"), len(request.url)):
        assert not believed(replace(request, url=flipped(request.url, place)), token)
    assert not believed(request, flipped(token, 3))


def test_two_tokens_count_at_once() -> None:
    request = sample("plivo", "delivered").request
    assert believed(request, TOKEN, key("plivo"))
    assert believed(request, key("plivo"), TOKEN)
    assert not believed(request, TOKEN)


@pytest.mark.parametrize("header", ["", ",", "no base64!", "ünïcode", "\ud800"])
def test_a_malformed_signature_is_a_bad_signature(header: str) -> None:
    assert not believed(call(URL, b"To=1", x_plivo_signature_v3=header))


@pytest.mark.parametrize("nonce", ["", "\ud800", "ünïcode"])
def test_a_malformed_nonce_is_a_bad_signature(nonce: str) -> None:
    request = call(URL, b"To=1", x_plivo_signature_v3=signature(f"{URL}?To1.12345"))
    assert not believed(replace(request, headers={**request.headers, NONCE: nonce}))


@pytest.mark.parametrize("url", ["https://[::1/w", f"{URL}?" + "a&" * 2000])
def test_a_url_that_cannot_be_read_is_a_bad_signature(url: str) -> None:
    assert not believed(call(url, b"To=1", x_plivo_signature_v3=signature("")))


@pytest.mark.parametrize("body", [b"\xff=1", b"no form", b"To=%ff"])
def test_a_body_that_is_no_form_is_a_bad_signature(body: bytes) -> None:
    assert not believed(call(URL, body, x_plivo_signature_v3=signature("")))


def one(fields: Mapping[str, str], query: Mapping[str, str] | None = None) -> DeliveryEvent | None:
    reading = providers.read("plivo", urlencode(fields).encode(), {}, query)
    assert reading.error is None
    assert bool(reading.events) != bool(reading.skipped)
    return reading.events[0] if reading.events else None


def text(status: str, code: str = "", **more: str) -> DeliveryEvent | None:
    fields = {"MessageUUID": "m-1", "Status": status, "To": "12025550123", "From": "12025550100"}
    return one(fields | ({"ErrorCode": code} if code else {}) | more)


def told(event: DeliveryEvent | None) -> tuple[Kind, Permanence | None, Cause | None] | None:
    return (event.kind, event.permanence, event.cause) if event else None


UNKNOWN = (Kind.FAILED, Permanence.UNDETERMINED, Cause.UNKNOWN)
INVALID = (Kind.BOUNCED, Permanence.PERMANENT, Cause.INVALID_ADDRESS)
UNREACHABLE = (Kind.FAILED, Permanence.TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)


@pytest.mark.parametrize("code", sorted(rows("plivo", "ERRORS")))
@pytest.mark.parametrize("status", sorted(plivo.BY_ERROR))
def test_every_error_code_gives_its_classification(code: str, status: str) -> None:
    event, classification = text(status, code), rows("plivo", "ERRORS")[code]
    assert told(event) == (classification.kind, classification.permanence, classification.cause)
    assert event is not None
    assert event.provider_code == code


@pytest.mark.parametrize("code", ["", "000", "9999", "something"])
def test_a_code_that_plivo_never_documented_is_a_failure_of_unknown_cause(code: str) -> None:
    assert told(text("undelivered", code)) == UNKNOWN


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("queued", Kind.SENT),
        ("sent", Kind.SENT),
        ("Delivered", Kind.DELIVERED),
        ("read", Kind.DELIVERED),
        ("received", None),
        ("something_new", None),
    ],
)
def test_a_texts_status_gives_its_kind(status: str, kind: Kind | None) -> None:
    event = text(status, "000")
    assert (event and event.kind) == kind


def test_older_callbacks_tell_no_times() -> None:
    event = text("sent")
    assert event is not None
    assert (event.occurred_at, event.sent_at) == (None, None)


def test_a_status_that_comes_twice_has_one_id_and_two_have_two() -> None:
    first, again, other = text("sent", Sequence="1"), text("sent", Sequence="2"), text("delivered")
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.event_id == again.event_id != other.event_id


def test_our_tags_come_back_by_the_callbacks_query() -> None:
    query = {"reachable_id": "m", "reachable_t": "2026-09-14T08:29:58Z"}
    event = one({"MessageUUID": "m-1", "Status": "sent", "To": "12025550123"}, query)
    assert event is not None
    assert event.metadata == query
    assert event.sent_at is not None


@pytest.mark.parametrize("more", [{"To": "SCHOOL"}, {"To": "24273"}, {"Type": "whatsapp"}])
def test_another_channel_or_nobodys_number_gives_no_event(more: dict[str, str]) -> None:
    assert text("undelivered", "50", **more) is None


@pytest.mark.parametrize(
    ("words", "sender", "kind"),
    [
        (" Stop", "12025550123", Kind.OPTED_OUT),
        ("UNSTOP", "+12025550123", Kind.OPTED_IN),
        ("Thank you", "12025550123", None),
        ("Stop", "24273", None),
    ],
)
def test_what_a_person_texts(words: str, sender: str, kind: Kind | None) -> None:
    event = one({"MessageUUID": "in-1", "From": sender, "To": "12025550100", "Type": "sms", "Text": words})
    assert (event and event.kind) == kind
    if event is not None:
        assert (event.address, event.event_id) == ("+12025550123", "in-1")
        assert event.provider_message_id is None


def phoned(status: str, **more: str) -> DeliveryEvent | None:
    return one({"CallUUID": "c-1", "CallStatus": status, "To": "12025550123", "Direction": "outbound"} | more)


@pytest.mark.parametrize(
    ("status", "cause", "expected"),
    [
        ("completed", "Normal Hangup", (Kind.DELIVERED, None, None)),
        ("busy", "Busy Line", UNREACHABLE),
        ("timeout", "Ring Timeout Reached", UNREACHABLE),
        ("no-answer", "No Answer", UNREACHABLE),
        ("failed", "Invalid Destination Address", INVALID),
        ("failed", "Unallocated number", INVALID),
        ("failed", "Network Congestion", UNREACHABLE),
        ("failed", "Something New", UNKNOWN),
        ("failed", "", UNKNOWN),
        ("busy", "Invalid number", UNREACHABLE),
        ("cancel", "Canceled", None),
        ("ringing", "", None),
    ],
)
def test_a_calls_status_gives_its_kind(
    status: str, cause: str, expected: tuple[Kind, Permanence | None, Cause | None] | None
) -> None:
    event = phoned(status, HangupCauseName=cause, HangupCauseCode="3000")
    assert told(event) == expected
    assert event is None or event.channel is Channel.VOICE


def test_a_calls_times_are_left_out() -> None:
    """They are in the time zone of the account's console."""
    event = phoned("busy", EndTime="2026-09-14 08:30:04", StartTime="2026-09-14 08:29:58")
    assert event is not None
    assert (event.occurred_at, event.sent_at) == (None, None)


@pytest.mark.parametrize("more", [{"Direction": "inbound"}, {"To": "sip:ada@phone.plivo.com"}])
def test_a_call_that_came_in_or_went_to_no_number_names_nobody(more: dict[str, str]) -> None:
    assert phoned("busy", **more) is None


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"MessageUUID=m&To=12025550123", "Status"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(body: bytes, where: str) -> None:
    with pytest.raises(ParseError) as caught:
        providers.parse("plivo", body, {})
    assert caught.value.where == where


def test_the_parts_of_a_long_text_are_events_of_the_message_that_the_send_call_returned() -> None:
    """Each part has an id of its own."""
    first, second = (
        one({"MessageUUID": part, "ParentMessageUUID": "p-1", "Status": "delivered", "To": "12025550123"})
        for part in ("p-1", "p-2")
    )
    assert first is not None
    assert second is not None
    assert (first.provider_message_id, first.event_id) == ("p-1", "p-1:delivered")
    assert (second.provider_message_id, second.event_id) == ("p-1", "p-2:delivered")
