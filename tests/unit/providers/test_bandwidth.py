"""Bandwidth's basic auth, and the words and codes that no sample shows."""

import base64
import json
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from reachable import providers
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.errors import ParseError
from reachable.providers import WebhookRequest
from tests.unit.providers import samples
from tests.unit.providers.rows import rows
from tests.unit.providers.samples import flipped, key, sample

believed = partial(samples.believed, "bandwidth")


def with_auth(authorization: str) -> WebhookRequest:
    return replace(sample("bandwidth", "delivered").request, headers={"Authorization": authorization})


def test_one_bit_flipped_in_header_or_key_is_a_bad_signature() -> None:
    request = sample("bandwidth", "delivered").request
    header, secret = request.headers["authorization"], key("bandwidth")
    assert believed(request, secret)
    for place in range(len("Basic "), len(header.rstrip("="))):
        assert not believed(with_auth(flipped(header, place)), secret)
    for place in range(len(secret)):
        assert not believed(request, flipped(secret, place))


def test_two_passwords_count_at_once() -> None:
    request = sample("bandwidth", "delivered").request
    assert believed(request, "reachable:newer", key("bandwidth"))
    assert not believed(request, "reachable:newer")


def test_a_header_of_our_own_is_enough() -> None:
    request = replace(sample("bandwidth", "delivered").request, headers={"X-Hook": "hush"})
    assert believed(request, "reachable:newer", "X-Hook: hush")
    assert not believed(request, "X-Hook: hush!")


def test_an_empty_secret_proves_nothing() -> None:
    for header in ("Basic ", "Basic Og==", "Basic IA=="):
        assert not believed(with_auth(header), "")
        assert not believed(with_auth(header), " ")


@pytest.mark.parametrize("header", ["", "Basic", "Basic ====", "Basic /w==", "Bearer x", "Basic \ud800"])
def test_malformed_credentials_are_a_bad_signature(header: str) -> None:
    assert not believed(with_auth(header), key("bandwidth"))


def test_credentials_may_hold_any_script() -> None:
    secret = "schule:größe"
    assert believed(with_auth("Basic " + base64.b64encode(secret.encode()).decode()), secret)


def events(*records: dict[str, Any]) -> tuple[DeliveryEvent, ...]:
    reading = providers.read("bandwidth", json.dumps(records).encode(), {})
    assert reading.error is None
    assert len(reading.events) + reading.skipped == len(records)
    return reading.events


def text(type_: str, code: Any = None, **more: Any) -> dict[str, Any]:
    message = {"id": "m-1", "time": "2026-09-14T08:29:58Z", "to": ["+12025550123"], "from": "+12025550100"}
    return {
        "type": type_,
        "time": "2026-09-14T08:30:04.501234Z",
        "to": "+12025550123",
        "errorCode": code,
        "message": message,
    } | more


def one(record: dict[str, Any]) -> DeliveryEvent | None:
    found = events(record)
    return found[0] if found else None


def told(event: DeliveryEvent | None) -> tuple[Kind, Permanence | None, Cause | None] | None:
    return (event.kind, event.permanence, event.cause) if event else None


@pytest.mark.parametrize("code", sorted(rows("bandwidth", "ERRORS")))
def test_every_error_code_gives_its_classification_as_number_and_as_text(code: str) -> None:
    classification = rows("bandwidth", "ERRORS")[code]
    for written in (int(code), code):
        event = one(text("message-failed", written))
        assert told(event) == (classification.kind, classification.permanence, classification.cause)
        assert event is not None
        assert event.provider_code == code


UNREACHABLE = (Kind.FAILED, Permanence.TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
UNKNOWN = (Kind.FAILED, Permanence.UNDETERMINED, Cause.UNKNOWN)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (4799, (Kind.BOUNCED, Permanence.UNDETERMINED, Cause.UNKNOWN)),
        (4999, UNKNOWN),
        (5700, (Kind.FAILED, Permanence.TRANSIENT, Cause.UNKNOWN)),
        (9998, UNKNOWN),
        (1, UNKNOWN),
        ("something", UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_of_a_code_without_a_row_the_first_digits_count(
    code: Any, expected: tuple[Kind, Permanence | None, Cause | None]
) -> None:
    assert told(one(text("message-failed", code))) == expected


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("message-sending", Kind.SENT),
        ("message-sent", Kind.SENT),
        ("message-delivered", Kind.DELIVERED),
        ("message-read", Kind.DELIVERED),
        ("message-something-new", None),
    ],
)
def test_a_texts_type_gives_its_kind(type_: str, kind: Kind | None) -> None:
    event = one(text(type_))
    assert (event and event.kind) == kind


def test_only_the_number_beside_the_type_is_blamed() -> None:
    """``message.to`` is the whole group."""
    first, second = events(
        text("message-failed", 4720, to="+12025550187"), text("message-failed", 4720, to="+12025550188")
    )
    assert (first.address, second.address) == ("+12025550187", "+12025550188")
    assert first.event_id != second.event_id
    assert first.provider_message_id == second.provider_message_id == "m-1"


def test_a_bad_entry_costs_itself_alone() -> None:
    body = [text("message-delivered"), {"time": "2026-09-14T08:30:04Z"}]
    with pytest.raises(ParseError) as caught:
        providers.parse("bandwidth", json.dumps(body).encode(), {})
    assert caught.value.where == "[1].type"
    assert [one.kind for one in caught.value.events] == [Kind.DELIVERED]


def test_a_text_to_no_phone_number_names_nobody() -> None:
    assert one(text("message-failed", 4720, to="24273")) is None
    assert one(text("message-failed", 4720, to=None)) is None


@pytest.mark.parametrize(
    ("words", "sender", "kind"),
    [
        ("stop ", "+12025550123", Kind.OPTED_OUT),
        ("Unstop", "+12025550123", Kind.OPTED_IN),
        ("Thank you", "+12025550123", None),
        ("stop", "24273", None),
    ],
)
def test_what_a_person_texts(words: str, sender: str, kind: Kind | None) -> None:
    """``to`` is our own number here."""
    message = {"id": "in-1", "from": sender, "to": ["+12025550100"], "text": words}
    event = one(text("message-received", to="+12025550100", message=message))
    assert (event and event.kind) == kind
    if event is not None:
        assert (event.address, event.event_id) == ("+12025550123", "in-1")
        assert event.provider_message_id is None


def call(cause: str | None, **more: Any) -> DeliveryEvent | None:
    record = {
        "eventType": "disconnect",
        "eventTime": "2026-09-14T08:30:04.501Z",
        "callId": "c-1",
        "to": "+12025550123",
        "from": "+12025550100",
        "direction": "outbound",
        "startTime": "2026-09-14T08:29:58Z",
        "cause": cause,
        "tag": "our-id",
    }
    reading = providers.read("bandwidth", json.dumps(record | more).encode(), {})
    assert reading.error is None
    assert len(reading.events) + reading.skipped == 1
    return reading.events[0] if reading.events else None


OURS = (Kind.FAILED, Permanence.TRANSIENT, Cause.ACCOUNT_OR_QUOTA)
INVALID = (Kind.BOUNCED, Permanence.PERMANENT, Cause.INVALID_ADDRESS)


@pytest.mark.parametrize(
    ("cause", "more", "expected"),
    [
        ("hangup", {"answerTime": "2026-09-14T08:30:00Z"}, (Kind.DELIVERED, None, None)),
        ("hangup", {}, UNKNOWN),
        ("hangup", {"answerTime": None}, UNKNOWN),
        ("busy", {}, UNREACHABLE),
        ("timeout", {}, UNREACHABLE),
        ("rejected", {}, UNKNOWN),
        (
            "rejected",
            {"sipResponseCode": 603},
            (Kind.FAILED, Permanence.UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM),
        ),
        ("rejected", {"sipResponseCode": 503}, UNREACHABLE),
        ("rejected", {"sipResponseCode": 404}, INVALID),
        ("rejected", {"sipResponseCode": "484"}, INVALID),
        ("busy", {"sipResponseCode": 404}, UNREACHABLE),
        ("account-limit", {}, OURS),
        ("invalid-bxml", {}, OURS),
        ("error", {}, UNKNOWN),
        ("something-new", {}, UNKNOWN),
        (None, {}, UNKNOWN),
        ("cancel", {}, None),
        ("busy", {"direction": "inbound"}, None),
        ("busy", {"to": "sip:ada@example.org"}, None),
        ("busy", {"eventType": "answer"}, None),
    ],
)
def test_how_a_call_ended_gives_its_kind(
    cause: str | None, more: dict[str, Any], expected: tuple[Kind, Permanence | None, Cause | None] | None
) -> None:
    assert told(call(cause, **more)) == expected


def test_a_call_keeps_what_tells_it_apart() -> None:
    event = call("rejected", sipResponseCode=404, errorMessage="No such number")
    assert event is not None
    assert event.channel is Channel.VOICE
    assert (event.event_id, event.provider_message_id) == ("c-1:disconnect", "c-1")
    assert (event.provider_code, event.diagnostic) == ("rejected/404", "No such number")
    assert event.metadata == {"reachable_id": "our-id"}
    assert event.occurred_at is not None
    assert event.sent_at is not None


def test_a_call_without_a_time_of_the_event_ended_when_it_ended() -> None:
    event = call("busy", eventTime=None, endTime="2026-09-14T08:30:09Z")
    assert event is not None
    assert event.occurred_at is not None
    assert event.occurred_at.isoformat() == "2026-09-14T08:30:09+00:00"
