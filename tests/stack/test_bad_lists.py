"""Told and listed on the deployed stack: a bounce on the bus, on its school's list, and gone again."""

import csv
import io
import json
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from reachable.model.people import RosterKind, id_of
from tests.stack.people import Person, person
from tests.stack.rosters import Rosters, Row, export
from tools import place, provider_lists, webhook_posts
from tools.sample_district import build_zip
from tools.stack import Stack

_FAMILY: Final = "gua-080"
"""A guardian whom few other tests need, with a student at Northgate."""
_STUDENT: Final = "stu-056"
_NORTHGATE: Final = id_of(RosterKind.SCHOOL, "school-northgate")
_CEDAR_RIDGE: Final = id_of(RosterKind.SCHOOL, "school-cedar-ridge")
_MANY: Final = 5_000


@pytest.fixture(scope="module")
def rosters(stack: Stack) -> Rosters:
    return Rosters(stack)


@pytest.fixture
def guardian(stack: Stack) -> Iterator[Person]:
    yield from person(stack, id_of(RosterKind.USER, _FAMILY))


@pytest.fixture
def told(stack: Stack) -> Iterator[str]:
    """A queue to which a rule of ours brings all that is told on the bus."""
    name = f"reachable-{place.NAME}-told"
    url = stack.aws.sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = stack.aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    stack.aws.events.put_rule(
        Name=name, EventBusName=stack.event_bus, EventPattern=json.dumps({"source": ["reachable"]})
    )
    stack.aws.events.put_targets(Rule=name, EventBusName=stack.event_bus, Targets=[{"Id": "1", "Arn": arn}])
    yield url
    stack.aws.events.remove_targets(Rule=name, EventBusName=stack.event_bus, Ids=["1"])
    stack.aws.events.delete_rule(Name=name, EventBusName=stack.event_bus)
    stack.aws.sqs.delete_queue(QueueUrl=url)


def bounce(stack: Stack, guardian: Person) -> None:
    message = webhook_posts.ses_bounce(guardian.address("email"), datetime.now(UTC))
    stack.aws.sns.publish(TopicArn=stack.topics["ses"], Message=message)
    stack.wait_until(lambda: guardian.when_bad("email"), 60, "the bounce")


def heard(stack: Stack, queue: str, type_: str, user_id: str) -> dict[str, Any]:
    """The event of that kind about this user, once it is told."""

    def found() -> dict[str, Any] | None:
        answer = stack.aws.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            event: dict[str, Any] = json.loads(message["Body"])
            about = {holder["user_id"] for holder in event["detail"].get("holders", [])}
            if event["detail-type"] == type_ and user_id in about | {event["detail"].get("user_id")}:
                return event
        return None

    return stack.wait_until(found, 60, type_)


def listed(stack: Stack, path: str, login: str = "user_manager", **query: str) -> list[dict[str, Any]]:
    """All pages of a list."""
    items: list[dict[str, Any]] = []
    cursor = None
    while True:
        asked = query | ({"cursor": cursor} if cursor else {})
        url = f"{path}?{'&'.join(f'{name}={value}' for name, value in asked.items())}"
        answer = stack.api("GET", url, token=stack.token(login))
        assert answer.status == 200, answer.body
        items += answer.body["items"]
        cursor = answer.body["next_cursor"]
        if cursor is None:
            return items


def of(school_id: str) -> str:
    return f"/schools/{school_id}/bad-credentials"


def line_of(stack: Stack, path: str, user_id: str) -> dict[str, Any] | None:
    return next((item for item in listed(stack, path) if item["id"] == user_id), None)


def test_a_bounce_is_told_and_listed_and_a_reset_takes_it_off(
    stack: Stack, guardian: Person, told: str
) -> None:
    bounce(stack, guardian)
    event = heard(stack, told, "Credential Marked Bad", guardian.user_id)
    assert (event["source"], event["detail"]["status"]) == ("reachable", "bad")
    assert [block["cause"] for block in event["detail"]["blocks"]] == ["invalid_address"]
    assert guardian.address("email") not in json.dumps(event)

    line = stack.wait_until(lambda: line_of(stack, of(_NORTHGATE), guardian.user_id), 30, "the line")
    assert (line["sourced_id"], line["kind"], line["cause"]) == (_FAMILY, "email", "invalid_address")
    assert line["guidance"][0]["code"] == "fix_sis_first"
    assert line_of(stack, "/bad-credentials", guardian.user_id) is not None
    assert line_of(stack, of(_CEDAR_RIDGE), guardian.user_id) is None
    found = stack.api("POST", "/users/search", {"status": "bad", "school": _NORTHGATE}, guardian.staff).body
    assert guardian.user_id in [item["id"] for item in found["items"]]

    guardian.reset("email")
    event = heard(stack, told, "Credential Reset", guardian.user_id)
    assert (event["detail"]["lifted_by"], event["detail"]["status"]) == ("staff", "good")
    stack.wait_until(
        lambda: line_of(stack, of(_NORTHGATE), guardian.user_id) is None, 30, "the line to be gone"
    )


def test_what_becomes_of_a_message_is_told(stack: Stack, guardian: Person, told: str) -> None:
    wish = {
        "recipients": [{"user_id": guardian.user_id, "channel": "email"}],
        "subject": "Snow",
        "text": "Closed.",
    }
    answer = stack.api("POST", "/sends", wish, guardian.machine)
    assert answer.status == 202, answer.body
    event = heard(stack, told, "Message Status Changed", guardian.user_id)
    assert event["detail"]["channel"] == "email"


def test_a_family_that_moves_changes_two_schools_lists(
    stack: Stack, guardian: Person, rosters: Rosters
) -> None:
    rosters.ended(rosters.upload(build_zip()))
    bounce(stack, guardian)
    stack.wait_until(lambda: line_of(stack, of(_NORTHGATE), guardian.user_id), 30, "the line")

    def move(rows: list[Row]) -> list[Row]:
        return [
            row | {"orgSourcedIds": "school-cedar-ridge"} if row["sourcedId"] in (_FAMILY, _STUDENT) else row
            for row in rows
        ]

    def enroll(rows: list[Row]) -> list[Row]:
        there = {"schoolSourcedId": "school-cedar-ridge", "classSourcedId": "class-cedar-eng-6"}
        return [row | there if row["userSourcedId"] == _STUDENT else row for row in rows]

    moved = rosters.ended(rosters.upload(export(move, enroll)))
    assert moved["state"] == "done", moved
    stack.wait_until(lambda: line_of(stack, of(_CEDAR_RIDGE), guardian.user_id), 30, "the new school's line")
    stack.wait_until(
        lambda: line_of(stack, of(_NORTHGATE), guardian.user_id) is None, 30, "the old school's to be gone"
    )
    rosters.ended(rosters.upload(build_zip()))
    stack.wait_until(lambda: line_of(stack, of(_NORTHGATE), guardian.user_id), 30, "the line, back again")


def test_5000_of_a_school_page_and_export(stack: Stack, rosters: Rosters) -> None:
    """Families whose addresses a provider lists, taken over; then gone from the roster."""
    template = {"enabledUser": "true", "orgSourcedIds": "school-northgate", "role": "guardian"}

    def add(rows: list[Row]) -> list[Row]:
        empty = dict.fromkeys(rows[0], "")
        return rows + [
            empty
            | template
            | {
                "sourcedId": f"many-{i:04}",
                "username": f"many-{i:04}",
                "givenName": f"Many{i:04}",
                "familyName": "Household",
                "email": f"many-{i:04}@example.org",
            }
            for i in range(_MANY)
        ]

    started = time.monotonic()
    first = rosters.upload(build_zip())
    rosters.ended(first)
    assert rosters.ended(rosters.upload(export(add)))["state"] == "done"
    print(f"imported after {time.monotonic() - started:.0f} s")
    path = of(_NORTHGATE)
    try:
        _taken_over(stack)
        print(f"taken over after {time.monotonic() - started:.0f} s")

        def many() -> list[dict[str, Any]] | None:
            answer = stack.call(
                "GET",
                f"{stack.api_url}{path}",
                None,
                {"authorization": f"Bearer {stack.token('user_manager')}", "accept": "text/csv"},
            )
            rows = list(csv.DictReader(io.StringIO(answer.body.removeprefix("\ufeff"))))
            return rows if len(rows) >= _MANY else None

        rows = stack.wait_until(many, 300, "5,000 lines")
        print(f"listed after {time.monotonic() - started:.0f} s")
        assert {row["cause"] for row in rows if row["sourced_id"].startswith("many-")} == {"invalid_address"}
        items = listed(stack, path, limit="200")
        ids = [item["sourced_id"] for item in items if item["sourced_id"].startswith("many-")]
        assert sorted(ids) == [f"many-{i:04}" for i in range(_MANY)]
        print(f"paged after {time.monotonic() - started:.0f} s")
    finally:
        assert rosters.force(first)["state"] == "done"
    stack.wait_until(
        lambda: not [i for i in listed(stack, path, limit="200") if i["sourced_id"][:4] == "many"],
        300,
        "none",
    )
    print(f"gone after {time.monotonic() - started:.0f} s")


def _taken_over(stack: Stack) -> None:
    state = place.state()
    provider_lists.put(state, stack.aws.ssm, "brevo")
    reason = {"code": "hardBounce", "message": "550 5.1.1 no such user"}
    sender = "office@district.example.org"
    provider_lists.fill(
        state,
        "brevo",
        [
            {
                "email": f"many-{i:04}@example.org",
                "senderEmail": sender,
                "blockedAt": "2026-11-01T08:00:00Z",
                "reason": reason,
            }
            for i in range(_MANY)
        ],
    )
    try:
        command = place.tools_command("upstream", "take", "brevo", "--write")
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=place.ROOT)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["taken"] == _MANY
    finally:
        provider_lists.remove(stack.aws.ssm, "brevo")
        provider_lists.fill(state, "brevo", [])
