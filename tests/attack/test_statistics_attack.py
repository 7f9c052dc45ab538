"""Statistics under attack: what they tell of one family, how long they keep a worker."""

from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from functions.profiles.app import handler as profiles
from reachable.flows import statistics
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Kind
from reachable.model.statistics import Counted, Word
from reachable.store import dynamodb
from reachable.store import statistics as stored
from tests.builders import clock
from tests.functions import district
from tests.functions.api import call
from tests.functions.conftest import at_nine
from tests.functions.district import ADA, ALL, MANAGER
from tests.functions.test_statistics import NOW, SENT, told

__all__ = ["at_nine"]

pytestmark = pytest.mark.usefixtures("at_nine")

SPAM: dict[str, Any] = {"kind": Kind.COMPLAINED, "cause": Cause.COMPLAINT, "permanence": None}


def told_sent(count: int) -> None:
    """So many messages to the Reyes family."""
    for i in range(count):
        told(
            **SENT,
            address="ada@reyes-family.example",
            provider_message_id=f"m{i}",
            event_id=f"s{i}",
            occurred_at=clock("09:00"),
        )


def rows(by: str, claims: dict[str, Any], **query: str) -> list[dict[str, Any]]:
    answer = call(profiles, "GET", "/statistics", claims, query={"by": by, **query})
    assert answer.status == 200, answer.body
    return [{name: value for name, value in row.items() if value} for row in answer.body["items"]]


# Who may not read of a complaint


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


def test_a_domain_of_one_family_tells_of_no_complaint_without_the_extended_permission() -> None:
    """Staff of the district, without the extended permission: the domain is hers, so the complaint is."""
    reyes = replace(
        ADA,
        typed={CredentialKind.EMAIL: "ada@reyes-family.example"},
        credentials={CredentialKind.EMAIL: Credential.of_key("email:ada@reyes-family.example")},
    )
    district.import_(*[reyes if one.id == ADA.id else one for one in ALL])
    told_sent(10)
    told(**SPAM, address="ada@reyes-family.example", provider_message_id="m1", event_id="2")
    viewer = district.claims(MANAGER, "district")
    [row] = rows("domain", viewer)
    assert "complained" not in row


def test_the_row_without_a_name_is_not_one_domain_s_own() -> None:
    """Eight weeks name the domain, one week alone gives its numbers without the name: the same numbers."""
    told_sent(3)
    told(**SPAM, address="ada@reyes-family.example", provider_message_id="m1", event_id="2")
    [row] = rows("domain", district.claims(MANAGER, "district"))
    assert "complained" not in row


# What the answer says


def test_schools_that_have_left_and_nobody_s_messages_are_one_row() -> None:
    stored.count("school", "2026-W38", "gone-1", {"sent": 3}, NOW)
    stored.count("school", "2026-W38", "gone-2", {"sent": 2}, NOW)
    stored.count("school", "2026-W38", "?", {"sent": 1}, NOW)
    found = rows("school", district.manager())
    assert [row["sent"] for row in found] == [6]


def test_a_message_to_an_address_that_two_share_counts_at_no_school() -> None:
    shared = district.user("dot", "Dot Reyes", email="Ada@example.org")
    district.import_(*ALL, shared)
    told(**SENT, provider_message_id="m1", occurred_at=clock("09:00"))
    told(provider_message_id="m1", event_id="2")
    assert [row.get("school", {}).get("id") for row in rows("school", district.manager())] == [None]


# What it keeps from what blocks


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
        Counted((Word.SENT, Word.BOUNCED_PERMANENT), "2026-W38", f"d{i}.example", "ses", None, None, NOW)
        for i in range(1_000)  # one post of a provider (template.yaml: "a post of 1,000 bounces")
    ]
    try:
        statistics.count(counted, NOW)
    finally:
        events.unregister("before-call.dynamodb.UpdateItem", hang)
    seconds = len(asked) * 2 / 10
    assert seconds < 60, f"{seconds} of 120 seconds"


@pytest.mark.parametrize(
    "event",
    [
        {"kind": Kind.OPTED_OUT, "cause": Cause.OPT_OUT, "permanence": None},
        {"kind": Kind.BOUNCED, "provider_message_id": None},
    ],
)
def test_what_is_about_no_message_of_ours_counts_at_no_school(
    event: dict[str, Any],
) -> None:
    told(**event)
    assert [row.get("school", {}).get("id") for row in rows("school", district.manager())] == [None]
