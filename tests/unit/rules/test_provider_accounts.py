"""What is remembered of a provider's account: the newest of each, once a minute."""

from datetime import timedelta

import pytest

from reachable.model.delivery_event import Kind
from reachable.model.provider_account import Happened, Happening, Heard, SetUp
from reachable.model.upstream import Hindrance, Upstream, UpstreamState
from reachable.rules import provider_accounts as rules
from tests.builders import clock, delivery_event

NINE = clock("09:00")
SES = ("ses", "default")


def learned(
    state: UpstreamState, at: str = "09:00", why: Hindrance | None = None, again: str = ""
) -> Upstream:
    return Upstream(
        provider="ses",
        state=state,
        at=clock(at),
        hindrance=why,
        retry_after=clock(again) if again else None,
    )


@pytest.mark.parametrize("kind", Kind)
def test_what_did_not_arrive_is_a_bounce(kind: Kind) -> None:
    told = [delivery_event(kind=Kind.DELIVERED), delivery_event(kind=kind)]
    assert rules.tells_of_a_bounce(told) is (kind in {Kind.BOUNCED, Kind.FAILED})
    assert rules.tells_of_a_bounce(told[:1]) is False


def test_of_what_comes_together_the_newest_counts() -> None:
    heard = [
        Heard("ses", "default", clock("09:01"), bounced=False),
        Heard("ses", "default", clock("09:02"), bounced=True),
        Heard("ses", "default", clock("09:00"), bounced=True),
        Heard("twilio", "north", clock("08:00"), bounced=False),
    ]
    assert rules.of_events(heard, clock("09:02")) == {
        (SES, Happening.HEARD): Happened(clock("09:02")),
        (SES, Happening.BOUNCED): Happened(clock("09:02")),
        (("twilio", "north"), Happening.HEARD): Happened(clock("08:00")),
    }


def test_what_was_received_by_a_clock_that_runs_ahead_was_heard_now() -> None:
    [happened] = rules.of_events(
        [Heard("ses", "default", clock("10:00"), bounced=False)], clock("09:00")
    ).values()
    assert happened.at == clock("09:00")


@pytest.mark.parametrize(
    ("state", "what"),
    [
        (UpstreamState.RELEASED, Happening.RELEASED),
        (UpstreamState.REFUSED, Happening.REFUSED),
        (UpstreamState.LISTED, Happening.REFUSED),
        (UpstreamState.UNKNOWN, Happening.UNKNOWN),
        (UpstreamState.RELEASING, None),
    ],
)
def test_what_came_of_a_release(state: UpstreamState, what: Happening | None) -> None:
    told = rules.of_releases([learned(state, why=Hindrance.SUPPORT)])
    assert told == ({} if what is None else {(SES, what): Happened(NINE, Hindrance.SUPPORT)})


@pytest.mark.parametrize(
    ("before", "is_news"),
    [
        (None, True),
        (NINE - timedelta(seconds=60), True),
        (NINE - timedelta(seconds=59), False),
        (NINE, False),
        (NINE + timedelta(days=1), False),  # what is told late is none
    ],
)
def test_the_same_is_news_once_a_minute(before: object, is_news: bool) -> None:
    assert rules.is_news(NINE, before) is is_news  # type: ignore[arg-type]  # the table has None, too


@pytest.mark.parametrize(
    ("known", "waits"),
    [
        (None, False),
        (learned(UpstreamState.RELEASING, again="09:10"), True),
        (learned(UpstreamState.UNKNOWN, again="09:10"), True),
        (learned(UpstreamState.UNKNOWN), False),
        (learned(UpstreamState.REFUSED, again="09:10"), False),
    ],
)
def test_who_is_asked_of_again_waits(known: Upstream | None, waits: bool) -> None:
    assert rules.waits(known) is waits


def test_what_an_account_needs_of_us() -> None:
    assert rules.webhook(is_set=True, is_called=True) is SetUp.SET_UP
    assert rules.webhook(is_set=False, is_called=True) is SetUp.MISSING
    assert rules.webhook(is_set=False, is_called=False) is SetUp.NONE
    assert rules.upstream(is_set=True, can_be_asked=True) is SetUp.SET_UP
    assert rules.upstream(is_set=True, can_be_asked=False) is SetUp.NONE
