"""Search in the table ``roster``: by the beginnings of names, in schools, classes or the whole district.

Never a scan: a partition for each school, and for the whole district one for each two first letters; for
classes one for each first letter. The cursor is the sort key of the last that was looked at, so it holds
whatever is added or removed meanwhile.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import merge
from itertools import batched
from typing import Any, Final

from reachable.model.details import Detail
from reachable.model.errors import Meaningless
from reachable.model.page import Page
from reachable.model.people import AccountStatus, Role, RosterKind, SchoolClass
from reachable.model.search import Summary, folded_words, title_words
from reachable.store import dynamodb
from reachable.store.dynamodb import WireItem
from reachable.store.roster import reach
from reachable.store.roster.items import (
    NO_SCHOOL,
    PROFILE,
    SCHOOLS,
    TABLE,
    EntityId,
    class_letter,
    district_letters,
    found_class,
    place,
    summary,
)

_PAGE: Final = 200
"""Items a Query."""
_LOOKED_AT: Final = 5_000
"""Items that one search looks at; then it answers what it has, with a cursor."""
_LETTERS: Final = 2
_SORTED_BY: Final = 64
"""Letters by which a list is sorted; those who have the same stand by their ids."""
_AFTER: Final = "\U0010ffff"
"""Sorts after every character."""


def by_name(
    words: Sequence[str],
    *,
    kind: RosterKind,
    schools: frozenset[str] | None,
    limit: int,
    cursor: str | None = None,
    role: Role | None = None,
    account_status: AccountStatus | None = None,
) -> Page[Summary]:
    """People of whose names each word begins one, by the folded name; everybody where there are no words.

    ``schools`` None searches the whole district. A Query a school (a district with a word of two letters or
    more: one in all), more where few of the people looked at fit; 1 read unit a user found.

    Raises:
        Meaningless: the cursor is none of ours.
    """
    after = after_cursor(cursor)
    folded = folded_words(" ".join(words))
    if words and not folded:
        return Page(())  # something was looked for, but it has no letter or digit
    prefix = max(folded, key=len, default="")
    entities = _partitions(prefix, schools, pending=account_status is AccountStatus.PENDING)
    found = _distinct(merge(*(_items(entity, prefix, after) for entity in entities), key=_sort_key))
    fitting = _fitting(found, folded, prefix, kind, role)
    return _page(fitting, limit, account_status)


def in_classes(
    words: Sequence[str],
    *,
    kind: RosterKind,
    classes: Collection[str],
    staff: Collection[str] | None,
    limit: int,
    cursor: str | None = None,
    role: Role | None = None,
    account_status: AccountStatus | None = None,
) -> Page[Summary]:
    """The same among the students, their guardians and the teachers of these classes. A Query a class.

    Of the teachers those whose ids are in ``staff`` alone; None: all.

    Raises:
        Meaningless: the cursor is none of ours.
    """
    after = after_cursor(cursor)
    folded = folded_words(" ".join(words))
    if words and not folded:
        return Page(())
    members = [item for class_ in sorted(classes) for item in _members(class_)]
    people = _students(members) if kind is RosterKind.STUDENT else _users(members)
    keyed = sorted(
        (sort_key(person.name, person.id), person)
        for person in {person.id: person for person in people}.values()
        if begins(folded, folded_words(person.name))
        and (role is None or person.role is role)
        and (staff is None or person.role is None or not person.role.is_staff or person.id in staff)
    )
    return _page(((key, person) for key, person in keyed if key > after), limit, account_status)


def classes_by_title(words: Sequence[str], *, limit: int, cursor: str | None = None) -> Page[SchoolClass]:
    """Classes of the district of whose titles each word begins one, by the folded title.

    1 Query, more where few of those looked at fit; a read unit for some 30 that are looked at.

    Raises:
        Meaningless: the cursor is none of ours.
    """
    after = after_cursor(cursor)
    folded = title_words(" ".join(words))
    if not folded:
        return Page(())
    prefix = max(folded, key=len)
    taken: list[SchoolClass] = []
    last = ""
    for looked_at, item in enumerate(_items(class_letter(prefix), prefix, after)):
        if len(taken) == limit or looked_at == _LOOKED_AT:
            return Page(tuple(taken), cursor_of(last))
        last = _sort_key(item)
        found = found_class(item)
        of_title = title_words(found.title)
        if begins(folded, of_title) and _is_first(last.rpartition("#")[0], prefix, of_title):
            taken.append(found)
    return Page(tuple(taken))


def of_classes(classes: Iterable[str]) -> tuple[set[str], set[str]]:
    """The teachers of these classes, and the guardians of their students, by id. A Query a class."""
    return _ids(item for class_ in classes for item in _members(class_))


def sort_key(name: str, id_: str) -> str:
    """Where somebody stands in a list by name; short enough for a cursor in any script."""
    return f"{'-'.join(folded_words(name))[:_SORTED_BY]}#{id_}"


def _page(
    fitting: Iterator[tuple[str, Summary | None]], limit: int, account_status: AccountStatus | None
) -> Page[Summary]:
    """The first ``limit`` of them with their account status; None is somebody who does not fit."""
    taken: list[Summary] = []
    looked_at = 0
    last = ""
    for chunk in batched(fitting, max(limit, 25), strict=False):
        contacts = reach.contacts(
            person.id for _, person in chunk if person is not None and person.kind is RosterKind.USER
        )
        for key, person in chunk:
            if len(taken) == limit or looked_at == _LOOKED_AT:
                return Page(tuple(taken), cursor_of(last))
            looked_at += 1
            last = key
            if person is None:
                continue
            if person.kind is RosterKind.USER:
                if person.id not in contacts:  # left the roster this moment
                    continue
                status = contacts[person.id].account_status
                if account_status not in (None, status):
                    continue
                person = replace(person, account_status=status)  # noqa: PLW2901 - the same person, whole
            taken.append(person)
    return Page(tuple(taken))


def _partitions(prefix: str, schools: frozenset[str] | None, *, pending: bool) -> list[str]:
    if schools is None and len(prefix) >= _LETTERS and not pending:
        return [district_letters(prefix)]
    where = "search#pending#" if pending else "search#"
    return [f"{where}{school}" for school in (every_school() if schools is None else sorted(schools))]


def every_school() -> list[str]:
    """Each school of the district by id, and ``NO_SCHOOL``. 1 Query."""
    items = dynamodb.query(TABLE, **_begins_with(SCHOOLS, "school#"))
    return [*(item["item"]["S"].removeprefix("school#") for item in items), NO_SCHOOL]


def _items(entity: str, prefix: str, after: str) -> Iterator[WireItem]:
    if after >= prefix + _AFTER:
        return iter(())
    return dynamodb.query(
        TABLE,
        KeyConditionExpression="entity = :e AND #i BETWEEN :from AND :to",
        ExpressionAttributeNames={"#i": "item"},
        ExpressionAttributeValues={
            ":e": {"S": entity},
            ":from": {"S": max(prefix, after + " ")},  # a sort key is never empty
            ":to": {"S": prefix + _AFTER},
        },
        Limit=_PAGE,
    )


def _sort_key(item: WireItem) -> str:
    key: str = item["item"]["S"]
    return key


def _distinct(items: Iterable[WireItem]) -> Iterator[WireItem]:
    """Somebody at two schools stands in both partitions under the same key, one after the other."""
    last = ""
    for item in items:
        if (key := _sort_key(item)) != last:
            last = key
            yield item


def _fitting(
    items: Iterable[WireItem], folded: Sequence[str], prefix: str, kind: RosterKind, role: Role | None
) -> Iterator[tuple[str, Summary | None]]:
    for item in items:
        key = _sort_key(item)
        person = summary(item)
        fits = (
            person.kind is kind
            and (role is None or person.role is role)
            and begins(folded, folded_words(person.name))
            and _is_the_one(item, key.rpartition("#")[0], prefix, person.name)
        )
        yield key, person if fits else None


def begins(folded: Sequence[str], name: Sequence[str]) -> bool:
    """Whether each of these words begins one of the name's or title's; all are folded."""
    return all(any(part.startswith(word) for part in name) for word in folded)


def _is_the_one(item: WireItem, word: str, prefix: str, name: str) -> bool:
    """Somebody stands in a list once for each word of the name: only one of those lines counts."""
    if not prefix:
        return "lead" in item
    return _is_first(word, prefix, folded_words(name))


def _is_first(word: str, prefix: str, name: Sequence[str]) -> bool:
    return word == next(part for part in name if part.startswith(prefix))


def _members(class_: str) -> Iterator[WireItem]:
    return dynamodb.query(TABLE, **_begins_with(f"class#{class_}", ""))


def _students(members: Iterable[WireItem]) -> Iterator[Summary]:
    for item in members:
        kind, _, id_ = item["item"]["S"].partition("#")
        if kind == RosterKind.STUDENT:
            grade = item["grade"]["S"] if "grade" in item else None
            yield Summary(
                kind=RosterKind.STUDENT,
                id=id_,
                sourced_id=item["sourced_id"]["S"],
                name=item["name"]["S"],
                grade=grade,
            )


def _users(members: Iterable[WireItem]) -> Iterator[Summary]:
    """The teachers, and the guardians that the students' lines name."""
    ids = set[str]().union(*_ids(members))
    for wire in dynamodb.batch_get(TABLE, (place(EntityId(RosterKind.USER, id_), PROFILE) for id_ in ids)):
        user = dynamodb.of_wire(wire)
        yield Summary(
            kind=RosterKind.USER,
            id=wire["entity"]["S"].partition("#")[2],
            sourced_id=user["sourced_id"],
            name=f"{user['given_name']} {user['family_name']}".strip(),
            role=Role(user["role"]),
            schools=tuple(user["schools"]),
        )


def _ids(members: Iterable[WireItem]) -> tuple[set[str], set[str]]:
    teachers: set[str] = set()
    guardians: set[str] = set()
    for item in members:
        kind, _, id_ = item["item"]["S"].partition("#")
        if kind == "teacher":
            teachers.add(id_)
        elif kind == RosterKind.STUDENT:
            guardians.update(guardian["S"] for guardian in item["guardians"]["L"])
    return teachers, guardians


def _begins_with(entity: str, prefix: str) -> Mapping[str, Any]:
    condition = "entity = :e AND begins_with(#i, :p)" if prefix else "entity = :e"
    names = {"ExpressionAttributeNames": {"#i": "item"}} if prefix else {}
    values = {":e": {"S": entity}} | ({":p": {"S": prefix}} if prefix else {})
    return {"KeyConditionExpression": condition, "ExpressionAttributeValues": values, **names}


def cursor_of(key: str) -> str:
    """The cursor of who is asked for after this sort key."""
    return urlsafe_b64encode(key.encode()).decode()


def after_cursor(cursor: str | None) -> str:
    """The sort key after which to go on.

    Raises:
        Meaningless: it is no cursor of ours.
    """
    if cursor is None:
        return ""
    try:
        return urlsafe_b64decode(cursor.encode()).decode()
    except ValueError as problem:  # binascii.Error and UnicodeError are ValueErrors
        raise Meaningless(Detail.NOT_OUR_CURSOR, "/cursor") from problem
