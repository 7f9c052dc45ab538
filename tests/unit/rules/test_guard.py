"""When a share of bounces leaps, whose leap it is, and what is told of it."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reachable.model.delivery_event import Cause
from reachable.model.group import Tally
from reachable.model.guard import Cells, Leap, Open, Past, Place, Window, begins, cell
from reachable.model.incident import Where
from reachable.model.statistics import Counted, Word
from reachable.rules import guard as rules
from reachable.rules.guard import Watched
from tests.bench.guard import INCIDENTS, District, play, year
from tests.builders import clock

GMAIL = Place(domain="gmail.com")
YAHOO = Place(domain="yahoo.com")
SES = Place(account="ses/main")
NO_EMAIL = Place(account="ses/main", code="NoEmail")
GENERAL = Place(account="ses/main", code="General")
NINE = cell(clock("09:00"))
USUAL = Past(10_000, 70, 12)
"""0.7 %."""


def told(at: str = "09:00", *words: Word, **changes: Any) -> Counted:
    event = Counted(
        words=words or (Word.SENT,),
        week="2026-W38",
        domain="gmail.com",
        provider="ses/main",
        cause=None,
        held=None,
        sent_at=clock(at),
    )
    return replace(event, **changes)


def bounce(at: str = "09:00", *words: Word, **changes: Any) -> Counted:
    of_it: dict[str, Any] = {"cause": Cause.INVALID_ADDRESS, "for_good": True, "code": "NoEmail"}
    return told(at, *(words or (Word.BOUNCED_PERMANENT,)), **(of_it | changes))


# What is counted


def test_what_was_sent_and_bounced_counts_in_its_half_minute_by_domain_account_and_code() -> None:
    events = [
        told("09:00:00"),
        told("09:00:29.9"),
        told("09:00:30", Word.SENT, Word.DELIVERED),
        bounce("09:00:30", Word.SENT, Word.BOUNCED_PERMANENT),
        bounce("09:00:10", code=None),
        told("09:00:00", Word.DELIVERED),
        told("09:00:00", Word.BOUNCED_TRANSIENT),
    ]
    both: Cells = {NINE: Tally(2, 1), NINE + 1: Tally(2, 1)}
    assert rules.counts(events) == {SES: both, GMAIL: both, NO_EMAIL: {NINE + 1: Tally(0, 1)}}


@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_what_goes_to_a_phone_has_no_domain(channel: str) -> None:
    text = bounce("09:00", Word.SENT, Word.FAILED, domain=channel, provider="twilio", code="30003")
    assert rules.counts([text]) == {
        Place(account="twilio"): {NINE: Tally(1, 1)},
        Place(account="twilio", code="30003"): {NINE: Tally(0, 1)},
    }
    assert rules.accounts([text]) == {"twilio": (Place(account="twilio", code="30003"),)}


def test_the_largest_50_places_are_counted() -> None:
    found = rules.counts(told(domain=f"d{i}.example") for i in range(60) for _ in range(2 if i < 55 else 1))
    assert len(found) == 50
    assert found[SES] == {NINE: Tally(115, 0)}
    assert Place(domain="d59.example") not in found


def test_accounts_share_the_50_places_fairly() -> None:
    many = [told(domain=f"d{i}.example", provider="big") for i in range(60) for _ in range(2)]
    few = [bounce(domain=f"s{i}.example", provider="north") for i in range(3)]
    found = rules.counts([*many, *few])
    assert len(found) == 50
    assert {str(place) for place in found if "north" in str(place) or "domain:s" in str(place)} == {
        "account:north",
        "code:north#NoEmail",
        "domain:s0.example",
        "domain:s1.example",
        "domain:s2.example",
    }


def test_what_bounced_counts_by_week_for_what_is_usual_later() -> None:
    events = [told(), bounce(), bounce(code=None, week="2026-W37")]
    assert rules.bounced_by_week(events) == Counter(
        {
            (SES, "2026-W38"): 1,
            (GMAIL, "2026-W38"): 1,
            (NO_EMAIL, "2026-W38"): 1,
            (SES, "2026-W37"): 1,
            (GMAIL, "2026-W37"): 1,
        }
    )


def test_places_where_something_bounced_are_told_by_account_most_bounces_first() -> None:
    events = [
        told(domain="good.example"),
        bounce(domain="yahoo.com", code="General"),
        bounce(),
        bounce(),
        bounce(provider="sendgrid", code=None),
    ]
    assert rules.accounts(events) == {"ses/main": (GMAIL, YAHOO, NO_EMAIL, GENERAL), "sendgrid": ()}


@pytest.mark.parametrize(
    ("bounced", "ends"),
    [
        ({}, []),
        ({0: 1}, [0]),
        ({0: 1, 1: 1, 2: 1}, [2, 1, 0]),
        ({0: 1, 239: 1, 240: 2}, [240, 239]),  # where most bounced, and no more than two hours from it
        ({0: 2, 239: 1, 240: 1, 500: 1}, [0, 239, 500]),  # and the newest
        ({0: 1, 500: 3, 261: 1}, [500, 261]),
        (dict.fromkeys(range(30), 1), [29, 28, 27, 26, 25, 24, 23, 22, 21, 20]),
        (dict.fromkeys(range(11), 2) | {11: 1}, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 11]),
    ],
)
def test_windows_end_where_most_of_it_bounced_and_near_that_and_at_the_newest(
    bounced: dict[int, int], ends: list[int]
) -> None:
    counted = {at: Tally(0, number) for at, number in bounced.items()} | {1_000: Tally(5, 0)}
    assert list(rules.ends(counted)) == ends


# Whether it leaps


@pytest.mark.parametrize(
    ("sent", "bounced", "share", "found"),
    [
        (100, 15, 0.15, 0.0),
        (100, 1, 0.15, 0.0),
        (10, 10, 0.15, 18.97),
        (5, 10, 0.15, 18.97),  # whatever bounced was sent
        (60, 24, 0.15, 11.00),
        (100, 30, 0.15, 7.20),
        (200, 60, 0.15, 14.40),
        (0, 0, 0.15, 0.0),
    ],
)
def test_the_evidence_grows_with_the_share_and_the_number(
    sent: int, bounced: int, share: float, found: float
) -> None:
    assert rules.evidence(Tally(sent, bounced), share) == pytest.approx(found, abs=0.01)


@pytest.mark.parametrize(
    ("past", "most"),
    [
        (Past(0, 0, 0), 0.15),
        (Past(10_000, 70, 12), 0.15),
        (Past(9_800, 796, 12), 0.32),  # after September's first mailing
        (Past(100, 10, 1), 0.1867),  # and twice a hundred usual ones
        (Past(9_800, 3_996, 12), 1.6),
    ],
)
def test_four_times_the_usual_share_is_too_much_and_never_less_than_15_percent(
    past: Past, most: float
) -> None:
    assert rules.limit(past) == pytest.approx(most, abs=0.001)


@pytest.mark.parametrize(
    ("weeks", "past"),
    [
        ([], Past(0, 0, 0)),
        ([Tally(0, 5), Tally(100, 1)], Past(100, 1, 1)),
        ([Tally(3_000, 21), Tally(3_000, 2_521)], Past(6_000, 2_542, 2)),  # too few to tell what is usual
        ([Tally(3_000, 21), Tally(3_000, 2_521), Tally(0, 0), Tally(3_000, 21)], Past(9_000, 63, 3)),
        ([Tally(100, 1), Tally(100, 3), Tally(100, 90), Tally(100, 0)], Past(400, 8, 4)),
        ([Tally(300, 300)] * 4, Past(1_200, 1_200, 4)),  # bounces alone are told
    ],
)
def test_an_incident_of_one_week_is_not_what_is_usual(weeks: list[Tally], past: Past) -> None:
    assert rules.past(weeks) == past


@pytest.mark.parametrize(
    ("counted", "window"),
    [
        ({0: Tally(10, 10)}, (1, 10, 10)),
        ({0: Tally(9, 9)}, None),  # 10 at least
        ({0: Tally(60, 24)}, None),  # a class list of years ago
        ({0: Tally(200, 60)}, (1, 200, 60)),
        ({0: Tally(10, 10), -1: Tally(200, 1)}, (1, 10, 10)),  # not diluted by what went well before
        ({-1: Tally(6, 6), 0: Tally(6, 6)}, (2, 12, 12)),
        ({-239: Tally(10, 10), 0: Tally(4, 4)}, (240, 14, 14)),
        ({-240: Tally(10, 10), 0: Tally(4, 4)}, None),
        ({0: Tally(4, 4), 1: Tally(10, 10)}, None),  # a window ends with what was told
    ],
)
def test_a_share_leaps_in_a_window_from_half_a_minute_to_two_hours(
    counted: Cells, window: tuple[int, int, int] | None
) -> None:
    found = rules.leaping(counted, [0], USUAL)
    assert rules.may_leap({GMAIL: counted, NO_EMAIL: counted}, [0]) == ({GMAIL} if found else set())
    assert window == (found and (found.last - found.first + 1, found.tally.sent, found.tally.bounced))


def test_the_window_is_told_that_says_most() -> None:
    found = rules.leaping({0: Tally(10, 10), 5: Tally(100, 90)}, [0, 5], USUAL)
    assert found == Window(-4, 5, Tally(110, 100))
    assert (found.begins, found.lasts) == (begins(-4), timedelta(minutes=5))


def test_a_longest_window_begins_two_hours_before_its_end() -> None:
    assert rules.first(239) == 0


@pytest.mark.parametrize(
    ("past", "leaps"),
    [
        (Past(99, 0, 1), False),  # the dead domain of an old list has no past
        (Past(100, 0, 1), True),
        (Past(9_800, 796, 12), False),  # 8 % is usual: 30 % is no leap
    ],
)
def test_a_leap_is_one_against_a_past(past: Past, leaps: bool) -> None:
    assert (rules.leaping({0: Tally(200, 60)}, [0], past) is not None) is leaps


@pytest.mark.parametrize(
    ("an_hour", "past", "leaps"),
    [
        (49, Past(100, 100, 4), False),
        (50, Past(100, 100, 4), True),
        (499, Past(1_000, 1_000, 4), False),
        (500, Past(1_000, 1_000, 4), True),  # as many as in two weeks
        (149, Past(1_000, 300, 4), False),  # four times that are more than all
        (150, Past(1_000, 300, 4), True),
    ],
)
def test_where_bounces_alone_are_told_as_many_leap_in_an_hour_as_usual_in_two_weeks(
    an_hour: int, past: Past, leaps: bool
) -> None:
    counted = {0: Tally(10, 10), -119: Tally(an_hour - 10, an_hour - 10), -120: Tally(500, 500)}
    assert (rules.leaping(counted, [0], past) is not None) is leaps


# Whose leap it is


def watched(**changes: Any) -> Watched:
    """Gmail's mail bounces, all else goes well."""
    of_it: dict[str, Any] = {
        "account": "ses/main",
        "places": [GMAIL, NO_EMAIL],
        "at": [NINE],
        "counted": {
            GMAIL: {NINE: Tally(22, 22)},
            SES: {NINE: Tally(44, 22)},
            NO_EMAIL: {NINE: Tally(0, 22)},
        },
        "pasts": {SES: USUAL, GMAIL: USUAL, NO_EMAIL: Past(10_000, 50, 12)},
    }
    return Watched(**(of_it | changes))


def leap_of(place: Place, sent: int, bounced: int, past: Past = USUAL, since: str = "08:50") -> Leap:
    return Leap(place, "ses/main", Window(NINE, NINE, Tally(sent, bounced)), past, clock(since))


def open_(quiets: Place, since: str, until: str) -> Open:
    return Open(quiets, "ses/main", clock(since), "i", clock(until), clock(until), is_told=True)


def test_a_domain_s_leap_is_told_as_such() -> None:
    found = rules.leap(watched())
    assert found == leap_of(GMAIL, 22, 22)
    assert found.quiets == GMAIL


def test_nothing_leaps_where_little_bounces() -> None:
    few: dict[Place, Cells] = {place: {NINE: Tally(24, 3)} for place in (GMAIL, SES, NO_EMAIL)}
    assert rules.leap(watched(counted=few)) is None


def test_where_the_rest_bounces_too_it_is_the_account_s() -> None:
    """And where one code has nearly all of it, that code's."""
    counted: dict[Place, Cells] = {
        GMAIL: {NINE: Tally(12, 12)},
        SES: {NINE: Tally(15, 15)},
        NO_EMAIL: {NINE: Tally(0, 12)},
    }
    found = rules.leap(watched(counted=counted))
    assert found == leap_of(NO_EMAIL, 15, 12, Past(10_000, 50, 12))
    assert found.quiets == SES
    few: dict[Place, Cells] = counted | {NO_EMAIL: {NINE: Tally(0, 11)}}
    assert rules.leap(watched(counted=few)) == leap_of(SES, 15, 15)


def test_one_bounce_beside_it_is_not_the_rest() -> None:
    counted: dict[Place, Cells] = {
        GMAIL: {NINE: Tally(12, 12)},
        SES: {NINE: Tally(14, 13)},
        NO_EMAIL: {NINE: Tally(0, 13)},
    }
    assert rules.leap(watched(counted=counted)) == leap_of(GMAIL, 12, 12)


def test_where_bounces_alone_are_told_the_rest_says_nothing() -> None:
    counted: dict[Place, Cells] = {
        GMAIL: {NINE: Tally(60, 60)},
        SES: {NINE: Tally(70, 70)},
        NO_EMAIL: {NINE: Tally(0, 70)},
    }
    alone = Past(100, 100, 4)
    pasts = {SES: Past(4_000, 4_000, 4), GMAIL: alone, NO_EMAIL: Past(4_000, 2_900, 4)}
    found = rules.leap(watched(counted=counted, pasts=pasts))
    assert found == Leap(GMAIL, "ses/main", Window(NINE - 119, NINE, Tally(60, 60)), alone, clock("07:50:30"))
    # Nor does the share of a code among them.
    pasts = {SES: Past(4_000, 4_000, 4), NO_EMAIL: Past(4_000, 300, 4)}
    assert rules.leap(watched(counted=counted, pasts=pasts, places=[NO_EMAIL])) is None


def test_a_second_domain_that_leaps_makes_it_the_account_s_since_the_first() -> None:
    yahoo = open_(YAHOO, "08:30", "14:40")
    counted: dict[Place, Cells] = dict(watched().counted) | {YAHOO: {NINE: Tally(3, 3)}}
    found = rules.leap(watched(counted=counted, told=[yahoo]))
    assert found == leap_of(NO_EMAIL, 44, 22, Past(10_000, 50, 12), since="08:30")
    # Not of weeks, nor a domain that leapt at another time or of another account.
    weeks = replace(yahoo, since=yahoo.since - timedelta(days=21))
    found = rules.leap(watched(counted=counted, told=[weeks]))
    assert found == leap_of(NO_EMAIL, 44, 22, Past(10_000, 50, 12))
    for other in (open_(YAHOO, "01:00", "08:59"), replace(yahoo, account="sendgrid")):
        assert rules.leap(watched(counted=counted, told=[other])) == leap_of(GMAIL, 22, 22)


def test_an_account_may_leap_where_no_domain_does() -> None:
    """Thirty small ones that have no past of their own."""
    found = rules.leap(watched(pasts={SES: USUAL, NO_EMAIL: Past(10_000, 50, 12)}))
    assert found == leap_of(NO_EMAIL, 44, 22, Past(10_000, 50, 12))
    few: dict[Place, Cells] = dict(watched().counted) | {NO_EMAIL: {NINE: Tally(0, 3)}}
    assert rules.leap(watched(pasts={SES: USUAL, NO_EMAIL: USUAL}, counted=few)) == leap_of(SES, 44, 22)


def test_a_code_may_leap_where_its_account_is_used_to_bounces() -> None:
    """Half of all texts to landlines, and now a code that nobody has seen before."""
    used = Past(10_000, 1_500, 12)
    counted: dict[Place, Cells] = {SES: {NINE: Tally(200, 110)}, NO_EMAIL: {NINE: Tally(0, 60)}}
    pasts = {SES: used, NO_EMAIL: Past(10_000, 5, 12)}
    found = rules.leap(watched(places=[GENERAL, NO_EMAIL], counted=counted | {GENERAL: {}}, pasts=pasts))
    assert found == leap_of(NO_EMAIL, 200, 60, Past(10_000, 5, 12))


# What somebody was told of is no news


def test_what_a_domain_s_leap_explains_counts_no_more_for_its_account() -> None:
    leap = open_(GMAIL, "08:50", "15:00")
    with_bounce = watched(places=[NO_EMAIL], told=[leap])
    assert rules.leap(with_bounce) is None
    assert rules.leap(replace(with_bounce, told=[open_(GMAIL, "06:00", "08:59")])) == leap_of(
        NO_EMAIL, 44, 22, Past(10_000, 50, 12), since="08:50"
    )


@pytest.mark.parametrize("quiets", [GMAIL, SES])
def test_what_is_told_when_a_leap_is_over_of_messages_of_that_time_is_none_anew(quiets: Place) -> None:
    assert rules.leap(watched(told=[open_(quiets, "03:00", "09:01")])) is None
    assert rules.leap(watched(told=[open_(quiets, "03:00", "09:00")])) == leap_of(GMAIL, 22, 22)


def test_another_account_s_leap_explains_nothing_here() -> None:
    elsewhere = open_(Place(account="sendgrid"), "03:00", "15:00")
    assert rules.leap(watched(told=[elsewhere])) == leap_of(GMAIL, 22, 22)


def test_a_domain_s_leap_of_another_account_hides_nothing_of_this_one() -> None:
    elsewhere = replace(open_(GMAIL, "03:00", "15:00"), account="sendgrid")
    assert rules.leap(watched(told=[elsewhere], places=[NO_EMAIL])) == leap_of(
        NO_EMAIL, 44, 22, Past(10_000, 50, 12)
    )


def test_a_leap_of_a_domain_that_has_sent_nothing_in_these_hours_explains_nothing() -> None:
    assert rules.leap(watched(told=[open_(YAHOO, "03:00", "15:00")])) == leap_of(
        NO_EMAIL, 44, 22, Past(10_000, 50, 12), since="03:00"
    )


# What follows from it


@pytest.mark.parametrize(
    ("place", "account", "where"),
    [
        (GMAIL, "ses/main", Where(from_=clock("08:50"), domain="gmail.com")),
        (SES, "ses/main", Where(from_=clock("08:50"), provider="ses", account="main")),
        (NO_EMAIL, "ses/main", Where(from_=clock("08:50"), provider="ses", account="main", code="NoEmail")),
        (Place(account="twilio"), "twilio", Where(from_=clock("08:50"), provider="twilio")),
    ],
)
def test_an_incident_is_no_wider_than_what_has_leapt(place: Place, account: str, where: Where) -> None:
    assert rules.where(replace(leap_of(place, 12, 12), account=account)) == where


def test_who_tells_of_a_leap_has_a_minute_and_what_is_sent_within_six_hours_is_explained() -> None:
    assert rules.opened(leap_of(GMAIL, 12, 12), [], "new", clock("09:01") + timedelta(days=2)) == Open(
        quiets=GMAIL,
        account="ses/main",
        since=clock("08:50"),
        incident_id="new",
        until=clock("15:00:30"),
        claimed_until=clock("09:02") + timedelta(days=2),
        is_told=False,
        number=0,
    )


@pytest.mark.parametrize(
    ("before", "incident_id", "number"),
    [
        ({}, "before", 3),  # its incident is saved already
        ({"is_told": True}, "new", 4),
        ({"until": clock("08:59")}, "new", 4),  # of another time
        ({"quiets": YAHOO}, "new", 0),
    ],
)
def test_a_leap_that_nobody_was_told_of_keeps_its_incident_and_all_others_are_new(
    before: dict[str, Any], incident_id: str, number: int
) -> None:
    earlier = Open(GMAIL, "ses/main", clock("08:00"), "before", clock("15:00"), clock("08:59"), False, 3)
    found = rules.opened(leap_of(GMAIL, 12, 12), [replace(earlier, **before)], "new", clock("09:00"))
    assert (found.incident_id, found.number, found.since) == (incident_id, number, clock("08:50"))


def test_a_leap_counts_since_it_is_told_or_while_it_is_about_to_be() -> None:
    leap = Open(GMAIL, "ses/main", clock("08:50"), "i", clock("15:00"), clock("09:01"), is_told=False)
    assert [leap.counts(clock(at)) for at in ("09:00:59", "09:01")] == [True, False]
    assert replace(leap, is_told=True).counts(clock("23:00"))


@pytest.mark.parametrize(
    ("first", "last", "explained"),
    [
        ("08:00", "08:49", False),
        ("08:00", "08:50", True),
        ("14:59", "18:00", True),
        ("15:00", "18:00", False),
    ],
)
def test_a_leap_explains_what_was_sent_in_its_own_time(first: str, last: str, explained: bool) -> None:
    assert open_(GMAIL, "08:50", "15:00").explains(clock(first), clock(last)) is explained


# Played: smaller districts here; large ones and more of them in tests/bench/guard.py, by the same model


@pytest.mark.parametrize("seed", range(5))
def test_december_2020_is_told_within_ten_minutes_and_a_hundred_false_blocks(seed: int) -> None:
    december, *_ = INCIDENTS
    fault, seen = play(replace(december, district=District(8_000)), seed)
    [told] = seen
    assert told.leap.place == GMAIL
    assert fault.begins < told.at < fault.begins + timedelta(minutes=10)
    assert told.false <= 100


def test_where_all_mail_fails_one_alarm_tells_so() -> None:
    [dns] = [incident for incident in INCIDENTS if incident.name == "our own DNS: all mail"]
    _, seen = play(replace(dns, district=District(8_000)), 1)
    assert [str(told.leap.quiets) for told in seen] == ["account:ses/main"]


@pytest.mark.parametrize("seed", range(2))
def test_an_ordinary_year_brings_less_than_an_alarm_a_month(seed: int) -> None:
    """Ten months with snow days, September's dead addresses and old lists."""
    assert len(year(District(500), seed)) < 10
