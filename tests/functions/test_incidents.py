"""An incident from end to end, as its API and its state machine do it on one function's AWS."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest
import time_machine

from functions.incidents.app import handler
from functions.reset.app import handler as resetting
from reachable.buckets import s3
from reachable.flows import apply, fold_lists
from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Cause, Kind
from reachable.store import dynamodb
from reachable.store.credentials import history
from tests.builders import clock, text_event
from tests.functions import district, incidents
from tests.functions.api import call, invoke
from tests.functions.district import ADA, FAR, MANAGER, NORTH, PENDING, TEACHER
from tests.functions.incidents import (
    EMAIL,
    FARS,
    NINE,
    act,
    api,
    bounced,
    counted,
    executions,
    in_force,
    kinds,
    move,
    newest,
    shown,
    work,
)
from tests.functions.lists import served
from tests.functions.streams import reacting

pytestmark = pytest.mark.usefixtures("at_nine", "bus", "state_machine")

PHONE: Final = ADA.credentials[CredentialKind.PHONE]
"""Dennis has it, too."""
PENNYS: Final = PENDING.credentials[CredentialKind.EMAIL]
TESSES: Final = TEACHER.credentials[CredentialKind.EMAIL]


def audited() -> list[tuple[str, str, str | None]]:
    items = map(dynamodb.of_wire, dynamodb.scan("audit"))
    staff = [item for item in items if item["subject"].startswith("staff#")]
    return [(i["act"], i["by"], i.get("user_id")) for i in sorted(staff, key=lambda i: i["item"])]


def test_a_window_is_counted_reset_and_undone(at_nine: time_machine.Traveller) -> None:
    bounced(event_id="1")
    bounced(FARS, event_id="2")
    move(at_nine, 120)
    saved = counted({"where": NINE, "note": "Mail was down."})
    assert (saved["state"], saved["actions"]) == ("counted", ["count", "start"])
    assert saved["counts"] == {
        "outcome": {"reset": 2},
        "cause": {"invalid_address": 2},
        "domain": {"example.org": 2},
        "school": {NORTH.id: 1, FAR.schools[0]: 1},
    }
    assert in_force() == ["bounce@email"]  # counted, and no more

    move(at_nine, 1)
    done = act(saved["id"], "start")
    assert (done["state"], done["actions"]) == ("done", ["undo"])
    assert done["run"]["counts"]["outcome"] == {"reset": 2}
    assert (in_force(), in_force(FARS)) == ([], [])
    [reset] = [item for item in history.of(EMAIL) if item.kind.value == "reset"]
    assert (reset.kind.value, reset.by, reset.note, reset.incident) == (
        "reset",
        MANAGER.id,
        "Mail was down.",
        saved["id"],
    )

    move(at_nine, 1)
    undone = act(saved["id"], "undo")
    assert (undone["state"], undone["actions"]) == ("undone", [])
    assert undone["undo"]["counts"]["outcome"] == {"restored": 2}
    assert (in_force(), in_force(FARS)) == (["bounce@email"], ["bounce@email"])
    assert kinds() == ["restored", "reset", "bounced"]
    assert fold_lists.compare() == []


def test_what_an_undo_closes_says_why_as_before_and_any_later_reset_opens_it(
    at_nine: time_machine.Traveller,
) -> None:
    bounced(diagnostic="550 5.1.1 no such user", smtp_status="5.1.1")
    move(at_nine, 120)
    saved = counted({"where": NINE})
    act(saved["id"], "start")
    act(saved["id"], "undo")
    [restored, *_, first] = sorted(history.of(EMAIL), key=lambda item: item.kind.value, reverse=True)
    assert (restored.cause, restored.diagnostic, restored.smtp_status, restored.first_at) == (
        Cause.INVALID_ADDRESS,
        "550 5.1.1 no such user",
        "5.1.1",
        clock("09:00"),
    )
    assert first.occurred_at == clock("09:00")
    with reacting():
        assert call(resetting, "POST", f"/users/{ADA.id}/reset", district.manager(), {}).status == 200
    assert in_force() == []


def test_a_later_reset_by_somebody_stands_when_the_incident_is_undone(
    at_nine: time_machine.Traveller,
) -> None:
    bounced()
    move(at_nine, 120)
    saved = counted({"where": NINE})
    act(saved["id"], "start")
    bounced(event_id="later", occurred_at=clock("11:00"), sent_at=clock("11:00"))
    move(at_nine, 10)
    with reacting():
        assert call(resetting, "POST", f"/users/{ADA.id}/reset", district.manager(), {}).status == 200
    act(saved["id"], "undo")
    assert in_force() == []


def test_what_is_closed_otherwise_too_is_left_alone_and_told_by_name(
    at_nine: time_machine.Traveller,
) -> None:
    bounced(event_id="1")
    bounced(event_id="c", kind=Kind.COMPLAINED, permanence=None, cause=Cause.COMPLAINT)
    bounced(FARS, event_id="2")
    move(at_nine, 120)
    bounced(FARS, event_id="3", occurred_at=clock("11:00"), sent_at=clock("11:00"))
    bounced(TESSES, event_id="4", occurred_at=clock("09:30"), sent_at=clock("09:30"))
    move(at_nine, 1)
    saved = counted({"where": NINE})
    assert saved["counts"]["outcome"] == {"reset": 1, "left_alone": 2}
    told = {
        one["users"][0]["name"]: [(why["ground"], why["cause"], why["since"]) for why in one["because"]]
        for one in saved["left_alone"]
    }
    assert told == {
        "Ada Reyes": [("complaint", "complaint", "2026-09-14T09:00:00Z")],
        "Fara Way": [("bounce", "invalid_address", "2026-09-14T11:00:00Z")],
    }
    before = history.of(EMAIL), history.of(FARS)
    act(saved["id"], "start")
    assert (in_force(), in_force(FARS), in_force(TESSES)) == (
        ["bounce@email", "complaint@email"],
        ["bounce@email"],
        [],
    )
    assert (history.of(EMAIL), history.of(FARS)) == before


def test_what_bounces_during_the_run_stays_closed(at_nine: time_machine.Traveller) -> None:
    bounced(event_id="1")
    bounced(FARS, event_id="2")
    move(at_nine, 120)
    saved = counted({"where": NINE})

    def meanwhile(step: str) -> None:
        if step == "chunks":
            bounced(event_id="3", occurred_at=clock("11:00"), sent_at=clock("11:00"))
        if step == "after":
            bounced(FARS, event_id="4", occurred_at=clock("11:00"), sent_at=clock("11:00"))

    assert api("POST", f"/resets/{saved['id']}/start").status == 202
    work(saved["id"], meanwhile)
    assert (in_force(), in_force(FARS)) == (["bounce@email"], ["bounce@email"])
    assert shown(saved["id"])["run"]["counts"]["outcome"] == {"reset": 1, "left_alone": 1}


def test_a_stopped_run_goes_on_where_it_was_and_ends_the_same(
    at_nine: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reachable.buckets.incidents.CHUNK", 1)
    for i, of in enumerate((EMAIL, FARS, PENNYS, TESSES)):
        bounced(of, event_id=str(i))
    move(at_nine, 120)
    saved = counted({"where": NINE})
    assert api("POST", f"/resets/{saved['id']}/start").status == 202
    told = newest(saved["id"])
    execution = told["execution"]
    at = incidents.step("begin", execution, input=told)
    where = {"incident": at["incident"], "phase": at["phase"]}
    incidents.step("chunk", execution, **where, number=0)
    assert api("POST", f"/resets/{saved['id']}/stop").body["state"] == "stopping"
    for number in (1, 2, 3):
        incidents.step("chunk", execution, **where, number=number)
    assert incidents.step("after", execution, **where)["next"] == "end"
    stopped = shown(saved["id"])
    assert (stopped["state"], stopped["actions"]) == ("stopped", ["start", "undo"])
    assert stopped["run"]["counts"]["outcome"] == {"reset": 1}
    assert sum(in_force(of) == [] for of in (EMAIL, FARS, PENNYS, TESSES)) == 1

    done = act(saved["id"], "start")
    assert (done["state"], done["run"]["counts"]["outcome"]) == ("done", {"reset": 4})
    assert [in_force(of) for of in (EMAIL, FARS, PENNYS, TESSES)] == [[], [], [], []]
    assert [kinds(of).count("reset") for of in (EMAIL, FARS, PENNYS, TESSES)] == [1, 1, 1, 1]


def test_each_step_may_come_twice(at_nine: time_machine.Traveller) -> None:
    bounced()
    move(at_nine, 120)
    saved = counted({"where": NINE})
    assert api("POST", f"/resets/{saved['id']}/start").status == 202
    told = newest(saved["id"])
    execution = told["execution"]
    at = incidents.step("begin", execution, input=told)
    assert incidents.step("begin", execution, input=told) == at
    where = {"incident": at["incident"], "phase": at["phase"]}
    for _ in range(2):
        incidents.step("chunk", execution, **where, number=0)
    nexts = [incidents.step("after", execution, **where)["next"] for _ in range(2)]
    assert nexts == ["release", "release"]
    ends = [incidents.step("release", execution, **where)["next"] for _ in range(2)]
    assert ends == ["end", "end"]
    assert kinds() == ["reset", "bounced"]
    assert shown(saved["id"])["state"] == "done"


def test_without_dry_run_the_run_follows_and_a_repeat_of_its_steps_skips_nothing(
    at_nine: time_machine.Traveller,
) -> None:
    bounced()
    move(at_nine, 120)
    answer = api("POST", "/resets", {"where": NINE})
    told = newest(answer.body["id"])
    at = incidents.step("begin", told["execution"], input=told)
    at = incidents.step("gather", told["execution"], incident=at["incident"], phase=at["phase"])
    where = {"incident": at["incident"], "phase": at["phase"]}
    incidents.step("chunk", told["execution"], **where, number=0)
    first = incidents.step("after", told["execution"], **where)
    assert incidents.step("after", told["execution"], **where) == first
    assert (first["next"], first["phase"]) == ("chunks", "run")
    incidents.run(told["execution"], told)
    assert (shown(answer.body["id"])["state"], in_force()) == ("done", [])


def test_the_providers_lists_are_counted_first_and_asked_at_the_end(
    at_nine: time_machine.Traveller,
) -> None:
    row = {"stream": "outbound", "SuppressionReason": "HardBounce", "Origin": "Recipient"}
    created = {"CreatedAt": "2026-09-14T05:00:00-04:00"}
    with served() as lists:
        lists.set_up("postmark")
        lists["postmark"].rows = [row | created | {"EmailAddress": of.address} for of in (EMAIL, FARS)]
        for i, of in enumerate((EMAIL, FARS)):
            bounced(of, event_id=str(i), provider="postmark")
        move(at_nine, 120)
        saved = counted({"where": NINE})
        [before] = saved["releases"]
        assert (before["provider"], before["to_come"], before["released"]) == ("postmark", 2, 0)
        assert len(lists["postmark"].rows) == 2
        done = act(saved["id"], "start")
        [after] = done["releases"]
        assert (done["state"], after["to_come"], after["released"]) == ("done", 0, 2)
        assert lists["postmark"].rows == []
    assert [item.kind.value for item in history.of(EMAIL)] == ["released", "reset", "bounced"]


def test_of_two_who_start_it_at_once_one_is_refused(at_nine: time_machine.Traveller) -> None:
    bounced()
    move(at_nine, 120)
    saved = counted({"where": NINE})
    answers = [api("POST", f"/resets/{saved['id']}/start").status for _ in range(2)]
    assert answers == [202, 409]


def test_a_list_is_read_as_a_spreadsheet_of_any_language_writes_it(
    at_nine: time_machine.Traveller,
) -> None:
    bounced()
    move(at_nine, 120)
    for text in (
        "ada\n",
        "\ufeffsourced_id\nada\n",
        'name;sourcedId\n"Reyes; Ada";ada\n',
        "user_id,name\r\n" + ADA.id + ",x\r\n\r\n",
        "SOURCED_ID\tname\nada\tAda\n",
    ):
        saved = api("POST", "/resets", {"file": True, "dry_run": True}).body
        assert (saved["state"], saved["upload_url"].partition("?")[0].rpartition("/")[2]) == (
            "waiting",
            f"{saved['id']}.csv",
        )
        key = f"uploads/{saved['id']}.csv"
        s3.put("results", key, text.encode(), "text/csv")
        incidents.run("by-the-upload", {"detail": {"object": {"key": key}}})
        told = shown(saved["id"])
        assert (told["counts"]["outcome"], told["people"]) == ({"reset": 1}, 1), text


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "The list names nobody."),
        (b"sourced_id\n", "The list names nobody."),
        (b"\xff\xfea\x00", "The list cannot be read. It must be text or CSV in UTF-8, an id a line."),
        (b'"ada', "The list cannot be read. It must be text or CSV in UTF-8, an id a line."),
        (
            b"".join(b"%d\n" % i for i in range(100_001)),
            "The list names more than 100,000 people. Divide it.",
        ),
    ],
    ids=["empty", "header", "utf-16", "half a cell", "too many"],
)
def test_a_list_that_is_of_no_use_is_refused_with_why(body: bytes, why: str) -> None:
    saved = api("POST", "/resets", {"file": True}).body
    key = f"uploads/{saved['id']}.csv"
    s3.put("results", key, body, "text/csv")
    incidents.run("by-the-upload", {"detail": {"object": {"key": key}}})
    refused = shown(saved["id"])
    assert (refused["state"], refused["error"], refused["actions"]) == ("refused", why, [])


def test_a_list_that_is_put_once_more_counts_for_nothing(at_nine: time_machine.Traveller) -> None:
    bounced()
    move(at_nine, 120)
    saved = api("POST", "/resets", {"file": True, "dry_run": True}).body
    key = f"uploads/{saved['id']}.csv"
    s3.put("results", key, b"ada", "text/csv")
    told = {"detail": {"object": {"key": key}}}
    incidents.run("first", told)
    s3.put("results", key, b"far", "text/csv")
    assert incidents.run("second", told)["next"] == "end"
    assert incidents.run("other", {"detail": {"object": {"key": "uploads/nobody.csv"}}})["next"] == "end"
    assert shown(saved["id"])["counts"]["outcome"] == {"reset": 1}


@pytest.mark.parametrize(
    ("where", "fits"),
    [
        ({}, True),
        ({"channel": "email"}, True),
        ({"channel": "sms"}, False),
        ({"provider": "ses"}, True),
        ({"provider": "postmark"}, False),
        ({"account": "default"}, True),
        ({"account": "second"}, False),
        ({"domain": "EXAMPLE.org"}, True),
        ({"domain": "example.com"}, False),
        ({"cause": "invalid_address"}, True),
        ({"cause": "mailbox_full"}, False),
        ({"cause": "manual"}, False),
        ({"code": "5.1.1"}, True),
        ({"code": "5.1.2"}, False),
        ({"code": "permanent/general"}, True),
        ({"text": "NO SUCH"}, True),
        ({"text": "full"}, False),
        ({"school": NORTH.id}, True),
        ({"school": "north"}, True),
        ({"school": "south"}, False),
        ({"from": "2026-09-14T09:00:01Z"}, False),
        ({"to": "2026-09-14T09:00:00.000001Z"}, True),
        ({"to": None}, True),
    ],
)
def test_a_window_selects_by_all_that_it_names(
    where: dict[str, Any], fits: bool, at_nine: time_machine.Traveller
) -> None:
    bounced(diagnostic="550 no such user", smtp_status="5.1.1", provider_code="Permanent/General")
    move(at_nine, 120)
    saved = counted({"where": {**NINE, **where}})
    assert saved["counts"]["outcome"] == ({"reset": 1} if fits else {})


@pytest.mark.parametrize(
    "users",
    [
        ["ada"],
        [ADA.id],
        [{"sourced_id": "ada"}],
        [{"user_id": ADA.id}],
        ["ada", ADA.id, {"sourced_id": "dennis"}],
    ],
)
def test_a_list_of_people_resets_what_a_reset_of_each_would(
    users: list[Any], at_nine: time_machine.Traveller
) -> None:
    bounced()
    with reacting():
        apply.events([text_event()], datetime.now(UTC))
    assert in_force(PHONE) != []
    move(at_nine, 60)
    saved = counted({"users": [*users, "stranger"]})
    assert saved["counts"]["outcome"] == {"reset": 2, "unknown_user": 1}
    [unknown] = saved["left_alone"]
    assert (unknown["outcome"], unknown["listed"], unknown["users"]) == ("unknown_user", "stranger", [])
    act(saved["id"], "start")
    assert (in_force(), in_force(PHONE)) == ([], [])


def test_a_mark_by_hand_is_of_no_window_and_of_a_list(at_nine: time_machine.Traveller) -> None:
    body = {"credential": "email", "ground": "manual", "note": "A wrong number."}
    with reacting():
        assert call(resetting, "POST", f"/users/{ADA.id}/blocks", district.manager(), body).status == 200
    bounced(occurred_at=clock("09:00"))
    move(at_nine, 120)
    by_window = counted({"where": NINE})
    assert by_window["counts"]["outcome"] == {"left_alone": 1}
    assert counted({"where": {**NINE, "cause": "manual"}})["counts"]["outcome"] == {"left_alone": 1}
    assert counted({"users": ["ada"]})["counts"]["outcome"] == {"reset": 1}


def test_what_came_after_the_count_is_not_opened_by_it(at_nine: time_machine.Traveller) -> None:
    """What somebody saw in the preview is what is done."""
    bounced(event_id="1")
    move(at_nine, 30)
    saved = counted({"where": {"from": "2026-09-14T09:00:00Z"}})
    move(at_nine, 1)
    bounced(event_id="2", occurred_at=clock("09:10"), sent_at=clock("09:10"))
    started = act(saved["id"], "start")
    assert (started["run"]["counts"]["outcome"], in_force()) == ({"left_alone": 1}, ["bounce@email"])
    move(at_nine, 1)
    again = counted({"where": {"from": "2026-09-14T09:00:00Z"}})
    assert again["counts"]["outcome"] == {"reset": 1}


def test_those_outside_the_window_are_as_before_byte_for_byte(at_nine: time_machine.Traveller) -> None:
    bounced(FARS, event_id="early", occurred_at=clock("08:59"), sent_at=clock("08:59"))
    bounced(event_id="1")
    move(at_nine, 120)
    before = {k: v for k, v in _items().items() if k[0] == str(FARS)}
    saved = counted({"where": NINE})
    act(saved["id"], "start")
    act(saved["id"], "undo")
    assert {k: v for k, v in _items().items() if k[0] == str(FARS)} == before


def _items() -> dict[tuple[str, str], Any]:
    return {(i["credential"]["S"], i["item"]["S"]): i for i in dynamodb.scan("credentials")}


def test_each_step_is_in_the_audit_by_person(at_nine: time_machine.Traveller) -> None:
    bounced()
    move(at_nine, 60)
    saved = api("POST", "/resets", {"where": NINE, "dry_run": True}).body
    work(saved["id"])
    for what in ("start", "undo"):
        move(at_nine, 1)
        assert api("POST", f"/resets/{saved['id']}/{what}").status == 202
        work(saved["id"])
    move(at_nine, 1)
    assert api("GET", "/resets").status == 200
    move(at_nine, 1)
    shown(saved["id"])
    assert sorted(audited(), key=str) == [
        ("listed_incidents", MANAGER.id, None),
        ("reset", MANAGER.id, ADA.id),
        ("restored", MANAGER.id, ADA.id),
        ("saved_incident", MANAGER.id, None),
        ("started_incident", MANAGER.id, None),
        ("undid_incident", MANAGER.id, None),
        ("viewed_incident", MANAGER.id, None),
    ]


def test_what_cannot_be_done_in_a_state_is_said(at_nine: time_machine.Traveller) -> None:
    bounced()
    move(at_nine, 60)
    id_ = api("POST", "/resets", {"where": NINE, "dry_run": True}).body["id"]
    counting = api("POST", f"/resets/{id_}/start")
    assert (counting.status, counting.body["detail"]) == (409, "It is counting. That cannot be done now.")
    work(id_)
    assert [api("POST", f"/resets/{id_}/{what}").status for what in ("stop", "undo")] == [409, 409]
    act(id_, "start")
    assert [api("POST", f"/resets/{id_}/{what}").status for what in ("start", "stop", "count")] == [409] * 3
    act(id_, "undo")
    assert [api("POST", f"/resets/{id_}/{what}").status for what in ("start", "undo")] == [409, 409]


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({}, 422, None),
        ({"users": ["ada"], "file": True}, 422, None),
        ({"where": NINE, "users": ["ada"]}, 422, None),
        ({"users": []}, 400, "/users"),
        ({"users": ["x"] * 1001}, 400, "/users"),
        ({"where": {}}, 400, "/where/from"),
        ({"where": {"from": "2026-09-14T09:00:00"}}, 400, "/where/from"),
        ({"where": {"from": NINE["to"], "to": NINE["from"]}}, 422, "/where/to"),
        ({"where": {**NINE, "domain": "not a domain"}}, 422, None),
        ({"where": {**NINE, "school": "nowhere"}}, 422, "/where/school"),
        ({"where": {**NINE, "subject": "x"}}, 400, "/where/subject"),
        ({"where": {**NINE, "cause": "weather"}}, 400, "/where/cause"),
    ],
)
def test_a_wrong_wish_is_refused_and_nothing_is_begun(
    body: dict[str, Any], status: int, pointer: str | None
) -> None:
    answer = api("POST", "/resets", body)
    assert answer.status == status
    told = [one["pointer"] for one in answer.body.get("errors", [])]
    assert pointer is None or any(place.startswith(pointer) for place in told), told
    assert executions() == []
    assert api("GET", "/resets").body["items"] == []


@pytest.mark.parametrize("group", ["rostering_administrator", "communications_administrator", "user_manager"])
def test_the_three_reset_roles_may(group: str) -> None:
    claims = district.claims(MANAGER, group)
    assert api("POST", "/resets", {"where": NINE, "dry_run": True}, claims).status == 202


@pytest.mark.parametrize("claims", [district.teacher(), district.claims(MANAGER, "district")])
def test_nobody_else_may(claims: dict[str, Any]) -> None:
    for method, path in (("POST", "/resets"), ("GET", "/resets"), ("GET", "/resets/x")):
        assert api(method, path, {"where": NINE} if method == "POST" else None, claims).status == 403


def test_ops_do_it_by_a_direct_invoke() -> None:
    answer = invoke(handler, "POST /resets", body={"where": NINE, "dry_run": True, "note": "DNS."})
    assert (answer.status, answer.body["by"], answer.body["by_name"]) == (202, "aws:maria@ops", None)


def test_who_asked_and_who_started_are_named_where_the_roster_knows_them() -> None:
    bounced()
    saved = invoke(handler, "POST /resets", body={"where": NINE, "dry_run": True}).body
    work(saved["id"])
    started = api("POST", f"/resets/{saved['id']}/start").body
    for told in (
        started,
        api("GET", f"/resets/{saved['id']}").body,
        api("GET", "/resets").body["items"][0],
    ):
        assert (told["by"], told["by_name"]) == ("aws:maria@ops", None)
        assert (told["started_by"], told["started_by_name"]) == (MANAGER.id, "Max Manager")
    own = api("POST", "/resets", {"where": NINE, "dry_run": True}).body
    assert (own["by_name"], own["started_by"], own["started_by_name"]) == ("Max Manager", None, None)


def test_an_execution_that_somebody_ended_by_hand_has_failed_and_can_be_started_again(
    at_nine: time_machine.Traveller,
) -> None:
    import boto3

    from reachable import settings

    bounced()
    move(at_nine, 60)
    saved = counted({"where": NINE})
    api("POST", f"/resets/{saved['id']}/start")
    machine = settings.text("RESET_STATE_MACHINE_ARN").replace(":stateMachine:", ":execution:")
    boto3.client("stepfunctions").stop_execution(executionArn=f"{machine}:{saved['id']}-2")
    assert shown(saved["id"])["state"] == "running"  # it may just have begun
    move(at_nine, 2)
    failed = shown(saved["id"])
    assert (failed["state"], failed["actions"]) == ("failed", [])
    soon = api("POST", f"/resets/{saved['id']}/start")
    assert (soon.status, soon.headers["retry-after"]) == (429, "60")  # a worker may still be at it
    move(at_nine, 1)
    assert shown(saved["id"])["actions"] == ["start", "undo"]
    assert act(saved["id"], "start")["state"] == "done"
    assert in_force() == []


def test_an_old_execution_does_nothing_once_a_newer_has_begun(at_nine: time_machine.Traveller) -> None:
    bounced()
    move(at_nine, 60)
    saved = counted({"where": NINE})
    old = newest(saved["id"])
    act(saved["id"], "start")
    where = {"incident": saved["id"], "phase": "count"}
    for step in ("gather", "after", "release"):
        assert incidents.step(step, old["execution"], **where) == {"next": "end"}
    assert incidents.step("chunk", old["execution"], **where, number=0) == {"next": "end"}
    assert shown(saved["id"])["state"] == "done"
