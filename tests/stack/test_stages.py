"""Two stages of one district in one account: neither sees what is told to the other."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

import pytest

from tools import deploy, place, webhook_posts
from tools import stack as stacks
from tools.stack import Stack

_OTHER: Final = "other"


@pytest.fixture(scope="module")
def other(stack: Stack) -> Iterator[Stack]:
    """A second stage, deployed beside the first from the same build."""
    state = place.state()
    deploy.deploy_stage(_OTHER, state, TransientBounceLimit="2")
    yield stacks.describe(state, f"reachable-{_OTHER}")
    stack.aws.cloudformation.delete_stack(StackName=f"reachable-{_OTHER}")


def _address() -> str:
    return f"{uuid4().hex}@stages.example.org"


def _goes(stack: Stack, address: str) -> bool:
    """Whether the stage's gate lets mail to an address go, asked by a direct invoke."""
    asked = {"recipients": [{"credential": f"email:{address}", "channel": "email"}]}
    payload = json.dumps({"as": "test", "route": "POST /sends/check", "body": asked})
    answer = stack.aws.functions.invoke(FunctionName=stack.functions["sends"], Payload=payload)
    told: dict[str, Any] = json.loads(answer["Payload"].read())
    return bool(json.loads(told["body"])["results"][0]["send"])


def _told(stack: Stack, address: str) -> None:
    """Wait until the stage knows of a bounce."""
    stack.wait_until(lambda: None if _goes(stack, address) else True, what="the bounce")


def test_nothing_of_the_two_has_one_name(stack: Stack, other: Stack) -> None:
    for kind in ("tables", "queues", "topics", "buckets", "functions", "state_machines", "clients"):
        first, second = getattr(stack, kind), getattr(other, kind)
        assert first.keys() >= second.keys() > set()  # the first has a receiver of events, too
        assert not {*first.values()} & {*second.values()}, kind
    assert stack.api_url != other.api_url
    name = f"/reachable/{_OTHER}/credentials-table"
    assert stack.aws.ssm.get_parameter(Name=name)["Parameter"]["Value"] == other.tables["credentials"]


def test_a_bounce_told_to_one_topic_is_unseen_by_the_other_stage(stack: Stack, other: Stack) -> None:
    to_first, to_second = _address(), _address()
    for stage, address in ((stack, to_first), (other, to_second)):
        message = webhook_posts.ses_bounce(address, datetime.now(UTC))
        stage.aws.sns.publish(TopicArn=stage.topics["ses"], Message=message)
    _told(stack, to_first)
    _told(other, to_second)
    assert (_goes(other, to_first), _goes(stack, to_second)) == (True, True)


def test_a_stage_that_counts_transient_bounces_is_closed_by_the_second(stack: Stack, other: Stack) -> None:
    address, marker = _address(), _address()

    def bounce(stage: Stack) -> None:
        message = json.loads(webhook_posts.ses_bounce(address, datetime.now(UTC)))
        message["bounce"] |= {"bounceType": "Transient", "bounceSubType": "MailboxFull"}
        stage.aws.sns.publish(TopicArn=stage.topics["ses"], Message=json.dumps(message))

    bounce(stack)
    _told(stack, address)
    bounce(other)
    permanent = webhook_posts.ses_bounce(marker, datetime.now(UTC))
    other.aws.sns.publish(TopicArn=other.topics["ses"], Message=permanent)
    _told(other, marker)  # by then the first has been heard, too
    assert _goes(other, address)
    bounce(other)
    _told(other, address)


def test_each_stage_sends_with_a_configuration_set_of_its_own(stack: Stack, other: Stack) -> None:
    functions = stack.aws.functions
    named = {
        functions.get_function_configuration(FunctionName=stage.functions["dispatch"])["Environment"][
            "Variables"
        ]["SES_CONFIGURATION_SET"]
        for stage in (stack, other)
    }
    assert named == {f"reachable-{place.NAME}", f"reachable-{_OTHER}"}


def test_no_rule_of_either_takes_what_the_account_s_bus_tells_of_everybody(
    stack: Stack, other: Stack
) -> None:
    """Nobody but AWS may put an event of ``aws.ses`` on the bus, so the rules themselves are looked at."""
    assert stack.api_url != other.api_url
    rules = stack.aws.events.list_rules()["Rules"]
    of_ses = [rule["State"] for rule in rules if "aws.ses" in rule.get("EventPattern", "")]
    assert of_ses == ["DISABLED", "DISABLED"]
    assert not [rule for rule in rules if "aws.sms-voice" in rule.get("EventPattern", "")]


def test_a_webhook_secret_is_of_one_stage(stack: Stack, other: Stack) -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": "+13035550100"}
    assert webhook_posts.twilio(stack, fields).status == HTTPStatus.OK
    url = stack.webhooks["twilio"]["url"].replace(stack.api_url, other.api_url)
    assert stack.call("POST", url, b"MessageSid=SM1", {}).status == HTTPStatus.NOT_FOUND
