"""Write the weekly digests: mails to staff of whom messages no longer reach (docs/digest.md).

A school is a part of the work by itself, and the district another: each fits an invocation, however many
there are. May be done twice, late and in any order: who has a week's mail gets no second one, whatever the
list says by then. Who does not hold their address alone gets none: a guardian may read there of other
families.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from typing import Final

from reachable import aws, settings
from reachable.flows import domains, enqueue
from reachable.model.credential import CredentialKind
from reachable.model.delivery_event import Channel
from reachable.model.enqueue import LIMIT, EnqueueOutcome, Wish
from reachable.model.people import AccountStatus, Role, RosterKind, User
from reachable.model.send import Purpose
from reachable.queues import digests
from reachable.queues.digests import Due
from reachable.rules import digest
from reachable.rules.digest import Digest
from reachable.store import audit
from reachable.store.credentials import holders
from reachable.store.messages import dedup
from reachable.store.roster import bad_lists, records, search
from reachable.store.roster.items import NO_SCHOOL
from reachable.words import Language, spoken

ROLES: Final = frozenset(settings.each("DIGEST_ROLES", Role))
"""Staff of these roles, as the roster has them, get mails."""
DEFAULT_LANGUAGE: Final = settings.optional("DEFAULT_LANGUAGE", "en")
ZONE: Final = settings.optional("TIME_ZONE", UTC, settings.zone)
SYSTEM: Final = "system:digest"
"""Who has shown people to staff, in the audit."""
_DISTRICT: Final = "district"
_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Written:
    """How many mails of a part are new, and how many are kept back: somebody else has the address, too."""

    queued: int
    kept_back: int


def begin(at: datetime) -> int:
    """Queue the parts of a week's work; how many. A Query, and a request a school.

    Raises:
        botocore's errors: the queue did not take all of them; to be repeated.
    """
    parts = [Due(None, at)] if Role.DISTRICT in ROLES else []
    if ROLES - {Role.DISTRICT}:
        parts += [Due(school, at) for school in search.every_school() if school != NO_SCHOOL]
    digests.put(parts)
    return len(parts)


def part(due: Due, now: datetime) -> Written:
    """Queue the mails of one part; none of a week that is over: today's list is this week's.

    A mail is an audit record, a read unit for its dedup id, a strongly consistent Query for whose the address
    is, and what ``enqueue.wishes`` costs. Before them, of a school whose list has somebody: a Query for each
    500 lines and for each 200 of its people by name, once a role; 2 read units for each of its staff and of
    who is listed, half a one for each linked student. Of the district: that, of every school.

    Raises:
        Unavailable: a table or the queue did not answer; to be repeated.
    """
    if digest.is_over(due.at, now):
        return Written(0, 0)
    if due.school is None:
        return _queue(_of_district(), _DISTRICT, due.at, now)
    return _queue(_of_school(due.school), due.school, due.at, now)


def _of_school(school_id: str) -> Iterator[tuple[User, Digest]]:
    """The school's mails, each with who gets it; none where nobody is on its list, or on who reads it."""
    school = records.school(school_id)
    lines = list(bad_lists.of_schools([school_id])) if school is not None else []
    if school is None or not lines:
        return
    listed = records.users({line.user_id for line in lines})
    students = records.students({link.id for user in listed.values() for link in user.students})
    people = digest.listed(school, map(domains.with_meant, lines), listed, students)
    for staff in _staff(school_id, ROLES - {Role.DISTRICT}):
        if school_id in staff.works_at:
            mail = digest.of_school(school, digest.seen_by(staff, people), _language(staff), ZONE)
            if mail is not None:
                yield staff, mail


def _of_district() -> Iterator[tuple[User, Digest]]:
    """The district's mails: how many people of each school, once for each who reads it."""
    schools = {school.id: school for school in records.all_schools()}
    places = [*schools, NO_SCHOOL]
    listed = dict(zip(places, aws.side_by_side(_listed, places), strict=True))
    everybody = set[str]().union(*listed.values())
    if not everybody:
        return
    counts = [(schools.get(place), len(ids)) for place, ids in listed.items()]
    found = aws.side_by_side(lambda place: _staff(place, {Role.DISTRICT}), places)
    for staff in {user.id: user for users in found for user in users}.values():
        mail = digest.of_district(counts, len(everybody), _language(staff))
        if mail is not None:
            yield staff, mail


def _listed(school_id: str) -> set[str]:
    return {line.user_id for line in bad_lists.of_schools([school_id])}


def _staff(school_id: str, roles: Iterable[Role]) -> list[User]:
    """Who is found at a school, of these roles, with an account in use and an email.

    Good or bad: the gate decides then.
    """
    ids: list[str] = []
    for role in roles:
        cursor: str | None = None
        while True:
            page = search.by_name(
                [],
                kind=RosterKind.USER,
                schools=frozenset({school_id}),
                role=role,
                limit=_PAGE,
                cursor=cursor,
            )
            ids += (person.id for person in page.items)
            cursor = page.next_cursor
            if cursor is None:
                break
    return [
        user
        for user in records.users(ids).values()
        if user.account_status is AccountStatus.ACTIVE and CredentialKind.EMAIL in user.credentials
    ]


def _is_theirs_alone(staff: User) -> bool:
    current = holders.standing(staff.credentials[CredentialKind.EMAIL]).current
    return {holder.user_id for holder in current} == {staff.id}


def _language(staff: User) -> Language:
    return spoken(staff.language, DEFAULT_LANGUAGE)


def _queue(mails: Iterable[tuple[User, Digest]], of: str, at: datetime, now: datetime) -> Written:
    """Queue mails, each once a week; whom each names is on record before.

    Where a mail was asked for, and nobody knows whether it was queued, one that says something else by now is
    refused: the first one may have gone out.
    """
    week = digest.week(at)
    new = kept_back = 0
    for some in batched(mails, LIMIT, strict=False):
        by_id = {f"digest:{of}:{week}:{staff.id}": (staff, mail) for staff, mail in some}
        due = [(id_, *by_id[id_]) for id_ in by_id.keys() - dedup.done(by_id)]
        alone = aws.side_by_side(_is_theirs_alone, [staff for _, staff, _ in due])
        left = [mail for mail, is_alone in zip(due, alone, strict=True) if is_alone]
        kept_back += len(due) - len(left)
        entries = [
            audit.AuditRecord(
                at=now,
                act=audit.Act.DIGEST,
                by=SYSTEM,
                user_id=staff.id,
                details={"of": of, "week": week},
                shown=mail.shown,
            )
            for _, staff, mail in left
        ]
        aws.side_by_side(audit.write, entries)
        queued = enqueue.wishes(
            [_wish(staff, mail, id_, week) for id_, staff, mail in left],
            now,
        )
        new += sum(told.outcome is EnqueueOutcome.QUEUED for told in queued)
    return Written(new, kept_back)


def _wish(staff: User, mail: Digest, dedup_id: str, week: str) -> Wish:
    return Wish(
        user_id=staff.id,
        channel=Channel.EMAIL,
        purpose=Purpose.GENERAL,
        dedup_id=dedup_id,
        text=mail.text,
        subject=mail.subject,
        batch_id=f"digest-{week}",
    )
