"""What an import costs: ``REACHABLE_STACK=bench ./dev up``, then ``python -m tests.bench.roster 100000``.

Makes a district of so many users, and drives the steps of its import as the state machine does, one chunk
after the other in this process, against the running stack's tables and bucket: first whole, then the same zip
again, then with 1 % of the users changed. Counts the requests on the wire, and the peak memory.
"""

import csv
import io
import os
import random
import resource
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tools import place
from tools import stack as stacks
from tools.stack import Stack

_GIVEN = [
    "Ada",
    "Bo",
    "Cy",
    "Dora",
    "Emil",
    "Freja",
    "Gus",
    "Hana",
    "Ivo",
    "Jo",
    "Kai",
    "Lena",
    "Milo",
    "Nora",
    "Otis",
    "Pia",
    "Quin",
    "Rosa",
    "Sam",
    "Tess",
    "Uma",
    "Vera",
]
_FAMILY = [
    "Hart",
    "Lindqvist",
    "Okafor",
    "Reyes",
    "Silva",
    "Tanaka",
    "Unger",
    "Weiss",
    "Young",
    "Zhou",
    "Moreau",
    "Novak",
    "Olsen",
    "Petrov",
]
_SCHOOL_SIZE, _CLASS_SIZE, _CLASSES_A_STUDENT = 600, 25, 6

screen = Console()


def export(users: int, seed: int = 1, changed: float = 0.0) -> bytes:
    """A zip of a district of so many users: 45 % students, 50 % guardians, 5 % staff."""
    dice = random.Random(seed)
    students, guardians = int(users * 0.45), int(users * 0.50)
    staff = users - students - guardians
    schools = max(1, students // _SCHOOL_SIZE)
    classes = max(1, students * _CLASSES_A_STUDENT // _CLASS_SIZE)
    files = {
        "orgs": _orgs(schools),
        "users": _users(students, guardians, staff, schools, dice, changed),
        "classes": (
            {"sourcedId": f"c{n}", "title": f"Class {n}", "schoolSourcedId": f"s{n % schools}"}
            for n in range(classes)
        ),
        "enrollments": _enrollments(students, staff, schools, classes),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        manifest = {"oneroster.version": "1.1"} | {f"file.{name}": "bulk" for name in files}
        _put(archive, "manifest", ({"propertyName": k, "value": v} for k, v in manifest.items()))
        for name, rows in files.items():
            _put(archive, name, rows)
    return buffer.getvalue()


def _put(archive: zipfile.ZipFile, name: str, rows: Iterator[dict[str, str]]) -> None:
    first = next(rows)
    with archive.open(f"{name}.csv", "w") as raw, io.TextIOWrapper(raw, newline="") as text:
        writer = csv.DictWriter(text, list(first))
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)


def _orgs(schools: int) -> Iterator[dict[str, str]]:
    yield {"sourcedId": "d", "name": "The District", "type": "district", "parentSourcedId": ""}
    for n in range(schools):
        yield {"sourcedId": f"s{n}", "name": f"School {n}", "type": "school", "parentSourcedId": "d"}


def _users(
    students: int, guardians: int, staff: int, schools: int, dice: random.Random, changed: float
) -> Iterator[dict[str, str]]:
    def person(id_: str, role: str, school: int, **more: str) -> dict[str, str]:
        family = dice.choice(_FAMILY)
        if dice.random() < changed:
            family = "Changed"
        return {
            "sourcedId": id_,
            "enabledUser": "true",
            "orgSourcedIds": f"s{school}",
            "role": role,
            "givenName": dice.choice(_GIVEN),
            "familyName": f"{family}{school}",
            "email": "",
            "sms": "",
            "agentSourcedIds": "",
            "grades": "",
        } | more

    for n in range(students):
        agents = f"g{n % guardians},g{(n + students) % guardians}"
        yield person(f"u{n}", "student", n % schools, agentSourcedIds=agents, grades=f"{n % 12 + 1:02}")
    for n in range(guardians):
        # Every tenth phone is a household's, shared with the next guardian.
        phone = n + 1 if n % 10 == 0 else n
        yield person(
            f"g{n}", "guardian", n % schools, email=f"g{n}@example.org", sms=f"+1202{2000000 + phone:07}"
        )
    for n in range(staff):
        yield person(f"t{n}", "teacher", n % schools, email=f"t{n}@staff.example.org")


def _enrollments(students: int, staff: int, schools: int, classes: int) -> Iterator[dict[str, str]]:
    number = 0
    for n in range(students):
        for k in range(_CLASSES_A_STUDENT):
            class_ = (n + k * schools * 7) % classes
            yield _enrollment(number, f"c{class_}", f"u{n}", "student")
            number += 1
    for n in range(classes):
        yield _enrollment(number, f"c{n}", f"t{n % staff}", "teacher")
        number += 1


def _enrollment(number: int, class_: str, person: str, role: str) -> dict[str, str]:
    return {"sourcedId": f"e{number}", "classSourcedId": class_, "userSourcedId": person, "role": role}


def _prepare(running: Stack) -> None:
    """As the template does for the function."""
    os.environ |= place.aws_variables(urlsplit(running.endpoint_url).port or 0) | {
        "CREDENTIALS_TABLE": running.tables["credentials"],
        "ROSTER_TABLE": running.tables["roster"],
        "AUDIT_TABLE": running.tables["audit"],
        "MESSAGES_TABLE": running.tables["messages"],
        "MESSAGE_RETENTION_DAYS": "400",
        "ROSTER_BUCKET": running.buckets["roster"],
        "AUDIT_RETENTION_DAYS": "2555",
        "DEFAULT_REGION": "US",
        "DEFAULT_LANGUAGE": "en",
    }


def measure(name: str, zip_: bytes, running: Stack, requests: Counter[str]) -> dict[str, Any]:
    """One import, step by step; what it took."""
    from reachable.buckets import roster as roster_bucket
    from reachable.flows import import_roster
    from reachable.flows.import_roster import Import
    from reachable.oneroster.compare import AllowedShares

    key = "bench/roster.zip"  # not under roster/, which would start the state machine
    running.aws.s3.put_object(Bucket=running.buckets["roster"], Key=key, Body=zip_)
    now = datetime.now(UTC)
    upload = Import.of_upload(name, now.isoformat(), {"detail": {"object": {"key": key}}, "force": True})
    requests.clear()
    this, our_turn = import_roster.begin(upload, now)
    assert our_turn
    began = time.monotonic()
    chunks_key = import_roster.validate(this, AllowedShares(1, 1), datetime.now(UTC))
    assert chunks_key is not None
    validated, memory = time.monotonic() - began, _peak_mb()
    chunks = roster_bucket.get_json(chunks_key)
    began, slowest = time.monotonic(), 0.0
    for chunk in track(chunks, f"{name}: {len(chunks)} chunks", console=screen):
        at = time.monotonic()
        import_roster.apply(this, chunk, datetime.now(UTC))
        slowest = max(slowest, time.monotonic() - at)
    applied = time.monotonic() - began
    counts, _ = import_roster.finish(this, datetime.now(UTC))
    return {
        "import": name,
        "zip MB": f"{len(zip_) / 1e6:.1f}",
        "validate s": f"{validated:.1f}",
        "peak MB": f"{memory:.0f}",
        "chunks": str(len(chunks)),
        "apply s": f"{applied:.1f}",
        "slowest chunk s": f"{slowest:.1f}",
        "items written": f"{sum(counts['items'].values()):,}",
        "write requests": f"{requests['BatchWriteItem'] + requests['UpdateItem'] + requests['PutItem']:,}",
        "read requests": f"{requests['Query'] + requests['BatchGetItem']:,}",
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(users: int) -> None:
    """Three imports, and a table."""
    running = stacks.running()
    _prepare(running)
    from reachable.store import dynamodb

    requests: Counter[str] = Counter()

    def count(model: Any, **_: Any) -> None:
        requests[model.name] += 1

    dynamodb.client().meta.events.register("before-call.dynamodb", count)
    zip_ = export(users)
    rows = [
        measure("new", zip_, running, requests),
        measure("the same again", zip_, running, requests),
        measure("1 % changed", export(users, changed=0.01), running, requests),
    ]
    shown = Table(title=f"{users:,} users")
    shown.add_column("")
    for row in rows:
        shown.add_column(row.pop("import"), justify="right")
    for figure in rows[0]:
        shown.add_row(figure, *(row[figure] for row in rows))
    screen.print(shown)


if __name__ == "__main__":
    main(int(sys.argv[1]))
