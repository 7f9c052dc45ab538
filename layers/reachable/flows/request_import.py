"""What a Rostering Administrator does about imports, without an AWS account: upload, look, force."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from reachable.buckets import roster as roster_bucket
from reachable.flows.show import actors
from reachable.model.details import Detail
from reachable.model.errors import Conflict, NotFound
from reachable.model.page import Page
from reachable.model.roster_import import ImportRecord, ImportShown, ImportState, Upload
from reachable.model.roster_problem import ProblemKind
from reachable.model.viewer import Viewer
from reachable.oneroster.problems import FORCED, refuses
from reachable.store import audit
from reachable.store.runs import ids, imports, start

UPLOAD_WITHIN: Final = timedelta(minutes=15)
REPORT_WITHIN: Final = timedelta(minutes=15)
PROBLEMS_SHOWN: Final = 200
_SPEAKS_WITHIN: Final = timedelta(minutes=5)
"""Who waits for its turn notes so each minute; a run that has said nothing for so long may have died."""


def upload(viewer: Viewer, now: datetime, *, dry_run: bool) -> Upload:
    """A new import, which starts when its zip has been put to the address; a dry run only reports."""
    id_ = ids.new(now)
    key = roster_bucket.upload_key(id_)
    imports.note(id_, ImportState.WAITING, now, key=key, by=viewer.id, dry_run=dry_run)
    _keep(audit.Act.UPLOADED, viewer, now, id_)
    return Upload(id_, roster_bucket.upload_url(key, UPLOAD_WITHIN), now + UPLOAD_WITHIN)


def listed(viewer: Viewer, now: datetime, *, limit: int, cursor: str | None) -> Page[ImportRecord]:
    """The imports, newest first. One Query, a BatchGetItem for who asked for them, and the audit."""
    page = Page.of(imports.latest(limit + 1, cursor), limit, lambda record: record.id)
    shown = [record.id for record in page.items]
    audit.write(audit.AuditRecord(at=now, act=audit.Act.LISTED_IMPORTS, by=viewer.id, shown=shown))
    return Page(tuple(_named(page.items)), page.next_cursor)


def shown(import_id: str, viewer: Viewer, now: datetime) -> ImportShown:
    """An import, with its first problems and where to fetch the whole report.

    Raises:
        NotFound: there is no such import.
    """
    [record] = _named([_alive(_known(import_id), now)])
    _keep(audit.Act.VIEWED_IMPORT, viewer, now, import_id)
    if record.report is None:
        return ImportShown(record, _can_be_forced(record))
    report = roster_bucket.get_json(record.report)
    return ImportShown(
        record,
        _can_be_forced(record),
        report["problems"]["listed"][:PROBLEMS_SHOWN],
        roster_bucket.download_url(f"{record.report.removesuffix('.json')}.csv", REPORT_WITHIN),
    )


def force(import_id: str, viewer: Viewer, now: datetime, after: datetime | None = None) -> ImportRecord:
    """Run an import that has ended once more, whatever the guard says of it.

    So an export that removes much on purpose is applied after it was refused, one that failed is run
    again, and the last good one puts everything back. ``after``: when it came to the state that was seen.

    Raises:
        NotFound: there is no such import.
        Conflict: it has not ended, what is wrong with its file no force mends, it was a dry run, or it stands
            otherwise than was seen.
    """
    [record] = _named([_alive(_known(import_id), now)])
    if after is not None and record.times[record.state] != after:
        raise Conflict(Detail.JUST_RUN_AGAIN)
    if not record.state.has_ended:
        raise Conflict(Detail.IMPORT_NOT_ENDED)
    if record.dry_run:
        raise Conflict(Detail.ONLY_CHECKED)
    if not _can_be_forced(record):
        raise Conflict(Detail.FORCE_MENDS_NOTHING)
    _keep(audit.Act.FORCED, viewer, now, import_id)
    start.import_again(record, by=viewer.id, at=now)
    return record


def _named(records: Sequence[ImportRecord]) -> list[ImportRecord]:
    """The same with the names of who asked for them. 1 BatchGetItem."""
    names = actors.named(record.by for record in records)
    return [replace(record, by_name=names.get(record.by)) for record in records]


def _keep(act: audit.Act, viewer: Viewer, now: datetime, import_id: str) -> None:
    audit.write(audit.AuditRecord(at=now, act=act, by=viewer.id, details={"import": import_id}))


def _known(import_id: str) -> ImportRecord:
    record = imports.known(import_id)
    if record is None:
        raise NotFound(Detail.NO_SUCH_IMPORT)
    return record


def _alive(record: ImportRecord, now: datetime) -> ImportRecord:
    """The import; where its run has died, as when its first step failed time and again, it has failed."""
    if record.state.has_ended or record.execution is None:
        return record
    if now - record.times[record.state] < _SPEAKS_WITHIN or start.is_running(record.execution):
        return record
    imports.fail(record, now, "States.ExecutionEnded")
    return _known(record.id)


def _can_be_forced(record: ImportRecord) -> bool:
    """Whether nothing but the guard's own doubts stands against it."""
    if record.state is not ImportState.REFUSED:
        return record.state.has_ended and not record.dry_run
    return {kind for kind in map(ProblemKind, record.problems) if refuses(kind)} <= FORCED
