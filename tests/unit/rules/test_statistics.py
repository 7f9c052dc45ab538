"""What is counted of an event, and where; what a table of counts shows."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, DeliveryEvent, Kind, Permanence
from reachable.model.message import Message, MessageStatus, Moved
from reachable.model.send import Purpose
from reachable.model.statistics import By, Counted, Numbers, Row, Word
from reachable.rules import event as event_rules
from reachable.rules import statistics as rules
from reachable.rules.event import Known
from tests.builders import clock, delivery_event, text_event

ADA = Credential(CredentialKind.EMAIL, "ada@example.org")
PHONE = Credential(CredentialKind.PHONE, "+12025550123")
NOTHING: frozenset[MessageStatus] = frozenset()
SENT = frozenset({MessageStatus.SENT})
BOUNCED = frozenset({MessageStatus.BOUNCED})


def counted(
    event: DeliveryEvent,
    before: frozenset[MessageStatus] | None = NOTHING,
    *,
    is_new: bool | None = True,
    account: str | None = None,
    user_id: str | None = None,
) -> Counted | None:
    message = Message(
        id="m", user_id=user_id, channel=Channel.EMAIL, purpose=Purpose.GENERAL, queued_at=clock("08:00")
    )
    received = event_rules.received(event, account, clock("23:00"))
    known = Known(Moved(message, had_bounced=False) if user_id else None, None, before)
    return rules.counted(received, known, received.credential, is_new=is_new)


def words(event: DeliveryEvent, before: frozenset[MessageStatus] | None = SENT, **told: Any) -> str:
    found = counted(event, before, **told)
    return " ".join(found.words) if found else ""


def test_a_bounce_counts_by_week_domain_provider_cause_and_whose_it_is() -> None:
    found = counted(delivery_event(provider_message_id="m1"), account="east", user_id="ada")
    assert found == Counted(
        words=(Word.SENT, Word.BOUNCED_PERMANENT),
        week="2026-W38",
        domain="example.org",
        provider="ses/east",
        cause=Cause.INVALID_ADDRESS,
        held=(ADA, "ada"),
        sent_at=clock("09:00"),
        for_good=True,
    )


def test_a_text_counts_under_its_channel() -> None:
    found = counted(text_event(kind=Kind.FAILED, cause=None))
    assert found == Counted(
        words=(Word.SENT, Word.FAILED),
        week="2026-W38",
        domain="sms",
        provider="twilio",
        cause=Cause.UNKNOWN,
        held=None,
        sent_at=clock("09:00"),
        for_good=True,
    )


@pytest.mark.parametrize(
    ("event", "word"),
    [
        ({"permanence": Permanence.PERMANENT}, "bounced_permanent"),
        ({"permanence": Permanence.TRANSIENT}, "bounced_transient"),
        ({"permanence": Permanence.UNDETERMINED}, "bounced_undetermined"),
        ({"permanence": None}, "bounced_undetermined"),
        ({"cause": Cause.PROVIDER_SUPPRESSED}, "suppressed"),
        ({"kind": Kind.DELIVERED, "cause": None}, "delivered"),
        ({"kind": Kind.FAILED}, "failed"),
        ({"kind": Kind.REJECTED}, "rejected"),
        ({"kind": Kind.COMPLAINED, "cause": Cause.COMPLAINT}, "complained"),
        ({"kind": Kind.OPTED_OUT, "cause": Cause.OPT_OUT}, "opted_out"),
        ({"kind": Kind.OPTED_OUT, "cause": Cause.PROVIDER_SUPPRESSED}, "opted_out"),
        ({"kind": Kind.OPTED_IN}, ""),
        ({"kind": Kind.SENT}, ""),
        ({"kind": Kind.DELAYED}, ""),
    ],
)
def test_each_kind_has_its_word(event: dict[str, Any], word: str) -> None:
    assert words(delivery_event(**event)) == word


def test_a_text_that_is_refused_after_a_stop_has_failed_and_the_stop_itself_opts_out() -> None:
    stop = {"kind": Kind.OPTED_OUT, "cause": Cause.OPT_OUT}
    assert words(text_event(**stop)) == "opted_out"
    assert words(text_event(**stop, provider_message_id="m1")) == "failed"


@pytest.mark.parametrize(
    ("kind", "before", "told"),
    [
        (Kind.SENT, NOTHING, "sent"),
        (Kind.SENT, SENT, ""),
        (Kind.DELAYED, NOTHING, "sent"),
        (Kind.DELIVERED, NOTHING, "sent delivered"),
        (Kind.DELIVERED, SENT, "delivered"),
        (Kind.DELIVERED, frozenset({MessageStatus.DELIVERED}), ""),
        # to what our own doing brought it is nothing that was told
        (Kind.DELIVERED, frozenset({MessageStatus.QUEUED, MessageStatus.SENDING}), "sent delivered"),
        (Kind.COMPLAINED, frozenset({MessageStatus.DELIVERED}), "complained"),
    ],
)
def test_a_message_counts_as_sent_with_the_first_that_is_told_of_it(
    kind: Kind, before: frozenset[MessageStatus], told: str
) -> None:
    assert words(delivery_event(kind=kind, cause=None), before) == told


@pytest.mark.parametrize(
    ("before", "is_new", "told"),
    [
        (None, True, "sent bounced_permanent"),
        (None, False, ""),
        (None, None, ""),  # it stands nowhere: nobody can tell whether it came before
        (NOTHING, True, "sent bounced_permanent"),
        (NOTHING, False, ""),
        (NOTHING, None, "sent bounced_permanent"),
        (BOUNCED, True, ""),
        (BOUNCED, None, ""),
    ],
)
def test_what_was_told_before_counts_no_more(
    before: frozenset[MessageStatus] | None, is_new: bool | None, told: str
) -> None:
    assert words(delivery_event(), before, is_new=is_new) == told


@pytest.mark.parametrize(
    ("occurred", "week"),
    [
        (datetime(2026, 9, 13, 23, 59, tzinfo=UTC), "2026-W37"),
        (datetime(2026, 9, 14, 0, 0, tzinfo=UTC), "2026-W38"),
        (None, "2026-W38"),
        (datetime(2001, 1, 1, tzinfo=UTC), "2026-W38"),
    ],
)
def test_it_counts_in_the_week_in_which_it_happened_where_that_can_be_believed(
    occurred: datetime | None, week: str
) -> None:
    found = counted(delivery_event(occurred_at=occurred))
    assert found is not None
    assert found.week == week


@pytest.mark.parametrize(
    ("event", "for_good", "code"),
    [
        ({"provider_code": "NoEmail", "smtp_status": "5.1.1"}, True, "NoEmail"),
        ({"smtp_status": "5.1.1"}, True, "5.1.1"),
        ({"kind": Kind.FAILED, "provider_code": "30005"}, True, "30005"),
        ({"permanence": Permanence.TRANSIENT, "provider_code": "MailboxFull"}, False, None),
        ({"cause": Cause.PROVIDER_SUPPRESSED, "provider_code": "Suppressed"}, False, None),
        ({"cause": Cause.CONTENT_OR_SIZE, "smtp_status": "5.7.1"}, False, None),
        ({"kind": Kind.REJECTED, "provider_code": "Bad content"}, False, None),
        ({"kind": Kind.DELIVERED, "cause": None, "permanence": None, "smtp_status": "2.0.0"}, False, None),
    ],
)
def test_what_closes_an_address_for_good_is_told_with_its_code(
    event: dict[str, Any], for_good: bool, code: str | None
) -> None:
    found = counted(delivery_event(**event))
    assert found is not None
    assert (found.for_good, found.code) == (for_good, code)


TAGGED = {"reachable_t": "2026-09-14T08:30:00Z"}


@pytest.mark.parametrize(
    ("event", "known", "sent_at"),
    [
        ({"sent_at": clock("09:00")}, clock("08:59"), clock("09:00")),
        ({"sent_at": None}, clock("08:59"), clock("08:59")),
        ({"sent_at": None, "metadata": TAGGED}, None, clock("08:30")),
        ({"sent_at": None}, None, clock("09:01")),
        ({"sent_at": clock("23:30")}, None, clock("09:01")),  # nobody can believe that
        ({"sent_at": None, "occurred_at": None}, None, clock("23:00")),
        ({"kind": Kind.COMPLAINED, "cause": Cause.COMPLAINT}, None, clock("09:00")),
    ],
)
def test_it_is_told_when_the_message_went_out_as_far_as_that_is_known(
    event: dict[str, Any], known: datetime | None, sent_at: datetime
) -> None:
    received = event_rules.received(delivery_event(**event), None, clock("23:00"))
    found = rules.counted(received, Known(None, known, NOTHING), received.credential, is_new=True)
    assert found is not None
    assert found.sent_at == sent_at


# What is added where

BOUNCE = Counted(
    words=(Word.SENT, Word.BOUNCED_PERMANENT),
    week="2026-W38",
    domain="a.example",
    provider="ses",
    cause=Cause.MAILBOX_FULL,
    held=(ADA, "ada"),
    sent_at=clock("09:00"),
)
DELIVERED = Counted((Word.DELIVERED,), "2026-W38", "a.example", "ses", None, None, clock("09:00"))


def test_numbers_are_added_up_by_place() -> None:
    assert rules.numbers([BOUNCE, BOUNCE, DELIVERED], {(ADA, "ada"): ("north", "south")}) == {
        (By.PROVIDER, "2026-W38", "ses"): Counter(sent=2, bounced_permanent=2, delivered=1),
        (By.DOMAIN, "2026-W38", "a.example"): Counter(sent=2, bounced_permanent=2, delivered=1),
        (By.SCHOOL, "2026-W38", "north"): Counter(sent=2, bounced_permanent=2),
        (By.SCHOOL, "2026-W38", "south"): Counter(sent=2, bounced_permanent=2),
        (By.SCHOOL, "2026-W38", "?"): Counter(delivered=1),
        (By.CAUSE, "2026-W38", "mailbox_full"): Counter(bounced_permanent=2),
    }


def test_no_school_counts_where_none_could_be_asked_for_and_nobody_s_where_one_has_left() -> None:
    assert not [by for by, _, _ in rules.numbers([BOUNCE], None) if by is By.SCHOOL]
    assert (By.SCHOOL, "2026-W38", "?") in rules.numbers([BOUNCE], {})


def test_the_largest_50_names_are_written_and_the_rest_summed_without_a_name() -> None:
    found = {(By.DOMAIN, "w", f"d{i}"): Counter({Word.SENT: i}) for i in range(1, 54)}
    kept = rules.largest(found)
    assert len(kept) == 51
    assert kept[By.DOMAIN, "w", rules.OTHER] == Counter(sent=1 + 2 + 3)


# Weeks


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        (None, None, (date(2026, 7, 27), date(2026, 9, 20))),
        (date(2026, 9, 9), date(2026, 9, 10), (date(2026, 9, 7), date(2026, 9, 13))),
        (None, date(2026, 3, 1), (date(2026, 1, 5), date(2026, 3, 1))),
        (date(2026, 9, 9), date.max, (date(2026, 9, 7), date(2026, 9, 20))),
        (date.min, date.min, (date(1999, 12, 27), date(2000, 1, 2))),
    ],
)
def test_days_are_taken_for_their_whole_weeks_and_the_last_8_by_default(
    first: date | None, last: date | None, whole: tuple[date, date]
) -> None:
    assert rules.whole(first, last, clock("09:00")) == whole


def test_weeks_are_iso_weeks_over_the_end_of_a_year() -> None:
    assert rules.weeks(date(2026, 12, 24), date(2027, 1, 4)) == ("2026-W52", "2026-W53", "2027-W01")
    assert rules.weeks(date(2027, 1, 4), date(2026, 12, 27)) == ()


# What is shown


def sent(n: int, **others: int) -> Numbers:
    return {Word.SENT: n} | {Word(word): number for word, number in others.items()}


def names(rows: tuple[Row, ...]) -> list[tuple[str | None, int]]:
    return [(row.name, row.numbers[Word.SENT] or 0) for row in rows]


def test_who_may_not_read_of_wishes_reads_no_number_of_them() -> None:
    told = [("2026-W38", "ses", sent(100, complained=2, opted_out=1, bounced_permanent=5))]
    [row] = rules.rows(By.PROVIDER, told, tells_wishes=False)
    assert (row.numbers[Word.COMPLAINED], row.numbers[Word.OPTED_OUT]) == (None, None)
    assert (row.complaint_share, row.bounce_share) == (None, 0.05)


def test_shares_are_of_those_sent_and_parts_are_summed() -> None:
    [row] = rules.rows(
        By.PROVIDER,
        [
            ("2026-W37", "ses", sent(900, bounced_permanent=50, bounced_transient=9)),
            ("2026-W38", "ses", sent(100, bounced_permanent=1, complained=1, delivered=90)),
        ],
    )
    assert row == Row(
        "ses",
        {
            Word.SENT: 1000,
            Word.DELIVERED: 90,
            Word.BOUNCED_PERMANENT: 51,
            Word.BOUNCED_TRANSIENT: 9,
            Word.BOUNCED_UNDETERMINED: 0,
            Word.FAILED: 0,
            Word.REJECTED: 0,
            Word.SUPPRESSED: 0,
            Word.COMPLAINED: 1,
            Word.OPTED_OUT: 0,
        },
        0.051,
        0.001,
    )


def test_a_share_is_1_at_most_and_none_where_nothing_was_sent() -> None:
    [over] = rules.rows(By.PROVIDER, [("w", "ses", sent(1, bounced_permanent=2))])
    assert (over.bounce_share, over.complaint_share) == (1.0, 0.0)
    [none] = rules.rows(By.CAUSE, [("w", "mailbox_full", {Word.BOUNCED_PERMANENT: 2})])
    assert (none.bounce_share, none.complaint_share) == (None, None)


def test_most_messages_come_first_and_what_has_no_name_last() -> None:
    counts = [("w", None, sent(99)), ("w", "b", sent(1)), ("w", "a", sent(1)), ("w", "c", sent(2))]
    assert names(rules.rows(By.SCHOOL, counts)) == [("c", 2), ("a", 1), ("b", 1), (None, 99)]


def test_the_order_is_of_messages_sent_not_of_all_that_became_of_them() -> None:
    counts = [("w", "busy", sent(2, delivered=1, bounced_permanent=1, failed=9)), ("w", "calm", sent(3))]
    assert [row.name for row in rules.rows(By.PROVIDER, counts)] == ["calm", "busy"]


def test_what_nobody_sent_is_in_the_order_of_what_became_of_it() -> None:
    counts: list[tuple[str, str | None, Numbers]] = [
        ("w", "few", {Word.REJECTED: 2, Word.FAILED: 1}),
        ("w", "many", {Word.FAILED: 4}),
        ("w", "least", {Word.COMPLAINED: 1}),
    ]
    assert [row.name for row in rules.rows(By.PROVIDER, counts)] == ["many", "few", "least"]


def test_a_delivery_has_no_cause_and_a_rejection_has() -> None:
    delivered = counted(delivery_event(kind=Kind.DELIVERED, cause=Cause.UNKNOWN))
    rejected = counted(delivery_event(kind=Kind.REJECTED, cause=Cause.CONTENT_OR_SIZE))
    assert delivered is not None
    assert rejected is not None
    assert (delivered.cause, rejected.cause) == (None, Cause.CONTENT_OR_SIZE)


def test_what_is_about_no_message_counts_no_message() -> None:
    assert words(text_event(kind=Kind.OPTED_OUT, cause=Cause.OPT_OUT), NOTHING) == "opted_out"


def test_causes_are_in_the_order_of_what_they_made_of_messages() -> None:
    counts: list[tuple[str, str | None, Numbers]] = [
        ("w", "unknown", {Word.FAILED: 1}),
        ("w", "mailbox_full", {Word.FAILED: 1, Word.BOUNCED_TRANSIENT: 4}),
    ]
    assert [row.name for row in rules.rows(By.CAUSE, counts)] == ["mailbox_full", "unknown"]


def test_weeks_come_in_their_order_whatever_the_names() -> None:
    counts = [("2026-W38", "ses", sent(1)), ("2026-W37", "ses", sent(5)), ("2026-W38", "twilio", sent(2))]
    assert names(rules.rows(By.WEEK, counts)) == [("2026-W37", 5), ("2026-W38", 3)]


def test_a_domain_of_few_messages_may_be_one_familys_own_and_is_not_named() -> None:
    counts = [("w", "big.example", sent(10)), ("w", "reyes.example", sent(9)), ("w", "b.example", sent(2))]
    assert names(rules.rows(By.DOMAIN, counts)) == [("big.example", 10), (None, 11)]


def test_a_hundred_domains_are_named() -> None:
    counts = [("w", f"d{i:03}.example", sent(1000 - i)) for i in range(102)]
    rows = rules.rows(By.DOMAIN, counts)
    assert len(rows) == 101
    assert names(rows)[99:] == [("d099.example", 901), (None, 900 + 899)]


def test_nothing_counted_is_no_row() -> None:
    assert rules.rows(By.DOMAIN, []) == ()
