"""Find every schedule that is worth running.

A switch away from an act that could go on is a preemption. Most races need two at most (Musuvathi and
Qadeer, "Iterative Context Bounding for Systematic Testing of Multithreaded Programs", PLDI 2007), so all
schedules with few of them are tried, fewest first. Left out is what gives nothing new:

- a preemption before a call that meets no call of another act: it could as well come after it;
- a death before a call that writes nothing, likewise;
- a turn that leads where another schedule has been: to the same calls, in an order that makes no difference.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.interleavings.schedule import DIES, Call, Choose, Decision, Played, Schedule, by

type State = frozenset[int]
"""All calls that have been made, each with those before it that it meets."""

_NOTHING = Call("")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many preemptions a schedule has at most, and deaths, each of which counts as so many of them."""

    preemptions: int
    deaths: int
    death_counts: int


def explore(run: Callable[[Choose], Played], bounds: Bounds) -> Iterator[Played]:
    """Run every schedule within the bounds, those with the fewest preemptions first."""
    map_ = _Map(bounds)
    while (branch := map_.next_branch()) is not None:
        played = run(by(branch.schedule))
        yield played
        map_.learn(branch, played)


@dataclass(frozen=True, slots=True)
class _Branch:
    """A schedule whose last turn is new: its cost, what it preempts, and where it leads, if that is known."""

    schedule: Schedule
    cost: int
    preempted: tuple[str, Call] | None
    leads_to: State | None


@dataclass(slots=True)
class _Past:
    """The turns up to a decision."""

    turns: list[tuple[str, Call, int]] = field(default_factory=list)

    @property
    def state(self) -> State:
        return frozenset(mark for _, _, mark in self.turns)

    def mark(self, turn: str, call: Call) -> int:
        before = (mark for name, earlier, mark in self.turns if name == turn or earlier.meets(call))
        return hash((turn, frozenset(before)))

    def add(self, turn: str, call: Call) -> None:
        self.turns.append((turn, call, self.mark(turn, call)))


class _Map:
    """Where schedules have led, what acts have been seen to call, and what is still to be run."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._calls: dict[str, Call] = {}
        self._first: dict[str, Call] = {}
        self._been: set[tuple[State, str | None]] = set()
        self._waiting: list[deque[_Branch]] = [deque() for _ in range(bounds.preemptions + 1)]
        self._waiting[0].append(_Branch((), 0, None, None))
        self._idle: list[_Branch] = []

    def next_branch(self) -> _Branch | None:
        """The cheapest that leads somewhere new."""
        for waiting in self._waiting:
            while waiting:
                branch = waiting.popleft()
                if not self._leads_nowhere(branch):
                    return branch
        return None

    def learn(self, branch: _Branch, played: Played) -> None:
        """Note what was called, and branch off wherever the schedule did not say whose turn it was."""
        for name, call in played.calls:
            self._first.setdefault(name, call)
            self._calls[name] = self._calls.get(name, _NOTHING).with_(call)
        past = _Past()
        for place, decision in enumerate(played.decisions):
            if place >= len(branch.schedule):
                here = (past.state, decision.running)
                if here in self._been:
                    break
                self._been.add(here)
                self._branch_off(branch, played.turns[:place], decision, past)
            past.add(decision.turn, decision.called or _NOTHING)
        else:
            self._been.add((past.state, None))
        idle, self._idle = self._idle, []
        for one in idle:
            self._queue(one)

    def _branch_off(self, branch: _Branch, turns: Schedule, decision: Decision, past: _Past) -> None:
        running = decision.running
        next_call = None if running is None else decision.next_calls[running]
        others = [name for name in decision.options if name != decision.turn]
        deaths = sum(turn.endswith(DIES) for turn in turns)
        if running is not None and next_call and next_call.writes and deaths < self._bounds.deaths:
            others.append(running + DIES)
        for turn in others:
            preempted = None
            if running is not None and next_call is not None and not turn.endswith(DIES):
                preempted = (running, next_call)
            makes = _NOTHING if turn.endswith(DIES) else decision.next_calls.get(turn, self._first.get(turn))
            leads_to = None if makes is None else past.state | {past.mark(turn, makes)}
            costs = self._bounds.death_counts if turn.endswith(DIES) else int(running is not None)
            cost = branch.cost + costs
            if cost <= self._bounds.preemptions:
                self._queue(_Branch((*turns, turn), cost, preempted, leads_to))

    def _queue(self, branch: _Branch) -> None:
        """To be run, unless it preempts before a call that meets none of the others, as far as is known."""
        if branch.preempted is not None:
            name, call = branch.preempted
            if not any(call.meets(calls) for other, calls in self._calls.items() if other != name):
                self._idle.append(branch)
                return
        self._waiting[branch.cost].append(branch)

    def _leads_nowhere(self, branch: _Branch) -> bool:
        if branch.leads_to is None:
            return False
        return any((branch.leads_to, running) in self._been for running in (branch.schedule[-1], None))
