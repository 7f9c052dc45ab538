"""The weekly digests: to whom, about whom, once a week, on record before they go."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3
import pytest
import time_machine
from botocore.exceptions import ClientError

from functions.digest.app import handler
from reachable import aws as clients
from reachable.flows import apply, keep_lists
from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Kind
from reachable.model.message import Outgoing
from reachable.model.people import Role, User
from reachable.model.send import Purpose
from reachable.queues import outbound
from reachable.store import dynamodb
from tests.builders import delivery_event, text_event
from tests.functions import district, wire
from tests.functions.district import ADA, ALL, CONTEXT, DENNIS, FAR, MANAGER, NORTH, SOUTH, TEACHER

pytestmark = pytest.mark.usefixtures("at_nine")

SECRETARY: Final = district.user("sol", "Sol Vega", Role.SCHOOL_STAFF, email="sol@example.org", language="es")
CLERK: Final = district.user("cleo", "Cleo Clerk", Role.SCHOOL_STAFF, email="cleo@example.org")
OTHERS: Final = district.user("otis", "Otis Others", Role.TEACHER, email="otis@example.org")
"""A teacher of no class."""
SCHEDULE: Final = {"source": "aws.events", "detail-type": "Scheduled Event", "time": "2026-09-14T14:00:00Z"}
IN_ENGLISH: Final = """\
Messages no longer reach these people of North School by the ways named here. The newest come first.

Ada Reyes
No emails. Since September 14, 2026: This email address does not exist. Correct the email address in the \
student information system first: a reset alone will not help, since it has not changed there since it failed.

The addresses and numbers stand on each person's profile in Reachable. You get this once a week, since you \
work at North School. It names families: please do not pass it on.
"""
IN_SPANISH: Final = """\
Los mensajes ya no llegan a estas personas de North School por las vías que se indican. Primero van los \
casos más recientes.

Ada Reyes
Sin correos electrónicos. Desde el 14 de septiembre de 2026: Esta dirección de correo no existe. """


@pytest.fixture(autouse=True)
def _queues(at_nine: None) -> Iterator[None]:
    boto3.client("sqs").create_queue(QueueName="digests")
    district.import_(*ALL, SECRETARY, CLERK, OTHERS)
    with wire.overheard(clients.client("sqs"), "SendMessage") as asked:
        _asked.append(asked)
        yield
    _asked.clear()


_asked: list[list[dict[str, Any]]] = []


def queued() -> list[dict[str, Any]]:
    """What was put on queues since this was asked last."""
    found = list(_asked[0])
    _asked[0].clear()
    return found


def bounced(user: User = ADA, **event: Any) -> None:
    email = user.credentials[CredentialKind.EMAIL]
    apply.events([delivery_event(address=email.address, event_id=user.id, **event)], datetime.now(UTC))
    keep_lists.of(email)


def begun(event: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The parts that a run queues."""
    assert handler(event or SCHEDULE, CONTEXT) == {"batchItemFailures": []}
    return [json.loads(asked["MessageBody"]) for asked in queued()]


def written(*bodies: dict[str, Any] | str) -> dict[str, Any]:
    """What the function answers to these of the queue, in one batch."""
    records = [
        {
            "messageId": str(number),
            "body": body if isinstance(body, str) else json.dumps(body),
            "eventSource": "aws:sqs",
            "attributes": {},
        }
        for number, body in enumerate(bodies)
    ]
    return dict(handler({"Records": records}, CONTEXT))


def mails(*schools: str | None, at: str = "2026-09-14T14:00:00+00:00") -> dict[str, Outgoing]:
    """The mails of these parts, by whom they are for."""
    assert written(*({"school": school, "at": at} for school in schools)) == {"batchItemFailures": []}
    names = {user.id: user.sourced_id for user in (SECRETARY, CLERK, OTHERS, TEACHER, MANAGER)}
    sent = [outbound.read(asked["MessageBody"]) for asked in queued()]
    found = {names[outgoing.user_id or ""]: outgoing for outgoing in sent}
    assert len(found) == len(sent)
    return found


def kept() -> list[dict[str, Any]]:
    items = map(dynamodb.of_wire, dynamodb.client().scan(TableName="audit")["Items"])
    return [item for item in items if item["act"] == "digest"]


def test_a_run_queues_each_school_and_the_district_as_of_the_schedule_s_own_time() -> None:
    assert sorted(begun(), key=str) == sorted(
        [
            {"school": NORTH.id, "at": "2026-09-14T14:00:00+00:00"},
            {"school": SOUTH.id, "at": "2026-09-14T14:00:00+00:00"},
            {"school": None, "at": "2026-09-14T14:00:00+00:00"},
        ],
        key=str,
    )


def test_ops_begin_one_by_an_empty_event() -> None:
    assert handler({}, CONTEXT) == {"batchItemFailures": []}
    assert {json.loads(asked["MessageBody"])["at"] for asked in queued()} == {"2026-09-14T09:00:00+00:00"}


def test_each_of_a_school_s_staff_gets_a_mail_in_their_language() -> None:
    bounced()

    found = mails(NORTH.id)

    assert found.keys() == {"sol", "cleo", "tess"}
    assert found["sol"].subject == "Sin recibir mensajes en North School: 1"
    assert found["sol"].text.startswith(IN_SPANISH)
    assert found["cleo"].text == IN_ENGLISH
    assert found["tess"].text == IN_ENGLISH
    assert (found["sol"].purpose, found["sol"].batch_id) == (Purpose.GENERAL, "digest-2026-W38")
    assert found["sol"].dedup_id == f"digest:{NORTH.id}:2026-W38:{SECRETARY.id}"


def test_a_teacher_reads_of_the_guardians_of_their_own_classes_alone() -> None:
    """Penny has no child in Art: of her the office reads, and the teacher does not."""
    bounced(district.PENDING)

    assert mails(NORTH.id).keys() == {"sol", "cleo"}


def test_nobody_reads_of_themselves() -> None:
    bounced(SECRETARY)

    assert mails(NORTH.id).keys() == {"cleo"}


def test_a_school_with_nobody_on_its_list_gets_no_mail() -> None:
    bounced(FAR)

    assert mails(NORTH.id) == {}
    assert kept() == []


def test_who_works_elsewhere_and_has_a_child_here_gets_no_mail_of_this_school() -> None:
    away = replace(CLERK, schools=(NORTH.id, SOUTH.id), works_at=(SOUTH.id,))
    district.import_(*ALL, SECRETARY, OTHERS, away)
    bounced()

    assert mails(NORTH.id).keys() == {"sol", "tess"}


def test_a_school_that_is_gone_is_no_error() -> None:
    assert mails("gone") == {}


def test_of_who_wants_no_contact_that_alone_is_told() -> None:
    phone = DENNIS.credentials[CredentialKind.PHONE]
    stop = text_event(kind=Kind.OPTED_OUT, cause=Cause.OPT_OUT, permanence=None, address=phone.address)
    apply.events([stop], datetime.now(UTC))
    keep_lists.of(phone)

    text = mails(NORTH.id)["cleo"].text

    no = "No texts. Messages to this phone number are not wanted. Reach the person in another way."
    assert f"\n\nAda Reyes\n{no}\n\nDennis Reyes\n{no}\n\n" in text


def test_who_has_this_week_s_mail_gets_no_other_one_whatever_the_list_says_by_then() -> None:
    bounced()
    assert len(mails(NORTH.id)) == 3
    bounced(district.PENDING)

    assert mails(NORTH.id, at="2026-09-20T23:59:00+00:00") == {}
    assert len(kept()) == 6
    assert mails(NORTH.id, at="2026-09-21T00:00:00+00:00").keys() == {"sol", "cleo", "tess"}


def test_a_mail_that_nobody_knows_whether_it_was_queued_is_queued_by_a_repeat() -> None:
    bounced()
    part = {"school": NORTH.id, "at": "2026-09-14T14:00:00+00:00"}
    with wire.cut_off(clients.client("sqs"), "SendMessage"):
        assert written(part) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    queued()

    assert mails(NORTH.id).keys() == {"sol", "cleo", "tess"}


def test_it_is_left_where_it_would_say_something_else_by_now(at_nine: time_machine.Traveller) -> None:
    """It may have gone out: the repeat is no error, and no second mail."""
    bounced()
    part = {"school": NORTH.id, "at": "2026-09-14T14:00:00+00:00"}
    with wire.cut_off(clients.client("sqs"), "SendMessage"):
        written(part)
    queued()
    at_nine.move_to(datetime.now(UTC) + timedelta(hours=1), tick=False)
    bounced(district.PENDING)

    assert mails(NORTH.id).keys() == {"tess"}  # whose mail says what it said


def test_who_was_named_to_whom_is_on_record() -> None:
    bounced()
    mails(NORTH.id)

    of_sol = [item for item in kept() if item["subject"] == f"user#{SECRETARY.id}"]
    assert [(item["by"], item["shown"], item["details"]) for item in of_sol] == [
        ("system:digest", [ADA.id], {"of": NORTH.id, "week": "2026-W38"})
    ]
    assert sum(item["subject"] == "staff#system:digest" for item in kept()) == 3


@pytest.mark.usefixtures("silent_audit")
def test_without_a_record_no_mail_goes_out() -> None:
    bounced()
    part = {"school": NORTH.id, "at": "2026-09-14T14:00:00+00:00"}

    assert written(part) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert queued() == []


def test_the_district_s_staff_get_numbers_by_school_and_nobody_s_name() -> None:
    bounced()
    bounced(FAR)
    bounced(MANAGER)  # of no school

    found = mails(None)

    assert found.keys() == {"max"}
    assert found["max"].subject == "Not reached in the district: 3"
    assert "\n\nNorth School: 1\nOf no school: 1\nSouth School: 1\n\n" in found["max"].text
    assert not any(name in found["max"].text for name in ("Ada", "Fara", "Reyes"))
    assert {item["subject"]: item.get("shown") for item in kept()} == {
        "staff#system:digest": None,
        f"user#{MANAGER.id}": None,
    }


def test_a_district_in_which_everybody_is_reached_gets_no_mail() -> None:
    assert mails(None) == {}


def test_staff_without_an_email_get_no_mail_and_no_record() -> None:
    district.import_(*ALL, replace(SECRETARY, credentials={}, typed={}))
    bounced()

    assert mails(NORTH.id).keys() == {"tess"}
    assert {item["user_id"] for item in kept()} == {TEACHER.id}


def test_what_nobody_can_read_fails_alone() -> None:
    bounced()
    good = {"school": NORTH.id, "at": "2026-09-14T14:00:00+00:00"}

    failed = written("[]", "{}", good, {"school": NORTH.id, "at": "Monday"})

    assert failed == {"batchItemFailures": [{"itemIdentifier": id_} for id_ in ("0", "1", "3")]}
    assert len(queued()) == 3


def test_a_table_that_refuses_is_told_by_its_code_and_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    bounced()
    part = {"school": NORTH.id, "at": "2026-09-14T14:00:00+00:00"}
    client = dynamodb.client()

    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "Ada Reyes"}}, "Query")

    client.meta.events.register_first("before-call.dynamodb.Query", refuse)
    written(part)
    client.meta.events.unregister("before-call.dynamodb.Query", refuse)

    [said] = [vars(record) for record in caplog.records if record.msg == "digest_failed"]
    assert (said["error"], said["code"]) == ("ClientError", "AccessDeniedException")
    assert "Ada" not in str(said)
