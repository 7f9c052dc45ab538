"""Attack on issue 28: a lift that reaches beyond the incident, audits that miss people."""

from datetime import timedelta
from typing import Any, Final
from unittest.mock import patch

import boto3
import pytest
import time_machine

from reachable.buckets import s3
from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Kind, Permanence
from reachable.model.status import Terms
from reachable.rules import incident_report, replay
from reachable.rules import status as status_rules
from reachable.store import dynamodb
from reachable.store.credentials import history
from reachable.store.runs import incidents as runs
from tests.builders import delivery_event
from tests.functions import district
from tests.functions.conftest import at_nine, aws, bus, state_machine
from tests.functions.district import ADA
from tests.functions.incidents import EMAIL, NINE, api, bounced, counted, move
from tests.unit.rules.test_incident import OF_WINDOW, at, item, judge, standing
from tests.unit.rules.test_replay import ADA as ADAS
from tests.unit.rules.test_replay import line, read

__all__ = ["at_nine", "aws", "bus", "state_machine"]
there = pytest.mark.usefixtures("at_nine", "bus", "state_machine")
OF: Final = {"permanence": Permanence.TRANSIENT, "cause": Cause.MAILBOX_FULL}
TWO: Final = Terms(2, timedelta(days=30))


# The rules


def test_with_a_limit_the_lift_has_the_mark_of_the_incidents_newest_and_later_ones_count_on() -> None:
    """TransientBounceLimit 2: one bounce of the incident, one later. The later one is not the incident's."""
    wrong = item("a", "09:10", "transient@email", provider_message_id="1", **OF)
    later = item("b", "11:00", "transient@email", provider_message_id="2", **OF)
    judged = judge(OF_WINDOW, [wrong, later], terms=TWO)
    assert judged is not None
    assert judged.lifting is not None
    assert judged.lifting.at == at("09:10", "a")


def test_with_a_limit_the_next_real_bounce_blocks_after_an_incident_as_if_that_had_never_been() -> None:
    wrong = item("a", "09:10", "transient@email", provider_message_id="1", **OF)
    later = item("b", "11:00", "transient@email", provider_message_id="2", **OF)
    judged = judge(OF_WINDOW, [wrong, later], terms=TWO)
    assert judged is not None
    assert judged.lifting is not None
    last = item("c", "13:00", "transient@email", provider_message_id="3", **OF)
    by_hand = standing([later, last], terms=TWO).status
    assert [str(block.register) for block in status_rules.blocks(by_hand)] == ["bounce@email"]
    got = status_rules.join(
        standing([wrong, later, last], terms=TWO).status,
        [judged.lifting],
    )
    assert [str(block.register) for block in status_rules.blocks(got)] == ["bounce@email"]


def test_whom_todays_tables_do_not_blame_is_not_told_as_the_same() -> None:
    """The event named Ada by a fault of the dialect; today it names Dennis, and closes him."""
    verdict = replay.verdict(ADAS, line(), read(delivery_event(address="dennis@example.org")))
    assert verdict is not replay.Verdict.SAME


# Audit


@there
def test_the_audit_names_whom_the_report_names(at_nine: time_machine.Traveller) -> None:
    """Whoever looks at an incident is handed all names by `report_url`; the audit has ten examples."""
    many = [
        u for u in vars(district).values() if type(u) is type(ADA) and CredentialKind.EMAIL in u.credentials
    ]
    with patch.object(incident_report, "EXAMPLES", 1):
        for i, user in enumerate(many):
            bounced(user.credentials[CredentialKind.EMAIL], event_id=str(i))
        move(at_nine, 120)
        saved = counted({"where": NINE})
    assert api("GET", f"/resets/{saved['id']}/report").body["report_url"]
    text = s3.get("results", f"resets/{saved['id']}/count.csv") or b""
    report = text.decode("utf-8-sig").splitlines()[1:]
    audited = [
        set(i.get("shown") or [])
        for i in map(dynamodb.of_wire, dynamodb.scan("audit"))
        if i["act"] == "exported_incident"
    ]
    assert len(report) > 1
    assert max(len(ids) for ids in audited) >= len({row.split(",")[0] for row in report})


@there
def test_an_act_that_was_refused_is_not_in_the_audit_as_done(at_nine: time_machine.Traveller) -> None:
    """Of two who undo at once the one who is refused 409 stands in the audit as who undid it."""
    bounced()
    move(at_nine, 120)
    saved = counted({"where": NINE})
    first: list[int] = []
    real = runs.known

    def at_once(incident_id: str) -> Any:
        seen = real(incident_id)
        if not first:
            first.append(1)
            assert api("POST", f"/resets/{saved['id']}/start").status == 202
        return seen

    with patch.object(runs, "known", at_once):
        assert api("POST", f"/resets/{saved['id']}/start").status == 409
    acts = [i for i in map(dynamodb.of_wire, dynamodb.scan("audit")) if i["act"] == "started_incident"]
    assert len(acts) == 1


# Watched and stopped


@there
def test_a_reset_that_was_asked_for_by_mistake_can_be_stopped_while_it_counts(
    at_nine: time_machine.Traveller,
) -> None:
    bounced()
    move(at_nine, 120)
    saved = api("POST", "/resets", {"where": NINE}).body
    assert api("POST", f"/resets/{saved['id']}/stop").status == 202


@there
def test_what_cannot_be_read_is_reported_by_name(at_nine: time_machine.Traveller) -> None:
    bounced()
    move(at_nine, 120)
    table = boto3.client("dynamodb")
    [bad] = history.of(EMAIL)
    table.update_item(
        TableName="credentials",
        Key={"credential": {"S": str(EMAIL)}, "item": {"S": f"event#{bad.hex}"}},
        UpdateExpression="SET cause = :c",
        ExpressionAttributeValues={":c": {"S": "a word of a newer version"}},
    )
    saved = counted({"where": NINE})
    assert saved["counts"]["outcome"] == {"failed": 1}
    assert [user["name"] for one in saved["left_alone"] for user in one["users"]] == ["Ada Reyes"]


def test_of_an_event_about_two_who_is_not_blamed_today_is_freed() -> None:
    """One event, one name, two recipients: today it is final for Dennis alone."""
    ada = delivery_event(kind=Kind.DELAYED, permanence=None, cause=None)
    verdict = replay.verdict(ADAS, line(), read(ada, delivery_event(address="dennis@example.org")))
    assert verdict is not replay.Verdict.SAME
