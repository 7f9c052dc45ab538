"""What is told on the event bus: from a record's two images, the same for a repeat, as docs/events says."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest

from reachable.model.bus_event import BusEvent, DetailType, MessageMoved, StatusMoved
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, Permanence, event_hex
from reachable.model.message import Message, MessageStatus
from reachable.model.people import Holder
from reachable.model.send import Purpose
from reachable.model.status import (
    GOOD,
    LOWEST_HEX,
    Block,
    BlockRegister,
    CredentialStatus,
    Ground,
    Lift,
    Reach,
    Status,
    Terms,
    TransientBounce,
    mark,
)
from reachable.rules import announcements
from tests.builders import clock

EMAIL: Final = Credential(CredentialKind.EMAIL, "ada@example.org")
PHONE: Final = Credential(CredentialKind.PHONE, "+12025550123")
HEX: Final = event_hex("ses", "1")
WRITTEN: Final = clock("09:02")
SCHEMAS: Final = Path(__file__).parents[3] / "docs" / "events"


def schema(type_: DetailType) -> Any:
    return json.loads((SCHEMAS / f"{type_.lower().replace(' ', '-')}.v1.json").read_text())


def checked(event: BusEvent | None) -> BusEvent:
    """An event, as whoever reads docs/events expects it, and no member that is not told of there."""
    assert event is not None
    told = schema(event.type)
    jsonschema.Draft202012Validator.check_schema(told)
    jsonschema.validate(event.detail, told, jsonschema.Draft202012Validator)
    assert set(event.detail) <= set(told["properties"])
    assert event.detail["id"] == event.id
    return event


def block(register: str = "bounce@email", at: str = "09:00", **changes: Any) -> Block:
    told: dict[str, Any] = {"cause": Cause.INVALID_ADDRESS, "permanence": Permanence.PERMANENT} | changes
    return Block(BlockRegister.of_name(register), mark(clock(at), HEX), provider="ses", **told)


def status(*blocks: Block, **lifted: str) -> Status:
    return Status(blocks, {Lift(by): mark(clock(at), LOWEST_HEX) for by, at in lifted.items()})


def holder(id_: str = "u1", *schools: str) -> Holder:
    return Holder(
        user_id=id_,
        sourced_id=f"s-{id_}",
        name="Ada Reyes",
        language="en",
        schools=schools,
        since=clock("08:00"),
    )


def told_of(
    before: Status,
    after: Status,
    *holders: Holder,
    credential: Credential = EMAIL,
    with_address: bool = False,
    key: bytes = b"key",
) -> BusEvent | None:
    announced = announcements.of_status(StatusMoved(credential, before, after, WRITTEN))
    if announced is None:
        return None
    return checked(announcements.of_credential(announced, holders, key=key, with_address=with_address))


def test_a_first_block_is_told_with_why_and_whose_it_is() -> None:
    event = told_of(GOOD, status(block()), holder("u1", "north"), holder("u2"))
    assert event is not None
    assert event.type is DetailType.MARKED_BAD
    assert event.at == WRITTEN
    assert event.detail == {
        "version": "1",
        "id": event.id,
        "at": "2026-09-14T09:02:00Z",
        "credential": {"kind": "email"},
        "status": "bad",
        "open": [],
        "holders": [
            {"user_id": "u1", "sourced_id": "s-u1", "schools": ["north"]},
            {"user_id": "u2", "sourced_id": "s-u2", "schools": []},
        ],
        "other_holders": 0,
        "blocks": [
            {
                "ground": "bounce",
                "channels": ["email"],
                "cause": "invalid_address",
                "permanence": "permanent",
                "provider": "ses",
                "since": "2026-09-14T09:00:00Z",
            }
        ],
    }


def test_no_address_is_told_unless_asked_for() -> None:
    silent = told_of(GOOD, status(block()))
    told = told_of(GOOD, status(block()), with_address=True)
    assert silent is not None
    assert told is not None
    assert "ada" not in json.dumps(dict(silent.detail))
    assert told.detail["credential"] == {"kind": "email", "address": "ada@example.org"}


def test_a_newer_bounce_of_what_is_bad_is_no_news() -> None:
    assert told_of(status(block()), status(block(at="10:00"))) is None


def test_another_ground_is_news_and_names_itself_alone() -> None:
    complaint = block("complaint@email", "10:00", cause=Cause.COMPLAINT, permanence=None)
    event = told_of(status(block()), status(block(), complaint))
    assert event is not None
    assert [one["ground"] for one in event.detail["blocks"]] == ["complaint"]
    assert event.detail["blocks"][0]["permanence"] is None


def test_a_phone_says_what_is_still_open() -> None:
    event = told_of(GOOD, status(block("bounce@sms")), credential=PHONE)
    assert event is not None
    assert (event.detail["status"], event.detail["open"]) == ("bad", ["voice"])


def test_a_reset_is_told_with_what_it_lifted_and_what_it_did_not() -> None:
    stop = block("opt_out@sms", "09:30", cause=Cause.OPT_OUT, permanence=None)
    bad = status(block("bounce@sms"), stop)
    event = told_of(bad, replace(bad, lifted=status(staff="10:00").lifted), credential=PHONE)
    assert event is not None
    assert event.type is DetailType.RESET
    assert event.detail["lifted_by"] == "staff"
    assert [one["ground"] for one in event.detail["lifted"]] == ["bounce"]
    assert [one["ground"] for one in event.detail["still_blocked"]] == ["opt_out"]
    assert event.detail["status"] == "bad"


def test_a_lift_of_nothing_is_no_news() -> None:
    assert told_of(status(block(at="11:00")), status(block(at="11:00"), staff="10:00")) is None


def test_what_is_forgotten_is_not_called_reset() -> None:
    assert told_of(status(block()), GOOD) is None
    assert told_of(status(block(), consent="08:00"), GOOD) is None


def test_a_delivery_that_clears_the_count_of_transient_bounces_is_told() -> None:
    counted = tuple(
        TransientBounce(Reach.EMAIL, mark(clock(at), HEX), at, Cause.MAILBOX_FULL, "ses")
        for at in ("09:10", "09:00")
    )
    bad = Status(transient={Reach.EMAIL: counted}, terms=Terms(2, timedelta(days=30)))
    event = told_of(bad, replace(bad, delivered={Reach.EMAIL: mark(clock("09:20"), LOWEST_HEX)}))
    assert event is not None
    assert (event.type, event.detail["lifted_by"]) == (DetailType.RESET, "delivery")
    assert [one["cause"] for one in event.detail["lifted"]] == ["mailbox_full"]


def test_a_count_that_comes_to_less_is_told_and_is_no_delivery() -> None:
    """Five are kept, of a limit of five; one that comes much later leaves four within the window."""
    times = [clock("09:00") + timedelta(days=day) for day in (4, 3, 2, 1, 0)]
    kept = tuple(
        TransientBounce(Reach.EMAIL, mark(at, HEX), f"{at:%d}", Cause.MAILBOX_FULL, "ses") for at in times
    )
    late = replace(kept[0], at=mark(clock("09:00") + timedelta(days=60), HEX), message="late")
    bad = Status(
        transient={Reach.EMAIL: kept},
        delivered={Reach.EMAIL: mark(clock("08:00"), LOWEST_HEX)},
        terms=Terms(5, timedelta(days=30)),
    )
    event = told_of(bad, replace(bad, transient={Reach.EMAIL: (late, *kept[:4])}))
    assert event is not None
    assert (event.type, event.detail["lifted_by"]) == (DetailType.RESET, "count")


def test_the_identity_of_what_closes_is_no_other_s() -> None:
    """Of a mark and a lift at once, closing and opening have the same marks to tell of."""
    lifted = status(block(), staff="10:00")
    closing = announcements.of_status(StatusMoved(EMAIL, GOOD, status(block()), WRITTEN))
    opening = announcements.of_status(StatusMoved(EMAIL, status(block()), lifted, WRITTEN))
    assert closing is not None
    assert opening is not None
    assert closing.identity.splitlines()[0] == "Credential Marked Bad"
    assert opening.identity.splitlines()[0] == "Credential Reset"


def test_a_second_lift_of_another_kind_names_itself() -> None:
    stop = block("opt_out@sms", "09:30", cause=Cause.OPT_OUT, permanence=None)
    event = told_of(status(stop, staff="10:00"), status(stop, staff="10:00", start="10:30"), credential=PHONE)
    assert event is not None
    assert event.detail["lifted_by"] == "start"


def test_a_sign_in_that_opens_is_told_as_what_it_is() -> None:
    event = told_of(status(block()), status(block(), proof="10:00"))
    assert event is not None
    assert (event.type, event.detail["lifted_by"]) == (DetailType.RESET, "proof")
    assert (event.detail["status"], event.detail["open"]) == ("good", ["email"])


def test_an_event_has_the_same_id_however_often_it_is_made_and_another_no_other_time() -> None:
    ids = [
        told_of(GOOD, status(block()), holder("u1")),
        told_of(GOOD, status(block())),
        told_of(GOOD, status(block(at="09:00:01"))),
        told_of(GOOD, status(block()), credential=PHONE),
        told_of(status(staff="08:00"), status(block(), staff="08:00")),
        told_of(status(block()), status(block(), staff="10:00")),
        told_of(status(block()), status(block(), staff="11:00")),
    ]
    first, same, *others = [event.id for event in ids if event is not None]
    assert first == same
    assert len({first, *others}) == len(others) + 1


def test_without_the_key_no_address_can_be_worked_out_of_an_id() -> None:
    one, other = (told_of(GOOD, status(block()), key=key) for key in (b"key", b"another"))
    assert one is not None
    assert other is not None
    assert one.id != other.id


def test_of_very_many_holders_a_few_are_named_and_the_others_counted() -> None:
    many = [holder(f"u{i}", *(f"school-{j}" for j in range(12))) for i in range(30)]
    event = told_of(GOOD, status(block()), *many)
    assert event is not None
    assert [len(event.detail["holders"]), event.detail["other_holders"]] == [25, 5]
    assert len(event.detail["holders"][0]["schools"]) == 10


def message(**changes: Any) -> Message:
    told: dict[str, Any] = {
        "id": "m1",
        "user_id": "u1",
        "channel": Channel.EMAIL,
        "purpose": Purpose.GENERAL,
        "queued_at": clock("08:59"),
        "at": {MessageStatus.QUEUED: clock("08:59")},
    } | changes
    return Message(**told)


def told_message(before: Message | None, after: Message) -> BusEvent | None:
    event = announcements.of_message(MessageMoved(before, after, WRITTEN))
    return event and checked(event)


def test_a_message_that_came_to_another_status_is_told() -> None:
    bounced = message(
        provider="ses",
        batch_id="b1",
        at={MessageStatus.QUEUED: clock("08:59"), MessageStatus.BOUNCED: clock("09:01")},
        reasons={MessageStatus.BOUNCED: "invalid_address"},
        subject="Field trip",
        credential=EMAIL,
    )
    event = told_message(message(), bounced)
    assert event is not None
    assert event.detail == {
        "version": "1",
        "id": event.id,
        "at": "2026-09-14T09:02:00Z",
        "message_id": "m1",
        "user_id": "u1",
        "channel": "email",
        "purpose": "general",
        "batch_id": "b1",
        "dedup_id": None,
        "provider": "ses",
        "status": "bounced",
        "previous_status": "queued",
        "reason": "invalid_address",
        "status_at": "2026-09-14T09:01:00Z",
    }


def test_a_new_message_has_no_status_before() -> None:
    event = told_message(None, message())
    assert event is not None
    assert (event.detail["previous_status"], event.detail["status"]) == (None, "queued")


def test_a_message_of_which_no_time_is_known_is_queued() -> None:
    event = told_message(None, message(at={}))
    assert event is not None
    assert (event.detail["status"], event.detail["status_at"]) == ("queued", None)


def test_what_else_is_written_of_a_message_is_no_news() -> None:
    assert told_message(message(), message(claim="c1")) is None


def test_what_another_system_sent_to_a_shared_address_is_nobody_s() -> None:
    assert told_message(None, message(user_id=None)) is None


def test_a_message_s_events_have_ids_of_their_own() -> None:
    sent = message(at={MessageStatus.SENT: clock("09:00")})
    ids = [
        told_message(message(), sent),
        told_message(None, sent),
        told_message(message(), message(id="m2", at=sent.at)),
        told_message(sent, message(at={MessageStatus.DELIVERED: clock("09:01")})),
    ]
    first, same, *others = [event.id for event in ids if event is not None]
    assert first == same
    assert len({first, *others}) == 3


def words(told: Any, name: str) -> set[str | None]:
    """What a member may be, wherever it stands in a schema."""
    if isinstance(told, list):
        return {word for one in told for word in words(one, name)}
    if not isinstance(told, dict):
        return set()
    here = told.get("properties", {}).get(name, {})
    return {*here.get("enum", here.get("items", {}).get("enum", []))} | words(list(told.values()), name)


@pytest.mark.parametrize("type_", [DetailType.MARKED_BAD, DetailType.RESET])
def test_the_schemas_know_every_word_of_a_credential(type_: DetailType) -> None:
    told = schema(type_)
    assert words(told, "ground") == {one.value for one in Ground}
    assert words(told, "cause") == {one.value for one in Cause}
    assert words(told, "permanence") == {*(one.value for one in Permanence), None}
    assert words(told, "channels") == {one.value for one in Channel}
    assert words(told, "kind") == {one.value for one in CredentialKind}
    if type_ is DetailType.RESET:
        assert words(told, "lifted_by") == {*(one.value for one in Lift), "delivery", "count"}
        assert words(told, "status") == {one.value for one in CredentialStatus}


def test_the_schema_knows_every_word_of_a_message() -> None:
    told = schema(DetailType.MESSAGE)
    assert words(told, "status") == {one.value for one in MessageStatus}
    assert words(told, "previous_status") == {*(one.value for one in MessageStatus), None}
    assert words(told, "purpose") == {one.value for one in Purpose}
    assert words(told, "channel") == {one.value for one in Channel}


def test_there_is_a_schema_of_each_event_and_no_other() -> None:
    assert sorted(path.name for path in SCHEMAS.iterdir()) == [
        "credential-marked-bad.v1.json",
        "credential-reset.v1.json",
        "message-status-changed.v1.json",
    ]
