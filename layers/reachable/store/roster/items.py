"""What the table ``roster`` holds of each record: keys and items, and values back from items. Pure.

    user#<id>      / reach, profile                    the gate reads ``reach``, and of all items only that
    student#<id>   / profile
    class#<id>     / profile, student#<id>, teacher#<id>
    school#<id>    / profile, class#<id>
    schools        / school#<id>
    search#<school>               / <folded word>#<id>   users and students by each word of their names;
    search#district#<2 letters>   / <folded word>#<id>   who has no school stands under the school ``none``
    search#pending#<school>       / <folded word>#<id>   pending accounts
    search#classes#<letter>       / <folded word>#<id>   classes by each word of their titles
    listing#<hex>  / <id>#<kind>                       what is stored, with a digest, for the next import,
                                                       and who is still to be invited

A record (user, student, class, school) owns its items, in other partitions too: no two records write the
same item, so records can be written side by side.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Self

import orjson

from reachable import settings
from reachable.model.credential import Credential, CredentialKind
from reachable.model.people import (
    AccountStatus,
    Contact,
    FormerCredential,
    Link,
    Role,
    RosterKind,
    RosterRecord,
    School,
    SchoolClass,
    Student,
    User,
)
from reachable.model.search import Summary, folded_words, title_words
from reachable.store import dynamodb
from reachable.store.dynamodb import Item, WireItem

TABLE: Final = settings.text("ROSTER_TABLE")

type Place = tuple[str, str]
"""A key: entity and item."""

PROFILE: Final = "profile"
REACH: Final = "reach"
SCHOOLS: Final = "schools"
NO_SCHOOL: Final = "none"
REMOVED: Final = "removed"
"""The digest of a user who is no longer in the roster."""
_FIRST_VERSION: Final = "1"
_DIGEST_VERSIONS: Final = {RosterKind.CLASS: "2"}
"""To be raised when a release changes what items records of a kind have: the next import then writes all of
these anew."""


@dataclass(frozen=True, slots=True, order=True)
class EntityId:
    """A record by kind and id; ``str()`` is its partition."""

    kind: RosterKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}#{dynamodb.bounded(self.id)}"  # a caller may ask for any id


def entity_of(record: RosterRecord) -> EntityId:
    """The partition of a record."""
    match record:
        case User():
            return EntityId(RosterKind.USER, record.id)
        case Student():
            return EntityId(RosterKind.STUDENT, record.id)
        case SchoolClass():
            return EntityId(RosterKind.CLASS, record.id)
        case School():
            return EntityId(RosterKind.SCHOOL, record.id)


def place(entity: EntityId | str, item: str) -> dict[str, str]:
    """A key."""
    return {"entity": str(entity), "item": item}


# Records as plain values: the profile item, and a line of an import's chunk


def plain(record: RosterRecord) -> Item:
    """The profile of a record in JSON's values; without the account status, which is not the roster's."""
    match record:
        case User():
            return {
                "sourced_id": record.sourced_id,
                "role": record.role.value,
                "given_name": record.given_name,
                "family_name": record.family_name,
                "language": record.language,
                "schools": list(record.schools),
                "works_at": list(record.works_at),
                "classes": list(record.classes),
                "students": _links(record.students),
                "label": record.label,
            } | {
                kind.value: {"address": credential.address, "typed": record.typed[kind]}
                for kind, credential in record.credentials.items()
            }
        case Student():
            return {
                "sourced_id": record.sourced_id,
                "given_name": record.given_name,
                "family_name": record.family_name,
                "grade": record.grade,
                "schools": list(record.schools),
                "classes": list(record.classes),
                "guardians": _links(record.guardians),
            }
        case SchoolClass():
            return {"sourced_id": record.sourced_id, "title": record.title, "school": record.school}
        case School():
            return {"sourced_id": record.sourced_id, "name": record.name}


def of_plain(
    entity: EntityId, item: Item, account_status: AccountStatus = AccountStatus.ACTIVE
) -> RosterRecord:
    """The record that ``plain`` gave."""
    match entity.kind:
        case RosterKind.USER:
            held = {kind: item[kind.value] for kind in CredentialKind if kind.value in item}
            return User(
                id=entity.id,
                sourced_id=item["sourced_id"],
                role=Role(item["role"]),
                given_name=item["given_name"],
                family_name=item["family_name"],
                account_status=account_status,
                language=item["language"],
                credentials={
                    kind: Credential(kind, credential["address"]) for kind, credential in held.items()
                },
                typed={kind: credential["typed"] for kind, credential in held.items()},
                schools=tuple(item["schools"]),
                works_at=tuple(item.get("works_at", ())),
                classes=tuple(item["classes"]),
                students=_of_links(item["students"]),
                label=item.get("label"),
                former=tuple(_former(holding) for holding in item.get("holdings", []) if "until" in holding),
            )
        case RosterKind.STUDENT:
            return Student(
                id=entity.id,
                sourced_id=item["sourced_id"],
                given_name=item["given_name"],
                family_name=item["family_name"],
                grade=item.get("grade"),
                schools=tuple(item["schools"]),
                classes=tuple(item["classes"]),
                guardians=_of_links(item["guardians"]),
            )
        case RosterKind.CLASS:
            return SchoolClass(
                id=entity.id, sourced_id=item["sourced_id"], title=item["title"], school=item["school"]
            )
        case RosterKind.SCHOOL:
            return School(id=entity.id, sourced_id=item["sourced_id"], name=item["name"])


def _former(holding: Mapping[str, str]) -> FormerCredential:
    return FormerCredential(
        Credential.of_key(holding["key"]),
        holding["typed"],
        datetime.fromisoformat(holding["since"]),
        datetime.fromisoformat(holding["until"]),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A record in JSON's values, as an import carries it: compared by digest, built where that differs."""

    entity: EntityId
    plain: Item
    account_status: AccountStatus

    @classmethod
    def of(cls, record: RosterRecord) -> Self:
        """A record, spelled out."""
        status = record.account_status if isinstance(record, User) else AccountStatus.ACTIVE
        return cls(entity_of(record), plain(record), status)

    @property
    def record(self) -> RosterRecord:
        """The record, built."""
        return of_plain(self.entity, self.plain, self.account_status)

    @property
    def digest(self) -> str:
        """Tells whether two imports say the same of a record."""
        version = _DIGEST_VERSIONS.get(self.entity.kind, _FIRST_VERSION)
        said = orjson.dumps([version, str(self.entity), self.plain], option=orjson.OPT_SORT_KEYS)
        return sha256(said).hexdigest()[:16]


def digest(record: RosterRecord) -> str:
    """The digest of a record that is built already."""
    return Row.of(record).digest


def _links(links: tuple[Link, ...]) -> list[dict[str, str]]:
    return [
        {"id": link.id, "name": link.name, "relation": link.relation, "sourced_id": link.sourced_id}
        for link in links
    ]


def _of_links(links: list[dict[str, str]]) -> tuple[Link, ...]:
    return tuple(Link(link["id"], link["name"], link["relation"], link["sourced_id"]) for link in links)


# What the gate reads


def reach(user: User) -> Item:
    """The roster's part of ``reach``; the account status beside it is never the roster's to change."""
    return {
        **{kind.value: credential.address for kind, credential in user.credentials.items()},
        "language": user.language,
        "label": user.label,
    }


def contact(item: WireItem) -> Contact | None:
    """Straight from the wire: the gate does this for every recipient. None for who has left the roster."""
    if "removed" in item:
        return None
    return Contact(
        user_id=item["entity"]["S"].partition("#")[2],
        credentials={
            kind: Credential(kind, item[kind.value]["S"]) for kind in CredentialKind if kind.value in item
        },
        language=item["language"]["S"],
        account_status=AccountStatus(item["account_status"]["S"]),
        label=item["label"]["S"] if "label" in item else None,
    )


# Items in other partitions


def spread(record: RosterRecord, account_status: AccountStatus) -> dict[Place, Item]:
    """The items that a record has beside its own ``profile`` and ``reach``."""
    match record:
        case User():
            items = dict(_searched(record, {"kind": "user", "role": record.role.value}, account_status))
            for class_ in record.classes:
                items[f"class#{class_}", f"teacher#{record.id}"] = {
                    "name": record.name,
                    "sourced_id": record.sourced_id,
                }
            return items
        case Student():
            items = dict(_searched(record, {"kind": "student", "grade": record.grade}, AccountStatus.ACTIVE))
            for class_ in record.classes:
                items[f"class#{class_}", f"student#{record.id}"] = {
                    "name": record.name,
                    "sourced_id": record.sourced_id,
                    "grade": record.grade,
                    "guardians": [link.id for link in record.guardians],
                }
            return items
        case SchoolClass():
            items = {(f"school#{record.school}", f"class#{record.id}"): {"title": record.title}}
            for word in title_words(record.title):
                items[class_letter(word), f"{word}#{record.id}"] = {
                    "sourced_id": record.sourced_id,
                    "title": record.title,
                    "school": record.school,
                }
            return items
        case School():
            return {(SCHOOLS, f"school#{record.id}"): {"name": record.name}}


def _searched(
    person: User | Student, shown: Mapping[str, Any], account_status: AccountStatus
) -> Iterator[tuple[Place, Item]]:
    schools = person.schools or (NO_SCHOOL,)
    leads = folded_words(person.family_name or person.given_name)[:1]
    for word in folded_words(person.name):
        item = {**shown, "sourced_id": person.sourced_id, "name": person.name}
        if word in leads:
            item["lead"] = True  # a list without words shows each person once, by this word
        entities = [f"search#{school}" for school in schools]
        entities.append(district_letters(word))
        if account_status is AccountStatus.PENDING:
            entities += [f"search#pending#{school}" for school in schools]
        for entity in entities:
            yield (entity, f"{word}#{person.id}"), item


def district_letters(word: str) -> str:
    """The partition of a folded word for searches in the whole district."""
    return f"search#district#{word[:2]}"


def class_letter(word: str) -> str:
    """The partition of a folded word of a class's title: a letter, since a word may be one (``3``, ``B``)."""
    return f"search#classes#{word[:1]}"


def found_class(item: WireItem) -> SchoolClass:
    """A class as found by a search."""
    return SchoolClass(
        id=item["item"]["S"].rpartition("#")[2],
        sourced_id=item["sourced_id"]["S"],
        title=item["title"]["S"],
        school=item["school"]["S"],
    )


def summary(item: WireItem) -> Summary:
    """A person as found by a search; the account status is read with the reach."""
    kind = RosterKind(item["kind"]["S"])
    return Summary(
        kind=kind,
        id=item["item"]["S"].rpartition("#")[2],
        sourced_id=item["sourced_id"]["S"],
        name=item["name"]["S"],
        role=Role(item["role"]["S"]) if "role" in item else None,
        grade=item["grade"]["S"] if "grade" in item else None,
    )


# The listing of what is stored


def listing_place(entity: EntityId) -> Place:
    """Where the listing has a record: in one of 16 partitions by the id's first digit, sorted by id."""
    return f"listing#{entity.id[0]}", f"{entity.id}#{entity.kind}"


def listed_entity(item: str) -> EntityId:
    """The record that a line of the listing is about."""
    id_, _, kind = item.partition("#")
    return EntityId(RosterKind(kind), id_)
