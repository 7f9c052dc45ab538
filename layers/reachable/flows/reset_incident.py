"""The run of an incident: the steps that the state machine infra/reset_incident.asl.json calls.

begin -> gather -> (a chunk each, side by side) -> after, of the phases count, run and undo; after a run the
providers' lists, turn by turn. Each step may be repeated: a credential's line in the history is the same each
time, and what is done is seen there. A run that is no longer the incident's newest does nothing more.
"""

import csv
import io
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import batched, chain
from typing import Any, Final

from reachable import aws, words
from reachable.buckets import incidents as bucket
from reachable.flows import anew, ask_upstream, bulk_act, release_incident
from reachable.log import Event, logger
from reachable.model.credential import Credential
from reachable.model.delivery_event import OURS, EventHex
from reachable.model.details import Detail
from reachable.model.errors import Changed, Meaningless, TooLarge, Unavailable
from reachable.model.history import HistoryItem, HistoryKind, Standing
from reachable.model.incident import (
    PEOPLE_MOST,
    PHASE_OF,
    WORKING,
    Candidate,
    Incident,
    IncidentState,
    Judged,
    Line,
    Outcome,
    Phase,
    Where,
)
from reachable.model.people import RosterKind, id_of
from reachable.model.releases import Releases
from reachable.model.status import GOOD, Block, register_name
from reachable.rules import incident as rules
from reachable.rules import incident_report
from reachable.rules import status as status_rules
from reachable.store import audit
from reachable.store.credentials import history, holders
from reachable.store.roster import bad_lists, records
from reachable.store.runs import incidents

_BETWEEN_LOOKS: Final = 50
"""Candidates that are done before it is looked whether somebody has stopped the run."""
_LOOKED_FOR_SECONDS: Final = 5
"""So long a look counts: with what a write may take far less than `rules.LEFT_OVER`."""
_EARLIER: Final = timedelta(days=3)
"""A bounce is listed on the day of the newest message that bounced; a text's result comes up to 72 hours
after."""
_BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Nothing bounced before."""
_LONGEST_ID: Final = 255
"""What is longer names nobody, and is told cut."""
_IDS_AT_ONCE: Final = 500
_SEPARATORS: Final = (",", ";", "\t")
_ID_COLUMNS: Final = ("sourced_id", "sourcedid", "user_id")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def uploaded(key: str, execution: str, now: datetime) -> Incident | None:
    """The incident whose list of people has come; None where nothing waits for it.

    A list that is put there again counts for nothing: what was counted must not change.
    """
    incident_id = bucket.incident_of_upload(key)
    if incident_id is None or (incident := incidents.known(incident_id)) is None:
        return None
    if incident.execution == execution and incident.state is IncidentState.COUNTING:
        return incident  # this step, once more
    try:
        waiting = [IncidentState.WAITING]
        return incidents.move(incident_id, waiting, IncidentState.COUNTING, now, execution=execution)
    except Changed:
        return None


def mine(incident_id: str, execution: str) -> Incident | None:
    """The incident, where this execution is its newest and is still to do something. 1 read unit."""
    incident = incidents.known(incident_id)
    if incident is None or incident.execution != execution or incident.state not in WORKING:
        return None
    return incident


# Gather


def gather(incident: Incident) -> int:
    """Put down whom the incident may concern, chunk by chunk; how many chunks.

    10 Queries for each day since its window began, or 2 reads for each of its people.

    Raises:
        Meaningless, NotFound, TooLarge: its list cannot be read, or names nobody.
    """
    chunks = bucket.put_candidates(incident.id, map(_plain, _candidates(incident)))
    if not chunks and incident.where is None:
        raise Meaningless(Detail.NO_PEOPLE)
    return chunks


def refuse(incident: Incident, why: str, now: datetime) -> None:
    """Note that its list is of no use, and why."""
    incidents.move(
        incident.id,
        [IncidentState.COUNTING],
        IncidentState.REFUSED,
        now,
        of=incident.execution,
        error=why,
    )


def _candidates(incident: Incident) -> Iterator[Candidate]:
    if incident.events is not None:
        for credential, hexes in bucket.events(incident.id):
            yield Candidate(Credential.of_key(credential), events=frozenset(map(EventHex, hexes)))
    elif incident.where is not None:
        yield from map(Candidate, _listed(incident.where))
    else:
        yield from _of_people(_people(incident))


def _people(incident: Incident) -> list[str]:
    """The ids of its list, as it was read first.

    Raises:
        Meaningless, TooLarge: it cannot be read.
    """
    ids = bucket.people(incident.id)
    if ids is None:
        ids = _ids(bucket.uploaded(incident.id))
        bucket.put_people(incident.id, ids)
    incidents.note_people(incident.id, len(ids))
    return ids


def _listed(where: Where) -> Iterator[Credential]:
    """What is bad by what occurred since the window began, each once: what closed later is read, too, so that
    it is told of whom the run leaves alone."""
    first = (max(where.from_, _BEGINNING) - _EARLIER).date()
    return (credential for credential in bad_lists.since(first) if rules.may_concern(where, credential))


def _ids(body: bytes) -> list[str]:
    """The ids of a list: of a column that is called so, else the first of each line.

    Raises:
        Meaningless: it is no text.
        TooLarge: it names too many.
    """
    try:
        text = body.decode("utf-8-sig")
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
        lines = [row for row in rows if any(cell.strip() for cell in row)]
    except (UnicodeDecodeError, csv.Error) as unreadable:
        raise Meaningless(Detail.PEOPLE_NOT_READ) from unreadable
    first = [cell.strip().lower() for cell in lines[0]] if lines else []
    column = next((first.index(name) for name in _ID_COLUMNS if name in first), None)
    told = (row[column or 0 : (column or 0) + 1] for row in (lines if column is None else lines[1:]))
    ids = list(dict.fromkeys(cell.strip()[:_LONGEST_ID] for row in told for cell in row if cell.strip()))
    if len(ids) > PEOPLE_MOST:
        raise TooLarge(Detail.TOO_MANY_PEOPLE)
    return ids


def _separator(text: str) -> str:
    """What a spreadsheet has put between cells: of another language's, a semicolon."""
    first = text.partition("\n")[0]
    return max(_SEPARATORS, key=first.count)


def _of_people(ids: Iterable[str]) -> Iterator[Candidate]:
    """The credentials of these people, each once; an id is ours, or a sourcedId, which may look alike."""
    seen: set[Credential] = set()
    for some in batched(ids, _IDS_AT_ONCE, strict=False):
        either = {
            id_: [*([id_] if _UUID.fullmatch(id_) else []), id_of(RosterKind.USER, id_)] for id_ in some
        }
        users = records.users(chain.from_iterable(either.values()))
        for id_, ours in either.items():
            user = next((users[our] for our in ours if our in users), None)
            if user is None:
                yield Candidate(None, id_)
                continue
            for credential in user.credentials.values():
                if credential not in seen:
                    seen.add(credential)
                    yield Candidate(credential)


def _plain(candidate: Candidate) -> dict[str, Any]:
    return {
        "credential": candidate.credential and str(candidate.credential),
        "user_id": candidate.user_id,
        "events": sorted(candidate.events) if candidate.events is not None else None,
    }


def _of_plain(plain: dict[str, Any]) -> Candidate:
    return Candidate(
        Credential.of_key(plain["credential"]) if plain["credential"] else None,
        plain["user_id"],
        frozenset(map(EventHex, plain["events"])) if plain["events"] is not None else None,
    )


# A chunk


@dataclass(slots=True)
class _Watch:
    """Whether a worker's incident is still its own: nobody has stopped it, and no other execution has it.

    Looked at again after some seconds, before anything is written. What has failed is started or undone a
    minute later (`rules.LEFT_OVER`), when no worker can be left over that has looked before.
    """

    incident: Incident
    _seen: float = float("-inf")

    def holds(self) -> bool:
        """1 read unit every few seconds."""
        now = time.monotonic()
        if now - self._seen >= _LOOKED_FOR_SECONDS:
            known = incidents.known(self.incident.id)
            if known is None or (known.execution, known.state) != (
                self.incident.execution,
                self.incident.state,
            ):
                return False
            self._seen = now
        return True

    def check(self) -> None:
        """Before a write.

        Raises:
            Unavailable: it is another's by now, or stopped.
        """
        if not self.holds():
            raise Unavailable("The incident is not this worker's any more.")


def chunk(incident: Incident, number: int, now: datetime) -> None:
    """Do what the phase does to each candidate of a chunk, until somebody stops the run.

    Of each 2 Queries, strongly consistent; of one that is reset 2 write units for each of some four items.

    Raises:
        What one of them failed with, once all have been tried: to be repeated.
    """
    phase = PHASE_OF[incident.state]
    act = {Phase.COUNT: _count, Phase.RUN: _run, Phase.UNDO: _undo}[phase]
    candidates = list(map(_of_plain, bucket.candidates(incident.id, number)))
    watch = _Watch(incident)
    lines: list[Line] = []
    failed: Exception | None = None
    for some in batched(candidates, _BETWEEN_LOOKS, strict=False):
        if not watch.holds():
            break
        for result in aws.settled(partial(_tried, act, watch, now), some):
            if isinstance(result, Exception):
                failed = failed or result
            elif result is not None:
                lines.append(result)
    if not watch.holds():
        told = {line.credential for line in lines}
        left = {str(candidate.credential) for candidate in candidates} - told
        lines += _done_before(incident, phase, number, left)
        failed = None  # it is over, or somebody else's
    _keep(incident, number, lines, now)
    if failed is not None:
        raise failed


def _keep(incident: Incident, number: int, lines: Sequence[Line], now: datetime) -> None:
    """Put down what a chunk came to; of one whose run is stopped, too, but never over a newer run's."""
    known = incidents.known(incident.id)
    if known is None or known.execution != incident.execution or known.state not in WORKING:
        return
    bucket.put_judged(incident.id, PHASE_OF[incident.state], number, (line.plain() for line in lines))
    incidents.note_chunk(incident, number, incident_report.numbers(lines)["outcome"], now)


def _done_before(incident: Incident, phase: Phase, number: int, left: AbstractSet[str]) -> Iterator[Line]:
    """What an earlier run that was stopped, too, did to those at which this one was."""
    for line in bucket.judged_chunk(incident.id, phase, number):
        if line["credential"] in left:
            yield Line.of_plain(line)


def _tried(
    act: Callable[[_Watch, Candidate, datetime], Line | None],
    watch: _Watch,
    now: datetime,
    candidate: Candidate,
) -> Line | None:
    """What cannot be read is nobody's hindrance but its own."""
    if candidate.credential is None:
        return incident_report.nobody(candidate)
    try:
        return act(watch, candidate, now)
    except aws.FAILURES:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as unreadable:
        logger.error(Event.CREDENTIAL_NOT_RESET, error=type(unreadable).__name__, incident=watch.incident.id)
        return _unread(candidate.credential)


def _unread(credential: Credential) -> Line:
    """With who holds it, if that can be read."""
    try:
        return incident_report.line(holders.standing(credential), Judged(Outcome.FAILED))
    except (KeyError, TypeError, ValueError, AttributeError):
        return incident_report.line(Standing(credential, GOOD, ()), Judged(Outcome.FAILED))


def _read(candidate: Candidate) -> tuple[Standing, list[HistoryItem]]:
    assert candidate.credential is not None  # noqa: S101 - `_tried` has looked
    standing = holders.standing(candidate.credential)
    return standing, history.of(candidate.credential, consistent=True)


def _count(watch: _Watch, candidate: Candidate, _: datetime) -> Line | None:
    incident = watch.incident
    standing, items = _read(candidate)
    judged = rules.judge(rules.selection(incident, candidate.events), standing, items)
    if judged is None:
        return None
    if judged.lifting is None:
        return incident_report.line(standing, judged)
    after = replace(standing, status=status_rules.join(standing.status, [judged.lifting]))
    return incident_report.line(standing, judged, _accounts(after))


def _accounts(standing: Standing) -> list[str]:
    """The providers' accounts that would be asked; it tells only how long that would take."""
    try:
        return ["/".join(asking.account_key) for asking in ask_upstream.askings(standing)]
    except Unavailable:
        return []


def _run(watch: _Watch, candidate: Candidate, now: datetime) -> Line | None:
    """Reset one, where that is right; one that this incident has reset already is."""
    incident = watch.incident

    def attempt() -> Line | None:
        standing, items = _read(candidate)
        done = _own(incident, standing, items)
        if done is not None:
            return incident_report.line(standing, Judged(Outcome.RESET, _blocks(done, items)))
        judged = rules.judge(rules.selection(incident, candidate.events), standing, items)
        if judged is not None and judged.lifting is not None:
            item = HistoryItem(
                hex=rules.reset_hex(incident.id, standing.credential),
                kind=HistoryKind.RESET,
                provider=OURS,
                occurred_at=now,
                received_at=now,
                mark=judged.lifting.at,
                moves=register_name(judged.lifting),
                lift=judged.lifting.by,
                by=incident.started_by,
                note=incident.note,
                incident=incident.id,
                opened=rules.opened(judged),
            )
            watch.check()
            bulk_act.write(standing, item, audit.Act.RESET, {"incident": incident.id})
        return None if judged is None else incident_report.line(standing, judged)

    return anew.where_changed(attempt)


def _undo(watch: _Watch, candidate: Candidate, now: datetime) -> Line | None:
    """Close again what this incident's run has opened; of whom it left alone, nothing.

    What was lifted since, by somebody or by the provider's list, stays open.
    """
    incident = watch.incident

    def attempt() -> Line | None:
        standing, items = _read(candidate)
        reset = _own(incident, standing, items)
        if reset is None:
            return None
        known = {item.hex: item for item in items}
        by = incident.started_by or incident.by
        for item in rules.restored(incident.id, standing.credential, reset, known, by, now):
            if item.hex not in known:
                watch.check()
                bulk_act.write(standing, item, audit.Act.RESTORED, {"incident": incident.id})
                standing = holders.standing(standing.credential)
        in_force = {str(block.register) for block in status_rules.blocks(standing.status)}
        outcome = Outcome.RESTORED if in_force & reset.opened.keys() else Outcome.ALREADY_GOOD
        return incident_report.line(standing, Judged(outcome, _blocks(reset, items)))

    return anew.where_changed(attempt)


def _own(incident: Incident, standing: Standing, items: Iterable[HistoryItem]) -> HistoryItem | None:
    hex_ = rules.reset_hex(incident.id, standing.credential)
    return next((item for item in items if item.hex == hex_), None)


def _blocks(reset: HistoryItem, items: Iterable[HistoryItem]) -> list[Block]:
    """What a reset has opened."""
    opened = set(reset.opened.values())
    changes = (status_rules.change_of(item) for item in items if item.hex in opened)
    return [change for change in changes if isinstance(change, Block)]


# After all chunks


def after(incident: Incident, now: datetime) -> Incident:
    """Sum up what all chunks came to, and bring the incident on.

    Raises:
        Changed: it is another run's by now.
    """
    phase = PHASE_OF[incident.state]
    lines = [Line.of_plain(line) for some in bucket.judged(incident.id, phase) for line in some]
    summary = incident_report.summary(lines) | {
        "counts": incident_report.total([incident_report.numbers(lines)]),
        "execution": incident.execution,
    }
    report = words.as_csv(incident_report.COLUMNS, incident_report.rows(lines))
    named = {user_id for line in lines for user_id, _, _ in line.holders}
    bucket.put_summary(incident.id, phase, summary, report, sorted(named))
    logger.info(Event.INCIDENT_MOVED, incident=incident.id, phase=phase, **summary["counts"]["outcome"])
    return _moved_on(incident, now)


def _moved_on(incident: Incident, now: datetime) -> Incident:
    move = partial(incidents.move, incident.id, now=now, of=incident.execution)
    match incident.state:
        case IncidentState.COUNTING if incident.dry_run:
            return move([IncidentState.COUNTING], IncidentState.COUNTED)
        case IncidentState.COUNTING:
            counting = [IncidentState.COUNTING]
            return move(
                counting, IncidentState.RUNNING, by_way_of=IncidentState.COUNTED, started_by=incident.by
            )
        case IncidentState.UNDOING:
            return move([IncidentState.UNDOING], IncidentState.UNDONE)
        case _:
            bucket.put_releases(incident.id, release_incident.begin(_reset(incident)).to_json())
            known = incidents.known(incident.id)
            if known is not None and known.state is IncidentState.STOPPING:
                return move([IncidentState.STOPPING], IncidentState.STOPPED)
            return incident


def failed(incident_id: str, execution: str, error: str, now: datetime) -> None:
    """Note that a run has failed for good; what it did is done."""
    try:
        incidents.move(incident_id, WORKING, IncidentState.FAILED, now, of=execution, error=error)
    except Changed:
        logger.warning(Event.INCIDENT_MOVED, incident=incident_id, phase="failed")


# The providers' lists


def release(incident: Incident, now: datetime, may_go_on: Callable[[], bool]) -> datetime | None:
    """Have what was reset taken off the providers' lists, a turn's part; when to come again, None at the end.

    Raises:
        Unavailable: the accounts, or a table, cannot be read now.
    """
    move = partial(incidents.move, incident.id, now=now, of=incident.execution)
    if incident.state is IncidentState.STOPPING:
        move([IncidentState.STOPPING], IncidentState.STOPPED)
        return None
    watch = _Watch(incident)
    kept = bucket.releases(incident.id)
    releases = Releases.of_json(kept) if kept is not None else release_incident.begin(_reset(incident))
    releases = release_incident.turn(releases, now, lambda: may_go_on() and watch.holds())
    known = incidents.known(incident.id)
    if known is None or known.execution != incident.execution:
        return None  # somebody else's by now, who has put down what there is to do
    bucket.put_releases(incident.id, releases.to_json())
    if known.state is IncidentState.STOPPING:
        move([IncidentState.STOPPING], IncidentState.STOPPED)
    if known.state is not IncidentState.RUNNING:
        return None
    if releases.is_done:
        move([IncidentState.RUNNING, IncidentState.STOPPING], IncidentState.DONE)
        return None
    return releases.next_at or now


def _reset(incident: Incident) -> Sequence[Credential]:
    return [
        Credential.of_key(line["credential"])
        for some in bucket.judged(incident.id, Phase.RUN)
        for line in some
        if line["outcome"] == Outcome.RESET
    ]
