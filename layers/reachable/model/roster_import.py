"""An import of a roster: how far it is, and what is known of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class ImportState(StrEnum):
    """How far an import is."""

    WAITING = "waiting"
    VALIDATING = "validating"
    REFUSED = "refused"
    APPLYING = "applying"
    DONE = "done"
    CHECKED = "checked"
    FAILED = "failed"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it by itself."""
        return self in {ImportState.REFUSED, ImportState.DONE, ImportState.CHECKED, ImportState.FAILED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRecord:
    """What is known of an import.

    ``key`` and ``version`` are the uploaded object, ``execution`` the last run of it, ``times`` when it came
    to each state, ``files`` what became of each file's lines, ``counts`` records by what was done to them and
    by kind, ``problems`` how many of each kind. ``by_name`` is there where it is shown; None where the roster
    knows none. Of a dry run ``counts`` is what would be done, and ``refused`` whether the file would be
    refused.
    """

    id: str
    state: ImportState
    key: str
    by: str
    by_name: str | None = None
    execution: str | None = None
    forced: bool = False
    dry_run: bool = False
    refused: bool = False
    version: str | None = None
    uploaded_at: datetime | None = None
    times: Mapping[ImportState, datetime]
    files: Mapping[str, Mapping[str, Any]]
    counts: Mapping[str, Mapping[str, int]]
    problems: Mapping[str, int]
    report: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A new import, and where its zip is to be put until ``expires_at``."""

    id: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ImportShown:
    """An import with its first problems as the report has them, and where the report can be fetched."""

    record: ImportRecord
    can_be_forced: bool
    problems: Sequence[Mapping[str, Any]] = ()
    report_url: str | None = None
