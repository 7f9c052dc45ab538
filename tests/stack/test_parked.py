"""Held, resumed, dropped, cancelled and too old, on the deployed stack; emergencies pass."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.stack import queues
from tests.stack.people import Person
from tests.stack.test_messages import ended, mails, send
from tools.calls import Answer
from tools.stack import Stack


@pytest.fixture(scope="module")
def guardian(stack: Stack) -> Person:
    return Person(stack, stack.users["guardian"].user_id)


@pytest.fixture(autouse=True)
def _good(stack: Stack, guardian: Person) -> Iterator[None]:
    """Whatever a test left behind."""
    consent = {"consent": {"from": "A test", "how": "by itself"}}
    stack.api("POST", f"/users/{guardian.user_id}/reset", consent, guardian.staff)
    yield
    decide(stack, "all", "resume")


def decide(stack: Stack, group: str, act: str, body: dict[str, Any] | None = None) -> Answer:
    return stack.api("POST", f"/batches/{group}/{act}", body, stack.token("communications_administrator"))


def newsletter(stack: Stack, guardian: Person, batch_id: str, **wish: Any) -> tuple[str, str]:
    """Its id, and its subject."""
    subject = f"News {uuid4().hex}"
    told = {"user_id": guardian.user_id, "channel": "email", "subject": subject, "batch_id": batch_id}
    return send(stack, **told | wish), subject


def parked(stack: Stack, batch_id: str) -> list[str]:
    place = {"entity": {"S": f"batch#{batch_id}"}, "item": {"S": "hold"}}
    hold = stack.aws.dynamodb.get_item(TableName=stack.tables["messages"], Key=place)["Item"]["hold_id"]["S"]
    found = stack.aws.s3.list_objects_v2(Bucket=stack.buckets["parked"], Prefix=f"{hold}/")
    return [item["Key"] for item in found.get("Contents", [])]


def swept(stack: Stack, group: str) -> dict[str, Any]:
    """What became of the parked, once that is over; the minute's schedule may do what the answer did not."""

    def told() -> dict[str, Any] | None:
        path = f"/batches/{group}"
        swept = stack.api("GET", path, token=stack.token("communications_administrator")).body["swept"]
        return dict(swept) if swept["finished"] else None

    return stack.wait_until(told, "the parked to be let go, or dropped")


def is_parked(stack: Stack, batch_id: str, count: int = 1) -> list[str]:
    """The objects, once so many are there; the record says `held` a little before."""
    keys: list[str] = stack.wait_until(
        lambda: keys if len(keys := parked(stack, batch_id)) == count else None, "it to be parked"
    )
    return keys


def change(stack: Stack, key: str, **times: datetime) -> None:
    """Put other times into a parked object, those that it has."""
    s3, bucket = stack.aws.s3, stack.buckets["parked"]
    whole = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    assert whole.keys() >= times.keys()
    changed = whole | {name: at.isoformat() for name, at in times.items()}
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(changed).encode())


def test_a_blocked_emergency_is_told_to_the_topic_of_alarms(stack: Stack, guardian: Person) -> None:
    """By dispatch itself, under its own role; once a minute, so that of several in a row one is told.

    First of all here: after another's blocked emergency it would wait for the next minute.
    """
    body = {"credential": "email", "ground": "manual", "note": "The mailbox is gone, says the office."}
    assert stack.api("POST", f"/users/{guardian.user_id}/blocks", body, guardian.staff).status == 200
    ids: list[str] = []

    def told() -> str | None:
        id_, _ = newsletter(stack, guardian, uuid4().hex, purpose="emergency")
        ids.append(id_)
        ended(stack, id_, "blocked")
        said = "emergencies do not reach people (blocked)"
        return next((body for body in ear.heard() if said in body and any(id_ in body for id_ in ids)), None)

    with queues.alarms(stack) as ear:
        text = str(stack.wait_until(told, "the alarm"))
    assert guardian.address("email") not in text


def test_a_held_batch_is_resumed_and_an_emergency_of_that_very_batch_passes(
    stack: Stack, guardian: Person
) -> None:
    batch_id = uuid4().hex
    held = decide(stack, batch_id, "hold", {"note": "A wrong list, perhaps."})
    assert (held.status, held.body["state"], held.body["why"]) == (200, "held", "A wrong list, perhaps.")
    waits, subject = newsletter(stack, guardian, batch_id)
    urgent, snow = newsletter(stack, guardian, batch_id, purpose="emergency")
    ended(stack, waits, "held")
    is_parked(stack, batch_id)
    ended(stack, urgent, "sent", "delivered")
    assert (subject in mails(stack), snow in mails(stack)) == (False, True)
    resumed = decide(stack, batch_id, "resume")
    assert resumed.status == 200
    assert swept(stack, batch_id) == {"resumed": 1, "dropped": 0, "finished": True}
    ended(stack, waits, "sent", "delivered")
    assert mails(stack).count(subject) == 1
    assert parked(stack, batch_id) == []


def test_a_held_batch_is_dropped_and_says_so(stack: Stack, guardian: Person) -> None:
    batch_id = uuid4().hex
    decide(stack, batch_id, "hold", {})
    waits, subject = newsletter(stack, guardian, batch_id)
    is_parked(stack, batch_id)
    dropped = decide(stack, batch_id, "drop").body
    assert (dropped["state"], swept(stack, batch_id)["dropped"]) == ("dropped", 1)
    told = ended(stack, waits, "dropped")
    assert (told["reason"], subject in mails(stack)) == ("dropped", False)
    urgent, _ = newsletter(stack, guardian, batch_id, purpose="emergency")
    ended(stack, urgent, "sent", "delivered")


def test_friday_s_held_newsletter_goes_out_on_monday_s_resume(stack: Stack, guardian: Person) -> None:
    """What lies in the bucket is made three days and a half older: longer than it may wait on a queue."""
    batch_id = uuid4().hex
    decide(stack, batch_id, "hold", {})
    waits, subject = newsletter(stack, guardian, batch_id)
    [key] = is_parked(stack, batch_id)
    change(stack, key, queued_at=datetime.now(UTC) - timedelta(hours=84))
    decide(stack, batch_id, "resume")
    ended(stack, waits, "sent", "delivered")
    assert subject in mails(stack)


def test_what_expires_while_it_is_held_is_dropped_by_the_resume(stack: Stack, guardian: Person) -> None:
    """What lies in the bucket is made to have expired a moment ago."""
    batch_id = uuid4().hex
    decide(stack, batch_id, "hold", {})
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    gone, subject = newsletter(stack, guardian, batch_id, expires_at=tomorrow.isoformat())
    later, _ = newsletter(stack, guardian, batch_id, expires_at=tomorrow.isoformat())
    [key] = [key for key in is_parked(stack, batch_id, 2) if gone in key]
    change(stack, key, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    decide(stack, batch_id, "resume")
    assert swept(stack, batch_id) == {"resumed": 1, "dropped": 1, "finished": True}
    told = ended(stack, gone, "dropped")
    assert (told["reason"], subject in mails(stack)) == ("too_old", False)
    ended(stack, later, "sent", "delivered")


def test_what_has_expired_on_the_queue_is_not_sent(stack: Stack, guardian: Person) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    id_, subject = newsletter(stack, guardian, uuid4().hex, expires_at=past.isoformat(), purpose="sign_in")
    told = ended(stack, id_, "dropped", "sent", "delivered")
    assert (told["status"], told["reason"], subject in mails(stack)) == ("dropped", "too_old", False)


def test_the_schedule_lets_go_what_whoever_decided_left_behind(stack: Stack, guardian: Person) -> None:
    """They died right after they had said so; the function is called as its rule calls it."""
    batch_id = uuid4().hex
    decide(stack, batch_id, "hold", {})
    waits, subject = newsletter(stack, guardian, batch_id)
    is_parked(stack, batch_id)
    table, dynamodb = stack.tables["messages"], stack.aws.dynamodb
    place = {"entity": {"S": f"batch#{batch_id}"}, "item": {"S": "hold"}}
    hold = dynamodb.get_item(TableName=table, Key=place)["Item"]["hold_id"]["S"]
    for key in (place, {"entity": {"S": "holds"}, "item": {"S": f"{batch_id}#{hold}"}}):
        dynamodb.update_item(
            TableName=table,
            Key=key,
            UpdateExpression="SET #s = :resumed",
            ExpressionAttributeNames={"#s": "state"},
            ExpressionAttributeValues={":resumed": {"S": "resumed"}},
        )
    invoked = stack.aws.functions.invoke(
        FunctionName=stack.functions["sweep"], Payload=json.dumps({"sweep": "decided"})
    )
    assert not invoked.get("FunctionError"), invoked["Payload"].read()
    ended(stack, waits, "sent", "delivered")
    assert subject in mails(stack)
    expired = stack.aws.functions.invoke(
        FunctionName=stack.functions["sweep"], Payload=json.dumps({"sweep": "expired"})
    )
    assert not expired.get("FunctionError"), expired["Payload"].read()


def test_ops_stop_all_sending_by_a_direct_invoke_and_say_whether_emergencies_pass(
    stack: Stack, guardian: Person
) -> None:
    batch_id = uuid4().hex
    asked = {
        "as": "on-call",
        "route": "POST /batches/{batch_id}/hold",
        "path": {"batch_id": "all"},
        "body": {"note": "A stolen key.", "emergencies_pass": False},
    }
    invoked = stack.aws.functions.invoke(
        FunctionName=stack.functions["messages"], Payload=json.dumps(asked).encode()
    )
    answer = json.loads(invoked["Payload"].read())
    told = json.loads(answer["body"])
    assert (answer["statusCode"], told["state"], told["emergencies_pass"]) == (200, "held", False)
    general, _ = newsletter(stack, guardian, batch_id)
    urgent, subject = newsletter(stack, guardian, batch_id, purpose="emergency")
    for id_ in (general, urgent):
        ended(stack, id_, "held")
    is_parked(stack, "all", 2)
    decide(stack, "all", "resume")
    assert swept(stack, "all")["resumed"] == 2
    for id_ in (general, urgent):
        ended(stack, id_, "sent", "delivered")
    assert mails(stack).count(subject) == 1


def test_a_batch_says_whom_it_did_not_reach_and_how_else_they_can_be(stack: Stack, guardian: Person) -> None:
    batch_id, machine = uuid4().hex, stack.token("sends")
    body = {"credential": "email", "ground": "manual", "note": "The mailbox is gone, says the office."}
    assert stack.api("POST", f"/users/{guardian.user_id}/blocks", body, guardian.staff).status == 200
    stopped, _ = newsletter(stack, guardian, batch_id, purpose="emergency")
    ended(stack, stopped, "blocked")
    wish = {"batch_id": batch_id, "status": ["blocked", "bounced", "uncertain", "dropped"]}
    [told] = stack.api("POST", "/messages/search", wish, machine).body["items"]
    assert (told["id"], told["reason"]) == (stopped, "manual")
    assert {other["channel"] for other in told["alternatives"]} == {"sms", "voice"}


def test_a_batch_is_cancelled(stack: Stack, guardian: Person) -> None:
    batch_id, machine = uuid4().hex, stack.token("sends")
    decide(stack, batch_id, "hold", {})
    waits, _ = newsletter(stack, guardian, batch_id)
    is_parked(stack, batch_id)
    told = stack.api("POST", "/messages/cancel", {"batch_id": batch_id}, machine)
    assert (told.status, told.body["batch"]["state"]) == (200, "cancelled")
    assert ended(stack, waits, "dropped")["reason"] == "cancelled"
    later, _ = newsletter(stack, guardian, batch_id, purpose="emergency")
    assert ended(stack, later, "dropped", "sent", "delivered")["reason"] == "cancelled"
    again = stack.api("POST", "/messages/cancel", {"ids": [waits, later]}, machine).body["results"]
    assert {result["outcome"] for result in again} == {"cancelled"}


@pytest.mark.parametrize("kind", ["sender", "domain"])
def test_a_sender_and_a_receiving_domain_are_held_and_let_go(
    stack: Stack, guardian: Person, kind: str
) -> None:
    group = "sender:ses" if kind == "sender" else f"domain:{guardian.address('email').rpartition('@')[2]}"
    assert decide(stack, group, "hold", {}).status == 200
    try:
        waits, subject = newsletter(stack, guardian, uuid4().hex)
        ended(stack, waits, "held")
        is_parked(stack, group)
        listed = stack.api("GET", "/batches", token=stack.token("communications_administrator")).body["items"]
        assert group in [held["id"] for held in listed]
    finally:
        decide(stack, group, "resume")
    assert swept(stack, group) == {"resumed": 1, "dropped": 0, "finished": True}
    ended(stack, waits, "sent", "delivered")
    assert mails(stack).count(subject) == 1
