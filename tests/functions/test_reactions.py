"""After a reset: released at the providers, through the function, its stream and its queue."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from functions.profiles.app import handler as profiles
from functions.reactions.app import handler
from functions.reset.app import handler as resetting
from reachable import aws as clients
from reachable.flows import apply, release
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, Kind
from reachable.model.history import HistoryKind
from reachable.model.status import LOWEST_HEX, Lift, Lifting, mark
from reachable.model.upstream import Hindrance, UpstreamState
from reachable.store.credentials import history, holders, registers
from tests.builders import clock, delivery_event, text_event
from tests.functions import aftermath, district, wire
from tests.functions.api import Answer, call
from tests.functions.clocks import later
from tests.functions.district import ADA, Context
from tests.functions.lists import Lists, served
from tools.stand_ins.stand_in import Ordered

pytestmark = pytest.mark.usefixtures("at_nine")

EMAIL = ADA.credentials[CredentialKind.EMAIL]
PHONE = ADA.credentials[CredentialKind.PHONE]
SUPPRESSED = {"cause": Cause.PROVIDER_SUPPRESSED}
CONSENT = {"from": "Ada", "how": "by phone"}
YESTERDAY = 1789300800  # 2026-09-13 12:00 UTC


@pytest.fixture
def lists(aws: None) -> Iterator[Lists]:
    boto3.client("sqs").create_queue(QueueName="reactions")
    with served() as known, wire.overheard(clients.client("sqs"), "SendMessage") as sent:
        _queue.sent = sent
        yield known


def bounced(**event: Any) -> None:
    apply.events([delivery_event(**event)], datetime.now(UTC))


def reset(**body: Any) -> Answer:
    return call(resetting, "POST", f"/users/{ADA.id}/reset", district.manager(), body)


def shown(kind: str = "email") -> dict[str, Any]:
    answer = call(profiles, "GET", f"/users/{ADA.id}", district.manager())
    return next(one for one in answer.body["credentials"] if one["kind"] == kind)


def guided() -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body[
        "guidance"
    ]
    return told


def guided_of(code: str) -> list[dict[str, Any]]:
    return [one for one in guided() if one["code"] == code]


def stream(*keys: str, event: str = "INSERT", kind: str = "reset") -> dict[str, Any]:
    """Records of the table's stream: a history item of each credential."""
    return {
        "Records": [
            {
                "eventID": key,
                "eventName": event,
                "eventSource": "aws:dynamodb",
                "dynamodb": {
                    "Keys": {"credential": {"S": key}, "item": {"S": "event#1"}},
                    "NewImage": {"credential": {"S": key}, "kind": {"S": kind}},
                },
            }
            for key in keys
        ]
    }


def queued() -> list[dict[str, Any]]:
    """What was put on the queue since this was asked last."""
    bodies = [json.loads(asked["MessageBody"]) for asked in _queue.sent]
    _queue.sent.clear()
    return bodies


def delays() -> list[int]:
    """For how many seconds it is to wait there."""
    return [asked["DelaySeconds"] for asked in _queue.sent]


class _Queue:
    sent: list[dict[str, Any]]


_queue = _Queue()


def react(*bodies: str) -> dict[str, Any]:
    records = [
        {"messageId": str(i), "body": body, "eventSource": "aws:sqs", "attributes": {}}
        for i, body in enumerate(bodies)
    ]
    return dict(handler({"Records": records}, Context()))


def reacted(credential: Credential = EMAIL) -> None:
    """The message of a reset is worked off."""
    assert react(json.dumps({"credential": str(credential)})) == {"batchItemFailures": []}


def told(credential: Credential = EMAIL) -> list[tuple[str, str, Hindrance | None]]:
    """What the history tells of releases, the oldest first."""
    kinds = {
        HistoryKind.RELEASED,
        HistoryKind.RELEASING,
        HistoryKind.RELEASE_REFUSED,
        HistoryKind.RELEASE_UNKNOWN,
    }
    items = [item for item in history.of(credential) if item.kind in kinds]
    items.sort(key=lambda item: (item.occurred_at, item.provider))
    return [(item.provider, item.kind.value, item.hindrance) for item in items]


def lifted(credential: Credential = EMAIL) -> set[Lift]:
    return set(registers.statuses([credential])[credential].lifted)


def alarms() -> list[str]:
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="alarms")["QueueUrl"]
    return [
        json.loads(message["Body"])["Subject"]
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    ]


# The stream


def test_a_reset_in_the_stream_is_queued_by_its_credential_alone(lists: Lists) -> None:
    assert handler(stream(str(EMAIL), str(PHONE)), Context()) == {"batchItemFailures": []}
    assert sorted(one["credential"] for one in queued()) == [str(EMAIL), str(PHONE)]


@pytest.mark.parametrize(("event", "kind"), [("INSERT", "bounced"), ("MODIFY", "reset"), ("REMOVE", "reset")])
def test_what_is_no_reset_is_left_alone(lists: Lists, event: str, kind: str) -> None:
    handler(stream(str(EMAIL), event=event, kind=kind), Context())
    assert queued() == []


@pytest.mark.parametrize(
    "poison",
    [
        {},
        {"dynamodb": None},
        {"dynamodb": {"NewImage": 7}},
        {"dynamodb": {"NewImage": {"kind": {"S": "reset"}}}},
    ],
)
def test_a_poisoned_record_stops_nobody_elses_and_ends_as_a_dead_letter(
    lists: Lists, poison: dict[str, Any]
) -> None:
    records = stream(str(EMAIL))
    records["Records"].insert(0, {"eventSource": "aws:dynamodb", "eventName": "INSERT", **poison})
    assert handler(records, Context()) == {"batchItemFailures": []}
    bodies = queued()
    assert {"credential": str(EMAIL)} in bodies
    [nobody] = [body for body in bodies if body != {"credential": str(EMAIL)}]
    assert react(json.dumps(nobody)) == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_what_an_incidents_run_has_reset_is_left_to_the_run(lists: Lists) -> None:
    records = stream(str(EMAIL), str(PHONE))
    records["Records"][0]["dynamodb"]["NewImage"]["incident"] = {"S": "incident-1"}
    assert handler(records, Context()) == {"batchItemFailures": []}
    assert queued() == [{"credential": str(PHONE)}]


def test_what_names_nobody_fails_alone(lists: Lists) -> None:
    lists.set_up("sendgrid")
    bounced()
    reset()
    good = json.dumps({"credential": str(EMAIL)})
    failed = react("no json", good, '{"credential": 7}', "[]", '{"credential": "fax:1"}')
    assert [one["itemIdentifier"] for one in failed["batchItemFailures"]] == ["0", "2", "3", "4"]
    assert told() == [("sendgrid", "released", None), ("ses", "release_unknown", Hindrance.NOT_SET_UP)]


def test_where_the_queue_does_not_take_it_the_stream_brings_it_again(lists: Lists) -> None:
    with wire.cut_off(clients.client("sqs"), "SendMessage"), pytest.raises(EndpointConnectionError):
        handler(stream(str(EMAIL)), Context())


# What a reset leads to


def test_who_is_on_the_list_for_a_bounce_is_taken_off(lists: Lists) -> None:
    lists.set_up("ses")
    lists["ses"].rows = [{"EmailAddress": "ada@example.org", "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY}]
    bounced()
    reset()
    reacted()
    assert lists["ses"].rows == []
    assert told() == [("ses", "released", None)]
    assert lifted() == {Lift.STAFF, Lift.RELEASE}
    assert shown()["upstream"] == [
        {
            "provider": "ses",
            "account": "default",
            "state": "released",
            "at": "2026-09-14T09:00:00Z",
            "retry_after": None,
            "advice": None,
        }
    ]
    assert queued() == []


def test_ses_keeps_the_case_so_each_spelling_that_is_known_is_asked_for(lists: Lists) -> None:
    """As the event spelled it, as we do, as the roster has it."""
    lists.set_up("ses")
    lists["ses"].rows = [
        {"EmailAddress": spelled, "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY}
        for spelled in ("ADA@example.org", "Ada@example.org", "ada@example.org", "aDa@example.org")
    ]
    bounced(spelling="ADA@example.org")
    reset()
    reacted()
    assert [row["EmailAddress"] for row in lists["ses"].rows] == ["aDa@example.org"]
    assert [call for call in lists["ses"].calls if call.startswith("GET")] == [
        "GET /ses/v2/email/suppression/addresses/ADA%40example.org",
        "GET /ses/v2/email/suppression/addresses/ada%40example.org",
        "GET /ses/v2/email/suppression/addresses/Ada%40example.org",
    ]


def test_a_complaint_there_stays_until_the_person_consents(lists: Lists) -> None:
    lists.set_up("ses")
    complaint = {"EmailAddress": "ada@example.org", "Reason": "COMPLAINT", "LastUpdateTime": YESTERDAY}
    lists["ses"].rows = [complaint]
    bounced()
    reset()
    reacted()
    assert lists["ses"].rows == [complaint]
    assert told() == [("ses", "release_refused", Hindrance.CONSENT)]
    [upstream] = shown()["upstream"]
    assert upstream["state"] == "refused"
    assert upstream["advice"] == (
        "Amazon SES has this email address on its own list, as a complaint or unsubscribe. "
        "Ask the person, then reset with their consent: who gave it and how."
    )
    [advice] = guided_of("provider_still_blocks")
    assert advice["text"] == upstream["advice"]

    later(minutes=5)
    assert shown()["status"] == "good"
    [result] = reset(consent=CONSENT, credentials=["email"]).body["results"]
    assert result["outcome"] == "reset"
    assert [(one["provider"], one["state"]) for one in result["upstream"]] == [("ses", "releasing")]
    reacted()
    assert lists["ses"].rows == []
    assert told()[-1] == ("ses", "released", None)
    assert guided_of("provider_still_blocks") == []


def test_a_confirmed_release_lifts_what_the_list_refused_meanwhile(lists: Lists) -> None:
    """A mail between reset and release came back from the provider's list."""
    lists.set_up("ses")
    lists["ses"].rows = [{"EmailAddress": "ada@example.org", "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY}]
    bounced()
    reset()
    later(minutes=1)
    bounced(event_id="2", sent_at=clock("09:01"), occurred_at=clock("09:01"), **SUPPRESSED)
    assert shown()["status"] == "bad"
    later(minutes=1)
    reacted()
    assert shown()["status"] == "good"
    assert told() == [("ses", "released", None)]


def test_another_providers_refusal_is_not_lifted_by_this_ones_release(lists: Lists) -> None:
    lists.set_up("ses")
    lists.set_up("sendgrid")
    lists["sendgrid"].ordered = [Ordered(503)]
    bounced()
    reset()
    later(minutes=1)
    bounced(
        event_id="2", provider="sendgrid", sent_at=clock("09:01"), occurred_at=clock("09:01"), **SUPPRESSED
    )
    reacted()
    assert told() == [("sendgrid", "releasing", Hindrance.NO_ANSWER), ("ses", "released", None)]
    assert shown()["status"] == "bad"


@pytest.mark.parametrize(
    "since_the_reset",
    [
        {"event_id": "2"},  # it failed again
        {"event_id": "2", "kind": Kind.COMPLAINED, "permanence": None, "cause": Cause.COMPLAINT},
    ],
)
def test_what_failed_again_since_is_not_released_however_late_the_record_comes(
    lists: Lists, since_the_reset: dict[str, Any]
) -> None:
    lists.set_up("ses")
    listed = {"EmailAddress": "ada@example.org", "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY}
    lists["ses"].rows = [listed]
    bounced()
    reset()
    later(hours=5)
    bounced(**{"sent_at": clock("13:00"), "occurred_at": clock("13:01")} | since_the_reset)
    reacted()
    assert lists["ses"].rows == [listed]
    assert lists["ses"].calls == []
    assert told() == []
    assert queued() == []


def test_five_hours_late_it_is_released_all_the_same(lists: Lists) -> None:
    lists.set_up("ses")
    lists["ses"].rows = [{"EmailAddress": "ada@example.org", "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY}]
    bounced()
    reset()
    later(hours=5)
    reacted()
    assert told() == [("ses", "released", None)]


def test_a_record_that_comes_twice_asks_nobody_twice(lists: Lists) -> None:
    """What the provider listed after the first is not taken off by the second."""
    lists.set_up("ses")
    bounced()
    reset()
    reacted()
    asked = len(lists["ses"].calls)
    again = {"EmailAddress": "ada@example.org", "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY}
    lists["ses"].rows = [again]
    later(hours=5)
    reacted()
    assert len(lists["ses"].calls) == asked
    assert lists["ses"].rows == [again]
    assert told() == [("ses", "released", None)]


def test_what_was_listed_after_the_reset_is_said_and_stays(lists: Lists) -> None:
    lists.set_up("ses")
    listed = {"EmailAddress": "ada@example.org", "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY + 2 * 86400}
    lists["ses"].rows = [listed]
    bounced()
    reset()
    later(days=3)
    reacted()
    assert lists["ses"].rows == [listed]
    assert told() == [("ses", "release_refused", Hindrance.LISTED_AGAIN)]
    [upstream] = shown()["upstream"]
    assert upstream["state"] == "listed"
    assert "put this email address on its own list again after the reset" in upstream["advice"]


def test_who_comes_back_within_days_of_a_release_is_told_and_goes_no_ring(lists: Lists) -> None:
    lists.set_up("ses")
    bounced()
    reset()
    reacted()
    later(days=2)
    bounced(event_id="2", sent_at=later(), occurred_at=later(), **SUPPRESSED)
    reacted()  # a late or repeated record
    [upstream] = shown()["upstream"]
    assert (upstream["state"], upstream["at"]) == ("listed", "2026-09-16T09:00:00Z")
    assert {one["code"] for one in guided()} >= {"came_back", "provider_still_blocks"}
    assert told() == [("ses", "released", None)]


def test_whose_lists_alone_are_kept_anew_is_not_released_before_its_incident_does(lists: Lists) -> None:
    lists.set_up("ses")
    listed = {"EmailAddress": "ada@example.org", "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY}
    lists["ses"].rows = [listed]
    bounced()
    aftermath.reset([EMAIL], clock("09:00"))
    reacted()
    assert lists["ses"].calls == []
    assert (told(), queued()) == ([], [])


def test_a_reset_by_staff_after_an_incidents_is_released_as_any_other(lists: Lists) -> None:
    lists.set_up("ses")
    lists["ses"].rows = [{"EmailAddress": "ada@example.org", "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY}]
    bounced()
    aftermath.reset([EMAIL], clock("09:00"))
    later(hours=1)
    bounced(event_id="2", sent_at=clock("09:30"), occurred_at=clock("09:31"))
    later(hours=1)
    reset()
    reacted()
    assert lists["ses"].rows == []
    assert told() == [("ses", "released", None)]


# Nobody to ask, or nobody who answers


def test_a_missing_key_is_told_ops_once_and_not_once_an_address(lists: Lists) -> None:
    others = [Credential(CredentialKind.EMAIL, f"a{i}@example.org") for i in range(5)]
    for other in others:
        apply.events([delivery_event(address=other.address, provider="sendgrid")], clock("09:00"))
        registers.move(other, Lifting(Lift.STAFF, mark(clock("09:00:01"), LOWEST_HEX)))
        reacted(other)
    assert [told(other) for other in others] == [
        [("sendgrid", "release_unknown", Hindrance.NOT_SET_UP)] for _ in others
    ]
    assert alarms() == ["Reachable: no access to the list of sendgrid"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_is_told_once_and_the_account_left_alone_for_an_hour(
    lists: Lists, status: int
) -> None:
    lists.set_up("sendgrid")
    lists["sendgrid"].ordered = [Ordered(status)]
    others = [Credential(CredentialKind.EMAIL, f"a{i}@example.org") for i in range(3)]
    for other in others:
        registers.move(other, Lifting(Lift.STAFF, mark(clock("09:00"), LOWEST_HEX)))
        reacted(other)
    assert len(lists["sendgrid"].calls) == 1
    assert alarms() == ["Reachable: no access to the list of sendgrid"]
    assert delays() == [900, 900, 900]
    assert {one["credential"] for one in queued()} == {str(other) for other in others}
    later(hours=1, minutes=1)
    for other in others:
        reacted(other)
        assert told(other) == [
            ("sendgrid", "release_unknown", Hindrance.NOT_SET_UP),
            ("sendgrid", "released", None),
        ]


def test_a_provider_that_says_wait_is_asked_again_then(lists: Lists) -> None:
    lists.set_up("sendgrid")
    lists["sendgrid"].ordered = [Ordered(429, headers={"retry-after": "600"})]
    apply.events([delivery_event(provider="sendgrid")], clock("09:00"))
    reset()
    reacted()
    [upstream] = shown()["upstream"]
    assert (upstream["state"], upstream["retry_after"]) == ("releasing", "2026-09-14T09:10:01Z")
    assert upstream["advice"] == (
        "SendGrid may still refuse this email address: it did not answer when we asked. "
        "It is asked again on September 14, 2026, 9:10\u202fAM UTC."
    )
    assert delays() == [601]
    assert queued() == [{"credential": str(EMAIL)}]
    asked = len(lists["sendgrid"].calls)
    later(minutes=5)
    reacted()
    assert len(lists["sendgrid"].calls) == asked
    later(minutes=6)
    reacted()
    assert told() == [("sendgrid", "releasing", Hindrance.NO_ANSWER), ("sendgrid", "released", None)]
    assert shown()["upstream"][0]["state"] == "released"


def test_a_provider_that_never_answers_is_given_up_after_days(lists: Lists) -> None:
    lists.set_up("sendgrid")
    lists["sendgrid"].ordered = [Ordered(503) for _ in range(100)]
    registers.move(EMAIL, Lifting(Lift.STAFF, mark(clock("09:00"), LOWEST_HEX)))
    tries = 0
    while (again := release.credential(EMAIL, later())) is not None:
        tries += 1
        assert again > later()
        later(seconds=(again - later()).total_seconds())
    assert tries == 15
    assert later() - clock("09:00") > timedelta(days=1)
    [upstream] = holders.standing(EMAIL).upstream
    assert (upstream.state, upstream.hindrance, upstream.retry_after) == (
        UpstreamState.UNKNOWN,
        Hindrance.GAVE_UP,
        None,
    )


def test_an_answer_that_nobody_understands_is_unknown_until_the_next_message(lists: Lists) -> None:
    lists.set_up("sendgrid")
    lists["sendgrid"].ordered = [Ordered(418)]
    registers.move(EMAIL, Lifting(Lift.STAFF, mark(clock("09:00"), LOWEST_HEX)))
    reacted()
    assert told() == [("sendgrid", "release_unknown", Hindrance.CANNOT_BE_ASKED)]
    assert queued() == []


def test_one_providers_failure_keeps_no_other_from_being_asked(lists: Lists) -> None:
    lists.set_up("sendgrid")
    lists.set_up("postmark")
    lists["postmark"].ordered = [Ordered(503)]
    registers.move(EMAIL, Lifting(Lift.STAFF, mark(clock("09:00"), LOWEST_HEX)))
    reacted()
    assert told() == [("postmark", "releasing", Hindrance.NO_ANSWER), ("sendgrid", "released", None)]


def test_two_accounts_of_a_provider_are_two_lists(lists: Lists) -> None:
    lists.set_up("sendgrid")
    lists.set_up("sendgrid", account="north", subuser="north")
    registers.move(EMAIL, Lifting(Lift.STAFF, mark(clock("09:00"), LOWEST_HEX)))
    reacted()
    upstreams = holders.standing(EMAIL).upstream
    assert [(one.provider, one.account, one.state.value) for one in upstreams] == [
        ("sendgrid", "default", "released"),
        ("sendgrid", "north", "released"),
    ]


def test_a_document_that_nobody_can_read_is_a_missing_key(lists: Lists) -> None:
    lists.put("sendgrid", "no json")
    lists.put("postmark", json.dumps({"key": "k", "base_url": "http://elsewhere.example"}))
    registers.move(EMAIL, Lifting(Lift.STAFF, mark(clock("09:00"), LOWEST_HEX)))
    reacted()
    assert told() == [
        ("postmark", "release_unknown", Hindrance.NOT_SET_UP),
        ("sendgrid", "release_unknown", Hindrance.NOT_SET_UP),
    ]
    assert queued() == []  # the next reset asks again


def test_a_provider_that_there_is_not_is_passed_over(lists: Lists) -> None:
    lists.put("carrier_pigeon", "{}")
    lists.set_up("sendgrid")
    registers.move(EMAIL, Lifting(Lift.STAFF, mark(clock("09:00"), LOWEST_HEX)))
    reacted()
    assert told() == [("sendgrid", "released", None)]


# Numbers: STOP, START, and who may opt in


STOPPED = {"kind": Kind.OPTED_OUT, "permanence": None, "cause": Cause.OPT_OUT, "event_id": "stop"}


def stop(provider: str = "aws_sms", **event: Any) -> None:
    told = {"provider": provider, "occurred_at": clock("08:59"), "sent_at": None} | STOPPED | event
    apply.events([text_event(**told)], datetime.now(UTC))


def number_row(**changes: Any) -> dict[str, Any]:
    told = {"OptedOutNumber": PHONE.address, "OptedOutTimestamp": YESTERDAY, "EndUserOptedOut": True}
    return told | {"OptOutListName": "Default"} | changes


def reset_phone(**body: Any) -> dict[str, Any]:
    [result] = reset(credentials=["phone"], **body).body["results"]
    return dict(result)


def test_a_stop_is_looked_at_when_somebody_presses_reset_and_start_opens_it(lists: Lists) -> None:
    lists.set_up("aws_sms")
    lists["aws_sms"].rows = [number_row()]
    stop()
    first = reset_phone()
    assert (first["outcome"], first["still_blocked"]) == ("refused", ["sms"])
    assert "text START" in first["detail"]
    [listed] = first["upstream"]
    assert (listed["provider"], listed["state"]) == ("aws_sms", "refused")
    assert "Only they can undo it" in listed["advice"]
    assert lists["aws_sms"].rows == [number_row()]

    lists["aws_sms"].rows = []
    later(minutes=5)
    assert reset_phone()["outcome"] == "already_good"
    assert shown("phone")["status"] == "good"
    assert lifted(PHONE) == {Lift.START}
    [started] = [item for item in history.of(PHONE) if item.kind is HistoryKind.OPTED_IN]
    assert (started.provider, started.moves, started.occurred_at) == (
        "aws_sms",
        "lift.start",
        clock("09:05"),
    )


def test_a_number_that_was_never_seen_listed_has_not_texted_start(lists: Lists) -> None:
    lists.set_up("aws_sms")
    stop()
    assert reset_phone()["outcome"] == "refused"
    later(minutes=5)
    assert reset_phone()["outcome"] == "refused"
    assert lifted(PHONE) == set()


def test_only_the_list_of_who_told_the_stop_tells_that_it_is_over(lists: Lists) -> None:
    lists.set_up("aws_sms")
    lists.set_up("aws_sns_sms")
    stop("twilio")
    assert reset_phone()["outcome"] == "refused"
    assert lists["aws_sms"].calls == []
    assert lists["aws_sns_sms"].calls == []


def test_a_second_stop_must_be_seen_listed_again(lists: Lists) -> None:
    lists.set_up("aws_sms")
    lists["aws_sms"].rows = [number_row()]
    stop()
    reset_phone()
    lists["aws_sms"].rows = []
    later(minutes=1)
    reset_phone()
    later(minutes=1)
    stop(event_id="again", occurred_at=later(seconds=-30))
    later(minutes=1)
    assert reset_phone()["outcome"] == "refused"
    assert shown("phone")["status"] == "bad"


def test_a_list_that_does_not_answer_costs_no_reset(lists: Lists) -> None:
    """The STOP stays, and the bounce of calls is lifted all the same."""
    lists.set_up("telnyx")
    lists["telnyx"].ordered = [Ordered(503)]
    stop("telnyx")
    apply.events([text_event(channel=Channel.VOICE, kind=Kind.FAILED, event_id="call")], datetime.now(UTC))
    told = reset_phone()
    assert (told["outcome"], told["still_blocked"]) == ("reset", ["sms"])


def test_who_was_put_on_the_list_by_somebody_else_is_taken_off(lists: Lists) -> None:
    lists.set_up("aws_sms")
    lists["aws_sms"].rows = [number_row(EndUserOptedOut=False)]
    apply.events([text_event()], datetime.now(UTC))
    reset_phone()
    reacted(PHONE)
    assert lists["aws_sms"].rows == []
    assert told(PHONE) == [("aws_sms", "released", None)]


def test_the_persons_own_stop_stays_listed_after_a_reset_of_something_else(lists: Lists) -> None:
    lists.set_up("aws_sms")
    lists["aws_sms"].rows = [number_row()]
    apply.events([text_event()], datetime.now(UTC))
    reset_phone()
    reacted(PHONE)
    assert lists["aws_sms"].rows == [number_row()]
    assert told(PHONE) == [("aws_sms", "release_refused", Hindrance.START)]


@pytest.mark.parametrize(
    ("consent", "opted_in", "outcome"),
    [
        (None, False, ("aws_sns_sms", "release_refused", Hindrance.START)),
        (CONSENT, True, ("aws_sns_sms", "released", None)),
    ],
)
def test_sns_says_no_reason_so_consent_opts_in_where_no_stop_is_known(
    lists: Lists, consent: Any, outcome: tuple[str, str, Hindrance | None], *, opted_in: bool
) -> None:
    lists.set_up("aws_sns_sms")
    lists["aws_sns_sms"].rows = [{"phoneNumber": PHONE.address}]
    apply.events([text_event()], datetime.now(UTC))
    reset_phone(**({"consent": consent} if consent else {}))
    reacted(PHONE)
    assert (lists["aws_sns_sms"].rows == []) == opted_in
    assert told(PHONE) == [outcome]


def test_who_has_no_call_says_who_can(lists: Lists) -> None:
    """Of whom a block tells that they may list it; of others nothing is known."""
    bounced(provider="mailjet")
    [result] = reset(credentials=["email"]).body["results"]
    assert [(one["provider"], one["state"]) for one in result["upstream"]] == [("mailjet", "refused")]
    reacted()
    assert told() == [("mailjet", "release_refused", Hindrance.SUPPORT)]


# A line before a provider


def test_brevo_takes_300_an_hour_so_each_profile_says_when_its_turn_comes(lists: Lists) -> None:
    lists.set_up("brevo")
    people = [Credential(CredentialKind.EMAIL, f"a{i}@example.org") for i in range(3)]
    for one in people:
        registers.move(one, Lifting(Lift.STAFF, mark(clock("09:00"), LOWEST_HEX)))
        reacted(one)
    waiting = [holders.standing(one).upstream[0] for one in people]
    assert [(one.state, one.hindrance, one.retry_after) for one in waiting] == [
        (UpstreamState.RELEASED, None, None),
        (UpstreamState.RELEASING, Hindrance.IN_LINE, clock("09:00:12")),
        (UpstreamState.RELEASING, Hindrance.IN_LINE, clock("09:00:24")),
    ]
    assert delays() == [12, 24]
    later(seconds=12)
    reacted(people[1])
    assert told(people[1]) == [("brevo", "releasing", Hindrance.IN_LINE), ("brevo", "released", None)]


def test_hard_bounces_of_other_days_than_brevo_shows_are_lifted_too(lists: Lists) -> None:
    lists.set_up("brevo")
    row = {"email": "ada@example.org", "blockedAt": "2020-01-01T08:00:00Z"}
    lists["brevo"].rows = [
        row | {"reason": {"code": "hardBounce", "message": "x"}},
        row | {"reason": {"code": "contactFlaggedAsSpam", "message": "x"}},
    ]
    bounced(provider="brevo")
    reset()
    reacted()
    assert [one["reason"]["code"] for one in lists["brevo"].rows] == ["contactFlaggedAsSpam"]


def test_an_address_with_a_slash_goes_by_an_import_job_of_ses(lists: Lists) -> None:
    """Its file lies where SES may read it; the release is confirmed once the list has it no longer."""
    lists.set_up("ses")
    slash = Credential(CredentialKind.EMAIL, "a/b@example.org")
    lists["ses"].rows = [{"EmailAddress": "A/b@example.org", "Reason": "BOUNCE", "LastUpdateTime": YESTERDAY}]
    registers.move(slash, Lifting(Lift.STAFF, mark(clock("09:00"), LOWEST_HEX)))
    reacted(slash)
    assert told(slash) == [("ses", "releasing", Hindrance.NO_ANSWER)]
    [file] = boto3.client("s3").list_objects_v2(Bucket="results", Prefix="upstream/")["Contents"]
    body = boto3.client("s3").get_object(Bucket="results", Key=file["Key"])["Body"].read()
    assert json.loads(body) == {"emailAddress": "A/b@example.org"}
    lists["ses"].rows = []
    later(minutes=2)
    reacted(slash)
    assert told(slash)[-1] == ("ses", "released", None)


def test_a_key_that_is_refused_at_a_reset_is_told_ops(lists: Lists) -> None:
    lists.set_up("messagebird", key="wrong")
    stop("messagebird")
    assert reset_phone()["outcome"] == "refused"
    assert alarms() == ["Reachable: no access to the list of messagebird"]


def test_sns_is_looked_at_when_somebody_presses_reset(lists: Lists) -> None:
    lists.set_up("aws_sns_sms")
    lists["aws_sns_sms"].rows = [{"phoneNumber": PHONE.address}]
    stop("aws_sns_sms")
    assert reset_phone()["outcome"] == "refused"
    lists["aws_sns_sms"].rows = []
    later(minutes=5)
    assert reset_phone()["outcome"] == "already_good"
