"""What a reset asks of the providers' own lists, and what their answers mean."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, Permanence, event_hex
from reachable.model.errors import PutOff
from reachable.model.history import HistoryItem, HistoryKind, Standing
from reachable.model.status import (
    LOWEST_HEX,
    NEVER,
    Block,
    BlockRegister,
    Lift,
    Lifting,
    Mark,
    Status,
    mark,
)
from reachable.model.upstream import Account, Hindrance, Listing, ListReason, Upstream, UpstreamState
from reachable.rules import release
from reachable.rules.release import Asking, Behind
from tests.builders import clock

HEX = event_hex("ses", "1")
RESET = mark(clock("10:00"), LOWEST_HEX)
NOW = clock("10:05")


def block(register: str, at: str = "09:00", provider: str = "ses", **changes: Any) -> Block:
    told: dict[str, Any] = {"cause": Cause.INVALID_ADDRESS, "permanence": Permanence.PERMANENT} | changes
    return Block(BlockRegister.of_name(register), mark(clock(at), HEX), provider=provider, **told)


def status(*blocks: Block, **lifted: str) -> Status:
    return Status(blocks, {Lift(by): mark(clock(at), LOWEST_HEX) for by, at in lifted.items()})


def upstream(state: UpstreamState = UpstreamState.RELEASED, **changes: Any) -> Upstream:
    told: dict[str, Any] = {
        "provider": "ses",
        "state": state,
        "at": clock("10:01"),
        "answers": RESET,
    } | changes
    return Upstream(**told)


def asking(known: Upstream | None = None, lift: Mark = RESET) -> Asking:
    return Asking(Account("ses", settings={}), lift, known)


# When


@pytest.mark.parametrize(
    ("kind", "at", "incident", "is_its"),
    [
        (HistoryKind.RESET, "10:00", "incident-1", True),
        (HistoryKind.RESET, "10:00", None, False),  # by staff
        (HistoryKind.RESET, "09:00", "incident-1", False),  # an earlier one: the newest decides
        (HistoryKind.BOUNCED, "10:00", "incident-1", False),
    ],
)
def test_the_newest_reset_is_an_incidents_where_its_line_says_so(
    kind: HistoryKind, at: str, incident: str | None, *, is_its: bool
) -> None:
    line = HistoryItem(
        hex=HEX,
        kind=kind,
        provider="reachable",
        occurred_at=NOW,
        received_at=NOW,
        mark=mark(clock(at), LOWEST_HEX),
        incident=incident,
    )
    assert release.is_of_incident([line], RESET) is is_its


@pytest.mark.parametrize(
    ("lifted", "newest"),
    [
        ({}, NEVER),
        ({"staff": "10:00"}, RESET),
        ({"consent": "10:00"}, RESET),
        ({"staff": "10:00", "consent": "09:00"}, RESET),
        ({"start": "11:00", "release": "11:00"}, NEVER),
    ],
)
def test_a_reset_is_a_lift_by_staff_or_consent(lifted: dict[str, str], newest: Mark) -> None:
    assert release.lifted_at(status(**lifted)) == newest


@pytest.mark.parametrize(
    ("told", "channel", "wanted"),
    [
        (status(block("bounce@email"), staff="10:00"), Channel.EMAIL, True),
        (status(block("bounce@email")), Channel.EMAIL, False),  # no reset
        (status(block("bounce@email", "11:00"), staff="10:00"), Channel.EMAIL, False),  # it failed again
        (status(block("manual@email", "11:00"), staff="10:00"), Channel.EMAIL, False),
        (status(block("complaint@email"), staff="10:00"), Channel.EMAIL, False),  # the person's wish stays
        (status(block("complaint@email"), consent="10:00"), Channel.EMAIL, True),
        (status(block("suppressed@email", "11:00"), staff="10:00"), Channel.EMAIL, True),
        (status(block("suppressed+complaint@email"), staff="10:00"), Channel.EMAIL, True),
        (status(block("opt_out@sms"), staff="10:00"), Channel.SMS, True),
        (status(block("unsubscribed@sms"), staff="10:00"), Channel.SMS, False),
        (status(block("bounce@voice", "11:00"), staff="10:00"), Channel.SMS, True),  # another channel
        (status(block("bounce@phone", "11:00"), staff="10:00"), Channel.SMS, False),
    ],
)
def test_a_release_is_wanted_where_nothing_but_the_list_closes_it(
    told: Status, channel: Channel, *, wanted: bool
) -> None:
    assert release.is_wanted(told, channel) == wanted


@pytest.mark.parametrize(
    ("known", "due"),
    [
        (None, NOW),
        (upstream(answers=mark(clock("09:30"), LOWEST_HEX)), NOW),  # of an earlier reset
        (upstream(UpstreamState.RELEASED), None),
        (upstream(UpstreamState.REFUSED, retry_after=clock("23:00")), None),
        (upstream(UpstreamState.LISTED), None),
        (upstream(UpstreamState.RELEASING, retry_after=clock("11:00")), clock("11:00")),
        (upstream(UpstreamState.UNKNOWN, retry_after=clock("11:00")), clock("11:00")),
        (upstream(UpstreamState.UNKNOWN), None),
    ],
)
def test_an_account_is_asked_until_it_has_answered(known: Upstream | None, due: datetime | None) -> None:
    assert release.due_at(known, RESET, NOW) == due


def test_a_reset_was_done_when_its_history_says_and_not_at_its_mark() -> None:
    """What ends by age is lifted to the mark of what had closed it, months before."""

    def item(kind: HistoryKind, at: str, mark_: Mark) -> HistoryItem:
        done = clock(at)
        return HistoryItem(
            hex=event_hex("reachable", at),
            kind=kind,
            provider="reachable",
            occurred_at=done,
            received_at=done,
            mark=mark_,
        )

    items = [
        item(HistoryKind.RESET, "12:00", mark(clock("12:00"), LOWEST_HEX)),
        item(HistoryKind.RESET, "11:00", RESET),
        item(HistoryKind.BOUNCED, "10:01", RESET),
    ]
    assert release.reset_at(items, RESET) == clock("11:00")
    assert release.reset_at(items[:1], RESET) == clock("10:00")


@pytest.mark.parametrize(
    ("told", "channel", "named"),
    [
        (block("bounce@email"), Channel.EMAIL, ["ses"]),
        (block("bounce@email", permanence=Permanence.UNDETERMINED), Channel.EMAIL, ["ses"]),
        (block("bounce@email", permanence=Permanence.TRANSIENT), Channel.EMAIL, []),
        (block("suppressed@email"), Channel.EMAIL, ["ses"]),
        (block("complaint@email"), Channel.EMAIL, ["ses"]),
        (block("manual@email", provider="reachable"), Channel.EMAIL, []),
        (block("bounce@sms"), Channel.SMS, []),  # no list of numbers has what only failed
        (block("opt_out@sms"), Channel.SMS, ["ses"]),
        (block("opt_out@sms"), Channel.VOICE, []),
    ],
)
def test_who_may_list_it_by_what_they_told(told: Block, channel: Channel, named: list[str]) -> None:
    assert release.named(status(told), channel) == named


# What an entry means


def listing(reason: ListReason, since: str | None = "09:00") -> Listing:
    return Listing(address="ada@example.org", reason=reason, since=clock(since) if since else None)


STAFF = status(block("bounce@email"), staff="10:00")
CONSENT = status(block("complaint@email"), consent="10:00")
STOPPED = status(block("opt_out@sms"), consent="10:00")


@pytest.mark.parametrize(
    ("entry", "told", "hindrance"),
    [
        (listing(ListReason.BOUNCE), STAFF, None),
        (listing(ListReason.BOUNCE, None), STAFF, None),
        (listing(ListReason.MANUAL), STAFF, None),
        (listing(ListReason.BOUNCE, "10:10"), STAFF, None),  # a provider's clock
        (listing(ListReason.BOUNCE, "10:11"), STAFF, Hindrance.LISTED_AGAIN),
        (listing(ListReason.MANUAL, "10:11"), STAFF, Hindrance.LISTED_AGAIN),
        (listing(ListReason.COMPLAINT), STAFF, Hindrance.CONSENT),
        (listing(ListReason.UNSUBSCRIBED), STAFF, Hindrance.CONSENT),
        (listing(ListReason.COMPLAINT), CONSENT, None),
        (listing(ListReason.UNSUBSCRIBED, None), CONSENT, None),
        (listing(ListReason.COMPLAINT, "10:00:01"), CONSENT, Hindrance.CONSENT),  # said after they consented
        (listing(ListReason.COMPLAINT, "10:00"), CONSENT, None),
        # Nothing opens a number whose person said STOP, whoever put it there.
        (listing(ListReason.MANUAL), STOPPED, Hindrance.START),
        (listing(ListReason.BOUNCE), STOPPED, Hindrance.START),
        # A newer reset without consent: of an entry without a date nobody knows that it was meant.
        (
            listing(ListReason.UNSUBSCRIBED, None),
            status(consent="09:30", staff="10:00"),
            Hindrance.CONSENT,
        ),
        (listing(ListReason.COMPLAINT, "09:00"), status(consent="09:30", staff="10:00"), None),
        (listing(ListReason.OPT_OUT), CONSENT, Hindrance.START),
        (listing(ListReason.UNTOLD, None), STAFF, Hindrance.START),
        (listing(ListReason.UNTOLD, None), STOPPED, Hindrance.START),
        (listing(ListReason.UNTOLD, None), CONSENT, None),
        (listing(ListReason.PROVIDER), CONSENT, Hindrance.SUPPORT),
    ],
)
def test_the_reason_of_an_entry_decides(entry: Listing, told: Status, hindrance: Hindrance | None) -> None:
    assert release.hindrance(entry, told, clock("10:00"), NOW) == hindrance


def test_of_a_wish_without_a_date_a_consent_counts_for_an_hour() -> None:
    entry, consented = listing(ListReason.UNSUBSCRIBED, None), clock("10:00")
    assert release.hindrance(entry, CONSENT, consented, consented + timedelta(hours=1)) is None
    late = consented + timedelta(hours=1, seconds=1)
    assert release.hindrance(entry, CONSENT, consented, late) is Hindrance.CONSENT


@pytest.mark.parametrize(
    ("hindrances", "told"),
    [
        ([None, None], None),
        ([], None),
        ([None, Hindrance.SUPPORT, Hindrance.CONSENT], Hindrance.CONSENT),
        ([Hindrance.CONSENT, Hindrance.START], Hindrance.START),
        ([Hindrance.IN_LINE, None], Hindrance.IN_LINE),
        ([Hindrance.NOT_YET, Hindrance.OWN_GUESS], Hindrance.OWN_GUESS),
    ],
)
def test_of_several_entries_what_a_person_can_do_about_is_told_first(
    hindrances: list[Hindrance | None], told: Hindrance | None
) -> None:
    assert release.first_told(hindrances) == told


def refusal(code: str | None, at: str = "09:00", provider: str = "ses", **changes: Any) -> HistoryItem:
    told: dict[str, Any] = {
        "hex": HEX,
        "kind": HistoryKind.BOUNCED,
        "provider": provider,
        "occurred_at": clock(at),
        "received_at": clock(at),
        "mark": mark(clock(at), HEX),
        "provider_code": code,
    }
    return HistoryItem(**told | changes)


CODES = {
    "emailvalidationsuppressed": (Hindrance.OWN_GUESS, None),
    "suppressed": (Hindrance.NOT_YET, timedelta(days=14)),
}


@pytest.mark.parametrize(
    ("items", "behind"),
    [
        ([refusal("Permanent/EmailValidationSuppressed")], Behind(Hindrance.OWN_GUESS)),
        (
            [refusal("Permanent/Suppressed")],
            Behind(Hindrance.NOT_YET, clock("09:00") + timedelta(days=14)),
        ),
        ([refusal("Permanent/General")], None),
        ([refusal(None)], None),
        ([], None),
        ([refusal("Permanent/Suppressed", provider="mailgun")], None),
        ([refusal("Permanent/General"), refusal("Permanent/Suppressed", "08:00")], None),  # the newest says
        (
            [refusal("x", kind=HistoryKind.RESET), refusal("Permanent/EmailValidationSuppressed")],
            Behind(Hindrance.OWN_GUESS),
        ),
        ([refusal("Permanent/Suppressed", occurred_at=NOW - timedelta(days=14))], None),  # it has passed
    ],
)
def test_what_keeps_it_away_though_no_list_has_it(items: list[HistoryItem], behind: Behind | None) -> None:
    assert release.behind(items, "ses", CODES, NOW) == behind


# What was learned


def test_what_is_gone_is_released_and_what_was_seen_before_stays_known() -> None:
    known = upstream(
        UpstreamState.REFUSED, listed_at=clock("08:00"), listed_in="x", released_at=clock("07:00"), tries=3
    )
    released = Upstream(
        provider="ses",
        state=UpstreamState.RELEASED,
        at=NOW,
        answers=RESET,
        listed_at=clock("08:00"),
        listed_in="x",
        released_at=NOW,
    )
    assert release.released(asking(known), NOW) == released
    # What we have taken off ourselves will tell nothing of the person.
    removed = release.released(asking(known), NOW, removed=True)
    assert removed == replace(released, listed_at=None, listed_in=None)


@pytest.mark.parametrize(
    ("why", "listed", "state", "until", "seen"),
    [
        (Hindrance.CONSENT, True, UpstreamState.REFUSED, None, NOW),
        (Hindrance.LISTED_AGAIN, True, UpstreamState.LISTED, None, NOW),
        (Hindrance.SUPPORT, False, UpstreamState.REFUSED, None, clock("08:00")),
        (Hindrance.NOT_YET, True, UpstreamState.REFUSED, clock("07:00") + timedelta(days=30), NOW),
    ],
)
def test_what_stays_says_why_and_until_when(
    why: Hindrance, state: UpstreamState, until: datetime | None, seen: datetime, *, listed: bool
) -> None:
    known = upstream(listed_at=clock("08:00"), listed_in="x", released_at=clock("07:00"))
    told = release.stays(asking(known), why, NOW, listed=listed)
    assert (told.state, told.hindrance, told.retry_after, told.listed_at) == (state, why, until, seen)
    assert told.listed_in == (Account("ses", settings={}).lists if listed else "x")


def test_what_ends_by_itself_says_when() -> None:
    told = release.stays(asking(), Hindrance.NOT_YET, NOW, until=clock("23:00"))
    assert (told.retry_after, told.listed_at) == (clock("23:00"), None)


def test_once_in_thirty_days_counts_from_now_where_no_release_is_known() -> None:
    assert release.stays(asking(), Hindrance.NOT_YET, NOW).retry_after == NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("tries", "seconds", "after"),
    [
        (0, None, timedelta(minutes=1)),
        (1, None, timedelta(minutes=2)),
        (5, None, timedelta(minutes=32)),
        (9, None, timedelta(hours=6)),
        (0, 600, timedelta(minutes=10)),
        (5, 600, timedelta(minutes=32)),
    ],
)
def test_what_was_put_off_is_tried_again_later_each_time(
    tries: int, seconds: int | None, after: timedelta
) -> None:
    known = upstream(UpstreamState.RELEASING, tries=tries)
    told = release.put_off(asking(known), PutOff("503", seconds), NOW)
    assert (told.state, told.hindrance, told.tries) == (
        UpstreamState.RELEASING,
        Hindrance.NO_ANSWER,
        tries + 1,
    )
    assert told.retry_after == NOW + after


def test_after_sixteen_tries_it_is_not_tried_again_by_itself() -> None:
    known = upstream(UpstreamState.RELEASING, tries=15)
    told = release.put_off(asking(known), PutOff("503"), NOW)
    assert (told.state, told.hindrance, told.retry_after) == (
        UpstreamState.UNKNOWN,
        Hindrance.GAVE_UP,
        None,
    )


def test_an_account_is_known_by_its_provider_and_its_name() -> None:
    assert Asking(Account("brevo", "north"), RESET).account_key == ("brevo", "north")


def test_tries_of_an_earlier_reset_do_not_count() -> None:
    known = upstream(UpstreamState.RELEASING, tries=15, answers=mark(clock("09:00"), LOWEST_HEX))
    assert release.put_off(asking(known), PutOff("503"), NOW).tries == 1


def test_a_missing_right_is_tried_again_after_an_hour() -> None:
    told = release.put_off(asking(), PutOff("401", denied=True), NOW)
    assert (told.state, told.hindrance, told.retry_after) == (
        UpstreamState.UNKNOWN,
        Hindrance.NOT_SET_UP,
        NOW + timedelta(hours=1),
    )


@pytest.mark.parametrize(
    ("now", "denied", "state", "hindrance", "again"),
    [
        (NOW, False, UpstreamState.RELEASING, Hindrance.NO_ANSWER, True),
        (NOW, True, UpstreamState.UNKNOWN, Hindrance.NOT_SET_UP, True),
        (NOW + timedelta(days=3), False, UpstreamState.UNKNOWN, Hindrance.GAVE_UP, False),
        (NOW + timedelta(days=3), True, UpstreamState.UNKNOWN, Hindrance.NOT_SET_UP, False),
    ],
)
def test_an_account_that_is_closed_is_waited_for_and_not_for_ever(
    now: datetime, state: UpstreamState, hindrance: Hindrance, *, denied: bool, again: bool
) -> None:
    until = now + timedelta(minutes=30)
    known = asking(upstream(UpstreamState.RELEASING, tries=4))
    told = release.waits(known, until, clock("10:00"), now, denied=denied)
    assert (told.state, told.hindrance, told.tries) == (state, hindrance, 4)
    assert told.retry_after == (until if again else None)


def test_whose_turn_comes_keeps_it_and_is_not_put_in_line_again() -> None:
    waiting = release.in_line(asking(), clock("12:00"), NOW)
    assert (waiting.state, waiting.hindrance, waiting.retry_after, waiting.tries) == (
        UpstreamState.RELEASING,
        Hindrance.IN_LINE,
        clock("12:00"),
        0,
    )
    assert asking(waiting).is_its_turn
    assert not asking(waiting, mark(clock("11:00"), LOWEST_HEX)).is_its_turn  # a newer reset
    assert not asking().is_its_turn
    assert not asking(upstream(UpstreamState.RELEASING)).is_its_turn


@pytest.mark.parametrize(
    ("learned", "state", "hindrance"),
    [
        (release.cannot_tell(asking(), NOW), UpstreamState.UNKNOWN, Hindrance.CANNOT_BE_ASKED),
        (release.asked(asking(), NOW), UpstreamState.RELEASING, None),
        (release.not_set_up(asking(), NOW), UpstreamState.UNKNOWN, Hindrance.NOT_SET_UP),
    ],
)
def test_what_nobody_knows_yet(learned: Upstream, state: UpstreamState, hindrance: Hindrance | None) -> None:
    assert (learned.state, learned.hindrance, learned.at, learned.answers) == (state, hindrance, NOW, RESET)


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (UpstreamState.RELEASED, HistoryKind.RELEASED),
        (UpstreamState.RELEASING, HistoryKind.RELEASING),
        (UpstreamState.REFUSED, HistoryKind.RELEASE_REFUSED),
        (UpstreamState.LISTED, HistoryKind.RELEASE_REFUSED),
        (UpstreamState.UNKNOWN, HistoryKind.RELEASE_UNKNOWN),
    ],
)
def test_each_outcome_is_a_line_of_the_history(state: UpstreamState, kind: HistoryKind) -> None:
    assert release.kind(upstream(state)) is kind


CONFIRMED = Lifting(Lift.RELEASE, mark(NOW, LOWEST_HEX))


@pytest.mark.parametrize(
    ("learned", "told", "lifting"),
    [
        (upstream(), status(staff="10:00"), CONFIRMED),
        (upstream(), status(block("suppressed@email", "10:01"), staff="10:00"), CONFIRMED),
        (upstream(), status(block("suppressed+complaint@email"), staff="10:00"), CONFIRMED),
        # The mark is never before what it lifts.
        (
            upstream(),
            status(block("suppressed@email", "10:06"), staff="10:00"),
            Lifting(Lift.RELEASE, mark(clock("10:06"), HEX)),
        ),
        (upstream(), status(block("suppressed@email", "10:01", "mailgun"), staff="10:00"), None),
        # That other one is lifted already.
        (upstream(), status(block("suppressed@email", "09:00", "mailgun"), staff="10:00"), CONFIRMED),
        (upstream(UpstreamState.REFUSED), status(staff="10:00"), None),
        (upstream(UpstreamState.RELEASING), status(staff="10:00"), None),
    ],
)
def test_a_confirmed_release_lifts_the_refusals_of_this_provider(
    learned: Upstream, told: Status, lifting: Lifting | None
) -> None:
    assert release.lifting(learned, [], told, NOW) == lifting


@pytest.mark.parametrize(
    ("other", "lifting"),
    [(UpstreamState.RELEASED, CONFIRMED), (UpstreamState.REFUSED, None), (UpstreamState.RELEASING, None)],
)
def test_of_several_accounts_all_must_have_let_it_go(other: UpstreamState, lifting: Lifting | None) -> None:
    assert release.lifting(upstream(), [upstream(other)], status(staff="10:00"), NOW) == lifting


LISTS = Account("ses", settings={}).lists


def looked(
    state: UpstreamState = UpstreamState.RELEASED,
    seen: str | None = "09:30",
    lists: str | None = LISTS,
    provider: str = "ses",
) -> tuple[Asking, Upstream]:
    """An account that had the number at a time, and what it says now."""
    at = clock(seen) if seen else None
    known = upstream(UpstreamState.REFUSED, provider=provider, listed_at=at, listed_in=lists)
    return Asking(Account(provider, settings={}), RESET, known), upstream(state, provider=provider)


NEVER_ASKED = (Asking(Account("ses", settings={}), RESET, None), upstream())
STOP = block("opt_out@sms")
STARTED = Lifting(Lift.START, STOP.at)


@pytest.mark.parametrize(
    ("looked_at", "told", "lifting"),
    [
        ([looked()], status(STOP), STARTED),
        ([looked()], status(STOP, block("opt_out@voice")), STARTED),
        ([looked(), NEVER_ASKED], status(STOP), STARTED),  # two accounts, one had it
        ([looked(UpstreamState.REFUSED)], status(STOP), None),  # still there
        ([looked(), looked(UpstreamState.REFUSED)], status(STOP), None),  # the other account has it
        ([looked(), looked(UpstreamState.UNKNOWN)], status(STOP), None),
        ([NEVER_ASKED], status(STOP), None),  # never seen there
        ([looked(seen=None)], status(STOP), None),
        ([looked(seen="08:59")], status(STOP), None),  # seen before this STOP
        ([looked(lists="others")], status(STOP), None),  # the settings lead to other lists by now
        ([looked()], status(block("opt_out@sms", provider="twilio")), None),  # another's STOP
        ([looked()], status(STOP, block("opt_out@voice", provider="twilio")), None),
        ([looked(), looked(provider="twilio")], status(STOP), None),
        ([looked()], status(STOP, start="09:30"), None),  # over already
        ([looked()], status(block("bounce@sms")), None),
        ([], status(), None),
    ],
)
def test_a_number_that_the_lists_have_no_longer_has_texted_start(
    looked_at: list[tuple[Asking, Upstream]], told: Status, lifting: Lifting | None
) -> None:
    """The lift has the STOP's own mark: another one that nobody has told yet stays."""
    assert release.start(looked_at, told) == lifting


def test_another_key_leads_to_the_same_lists_and_another_setting_to_others() -> None:
    lists = {
        Account("sinch", settings={"app": "1", "key": key, "secret": key}).lists for key in ("old", "new")
    }
    assert len(lists) == 1
    assert Account("sinch", settings={"app": "2", "key": "old", "secret": "old"}).lists not in lists


@pytest.mark.parametrize(
    ("reason", "stop"),
    [
        (ListReason.OPT_OUT, True),
        (ListReason.UNTOLD, True),
        (ListReason.MANUAL, False),
        (ListReason.BOUNCE, False),
        (ListReason.PROVIDER, False),
    ],
)
def test_which_entries_are_the_persons_stop(reason: ListReason, *, stop: bool) -> None:
    assert release.is_stop(listing(reason)) == stop


def test_who_told_a_stop_that_is_in_force() -> None:
    told = status(block("opt_out@sms", provider="twilio"), block("bounce@sms", provider="sinch"))
    assert release.stopped_by(told) == {"twilio"}
    assert release.stopped_by(status(block("opt_out@sms"), start="10:00")) == frozenset()


# What is shown


def standing(told: Status, *known: Upstream) -> Standing:
    return Standing(Credential(CredentialKind.EMAIL, "ada@example.org"), told, (), known)


LISTED = Upstream(provider="ses", state=UpstreamState.LISTED, at=clock("10:02"))
ASKED = Upstream(provider="ses", state=UpstreamState.RELEASING, at=clock("10:30"))


@pytest.mark.parametrize(
    ("told", "known", "shown"),
    [
        (status(), [], []),
        (status(), [upstream()], [upstream()]),
        (status(block("suppressed@email", "10:02")), [], [LISTED]),
        (status(block("bounce@email", "10:02")), [], []),
        (status(block("suppressed@email", "10:02")), [upstream()], [LISTED]),  # refused since
        (status(block("suppressed@email", "10:00")), [upstream()], [upstream()]),
        (status(block("suppressed@email"), staff="10:00"), [], []),
        # A newer reset than was answered: it is about to be asked again, where that is wanted.
        (status(staff="10:30"), [upstream(UpstreamState.REFUSED)], [ASKED]),
        (status(staff="10:00"), [upstream(UpstreamState.REFUSED)], [upstream(UpstreamState.REFUSED)]),
        (status(block("bounce@email", "10:31"), staff="10:30"), [upstream()], [upstream()]),
    ],
)
def test_a_refusal_says_that_it_is_listed_until_more_is_known(
    told: Status, known: list[Upstream], shown: list[Upstream]
) -> None:
    assert list(release.shown(standing(told, *known))) == shown


@pytest.mark.parametrize(
    ("state", "listed"),
    [
        (UpstreamState.LISTED, True),
        (UpstreamState.REFUSED, True),
        (UpstreamState.UNKNOWN, True),
        (UpstreamState.RELEASED, False),
        (UpstreamState.RELEASING, False),
    ],
)
def test_a_reset_of_what_is_good_here_asks_a_provider_that_may_still_refuse_it(
    state: UpstreamState, *, listed: bool
) -> None:
    assert release.is_listed(standing(status(), upstream(state))) == listed
