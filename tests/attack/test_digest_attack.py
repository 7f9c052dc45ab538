"""Digests under attack: into whose mailbox they go, and what stands in them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from reachable.flows import apply, keep_lists
from reachable.model.credential import CredentialKind
from reachable.model.people import AccountStatus, Role, User
from reachable.rules import digest as rules
from tests.builders import clock, delivery_event
from tests.functions import district
from tests.functions.conftest import at_nine
from tests.functions.district import ADA, ALL, NORTH, PENDING, TEACHER
from tests.functions.test_digest import CLERK, OTHERS, SECRETARY, _queues, mails

__all__ = ["_queues", "at_nine"]

pytestmark = pytest.mark.usefixtures("at_nine")


def bounced(who: User, **event: Any) -> None:
    email = who.credentials[CredentialKind.EMAIL]
    apply.events([delivery_event(address=email.address, event_id=who.id, **event)], clock("09:05"))
    keep_lists.of(email)


def test_a_mail_that_names_families_does_not_go_to_an_address_that_a_guardian_has_too() -> None:
    spouse = district.user("gus", "Gus Clerk", email="cleo@example.org")
    district.import_(*ALL, SECRETARY, CLERK, OTHERS, spouse)
    bounced(ADA)
    assert "cleo" not in mails(NORTH.id)


def test_a_mail_that_names_families_does_not_go_to_an_address_that_nobody_has_proven() -> None:
    """Nobody has been in Nell's account yet; a later import leaves a status as it is."""
    pending = district.user(
        "nell",
        "Nell New",
        Role.SCHOOL_STAFF,
        email="nell@example.org",
        account_status=AccountStatus.PENDING,
    )
    district.import_(*ALL, SECRETARY, CLERK, OTHERS, pending)
    bounced(ADA)
    assert mails(NORTH.id).keys() == {"sol", "cleo", "tess"}


@pytest.mark.parametrize("char", ["\u061c", "\u00ad", "\u180e", "\U000e0041", "\u202e", "\u2066", "\u200b"])
def test_no_character_that_turns_a_text_or_is_not_seen_stands_in_a_mail(char: str) -> None:
    hostile = replace(ADA, given_name=f"Ada{char}x")
    district.import_(*[hostile if one.id == ADA.id else one for one in ALL], SECRETARY, CLERK, OTHERS)
    bounced(hostile)
    assert char not in mails(NORTH.id)["cleo"].text


# What held


def test_a_name_with_lines_and_braces_stays_one_line_of_text() -> None:
    hostile = replace(ADA, given_name="{school}\r\nBcc: x@y.z\u2028", family_name="{0}{more}" * 60)
    district.import_(*[hostile if one.id == ADA.id else one for one in ALL], SECRETARY, CLERK, OTHERS)
    bounced(hostile)
    mail = mails(NORTH.id)["cleo"]
    [line] = [line for line in mail.text.splitlines() if "Bcc" in line]
    assert line.startswith("{school} Bcc: x@y.z {0}{more}")
    assert len(line) == 100


def test_who_has_left_is_named_to_nobody_though_the_list_still_has_them() -> None:
    bounced(ADA)
    district.import_(*(one for one in ALL if one.id != ADA.id), SECRETARY, CLERK, OTHERS)
    assert all("Ada Reyes" not in mail.text for mail in mails(NORTH.id).values())


def test_of_a_complaint_neither_date_nor_reason_nor_its_place_in_the_order_is_told() -> None:
    from reachable.model.delivery_event import Cause, Kind

    bounced(PENDING)
    bounced(
        ADA,
        kind=Kind.COMPLAINED,
        cause=Cause.COMPLAINT,
        permanence=None,
        occurred_at=clock("09:03"),
    )
    text = mails(NORTH.id)["cleo"].text
    assert text.index("Penny") < text.index("Ada Reyes\n")
    assert "Messages to this email address are not wanted" in text
    assert text.count("September 14, 2026") == 1


def test_a_mail_of_the_longest_names_is_never_refused() -> None:
    """Astral characters take twelve bytes each in the queue's message."""
    people = [
        replace(
            district.user(f"p{i}", "\U0001f600" * 300, Role.GUARDIAN, email=f"p{i}@example.org"),
            family_name="\U0001f600" * 300,
        )
        for i in range(120)
    ]
    district.import_(*ALL, SECRETARY, CLERK, OTHERS, *people)
    for who in people:
        bounced(who)
    assert set(mails(NORTH.id)) == {"sol", "cleo"}
    assert rules.MOST == 100
    assert TEACHER.id


def test_nobody_gets_two_in_one_week_though_one_was_a_dead_letter(at_nine: time_machine.Traveller) -> None:
    bounced(ADA)
    at_nine.move_to(datetime(2026, 9, 21, 14, tzinfo=UTC), tick=False)
    assert "cleo" in mails(NORTH.id, at="2026-09-21T14:00:00+00:00")
    at_nine.move_to(datetime(2026, 9, 22, 9, tzinfo=UTC), tick=False)
    assert "cleo" not in mails(NORTH.id, at="2026-09-14T14:00:00+00:00")
