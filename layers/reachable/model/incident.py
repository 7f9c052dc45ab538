"""An incident: which blocks were wrong, and what a run did to undo them (design section 5).

It is a saved selection. Somebody asks for one, the guard saves one where a share leaps, or a mended dialect
lists whom it wronged; each is counted first, then run, watched, stopped, undone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Self

from reachable.model.credential import Credential
from reachable.model.delivery_event import Cause, Channel, EventHex
from reachable.model.releases import AccountReleases
from reachable.model.status import Block, Lifting

PEOPLE_MOST: Final = 100_000
"""People of one list."""
UNDONE_AFTER: Final = timedelta(microseconds=1)
"""So long after an incident's lift is what its undo closes again: it overrules that lift and no other."""
KEPT: Final = timedelta(days=90)
"""How long an incident is kept, with whom it concerns; so long it can be undone."""


class IncidentState(StrEnum):
    """How far an incident is."""

    RAISED = "raised"
    """Saved, and not counted yet."""
    WAITING = "waiting"
    """For its list of people to be uploaded."""
    COUNTING = "counting"
    COUNTED = "counted"
    """What a run would do is known."""
    REFUSED = "refused"
    """Its list cannot be read, or names nobody."""
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"
    """What it did is done; it can be started again."""


class Phase(StrEnum):
    """What is done to chunks of candidates."""

    COUNT = "count"
    RUN = "run"
    UNDO = "undo"


PHASE_OF: Final = {
    IncidentState.COUNTING: Phase.COUNT,
    IncidentState.RUNNING: Phase.RUN,
    IncidentState.STOPPING: Phase.RUN,
    IncidentState.UNDOING: Phase.UNDO,
}
"""What an execution of the state machine is at, by the states in which there is one."""
WORKING: Final = frozenset(PHASE_OF)
"""An execution is at it; where that has died, it has failed."""


class IncidentAct(StrEnum):
    """What somebody may do with an incident."""

    COUNT = "count"
    START = "start"
    STOP = "stop"
    UNDO = "undo"


class Outcome(StrEnum):
    """What a run does, or would do, to a credential."""

    RESET = "reset"
    LEFT_ALONE = "left_alone"
    """Something else closes it, too, which is not of the incident."""
    ALREADY_GOOD = "already_good"
    """What the incident closed is open by now."""
    UNKNOWN_USER = "unknown_user"
    """A list names somebody who is not in the roster."""
    RESTORED = "restored"
    """The undo closed again what the run had opened."""
    FAILED = "failed"
    """It cannot be read: nothing was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which events were wrong: those that occurred in a window, and of which all else that is told is so.

    ``to`` is None until it is counted. ``code`` is the provider's own or the SMTP status; ``text`` stands
    somewhere in the diagnostic; ``school`` is one of a current holder's. ``from_`` and ``to`` belong to it.
    """

    from_: datetime
    to: datetime | None = None
    channel: Channel | None = None
    provider: str | None = None
    account: str | None = None
    domain: str | None = None
    cause: Cause | None = None
    code: str | None = None
    text: str | None = None
    school: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident, as far as it is known.

    One of three says whom it concerns: ``where``; a list of people; or ``events``, single ones by name, that
    a mended dialect reads otherwise. The lists lie in the bucket. ``runs`` counts the executions that were
    started; ``execution`` is the newest of them, and ``started_by`` who let it reset or undo. ``times`` are
    when it came to each state last. The names beside the ids are there where it is shown; None where the
    roster knows none.
    """

    id: str
    state: IncidentState
    by: str
    note: str | None = None
    where: Where | None = None
    people: int | None = None
    events: int | None = None
    dry_run: bool = True
    runs: int = 0
    execution: str | None = None
    started_by: str | None = None
    by_name: str | None = None
    started_by_name: str | None = None
    error: str | None = None
    times: Mapping[IncidentState, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which lines of a history an incident is about, of what was received before it was counted.

    ``where``, or single ``events``; with neither all that staff may lift, as a reset of somebody lifts it.
    """

    before: datetime
    where: Where | None = None
    events: frozenset[EventHex] | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom an incident may concern: a credential; of single events, which.

    ``user_id`` is who a list names; without a credential there is nobody to reset.
    """

    credential: Credential | None
    user_id: str | None = None
    events: frozenset[EventHex] | None = None


type Numbers = Mapping[str, Mapping[str, int]]
"""How many candidates: by outcome; of those that are reset by cause, domain, school and account."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a candidate comes to.

    ``blocks`` are those of the incident that are in force, the newest first, and ``lifting`` what opens them;
    ``others`` are what keeps it closed otherwise.
    """

    outcome: Outcome
    blocks: Sequence[Block] = ()
    others: Sequence[Block] = ()
    lifting: Lifting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a candidate came to, as it is kept and reported.

    ``holders`` are who holds the credential now, by id, sourcedId and name; of an unknown user ``listed`` is
    what the list says. ``cause`` and ``since`` are of the newest block of the incident; ``others`` are what
    keeps it closed otherwise: ground, cause, since. ``accounts`` of providers are to be asked to release it.
    """

    outcome: Outcome
    kind: str | None = None
    credential: str | None = None
    domain: str | None = None
    listed: str | None = None
    cause: str | None = None
    since: str | None = None
    holders: Sequence[tuple[str, str, str]] = ()
    schools: Sequence[str] = ()
    others: Sequence[tuple[str, str, str]] = ()
    accounts: Sequence[str] = ()

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The line that ``plain`` spelled out."""
        lists = {
            name: tuple(tuple(value) if isinstance(value, list) else value for value in plain[name])
            for name in ("holders", "schools", "others", "accounts")
        }
        return cls(**{**plain, **lists, "outcome": Outcome(plain["outcome"])})

    def plain(self) -> dict[str, Any]:
        """In JSON's values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentWish:
    """What somebody asks for: people by id, a list of them to come, or a window."""

    people: Sequence[str] | None = None
    file: bool = False
    where: Where | None = None
    note: str | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """Where a list of people may be put, or a report fetched, and until when."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a phase is: so many chunks of candidates of so many, and what they came to.

    ``examples`` and ``left_alone`` are known once all are done.
    """

    done: int
    chunks: int
    counts: Numbers
    examples: Sequence[Line] = ()
    left_alone: Sequence[Line] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentShown:
    """An incident with how far each of its phases is."""

    incident: Incident
    actions: Sequence[IncidentAct]
    phases: Mapping[Phase, Progress]
    releases: Sequence[AccountReleases] = ()
