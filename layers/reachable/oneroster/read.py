"""From an export to rows: every file read once, in the order in which they refer to each other.

A bulk file replaces its table, a delta changes it, an absent one leaves it. Whether the result may be
applied is told by the problems found: with one error, nothing is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import partial
from sys import intern
from typing import IO, Final, NamedTuple

from reachable.model import addresses
from reachable.model.errors import InvalidAddress
from reachable.model.roster_problem import ProblemKind
from reachable.oneroster import archive, vocabulary
from reachable.oneroster.archive import Archive, Mode
from reachable.oneroster.problems import Problems
from reachable.oneroster.rows import (
    ClassRow,
    Course,
    Enrollment,
    Org,
    Person,
    RoleRow,
    Row,
    Rows,
    Session,
)
from reachable.oneroster.vocabulary import FILES_READ, FileColumns

_DELETED: Final = frozenset({"tobedeleted", "inactive"})  # the latter is 1.0's
_NAME_LIMIT: Final = 200


@dataclass(slots=True)
class Export:
    """What an export makes of the rows that were there before.

    ``missing`` are files that a whole district has, that the manifest calls absent and that are stored.
    """

    rows: Rows
    version: str = ""
    read: dict[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def export(file: IO[bytes], base: Rows, region: str, problems: Problems) -> Export:
    """Read a whole export over ``base``, the rows of the last import; ``region`` reads phone numbers.

    ``base`` is not changed. About 200 us a user, most of it email and phone.
    """
    opened = archive.opened(file, problems)
    if opened is None:
        return Export(base)
    rows = Rows(**{table.name: getattr(base, table.name) for table in fields(Rows)})
    result = Export(rows, opened.manifest.version)
    references = _References(rows, problems)
    for columns in FILES_READ:
        errors = problems.errors
        match opened.manifest.mode(columns.file):
            case Mode.ABSENT:
                _note_absent(opened, columns, result, problems)
            case Mode.DELTA if not base:
                problems.add(ProblemKind.DELTA_WITHOUT_BASE, f"{columns.file}.csv")
            case mode:
                before = getattr(rows, columns.table) if mode is Mode.DELTA else {}
                table = _Table(_required(columns, result.version), references, dict(before), region)
                result.read[columns.file] = table.read(opened)
                setattr(rows, columns.table, table.rows)
        if problems.errors > errors:
            references.lost.add(columns.table)
    references.look_up_people()
    return result


def _required(columns: FileColumns, version: str) -> FileColumns:
    """The same columns, but some of them required in this version."""
    extra = vocabulary.REQUIRED_OF_VERSION[version].get(columns.file, ())
    optional = tuple(column for column in columns.optional if column not in extra)
    return replace(columns, required=columns.required + extra, optional=optional)


def _note_absent(opened: Archive, columns: FileColumns, result: Export, problems: Problems) -> None:
    name = f"{columns.file}.csv"
    if name.lower() in opened.members:
        problems.add(ProblemKind.FILE_NOT_ANNOUNCED, name)
    expected = vocabulary.EXPECTED_FILES[result.version]
    bulk = any(opened.manifest.mode(file) is Mode.BULK for file in expected)
    if columns.file not in expected or not bulk:
        return
    if getattr(result.rows, columns.table):
        result.missing += (name,)
    elif columns.file in ("orgs", "users", "roles"):
        problems.add(ProblemKind.FILE_MISSING, name)


class _Place(NamedTuple):
    """Where a line names something else by its id."""

    file: str
    line: int
    column: str
    sourced_id: str


class _References:
    """What the lines of one file say of those of another: whether it is there.

    ``lost`` are the tables of which lines could not be read. Whether something is missing from those cannot
    be told, and a report of every line that refers to them would hide the one problem that it comes from.
    """

    def __init__(self, rows: Rows, problems: Problems) -> None:
        self.rows = rows
        self.problems = problems
        self.lost: set[str] = set()
        self._people: list[tuple[str, _Place]] = []

    def look_up(self, table: str, sourced_id: str, place: _Place) -> None:
        """Note where nothing of a table has this id."""
        if sourced_id not in getattr(self.rows, table) and table not in self.lost:
            self.problems.add(ProblemKind.UNKNOWN_REFERENCE, *place)

    def to_person(self, sourced_id: str, place: _Place) -> None:
        """Look somebody up as soon as users.csv was read to its end."""
        self._people.append((sourced_id, place))

    def look_up_people(self) -> None:
        """Now it was."""
        for sourced_id, place in self._people:
            self.look_up("people", sourced_id, place)


class _Table:
    """One file on its way into its table: what its lines may refer to, and where problems go."""

    def __init__(
        self, columns: FileColumns, references: _References, table: dict[str, Row], region: str
    ) -> None:
        self.file = f"{columns.file}.csv"
        self.columns = columns
        self.names = columns.required + columns.optional
        self.references = references
        self.known = references.rows
        self.problems = references.problems
        self.rows = table
        self.region = region
        self.with_role = {role.person for role in self.known.roles.values()}
        # Whoever is something else as well may have an address: a pupil of former years teaches now.
        self.students = self.with_role - {
            role.person for role in self.known.roles.values() if role.role != vocabulary.STUDENT
        }

    def read(self, opened: Archive) -> int:
        """Read every line; how many there were."""
        make: Callable[[int, dict[str, str]], Row] = getattr(self, f"_{self.columns.table}")
        seen: set[str] = set()
        count = 0
        for line, values in archive.read(opened, self.columns, self.problems):
            count += 1
            cells = dict(zip(self.names, values, strict=True))
            sourced_id = intern(cells["sourcedId"])
            cells["sourcedId"] = sourced_id
            if not sourced_id:
                self.problems.add(ProblemKind.ID_MISSING, self.file, line, "sourcedId")
                continue
            status = cells["status"].lower()
            if status in _DELETED:
                if sourced_id not in seen:
                    self.rows.pop(sourced_id, None)
                continue
            if status not in ("", "active"):
                self.problems.add(ProblemKind.UNKNOWN_STATUS, self.file, line, "status", sourced_id)
                continue
            row = make(line, cells)
            if sourced_id in seen:
                same = self.rows.get(sourced_id) == row
                kind = ProblemKind.ROW_TWICE if same else ProblemKind.ID_TWICE
                self.problems.add(kind, self.file, line, "sourcedId", sourced_id)
                continue
            seen.add(sourced_id)
            self.rows[sourced_id] = row
        return count

    # One maker for each table; the names are those of Rows.

    def _orgs(self, line: int, cells: dict[str, str]) -> Org:
        self._named(cells["name"], line, "name", cells["sourcedId"])
        return Org(
            cells["sourcedId"], _clean(cells["name"]), cells["type"].lower(), intern(cells["parentSourcedId"])
        )

    def _sessions(self, line: int, cells: dict[str, str]) -> Session:
        return Session(cells["sourcedId"], self._date(cells["endDate"], line, "endDate", cells["sourcedId"]))

    def _courses(self, _line: int, cells: dict[str, str]) -> Course:
        return Course(cells["sourcedId"], _clean(cells["title"]))

    def _classes(self, line: int, cells: dict[str, str]) -> ClassRow:
        sourced_id = cells["sourcedId"]
        course = self.known.courses.get(cells["courseSourcedId"])
        if "courses" not in self.references.lost:
            self._named(cells["title"] or (course.title if course else ""), line, "title", sourced_id)
        school = self._refers(cells["schoolSourcedId"], "orgs", line, "schoolSourcedId", sourced_id)
        return ClassRow(
            sourced_id,
            _clean(cells["title"]),
            intern(cells["courseSourcedId"]),
            school,
            tuple(intern(term) for term in _listed(cells["termSourcedIds"])),
        )

    def _enrollments(self, line: int, cells: dict[str, str]) -> Enrollment:
        refers = partial(self._refers, line=line, sourced_id=cells["sourcedId"])
        return Enrollment(
            cells["sourcedId"],
            refers(cells["classSourcedId"], "classes", column="classSourcedId"),
            refers(cells["userSourcedId"], "people", column="userSourcedId"),
            self._role(cells["role"], line, cells["sourcedId"]),
            self._date(cells["endDate"], line, "endDate", cells["sourcedId"]),
        )

    def _roles(self, line: int, cells: dict[str, str]) -> RoleRow:
        return RoleRow(
            cells["sourcedId"],
            self._mentions(cells["userSourcedId"], line, "userSourcedId", cells["sourcedId"]),
            self._role(cells["role"], line, cells["sourcedId"]),
            self._refers(cells["orgSourcedId"], "orgs", line, "orgSourcedId", cells["sourcedId"]),
            self._date(cells["endDate"], line, "endDate", cells["sourcedId"]),
        )

    def _people(self, line: int, cells: dict[str, str]) -> Person:
        sourced_id = cells["sourcedId"]
        self._named(cells["givenName"] + cells["familyName"], line, "familyName", sourced_id)
        role = self._role_of_person(cells["role"], line, sourced_id)
        student = role == vocabulary.STUDENT if role else sourced_id in self.students
        email_typed, email = ("", None) if student else self._email(line, cells)
        phone_typed, phone = ("", None) if student else self._phone(line, cells)
        orgs = {
            org: column
            for column in ("primaryOrgSourcedId", "orgSourcedIds")
            for org in _listed(cells[column])
        }
        return Person(
            sourced_id=sourced_id,
            role=role,
            orgs=tuple(self._refers(org, "orgs", line, column, sourced_id) for org, column in orgs.items()),
            given_name=_clean(cells["givenName"]),
            family_name=_clean(cells["familyName"]),
            enabled=cells["enabledUser"].lower() != "false",
            email=email,
            email_typed=email_typed,
            phone=phone,
            phone_typed=phone_typed,
            agents=tuple(
                self._mentions(agent, line, "agentSourcedIds", sourced_id)
                for agent in dict.fromkeys(_listed(cells["agentSourcedIds"]))
            ),
            grade=intern(_clean(cells["grades"])),
            language=self._language(line, cells),
        )

    # What the fields are checked for.

    @property
    def _has_role(self) -> bool:
        return "role" in self.columns.required

    def _named(self, name: str, line: int, column: str, sourced_id: str) -> None:
        if not name:
            self.problems.add(ProblemKind.NAME_MISSING, self.file, line, column, sourced_id)

    def _refers(self, to: str, table: str, line: int, column: str, sourced_id: str) -> str:
        self.references.look_up(table, to, _Place(self.file, line, column, sourced_id))
        return intern(to)

    def _mentions(self, person: str, line: int, column: str, sourced_id: str) -> str:
        self.references.to_person(person, _Place(self.file, line, column, sourced_id))
        return intern(person)

    def _role_of_person(self, role: str, line: int, sourced_id: str) -> str:
        """The role in users.csv; in 1.2, which has none there, that of whom roles.csv does not know."""
        listed = not self._has_role and sourced_id in self.with_role
        if role and not listed:
            return self._role(role, line, sourced_id)
        if not listed and "roles" not in self.references.lost:
            column = "role" if self._has_role else None
            self.problems.add(ProblemKind.ROLE_MISSING, self.file, line, column, sourced_id)
        return ""

    def _role(self, role: str, line: int, sourced_id: str) -> str:
        word = role.lower()
        if word != vocabulary.STUDENT and word not in vocabulary.ROLES:
            self.problems.add(ProblemKind.UNKNOWN_ROLE, self.file, line, "role", sourced_id)
        return intern(word)

    def _date(self, typed: str, line: int, column: str, sourced_id: str) -> str:
        if not typed:
            return ""
        try:
            return intern(date.fromisoformat(typed[:10]).isoformat())
        except ValueError:
            self.problems.add(ProblemKind.NOT_A_DATE, self.file, line, column, sourced_id)
            return ""

    def _language(self, line: int, cells: dict[str, str]) -> str:
        typed = cells["metadata.language"]
        if vocabulary.is_blank(typed):
            return ""
        language = vocabulary.language_of(typed)
        if language is None:
            self.problems.add(
                ProblemKind.UNKNOWN_LANGUAGE, self.file, line, "metadata.language", cells["sourcedId"]
            )
        return intern(language or "")

    def _email(self, line: int, cells: dict[str, str]) -> tuple[str, str | None]:
        typed = cells["email"]
        if vocabulary.is_blank(typed):
            return "", None
        try:
            found = addresses.email(typed).address
        except InvalidAddress:
            problem = ProblemKind.NOT_AN_EMAIL
        else:
            if not vocabulary.is_placeholder_email(found):
                return typed, found
            problem = ProblemKind.EMAIL_PLACEHOLDER
        self.problems.add(problem, self.file, line, "email", cells["sourcedId"])
        return typed, None

    def _phone(self, line: int, cells: dict[str, str]) -> tuple[str, str | None]:
        """``sms`` before ``phone``: many exports leave ``sms`` blank and put the mobile into ``phone``."""
        unusable = ""
        for column in ("sms", "phone"):
            typed = cells[column]
            if vocabulary.is_blank(typed):
                continue
            found = self._number(typed, line, column, cells["sourcedId"])
            if found is not None:
                return _clean(typed), found
            unusable = unusable or typed
        return unusable, None

    def _number(self, typed: str, line: int, column: str, sourced_id: str) -> str | None:
        if vocabulary.is_placeholder_phone(typed):
            self.problems.add(ProblemKind.PHONE_PLACEHOLDER, self.file, line, column, sourced_id)
            return None
        if vocabulary.has_extension(typed):
            self.problems.add(ProblemKind.PHONE_EXTENSION, self.file, line, column, sourced_id)
            return None
        try:
            return addresses.phone(typed, self.region).address
        except InvalidAddress:
            self.problems.add(ProblemKind.NOT_A_PHONE, self.file, line, column, sourced_id)
            return None


def _clean(name: str) -> str:
    """A name on one line, without control characters, of a length that people have."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:_NAME_LIMIT]


def _listed(typed: str) -> list[str]:
    """A list as OneRoster writes it, commas between; each item may be quoted once more."""
    return [item for part in typed.split(",") if (item := part.strip().strip("\"'").strip())]
