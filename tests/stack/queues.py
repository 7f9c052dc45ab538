"""What stands on the queues, and who works them off."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Ear:
    """A queue of a test's own, which may hear of what other tests did, too."""

    stack: Stack
    url: str
    _heard: list[str] = field(default_factory=list)

    def heard(self) -> Sequence[str]:
        """The bodies of all that has come so far, the oldest first."""
        sqs = self.stack.aws.sqs
        while messages := sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=1
        ).get("Messages"):
            for message in messages:
                self._heard.append(message["Body"])
                sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return self._heard

    def of(self, text: str) -> str | None:
        """The first that has this text, once it has come."""
        return next((body for body in self.heard() if text in body), None)


@contextmanager
def alarms(stack: Stack) -> Iterator[Ear]:
    """Hear what is told to the topic of alarms."""
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
        yield Ear(stack, url)
    finally:
        stack.aws.sns.unsubscribe(SubscriptionArn=listens)
        sqs.delete_queue(QueueUrl=url)


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
