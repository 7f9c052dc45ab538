"""What can be wrong with an export, and what a Rostering Administrator should do about it.

A problem names a place and a kind, never the value: reports are read by more people than rosters are.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

DETAIL_LIMIT: Final = 1_000
"""Problems of one kind that a report lists one by one; the rest is counted."""


class Severity(StrEnum):
    """Whether the file is applied all the same."""

    ERROR = "error"
    WARNING = "warning"


class ProblemKind(StrEnum):
    """What is wrong at one place of an export."""

    NOT_A_ZIP = "not_a_zip"
    TOO_LARGE = "too_large"
    NO_MANIFEST = "no_manifest"
    UNSUPPORTED_VERSION = "unsupported_version"
    UNKNOWN_MODE = "unknown_mode"
    FILE_TWICE = "file_twice"
    FILE_MISSING = "file_missing"
    FILE_NOT_ANNOUNCED = "file_not_announced"
    DELTA_WITHOUT_BASE = "delta_without_base"
    ENCODING_UNREADABLE = "encoding_unreadable"
    ENCODING_NOT_UTF8 = "encoding_not_utf8"
    CSV_UNREADABLE = "csv_unreadable"
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    FIELD_COUNT = "field_count"
    ID_MISSING = "id_missing"
    ID_TWICE = "id_twice"
    ROW_TWICE = "row_twice"
    UNKNOWN_STATUS = "unknown_status"
    UNKNOWN_ROLE = "unknown_role"
    ROLE_MISSING = "role_missing"
    UNKNOWN_REFERENCE = "unknown_reference"
    NAME_MISSING = "name_missing"
    NOT_A_DATE = "not_a_date"
    NOT_AN_EMAIL = "not_an_email"
    EMAIL_PLACEHOLDER = "email_placeholder"
    NOT_A_PHONE = "not_a_phone"
    PHONE_EXTENSION = "phone_extension"
    PHONE_PLACEHOLDER = "phone_placeholder"
    UNKNOWN_LANGUAGE = "unknown_language"
    TOO_MUCH_REMOVED = "too_much_removed"
    TOO_MUCH_CHANGED = "too_much_changed"


_E, _W = Severity.ERROR, Severity.WARNING

GUIDE: Final[Mapping[ProblemKind, tuple[Severity, str]]] = {
    ProblemKind.NOT_A_ZIP: (_E, "This is no zip file, or it is damaged or encrypted. Export it again."),
    ProblemKind.TOO_LARGE: (_E, "The files are larger than an import can take. Ask the vendor for a delta."),
    ProblemKind.NO_MANIFEST: (_E, "Put manifest.csv with propertyName and value into the zip."),
    ProblemKind.UNSUPPORTED_VERSION: (_E, "Export OneRoster 1.1 or 1.2 (oneroster.version in manifest.csv)."),
    ProblemKind.UNKNOWN_MODE: (_E, "In manifest.csv a file is absent, bulk or delta."),
    ProblemKind.FILE_TWICE: (_E, "The zip has two files of this name. Leave one in it."),
    ProblemKind.FILE_MISSING: (_E, "The file is not in the zip, or the manifest says absent. Export it too."),
    ProblemKind.FILE_NOT_ANNOUNCED: (_W, "The manifest says absent, so this file was not read."),
    ProblemKind.DELTA_WITHOUT_BASE: (
        _E,
        "There is nothing that a delta could change yet. Import a bulk first.",
    ),
    ProblemKind.ENCODING_UNREADABLE: (_E, "The text is neither UTF-8 nor Windows-1252. Export it as UTF-8."),
    ProblemKind.ENCODING_NOT_UTF8: (
        _W,
        "Not UTF-8; it was guessed which. Export UTF-8, so that no name is spoilt.",
    ),
    ProblemKind.CSV_UNREADABLE: (_E, "A quotation mark is not closed, or a field is over 128 KB."),
    ProblemKind.COLUMN_MISSING: (
        _E,
        "This column must be there. Check the export's column names and commas.",
    ),
    ProblemKind.COLUMN_TWICE: (_E, "This column is there twice. Remove one."),
    ProblemKind.FIELD_COUNT: (
        _E,
        "This line has more or fewer fields than the header. Look for stray commas.",
    ),
    ProblemKind.ID_MISSING: (_E, "Every line needs a sourcedId."),
    ProblemKind.ID_TWICE: (_E, "Two different lines have this sourcedId. Each id may name one thing only."),
    ProblemKind.ROW_TWICE: (_W, "The same line is there twice; it was read once."),
    ProblemKind.UNKNOWN_STATUS: (_E, "status is active, tobedeleted or blank."),
    ProblemKind.UNKNOWN_ROLE: (_W, "OneRoster has no such role; whoever has no other role was left out."),
    ProblemKind.ROLE_MISSING: (
        _W,
        "Nothing says what this person is, so they were left out. Export the role.",
    ),
    ProblemKind.UNKNOWN_REFERENCE: (_W, "Nothing in the export has this id; the connection was left out."),
    ProblemKind.NAME_MISSING: (_W, "Without a name nobody finds this person or class. Add it in the SIS."),
    ProblemKind.NOT_A_DATE: (_W, "Write dates as YYYY-MM-DD; this one was taken as blank."),
    ProblemKind.NOT_AN_EMAIL: (_W, "Correct the email in the SIS; until then this person has none."),
    ProblemKind.EMAIL_PLACEHOLDER: (_W, "Leave the field blank instead of a made-up address."),
    ProblemKind.NOT_A_PHONE: (_W, "Correct the number in the SIS, with area code; it was left out."),
    ProblemKind.PHONE_EXTENSION: (
        _W,
        "No text reaches an extension. Enter a direct number; it was left out.",
    ),
    ProblemKind.PHONE_PLACEHOLDER: (_W, "Leave the field blank instead of a made-up number."),
    ProblemKind.UNKNOWN_LANGUAGE: (_W, "Write a language as en, es or es-MX; the district's was taken."),
    ProblemKind.TOO_MUCH_REMOVED: (_E, "More would be removed than usual. Check the export, then force it."),
    ProblemKind.TOO_MUCH_CHANGED: (_E, "More would be changed than usual. Check the export, then force it."),
}


FORCED: Final = frozenset(
    {ProblemKind.FILE_MISSING, ProblemKind.TOO_MUCH_REMOVED, ProblemKind.TOO_MUCH_CHANGED}
)
"""What the guard doubts: a person may know better, and force it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: where, of what kind, and whose record it is. ``line`` counts from 1, the header is 1."""

    kind: ProblemKind
    file: str
    line: int | None = None
    column: str | None = None
    sourced_id: str | None = None
    figures: str | None = None

    @property
    def severity(self) -> Severity:
        """Whether it refuses the file."""
        return GUIDE[self.kind][0]

    @property
    def what_to_do(self) -> str:
        """A sentence for a Rostering Administrator."""
        return GUIDE[self.kind][1]


@dataclass(slots=True)
class Problems:
    """The problems found so far: all counted, the first of each kind kept."""

    counts: Counter[ProblemKind] = field(default_factory=Counter)
    listed: list[Problem] = field(default_factory=list)

    def add(
        self,
        kind: ProblemKind,
        file: str,
        line: int | None = None,
        column: str | None = None,
        sourced_id: str | None = None,
        figures: str | None = None,
    ) -> None:
        """Note one problem."""
        self.counts[kind] += 1
        if self.counts[kind] <= DETAIL_LIMIT:
            self.listed.append(Problem(kind, file, line, column, sourced_id, figures))

    @property
    def errors(self) -> int:
        """How many of them are errors."""
        return sum(count for kind, count in self.counts.items() if GUIDE[kind][0] is Severity.ERROR)

    @property
    def refuse(self) -> bool:
        """Whether one of them is an error, so that nothing of the file is applied."""
        return self.errors > 0
