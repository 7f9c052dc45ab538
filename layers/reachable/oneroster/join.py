"""From rows to people: who is a student or a user, at which schools, in which classes, whose guardian.

This is where OneRoster's rows become the values of ``model.people``, and where it shows what leads nowhere:
what has ended, who has no role, which class lies in no school. All of that is kept by reason, so that a
report can count it.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Final

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
from reachable.model.roster_problem import LeftOut, ProblemKind
from reachable.oneroster.rows import Enrollment, Person, Rows
from reachable.oneroster.vocabulary import (
    ADMINISTRATOR,
    DEPARTMENT,
    DISTRICT_TYPES,
    GUARDIAN_ROLES,
    ROLES,
    SCHOOL,
    STUDENT,
    TEACHER,
    WIDEST_FIRST,
)

MOST_STUDENTS: Final = 100
"""Of one guardian. A contact of more is a placeholder ("see office"): a text for all would be nobody's."""
MOST_GUARDIANS: Final = 50
"""Of one student."""
MOST_CLASSES: Final = 1_000
"""Of one student or teacher."""
MOST_SCHOOLS: Final = 500
"""Of one person. So a record with the longest names and ids is under the 400 KB of an item."""

_NEVER: Final = "9999-12-31"
_OF_SCHOOLS: Final = frozenset({Role.TEACHER, Role.SCHOOL_STAFF})

type RoleAt = tuple[str, str]
"""A role and the org in which somebody has it: OneRoster's words."""
type Tie = tuple[str, str]
"""A student and a guardian."""


class Joined:
    """The rows of a district with the ways between them; ``today`` decides what has ended.

    ``student_ids`` and ``roles`` (of each user the widest that runs) are those whom the rows bring about.
    """

    def __init__(self, rows: Rows, today: date, default_language: str) -> None:
        self.rows = rows
        self.left_out: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        """The ids of rows that bring nothing about, by table and reason."""
        self.student_ids: set[str] = set()
        self.roles: dict[str, Role] = {}
        self.with_several_roles: list[str] = []
        """Who is a student and something else, which counts."""
        self.placeholders: dict[str, int] = {}
        """Contacts of more students than anybody has, and of how many: they are tied to nobody."""
        self.cut: dict[tuple[str, str], int] = {}
        """Who has more guardians, classes or schools than can be stored, and how many."""
        self.astray: list[Tie] = []
        """Who names somebody as guardian or student that is none, and whom."""
        self.today = today
        self._today = today.isoformat()
        self._default_language = default_language
        self._why_no_role: dict[str, str] = {}
        self._roles_of = self._listed_roles()
        self.school_of = {org: self._climb(org) for org in rows.orgs}
        self._divide()
        self._running = self._running_classes()
        self._guardians: defaultdict[str, list[str]] = defaultdict(list)
        self._students: defaultdict[str, list[str]] = defaultdict(list)
        self._tie()

    def schools(self) -> Iterator[School]:
        """The schools; districts and departments are none."""
        for org in self.rows.orgs.values():
            if org.type == SCHOOL:
                yield School(id=_school(org.sourced_id), sourced_id=org.sourced_id, name=org.name)

    def classes(self) -> Iterator[SchoolClass]:
        """The classes of these schools whose terms have not all ended."""
        for sourced_id, school in self._running.items():
            row = self.rows.classes[sourced_id]
            course = self.rows.courses.get(row.course)
            yield SchoolClass(
                id=id_of(RosterKind.CLASS, sourced_id),
                sourced_id=sourced_id,
                title=row.title or (course.title if course else ""),
                school=_school(school),
            )

    def students(self) -> Iterator[Student]:
        """The students with their guardians."""
        learns, _ = self._seated
        for sourced_id, person in self.rows.people.items():
            if sourced_id not in self.student_ids:
                continue
            yield Student(
                id=id_of(RosterKind.STUDENT, sourced_id),
                sourced_id=sourced_id,
                given_name=person.given_name,
                family_name=person.family_name,
                grade=person.grade or None,
                schools=_ids(RosterKind.SCHOOL, self.schools_of_student(person)),
                classes=_ids(RosterKind.CLASS, learns.get(sourced_id, ())),
                guardians=tuple(
                    self._link(self.rows.people[guardian], RosterKind.USER)
                    for guardian in self._guardians.get(sourced_id, ())
                ),
            )

    def users(self) -> Iterator[User]:
        """The guardians and staff; ``account_status`` is what a new account begins with, labels follow."""
        _, teaches = self._seated
        for sourced_id, person in self.rows.people.items():
            if sourced_id not in self.roles:
                continue
            students = self._students.get(sourced_id, ())
            credentials, typed = _credentials(person)
            works_at = self._works_at(person)
            yield User(
                id=id_of(RosterKind.USER, sourced_id),
                sourced_id=sourced_id,
                role=self.roles[sourced_id],
                given_name=person.given_name,
                family_name=person.family_name,
                account_status=AccountStatus.ACTIVE if person.enabled else AccountStatus.PENDING,
                language=person.language or self._default_language,
                credentials=credentials,
                typed=typed,
                schools=_ids(RosterKind.SCHOOL, self._schools_of_user(person, works_at, students)),
                works_at=_ids(RosterKind.SCHOOL, works_at),
                classes=_ids(RosterKind.CLASS, teaches.get(sourced_id, ())),
                students=tuple(
                    self._link(self.rows.people[student], RosterKind.STUDENT, person) for student in students
                ),
            )

    def phones(self) -> Iterator[tuple[str, Person, str]]:
        """The users who have a phone: its number, whose, and the language of texts to it."""
        for sourced_id, person in self.rows.people.items():
            if person.phone is not None and sourced_id in self.roles:
                yield person.phone, person, person.language or self._default_language

    def ties(self) -> Iterator[Tie]:
        """Who guards whom: student and guardian."""
        for student, guardians in self._guardians.items():
            for guardian in guardians:
                yield student, guardian

    def is_tied(self, tie: Tie) -> bool:
        """Whether the second guards the first."""
        student, guardian = tie
        return guardian in self._guardians.get(student, ())

    def has_seat(self, row: Enrollment) -> bool:
        """Whether a line of enrollments.csv puts somebody into a class that runs."""
        if row.class_ not in self._running or (row.end and row.end < self._today):
            return False
        return (row.role == STUDENT and row.person in self.student_ids) or (
            row.role == TEACHER and row.person in self.roles
        )

    def last_day(self, row: Enrollment) -> str:
        """When a seat ends: with the enrollment, or with the last term of its class. ISO, in the end 9999."""
        class_ = self.rows.classes.get(row.class_)
        terms = (
            [self.rows.sessions[term].end for term in class_.terms if term in self.rows.sessions]
            if class_
            else []
        )
        last = max(end or _NEVER for end in terms) if terms else _NEVER
        return min(row.end or _NEVER, last)

    def _why_no_seat(self, row: Enrollment) -> LeftOut:
        if row.class_ not in self._running:
            return LeftOut.CLASS_ENDED if row.class_ in self._ended_classes else LeftOut.CLASS_LEFT_OUT
        if row.end and row.end < self._today:
            return LeftOut.ENROLLMENT_ENDED
        if row.role in (STUDENT, TEACHER):
            return LeftOut.PERSON_LEFT_OUT
        return LeftOut.NO_SEAT  # an aide or proctor sees the school, not the class

    def schools_of_student(self, person: Person) -> list[str]:
        """Those of the line, and where the classes are."""
        learns, _ = self._seated
        orgs = [org for role, org in self._roles(person) if role == STUDENT]
        return self._schools(person, [*orgs, *self._classes_at(learns, person)])

    def settle(self) -> None:
        """Make ``left_out`` and ``cut`` whole, which grow while records are built."""
        self._seated  # noqa: B018 - computed once, and kept
        if sum(org.type == SCHOOL for org in self.rows.orgs.values()) > MOST_SCHOOLS:
            for _ in chain(self.students(), self.users()):
                pass

    def departments_astray(self) -> Iterator[str]:
        """The departments that lie in no school."""
        for sourced_id, org in self.rows.orgs.items():
            if org.type == DEPARTMENT and self.school_of[sourced_id] is None:
                yield sourced_id

    def without_school(self) -> Iterator[str]:
        """The students who are at no school, so that no school finds them."""
        if not any(self.school_of.values()):
            return  # which is another problem, and told as such
        for sourced_id, person in self.rows.people.items():
            if sourced_id in self.student_ids and not self.schools_of_student(person):
                yield sourced_id

    def staff_without_school(self) -> Iterator[str]:
        """Staff of schools who are at none, so that they see nobody."""
        if not any(self.school_of.values()):
            return
        for sourced_id, role in self.roles.items():
            if role in _OF_SCHOOLS and not self._works_at(self.rows.people[sourced_id]):
                yield sourced_id

    def has_ended_since(self, then: date) -> bool:
        """Whether a term, a role or an enrollment has ended from ``then`` on."""
        ends = chain(
            (row.end for row in self.rows.sessions.values()),
            (row.end for row in self.rows.roles.values()),
            (row.end for row in self.rows.enrollments.values()),
        )
        first = then.isoformat()
        return any(end and first <= end < self._today for end in ends)

    # Roles

    def _listed_roles(self) -> Mapping[str, Sequence[RoleAt]]:
        """The roles of roles.csv that run, by person."""
        found: defaultdict[str, list[RoleAt]] = defaultdict(list)
        for row in self.rows.roles.values():
            reason: str
            if row.person not in self.rows.people:
                reason = LeftOut.PERSON_LEFT_OUT
            elif row.end and row.end < self._today:
                reason = LeftOut.ROLE_ENDED
            elif row.begin > self._today:
                reason = LeftOut.ROLE_TO_COME
            elif row.role != STUDENT and row.role not in ROLES:
                reason = ProblemKind.UNKNOWN_ROLE
            else:
                found[row.person].append((row.role, row.org))
                continue
            self.left_out["roles"][reason].append(row.sourced_id)
            self._why_no_role[row.person] = reason
        return found

    def _roles(self, person: Person) -> Sequence[RoleAt]:
        """A role in users.csv counts; else those of roles.csv."""
        if person.role:
            return [(person.role, org) for org in person.orgs or ("",)]
        return self._roles_of.get(person.sourced_id, ())

    def _divide(self) -> None:
        """Students, users, and who is neither: a role other than that of a student counts before it."""
        for sourced_id, person in self.rows.people.items():
            if person.role == STUDENT:
                self.student_ids.add(sourced_id)
                continue
            if (
                person.role in ROLES and person.role != ADMINISTRATOR
            ):  # as most; it says the same at every org
                self.roles[sourced_id] = ROLES[person.role]
                continue
            roles = self._roles(person)
            mapped = {self._role(*role) for role in roles if role[0] in ROLES}
            if mapped:
                self.roles[sourced_id] = next(role for role in WIDEST_FIRST if role in mapped)
                if any(role == STUDENT for role, _ in roles):
                    self.with_several_roles.append(sourced_id)
            elif any(role == STUDENT for role, _ in roles):
                self.student_ids.add(sourced_id)
            else:
                known = ProblemKind.UNKNOWN_ROLE if person.role else self._why_no_role.get(sourced_id)
                self.left_out["people"][known or ProblemKind.ROLE_MISSING].append(sourced_id)

    def _role(self, role: str, org: str) -> Role:
        if role == ADMINISTRATOR and org in self.rows.orgs and self.rows.orgs[org].type in DISTRICT_TYPES:
            return Role.DISTRICT
        return ROLES[role]

    # Ties

    def _tie(self) -> None:
        """``agentSourcedIds`` may stand with the student or with the guardian, or with both."""
        guardians_of = self._named_ties()
        students_of = Counter(chain.from_iterable(guardians_of.values()))
        self.placeholders = {guardian: n for guardian, n in students_of.items() if n > MOST_STUDENTS}
        for student in sorted(guardians_of):
            guardians = sorted(guardians_of[student].difference(self.placeholders))
            if len(guardians) > MOST_GUARDIANS:
                self.cut[student, "guardians"] = len(guardians)
            self._guardians[student] = guardians[:MOST_GUARDIANS]
            for guardian in self._guardians[student]:
                self._students[guardian].append(student)

    def _named_ties(self) -> Mapping[str, set[str]]:
        """The guardians of each student, as lines of either name them."""
        guardians_of: defaultdict[str, set[str]] = defaultdict(set)
        for sourced_id, person in self.rows.people.items():
            if not person.agents:
                continue
            is_student = sourced_id in self.student_ids
            if not is_student and sourced_id not in self.roles:
                continue
            users: Container[str] = self.roles
            others, alike = (users, self.student_ids) if is_student else (self.student_ids, users)
            for agent in person.agents:
                if agent not in others:
                    if agent in alike:  # of whoever has no role, that is told or counted
                        self.astray.append((sourced_id, agent))
                elif is_student:
                    guardians_of[sourced_id].add(agent)
                else:
                    guardians_of[agent].add(sourced_id)
        return guardians_of

    def _link(self, person: Person, kind: RosterKind, guardian: Person | None = None) -> Link:
        words = [role for role, _ in self._roles(guardian or person) if role in GUARDIAN_ROLES]
        name = f"{person.given_name} {person.family_name}".strip()
        return Link(
            id_of(kind, person.sourced_id), name, words[0] if words else "guardian", person.sourced_id
        )

    # Schools and classes

    def _works_at(self, person: Person) -> list[str]:
        """Where somebody is staff, or teaches. A parent's children are there for other reasons."""
        _, teaches = self._seated
        staff = [org for role, org in self._roles(person) if role in ROLES and role not in GUARDIAN_ROLES]
        return self._schools(person, [*staff, *self._classes_at(teaches, person)])

    def _schools_of_user(self, person: Person, works_at: list[str], students: Sequence[str]) -> list[str]:
        """The students' and, of staff, their own; who has neither has the orgs of the line."""
        theirs = {s for student in students for s in self.schools_of_student(self.rows.people[student])}
        return self._bounded(person, "schools", sorted({*works_at, *theirs}), MOST_SCHOOLS) or self._schools(
            person, [org for _, org in self._roles(person)]
        )

    def _classes_at(self, seats: Mapping[str, Sequence[str]], person: Person) -> Iterator[str]:
        return (self.rows.classes[class_].school for class_ in seats.get(person.sourced_id, ()))

    def _schools(self, person: Person, orgs: Sequence[str]) -> list[str]:
        found = (self.school_of.get(org) for org in orgs)
        schools = sorted({school for school in found if school is not None})
        return self._bounded(person, "schools", schools, MOST_SCHOOLS)

    def _bounded(self, person: Person, what: str, all_: list[str], most: int) -> list[str]:
        if len(all_) > most:
            self.cut[person.sourced_id, what] = len(all_)
        return all_[:most]

    def _climb(self, org: str) -> str | None:
        """The school that an org is or lies in: a department's is its parent."""
        seen: set[str] = set()
        while org in self.rows.orgs and org not in seen:
            if self.rows.orgs[org].type == SCHOOL:
                return org
            seen.add(org)
            org = self.rows.orgs[org].parent
        return None

    def _running_classes(self) -> dict[str, str]:
        """The classes in a school, with it, of whose terms one has not ended or is not known."""
        ended = {term for term, row in self.rows.sessions.items() if row.end and row.end < self._today}
        if ended:
            self.left_out["sessions"][LeftOut.TERM_ENDED].extend(ended)
        running: dict[str, str] = {}
        for sourced_id, row in self.rows.classes.items():
            school = self.school_of.get(row.school)
            if school is None:
                self.left_out["classes"][ProblemKind.CLASS_WITHOUT_SCHOOL].append(sourced_id)
            elif (
                ended
                and (terms := [t for t in row.terms if t in self.rows.sessions])
                and ended.issuperset(terms)
            ):
                self.left_out["classes"][LeftOut.CLASS_ENDED].append(sourced_id)
            else:
                running[sourced_id] = school
        return running

    @cached_property
    def _ended_classes(self) -> frozenset[str]:
        return frozenset(self.left_out["classes"][LeftOut.CLASS_ENDED])

    @cached_property
    def _seated(self) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
        """The classes that each person learns in, and those that each teaches."""
        learns: defaultdict[str, list[str]] = defaultdict(list)
        teaches: defaultdict[str, list[str]] = defaultdict(list)
        left_out = self.left_out["enrollments"]
        for row in self.rows.enrollments.values():
            if self.has_seat(row):
                (learns if row.role == STUDENT else teaches)[row.person].append(row.class_)
            else:
                left_out[self._why_no_seat(row)].append(row.sourced_id)
        for seats in (learns, teaches):
            for person, classes in seats.items():
                if len(classes) > MOST_CLASSES:
                    listed = self._bounded(
                        self.rows.people[person], "classes", sorted(set(classes)), MOST_CLASSES
                    )
                    seats[person] = listed
        return learns, teaches


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


def _ids(kind: RosterKind, sourced_ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({id_of(kind, sourced_id) for sourced_id in sourced_ids}))
