"""Fold the lists of bad credentials anew from statuses and holders, and say where they differ: for ops."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from reachable import aws
from reachable.flows import keep_lists
from reachable.model.credential import Credential
from reachable.queues import reactions
from reachable.rules import status as status_rules
from reachable.store.credentials import holders, registers
from reachable.store.roster import bad_lists
from reachable.store.roster.items import Place


class Fault(StrEnum):
    """In what a line is not as it should be."""

    MISSING = "missing"
    STRAY = "stray"
    OTHER = "other"
    """It says something else."""
    LOST = "lost"
    """Nothing leads to it, or what leads to it leads nowhere; nothing that keeps lists makes one."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of a list that is not as it should be, and of which credential, where that is known."""

    credential: Credential | None
    place: Place
    fault: Fault


def compare() -> list[Difference]:
    """All differences between the lists and what the tables say; while something moves, of what moves too.

    Two Scans of both tables, and a Query and half a read unit a block for each bad credential.
    """
    bad = [credential for credential, status in registers.every() if status_rules.blocks(status)]
    told = aws.side_by_side(lambda credential: keep_lists.lines(holders.standing(credential)), bad)
    wanted = {
        (credential, where): bad_lists.digest(item)
        for credential, lines in zip(bad, told, strict=True)
        for where, item in lines.items()
    }
    stored = bad_lists.stored()
    found: dict[tuple[Credential | None, Place], Fault] = {}
    for (credential, where), says in wanted.items():
        if (credential, where) not in stored.pointers:
            found[credential, where] = Fault.MISSING
        elif stored.pointers[credential, where] != says:
            found[credential, where] = Fault.OTHER
    for credential, where in stored.pointers.keys() - wanted.keys():
        found[credential, where] = Fault.STRAY
    whose = {where: credential for credential, where in stored.pointers}
    for where in whose.keys() | stored.lines.keys():
        pointing = whose.get(where)
        says_so = None if pointing is None else stored.pointers[pointing, where]
        if stored.lines.get(where) != says_so:
            found[pointing, where] = Fault.LOST
    for day in {bad_lists.day_of(where) for where in stored.lines} - stored.days - {None}:
        found[None, (bad_lists.DAYS, str(day))] = Fault.MISSING
    return sorted((Difference(*key, fault) for key, fault in found.items()), key=attrgetter("place"))


def mend(differences: Iterable[Difference]) -> int:
    """Strike what is lost, note what days are not, have the lists of all concerned kept anew; of how many.

    Raises:
        botocore's errors: done in part. To be repeated.
    """
    concerned: set[Credential | None] = set()
    for difference in differences:
        entity, item = difference.place
        if entity == bad_lists.DAYS:
            bad_lists.note_days([item])
        elif difference.fault is Fault.LOST:
            concerned.add(bad_lists.strike(difference.credential, difference.place))
        else:
            concerned.add(difference.credential)
    named = sorted(str(credential) for credential in concerned if credential is not None)
    reactions.put(named)
    return len(named)
