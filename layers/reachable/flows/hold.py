"""Hold back what would do damage: count what became of messages, hold a group, or tell of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import uuid4

from reachable import settings
from reachable.aws import FAILURES
from reachable.log import Event, logger
from reachable.model.credential import Credential
from reachable.model.group import ALL, Group, Hold, HoldState
from reachable.model.message import Message, Outgoing
from reachable.rules import hold as hold_rules
from reachable.rules import pace
from reachable.rules.hold import GO, Limits, Permit, Ruling
from reachable.store import groups

LIMITS: Final = Limits(
    settings.optional("HOLD_BOUNCE_SHARE", 0.10, float), settings.optional("HOLD_MINIMUM", 100, int)
)


@dataclass(frozen=True, slots=True)
class Part:
    """A message that asks whether it may go, and the groups of which it is a part."""

    outgoing: Outgoing
    provider: str
    groups: tuple[str, ...]


def part(outgoing: Outgoing, provider: str, credential: Credential | None) -> Part:
    """Of what a message is a part; of who has no credential of its batch alone."""
    if credential is None:
        return Part(outgoing, provider, (outgoing.batch_id,) if outgoing.batch_id is not None else ())
    return Part(outgoing, provider, hold_rules.groups(outgoing.batch_id, provider, credential))


def ask(parts: Sequence[Part], now: datetime) -> tuple[list[Ruling], list[str]]:
    """What each message may do; and the groups held just now.

    1 BatchGetItem for all that came together, and 4 write units for each group that is held just now. Nothing
    urgent waits for a count that cannot be read, or a hold that cannot be written.
    """
    try:
        return _ask(parts, now)
    except FAILURES:
        if not all(asked.outgoing.purpose.is_urgent for asked in parts):
            raise
        said = _all_said(parts)
        return [_ruling(asked, said, {}, now) for asked in parts], []


def _ask(parts: Sequence[Part], now: datetime) -> tuple[list[Ruling], list[str]]:
    named = {group for asked in parts for group in asked.groups}
    if not named:
        return [GO for _ in parts], []
    known = groups.known({group: hold_rules.windows(group, now) for group in (*sorted(named), ALL)})
    held: list[str] = []
    said: dict[str, Hold | None] = {}
    for group in known:
        said[group], just_now = _said(group, known[group], now)
        held += [group] if just_now else []
    return [_ruling(asked, said, known, now) for asked in parts], held


def _all_said(parts: Sequence[Part]) -> Mapping[str, Hold | None]:
    """What was said of all groups, without any count."""
    named = {ALL, *(group for asked in parts for group in asked.groups)}
    return {group: known.hold for group, known in groups.known(dict.fromkeys(named, ())).items()}


def _said(group: str, known: Group, now: datetime) -> tuple[Hold | None, bool]:
    """What counts of a group now, and whether it is held by this very question."""
    said = known.hold
    if said is not None and said.id == groups.OF_BEFORE and said.state is HoldState.HELD:
        anew = replace(said, id=uuid4().hex)
        return (anew if groups.say(group, anew, said, ()) else groups.said(group)), False
    if not hold_rules.must_hold(group, said, known.tallies.values(), LIMITS, now):
        return said, False
    tally, dropped = hold_rules.total(known.tallies.values()), said.dropped if said else None
    hold = Hold(id=uuid4().hex, state=HoldState.HELD, at=now, tally=tally, dropped=dropped)
    if groups.say(group, hold, said, ()):
        return hold, True
    return groups.said(group), False  # another worker, or a person, was quicker


def _ruling(
    asked: Part, said: Mapping[str, Hold | None], known: Mapping[str, Group], now: datetime
) -> Ruling:
    if not asked.groups:
        return GO
    outgoing = asked.outgoing
    ruling = hold_rules.ruling(outgoing, {group: said[group] for group in (*asked.groups, ALL)})
    sender = known.get(f"{hold_rules.SENDER}{asked.provider}", Group())
    gives_way = pace.gives_way(outgoing.purpose, sender.urgent_put_off_at.get(outgoing.channel), now)
    return Ruling(Permit.WAIT) if ruling is GO and gives_way else ruling


def count(ended: Iterable[tuple[Iterable[str], str]], now: datetime) -> None:
    """Count what became of messages: their groups, and a word. 1 write unit a group."""
    _add(((group, hold_rules.window(group, now), word) for groups, word in ended for group in groups), now)


def count_bounced(bounced: Iterable[Message], now: datetime) -> None:
    """Count messages of ours that bounced for good, where they were sent. 1 write unit a group and hour."""
    _add(
        (
            (group, hold_rules.window(group, message.sent_at or message.queued_at), hold_rules.BOUNCED)
            for message in bounced
            if message.provider is not None and message.credential is not None
            for group in hold_rules.groups(message.batch_id, message.provider, message.credential)
        ),
        now,
    )


def _add(counted: Iterable[tuple[str, str, str]], now: datetime) -> None:
    """Add up, then write a number a group and window.

    What only counts fails nothing: what was done stays done, and a repeat would add it twice.
    """
    numbers: dict[tuple[str, str], Counter[str]] = {}
    for group, window, word in counted:
        numbers.setdefault((group, window), Counter())[word] += 1
    for (group, window), words in numbers.items():
        try:
            groups.count(group, window, words, now)
        except FAILURES as failed:
            logger.error(Event.BATCH_NOT_COUNTED, group_kind=kind(group), error=type(failed).__name__)


def kind(group: str) -> str:
    """What of a group may stand in a log: a domain may be one family's own."""
    return next((prefix.rstrip(":") for prefix in hold_rules.OTHERS if group.startswith(prefix)), "batch")


def named(group: str) -> str:
    """What of a group may stand in a mail: a domain may be one family's own."""
    return "a receiving domain" if group.startswith(hold_rules.DOMAIN) else group


def note_urgent_put_off(parts: Iterable[Part], now: datetime) -> None:
    """Note that these urgent messages found no room, so that others make some. 1 write unit a channel.

    What only paces fails nothing.
    """
    for provider, channel in {(part.provider, part.outgoing.channel) for part in parts}:
        try:
            groups.note_urgent_put_off(f"{hold_rules.SENDER}{provider}", channel, now)
        except FAILURES as failed:
            logger.error(Event.PACE_NOT_NOTED, provider=provider, error=type(failed).__name__)
