"""The pages for who uses and runs Reachable: their commands, as printed, on the deployed stack."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest

from reachable.model.people import RosterKind, id_of
from tests.stack import pages
from tests.stack.pages import Ran
from tests.stack.people import Person, person
from tests.stack.test_parked import is_parked
from tools import place, webhook_posts
from tools.stack import Stack

_ENDED: Final = {"sent", "delivered", "blocked", "dropped", "rejected", "failed", "bounced", "uncertain"}


def _ended(stack: Stack, id_: str) -> dict[str, Any]:
    """A message, once it has come to its end."""

    def told() -> dict[str, Any] | None:
        shown: dict[str, Any] = stack.api("GET", f"/messages/{id_}", token=stack.token("sends")).body
        return shown if shown["status"] in _ENDED else None

    return stack.wait_until(told, "the message to end")


# docs/sending.md


@pytest.fixture(scope="module")
def guardian(stack: Stack) -> Iterator[Person]:
    """Whom the page writes to; good before and after."""
    yield from person(stack, stack.users["guardian"].user_id)


@pytest.fixture(scope="module")
def bounced(stack: Stack, guardian: Person) -> Person:
    """The same, whose email came back."""
    message = webhook_posts.ses_bounce(guardian.address("email"), datetime.now(UTC))
    stack.aws.sns.publish(TopicArn=stack.topics["ses"], Message=message)
    stack.wait_until(lambda: guardian.when_bad("email"), "the bounce")
    return guardian


@pytest.fixture(scope="module")
def sending(stack: Stack, bounced: Person, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("sending")
    return pages.run("sending.md", folder, stack, STAGE=place.NAME, CAMPAIGN=f"campaign-{uuid4()}")


def _example(number: int) -> dict[str, Any]:
    """A JSON block of the page."""
    found: dict[str, Any] = json.loads(pages.blocks("sending.md", "json")[number])
    return found


def test_the_gate_answers_as_the_page_shows(sending: Ran, bounced: Person) -> None:
    text, mail, other, any_ = json.loads(sending.by("$API/sends/check"))["results"]
    assert [one["send"] for one in (text, mail, other, any_)] == [True, False, True, True]
    assert mail | {"since": None} == _example(0) | {"since": None}
    assert any_["open"] == ["sms", "voice"]
    assert mail["credential"] == f"email:{bounced.address('email')}"


def test_the_gate_is_asked_from_python(sending: Ran, bounced: Person) -> None:
    assert sending.by("python3 check.py").splitlines() == [
        f"send to phone:{bounced.address('phone')} ",
        "do not send: invalid_address ['sms', 'voice']",
        "do not send: invalid_recipient []",
    ]


def test_the_gate_is_asked_by_iam(sending: Ran) -> None:
    [answer] = json.loads(sending.by("python3 gate.py"))
    assert (answer["send"], set(answer)) == (True, set(_example(0)))
    invoked, _, body = sending.by("aws lambda invoke").partition("}\n")
    assert '"StatusCode": 200' in invoked
    answer = json.loads(body)
    assert answer["statusCode"] == 200
    assert [one["send"] for one in json.loads(answer["body"])["results"]] == [True]


def test_messages_are_queued_and_shown_as_the_page_shows(stack: Stack, sending: Ran) -> None:
    queued = json.loads(sending.by("-o queued.json"))["results"]
    assert [(set(one), one["outcome"]) for one in queued] == [(set(_example(2)["results"][0]), "queued")] * 2
    shown = json.loads(sending.by("$API/messages/$MESSAGE_ID"))
    assert (shown["id"], set(shown)) == (queued[0]["id"], set(_example(3)))
    text, mail = (_ended(stack, one["id"]) for one in queued)
    assert (text["status"], text["segments"]) == ("sent", 1)
    assert (mail["status"], mail["reason"]) == ("blocked", "invalid_address")


def test_a_message_is_sent_once_from_python(sending: Ran) -> None:
    *sent, unreached, listed = sending.by("python3 send.py").splitlines()
    assert [line.strip() for line in sent] == ["queued", "duplicate", "sent"]
    assert unreached == "not by email blocked invalid_address ['sms', 'voice']"
    assert listed.split()[1] == "uncertain"
    assert "items" in json.loads(sending.by('"status": "uncertain", "since"'))
    assert "items" in json.loads(sending.by('{"batch_id": "$CAMPAIGN", "limit": 200,'))


def test_a_batch_is_shown_and_a_message_cancelled_as_the_page_shows(sending: Ran) -> None:
    """What has gone out by then comes too late."""
    batch = json.loads(sending.by("$API/batches/$CAMPAIGN"))
    assert (set(batch), batch["state"]) == (set(_example(5)), "running")
    assert batch["counts"] == _example(5)["counts"]
    answer = json.loads(sending.by("$API/messages/cancel"))
    assert (set(answer), answer["batch"]) == (set(_example(4)), None)
    assert [result["outcome"] for result in answer["results"]] == ["too_late"]


# docs/runbooks/emergencies.md


@pytest.fixture(scope="module")
def emergency(stack: Stack, bounced: Person, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The page's commands over a batch whose one email was stopped by the gate."""
    batch_id = f"snow-day-{uuid4()}"
    wish = {"user_id": bounced.user_id, "channel": "email", "subject": "Snow", "text": "It snows."}
    assert _ended(stack, _queued(stack, batch_id, **wish, purpose="emergency"))["status"] == "blocked"
    stack.wait_until(lambda: _counts(stack, batch_id).get("blocked_invalid_address"), "it to be counted")
    folder = tmp_path_factory.mktemp("emergencies")
    return pages.run("runbooks/emergencies.md", folder, stack, _asks(stack), BATCH_ID=batch_id)


def _counts(stack: Stack, batch_id: str) -> dict[str, int]:
    return dict(stack.api("GET", f"/batches/{batch_id}", token=stack.token("sends")).body["counts"])


def test_whom_an_emergency_did_not_reach_is_listed_with_what_else_is_open(
    emergency: Ran, bounced: Person
) -> None:
    assert json.loads(emergency.by("$API/batches/$BATCH_ID"))["counts"] == {
        "queued": 1,
        "blocked_invalid_address": 1,
    }
    phone = f"phone:{bounced.address('phone')}"
    line = f"{bounced.user_id}: email blocked (invalid_address); open: sms {phone}, voice {phone}"
    told = ["1 people, 0 of them still under way"]
    assert emergency.by('unreached.py "$BATCH_ID"\n').splitlines() == [line, *told]


def test_they_are_reached_by_another_way(stack: Stack, emergency: Ran) -> None:
    *_, sent = emergency.by("No school tomorrow").splitlines()
    outcome, id_ = sent.split()
    assert (outcome, _ended(stack, id_)["status"]) == ("queued", "sent")


# docs/runbooks/held-batches.md


@pytest.fixture(scope="module")
def held_batch(
    stack: Stack, guardian: Person, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Ran]]:
    """A message that is parked, and the page's commands over its batch."""
    batch_id, machine = f"newsletter-{uuid4()}", stack.token("sends")
    assert stack.api("POST", f"/batches/{batch_id}/hold", {}, machine).status == 200
    id_ = _queued(stack, batch_id, user_id=guardian.user_id, channel="sms", text="News.")

    def is_held() -> bool:
        return bool(stack.api("GET", f"/messages/{id_}", token=machine).body["status"] == "held")

    stack.wait_until(is_held, "the message to be held")
    is_parked(stack, batch_id)
    folder, staff = tmp_path_factory.mktemp("held-batches"), stack.token("communications_administrator")
    said = {"STAGE": place.NAME, "GROUP": batch_id, "STAFF": staff}
    try:
        yield id_, pages.run("runbooks/held-batches.md", folder, stack, _asks(stack), **said)
    finally:
        stack.api("POST", "/batches/all/resume", token=staff)


def test_what_is_held_is_found_and_looked_at(held_batch: tuple[str, Ran]) -> None:
    id_, ran = held_batch
    shown = json.loads(ran.by('$API/batches/$GROUP"'))
    example = json.loads(pages.blocks("runbooks/held-batches.md", "json")[0])
    assert (set(shown), shown["state"]) == (set(example), "held")
    assert shown["id"] in [held["id"] for held in json.loads(ran.by('$API/batches"'))["items"]]
    assert [(one["id"], one["status"]) for one in json.loads(ran.by("$API/messages/search"))["items"]] == [
        (id_, "held")
    ]


def test_it_is_let_go_held_by_hand_dropped_and_cancelled(held_batch: tuple[str, Ran]) -> None:
    _, ran = held_batch
    resumed = json.loads(ran.by("$GROUP/resume"))
    assert (resumed["state"], resumed["swept"]["resumed"]) == ("resumed", 1)
    held = json.loads(ran.by("$GROUP/hold"))
    assert (held["state"], held["why"]) == ("held", "The list is of last year.")
    assert json.loads(ran.by("$GROUP/drop"))["state"] == "dropped"
    assert json.loads(ran.by("$API/messages/cancel"))["batch"]["state"] == "cancelled"


def test_all_sending_is_stopped_and_let_go_with_a_token_and_without(held_batch: tuple[str, Ran]) -> None:
    _, ran = held_batch
    told = [json.loads(ran.by(f"$API/batches/all/{act}")) for act in ("hold", "resume")]
    told += [_invoked(ran.by(f"> {file}")) for file in ("stop.json", "go.json")]
    assert [(one["state"], one["emergencies_pass"]) for one in told] == [
        ("held", True),
        ("resumed", True),
        ("held", False),
        ("resumed", True),
    ]
    assert told[2]["by"] == "aws:maria"


# docs/runbooks/incidents.md


@pytest.fixture(scope="module")
def incidents(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Person, Ran]]:
    """Somebody whom the page's window is about, and its commands."""
    began = datetime.now(UTC)
    wronged = person(stack, id_of(RosterKind.USER, "gua-082"))
    family = next(wronged)
    message = webhook_posts.ses_bounce(family.address("email"), datetime.now(UTC))
    stack.aws.sns.publish(TopicArn=stack.topics["ses"], Message=message)
    stack.wait_until(lambda: family.when_bad("email"), "the bounce")
    stack.wait_until(family.when_listed, "the line on the lists")
    folder = tmp_path_factory.mktemp("incidents")
    asks = {"API": stack.api_url, "TOKEN": stack.token("user_manager")}
    said = {
        "FROM": f"{began - timedelta(seconds=5):%Y-%m-%dT%H:%M:%SZ}",
        "STAGE": place.NAME,
        "DAY": f"{began:%Y-%m-%d}",
    }
    yield family, pages.run("runbooks/incidents.md", folder, stack, asks, **said)
    next(wronged, None)


def test_an_incident_is_counted_reset_and_undone_as_the_page_says(incidents: tuple[Person, Ran]) -> None:
    family, ran = incidents
    assert {"items", "next_cursor"} == set(
        json.loads(ran.by('$API/resets" -H "authorization: Bearer $TOKEN"\n'))
    )
    *_, told = ran.by("cat incident.json").splitlines()
    counted = json.loads(told)
    example = json.loads(pages.blocks("runbooks/incidents.md", "json")[0])
    assert set(example) <= set(counted)
    assert set(example["counts"]) == set(counted["counts"])
    assert (counted["state"], counted["counts"]["outcome"]["reset"]) == ("counted", 1)
    assert ran.by("$INCIDENT/start") != ""
    assert "done {'reset': 1}" in ran.by('told["run"]')
    assert "undone {'restored': 1}" in ran.by("$INCIDENT/undo")
    assert family.credential("email")["status"] == "bad"


def test_a_list_is_put_and_ops_ask_without_a_token(incidents: tuple[Person, Ran]) -> None:
    _, ran = incidents
    assert ran.by("upload_url") == ""
    assert _accepted(ran.by("> count.json"), 202)["by"] == "aws:maria"
    assert _accepted(ran.by("> show.json"), 200)["state"] in ("counting", "counted")
    assert "executions" in json.loads(ran.by("list-executions"))


def test_the_archive_is_compared_and_frees_nobody_whom_today_s_tables_close(
    incidents: tuple[Person, Ran],
) -> None:
    _, ran = incidents
    assert ran.by("--compare") == ""  # a line for each whom they would free


def _accepted(printed: str, status: int) -> dict[str, Any]:
    """What a direct invoke answered, after what the AWS CLI printed."""
    invoked, _, told = printed.partition("}\n")
    assert '"StatusCode": 200' in invoked
    answer = json.loads(told)
    assert answer["statusCode"] == status, answer
    body: dict[str, Any] = json.loads(answer["body"])
    return body


# docs/console-api.md


def test_the_console_s_page_shows_the_menu_a_class_and_the_providers(stack: Stack, tmp_path: Path) -> None:
    bounce = webhook_posts.ses_bounce(f"nobody-{uuid4()}@example.org", datetime.now(UTC))
    stack.aws.sns.publish(TopicArn=stack.topics["ses"], Message=bounce)
    token = stack.token("user_manager")

    def is_heard() -> bool:
        listed = stack.api("GET", "/providers", token=token).body["items"]
        return any(one["provider"] == "ses" and one["bounced_at"] for one in listed)

    stack.wait_until(is_heard, "SES to be heard")
    ran = pages.run("console-api.md", tmp_path, stack, {"API": stack.api_url})
    me, classes = map(json.loads, ran.by("/me").replace("}{", "}\n{").splitlines())
    assert (me["sees_district"], "providers" in me["actions"]) == (True, True)
    assert [(one["sourced_id"], one["name"]) for one in classes["items"]] == [
        ("class-maple-2a", "Room 2A, Ms. Whitcombe")
    ]
    providers = {(one["provider"], one["account"]): one for one in json.loads(ran.by("/providers"))["items"]}
    assert providers["ses", "default"]["webhook"] == "none"
    posted = {provider for (provider, _), one in providers.items() if one["webhook"] == "set_up"}
    assert posted == {
        provider for provider in stack.webhooks if provider not in {"ses", "aws_sms", "aws_sns_sms"}
    }


def _asks(stack: Stack) -> dict[str, str]:
    """What both pages take from that of sending systems."""
    return {"API": stack.api_url, "TOKEN": stack.token("sends")}


def _queued(stack: Stack, batch_id: str, **wish: str) -> str:
    """The id of a message of a batch."""
    wish |= {"batch_id": batch_id, "dedup_id": uuid4().hex}
    answer = stack.api("POST", "/messages", {"messages": [wish]}, stack.token("sends"))
    return str(answer.body["results"][0]["id"])


def _invoked(printed: str) -> dict[str, Any]:
    """What a route answered by the AWS CLI, which prints what it did before it."""
    return _accepted(printed, 200)
