"""What every act of a story has: a clock, a district, an oracle, and what may be in a story at all."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from time_machine import Traveller

from tests.functions import district
from tests.model import handlers
from tests.model.messages import Ours
from tests.model.oracle import Oracle
from tests.model.posts import LYING, Clock, Other, Post
from tests.model.wire import Cut, Wire

BEGIN: Final = datetime(2026, 9, 14, 8, 0, 0, 250_000, tzinfo=UTC)
LONGEST: Final = timedelta(days=28)
"""A story ends while every provider's time in it is still believed."""
NAMES: Final = ("ada", "bob", "cyd", "dee")
EMAILS: Final = tuple(f"{word}@example.org" for word in ("one", "two", "three"))
PHONES: Final = ("+12025550111", "+12025550122")
FORWARDED: Final = "elsewhere@forward.example"
ALL: Final = (
    *(f"email:{email}" for email in (*EMAILS, FORWARDED)),
    *(f"phone:{phone}" for phone in PHONES),
)
FIRST: Final[Mapping[str, Mapping[str, str]]] = {
    "ada": {"email": f"email:{EMAILS[0]}", "phone": f"phone:{PHONES[0]}"},
    "bob": {"phone": f"phone:{PHONES[0]}"},
    "cyd": {"email": f"email:{EMAILS[1]}"},
    "dee": {"email": f"email:{EMAILS[2]}", "phone": f"phone:{PHONES[1]}"},
}
IDS: Final = {name: district.user(name, name).id for name in NAMES}


class Trouble(StrEnum):
    """What a story may have in it beside the plain course of things."""

    CRASHES = "crashes"
    INTERRUPTS = "interrupts"
    LYING_CLOCKS = "lying_clocks"
    SHARED_IDS = "shared_ids"
    ACCOUNTS = "accounts"
    FORWARDED = "forwarded"
    OTHERS_TAGS = "others_tags"
    LONG_IDS = "long_ids"
    SENDERS_FAULT = "senders_fault"
    EARLIER_STOP = "earlier_stop"
    REVOCATION = "revocation"
    IMPORTS = "imports"
    AGE = "age"
    IF_MATCH = "if_match"
    REFUSALS = "refusals"

    @property
    def is_wanted(self) -> bool:
        return self not in WITHOUT


WITHOUT: Final = frozenset(Trouble(word) for word in os.environ.get("REACHABLE_WITHOUT", "").split())
"""What stories leave out."""


def _cuts(*writes: int) -> st.SearchStrategy[Cut | None]:
    some = st.builds(Cut, st.sampled_from(writes), st.booleans())
    return st.none() | some if Trouble.CRASHES.is_wanted else st.none()


cuts: Final = _cuts(1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8)
few_cuts: Final = _cuts(1, 2)
"""Of what staff do, which is one transaction."""
clocks: Final = st.sampled_from(
    [clock for clock in Clock if Trouble.LYING_CLOCKS.is_wanted or clock not in LYING]
)
names: Final = st.sampled_from(NAMES)
places: Final = st.integers(0, 7)
calls: Final = st.integers(1, 12)
sayings: Final = st.integers(0, 20)


def pick[T](choices: Sequence[T], place: int) -> T:
    """One of these: the newest for 0, so that a shrunk story speaks of what has just happened."""
    return choices[-1 - place % len(choices)]


class Story(RuleBasedStateMachine):
    """A district at eight in the morning."""

    clock: ClassVar[Traveller]
    current: ClassVar[Wire]
    steps: ClassVar[int] = 0
    happened: ClassVar[Counter[str]] = Counter()
    """What stories had in them: one without trouble shows nothing."""

    def __init__(self) -> None:
        super().__init__()
        Story.current = self.wire = Wire()
        self.now = BEGIN
        self.clock.move_to(BEGIN)
        self.oracle = Oracle({name: dict(own) for name, own in FIRST.items()})
        self.outbound: list[str] = []
        """The queue of messages."""
        self.waiting: list[Post] = []
        """Posts that have not come yet, or were cut short."""
        self.posted: list[Post] = []
        self.others: list[Other] = []
        self.etags: dict[str, tuple[str, Any]] = {}
        """What was seen of a person, and how the registers were then."""
        self.number = 0
        self.numbers: dict[tuple[str, str, str], int] = {}
        """Of the events that accounts number alike."""
        handlers.empty_tables()
        self.put_roster()

    def act(self) -> None:
        """Time passes a little with every act."""
        Story.steps += 1
        self.pass_time(timedelta(milliseconds=734))

    def pass_time(self, time: timedelta) -> None:
        self.now += time
        self.clock.move_to(self.now)

    def next_number(self) -> int:
        self.number += 1
        return self.number

    @rule(
        time=st.sampled_from(
            [timedelta(minutes=1), timedelta(minutes=20), timedelta(hours=7), timedelta(days=4)]
        )
    )
    def wait(self, time: timedelta) -> None:
        """Nothing happens for a while."""
        self.act()
        if self.now + time < BEGIN + LONGEST:
            self.pass_time(time)

    def own(self, user: str) -> dict[str, str]:
        """A person's credentials, by kind."""
        return self.oracle.roster[user]

    def put_roster(self) -> None:
        """An import of the whole district."""
        phones = [own["phone"] for own in self.oracle.roster.values() if "phone" in own]
        users = []
        for name, own in self.oracle.roster.items():
            fields: dict[str, Any] = {kind: one.partition(":")[2] for kind, one in own.items()}
            fields["label"] = f"For {name.title()}: " if phones.count(own.get("phone", "")) > 1 else None
            users.append(district.user(name, name.title(), **fields))
        district.import_(district.NORTH, district.MANAGER, *users, at=self.now)

    def known_messages(self) -> list[Ours]:
        return list(self.oracle.ours.values())
