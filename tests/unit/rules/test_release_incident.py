"""How an incident's releases go on at one account."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from reachable.model.errors import ListUnclear, PutOff
from reachable.model.history import HistoryItem, HistoryKind
from reachable.model.releases import AccountReleases, Reading, Silence
from reachable.model.status import LOWEST_HEX, mark
from reachable.model.upstream import Hindrance, Limit, Upstream, UpstreamState
from reachable.rules import release_incident
from tests.builders import clock

NOW = clock("10:00")
BREVO = Limit(calls=300, seconds=3600)
RESEND = Limit(calls=5, seconds=1, each=2)


def account(*left: str, **changes: Any) -> AccountReleases:
    told: dict[str, Any] = {"provider": "ses", "account": "default", "left": left} | changes
    return AccountReleases(**told)


def upstream(state: UpstreamState = UpstreamState.RELEASED, **changes: Any) -> Upstream:
    told: dict[str, Any] = {"provider": "ses", "state": state, "at": NOW} | changes
    return Upstream(**told)


# How many at once


@pytest.mark.parametrize(
    ("left", "can_be_read", "is_cut", "is_quick", "whole"),
    [
        (26, True, False, True, True),
        (25, True, False, True, False),  # few
        (1, True, False, False, True),  # a look reads as much
        (5000, False, False, True, False),
        (5000, True, True, True, False),  # it shows a part of it only
    ],
)
def test_the_whole_list_is_read_where_it_can_be_and_is_worth_it(
    left: int, *, can_be_read: bool, is_cut: bool, is_quick: bool, whole: bool
) -> None:
    assert (
        release_incident.reads_whole(left, can_be_read=can_be_read, is_cut=is_cut, is_quick=is_quick) is whole
    )


@pytest.mark.parametrize(
    ("limit", "calls", "seconds"),
    [
        (BREVO, 25, 12.0),  # five minutes of an hour
        (RESEND, 5, 0.2),
        (Limit(calls=10, seconds=1, each=2), 10, 0.1),
        (Limit(calls=1, seconds=3600), 1, 3600.0),
    ],
)
def test_turns_are_taken_for_the_limits_own_time_or_five_minutes(
    limit: Limit, calls: int, seconds: float
) -> None:
    assert release_incident.calls_at_once(limit) == calls
    assert release_incident.between_calls(limit) == timedelta(seconds=seconds)


def test_looks_count_where_a_release_makes_more_calls_than_the_removal() -> None:
    assert RESEND.counts_looks
    assert not BREVO.counts_looks


@pytest.mark.parametrize(
    ("left", "lot"),
    [
        (["a", "b", "C", "D"], ["a", "b"]),
        (["A", "B", "C", "d"], ["A", "B"]),  # as many as may go at once
        (["A", "b"], ["A"]),
    ],
)
def test_a_lot_is_of_those_that_are_listed_or_of_those_that_are_not(left: list[str], lot: list[str]) -> None:
    assert release_incident.lot(left, str.isupper, 2) == lot


# How long a reading counts


@pytest.mark.parametrize(
    ("begun_at", "read_at", "is_old", "took_long"),
    [
        ("09:50", None, False, False),  # it is still being read
        ("09:54", "09:55", False, False),
        ("09:50", "09:54:59", True, False),
        ("09:49", "09:54:59", True, True),
        ("09:40", "09:59", False, True),
    ],
)
def test_what_was_read_counts_for_five_minutes(
    begun_at: str, read_at: str | None, *, is_old: bool, took_long: bool
) -> None:
    reading = Reading(begun_at=clock(begun_at), read_at=clock(read_at) if read_at else None)
    assert release_incident.is_old(reading, NOW) is is_old
    assert release_incident.took_long(reading) is took_long


@pytest.mark.parametrize(
    ("kind", "received_at", "has_wished"),
    [
        (HistoryKind.COMPLAINED, "09:00", True),
        (HistoryKind.OPTED_OUT, "09:01", True),
        (HistoryKind.COMPLAINED, "08:59:59", False),  # the list had it by then
        (HistoryKind.BOUNCED, "09:01", False),
    ],
)
def test_a_wish_that_came_to_us_since_is_not_in_the_reading(
    kind: HistoryKind, received_at: str, *, has_wished: bool
) -> None:
    item = HistoryItem(
        hex=LOWEST_HEX,
        kind=kind,
        provider="sendgrid",
        occurred_at=clock("08:00"),
        received_at=clock(received_at),
        mark=mark(clock("08:00"), LOWEST_HEX),
        moves=None,
    )
    assert release_incident.has_wished([item], clock("09:00")) is has_wished


# What came of it


@pytest.mark.parametrize(
    ("learned", "counted"),
    [
        (upstream(), "released"),
        (upstream(UpstreamState.REFUSED, hindrance=Hindrance.CONSENT), "refused"),
        (upstream(UpstreamState.REFUSED, hindrance=Hindrance.NOT_YET, retry_after=NOW), "refused"),
        (upstream(UpstreamState.LISTED), "refused"),
        (upstream(UpstreamState.UNKNOWN, hindrance=Hindrance.CANNOT_BE_ASKED), "unknown"),
        (upstream(UpstreamState.UNKNOWN, hindrance=Hindrance.NOT_SET_UP), "unknown"),
        (upstream(UpstreamState.UNKNOWN, hindrance=Hindrance.GAVE_UP), "given_up"),
        (upstream(UpstreamState.RELEASING), "unknown"),  # nobody comes again
        (None, "left_alone"),
    ],
)
def test_what_is_done_is_counted_by_what_came_of_it(learned: Upstream | None, counted: str) -> None:
    told = release_incident.tallied(account("a", "b", unknown=0), {"a": learned}, (), NOW)
    assert told == account("b", **{counted: 1})
    assert told.to_come == 1


def test_what_was_put_off_comes_again_once_nothing_is_left() -> None:
    off = upstream(UpstreamState.RELEASING, retry_after=clock("10:05"))
    sooner = upstream(UpstreamState.UNKNOWN, retry_after=clock("10:02"))
    read = Reading(begun_at=NOW, read_at=NOW)
    first = release_incident.tallied(account("a", "b", "c", reading=read), {"a": off}, (), NOW)
    assert first == account("b", "c", again=("a",), again_at=clock("10:05"), reading=read)
    second = release_incident.tallied(first, {"b": sooner, "c": upstream()}, (), NOW)
    assert second == account(again=("a", "b"), again_at=clock("10:02"), next_at=clock("10:02"), released=1)
    asked = replace(second, reading=Reading(begun_at=NOW), silence=Silence("503"), placed=2)
    assert release_incident.next_pass(asked) == account("a", "b", next_at=clock("10:02"), released=1)


@pytest.mark.parametrize(
    ("failures", "expected"),
    [
        (0, account(again=("a",), again_at=clock("10:01"), next_at=clock("10:01"), failures=1)),
        (2, account(again=("a",), again_at=clock("10:04"), next_at=clock("10:04"), failures=3)),
        (14, account(again=("a",), again_at=clock("16:00"), next_at=clock("16:00"), failures=15)),
        (15, account(given_up=1, failures=16)),
    ],
)
def test_what_fails_of_ours_is_tried_later_each_time_and_not_for_ever(
    failures: int, expected: AccountReleases
) -> None:
    assert release_incident.tallied(account("a", failures=failures), {}, ["a"], NOW) == expected


def test_a_lot_without_a_failure_begins_the_count_anew() -> None:
    assert release_incident.tallied(account("a", failures=9), {"a": upstream()}, (), NOW).failures == 0


@pytest.mark.parametrize(
    ("failures", "expected"),
    [
        (0, account("a", next_at=clock("10:01"), failures=1)),
        (15, account(given_up=1, failures=16)),
    ],
)
def test_a_step_that_fails_is_tried_later_each_time_and_not_for_ever(
    failures: int, expected: AccountReleases
) -> None:
    assert release_incident.failed(account("a", failures=failures), NOW) == expected


# Where there is no answer


READING = Reading(begun_at=clock("09:00"), cursor="next")


@pytest.mark.parametrize(
    ("reading", "why", "expected"),
    [
        # Where it had come to some pages it goes on there.
        (replace(READING, pages=3), PutOff("503"), account("a", reading=READING)),
        (READING, PutOff("503", 60), account("a", silence=Silence("503", 60))),
        (
            replace(READING, pages=3),
            PutOff("403", denied=True),
            account("a", silence=Silence("403", denied=True)),
        ),
        (READING, ListUnclear("400"), account("a", reading=Reading(begun_at=NOW, anew=True))),
        (replace(READING, anew=True), ListUnclear("400"), account("a", silence=Silence("400", unclear=True))),
        (
            replace(READING, cursor=None),
            ListUnclear("418"),
            account("a", silence=Silence("418", unclear=True)),
        ),
    ],
)
def test_a_list_that_cannot_be_read_on(
    reading: Reading, why: PutOff | ListUnclear, expected: AccountReleases
) -> None:
    assert release_incident.not_read(account("a", reading=reading), reading, why, NOW) == expected


def test_a_silence_says_what_the_account_had_said() -> None:
    unclear = release_incident.why_silent(Silence("418", unclear=True))
    assert isinstance(unclear, ListUnclear)
    assert unclear.code == "418"
    denied = release_incident.why_silent(Silence("403", 60, denied=True))
    assert isinstance(denied, PutOff)
    assert (denied.why, denied.seconds, denied.denied) == ("403", 60, True)


@pytest.mark.parametrize(
    ("since", "for_days"),
    [(None, False), (NOW - timedelta(days=2, hours=23), False), (NOW - timedelta(days=3), True)],
)
def test_an_account_that_is_closed_is_waited_for_three_days(
    since: datetime | None, *, for_days: bool
) -> None:
    assert release_incident.is_quiet_for_days(account("a", quiet_since=since), NOW) is for_days


# The time still to come


MANY = tuple(str(i) for i in range(5000))


@pytest.mark.parametrize(
    ("told", "limit", "bulk", "each", "to_come"),
    [
        (account(*MANY), BREVO, 1, None, timedelta(hours=16, minutes=40)),
        (account(*MANY), RESEND, 100, None, timedelta(seconds=10)),
        (account("a", again=("b",), again_at=clock("11:00")), BREVO, 1, None, timedelta(hours=1)),
        (account(*MANY), None, 1, timedelta(seconds=0.1), timedelta(seconds=500)),
        (account(*MANY), None, 1, None, None),  # nothing was done yet
        (account(again=("a",), again_at=clock("10:01")), None, 1, None, timedelta(minutes=1)),  # a job
        (account(), BREVO, 1, None, None),  # done
        (account("a", silence=Silence("503")), BREVO, 1, None, None),
        (account("a", quiet_since=NOW), BREVO, 1, None, None),
    ],
)
def test_when_it_ends_follows_from_the_rate_and_how_many_are_left(
    told: AccountReleases,
    limit: Limit | None,
    bulk: int,
    each: timedelta | None,
    to_come: timedelta | None,
) -> None:
    expected = None if to_come is None else NOW + to_come
    assert release_incident.ends_at(told, limit, bulk, each, NOW) == expected
