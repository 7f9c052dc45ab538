"""What must be true, in memory: written from the sentences of the design, without a line of our rules.

Of a credential it keeps the history alone, and of a message what has been told of it; all else follows. What
the design leaves open, or a crash leaves in doubt, is a set of what may be; what is seen then says which of
it is. So a story with crashes is judged as sharply as one without, from the next look on.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any

from tests.model.messages import Foreign, Ours, Place
from tests.model.status import LOWEST, Item, Status, joined, short, stamp
from tests.model.told import MESSAGE_ONLY, Told, believed, first, is_of_message_or_sender, moves, status_of


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
            told.kind in {"bounced", "failed"} and is_of_message_or_sender(told)
        ):
            return credential
        register = moves(told)
        items = self.history.setdefault(credential, {})
        known = items.get(told.key)
        if known is not None and known.seen is not None:
            known.settled = known.settled or not maybe
            return credential
        times = frozenset(self._times(told, mine, fresh))
        if known is not None:
            known.times |= times
            known.received |= {told.received}
            known.maybe = known.maybe and maybe
            return credential
        items[told.key] = Item(
            kind=told.kind,
            moves=register,
            times=times,
            causes=frozenset({told.cause}),
            permanence=told.permanence,
            provider=told.provider,
            maybe=maybe,
            received=frozenset({told.received}),
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
        status = status_of(told)
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
        times = {first(told, told.sent, told.tag_sent, told.at)}
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
            yield first(told, told.at)
            return
        if mine is not None:
            for at in mine.sending:
                # Our own clock, so believed always.
                yield believed(told, told.sent) or at
            if mine.linked or told.tag == mine.id:
                return
        place = (told.provider, told.message or "", told.credential)
        record = self.foreign.get(place)
        if record is not None:
            for at in record.times:
                yield first(told, told.sent, at, told.tag_sent, told.at)
                # Reading: whether a record's time, believed when it was written, is doubted anew is open.
                yield believed(told, told.sent) or at
        if record is None or not record.certain or place in fresh:
            yield first(told, told.sent, told.tag_sent, told.at)

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
            there = [short(raw) for raw in raws.values()]
            assert found is not None or item.maybe, f"{credential}: missing is {item}; there is {there}"
            if found is not None:
                item.seen = raws.pop(found["item"])
                # What staff do is one transaction.
                item.settled = not item.maybe or item.kind in {"reset", "marked"}
            elif not item.received:
                del items[key]
        if others:
            return
        told = [short(raw) for name, raw in raws.items() if name.startswith("event#")]
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
