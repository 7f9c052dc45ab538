"""Run several acts, one at a time, by a schedule.

An act hands over where it is about to call the world outside, and nowhere else: what it does between two
calls nobody can see. It may also die before a call, as a process does: then it never goes on.
"""

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, override

type Schedule = tuple[str, ...]
"""Whose turn it is, call by call: an act's name, or ``name!`` for its death.

Where it ends, who runs goes on to its end, and then the others in their order.
"""

DIES: Final = "!"


class Killed(BaseException):
    """The act is dead: no handler sees it, and whatever it still calls is not called."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the world outside: what it is, in words, and what it reads and writes there."""

    words: str
    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()

    def meets(self, others: "Call") -> bool:
        """Whether the order of the two can make a difference."""
        return bool(self.writes & (others.reads | others.writes) or self.reads & others.writes)

    def with_(self, other: "Call") -> "Call":
        """Both together."""
        return Call("", self.reads | other.reads, self.writes | other.writes)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done side by side with others, ``within`` a process of its own.

    It begins once it is ``ready``. Where it ``repeats``, whoever asked for it asks again if it dies or fails.
    """

    name: str
    run: Callable[[], object]
    ready: Callable[[], bool] = lambda: True
    repeats: bool = False
    within: AbstractContextManager[object] = field(default_factory=nullcontext)


class _Actor(threading.Thread):
    """The thread of an act. It runs only between ``step`` and its next call."""

    def __init__(self, act: Act) -> None:
        super().__init__(name=act.name, daemon=True)
        self.act = act
        self.next_call: Call | None = None
        self.over = False
        self.died = False
        self.error: BaseException | None = None
        self._go = threading.Semaphore(0)
        self._stopped = threading.Semaphore(0)

    @override
    def run(self) -> None:
        self._go.acquire()
        try:
            self.act.run()
        except Killed:
            pass
        except BaseException as error:  # noqa: BLE001 - told by who plays
            self.error = error
        self.next_call, self.over = None, True
        self._stopped.release()

    def pause(self, call: Call) -> None:
        """Wait before a call until it is this act's turn again."""
        if not self.died:
            self.next_call = call
            self._stopped.release()
            self._go.acquire()
        if self.died:
            raise Killed

    def step(self) -> Call | None:
        """Let it make its next call, and go on to the one after it; what it called."""
        if not self.is_alive():
            self.start()
            self._resume()
        called = self.next_call
        if called is not None:
            self._resume()
        return called

    def die(self) -> None:
        """End it before its next call."""
        self.died = True
        if self.is_alive():
            self._resume()
        self.over = True

    def _resume(self) -> None:
        with self.act.within:
            self._go.release()
            self._stopped.acquire()
        if self.over:
            self.join()


def before(call: Call) -> None:
    """To be told by the wire before each call: here an act hands over."""
    thread = threading.current_thread()
    if isinstance(thread, _Actor):
        thread.pause(call)
    elif thread is not threading.main_thread():
        raise RuntimeError(f"A thread that no act is calls {call.words}.")


@dataclass(frozen=True, slots=True)
class Decision:
    """Who could have had a turn, and who had it and what it called.

    ``running`` is who had the last one and can go on; ``next_calls`` are those before which acts stand.
    """

    turn: str
    options: tuple[str, ...]
    running: str | None
    next_calls: Mapping[str, Call]
    called: Call | None


@dataclass(frozen=True, slots=True)
class Played:
    """What happened: each decision, who died, and what an act ended with."""

    decisions: tuple[Decision, ...]
    died: frozenset[str]
    errors: Mapping[str, BaseException]

    @property
    def calls(self) -> list[tuple[str, Call]]:
        """Each call with its act."""
        return [(one.turn, one.called) for one in self.decisions if one.called is not None]

    @property
    def turns(self) -> Schedule:
        """The whole schedule."""
        return tuple(decision.turn for decision in self.decisions)


type Choose = Callable[[int, tuple[str, ...], str | None], str]
"""Whose turn the n-th is, among these, where this one runs."""


def by(schedule: Schedule) -> Choose:
    """As the schedule says; then without a preemption."""

    def choose(turn: int, options: tuple[str, ...], running: str | None) -> str:
        if turn >= len(schedule):
            return running or options[0]
        chosen = schedule[turn]
        if chosen.removesuffix(DIES) not in options:
            raise ValueError(f"Turn {turn}: {chosen} cannot run, {', '.join(options)} can.")
        return chosen

    return choose


def at_random(seed: int) -> Choose:
    """A schedule of any number of preemptions, and sometimes a death; the same for the same seed."""
    dice = random.Random(seed)
    dies_at = dice.choice([None, dice.randrange(30)])

    def choose(turn: int, options: tuple[str, ...], running: str | None) -> str:
        if turn == dies_at and running is not None:
            return running + DIES
        return running if running is not None and dice.random() < 0.6 else dice.choice(options)

    return choose


def play(
    acts: Sequence[Act], choose: Choose, after: Callable[[str, Call | None], None] = lambda *_: None
) -> Played:
    """Run the acts to their ends; ``after`` is told of each turn."""
    actors = {act.name: _Actor(act) for act in acts}
    running: str | None = None
    decisions: list[Decision] = []
    while options := tuple(
        name for name, actor in actors.items() if not actor.over and (actor.is_alive() or actor.act.ready())
    ):
        next_calls = {name: actor.next_call for name, actor in actors.items() if actor.next_call is not None}
        turn = choose(len(decisions), options, running)
        actor = actors[turn.removesuffix(DIES)]
        called = None
        if turn.endswith(DIES):
            actor.die()
        else:
            called = actor.step()
        decisions.append(Decision(turn, options, running, next_calls, called))
        after(actor.name, called)
        running = None if actor.over else actor.name
    died = frozenset(name for name, actor in actors.items() if actor.died)
    errors = {name: actor.error for name, actor in actors.items() if actor.error is not None}
    return Played(tuple(decisions), died, errors)


def written(schedule: Schedule) -> str:
    """A schedule in one line: ``first*3 repeat*8 first!``."""
    runs = ((name, len(list(turns))) for name, turns in groupby(schedule))
    return " ".join(name if many == 1 else f"{name}*{many}" for name, many in runs)


def read(text: str) -> Schedule:
    """The schedule that ``written`` gave."""
    runs = (run.partition("*") for run in text.split())
    return tuple(name for name, _, many in runs for _ in range(int(many or 1)))
