"""Told and listed on the deployed stack: a bounce on the bus, on its school's list, and gone again."""

import csv
import io
import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import batched
from typing import Any, Final, Literal
from uuid import uuid4

import pytest

from reachable.model.people import RosterKind, id_of
from tests.stack.people import Person, person
from tests.stack.queues import Ear
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
_ADDRESSES: Final = 100
"""Of so many people: else the emulator would take minutes."""


@pytest.fixture(scope="module")
def rosters(stack: Stack) -> Rosters:
    return Rosters(stack)


@pytest.fixture
def guardian(stack: Stack) -> Iterator[Person]:
    yield from person(stack, id_of(RosterKind.USER, _FAMILY))


@pytest.fixture
def told(stack: Stack) -> Iterator[Ear]:
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
    yield Ear(stack, url)
    stack.aws.events.remove_targets(Rule=name, EventBusName=stack.event_bus, Ids=["1"])
    stack.aws.events.delete_rule(Name=name, EventBusName=stack.event_bus)
    stack.aws.sqs.delete_queue(QueueUrl=url)


def bounce(stack: Stack, guardian: Person) -> None:
    message = webhook_posts.ses_bounce(guardian.address("email"), datetime.now(UTC))
    stack.aws.sns.publish(TopicArn=stack.topics["ses"], Message=message)
    stack.wait_until(lambda: guardian.when_bad("email"), "the bounce")


def heard(ear: Ear, type_: str, user_id: str) -> dict[str, Any]:
    """The event of that kind about this user, once it is told."""

    def found() -> dict[str, Any] | None:
        for body in ear.heard():
            event: dict[str, Any] = json.loads(body)
            about = {holder["user_id"] for holder in event["detail"].get("holders", [])}
            if event["detail-type"] == type_ and user_id in about | {event["detail"].get("user_id")}:
                return event
        return None

    return ear.stack.wait_until(found, type_)


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
    stack: Stack, guardian: Person, told: Ear
) -> None:
    bounce(stack, guardian)
    event = heard(told, "Credential Marked Bad", guardian.user_id)
    assert (event["source"], event["detail"]["status"]) == ("reachable", "bad")
    assert [block["cause"] for block in event["detail"]["blocks"]] == ["invalid_address"]
    assert guardian.address("email") not in json.dumps(event)

    line = stack.wait_until(lambda: line_of(stack, of(_NORTHGATE), guardian.user_id), "the line")
    assert (line["sourced_id"], line["kind"], line["cause"]) == (_FAMILY, "email", "invalid_address")
    assert line["guidance"][0]["code"] == "fix_sis_first"
    assert line_of(stack, "/bad-credentials", guardian.user_id) is not None
    assert line_of(stack, of(_CEDAR_RIDGE), guardian.user_id) is None
    found = stack.api("POST", "/users/search", {"status": "bad", "school": _NORTHGATE}, guardian.staff).body
    assert guardian.user_id in [item["id"] for item in found["items"]]

    guardian.reset("email")
    event = heard(told, "Credential Reset", guardian.user_id)
    assert (event["detail"]["lifted_by"], event["detail"]["status"]) == ("staff", "good")
    stack.wait_until(lambda: line_of(stack, of(_NORTHGATE), guardian.user_id) is None, "the line to be gone")


def test_what_becomes_of_a_message_is_told(stack: Stack, guardian: Person, told: Ear) -> None:
    wish = {"user_id": guardian.user_id, "channel": "email", "subject": "Snow", "text": "School is closed."}
    told_once = wish | {"dedup_id": uuid4().hex}
    answer = stack.api("POST", "/messages", {"messages": [told_once]}, guardian.machine)
    assert [result["outcome"] for result in answer.body["results"]] == ["queued"], answer.body
    event = heard(told, "Message Status Changed", guardian.user_id)
    assert event["detail"]["channel"] == "email"


def test_a_family_that_moves_changes_two_schools_lists(
    stack: Stack, guardian: Person, rosters: Rosters
) -> None:
    rosters.ended(rosters.upload(build_zip()))
    bounce(stack, guardian)
    stack.wait_until(lambda: line_of(stack, of(_NORTHGATE), guardian.user_id), "the line")

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
    stack.wait_until(lambda: line_of(stack, of(_CEDAR_RIDGE), guardian.user_id), "the new school's line")
    stack.wait_until(
        lambda: line_of(stack, of(_NORTHGATE), guardian.user_id) is None, "the old school's to be gone"
    )
    rosters.ended(rosters.upload(build_zip()))
    stack.wait_until(lambda: line_of(stack, of(_NORTHGATE), guardian.user_id), "the line, back again")


def test_5000_of_a_school_page_and_export(stack: Stack) -> None:
    """Families of one school whose addresses a provider lists, taken over; then they hold them no more."""
    path = of(_NORTHGATE)
    _write_holders(stack, "PutRequest")
    try:
        _taken_over(stack)

        def many() -> list[dict[str, Any]] | None:
            headers = {"authorization": f"Bearer {stack.token('user_manager')}", "accept": "text/csv"}
            file = stack.call("GET", f"{stack.api_url}{path}", None, headers).body
            rows = list(csv.DictReader(io.StringIO(file.removeprefix("\ufeff"))))
            return rows if len(_many_of(rows)) >= _MANY else None

        rows = stack.wait_until(many, "5,000 lines", 300)
        assert {row["cause"] for row in rows if row["sourced_id"].startswith("many-")} == {"invalid_address"}
        assert sorted(_many_of(listed(stack, path, limit="200"))) == [f"many-{i:04}" for i in range(_MANY)]
    finally:
        _write_holders(stack, "DeleteRequest")
    stack.wait_until(lambda: not _many_of(listed(stack, path, limit="200")), "the lines to be gone", 300)


def _many_of(items: list[dict[str, Any]]) -> list[str]:
    return [item["sourced_id"] for item in items if item["sourced_id"].startswith("many-")]


def _write_holders(stack: Stack, request: Literal["PutRequest", "DeleteRequest"]) -> None:
    """As an import writes who holds what, and without the users: the lists are made of holders alone."""
    table = stack.tables["credentials"]
    for numbers in batched(range(_MANY), 25, strict=True):
        keys = [
            {
                "credential": {"S": f"email:{_address(i)}"},
                "item": {"S": f"holder#{id_of(RosterKind.USER, f'many-{i:04}')}"},
            }
            for i in numbers
        ]
        told = [
            {
                "sourced_id": {"S": f"many-{i:04}"},
                "name": {"S": f"Many{i:04} Household"},
                "language": {"S": "en"},
                "schools": {"L": [{"S": _NORTHGATE}]},
                "since": {"S": "2026-09-01T08:00:00.000+00:00"},
            }
            for i in numbers
        ]
        requests: list[Any] = (
            [{request: {"Item": key | holder}} for key, holder in zip(keys, told, strict=True)]
            if request == "PutRequest"
            else [{request: {"Key": key}} for key in keys]
        )
        answer = stack.aws.dynamodb.batch_write_item(RequestItems={table: requests})
        assert not answer["UnprocessedItems"]


def _address(number: int) -> str:
    return f"many-{number % _ADDRESSES:02}@example.org"


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
                "email": _address(i),
                "senderEmail": sender,
                "blockedAt": "2026-11-01T08:00:00Z",
                "reason": reason,
            }
            for i in range(_ADDRESSES)
        ],
    )
    try:
        command = place.tools_command("upstream", "take", "brevo", "--write")
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=place.ROOT)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["taken"] == _ADDRESSES
    finally:
        provider_lists.remove(stack.aws.ssm, "brevo")
        provider_lists.fill(state, "brevo", [])
