"""The credentials table: conditional moves, history append only, and the join on a real table."""

from dataclasses import fields, replace
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, Permanence, event_hex
from reachable.model.errors import Changed
from reachable.model.history import Consent, HistoryItem, HistoryKind
from reachable.model.people import Holder
from reachable.model.status import (
    GOOD,
    Block,
    BlockRegister,
    Change,
    Ground,
    Lift,
    Lifting,
    Reach,
    Status,
    mark,
)
from reachable.model.upstream import Hindrance
from reachable.rules import status as status_rules
from reachable.store import audit, dynamodb
from reachable.store.credentials import history, holders, registers, staff
from reachable.store.credentials.staff import StaffAct
from tests.builders import clock

pytestmark = pytest.mark.usefixtures("aws")

ADA = Credential(CredentialKind.EMAIL, "ada@example.org")
BO = Credential(CredentialKind.EMAIL, "bo@example.org")


def block(at: str = "09:00", *, ground: Ground = Ground.BOUNCE, event: str = "1") -> Block:
    register = BlockRegister(ground, Reach.EMAIL)
    return Block(register, mark(clock(at), event_hex("ses", event)), Cause.INVALID_ADDRESS, None, "ses")


def item(event: str = "1", at: str = "09:00", **changes: object) -> HistoryItem:
    hex_ = event_hex("ses", event)
    made = HistoryItem(
        hex=hex_,
        kind=HistoryKind.BOUNCED,
        provider="ses",
        occurred_at=clock(at),
        received_at=clock(at),
        mark=mark(clock(at), hex_),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # a test names the fields that it is about


def items_in(table: str) -> int:
    return int(dynamodb.client().scan(TableName=table, Select="COUNT")["Count"])


def test_a_credential_without_an_item_is_good() -> None:
    assert registers.statuses([ADA]) == {ADA: GOOD}


def test_a_register_moves_forward_only() -> None:
    assert registers.move(ADA, block("10:00", event="2"))
    assert not registers.move(ADA, block("09:00"))
    assert not registers.move(ADA, block("10:00", event="2"))
    assert registers.statuses([ADA])[ADA].blocked == (block("10:00", event="2"),)


def test_a_mark_is_decided_when_the_event_is_first_seen() -> None:
    """A repeat of an event that tells no time counts from when it first came in."""
    first = item()
    again = item(mark=mark(clock("11:00"), first.hex), received_at=clock("11:00"))
    assert history.record(ADA, first) == first
    assert history.record(ADA, again) == first
    assert history.of(ADA) == [first]


def test_history_keeps_every_field_and_comes_newest_first() -> None:
    older = item(
        "1", "09:00", cause=Cause.UNKNOWN, smtp_status="4.0.0", diagnostic="later", sent_at=clock("08:59")
    )
    newer = item(
        "2",
        "10:00",
        kind=HistoryKind.RESET,
        lift=Lift.CONSENT,
        by="staff",
        note="asked",
        consent=Consent("Ada", "by phone"),
        metadata={"reachable_id": "m"},
        moves="lift.consent",
    )
    history.record(ADA, older)
    history.record(ADA, newer)
    assert history.of(ADA) == [newer, older]
    assert history.items(ADA, [newer.hex]) == {newer.hex: newer}


WHOLE = HistoryItem(
    hex=event_hex("twilio", "3"),
    kind=HistoryKind.FAILED,
    provider="twilio",
    account="north",
    occurred_at=clock("09:00"),
    received_at=clock("09:00:01.000001"),
    mark=mark(clock("08:59"), event_hex("twilio", "3")),
    channel=Channel.VOICE,
    permanence=Permanence.UNDETERMINED,
    cause=Cause.UNKNOWN,
    sent_at=clock("08:59"),
    event_id="3",
    provider_message_id="CA1",
    provider_code="13224",
    smtp_status="5.1.1",
    diagnostic="dead",
    metadata={"reachable_id": "m"},
    moves="bounce@voice",
    raw="raw/1",
    lift=Lift.CONSENT,
    by="staff",
    note="asked",
    consent=Consent("Ada", "by phone"),
    spelling="Ada@example.org",
    hindrance=Hindrance.NOT_YET,
    retry_after=clock("23:00"),
    incident="20260914T120000Z-1",
    opened={"bounce@email": event_hex("ses", "1")},
    first_at=clock("08:58"),
)


def test_every_field_of_the_history_comes_back_from_the_table() -> None:
    assert not [field.name for field in fields(WHOLE) if not getattr(WHOLE, field.name)]
    history.record(ADA, WHOLE)
    assert history.of(ADA) == [WHOLE]


LIFTING = Lifting(Lift.STAFF, mark(clock("10:00"), event_hex("reachable", "1")))


def act(number: str, credential: Credential = ADA, seen: Status = GOOD, **changes: Any) -> StaffAct:
    told: dict[str, Any] = {"item": item(number, "10:00"), "change": LIFTING} | changes
    return StaffAct(credential=credential, seen=seen, **told)


def status_of(credential: Credential) -> Status:
    return registers.statuses([credential])[credential]


def test_staff_acts_on_several_credentials_are_written_whole_or_not_at_all() -> None:
    registers.move(ADA, block())
    registers.move(BO, block())
    entry = audit.AuditRecord(id="1", at=clock("10:00"), act=audit.Act.RESET, by="staff", user_id="ada")
    with pytest.raises(Changed):
        staff.write([act("r1", seen=status_of(ADA)), act("r1", BO)], audit.puts(entry))
    assert (history.of(ADA), history.of(BO), items_in("audit")) == ([], [], 0)
    both = [act("r2", seen=status_of(ADA)), act("r2", BO, seen=status_of(BO))]
    staff.write(both, audit.puts(entry))
    assert [one.hex for one in (*history.of(ADA), *history.of(BO))] == [event_hex("ses", "r2")] * 2
    assert items_in("audit") == 2


@pytest.mark.parametrize("seen", [GOOD, Status((block(),))])
def test_a_status_that_has_moved_since_it_was_seen_refuses_all(seen: Status) -> None:
    """Also where it is only looked at, and where it was good."""
    registers.move(ADA, block("09:30", ground=Ground.COMPLAINT, event="2"))
    for acts in (
        [act("r1", seen=seen)],
        [act("r1", BO), act("r1", seen=seen, item=None, change=None)],
        [act("r1", seen=seen, change=None)],
    ):
        with pytest.raises(Changed):
            staff.write(acts, [])
    assert (history.of(ADA), history.of(BO)) == ([], [])


def test_holders_and_status_come_in_one_read() -> None:
    holder = Holder(
        user_id="ada",
        sourced_id="ada",
        name="Ada Reyes",
        language="es",
        schools=("s1",),
        since=clock("08:00"),
    )
    gone = replace(holder, user_id="bo", until=clock("08:30"))
    holders.put([(ADA, holder), (ADA, gone)])
    registers.move(ADA, block())
    history.record(ADA, item())
    standing = holders.standing(ADA)
    assert standing.status.blocked == (block(),)
    assert standing.holders == (holder, gone)
    assert standing.current == (holder,)


CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.builds(
        lambda ground, minutes, event: replace(
            block(ground=ground),
            at=mark(clock("09:00") + timedelta(minutes=minutes), event_hex("ses", str(event))),
        ),
        st.sampled_from(Ground),
        st.integers(0, 3),
        st.integers(0, 5),
    ),
    st.builds(
        lambda by, minutes: Lifting(
            by, mark(clock("09:00") + timedelta(minutes=minutes), event_hex("r", "1"))
        ),
        st.sampled_from(Lift),
        st.integers(0, 3),
    ),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(CHANGES, max_size=8), st.randoms(use_true_random=False))
def test_the_table_gives_what_the_pure_join_gives(changes: list[Change], random: Random) -> None:
    """The same events and resets in any order and any number of times, on the store as on values."""
    credential = Credential(CredentialKind.EMAIL, f"{uuid4()}@example.org")
    shuffled = changes + changes[::2]
    random.shuffle(shuffled)
    for change in shuffled:
        registers.move(credential, change)
    assert registers.statuses([credential])[credential] == status_rules.join(GOOD, changes)
