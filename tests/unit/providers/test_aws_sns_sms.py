"""What of Amazon SNS's delivery log no sample shows."""

import json
from typing import Any

import pytest

from reachable import providers
from reachable.model.delivery_event import Cause, DeliveryEvent, Kind, Permanence
from tests.unit.providers.rows import rows


def line(status: str, response: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "notification": {"messageId": "m-1", "timestamp": "2026-09-14 08:30:03.502"},
        "delivery": {"destination": "+12025550123", "providerResponse": response, "dwellTimeMs": 999} | more,
        "status": status,
    }


def one(body: dict[str, Any]) -> DeliveryEvent | None:
    reading = providers.read("aws_sns_sms", json.dumps(body).encode(), {})
    assert reading.error is None
    assert bool(reading.events) != bool(reading.skipped)
    return reading.events[0] if reading.events else None


@pytest.mark.parametrize("response", sorted(rows("aws_sns_sms", "FAILURES")))
@pytest.mark.parametrize("write", [str, str.upper, lambda text: f" {text.capitalize()}. "])
def test_every_response_gives_its_classification_in_any_case(response: str, write: Any) -> None:
    event, classification = one(line("FAILURE", write(response))), rows("aws_sns_sms", "FAILURES")[response]
    assert event is not None
    assert (event.kind, event.permanence, event.cause) == (
        classification.kind,
        classification.permanence,
        classification.cause,
    )
    assert event.diagnostic == write(response)


@pytest.mark.parametrize("response", ["Something that AWS never wrote", "", None])
def test_a_response_that_is_not_documented_is_kept_with_an_unknown_cause(response: str | None) -> None:
    event = one(line("FAILURE", response))
    assert event is not None
    assert (event.kind, event.permanence, event.cause) == (
        Kind.FAILED,
        Permanence.UNDETERMINED,
        Cause.UNKNOWN,
    )


@pytest.mark.parametrize(
    ("status", "kind"),
    [("SUCCESS", Kind.DELIVERED), ("success", Kind.DELIVERED), ("FAILURE", Kind.FAILED), ("PENDING", None)],
)
def test_a_status_gives_its_kind(status: str, kind: Kind | None) -> None:
    event = one(line(status))
    assert (event and event.kind) == kind


def test_it_happened_as_long_after_the_publishing_as_the_text_dwelt() -> None:
    event = one(line("SUCCESS", dwellTimeMs=61_000.5))
    assert event is not None
    assert event.occurred_at is not None
    assert event.sent_at is not None
    assert event.sent_at.isoformat() == "2026-09-14T08:30:03.502000+00:00"
    assert event.occurred_at.isoformat() == "2026-09-14T08:31:04.502500+00:00"


def test_without_a_dwelling_time_no_time_of_the_event_is_told() -> None:
    event = one(line("SUCCESS", dwellTimeMs=None))
    assert event is not None
    assert event.occurred_at is None
    assert event.sent_at is not None


def test_without_a_time_of_publishing_no_time_is_told() -> None:
    body = line("SUCCESS")
    del body["notification"]["timestamp"]
    event = one(body)
    assert event is not None
    assert (event.occurred_at, event.sent_at) == (None, None)


@pytest.mark.parametrize("dwelt", ["soon", True, 10**30, [1]])
def test_a_dwelling_time_that_is_none_costs_the_time_alone(dwelt: Any) -> None:
    event = one(line("SUCCESS", dwellTimeMs=dwelt))
    assert event is not None
    assert (event.kind, event.occurred_at) == (Kind.DELIVERED, None)


def test_a_line_has_one_id_however_often_it_comes_and_a_status_its_own() -> None:
    first, again, other = one(line("FAILURE", "a")), one(line("FAILURE", "a")), one(line("SUCCESS"))
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.event_id == again.event_id == "m-1:2026-09-14 08:30:03.502:FAILURE:+12025550123"
    assert other.event_id == "m-1:2026-09-14 08:30:03.502:SUCCESS:+12025550123"


def test_a_text_to_no_phone_number_names_nobody() -> None:
    assert one(line("FAILURE", "Invalid phone number", destination="arn:aws:sns:...")) is None


def test_sns_calls_no_webhook() -> None:
    assert not providers.takes_webhooks("aws_sns_sms")
