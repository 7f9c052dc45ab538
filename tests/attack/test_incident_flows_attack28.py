"""Attack on issue 28: waits that outlive an execution, another holder's words, runs stopped anywhere."""

from dataclasses import replace
from datetime import UTC, datetime
from math import ceil
from typing import Any, Final

import pytest
import time_machine

from functions.profiles.app import handler as profiles
from functions.reset.app import handler as resetting
from reachable.flows import bulk_act
from reachable.model.credential import CredentialKind
from tests.builders import clock
from tests.functions import district, incidents
from tests.functions.api import call
from tests.functions.conftest import at_nine, aws, bus, state_machine
from tests.functions.district import ADA, ALL, FAR
from tests.functions.incidents import (
    EMAIL,
    FARS,
    NINE,
    act,
    api,
    bounced,
    counted,
    in_force,
    move,
    newest,
    shown,
    work,
)
from tests.functions.lists import served
from tests.functions.streams import reacting
from tools.stand_ins.stand_in import Ordered

__all__ = ["at_nine", "aws", "bus", "state_machine"]
pytestmark = pytest.mark.usefixtures("at_nine", "bus", "state_machine")
left = pytest.mark.xfail(strict=True, reason="left by name in the runbook, or in the closing note")
ROW: Final = {
    "stream": "outbound",
    "SuppressionReason": "HardBounce",
    "Origin": "Recipient",
    "CreatedAt": "2026-09-14T05:00:00-04:00",
    "EmailAddress": EMAIL.address,
}


@pytest.mark.parametrize("retry_after", ["86400", "21600"])
def test_an_account_that_says_tomorrow_each_day_has_room_in_one_executions_events(
    at_nine: time_machine.Traveller, retry_after: str
) -> None:
    """A turn of the state machine is nine events (Wait 2, Task 5, Choice 2); an execution may have 25,000.
    The rules ask again 16 times."""
    events, turns = 0, 0
    with served() as lists:
        lists.set_up("postmark")
        lists["postmark"].rows = [dict(ROW)]
        lists["postmark"].ordered = [Ordered(429, headers={"retry-after": retry_after})] * 200
        bounced(event_id="1", provider="postmark")
        move(at_nine, 120)
        saved = counted({"where": NINE})
        assert api("POST", f"/resets/{saved['id']}/start").status == 202
        told = newest(saved["id"])
        at = incidents.step("begin", told["execution"], input=told)
        where = {"incident": at["incident"], "phase": at["phase"]}
        incidents.step("chunk", told["execution"], **where, number=0)
        at = incidents.step("after", told["execution"], **where)
        while at["next"] != "end" and turns < 400:
            turns += 1
            at = incidents.step("release", told["execution"], **where)
            events += 9
            [told_] = shown(saved["id"])["releases"]
            if at["next"] == "wait" and told_["next_at"]:
                gap = (datetime.fromisoformat(told_["next_at"]) - datetime.now(UTC)).total_seconds()
                waits = max(1, ceil(gap / at["seconds"]))  # the same answer each time, so asked once
                events += 9 * (waits - 1)
                move(at_nine, max(gap, at["seconds"]) / 60)
    assert events < 25_000


def test_who_gets_an_address_later_reads_nothing_that_was_noted_of_who_had_it_before(
    at_nine: time_machine.Traveller,
) -> None:
    """What an undo closes again occurs now, with the words and the note of what had closed it at first."""
    with reacting():
        body = {"credential": "email", "ground": "manual", "note": "Ada's ex-husband reads it."}
        assert call(resetting, "POST", f"/users/{ADA.id}/blocks", district.manager(), body).status in (
            200,
            201,
        )
    moved = replace(ADA, credentials={}, typed={})
    heir = replace(
        FAR, credentials={CredentialKind.EMAIL: EMAIL}, typed={CredentialKind.EMAIL: "ada@example.org"}
    )
    instead = {ADA.id: moved, FAR.id: heir}
    with reacting():
        district.import_(*(instead.get(record.id, record) for record in ALL), at=clock("10:00"))
    move(at_nine, 120)

    def read() -> str:
        path = f"/users/{FAR.id}/credentials/email/events"
        answer = call(profiles, "GET", path, district.manager())
        assert answer.status == 200, answer.body
        return str(answer.body)

    assert "ex-husband" not in read()
    saved = counted({"where": NINE | {"cause": "manual"}})
    assert saved["counts"]["outcome"] == {"reset": 1}
    act(saved["id"], "start")
    assert "ex-husband" not in read()
    act(saved["id"], "undo")
    assert "ex-husband" not in read()


@left
def test_who_was_reset_by_a_run_that_was_stopped_can_still_be_released(
    at_nine: time_machine.Traveller,
) -> None:
    """An ordinary reset says already_good, and nobody takes the address off the provider's list."""
    with served() as lists:
        lists.set_up("postmark")
        lists["postmark"].rows = [dict(ROW)]
        bounced(event_id="1", provider="postmark")
        move(at_nine, 120)
        saved = counted({"where": NINE})
        assert api("POST", f"/resets/{saved['id']}/start").status == 202
        told = newest(saved["id"])
        at = incidents.step("begin", told["execution"], input=told)
        where = {"incident": at["incident"], "phase": at["phase"]}
        incidents.step("chunk", told["execution"], **where, number=0)
        assert api("POST", f"/resets/{saved['id']}/stop").status == 202
        incidents.step("after", told["execution"], **where)
        assert shown(saved["id"])["state"] == "stopped"
        assert in_force() == []
        move(at_nine, 10)
        with reacting():
            answer = call(resetting, "POST", f"/users/{ADA.id}/reset", district.manager(), {})
        assert answer.status == 200
        assert lists["postmark"].rows == []


@pytest.mark.parametrize("when", range(8))
def test_stopped_at_each_step_started_and_undone_it_ends_the_same(
    at_nine: time_machine.Traveller, when: int
) -> None:
    bounced()
    bounced(FARS, event_id="2")
    move(at_nine, 120)
    saved = counted({"where": NINE})
    assert api("POST", f"/resets/{saved['id']}/start").status == 202
    count = [0]

    def between(_: str) -> None:
        if count[0] == when:
            api("POST", f"/resets/{saved['id']}/stop")
        count[0] += 1

    work(saved["id"], between)
    state = shown(saved["id"])["state"]
    assert state in ("stopped", "done")
    if state == "stopped":
        assert act(saved["id"], "start")["state"] == "done"
    assert (in_force(), in_force(FARS)) == ([], [])
    assert act(saved["id"], "undo")["state"] == "undone"
    assert (in_force(), in_force(FARS)) == (["bounce@email"], ["bounce@email"])


@pytest.mark.parametrize("ahead", [0.2, 5])
def test_a_run_that_was_stopped_goes_on_though_one_clock_is_ahead(
    at_nine: time_machine.Traveller, ahead: float
) -> None:
    """The API's clock says when it was asked, the steps' when it was counted."""
    bounced()
    bounced(FARS, event_id="2")
    move(at_nine, 120)
    saved = api("POST", "/resets", {"where": NINE}).body
    move(at_nine, -ahead / 60)
    count = [0]

    def between(step: str) -> None:
        if step == "chunks":
            count[0] += 1
        if step == "release":
            assert api("POST", f"/resets/{saved['id']}/stop").status == 202

    work(saved["id"], between)
    stopped = shown(saved["id"])
    assert stopped["state"] == "stopped"
    assert "start" in stopped["actions"]


def test_what_was_counted_can_be_started_though_one_clock_is_ahead(at_nine: time_machine.Traveller) -> None:
    bounced()
    move(at_nine, 120)
    saved = api("POST", "/resets", {"where": NINE, "dry_run": True}).body
    move(at_nine, -0.01)
    work(saved["id"])
    assert "start" in shown(saved["id"])["actions"]


def test_a_reset_that_found_it_open_after_the_run_stands_when_that_is_undone(
    at_nine: time_machine.Traveller,
) -> None:
    """It holds."""
    bounced(provider="mailjet")
    move(at_nine, 120)
    saved = counted({"where": NINE})
    act(saved["id"], "start")
    move(at_nine, 60)
    with reacting():
        assert call(resetting, "POST", f"/users/{ADA.id}/reset", district.manager(), {}).status == 200
    act(saved["id"], "undo")
    assert in_force() == []


def test_what_an_undo_began_to_close_no_run_opens(
    at_nine: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its left-over worker may still close somebody: nothing is left but to undo on."""
    bounced()
    move(at_nine, 120)
    saved = counted({"where": NINE})
    act(saved["id"], "start")
    assert api("POST", f"/resets/{saved['id']}/undo").status == 202
    told = newest(saved["id"])
    at = incidents.step("begin", told["execution"], input=told)
    where = {"incident": at["incident"], "phase": at["phase"]}
    real = bulk_act.write
    ended: list[Any] = []

    def late(*args: Any) -> None:
        if not ended:
            ended.append("once")
            incidents.step("failed", told["execution"], incident=saved["id"], error="States.TaskFailed")
            move(at_nine, 2)
            ended.append(str(api("POST", f"/resets/{saved['id']}/start").status))
        real(*args)

    monkeypatch.setattr(bulk_act, "write", late)
    incidents.step("chunk", told["execution"], **where, number=0)
    assert ended == ["once", "409"]
    assert act(saved["id"], "undo")["state"] == "undone"
    assert in_force() == ["bounce@email"]


@left
def test_a_block_that_a_run_opened_says_when_and_by_whom(at_nine: time_machine.Traveller) -> None:
    """`until` is the lift's mark: it ended the moment it began, two hours before anybody reset it."""
    bounced()
    move(at_nine, 120)
    saved = counted({"where": NINE})
    act(saved["id"], "start")
    [block] = call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body["credentials"][0]["blocks"]
    assert block["since"] == "2026-09-14T09:00:00Z"
    assert block["until"] == "2026-09-14T11:00:00Z"


@left
def test_what_came_back_before_the_incident_still_says_so_after_its_undo(
    at_nine: time_machine.Traveller,
) -> None:
    """A reset at 09:05, a bounce at 09:10: the profile says came_back until an incident was undone."""
    bounced(event_id="0", occurred_at=clock("08:30"), sent_at=clock("08:30"))
    move(at_nine, 5)
    with reacting():
        assert call(resetting, "POST", f"/users/{ADA.id}/reset", district.manager(), {}).status == 200
    move(at_nine, 5)
    bounced(event_id="1", occurred_at=clock("09:10"), sent_at=clock("09:10"))

    def codes() -> list[str]:
        told = call(profiles, "GET", f"/users/{ADA.id}", district.manager()).body["guidance"]
        return [one["code"] for one in told if one["credential"] == "email"]

    before = codes()
    assert "came_back" in before
    move(at_nine, 120)
    saved = counted({"where": NINE})
    act(saved["id"], "start")
    act(saved["id"], "undo")
    assert codes() == before
