"""A small district in the tables, and how its people sign in."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import batched
from typing import Any, Final

from reachable.model import addresses
from reachable.model.credential import CredentialKind
from reachable.model.people import (
    AccountStatus,
    Link,
    Role,
    RosterKind,
    RosterRecord,
    School,
    SchoolClass,
    Student,
    User,
    id_of,
)
from reachable.store import dynamodb
from reachable.store.roster import listing, writes
from reachable.store.roster.items import Row
from tests.builders import clock

IMPORTED: Final = clock("06:00")


def user(sourced_id: str, name: str, role: Role = Role.GUARDIAN, **changes: Any) -> User:
    """A user by name; ``email`` and ``phone`` as typed, ``school`` by sourced id."""
    given, _, family = name.partition(" ")
    typed = {kind: changes.pop(kind.value) for kind in CredentialKind if changes.get(kind.value) is not None}
    made = User(
        id=id_of(RosterKind.USER, sourced_id),
        sourced_id=sourced_id,
        role=role,
        given_name=given,
        family_name=family,
        account_status=AccountStatus.ACTIVE,
        language="en",
        credentials={kind: addresses.of_typed_key(f"{kind}:{text}", "US") for kind, text in typed.items()},
        typed=typed,
        schools=(NORTH.id,),
    )
    made = replace(made, **changes)
    return replace(made, works_at=made.schools) if role.is_staff and "works_at" not in changes else made


def _school(name: str) -> School:
    return School(id=id_of(RosterKind.SCHOOL, name), sourced_id=name, name=f"{name.title()} School")


NORTH: Final = _school("north")
SOUTH: Final = _school("south")
ART: Final = SchoolClass(id=id_of(RosterKind.CLASS, "art"), sourced_id="art", title="Art", school=NORTH.id)
BO: Final = Student(
    id=id_of(RosterKind.STUDENT, "bo"),
    sourced_id="bo",
    given_name="Bo",
    family_name="Reyes",
    grade="3",
    schools=(NORTH.id,),
    classes=(ART.id,),
    guardians=(
        Link(id_of(RosterKind.USER, "ada"), "Ada Reyes", "mother", "ada"),
        Link(id_of(RosterKind.USER, "dennis"), "Dennis Reyes", "father", "dennis"),
    ),
)
_BO: Final = (Link(BO.id, BO.name, "child", "bo"),)
ADA: Final = user(
    "ada", "Ada Reyes", email="Ada@example.org", phone="(202) 555-0123", students=_BO, label="For Ada: "
)
DENNIS: Final = user("dennis", "Dennis Reyes", phone="202-555-0123", students=_BO, label="For Dennis: ")
FAR: Final = user("far", "Fara Way", email="far@example.org", schools=(SOUTH.id,))
PENDING: Final = user("penny", "Penny Ding", email="penny@example.org", account_status=AccountStatus.PENDING)
TEACHER: Final = user("tess", "Tess Teacher", Role.TEACHER, email="tess@example.org", classes=(ART.id,))
MANAGER: Final = user("max", "Max Manager", Role.DISTRICT, email="max@example.org", schools=())
ALL: Final[tuple[RosterRecord, ...]] = (NORTH, SOUTH, ART, BO, ADA, DENNIS, FAR, PENDING, TEACHER, MANAGER)


def import_(*records: RosterRecord, at: datetime = IMPORTED) -> None:
    """Put a district into the tables as an import does."""
    whole = listing.Part(0, listing.BUCKETS)
    writes.apply(map(Row.of, records or ALL), whole, at)


def settle() -> None:
    """Put the district into empty tables, as the first import left it: an import takes a test longer."""
    if not _settled:
        import_()
        _settled.update({table: list(dynamodb.scan(table)) for table in ("credentials", "roster")})
        return
    for table, items in _settled.items():
        for some in batched(items, 25, strict=False):
            puts: list[Any] = [{"PutRequest": {"Item": item}} for item in some]
            dynamodb.client().batch_write_item(RequestItems={table: puts})


_settled: Final[dict[str, list[dynamodb.WireItem]]] = {}


def claims(who: User | None = None, *groups: str, **changes: Any) -> dict[str, Any]:
    """An access token's claims."""
    told: dict[str, Any] = {"sub": "1", "token_use": "access", "cognito:groups": list(groups)}
    if who is not None:
        told |= {"email": who.typed[CredentialKind.EMAIL], "email_verified": "true"}
    return told | changes


def manager() -> dict[str, Any]:
    """A User Manager's claims."""
    return claims(MANAGER, "user_manager")


def teacher() -> dict[str, Any]:
    """A teacher's claims."""
    return claims(TEACHER, "teacher")


COMMUNICATIONS: Final = claims(MANAGER, "communications_administrator")


@dataclass
class Context:
    """What Powertools reads of Lambda's context."""

    function_name: str = "test"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:test"
    aws_request_id: str = "1"

    def get_remaining_time_in_millis(self) -> int:
        """Enough."""
        return 10_000


CONTEXT: Final[Any] = Context()
