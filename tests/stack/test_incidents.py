"""An incident undone on the deployed stack: the API, the state machine, uploads, ops without a token."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from reachable.model.people import RosterKind, id_of
from tests.stack.people import Person, person
from tools import calls, webhook_posts
from tools.stack import Stack

_FAMILY: Final = "gua-081"
"""A guardian whom few other tests need."""
_ENDED: Final = frozenset({"counted", "refused", "stopped", "done", "undone", "failed"})


@pytest.fixture
def guardian(stack: Stack) -> Iterator[Person]:
    yield from person(stack, id_of(RosterKind.USER, _FAMILY))


def bounce(stack: Stack, guardian: Person) -> None:
    message = webhook_posts.ses_bounce(guardian.address("email"), datetime.now(UTC))
    stack.aws.sns.publish(TopicArn=stack.topics["ses"], Message=message)
    stack.wait_until(lambda: guardian.when_bad("email"), "the bounce")
    stack.wait_until(guardian.when_listed, "the line on the lists, which a window is gathered from")


def asked(stack: Stack, method: str, path: str, body: object = None) -> dict[str, Any]:
    answer = stack.api(method, path, body, stack.token("user_manager"))
    assert answer.status in (200, 202), (answer.status, answer.body)
    return dict(answer.body)


def ended(stack: Stack, incident_id: str, within: int = 120) -> dict[str, Any]:
    """An incident, once nothing works at it."""

    def seen() -> dict[str, Any] | None:
        shown = asked(stack, "GET", f"/resets/{incident_id}")
        return shown if shown["state"] in _ENDED else None

    return stack.wait_until(seen, "the incident", within)


def acts(guardian: Person) -> list[str]:
    """What happened to the email, newest first, without what came of releases."""
    kinds = [event["kind"] for event in guardian.events("email")]
    return [kind for kind in kinds if not kind.startswith("release")]


def lately() -> dict[str, str]:
    """A window that began a little before now."""
    return {"from": (datetime.now(UTC) - timedelta(minutes=5)).isoformat()}


def test_a_window_is_previewed_reset_and_undone(stack: Stack, guardian: Person) -> None:
    bounce(stack, guardian)
    school = guardian.profile()["schools"][0]["sourced_id"]
    where = lately() | {"provider": "ses", "code": "5.1.1", "school": school}
    saved = asked(stack, "POST", "/resets", {"where": where, "note": "DNS was down.", "dry_run": True})
    counted = ended(stack, saved["id"])
    assert counted["state"] == "counted"
    assert counted["counts"]["outcome"] == {"reset": 1}
    [example] = counted["examples"]
    assert [one["id"] for one in example["users"]] == [guardian.user_id]
    assert guardian.credential("email")["status"] == "bad"

    asked(stack, "POST", f"/resets/{saved['id']}/start")
    done = ended(stack, saved["id"])
    assert (done["state"], done["run"]["counts"]["outcome"]) == ("done", {"reset": 1})
    assert guardian.credential("email")["status"] == "good"
    assert guardian.check("email")["send"] is True
    there = asked(stack, "GET", f"/resets/{saved['id']}/report")
    report = calls.call("GET", there["report_url"], None, {})
    assert guardian.profile()["name"] in str(report.body)

    asked(stack, "POST", f"/resets/{saved['id']}/undo")
    assert ended(stack, saved["id"])["state"] == "undone"
    stack.wait_until(lambda: guardian.when_bad("email"), "the undo")
    assert acts(guardian)[:3] == ["restored", "reset", "bounced"]


def test_an_uploaded_list_is_counted_by_itself(stack: Stack, guardian: Person) -> None:
    bounce(stack, guardian)
    saved = asked(stack, "POST", "/resets", {"file": True, "dry_run": True})
    assert (saved["state"], saved["actions"]) == ("waiting", [])
    put = calls.call("PUT", saved["upload_url"], f"sourced_id\n{_FAMILY}\nnobody\n".encode(), {})
    assert put.status == 200, put.body
    counted = ended(stack, saved["id"])
    assert counted["counts"]["outcome"] == {"reset": 1, "unknown_user": 1}
    asked(stack, "POST", f"/resets/{saved['id']}/start")
    assert ended(stack, saved["id"])["state"] == "done"
    assert guardian.credential("email")["status"] == "good"


def test_a_list_that_nobody_can_read_is_refused_with_why(stack: Stack) -> None:
    saved = asked(stack, "POST", "/resets", {"file": True})
    calls.call("PUT", saved["upload_url"], b"\xff\xfe\x00", {})
    refused = ended(stack, saved["id"])
    assert refused["state"] == "refused"
    assert "UTF-8" in refused["error"]


def test_ops_do_it_without_a_token(stack: Stack, guardian: Person) -> None:
    bounce(stack, guardian)
    wish = {"as": "maria", "route": "POST /resets", "body": {"users": [_FAMILY], "dry_run": False}}
    answer = stack.aws.functions.invoke(
        FunctionName=stack.functions["incidents"], Payload=json.dumps(wish).encode()
    )
    told = json.loads(answer["Payload"].read())
    assert told["statusCode"] == 202, told
    assert ended(stack, json.loads(told["body"])["id"])["state"] == "done"
    assert acts(guardian)[0] == "reset"
    assert next(one["by"] for one in guardian.events("email") if one["kind"] == "reset") == "aws:maria"
