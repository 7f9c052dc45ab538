"""Vonage's two signatures, and the words and codes that no sample shows."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import jwt
import pytest

from reachable import providers
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.errors import ParseError
from reachable.providers import WebhookRequest, vonage
from tests.unit.providers import samples as recorded
from tests.unit.providers.rows import rows
from tests.unit.providers.samples import NOW, flipped, key, sample, samples

URL = "https://hooks.example.com/webhooks/vonage"
AT = int(NOW.timestamp())
SECRET = key("vonage")
RECEIPTS = ("sms-dlr-failed-4-md5hash", "sms-dlr-failed-4-sha256")


def believed(request: WebhookRequest, *secrets: str, later: timedelta = timedelta()) -> bool:
    return recorded.believed("vonage", request, *secrets, default=SECRET, now=NOW + later)


def each_bit_flipped(body: bytes) -> list[bytes]:
    return [bytes((*body[:at], body[at] ^ 1, *body[at + 1 :])) for at in range(len(body))]


# The token of the Messages API and of calls


def test_one_bit_flipped_in_body_token_or_secret_is_a_bad_signature() -> None:
    request = sample("vonage", "messages-delivered").request
    header = request.headers["authorization"]
    assert believed(request)
    for body in each_bit_flipped(request.body):
        assert not believed(replace(request, body=body))
    for place in range(len("Bearer "), len(header)):
        assert not believed(replace(request, headers={"Authorization": flipped(header, place)}))
    for place in range(len(SECRET)):
        assert not believed(request, flipped(SECRET, place))


def test_two_secrets_count_at_once() -> None:
    for name in ("messages-delivered", *RECEIPTS):
        request = sample("vonage", name).request
        assert believed(request, "a newer secret", SECRET)
        assert believed(request, SECRET, "an older secret")
        assert not believed(request, "a newer secret")


def with_token(body: bytes = b"{}", *, drop: str = "", **claims: object) -> WebhookRequest:
    told = {"iat": AT, "iss": "Vonage", "payload_hash": hashlib.sha256(body).hexdigest()} | claims
    token = jwt.encode({name: value for name, value in told.items() if name != drop}, SECRET, "HS256")
    return WebhookRequest(url=URL, body=body, headers={"Authorization": f"bearer {token}"})


@pytest.mark.parametrize(
    ("claims", "right"),
    [
        ({}, True),
        ({"iat": AT - 24 * 3600}, True),
        ({"iat": AT - 24 * 3600 - 1}, False),
        ({"iat": AT + 300}, True),
        ({"iat": AT + 301}, False),
        ({"exp": AT + 60}, True),
        ({"exp": AT - 301}, False),
        ({"iss": "vonage"}, False),
        ({"payload_hash": hashlib.sha256(b"{} ").hexdigest()}, False),
        ({"payload_hash": 1}, False),
        ({"drop": "iat"}, False),
        ({"drop": "iss"}, False),
        ({"drop": "payload_hash"}, False),
    ],
)
def test_a_token_counts_for_a_day_and_for_its_own_body(claims: dict[str, Any], right: bool) -> None:
    assert believed(with_token(**claims)) is right


def test_a_token_of_another_algorithm_is_not_believed() -> None:
    claims = {"iat": AT, "iss": "Vonage", "payload_hash": hashlib.sha256(b"{}").hexdigest()}
    for algorithm, right in (("HS256", True), ("HS512", False)):
        token = jwt.encode(claims, SECRET * 2, algorithm)
        request = WebhookRequest(url=URL, body=b"{}", headers={"Authorization": f"Bearer {token}"})
        assert believed(request, SECRET * 2) is right


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer a.b.c", "Basic e30.e30.e30", "Bearer \ud800"]
)
def test_a_malformed_token_is_a_bad_signature(header: str) -> None:
    assert not believed(WebhookRequest(url=URL, body=b"{}", headers={"Authorization": header}))


def test_a_right_token_of_another_scheme_is_not_believed() -> None:
    request = with_token()
    token = request.headers["authorization"].partition(" ")[2]
    assert believed(replace(request, headers={"Authorization": f"BEARER {token}"}))
    assert not believed(replace(request, headers={"Authorization": f"Basic {token}"}))


def test_of_a_get_the_token_must_cover_the_query() -> None:
    request = replace(with_token(b""), method="GET")
    assert believed(request)
    assert not believed(replace(request, query="uuid=c-1&status=failed&to=12025550123"))
    assert not believed(replace(request, method="POST", body=b"{}"))


def test_an_unsigned_post_is_refused_and_comes_again_signed() -> None:
    """As Vonage does after an internal error."""
    assert not believed(replace(sample("vonage", "messages-delivered").request, headers={}))


# The parameter of the SMS API


def text_of(fields: Mapping[str, str]) -> bytes:
    return "".join(f"&{name}={fields[name]}" for name in sorted(fields) if name != "sig").encode()


def signed(fields: Mapping[str, str], method: str = "sha256", secret: str = SECRET) -> dict[str, str]:
    """The fields, which hold no character that is written otherwise, with their signature."""
    whole = {"timestamp": str(AT), **fields}
    text = text_of(whole)
    sig = (
        hashlib.md5(text + secret.encode()).hexdigest()  # noqa: S324 - as Vonage does by default
        if method == "md5hash"
        else hmac.digest(secret.encode(), text, method).hex()
    )
    return whole | {"sig": sig}


def by_get(fields: Mapping[str, str]) -> WebhookRequest:
    query = urlencode(fields)
    return WebhookRequest(method="GET", url=f"{URL}?{query}", query=query)


def by_form(fields: Mapping[str, str]) -> WebhookRequest:
    return WebhookRequest(url=URL, body=urlencode(fields).encode())


def by_json(fields: Mapping[str, Any]) -> WebhookRequest:
    return WebhookRequest(url=URL, body=b" " + json.dumps(fields).encode())


FIELDS = {"messageId": "m-1", "msisdn": "12025550123", "to": "SCHOOL", "text": "größe", "empty": ""}


@pytest.mark.parametrize("method", ["md5hash", "md5", "sha1", "sha256", "sha512"])
def test_a_receipt_is_signed_by_any_of_vonages_methods_and_comes_in_any_form(method: str) -> None:
    fields = signed(FIELDS, method)
    for request in (by_get(fields), by_form(fields), by_json(fields)):
        assert believed(request)
        assert not believed(request, "another")
    assert believed(by_form(fields | {"sig": fields["sig"].upper()}))
    assert not believed(by_form(fields | {"sig": flipped(fields["sig"], 3)}))
    assert not believed(by_form(fields | {"msisdn": "12025550124"}))
    assert not believed(by_form(fields | {"more": "1"}))


@pytest.mark.parametrize("name", RECEIPTS)
def test_one_changed_bit_of_a_receipt_is_a_bad_signature(name: str) -> None:
    """Of a name or a value."""
    request = sample("vonage", name).request
    assert believed(request)
    fields = parse_qsl(request.body.decode(), keep_blank_values=True)
    for field, value in fields:
        rest = {one: other for one, other in fields if one != field}
        for place in range(len(value)):
            assert not believed(by_form(rest | {field: flipped(value, place)}))
        assert not believed(by_form(rest | {flipped(field, 0): value}))
        assert not believed(by_form(rest))
    for place in range(len(SECRET)):
        assert not believed(request, flipped(SECRET, place))


def test_and_and_equals_in_a_value_are_signed_as_underscores() -> None:
    fields = signed({"messageId": "m-1", "text": "a_b_c"})
    assert believed(by_form(fields | {"text": "a&b=c"}))


def test_a_name_that_reads_as_several_parameters_is_a_bad_signature() -> None:
    """Else one receipt could be recut into another that is signed by the same text."""
    fields = signed({"err-code": "0", "messageId": "m-1", "msisdn": "12025550123"})
    glued = {"err-code=0&messageId": "m-1", "msisdn": "12025550123"}
    glued |= {"sig": fields["sig"], "timestamp": fields["timestamp"]}
    assert text_of(glued) == text_of(fields)
    assert not believed(by_form(glued))


def test_of_a_repeated_parameter_the_first_is_both_signed_and_read() -> None:
    request = by_form(signed(FIELDS | {"status": "delivered"}))
    more = replace(request, body=request.body + b"&msisdn=12025550124")
    assert believed(more)
    assert [one.address for one in providers.parse("vonage", more.body, {})] == ["+12025550123"]


@pytest.mark.parametrize(
    ("seconds", "right"), [(AT - 300, True), (AT + 300, True), (AT - 301, False), (AT + 301, False)]
)
def test_a_receipt_counts_for_5_minutes(seconds: int, right: bool) -> None:
    assert believed(by_form(signed({"messageId": "m-1", "timestamp": str(seconds)}))) is right


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"timestamp": str(AT)},
        {"sig": "0" * 64},
        {"sig": "0" * 64, "timestamp": "now"},
        {"sig": "0" * 63, "timestamp": str(AT)},
        {"sig": "ü" * 64, "timestamp": str(AT)},
        {"sig": ["0"], "timestamp": str(AT)},
        {"sig": "0" * 64, "timestamp": str(AT), "nested": {"a": "1"}},
    ],
)
def test_malformed_parameters_are_a_bad_signature(fields: dict[str, Any]) -> None:
    assert not believed(by_json(fields))


@pytest.mark.parametrize("body", [b"", b"no form", b"\xff=1", b"{", b"[]", b"sig=%ff"])
def test_a_body_without_parameters_is_a_bad_signature(body: bytes) -> None:
    assert not believed(WebhookRequest(url=URL, body=body))


def test_every_sample_is_signed() -> None:
    assert all(believed(one.request) for one in samples("vonage"))
    assert not any(believed(one.request, later=timedelta(hours=25)) for one in samples("vonage"))


# What is told


def one(record: Mapping[str, Any], query: Mapping[str, str] | None = None) -> DeliveryEvent | None:
    reading = providers.read("vonage", json.dumps(record).encode(), {}, query)
    assert reading.error is None
    assert bool(reading.events) != bool(reading.skipped)
    return reading.events[0] if reading.events else None


def told(event: DeliveryEvent | None) -> tuple[Kind, Permanence | None, Cause | None] | None:
    return (event.kind, event.permanence, event.cause) if event else None


def receipt(status: str, code: Any = None, **more: Any) -> dict[str, Any]:
    fields = {"messageId": "m-1", "msisdn": "12025550123", "to": "12025550100", "status": status}
    return fields | {"err-code": code, "message-timestamp": "2026-09-14 08:30:04"} | more


def message(status: str, code: str | None = None, **more: Any) -> dict[str, Any]:
    error = {"type": f"https://developer.vonage.com/api-errors/messages#{code}", "title": code}
    fields = {"message_uuid": "m-1", "to": "12025550123", "from": "12025550100", "status": status}
    return (
        fields
        | {"channel": "sms", "timestamp": "2026-09-14T08:30:04.501Z"}
        | ({"error": error} if code else {})
        | more
    )


UNKNOWN = (Kind.FAILED, Permanence.UNDETERMINED, Cause.UNKNOWN)
UNREACHABLE = (Kind.FAILED, Permanence.TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
INVALID = (Kind.BOUNCED, Permanence.PERMANENT, Cause.INVALID_ADDRESS)


@pytest.mark.parametrize("code", sorted(rows("vonage", "CODES")))
@pytest.mark.parametrize("status", sorted(vonage.BY_CODE))
def test_every_code_gives_its_classification_in_either_api(code: str, status: str) -> None:
    classification = rows("vonage", "CODES")[code]
    for record in (receipt(status, code), receipt(status, int(code)), message(status, code)):
        event = one(record)
        assert told(event) == (classification.kind, classification.permanence, classification.cause)
        assert event is not None
        assert event.provider_code == code


@pytest.mark.parametrize(
    ("sms", "messages"),
    [
        ("1", "1330"),
        ("2", "1180"),
        ("3", "1190"),
        ("5", "1200"),
        ("6", "1210"),
        ("7", "1220"),
        ("8", "1230"),
        ("9", "1240"),
        ("10", "1040"),
        ("11", "1250"),
        ("12", "1260"),
        ("13", "1270"),
        ("14", "1280"),
        ("15", "1290"),
    ],
)
def test_the_two_apis_say_the_same_by_their_own_codes(sms: str, messages: str) -> None:
    assert told(one(receipt("failed", sms))) == told(one(message("rejected", messages)))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("3", (Kind.BOUNCED, Permanence.PERMANENT, Cause.INACTIVE_OR_UNREACHABLE)),
        ("4", (Kind.BOUNCED, Permanence.PERMANENT, Cause.CARRIER_BLOCKED_OR_SPAM)),
        ("9", (Kind.OPTED_OUT, None, Cause.OPT_OUT)),
        ("14", (Kind.BOUNCED, Permanence.PERMANENT, Cause.LANDLINE_OR_INCAPABLE)),
        ("52", (Kind.REJECTED, Permanence.PERMANENT, Cause.ACCOUNT_OR_QUOTA)),
        ("0", UNKNOWN),
        ("98", UNKNOWN),
        ("something", UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_what_a_failed_receipt_says(
    code: str | None, expected: tuple[Kind, Permanence | None, Cause | None]
) -> None:
    assert told(one(receipt("failed", code))) == expected
    assert told(one(receipt("Rejected", code))) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("1050", (Kind.BOUNCED, Permanence.PERMANENT, Cause.PROVIDER_SUPPRESSED)),
        ("1060", (Kind.REJECTED, Permanence.TRANSIENT, Cause.ACCOUNT_OR_QUOTA)),
        ("1170", INVALID),
        ("1260", (Kind.BOUNCED, Permanence.UNDETERMINED, Cause.INVALID_ADDRESS)),
        ("1360", UNREACHABLE),
        ("1999", UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_what_a_rejected_message_says(
    code: str | None, expected: tuple[Kind, Permanence | None, Cause | None]
) -> None:
    assert told(one(message("rejected", code))) == expected
    assert told(one(message("undeliverable", code))) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (receipt("accepted", "0"), (Kind.SENT, None, None)),
        (receipt("buffered", "0"), (Kind.DELAYED, None, None)),
        (receipt("delivered", "0"), (Kind.DELIVERED, None, None)),
        (receipt("expired", "2"), UNREACHABLE),
        (receipt("unknown", "1"), (Kind.SENT, None, None)),
        (receipt("something_new", "3"), None),
        (message("submitted"), (Kind.SENT, None, None)),
        (message("delivered"), (Kind.DELIVERED, None, None)),
        (message("read"), (Kind.DELIVERED, None, None)),
        (message("clicked", "1190"), None),
    ],
)
def test_a_status_gives_its_kind(
    record: dict[str, Any], expected: tuple[Kind, Permanence | None, Cause | None] | None
) -> None:
    assert told(one(record)) == expected


def test_a_busy_phone_that_is_tried_again_is_no_failure() -> None:
    """1220 comes with *submitted* while the carrier tries on."""
    event = one(message("submitted", "1220"))
    assert event is not None
    assert (event.kind, event.provider_code, event.diagnostic) == (Kind.SENT, "submitted", None)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"title": "1240"}, "1240"),
        ({"title": 1240}, "1240"),
        ({"title": 1240, "type": "https://developer.vonage.com/api-errors/messages#1170"}, "1240"),
        (
            {"title": "Illegal Number", "type": "https://developer.vonage.com/api-errors/messages#1240"},
            "1240",
        ),
        ({"code": 1240, "reason": "Illegal Number"}, "1240"),
        ({"title": "Illegal Number", "type": "https://developer.vonage.com/"}, "Illegal Number"),
        ({"detail": "Illegal Number"}, "rejected"),
    ],
)
def test_a_messages_code_stands_in_several_places(error: dict[str, Any], code: str) -> None:
    event = one(message("rejected", error=error))
    assert event is not None
    assert event.provider_code == code
    assert event.diagnostic == (error.get("detail") or error.get("reason"))
    assert (event.kind is Kind.OPTED_OUT) == (code == "1240")


def test_of_a_receipt_msisdn_is_the_person_and_to_is_ours() -> None:
    event = one(receipt("failed", "3"))
    assert event is not None
    assert (event.address, event.provider_message_id, event.event_id) == ("+12025550123", "m-1", "m-1:failed")


def test_version_0_1_names_numbers_by_their_channel() -> None:
    record = message("delivered", to={"type": "sms", "number": "12025550123"}, channel=None)
    event = one(record)
    assert event is not None
    assert event.address == "+12025550123"
    assert one(record | {"to": {"type": "viber_service_msg", "number": "12025550123"}}) is None


@pytest.mark.parametrize("channel", ["whatsapp", "viber_service", "messenger", "rcs"])
def test_another_channel_says_nothing_of_a_phone_that_takes_texts(channel: str) -> None:
    assert one(message("rejected", "1300", channel=channel)) is None
    assert one(message("rejected", "1300", channel="mms")) is not None


@pytest.mark.parametrize("nobody", ["SCHOOL", "24273", None])
def test_what_goes_to_no_phone_number_names_nobody(nobody: str | None) -> None:
    assert one(receipt("failed", "3", msisdn=nobody)) is None
    assert one(message("rejected", "1190", to=nobody)) is None
    assert one(call("failed", to=nobody)) is None


def test_our_message_id_comes_back_by_the_reference_and_other_tags_by_the_query() -> None:
    query = {"reachable_t": "2026-09-14T08:29:58Z", "reachable_user": "u"}
    event = one(message("delivered", client_ref="our-id"), query)
    assert event is not None
    assert event.metadata == query | {"reachable_id": "our-id"}
    assert event.sent_at is not None
    event = one(receipt("delivered", **{"client-ref": "our-id"}), query)
    assert event is not None
    assert (event.metadata, event.sent_at) == ({"reachable_id": "our-id"}, None)


def test_two_statuses_of_a_message_have_two_ids_and_a_repeated_one_has_one() -> None:
    """The time of a receipt is that of its post, so it may differ in a repeat."""
    first, again, other = (
        one(receipt("accepted")),
        one(receipt("accepted", **{"message-timestamp": "2026-09-14 08:31:04"})),
        one(receipt("delivered")),
    )
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.event_id == again.event_id != other.event_id


def test_a_receipt_reads_the_same_by_form_and_by_json() -> None:
    fields: dict[str, str] = {
        name: value for name, value in receipt("failed", "4").items() if value is not None
    }
    body = urlencode(fields).encode()
    assert providers.parse("vonage", body, {}) == [one(fields)]
    assert providers.parse("vonage", body, {}, fields) == [one(fields)]  # a GET, whose query it is


@pytest.mark.parametrize(
    ("words", "sender", "kind"),
    [
        ("stop ", "12025550123", Kind.OPTED_OUT),
        ("START", "12025550123", Kind.OPTED_IN),
        ("Thank you", "12025550123", None),
        (None, "12025550123", None),
        ("stop", "24273", None),
    ],
)
def test_what_a_person_texts(words: str | None, sender: str, kind: Kind | None) -> None:
    texts: list[dict[str, Any]] = [
        {"messageId": "in-1", "msisdn": sender, "to": "12025550100", "type": "text", "text": words},
        {"message_uuid": "in-1", "from": sender, "to": "12025550100", "channel": "sms", "text": words},
        {
            "message_uuid": "in-1",
            "from": {"type": "sms", "number": sender},
            "to": {"type": "sms", "number": "12025550100"},
            "message": {"content": {"type": "text", "text": words}},
        },
    ]
    for record in texts:
        event = one(record)
        assert (event and event.kind) == kind
        if event is not None:
            assert (event.address, event.event_id) == ("+12025550123", "in-1")
            assert event.provider_message_id is None


def test_stop_in_another_channel_is_no_wish_about_texts() -> None:
    record = {"message_uuid": "in-1", "from": "12025550123", "channel": "whatsapp", "text": "stop"}
    assert one(record) is None


def call(status: str, **more: Any) -> dict[str, Any]:
    fields = {"uuid": "c-1", "conversation_uuid": "CON-1", "to": "12025550123", "from": "12025550100"}
    return fields | {"status": status, "direction": "outbound", "timestamp": "2026-09-14T08:30:04Z"} | more


@pytest.mark.parametrize(
    ("status", "more", "expected"),
    [
        ("started", {}, (Kind.SENT, None, None)),
        ("ringing", {}, (Kind.SENT, None, None)),
        ("answered", {}, (Kind.DELIVERED, None, None)),
        ("completed", {}, (Kind.DELIVERED, None, None)),
        ("human", {"uuid": None, "call_uuid": "c-1", "direction": None}, (Kind.DELIVERED, None, None)),
        ("machine", {"uuid": None, "call_uuid": "c-1", "direction": None}, (Kind.DELIVERED, None, None)),
        ("busy", {}, UNREACHABLE),
        ("timeout", {}, UNREACHABLE),
        ("unanswered", {"detail": "unavailable"}, UNREACHABLE),
        ("rejected", {}, (Kind.FAILED, Permanence.UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        (
            "rejected",
            {"sip_code": 404},
            (Kind.FAILED, Permanence.UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM),
        ),
        ("failed", {}, UNKNOWN),
        ("failed", {"sip_code": 503}, UNREACHABLE),
        ("failed", {"sip_code": 599}, UNKNOWN),
        ("failed", {"sip_code": 404}, INVALID),
        ("failed", {"sip_code": "410", "detail": "internal_error"}, INVALID),
        ("failed", {"sip_code": 484}, INVALID),
        ("failed", {"sip_code": 604}, INVALID),
        (
            "failed",
            {"detail": "number_out_of_service"},
            (Kind.BOUNCED, Permanence.UNDETERMINED, Cause.INVALID_ADDRESS),
        ),
        (
            "failed",
            {"detail": "cannot_route"},
            (Kind.FAILED, Permanence.UNDETERMINED, Cause.ACCOUNT_OR_QUOTA),
        ),
        ("failed", {"detail": "internal_error"}, (Kind.FAILED, Permanence.TRANSIENT, Cause.ACCOUNT_OR_QUOTA)),
        ("failed", {"detail": "something_new"}, UNKNOWN),
        ("cancelled", {}, None),
        ("disconnected", {}, None),
        ("something_new", {}, None),
        ("failed", {"direction": "inbound"}, None),
        ("failed", {"to": "sip:ada@example.org"}, None),
    ],
)
def test_a_calls_status_gives_its_kind(
    status: str, more: dict[str, Any], expected: tuple[Kind, Permanence | None, Cause | None] | None
) -> None:
    event = one(call(status, **more))
    assert told(event) == expected
    if event is not None:
        assert event.channel is Channel.VOICE
        assert (event.event_id, event.provider_message_id) == (f"c-1:{status}", "c-1")


def test_a_call_keeps_what_tells_it_apart() -> None:
    query = {"reachable_id": "our-id", "reachable_t": "2026-09-14T08:29:58Z"}
    event = one(call("failed", detail="cannot_route", sip_code=488), query)
    assert event is not None
    assert event.provider_code == "failed/cannot_route/488"
    assert event.metadata == query
    assert event.occurred_at is not None
    assert event.sent_at is not None


@pytest.mark.parametrize(
    "record",
    [
        {"reason": "Syntax error in NCCO", "conversation_uuid": "CON-1"},
        {"recording_uuid": "r-1", "recording_url": "https://api.example.com/1"},
        {"uuid": "c-1", "dtmf": {"digits": "42"}, "to": "12025550100", "from": "12025550123"},
        {"uuid": "c-1", "conversation_uuid_from": "CON-1", "conversation_uuid_to": "CON-2"},
    ],
)
def test_what_happens_within_a_call_tells_nothing(record: dict[str, Any]) -> None:
    assert one(record | {"timestamp": "2026-09-14T08:30:04Z"}) is None


@pytest.mark.parametrize(
    ("record", "where"),
    [
        ({}, "status"),
        ({"uuid": "c-1"}, "status"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(record: dict[str, Any], where: str) -> None:
    with pytest.raises(ParseError) as caught:
        providers.parse("vonage", json.dumps(record).encode(), {})
    assert caught.value.where == where
