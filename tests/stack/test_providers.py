"""Every provider on the deployed stack: a signed bounce shows on the profile, a forged one changes nothing.

A provider's first sample of a bounce is posted about a guardian of the sample district. Its times are old, so
these guardians are reset by no other test.
"""

import base64
import csv
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from reachable import providers
from reachable.model.delivery_event import DeliveryEvent
from reachable.model.status import Block
from tests.builders import change_by
from tests.stack.people import Person
from tests.unit.providers.samples import PROVIDERS, Sample, samples
from tools import place, webhook_posts, webhook_secrets
from tools.stack import Stack

WEBHOOKS: Final = [provider for provider in PROVIDERS if providers.takes_webhooks(provider)]


@dataclass(frozen=True)
class Bounce:
    """A sample with the one event in it that blocks."""

    sample: Sample
    event: DeliveryEvent


def bounce_of(provider: str) -> Bounce:
    """The first sample that blocks exactly one address and nothing more."""
    return next(_bounces(provider))


def _bounces(provider: str) -> Iterator[Bounce]:
    for one in samples(provider):
        events = providers.read(provider, one.payload, one.headers, one.query).events
        if len(events) == 1 and isinstance(change_by(events[0], datetime.now(UTC)), Block):
            yield Bounce(one, events[0])


def _district() -> list[dict[str, str]]:
    with (place.ROOT / "tools/sample_district/users.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def _guardians(kind: str) -> list[str]:
    """The addresses of guardians that nobody shares and no sample login has, in normal form."""
    column = {"email": "email", "phone": "sms"}[kind]
    rows = _district()
    values = [row[column].strip() for row in rows if row[column].strip()]
    plain = re.compile(r"[a-z.]+@example\.org" if kind == "email" else r"[()+\d .-]+")
    return [
        row["sourcedId"]
        for row in rows
        if row["role"] in {"guardian", "parent", "relative"}
        and plain.fullmatch(row[column].strip())
        and values.count(row[column].strip()) == 1
        and int(row["sourcedId"].rpartition("-")[2]) > 15
    ]


@pytest.fixture(scope="module")
def blamed(stack: Stack) -> dict[str, Person]:
    """For each provider a guardian of its own."""
    staff = stack.token("user_manager")
    left = {kind: iter(_guardians(kind)) for kind in ("email", "phone")}
    found = {}
    for provider in PROVIDERS:
        kind = _kind(bounce_of(provider))
        sourced_id = next(left[kind])
        row = next(one for one in _district() if one["sourcedId"] == sourced_id)
        answer = stack.api("POST", "/users/search", {"q": f"{row['givenName']} {row['familyName']}"}, staff)
        [user_id] = [one["id"] for one in answer.body["items"] if one["sourced_id"] == sourced_id]
        found[provider] = Person(stack, user_id)
    return found


def _kind(bounce: Bounce) -> str:
    return "email" if "@" in bounce.event.address else "phone"


def _about(bounce: Bounce, address: str) -> bytes:
    """The sample's body about somebody else, in whichever form it writes addresses."""
    old, new = (one.removeprefix("+") for one in (bounce.event.address, address))
    body = bounce.sample.payload
    for form in (old, old.replace("@", "%40")):
        written = new.replace("@", "%40") if "%40" in form else new
        body = re.sub(re.escape(form).encode(), written.encode(), body, flags=re.IGNORECASE)
    return body


@pytest.mark.parametrize("provider", WEBHOOKS)
def test_a_signed_bounce_shows_on_the_profile_and_a_forged_one_changes_nothing(
    stack: Stack, blamed: dict[str, Person], provider: str
) -> None:
    person, bounce = blamed[provider], bounce_of(provider)
    kind = _kind(bounce)
    body = _about(bounce, person.address(kind))
    told: dict[str, Any] = {
        "headers": {
            name: value for name, value in bounce.sample.headers.items() if name.lower() == "content-type"
        }
    }
    before = person.profile()["etag"]
    forged = webhook_posts.post(
        stack, provider, body, sender=webhook_secrets.KINDS[provider]().sender, **told
    )
    assert (forged.status, forged.headers["content-type"]) == (401, "application/problem+json")
    assert person.profile()["etag"] == before
    assert webhook_posts.post(stack, provider, body, **told).status == 200
    _shows(stack, person, bounce)


def _shows(stack: Stack, person: Person, bounce: Bounce) -> None:
    kind = _kind(bounce)
    shown = stack.wait_until(lambda: person.when_bad(kind), what=f"the bounce of {bounce.sample}")
    assert shown["blocks"][0]["provider"] == bounce.event.provider
    assert shown["blocks"][0]["cause"] == bounce.event.cause
    assert shown["reason"].endswith(".")
    assert person.check(bounce.event.channel)["send"] is False


def test_a_text_of_end_user_messaging_comes_by_sns(stack: Stack, blamed: dict[str, Person]) -> None:
    person, bounce = blamed["aws_sms"], bounce_of("aws_sms")
    body = _about(bounce, person.address("phone")).decode()
    told = json.loads(body)
    if "detail-type" in told:
        body = json.dumps(told["detail"])
    stack.aws.sns.publish(TopicArn=stack.topics["aws_sms"], Message=told.get("Message", body))
    _shows(stack, person, bounce)


def test_a_bounce_of_ses_comes_by_eventbridge(stack: Stack, blamed: dict[str, Person]) -> None:
    """As the rule's target has it: only AWS itself may put events of ``aws.ses`` on a bus."""
    person, bounce = blamed["ses"], bounce_of("ses")
    told = json.loads(_about(bounce, person.address("email")))
    detail = json.loads(told["Message"]) if "Message" in told else told.get("detail", told)
    event = {"source": "aws.ses", "detail-type": "Email Bounced", "detail": detail}
    stack.aws.sqs.send_message(QueueUrl=stack.queues["delivery-events"], MessageBody=json.dumps(event))
    _shows(stack, person, bounce)


def test_the_sms_log_of_sns_comes_by_its_subscription_filter(stack: Stack, blamed: dict[str, Person]) -> None:
    person, bounce = blamed["aws_sns_sms"], bounce_of("aws_sns_sms")
    line = _about(bounce, person.address("phone")).decode()
    told = {
        "messageType": "DATA_MESSAGE",
        "logEvents": [{"id": "1", "timestamp": int(datetime.now(UTC).timestamp() * 1000), "message": line}],
    }
    data = base64.b64encode(gzip.compress(json.dumps(told).encode())).decode()
    stack.aws.functions.invoke(
        FunctionName=stack.functions["sms_log"], Payload=json.dumps({"awslogs": {"data": data}})
    )
    _shows(stack, person, bounce)
