"""The providers' accounts: heard, set up, and how their releases go, through the functions that note it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import boto3
import pytest

from functions.delivery_events.app import handler as delivery_events
from functions.profiles.app import handler as profiles
from functions.reactions.app import handler as reactions
from functions.reset.app import handler as resets
from reachable import aws as clients
from reachable.flows import apply
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Kind
from reachable.model.provider_account import Happened, Happening
from reachable.model.upstream import Hindrance, Upstream, UpstreamState
from reachable.secrets import account_names, webhooks
from reachable.store import dynamodb, provider_accounts
from reachable.store.credentials import upstream as stored
from tests.builders import clock, delivery_event, text_event
from tests.functions import district, wire
from tests.functions.api import call
from tests.functions.clocks import later
from tests.functions.district import ADA, CONTEXT
from tests.functions.lists import Lists, served
from tools.stand_ins.stand_in import Ordered

pytestmark = pytest.mark.usefixtures("at_nine")

EMAIL: Final = ADA.credentials[CredentialKind.EMAIL]
PHONE: Final = ADA.credentials[CredentialKind.PHONE]
NOTHING: Final = {
    "released_at": None,
    "refused_at": None,
    "refused_because": None,
    "unknown_at": None,
    "unknown_because": None,
    "waiting": 0,
    "paused_until": None,
    "denied": False,
}


@pytest.fixture
def lists(aws: None) -> Iterator[Lists]:
    boto3.client("sqs").create_queue(QueueName="reactions")
    with served() as known:
        yield known


def shown() -> list[dict[str, Any]]:
    account_names.forget()
    items: list[dict[str, Any]] = call(profiles, "GET", "/providers", district.manager()).body["items"]
    return items


def account(provider: str, name: str = "default") -> dict[str, Any]:
    [told] = [one for one in shown() if (one["provider"], one["account"]) == (provider, name)]
    return told


def ses(kind: str, received: str, **told: Any) -> dict[str, Any]:
    """A notification, by SNS and the queue: no webhook is posted."""
    notification = {
        "notificationType": kind,
        "mail": {
            "timestamp": clock("08:00").isoformat(),
            "messageId": "m1",
            "destination": ["ada@example.org"],
        },
    } | told
    envelope = {
        "Type": "Notification",
        "Message": json.dumps(notification),
        "Timestamp": clock(received).isoformat(),
    }
    return record(json.dumps(envelope))


def bounce(received: str) -> dict[str, Any]:
    recipients = [{"emailAddress": "ada@example.org"}]
    told = {"bounceType": "Permanent", "bounceSubType": "NoEmail", "bouncedRecipients": recipients}
    return ses(
        "Bounce",
        received,
        bounce=told | {"timestamp": clock("08:01").isoformat(), "feedbackId": received},
    )


def delivery(received: str) -> dict[str, Any]:
    told = {"timestamp": clock("08:01").isoformat(), "recipients": ["ada@example.org"]}
    return ses("Delivery", received, delivery=told)


def record(body: str) -> dict[str, Any]:
    return {
        "messageId": "1",
        "body": body,
        "eventSource": "aws:sqs",
        "attributes": {"SentTimestamp": str(int(clock("09:00").timestamp() * 1000))},
    }


def receive(*records: dict[str, Any]) -> dict[str, Any]:
    return dict(delivery_events({"Records": list(records)}, CONTEXT))


def put_webhook_secret(provider: str, name: str = "default") -> None:
    boto3.client("ssm").put_parameter(
        Name=f"{webhooks.PREFIX}/{provider}/{name}", Value='{"secrets": ["hush"]}', Type="SecureString"
    )


# Heard


def test_who_posts_no_webhook_is_heard_by_the_queue() -> None:
    receive(delivery("08:30"), bounce("08:31"))
    assert shown() == [
        {
            "provider": "ses",
            "account": "default",
            "name": "Amazon SES",
            "webhook": "none",
            "upstream": "missing",
            "heard_at": "2026-09-14T08:31:00.999000Z",
            "bounced_at": "2026-09-14T08:31:00.999000Z",
            "releases": NOTHING,
        }
    ]
    receive(delivery("08:40"))
    told = account("ses")
    assert (told["heard_at"], told["bounced_at"]) == (
        "2026-09-14T08:40:00.999000Z",
        "2026-09-14T08:31:00.999000Z",
    )


def test_what_comes_late_moves_nothing_back_in_whatever_process() -> None:
    now = clock("09:00")
    for at in ("08:40", "08:10", "08:41"):
        provider_accounts.note("ses", "default", Happening.HEARD, Happened(clock(at)), now)
    assert account("ses")["heard_at"] == "2026-09-14T08:41:00Z"


def test_a_process_writes_once_a_minute_however_many_come() -> None:
    with wire.overheard(dynamodb.client_of_one_attempt(), "UpdateItem") as asked:
        for _ in range(3):
            receive(bounce("08:30"), bounce("08:30"))
        receive(delivery("08:31"))
    written = [one for one in asked if one["Key"]["entity"] == {"S": "providers"}]
    assert [one["ExpressionAttributeNames"]["#what"] for one in written] in (
        ["heard", "bounced", "heard"],
        ["bounced", "heard", "heard"],
    )


def test_what_could_not_be_noted_fails_nothing() -> None:
    with wire.cut_off(dynamodb.client_of_one_attempt(), "UpdateItem"):
        assert receive(bounce("08:30")) == {"batchItemFailures": []}
    assert shown() == []
    receive(bounce("08:30"))
    assert account("ses")["heard_at"] == "2026-09-14T08:30:00.999000Z"


def test_what_cannot_be_read_or_tells_of_nobody_is_not_heard() -> None:
    receive(record("no json"))
    assert shown() == []


# Set up


def test_an_account_with_a_secret_is_shown_before_it_is_heard_and_no_secret_is(lists: Lists) -> None:
    put_webhook_secret("sendgrid", "north")
    put_webhook_secret("twilio")
    lists.set_up("sendgrid")
    assert [(one["provider"], one["account"], one["webhook"], one["upstream"]) for one in shown()] == [
        ("sendgrid", "default", "missing", "set_up"),
        ("sendgrid", "north", "set_up", "missing"),
        ("twilio", "default", "set_up", "none"),
    ]
    assert "hush" not in json.dumps(shown())


def test_a_name_that_is_no_provider_s_is_left_out() -> None:
    put_webhook_secret("sendgird")
    assert shown() == []


def test_where_ssm_does_not_answer_nobody_can_tell() -> None:
    with wire.cut_off(clients.client("ssm", attempts=2, read_seconds=2), "DescribeParameters"):
        assert call(profiles, "GET", "/providers", district.manager()).status == 503


# Released


def reset_and_react() -> None:
    apply.events([delivery_event(sent_at=clock("08:00"), occurred_at=clock("08:01"))], clock("08:02"))
    call(resets, "POST", f"/users/{ADA.id}/reset", district.manager(), {})
    react()


def react(of: Credential = EMAIL) -> None:
    body = json.dumps({"credential": str(of)})
    told = {"messageId": "1", "body": body, "eventSource": "aws:sqs", "attributes": {}}
    reactions({"Records": [told]}, CONTEXT)


def test_a_release_is_noted(lists: Lists) -> None:
    lists.set_up("ses")
    reset_and_react()
    assert account("ses")["releases"] == NOTHING | {"released_at": "2026-09-14T09:00:00Z"}


def test_an_account_that_does_not_answer_says_until_when_and_how_many_wait(lists: Lists) -> None:
    lists.set_up("sendgrid")
    lists["sendgrid"].ordered = [Ordered(503)]
    reset_and_react()
    told = account("sendgrid")["releases"]
    assert (told["waiting"], told["denied"], told["unknown_at"]) == (1, False, None)
    assert told["paused_until"] is not None
    later(hours=1)
    react()
    told = account("sendgrid")["releases"]
    assert (told["waiting"], told["paused_until"]) == (0, None)
    assert told["released_at"] is not None


def test_a_key_that_is_refused_is_told_with_why(lists: Lists) -> None:
    lists.set_up("sendgrid", key="wrong")
    reset_and_react()
    told = account("sendgrid")["releases"]
    assert (told["unknown_at"], told["unknown_because"]) == ("2026-09-14T09:00:00Z", "not_set_up")
    assert (told["waiting"], told["denied"]) == (1, True)


def test_a_reset_that_looks_for_start_ends_the_wait(lists: Lists) -> None:
    lists.set_up("aws_sms")
    again = clock("10:00")
    stored.learn(
        PHONE,
        Upstream(provider="aws_sms", state=UpstreamState.RELEASING, at=clock("08:00"), retry_after=again),
    )
    provider_accounts.wait("aws_sms", "default", PHONE, again)
    stop = text_event(provider="aws_sms", kind=Kind.OPTED_OUT, cause=Cause.OPT_OUT, permanence=None)
    apply.events([stop], clock("08:30"))
    assert account("aws_sms")["releases"]["waiting"] == 1
    call(resets, "POST", f"/users/{ADA.id}/reset", district.manager(), {"credentials": ["phone"]})
    assert account("aws_sms")["releases"]["waiting"] == 0


def test_who_waits_is_counted_once_and_not_for_ever() -> None:
    now = clock("09:00")
    for _ in range(2):
        provider_accounts.wait("brevo", "default", EMAIL, now)
    provider_accounts.wait("brevo", "north", EMAIL, now)
    assert provider_accounts.waiting("brevo", "default", now) == 1
    assert provider_accounts.waiting("brevo", "default", now + timedelta(days=1)) == 0
    provider_accounts.wait_no_more("brevo", "default", EMAIL)
    assert provider_accounts.waiting("brevo", "default", now) == 0


def test_who_cannot_be_released_is_told_with_why() -> None:
    refused = Happened(clock("08:00"), Hindrance.SUPPORT)
    provider_accounts.note("mailjet", "default", Happening.REFUSED, refused, clock("09:00"))
    told = account("mailjet")
    assert (told["webhook"], told["upstream"]) == ("missing", "none")
    assert told["releases"] == NOTHING | {"refused_at": "2026-09-14T08:00:00Z", "refused_because": "support"}
