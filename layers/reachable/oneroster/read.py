"""From an export to rows: every file read once, in the order in which they refer to each other.

A bulk file replaces its table, a delta changes it, an absent one leaves it. A line that cannot be read leaves
whoever stands on it as stored; where it does not even tell whom, nobody of that table is removed. Whether the
result may be applied is told by the problems found.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date
from sys import intern
from typing import IO, Any, Final, NamedTuple

from reachable.model.roster_problem import LeftOut, ProblemKind
from reachable.oneroster import archive, contacts, vocabulary
from reachable.oneroster.archive import Archive, Mode
from reachable.oneroster.problems import ID_LIMIT, Problems
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
from reachable.oneroster.sheet import Unread
from reachable.oneroster.vocabulary import FILES_READ, FileColumns

_DELETED: Final = frozenset({"tobedeleted", "inactive", "deleted"})  # the second is 1.0's, the third nobody's
_GONE_OR_HERE: Final = {"": False, "active": False} | dict.fromkeys(_DELETED, True)
_NAME_LIMIT: Final = 100
"""Characters of a name: of thirty letters and more there are few, of a hundred none."""


@dataclass(slots=True)
class FileRead:
    """What became of the lines of one file: how many there were, where ids stand, why some were left out."""

    count: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    unread: Unread = field(default_factory=Unread)


@dataclass(slots=True)
class Export:
    """What an export makes of the rows that were there before.

    ``files`` are those that were read, by table. ``missing`` are files that a whole district has, that the
    manifest calls absent and that are stored.
    """

    rows: Rows
    version: str = ""
    files: dict[str, FileRead] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def line(self, table: str, sourced_id: str) -> int | None:
        """Where something stands in its file; None of what was stored before."""
        return self.files[table].lines.get(sourced_id) if table in self.files else None


def export(file: IO[bytes], base: Rows, region: str, problems: Problems) -> Export:
    """Read a whole export over ``base``, the rows of the last import; ``region`` reads phone numbers.

    ``base`` is not changed. About 15 us a user with what belongs to it.
    """
    opened = archive.opened(file, problems)
    if opened is None:
        return Export(base)
    rows = Rows(**{table.name: getattr(base, table.name) for table in fields(Rows)})
    result = Export(rows, opened.manifest.version)
    references = _References(rows, problems)
    for columns in FILES_READ:
        refusals = problems.refusals
        match opened.manifest.mode(columns.file):
            case Mode.ABSENT:
                _note_absent(opened, columns, result, problems, first=not base)
            case Mode.DELTA if not base:
                problems.add(ProblemKind.DELTA_WITHOUT_BASE, f"{columns.file}.csv")
            case mode:
                table = _Table(columns, result.version, references, getattr(base, columns.table), region)
                result.files[columns.table] = table.read(opened, mode)
                references.read.add(columns.table)
                setattr(rows, columns.table, table.rows)
        if problems.refusals > refusals:
            references.lost.add(columns.table)
    references.look_up()
    return result


def _note_absent(
    opened: Archive, columns: FileColumns, result: Export, problems: Problems, *, first: bool
) -> None:
    name = f"{columns.file}.csv"
    if name.lower() in opened.members:
        problems.add(ProblemKind.FILE_NOT_ANNOUNCED, name)
    if first:
        if columns.file in vocabulary.REQUIRED_AT_FIRST[result.version]:
            problems.add(ProblemKind.FILE_MISSING, name)
        return
    bulk = any(opened.manifest.mode(other.file) is Mode.BULK for other in FILES_READ)
    if bulk and columns.file in vocabulary.EXPECTED_FILES[result.version]:
        if getattr(result.rows, columns.table):
            result.missing += (name,)
        elif columns.file in vocabulary.REQUIRED_AT_FIRST[result.version]:
            problems.add(ProblemKind.FILE_MISSING, name)


class _Mention(NamedTuple):
    """Where a line names something by its id."""

    table: str
    to: str
    file: str
    line: int
    column: str
    sourced_id: str


class _References:
    """What the lines of one file say of those of another: whether it is there.

    ``lost`` are the tables of which lines could not be read. Whether something is missing from those cannot
    be told, and a report of every line that refers to them would hide the one problem that it comes from.
    ``unread`` are ids whose own line was not read: that was told already.
    """

    def __init__(self, rows: Rows, problems: Problems) -> None:
        self.rows = rows
        self.problems = problems
        self.lost: set[str] = set()
        self.read: set[str] = set()
        """The tables whose files are in the export."""
        self.unread: dict[str, set[str]] = {}
        self._later: list[_Mention] = []

    def missing(self, table: str, to: str, file: str, line: int, column: str, sourced_id: str) -> None:
        """Note that nothing of a table has this id."""
        if table not in self.lost and to not in self.unread.get(table, ()):
            self.problems.add(ProblemKind.UNKNOWN_REFERENCE, file, line, column, sourced_id)

    def later(self, table: str, to: str, file: str, line: int, column: str, sourced_id: str) -> None:
        """Look somebody up as soon as all files were read to their ends."""
        self._later.append(_Mention(table, to, file, line, column, sourced_id))

    def look_up(self) -> None:
        """Now they were."""
        for mention in self._later:
            if mention.to not in getattr(self.rows, mention.table):
                self.missing(*mention)


class _Table:
    """One file on its way into its table: what its lines may refer to, and where problems go."""

    def __init__(
        self, columns: FileColumns, version: str, references: _References, base: dict[str, Row], region: str
    ) -> None:
        self.file = f"{columns.file}.csv"
        self.columns = columns
        self.needed = columns.required + vocabulary.REQUIRED_OF_VERSION[version].get(columns.file, ())
        self.has_role = "role" in self.needed
        self.references = references
        self.known = references.rows
        self.problems = references.problems
        self.base = base
        self.rows: dict[str, Row] = {}
        self.region = region
        self.roles: dict[str, str] = {}
        self.dates: dict[str, str] = {"": ""}
        self.lost = 0
        self.with_role = {role.person for role in self.known.roles.values()}
        # Whoever is something else as well may have an address: a pupil of former years teaches now.
        self.students = self.with_role - {
            role.person for role in self.known.roles.values() if role.role != vocabulary.STUDENT
        }

    def read(self, opened: Archive, mode: Mode) -> FileRead:
        """Read every line into ``rows``."""
        make: Callable[..., Row] = getattr(self, f"_{self.columns.table}")
        status_place = self.columns.names.index("status")
        read = FileRead(unread=Unread(known=self.base))
        deleted: set[str] = set()
        is_tie = self.columns.table in _OF_TWO  # which nothing refers to
        base, rows, lines, unread, count = self.base, self.rows, read.lines, read.unread, 0
        if mode is Mode.DELTA:
            rows.update(self.base)
        for line, values in archive.read(opened, self.columns, self.needed, self.problems, unread):
            count += 1
            sourced_id = values[0] if is_tie else intern(values[0])
            if not sourced_id or len(sourced_id) > ID_LIMIT:
                kind = ProblemKind.ID_TOO_LONG if sourced_id else ProblemKind.ID_MISSING
                self._lose(unread, kind, line, "sourcedId", sourced_id)
                continue
            status = values[status_place]
            gone = _GONE_OR_HERE.get(status.lower()) if status else False
            if gone:
                read.left_out[LeftOut.TO_BE_DELETED] += 1
                deleted.add(sourced_id)
                if sourced_id not in lines:
                    rows.pop(sourced_id, None)
                continue
            if gone is None:
                self._lose(unread, ProblemKind.UNKNOWN_STATUS, line, "status", sourced_id)
                continue
            row = make(line, *values)
            if mode is Mode.DELTA and unread.absent and sourced_id in base:
                row = _with_what_is_absent(row, base[sourced_id], unread.absent)
            if sourced_id in lines:
                if rows[sourced_id] == row:
                    read.left_out[ProblemKind.ROW_TWICE] += 1
                    self.problems.add(ProblemKind.ROW_TWICE, self.file, line, "sourcedId", sourced_id)
                else:
                    differing = _differing(rows[sourced_id], row)
                    self._lose(unread, ProblemKind.ID_TWICE, line, "sourcedId", sourced_id, differing)
                continue
            lines[sourced_id] = line
            known = base.get(sourced_id)
            rows[sourced_id] = known if known == row else row  # what is not new takes no room
        read.count = count + unread.lines - self.lost
        read.left_out.update(unread.kinds)
        self._keep_unread(unread, deleted, mode)
        return read

    def _lose(
        self, unread: Unread, kind: ProblemKind, line: int, column: str, sourced_id: str, figures: str = ""
    ) -> None:
        self.lost += 1
        unread.add(kind, None if kind is ProblemKind.ID_TOO_LONG else sourced_id)
        self.problems.add(kind, self.file, line, column, sourced_id or None, figures or None)

    def _keep_unread(self, unread: Unread, deleted: set[str], mode: Mode) -> None:
        """Whoever stands on an unread line stays as stored; of an id on two lines either may be right.

        Where it may be anybody's line of a bulk, all stay who are not said to be gone; a line that is there
        under a new id (some exports give new ones every night) is no other.
        """
        if unread.nameless:
            self.references.lost.add(self.columns.table)
        if unread.nameless and self.base and mode is Mode.BULK:
            figures = f"{unread.nameless} of {unread.lines}"
            self.problems.add(ProblemKind.NOBODY_REMOVED, self.file, figures=figures)
            here = {row[1:] for row in self.rows.values()} if self.columns.table in _OF_TWO else set()
            kept = (
                (sourced_id, row)
                for sourced_id, row in self.base.items()
                if sourced_id not in deleted and row[1:] not in here
            )
            self.rows = dict(kept) | self.rows
        for sourced_id in unread.ids:
            if sourced_id in self.base:
                self.rows[sourced_id] = self.base[sourced_id]
        self.references.unread[self.columns.table] = unread.ids

    # One maker for each table; the arguments are its columns in order.

    def _orgs(self, line: int, sourced_id: str, name: str, type_: str, _status: str, parent: str) -> Org:
        self._named(name, line, "name", sourced_id)
        type_ = type_.lower()
        if type_ not in vocabulary.ORG_TYPES:
            self.problems.add(ProblemKind.UNKNOWN_ORG_TYPE, self.file, line, "type", sourced_id)
        if parent:
            self.references.later("orgs", parent, self.file, line, "parentSourcedId", sourced_id)
        return Org(sourced_id, _clean(name), type_[:_NAME_LIMIT], parent)

    def _sessions(self, line: int, sourced_id: str, end: str, _status: str) -> Session:
        return Session(sourced_id, self._date(end, line, "endDate", sourced_id))

    def _courses(self, _line: int, sourced_id: str, title: str, _status: str) -> Course:
        return Course(sourced_id, _clean(title))

    def _classes(
        self, line: int, sourced_id: str, title: str, school: str, _status: str, course: str, terms: str
    ) -> ClassRow:
        if not title and "courses" not in self.references.lost:
            known = self.known.courses.get(course)
            self._named(known.title if known else "", line, "title", sourced_id)
        if school not in self.known.orgs:
            self.references.missing("orgs", school, self.file, line, "schoolSourcedId", sourced_id)
        listed = _listed(terms)
        for term in listed if self.known.sessions or "sessions" in self.references.read else ():
            if term not in self.known.sessions:
                self.references.missing("sessions", term, self.file, line, "termSourcedIds", sourced_id)
        return ClassRow(sourced_id, _clean(title), intern(course), intern(school), listed)

    def _enrollments(
        self, line: int, sourced_id: str, class_: str, person: str, role: str, _status: str, end: str
    ) -> Enrollment:
        known = self.known
        its, theirs = known.classes.get(class_), known.people.get(person)
        if its is None:
            self.references.missing("classes", class_, self.file, line, "classSourcedId", sourced_id)
        if theirs is None:
            self.references.missing("people", person, self.file, line, "userSourcedId", sourced_id)
        return Enrollment(
            sourced_id,
            its.sourced_id if its else class_,  # the same text once, as of ``intern``, and in less time
            theirs.sourced_id if theirs else person,
            self.roles.get(role) or self._role(role, line, sourced_id),
            self._date(end, line, "endDate", sourced_id) if end else "",
        )

    def _roles(
        self,
        line: int,
        sourced_id: str,
        person: str,
        role: str,
        org: str,
        _status: str,
        end: str,
        begin: str,
    ) -> RoleRow:
        self.references.later("people", person, self.file, line, "userSourcedId", sourced_id)
        if org not in self.known.orgs:
            self.references.missing("orgs", org, self.file, line, "orgSourcedId", sourced_id)
        return RoleRow(
            sourced_id,
            intern(person),
            self.roles.get(role) or self._role(role, line, sourced_id),
            intern(org),
            self._date(end, line, "endDate", sourced_id),
            self._date(begin, line, "beginDate", sourced_id),
        )

    def _people(  # noqa: PLR0917 - the columns of users.csv
        self,
        line: int,
        sourced_id: str,
        given_name: str,
        family_name: str,
        _status: str,
        enabled: str,
        orgs: str,
        role: str,
        email: str,
        sms: str,
        phone: str,
        agents: str,
        grade: str,
        primary_org: str,
        language: str,
    ) -> Person:
        given_name = self._name(given_name, line, "givenName", sourced_id)
        family_name = self._name(family_name, line, "familyName", sourced_id)
        self._named(given_name or family_name, line, "familyName", sourced_id)
        role = self._role_of_person(role, line, sourced_id)
        student = role == vocabulary.STUDENT if role else sourced_id in self.students
        email_typed, email_address = (
            ("", None) if student or not email else self._email(email, line, sourced_id)
        )
        phone_typed, number = (
            ("", None) if student or not (sms or phone) else self._phone(sms, phone, line, sourced_id)
        )
        is_enabled = vocabulary.ENABLED.get(enabled.lower())
        if is_enabled is None:
            self.problems.add(ProblemKind.UNKNOWN_ENABLED, self.file, line, "enabledUser", sourced_id)
            is_enabled = True
        of = self._listed_orgs(primary_org, orgs, line, sourced_id)
        listed = _listed(agents) if agents else ()
        for agent in listed:
            self.references.later("people", agent, self.file, line, "agentSourcedIds", sourced_id)
        return Person(
            sourced_id,
            role,
            of,
            given_name,
            family_name,
            is_enabled,
            email_address,
            email_typed,
            number,
            phone_typed,
            listed,
            intern(_clean(grade)) if grade else "",
            self._language(language, line, sourced_id) if language else "",
        )

    # What the fields are checked for.

    def _named(self, name: str, line: int, column: str, sourced_id: str) -> None:
        if not name:
            self.problems.add(ProblemKind.NAME_MISSING, self.file, line, column, sourced_id)

    def _name(self, typed: str, line: int, column: str, sourced_id: str) -> str:
        if typed.isascii():
            return _clean(typed)
        if is_spoilt(typed):
            self.problems.add(ProblemKind.NAME_SPOILT, self.file, line, column, sourced_id)
        return _clean(typed)

    def _listed_orgs(self, primary: str, others: str, line: int, sourced_id: str) -> tuple[str, ...]:
        if not primary and "," not in others and others in self.known.orgs:  # as most
            return (self.known.orgs[others].sourced_id,)
        orgs = {
            org: column
            for column, typed in (("primaryOrgSourcedId", primary), ("orgSourcedIds", others))
            for org in _listed(typed)
        }
        for org, column in orgs.items():
            if org not in self.known.orgs:
                self.references.missing("orgs", org, self.file, line, column, sourced_id)
        return tuple(map(intern, orgs))

    def _role_of_person(self, role: str, line: int, sourced_id: str) -> str:
        """The role in users.csv; in 1.2, which has none there, that of whom roles.csv does not know."""
        listed = not self.has_role and sourced_id in self.with_role
        if role and not listed:
            return self.roles.get(role) or self._role(role, line, sourced_id)
        if not listed and "roles" not in self.references.lost:
            column = "role" if self.has_role else None
            self.problems.add(ProblemKind.ROLE_MISSING, self.file, line, column, sourced_id)
        return ""

    def _role(self, role: str, line: int, sourced_id: str) -> str:
        """OneRoster's word for a role; a known one is kept, so that it is looked up once."""
        word = intern(role.lower()[:_NAME_LIMIT])
        if word == vocabulary.STUDENT or word in vocabulary.ROLES:
            self.roles[role] = word
        else:
            self.problems.add(ProblemKind.UNKNOWN_ROLE, self.file, line, "role", sourced_id)
        return word

    def _date(self, typed: str, line: int, column: str, sourced_id: str) -> str:
        known = self.dates.get(typed)
        if known is not None:
            return known
        try:
            self.dates[typed] = date.fromisoformat(typed[:10]).isoformat()
        except ValueError:
            self.problems.add(ProblemKind.NOT_A_DATE, self.file, line, column, sourced_id)
            return ""
        return self.dates[typed]

    def _language(self, typed: str, line: int, sourced_id: str) -> str:
        if contacts.is_blank(typed):
            return ""
        language = vocabulary.language_of(typed)
        if language is None:
            self.problems.add(ProblemKind.UNKNOWN_LANGUAGE, self.file, line, "metadata.language", sourced_id)
        return intern(language or "")

    def _email(self, typed: str, line: int, sourced_id: str) -> tuple[str, str | None]:
        if contacts.is_blank(typed):
            return "", None
        address, problem = contacts.email(typed)
        if problem is not None:
            self.problems.add(problem, self.file, line, "email", sourced_id)
        return typed if address else "", address

    def _phone(self, sms: str, phone: str, line: int, sourced_id: str) -> tuple[str, str | None]:
        """``sms`` before ``phone``: many exports leave ``sms`` blank and put the mobile into ``phone``."""
        for column, typed in (("sms", sms), ("phone", phone)):
            if contacts.is_blank(typed):
                continue
            number, problem = contacts.phone(typed, self.region)
            if problem is not None:
                self.problems.add(problem, self.file, line, column, sourced_id)
            if number is not None:
                return _clean(typed), number
        return "", None


def is_spoilt(name: str) -> bool:
    """Whether letters were lost on the way: UTF-8 read as Windows-1252 (JosÃ©), or a sign for "none"."""
    if "\ufffd" in name:
        return True
    try:
        return name.encode("cp1252").decode("utf-8") != name
    except UnicodeError:
        return False


def _differing(first: Row, second: Row) -> str:
    """The columns in which two lines differ, in OneRoster's words."""
    names: Any = first._fields
    differing = (name for name, a, b in zip(names, first, second, strict=True) if a != b)
    return " ".join(dict.fromkeys(_COLUMNS_OF.get(name, (name,))[0] for name in differing))


def _with_what_is_absent(row: Row, stored: Row, absent: frozenset[str]) -> Row:
    """A line of a delta without some columns leaves alone what they would tell; a blank one empties it."""
    kept: Any = {
        name: getattr(stored, name)
        for name in row._fields
        if name in _COLUMNS_OF and absent.issuperset(_COLUMNS_OF[name])
    }
    replaced: Row = row._replace(**kept)
    return replaced


_COLUMNS_OF: Final = {
    "given_name": ("givenName",),
    "family_name": ("familyName",),
    "enabled": ("enabledUser",),
    "orgs": ("orgSourcedIds", "primaryOrgSourcedId"),
    "email": ("email",),
    "email_typed": ("email",),
    "phone": ("phone", "sms"),
    "phone_typed": ("phone", "sms"),
    "agents": ("agentSourcedIds",),
    "grade": ("grades",),
    "language": ("metadata.language",),
    "person": ("userSourcedId",),
    "org": ("orgSourcedId",),
    "begin": ("beginDate",),
    "end": ("endDate",),
    "parent": ("parentSourcedId",),
    "class_": ("classSourcedId",),
    "course": ("courseSourcedId",),
    "school": ("schoolSourcedId",),
    "terms": ("termSourcedIds",),
}
"""The columns that tell a field, where their name is another or they may be absent."""
_OF_TWO: Final = frozenset({"roles", "enrollments"})
"""Tables whose lines tie two others together, so that an id of their own says nothing."""


def _clean(name: str) -> str:
    """A name on one line, without control characters, of a length that people have."""
    if len(name) <= _NAME_LIMIT and name.isascii() and name.isprintable() and "  " not in name:
        return name
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:_NAME_LIMIT]


def _listed(typed: str) -> tuple[str, ...]:
    """A list as OneRoster writes it, commas between, each once; each item may be quoted once more."""
    if not typed:
        return ()
    if "," not in typed and '"' not in typed and "'" not in typed:
        return (intern(typed),)
    items = (part.strip().strip("\"'").strip() for part in typed.split(","))
    return tuple(dict.fromkeys(intern(item) for item in items if item))
