"""What stands on the queues, and who works them off."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from tools import place
from tools.stack import Stack

SAMPLES: Final = place.ROOT / "tests/samples"
"""What providers say, a folder each."""


def entry(provider: str, **body: str) -> dict[str, Any]:
    """What ``webhooks`` puts on the queue."""
    received = {"received_at": datetime.now(UTC).isoformat(), "account": None, "method": "POST", "url": ""}
    headers = {"content-type": "application/x-www-form-urlencoded"} if provider == "twilio" else {}
    return {"provider": provider, "query": "", "headers": headers, **received, **body}


@contextmanager
def alarms(stack: Stack) -> Iterator[str]:
    """A queue that hears what is told to the topic of alarms."""
    topic, sqs = stack.topics["alarms"], stack.aws.sqs
    url = sqs.create_queue(QueueName=f"alarms-{uuid4().hex}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    may_fill = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may_fill]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    listens = stack.aws.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)["SubscriptionArn"]
    try:
        yield url
    finally:
        stack.aws.sns.unsubscribe(SubscriptionArn=listens)
        sqs.delete_queue(QueueUrl=url)


def told(stack: Stack, url: str, *texts: str) -> str | None:
    """What a queue has of these texts, if it has come; it may hear of what other tests did, too."""
    answer = stack.aws.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
    bodies = [str(message["Body"]) for message in answer.get("Messages", [])]
    return next((body for body in bodies if all(text in body for text in texts)), None)


@contextmanager
def held(stack: Stack) -> Iterator[None]:
    """Nothing is sent meanwhile."""
    functions = stack.aws.functions
    sources = functions.list_event_source_mappings(FunctionName=stack.functions["dispatch"])[
        "EventSourceMappings"
    ]
    for source in sources:
        functions.update_event_source_mapping(UUID=source["UUID"], Enabled=False)
    try:
        yield
    finally:
        for source in sources:
            functions.update_event_source_mapping(UUID=source["UUID"], Enabled=True)
