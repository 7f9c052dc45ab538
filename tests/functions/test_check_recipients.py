"""The steps of a bulk check, called as the state machine calls them, over moto's tables and bucket."""

import gzip
import json
from collections.abc import Mapping
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from functions.check_recipients.app import handler
from functions.sends.app import handler as sends
from reachable.buckets import s3
from reachable.flows import apply, check, divide_recipients
from reachable.model.delivery_event import Cause
from reachable.store import dynamodb
from tests.builders import clock, delivery_event, text_event
from tests.functions import district
from tests.functions.api import invoke
from tests.functions.district import ADA, CONTEXT, DENNIS
from tests.functions.wire import cut_off, overheard

pytestmark = pytest.mark.usefixtures("aws")

BUCKET: Final = "results"
CHUNK: Final = 7
"""Lines of a chunk, here."""


@pytest.fixture(autouse=True)
def _district(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(divide_recipients, "LINES_A_CHUNK", CHUNK)
    district.import_()
    full = delivery_event(cause=Cause.MAILBOX_FULL, sent_at=clock("09:30"))
    apply.events([full, text_event()], clock("10:00"))


class Run:
    """One execution of the state machine, step by step."""

    def __init__(self, body: bytes, name: str = "list.csv", **wish: Any) -> None:
        self.name = "run"
        self.wish = {"key": f"checks/{name}", **wish}
        s3.client().put_object(Bucket=BUCKET, Key=f"checks/{name}", Body=body)
        self.divided: dict[str, Any] = {}

    def begin(self) -> dict[str, Any]:
        event = {
            "step": "divide",
            "execution": self.name,
            "started_at": "2020-02-03T06:00:00.123Z",
            "wish": self.wish,
        }
        # What a step answers goes through the state machine as JSON.
        answer: dict[str, Any] = json.loads(json.dumps(handler(event, CONTEXT)))
        return answer

    def divide(self) -> list[dict[str, Any]]:
        """The chunks, as the map reads them."""
        self.divided = self.begin()
        assert self.divided["state"] == "divided"
        chunks: list[dict[str, Any]] = json.loads(_object(self.divided["chunks_key"]))
        return chunks

    def refused(self) -> str:
        """Why the list is not checked."""
        answer = self.begin()
        assert answer.keys() == {"state", "why"}
        assert answer["state"] == "refused"
        return str(answer["why"])

    def check(self, chunk: Mapping[str, Any]) -> None:
        event = {"step": "check", "check": self.divided["check"], "chunk": chunk}
        assert handler(event, CONTEXT) == {}

    def summarise(self) -> dict[str, Any]:
        event = {"step": "summarise", "check": self.divided["check"], "chunks": self.divided["chunks"]}
        return handler(event, CONTEXT)

    def whole(self) -> dict[str, Any]:
        """From the list to the summary."""
        for chunk in self.divide():
            self.check(chunk)
        return self.summarise()

    def results(self) -> list[dict[str, Any]]:
        """All answers, read as a person would: the objects in the order of their names."""
        found = s3.client().list_objects_v2(Bucket=BUCKET, Prefix=f"results/{self.name}/")["Contents"]
        keys = [one["Key"] for one in found if one["Key"].endswith(".jsonl.gz")]
        return [json.loads(line) for key in keys for line in gzip.decompress(_object(key)).splitlines()]


def _object(key: str) -> bytes:
    return s3.client().get_object(Bucket=BUCKET, Key=key)["Body"].read()


def _keys() -> set[str]:
    return {one["Key"] for one in s3.client().list_objects_v2(Bucket=BUCKET)["Contents"]}


def of_the_api(*recipients: dict[str, Any]) -> list[dict[str, Any]]:
    asked = invoke(sends, "POST /sends/check", body={"recipients": recipients})
    answer: list[dict[str, Any]] = asked.body["results"]
    return answer


EVERYBODY: Final[list[dict[str, Any]]] = [
    {"user_id": ADA.id, "channel": "email"},
    {"sourced_id": "ada"},
    {"user_id": DENNIS.id, "channel": "sms"},
    {"user_id": DENNIS.id, "channel": "voice", "purpose": "emergency"},
    {"user_id": DENNIS.id, "channel": "email"},
    {"user_id": "nobody", "channel": "email"},
    {"credential": "email:ADA@example.org", "channel": "email"},
    {"credential": "email:fine@example.org", "channel": "email"},
    {"credential": "email:no address", "channel": "email"},
    {"credential": "phone:(202) 555-0123"},
    {"sourced_id": "far", "channel": "email"},
]
"""Every kind of answer: more than one chunk."""


def as_csv(recipients: list[dict[str, Any]]) -> bytes:
    columns = ["user_id", "sourced_id", "credential", "channel", "purpose"]
    rows = [columns, *([one.get(column, "") for column in columns] for one in recipients)]
    return "".join(",".join(row) + "\r\n" for row in rows).encode()


def as_jsonl(recipients: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in recipients).encode()


@pytest.mark.parametrize(
    ("name", "body", "first"),
    [
        ("a.csv", as_csv(EVERYBODY), 2),
        ("a.csv", b"\xef\xbb\xbf" + as_csv(EVERYBODY), 2),
        ("a.csv.gz", gzip.compress(as_csv(EVERYBODY)), 2),
        ("a.jsonl", as_jsonl(EVERYBODY), 1),
        ("a.jsonl", as_jsonl(EVERYBODY).rstrip(), 1),
        ("a.jsonl.gz", gzip.compress(as_jsonl(EVERYBODY)), 1),
    ],
    ids=["csv", "csv with a mark", "csv.gz", "jsonl", "jsonl without last end", "jsonl.gz"],
)
def test_the_answers_are_those_of_the_api_in_the_order_of_the_lines(
    name: str, body: bytes, first: int
) -> None:
    run = Run(body, name)
    run.whole()
    asked = of_the_api(*EVERYBODY)
    assert run.results() == [{"line": first + i, **answer} for i, answer in enumerate(asked)]
    assert {answer["reason"] for answer in asked} >= {None, "mailbox_full", "unknown_user"}


def test_the_summary_counts_every_answer_once() -> None:
    run = Run(as_csv(EVERYBODY))
    summary = run.whole()
    assert summary.pop("seconds") > 0
    assert summary == {
        "execution": "run",
        "key": "checks/list.csv",
        "total": 11,
        "send": 2,
        "exempted": 0,
        "blocked": {
            "invalid_address": 3,
            "mailbox_full": 3,
            "no_such_channel": 1,
            "unknown_user": 1,
        },
        "invalid": 1,
        "chunks": 2,
        "started_at": "2020-02-03T06:00:00.123000+00:00",
        "summary_key": "results/run/summary.json",
    }
    stored = json.loads(_object("results/run/summary.json"))
    assert stored == {k: v for k, v in summary.items() if k != "summary_key"} | {"seconds": stored["seconds"]}


def test_of_a_list_without_an_invalid_line_none_is_told() -> None:
    """Not even as one that was not sent to; and its answers are packed."""
    summary = Run(as_csv([{"user_id": DENNIS.id, "channel": "email"}, {"sourced_id": "far"}])).whole()
    told = {name: summary[name] for name in ("total", "send", "exempted", "blocked", "invalid")}
    blocked = {"no_such_channel": 1}
    assert told == {"total": 2, "send": 1, "exempted": 0, "blocked": blocked, "invalid": 0}
    head = s3.client().head_object(Bucket=BUCKET, Key="results/run/00000.jsonl.gz")
    assert head["ContentType"] == "application/gzip"


def test_those_that_an_exempt_purpose_let_pass_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "EXEMPT_PURPOSES", frozenset({"emergency"}))
    summary = Run(as_csv([{"user_id": ADA.id, "channel": "email"}] * 2), purpose="emergency").whole()
    assert (summary["send"], summary["exempted"], summary["blocked"]) == (2, 2, {})


def test_a_line_that_cannot_be_read_has_an_answer_of_its_own() -> None:
    lines = [
        b"user_id,channel",
        ADA.id.encode() + b",sms",
        b'"open,sms',
        b"\xff,sms",
        b"",
        b"u1,fax",
        b"a,b,c",
    ]
    run = Run(b"\n".join([*lines, b"x" * 20_000, ADA.id.encode() + b",voice"]))
    summary = run.whole()
    answers = run.results()
    assert [one["line"] for one in answers] == [2, 3, 4, 6, 7, 8, 9]
    assert [one["reason"] == "invalid_recipient" for one in answers] == [False, *[True] * 5, False]
    assert (summary["total"], summary["invalid"]) == (7, 5)
    assert answers[1] == {"line": 3, **of_the_api({"credential": "x"})[0]}


def test_the_inputs_channel_and_purpose_count_where_a_row_tells_none() -> None:
    rows = [{"user_id": ADA.id}, {"user_id": ADA.id, "channel": "email"}]
    run = Run(as_jsonl(rows), "a.jsonl", channel="voice", purpose="invitation")
    run.whole()
    assert [one["channel"] for one in run.results()] == ["voice", "email"]


def test_ten_thousand_are_asked_a_thousand_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six times, then; and an address that all of them name is read once each time."""
    monkeypatch.setattr(divide_recipients, "LINES_A_CHUNK", 5_000)
    run = Run(b"credential,channel\n" + b"email:ada@example.org,email\n" * 5_500)
    with overheard(dynamodb.client(), "BatchGetItem") as asked:
        assert run.whole()["blocked"] == {"mailbox_full": 5_500}
    assert [len(one["RequestItems"]["credentials"]["Keys"]) for one in asked] == [1] * 6
    assert [one["line"] for one in run.results()] == list(range(2, 5_502))


def test_a_step_that_is_repeated_changes_nothing() -> None:
    run = Run(as_csv(EVERYBODY))
    summary, before = run.whole(), {key: _object(key) for key in _keys()}
    assert {**run.whole(), "seconds": 0} == {**summary, "seconds": 0}
    after = {key: _object(key) for key in _keys()}
    assert after.keys() == before.keys()
    assert [key for key in after if after[key] != before[key]] in ([], ["results/run/summary.json"])


def test_a_list_that_was_divided_is_checked_as_it_was() -> None:
    """Somebody may put another list under the name while the first is being checked."""
    run = Run(as_csv(EVERYBODY))
    chunks = run.divide()
    s3.client().put_object(Bucket=BUCKET, Key="checks/list.csv", Body=b"another")
    for chunk in chunks:
        run.check(chunk)
    assert run.summarise()["total"] == len(EVERYBODY)


def test_a_silent_table_fails_the_child_and_leaves_no_answers() -> None:
    run = Run(as_csv(EVERYBODY))
    first, second = run.divide()
    run.check(first)
    with cut_off(dynamodb.client(), "BatchGetItem"), pytest.raises(EndpointConnectionError):
        run.check(second)
    assert {key for key in _keys() if key.startswith("results/")} == {"results/run/00000.jsonl.gz"}
    run.check(second)
    assert run.summarise()["total"] == len(EVERYBODY)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.csv", b""),
        ("a.csv", b"user_id,channel\n"),
        ("a.csv", b"name,channel\nAda,sms\n"),
        ("a.csv", gzip.compress(b"user_id\nu1\n")),
        ("a.csv", "\ufeffuser_id\nu1\n".encode("utf-16-le")),
        ("a.jsonl", b""),
        ("a.jsonl.gz", b'{"user_id": "u1"}\n'),
        ("a.jsonl.gz", gzip.compress(as_jsonl(EVERYBODY))[:-20]),
        ("a.jsonl.gz", gzip.compress(as_jsonl(EVERYBODY))[:40] + b"damaged" * 9),
    ],
    ids=["empty", "header", "other", "packed", "utf-16", "empty json", "no gz", "cut gz", "damaged gz"],
)
def test_what_is_no_list_is_refused_before_anybody_is_asked(name: str, body: bytes) -> None:
    assert Run(body, name).refused()
    assert not [key for key in _keys() if key.startswith("results/")]


def test_an_input_that_is_none_is_refused() -> None:
    assert "cannot be read: channel" in Run(as_csv(EVERYBODY), channel="fax").refused()


def test_a_list_that_is_not_there_is_not_found() -> None:
    run = Run(b"user_id\nu1\n")
    run.wish["key"] = "checks/other.csv"
    assert run.refused() == "There is no such object in the results bucket."


def test_a_list_that_s3_does_not_show_us_is_not_found_either() -> None:
    """Where the bucket's list may not be read, S3 answers 403 for what is not there."""
    run = Run(b"user_id\nu1\n")
    events = s3.client().meta.events

    def forbidden(**_: Any) -> None:
        answer: Any = {"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
        raise ClientError(answer, "GetObject")

    events.register_first("before-call.s3.GetObject", forbidden)
    assert run.refused() == "There is no such object in the results bucket."


def test_a_list_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(divide_recipients, "LINES_LIMIT", 10)
    assert Run(as_csv(EVERYBODY)).refused() == "The object has more than 10 lines; divide it."


def test_what_the_state_machine_keeps_names_nobody() -> None:
    run = Run(as_csv(EVERYBODY))
    kept = json.dumps([run.divide(), run.divided, run.whole()])
    assert ADA.id not in kept
    assert "example.org" not in kept
