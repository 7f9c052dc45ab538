"""Reminders of an invitation, through the function; invitations of an import are in test_import_roster."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from functions.messages import app
from functions.messages.app import handler
from reachable.flows import invite
from reachable.model.message import Outgoing
from reachable.model.people import AccountStatus
from reachable.queues import outbound
from reachable.store import dynamodb
from reachable.store.roster import reach
from tests.functions import district
from tests.functions.api import Answer, call
from tests.functions.district import ADA, ALL, MANAGER, PENDING, TEACHER, user

QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/outbound"
PHONE_ONLY = user(
    "pedro", "Pedro Ding", phone="202 555 0188", language="es", account_status=AccountStatus.PENDING
)
NEITHER = user("nina", "Nina Ding", account_status=AccountStatus.PENDING)


class Clock:
    """Stands where ``datetime`` stands in the function."""

    at = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)

    def now(self, _: object) -> datetime:
        return self.at


@pytest.fixture(autouse=True)
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    district.import_(*ALL, PHONE_ONLY, NEITHER)
    made = Clock()
    with monkeypatch.context() as patched:
        patched.setattr(app, "datetime", made)
        yield made


def remind(user_id: str = PENDING.id, claims: dict[str, Any] | None = None) -> Answer:
    return call(handler, "POST", f"/users/{user_id}/reminders", claims or district.manager())


def queued() -> list[Outgoing]:
    found = boto3.client("sqs").receive_message(QueueUrl=QUEUE, MaxNumberOfMessages=10).get("Messages", [])
    return [outbound.read(one["Body"]) for one in found]


def audited() -> list[tuple[str, str, str]]:
    items = dynamodb.client().scan(TableName="audit")["Items"]
    return sorted((item["act"]["S"], item["by"]["S"], item["subject"]["S"]) for item in items)


def test_a_pending_account_gets_its_invitation_again() -> None:
    answer = remind()
    assert answer.status == 202
    [message] = queued()
    assert (message.id, message.user_id) == (answer.body["message_id"], PENDING.id)
    assert (message.channel, message.purpose) == ("email", "invitation")
    assert "https://lincoln.example/sign-up" in message.text
    assert message.subject == "Sign up for messages from Lincoln High School"
    assert audited() == [
        ("reminded", MANAGER.id, f"staff#{MANAGER.id}"),
        ("reminded", MANAGER.id, f"user#{PENDING.id}"),
    ]


def test_who_has_a_phone_only_gets_a_text_in_their_language() -> None:
    assert remind(PHONE_ONLY.id).status == 202
    [message] = queued()
    assert message.channel == "sms"
    assert message.text.startswith("Le invitamos")


def test_a_reminder_goes_once_a_day(clock: Clock) -> None:
    assert remind().status == 202
    again = remind()
    assert (again.status, again.headers["retry-after"]) == (429, str(150 * 60))
    assert again.headers["content-type"] == "application/problem+json"
    assert len(queued()) == 1
    assert len(audited()) == 4  # each that was asked for, by person and by staff member
    clock.at = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
    assert remind().status == 202


def test_a_corrected_address_makes_no_second_reminder_of_a_day() -> None:
    assert remind().status == 202
    district.import_(
        *ALL, user("penny", "Penny Ding", email="p@example.org", account_status=AccountStatus.PENDING)
    )
    assert remind().status == 429


@pytest.mark.parametrize("role", ["rostering_administrator", "communications_administrator", "user_manager"])
def test_the_three_roles_remind(role: str) -> None:
    assert remind(claims=district.claims(MANAGER, role)).status == 202


@pytest.mark.parametrize(
    "claims",
    [
        district.teacher(),
        district.claims(TEACHER, "school_staff"),
        district.claims(MANAGER, "district"),
        {"token_use": "access", "scope": "reachable/sends"},
    ],
)
def test_nobody_else_reminds(claims: dict[str, Any]) -> None:
    assert remind(claims=claims).status == 403
    assert queued() == []


def test_an_active_account_is_not_reminded() -> None:
    assert remind(ADA.id).status == 409
    assert queued() == []


def test_who_has_accepted_meanwhile_is_not_reminded() -> None:
    reach.activate(PENDING)
    assert remind().status == 409


def test_an_unknown_user_is_404() -> None:
    assert remind("nobody").status == 404


def test_who_has_neither_email_nor_phone_is_not_reminded() -> None:
    assert remind(NEITHER.id).status == 422
    assert audited() == []


def test_who_lost_the_address_meanwhile_is_not_reminded() -> None:
    """An import takes them out of the roster between the profile, which was read, and the gate."""
    events = dynamodb.client().meta.events

    def meanwhile(params: dict[str, Any], **_: Any) -> None:
        if "reminded" in str(params["body"]):
            events.unregister("before-call.dynamodb.BatchWriteItem", meanwhile)
            dynamodb.batch_delete("roster", [{"entity": f"user#{PENDING.id}", "item": "reach"}])

    events.register_first("before-call.dynamodb.BatchWriteItem", meanwhile)
    answer = remind()
    assert (answer.status, answer.body["detail"]) == (422, "The reminder can't be sent: unknown_user.")
    assert queued() == []


def test_without_an_address_to_sign_up_at_nobody_is_reminded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invite, "SIGN_UP_URL", "")
    answer = remind()
    assert (answer.status, "SignUpUrl" in answer.body["detail"]) == (422, True)
    assert queued() == []
