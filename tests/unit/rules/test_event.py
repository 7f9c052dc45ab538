"""What an event does: the table "What blocks", from when it counts, whom it blames, what is only counted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence, event_hex
from reachable.model.history import HistoryItem, HistoryKind
from reachable.model.message import Early, Message, MessageStatus, Moved, Pointer, message_id
from reachable.model.send import Purpose
from reachable.model.status import AT_ONCE, Block, mark, time_of
from reachable.rules import event as rules
from reachable.rules.event import UNKNOWN, Known, ReceivedEvent, Step
from tests.builders import change_by, clock, delivery_event, text_event

LATER = clock("23:00")
PERMANENT, TRANSIENT, UNDETERMINED = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED
VOICE = {"channel": Channel.VOICE, "address": "+12025550123"}
SMS = {"channel": Channel.SMS, "address": "+12025550123"}
YEAR_1, YEAR_9999 = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
ADA = Credential(CredentialKind.EMAIL, "ada@example.org")
ADA_S = message_id("0" * 32, clock("08:00"), "m")


def received(
    event: DeliveryEvent, account: str | None = None, *, raw: str | None = None, at: datetime = LATER
) -> ReceivedEvent:
    return rules.received(event, account, at, raw)


def register_of(**event: Any) -> str | None:
    change = change_by(delivery_event(**event), LATER)
    return str(change.register) if isinstance(change, Block) else None


@pytest.mark.parametrize("kind", [Kind.SENT, Kind.DELIVERED, Kind.DELAYED, Kind.REJECTED])
def test_what_is_of_the_message_alone_blocks_nothing(kind: Kind) -> None:
    assert change_by(delivery_event(kind=kind), LATER) is None


@pytest.mark.parametrize(
    ("event", "register"),
    [
        ({"cause": Cause.INVALID_ADDRESS}, "bounce@email"),
        ({"cause": Cause.MAILBOX_FULL, "permanence": TRANSIENT}, "bounce@email"),
        ({"cause": Cause.UNKNOWN, "permanence": UNDETERMINED}, "bounce@email"),
        ({"cause": Cause.PROVIDER_SUPPRESSED}, "suppressed@email"),
        ({"kind": Kind.FAILED, "cause": Cause.PROVIDER_SUPPRESSED}, "suppressed@email"),
        ({"kind": Kind.COMPLAINED, "cause": Cause.PROVIDER_SUPPRESSED}, "suppressed+complaint@email"),
        ({"kind": Kind.COMPLAINED, "cause": Cause.COMPLAINT}, "complaint@email"),
        ({"kind": Kind.OPTED_OUT, "cause": Cause.OPT_OUT}, "unsubscribed@email"),
        ({"kind": Kind.OPTED_OUT, "cause": Cause.OPT_OUT} | SMS, "opt_out@sms"),
        # that a provider keeps a STOP on its list makes it no suppression, which staff could lift
        ({"kind": Kind.OPTED_OUT, "cause": Cause.PROVIDER_SUPPRESSED}, "unsubscribed@email"),
        ({"kind": Kind.OPTED_OUT, "cause": Cause.PROVIDER_SUPPRESSED} | SMS, "opt_out@sms"),
        ({"kind": Kind.OPTED_OUT, "cause": Cause.REVOCATION} | SMS, "unsubscribed@sms"),
        ({"kind": Kind.OPTED_OUT, "cause": Cause.REVOCATION} | VOICE, "unsubscribed@sms"),
        ({"cause": Cause.INVALID_ADDRESS} | SMS, "bounce@phone"),
        ({"cause": Cause.INVALID_ADDRESS} | VOICE, "bounce@phone"),
        ({"cause": Cause.LANDLINE_OR_INCAPABLE} | SMS, "bounce@sms"),
        ({"cause": Cause.UNKNOWN, "kind": Kind.FAILED, "permanence": UNDETERMINED} | VOICE, "bounce@voice"),
        ({"cause": Cause.INACTIVE_OR_UNREACHABLE, "permanence": TRANSIENT} | SMS, "bounce@sms"),
        ({"cause": Cause.CARRIER_BLOCKED_OR_SPAM, "permanence": PERMANENT}, "bounce@email"),
    ],
)
def test_what_blocks_and_what_it_closes(event: dict[str, Any], register: str) -> None:
    assert register_of(**event) == register


@pytest.mark.parametrize(
    "event",
    [
        {"cause": Cause.UNKNOWN, "permanence": TRANSIENT},  # an out-of-office answer
        {"cause": Cause.INACTIVE_OR_UNREACHABLE, "permanence": TRANSIENT, "kind": Kind.FAILED} | VOICE,
        {"kind": Kind.COMPLAINED, "possible_recipients": 2},
        {
            "kind": Kind.COMPLAINED,
            "cause": Cause.PROVIDER_SUPPRESSED,
            "possible_recipients": 3,
        },
        {"kind": Kind.OPTED_IN, "cause": None},
    ],
)
def test_what_is_kept_in_history_and_blocks_nothing(event: dict[str, Any]) -> None:
    assert change_by(delivery_event(**event), LATER) is None


def test_a_transient_bounce_with_a_status_is_no_out_of_office_answer() -> None:
    assert register_of(cause=Cause.UNKNOWN, permanence=TRANSIENT, smtp_status="4.0.0") == "bounce@email"


def test_a_complaint_that_can_be_but_one_persons_blocks() -> None:
    assert register_of(kind=Kind.COMPLAINED, possible_recipients=1) == "complaint@email"


@pytest.mark.parametrize(
    "event",
    [
        {"cause": Cause.CONTENT_OR_SIZE},
        {"cause": Cause.ACCOUNT_OR_QUOTA, "kind": Kind.FAILED},
        {"cause": Cause.CARRIER_BLOCKED_OR_SPAM, "permanence": UNDETERMINED},
        {"cause": Cause.CARRIER_BLOCKED_OR_SPAM, "permanence": TRANSIENT} | SMS,
        {"cause": Cause.CARRIER_BLOCKED_OR_SPAM, "permanence": None},
        {"cause": Cause.CONTENT_OR_SIZE, "kind": Kind.REJECTED},
    ],
)
def test_the_sender_s_fault_is_counted_and_stands_in_no_person_s_history(event: dict[str, Any]) -> None:
    effect = rules.decide(received(delivery_event(**event)), UNKNOWN, AT_ONCE)
    assert (effect.history, effect.of_the_sender) == (None, True)


@pytest.mark.parametrize(
    ("event", "kept"),
    [
        ({}, HistoryKind.BOUNCED),
        ({"kind": Kind.REJECTED}, None),
        ({"kind": Kind.DELIVERED}, None),
        ({"kind": Kind.COMPLAINED, "cause": Cause.CONTENT_OR_SIZE}, HistoryKind.COMPLAINED),
        ({"cause": Cause.UNKNOWN, "permanence": TRANSIENT}, HistoryKind.BOUNCED),
        ({"kind": Kind.OPTED_IN}, HistoryKind.OPTED_IN),
    ],
)
def test_what_stands_in_the_history(event: dict[str, Any], kept: HistoryKind | None) -> None:
    effect = rules.decide(received(delivery_event(**event)), UNKNOWN, AT_ONCE)
    assert (effect.history and effect.history.kind, effect.of_the_sender) == (kept, False)


def test_a_history_item_is_whole() -> None:
    told = delivery_event(
        provider="twilio",
        provider_message_id="SM1",
        provider_code="30003",
        smtp_status="5.1.1",
        diagnostic="x" * 300,
        metadata={"reachable_id": "m"},
    )
    hex_ = event_hex("twilio", "1", "lincoln")
    assert rules.decide(received(told, "lincoln", raw="raw/1"), UNKNOWN, AT_ONCE).history == HistoryItem(
        hex=hex_,
        kind=HistoryKind.BOUNCED,
        provider="twilio",
        account="lincoln",
        occurred_at=clock("09:01"),
        received_at=LATER,
        mark=mark(clock("09:00"), hex_),
        channel=Channel.EMAIL,
        permanence=PERMANENT,
        cause=Cause.INVALID_ADDRESS,
        sent_at=clock("09:00"),
        event_id="1",
        provider_message_id="SM1",
        provider_code="30003",
        smtp_status="5.1.1",
        diagnostic="x" * 300,
        metadata={"reachable_id": "m"},
        moves="bounce@email",
        raw="raw/1",
    )


def test_an_account_s_event_takes_no_other_account_s() -> None:
    hexes = {event_hex("twilio", "1"), event_hex("twilio", "1", "a"), event_hex("twilio", "1", "b")}
    assert len(hexes) == 3
    assert event_hex("twilio", "1", None) == event_hex("twilio", "1")


# From when it counts


@pytest.mark.parametrize(
    ("event", "counts_from"),
    [
        ({}, "09:00"),  # its message was sent then
        ({"sent_at": None}, "09:01"),
        ({"sent_at": None, "occurred_at": None}, "10:00"),
        ({"sent_at": clock("12:00")}, "09:01"),  # the provider's clock runs ahead: it is not believed
        ({"sent_at": clock("12:00"), "occurred_at": clock("12:01")}, "10:00"),
        ({"sent_at": datetime(1970, 1, 1, tzinfo=UTC)}, "09:01"),
        (
            {"sent_at": YEAR_1, "occurred_at": YEAR_9999},
            "10:00",
        ),
        ({"kind": Kind.COMPLAINED}, "09:01"),
        ({"kind": Kind.COMPLAINED, "occurred_at": None}, "10:00"),
        ({"kind": Kind.COMPLAINED, "cause": Cause.PROVIDER_SUPPRESSED}, "09:00"),
        ({"kind": Kind.OPTED_OUT}, "09:01"),
        ({"kind": Kind.OPTED_OUT, "provider_message_id": "m"}, "09:01"),  # who unsubscribes has had the mail
        ({"kind": Kind.OPTED_OUT, "cause": Cause.PROVIDER_SUPPRESSED}, "09:00"),
        ({"kind": Kind.OPTED_OUT} | SMS, "09:01"),
        # refused because of an earlier STOP
        ({"kind": Kind.OPTED_OUT, "provider_message_id": "m"} | SMS, "09:00"),
        ({"kind": Kind.OPTED_IN, "occurred_at": clock("11:00")}, "10:00"),
        # our tag, where the provider does not tell
        ({"sent_at": None, "metadata": {"reachable_t": "2026-09-14T08:30:00Z"}}, "08:30"),
        ({"metadata": {"reachable_t": "2026-09-14T08:30:00Z"}}, "09:00"),
        ({"sent_at": None, "metadata": {"reachable_t": "noon"}}, "09:01"),
        ({"sent_at": None, "metadata": {"reachable_t": "2126-09-14T08:30:00Z"}}, "09:01"),
    ],
)
def test_from_when_an_event_counts(event: dict[str, Any], counts_from: str) -> None:
    assert counted_from(delivery_event(**event)) == clock(counts_from)


def counted_from(event: DeliveryEvent, known: Known = UNKNOWN) -> datetime:
    item = rules.decide(received(event, at=clock("10:00")), known, AT_ONCE).history
    assert item is not None
    return time_of(item.mark)


@pytest.mark.parametrize(
    ("event", "counts_from"),
    [
        ({"sent_at": None}, "08:45"),
        ({}, "09:00"),
        # a dialect gives the tag's time as the message's where the provider tells none
        (
            {"sent_at": clock("08:30"), "metadata": {"reachable_t": "2026-09-14T08:30:00Z"}},
            "08:45",
        ),
        ({"kind": Kind.COMPLAINED, "sent_at": None}, "09:01"),
        ({"kind": Kind.OPTED_OUT, "provider_message_id": "m", "sent_at": None} | SMS, "08:45"),
    ],
)
def test_our_record_tells_when_a_message_was_sent_where_its_provider_does_not(
    event: dict[str, Any], counts_from: str
) -> None:
    assert counted_from(delivery_event(**event), Known(sent_at=clock("08:45"))) == clock(counts_from)


@pytest.mark.parametrize(
    ("told", "believed"),
    [
        (timedelta(0), True),
        (timedelta(seconds=1), False),
        (-timedelta(days=30), True),
        (-timedelta(days=30, seconds=1), False),
    ],
)
def test_a_time_is_believed_for_30_days_before_its_receipt(told: timedelta, *, believed: bool) -> None:
    at = LATER + told
    assert rules.believed(at, LATER) == (at if believed else None)
    assert rules.believed(None, LATER) is None


# Whom it blames, and what moves on the message


def message(**changes: Any) -> Message:
    made = Message(
        id="m",
        user_id="ada",
        channel=Channel.EMAIL,
        purpose=Purpose.GENERAL,
        queued_at=clock("08:00"),
        credential=ADA,
        provider="ses",
        at={MessageStatus.SENDING: clock("08:01")},
    )
    return replace(made, **changes)


def known(made: Message, *, had_bounced: bool = False) -> Known:
    return Known(Moved(made, had_bounced), made.sent_at)


@pytest.mark.parametrize(
    ("record", "event", "blamed"),
    [
        ({}, {"address": "ada@forward.example"}, "ada@example.org"),
        ({}, {"address": "ada@example.org"}, "ada@example.org"),
        # another system's message turns no event to somebody whom it does not name
        ({"at": {MessageStatus.SENT: clock("08:01")}}, {"address": "bo@example.org"}, "bo@example.org"),
        ({}, {"address": "bo@example.org", "kind": Kind.COMPLAINED}, "bo@example.org"),
        ({}, SMS, "+12025550123"),
        ({"credential": None}, {"address": "bo@example.org"}, "bo@example.org"),
    ],
)
def test_only_a_forwarded_bounce_of_our_own_message_blames_whom_we_sent_to(
    record: dict[str, Any], event: dict[str, Any], blamed: str
) -> None:
    effect = rules.decide(received(delivery_event(**event)), known(message(**record)), AT_ONCE)
    assert effect.credential.address == blamed


@pytest.mark.parametrize(
    ("event", "record", "had_bounced", "counts"),
    [
        ({}, {}, False, True),
        ({"kind": Kind.FAILED}, {}, False, True),
        ({"permanence": TRANSIENT}, {}, False, False),
        ({"kind": Kind.COMPLAINED}, {}, False, False),
        ({"kind": Kind.DELIVERED, "permanence": None, "cause": None}, {}, False, False),
        # a transient bounce, or another event that knew of this one, has brought the record to it already
        (
            {},
            {"at": {MessageStatus.SENDING: clock("08:01"), MessageStatus.BOUNCED: clock("08:02")}},
            False,
            True,
        ),
        ({}, {}, True, False),
        ({}, {"at": {MessageStatus.SENT: clock("08:01")}}, False, False),  # another system's
        ({"cause": Cause.CONTENT_OR_SIZE}, {}, False, True),
    ],
)
def test_one_of_our_messages_that_bounced_for_good_counts_once(
    event: dict[str, Any], record: dict[str, Any], *, had_bounced: bool, counts: bool
) -> None:
    made = message(**record)
    effect = rules.decide(received(delivery_event(**event)), known(made, had_bounced=had_bounced), AT_ONCE)
    assert effect.bounced == (made if counts else None)


# What it says by itself


@pytest.mark.parametrize(
    ("event", "status", "at", "why"),
    [
        ({}, MessageStatus.BOUNCED, clock("09:01"), "invalid_address"),
        ({"kind": Kind.SENT, "cause": None}, MessageStatus.SENT, clock("09:00"), None),
        ({"kind": Kind.SENT, "cause": None, "sent_at": None}, MessageStatus.SENT, clock("09:01"), None),
        ({"kind": Kind.DELAYED, "cause": None}, MessageStatus.DELAYED, clock("09:01"), None),
        ({"kind": Kind.DELIVERED, "cause": None}, MessageStatus.DELIVERED, clock("09:01"), None),
        ({"kind": Kind.COMPLAINED, "cause": None}, MessageStatus.COMPLAINED, clock("09:01"), None),
        ({"kind": Kind.REJECTED, "cause": None}, MessageStatus.REJECTED, clock("09:01"), None),
        ({"kind": Kind.FAILED, "occurred_at": None, "cause": None}, MessageStatus.FAILED, LATER, None),
        (
            {"kind": Kind.DELIVERED, "occurred_at": datetime(2099, 1, 1, tzinfo=UTC), "cause": None},
            MessageStatus.DELIVERED,
            LATER,
            None,
        ),
    ],
)
def test_to_what_a_message_comes_when_and_why(
    event: dict[str, Any], status: MessageStatus, at: datetime, why: str | None
) -> None:
    step = received(delivery_event(**event)).step
    assert step is not None
    assert (step.at, step.reasons) == ({status: at}, {status: why} if why else {})


@pytest.mark.parametrize(
    "event", [{"kind": Kind.OPTED_OUT, "provider_message_id": "m"}, {"kind": Kind.OPTED_IN}]
)
def test_who_unsubscribes_or_texts_start_says_nothing_of_a_message(event: dict[str, Any]) -> None:
    assert received(delivery_event(**event)).step is None


def test_a_text_that_is_refused_after_stop_has_failed_and_the_stop_itself_says_nothing_of_one() -> None:
    stop = text_event(kind=Kind.OPTED_OUT, cause=Cause.OPT_OUT)
    refused = received(replace(stop, provider_message_id="SM1")).step
    assert received(stop).step is None
    assert refused is not None
    assert (refused.at, refused.reasons) == (
        {MessageStatus.FAILED: clock("09:01")},
        {MessageStatus.FAILED: "opt_out"},
    )


def test_an_event_is_received_whole() -> None:
    told = delivery_event(provider_message_id="<m1@eu.example>", metadata={"reachable_id": ADA_S})
    hex_ = event_hex("ses", "1")
    assert received(told, raw="raw/1") == ReceivedEvent(
        told=told,
        account=None,
        received_at=LATER,
        raw="raw/1",
        hex=hex_,
        credential=ADA,
        step=Step(
            at={MessageStatus.BOUNCED: clock("09:01")},
            reasons={MessageStatus.BOUNCED: "invalid_address"},
            for_good=True,
            tagged=ADA_S,
            pointer=Pointer("ses", None, "m1", ADA),
            early=Early(hex_, told, LATER),
        ),
    )


def test_of_an_event_no_more_is_received_than_is_kept() -> None:
    assert received(delivery_event(diagnostic="x" * 5000)).told.diagnostic == "x" * 300


@pytest.mark.parametrize("tag", [None, "m", ADA_S.replace("T", "-"), ADA_S.replace("20260914", "20269914")])
def test_a_tag_that_is_no_id_of_ours_names_no_message(tag: str | None) -> None:
    step = received(delivery_event(metadata={} if tag is None else {"reachable_id": tag})).step
    assert step is not None
    assert step.tagged is None


@pytest.mark.parametrize(
    ("provider", "account", "named", "id_"),
    [
        ("ses", None, "m1", "m1"),
        ("ses", None, "<m1@email.amazonses.com>", "m1"),
        ("ses", None, "@email.amazonses.com", "@email.amazonses.com"),
        ("sendgrid", "north", "<news@1.example>", "news@1.example"),
    ],
)
def test_by_what_its_provider_names_a_message(
    provider: str, account: str | None, named: str, id_: str
) -> None:
    step = received(delivery_event(provider=provider, provider_message_id=named), account).step
    assert step is not None
    assert step.pointer == Pointer(provider, account, id_, ADA)


def test_an_event_without_its_provider_s_id_points_to_no_message() -> None:
    step = received(delivery_event(provider_message_id=None)).step
    assert step is not None
    assert step.pointer is None


@pytest.mark.parametrize(
    ("event", "early"),
    [
        ({}, True),
        ({"kind": Kind.FAILED, "provider": "aws_sms"} | SMS, True),
        ({"provider": "twilio"}, False),  # dispatch sends nothing by it
        ({"kind": Kind.COMPLAINED}, False),  # who complains is who reads it
    ],
)
def test_a_bounce_of_what_dispatch_may_have_sent_is_to_be_applied_once_more(
    event: dict[str, Any], *, early: bool
) -> None:
    step = received(delivery_event(**event)).step
    assert step is not None
    assert (step.early is not None) is early
