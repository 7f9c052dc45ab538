"""Blocks that end by age: found by the lists, lifted as a reset lifts, on record, and no more than is old."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
import time_machine

from functions.expire_blocks.app import handler
from functions.reset.app import handler as resetting
from reachable import aws as clients
from reachable.flows import apply, expire_blocks, fold_lists, release
from reachable.flows.expire_blocks import Expired
from reachable.log import metrics
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Channel, Kind, Permanence
from reachable.model.status import Lift, Terms, mark
from reachable.rules import status as status_rules
from reachable.store import dynamodb
from reachable.store.credentials import history, registers
from reachable.store.roster import bad_lists
from tests.builders import clock, delivery_event, text_event
from tests.functions import district, wire
from tests.functions.api import call
from tests.functions.district import ADA, ALL, CONTEXT, DENNIS, FAR
from tests.functions.lists import served
from tests.functions.streams import reacting

pytestmark = pytest.mark.usefixtures("at_nine", "bus")

EMAIL: Final = ADA.credentials[CredentialKind.EMAIL]
PHONE: Final = ADA.credentials[CredentialKind.PHONE]
"""Dennis has it, too."""
FARS: Final = FAR.credentials[CredentialKind.EMAIL]
NOBODYS: Final = Credential(CredentialKind.EMAIL, "nobody@example.org")
NEVER_STOPS: Final = lambda: True  # noqa: E731 - a plain answer


@dataclass
class _Context(type(CONTEXT)):  # type: ignore[misc]
    """Lambda's context, with so much time left."""

    left: int = 900_000

    def get_remaining_time_in_millis(self) -> int:
        return self.left


def bounced(of: Credential = EMAIL, **event: Any) -> None:
    with reacting():
        apply.events([delivery_event(address=of.address, **event)], datetime.now(UTC))


def text_failed(**event: Any) -> None:
    with reacting():
        apply.events([text_event(**event)], datetime.now(UTC))


def marked() -> None:
    body = {"credential": "email", "ground": "manual", "note": "A wrong number."}
    with reacting():
        assert call(resetting, "POST", f"/users/{ADA.id}/blocks", district.manager(), body).status == 200


def later(clock_: time_machine.Traveller, days: float) -> None:
    clock_.move_to(datetime.now(UTC) + timedelta(days=days), tick=False)


def run(left: int = 900_000, **event: str) -> None:
    with reacting():
        handler(event, _Context(left=left))


def in_force(of: Credential = EMAIL) -> list[str]:
    return [str(block.register) for block in status_rules.blocks(registers.statuses([of])[of])]


def lifted_to(of: Credential = EMAIL) -> str | None:
    return registers.statuses([of])[of].lifted.get(Lift.STAFF)


def audit() -> list[dict[str, Any]]:
    items = map(dynamodb.of_wire, dynamodb.client().scan(TableName="audit")["Items"])
    told = [{k: v for k, v in item.items() if k not in {"item", "expires_at"}} for item in items]
    return sorted(told, key=lambda item: f"{item['subject']} {item.get('user_id')}")


def test_a_block_that_is_old_enough_is_lifted_to_its_own_mark(at_nine: time_machine.Traveller) -> None:
    bounced()
    [item] = history.of(EMAIL)
    later(at_nine, 90)
    run()
    assert in_force() == ["bounce@email"]  # 09:00 to 09:00 is not more than 90 days
    later(at_nine, 1)
    run()
    assert (in_force(), lifted_to()) == ([], item.mark)
    assert item.mark == mark(clock("09:00"), item.hex)


def test_it_stands_in_history_and_audit_who_did_it_and_why(at_nine: time_machine.Traveller) -> None:
    bounced()
    later(at_nine, 91)
    run()
    newest, oldest = history.of(EMAIL)
    assert (newest.kind.value, newest.by, newest.note, newest.moves, newest.lift) == (
        "reset",
        "system:block_expiry",
        "Older than BlockExpiryDays.",
        "lift.staff",
        "staff",
    )
    assert (newest.provider, newest.occurred_at, newest.mark) == (
        "reachable",
        datetime(2026, 12, 14, 9, tzinfo=UTC),
        oldest.mark,
    )
    details = {"credential": "email", "moves": "lift.staff", "note": "Older than BlockExpiryDays."}
    told = {"act": "reset", "by": "system:block_expiry", "user_id": ADA.id, "details": details}
    assert audit() == [
        {"subject": "staff#system:block_expiry"} | told,
        {"subject": f"user#{ADA.id}"} | told,
    ]


def test_of_a_shared_phone_each_holder_has_a_record_and_of_nobody_s_the_staff_side_alone(
    at_nine: time_machine.Traveller,
) -> None:
    text_failed()
    bounced(NOBODYS)
    later(at_nine, 91)
    run()
    assert (in_force(PHONE), in_force(NOBODYS)) == ([], [])
    kept = [(item["subject"], item.get("user_id")) for item in audit()]
    by = "staff#system:block_expiry"
    assert sorted(kept, key=str) == sorted(
        [
            (by, ADA.id),
            (by, DENNIS.id),
            (by, None),
            (f"user#{ADA.id}", ADA.id),
            (f"user#{DENNIS.id}", DENNIS.id),
        ],
        key=str,
    )


def test_a_lift_takes_it_off_the_lists_and_has_the_providers_asked(at_nine: time_machine.Traveller) -> None:
    bounced()
    later(at_nine, 91)
    with wire.overheard(clients.client("sqs"), "SendMessage") as asked:
        run()
    assert fold_lists.compare() == []
    assert list(bad_lists.of_day(clock("09:00").date())) == []
    assert [json.loads(message["MessageBody"]) for message in asked] == [{"credential": str(EMAIL)}]


def test_what_the_provider_listed_hours_after_the_send_is_taken_off_there(
    at_nine: time_machine.Traveller,
) -> None:
    """The lift's mark is that of the send; the entry there is older than the reset all the same."""
    listed_at = clock("15:00").timestamp()
    bounced()
    later(at_nine, 91)
    with served() as lists:
        lists.set_up("ses")
        lists["ses"].rows = [
            {"EmailAddress": "ada@example.org", "Reason": "BOUNCE", "LastUpdateTime": listed_at}
        ]
        run()
        assert release.credential(EMAIL, datetime.now(UTC)) is None
        assert lists["ses"].rows == []
    assert [item.kind.value for item in history.of(EMAIL)][-1] == "bounced"
    assert {item.kind.value for item in history.of(EMAIL)} == {"bounced", "reset", "released"}


def test_a_mark_by_hand_ends_by_age_too(at_nine: time_machine.Traveller) -> None:
    marked()
    later(at_nine, 91)
    run()
    assert in_force() == []


@pytest.mark.parametrize(
    "event",
    [
        {"kind": Kind.COMPLAINED, "cause": Cause.COMPLAINT, "permanence": None},
        {"cause": Cause.PROVIDER_SUPPRESSED},
        {"kind": Kind.OPTED_OUT, "cause": Cause.OPT_OUT, "permanence": None},
    ],
)
def test_a_person_s_word_and_a_provider_s_list_stay(
    at_nine: time_machine.Traveller, event: dict[str, Any]
) -> None:
    bounced(**event)
    closed = in_force()
    later(at_nine, 200)
    run()
    assert (in_force(), lifted_to(), audit()) == (closed, None, [])
    assert closed != []


def test_what_comes_back_stays_closed_for_as_long_again(at_nine: time_machine.Traveller) -> None:
    bounced()
    later(at_nine, 91)
    run()
    bounced(event_id="2", sent_at=datetime.now(UTC), occurred_at=datetime.now(UTC))
    later(at_nine, 89)
    run()
    assert in_force() == ["bounce@email"]
    later(at_nine, 2)
    run()
    assert in_force() == []


def test_a_text_that_failed_lately_stays_closed_beside_an_old_call(at_nine: time_machine.Traveller) -> None:
    text_failed(cause=Cause.INACTIVE_OR_UNREACHABLE)
    later(at_nine, 40)
    now = datetime.now(UTC)
    call_failed = {"channel": Channel.VOICE, "cause": Cause.LANDLINE_OR_INCAPABLE, "event_id": "2"}
    text_failed(**call_failed, sent_at=now, occurred_at=now)
    assert sorted(in_force(PHONE)) == ["bounce@sms", "bounce@voice"]
    later(at_nine, 51)
    run()
    assert in_force(PHONE) == ["bounce@voice"]
    later(at_nine, 40)
    run()
    assert in_force(PHONE) == []


def test_counted_transient_bounces_end_by_age(
    at_nine: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "TERMS", Terms(2))
    full: dict[str, Any] = {"permanence": Permanence.TRANSIENT, "cause": Cause.MAILBOX_FULL}
    for id_ in ("1", "2"):
        bounced(**full, event_id=id_, provider_message_id=id_)
    assert in_force() == ["bounce@email"]
    later(at_nine, 91)
    run()
    assert in_force() == []


def test_run_again_or_twice_at_once_it_lifts_once(at_nine: time_machine.Traveller) -> None:
    bounced()
    later(at_nine, 91)
    now = datetime.now(UTC)
    with wire.conflicts(1):
        assert expire_blocks.run(now, now, NEVER_STOPS) == Expired()  # another is at work on it
    assert expire_blocks.run(now, now, NEVER_STOPS) == Expired(lifted=1)
    assert expire_blocks.run(now, now, NEVER_STOPS) == Expired()  # the list still has it
    assert [item.kind.value for item in history.of(EMAIL)] == ["reset", "bounced"]


@pytest.mark.usefixtures("silent_audit")
def test_without_its_record_nothing_is_lifted(at_nine: time_machine.Traveller) -> None:
    bounced()
    later(at_nine, 91)
    now = datetime.now(UTC)
    assert expire_blocks.run(now, now, NEVER_STOPS) == Expired(failed=1)
    assert in_force() == ["bounce@email"]


def test_one_that_fails_keeps_no_other_and_the_log_names_nobody(
    at_nine: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    bounced()
    bounced(FARS, event_id="2")
    later(at_nine, 91)
    with wire.cut_off(dynamodb.client(), "TransactWriteItems", "ada@example.org"):
        run()
    assert (in_force(), in_force(FARS)) == (["bounce@email"], [])
    said = {record.msg: vars(record) for record in caplog.records}
    failed, done = said["block_not_expired"], said["blocks_expired"]
    assert (failed["error"], failed["code"]) == ("EndpointConnectionError", None)
    assert (done["lifted"], done["failed"]) == (1, 1)
    assert "example.org" not in str(said)
    run()
    assert in_force() == []


def test_what_is_counted(
    at_nine: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bounced()
    bounced(FARS, event_id="2")
    later(at_nine, 91)
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "false")
    metrics.clear_metrics()  # what tests before this one counted, and printed nowhere
    with wire.cut_off(dynamodb.client(), "TransactWriteItems", "ada@example.org"):
        handler({}, _Context())
    [line] = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    assert (line["CredentialsExpired"], line["ExpiriesFailed"]) == ([1.0], [1.0])


def test_of_an_address_that_a_whole_district_shares_some_holders_have_a_record(
    at_nine: time_machine.Traveller,
) -> None:
    """A transaction has 100 items."""
    names = [f"u{number}" for number in range(60)]
    district.import_(*ALL, *(district.user(name, "Uma Reyes", email="all@example.org") for name in names))
    shared = Credential(CredentialKind.EMAIL, "all@example.org")
    bounced(shared)
    later(at_nine, 91)
    run()
    assert in_force(shared) == []
    assert len({item["user_id"] for item in audit()}) == 25


def test_what_is_too_much_for_one_run_is_the_next_one_s(at_nine: time_machine.Traveller) -> None:
    bounced()
    later(at_nine, 1)
    bounced(FARS, event_id="2", occurred_at=datetime.now(UTC))
    later(at_nine, 91)
    now = datetime.now(UTC)
    with reacting():
        assert expire_blocks.run(now, now, NEVER_STOPS, most=1) == Expired(lifted=1)
    assert (in_force(), in_force(FARS)) == ([], ["bounce@email"])  # the older day came first
    with reacting():
        assert expire_blocks.run(now, now, NEVER_STOPS, most=1) == Expired(lifted=1)
    assert in_force(FARS) == []


def test_a_run_begins_nothing_shortly_before_its_end(at_nine: time_machine.Traveller) -> None:
    bounced()
    later(at_nine, 91)
    run(left=100_000)
    assert in_force() == ["bounce@email"]


def test_an_older_day_is_gone_through_in_its_own_hour(at_nine: time_machine.Traveller) -> None:
    """At one o'clock: it is day 739,873, which 24 divides but for 1. Late, it is still one o'clock's."""
    bounced()
    later(at_nine, 98)
    with wire.overheard(dynamodb.client(), "Query") as asked:
        run()
    assert (in_force(), len(asked)) == (["bounce@email"], 1)
    for hour in ("00:05", "02:05", "23:05"):
        run(time=f"2026-12-21T{hour}:00Z")
    assert in_force() == ["bounce@email"]
    run(time="2026-12-21T01:05:00Z")
    assert in_force() == []


def test_lists_that_cannot_be_read_fail_the_run(at_nine: time_machine.Traveller) -> None:
    bounced()
    later(at_nine, 91)
    with (
        wire.cut_off(dynamodb.client(), "BatchGetItem", "status"),
        pytest.raises(Exception, match="BatchGet"),
    ):
        run()
    assert in_force() == ["bounce@email"]
