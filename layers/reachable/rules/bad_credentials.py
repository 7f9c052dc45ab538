"""Which lines the lists of bad credentials have of a credential, and what a reader finds in one (design 3.4).

They follow from its status and holders alone, so that whoever works them out anew gets the same.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date

from reachable.model.bad_credential import BadCredential, BadSearch
from reachable.model.delivery_event import EventHex
from reachable.model.guidance import Audience, Guidance
from reachable.model.history import HistoryItem, Standing
from reachable.model.people import AccountStatus
from reachable.model.status import Block, Status, time_of
from reachable.rules import disclosure
from reachable.rules import guidance as guidance_rules
from reachable.rules import history as history_rules
from reachable.rules import status as status_rules
from reachable.rules.guidance import Evidence


def lines(standing: Standing) -> list[BadCredential]:
    """A line for each who holds it now, where it is bad."""
    blocks = tuple(status_rules.blocks(standing.status))
    if not blocks:
        return []
    current = standing.current
    return [
        BadCredential(
            user_id=holder.user_id,
            sourced_id=holder.sourced_id,
            name=holder.name,
            credential=standing.credential,
            blocks=blocks,
            held_since=holder.since,
            shared=len(current) > 1,
            schools=holder.schools,
        )
        for holder in current
    ]


def days(blocks: Iterable[Block], items: Mapping[EventHex, HistoryItem]) -> dict[date, list[Block]]:
    """The days (UTC) on which occurred what blocks, with the blocks of each; ``items`` tell of them.

    Not their marks' days: a mark may lie weeks before, when the message was sent.
    """
    found: dict[date, list[Block]] = {}
    for block in blocks:
        at = history_rules.occurred_at(block, items)
        found.setdefault(at.astimezone(UTC).date(), []).append(block)
    return found


def newest(line: BadCredential, reader: Audience) -> Block | None:
    """The newest block that this reader may read; None where there is none."""
    return disclosure.newest(Status(line.blocks), reader)


def fits(line: BadCredential, wish: BadSearch, reader: Audience) -> bool:
    """Whether it is looked for, by what the reader may read of it: what is hidden shows in no filter."""
    told = newest(line, reader)
    if wish.channel is not None and all(wish.channel not in block.channels for block in line.blocks):
        return False
    if wish.cause is not None and (told is None or told.cause is not wish.cause):
        return False
    return wish.since is None or (told is not None and time_of(told.at) >= wish.since)


def advice(line: BadCredential) -> list[Guidance]:
    """What to do about it, as everybody may read it who sees the line."""
    evidence = Evidence(
        line.credential.kind,
        Status(line.blocks),
        shared=line.shared,
        held_since=line.held_since,
        meant=line.meant,
    )
    return guidance_rules.of_user(AccountStatus.ACTIVE, [evidence], Audience.STAFF)
