"""What an import writes of one record: whatever its size, it can be stored, over moto's tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from reachable.model.credential import Credential, CredentialKind
from reachable.model.people import AccountStatus, Link, Role, RosterRecord, Student, User
from reachable.oneroster.join import MOST_CLASSES, MOST_GUARDIANS, MOST_SCHOOLS, MOST_STUDENTS
from reachable.store import dynamodb
from reachable.store.roster import records, writes
from reachable.store.roster.items import Row
from reachable.store.roster.listing import BUCKETS, Part

pytestmark = pytest.mark.usefixtures("aws")

WHOLE: Final = Part(0, BUCKETS)
AT: Final = datetime(2026, 11, 27, 6, tzinfo=UTC)
LIMIT: Final = 400 * 1024
"""Bytes of an item (AWS: Service quotas of DynamoDB)."""
LETTER: Final = "\N{CJK UNIFIED IDEOGRAPH-20000}"
"""One of four bytes."""


def _apply(record: RosterRecord, at: datetime = AT) -> None:
    writes.apply([Row.of(record)], WHOLE, at)


def _table(name: str) -> list[dict[str, Any]]:
    pages = dynamodb.client().get_paginator("scan").paginate(TableName=name)
    return [dynamodb.of_wire(item) for page in pages for item in page["Items"]]


def _size(value: Any) -> int:
    """About what DynamoDB counts (its guide: "DynamoDB item sizes and formats")."""
    match value:
        case dict():
            return 3 + sum(len(name.encode()) + _size(inner) + 1 for name, inner in value.items())
        case list():
            return 3 + sum(_size(inner) + 1 for inner in value)
        case str():
            return len(value.encode())
        case int() | float() | None:
            return 21
        case _:
            return len(bytes(value))


def _ids(count: int, first: int = 0) -> tuple[str, ...]:
    return tuple(f"{n:08x}-0000-5000-8000-{n:012x}" for n in range(first, first + count))


def _links(count: int) -> tuple[Link, ...]:
    """The longest there are: names of two hundred letters, ids of 255."""
    return tuple(Link(id_, LETTER * 201, "guardian", LETTER * 255) for id_ in _ids(count))


def _user() -> User:
    """Somebody who is at every bound at once."""
    return User(
        id=_ids(1)[0],
        sourced_id=LETTER * 255,
        role=Role.TEACHER,
        given_name=" ".join(LETTER * 11 + str(n) for n in range(8)),
        family_name=" ".join(LETTER * 11 + str(n) for n in range(8, 16)),
        account_status=AccountStatus.PENDING,
        language="es",
        credentials={
            CredentialKind.EMAIL: _email(0),
            CredentialKind.PHONE: Credential(CredentialKind.PHONE, "+12025550123"),
        },
        typed={CredentialKind.EMAIL: _email(0).address, CredentialKind.PHONE: LETTER * 100},
        schools=_ids(MOST_SCHOOLS),
        works_at=_ids(MOST_SCHOOLS),
        classes=_ids(MOST_CLASSES),
        students=_links(MOST_STUDENTS),
        label=LETTER * 120,
    )


def _email(night: int) -> Credential:
    return Credential(CredentialKind.EMAIL, f"{night:064}@{'d' * 60}.{'e' * 60}.{'f' * 60}.org")


def _of_another_night(user: User, night: int) -> User:
    return replace(
        user,
        credentials={**user.credentials, CredentialKind.EMAIL: _email(night)},
        typed={**user.typed, CredentialKind.EMAIL: _email(night).address},
    )


def test_a_user_at_every_bound_is_stored_and_keeps_what_is_to_be_taken_away() -> None:
    user = _user()
    _apply(user)
    assert records.user(user.id) == user
    moved = replace(user, given_name="Ada", family_name="Hart", schools=_ids(1), works_at=(), classes=())
    _apply(moved, AT + timedelta(days=1))
    assert records.user(user.id) == moved
    stored = _table("roster")
    [profile] = [item for item in stored if item["item"] == "profile"]
    assert len(bytes(profile["stale"])) > 1_000
    assert max(map(_size, stored)) < LIMIT
    assert max(len(item["item"].encode()) for item in stored) <= 1024
    assert not [item for item in stored if item["entity"].startswith(("class#", f"search#{_ids(2)[1]}"))]


def test_a_student_at_every_bound_is_stored() -> None:
    student = Student(
        id=_ids(1)[0],
        sourced_id=LETTER * 255,
        given_name=LETTER * 100,
        family_name=LETTER * 100,
        grade=LETTER * 100,
        schools=_ids(MOST_SCHOOLS),
        classes=_ids(MOST_CLASSES),
        guardians=_links(MOST_GUARDIANS),
    )
    _apply(student)
    assert records.student(student.id) == student
    assert max(map(_size, _table("roster"))) < LIMIT


def test_a_profile_remembers_the_newest_hundred_former_credentials() -> None:
    user = replace(_user(), schools=(), works_at=(), classes=(), label=None)
    for night in range(105):
        _apply(_of_another_night(user, night), AT + timedelta(days=night))
    found = records.user(user.id)
    assert found is not None
    assert [str(one.credential) for one in found.former] == [str(_email(night)) for night in range(4, 104)]
    assert max(map(_size, _table("roster"))) < LIMIT


def test_what_the_version_before_left_to_be_taken_away_is_taken_away() -> None:
    user = replace(_user(), schools=(), works_at=(), classes=(), students=(), label=None)
    _apply(user)
    [profile] = [item for item in _table("roster") if item["item"] == "profile"]
    left = {"entity": "search#old", "item": f"word#{user.id}"}
    for item in (left, profile | {"stale": [["search#old", f"word#{user.id}"]]}):
        dynamodb.client().put_item(TableName="roster", Item=dynamodb.to_wire(item))
    listed = {"entity": "listing#0", "item": f"{user.id}#user", "digest": "writing"}
    dynamodb.client().put_item(TableName="roster", Item=dynamodb.to_wire(listed))
    _apply(user, AT + timedelta(days=1))
    assert left["entity"] not in {item["entity"] for item in _table("roster")}
