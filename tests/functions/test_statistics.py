"""Statistics: what apply counts, whatever comes twice or fails, and who sees what of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.profiles.app import handler as profiles
from reachable.flows import apply, statistics
from reachable.model.delivery_event import Cause, Kind
from reachable.model.people import Role
from reachable.store import audit, dynamodb
from reachable.store import statistics as stored
from tests.builders import clock, delivery_event, text_event
from tests.functions import district
from tests.functions.api import Answer, call
from tests.functions.district import ADA, ALL, NORTH, SOUTH
from tests.functions.test_delivery_events import deliver as deliver_posts
from tests.functions.test_delivery_events import ses_bounce
from tests.functions.test_messages import Provider, deliver, enqueue_one, provider, queued
from tests.functions.wire import cut_off

__all__ = ["provider"]

pytestmark = pytest.mark.usefixtures("at_nine")

NOW = clock("09:05")
DELIVERED: dict[str, Any] = {"kind": Kind.DELIVERED, "cause": None, "permanence": None}
SINCE: Any = {"from": "2026-09-09"}
SENT: dict[str, Any] = {"kind": Kind.SENT, "cause": None, "permanence": None}


def told(**event: Any) -> None:
    """An event of mail, applied and counted."""
    statistics.count(apply.events([delivery_event(**event)], NOW).counted, NOW)


def asked(claims: dict[str, Any] | None = None, **query: str) -> Answer:
    return call(profiles, "GET", "/statistics", claims or district.manager(), query=query)


def rows(by: str, claims: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Rows as asked for, without what is null or zero."""
    answer = asked(claims, by=by)
    assert answer.status == 200, answer.body
    return [{name: value for name, value in row.items() if value} for row in answer.body["items"]]


def events_of(number: int, address: str, **event: Any) -> None:
    for i in range(number):
        told(
            address=address.format(i), event_id=f"{address}{i}", provider_message_id=f"{address}{i}", **event
        )


# What counts


def test_the_answer_tells_whole_weeks_and_that_it_is_approximate() -> None:
    events_of(19, "p{}@example.org", **DELIVERED)
    events_of(1, "bad{}@example.org")
    answer = asked(by="domain", to="2026-09-14", **SINCE)
    assert answer.body == {
        "approximate": True,
        "from": "2026-09-07",
        "to": "2026-09-20",
        "by": "domain",
        "items": [
            {
                "school": None,
                "domain": "example.org",
                "provider": None,
                "account": None,
                "cause": None,
                "week": None,
                "sent": 20,
                "delivered": 19,
                "bounced_permanent": 1,
                "bounced_transient": 0,
                "bounced_undetermined": 0,
                "failed": 0,
                "rejected": 0,
                "suppressed": 0,
                "complained": 0,
                "opted_out": 0,
                "bounce_share": 0.05,
                "complaint_share": 0.0,
            }
        ],
    }
    assert asked(by="domain", to="2026-09-13").body["items"] == []


def test_each_is_told_by_provider_cause_and_week() -> None:
    told(provider_message_id="m1")
    statistics.count(apply.events([text_event(kind=Kind.FAILED)], NOW, account="east").counted, NOW)
    assert rows("provider") == [
        {"provider": "ses", "sent": 1, "bounced_permanent": 1, "bounce_share": 1.0},
        {"provider": "twilio", "account": "east", "sent": 1, "failed": 1},
    ]
    assert rows("cause") == [{"cause": "invalid_address", "bounced_permanent": 1, "failed": 1}]
    assert rows("week") == [
        {"week": "2026-W38", "sent": 2, "bounced_permanent": 1, "failed": 1, "bounce_share": 0.5}
    ]


def test_a_message_of_a_known_user_counts_at_their_schools_and_others_at_none() -> None:
    told(**SENT, provider_message_id="m1", occurred_at=clock("09:00"))
    told(provider_message_id="m1", event_id="2")
    told(address="stranger@example.org", event_id="3")
    assert rows("school") == [
        {
            "school": {"id": NORTH.id, "sourced_id": "north", "name": "North School"},
            "sent": 1,
            "bounced_permanent": 1,
            "bounce_share": 1.0,
        },
        {"sent": 1, "bounced_permanent": 1, "bounce_share": 1.0},
    ]


@pytest.mark.parametrize("event", [{}, DELIVERED, SENT, {"cause": Cause.CONTENT_OR_SIZE}])
def test_an_event_that_comes_twice_counts_once(event: dict[str, Any]) -> None:
    for _ in range(3):
        told(**event, provider_message_id="m1")
    [row] = rows("provider")
    assert row["sent"] == 1


def test_a_bounce_without_its_message_counts_once() -> None:
    told()
    told()
    assert rows("provider") == [{"provider": "ses", "sent": 1, "bounced_permanent": 1, "bounce_share": 1.0}]


def test_what_another_system_sent_counts_by_its_bounce_alone() -> None:
    told(address="nobody@far.example", provider_message_id="x")
    assert rows("provider") == [{"provider": "ses", "sent": 1, "bounced_permanent": 1, "bounce_share": 1.0}]


def test_two_bounces_of_one_message_count_once() -> None:
    told(provider_message_id="m1")
    told(provider_message_id="m1", event_id="2")
    assert rows("provider")[0]["bounced_permanent"] == 1


def test_what_dispatch_sent_counts_as_sent_with_what_is_told_of_it_and_once(provider: Provider) -> None:
    """That it was sent dispatch has written down itself, before any event."""
    id_ = enqueue_one()
    deliver(*queued())
    tagged: dict[str, Any] = {"metadata": {"reachable_id": id_}, "provider_message_id": "provider-1"}
    for event_id in "123":
        told(**SENT, **tagged, event_id=event_id)
    assert rows("provider") == []
    for event_id in "45":
        told(**DELIVERED, **tagged, event_id=event_id)
    told(kind=Kind.COMPLAINED, cause=Cause.COMPLAINT, permanence=None, **tagged, event_id="6")
    assert rows("school") == [
        {
            "school": {"id": NORTH.id, "sourced_id": "north", "name": "North School"},
            "sent": 1,
            "delivered": 1,
            "complained": 1,
            "complaint_share": 1.0,
        }
    ]


def test_a_refused_count_costs_nothing_but_itself() -> None:
    """The event is applied: nothing is done twice for a number."""
    done = apply.events([delivery_event(provider_message_id="m1")], NOW)
    with cut_off(dynamodb.client_of_one_attempt(), "UpdateItem"):
        statistics.count(done.counted, NOW)
    assert rows("provider") == []


def test_without_the_schools_the_rest_is_counted() -> None:
    done = apply.events([delivery_event(provider_message_id="m1", **SENT)], NOW)
    with cut_off(dynamodb.client(), "BatchGetItem"):
        statistics.count(done.counted, NOW)
    assert rows("school") == []
    assert rows("provider") == [{"provider": "ses", "sent": 1}]


def test_a_batch_that_comes_again_whole_counts_once() -> None:
    for _ in range(2):
        assert deliver_posts(ses_bounce(), ses_bounce(feedback="f2", recipients=("far@example.org",))) == []
    assert rows("cause") == [{"cause": "invalid_address", "bounced_permanent": 2}]


def test_a_batch_is_done_though_nothing_can_be_counted() -> None:
    with cut_off(dynamodb.client_of_one_attempt(), "UpdateItem", "stats#"):
        assert deliver_posts(ses_bounce()) == []
    assert rows("cause") == []


# How it is kept


def test_a_partition_takes_so_many_names_and_sums_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "NAMES", 3)
    monkeypatch.setattr(stored, "SHARDS", 1)
    for name in ("a", "b", "c", "d", "a", "e"):
        stored.count("domain", "2026-W38", name, {"sent": 1}, NOW)
    found = {name: numbers["sent"] for _, name, numbers in stored.read("domain", ["2026-W38"])}
    assert found == {"a": 2, "b": 1, "c": 1, None: 2}


def test_another_process_learns_by_its_first_new_name_that_there_is_no_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stored, "NAMES", 1)
    monkeypatch.setattr(stored, "SHARDS", 1)
    stored.count("domain", "w", "a", {"sent": 1}, NOW)
    stored._full.clear()
    for name in ("b", "c", "c"):
        stored.count("domain", "w", name, {"sent": 1}, NOW)
    assert sorted(str(name) for _, name, _ in stored.read("domain", ["w"])) == ["None", "a", "b"]


def test_counts_end_after_two_years(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "SHARDS", 1)
    stored.count("provider", "2026-W38", "ses", {"sent": 1}, NOW)
    key = dynamodb.key(entity="stats#provider#2026-W38#0", item="name#ses")
    item = dynamodb.of_wire(dynamodb.client().get_item(TableName="messages", Key=key)["Item"])
    assert item == {
        "entity": "stats#provider#2026-W38#0",
        "item": "name#ses",
        "sent": 1,
        "expires_at": int((NOW + timedelta(days=731)).timestamp()),
    }


# Who sees what


def school_staff() -> dict[str, Any]:
    clerk = district.user("cleo", "Cleo Clerk", Role.SCHOOL_STAFF, email="cleo@example.org")
    district.import_(*ALL, replace(clerk, schools=(SOUTH.id,), works_at=(SOUTH.id,)))
    return district.claims(clerk, "school_staff")


def test_school_staff_see_the_numbers_of_their_own_schools_alone() -> None:
    told(**SENT, provider_message_id="m1")
    told(address="stranger@example.org", event_id="3")
    staff = school_staff()
    told(**SENT, address="far@example.org", provider_message_id="m2")
    assert [row["school"]["name"] for row in rows("school", staff)] == ["South School"]
    assert [row["school"]["name"] for row in rows("school", district.teacher())] == ["North School"]
    for by in ("domain", "provider", "cause", "week"):
        answer = asked(staff, by=by)
        assert answer.status == 403
        assert answer.body["detail"] == "Your role shows statistics of your own schools only: by=school."


def test_a_guardian_sees_none() -> None:
    assert asked(district.claims(ADA), by="school").status == 403


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"by": "person"}, 400),
        ({"by": "week", "from": "yesterday"}, 400),
        ({"by": "week", "since": "2026-09-01"}, 400),
        ({"by": "week", "from": "2026-09-14", "to": "2026-09-01"}, 422),
        ({"by": "week", "from": "2026-03-22"}, 422),
        ({"by": "week", "from": "2026-03-23"}, 200),
        ({"by": "week", "from": "0001-01-01", "to": "0001-01-01"}, 200),
        ({"by": "week", "from": "9999-12-31", "to": "9999-12-31"}, 422),
    ],
)
def test_a_question_that_means_nothing_is_refused(query: Any, status: int) -> None:
    assert asked(**query).status == status


def test_as_a_file_it_has_a_row_a_name() -> None:
    told(**SENT, provider_message_id="m1")
    files: list[str] = []

    def keeping(event: dict[str, Any], context: Any) -> dict[str, Any]:
        answer = profiles(event, context)
        files.append(answer["body"])
        return answer | {"body": None}

    query, headers = {"by": "school"}, {"accept": "text/csv"}
    answer = call(keeping, "GET", "/statistics", district.manager(), query=query, headers=headers)
    assert answer.status == 200, files
    assert answer.headers["content-disposition"] == 'attachment; filename="statistics-by-school.csv"'
    lines = files[0].lstrip("\ufeff").splitlines()
    assert lines == [
        (
            "sourced_id,school,sent,delivered,bounced_permanent,bounced_transient,bounced_undetermined,"
            "failed,rejected,suppressed,complained,opted_out,bounce_share,complaint_share"
        ),
        "north,North School,1,0,0,0,0,0,0,0,0,0,0.0,0.0",
    ]


def test_the_audit_keeps_who_looked() -> None:
    asked(by="domain")
    entity = f"staff#{district.MANAGER.id}"
    [item] = dynamodb.query(
        audit.TABLE,
        KeyConditionExpression="subject = :s",
        ExpressionAttributeValues={":s": {"S": entity}},
    )
    kept = dynamodb.of_wire(item)
    assert (kept["act"], kept["details"]) == (
        "viewed_statistics",
        {"by": "domain", "from": "2026-07-27", "to": "2026-09-20"},
    )
