"""Users, students, schools and classes of the table ``roster``, read by id. ``writes`` writes them."""

from collections.abc import Iterable
from typing import cast

from reachable.model.people import AccountStatus, RosterKind, RosterRecord, School, SchoolClass, Student, User
from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.roster.items import (
    PROFILE,
    REACH,
    REMOVED,
    SCHOOLS,
    TABLE,
    EntityId,
    of_plain,
    place,
)


def user(user_id: str) -> User | None:
    """A user with students; None for who is not in the roster (any more). Strongly consistent, 2 reads."""
    return users([user_id]).get(user_id)


def users(user_ids: Iterable[str]) -> dict[str, User]:
    """These users, as ``user``; 50 a request."""
    entities = [EntityId(RosterKind.USER, id_) for id_ in set(user_ids)]
    keys = [place(entity, item) for entity in entities for item in (PROFILE, REACH)]
    profiles: dict[str, Item] = {}
    status: dict[str, AccountStatus] = {}
    for wire in dynamodb.batch_get(TABLE, keys):
        id_ = wire["entity"]["S"].partition("#")[2]
        if wire["item"]["S"] == PROFILE:
            profiles[id_] = dynamodb.of_wire(wire)
        else:
            status[id_] = AccountStatus(wire["account_status"]["S"])
    return {
        id_: cast("User", of_plain(EntityId(RosterKind.USER, id_), profile, status[id_]))
        for id_, profile in profiles.items()
        if profile["digest"] != REMOVED and id_ in status
    }


def names(user_ids: Iterable[str]) -> dict[str, str]:
    """The names of these users, of those too who have left the roster. 0.5 read units each, 100 a request."""
    return {user_.id: cast("User", user_).name for user_ in _profiles(RosterKind.USER, user_ids)}


def schools_of(kind: RosterKind, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The schools of these users or students, by id. 0.5 read units each, 100 a request."""
    return {found.id: cast("User | Student", found).schools for found in _profiles(kind, ids)}


def student(student_id: str) -> Student | None:
    """A student with guardians. 0.5 read units."""
    return students([student_id]).get(student_id)


def students(student_ids: Iterable[str]) -> dict[str, Student]:
    """These students, as ``student``; 100 a request."""
    found = _profiles(RosterKind.STUDENT, student_ids)
    return {student_.id: cast("Student", student_) for student_ in found}


def schools(school_ids: Iterable[str]) -> list[School]:
    """These schools, by name. 0.5 read units each."""
    return _by_name(cast("School", school) for school in _profiles(RosterKind.SCHOOL, school_ids))


def school(school_id: str) -> School | None:
    """A school. 0.5 read units."""
    return next(iter(schools([school_id])), None)


def all_schools() -> list[School]:
    """Every school of the district, by name: a Query of their list, and their profiles."""
    return schools(_listed(SCHOOLS, "school#"))


def classes(class_ids: Iterable[str]) -> list[SchoolClass]:
    """These classes, by title. 0.5 read units each."""
    return _by_title(cast("SchoolClass", class_) for class_ in _profiles(RosterKind.CLASS, class_ids))


def classes_of(school_id: str) -> list[SchoolClass]:
    """The classes of a school, by title: a Query of their list, and their profiles."""
    return classes(_listed(f"school#{school_id}", "class#"))


def _profiles(kind: RosterKind, ids: Iterable[str]) -> list[RosterRecord]:
    keys = [place(EntityId(kind, id_), PROFILE) for id_ in set(ids)]
    found = map(dynamodb.of_wire, dynamodb.batch_get(TABLE, keys, consistent=False))
    return [of_plain(EntityId(kind, item["entity"].partition("#")[2]), item) for item in found]


def _listed(entity: str, prefix: str) -> list[str]:
    items = dynamodb.query(
        TABLE,
        KeyConditionExpression="entity = :e AND begins_with(#i, :p)",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={":e": {"S": entity}, ":p": {"S": prefix}},
    )
    return [item["item"]["S"].removeprefix(prefix) for item in items]


def _by_name(schools_: Iterable[School]) -> list[School]:
    return sorted(schools_, key=lambda school: (school.name.casefold(), school.id))


def _by_title(classes_: Iterable[SchoolClass]) -> list[SchoolClass]:
    return sorted(classes_, key=lambda class_: (class_.title.casefold(), class_.id))
