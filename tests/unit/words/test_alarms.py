"""What who is on call is told, and why a batch is held."""

from datetime import timedelta
from typing import Any

import pytest

from reachable import words
from reachable.model.group import Tally
from reachable.model.guard import Leap, Past, Place, Window, cell
from reachable.words import Language
from tests.builders import clock


def test_lost_emergencies_are_told_by_outcome_with_where_to_look_and_what_to_do() -> None:
    subject, text = words.emergencies_lost(["m1", "m2"], "blocked", ["snow-day"])
    assert subject == "Reachable: emergencies do not reach people (blocked)"
    assert text.splitlines() == [
        "At least 2 emergency messages do not reach anybody: blocked.",
        "Who was not reached, and how else they can be: POST /messages/search by batch_id and status,",
        "or GET /messages/{id}. Among them are:",
        "- batch snow-day",
        "- message m1",
        "- message m2",
        "What to do: docs/runbooks/emergencies.md.",
    ]


def test_of_thousands_the_first_are_named() -> None:
    many = [f"m{number}" for number in range(1, 2000)]
    _, text = words.emergencies_lost(many, "uncertain", [f"b{number}" for number in range(1, 100)])
    assert text.startswith("At least 1999 emergency messages")
    assert (text.count("- message"), text.count("- batch")) == (10, 10)


def test_what_is_dropped_soon_is_told_by_what_holds_it() -> None:
    subject, text = words.parked_near_their_end({"sender:ses": 3, "newsletter": 2000}, 3)
    assert subject == "Reachable: held messages are dropped within 3 days"
    assert text.splitlines() == [
        "These are held, and nobody has decided; within 3 days so many of their messages are dropped:",
        "- newsletter: 2000",
        "- sender:ses: 3",
        "Which: GET /batches. Let them go on, or drop them: docs/runbooks/held-batches.md.",
    ]


def test_a_provider_that_does_not_let_us_at_its_list_is_told_with_what_to_mend() -> None:
    subject, text = words.list_denied("brevo", "north", "401")
    assert subject == "Reachable: no access to the list of brevo"
    assert text.splitlines() == [
        "brevo, account north, does not let us at its list of refused addresses: 401.",
        "After a reset such an address stays there, and messages to it go on being refused.",
        "A key is missing, or lacks the rights that docs/releases.md names. It lies in SSM, in the parameter",
        "upstream/brevo/north of this stage. What waits is tried again for about two days.",
    ]


def test_why_a_batch_is_held_is_told_in_both_languages() -> None:
    tally = Tally(sent=100, bounced=12)
    assert words.held(tally, Language.EN) == "12 of the last 100 messages bounced for good"
    assert words.held(tally, Language.ES) == "12 de los últimos 100 mensajes rebotaron de forma permanente"


NINE = cell(clock("09:00"))


def leap(place: Place, **changes: Any) -> Leap:
    of_it: dict[str, Any] = {
        "place": place,
        "account": "ses/main",
        "window": Window(NINE, NINE + 3, Tally(14, 11)),
        "past": Past(140_000, 980, 26),
        "since": clock("08:50"),
    }
    return Leap(**(of_it | changes))


def test_bounces_that_leap_are_told_in_numbers_with_their_incident_and_what_to_do() -> None:
    subject, text = words.bounces_leap(leap(Place(domain="gmail.com")), "i1", timedelta(hours=6))
    assert subject == "Reachable: more bounces than usual (a receiving domain)"
    assert text.splitlines() == [
        "At gmail.com, by ses/main: 11 of 14 messages have bounced for good (79%), of those",
        "sent within 2 minutes from 2026-09-14 09:00:00 UTC on.",
        "Usual is 0.7%, of 140,000 messages in the 26 weeks before.",
        "Each of these addresses is marked bad now. They may be good: a mail provider can fail, our own DNS,",
        "or how a code is read. Nothing is held by this alarm, nor is anything reset.",
        "Saved as incident i1: POST /resets/i1/count says what it would reset.",
        "Of more of this that is sent within 6 hours nobody is told.",
        "What to do: docs/runbooks/incidents.md.",
    ]


@pytest.mark.parametrize(
    ("place", "subject", "begins"),
    [
        (Place(account="ses/main"), "a provider", "By ses/main: 11 of 14 messages"),
        (
            Place(account="ses/main", code="NoEmail"),
            "a provider's code",
            "By ses/main, with code NoEmail: 11 of 14 messages",
        ),
    ],
)
def test_whose_bounces_leap_is_told(place: Place, subject: str, begins: str) -> None:
    told, text = words.bounces_leap(leap(place), "i1", timedelta(hours=6))
    assert told == f"Reachable: more bounces than usual ({subject})"
    assert text.startswith(begins)


def test_more_may_bounce_than_is_told_to_have_been_sent() -> None:
    """In half a minute."""
    window = Window(NINE, NINE, Tally(3, 11))
    _, text = words.bounces_leap(leap(Place(domain="gmail.com"), window=window), "i1", timedelta(hours=6))
    assert "11 of 11 messages have bounced for good (100%)" in text
    assert "within 0.5 minutes" in text
