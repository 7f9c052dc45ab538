"""Twilio's signature against Twilio's own library, and the words and codes that no sample shows."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from reachable import providers
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.errors import ParseError
from reachable.providers import WebhookRequest
from tests.unit.providers import samples
from tests.unit.providers.rows import nothing, rows
from tests.unit.providers.samples import flipped, key, sample

TOKEN = "0123456789abcdef0123456789abcdef"
URL = "https://hooks.example.com/webhooks/twilio"


believed = partial(samples.believed, "twilio", default=TOKEN)


def signed(url: str, params: Any, body: bytes, *, token: str = TOKEN) -> WebhookRequest:
    signature = RequestValidator(token).compute_signature(url, params)
    _, _, query = url.partition("?")
    return WebhookRequest(url=url, query=query, headers={"X-Twilio-Signature": signature}, body=body)


@given(
    fields=st.lists(
        st.tuples(st.text(min_size=1, max_size=8), st.text(max_size=12)),
        max_size=8,
        unique_by=lambda one: one[0],
    )
)
def test_what_twilios_library_signs_is_believed(fields: list[tuple[str, str]]) -> None:
    request = signed(f"{URL}?a=1&b=%20x", dict(fields), urlencode(fields).encode())
    assert believed(request)
    assert not believed(request, TOKEN[::-1])


@pytest.mark.parametrize(
    ("configured", "signed_as"),
    [
        (URL, "https://hooks.example.com:443/webhooks/twilio"),
        ("https://hooks.example.com:443/webhooks/twilio", URL),
        ("http://Hooks.example.com/webhooks/twilio", "http://Hooks.example.com:80/webhooks/twilio"),
        ("https://hooks.example.com:8443/w?a=b", "https://hooks.example.com/w?a=b"),
        ("https://hooks.example.com:8443/w?a=b", "https://hooks.example.com:8443/w?a=b"),
        (f"{URL}#rc=5&rp=all", URL),
    ],
)
def test_a_port_may_be_signed_or_not(configured: str, signed_as: str) -> None:
    request = replace(signed(signed_as, {"To": "+12025550123"}, b"To=%2B12025550123"), url=configured)
    assert believed(request)


def test_a_url_that_cannot_be_read_is_a_bad_signature() -> None:
    for url in ("https://[::1/webhooks", "https://hooks.example.com:port/", "https://h:99999999/"):
        assert not believed(replace(signed(URL, {}, b""), url=url))


def test_each_distinct_value_of_a_field_is_signed_once() -> None:
    class Params(dict[str, str]):
        """As Django gives a form's fields."""

        def getlist(self, _name: str) -> list[str]:
            return ["b", "a", "a"]

    params = Params(MediaUrl="")
    assert believed(signed(URL, params, b"MediaUrl=b&MediaUrl=a&MediaUrl=a"))


def test_a_body_that_is_no_form_is_told_by_its_hash() -> None:
    body = b'{"specversion": "1.0"}'
    url = f"{URL}?bodySHA256={sha256(body).hexdigest()}"
    assert believed(signed(url, {}, body))
    assert not believed(signed(url, {}, body + b" "))


@pytest.mark.parametrize("body", [b"{}", b"To=1&From", b"To=\xff"])
def test_a_body_that_is_no_form_and_is_not_told_by_its_hash_is_a_bad_signature(body: bytes) -> None:
    assert not believed(signed(URL, {}, body))


def test_a_rotated_token_counts_beside_the_new_one() -> None:
    request = signed(URL, {"To": "1"}, b"To=1", token="old")
    assert believed(request, "new", "old")
    assert not believed(request, "new")


@pytest.mark.parametrize("place", [0, 13, 26])
def test_one_bit_flipped_in_header_body_url_or_key_is_a_bad_signature(place: int) -> None:
    request = sample("twilio", "undelivered-30005").request
    token = key("twilio")
    signature = request.headers["x-twilio-signature"]
    body = flipped(request.body.decode(), -1 - place).encode()
    assert believed(request, token)
    assert not believed(replace(request, headers={"x-twilio-signature": flipped(signature, place)}), token)
    assert not believed(replace(request, body=body), token)
    assert not believed(replace(request, url=flipped(request.url, -1 - place)), token)
    assert not believed(request, flipped(token, place % len(token)))


def test_an_answer_is_empty_twiml() -> None:
    answer = providers.answer("twilio", sample("twilio", "inbound-stop").request)
    assert (answer.status, answer.headers["content-type"], answer.body) == (200, "text/xml", "<Response/>")


def test_twilio_calls_by_post_only() -> None:
    answer = providers.probe("twilio", WebhookRequest(method="GET", url=URL))
    assert answer is not None
    assert (answer.status, answer.headers) == (405, {"allow": "HEAD, POST"})


def one(fields: Mapping[str, str], query: Mapping[str, str] | None = None) -> DeliveryEvent | None:
    reading = providers.read("twilio", urlencode(fields).encode(), {}, query)
    assert reading.error is None
    return reading.events[0] if reading.events else None


def text(status: str, code: str = "", **more: str) -> DeliveryEvent | None:
    fields = {"MessageSid": "SM1", "MessageStatus": status, "To": "+12025550123", "From": "+12025550100"}
    return one(fields | ({"ErrorCode": code} if code else {}) | more)


def call(status: str, **more: str) -> DeliveryEvent | None:
    return one({"CallSid": "CA1", "CallStatus": status, "To": "+12025550123"} | more)


@pytest.mark.parametrize("code", sorted(rows("twilio", "ERRORS")))
def test_every_error_code_gives_its_classification(code: str) -> None:
    event = text("failed", code)
    assert event is not None
    assert (event.kind, event.permanence, event.cause) == rows("twilio", "ERRORS")[code]
    assert event.provider_code == code


@pytest.mark.parametrize("code", nothing("twilio", "ERRORS"))
def test_a_code_of_another_channel_or_of_a_text_that_came_in_gives_nothing(code: str) -> None:
    assert text("failed", code) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("accepted", None),
        ("scheduled", None),
        ("queued", None),
        ("sending", None),
        ("canceled", None),
        ("something_new", None),
        ("sent", Kind.SENT),
        ("delivered", Kind.DELIVERED),
        ("read", Kind.DELIVERED),
        ("partially_delivered", Kind.DELIVERED),
        ("undelivered", Kind.FAILED),
        ("failed", Kind.FAILED),
    ],
)
def test_a_texts_status_gives_its_kind(status: str, kind: Kind | None) -> None:
    event = text(status)
    assert (event and event.kind) == kind


@pytest.mark.parametrize(
    ("status", "more", "told"),
    [
        ("ringing", {}, (Kind.SENT, None, None)),
        ("in-progress", {"AnsweredBy": "human"}, (Kind.DELIVERED, None, None)),
        (
            "completed",
            {"AnsweredBy": "fax"},
            (Kind.FAILED, Permanence.UNDETERMINED, Cause.LANDLINE_OR_INCAPABLE),
        ),
        ("busy", {}, (Kind.FAILED, Permanence.TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)),
        (
            "busy",
            {"AnsweredBy": "fax"},
            (Kind.FAILED, Permanence.TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE),
        ),
        ("failed", {}, (Kind.FAILED, Permanence.UNDETERMINED, Cause.UNKNOWN)),
        (
            "failed",
            {"SipResponseCode": "603"},
            (Kind.FAILED, Permanence.UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM),
        ),
        (
            "failed",
            {"SipResponseCode": "480"},
            (Kind.FAILED, Permanence.TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE),
        ),
        ("failed", {"ErrorCode": "21217"}, (Kind.BOUNCED, Permanence.PERMANENT, Cause.INVALID_ADDRESS)),
        ("failed", {"ErrorCode": "99999"}, (Kind.FAILED, Permanence.UNDETERMINED, Cause.UNKNOWN)),
        ("canceled", {}, None),
    ],
)
def test_a_calls_status_gives_its_kind(
    status: str, more: dict[str, str], told: tuple[Kind, Permanence | None, Cause | None] | None
) -> None:
    event = call(status, **more)
    assert (event and (event.kind, event.permanence, event.cause)) == told
    assert event is None or event.channel is Channel.VOICE


def test_a_call_without_a_sequence_number_is_told_by_its_status() -> None:
    first, second = call("busy"), call("busy", SequenceNumber="3")
    assert first is not None
    assert second is not None
    assert (first.event_id, second.event_id) == ("CA1:busy", "CA1:3")


def test_a_status_that_comes_twice_has_one_id_and_two_have_two() -> None:
    first, again, other = text("sent"), text("sent", ErrorMessage="x"), text("delivered")
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.event_id == again.event_id != other.event_id


@pytest.mark.parametrize("to", ["whatsapp:+12025550123", "rcs:agent", "24273", "SCHOOL", ""])
def test_another_channel_or_nobodys_number_gives_no_event(to: str) -> None:
    assert text("delivered", To=to) is None


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"Body": "Opt Out"}, Kind.OPTED_OUT),
        ({"Body": "UNSTOP"}, Kind.OPTED_IN),
        ({"Body": "stop please"}, None),
        ({"Body": ""}, None),
        ({"Body": "salir", "OptOutType": "STOP"}, Kind.OPTED_OUT),  # a keyword of the school's own
        ({"Body": "help", "OptOutType": "HELP"}, None),
        ({"Body": "stop", "From": "24273"}, None),
    ],
)
def test_what_a_person_texts(more: dict[str, str], kind: Kind | None) -> None:
    event = one({"SmsSid": "SM1", "SmsStatus": "received", "From": "+12025550123", "To": "+1"} | more)
    assert (event and event.kind) == kind
    assert event is None or event.provider_message_id is None


def test_our_tags_come_back_by_the_callbacks_query() -> None:
    query = {"reachable_id": "m1", "reachable_t": "not a time", "reachable_user": "u1", "campaign": "spring"}
    event = one({"MessageSid": "SM1", "MessageStatus": "sent", "To": "+12025550123"}, query)
    assert event is not None
    assert event.metadata == query
    assert event.sent_at is None


def test_a_time_that_is_none_costs_the_time_alone() -> None:
    event = one({"CallSid": "CA1", "CallStatus": "busy", "To": "+12025550123", "Timestamp": "then"})
    assert event is not None
    assert (event.kind, event.occurred_at) == (Kind.FAILED, None)


def test_a_form_that_names_no_message_tells_what_became_of_whom_all_the_same() -> None:
    first, again = (
        one({"MessageStatus": "undelivered", "To": "+12025550123", "ErrorCode": "30003"}) for _ in "ab"
    )
    other = one({"MessageStatus": "undelivered", "To": "+12025550124", "ErrorCode": "30003"})
    assert first is not None
    assert other is not None
    assert first == again
    assert (first.address, first.cause) == ("+12025550123", Cause.INACTIVE_OR_UNREACHABLE)
    assert (first.provider_message_id, first.event_id != other.event_id) == (None, True)


def test_a_form_that_tells_nothing_is_told_with_its_place() -> None:
    with pytest.raises(ParseError) as caught:
        providers.parse("twilio", b"MessageSid=SM1&To=%2B12025550123", {})
    assert caught.value.where == "MessageStatus"


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "completed", "ringing"])
def test_a_call_that_came_in_is_no_event(status: str) -> None:
    """Its To is our own number."""
    assert call(status, Direction="inbound") is None
    assert call(status, Direction="Inbound") is None
    assert call(status, Direction="outbound-api") is not None
    assert call(status, Direction="outbound-dial") is not None
    assert call(status, Direction="") is not None


def test_what_stands_for_the_code_where_there_is_none() -> None:
    events = [text("delivered"), call("completed"), text("failed", "30003")]
    assert [event and event.provider_code for event in events] == ["delivered", "completed", "30003"]


def test_two_texts_without_an_id_are_of_two_people() -> None:
    said = {"SmsStatus": "received", "Body": "STOP"}
    ada, again, ben = (
        one(said | {"From": sender}) for sender in ("+12025550123", "+12025550123", "+12025550124")
    )
    assert ada is not None
    assert ben is not None
    assert ada == again
    assert ada.event_id != ben.event_id


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"OptOutType": "STOP", "Body": "bye"}, Kind.OPTED_OUT),
        ({"OptOutType": "START", "Body": "join"}, Kind.OPTED_IN),
        ({"OptOutType": "HELP", "Body": "STOP"}, None),
        ({"OptOutType": "", "Body": "STOP"}, Kind.OPTED_OUT),
        ({"OptOutType": "something new", "Body": "STOP"}, Kind.OPTED_OUT),
        ({"Body": "yes"}, Kind.OPTED_IN),
    ],
)
def test_what_twilio_says_a_text_means_counts_else_its_words(
    fields: dict[str, str], kind: Kind | None
) -> None:
    for status in ({"SmsStatus": "received"}, {}):
        event = one({"MessageSid": "SM1", "From": "+12025550123", "To": "+12025550100"} | status | fields)
        assert (event and event.kind) == kind
