"""Mailgun's signature, which lies in the body, and what ends a message that Mailgun gave up."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from reachable import providers
from reachable.model.delivery_event import Cause, DeliveryEvent, Kind, Permanence
from reachable.model.errors import ParseError
from reachable.providers import WebhookRequest
from tests.unit.providers import samples
from tests.unit.providers.rows import rows
from tests.unit.providers.samples import NOW, flipped, key, sample

URL = "https://hooks.example.com/webhooks/mailgun"
KEY = key("mailgun")
TOKEN = "53997d76c10d1609e9cf22273dcb8a1de4f1d9687bfc94af5b"

PERMANENT, TRANSIENT, UNDETERMINED = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED
HARD, MAYBE = (Kind.BOUNCED, PERMANENT), (Kind.BOUNCED, UNDETERMINED)
TRYING, OURS = (Kind.DELAYED, None), (Kind.REJECTED, UNDETERMINED)
SPAM, FULL = "carrier_blocked_or_spam", "mailbox_full"


believed = partial(samples.believed, "mailgun", default=KEY)


def proof(secret: str = KEY, at: int = int(NOW.timestamp()), token: str = TOKEN) -> dict[str, str]:
    made = hmac.new(secret.encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": str(at), "token": token, "signature": made}


def call(**body: Any) -> WebhookRequest:
    return WebhookRequest(url=URL, body=json.dumps(body).encode())


@pytest.mark.parametrize("part", ["timestamp", "token", "signature"])
@pytest.mark.parametrize("place", [0, 9])
def test_one_bit_flipped_in_time_token_or_signature_is_a_bad_signature(part: str, place: int) -> None:
    request = sample("mailgun", "delivered").request
    right = json.loads(request.body)["signature"][part]
    assert believed(request)
    assert not believed(
        replace(request, body=request.body.replace(right.encode(), flipped(right, place).encode()))
    )


@pytest.mark.parametrize("place", [0, 9, 17])
def test_one_bit_flipped_in_the_key_is_a_bad_signature(place: int) -> None:
    assert not believed(sample("mailgun", "delivered").request, flipped(KEY, place))


def test_two_keys_count_at_once() -> None:
    request = call(signature=proof("old"))
    assert believed(request, "new", "old")
    assert not believed(request, "new")


def test_an_event_of_a_subaccount_counts_by_the_parents_key() -> None:
    both = {"signature": proof("child"), "parent-signature": proof("parent")}
    assert believed(call(**both), "parent")
    assert believed(call(**both), "child")
    assert not believed(call(**both), "other")


def used(**body: Any) -> dict[str, str]:
    return dict(providers.one_use("mailgun", call(**body)))


FAILED = {
    "event": "failed",
    "id": "a",
    "timestamp": 1,
    "recipient": "ada@example.org",
    "severity": "temporary",
}


@pytest.mark.parametrize(
    "other",
    [
        {"id": "b"},
        {"event": "complained"},
        {"recipient": "ben@example.org"},
        {"severity": "permanent"},
        {"reason": "suppress-bounce"},
        {"timestamp": 2},
        {"delivery-status": {"code": 550}},
        {"message": {"headers": {"to": "ben@example.org"}}},
        {"reject": {"reason": "virus"}},
    ],
    ids=str,
)
def test_a_token_that_comes_again_with_another_event_is_told_from_a_repeat(other: dict[str, Any]) -> None:
    """The signature covers the token and not the event."""
    first = used(signature=proof(), **{"event-data": FAILED})
    assert list(first) == [TOKEN]
    assert used(signature=proof(), **{"event-data": dict(reversed(FAILED.items()))}) == first
    assert used(signature=proof(), **{"event-data": FAILED | other})[TOKEN] != first[TOKEN]


def test_a_seen_proof_beside_a_new_token_is_still_used() -> None:
    seen, new = proof(token="seen"), proof("any", token="new")
    both = used(signature=new, **{"parent-signature": seen, "event-data": FAILED})
    assert list(both) == ["new", "seen"]
    assert used(signature=seen, **{"parent-signature": new, "event-data": FAILED}) == both


def test_what_a_token_came_with_is_kept_as_a_digest() -> None:
    """It lies in a table: nobody's address is in it."""
    [said] = used(signature=proof(), **{"event-data": FAILED}).values()
    assert len(said) == 64
    assert "ada" not in said


@pytest.mark.parametrize(
    ("away", "right"),
    [
        (timedelta(hours=9), True),
        (timedelta(hours=9, seconds=1), False),
        (timedelta(hours=-9, seconds=-1), False),
    ],
)
def test_the_last_retry_counts_and_a_later_replay_does_not(away: timedelta, right: bool) -> None:
    at = int((NOW - away).timestamp())
    assert believed(call(signature=proof(at=at))) is right
    assert believed(call(signature=proof(), **{"parent-signature": proof(at=at)})) is right


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"signature": null}',
        b'{"signature": "x"}',
        b'{"signature": {"timestamp": "1789374610", "token": "x"}}',
        b'{"signature": {"timestamp": "then", "token": "x", "signature": "y"}}',
        '{"signature": {"timestamp": "1789374610", "token": "ü", "signature": "ü"}}'.encode(),
        b"timestamp=1789374610&token=x&signature=y",  # the form of old accounts
    ],
)
def test_a_body_without_a_readable_signature_is_a_bad_signature(body: bytes) -> None:
    assert not believed(WebhookRequest(url=URL, body=body))


def one(**fields: Any) -> DeliveryEvent | None:
    data = {"id": "i1", "timestamp": 1789374604.501, "recipient": "ada@example.com"} | fields
    reading = providers.read("mailgun", json.dumps({"signature": proof(), "event-data": data}).encode(), {})
    assert reading.error is None
    return reading.events[0] if reading.events else None


def failed(
    severity: str | None, reason: str | None = None, **status: Any
) -> tuple[Kind, Permanence | None, Cause | None]:
    event = one(event="failed", severity=severity, reason=reason, **{"delivery-status": status})
    assert event is not None
    return event.kind, event.permanence, event.cause


@pytest.mark.parametrize("reason", sorted(rows("mailgun", "REASONS")))
def test_every_reason_of_mailguns_own_gives_its_classification(reason: str) -> None:
    row = rows("mailgun", "REASONS")[reason]
    assert failed("permanent", reason) == (row.kind, row.permanence, row.cause)


@pytest.mark.parametrize("code", sorted(rows("mailgun", "CODES")))
@pytest.mark.parametrize("written", [int, str])
def test_every_code_of_mailguns_own_gives_its_classification(code: str, written: type) -> None:
    row = rows("mailgun", "CODES")[code]
    told = failed("permanent", "generic", code=written(code), message="")
    assert told == (row.kind, row.permanence, row.cause)


@pytest.mark.parametrize(
    ("severity", "reason", "status", "expected"),
    [
        # never a bounce while Mailgun tries
        ("temporary", "generic", {"code": 550, "enhanced-code": "5.1.1"}, (*TRYING, "invalid_address")),
        ("temporary", "old", {"code": 421, "message": "later"}, (*TRYING, "unknown")),
        ("Temporary", "suppress-bounce", {}, (*TRYING, "unknown")),
        # the server's answer, wherever it stands
        ("permanent", "bounce", {"code": "5.1.1"}, (*HARD, "invalid_address")),
        ("permanent", "bounce", {"code": 550, "message": "No such user"}, (*HARD, "invalid_address")),
        ("permanent", "bounce", {"code": 550, "message": "550 5.2.1 x"}, (*HARD, "inactive_or_unreachable")),
        ("permanent", "bounce", {"code": 550, "message": "", "description": "5.2.2"}, (*MAYBE, FULL)),
        ("permanent", "generic", {"code": 550, "message": "5.7.1 spam"}, (*MAYBE, SPAM)),
        ("permanent", "bounce", {"code": 554, "message": "looks like spam"}, (*MAYBE, SPAM)),
        ("permanent", "bounce", {"enhanced-code": "5.7.26"}, (*OURS, "account_or_quota")),
        ("permanent", "something-new", {"code": 699, "message": "?"}, (*HARD, "unknown")),
        (None, "bounce", {"code": 550, "enhanced-code": "5.1.1"}, (*MAYBE, "invalid_address")),
        ("something-new", None, {}, (*MAYBE, "unknown")),
    ],
)  # fmt: skip
def test_a_failure_by_its_severity_and_the_servers_answer(
    severity: str | None, reason: str | None, status: dict[str, Any], expected: tuple[Any, Any, str]
) -> None:
    assert failed(severity, reason, **status) == expected


def test_a_delivery_status_may_be_null() -> None:
    event = one(event="failed", severity="permanent", reason="generic", **{"delivery-status": None})
    assert event is not None
    assert (event.permanence, event.cause) == (PERMANENT, Cause.UNKNOWN)


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("Sandbox subdomains are for test purposes only", Cause.ACCOUNT_OR_QUOTA),
        ("Virus found", Cause.CONTENT_OR_SIZE),
        ("something new", Cause.UNKNOWN),
        ("", Cause.UNKNOWN),
    ],
)
def test_a_rejection_names_the_person_in_the_messages_headers_only(reason: str, cause: Cause) -> None:
    event = one(
        event="rejected",
        recipient=None,
        reject={"reason": reason, "description": ""},
        message={"headers": {"to": "Ada <Ada@Example.com>"}},
    )
    assert event is not None
    assert (event.kind, event.permanence, event.cause) == (Kind.REJECTED, PERMANENT, cause)
    assert event.address == "ada@example.com"


def test_a_rejection_of_a_message_to_several_names_nobody() -> None:
    headers = {"to": "ada@example.com, bob@example.com"}
    assert one(event="rejected", recipient=None, message={"headers": headers}) is None
    assert one(event="rejected", recipient=None) is None


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("accepted", Kind.SENT),
        ("unsubscribed", Kind.OPTED_OUT),
        ("opened", None),
        ("stored", None),
        ("something_new", None),
    ],
)
def test_what_else_is_told(word: str, kind: Kind | None) -> None:
    event = one(event=word)
    assert (event and event.kind) == kind


def test_an_id_is_of_its_day_since_mailgun_uses_it_again() -> None:
    today, tomorrow = one(event="delivered"), one(event="delivered", timestamp=1789374604.501 + 86400)
    assert today is not None
    assert tomorrow is not None
    assert (today.event_id, tomorrow.event_id) == ("2026-09-14:i1", "2026-09-15:i1")


def test_without_an_id_the_token_tells_a_repeat_and_without_that_what_happened() -> None:
    event = one(event="delivered", id=None)
    assert event is not None
    assert event.event_id == TOKEN
    data = {"event": "delivered", "recipient": "ada@example.com", "timestamp": 1789374604}
    first, again, other = (
        providers.parse("mailgun", json.dumps({"event-data": data | more}).encode(), {})[0].event_id
        for more in ({}, {"tags": ["x"]}, {"event": "complained"})
    )
    assert first == again != other
    timeless = one(event="delivered", timestamp=None)
    assert timeless is not None
    assert (timeless.event_id, timeless.occurred_at) == ("i1", None)


def test_a_message_id_has_no_angle_brackets_and_our_tags_come_back() -> None:
    event = one(
        event="delivered",
        message={"headers": {"message-id": "<a.1@mg.example.com>"}},
        **{"user-variables": {"reachable_id": "m1", "reachable_t": "2026-09-14T08:29:58Z", "class": "5b"}},
    )
    assert event is not None
    assert event.provider_message_id == "a.1@mg.example.com"
    assert event.metadata["class"] == "5b"
    assert event.sent_at is not None


def test_a_post_without_event_data_is_told_with_its_place() -> None:
    with pytest.raises(ParseError) as caught:
        providers.parse("mailgun", b'{"signature": {}}', {})
    assert caught.value.where == "event-data"
