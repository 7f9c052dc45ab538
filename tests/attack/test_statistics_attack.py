"""Statistics under attack: what they tell of one family, what they count twice, how long they keep a worker."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from functions.profiles.app import handler as profiles
from reachable.flows import apply, statistics
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Kind
from reachable.model.errors import SendUncertain
from reachable.model.statistics import Counted, Word
from reachable.store import dynamodb
from reachable.store import statistics as stored
from tests.builders import clock, delivery_event
from tests.functions import district
from tests.functions.api import call
from tests.functions.conftest import at_nine
from tests.functions.district import ADA, ALL, MANAGER, NORTH
from tests.functions.test_messages import Provider, deliver, enqueue_one, queued

__all__ = ["at_nine"]

pytestmark = pytest.mark.usefixtures("at_nine")

NOW = clock("09:05")
SENT: dict[str, Any] = {"kind": Kind.SENT, "cause": None, "permanence": None}
DELIVERED: dict[str, Any] = {"kind": Kind.DELIVERED, "cause": None, "permanence": None}
SPAM: dict[str, Any] = {"kind": Kind.COMPLAINED, "cause": Cause.COMPLAINT, "permanence": None}


@pytest.fixture(autouse=True)
def _empty_partitions() -> Iterator[None]:
    stored._full.clear()
    yield
    stored._full.clear()


def told(**event: Any) -> None:
    statistics.count(apply.events([delivery_event(**event)], NOW).counted, NOW)


def rows(by: str, claims: dict[str, Any], **query: str) -> list[dict[str, Any]]:
    answer = call(profiles, "GET", "/statistics", claims, query={"by": by, **query})
    assert answer.status == 200, answer.body
    return [{name: value for name, value in row.items() if value} for row in answer.body["items"]]


# Who may not read of a complaint


# FAILS: the columns of a school are everybody's who works there, whatever the numbers are
@pytest.mark.parametrize("by", ["complained", "opted_out"])
def test_a_teacher_does_not_learn_the_ground_and_the_week_of_the_only_one_who_wants_no_contact(
    by: str,
) -> None:
    """Her page says only that Ada wants no contact: neither which of the three it is, nor when."""
    told(**SENT, provider_message_id="m1", occurred_at=clock("09:00"))
    before = rows("school", district.teacher(), **{"from": "2026-09-14", "to": "2026-09-14"})
    if by == "complained":
        told(**SPAM, provider_message_id="m1", event_id="2")
    else:
        told(
            kind=Kind.OPTED_OUT, cause=Cause.OPT_OUT, permanence=None, provider_message_id="m1", event_id="2"
        )
    page = call(profiles, "GET", f"/users/{ADA.id}", district.teacher())
    email = next(one for one in page.body["credentials"] if one["kind"] == "email")
    assert (email["status"], email["reason"], email["since"]) == ("bad", None, None)
    after = rows("school", district.teacher(), **{"from": "2026-09-14", "to": "2026-09-14"})
    assert after == before
    assert not any(by in row for row in after)


# FAILS: `LEAST` counts messages, and one family gets ten in two weeks; who complained is its only member
def test_a_domain_of_one_family_is_not_named_however_many_mails_it_gets() -> None:
    """Staff of the district, without the extended permission: the domain is hers, so the complaint is."""
    reyes = replace(
        ADA,
        typed={CredentialKind.EMAIL: "ada@reyes-family.example"},
        credentials={CredentialKind.EMAIL: Credential.of_key("email:ada@reyes-family.example")},
    )
    district.import_(*[reyes if one.id == ADA.id else one for one in ALL])
    for i in range(10):
        told(
            **SENT,
            address="ada@reyes-family.example",
            provider_message_id=f"m{i}",
            event_id=f"s{i}",
            occurred_at=clock("09:00"),
        )
    told(**SPAM, address="ada@reyes-family.example", provider_message_id="m1", event_id="2")
    viewer = district.claims(MANAGER, "district")
    [row] = rows("domain", viewer)
    assert "domain" not in row
    assert "complained" not in row


# FAILS: below ten a domain is summed with the others; where there is no other, the sum is its own
def test_the_row_without_a_name_is_not_one_domain_s_own() -> None:
    """Eight weeks name the domain, one week alone gives its numbers without the name: the same numbers."""
    for i in range(3):
        told(
            **SENT,
            address="ada@reyes-family.example",
            provider_message_id=f"m{i}",
            event_id=f"s{i}",
            occurred_at=clock("09:00"),
        )
    told(**SPAM, address="ada@reyes-family.example", provider_message_id="m1", event_id="2")
    [row] = rows("domain", district.claims(MANAGER, "district"))
    assert "complained" not in row


# What counts twice


# FAILS: a message of dispatch counts as sent by its `sent` event where dispatch itself had not written that
# down yet, and by the next event once more, since then "sent" is taken for dispatch's own word
@pytest.mark.parametrize("dispatch_writes_it_down", [False, True])
def test_a_message_whose_sent_event_is_faster_than_our_own_record_counts_once(
    provider: Provider, *, dispatch_writes_it_down: bool
) -> None:
    from reachable.senders import Sent

    ids: list[str] = []

    def answer() -> Sent:
        told(**SENT, metadata={"reachable_id": ids[0]}, provider_message_id="provider-1", event_id="1")
        if not dispatch_writes_it_down:
            raise ReadTimeoutError(endpoint_url="ses")  # uncertain: it may have gone, and it has
        return Sent("ses", "provider-1", None)

    provider.answer = answer
    ids.append(enqueue_one())
    deliver(*queued())
    told(**DELIVERED, metadata={"reachable_id": ids[0]}, provider_message_id="provider-1", event_id="2")
    [row] = rows("provider", district.manager())
    assert (row["sent"], row["delivered"]) == (1, 1)


# FAILS: SES tells twice (identity feedback without tags, configuration set with them); one is written under the
# provider's id and one in the record, and of an uncertain message nothing leads from the one to the other
@pytest.mark.parametrize("tag_first", [False, True])
def test_a_delivery_told_with_and_without_our_tag_counts_once(provider: Provider, *, tag_first: bool) -> None:
    provider.fails(SendUncertain("no answer"))
    id_ = enqueue_one()
    deliver(*queued())
    feeds: list[dict[str, Any]] = [{}, {"metadata": {"reachable_id": id_}}]
    for number, feed in enumerate(feeds[::-1] if tag_first else feeds):
        told(**DELIVERED, **feed, provider_message_id="provider-1", event_id=str(number))
    [row] = rows("provider", district.manager())
    assert (row["sent"], row["delivered"]) == (1, 1)


# What the answer says


# FAILS: each school that has left gives a row without a name; "a null name is the sum of all others"
def test_schools_that_have_left_and_nobody_s_messages_are_one_row() -> None:
    stored.count("school", "2026-W38", "gone-1", {"sent": 3}, NOW)
    stored.count("school", "2026-W38", "gone-2", {"sent": 2}, NOW)
    stored.count("school", "2026-W38", "?", {"sent": 1}, NOW)
    found = rows("school", district.manager())
    assert [row["sent"] for row in found] == [6]


# FAILS: the message of another system to an address that two share belongs to the address: to no school
def test_a_message_to_an_address_that_two_of_a_school_share_counts_at_that_school() -> None:
    shared = district.user("dot", "Dot Reyes", email="Ada@example.org")
    district.import_(*ALL, shared)
    told(**SENT, provider_message_id="m1", occurred_at=clock("09:00"))
    told(provider_message_id="m1", event_id="2")
    assert [row.get("school", {}).get("id") for row in rows("school", district.manager())] == [NORTH.id]


# What it keeps from what blocks


# FAILS: each name is asked for to the end, whatever DynamoDB answers; the function has 120 seconds
def test_numbers_that_nobody_takes_do_not_eat_the_function_s_time() -> None:
    """A table that hangs costs 2 seconds a call, ten at once; after that Lambda brings the whole batch again,
    whose events were applied, five times, and then they are dead letters."""
    asked: list[int] = []

    def hang(params: dict[str, Any], **_: Any) -> None:
        if "stats#" in str(params["body"]):
            asked.append(1)
            raise ReadTimeoutError(endpoint_url="dynamodb")

    events = dynamodb.client_of_one_attempt().meta.events
    events.register_first("before-call.dynamodb.UpdateItem", hang)
    counted = [
        Counted((Word.SENT, Word.BOUNCED_PERMANENT), "2026-W38", f"d{i}.example", "ses", None, None)
        for i in range(1_000)  # one post of a provider (template.yaml: "a post of 1,000 bounces")
    ]
    try:
        statistics.count(counted, NOW)
    finally:
        events.unregister("before-call.dynamodb.UpdateItem", hang)
    seconds = len(asked) * 2 / 10
    assert seconds < 60, f"{seconds} of 120 seconds"


# FAILS: what a person does themselves is about no message, and only messages have a user: the column
# `opted_out` is nought at every school, whoever of it replies STOP or unsubscribes
@pytest.mark.parametrize(
    "event",
    [
        {"kind": Kind.OPTED_OUT, "cause": Cause.OPT_OUT, "permanence": None},
        {"kind": Kind.BOUNCED, "provider_message_id": None},
    ],
)
def test_what_happens_to_somebody_of_a_school_counts_there_though_it_is_about_no_message_of_ours(
    event: dict[str, Any],
) -> None:
    told(**event)
    assert [row.get("school", {}).get("id") for row in rows("school", district.manager())] == [NORTH.id]
