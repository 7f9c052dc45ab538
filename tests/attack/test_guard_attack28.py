"""Attacks on the guard (issue 28): silence where an alarm is due, and alarms for nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from reachable.flows import guard as flow
from reachable.model.credential import Credential
from reachable.model.group import Tally
from reachable.model.guard import Open, Place, cell
from reachable.model.statistics import Counted, Word
from reachable.rules import statistics as statistics_rules
from reachable.store import dynamodb, statistics
from reachable.store import guard as stored
from tests.builders import DAY, clock
from tests.functions import test_guard as played
from tests.functions.test_delivery_events import in_force
from tests.functions.test_guard import bounce, tell, told_at_another
from tests.functions.test_messages import alarms

at_nine = played.at_nine
pytestmark = pytest.mark.usefixtures("at_nine")


def past(by: str, name: str, many: int, bounced: int, place: str) -> None:
    for week in statistics_rules.weeks_before(DAY.date())[-3:]:
        statistics.count(by, week, name, {"sent": many}, clock("09:00"))
        statistics.count("guard", week, place, {"bounced": bounced}, clock("09:00"))


def gmail_by_another(sent_: int, bounced: int) -> None:
    """What went to Gmail by the other account, which counts in the domain's cells alone."""
    at = cell(clock("09:00"))
    for place in (Place(domain="gmail.com"), Place(account="postmark")):
        stored.count(place, at // 120, {at: Tally(sent_, bounced)}, clock("09:01"))


def test_a_leap_told_of_another_account_hides_none_of_this_one() -> None:
    """Gmail's leap is told as postmark's. Then all small domains' mail by ses comes back: 60 of 60.

    Nobody knows how much of Gmail's went by which account, so nothing of it is taken off ses's.
    """
    told_at_another("gmail.com", since="08:00", until="14:00", at="08:00")
    gmail_by_another(400, 300)
    tell(*(bounce(n, f"small{n}.example") for n in range(60)))
    assert len(alarms()) == 1


def test_alike_with_nothing_told_is_a_leap() -> None:
    """The control."""
    gmail_by_another(400, 300)
    tell(*(bounce(n, f"small{n}.example") for n in range(60)))
    assert len(alarms()) == 1


def one_address(number: int, domain: str) -> dict[str, Any]:
    told = bounce(number, domain)
    address = f"ada@{domain}"
    told["mail"]["destination"] = [address]
    told["bounce"]["bouncedRecipients"][0]["emailAddress"] = address
    return told


@pytest.mark.xfail(strict=True, reason="docs/guard.md: what it cannot see")
def test_one_dead_mailbox_is_no_leap_and_its_domain_nobody_s_to_read() -> None:
    """A monitor writes twelve times to one dead address of a family's own domain."""
    past("domain", "smith-family.example", 50, 0, "domain:smith-family.example")
    tell(*(one_address(n, "smith-family.example") for n in range(12)))
    assert alarms() == []


def test_live_bounces_count_beside_what_is_redriven() -> None:
    """Dead letters of yesterday's newsletter, 6 % of it bounced, come among the live ones, which all bounce.

    An invocation judges where most of its own bounced, yesterday, and the newest.
    """
    yesterday = clock("18:00") - timedelta(days=1)
    for i in range(40):
        # One post of 200 events of yesterday, of which 12 bounced, and 9 of now, all bounced.
        old = [counted(yesterday, f"d{n}.example", n < 12) for n in range(200)]
        new = [counted(clock("09:00") + timedelta(seconds=2 * i), "gmail.com", True) for _ in range(9)]
        flow.watch([*old, *new], clock("09:05"))
    assert len(alarms()) == 1


def test_of_several_accounts_each_is_judged(caplog: pytest.LogCaptureFixture) -> None:
    """A wrong number in one account's counts must not silence the others."""
    for shard in range(4):
        dynamodb.add(
            "messages", {"entity": f"guard#account:odd#{shard}", "item": "2026-09-14T09"}, {"zzzz": 1}, 1
        )
    for i in range(30):
        odd = counted(clock("09:00"), f"x{i}.example", account="odd")
        flow.watch([odd, counted(clock("09:00"), "gmail.com")], clock("09:05"))
    assert len(alarms()) == 1


def counted(at: datetime, domain: str, bounced: bool = True, account: str = "ses") -> Counted:
    words = (Word.SENT, Word.BOUNCED_PERMANENT) if bounced else (Word.SENT,)
    code = "Permanent/NoEmail" if bounced else None
    return Counted(words, "2026-W38", domain, account, None, None, at, bounced, code)


def test_a_redrive_of_yesterday_does_not_silence_today(at_nine: time_machine.Traveller) -> None:
    """Dead letters of yesterday's failure come back and are told, as the account's. An hour later Gmail
    fails, now: of what was sent six hours after yesterday's nobody is told, not of what was sent today."""
    yesterday = clock("09:00") - timedelta(days=1)
    for n in range(15):
        flow.watch([counted(yesterday, "gmail.com"), counted(yesterday, f"d{n % 5}.example")], clock("09:05"))
    assert len(alarms()) == 1
    at_nine.move_to(clock("10:05"))
    for _ in range(300):
        flow.watch([counted(clock("10:04"), "gmail.com")], clock("10:05"))
    assert len(alarms()) == 1


def test_an_account_s_incident_begins_with_its_own_failure_not_with_an_old_domain_s() -> None:
    """Three weeks ago's dead letters of one closed domain were told today. All mail fails now: the incident
    that is saved must not reset three weeks of true bounces."""
    leap = Open(
        quiets=Place(domain="yahoo.com"),
        account="ses",
        since=clock("09:00") - timedelta(days=21),
        incident_id="i",
        until=clock("14:00"),
        claimed_until=clock("08:01"),
        is_told=False,
    )
    claimed = stored.claim(leap, clock("08:00"))
    assert claimed is not None
    stored.note_told(leap, claimed)
    tell(*(b for n in range(15) for b in (bounce(n), bounce(n, f"d{n % 5}.example"))))
    [(_, where)] = played.saved()
    assert where is not None
    assert where.from_ >= clock("08:00") - timedelta(days=1)


def test_an_incident_is_not_taken_for_what_is_usual_since() -> None:
    """Two good weeks; in the third most of Gmail failed, was told and undone. In the fourth it fails again.

    In all that is a share of 28 %, of which no four times can leap; but the median of the weeks is 0.7 %.
    """
    last = statistics_rules.weeks_before(DAY.date())[-1]
    statistics.count("guard", last, "domain:gmail.com", {"bounced": 2_500}, clock("09:00"))
    for place in ("account:ses", "code:ses#Permanent/NoEmail"):
        statistics.count("guard", last, place, {"bounced": 2_500}, clock("09:00"))
    for _ in range(60):
        gmail = [counted(clock("09:00"), "gmail.com") for _ in range(5)]
        rest = [counted(clock("09:00"), "yahoo.com", bounced=False) for _ in range(4)]
        flow.watch([*gmail, *rest], clock("09:05"))
    assert len(alarms()) == 1


def test_an_incident_that_is_the_first_is_told() -> None:
    """The control."""
    for _ in range(60):
        gmail = [counted(clock("09:00"), "gmail.com") for _ in range(5)]
        rest = [counted(clock("09:00"), "yahoo.com", bounced=False) for _ in range(4)]
        flow.watch([*gmail, *rest], clock("09:05"))
    assert len(alarms()) == 1


def test_a_small_account_is_counted_beside_a_large_one() -> None:
    """Each invocation brings a post of another account with 60 domains: of 50 places those are all."""
    past("provider", "north", 1_000, 7, "account:north")
    for i in range(40):
        many = [counted(clock("09:00"), f"d{n}.example", bounced=False, account="big") for n in range(60)]
        few = [counted(clock("09:00"), f"s{i}.example", account="north")]
        flow.watch([*many, *many, *few], clock("09:05"))
    assert len(alarms()) == 1


@pytest.mark.xfail(strict=True, reason="docs/guard.md: what it cannot see")
@pytest.mark.parametrize(
    ("kind", "subtype", "status", "words"),
    [
        ("Undetermined", "Undetermined", "5.0.0", "smtp; 550 5.0.0 Requested action not taken"),
        (
            "Transient",
            "General",
            "4.4.7",
            "smtp; 450 4.4.7 Message expired: unable to deliver in 840 minutes",
        ),
        ("Transient", "MailboxFull", "4.2.2", "smtp; 452 4.2.2 The email account is over quota"),
    ],
)
def test_whatever_closes_addresses_by_the_hundred_is_told(
    kind: str, subtype: str, status: str, words: str
) -> None:
    """By default each of these closes its address at once, as a permanent one does; 60 of 60 at Gmail."""
    told = []
    for n in range(60):
        one = bounce(n)
        one["bounce"] |= {"bounceType": kind, "bounceSubType": subtype}
        one["bounce"]["bouncedRecipients"][0] |= {"status": status, "diagnosticCode": words}
        told.append(one)
    tell(*told)
    closed = [n for n in range(60) if in_force(Credential.of_key(f"email:a{n}@gmail.com"))]
    assert len(closed) == 60, "the play: all are closed"
    assert len(alarms()) == 1
