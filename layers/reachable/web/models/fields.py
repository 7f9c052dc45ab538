"""What the requests and answers of all subjects are made of."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, StringConstraints

from reachable.model import times
from reachable.model.people import Named, School, SchoolClass, User

type Time = Annotated[
    datetime,
    PlainSerializer(times.rfc3339, return_type=str),
]
"""RFC 3339 in UTC."""


def _with_zone(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("say the time zone, such as Z")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("no such time in UTC") from None


type WithZone = Annotated[datetime, AfterValidator(_with_zone)]
"""A time that says its zone, in UTC."""
type Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
type Id = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class Model(BaseModel):
    """Strict about names, and never changed. What is wrong is told by its place: errors end in logs."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class NamedOut(Model):
    """Another record by id and name."""

    id: str
    sourced_id: str
    name: str

    @classmethod
    def of(cls, record: Named | School | User) -> Self:
        """Somebody, or a school."""
        return cls(id=record.id, sourced_id=record.sourced_id, name=record.name)

    @classmethod
    def of_class(cls, class_: SchoolClass) -> Self:
        """A class by its title."""
        return cls(id=class_.id, sourced_id=class_.sourced_id, name=class_.title)
