"""The delivery_events function: from a queue message to a status, whatever comes twice, late or broken."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from functions.delivery_events.app import handler
from reachable.log import metrics
from reachable.model.credential import Credential, CredentialKind
from reachable.model.status import Lift, Lifting, mark
from reachable.queues import delivery_events
from reachable.rules import status as status_rules
from reachable.store import dynamodb, groups
from reachable.store.credentials import history, registers
from tests.builders import clock
from tests.functions.wire import cut_off

pytestmark = pytest.mark.usefixtures("aws")

ADA = Credential(CredentialKind.EMAIL, "ada@example.org")
PHONE = Credential(CredentialKind.PHONE, "+12025550123")


def ses_bounce(
    *,
    sent: str = "09:00",
    at: str = "09:01",
    feedback: str = "f1",
    recipients: tuple[str, ...] = ("ada@example.org",),
) -> dict[str, Any]:
    return {
        "notificationType": "Bounce",
        "mail": {"timestamp": clock(sent).isoformat(), "messageId": "m1", "destination": list(recipients)},
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "NoEmail",
            "timestamp": clock(at).isoformat(),
            "feedbackId": feedback,
            "bouncedRecipients": [{"emailAddress": one} for one in recipients],
        },
    }


def twilio(form: str, received: str = "09:05") -> str:
    return posted("twilio", form.encode(), received)


def posted(provider: str, body: bytes, received: str = "09:05") -> str:
    return json.dumps(
        {
            "provider": provider,
            "account": None,
            "method": "POST",
            "url": f"/webhooks/{provider}",
            "query": "",
            "headers": {"content-type": "application/x-www-form-urlencoded"},
            "received_at": clock(received).isoformat(),
            "body": base64.b64encode(body).decode(),
        }
    )


@dataclass
class Context:
    function_name: str = "delivery_events"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:delivery_events"
    aws_request_id: str = "1"

    def get_remaining_time_in_millis(self) -> int:
        return 10_000


def deliver(*bodies: dict[str, Any] | str, received: str = "09:05") -> list[str]:
    """The message ids that failed."""
    records = [
        {
            "messageId": str(number),
            "receiptHandle": "r",
            "body": body if isinstance(body, str) else json.dumps(body),
            "attributes": {"SentTimestamp": str(int(clock(received).timestamp() * 1000))},
            "messageAttributes": {},
            "md5OfBody": "",
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:delivery-events",
            "awsRegion": "us-east-1",
        }
        for number, body in enumerate(bodies)
    ]
    answer = handler({"Records": records}, Context())
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def in_force(credential: Credential) -> list[str]:
    return [
        str(block.register) for block in status_rules.blocks(registers.statuses([credential])[credential])
    ]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda body: body,
        lambda body: {"Type": "Notification", "MessageId": "1", "Message": json.dumps(body)},
        lambda body: {
            "source": "aws.ses",
            "detail-type": "Email Bounced",
            "detail": body | {"eventType": "Bounce"},
        },
        lambda body: {
            ("eventType" if name == "notificationType" else name): value for name, value in body.items()
        },
    ],
    ids=["raw", "sns", "eventbridge", "configuration set"],
)
def test_a_bounce_makes_the_credential_bad_however_it_comes(wrap: Any) -> None:
    assert deliver(wrap(ses_bounce())) == []
    assert in_force(ADA) == ["bounce@email"]
    (item,) = history.of(ADA)
    assert (item.provider, item.occurred_at, item.sent_at) == ("ses", clock("09:01"), clock("09:00"))


def test_an_event_that_comes_50_times_counts_once() -> None:
    for _ in range(5):
        assert deliver(*[ses_bounce()] * 10) == []
    assert len(history.of(ADA)) == 1


def test_a_late_bounce_of_a_message_from_before_the_reset_does_not_block_again() -> None:
    deliver(ses_bounce())
    registers.move(ADA, Lifting(Lift.STAFF, mark(clock("10:00"), history.of(ADA)[0].hex)))
    assert in_force(ADA) == []
    deliver(ses_bounce(sent="09:30", at="11:00", feedback="f2"), received="11:05")
    assert in_force(ADA) == []
    assert len(history.of(ADA)) == 2
    deliver(ses_bounce(sent="10:30", at="11:00", feedback="f3"), received="11:05")
    assert in_force(ADA) == ["bounce@email"]


def test_an_event_without_a_time_counts_from_when_it_was_first_received() -> None:
    """A repeat after the reset must not count from its own arrival."""
    form = "MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30005&To=%2B12025550123"
    deliver(twilio(form, received="09:05"))
    assert in_force(PHONE) == ["bounce@phone"]
    registers.move(PHONE, Lifting(Lift.STAFF, mark(clock("10:00"), history.of(PHONE)[0].hex)))
    deliver(twilio(form, received="11:00"))
    assert in_force(PHONE) == []


def test_every_recipient_that_a_bounce_names_is_blamed() -> None:
    deliver(ses_bounce(recipients=("ada@example.org", "bo@example.org")))
    assert in_force(ADA) == in_force(Credential(CredentialKind.EMAIL, "bo@example.org")) == ["bounce@email"]


def test_one_bad_record_fails_alone() -> None:
    assert deliver("no JSON", ses_bounce(), {"what": "ever"}) == ["0", "2"]
    assert in_force(ADA) == ["bounce@email"]


def test_what_could_be_read_of_a_broken_body_is_applied_before_it_fails() -> None:
    broken = ses_bounce()
    broken["bounce"]["bouncedRecipients"].append("no object")
    assert deliver(broken) == ["0"]
    assert in_force(ADA) == ["bounce@email"]
    assert deliver(broken) == ["0"]
    assert len(history.of(ADA)) == 1


def test_a_crash_between_history_and_status_is_mended_by_the_repeat() -> None:
    with cut_off(dynamodb.client(), "UpdateItem", '"credentials"'):
        assert deliver(ses_bounce()) == ["0"]
    assert (len(history.of(ADA)), in_force(ADA)) == (1, [])
    assert deliver(ses_bounce(), received="12:00") == []
    assert in_force(ADA) == ["bounce@email"]


def test_stop_closes_texts_and_start_opens_them() -> None:
    deliver(twilio("MessageSid=SM2&SmsStatus=received&From=%2B12025550123&Body=STOP", received="09:05"))
    assert in_force(PHONE) == ["opt_out@sms"]
    deliver(twilio("MessageSid=SM3&SmsStatus=received&From=%2B12025550123&Body=Start", received="09:06"))
    assert in_force(PHONE) == []
    kinds = [item.kind.value for item in history.of(PHONE)]
    assert kinds == ["opted_in", "opted_out"]


def test_a_large_body_is_read_from_the_bucket() -> None:
    boto3.client("s3").put_object(
        Bucket="inbox",
        Key="webhooks/1",
        Body=b"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30006&To=%2B12025550123",
    )
    message = json.loads(twilio("")) | {"inbox": "webhooks/1"}
    del message["body"]
    assert deliver(message) == []
    assert in_force(PHONE) == ["bounce@sms"]


def test_a_provider_s_clock_that_runs_ahead_does_not_block_for_ever() -> None:
    deliver(ses_bounce(sent="23:00"), received="09:05")
    registers.move(
        ADA, Lifting(Lift.STAFF, mark(clock("09:05") + timedelta(seconds=1), history.of(ADA)[0].hex))
    )
    assert in_force(ADA) == []


def test_deliveries_leave_no_trace_on_the_credential() -> None:
    deliver(twilio("MessageSid=SM1&MessageStatus=delivered&To=%2B12025550123"))
    assert history.of(PHONE) == []


def archived() -> dict[str, list[dict[str, Any]]]:
    s3 = boto3.client("s3")
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket="inbox", Prefix="raw/").get("Contents", [])]
    return {
        key: [json.loads(line) for line in s3.get_object(Bucket="inbox", Key=key)["Body"].read().splitlines()]
        for key in keys
    }


def test_the_raw_bodies_of_a_batch_are_kept_as_one_object_that_the_history_names() -> None:
    """A mended dialect replays them: an entry of the archive is an entry of the queue."""
    deliver(ses_bounce(), twilio("MessageSid=SM1&MessageStatus=delivered&To=%2B12025550123"), "no JSON")
    ((key, lines),) = archived().items()
    assert key.startswith("raw/2026/09/14/")
    assert [line["provider"] for line in lines] == ["ses", "twilio"]
    assert history.of(ADA)[0].raw == key
    assert deliver(json.dumps(lines[0])) == []
    assert len(history.of(ADA)) == 1


def test_without_retention_nothing_raw_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_events, "RAW_RETENTION_DAYS", 0)
    deliver(ses_bounce())
    assert archived() == {}
    assert history.of(ADA)[0].raw is None


def test_a_large_body_that_is_gone_fails_alone() -> None:
    message = json.loads(twilio("")) | {"inbox": "webhooks/gone"}
    del message["body"]
    assert deliver(message, ses_bounce()) == ["0"]
    assert in_force(ADA) == ["bounce@email"]


def test_one_malformed_entry_of_many_costs_itself_alone() -> None:
    def entry(number: int, word: object) -> dict[str, Any]:
        address = f"p{number}@example.org"
        return {
            "email": address,
            "event": word,
            "sg_event_id": address,
            "timestamp": clock("09:00").timestamp(),
            "type": "bounce",
        }

    entries = [entry(number, [] if number == 7 else "bounce") for number in range(60)]
    assert deliver(posted("sendgrid", json.dumps(entries).encode())) == ["0"]
    found = registers.statuses(Credential(CredentialKind.EMAIL, f"p{n}@example.org") for n in range(60))
    still_good = [one.address for one, status in found.items() if not status_rules.blocks(status)]
    assert still_good == ["p7@example.org"]


# One that fails takes no other with it; what only counts fails nothing


@pytest.fixture
def refuse() -> Iterator[Callable[[str], None]]:
    """Let the wire refuse each write to DynamoDB in which a text stands, as a throttled partition does."""
    events, hooks = dynamodb.client().meta.events, []

    def make(text: str) -> None:
        def hook(model: Any, params: dict[str, Any], **_: Any) -> None:
            if model.name in {"PutItem", "UpdateItem"} and text in str(params["body"]):
                raise EndpointConnectionError(endpoint_url="dynamodb")

        hooks.append(hook)
        events.register_first("before-call.dynamodb", hook)

    yield make
    for hook in hooks:
        events.unregister("before-call.dynamodb", hook)


def bounces(count: int, **first: Any) -> str:
    entries: list[dict[str, Any]] = [
        {
            "event": "bounce",
            "type": "bounce",
            "email": f"p{number}@example.org",
            "timestamp": int(clock("09:00").timestamp()),
            "sg_message_id": f"m{number}.x",
            "sg_event_id": f"e{number}",
            "status": "5.1.1",
            "reason": "550 5.1.1",
        }
        for number in range(count)
    ]
    entries[0] |= first
    return posted("sendgrid", json.dumps(entries).encode())


def closed(count: int) -> list[int]:
    wanted = {Credential(CredentialKind.EMAIL, f"p{number}@example.org"): number for number in range(count)}
    found = registers.statuses(wanted)
    return sorted(wanted[one] for one, status in found.items() if status_rules.blocks(status))


def test_one_event_that_cannot_be_written_cancels_none_of_its_neighbours(refuse: Any) -> None:
    refuse("email:p0@example.org")
    assert deliver(bounces(60)) == ["0"]
    assert closed(60) == list(range(1, 60))


def test_an_id_of_any_length_is_an_id() -> None:
    """A key of DynamoDB takes 2,048 bytes."""
    assert deliver(bounces(2, sg_message_id="x" * 5000, sg_event_id="y" * 5000)) == []
    assert closed(2) == [0, 1]


def test_a_bucket_that_does_not_answer_delays_no_block() -> None:
    boto3.client("s3").delete_bucket(Bucket="inbox")
    assert deliver(ses_bounce()) == []
    assert in_force(ADA) == ["bounce@email"]


def test_a_count_that_cannot_be_written_fails_nothing(refuse: Any) -> None:
    refuse("batch#")
    assert deliver(ses_bounce()) == []
    assert in_force(ADA) == ["bounce@email"]


def test_counts_do_not_grow_with_what_they_count() -> None:
    """After 100,000 bounces of one sender in one hour the item is as small as after one."""
    sizes = []
    for number in (1, 99_999):
        for _ in range(20):
            groups.count("sender:ses", "2026-09-14T09", {"bounced_for_good": number}, clock("09:30"))
        items = dynamodb.client().scan(TableName="messages")["Items"]
        sizes.append(max(len(json.dumps(item)) for item in items))
    assert sum(int(item["bounced_for_good"]["N"]) for item in items) == 2_000_000
    assert len(items) <= groups.SHARDS
    assert sizes[1] - sizes[0] < 10
    assert sizes[1] < 300


TOO_LARGE = {"bounceType": "Transient", "bounceSubType": "MessageTooLarge"}


def test_the_sender_s_fault_stands_in_nobody_s_history() -> None:
    fault = ses_bounce() | {"bounce": ses_bounce()["bounce"] | TOO_LARGE}
    assert deliver(fault) == []
    assert (in_force(ADA), history.of(ADA)) == ([], [])


def counted(printed: str, name: str) -> list[dict[str, Any]]:
    """The metrics of a name, each with its dimensions (CloudWatch's embedded metric format)."""
    lines = [json.loads(line) for line in printed.splitlines() if f'"{name}"' in line]
    return [{key: value for key, value in line.items() if key not in {"_aws", "service"}} for line in lines]


def test_what_is_counted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A code that no table has by provider and code; the sender's faults; blocks and events, each once."""
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "false")
    metrics.clear_metrics()  # what tests before this one counted, and printed nowhere
    unlisted = "MessageSid=SM9&MessageStatus=undelivered&ErrorCode=39999&To=%2B12025550123"
    fault = ses_bounce(feedback="f2") | {"bounce": ses_bounce()["bounce"] | TOO_LARGE}
    assert deliver(twilio(unlisted), fault, ses_bounce()) == []
    printed = capsys.readouterr().out
    by_code, in_all = sorted(counted(printed, "UnlistedCodes"), key=len)
    assert by_code == {"provider": "twilio", "code": "39999", "UnlistedCodes": [1.0]}
    for name, values in {
        "UnlistedCodes": [1.0],
        "DeliveryEventsApplied": [1.0, 1.0, 1.0],
        "CredentialsBlocked": [1.0, 0.0, 1.0],
        "FaultsOfTheSender": [0.0, 1.0, 0.0],
    }.items():
        assert in_all[name] == values
