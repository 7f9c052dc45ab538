"""Which blocks an incident's run opens, up to which mark, whom it leaves alone, and what its undo closes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, EventHex, Permanence
from reachable.model.history import HistoryItem, HistoryKind, Standing
from reachable.model.incident import Incident, IncidentState, Judged, Selection, Where
from reachable.model.people import Holder
from reachable.model.status import (
    GOOD,
    Block,
    BlockRegister,
    Lift,
    Mark,
    Terms,
    hex_of,
    mark,
)
from reachable.rules import incident
from reachable.rules import status as status_rules
from tests.builders import clock

EMAIL: Final = Credential.of_key("email:ada@example.org")
PHONE: Final = Credential.of_key("phone:+12025550123")
NOON: Final = clock("12:00")
WINDOW: Final = Where(from_=clock("09:00"), to=clock("10:00"))
OF_WINDOW: Final = Selection(NOON, WINDOW)
ANY: Final = Selection(NOON)


def hex_(name: str) -> EventHex:
    return EventHex(name.rjust(16, "0"))


def item(name: str, at: str, moves: str | None = "bounce@email", **changes: Any) -> HistoryItem:
    """An event that occurred and was received then, about a message that was sent then, unless told
    otherwise."""
    sent = clock(changes.pop("sent", at))
    told: dict[str, Any] = {
        "hex": hex_(name),
        "kind": HistoryKind.BOUNCED,
        "provider": "ses",
        "occurred_at": clock(at),
        "received_at": clock(at),
        "mark": mark(sent, hex_(name)),
        "channel": Channel.EMAIL,
        "permanence": Permanence.PERMANENT,
        "cause": Cause.INVALID_ADDRESS,
        "moves": moves,
    }
    return HistoryItem(**told | changes)


def reset(at: str, by: Lift = Lift.STAFF) -> HistoryItem:
    mark_ = mark(clock(at), hex_("0"))
    return item("f", at, f"lift.{by}", kind=HistoryKind.RESET, mark=mark_, lift=by, cause=None)


def standing(
    items: Sequence[HistoryItem], of: Credential = EMAIL, terms: Terms | None = None, **more: Any
) -> Standing:
    """As the registers are once all of these have moved them."""
    begun = replace(GOOD, terms=terms) if terms else GOOD
    changes = (status_rules.change_of(one) for one in items)
    status = status_rules.join(begun, (change for change in changes if change is not None))
    return Standing(of, status, **{"holders": (), **more})


def judge(selection: Selection, items: Sequence[HistoryItem], **more: Any) -> Judged | None:
    return incident.judge(selection, standing(items, **more), items)


def told(judged: Judged | None) -> tuple[str, Mark | None, list[str]] | None:
    if judged is None:
        return None
    lifting = judged.lifting
    assert lifting is None or lifting.by is Lift.STAFF
    return (
        judged.outcome.value,
        lifting.at if lifting is not None else None,
        [str(block.register) for block in judged.others],
    )


def at(time: str, name: str) -> Mark:
    return mark(clock(time), hex_(name))


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([item("a", "09:30")], ("reset", at("09:30", "a"), [])),
        # The newest selected event, by its message: never now.
        ([item("a", "09:10"), item("b", "09:50", sent="09:40")], ("reset", at("09:40", "b"), [])),
        ([item("a", "09:50", sent="08:00")], ("reset", at("08:00", "a"), [])),
        # Outside the window.
        ([item("a", "08:59")], None),
        ([item("a", "10:00")], None),
        ([], None),
        # What else is in force keeps it as it is.
        ([item("a", "09:30"), item("b", "10:30")], ("left_alone", None, ["bounce@email"])),
        ([item("a", "09:30"), item("b", "08:30")], ("left_alone", None, ["bounce@email"])),
        (
            [item("a", "09:30"), item("b", "09:40", "complaint@email", cause=Cause.COMPLAINT)],
            ("left_alone", None, ["complaint@email"]),
        ),
        (
            [item("a", "09:30"), item("b", "08:30", "manual@email", cause=Cause.MANUAL)],
            ("left_alone", None, ["manual@email"]),
        ),
        # What was lifted since keeps nothing.
        ([item("a", "09:30"), item("b", "08:30"), reset("09:00")], ("reset", at("09:30", "a"), [])),
        ([item("a", "09:30"), reset("09:45")], ("already_good", None, [])),
        ([item("a", "09:30"), reset("09:45", Lift.PROOF)], ("already_good", None, [])),
        # A line that moves nothing is nothing.
        ([item("a", "09:30"), item("b", "10:30", None)], ("reset", at("09:30", "a"), [])),
        # The provider's own list, of which staff lift the block here.
        ([item("a", "09:30", "suppressed@email")], ("reset", at("09:30", "a"), [])),
        ([item("a", "09:30", "suppressed+complaint@email")], None),
        # Several registers by one lift.
        (
            [item("a", "09:30"), item("b", "09:20", "suppressed@email")],
            ("reset", at("09:30", "a"), []),
        ),
        # Received once it had been counted.
        ([item("a", "09:30", received_at=clock("12:00"))], None),
        ([item("a", "09:30", received_at=clock("11:59"))], ("reset", at("09:30", "a"), [])),
    ],
)
def test_a_run_opens_what_the_incident_alone_has_closed(
    items: list[HistoryItem], expected: tuple[str, Mark | None, list[str]] | None
) -> None:
    assert told(judge(OF_WINDOW, items)) == expected


def test_what_is_in_force_without_its_line_in_the_history_stays() -> None:
    erased = Block(BlockRegister.of_name("manual@email"), at("08:00", "e"), Cause.MANUAL, None, "reachable")
    known = [item("a", "09:30")]
    whole = standing([*known])
    more = replace(whole, status=status_rules.join(whole.status, [erased]))
    assert told(incident.judge(OF_WINDOW, more, known)) == ("left_alone", None, ["manual@email"])


def test_a_bounce_whose_register_has_not_moved_yet_counts() -> None:
    """Its line is written first; so the history is ahead of the registers."""
    before, later = item("a", "09:30"), item("b", "10:30")
    assert told(incident.judge(OF_WINDOW, standing([before]), [before, later])) == (
        "left_alone",
        None,
        ["bounce@email"],
    )


def test_transient_bounces_that_count_open_together_and_one_of_another_day_is_no_block() -> None:
    terms = Terms(2, timedelta(days=30))
    of = {"permanence": Permanence.TRANSIENT, "cause": Cause.MAILBOX_FULL}
    both = [
        item("a", "09:10", "transient@email", provider_message_id="1", **of),
        item("b", "09:20", "transient@email", provider_message_id="2", **of),
    ]
    earlier = item("c", "08:00", "transient@email", provider_message_id="3", **of)
    assert told(judge(OF_WINDOW, both, terms=terms)) == ("reset", at("09:20", "b"), [])
    assert told(judge(OF_WINDOW, [earlier, *both], terms=terms)) == ("reset", at("09:20", "b"), [])
    more = replace(earlier, hex=hex_("d"), mark=at("08:10", "d"), provider_message_id="4")
    assert told(judge(OF_WINDOW, [earlier, more, *both], terms=terms)) == (
        "left_alone",
        None,
        ["bounce@email"],
    )


@pytest.mark.parametrize(
    ("changes", "where", "fits"),
    [
        ({}, {"channel": Channel.EMAIL}, True),
        ({"channel": Channel.SMS}, {"channel": Channel.EMAIL}, False),
        ({}, {"provider": "ses"}, True),
        ({"provider": "postmark"}, {"provider": "ses"}, False),
        ({}, {"account": "default"}, True),
        ({"account": "north"}, {"account": "north"}, True),
        ({"account": "north"}, {"account": "default"}, False),
        ({}, {"cause": Cause.INVALID_ADDRESS}, True),
        ({"cause": Cause.MAILBOX_FULL}, {"cause": Cause.INVALID_ADDRESS}, False),
        ({"smtp_status": "5.1.1"}, {"code": "5.1.1"}, True),
        ({"provider_code": "NoEmail", "smtp_status": "5.1.1"}, {"code": "noemail"}, True),
        ({"smtp_status": "5.1.10"}, {"code": "5.1.1"}, False),
        ({}, {"code": "5.1.1"}, False),
        ({"diagnostic": "550 5.1.1 No such user"}, {"text": "no SUCH"}, True),
        ({"diagnostic": "552 full"}, {"text": "no such"}, False),
        ({}, {"text": "no such"}, False),
        ({"cause": Cause.MANUAL, "moves": "manual@email"}, {}, False),
        ({"cause": Cause.MANUAL, "moves": "manual@email"}, {"cause": Cause.MANUAL}, True),
        ({"occurred_at": clock("11:00"), "first_at": clock("09:30")}, {}, True),
        ({"first_at": clock("08:30")}, {}, False),
    ],
)
def test_an_event_fits_where_all_that_is_told_is_so(
    changes: dict[str, Any], where: dict[str, Any], fits: bool
) -> None:
    selection = Selection(NOON, replace(WINDOW, **where))
    assert incident.selects(selection, item("a", "09:30", **changes)) is fits


def test_a_window_without_an_end_goes_to_when_it_was_counted() -> None:
    selection = Selection(NOON, replace(WINDOW, to=None))
    assert incident.selects(selection, item("a", "11:59"))
    assert not incident.selects(selection, item("a", "12:00"))


def test_single_events_are_selected_by_name_and_without_a_selection_all() -> None:
    one, other = item("a", "01:00"), item("b", "01:00", "manual@email", cause=Cause.MANUAL)
    named = Selection(NOON, events=frozenset({hex_("a")}))
    assert [incident.selects(named, told) for told in (one, other)] == [True, False]
    assert [incident.selects(ANY, told) for told in (one, other)] == [True, True]


HELD: Final = Holder(
    user_id="u", sourced_id="ada", name="Ada", language="en", schools=("north",), since=clock("00:00")
)


@pytest.mark.parametrize(
    ("of", "where", "meant"),
    [
        (EMAIL, {"domain": "example.org"}, True),
        (EMAIL, {"domain": "ample.org"}, False),
        (PHONE, {"domain": "example.org"}, False),
        (EMAIL, {"school": "north"}, True),
        (EMAIL, {"school": "south"}, False),
    ],
)
def test_a_credential_is_meant_by_its_domain_and_the_schools_of_who_holds_it(
    of: Credential, where: dict[str, Any], meant: bool
) -> None:
    items = [item("a", "09:30")]
    selection = Selection(NOON, replace(WINDOW, **where))
    left = replace(HELD, user_id="v", schools=("south",), until=clock("08:00"))
    assert (judge(selection, items, of=of, holders=(HELD, left)) is not None) is meant


@pytest.mark.parametrize(
    ("of", "channel", "meant"),
    [
        (EMAIL, Channel.EMAIL, True),
        (EMAIL, Channel.SMS, False),
        (PHONE, Channel.SMS, True),
        (PHONE, Channel.VOICE, True),
        (PHONE, Channel.EMAIL, False),
        (EMAIL, None, True),
    ],
)
def test_a_credential_of_another_kind_than_the_channel_is_not_even_read(
    of: Credential, channel: Channel | None, meant: bool
) -> None:
    assert incident.may_concern(replace(WINDOW, channel=channel), of) is meant


def test_an_undo_closes_what_was_opened_one_microsecond_after_the_lift() -> None:
    items = [
        item("a", "09:30", diagnostic="550", raw="raw/1", note="by hand", account="north"),
        item("b", "09:20", "suppressed@email"),
    ]
    judged = judge(OF_WINDOW, items)
    assert judged is not None
    assert judged.lifting is not None
    done = replace(reset("12:00"), mark=judged.lifting.at, incident="i", opened=incident.opened(judged))
    assert done.opened == {"bounce@email": hex_("a"), "suppressed@email": hex_("b")}
    known = {one.hex: one for one in items}
    first, second = incident.restored("i", EMAIL, done, known, "max", clock("13:00"))
    assert (first.moves, second.moves) == ("bounce@email", "suppressed@email")
    assert first.mark == mark(clock("09:30:00.000001"), first.hex)
    assert (first.kind, first.occurred_at, first.first_at, first.by, first.incident) == (
        HistoryKind.RESTORED,
        clock("13:00"),
        clock("09:30"),
        "max",
        "i",
    )
    assert (first.cause, first.diagnostic, first.raw, first.note, first.account, first.provider) == (
        Cause.INVALID_ADDRESS,
        "550",
        "raw/1",
        "by hand",
        "north",
        "ses",
    )
    assert first.hex != second.hex
    after = standing([*items, done, first, second])
    assert {str(block.register) for block in status_rules.blocks(after.status)} == set(done.opened)
    again = standing([*items, done, first, second, reset("09:31")])
    assert status_rules.blocks(again.status) == []


def test_an_undo_of_what_was_erased_tells_no_more_than_that_it_was_closed() -> None:
    done = replace(reset("09:30"), opened={"bounce@email": hex_("a")})
    [restored] = incident.restored("i", EMAIL, done, {}, "max", clock("13:00"))
    assert (restored.cause, restored.provider, restored.first_at) == (Cause.UNKNOWN, "reachable", None)


def test_an_undone_incident_can_be_opened_by_the_same_window_once_more() -> None:
    items = [item("a", "09:30")]
    done = replace(reset("09:30"), mark=at("09:30", "a"), opened={"bounce@email": hex_("a")})
    [back] = incident.restored("i", EMAIL, done, {one.hex: one for one in items}, "max", clock("11:00"))
    judged = judge(OF_WINDOW, [*items, done, back])
    assert told(judged) == ("reset", back.mark, [])


registers = st.sampled_from(
    ["bounce@email", "suppressed@email", "manual@email", "complaint@email", "lift.staff", "lift.consent"]
)


@given(
    st.lists(
        st.tuples(registers, st.integers(0, 47), st.integers(0, 47), st.booleans()), min_size=1, max_size=8
    )
)
def test_of_any_history_nothing_is_opened_but_what_was_selected_and_the_undo_closes_just_that(
    lines: list[tuple[str, int, int, bool]],
) -> None:
    """Half hours of a day: when its message was sent and, at the same time or later, it occurred."""
    half = timedelta(minutes=30)
    items = [
        item(
            f"{number:x}",
            "00:00",
            register,
            mark=mark(clock("00:00") + min(sent, later) * half, hex_(f"{number:x}")),
            occurred_at=clock("00:00") + max(sent, later) * half,
            received_at=clock("00:00"),
        )
        for number, (register, sent, later, _) in enumerate(lines)
    ]
    chosen = frozenset(one.hex for one, (*_, is_chosen) in zip(items, lines, strict=True) if is_chosen)
    selection = Selection(NOON, events=chosen)
    before = standing(items)
    judged = incident.judge(selection, before, items)
    selected = {one.hex for one in items if incident.selects(selection, one)}
    rest = standing([one for one in items if one.hex not in selected]).status
    if judged is None or judged.lifting is None:
        assert not selected or status_rules.blocks(rest) or not status_rules.blocks(before.status)
        return
    assert status_rules.blocks(rest) == []
    after = status_rules.join(before.status, [judged.lifting])
    assert status_rules.blocks(after) == []
    assert {hex_of(block.at) for block in judged.blocks} <= selected
    done = replace(reset("12:00"), mark=judged.lifting.at, opened=incident.opened(judged))
    back = incident.restored("i", EMAIL, done, {one.hex: one for one in items}, "max", NOON)
    undone = standing([*items, done, *back])
    assert {str(block.register) for block in status_rules.blocks(undone.status)} == {
        str(block.register) for block in status_rules.blocks(before.status)
    }


STATES: Final = {
    "raised": ["count"],
    "waiting": [],
    "counting": ["stop"],
    "counted": ["count", "start"],
    "refused": [],
    "running": ["stop"],
    "stopping": [],
    "stopped": ["start", "undo"],
    "done": ["undo"],
    "undoing": [],
    "undone": [],
    "failed": ["start", "undo"],
}
LATER: Final = clock("09:30")


@pytest.mark.parametrize("state", IncidentState)
def test_what_can_be_done_follows_from_the_state(state: IncidentState) -> None:
    ran = {IncidentState.STOPPED, IncidentState.DONE, IncidentState.UNDONE, IncidentState.FAILED}
    times: dict[IncidentState, datetime] = {IncidentState.COUNTING: clock("09:00")}
    times[IncidentState.COUNTED] = clock("09:01")
    if state in ran:
        times[IncidentState.RUNNING] = clock("09:02")
    times[state] = clock("09:02") if state not in times else times[state]
    told = Incident(id="i", state=state, by="max", times=times)
    assert list(incident.may(told, LATER)) == STATES[state.value]


@pytest.mark.parametrize(
    ("times", "actions"),
    [
        ({"counting": "09:00"}, ("count",)),
        ({"counting": "09:00", "counted": "09:01"}, ("count", "start")),
        ({"counting": "09:00", "counted": "09:01", "running": "09:02"}, ("start", "undo")),
        ({"counting": "09:00", "counted": "09:01", "running": "09:02", "undoing": "09:03"}, ("undo",)),
    ],
)
def test_what_failed_can_be_started_as_it_was_counted_last(
    times: dict[str, str], actions: tuple[str, ...]
) -> None:
    known = {IncidentState(state): clock(when) for state, when in times.items()}
    failed = Incident(
        id="i", state=IncidentState.FAILED, by="max", times=known | {IncidentState.FAILED: clock("09:10")}
    )
    assert incident.may(failed, clock("09:11")) == actions
    assert incident.may(failed, clock("09:10:59")) == ()  # a worker may be left over


def test_a_selection_is_of_what_was_received_before_the_count() -> None:
    times = {IncidentState.COUNTING: NOON}
    counted = Incident(id="i", state=IncidentState.COUNTED, by="max", where=WINDOW, times=times)
    assert incident.selection(counted) == Selection(NOON, WINDOW, None)
    single = frozenset({hex_("a")})
    assert incident.selection(counted, single) == Selection(NOON, WINDOW, single)


def test_a_run_writes_the_same_line_each_time_and_another_for_each_incident_and_credential() -> None:
    lines = {incident.reset_hex(one, of) for one in ("i", "j") for of in (EMAIL, PHONE)}
    assert len(lines) == 4
    assert incident.reset_hex("i", EMAIL) == incident.reset_hex("i", EMAIL)
