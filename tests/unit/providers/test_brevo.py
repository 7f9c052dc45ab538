"""Brevo's three ways to prove itself, every event of its table, and what no sample shows."""

import base64
import json
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from reachable import providers
from reachable.model.delivery_event import Cause, DeliveryEvent, Kind, Permanence
from reachable.model.errors import ParseError
from reachable.providers import WebhookRequest, brevo
from tests.unit.providers import samples
from tests.unit.providers.samples import flipped, key, sample

PERMANENT, TRANSIENT, UNDETERMINED = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED
MESSAGE = "<202609140829.1@smtp-relay.mailin.fr>"
TOKEN = "Authorization: Bearer client-token"

type Told = tuple[Kind, Permanence | None, Cause | None]


believed = partial(samples.believed, "brevo")


def with_headers(**headers: str) -> WebhookRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(sample("brevo", "spam").request, headers=named)


def test_one_bit_flipped_in_header_or_key_is_a_bad_signature() -> None:
    request = sample("brevo", "spam").request
    header, secret = request.headers["authorization"], key("brevo")
    assert believed(request, secret)
    for place in range(len("Basic "), len(header.rstrip("="))):
        assert not believed(with_headers(Authorization=flipped(header, place)), secret)
    for place in range(len(secret)):
        assert not believed(request, flipped(secret, place))


def test_one_bit_flipped_in_a_token_or_its_key_is_a_bad_signature() -> None:
    header = "Bearer client-token"
    assert believed(with_headers(Authorization=header), TOKEN)
    for place in range(len("Bearer "), len(header)):
        assert not believed(with_headers(Authorization=flipped(header, place)), TOKEN)
    for place in range(len(TOKEN)):
        if TOKEN[place] not in ": ":
            assert not believed(with_headers(Authorization=header), flipped(TOKEN, place))


@pytest.mark.parametrize(
    ("authorization", "right"),
    [
        ("bearer client-token", True),  # as Brevo's test requests write it
        ("BEARER client-token", True),
        ("Bearer  client-token", False),
        ("Bearer", False),
        ("Bearer ", False),
        ("Bearer \ud800", False),
        ("client-token", False),
        ("Basic client-token", False),
    ],
)
def test_a_token_counts_whatever_the_case_of_its_scheme(authorization: str, right: bool) -> None:
    assert believed(with_headers(Authorization=authorization), TOKEN) is right


@pytest.mark.parametrize("secret", ["", "client-token", "Bearer client-token", "Authorization: Bearer"])
def test_a_token_without_the_name_of_its_header_proves_nothing(secret: str) -> None:
    assert not believed(with_headers(Authorization="Bearer client-token"), secret)


def test_a_header_of_our_own_is_enough() -> None:
    assert believed(with_headers(X_Hook="hush"), "X-Hook: hush")
    assert not believed(with_headers(X_Hook="hush!"), "X-Hook: hush")
    assert not believed(with_headers(X_Other="hush"), "X-Hook: hush")


def test_an_authorization_of_another_scheme_is_a_header_of_our_own() -> None:
    assert believed(with_headers(Authorization="Token hush"), "Authorization: Token hush")
    assert not believed(with_headers(Authorization="Token hash"), "Authorization: Token hush")


def test_two_secrets_count_at_once_also_of_two_kinds() -> None:
    request = sample("brevo", "spam").request
    assert believed(request, "reachable:newer", key("brevo"))
    assert believed(request, TOKEN, key("brevo"))
    assert believed(with_headers(Authorization="Bearer client-token"), key("brevo"), TOKEN)
    assert not believed(request, "reachable:newer", TOKEN)


@pytest.mark.parametrize("header", ["", "Basic", "Basic ====", "Basic /w==", "Basic \ud800"])
def test_malformed_credentials_are_a_bad_signature(header: str) -> None:
    assert not believed(with_headers(Authorization=header), key("brevo"))


def test_credentials_may_hold_any_script() -> None:
    secret = "schule:größe"
    credentials = base64.b64encode(secret.encode()).decode()
    assert believed(with_headers(Authorization=f"Basic {credentials}"), secret)


def entry(event: str | None, **more: Any) -> dict[str, Any]:
    """An event of Brevo's; None leaves a field out."""
    fields = {
        "event": event,
        "email": "ada@example.com",
        "id": 777,
        "date": "2026-09-14 10:30:04",
        "ts": 1789381804,
        "ts_event": 1789381804,
        "ts_epoch": 1789374604501,
        "message-id": MESSAGE,
    }
    return {name: value for name, value in (fields | more).items() if value is not None}


def one(event: str | None, **more: Any) -> DeliveryEvent | None:
    reading = providers.read("brevo", json.dumps(entry(event, **more)).encode(), {})
    assert reading.error is None
    assert len(reading.events) + reading.skipped == 1
    return reading.events[0] if reading.events else None


def told(event: DeliveryEvent | None) -> Told | None:
    return (event.kind, event.permanence, event.cause) if event else None


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("request", (Kind.SENT, None, None)),
        ("delivered", (Kind.DELIVERED, None, None)),
        ("invalid_email", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("spam", (Kind.COMPLAINED, None, Cause.COMPLAINT)),
        ("complaint", (Kind.COMPLAINED, None, Cause.COMPLAINT)),
        ("unsubscribe", (Kind.OPTED_OUT, None, Cause.OPT_OUT)),
        ("unsubscribed", (Kind.OPTED_OUT, None, Cause.OPT_OUT)),
        ("error", (Kind.FAILED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)),
        ("deferred", (Kind.DELAYED, None, Cause.UNKNOWN)),
        ("blocked", (Kind.BOUNCED, PERMANENT, Cause.PROVIDER_SUPPRESSED)),
        ("hard_bounce", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("soft_bounce", (Kind.BOUNCED, TRANSIENT, Cause.UNKNOWN)),
        ("opened", None),
        ("unique_opened", None),
        ("proxy_open", None),
        ("unique_proxy_open", None),
        ("click", None),
        ("list_addition", None),
        ("contact_updated", None),
        ("contact_deleted", None),
        ("hardBounce", None),  # the name to subscribe to, not the one in the posts
        ("something_new", None),
    ],
)
def test_an_events_word_gives_its_kind(event: str, expected: Told | None) -> None:
    assert told(one(event)) == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("550 5.1.1 user unknown", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("550 no such user", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        (
            " RecipientError: 550 5.5.0 Requested action not taken: mailbox unavailable.",
            (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS),
        ),
        ("550 5.2.1 mailbox disabled", (Kind.BOUNCED, PERMANENT, Cause.INACTIVE_OR_UNREACHABLE)),
        ("552 5.2.2 over quota", (Kind.BOUNCED, UNDETERMINED, Cause.MAILBOX_FULL)),
        ("554 5.7.1 Spam message rejected", (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        ("550 blocked for spam", (Kind.BOUNCED, UNDETERMINED, Cause.CARRIER_BLOCKED_OR_SPAM)),
        ("550 5.7.26 DMARC", (Kind.REJECTED, UNDETERMINED, Cause.ACCOUNT_OR_QUOTA)),
        ("550 sorry", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("554 5.0.0 delivery error", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("Message delivery failed", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
        ("", (Kind.BOUNCED, PERMANENT, Cause.INVALID_ADDRESS)),
    ],
)
def test_a_hard_bounce_is_of_the_address_unless_the_server_says_otherwise(
    reason: str, expected: Told
) -> None:
    assert told(one("hard_bounce", reason=reason)) == expected


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("452 4.2.2 mailbox full", Cause.MAILBOX_FULL),
        ("550 5.1.1 user unknown", Cause.INVALID_ADDRESS),
        ("451 4.7.1 poor reputation", Cause.CARRIER_BLOCKED_OR_SPAM),
        ("450 later, Mailbox Full", Cause.MAILBOX_FULL),  # words tell more than a reply code
        ("Mailbox full", Cause.MAILBOX_FULL),
        ("undefined Unable to find MX of domain no-mx.example.com", Cause.INVALID_ADDRESS),
        ("Invalid MX of domain [MX issue]", Cause.INVALID_ADDRESS),
        ("connection timeout", Cause.INACTIVE_OR_UNREACHABLE),
        ("connection closed by recipient's server", Cause.INACTIVE_OR_UNREACHABLE),
        ("something new", Cause.UNKNOWN),
        (None, Cause.UNKNOWN),
    ],
)
def test_a_soft_bounce_stays_soft_and_its_reason_tells_the_cause(reason: str | None, cause: Cause) -> None:
    assert told(one("soft_bounce", reason=reason)) == (Kind.BOUNCED, TRANSIENT, cause)


@pytest.mark.parametrize(("words", "cause"), brevo.REASONS)
def test_every_reason_of_brevos_own_gives_its_cause(words: str, cause: Cause) -> None:
    assert told(one("soft_bounce", reason=f"undefined {words.title()} of it")) == (
        Kind.BOUNCED,
        TRANSIENT,
        cause,
    )


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("421 later", Cause.UNKNOWN),
        ("421 4.7.0 Try again later", Cause.CARRIER_BLOCKED_OR_SPAM),
        ("550 RecipientError: 550 5.1.1 <a@example.com>: User unknown", Cause.INVALID_ADDRESS),
        (None, Cause.UNKNOWN),
    ],
)
def test_a_deferral_is_a_delay_whatever_its_code(reason: str | None, cause: Cause) -> None:
    assert told(one("deferred", reason=reason)) == (Kind.DELAYED, None, cause)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("blocked : due to blacklist user", (Kind.BOUNCED, PERMANENT, Cause.PROVIDER_SUPPRESSED)),
        ("blocked : due to Unsubscribed user", (Kind.OPTED_OUT, None, Cause.PROVIDER_SUPPRESSED)),
        ("blocked : due to something new", (Kind.BOUNCED, PERMANENT, Cause.PROVIDER_SUPPRESSED)),
    ],
)
def test_who_is_on_brevos_list_bounced_or_complained_unless_they_unsubscribed(
    reason: str, expected: Told
) -> None:
    assert told(one("blocked", reason=reason)) == expected


@pytest.mark.parametrize(
    ("ts_epoch", "at"),
    [
        (1789374604501, "2026-09-14T08:30:04.501000+00:00"),
        (1789374604, "2026-09-14T08:30:04+00:00"),
        ("1789374604501", "2026-09-14T08:30:04.501000+00:00"),
        (None, None),
    ],
)
def test_only_ts_epoch_tells_the_time_in_milliseconds_or_seconds(ts_epoch: Any, at: str | None) -> None:
    event = one("error", ts_epoch=ts_epoch)
    assert event is not None
    assert (event.occurred_at and event.occurred_at.isoformat()) == at


def test_a_message_is_sent_when_it_is_requested_unless_our_tag_tells() -> None:
    requested, delivered = one("request"), one("delivered")
    tagged = one("request", **{"X-Mailin-custom": '{"reachable_t": "2026-09-14T08:29:58Z"}'})
    assert requested is not None
    assert delivered is not None
    assert tagged is not None
    assert requested.sent_at == requested.occurred_at is not None
    assert delivered.sent_at is None
    assert tagged.sent_at is not None
    assert tagged.sent_at.isoformat() == "2026-09-14T08:29:58+00:00"


def test_an_event_is_told_by_word_message_address_and_time() -> None:
    """``id`` is the webhook's: it is the same for all events and differs where two webhooks tell the same."""
    event, again = (
        one("spam"),
        one("spam", id=778, ts_event=1, email="Ada <ADA@example.com>", subject="Hello"),
    )
    others = [
        one("complaint"),
        one("spam", **{"message-id": "<202609140829.2@smtp-relay.mailin.fr>"}),
        one("spam", email="bob@example.com"),
        one("spam", ts_epoch=1789374604502),
        one("spam", ts_epoch=None),
        one("spam", ts_epoch=None, ts_event=1789381805),
    ]
    assert event is not None
    assert again is not None
    assert event.event_id == again.event_id
    ids = {event.event_id, *(other.event_id for other in others if other is not None)}
    assert len(ids) == 1 + len(others)


def test_an_event_keeps_brevos_word_and_the_servers_answer() -> None:
    event = one("hard_bounce", reason=" RecipientError: 550 5.1.1 no such user")
    assert event is not None
    assert event.provider_message_id == MESSAGE
    assert (event.provider_code, event.smtp_status) == ("hard_bounce", "5.1.1")
    assert event.diagnostic == "RecipientError: 550 5.1.1 no such user"


@pytest.mark.parametrize(
    ("custom", "metadata"),
    [
        (None, {}),
        ("", {}),
        ("some_custom_header", {}),
        ('"text"', {}),
        (["reachable_id"], {}),
        ('{"reachable_id": "m1", "campaign": "spring"}', {"reachable_id": "m1", "campaign": "spring"}),
    ],
)
def test_our_tags_come_back_in_the_custom_header(custom: Any, metadata: dict[str, str]) -> None:
    event = one("spam", **{"X-Mailin-custom": custom})
    assert event is not None
    assert event.metadata == metadata


@pytest.mark.parametrize("email", [None, "", "ada", "ada@example.com, bob@example.com"])
def test_an_event_that_names_nobody_gives_none(email: str | None) -> None:
    assert one("hard_bounce", email=email) is None


def test_an_event_without_a_message_is_still_of_its_address() -> None:
    event = one("hard_bounce", **{"message-id": None})
    assert event is not None
    assert (event.address, event.provider_message_id) == ("ada@example.com", None)


def test_a_batch_is_read_as_its_events_are_one_by_one() -> None:
    entries = [entry("request"), entry("click"), entry("delivered")]
    reading = providers.read("brevo", json.dumps(entries).encode(), {})
    assert reading.events == (one("request"), one("delivered"))
    assert reading.skipped == 1


def test_an_entry_that_cannot_be_read_costs_itself_alone() -> None:
    body = [entry("spam"), entry(None), 1, entry("delivered")]
    with pytest.raises(ParseError) as caught:
        providers.parse("brevo", json.dumps(body).encode(), {})
    assert caught.value.where == "[1].event"
    assert [event.kind for event in caught.value.events] == [Kind.COMPLAINED, Kind.DELIVERED]
