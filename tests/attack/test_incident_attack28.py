"""Attack on issue 28, "Undo an incident": wrong people opened, reports that lie, runs nobody can watch."""

import json
from datetime import UTC, datetime
from math import inf
from typing import Any

import boto3
import pytest
import time_machine

from functions.reset.app import handler as resetting
from reachable.buckets import incidents as bucket
from reachable.buckets import s3
from reachable.flows import apply, bulk_act, keep_lists, reset_incident
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause
from reachable.store.runs import incidents as store
from tests.builders import clock, delivery_event
from tests.functions import district, incidents
from tests.functions.api import call
from tests.functions.conftest import at_nine, aws, bus, state_machine
from tests.functions.district import ADA, FAR
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

__all__ = ["at_nine", "aws", "bus", "state_machine"]
pytestmark = pytest.mark.usefixtures("at_nine", "bus", "state_machine")


@pytest.mark.parametrize("id_", ["ada,the-other-one", "ada;x", "ada\tx", "ada\nx", '"ada"', " ada"])
def test_a_person_named_by_an_id_with_a_comma_is_nobody_else(
    at_nine: time_machine.Traveller, id_: str
) -> None:
    """A sourcedId is any text; `users` are put down as CSV unquoted, and read back as something else."""
    bounced()
    move(at_nine, 120)
    saved = counted({"users": [id_]})
    assert saved["counts"]["outcome"] == {"unknown_user": 1}


def test_users_named_as_a_header_is_are_not_swallowed(at_nine: time_machine.Traveller) -> None:
    bounced()
    move(at_nine, 120)
    saved = counted({"users": ["ada", "fay;1;2;3"]})
    assert saved["counts"]["outcome"] == {"reset": 1, "unknown_user": 1}
    saved = counted({"users": ["user_id", "ada"]})
    assert saved["counts"]["outcome"] == {"reset": 1, "unknown_user": 1}


def test_one_quote_in_an_id_refuses_no_list(at_nine: time_machine.Traveller) -> None:
    bounced()
    move(at_nine, 120)
    saved = counted({"users": ['"x', "ada"]})
    assert saved["state"] == "counted"


def test_a_run_that_follows_its_count_by_itself_can_be_watched(at_nine: time_machine.Traveller) -> None:
    """Count and run are one execution, and their chunks' numbers lie in one place."""
    bounced()
    move(at_nine, 120)
    saved = api("POST", "/resets", {"where": NINE}).body
    told = newest(saved["id"])
    at = incidents.step("begin", told["execution"], input=told)
    at = incidents.step("gather", told["execution"], incident=at["incident"], phase=at["phase"])
    where = {"incident": at["incident"], "phase": at["phase"]}
    incidents.step("chunk", told["execution"], **where, number=0)
    at = incidents.step("after", told["execution"], **where)
    assert at["phase"] == "run"
    assert in_force() == ["bounce@email"]  # nothing is reset yet
    run = shown(saved["id"])["run"]
    assert (run["parts_done"], run["counts"]["outcome"]) == (0, {})


def test_a_worker_left_over_resets_nobody_once_the_run_was_undone(
    at_nine: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One chunk of a distributed map fails: the map fails and aborts the others, whose Lambdas work on.

    Its incident is failed, and can be undone a minute later, when whatever was left over has written.
    """
    bounced()
    move(at_nine, 120)
    saved = counted({"where": NINE})
    assert api("POST", f"/resets/{saved['id']}/start").status == 202
    told = newest(saved["id"])
    execution = told["execution"]
    at = incidents.step("begin", execution, input=told)
    where = {"incident": at["incident"], "phase": at["phase"]}
    real = bulk_act.write
    ended: list[str] = []

    def late(*args: Any) -> None:
        if not ended:
            ended.append("once")
            incidents.step("failed", execution, incident=saved["id"], error="States.TaskFailed")
            ended.append(str(api("POST", f"/resets/{saved['id']}/undo").status))
        real(*args)

    monkeypatch.setattr(bulk_act, "write", late)
    incidents.step("chunk", execution, **where, number=0)
    assert ended == ["once", "429"]
    assert in_force() == []
    move(at_nine, 1)
    assert act(saved["id"], "undo")["state"] == "undone"
    assert in_force() == ["bounce@email"]


def test_a_worker_left_over_takes_nothing_from_what_a_newer_run_has_reset(
    at_nine: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its chunk's object is put over the newer run's: of 60 that are reset 50 are told, and released."""
    some = [Credential(CredentialKind.EMAIL, f"p{i}@example.org") for i in range(60)]
    for i, of in enumerate(some):
        apply.events([delivery_event(address=of.address, event_id=f"e{i}")], datetime.now(UTC))
    for of in some:
        keep_lists.of(of)
    move(at_nine, 120)
    saved = counted({"where": NINE})
    assert saved["counts"]["outcome"] == {"reset": 60}
    assert api("POST", f"/resets/{saved['id']}/start").status == 202
    told = newest(saved["id"])
    execution = told["execution"]
    at = incidents.step("begin", execution, input=told)
    where = {"incident": at["incident"], "phase": at["phase"]}
    real = bucket.put_judged
    ended: list[Any] = []

    def late(incident_id: str, phase: str, number: int, lines: Any) -> None:
        kept = list(lines)
        if not ended:
            ended.append("once")
            ended.append(api("POST", f"/resets/{saved['id']}/start").status)
        real(incident_id, phase, number, kept)

    real_known = store.known
    looks: list[str] = []

    def known(incident_id: str) -> Any:
        looks.append("")
        if len(looks) == 3:  # `mine`, the first fifty, and now: it has failed
            reset_incident.failed(incident_id, execution, "States.TaskFailed", datetime.now(UTC))
        return real_known(incident_id)

    monkeypatch.setattr(reset_incident, "_LOOKED_FOR_SECONDS", inf)  # on a slow machine, too
    monkeypatch.setattr(store, "known", known)
    monkeypatch.setattr(bucket, "put_judged", late)
    incidents.step("chunk", execution, **where, number=0)
    monkeypatch.undo()
    move(at_nine, 1)
    assert act(saved["id"], "start")["run"]["counts"]["outcome"] == {"reset": 60}
    lines = [line for chunk in bucket.judged(saved["id"], "run") for line in chunk]
    assert len(lines) == 60


def test_what_is_started_again_after_half_an_undo_is_reset_again(
    at_nine: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounced()
    bounced(FARS, event_id="2")
    move(at_nine, 120)
    saved = counted({"where": NINE})
    act(saved["id"], "start")
    assert api("POST", f"/resets/{saved['id']}/undo").status == 202
    told = newest(saved["id"])
    at = incidents.step("begin", told["execution"], input=told)
    where = {"incident": at["incident"], "phase": at["phase"]}
    incidents.step("chunk", told["execution"], **where, number=0)
    incidents.step("failed", told["execution"], incident=saved["id"], error="States.Timeout")
    failed = shown(saved["id"])
    assert failed["state"] == "failed"
    if "start" not in failed["actions"]:
        return
    done = act(saved["id"], "start")
    is_open = sum(in_force(of) == [] for of in (EMAIL, FARS))
    assert done["run"]["counts"]["outcome"].get("reset", 0) == is_open


def test_what_stays_open_after_an_undo_is_not_told_as_closed_again(at_nine: time_machine.Traveller) -> None:
    bounced()
    move(at_nine, 120)
    saved = counted({"where": NINE})
    act(saved["id"], "start")
    bounced(event_id="later", occurred_at=clock("11:00"), sent_at=clock("11:00"))
    move(at_nine, 10)
    with reacting():
        assert call(resetting, "POST", f"/users/{ADA.id}/reset", district.manager(), {}).status == 200
    undone = act(saved["id"], "undo")
    assert in_force() == []
    assert undone["undo"]["counts"]["outcome"].get("restored", 0) == 0


def test_a_suppression_that_the_run_itself_released_is_not_told_as_closed_again(
    at_nine: time_machine.Traveller,
) -> None:
    row = {"stream": "outbound", "SuppressionReason": "HardBounce", "Origin": "Recipient"}
    created = {"CreatedAt": "2026-09-14T05:00:00-04:00"}
    with served() as lists:
        lists.set_up("postmark")
        lists["postmark"].rows = [row | created | {"EmailAddress": EMAIL.address}]
        bounced(event_id="s", provider="postmark", cause=Cause.PROVIDER_SUPPRESSED)
        assert in_force() == ["suppressed@email"]
        move(at_nine, 120)
        saved = counted({"where": NINE})
        done = act(saved["id"], "start")
        assert done["releases"][0]["released"] == 1
        move(at_nine, 1)
        undone = act(saved["id"], "undo")
    told = undone["undo"]["counts"]["outcome"].get("restored", 0)
    assert told == len(in_force())


@pytest.mark.parametrize("cells", [200])
def test_a_list_of_garbage_can_still_be_watched(at_nine: time_machine.Traveller, cells: int) -> None:
    """Lambda answers 6 MB at most; a cell of a list is as long as its file has it."""
    saved = api("POST", "/resets", {"file": True, "dry_run": True}).body
    key = f"uploads/{saved['id']}.csv"
    s3.put("results", key, "".join(f"{i}{'x' * 40_000}\n" for i in range(cells)).encode(), "text/csv")
    incidents.run("by-the-upload", {"detail": {"object": {"key": key}}})
    answer = api("GET", f"/resets/{saved['id']}")
    assert answer.status == 200
    assert len(json.dumps(answer.body)) < 6 * 1024 * 1024


def test_a_window_from_the_first_of_all_days_is_counted_or_refused(at_nine: time_machine.Traveller) -> None:
    bounced()
    move(at_nine, 120)
    answer = api("POST", "/resets", {"where": {"from": "0001-01-01T00:00:00Z"}, "dry_run": True})
    if answer.status == 202:
        work(answer.body["id"])


def test_a_list_is_counted_again_as_long_as_its_incident_is_kept(at_nine: time_machine.Traveller) -> None:
    """`uploads/` ends after 7 days (infra/storage.yaml), the incident after 90."""
    bounced()
    move(at_nine, 120)
    saved = api("POST", "/resets", {"file": True, "dry_run": True}).body
    key = f"uploads/{saved['id']}.csv"
    s3.put("results", key, b"ada\n", "text/csv")
    incidents.run("by-the-upload", {"detail": {"object": {"key": key}}})
    assert shown(saved["id"])["state"] == "counted"
    move(at_nine, 60 * 24 * 8)
    boto3.client("s3").delete_object(Bucket="results", Key=key)  # as the lifecycle does
    again = act(saved["id"], "count")
    assert again["state"] == "counted"


def test_a_list_that_is_put_again_is_not_what_is_counted_again(at_nine: time_machine.Traveller) -> None:
    bounced()
    bounced(FARS, event_id="2")
    move(at_nine, 120)
    saved = api("POST", "/resets", {"file": True, "dry_run": True}).body
    key = f"uploads/{saved['id']}.csv"
    s3.put("results", key, b"ada\n", "text/csv")
    incidents.run("by-the-upload", {"detail": {"object": {"key": key}}})
    s3.put("results", key, FAR.sourced_id.encode(), "text/csv")
    incidents.run("another", {"detail": {"object": {"key": key}}})
    again = act(saved["id"], "count")
    assert again["examples"][0]["users"][0]["name"] == "Ada Reyes"
