"""What an event does: the table "What blocks", from when it counts, whom it blames, what is only counted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence, event_hex
from reachable.model.history import HistoryItem, HistoryKind
from reachable.model.message import Message, MessageStatus, Moved
from reachable.model.send import Purpose
from reachable.model.status import Block, mark, time_of
from reachable.rules import event as rules
from reachable.rules.event import UNKNOWN, Known, Step
from tests.builders import change_by, clock, delivery_event, text_event

LATER = clock("23:00")
PERMANENT, TRANSIENT, UNDETERMINED = Permanence.PERMANENT, Permanence.TRANSIENT, Permanence.UNDETERMINED
VOICE = {"channel": Channel.VOICE, "address": "+12025550123"}
SMS = {"channel": Channel.SMS, "address": "+12025550123"}
YEAR_1, YEAR_9999 = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
ADA = Credential(CredentialKind.EMAIL, "ada@example.org")


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
    effect = rules.decide(delivery_event(**event), None, UNKNOWN, LATER)
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
    effect = rules.decide(delivery_event(**event), None, UNKNOWN, LATER)
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
    assert rules.decide(told, "lincoln", UNKNOWN, LATER, "raw/1").history == HistoryItem(
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


ENORMOUS = {
    "event_id": "e" * 5000,
    "provider_message_id": "m" * 5000,
    "provider_code": "c" * 5000,
    "smtp_status": "5" * 5000,
    "diagnostic": "\u00e9\U0001f40c" * 5000,
    "metadata": {"reachable_id": "m", **{f"name{n}": "x" * 99 for n in range(9)}},
}


def test_no_more_of_what_others_wrote_is_kept_than_fits() -> None:
    kept = rules.bounded(delivery_event(**ENORMOUS))
    assert kept.event_id == f"sha256:{sha256(b'e' * 5000).hexdigest()}"
    assert kept.provider_message_id == f"sha256:{sha256(b'm' * 5000).hexdigest()}"
    assert (kept.provider_code, kept.smtp_status) == ("c" * 40, "5" * 40)
    assert kept.metadata == {"reachable_id": "m", "name0": "x" * 99, "name1": "x" * 99}
    assert kept.diagnostic is not None
    texts = [kept.event_id, kept.provider_message_id, kept.diagnostic, *kept.metadata.values()]
    assert sum(len(text.encode()) for text in texts) < 500


def test_an_ordinary_event_is_kept_as_it_is() -> None:
    told = delivery_event(
        provider_message_id="0100019a5c1e7d20-8f0c2b7e-1a2b-4c3d-9e4f-5a6b7c8d9e0f-000000",
        provider_code="Permanent/General",
        smtp_status="5.1.1",
        diagnostic="x" * 200,
        metadata={"reachable_id": "m"},
    )
    assert rules.bounded(told) == told
    assert rules.bounded(delivery_event()) == delivery_event()


def test_half_a_character_is_no_text() -> None:
    told = delivery_event(event_id="\ud800", diagnostic="a\udfff", metadata={"\ud800": "x"})
    assert (rules.bounded(told).event_id, rules.bounded(told).diagnostic) == ("?", "a?")


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
    item = rules.decide(event, None, known, clock("10:00")).history
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


def known(made: Message, *before: MessageStatus) -> Known:
    return Known(Moved(made, frozenset(before)), made.sent_at)


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
    effect = rules.decide(delivery_event(**event), None, known(message(**record)), LATER)
    assert effect.credential.address == blamed


@pytest.mark.parametrize(
    ("event", "record", "before", "counts"),
    [
        ({}, {}, (), True),
        ({"kind": Kind.FAILED}, {}, (), True),
        ({"permanence": TRANSIENT}, {}, (), False),
        ({"kind": Kind.COMPLAINED}, {}, (), False),
        ({}, {}, (MessageStatus.DELIVERED,), True),
        ({}, {}, (MessageStatus.BOUNCED,), False),
        ({}, {}, (MessageStatus.FAILED,), False),
        ({}, {"at": {MessageStatus.SENT: clock("08:01")}}, (), False),  # another system's
        ({"cause": Cause.CONTENT_OR_SIZE}, {}, (), True),
    ],
)
def test_one_of_our_messages_that_bounced_for_good_counts_once(
    event: dict[str, Any], record: dict[str, Any], before: tuple[MessageStatus, ...], *, counts: bool
) -> None:
    made = message(**record)
    effect = rules.decide(delivery_event(**event), None, known(made, *before), LATER)
    assert effect.bounced == (made if counts else None)


@pytest.mark.parametrize(
    ("event", "step"),
    [
        ({}, Step(MessageStatus.BOUNCED, clock("09:01"), "invalid_address")),
        ({"kind": Kind.SENT, "cause": None}, Step(MessageStatus.SENT, clock("09:00"), None)),
        ({"kind": Kind.SENT, "cause": None, "sent_at": None}, Step(MessageStatus.SENT, clock("09:01"), None)),
        ({"kind": Kind.DELAYED, "cause": None}, Step(MessageStatus.DELAYED, clock("09:01"), None)),
        ({"kind": Kind.DELIVERED, "cause": None}, Step(MessageStatus.DELIVERED, clock("09:01"), None)),
        ({"kind": Kind.COMPLAINED, "cause": None}, Step(MessageStatus.COMPLAINED, clock("09:01"), None)),
        ({"kind": Kind.REJECTED, "cause": None}, Step(MessageStatus.REJECTED, clock("09:01"), None)),
        (
            {"kind": Kind.FAILED, "occurred_at": None, "cause": None},
            Step(MessageStatus.FAILED, LATER, None),
        ),
        (
            {"kind": Kind.DELIVERED, "occurred_at": datetime(2099, 1, 1, tzinfo=UTC), "cause": None},
            Step(MessageStatus.DELIVERED, LATER, None),
        ),
        ({"kind": Kind.OPTED_OUT, "provider_message_id": "m"}, None),
        ({"kind": Kind.OPTED_IN}, None),
    ],
)
def test_to_what_a_message_comes(event: dict[str, Any], step: Step | None) -> None:
    assert rules.step(delivery_event(**event), LATER) == step


def test_a_text_that_is_refused_after_stop_has_failed_and_the_stop_itself_says_nothing_of_one() -> None:
    stop = text_event(kind=Kind.OPTED_OUT, cause=Cause.OPT_OUT)
    refused = replace(stop, provider_message_id="SM1")
    assert rules.step(stop, LATER) is None
    assert rules.step(refused, LATER) == Step(MessageStatus.FAILED, clock("09:01"), "opt_out")
