"""Lines of the lists of bad credentials: of whom, on which day, and what a reader finds in one."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

import pytest

from reachable.model.bad_credential import BadCredential, BadSearch
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, EventHex, Permanence, event_hex
from reachable.model.guidance import Audience, Code
from reachable.model.history import HistoryItem, HistoryKind, Standing
from reachable.model.people import Holder
from reachable.model.status import Block, BlockRegister, Lift, Status, mark
from reachable.rules import bad_credentials
from tests.builders import clock

EMAIL: Final = Credential(CredentialKind.EMAIL, "ada@example.org")
PHONE: Final = Credential(CredentialKind.PHONE, "+12025550123")
HEX: Final = event_hex("ses", "1")
OTHER_HEX: Final = event_hex("ses", "2")


def block(register: str = "bounce@email", at: str = "09:00", hex_: EventHex = HEX, **changes: Any) -> Block:
    told: dict[str, Any] = {"cause": Cause.INVALID_ADDRESS, "permanence": Permanence.PERMANENT} | changes
    return Block(BlockRegister.of_name(register), mark(clock(at), hex_), provider="ses", **told)


BOUNCE: Final = block()
STOP: Final = block("opt_out@sms", "10:00", OTHER_HEX, cause=Cause.OPT_OUT, permanence=None)
COMPLAINT: Final = block("complaint@email", "10:00", OTHER_HEX, cause=Cause.COMPLAINT, permanence=None)


def holder(id_: str, *schools: str, until: datetime | None = None) -> Holder:
    return Holder(
        user_id=id_,
        sourced_id=f"s-{id_}",
        name=id_.title(),
        language="en",
        schools=schools,
        since=clock("08:00"),
        until=until,
    )


def standing(*blocks: Block, holders: tuple[Holder, ...] = (), credential: Credential = EMAIL) -> Standing:
    return Standing(credential, Status(blocks, {}), holders)


def line(*blocks: Block, credential: Credential = EMAIL, shared: bool = False) -> BadCredential:
    return BadCredential(
        user_id="ada",
        sourced_id="s-ada",
        name="Ada",
        credential=credential,
        blocks=blocks,
        held_since=clock("08:00"),
        shared=shared,
        schools=("north",),
    )


# Lines


def test_what_is_good_has_no_line() -> None:
    assert bad_credentials.lines(standing(holders=(holder("ada"),))) == []
    lifted = Status((BOUNCE,), {Lift.STAFF: mark(clock("09:30"), HEX)})
    assert bad_credentials.lines(Standing(EMAIL, lifted, (holder("ada"),))) == []


def test_who_holds_it_alone_has_a_line() -> None:
    [told] = bad_credentials.lines(standing(BOUNCE, holders=(holder("ada", "north", "south"),)))
    assert told == replace(line(BOUNCE), schools=("north", "south"))


def test_all_who_hold_it_now_have_a_line_and_who_did_has_none() -> None:
    gone = holder("gil", "north", until=clock("08:30"))
    told = bad_credentials.lines(standing(BOUNCE, holders=(holder("ada"), holder("dennis"), gone)))
    assert [(one.user_id, one.shared) for one in told] == [("ada", True), ("dennis", True)]
    alone = bad_credentials.lines(standing(BOUNCE, holders=(holder("ada"), gone)))
    assert [(one.user_id, one.shared) for one in alone] == [("ada", False)]


# Days


def test_a_block_s_day_is_when_it_occurred_and_not_when_its_message_was_sent() -> None:
    days_later = clock("09:00").replace(day=20)
    told = HistoryItem(
        hex=HEX,
        kind=HistoryKind.BOUNCED,
        provider="ses",
        occurred_at=days_later,
        received_at=days_later,
        mark=BOUNCE.at,
    )
    assert bad_credentials.days([BOUNCE], {HEX: told}) == {date(2026, 9, 20): [BOUNCE]}


def test_where_the_history_does_not_tell_the_mark_s_day_is_taken() -> None:
    assert bad_credentials.days([BOUNCE], {}) == {date(2026, 9, 14): [BOUNCE]}


def test_blocks_of_a_day_share_it() -> None:
    assert bad_credentials.days([BOUNCE, STOP], {}) == {date(2026, 9, 14): [BOUNCE, STOP]}


# What a reader finds


def test_who_may_read_all_finds_the_newest_block() -> None:
    assert bad_credentials.newest(line(COMPLAINT, BOUNCE), Audience.EXTENDED) == COMPLAINT


def test_who_may_not_finds_the_newest_bounce_and_never_a_wish() -> None:
    assert bad_credentials.newest(line(COMPLAINT, BOUNCE), Audience.STAFF) == BOUNCE
    assert bad_credentials.newest(line(COMPLAINT), Audience.STAFF) is None


def fits(told: BadCredential, reader: Audience = Audience.EXTENDED, **wish: Any) -> bool:
    return bad_credentials.fits(told, BadSearch(**wish), reader)


def test_who_wishes_for_nothing_finds_all() -> None:
    assert fits(line(COMPLAINT), Audience.STAFF)


@pytest.mark.parametrize(
    ("channel", "found"), [(Channel.SMS, True), (Channel.VOICE, False), (Channel.EMAIL, False)]
)
def test_a_channel_fits_where_a_block_closes_it(channel: Channel, found: bool) -> None:
    assert fits(line(STOP, credential=PHONE), channel=channel) is found


def test_a_channel_fits_whichever_block_closes_it() -> None:
    both = line(STOP, block("bounce@voice"), credential=PHONE)
    assert fits(both, channel=Channel.SMS)
    assert fits(both, channel=Channel.VOICE)
    assert not fits(both, channel=Channel.EMAIL)


def test_a_cause_fits_where_the_reader_may_read_it() -> None:
    assert fits(line(COMPLAINT), cause=Cause.COMPLAINT)
    assert not fits(line(COMPLAINT), cause=Cause.INVALID_ADDRESS)
    assert not fits(line(COMPLAINT), Audience.STAFF, cause=Cause.COMPLAINT)
    assert fits(line(COMPLAINT, BOUNCE), Audience.STAFF, cause=Cause.INVALID_ADDRESS)


def test_since_is_of_what_the_reader_may_read() -> None:
    assert fits(line(COMPLAINT, BOUNCE), since=clock("10:00"))
    assert not fits(line(COMPLAINT, BOUNCE), since=clock("10:01"))
    assert not fits(line(COMPLAINT, BOUNCE), Audience.STAFF, since=clock("09:30"))
    assert not fits(line(COMPLAINT), Audience.STAFF, since=clock("00:00"))


def test_what_to_do_is_as_everybody_may_read_it() -> None:
    told = bad_credentials.advice(line(BOUNCE, shared=True))
    assert [one.code for one in told] == [Code.FIX_SIS_FIRST, Code.SHARED]
    assert [one.code for one in bad_credentials.advice(line(COMPLAINT))] == [Code.WANTS_NO_CONTACT]
    assert [one.because for one in bad_credentials.advice(line(STOP, credential=PHONE))] == [None]
