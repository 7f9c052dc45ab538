"""Imports of a roster."""

from collections.abc import Mapping
from typing import Any, Self

from reachable import words
from reachable.model.page import Page
from reachable.model.roster_import import ImportRecord, ImportShown, ImportState, Upload
from reachable.model.roster_problem import ProblemKind, Severity
from reachable.web.models.fields import Model, Time, WithZone
from reachable.words import Language


class UploadIn(Model):
    """`dry_run`: the zip is checked and reported as an import would be, and nothing else is written.

    It stands here alone: a query is refused.
    """

    dry_run: bool = False


class ForceIn(Model):
    """`after`: when it came to the `state` that was seen, as `times` told it. Where it has moved since, 409.

    So a press on a page that has not seen the newest run does not run it twice.
    """

    after: WithZone | None = None


class UploadOut(Model):
    """Put the zip there with an HTTP PUT before `expires_at`: the import then starts by itself."""

    id: str
    state: ImportState = ImportState.WAITING
    upload_url: str
    expires_at: Time

    @classmethod
    def of(cls, upload: Upload) -> Self:
        """A new import."""
        return cls(id=upload.id, upload_url=upload.url, expires_at=upload.expires_at)


class FileOut(Model):
    """The lines of one file: `left_out` by reason, a problem's kind or that something has ended."""

    read: int
    taken: int
    left_out: dict[str, int]


class ImportOut(Model):
    """An import in a list.

    `counts` are records by what was done to them and by kind, `files` what became of each file's lines,
    `problem_counts` how many of each kind, `times` when it came to each state. `by` is a staff user, or
    `aws:` and who put the zip; `by_name` is null where the roster has no such person. Of a dry run, which
    ends as `checked`, `counts` are what would be done, and `refused` whether the file would be refused.
    """

    id: str
    state: ImportState
    key: str
    by: str
    by_name: str | None
    forced: bool
    dry_run: bool
    refused: bool
    uploaded_at: Time | None
    times: dict[ImportState, Time]
    files: dict[str, FileOut]
    counts: dict[str, dict[str, int]]
    problem_counts: dict[ProblemKind, int]
    error: str | None

    @classmethod
    def of(cls, record: ImportRecord) -> Self:
        """One in a list."""
        return cls(**_told(record))


class ProblemOut(Model):
    """What is wrong at one place of the export, and what to do. The value itself is never told."""

    severity: Severity
    kind: ProblemKind
    file: str
    line: int | None
    column: str | None
    sourced_id: str | None
    figures: str | None
    what_to_do: str

    @classmethod
    def of(cls, problem: Mapping[str, Any], language: Language) -> Self:
        """A line of the report, which is written once, in the reader's language."""
        kind = ProblemKind(problem["kind"])
        return cls(**{**problem, "what_to_do": words.what_to_do(kind, language)})


class ImportShownOut(ImportOut):
    """An import with its first 200 problems; all of them are in the CSV at `report_url`, for 15 minutes.

    Here what to do is said in the caller's language, in the CSV in the district's.
    """

    problems: list[ProblemOut]
    report_url: str | None
    can_be_forced: bool

    @classmethod
    def of_shown(cls, shown: ImportShown, language: Language) -> Self:
        """One by itself."""
        return cls(
            **_told(shown.record),
            problems=[ProblemOut.of(problem, language) for problem in shown.problems],
            report_url=shown.report_url,
            can_be_forced=shown.can_be_forced,
        )


class ImportsOut(Model):
    """Imports, newest first."""

    items: list[ImportOut]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[ImportRecord]) -> Self:
        """A page."""
        return cls(items=[ImportOut.of(import_) for import_ in page.items], next_cursor=page.next_cursor)


def _told(record: ImportRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "state": record.state,
        "key": record.key,
        "by": record.by,
        "by_name": record.by_name,
        "forced": record.forced,
        "dry_run": record.dry_run,
        "refused": record.refused,
        "uploaded_at": record.uploaded_at,
        "times": record.times,
        "files": {file: FileOut(**counts) for file, counts in record.files.items()},
        "counts": record.counts,
        "problem_counts": record.problems,
        "error": record.error,
    }
