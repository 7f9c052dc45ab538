"""From rows to people: who is a student or a user, at which schools, in which classes, whose guardian.

This is where OneRoster's rows become the values of ``model.people``. Rows that lead nowhere are passed over
silently: they were reported when they were read.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reachable.model.credential import Credential, CredentialKind
from reachable.model.people import (
    AccountStatus,
    Link,
    Role,
    RosterKind,
    School,
    SchoolClass,
    Student,
    User,
    id_of,
)
from reachable.oneroster.rows import Person, Rows
from reachable.oneroster.vocabulary import (
    ADMINISTRATOR,
    DISTRICT_TYPES,
    GUARDIAN_ROLES,
    ROLES,
    SCHOOL,
    STUDENT,
    WIDEST_FIRST,
)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What somebody is, and where: OneRoster's words."""

    roles: tuple[tuple[str, str], ...]
    """Pairs of role and org."""

    @property
    def is_student(self) -> bool:
        return any(role == STUDENT for role, _ in self.roles)

    @property
    def is_user(self) -> bool:
        return not self.is_student and any(role in ROLES for role, _ in self.roles)


class Joined:
    """The rows of a district with the ways between them; ``today`` decides which terms have ended."""

    def __init__(self, rows: Rows, today: date, default_language: str) -> None:
        self._rows = rows
        self._today = today.isoformat()
        self._default_language = default_language
        self._roles_of: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in rows.roles.values():
            if not self._ended(row.end):
                self._roles_of[row.person].append((row.role, row.org))
        self._school_of = {org: self._climb(org) for org in rows.orgs}
        self._learns: defaultdict[str, list[str]] = defaultdict(list)
        self._teaches: defaultdict[str, list[str]] = defaultdict(list)
        self._enroll()
        self._guardians: defaultdict[str, list[str]] = defaultdict(list)
        self._students: defaultdict[str, list[str]] = defaultdict(list)
        for student, guardian in sorted(guardianships(rows)):
            self._guardians[student].append(guardian)
            self._students[guardian].append(student)

    def schools(self) -> Iterator[School]:
        """The schools; districts and departments are none."""
        for org in self._rows.orgs.values():
            if org.type == SCHOOL:
                yield School(id=_school(org.sourced_id), sourced_id=org.sourced_id, name=org.name)

    def classes(self) -> Iterator[SchoolClass]:
        """The classes of these schools whose terms have not all ended."""
        for row in self._rows.classes.values():
            school = self._school_of.get(row.school)
            if school is None or not self._runs(row.sourced_id):
                continue
            course = self._rows.courses.get(row.course)
            yield SchoolClass(
                id=id_of(RosterKind.CLASS, row.sourced_id),
                sourced_id=row.sourced_id,
                title=row.title or (course.title if course else ""),
                school=_school(school),
            )

    def students(self) -> Iterator[Student]:
        """The students with their guardians."""
        for person in self._rows.people.values():
            if not self._standing(person).is_student:
                continue
            yield Student(
                id=id_of(RosterKind.STUDENT, person.sourced_id),
                sourced_id=person.sourced_id,
                given_name=person.given_name,
                family_name=person.family_name,
                grade=person.grade or None,
                schools=_ids(RosterKind.SCHOOL, self._schools_of_student(person)),
                classes=_ids(RosterKind.CLASS, self._learns[person.sourced_id]),
                guardians=tuple(self._link(guardian, RosterKind.USER) for guardian in self._of(person)),
            )

    def users(self) -> Iterator[User]:
        """The guardians and staff; ``account_status`` is what a new account begins with, labels follow."""
        for person in self._rows.people.values():
            standing = self._standing(person)
            if not standing.is_user:
                continue
            students = [s for s in self._students[person.sourced_id] if self._is_student(s)]
            credentials, typed = _credentials(person)
            works_at = self._works_at(person, standing)
            yield User(
                id=id_of(RosterKind.USER, person.sourced_id),
                sourced_id=person.sourced_id,
                role=self._role(standing),
                given_name=person.given_name,
                family_name=person.family_name,
                account_status=AccountStatus.ACTIVE if person.enabled else AccountStatus.PENDING,
                language=person.language or self._default_language,
                credentials=credentials,
                typed=typed,
                schools=_ids(RosterKind.SCHOOL, self._schools_of_user(standing, works_at, students)),
                works_at=_ids(RosterKind.SCHOOL, works_at),
                classes=_ids(RosterKind.CLASS, self._teaches[person.sourced_id]),
                students=tuple(self._link(student, RosterKind.STUDENT, person) for student in students),
            )

    def phones(self) -> Iterator[tuple[str, Person, str]]:
        """The users who have a phone: its number, whose, and the language of texts to it."""
        for person in self._rows.people.values():
            if person.phone is not None and self._standing(person).is_user:
                yield person.phone, person, person.language or self._default_language

    def _standing(self, person: Person) -> _Standing:
        if person.role:
            return _Standing(tuple((person.role, org) for org in person.orgs or ("",)))
        return _Standing(tuple(self._roles_of[person.sourced_id]))

    def _is_student(self, sourced_id: str) -> bool:
        person = self._rows.people.get(sourced_id)
        return person is not None and self._standing(person).is_student

    def _of(self, student: Person) -> list[Person]:
        found = (self._rows.people.get(sourced_id) for sourced_id in self._guardians[student.sourced_id])
        return [person for person in found if person is not None and self._standing(person).is_user]

    def _link(self, other: Person | str, kind: RosterKind, guardian: Person | None = None) -> Link:
        person = self._rows.people[other] if isinstance(other, str) else other
        words = [role for role, _ in self._standing(guardian or person).roles if role in GUARDIAN_ROLES]
        name = f"{person.given_name} {person.family_name}".strip()
        relation = words[0] if words else "guardian"
        return Link(id_of(kind, person.sourced_id), name, relation, person.sourced_id)

    def _role(self, standing: _Standing) -> Role:
        mapped = {
            Role.DISTRICT if role == ADMINISTRATOR and self._is_district(org) else ROLES[role]
            for role, org in standing.roles
            if role in ROLES
        }
        return next(role for role in WIDEST_FIRST if role in mapped)

    def _is_district(self, org: str) -> bool:
        return org in self._rows.orgs and self._rows.orgs[org].type in DISTRICT_TYPES

    def _schools_of_student(self, person: Person) -> list[str]:
        orgs = [org for role, org in self._standing(person).roles if role == STUDENT]
        learnt_at = [self._rows.classes[class_].school for class_ in self._learns[person.sourced_id]]
        return self._schools([*orgs, *learnt_at])

    def _works_at(self, person: Person, standing: _Standing) -> list[str]:
        """Where somebody is staff, or teaches. A parent's children are there for other reasons."""
        staff = [org for role, org in standing.roles if role in ROLES and role not in GUARDIAN_ROLES]
        taught_at = [self._rows.classes[class_].school for class_ in self._teaches[person.sourced_id]]
        return self._schools([*staff, *taught_at])

    def _schools_of_user(self, standing: _Standing, works_at: list[str], students: list[str]) -> list[str]:
        """The students' and, of staff, their own; who has neither has the orgs of the line."""
        theirs = [s for student in students for s in self._schools_of_student(self._rows.people[student])]
        return sorted({*works_at, *theirs}) or self._schools([org for _, org in standing.roles])

    def _schools(self, orgs: list[str]) -> list[str]:
        found = (self._school_of.get(org) for org in orgs)
        return sorted({school for school in found if school is not None})

    def _climb(self, org: str) -> str | None:
        """The school that an org is or lies in: a department's is its parent."""
        seen: set[str] = set()
        while org in self._rows.orgs and org not in seen:
            if self._rows.orgs[org].type == SCHOOL:
                return org
            seen.add(org)
            org = self._rows.orgs[org].parent
        return None

    def _enroll(self) -> None:
        running = {
            id_
            for id_, class_ in self._rows.classes.items()
            if self._school_of.get(class_.school) is not None and self._runs(id_)
        }
        for row in self._rows.enrollments.values():
            if row.class_ not in running or self._ended(row.end):
                continue
            match row.role:
                case "student":
                    self._learns[row.person].append(row.class_)
                case "teacher":
                    self._teaches[row.person].append(row.class_)
                case _:
                    pass  # an aide or proctor sees the school, not the class

    def _runs(self, class_: str) -> bool:
        """Whether one of a class's terms has not ended; one without terms always runs."""
        terms = (self._rows.sessions.get(term) for term in self._rows.classes[class_].terms)
        ends = [term.end for term in terms if term is not None]
        return not ends or not all(self._ended(end) for end in ends)

    def _ended(self, end: str) -> bool:
        return bool(end) and end < self._today


def guardianships(rows: Rows) -> set[tuple[str, str]]:
    """Pairs of student and guardian. ``agentSourcedIds`` may stand with the student or with the guardian."""
    students = {row.person for row in rows.roles.values() if row.role == STUDENT}
    pairs: set[tuple[str, str]] = set()
    for person in rows.people.values():
        if not person.agents:
            continue
        if person.role == STUDENT if person.role else person.sourced_id in students:
            pairs.update((person.sourced_id, agent) for agent in person.agents)
        else:
            pairs.update((agent, person.sourced_id) for agent in person.agents)
    return pairs


def _credentials(
    person: Person,
) -> tuple[dict[CredentialKind, Credential], dict[CredentialKind, str]]:
    found = (
        (CredentialKind.EMAIL, person.email, person.email_typed),
        (CredentialKind.PHONE, person.phone, person.phone_typed),
    )
    credentials = {kind: Credential(kind, address) for kind, address, _ in found if address is not None}
    return credentials, {kind: typed for kind, address, typed in found if address is not None}


def _school(sourced_id: str) -> str:
    return id_of(RosterKind.SCHOOL, sourced_id)


def _ids(kind: RosterKind, sourced_ids: list[str]) -> tuple[str, ...]:
    return tuple(sorted({id_of(kind, sourced_id) for sourced_id in sourced_ids}))
