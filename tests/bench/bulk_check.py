"""What a bulk check costs: ``REACHABLE_STACK=bench ./dev up``, ``python -m tests.bench.bulk_check 100000``.

Fills the running stack's tables with users of whom 4 % have a bad email, then checks so many recipients
twice: by the deployed state machine, for the time; and step by step in this process, against the same tables
and bucket, for the requests on the wire. Last, it divides 10,000,000 lines without a stack, for the memory.
"""

import gzip
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import Any, Final
from urllib.parse import urlsplit

from tests.bench.timing import Row, screen, show, show_machine
from tools import place
from tools import stack as stacks
from tools.stack import Stack

_BAD_ONE_IN: Final = 25
_BROKEN_ONE_IN: Final = 1_000
_LINES: Final = 10_000_000
_WITHIN_SECONDS: Final = 1_800
_KEY: Final = "checks/bench.csv.gz"
_HEADER: Final = "sourced_id,credential,channel\n"


def rows(count: int) -> Iterator[str]:
    """Three of four by the roster's id (by email, by text, by any), one by address; a broken one at times."""
    for number in range(count):
        if number % _BROKEN_ONE_IN == 0:
            yield '"nobody can read this\n'
            continue
        match number % 4:
            case 0:
                yield f"guardian-{number},,email\n"
            case 1:
                yield f"guardian-{number},,sms\n"
            case 2:
                yield f"guardian-{number},,\n"
            case _:
                yield f",email:parent{number}@example.org,email\n"


def fill(count: int) -> None:
    """The roster's part of all who are named by id, and the bad ones among the emails."""
    from reachable.model.credential import Credential, CredentialKind
    from reachable.model.delivery_event import Cause, Permanence, event_hex
    from reachable.model.people import AccountStatus, RosterKind, id_of
    from reachable.model.status import Block, BlockRegister, Ground, Reach, mark
    from reachable.store import dynamodb
    from reachable.store.credentials import registers
    from reachable.store.roster import items
    from reachable.store.roster.items import EntityId

    def reach(number: int) -> dict[str, str]:
        entity = EntityId(RosterKind.USER, id_of(RosterKind.USER, f"guardian-{number}"))
        return {
            **items.place(entity, items.REACH),
            "email": f"parent{number}@example.org",
            "phone": f"+1202{2_000_000 + number:07}",
            "language": "en",
            "account_status": AccountStatus.ACTIVE,
        }

    dynamodb.batch_put(items.TABLE, (reach(number) for number in range(count) if number % 4 != 3))
    register = BlockRegister(Ground.BOUNCE, Reach.EMAIL)
    block = Block(
        register,
        mark(datetime.now(UTC), event_hex("bench", "1")),
        Cause.INVALID_ADDRESS,
        Permanence.PERMANENT,
        "bench",
    )
    for number in range(0, count, _BAD_ONE_IN):
        registers.move(Credential(CredentialKind.EMAIL, f"parent{number}@example.org"), block)


def by_the_state_machine(running: Stack) -> dict[str, Any]:
    """The summary of an execution, and how long it ran."""
    client, began = running.aws.stepfunctions, time.monotonic()
    execution = client.start_execution(
        stateMachineArn=running.state_machines["check_recipients"], input=json.dumps({"key": _KEY})
    )["executionArn"]

    def ended() -> dict[str, Any] | None:
        told = client.describe_execution(executionArn=execution)
        return dict(told) if told["status"] != "RUNNING" else None

    told = running.wait_until(ended, "the bulk check to end", _WITHIN_SECONDS)
    assert told["status"] == "SUCCEEDED", told
    summary: dict[str, Any] = json.loads(told["output"])
    return summary | {"seconds": time.monotonic() - began}


def step_by_step(requests: Counter[str]) -> tuple[dict[str, Any], list[Row]]:
    """The same in this process, one chunk after the other; the summary, and what each step took."""
    from functions.check_recipients.app import handler
    from reachable.buckets import results, s3
    from tests.functions.district import CONTEXT

    began = datetime.now(UTC)
    requests.clear()
    at = time.monotonic()
    divided = handler(
        {"step": "divide", "execution": "bench", "started_at": began.isoformat(), "wish": {"key": _KEY}},
        CONTEXT,
    )
    divide = time.monotonic() - at
    chunks = s3.get_json(results.BUCKET, divided["chunks_key"])
    checks = []
    for chunk in chunks:
        at = time.monotonic()
        handler({"step": "check", "check": divided["check"], "chunk": chunk}, CONTEXT)
        checks.append(time.monotonic() - at)
    at = time.monotonic()
    summary = handler({"step": "summarise", "check": divided["check"], "chunks": divided["chunks"]}, CONTEXT)
    return summary, [
        ("divide", 1, divide, divide),
        ("check", len(checks), sum(checks), max(checks)),
        ("summarise", 1, time.monotonic() - at, time.monotonic() - at),
    ]


def divide_alone(count: int) -> list[Row]:
    """So many lines from a file, divided and packed, the packages thrown away: time and memory."""
    from reachable.flows import divide_recipients

    with TemporaryFile() as file:
        file.writelines(map(str.encode, rows(count)))
        size = file.tell()
        file.seek(0)
        before, at, packed, chunks = _peak_mb(), time.monotonic(), 0, 0
        for chunk in divide_recipients.chunks(divide_recipients.lines(file), 1):
            packed += len(gzip.compress(b"".join(chunk.lines), compresslevel=1))
            chunks += 1
        took = time.monotonic() - at
    return [(count, size / 1e6, packed / 1e6, chunks, took, before, _peak_mb())]


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _prepare(running: Stack) -> None:
    """As the template does for the function."""
    os.environ |= place.aws_variables(urlsplit(running.endpoint_url).port or 0) | {
        "CREDENTIALS_TABLE": running.tables["credentials"],
        "ROSTER_TABLE": running.tables["roster"],
        "RESULTS_BUCKET": running.buckets["results"],
        "DEFAULT_REGION": "US",
        "POWERTOOLS_LOG_LEVEL": "WARNING",
    }


def _count(requests: Counter[str]) -> None:
    """Count the requests of this process, and the keys that they ask for: a read unit each."""
    from reachable.buckets import s3
    from reachable.store import dynamodb

    def of_dynamodb(model: Any, params: Any, **_: Any) -> None:
        requests[f"DynamoDB {model.name}"] += 1
        asked = json.loads(params["body"])["RequestItems"].values()
        requests["DynamoDB read units"] += sum(len(one["Keys"]) for one in asked)

    def of_s3(model: Any, **_: Any) -> None:
        requests[f"S3 {model.name}"] += 1

    dynamodb.client().meta.events.register("before-call.dynamodb", of_dynamodb)
    s3.client().meta.events.register("before-call.s3", of_s3)


def main(count: int) -> None:
    """Fill, check twice, divide; and the tables."""
    running = stacks.running()
    _prepare(running)
    show_machine()
    at = time.monotonic()
    fill(count)
    body = gzip.compress((_HEADER + "".join(rows(count))).encode())
    running.aws.s3.put_object(Bucket=running.buckets["results"], Key=_KEY, Body=body)
    screen.print(f"Filled in {time.monotonic() - at:.0f} s.")
    run = by_the_state_machine(running)
    requests: Counter[str] = Counter()
    _count(requests)
    summary, steps = step_by_step(requests)
    answered = ("total", "send", "blocked", "invalid", "chunks")
    assert [run[name] for name in answered] == [summary[name] for name in answered]
    show(
        f"{count:,} recipients, by the state machine",
        ("seconds", "recipients a second", "send", "blocked", "invalid"),
        [
            (
                run["seconds"],
                count / run["seconds"],
                run["send"],
                sum(run["blocked"].values()),
                run["invalid"],
            )
        ],
    )
    show("The same in one process", ("step", "times", "s", "slowest s"), steps)
    show(
        "Its requests",
        ("request", "count", "for each recipient"),
        [(name, number, number / count) for name, number in sorted(requests.items())],
    )
    show(
        "Dividing alone",
        ("lines", "MB", "packed MB", "chunks", "s", "peak MB before", "peak MB after"),
        divide_alone(_LINES),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
