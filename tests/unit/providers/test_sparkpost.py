"""SparkPost's basic auth, its bounce classes, and what its own lists say."""

import base64
import json
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from reachable import providers
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.errors import ParseError
from reachable.providers import WebhookRequest, sparkpost
from tests.unit.providers import samples
from tests.unit.providers.samples import flipped, key, sample

type Told = tuple[Kind, Permanence | None, Cause | None]

PERMANENT, TRANSIENT, UNDETERMINED = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED
SENT: Told = (Kind.SENT, None, None)
DELIVERED: Told = (Kind.DELIVERED, None, None)
COMPLAINED: Told = (Kind.COMPLAINED, None, Cause.COMPLAINT)
OPTED_OUT: Told = (Kind.OPTED_OUT, None, Cause.OPT_OUT)
OPTED_IN: Told = (Kind.OPTED_IN, None, None)
INVALID: Told = (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)
SUPPRESSED: Told = (Kind.BOUNCED, PERMANENT, Cause.PROVIDER_SUPPRESSED)
SOME_LIST: Told = (Kind.BOUNCED, UNDETERMINED, Cause.PROVIDER_SUPPRESSED)
BLOCKED: Told = (Kind.BOUNCED, TRANSIENT, Cause.CARRIER_BLOCKED_OR_SPAM)
CONTENT: Told = (Kind.BOUNCED, TRANSIENT, Cause.CONTENT_OR_SIZE)
UNREACHABLE: Told = (Kind.BOUNCED, TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)
NOT_SENT: Told = (Kind.REJECTED, PERMANENT, Cause.CONTENT_OR_SIZE)
OURS: Told = (Kind.REJECTED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)


believed = partial(samples.believed, "sparkpost")


def with_headers(**headers: str) -> WebhookRequest:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(sample("sparkpost", "batch").request, headers=names)


def test_one_bit_flipped_in_header_or_key_is_a_bad_signature() -> None:
    request = sample("sparkpost", "batch").request
    header, secret = request.headers["authorization"], key("sparkpost")
    assert believed(request, secret)
    for place in range(len("Basic "), len(header.rstrip("="))):
        assert not believed(with_headers(Authorization=flipped(header, place)), secret)
    for place in range(len(secret)):
        assert not believed(request, flipped(secret, place))


def test_two_passwords_count_at_once() -> None:
    request = sample("sparkpost", "batch").request
    assert believed(request, "reachable:newer", key("sparkpost"))
    assert not believed(request, "reachable:newer")


def test_the_token_of_an_old_webhook_is_enough() -> None:
    request = with_headers(X_MessageSystems_Webhook_Token="hush")
    assert believed(request, "reachable:newer", "X-MessageSystems-Webhook-Token: hush")
    assert not believed(request, "X-MessageSystems-Webhook-Token: hush!")
    assert not believed(request, "reachable:newer")


@pytest.mark.parametrize("header", ["", "Basic", "Basic ====", "Basic /w==", "Bearer x", "Basic \ud800"])
def test_malformed_credentials_and_oauth_are_a_bad_signature(header: str) -> None:
    assert not believed(with_headers(Authorization=header), key("sparkpost"))


def test_credentials_may_hold_any_script() -> None:
    secret = "schule:größe"
    authorization = "Basic " + base64.b64encode(secret.encode()).decode()
    assert believed(with_headers(Authorization=authorization), secret)


def entry(type_: str | None, *, class_name: str = "message_event", **more: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "type": type_,
        "event_id": "e-1",
        "timestamp": "1789374604",
        "transmission_id": "t-1",
        "message_id": "m-1",
        "injection_time": "2026-09-14T08:29:58.000Z",
        "rcpt_to": "ada@example.com",
        "raw_rcpt_to": "Ada@Example.com",
        "rcpt_meta": {},
    }
    return {"msys": {class_name: fields | more}}


def events(*entries: Any) -> tuple[DeliveryEvent, ...]:
    reading = providers.read("sparkpost", json.dumps(entries).encode(), {})
    assert reading.error is None
    assert len(reading.events) + reading.skipped == len(entries)
    return reading.events


def event(type_: str | None, **more: Any) -> DeliveryEvent:
    [found] = events(entry(type_, **more))
    return found


def told(type_: str | None, **more: Any) -> Told | None:
    found = events(entry(type_, **more))
    return (found[0].kind, found[0].permanence, found[0].cause) if found else None


@pytest.mark.parametrize(
    ("type_", "class_name", "expected"),
    [
        ("injection", "message_event", SENT),
        ("delivery", "message_event", DELIVERED),
        ("delay", "message_event", (Kind.DELAYED, None, Cause.UNKNOWN)),
        ("spam_complaint", "message_event", COMPLAINED),
        ("list_unsubscribe", "unsubscribe_event", OPTED_OUT),
        ("link_unsubscribe", "unsubscribe_event", OPTED_OUT),
        ("policy_rejection", "message_event", NOT_SENT),
        ("generation_rejection", "gen_event", NOT_SENT),
        ("generation_failure", "gen_event", (Kind.FAILED, PERMANENT, Cause.CONTENT_OR_SIZE)),
        ("open", "track_event", None),
        ("initial_open", "track_event", None),
        ("click", "track_event", None),
        ("amp_click", "track_event", None),
        ("sms_status", "message_event", None),
        ("relay_delivery", "relay_event", None),
        (None, "relay_message", None),
        ("something_new", "something_new", None),
    ],
)
def test_a_type_gives_its_kind(type_: str | None, class_name: str, expected: Told | None) -> None:
    assert told(type_, class_name=class_name) == expected


@pytest.mark.parametrize("type_", ["bounce", "out_of_band"])
@pytest.mark.parametrize(
    ("class_", "expected"),
    [
        ("1", (Kind.BOUNCED, UNDETERMINED, Cause.UNKNOWN)),
        ("10", INVALID),
        ("20", (Kind.BOUNCED, TRANSIENT, Cause.UNKNOWN)),
        ("21", UNREACHABLE),
        ("22", (Kind.BOUNCED, TRANSIENT, Cause.MAILBOX_FULL)),
        ("23", CONTENT),
        ("24", UNREACHABLE),
        ("25", OURS),
        ("30", INVALID),
        ("40", (Kind.BOUNCED, UNDETERMINED, Cause.UNKNOWN)),
        ("50", BLOCKED),
        ("51", BLOCKED),
        ("52", CONTENT),
        ("53", CONTENT),
        ("54", (Kind.BOUNCED, UNDETERMINED, Cause.INACTIVE_OR_UNREACHABLE)),
        ("60", None),
        ("70", (Kind.BOUNCED, TRANSIENT, Cause.UNKNOWN)),
        ("80", OPTED_IN),
        ("90", OPTED_OUT),
        ("100", None),
    ],
)
def test_every_bounce_class_gives_its_classification_as_text_and_as_number(
    type_: str, class_: str, expected: Told | None
) -> None:
    assert told(type_, bounce_class=class_) == told(type_, bounce_class=int(class_)) == expected


@pytest.mark.parametrize(
    ("class_", "reason", "expected"),
    [
        # the server's words and codes come first, as hard or soft as the class
        ("22", "550 5.1.1 no such user", (Kind.BOUNCED, TRANSIENT, Cause.INVALID_ADDRESS)),
        ("51", "550 5.1.1 no such user", (Kind.BOUNCED, TRANSIENT, Cause.INVALID_ADDRESS)),
        ("10", "550 blocked by policy", (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        ("10", "550 5.2.1 off", (Kind.BOUNCED, PERMANENT, Cause.INACTIVE_OR_UNREACHABLE)),
        ("10", "550 ???", INVALID),
        ("90", "550 5.1.1 no such user", OPTED_OUT),
        # a code about something else than the address is no proof of a dead one
        ("10", "552 5.2.2 full", (Kind.BOUNCED, UNDETERMINED, Cause.MAILBOX_FULL)),
        ("30", "550 5.7.1 refused", (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        ("10", "550 5.7.26 no DMARC", OURS),
        ("20", "550 5.7.1 refused", BLOCKED),
        ("20", "550 5.1.1 no such user", (Kind.BOUNCED, TRANSIENT, Cause.INVALID_ADDRESS)),
        ("40", "550 mailbox not found", (Kind.BOUNCED, UNDETERMINED, Cause.INVALID_ADDRESS)),
        ("70", "451 4.3.0 later", UNREACHABLE),
        ("1", "???", (Kind.BOUNCED, UNDETERMINED, Cause.UNKNOWN)),
        ("999", "550 5.1.1 no such user", (Kind.BOUNCED, UNDETERMINED, Cause.INVALID_ADDRESS)),
        ("ten", "", (Kind.BOUNCED, UNDETERMINED, Cause.UNKNOWN)),
        (None, "550 5.1.1 no such user", (Kind.BOUNCED, UNDETERMINED, Cause.INVALID_ADDRESS)),
        (None, "", (Kind.BOUNCED, UNDETERMINED, Cause.UNKNOWN)),
    ],
)
def test_the_servers_answer_comes_before_the_class(class_: str | None, reason: str, expected: Told) -> None:
    assert told("bounce", bounce_class=class_, raw_reason=reason) == expected


LISTED = "554 5.7.1 [internal] recipient address was suppressed due to "
LISTS = [
    ("customer policy (Spam Complaint)", (Kind.COMPLAINED, None, Cause.PROVIDER_SUPPRESSED)),
    ("customer policy (Bounce Rule)", SUPPRESSED),
    ("customer policy (Unsubscribe Rule)", (Kind.OPTED_OUT, None, Cause.PROVIDER_SUPPRESSED)),
    ("customer policy (List Unsubscribe)", (Kind.OPTED_OUT, None, Cause.PROVIDER_SUPPRESSED)),
    ("customer policy (Link Unsubscribe)", (Kind.OPTED_OUT, None, Cause.PROVIDER_SUPPRESSED)),
    ("customer policy (UNSUBSCRIBE LINK)", (Kind.OPTED_OUT, None, Cause.PROVIDER_SUPPRESSED)),
    ("customer policy (Manually Added)", SOME_LIST),
    ("customer policy", SOME_LIST),
    ("system policy", SUPPRESSED),
    # the list of all customers: nobody complained about our mail
    ("system policy (Spam Complaint)", SUPPRESSED),
]


@pytest.mark.parametrize(("why", "expected"), LISTS)
def test_sparkposts_own_list_says_why_it_did_not_try(why: str, expected: Told) -> None:
    assert told("bounce", bounce_class="25", raw_reason=LISTED + why) == expected
    assert told("out_of_band", bounce_class=25, reason=LISTED.upper() + why) == expected
    without_was = "554 5.7.1 recipient address suppressed due to " + why
    for type_ in sparkpost.REJECTIONS:
        assert told(type_, class_name="gen_event", raw_reason=without_was) == expected


@pytest.mark.parametrize("reason", ["", "550 5.7.1 [internal] spam complaint", "550 5.1.1 no such user"])
def test_what_sparkpost_refuses_for_another_reason_says_nothing_of_the_address(reason: str) -> None:
    assert told("bounce", bounce_class="25", raw_reason=reason) == OURS
    assert told("policy_rejection", bounce_class="25", raw_reason=reason) == NOT_SENT
    assert told("generation_rejection", raw_reason=reason) == NOT_SENT


def test_a_class_counts_of_bounces_and_delays_alone() -> None:
    assert told("delivery", bounce_class="10") == DELIVERED
    assert told("spam_complaint", bounce_class="60") == COMPLAINED


@pytest.mark.parametrize(
    ("class_", "reason", "cause"),
    [
        ("20", "451 4.3.0 try later", Cause.INACTIVE_OR_UNREACHABLE),
        ("21", "454 4.4.4 [internal] no MX or A for domain", Cause.INVALID_ADDRESS),
        ("22", "452 over quota", Cause.MAILBOX_FULL),
        ("51", "421 later", Cause.CARRIER_BLOCKED_OR_SPAM),
        ("20", "452 over quota", Cause.UNKNOWN),
        ("70", "", Cause.UNKNOWN),
        (None, "452 4.2.2 full", Cause.MAILBOX_FULL),
        ("25", LISTED + "customer policy", Cause.UNKNOWN),
        ("60", "", Cause.UNKNOWN),
        ("90", "", Cause.UNKNOWN),
    ],
)
def test_a_delay_is_never_a_bounce(class_: str | None, reason: str, cause: Cause) -> None:
    assert told("delay", bounce_class=class_, raw_reason=reason) == (Kind.DELAYED, None, cause)


@pytest.mark.parametrize(
    ("feedback", "expected"),
    [
        ("abuse", COMPLAINED),
        ("fraud", COMPLAINED),
        (None, COMPLAINED),
        ("not-spam", None),
        ("Not-Spam", None),
    ],
)
def test_not_spam_is_no_complaint(feedback: str | None, expected: Told | None) -> None:
    assert told("spam_complaint", fbtype=feedback) == expected


def test_a_bounce_keeps_what_tells_it_apart() -> None:
    found = event(
        "bounce",
        bounce_class=10,
        raw_reason="550 5.1.1 <ada@example.com> unknown",
        reason="550 5.1.1 ...@... unknown",
        rcpt_meta={"reachable_id": "our-id", "class": "5b", "number": 1},
    )
    assert (found.channel, found.address) == (Channel.EMAIL, "ada@example.com")
    assert (found.event_id, found.provider_message_id) == ("e-1", "t-1")
    assert (found.provider_code, found.smtp_status) == ("10", "5.1.1")
    assert found.diagnostic == "550 5.1.1 <ada@example.com> unknown"
    assert found.metadata == {"reachable_id": "our-id", "class": "5b"}
    assert event("delivery").provider_code == "delivery"


@pytest.mark.parametrize(
    "written",
    ["1789374604", 1789374604, "2026-09-14T08:30:04.000+00:00", "2026-09-14T10:30:04+02:00"],
)
def test_a_time_is_a_count_of_seconds_or_iso(written: Any) -> None:
    found = event("delivery", timestamp=written, injection_time=written)
    for time in (found.occurred_at, found.sent_at):
        assert time is not None
        assert time.isoformat() == "2026-09-14T08:30:04+00:00"


def test_what_was_never_injected_was_sent_when_our_tag_says() -> None:
    tags = {"reachable_t": "2026-09-14T08:29:57Z"}
    found = event("generation_rejection", injection_time=None, rcpt_meta=tags)
    assert found.sent_at is not None
    assert found.sent_at.isoformat() == "2026-09-14T08:29:57+00:00"
    assert event("generation_rejection", injection_time=None, rcpt_meta=None).sent_at is None


@pytest.mark.parametrize(
    ("raw", "lowered", "address"),
    [
        ("Ada@Example.com", "ada@example.com", "ada@example.com"),
        (None, "ada@example.com", "ada@example.com"),
        ("Ada@Example.com", None, "ada@example.com"),
        ("", "ada@example.com", "ada@example.com"),
        (None, None, None),
        ("+12025550123", "+12025550123", None),  # a text's event names no email
    ],
)
def test_either_field_may_name_the_person_and_out_of_band_neither(
    raw: str | None, lowered: str | None, address: str | None
) -> None:
    found = events(entry("out_of_band", bounce_class="10", raw_rcpt_to=raw, rcpt_to=lowered))
    assert [one.address for one in found] == ([address] if address else [])


def test_without_an_id_what_happened_tells_a_repeat() -> None:
    """Twice the same is one event; another message, type, person or time is another."""
    first = event("bounce", event_id=None)
    assert event("bounce", event_id=None, num_retries="2").event_id == first.event_id
    others = [
        event("delivery", event_id=None),
        event("bounce", event_id=None, message_id="m-2"),
        event("bounce", event_id=None, message_id=None),
        event("bounce", event_id=None, message_id=None, transmission_id=None),
        event("bounce", event_id=None, raw_rcpt_to="bob@example.com"),
        event("bounce", event_id=None, timestamp="1789374605"),
    ]
    assert len({first.event_id, *(other.event_id for other in others)}) == 1 + len(others)


def test_an_id_may_be_a_number() -> None:
    assert event("delivery", event_id=92356927693813856).event_id == "92356927693813856"


def test_the_ping_of_a_new_webhook_gives_no_event() -> None:
    assert events({"msys": {}}) == ()


def test_an_empty_batch_and_a_single_object_are_read() -> None:
    assert providers.read("sparkpost", b"[]", {}).events == ()
    assert len(providers.parse("sparkpost", json.dumps(entry("delivery")).encode(), {})) == 1


@pytest.mark.parametrize(
    ("bad", "where"),
    [
        ({}, "[1].msys"),
        ({"msys": []}, "[1].msys"),
        ({"msys": {"message_event": None}}, "[1].msys.message_event"),
    ],
)
def test_a_bad_entry_costs_itself_alone(bad: dict[str, Any], where: str) -> None:
    body = json.dumps([entry("delivery"), bad, entry("injection", event_id="e-2")]).encode()
    with pytest.raises(ParseError) as caught:
        providers.parse("sparkpost", body, {})
    assert caught.value.where == where
    assert [one.kind for one in caught.value.events] == [Kind.DELIVERED, Kind.SENT]
