"""Finding people, schools and classes."""

from collections.abc import Iterable
from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints

from reachable.model.delivery_event import Channel
from reachable.model.page import PAGE, PAGE_LIMIT, Page
from reachable.model.people import AccountStatus, Role, RosterKind, School, SchoolClass
from reachable.model.profile import SummaryShown
from reachable.model.search import ClassFound, ClassSearch, Search
from reachable.model.status import CredentialStatus
from reachable.web.models.fields import Id, Model, NamedOut


class _Search(Model):
    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    school: Id | None = None
    class_: Id | None = Field(default=None, alias="class")
    limit: int = Field(default=PAGE, ge=1, le=PAGE_LIMIT)
    cursor: Annotated[str, StringConstraints(max_length=500)] | None = None


class UserSearchIn(_Search):
    """Users by `q`: the beginnings of names, or one full email address or phone number typed any way.

    `q` may be empty beside a filter.
    """

    role: Role | None = None
    status: CredentialStatus | None = None
    account_status: AccountStatus | None = None

    def wish(self) -> Search:
        """What the flow looks for."""
        return Search(
            kind=RosterKind.USER,
            q=self.q,
            school=self.school,
            class_=self.class_,
            role=self.role,
            status=self.status,
            account_status=self.account_status,
            limit=self.limit,
            cursor=self.cursor,
        )


class StudentSearchIn(_Search):
    """Students by the beginnings of their names; `q` may be empty beside a filter."""

    def wish(self) -> Search:
        """What the flow looks for."""
        return Search(
            kind=RosterKind.STUDENT,
            q=self.q,
            school=self.school,
            class_=self.class_,
            limit=self.limit,
            cursor=self.cursor,
        )


class ClassSearchIn(Model):
    """Classes by the beginnings of words of their titles, in any order; `q` may be empty beside a school."""

    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    school: Id | None = None
    limit: int = Field(default=PAGE, ge=1, le=PAGE_LIMIT)
    cursor: Annotated[str, StringConstraints(max_length=500)] | None = None

    def to_model(self) -> ClassSearch:
        """What the flow looks for."""
        return ClassSearch(q=self.q, school=self.school, limit=self.limit, cursor=self.cursor)


class ClassOut(NamedOut):
    """A class by its title, and its school; null where the viewer may not know of that."""

    school: NamedOut | None

    @classmethod
    def of_found(cls, found: ClassFound) -> Self:
        """A class."""
        return cls(
            id=found.class_.id,
            sourced_id=found.class_.sourced_id,
            name=found.class_.title,
            school=NamedOut.of(found.school) if found.school else None,
        )


class ClassesOut(Model):
    """A page of classes."""

    items: list[ClassOut]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[ClassFound]) -> Self:
        """A page."""
        items = [ClassOut.of_found(found) for found in page.items]
        return cls(items=items, next_cursor=page.next_cursor)


SCHOOLS_NAMED: Final = 3
"""Of a person in a list: enough to tell two of one name apart."""


class SummaryOut(Model):
    """A person in a list: no addresses, only by what they can be reached.

    `status` is `bad` where any of their credentials is, whatever else reaches them; null of a student, who
    has none. `schools` are three at most of those that the viewer may know of, `other_schools` counts the
    rest of these.
    """

    id: str
    sourced_id: str
    name: str
    role: str | None
    grade: str | None
    account_status: str | None
    reachable: list[Channel]
    status: CredentialStatus | None
    schools: list[NamedOut]
    other_schools: int

    @classmethod
    def of(cls, shown: SummaryShown) -> Self:
        """A person."""
        status = CredentialStatus.BAD if shown.bad else CredentialStatus.GOOD
        return cls(
            id=shown.summary.id,
            sourced_id=shown.summary.sourced_id,
            name=shown.summary.name,
            role=shown.summary.role,
            grade=shown.summary.grade,
            account_status=shown.summary.account_status,
            reachable=list(shown.reachable),
            status=status if shown.summary.kind is RosterKind.USER else None,
            schools=[NamedOut.of(school) for school in shown.schools[:SCHOOLS_NAMED]],
            other_schools=max(len(shown.schools) - SCHOOLS_NAMED, 0),
        )


class SummariesOut(Model):
    """A page of people."""

    items: list[SummaryOut]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[SummaryShown]) -> Self:
        items = [SummaryOut.of(person) for person in page.items]
        return cls(items=items, next_cursor=page.next_cursor)


class ListOut(Model):
    """A list of schools or classes, whole."""

    items: list[NamedOut]
    next_cursor: str | None = None

    @classmethod
    def of_schools(cls, schools: Iterable[School]) -> Self:
        """Schools by name."""
        return cls(items=[NamedOut.of(school) for school in schools])

    @classmethod
    def of_classes(cls, classes: Iterable[SchoolClass]) -> Self:
        """Classes by title."""
        return cls(items=[NamedOut.of_class(class_) for class_ in classes])
