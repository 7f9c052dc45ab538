"""Import a roster: the steps that the state machine infra/import_roster.asl.json calls.

begin -> validate -> apply (a chunk each, side by side) -> finish; or refuse; or fail. Each may be repeated,
and a run that ended anywhere is made good by the next. Only ``apply`` writes people; ``validate`` has looked
at the whole file before. Between two imports the bucket keeps the rows, which a delta changes. A dry run
takes the same steps, and counts in ``apply`` what it would write.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final, Self

from reachable import settings, words
from reachable.aws import FAILURES
from reachable.buckets import roster as roster_bucket
from reachable.flows import chunk_roster, domains, invite
from reachable.log import Event, logger
from reachable.model.errors import NotFound
from reachable.model.roster_import import ImportState
from reachable.model.roster_problem import ProblemKind
from reachable.oneroster import check, report, rows
from reachable.oneroster.check import Terms
from reachable.oneroster.compare import AllowedShares
from reachable.oneroster.problems import Problems, refuses
from reachable.oneroster.report import Mail
from reachable.oneroster.rows import Rows
from reachable.store import audit
from reachable.store.roster import writes
from reachable.store.roster.listing import Part
from reachable.store.runs import imports

DEFAULT_REGION: Final = settings.text("DEFAULT_REGION")
DEFAULT_LANGUAGE: Final = settings.text("DEFAULT_LANGUAGE")
STAFF_LANGUAGE: Final = words.spoken(DEFAULT_LANGUAGE)
"""Of reports and mails about imports: whoever reads them has no roster row that tells one."""
INVITATIONS_FROM: Final = settings.optional("INVITATIONS_FROM", None, date.fromisoformat)
"""From what day on (UTC) whom an upload creates as pending is invited; None: nobody is."""

_SUMMARY: Final = "summary.json"
_ROWS: Final = "rows.jsonl.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import, as the state machine carries it from step to step."""

    id: str
    execution: str
    key: str
    version: str | None
    uploaded_at: datetime
    by: str
    force: bool
    dry_run: bool = False

    @classmethod
    def of_upload(cls, execution: str, started_at: str, upload: Mapping[str, Any]) -> Self:
        """The import that an upload starts: S3's event.

        Beside ``detail``: ``force`` and ``by`` where somebody forces it, ``import`` where it has an id.
        """
        detail = upload["detail"]
        key: str = detail["object"]["key"]
        uploaded_at = datetime.fromisoformat(upload.get("time") or started_at).astimezone(UTC)
        known = upload.get("import") or roster_bucket.import_of_upload(key)
        mark = sha256(f"{key}\n{detail['object'].get('etag', '')}".encode()).hexdigest()[:8]
        return cls(
            id=known or f"{uploaded_at:%Y%m%dT%H%M%SZ}-{mark}",
            execution=execution,
            key=key,
            version=detail["object"].get("version-id"),
            uploaded_at=uploaded_at,
            by=upload.get("by") or f"aws:{detail.get('requester', 's3')}",
            force=upload.get("force") is True,
        )

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The import that ``plain`` spelled out."""
        return cls(
            id=plain["id"],
            execution=plain["execution"],
            key=plain["key"],
            version=plain["version"],
            uploaded_at=datetime.fromisoformat(plain["uploaded_at"]),
            by=plain["by"],
            force=plain["force"],
            dry_run=plain.get("dry_run", False),
        )

    def plain(self) -> dict[str, Any]:
        """In JSON's values."""
        return {
            "id": self.id,
            "execution": self.execution,
            "key": self.key,
            "version": self.version,
            "uploaded_at": self.uploaded_at.isoformat(),
            "by": self.by,
            "force": self.force,
            "dry_run": self.dry_run,
        }

    def work(self, name: str) -> str:
        """The key of an object of this import's own."""
        return roster_bucket.work(self.id, name)

    def result(self, chunk: Mapping[str, Any]) -> str:
        """The key of what one chunk did."""
        return self.work(f"results/{chunk['number']:04}.json")

    @property
    def report(self) -> str:
        """The key of the report."""
        return f"reports/{self.id}.json"

    @property
    def report_for_people(self) -> str:
        """The key of the same as CSV."""
        return f"reports/{self.id}.csv"


def begin(upload: Import, now: datetime) -> tuple[Import, bool]:
    """The import, and whether it is its turn: two at once run one after the other, the earlier upload first.

    Who asked for the upload address is who imports, and said whether it is a dry run.
    """
    asked = imports.known(upload.id) if roster_bucket.import_of_upload(upload.key) else None
    if asked is not None and not upload.force:
        upload = replace(upload, by=asked.by, dry_run=asked.dry_run)
    our_turn = imports.take_turn(upload.execution, upload.uploaded_at, now)
    imports.note(
        upload.id,
        ImportState.VALIDATING if our_turn else ImportState.WAITING,
        now,
        key=upload.key,
        version=upload.version,
        execution=upload.execution,
        by=upload.by,
        force=upload.force,
        dry_run=upload.dry_run,
        uploaded_at=upload.uploaded_at.isoformat(),
        # Of an earlier run of the same file nothing is said any more.
        report=None,
        error=None,
        counts=None,
        problems=None,
    )
    return upload, our_turn


def wait_seconds(started_at: datetime, now: datetime) -> int:
    """How long to wait before asking again for a turn: longer, the longer it has lasted, up to a minute.

    A state machine's history has 25,000 events, of which a turn takes nine: so it may wait for two days.
    """
    return min(max(int((now - started_at).total_seconds() / 10), 10), 60)


def validate(this: Import, allowed: AllowedShares, now: datetime) -> str | None:
    """Read and check the whole file, and divide it into chunks; the key of their list, None to refuse it.

    Writes nobody: neither table is touched, but for this import's own item.

    Raises:
        Changed: another import has taken over.
        NotFound: the file is gone.
    """
    imports.keep_turn(this.execution, now)
    problems = Problems()
    before = roster_bucket.read_lines(roster_bucket.STATE, rows.of_lines) or Rows()
    today = this.uploaded_at.date()
    terms = Terms(
        then=roster_bucket.date_of(roster_bucket.STATE) if before else today,
        today=today,
        region=DEFAULT_REGION,
        default_language=DEFAULT_LANGUAGE,
        allowed=allowed,
        force=this.force,
    )
    with roster_bucket.opened(this.key, this.version) as file:
        checked = check.check(file, before, terms, problems)
    summary = report.plain(checked) | {"problems": report.told(problems, STAFF_LANGUAGE)}
    roster_bucket.put_json(this.work(_SUMMARY), summary)
    if problems.refuse or checked.joined is None:
        return None
    roster_bucket.put_lines(this.work(_ROWS), rows.lines(checked.rows), today)
    chunks = chunk_roster.chunk(checked.joined, this.id, DEFAULT_LANGUAGE)
    if not this.dry_run:
        imports.note(this.id, ImportState.APPLYING, now, files=summary["files"])
    return chunks


def apply(this: Import, chunk: Mapping[str, Any], now: datetime) -> None:
    """Write the differences of one chunk, and what that was into an object of its own; invite who is new.

    A dry run writes what it would be.

    Raises:
        Changed: another import has taken over.
        NotFound: the chunk is gone.
        Unavailable: a table did not answer; to be repeated.
    """
    imports.keep_turn(this.execution, now)
    rows_ = roster_bucket.read_lines(chunk["key"], chunk_roster.rows_of)
    if rows_ is None:
        raise NotFound("The chunk is not in the bucket.")
    inviting = INVITATIONS_FROM is not None and this.uploaded_at.date() >= INVITATIONS_FROM
    part = Part(chunk["first"], chunk["end"])
    if this.dry_run:
        roster_bucket.put_json(this.result(chunk), asdict(writes.foreseen(rows_, part)))
        return
    written, uninvited = writes.apply(rows_, part, this.uploaded_at, invite=inviting)
    roster_bucket.put_json(this.result(chunk), asdict(written))
    if inviting and uninvited:
        invite.new(uninvited, now)
        writes.note_invited(uninvited)


def finish(this: Import, now: datetime) -> tuple[dict[str, Any], Mail | None]:
    """Keep the rows for the next import, report, and let the next one begin.

    What was counted, and the mail about lines that could not be read.

    Raises:
        Changed: another import has taken over.
    """
    chunks = roster_bucket.get_json(this.work("chunks.json"))
    counts = report.summed(roster_bucket.get_json(this.result(chunk)) for chunk in chunks)
    summary = roster_bucket.get_json(this.work(_SUMMARY))
    if not imports.has_ended(this.id, this.execution):  # else its answer was lost on the way
        imports.keep_turn(this.execution, now)
        if not this.dry_run:
            roster_bucket.copy(this.work(_ROWS), roster_bucket.STATE)
            _keep_domains(this, now)
        _report(this, ImportState.CHECKED if this.dry_run else ImportState.DONE, now, counts, summary)
    if this.dry_run:
        return counts, None
    return counts, report.unread(this.id, this.key, this.report_for_people, summary, STAFF_LANGUAGE)


def _keep_domains(this: Import, now: datetime) -> None:
    """They only advise: people are imported whether or not they can be kept."""
    try:
        domains.keep(roster_bucket.get_json(this.work(chunk_roster.DOMAINS)), now)
    except FAILURES as failed:
        logger.error(Event.DOMAINS_NOT_KEPT, error=type(failed).__name__)


def refuse(this: Import, now: datetime) -> Mail | None:
    """Report why nothing is applied, and let the next one begin; the mail about it, of a dry run none."""
    summary = roster_bucket.get_json(this.work(_SUMMARY))
    if not imports.has_ended(this.id, this.execution):
        _report(this, ImportState.CHECKED if this.dry_run else ImportState.REFUSED, now, {}, summary)
    if this.dry_run:
        return None
    return report.refusal(this.id, this.key, this.report_for_people, summary, STAFF_LANGUAGE)


def fail(this: Import, error: str, now: datetime) -> Mail | None:
    """Note that a step failed for good, and let the next one begin; the mail about it, of a dry run none."""
    imports.note(this.id, ImportState.FAILED, now, error=error)
    imports.give_turn(this.execution)
    return None if this.dry_run else report.failure(this.id, this.key, error, STAFF_LANGUAGE)


def _report(
    this: Import,
    state: ImportState,
    now: datetime,
    counts: Mapping[str, Mapping[str, int]],
    summary: dict[str, Any],
) -> None:
    """Write report, audit and the import's state; the problems are in the summary that ``validate`` left."""
    about = {"import": this.plain(), "state": state.value, "at": now.isoformat(), "counts": counts}
    roster_bucket.put_json(this.report, about | summary)
    roster_bucket.put(this.report_for_people, report.as_csv(summary), "text/csv; charset=utf-8")
    entry = audit.AuditRecord(
        id=this.id,
        at=this.uploaded_at,  # the same, however often this step is repeated
        act=audit.Act.IMPORTED,
        by=this.by,
        details={"import": this.id, "state": state.value, "forced": str(this.force).lower()},
    )
    audit.write(entry)
    imports.note(
        this.id,
        state,
        now,
        counts=counts,
        files=summary["files"],
        refused=any(refuses(ProblemKind(kind)) for kind in summary["problems"]["counts"]),
        problems=summary["problems"]["counts"],
        report=this.report,
    )
    imports.give_turn(this.execution)
