"""A bulk check on the deployed stack, started by the commands of docs/bulk-check.md."""

import csv
import gzip
import json
from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from typing import Any, Final

import pytest

from reachable.model.people import RosterKind, id_of
from tests.stack import pages
from tests.stack.people import Person, person
from tools import place
from tools.stack import Stack

_BLOCKED: Final = "gua-082"
"""A guardian whom no other test needs."""
_WITHIN_SECONDS: Final = 120
_COLUMNS: Final = ("credential", "sourced_id", "user_id", "purpose", "channel")

type Row = dict[str, str]


@pytest.fixture
def blocked(stack: Stack) -> Iterator[Person]:
    """Somebody whose email was marked bad."""
    for one in person(stack, id_of(RosterKind.USER, _BLOCKED)):
        mark = {"credential": "email", "note": "It came back on paper."}
        assert stack.api("POST", f"/users/{one.user_id}/blocks", mark, one.staff).status == 200
        yield one


def everybody() -> list[Row]:
    """The sample district by several ways and by address, students too, whom no message can reach."""
    with (place.ROOT / "tools/sample_district/users.csv").open(newline="", encoding="utf-8-sig") as file:
        people = list(csv.DictReader(file))
    ways: list[Row] = [{}, {"channel": "sms", "purpose": "emergency"}, {"channel": "voice"}]
    return [
        *({"sourced_id": one["sourcedId"], **way} for way in ways for one in people),
        *({"credential": f"email:{one['email']}"} for one in people if one["email"]),
        {"user_id": id_of(RosterKind.USER, _BLOCKED), "channel": "email"},
        {"user_id": "nobody"},
        {"credential": "email:no address"},
    ]


def of_the_api(stack: Stack, rows: list[Row]) -> list[dict[str, Any]]:
    """What `POST /sends/check` answers, a thousand at a time."""
    answers: list[dict[str, Any]] = []
    for batch in batched(rows, 1_000, strict=False):
        told = stack.api("POST", "/sends/check", {"recipients": batch}, stack.token("sends"))
        assert told.status == 200, told.body
        answers += told.body["results"]
    return answers


def test_a_list_is_answered_as_the_api_answers_it(stack: Stack, blocked: Person, tmp_path: Path) -> None:
    rows = everybody()
    with (tmp_path / "recipients.csv").open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
        file.write('"nobody can read this')
    printed = pages.run("bulk-check.md", tmp_path, stack, STAGE=place.NAME).by("start-execution")
    # The page's input says: by email, where a row tells no channel.
    asked = of_the_api(stack, [{"channel": "email"} | row for row in rows])
    files = sorted((tmp_path / "results").glob("*.jsonl.gz"))
    answers = [json.loads(line) for file in files for line in gzip.decompress(file.read_bytes()).splitlines()]
    assert answers[:-1] == [{"line": 2 + i, **answer} for i, answer in enumerate(asked)]
    assert (answers[-1]["line"], answers[-1]["reason"]) == (2 + len(rows), "invalid_recipient")
    assert '"SUCCEEDED"' in printed
    summary = json.loads((tmp_path / "results" / "summary.json").read_text())
    assert (summary["total"], summary["invalid"]) == (len(rows) + 1, 2)
    assert summary["send"] == sum(one["send"] for one in asked)
    assert summary["blocked"]["manual"] == 3  # by id, by sourced id, by address


def test_packed_json_lines_are_taken_too(stack: Stack) -> None:
    rows: list[Row] = [{"sourced_id": "gua-001"}, {"credential": "phone:(202) 555-0123", "channel": "sms"}]
    body = gzip.compress("\n".join(map(json.dumps, rows)).encode())
    stack.aws.s3.put_object(Bucket=stack.buckets["results"], Key="checks/a/few.jsonl.gz", Body=body)
    ended = _run(stack, {"key": "checks/a/few.jsonl.gz"})
    assert ended["status"] == "SUCCEEDED", ended
    key = f"results/{ended['name']}/00000.jsonl.gz"
    object_ = stack.aws.s3.get_object(Bucket=stack.buckets["results"], Key=key)["Body"].read()
    answers = [json.loads(line) for line in gzip.decompress(object_).splitlines()]
    assert answers == [{"line": 1 + i, **answer} for i, answer in enumerate(of_the_api(stack, rows))]


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ({}, "The input cannot be read: key."),
        ({"key": "checks/nowhere.csv"}, "There is no such object"),
        ({"key": "checks/header.csv"}, "The first line of a CSV names its columns"),
    ],
)
def test_what_is_no_list_is_refused_with_why(stack: Stack, wish: dict[str, str], why: str) -> None:
    stack.aws.s3.put_object(
        Bucket=stack.buckets["results"], Key="checks/header.csv", Body=b"name,channel\nAda,sms\n"
    )
    ended = _run(stack, wish)
    assert (ended["status"], ended["error"]) == ("FAILED", "ListRefused")
    assert why in ended["cause"]


def _run(stack: Stack, wish: dict[str, str]) -> dict[str, Any]:
    """An execution, once it has ended."""
    client = stack.aws.stepfunctions
    started = client.start_execution(
        stateMachineArn=stack.state_machines["check_recipients"], input=json.dumps(wish)
    )

    def ended() -> dict[str, Any] | None:
        told = client.describe_execution(executionArn=started["executionArn"])
        return dict(told) if told["status"] != "RUNNING" else None

    return stack.wait_until(ended, "the bulk check to end", _WITHIN_SECONDS)
