"""``./dev replay``: feed recorded webhooks, or a day of the raw archive, to the stack; say what it changed.

A recorded webhook is the exact body in a file, with ``<name>.headers.json`` beside it where headers matter,
as in tests/samples. It is signed anew with the stack's own secret. What comes by the queue (SES, End User
Messaging, SNS) and what was archived is put on the queue as it was, with its own time of receipt.
"""

import base64
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from itertools import batched
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import uuid4

import typer
from rich.progress import track
from rich.table import Table

from reachable import providers
from reachable.model.credential import Credential
from reachable.model.errors import UnknownProvider
from tools import as_function, place, stack, webhook_posts
from tools.stack import Stack
from tools.steps import Failure, screen

_APPLIED_WITHIN_SECONDS: Final = 300
_QUIET_SECONDS: Final = 10
_BESIDE: Final = (".headers.json", ".expected.json")
_QUEUE_BYTES: Final = 1_048_576
"""SQS's limit of a message."""
_KEYS: Final = 100
"""BatchGetItem's limit of a request."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One call: ``entry`` is what lies in the archive, else ``body`` is posted."""

    provider: str
    body: bytes
    headers: dict[str, str]
    query: str = ""
    entry: str | None = None


def replay(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files, or folders of files.")] = None,
    *,
    provider: Annotated[str, typer.Option(help="Whose webhooks the files hold.")] = "",
    archive: Annotated[str, typer.Option(help="A day of the raw archive, such as 2026-11-24.")] = "",
    compare: Annotated[
        bool, typer.Option("--compare", help="Feed nothing: say what today's tables would not close.")
    ] = False,
    until: Annotated[str, typer.Option(help="The last day, with --compare; else the one.")] = "",
    note: Annotated[str, typer.Option(help="Why, with --compare: it stands in each history.")] = "",
    stage: as_function.Stage = "",
    stack_name: as_function.StackName = "",
    profile: as_function.Profile = "",
    region: as_function.Region = "",
) -> None:
    """Feed recorded webhooks to the stack, and say what changed; or compare, and free whom a dialect wronged.

    With --compare it reads the raw archive with the tables of this very checkout.
    """
    if compare:
        os.environ.update(
            as_function.environment(["delivery_events", "reset_incident"], stage, stack_name, profile, region)
        )
        _compare(_days(archive, until), provider or None, note)
        return
    running = stack.running()
    recorded = list(_archived(running, archive) if archive else _files(paths or [], provider))
    if not recorded:
        raise Failure("There is nothing to replay.", "Name files and --provider, or --archive and a day.")
    named = sorted({str(credential) for one in recorded for credential in _named(one)})
    before = _statuses(running, named)
    answers = [_feed(running, one) for one in track(recorded, "Feeding", console=screen)]
    in_flight = _Settled(running)
    running.wait_until(in_flight.seen, "the queue to be empty", _APPLIED_WITHIN_SECONDS)
    after = _statuses(running, named)
    changed = sum(after.get(credential) != before.get(credential) for credential in named)
    _tell(recorded, answers, len(named), changed)
    if in_flight.count:
        screen.print(
            f"{in_flight.count} failed and will be tried again; what cannot be read ends as a dead letter."
        )


def _files(paths: Sequence[Path], provider: str) -> Iterator[Recorded]:
    if not paths:
        return
    try:
        providers.read(provider, b"", {})
    except UnknownProvider as unknown:
        who = provider or "without a name"
        raise Failure(f"There is no provider {who}.", "Name one: --provider twilio.") from unknown
    for path in map(place.named, paths):
        if not path.exists():
            raise Failure(f"There is no {path}.", "Name a file, or a folder of files.")
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            if not file.name.endswith(_BESIDE) and file.is_file():
                yield _file(file, provider)


def _file(file: Path, provider: str) -> Recorded:
    beside = file.with_name(f"{file.name.removesuffix(file.suffix)}.headers.json")
    headers: dict[str, str] = json.loads(beside.read_text()) if beside.exists() else {}
    query = headers.pop("x-sample-url", "").partition("?")[2]
    return Recorded(provider, file.read_bytes(), headers, "" if provider in webhook_posts.BY_GET else query)


def _archived(running: Stack, day: str) -> Iterator[Recorded]:
    prefix = f"raw/{_day(day):%Y/%m/%d}/"
    s3, bucket = running.aws.s3, running.buckets["inbox"]
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", []):
            for line in s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read().decode().splitlines():
                yield _entry(line)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise Failure(f"{text or 'That'} is no day.", "Write it as --archive 2026-11-24.") from problem


def _days(first: str, last: str) -> list[date]:
    begins, ends = _day(first), _day(last or first)
    if ends < begins:
        raise Failure(f"{last} is before {first}.", "Name the first day by --archive, the last by --until.")
    return [begins + timedelta(days=i) for i in range((ends - begins).days + 1)]


def _compare(days: Sequence[date], provider: str | None, note: str) -> None:
    """Say what today's tables would not close of what came then, and save it as an incident."""
    # Read after the environment is there: modules ask for their tables when they are imported.
    from reachable.flows import compare_archive

    compared = compare_archive.compare(days, provider)
    screen.print(", ".join(f"{many} {what}" for what, many in sorted(compared.counts.items())) or "nothing")
    for what, found in (("free", compared.free), ("otherwise", compared.otherwise)):
        for credential, hexes in sorted(found.items()):
            print(json.dumps({"credential": str(credential), "events": hexes, "today": what}))
    if not compared.free:
        screen.print("Today's tables would close all of it: nothing is saved.")
        return
    why = note or f"A mended dialect: what came from {days[0]} to {days[-1]}, read anew."
    incident_id = compare_archive.save(compared, days, provider, why, datetime.now(UTC))
    screen.print(f"Saved as incident {incident_id}. Next: POST /resets/{incident_id}/count")


def _entry(line: str) -> Recorded:
    entry = json.loads(line)
    body = base64.b64decode(entry["body"])
    return Recorded(entry["provider"], body, entry["headers"], entry["query"], entry=line)


def _named(one: Recorded) -> list[Credential]:
    """Whose status it may change, as far as it can be read."""
    events = providers.read(one.provider, one.body, one.headers).events
    return [Credential.of_event(event.channel, event.address) for event in events]


def _statuses(running: Stack, credentials: Sequence[str]) -> dict[str, Any]:
    """The register of each that has one."""
    table = running.tables["credentials"]
    found: dict[str, Any] = {}
    for some in batched(credentials, _KEYS, strict=False):
        keys = [{"credential": {"S": credential}, "item": {"S": "status"}} for credential in some]
        asked: Any = {table: {"Keys": keys, "ConsistentRead": True}}
        while asked:
            answer = running.aws.dynamodb.batch_get_item(RequestItems=asked)
            found |= {item["credential"]["S"]: item for item in answer["Responses"].get(table, [])}
            asked = answer["UnprocessedKeys"]
    return found


def _feed(running: Stack, one: Recorded) -> str:
    """How it was taken: ``queued``, or the status that the webhook answered."""
    if one.entry is not None or not providers.takes_webhooks(one.provider):
        body = one.entry or one.body.decode()
        if one.entry is not None and len(one.entry) > _QUEUE_BYTES:
            body = _by_the_bucket(running, one)
        running.aws.sqs.send_message(QueueUrl=running.queues["delivery-events"], MessageBody=body)
        return "queued"
    content_type = {name: value for name, value in one.headers.items() if name.lower() == "content-type"}
    answer = webhook_posts.post(running, one.provider, one.body, headers=content_type, query=one.query)
    return HTTPStatus(answer.status).phrase


def _by_the_bucket(running: Stack, one: Recorded) -> str:
    """The archive keeps every body in its line; the queue takes a large one only by the bucket."""
    message = json.loads(one.entry or "{}")
    message["inbox"] = f"webhooks/{message['received_at'][:10].replace('-', '/')}/{one.provider}/{uuid4()}"
    del message["body"]
    running.aws.s3.put_object(Bucket=running.buckets["inbox"], Key=message["inbox"], Body=one.body)
    return json.dumps(message)


@dataclass(slots=True)
class _Settled:
    """Whether the queue has been worked off: what failed stays in flight, until it is tried again."""

    running: Stack
    count: int = -1
    since: float = 0

    def seen(self) -> bool:
        """Nothing waits, and what is in flight has not changed for a while."""
        counts = self.running.aws.sqs.get_queue_attributes(
            QueueUrl=self.running.queues["delivery-events"],
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
        in_flight = int(counts["ApproximateNumberOfMessagesNotVisible"])
        if in_flight != self.count:
            self.count, self.since = in_flight, time.monotonic()
        quiet = in_flight == 0 or time.monotonic() - self.since > _QUIET_SECONDS
        return int(counts["ApproximateNumberOfMessages"]) == 0 and quiet


def _tell(recorded: Sequence[Recorded], answers: Sequence[str], named: int, changed: int) -> None:
    shown = Table(title="Replayed", title_justify="left")
    for column in ("provider", "answer", "webhooks"):
        shown.add_column(column)
    pairs = [(one.provider, answer) for one, answer in zip(recorded, answers, strict=True)]
    for provider, answer in sorted(set(pairs)):
        shown.add_row(provider, answer, str(pairs.count((provider, answer))))
    screen.print(shown)
    print(f"{len(recorded)} webhooks, {named} credentials named, {changed} changed their status")
