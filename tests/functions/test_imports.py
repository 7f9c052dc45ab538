"""The imports function: a Rostering Administrator uploads, sees what became of it, and forces it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import time_machine

from functions.imports.app import handler
from reachable import aws as reachable_aws
from reachable import settings
from reachable.buckets import roster as roster_bucket
from reachable.buckets import s3
from reachable.model.errors import Conflict
from reachable.store import dynamodb
from reachable.store.runs import imports, start
from tests.functions import district
from tests.functions.api import Answer, call, invoke
from tests.functions.district import MANAGER, TEACHER
from tests.functions.test_import_roster import BUCKET, Run, _changed, _without
from tests.roster_exports import Table, user, zipped
from tests.roster_exports import district as district_export

ADMINISTRATOR = district.claims(MANAGER, "rostering_administrator")


@pytest.fixture(autouse=True)
def _aws(aws: None) -> Iterator[None]:
    reachable_aws.forget_clients()
    district.import_()
    machine = boto3.client("stepfunctions").create_state_machine(
        name="import-roster", definition="{}", roleArn="arn:aws:iam::123456789012:role/import"
    )
    assert machine["stateMachineArn"] == settings.text("IMPORT_STATE_MACHINE_ARN")
    yield
    reachable_aws.forget_clients()


def export() -> dict[str, Table]:
    """The district's, with who imports it."""
    tables = district_export()
    manager = user("max", "districtAdministrator", "Max Manager", email="max@example.org")
    return tables | {"users": [*tables["users"], manager]}


def api(method: str, path: str, claims: dict[str, Any] = ADMINISTRATOR, **more: Any) -> Answer:
    return call(handler, method, path, claims, **more)


def executions() -> list[dict[str, Any]]:
    client = boto3.client("stepfunctions")
    found = client.list_executions(stateMachineArn=settings.text("IMPORT_STATE_MACHINE_ARN"))["executions"]
    return [json.loads(client.describe_execution(executionArn=one["executionArn"])["input"]) for one in found]


def audited(act: str) -> list[dict[str, Any]]:
    pages = dynamodb.client().get_paginator("scan").paginate(TableName="audit")
    items = [dynamodb.of_wire(item) for page in pages for item in page["Items"]]
    return [item for item in items if item["act"] == act]


def test_an_upload_address_is_good_for_one_zip_of_a_new_import() -> None:
    answer = api("POST", "/imports")
    assert (answer.status, answer.body["state"]) == (201, "waiting")
    assert answer.headers["location"] == f"/imports/{answer.body['id']}"
    address = urlsplit(answer.body["upload_url"])
    assert address.path.endswith(f"/roster/{answer.body['id']}.zip")
    assert parse_qs(address.query)["X-Amz-Expires"] == ["900"]
    shown = api("GET", f"/imports/{answer.body['id']}").body
    assert (shown["state"], shown["by"], shown["can_be_forced"]) == ("waiting", MANAGER.id, False)
    assert shown["by_name"] == "Max Manager"
    assert (shown["problems"], shown["report_url"]) == ([], None)


def test_an_import_is_named_by_whom_the_roster_knows_alone() -> None:
    api("POST", "/imports")
    invoke(handler, "POST /imports")
    told = [(one["by"], one["by_name"]) for one in api("GET", "/imports").body["items"]]
    assert sorted(told, key=str) == sorted([(MANAGER.id, "Max Manager"), ("aws:maria@ops", None)], key=str)


def test_who_asked_for_the_address_is_who_imports() -> None:
    made = api("POST", "/imports").body
    run = Run(zipped(export()), key=f"roster/{made['id']}.zip")
    run.whole()
    shown = api("GET", f"/imports/{made['id']}").body
    assert (shown["state"], shown["by"]) == ("done", MANAGER.id)
    assert shown["counts"]["created"]["student"] == 1
    assert shown["files"]["users.csv"] == {"read": 7, "taken": 7, "left_out": {}}
    assert set(shown["times"]) == {"waiting", "validating", "applying", "done"}
    assert [entry["by"] for entry in audited("imported")] == [MANAGER.id]


def test_a_dry_run_is_asked_for_with_the_address_and_cannot_be_forced() -> None:
    made = api("POST", "/imports", body={"dry_run": True}).body
    run = Run(zipped(export()), key=f"roster/{made['id']}.zip")
    counts = run.whole()
    assert counts["created"] == {"student": 1, "user": 1}
    shown = api("GET", f"/imports/{made['id']}").body
    assert (shown["state"], shown["dry_run"], shown["refused"]) == ("checked", True, False)
    assert shown["counts"]["created"] == counts["created"]
    assert (shown["problems"], shown["can_be_forced"]) == ([], False)
    assert f"/reports/{made['id']}.csv" in shown["report_url"]
    answer = api("POST", f"/imports/{made['id']}/force")
    assert (answer.status, answer.body["detail"]) == (
        409,
        "This was a dry run. Upload the file again to import it.",
    )
    assert executions() == []


def test_without_a_word_an_import_is_none() -> None:
    for body in (None, {}, {"dry_run": False}):
        made = api("POST", "/imports", body=body).body
        assert api("GET", f"/imports/{made['id']}").body["dry_run"] is False
    assert api("POST", "/imports", body={"dry_run": "perhaps"}).status == 400


@pytest.mark.parametrize("asked", [{"dry_run": "true"}, {"dry_run": "false"}, {"dryRun": ""}])
@pytest.mark.parametrize("path", ["/imports", "/imports/x/force"])
def test_a_dry_run_in_the_query_is_refused_and_no_import(path: str, asked: dict[str, str]) -> None:
    """It would be passed over, and the roster that somebody wants to try would be imported for real."""
    answer = api("POST", path, query=asked)
    [name] = asked
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.body["errors"] == [
        {"pointer": f"/query/{name}", "detail": "Extra inputs are not permitted"}
    ]
    assert api("GET", "/imports").body["items"] == []


def test_every_name_of_a_query_that_is_not_taken_is_told_whatever_the_body_says() -> None:
    body, asked = {"dry_run": True}, {"x": "1", "dry_run": "true"}
    for answer in (
        api("POST", "/imports", body=body, query=asked),
        invoke(handler, "POST /imports", body=body, query=asked),
    ):
        assert answer.status == 400
        assert [error["pointer"] for error in answer.body["errors"]] == ["/query/dry_run", "/query/x"]


def test_a_refused_import_says_what_is_wrong_and_where_the_report_is() -> None:
    Run(zipped(export())).whole()
    run = Run(zipped(_without(export(), "dennis")), "2026-11-25T06:00:00Z")
    run.whole()
    shown = api("GET", f"/imports/{run.this['id']}").body
    assert (shown["state"], shown["can_be_forced"]) == ("refused", True)
    assert shown["problem_counts"]["too_much_removed"] >= 1
    [problem, *_] = [one for one in shown["problems"] if one["kind"] == "too_much_removed"]
    assert (problem["severity"], problem["file"]) == ("error", "users.csv")
    assert problem["what_to_do"].endswith("if it is right, force it.")
    spanish = api("GET", f"/imports/{run.this['id']}", headers={"accept-language": "es"}).body["problems"]
    [problem, *_] = [one for one in spanish if one["kind"] == "too_much_removed"]
    assert problem["what_to_do"].endswith("si está bien, fuércela.")
    assert f"/reports/{run.this['id']}.csv" in shown["report_url"]


def test_a_forced_import_is_run_again_from_the_version_that_was_refused() -> None:
    Run(zipped(export())).whole()
    boto3.client("s3").put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    key = "roster/nightly.zip"
    run = Run(zipped(_without(export(), "dennis")), "2026-11-25T06:00:00Z", key=key)
    version = boto3.client("s3").head_object(Bucket=BUCKET, Key=key)["VersionId"]
    run.upload["detail"]["object"]["version-id"] = version
    run.whole()
    boto3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=b"the next night's")
    path = f"/imports/{run.this['id']}/force"
    assert api("POST", path).status == 202
    [upload] = executions()
    assert (upload["force"], upload["by"], upload["import"]) == (True, MANAGER.id, run.this["id"])
    assert upload["detail"]["object"] == {"key": key, "version-id": version}
    assert [entry["details"]["import"] for entry in audited("forced")] == [run.this["id"]]

    assert api("POST", path).status == 409  # a second time at once

    run.upload = upload
    run.whole()
    shown = api("GET", f"/imports/{run.this['id']}").body
    assert (shown["state"], shown["forced"], shown["by"]) == ("done", True, MANAGER.id)


def refused() -> Run:
    """An import that the guard has refused."""
    Run(zipped(export())).whole()
    run = Run(zipped(_without(export(), "dennis")), "2026-11-25T06:00:00Z", key="roster/nightly.zip")
    run.whole()
    return run


def ended() -> None:
    """Every execution is over, whatever it came to."""
    client = boto3.client("stepfunctions")
    found = client.list_executions(stateMachineArn=settings.text("IMPORT_STATE_MACHINE_ARN"))["executions"]
    for one in found:
        client.stop_execution(executionArn=one["executionArn"])


def test_a_forced_run_that_never_began_can_be_forced_again() -> None:
    """Its first step failed as often as it is tried; nothing has been noted of it."""
    path = f"/imports/{refused().this['id']}/force"
    for times in (1, 2, 3):
        assert api("POST", path).status == 202
        assert api("POST", path).status == 409  # while it is at work
        assert len(executions()) == times
        ended()


def test_of_two_at_once_one_is_refused_though_describe_does_not_know_the_first_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = f"/imports/{refused().this['id']}/force"
    assert api("POST", path).status == 202
    client = reachable_aws.client("stepfunctions", attempts=2, read_seconds=10)
    unknown = client.exceptions.ExecutionDoesNotExist(
        {"Error": {"Code": "ExecutionDoesNotExist"}}, "Describe"
    )
    monkeypatch.setattr(client, "describe_execution", Mock(side_effect=unknown))
    assert (api("POST", path).status, len(executions())) == (409, 1)


def test_who_forces_what_another_has_forced_and_is_over_by_then_is_told_so() -> None:
    run = refused()
    seen = imports.known(run.this["id"])
    assert seen is not None
    assert api("POST", f"/imports/{seen.id}/force").status == 202
    [run.upload] = executions()
    run.whole()
    ended()
    with pytest.raises(Conflict):
        start.import_again(seen, by="another", at=datetime.now(UTC))
    assert len(executions()) == 1


def test_who_has_not_seen_that_it_ran_again_does_not_run_it_twice() -> None:
    """Their page had lost the answer, and they press once more."""
    run = refused()
    path = f"/imports/{run.this['id']}"
    seen = {"after": api("GET", path).body["times"]["refused"]}
    assert api("POST", f"{path}/force", body=seen).status == 202
    [run.upload] = executions()
    run.whole()
    ended()
    answer = api("POST", f"{path}/force", body=seen)
    assert (answer.status, len(executions())) == (409, 1)
    assert answer.body["detail"] == "Somebody has just run this import again."
    assert api("POST", f"{path}/force", body={"after": api("GET", path).body["times"]["done"]}).status == 202


@pytest.mark.parametrize("has_turn", [True, False])
def test_a_run_that_died_at_work_or_while_it_waited_has_failed_and_can_be_forced(*, has_turn: bool) -> None:
    """Somebody ended its execution, or its step failed as often as it is tried."""
    run = refused()
    path = f"/imports/{run.this['id']}"
    if not has_turn:
        assert Run(zipped(export()), "2026-11-26T06:00:00Z", key="roster/other.zip").begin()
    assert api("POST", f"{path}/force").status == 202
    [execution] = boto3.client("stepfunctions").list_executions(
        stateMachineArn=settings.text("IMPORT_STATE_MACHINE_ARN")
    )["executions"]
    [run.upload] = executions()
    run.execution = execution["name"]
    assert run.begin() is has_turn
    state = "validating" if has_turn else "waiting"
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=6)):
        assert api("GET", path).body["state"] == state  # a slow one is not dead
        ended()
        shown = api("GET", path).body
        assert (shown["state"], shown["error"], shown["can_be_forced"]) == (
            "failed",
            "States.ExecutionEnded",
            True,
        )
        assert api("POST", f"{path}/force").status == 202


@pytest.mark.parametrize(
    ("tables", "kind"),
    [
        (_changed(_without(export(), "dennis"), "bo", agentSourcedIds="ada"), "too_much_removed"),
        (_changed(_changed(export(), "ada", email="a@x.org"), "eve", email="e@x.org"), "too_much_changed"),
        ({name: rows for name, rows in export().items() if name != "enrollments"}, "file_missing"),
    ],
)
def test_what_the_guard_doubts_can_be_forced(tables: dict[str, Table], kind: str) -> None:
    Run(zipped(export())).whole()
    run = Run(zipped(tables), "2026-11-25T06:00:00Z")
    run.whole()
    shown = api("GET", f"/imports/{run.this['id']}").body
    assert (list(shown["problem_counts"]), shown["can_be_forced"]) == ([kind], True)
    assert api("POST", f"/imports/{run.this['id']}/force").status == 202


def test_an_import_that_ended_well_can_be_run_again_to_put_everything_back() -> None:
    run = Run(zipped(export()))
    run.whole()
    assert api("POST", f"/imports/{run.this['id']}/force").status == 202


def test_what_is_wrong_with_the_file_itself_cannot_be_forced() -> None:
    run = Run(b"no zip")
    run.whole()
    answer = api("POST", f"/imports/{run.this['id']}/force")
    assert (answer.status, answer.headers["content-type"]) == (409, "application/problem+json")
    assert executions() == []


def test_what_has_not_ended_cannot_be_forced() -> None:
    made = api("POST", "/imports").body
    assert api("POST", f"/imports/{made['id']}/force").status == 409


def test_imports_are_listed_newest_first_page_by_page() -> None:
    for day in (24, 25, 26):
        Run(zipped(_changed(export(), "ada", givenName=f"Ada{day}")), f"2026-11-{day}T06:00:00Z").whole()
    first = api("GET", "/imports", query={"limit": "2"}).body
    assert [one["uploaded_at"] for one in first["items"]] == ["2026-11-26T06:00:00Z", "2026-11-25T06:00:00Z"]
    rest = api("GET", "/imports", query={"limit": "2", "cursor": first["next_cursor"]}).body
    assert [one["uploaded_at"] for one in rest["items"]] == ["2026-11-24T06:00:00Z"]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/imports"), ("GET", "/imports"), ("GET", "/imports/x"), ("POST", "/imports/x/force")],
)
def test_imports_are_the_rostering_administrators_alone(method: str, path: str) -> None:
    for claims in (
        district.claims(MANAGER, "user_manager"),
        district.claims(MANAGER, "communications_administrator"),
        district.claims(TEACHER, "teacher"),
    ):
        assert api(method, path, claims).status == 403


def test_an_unknown_import_is_404() -> None:
    assert api("GET", "/imports/x").status == 404
    assert api("POST", "/imports/x/force").status == 404


def test_an_address_names_the_region_s_own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """The global host answers 307 for hours after a bucket is made, and there the signature fails."""
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        s3.client.cache_clear()
        url = roster_bucket.upload_url("roster/x.zip", timedelta(minutes=15))
    s3.client.cache_clear()
    assert urlsplit(url).netloc == f"{BUCKET}.s3.eu-central-1.amazonaws.com"
