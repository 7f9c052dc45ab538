"""What an entry of a provider's own list means here."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, Kind, Permanence, event_hex
from reachable.model.history import Standing
from reachable.model.people import Holder
from reachable.model.status import GOOD, LOWEST_HEX, Block, BlockRegister, Lift, Status, mark
from reachable.model.taking_over import Compared, Difference
from reachable.model.upstream import Account, Listing, ListReason
from reachable.rules import taking_over
from tests.builders import clock

ADA = Credential(CredentialKind.EMAIL, "ada@example.org")
HEX = event_hex("ses", "1")
NOW = clock("12:00")
LONG_AGO = clock("09:00") - timedelta(days=900)


def block(register: str, provider: str = "ses") -> Block:
    name = BlockRegister.of_name(register)
    return Block(name, mark(clock("09:00"), HEX), Cause.INVALID_ADDRESS, Permanence.PERMANENT, provider)


def listing(reason: ListReason = ListReason.BOUNCE, **changes: Any) -> Listing:
    told: dict[str, Any] = {"address": "Ada@example.org", "reason": reason, "since": LONG_AGO} | changes
    return Listing(**told)


def item(
    entry: Listing,
    cause: Cause | None = None,
    channel: Channel = Channel.EMAIL,
    status: Status = GOOD,
    **account: Any,
) -> Any:
    of = Account("brevo", **account)
    address = ADA.address if channel is Channel.EMAIL else "+12025550123"
    event = taking_over.event_of(of, channel, address, entry, cause)
    return taking_over.history_item(event, of, "maria", NOW, status)


MAIL, SMS = Channel.EMAIL, Channel.SMS
FULL, DEAD, AWAY = Cause.MAILBOX_FULL, Cause.INVALID_ADDRESS, Cause.INACTIVE_OR_UNREACHABLE
REFUSED, SIZE = Cause.PROVIDER_SUPPRESSED, Cause.CONTENT_OR_SIZE


@pytest.mark.parametrize(
    ("reason", "cause", "channel", "kind", "told", "moves"),
    [
        (ListReason.BOUNCE, DEAD, MAIL, "bounced", DEAD, "bounce@email"),
        (ListReason.BOUNCE, FULL, MAIL, "bounced", FULL, "bounce@email"),
        (ListReason.BOUNCE, AWAY, MAIL, "bounced", AWAY, "bounce@email"),
        (ListReason.BOUNCE, None, MAIL, "bounced", REFUSED, "suppressed@email"),
        # What the message was at fault for is refused by the list all the same.
        (ListReason.BOUNCE, SIZE, MAIL, "bounced", REFUSED, "suppressed@email"),
        (ListReason.MANUAL, DEAD, MAIL, "bounced", REFUSED, "suppressed@email"),
        (ListReason.PROVIDER, None, MAIL, "bounced", REFUSED, "suppressed@email"),
        (ListReason.COMPLAINT, None, MAIL, "complained", Cause.COMPLAINT, "complaint@email"),
        (ListReason.UNSUBSCRIBED, None, MAIL, "opted_out", Cause.OPT_OUT, "unsubscribed@email"),
        (ListReason.UNSUBSCRIBED, None, SMS, "opted_out", Cause.REVOCATION, "unsubscribed@sms"),
        (ListReason.OPT_OUT, None, SMS, "opted_out", Cause.OPT_OUT, "opt_out@sms"),
        (ListReason.UNTOLD, None, SMS, "opted_out", Cause.OPT_OUT, "opt_out@sms"),
        (ListReason.MANUAL, None, SMS, "failed", REFUSED, "suppressed@sms"),
    ],
)
def test_an_entry_becomes_the_block_that_its_reason_means(
    reason: ListReason, cause: Cause | None, channel: Channel, kind: str, told: Cause, moves: str
) -> None:
    became = item(listing(reason), cause, channel)
    assert (became.kind.value, became.cause, became.moves) == (kind, told, moves)
    assert became.permanence is (Permanence.PERMANENT if kind in {"bounced", "failed"} else None)


def test_it_keeps_its_own_date_however_old_its_words_and_its_spelling() -> None:
    became = item(listing(words="550 no such user"), name="north")
    assert (became.occurred_at, became.received_at) == (LONG_AGO, NOW)
    assert became.mark == mark(LONG_AGO, became.hex)
    assert (became.provider, became.account, became.by) == ("brevo", "north", "maria")
    assert (became.diagnostic, became.spelling) == ("550 no such user", "Ada@example.org")


def test_of_the_future_no_date_is_believed_and_without_one_it_counts_from_now() -> None:
    ahead = item(listing(since=NOW + timedelta(days=400)))
    undated = item(listing(since=None))
    assert (ahead.occurred_at, undated.occurred_at) == (NOW, NOW)


def test_one_without_a_date_undoes_no_reset_no_consent_and_no_start() -> None:
    lifted = Status(lifted={Lift.STAFF: mark(clock("10:00"), LOWEST_HEX), Lift.START: mark(NOW, LOWEST_HEX)})
    undated = item(listing(since=None), status=lifted)
    assert undated.occurred_at == clock("10:00") - timedelta(microseconds=1)
    assert undated.mark < mark(clock("10:00"), LOWEST_HEX)


def test_the_same_entry_is_the_same_line_and_another_is_another() -> None:
    same = {item(listing()).hex, item(listing(address="ADA@example.org")).hex}
    others = {
        item(listing(ListReason.COMPLAINT)).hex,
        item(listing(since=None)).hex,
        item(listing(place="broadcast")).hex,
        item(listing(), name="north").hex,
    }
    assert len(same) == 1
    assert len(same | others) == 5


@pytest.mark.parametrize("address", ["ada@example.org", "Ada Reyes", "1 202 555 0123"])
def test_a_spelling_is_kept_where_only_its_case_is_another(address: str) -> None:
    assert item(listing(address=address)).spelling is None


@pytest.mark.parametrize(("until", "over"), [(None, False), (NOW + timedelta(seconds=1), False), (NOW, True)])
def test_an_entry_that_has_ended_by_its_date_is_over(until: Any, *, over: bool) -> None:
    assert taking_over.is_over(listing(until=until), NOW) == over


RESET = {Lift.STAFF: mark(clock("10:00"), LOWEST_HEX)}
HOLDER = Holder(user_id="ada", sourced_id="ada", name="Ada", language="en", schools=(), since=clock("06:00"))
FORMER = replace(HOLDER, until=clock("07:00"))


@pytest.mark.parametrize(
    ("status", "difference"),
    [
        (Status(), Difference.ONLY_THERE),
        (Status((block("bounce@email"),)), Difference.SAME),
        (Status((block("complaint@email", "other"),)), Difference.SAME),
        (Status((block("bounce@email"),), RESET), Difference.RESET_HERE),
    ],
)
def test_how_a_listed_address_stands_here(status: Status, difference: Difference) -> None:
    entry = listing()
    told = taking_over.compared(ADA, Standing(ADA, status, (HOLDER,)), Channel.EMAIL, entry)
    blocks = status.blocked if difference is Difference.SAME else ()
    assert told == Compared("ada@example.org", difference, held=True, listing=entry, blocks=blocks)


def test_what_closes_another_channel_is_no_same() -> None:
    number = Credential(CredentialKind.PHONE, "+12025550123")
    standing = Standing(number, Status((block("bounce@voice"),)), (FORMER,))
    told = taking_over.compared(number, standing, Channel.SMS, listing())
    assert (told.difference, told.held) == (Difference.ONLY_THERE, False)


@pytest.mark.parametrize(
    ("status", "closed"),
    [
        (Status((block("bounce@email", "brevo"),)), True),
        (Status((block("suppressed@email", "brevo"),)), True),
        (Status((block("bounce@email"),)), False),
        (Status((block("manual@email", "brevo"),)), False),
        (Status((block("bounce@email", "brevo"),), RESET), False),
    ],
)
def test_who_should_be_on_a_providers_list(status: Status, *, closed: bool) -> None:
    assert taking_over.is_closed_by("brevo", Channel.EMAIL, status) == closed


def test_what_is_closed_here_alone_says_by_what_and_whether_anybody_has_it() -> None:
    standing = Standing(ADA, Status((block("bounce@email", "brevo"),)), (FORMER,))
    assert taking_over.only_here(standing, Channel.EMAIL) == Compared(
        "ada@example.org", Difference.ONLY_HERE, held=False, blocks=(block("bounce@email", "brevo"),)
    )


def test_the_kinds_of_an_event_are_those_of_the_history() -> None:
    event = taking_over.event_of(Account("brevo"), Channel.EMAIL, ADA.address, listing(), None)
    assert (event.kind, event.occurred_at, event.provider_code) == (Kind.BOUNCED, LONG_AGO, None)
