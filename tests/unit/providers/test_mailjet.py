"""Mailjet's basic auth, every error of its table, and what no sample shows."""

import base64
import json
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from reachable import providers
from reachable.model.delivery_event import Cause, DeliveryEvent, Kind, Permanence
from reachable.model.errors import ParseError
from reachable.providers import WebhookRequest
from tests.unit.providers import samples
from tests.unit.providers.rows import rows
from tests.unit.providers.samples import flipped, key, sample

PERMANENT, TRANSIENT, UNDETERMINED = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED

type Told = tuple[Kind, Permanence | None, Cause | None]


believed = partial(samples.believed, "mailjet")


def with_auth(authorization: str) -> WebhookRequest:
    return replace(sample("mailjet", "group").request, headers={"Authorization": authorization})


def test_one_bit_flipped_in_header_or_key_is_a_bad_signature() -> None:
    request = sample("mailjet", "group").request
    header, secret = request.headers["authorization"], key("mailjet")
    assert believed(request, secret)
    for place in range(len("Basic "), len(header.rstrip("="))):
        assert not believed(with_auth(flipped(header, place)), secret)
    for place in range(len(secret)):
        assert not believed(request, flipped(secret, place))


def test_two_passwords_count_at_once() -> None:
    request = sample("mailjet", "group").request
    assert believed(request, "reachable:newer", key("mailjet"))
    assert not believed(request, "reachable:newer")


def test_the_password_proves_the_caller_and_not_the_body() -> None:
    request = sample("mailjet", "group").request
    assert believed(replace(request, body=b"[]"), key("mailjet"))


@pytest.mark.parametrize("header", ["", "Basic", "Basic ====", "Basic /w==", "Bearer x", "Basic \ud800"])
def test_malformed_credentials_are_a_bad_signature(header: str) -> None:
    assert not believed(with_auth(header), key("mailjet"))


@pytest.mark.parametrize("secret", ["", ":", "reachable", "sample-password", "ünïcode:\ud800"])
def test_a_key_that_is_no_name_and_password_proves_nothing(secret: str) -> None:
    assert not believed(sample("mailjet", "group").request, secret)


def test_credentials_may_hold_any_script() -> None:
    secret = "schule:größe"
    assert believed(with_auth("Basic " + base64.b64encode(secret.encode()).decode()), secret)


def entry(event: str | None, **more: Any) -> dict[str, Any]:
    """An event of Mailjet's; None leaves a field out."""
    fields = {
        "event": event,
        "time": 1789374604,
        "MessageID": 1152921504606847001,
        "email": "ada@example.com",
        "CustomID": "our-id",
        "Payload": "",
    }
    return {name: value for name, value in (fields | more).items() if value is not None}


def one(event: str | None, **more: Any) -> DeliveryEvent | None:
    reading = providers.read("mailjet", json.dumps([entry(event, **more)]).encode(), {})
    assert reading.error is None
    assert len(reading.events) + reading.skipped == 1
    return reading.events[0] if reading.events else None


def told(event: DeliveryEvent | None) -> Told | None:
    return (event.kind, event.permanence, event.cause) if event else None


@pytest.mark.parametrize(
    ("event", "more", "expected"),
    [
        ("sent", {}, (Kind.DELIVERED, None, None)),
        ("spam", {"source": "JMRPP"}, (Kind.COMPLAINED, None, Cause.COMPLAINT)),
        ("unsub", {}, (Kind.OPTED_OUT, None, Cause.OPT_OUT)),
        ("unsub", {"mj_list_id": 0}, (Kind.OPTED_OUT, None, Cause.OPT_OUT)),
        ("unsub", {"mj_list_id": "0"}, (Kind.OPTED_OUT, None, Cause.OPT_OUT)),
        ("unsub", {"mj_list_id": 7}, None),
        ("unsub", {"mj_list_id": "7"}, None),
        ("open", {}, None),
        ("click", {"url": "https://example.com"}, None),
        ("something new", {"time": "never"}, None),
    ],
)
def test_an_events_word_gives_its_kind(event: str, more: dict[str, Any], expected: Told | None) -> None:
    assert told(one(event, **more)) == expected


@pytest.mark.parametrize("error", sorted(rows("mailjet", "ERRORS")))
def test_every_error_of_a_message_that_was_not_tried_gives_its_classification(error: str) -> None:
    row = rows("mailjet", "ERRORS")[error]
    event = one("blocked", error=f" {error.title()} ")
    assert told(event) == (row.kind, row.permanence, row.cause)
    assert event is not None
    assert event.provider_code == error


@pytest.mark.parametrize(
    ("error", "hard", "cause"),
    [
        ("user unknown", PERMANENT, Cause.INVALID_ADDRESS),
        ("mailbox inactive", PERMANENT, Cause.INACTIVE_OR_UNREACHABLE),
        ("quota exceeded", UNDETERMINED, Cause.MAILBOX_FULL),
        ("blacklisted", PERMANENT, Cause.PROVIDER_SUPPRESSED),
        ("spam reporter", PERMANENT, Cause.PROVIDER_SUPPRESSED),
        ("invalid domain", PERMANENT, Cause.INVALID_ADDRESS),
        ("no mail host", PERMANENT, Cause.INACTIVE_OR_UNREACHABLE),
        ("relay/access denied", UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM),
        ("typofix", PERMANENT, Cause.INVALID_ADDRESS),
        ("bad or empty template", UNDETERMINED, Cause.CONTENT_OR_SIZE),
        ("error in template language", UNDETERMINED, Cause.CONTENT_OR_SIZE),
        ("sender blocked", UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM),
        ("policy issue", UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM),
        ("content blocked", UNDETERMINED, Cause.CONTENT_OR_SIZE),
        ("system issue", UNDETERMINED, Cause.ACCOUNT_OR_QUOTA),
        ("protocol issue", UNDETERMINED, Cause.ACCOUNT_OR_QUOTA),
        ("connection issue", UNDETERMINED, Cause.ACCOUNT_OR_QUOTA),
        ("preblocked", PERMANENT, Cause.PROVIDER_SUPPRESSED),
    ],
)
def test_an_error_gives_the_cause_of_a_bounce_and_hard_counts_where_it_is_about_the_address(
    error: str, hard: Permanence, cause: Cause
) -> None:
    assert told(one("bounce", error=error, hard_bounce=True)) == (Kind.BOUNCED, hard, cause)
    assert told(one("bounce", error=error, hard_bounce=False)) == (Kind.BOUNCED, TRANSIENT, cause)
    assert told(one("bounce", error=error)) == (Kind.BOUNCED, UNDETERMINED, cause)


@pytest.mark.parametrize(
    ("written", "permanence"),
    [
        ("true", PERMANENT),
        ("False", TRANSIENT),
        ("", UNDETERMINED),
        ("maybe", UNDETERMINED),
        (1, UNDETERMINED),
        ([], UNDETERMINED),
    ],
)
def test_a_hardness_in_another_form_costs_no_bounce(written: Any, permanence: Permanence) -> None:
    event = one("bounce", error="user unknown", hard_bounce=written)
    assert told(event) == (Kind.BOUNCED, permanence, Cause.INVALID_ADDRESS)


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("550 5.1.1 no such user", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("552 5.2.2 over quota", (Kind.BOUNCED, UNDETERMINED, Cause.MAILBOX_FULL)),
        ("550 5.7.1 refused", (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        ("550 5.7.26 DMARC", (Kind.REJECTED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)),
        ("550 blocked for spam", (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        ("", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
    ],
)
def test_the_servers_code_and_its_words_overrule_a_hard_bounce(comment: str, expected: Told) -> None:
    assert told(one("bounce", error="user unknown", hard_bounce=True, comment=comment)) == expected


def test_a_soft_bounce_stays_soft_whatever_the_server_says() -> None:
    event = one("bounce", error="policy issue", hard_bounce=False, comment="550 5.1.1 no such user")
    assert told(event) == (Kind.BOUNCED, TRANSIENT, Cause.INVALID_ADDRESS)


@pytest.mark.parametrize("error", ["blacklisted", "spam reporter", "preblocked"])
def test_what_is_on_mailjets_own_list_is_so_whatever_a_server_said(error: str) -> None:
    event = one("bounce", error=error, hard_bounce=True, comment="550 5.7.1 refused")
    assert told(event) == (Kind.BOUNCED, PERMANENT, Cause.PROVIDER_SUPPRESSED)


@pytest.mark.parametrize("error", ["something new", "", None])
@pytest.mark.parametrize(
    ("hard", "comment", "expected"),
    [
        (True, "550 no such user", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        (True, "550 blocked for spam", (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        (True, None, (Kind.BOUNCED, PERMANENT, Cause.UNKNOWN)),
        (False, "452 4.2.2 full", (Kind.BOUNCED, TRANSIENT, Cause.MAILBOX_FULL)),
        (None, "5.1.1", (Kind.BOUNCED, UNDETERMINED, Cause.INVALID_ADDRESS)),
    ],
)
def test_without_a_known_error_the_servers_answer_tells_the_cause(
    error: str | None, hard: bool | None, comment: str | None, expected: Told
) -> None:
    assert told(one("bounce", error=error, hard_bounce=hard, comment=comment)) == expected


@pytest.mark.parametrize(
    ("event", "hard", "comment", "expected"),
    [
        ("bounce", False, "451 4.7.1 later", (Kind.DELAYED, None, Cause.CARRIER_BLOCKED_OR_SPAM)),
        ("bounce", None, "451 later", (Kind.DELAYED, None, Cause.UNKNOWN)),
        ("blocked", None, None, (Kind.DELAYED, None, Cause.UNKNOWN)),
        ("bounce", True, "550 no such user", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("bounce", True, None, (Kind.BOUNCED, PERMANENT, Cause.UNKNOWN)),
    ],
)
def test_greylisted_is_a_delay_until_mailjet_gives_up(
    event: str, hard: bool | None, comment: str | None, expected: Told
) -> None:
    assert told(one(event, error="greylisted", hard_bounce=hard, comment=comment)) == expected


@pytest.mark.parametrize("event", ["blocked", "bounce"])
def test_a_duplicate_in_a_campaign_says_nothing_of_the_address(event: str) -> None:
    assert one(event, error="duplicate in campaign", hard_bounce=True) is None


@pytest.mark.parametrize("error", ["something new", None])
def test_what_was_not_tried_for_an_unknown_reason_is_no_bounce(error: str | None) -> None:
    event = one("blocked", error=error, error_related_to="recipient")
    assert told(event) == (Kind.REJECTED, UNDETERMINED, Cause.UNKNOWN)


def test_a_message_id_beyond_the_doubles_is_kept_to_the_last_digit() -> None:
    first, second = one("sent", MessageID=2**63 - 1), one("sent", MessageID=2**63 - 2)
    assert first is not None
    assert second is not None
    assert first.provider_message_id == "9223372036854775807"
    assert second.provider_message_id == "9223372036854775806"
    assert first.event_id != second.event_id


@pytest.mark.parametrize(
    ("more", "message_id"),
    [
        ({"MessageID": "19421777835146490"}, "19421777835146490"),
        ({"MessageID": None, "mj_message_id": "19421777835146490"}, "19421777835146490"),
        ({"MessageID": None}, None),
    ],
)
def test_old_posts_have_the_message_id_as_text_or_not_at_all(
    more: dict[str, Any], message_id: str | None
) -> None:
    event = one("sent", **more)
    assert event is not None
    assert event.provider_message_id == message_id


def test_an_event_is_told_by_word_message_address_and_time() -> None:
    """Mailjet gives no id; a retry brings the same events in another group."""
    event = one("sent")
    again = one("sent", email="Ada <ADA@example.com>", smtp_reply="sent (250 OK)")
    others = [
        one("spam"),
        one("sent", MessageID=7),
        one("sent", email="bob@example.com"),
        one("sent", time=1789374605),
    ]
    assert event is not None
    assert again is not None
    assert event.event_id == again.event_id
    ids = {event.event_id, *(other.event_id for other in others if other is not None)}
    assert len(ids) == 1 + len(others)


@pytest.mark.parametrize(
    ("payload", "metadata"),
    [
        (None, {"reachable_id": "our-id"}),
        ("", {"reachable_id": "our-id"}),
        ("Eticket,1234,row,15", {"reachable_id": "our-id"}),
        ("[1]", {"reachable_id": "our-id"}),
        ({"reachable_user": "u1"}, {"reachable_id": "our-id"}),
        ('{"reachable_user": "u1"}', {"reachable_id": "our-id", "reachable_user": "u1"}),
        ('{"reachable_id": "another"}', {"reachable_id": "our-id"}),
    ],
)
def test_our_tags_come_back_in_custom_id_and_payload(payload: Any, metadata: dict[str, str]) -> None:
    event = one("sent", Payload=payload)
    assert event is not None
    assert event.metadata == metadata
    assert event.sent_at is None


def test_the_payload_may_tell_when_the_message_was_sent() -> None:
    event = one(
        "sent", Payload='{"reachable_id": "m1", "reachable_t": "2026-09-14T08:29:58Z"}', CustomID=None
    )
    assert event is not None
    assert event.metadata["reachable_id"] == "m1"
    assert event.sent_at is not None
    assert event.sent_at.isoformat() == "2026-09-14T08:29:58+00:00"


def test_an_event_keeps_mailjets_word_and_the_servers_answer() -> None:
    bounce = one("bounce", hard_bounce=True, error="user unknown", comment="550 5.1.1 no such user")
    sent = one("sent", smtp_reply="sent (250 2.0.0 OK 1433333948 gsmtp)")
    assert bounce is not None
    assert sent is not None
    assert (bounce.provider_code, bounce.smtp_status) == ("user unknown", "5.1.1")
    assert bounce.diagnostic == "550 5.1.1 no such user"
    assert (sent.provider_code, sent.diagnostic) == ("sent", "sent (250 2.0.0 OK 1433333948 gsmtp)")


@pytest.mark.parametrize("email", [None, "", "ada", "ada@example.com, bob@example.com"])
def test_an_event_that_names_nobody_gives_none(email: str | None) -> None:
    assert one("bounce", error="user unknown", hard_bounce=True, email=email) is None


def test_an_event_without_a_time_has_none() -> None:
    event = one("bounce", error="user unknown", hard_bounce=True, time=None)
    assert event is not None
    assert event.occurred_at is None


def test_one_event_alone_is_read_as_a_group_of_one() -> None:
    alone = providers.parse("mailjet", json.dumps(entry("sent")).encode(), {})
    grouped = providers.parse("mailjet", json.dumps([entry("sent")]).encode(), {})
    assert len(alone) == 1
    assert alone == grouped


def test_an_entry_that_cannot_be_read_costs_itself_alone() -> None:
    body = [entry("sent"), entry(None), 1, entry("spam")]
    with pytest.raises(ParseError) as caught:
        providers.parse("mailjet", json.dumps(body).encode(), {})
    assert caught.value.where == "[1].event"
    assert [event.kind for event in caught.value.events] == [Kind.DELIVERED, Kind.COMPLAINED]
