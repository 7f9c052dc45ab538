"""Transient bounces that are counted (`TransientBounceLimit`): on the table, at the gate, on the profile."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import EndpointConnectionError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.profiles.app import handler as profiles
from functions.reset.app import handler as resetting
from functions.sends.app import handler as sends
from reachable.flows import apply
from reachable.model.bus_event import StatusMoved
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, Kind, Permanence, event_hex
from reachable.model.errors import Changed, Unavailable
from reachable.model.history import HistoryKind
from reachable.model.status import (
    GOOD,
    Block,
    BlockRegister,
    Change,
    Delivery,
    Ground,
    Lift,
    Lifting,
    Reach,
    Status,
    Terms,
    TransientBounce,
    mark,
)
from reachable.rules import status as status_rules
from reachable.store import dynamodb
from reachable.store.credentials import history, keys, registers, staff, stream
from reachable.store.credentials.staff import StaffAct
from tests.builders import DAY, clock, delivery_event
from tests.functions import district, streams, wire
from tests.functions.api import Answer, call
from tests.functions.district import ADA

pytestmark = pytest.mark.usefixtures("at_nine")

EMAIL = ADA.credentials[CredentialKind.EMAIL]
THREE = Terms(limit=3, window=timedelta(days=30))
RECEIVED = DAY + timedelta(days=1)
FULL = {"permanence": Permanence.TRANSIENT, "cause": Cause.MAILBOX_FULL}


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three transient bounces block."""
    monkeypatch.setattr(registers, "TERMS", THREE)


def bounced(message: str, sent: str, **event: Any) -> apply.Applied:
    told = {**FULL, "event_id": message, "provider_message_id": message, "sent_at": clock(sent)} | event
    return apply.events([delivery_event(**{"address": EMAIL.address, "occurred_at": None} | told)], RECEIVED)


def arrived(message: str, sent: str) -> apply.Applied:
    return bounced(message, sent, kind=Kind.DELIVERED, permanence=None, cause=None)


def status(credential: Credential = EMAIL) -> Status:
    return registers.statuses([credential])[credential]


def gate() -> dict[str, Any]:
    body = {"recipients": [{"credential": str(EMAIL), "channel": "email"}]}
    answer = call(sends, "POST", "/sends/check", {"token_use": "access", "scope": "reachable/sends"}, body)
    told: dict[str, Any] = answer.body["results"][0]
    return told


def profile() -> dict[str, Any]:
    answer = call(profiles, "GET", f"/users/{ADA.id}", district.manager())
    return next(one for one in answer.body["credentials"] if one["kind"] == "email")


def reset() -> Answer:
    return call(resetting, "POST", f"/users/{ADA.id}/reset", district.manager(), {"credentials": ["email"]})


@pytest.mark.usefixtures("three")
def test_the_third_message_that_bounces_for_a_while_blocks() -> None:
    assert [bounced(f"m{hour}", f"0{hour}:00").blocked for hour in (5, 6)] == [0, 0]
    assert (gate()["send"], profile()["status"], profile()["blocks"]) == (True, "good", [])
    assert bounced("m7", "07:00").blocked == 1
    assert gate() == {
        "send": False,
        "channel": "email",
        "credential": str(EMAIL),
        "reason": "mailbox_full",
        "since": "2026-09-14T07:00:00Z",
        "label": None,
        "exempted": False,
        "open": [],
        "alternatives": [],
    }
    [shown] = profile()["blocks"]
    assert (shown["ground"], shown["permanence"], shown["provider"], shown["until"]) == (
        "bounce",
        "transient",
        "ses",
        None,
    )
    assert {item.moves for item in history.of(EMAIL)} == {"transient@email"}


@pytest.mark.usefixtures("three")
def test_several_events_of_one_message_count_once_however_often_they_come() -> None:
    for event in ("e1", "e2", "e1", "e3"):
        assert bounced("m1", "05:00", event_id=event).blocked == 0
    assert gate()["send"]
    assert len(history.of(EMAIL)) == 3


@pytest.mark.usefixtures("three")
def test_what_arrived_since_begins_the_count_anew_and_a_late_word_of_it_opens_again() -> None:
    for hour in (5, 6, 7):
        bounced(f"m{hour}", f"0{hour}:00")
    assert not gate()["send"]
    arrived("old", "06:30")
    assert gate()["send"]  # but one of them was sent after it
    for message, sent in (("m8", "07:30"), ("m9", "07:45")):
        bounced(message, sent)
    assert not gate()["send"]


@pytest.mark.usefixtures("three")
def test_a_reset_lifts_it_is_shown_and_no_late_bounce_of_before_counts_again() -> None:
    for hour in (5, 6, 7):
        bounced(f"m{hour}", f"0{hour}:00")
    answer = reset()
    assert answer.body["results"][0]["outcome"] == "reset"
    assert gate()["send"]
    [shown] = profile()["blocks"]
    assert (shown["lifted_by"], shown["until"]) == ("staff", "2026-09-14T09:00:00Z")
    for message in ("m1", "m2", "m3"):
        bounced(message, "08:30")
    assert gate()["send"]
    for message, sent in (("n1", "09:01"), ("n2", "09:02"), ("n3", "09:03")):
        bounced(message, sent)
    assert not gate()["send"]
    assert answer.body["etag"] != call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body["etag"]


@pytest.mark.usefixtures("three")
def test_a_permanent_bounce_blocks_at_once_as_ever() -> None:
    assert bounced("m1", "05:00", permanence=Permanence.PERMANENT, cause=Cause.INVALID_ADDRESS).blocked == 1
    assert [item.moves for item in history.of(EMAIL)] == ["bounce@email"]
    assert (gate()["send"], gate()["reason"]) == (False, "invalid_address")


@pytest.mark.usefixtures("three")
def test_a_delivery_costs_one_write_of_its_register_and_no_line_of_history() -> None:
    with wire.overheard(dynamodb.client(), "UpdateItem") as asked:
        arrived("m1", "05:00")
    written = [call_ for call_ in asked if call_["TableName"] == "credentials"]
    assert [call_["ExpressionAttributeNames"]["#r"] for call_ in written] == ["delivered@email"]
    assert history.of(EMAIL) == []


def test_where_nothing_is_counted_a_delivery_writes_nothing_and_a_transient_bounce_its_register() -> None:
    with wire.overheard(dynamodb.client(), "UpdateItem") as asked:
        arrived("m1", "05:00")
        assert [call_ for call_ in asked if call_["TableName"] == "credentials"] == []
        assert bounced("m2", "06:00").blocked == 1
    written = [call_ for call_ in asked if call_["TableName"] == "credentials"]
    assert [call_["ExpressionAttributeNames"]["#r"] for call_ in written] == ["bounce@email"]
    assert [item.moves for item in history.of(EMAIL)] == ["bounce@email"]


@pytest.mark.usefixtures("three")
def test_a_delivery_that_cannot_be_written_keeps_nothing_from_blocking_and_comes_again() -> None:
    dead = delivery_event(address=EMAIL.address)
    told = delivery_event(
        kind=Kind.DELIVERED, permanence=None, cause=None, event_id="2", address=EMAIL.address
    )
    with wire.cut_off(dynamodb.client(), "UpdateItem", "delivered@email"):
        applied = apply.events([told, dead], RECEIVED)
    assert isinstance(applied.failed, EndpointConnectionError)
    assert (applied.blocked, status().delivered) == (1, {})
    assert apply.events([told, dead], RECEIVED).failed is None
    assert status().delivered == {Reach.EMAIL: f"2026-09-14T09:00:00.000000Z#{'0' * 16}"}


@pytest.mark.usefixtures("three")
def test_who_dies_between_history_and_status_is_made_good_by_the_repeat() -> None:
    with wire.cut_off(dynamodb.client(), "UpdateItem", "transient@email"):
        assert bounced("m1", "05:00").failed is not None
    assert (len(history.of(EMAIL)), status().transient) == (1, {})
    bounced("m1", "05:00")
    assert status() == status_rules.join(
        Status(terms=THREE), filter(None, map(status_rules.change_of, history.of(EMAIL)))
    )
    assert len(status().transient[Reach.EMAIL]) == 1


def test_what_was_decided_when_it_was_first_seen_stands_when_the_limit_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bounced("m1", "05:00")
    monkeypatch.setattr(registers, "TERMS", THREE)
    bounced("m1", "05:00")
    assert (status().transient, gate()["send"]) == ({}, False)


def test_another_limit_reads_what_is_there_and_rewrites_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "TERMS", THREE)
    for hour in (5, 6):
        bounced(f"m{hour}", f"0{hour}:00")
    for limit, open_ in ((3, True), (2, False), (5, True), (1, False)):
        monkeypatch.setattr(registers, "TERMS", Terms(limit))
        assert gate()["send"] is open_


# The table


def transient(minutes: int, message: int, reach: Reach = Reach.EMAIL) -> TransientBounce:
    """Of the same message and time it is the same bounce."""
    at = mark(clock("09:00") + timedelta(minutes=minutes), event_hex("ses", str(message)))
    return TransientBounce(reach, at, f"m{message}", Cause.MAILBOX_FULL, "ses")


CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.builds(transient, st.integers(0, 9), st.integers(0, 7)),
    st.builds(
        lambda minutes: Delivery(Reach.EMAIL, transient(minutes, 0).at),
        st.integers(0, 9),
    ),
    st.builds(
        lambda by, minutes: Lifting(by, transient(minutes, 1).at), st.sampled_from(Lift), st.integers(0, 9)
    ),
    st.builds(
        lambda ground, minutes: Block(
            BlockRegister(ground, Reach.EMAIL), transient(minutes, 2).at, Cause.UNKNOWN, None, "ses"
        ),
        st.sampled_from(Ground),
        st.integers(0, 9),
    ),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(CHANGES, max_size=14), st.randoms(use_true_random=False))
def test_the_table_gives_what_the_pure_join_gives(changes: list[Change], random: Random) -> None:
    """In any order and any number of times."""
    credential = anyone()
    shuffled = changes + changes[::2]
    random.shuffle(shuffled)
    for change in shuffled:
        registers.move(credential, change)
    assert status(credential) == status_rules.join(GOOD, changes)


def anyone() -> Credential:
    return Credential(CredentialKind.EMAIL, f"{uuid4()}@example.org")


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(CHANGES, min_size=6, max_size=10))
def test_several_at_once_give_what_the_pure_join_gives(changes: list[Change]) -> None:
    """Three writers, each with all of it: what one finds grown by another is read anew."""
    credential = anyone()

    def write(all_: list[Change]) -> None:
        for change in all_:
            while True:
                try:
                    registers.move(credential, change)
                except Unavailable:  # the queue brings it again
                    continue
                break

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(write, [changes, changes[::-1], changes[3:] + changes[:3]]))
    assert status(credential) == status_rules.join(GOOD, changes)


class Meanwhile:
    """Before each write of a set another bounce comes in between, so many times."""

    def __init__(self, credential: Credential, times: int) -> None:
        self._credential, self._left = credential, iter(range(times))
        self._is_within = False

    def __call__(self, params: dict[str, Any], **_: Any) -> None:
        if self._is_within or "transient@" not in str(params["body"]):
            return
        number = next(self._left, None)
        if number is not None:
            self._is_within = True
            registers.move(self._credential, transient(10 + number, 10 + number))
            self._is_within = False


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


@pytest.mark.usefixtures("quick")
def test_a_bounce_that_comes_between_reading_and_writing_is_lost_by_nobody() -> None:
    credential, events = anyone(), dynamodb.client().meta.events
    meanwhile = Meanwhile(credential, 2)
    events.register_first("before-call.dynamodb.UpdateItem", meanwhile)
    registers.move(credential, transient(0, 0))
    events.unregister("before-call.dynamodb.UpdateItem", meanwhile)
    assert status(credential).transient[Reach.EMAIL] == (
        transient(11, 11),
        transient(10, 10),
        transient(0, 0),
    )


@pytest.mark.usefixtures("quick")
def test_who_is_overtaken_each_time_gives_up_and_is_repeated() -> None:
    credential, events = anyone(), dynamodb.client().meta.events
    meanwhile = Meanwhile(credential, 100)
    events.register_first("before-call.dynamodb.UpdateItem", meanwhile)
    with pytest.raises(Unavailable):
        registers.move(credential, transient(30, 0))
    events.unregister("before-call.dynamodb.UpdateItem", meanwhile)
    registers.move(credential, transient(30, 0))
    assert status(credential).transient[Reach.EMAIL][0] == transient(30, 0)


@pytest.mark.parametrize("change", [transient(5, 1), Delivery(Reach.EMAIL, transient(5, 1).at)])
@pytest.mark.parametrize("known", [[], [transient(0, 0), Delivery(Reach.EMAIL, transient(0, 0).at)]])
@pytest.mark.parametrize("lifts", [False, True])
def test_staff_decide_by_what_is_counted_too(change: Change, known: list[Change], *, lifts: bool) -> None:
    for before in known:
        registers.move(EMAIL, before)
    seen = status()
    lifting = Lifting(Lift.STAFF, transient(9, 9).at) if lifts else None
    staff.write([StaffAct(credential=EMAIL, seen=seen, change=lifting)], [])
    seen = status()
    registers.move(EMAIL, change)
    again = Lifting(Lift.STAFF, transient(10, 9).at) if lifts else None
    with pytest.raises(Changed):
        staff.write([StaffAct(credential=EMAIL, seen=seen, change=again)], [])
    staff.write([StaffAct(credential=EMAIL, seen=status(), change=again)], [])


def test_a_status_with_all_that_an_address_may_gather_stays_under_a_kilobyte() -> None:
    """Where it is larger the gate's read and each write cost two units."""
    for number in range(7):
        registers.move(
            EMAIL,
            TransientBounce(
                Reach.EMAIL,
                transient(number, number).at,
                "0123abcd",
                Cause.INACTIVE_OR_UNREACHABLE,
                "messagebird",
            ),
        )
        registers.move(
            EMAIL,
            TransientBounce(
                Reach.EMAIL,
                transient(number, number).at,
                f"0123abc{number}",
                Cause.INACTIVE_OR_UNREACHABLE,
                "messagebird",
            ),
        )
    at = transient(0, 0).at
    registers.move(EMAIL, Delivery(Reach.EMAIL, at))
    for ground in (Ground.BOUNCE, Ground.SUPPRESSED):
        block = Block(BlockRegister(ground, Reach.EMAIL), at, Cause.PROVIDER_SUPPRESSED, None, "messagebird")
        registers.move(EMAIL, block)
    for by in (Lift.STAFF, Lift.CONSENT, Lift.PROOF):
        registers.move(EMAIL, Lifting(by, at))
    stored = dynamodb.get_wire("credentials", keys.status(EMAIL)) or {}
    assert len(status().transient[Reach.EMAIL]) == 5
    assert sum(len(name) + _size(value) for name, value in stored.items()) < 1024


def _size(value: dict[str, Any]) -> int:
    """As AWS counts an attribute's bytes."""
    if "M" in value:
        return 3 + sum(1 + len(name) + _size(inner) for name, inner in value["M"].items())
    return len(value["S"])


# The stream


@pytest.mark.usefixtures("three")
def test_a_delivery_that_opens_nothing_asks_nothing_of_the_stream() -> None:
    with streams.moved() as records:
        arrived("m1", "05:00")
    assert [stream.of_record(record) for record in records] == [None]
    for hour in (5, 6, 7):
        bounced(f"m{hour}", f"0{hour}:30")
    with streams.moved() as records:
        arrived("m8", "08:00")
    [moved] = [stream.of_record(record) for record in records]
    assert isinstance(moved, StatusMoved)
    assert (len(status_rules.blocks(moved.before)), status_rules.blocks(moved.after)) == (1, [])


@pytest.mark.usefixtures("three")
def test_an_answer_of_a_person_in_between_is_none_of_its_business() -> None:
    """STOP moves its own register as ever."""
    bounced("m1", "05:00", kind=Kind.OPTED_OUT, permanence=None, cause=Cause.OPT_OUT)
    assert [item.kind for item in history.of(EMAIL)] == [HistoryKind.OPTED_OUT]
    assert [str(block.register) for block in status().blocked] == ["unsubscribed@email"]
    assert Channel.EMAIL not in status_rules.open_channels(CredentialKind.EMAIL, status())
