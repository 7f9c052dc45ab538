"""Postmark's basic auth, and the records and types that no sample shows."""

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

type Told = tuple[Kind, Permanence | None, Cause | None]

PERMANENT, TRANSIENT, UNDETERMINED = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED
COMPLAINED: Told = (Kind.COMPLAINED, None, Cause.COMPLAINT)
OPTED_OUT: Told = (Kind.OPTED_OUT, None, Cause.OPT_OUT)
OPTED_IN: Told = (Kind.OPTED_IN, None, None)
LISTED: Told = (Kind.BOUNCED, PERMANENT, Cause.PROVIDER_SUPPRESSED)
SPAM: Told = (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)
NO_SUCH_USER = "smtp;550 5.1.1 no such user"


believed = partial(samples.believed, "postmark")


def with_auth(authorization: str) -> WebhookRequest:
    return replace(sample("postmark", "hard-bounce").request, headers={"Authorization": authorization})


def test_one_bit_flipped_in_header_or_key_is_a_bad_signature() -> None:
    request = sample("postmark", "hard-bounce").request
    header, secret = request.headers["authorization"], key("postmark")
    assert believed(request, secret)
    for place in range(len("Basic "), len(header.rstrip("="))):
        assert not believed(with_auth(flipped(header, place)), secret)
    for place in range(len(secret)):
        assert not believed(request, flipped(secret, place))


def test_two_passwords_count_at_once() -> None:
    request = sample("postmark", "hard-bounce").request
    assert believed(request, "reachable:newer", key("postmark"))
    assert not believed(request, "reachable:newer")


def test_a_header_of_our_own_is_enough() -> None:
    request = replace(sample("postmark", "hard-bounce").request, headers={"X-Hook": "hush"})
    assert believed(request, "reachable:newer", "X-Hook: hush")
    assert not believed(request, "X-Hook: hush!")
    assert not believed(request, "X-Other: hush")
    assert not believed(request, "X-Hook: ")


@pytest.mark.parametrize("header", ["", "Basic", "Basic ====", "Basic /w==", "Bearer x", "Basic \ud800"])
def test_malformed_credentials_are_a_bad_signature(header: str) -> None:
    assert not believed(with_auth(header), key("postmark"))


def test_credentials_may_hold_any_script() -> None:
    secret = "schule:größe"
    assert believed(with_auth("Basic " + base64.b64encode(secret.encode()).decode()), secret)


def one(**record: Any) -> DeliveryEvent | None:
    reading = providers.read("postmark", json.dumps(record).encode(), {})
    assert reading.error is None
    assert len(reading.events) + reading.skipped == 1
    return reading.events[0] if reading.events else None


def event(**record: Any) -> DeliveryEvent:
    found = one(**record)
    assert found is not None
    return found


def told(found: DeliveryEvent | None) -> Told | None:
    return (found.kind, found.permanence, found.cause) if found else None


def bounce(type_: str | None, details: str = "", **more: Any) -> dict[str, Any]:
    return {
        "RecordType": "Bounce",
        "ID": 42,
        "Type": type_,
        "MessageID": "m-1",
        "Email": "Ada@Example.com",
        "BouncedAt": "2026-09-14T08:30:04.5012345Z",
        "Details": details,
        "Description": "In plain words.",
    } | more


@pytest.mark.parametrize("type_", sorted(rows("postmark", "TYPES")))
def test_every_type_gives_its_classification_whatever_the_server_said(type_: str) -> None:
    row = rows("postmark", "TYPES")[type_]
    for details in ("", NO_SUCH_USER, "smtp;550 5.7.1 refused"):
        found = event(**bounce(type_, details))
        assert told(found) == (row.kind, row.permanence, row.cause)
        assert found.provider_code == type_


@pytest.mark.parametrize("type_", sorted(rows("postmark", "ANSWERED")))
def test_of_other_types_the_servers_answer_comes_before_the_type(type_: str) -> None:
    row = rows("postmark", "ANSWERED")[type_]
    assert told(one(**bounce(type_))) == (row.kind, row.permanence, row.cause)
    assert event(**bounce(type_, NO_SUCH_USER)).cause == Cause.INVALID_ADDRESS
    assert event(**bounce(type_, "smtp;550 5.7.1 refused")).cause == Cause.CARRIER_BLOCKED_OR_SPAM


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("Unsubscribe", OPTED_OUT),
        ("Subscribe", OPTED_IN),
        ("SpamNotification", SPAM),  # a filter's classification is no person's complaint
        ("Blocked", SPAM),
        ("BadEmailAddress", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("DnsError", (Kind.BOUNCED, TRANSIENT, Cause.INACTIVE_OR_UNREACHABLE)),
        ("VirusNotification", (Kind.BOUNCED, TRANSIENT, Cause.CONTENT_OR_SIZE)),
        ("SpamComplaint", COMPLAINED),
        ("ManuallyDeactivated", LISTED),
        ("Unconfirmed", (Kind.REJECTED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)),
        ("DMARCPolicy", (Kind.REJECTED, PERMANENT, Cause.ACCOUNT_OR_QUOTA)),
        ("SMTPApiError", (Kind.FAILED, PERMANENT, Cause.ACCOUNT_OR_QUOTA)),
        ("TemplateRenderingFailed", (Kind.FAILED, PERMANENT, Cause.CONTENT_OR_SIZE)),
    ],
)
def test_what_a_type_means(type_: str, expected: Told) -> None:
    assert told(one(**bounce(type_))) == expected


@pytest.mark.parametrize(
    "type_", ["AddressChange", "AutoResponder", "ChallengeVerification", "InboundError", "OpenRelayTest"]
)
def test_out_of_office_and_the_like_give_no_event(type_: str) -> None:
    assert one(**bounce(type_, NO_SUCH_USER)) is None


@pytest.mark.parametrize("type_code", [16, 512, 100000, 1, None, "text", []])
def test_the_number_of_a_type_is_not_read(type_code: Any) -> None:
    assert told(one(**bounce("Blocked", TypeCode=type_code))) == SPAM


@pytest.mark.parametrize(
    ("type_", "details", "expected"),
    [
        ("HardBounce", "", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("HardBounce", "smtp;550 sorry", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("HardBounce", "smtp;550 5.0.0 other", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("HardBounce", NO_SUCH_USER, (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("HardBounce", "smtp;550 5.2.1 off", (Kind.BOUNCED, PERMANENT, Cause.INACTIVE_OR_UNREACHABLE)),
        # the server spoke of something else than the address
        ("HardBounce", "smtp;552 5.2.2 full", (Kind.BOUNCED, UNDETERMINED, Cause.MAILBOX_FULL)),
        ("HardBounce", "smtp;554 5.7.1 policy", SPAM),
        ("HardBounce", "smtp;550 blocked by policy", SPAM),
        ("HardBounce", "smtp;550 5.7.26 no DMARC", (Kind.REJECTED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)),
        ("SoftBounce", "", (Kind.BOUNCED, TRANSIENT, Cause.UNKNOWN)),
        ("SoftBounce", NO_SUCH_USER, (Kind.BOUNCED, TRANSIENT, Cause.INVALID_ADDRESS)),
        ("SoftBounce", "smtp;452 over quota", (Kind.BOUNCED, TRANSIENT, Cause.MAILBOX_FULL)),
        # Postmark could not tell, or says something new
        ("Unknown", "", (Kind.BOUNCED, UNDETERMINED, Cause.UNKNOWN)),
        ("Unknown", NO_SUCH_USER, (Kind.BOUNCED, UNDETERMINED, Cause.INVALID_ADDRESS)),
        ("SomethingNew", "smtp;550 5.7.1 spam", SPAM),
        ("hardbounce", "", (Kind.BOUNCED, UNDETERMINED, Cause.UNKNOWN)),
        (None, "", (Kind.BOUNCED, UNDETERMINED, Cause.UNKNOWN)),
        # a later event says the end
        ("Transient", "", (Kind.DELAYED, None, Cause.UNKNOWN)),
        ("Transient", NO_SUCH_USER, (Kind.DELAYED, None, Cause.INVALID_ADDRESS)),
        ("Transient", "smtp;452 4.2.2 full", (Kind.DELAYED, None, Cause.MAILBOX_FULL)),
        ("Transient", "smtp;452 over quota", (Kind.DELAYED, None, Cause.UNKNOWN)),
    ],
)
def test_where_the_type_does_not_tell_the_cause_the_server_does(
    type_: str | None, details: str, expected: Told
) -> None:
    assert told(one(**bounce(type_, details))) == expected


def test_a_bounce_keeps_what_tells_it_apart() -> None:
    found = event(
        **bounce("HardBounce", NO_SUCH_USER, Metadata={"reachable_id": "our-id", "class": "5b", "user": 43})
    )
    assert (found.channel, found.address) == (Channel.EMAIL, "ada@example.com")
    assert (found.event_id, found.provider_message_id) == ("42", "m-1")
    assert (found.provider_code, found.smtp_status) == ("HardBounce", "5.1.1")
    assert found.diagnostic == NO_SUCH_USER
    assert found.metadata == {"reachable_id": "our-id", "class": "5b"}
    assert found.occurred_at is not None
    assert found.occurred_at.isoformat() == "2026-09-14T08:30:04.501234+00:00"
    assert found.sent_at is None


def test_plain_words_stand_in_for_missing_details() -> None:
    assert event(**bounce("Blocked")).diagnostic == "In plain words."


def test_our_tag_tells_when_the_message_was_sent() -> None:
    found = event(**bounce("Blocked", Metadata={"reachable_t": "2026-09-14T08:29:58Z"}))
    assert found.sent_at is not None
    assert found.sent_at.isoformat() == "2026-09-14T08:29:58+00:00"


@pytest.mark.parametrize("email", ["", None, "Ada", "ada@example.com, bob@example.com"])
def test_a_bounce_that_names_nobody_gives_no_event(email: str | None) -> None:
    assert one(**bounce("HardBounce", Email=email)) is None


def test_a_complaint_is_one_whatever_its_type() -> None:
    assert told(one(**bounce("HardBounce", RecordType="SpamComplaint"))) == COMPLAINED
    assert told(one(**bounce(None, RecordType="SpamComplaint"))) == COMPLAINED


def test_an_error_of_the_smtp_api_is_one_as_record_and_as_type() -> None:
    expected = (Kind.FAILED, PERMANENT, Cause.ACCOUNT_OR_QUOTA)
    assert told(one(**bounce(None, RecordType="SMTPApiError"))) == expected
    assert told(one(**bounce("HardBounce", RecordType="SMTPApiError"))) == expected


def test_an_old_webhook_tells_a_bounce_without_its_record_type() -> None:
    found = one(Type="HardBounce", MessageID="m-1", Email="ada@example.com")
    assert told(found) == (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)
    assert one(Type="HardBounce", MessageID="m-1") is None
    assert one(MessageID="m-1", Email="ada@example.com") is None
    assert one() is None


@pytest.mark.parametrize("record_type", ["Open", "Click", "Inbound", "SomethingNew"])
def test_other_records_give_no_event(record_type: str) -> None:
    assert one(**bounce("HardBounce", RecordType=record_type, Recipient="ada@example.com")) is None


def delivery(**more: Any) -> dict[str, Any]:
    return {
        "RecordType": "Delivery",
        "MessageID": "m-1",
        "Recipient": "ada@example.com",
        "DeliveredAt": "2026-09-14T04:30:04-04:00",
        "Details": "smtp;250 2.0.0 OK",
        "Tag": "notice",
        "Metadata": {"reachable_id": "our-id"},
    } | more


def test_a_delivery_has_fields_of_its_own() -> None:
    found = event(**delivery())
    assert told(found) == (Kind.DELIVERED, None, None)
    assert (found.address, found.provider_message_id) == ("ada@example.com", "m-1")
    assert found.occurred_at is not None
    assert found.occurred_at.isoformat() == "2026-09-14T08:30:04+00:00"
    assert found.metadata == {"reachable_id": "our-id"}


def change(*, suppressed: bool = True, reason: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "RecordType": "SubscriptionChange",
        "MessageID": "00000000-0000-0000-0000-000000000000",
        "MessageStream": "outbound",
        "ChangedAt": "2026-09-14T08:30:04Z",
        "Recipient": "ada@example.com",
        "Origin": "Recipient",
        "SuppressSending": suppressed,
        "SuppressionReason": reason,
    } | more


@pytest.mark.parametrize(
    ("reason", "origin", "expected"),
    [
        ("ManualSuppression", "Recipient", OPTED_OUT),
        ("ManualSuppression", "Customer", LISTED),
        ("ManualSuppression", "Admin", LISTED),
        ("HardBounce", "Recipient", LISTED),
        ("HardBounce", "Admin", LISTED),
        ("SpamComplaint", "Recipient", COMPLAINED),
        ("SpamComplaint", None, COMPLAINED),
        # the list is not told
        ("ManualSuppression", "SomebodyNew", (Kind.BOUNCED, UNDETERMINED, Cause.PROVIDER_SUPPRESSED)),
        ("ManualSuppression", None, (Kind.BOUNCED, UNDETERMINED, Cause.PROVIDER_SUPPRESSED)),
        ("SomethingNew", "Recipient", (Kind.BOUNCED, UNDETERMINED, Cause.PROVIDER_SUPPRESSED)),
        (None, None, (Kind.BOUNCED, UNDETERMINED, Cause.PROVIDER_SUPPRESSED)),
    ],
)
def test_why_an_address_came_onto_a_suppression_list(
    reason: str | None, origin: str | None, expected: Told
) -> None:
    assert told(one(**change(reason=reason, Origin=origin))) == expected


def test_an_address_that_left_its_suppression_list_is_opted_in() -> None:
    assert told(one(**change(suppressed=False))) == OPTED_IN


@pytest.mark.parametrize("mark", [None, "true", 1])
def test_whether_an_address_is_suppressed_is_never_guessed(mark: Any) -> None:
    record = change(reason="ManualSuppression", SuppressSending=mark)
    with pytest.raises(ParseError) as caught:
        providers.parse("postmark", json.dumps(record).encode(), {})
    assert caught.value.where == "SuppressSending"


def test_a_change_by_hand_belongs_to_no_message() -> None:
    by_hand, null = event(**change(reason="HardBounce")), event(**change(reason="HardBounce", MessageID=None))
    assert by_hand.provider_message_id is None
    assert null.provider_message_id is None
    assert event(**change(reason="HardBounce", MessageID="m-1")).provider_message_id == "m-1"


def test_what_has_no_id_is_told_by_what_happened() -> None:
    """Twice the same is one event; another act, person, message or time is another."""
    first = event(**change(reason="ManualSuppression", Tag="", Metadata={}))
    assert event(**change(reason="ManualSuppression", Tag="notice")).event_id == first.event_id
    others = [
        event(**change(suppressed=False)),
        event(**change(reason="ManualSuppression", Origin="Admin")),
        event(**change(reason="ManualSuppression", Recipient="bob@example.com")),
        event(**change(reason="ManualSuppression", MessageID="m-2")),
        event(**change(reason="ManualSuppression", ChangedAt="2026-09-14T08:30:05Z")),
        event(**delivery()),
        event(**delivery(Recipient="bob@example.com")),
        event(**delivery(MessageID="m-2")),
        event(**bounce("HardBounce", ID=None)),
        event(**bounce("SoftBounce", ID=None)),
    ]
    assert len({first.event_id, *(other.event_id for other in others)}) == 1 + len(others)


@pytest.mark.parametrize("said", [None, "", "false", 0, []])
def test_whether_an_address_came_on_the_list_or_left_it_is_never_guessed(said: Any) -> None:
    record = {"RecordType": "SubscriptionChange", "Recipient": "ada@example.com", "SuppressSending": said}
    with pytest.raises(ParseError) as caught:
        providers.parse("postmark", json.dumps(record).encode(), {})
    assert (caught.value.where, caught.value.events) == ("SuppressSending", ())
