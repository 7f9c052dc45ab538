"""What must be true, in memory: written from the sentences of the design, without a line of our rules.

Of a credential it keeps the history alone, and of a message what has been told of it; all else follows. What
the design leaves open, or a crash leaves in doubt, is a set of what may be; what is seen then says which of
it is. So a story with crashes is judged as sharply as one without, from the next look on.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any, Final

BELIEVED: Final = timedelta(days=30)
"""A provider's time is believed from so long before it was first received until then."""
LEASE: Final = timedelta(hours=1)
"""After this a message that somebody began to send is uncertain. Reading: sooner is as right."""
AGES: Final[Mapping[str, timedelta]] = {
    "sign_in": timedelta(minutes=15),
    "emergency": timedelta(hours=6),
    "general": timedelta(hours=72),
    "invitation": timedelta(days=7),
}
RANKS: Final = (
    *("queued", "held", "dropped", "blocked", "sending", "uncertain", "sent", "delayed", "delivered"),
    *("failed", "rejected", "bounced", "complained"),
)
ENDS: Final = frozenset(RANKS[RANKS.index("uncertain") :]) | {"dropped", "blocked"}
"""Whoever has come to one of these is never sent again."""
MESSAGE_ONLY: Final = frozenset({"sent", "delivered", "delayed", "rejected"})
LIFTED_BY: Final[Mapping[str, frozenset[str]]] = {
    "bounce": frozenset({"staff", "consent", "proof"}),
    "manual": frozenset({"staff", "consent"}),
    "suppressed": frozenset({"staff", "consent", "release"}),
    "suppressed+complaint": frozenset({"consent", "release"}),
    "complaint": frozenset({"consent"}),
    "unsubscribed": frozenset({"consent"}),
    "unsubscribed@sms": frozenset({"consent", "start"}),
    "opt_out": frozenset({"start"}),
}
CHANNELS: Final[Mapping[str, tuple[str, ...]]] = {"email": ("email",), "phone": ("sms", "voice")}
KIND_OF: Final = {"email": "email", "sms": "phone", "voice": "phone"}
LOWEST: Final = "0" * 16


def stamp(at: datetime, hex_: str) -> str:
    """A mark: the time with six decimals and Z, and a hex."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z#{hex_}"


def time_of(mark: str) -> datetime:
    """The time that a mark holds."""
    return datetime.fromisoformat(mark.partition("#")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a provider says of one address. ``key`` is what makes it the same event when it comes again."""

    key: str
    provider: str
    channel: str
    kind: str
    address: str
    received: datetime
    cause: str | None = None
    permanence: str | None = None
    smtp_status: bool = False
    message: str | None = None
    """The provider's id of the message."""
    tag: str | None = None
    """Our id of the message, as our tag tells it."""
    sent: datetime | None = None
    tag_sent: datetime | None = None
    at: datetime | None = None
    possible_recipients: int = 1
    for_earlier_stop: bool = False
    """A text that was refused because of an earlier STOP."""

    @property
    def credential(self) -> str:
        return f"{KIND_OF[self.channel]}:{self.address}"


@dataclass(slots=True, kw_only=True)
class Item:
    """One item of a history: what it must say, and once it was seen, what it says."""

    kind: str
    moves: str | None
    marks: frozenset[str] = frozenset()
    """The whole marks that it may have, where they can be told."""
    times: frozenset[datetime] = frozenset()
    """Else the times that its mark may have."""
    causes: frozenset[str | None] = frozenset({None})
    permanence: str | None = None
    provider: str | None = None
    maybe: bool = False
    """Whether who writes it died, so that it may be there or not."""
    is_told: bool = False
    """What a provider told may be written later, by whoever comes upon what was left; an act of staff not."""
    seen: dict[str, Any] | None = None
    settled: bool = True
    """Whether the status has moved, too."""

    @property
    def mark(self) -> str:
        assert self.seen is not None
        return str(self.seen["mark"])

    @property
    def cause(self) -> str | None:
        assert self.seen is not None
        return self.seen.get("cause")

    def fits(self, raw: Mapping[str, Any]) -> bool:
        """Whether a stored item is this one."""
        if raw["kind"] != self.kind or raw.get("moves") != self.moves:
            return False
        if raw.get("cause") not in self.causes or raw.get("permanence") != self.permanence:
            return False
        if self.provider is not None and raw["provider"] != self.provider:
            return False
        if self.moves is None:
            return True
        return raw["mark"] in self.marks if self.marks else time_of(raw["mark"]) in self.times

    def __str__(self) -> str:
        at = sorted(self.marks) or sorted(str(time) for time in self.times)
        return f"{self.kind} moving {self.moves} at {' or '.join(at)} for {self.causes}"


@dataclass(frozen=True, slots=True)
class Block:
    """A block register: its name in two parts, and what it holds."""

    ground: str
    reach: str
    item: Item

    @property
    def lifts(self) -> frozenset[str]:
        return LIFTED_BY.get(f"{self.ground}@{self.reach}") or LIFTED_BY[self.ground]

    @property
    def channels(self) -> tuple[str, ...]:
        return CHANNELS.get(self.reach, (self.reach,))


@dataclass(slots=True)
class Status:
    """Blocks and lifts: the join of a history, each register with its greatest mark."""

    blocks: list[Block]
    lifts: dict[str, str]

    @property
    def in_force(self) -> list[Block]:
        """Newest first."""
        held = [b for b in self.blocks if all(b.item.mark > self.lifts.get(by, "") for by in b.lifts)]
        return sorted(held, key=lambda block: block.item.mark, reverse=True)

    def closing(self, channel: str) -> list[Block]:
        """The blocks in force on a channel, newest first."""
        return [block for block in self.in_force if channel in block.channels]

    @property
    def registers(self) -> dict[str, str]:
        blocks = {f"{block.ground}@{block.reach}": block.item.mark for block in self.blocks}
        return blocks | {f"lift.{by}": mark for by, mark in self.lifts.items()}


def joined(items: Iterable[Item]) -> Status:
    """The status that a history gives."""
    newest: dict[str, Item] = {}
    for item in items:
        if item.moves is not None and (item.moves not in newest or newest[item.moves].mark < item.mark):
            newest[item.moves] = item
    lifts = {name.removeprefix("lift."): i.mark for name, i in newest.items() if name.startswith("lift.")}
    blocks = [
        Block(name.partition("@")[0], name.partition("@")[2], item)
        for name, item in sorted(newest.items())
        if not name.startswith("lift.")
    ]
    return Status(blocks, lifts)


@dataclass(slots=True, kw_only=True)
class Ours:
    """A message that dispatch sends, or is to send."""

    dedup_id: str
    user: str
    channel: str
    purpose: str
    wish: dict[str, Any]
    queued: datetime
    id: str | None = None
    times: dict[str, datetime] = field(default_factory=dict)
    """What it has come to, as was seen last."""
    must: set[str] = field(default_factory=lambda: {"queued"})
    may: set[str] = field(default_factory=set)
    apart: set[str] = field(default_factory=set)
    """What was told of it and need not be known yet, or ever: our record may not know the provider's id."""
    cut_short: set[str] = field(default_factory=set)
    """What began to move it and died: its record and the page may tell two things until that comes again."""
    credential: str | None = None
    provider: str | None = None
    provider_id: str | None = None
    """As the provider knows: after a crash our record does not."""
    linked: bool = False
    promised: bool = False
    """Whether a client was answered that it is queued."""
    sending: set[datetime] = field(default_factory=set)
    reason: str | None = None

    @property
    def is_ended(self) -> bool:
        return bool(ENDS & self.must)

    def seen(self, times: Mapping[str, datetime]) -> None:
        """What it had come to when it was looked at: nothing is in doubt any more."""
        self.must, self.may, self.times = set(times), set(), dict(times)
        at = times.get("sending")
        if at is not None:
            assert at in self.sending, f"{self.dedup_id}: sending at {at}, not at {self.sending}"
        self.sending = {at} if at is not None else set()


@dataclass(slots=True, kw_only=True)
class Foreign:
    """Another system's message to one address, from when somebody has told that it was sent."""

    times: set[datetime]
    certain: bool
    channel: str


type Place = tuple[str, str, str]
"""Provider, its message id, credential."""


@dataclass(slots=True)
class Oracle:
    """The district, what happened to its credentials, and its messages."""

    roster: dict[str, dict[str, str]]
    """The credentials of each user, by kind."""
    changed: dict[str, datetime] = field(default_factory=dict)
    """When each credential got or lost a holder."""
    history: dict[str, dict[str, Item]] = field(default_factory=dict)
    ours: dict[str, Ours] = field(default_factory=dict)
    """By dedup id."""
    foreign: dict[Place, Foreign] = field(default_factory=dict)
    said: dict[Place, set[str]] = field(default_factory=dict)
    """What is told of messages that are not ours."""
    unclear: dict[Place, set[str]] = field(default_factory=dict)
    """The events of which it is open, after a crash or by their nature, whether they moved those."""

    def status(self, credential: str) -> Status:
        """What is closed now, and by what."""
        items = self.history.get(credential, {}).values()
        return joined(item for item in items if item.seen is not None and item.settled)

    def holders(self, credential: str) -> tuple[str, ...]:
        """Who has a credential now."""
        return tuple(user for user, own in self.roster.items() if credential in own.values())

    def give(self, user: str, kind: str, credential: str | None, now: datetime) -> None:
        """From now on this is a person's email or phone; None: they have none."""
        own = self.roster[user]
        self.changed |= {one: now for one in (own.pop(kind, None), credential) if one is not None}
        if credential is not None:
            own[kind] = credential

    # Events

    def tell(self, post: Iterable[Told], *, maybe: bool = False) -> set[str]:
        """Take a post in; the credentials that it is about. ``maybe``: nobody knows how far that came."""
        events = list(post)
        fresh: set[Place] = set()
        touched: set[str] = set()
        for told in events:
            if told.kind == "sent" and self._ours(told) is None:
                fresh |= self._note_foreign(told, maybe=maybe)
        for told in events:
            touched.add(self._tell(told, fresh, maybe=maybe))
        return touched

    def _tell(self, told: Told, fresh: set[Place], *, maybe: bool) -> str:
        mine = self._ours(told)
        self._move_message(told, mine, maybe=maybe)
        credential = told.credential
        if mine is not None and told.kind in {"bounced", "failed"} and mine.credential is not None:
            credential = mine.credential  # forwarded: whom we sent to
        if told.kind in MESSAGE_ONLY or (
            told.kind in {"bounced", "failed"} and _is_of_message_or_sender(told)
        ):
            return credential
        moves = _moves(told)
        items = self.history.setdefault(credential, {})
        known = items.get(told.key)
        if known is not None and known.seen is not None:
            known.settled = known.settled or not maybe
            return credential
        times = frozenset(self._times(told, mine, fresh))
        if known is not None:
            known.times |= times
            known.maybe = known.maybe and maybe
            return credential
        items[told.key] = Item(
            kind=told.kind,
            moves=moves,
            times=times,
            causes=frozenset({told.cause}),
            permanence=told.permanence,
            provider=told.provider,
            maybe=maybe,
            is_told=True,
        )
        return credential

    def _ours(self, told: Told) -> Ours | None:
        """The message of dispatch that an event is about; a tag alone proves nothing against another id."""
        for one in self.ours.values():
            if one.provider != told.provider or one.provider_id is None:
                continue
            if one.provider_id == told.message and (one.linked or told.tag == one.id):
                return one
            if one.provider_id == told.message and one.credential == told.credential:
                return one
        return None

    def _move_message(self, told: Told, mine: Ours | None, *, maybe: bool) -> None:
        status = _status_of(told)
        if status is None:
            return
        if mine is not None:
            known = mine.linked or told.tag == mine.id
            # Who died may have left it beside the message, and the next event brings it there.
            (mine.must if known and not maybe else mine.apart).add(status)
            (mine.cut_short.add if maybe else mine.cut_short.discard)(told.key)
        elif told.message is not None:
            place = (told.provider, told.message, told.credential)
            self.said.setdefault(place, set()).add(status)
            unclear = self.unclear.setdefault(place, set())
            (unclear.add if maybe or told.possible_recipients > 1 else unclear.discard)(told.key)

    def _note_foreign(self, told: Told, *, maybe: bool) -> set[Place]:
        if told.message is None:
            return set()
        place = (told.provider, told.message, told.credential)
        known = self.foreign.get(place)
        if known is not None and known.certain:
            return set()
        times = {_first(told, told.sent, told.tag_sent, told.at)}
        if known is None:
            self.foreign[place] = Foreign(times=times, certain=not maybe, channel=told.channel)
        else:
            known.times |= times
            known.certain = not maybe
        return {place}

    def _times(self, told: Told, mine: Ours | None, fresh: set[Place]) -> Iterator[datetime]:
        """From when an event counts: what may be right, where the order of writes decides."""
        act = told.kind in {"complained", "opted_out", "opted_in"} and told.cause != "provider_suppressed"
        if act and not told.for_earlier_stop:
            yield _first(told, told.at)
            return
        if mine is not None:
            for at in mine.sending:
                # Our own clock, so believed always.
                yield _believed(told, told.sent) or at
            if mine.linked or told.tag == mine.id:
                return
        place = (told.provider, told.message or "", told.credential)
        record = self.foreign.get(place)
        if record is not None:
            for at in record.times:
                yield _first(told, told.sent, at, told.tag_sent, told.at)
                # Reading: whether a record's time, believed when it was written, is doubted anew is open.
                yield _believed(told, told.sent) or at
        if record is None or not record.certain or place in fresh:
            yield _first(told, told.sent, told.tag_sent, told.at)

    # Staff

    def reset(self, credential: str, now: datetime, *, consent: bool) -> tuple[str, Item | None]:
        """What a reset of this credential answers and writes."""
        status = self.status(credential)
        by = "consent" if consent else "staff"
        liftable = [block for block in status.in_force if by in block.lifts]
        if not status.in_force:
            return "already_good", None
        if not liftable:
            return "refused", None
        second = stamp(
            now.replace(microsecond=0), LOWEST
        )  # whoever is sent to within this second counts anew
        # Reading: "every block that it saw" may be those that it lifts, those in force, or all.
        seen = (liftable, status.in_force, status.blocks)
        marks = frozenset(max(second, *(block.item.mark for block in blocks)) for blocks in seen)
        return "reset", Item(kind="reset", moves=f"lift.{by}", marks=marks)

    def mark(self, ground: str, reach: str, now: datetime) -> Item:
        """What a mark by hand writes. Reading: the cause of a revocation by word of mouth is open."""
        causes = {"manual"} if ground == "manual" else {"opt_out", "revocation"}
        return Item(
            kind="marked", moves=f"{ground}@{reach}", times=frozenset({now}), causes=frozenset(causes)
        )

    def write(self, credential: str, key: str, item: Item, *, maybe: bool = False) -> None:
        """Somebody writes this item; ``maybe``: or died before it."""
        item.maybe = maybe
        self.history.setdefault(credential, {})[key] = item

    def refuse(self, one: Ours, now: datetime, *, maybe: bool) -> None:
        """A provider's own refusal counts as an event would: of an email its list, of a text a STOP.

        It counts from its send, which is now.
        """
        assert one.credential is not None
        email = one.channel == "email"
        item = Item(
            kind="bounced" if email else "opted_out",
            moves="suppressed@email" if email else "opt_out@sms",
            times=frozenset({now}),
            causes=frozenset({"provider_suppressed" if email else "opt_out"}),
            permanence="permanent" if email else None,
        )
        self.write(one.credential, f"refused {one.dedup_id}", item, maybe=maybe)

    def unsubscribe(self, credential: str, key: str, now: datetime, *, maybe: bool) -> None:
        """Who has a mail pressed its button."""
        item = Item(
            kind="opted_out",
            moves="unsubscribed@email",
            times=frozenset({now}),
            causes=frozenset({"opt_out"}),
        )
        self.write(credential, key, item, maybe=maybe)

    # What is seen

    def in_doubt(self) -> set[str]:
        """The credentials of which a crash has left something open."""
        return {
            credential
            for credential, items in self.history.items()
            if any(item.seen is None or not item.settled for item in items.values())
        }

    def see(self, credential: str, stored: Iterable[Mapping[str, Any]], *, others: bool = False) -> None:
        """Compare a credential's partition with what must lie there; ``others``: there may be more as yet."""
        raws = {raw["item"]: dict(raw) for raw in stored}
        kept = raws.pop("status", {})
        items = self.history.get(credential, {})
        # Those that were seen before, then those that must be there: what may be there takes what is left.
        for key, item in sorted(items.items(), key=lambda pair: (pair[1].seen is None, pair[1].maybe)):
            if item.seen is not None:
                was = item.seen
                assert raws.pop(was["item"], None) == was, f"{credential}: history was changed: {was}"
                continue
            found = next((raw for raw in raws.values() if item.fits(raw)), None)
            there = [_short(raw) for raw in raws.values()]
            assert found is not None or item.maybe, f"{credential}: missing is {item}; there is {there}"
            if found is not None:
                item.seen = raws.pop(found["item"])
                # What staff do is one transaction.
                item.settled = not item.maybe or item.kind in {"reset", "marked"}
            elif not item.is_told:
                del items[key]
        if others:
            return
        told = [_short(raw) for name, raw in raws.items() if name.startswith("event#")]
        assert not told, f"{credential}: nobody told {told}"
        self._see_status(
            credential, {name: value["at"] for name, value in kept.items() if "@" in name or "." in name}
        )

    def _see_status(self, credential: str, registers: Mapping[str, str]) -> None:
        """The status is the join of the history, less what a crash kept from moving it."""
        items = [item for item in self.history.get(credential, {}).values() if item.seen is not None]
        open_ = [item for item in items if not item.settled]
        wanted = joined(items).registers
        for count in range(len(open_) + 1):
            for missing in combinations(open_, count):
                if joined(item for item in items if item not in missing).registers == registers:
                    for item in open_:
                        item.settled = item not in missing
                    return
        raise AssertionError(f"{credential}: its registers are {registers}, its history says {wanted}")


def _short(raw: Mapping[str, Any]) -> str:
    return f"{raw.get('kind')} moving {raw.get('moves')} at {raw.get('mark')} for {raw.get('cause')}"


def _believed(told: Told, at: datetime | None) -> datetime | None:
    return at if at is not None and told.received - BELIEVED <= at <= told.received else None


def _first(told: Told, *sources: datetime | None) -> datetime:
    """The first of these that is believed, else when it was received."""
    return next((at for at in sources if at is not None and _believed(told, at)), told.received)


def _status_of(told: Told) -> str | None:
    """To what a message comes by an event. Reading: who unsubscribes has had it, who texted STOP not."""
    if told.kind == "opted_out":
        return "failed" if told.channel != "email" and told.message is not None else None
    return None if told.kind == "opted_in" else told.kind


def _is_of_message_or_sender(told: Told) -> bool:
    if told.cause == "carrier_blocked_or_spam":
        return told.permanence != "permanent"
    return told.cause in {"content_or_size", "account_or_quota"}


def _moves(told: Told) -> str | None:
    """The table "What blocks": the first line that fits; None: history only."""
    if told.possible_recipients > 1:
        return None
    ground = _ground(told)
    if ground is None or ground.startswith("lift."):
        return ground
    whole = told.channel != "email" and told.cause == "invalid_address"
    return f"{ground}@{'phone' if whole else told.channel}"


def _ground(told: Told) -> str | None:
    match told.kind:
        case "bounced" | "failed" if told.cause == "provider_suppressed":
            return "suppressed"
        case "complained":
            return "suppressed+complaint" if told.cause == "provider_suppressed" else "complaint"
        case "opted_out":
            return "unsubscribed" if told.channel == "email" or told.cause == "revocation" else "opt_out"
        case "opted_in":
            return "lift.start" if told.channel == "sms" else None
        case _:
            return None if _is_out_of_office(told) or _is_busy(told) else "bounce"


def _is_out_of_office(told: Told) -> bool:
    is_transient = told.permanence == "transient"
    return told.channel == "email" and is_transient and told.cause == "unknown" and not told.smtp_status


def _is_busy(told: Told) -> bool:
    is_transient = told.permanence == "transient"
    return told.channel == "voice" and is_transient and told.cause == "inactive_or_unreachable"
