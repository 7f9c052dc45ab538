"""docs/runbooks/uncertain-messages.md: its commands, as printed, on the deployed stack."""

import base64
import json
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import pytest

from tests.stack import pages
from tests.stack.pages import Ran
from tests.stack.queues import SAMPLES, entry, held
from tools import place
from tools.stack import Stack

_TELLS: Final = {"sms": ("aws_sns_sms", "The log of SNS"), "email": ("ses", "SES gave out")}
"""By channel, whose events name the address, and where else there is something to see."""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The page's commands, played over a message of which nobody knows."""

    id: str
    channel: str
    address: str
    ran: Ran


@pytest.fixture(scope="module", params=["sms", "email"])
def uncertain(
    request: pytest.FixtureRequest, stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> Uncertain:
    """Its worker has died; the provider has spoken of the address since, without our tags."""
    dedup_id = uuid4().hex
    id_ = _abandoned(stack, request.param, dedup_id)
    user_id, _, _ = id_.partition("_")
    address = _shown(stack, id_)["credential"].partition(":")[2]
    _speak(stack, request.param, address)
    ran = pages.run(
        "runbooks/uncertain-messages.md",
        tmp_path_factory.mktemp("uncertain"),
        stack,
        given={"API": stack.api_url, "TOKEN": stack.token("sends")},
        STAGE=place.NAME,
        MESSAGE_ID=id_,
        USER_ID=user_id,
        DEDUP_ID=dedup_id,
    )
    return Uncertain(id_, request.param, address, ran)


def test_an_uncertain_message_is_listed(uncertain: Uncertain) -> None:
    listed = json.loads(uncertain.ran.by("$API/messages/search"))["items"]
    assert ("uncertain", uncertain.id) in [(one["status"], one["id"]) for one in listed]


def test_what_the_provider_said_since_is_found(uncertain: Uncertain) -> None:
    first, *lines = uncertain.ran.by("python3 evidence.py").splitlines()
    assert f"to {uncertain.address}, tried" in first
    provider, elsewhere = _TELLS[uncertain.channel]
    at = lines.index(f"{elsewhere}:")
    title, *calls = lines[:at]
    assert title == "What providers said:"
    assert {call.split()[1] for call in calls} == {provider}
    assert all(uncertain.address in call for call in calls)
    assert lines[at + 1 :]


def test_the_log_of_sns_is_read_for_a_text_alone(uncertain: Uncertain) -> None:
    _, title, rest = uncertain.ran.by("python3 evidence.py").partition("The log of SNS:\n")
    logged = rest.splitlines()
    assert bool(title) is (uncertain.channel == "sms")
    if title:
        missing = "There is no log sns/us-east-1/000000000000/DirectPublishToPhoneNumber/Failure."
        assert logged.pop() == missing
        assert uncertain.address in logged[-1]


def test_it_is_sent_again_under_another_dedup_id(stack: Stack, uncertain: Uncertain) -> None:
    [result] = json.loads(uncertain.ran.by("$DEDUP_ID:again"))["results"]
    assert result["outcome"] == "queued"
    stack.wait_until(lambda: _shown(stack, result["id"])["status"] == "sent", "it to be sent")
    assert _shown(stack, uncertain.id)["status"] == "uncertain"


def _shown(stack: Stack, id_: str) -> dict[str, Any]:
    shown: dict[str, Any] = stack.api("GET", f"/messages/{id_}", token=stack.token("sends")).body
    return shown


def _abandoned(stack: Stack, channel: str, dedup_id: str) -> str:
    """The id of a message whose worker ended between claim and answer, some minutes ago."""
    wish = {"sourced_id": "gua-084", "channel": channel, "text": "Words of a message", "dedup_id": dedup_id}
    wish |= {"subject": "A subject"} if channel == "email" else {}
    with held(stack):
        answer = stack.api("POST", "/messages", {"messages": [wish]}, stack.token("sends"))
        id_ = str(answer.body["results"][0]["id"])
        user_id, _, _ = id_.partition("_")
        recipient = {"user_id": user_id, "channel": channel}
        told = stack.api("POST", "/sends/check", {"recipients": [recipient]}, stack.token("sends")).body
        _claim(stack, user_id, id_, told["results"][0]["credential"])
    stack.wait_until(lambda: _shown(stack, id_)["status"] == "uncertain", "the claim to be found old")
    return id_


def _claim(stack: Stack, user_id: str, id_: str, credential: str) -> None:
    """As the worker that died left it."""
    dynamodb, table = stack.aws.dynamodb, stack.tables["messages"]
    entity = {"S": f"user#{user_id}"}
    found = dynamodb.query(
        TableName=table, KeyConditionExpression="entity = :e", ExpressionAttributeValues={":e": entity}
    )["Items"]
    [item] = [one["item"] for one in found if one["item"]["S"].endswith(id_)]
    at = (datetime.now(UTC) - timedelta(minutes=5)).isoformat(timespec="milliseconds")
    dynamodb.update_item(
        TableName=table,
        Key={"entity": entity, "item": item},
        UpdateExpression="SET at_sending = :at, credential = :credential",
        ExpressionAttributeValues={":at": {"S": at}, ":credential": {"S": credential}},
    )


def _speak(stack: Stack, channel: str, address: str) -> None:
    """Let the provider tell of a message to this address, in its log too, and wait for the raw archive."""
    began = datetime.now(UTC).replace(microsecond=0)
    if channel == "email":
        told = json.loads((SAMPLES / "ses/event-delivery.json").read_text())
        told["mail"] |= {"destination": [address], "messageId": str(uuid4()), "tags": {}}
        told["delivery"]["recipients"] = [address]
        stack.aws.sns.publish(TopicArn=stack.topics["ses"], Message=json.dumps(told))
    else:
        told = json.loads((SAMPLES / "aws_sns_sms/success.json").read_text())
        told["delivery"]["destination"] = address
        told["notification"]["messageId"] = str(uuid4())
        call = entry("aws_sns_sms", body=base64.b64encode(json.dumps(told).encode()).decode())
        stack.aws.sqs.send_message(QueueUrl=stack.queues["delivery-events"], MessageBody=json.dumps(call))
        _log(stack, json.dumps(told))
    stack.wait_until(lambda: _archived(stack, address, began), "the raw archive")


def _archived(stack: Stack, address: str, began: datetime) -> bool:
    s3, bucket = stack.aws.s3, stack.buckets["inbox"]
    pages_ = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="raw/")
    keys = [one["Key"] for page in pages_ for one in page.get("Contents", []) if one["LastModified"] >= began]
    lines = [line for key in keys for line in s3.get_object(Bucket=bucket, Key=key)["Body"].iter_lines()]
    return any(address.encode() in base64.b64decode(json.loads(line)["body"]) for line in lines)


def _log(stack: Stack, line: str) -> None:
    """Where SNS writes what became of a text."""
    group = ["--log-group-name", f"sns/{stack.region}/000000000000/DirectPublishToPhoneNumber"]
    stream = ["--log-stream-name", uuid4().hex]
    event = json.dumps([{"timestamp": int(datetime.now(UTC).timestamp() * 1000), "message": line}])
    if not _aws(stack, "describe-log-groups", "--log-group-name-prefix", group[1])["logGroups"]:
        _aws(stack, "create-log-group", *group)
    _aws(stack, "create-log-stream", *group, *stream)
    _aws(stack, "put-log-events", *group, *stream, "--log-events", event)


def _aws(stack: Stack, *arguments: str) -> dict[str, Any]:
    """A command of ``aws logs``, of which tools.aws has no client."""
    command = [str(place.command("deploy", "aws")), "logs", *arguments]
    done = subprocess.run(command, env=pages.environment(stack), capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout or "{}")
    return told
