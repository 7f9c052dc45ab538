"""Find people: by name, by a full address, by school, class, role or standing. Find classes by title.

Nothing is told of anybody outside the viewer's scope, not even by counts: who is out of scope is never read.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import batched
from typing import Final

from reachable import settings
from reachable.flows import scope
from reachable.model import addresses
from reachable.model.credential import Credential
from reachable.model.details import Detail
from reachable.model.errors import InvalidAddress, Meaningless, NotFound
from reachable.model.page import Page
from reachable.model.people import RosterKind, School, SchoolClass, User
from reachable.model.profile import SummaryShown
from reachable.model.search import ClassFound, ClassSearch, Search, Summary, folded_words, title_words
from reachable.model.status import CredentialStatus
from reachable.model.viewer import TokenRole, Viewer
from reachable.rules import gate, permissions
from reachable.rules import status as status_rules
from reachable.store import audit
from reachable.store.credentials import holders, registers
from reachable.store.roster import bad_lists, reach, records, search

_REGION: Final = settings.text("DEFAULT_REGION")
_PAGES: Final = 20
"""Parts of a list that one call looks through; then it answers what it has, with a cursor."""
_HOLDERS_AT_ONCE: Final = 100
_PLACE: Final = re.compile(r"[0-9a-f]{64}")
_DIGITS_OF_A_PHONE: Final = 7


def people(wish: Search, viewer: Viewer, now: datetime) -> Page[SummaryShown]:
    """Those in scope who fit. What was typed is personal, so the audit keeps only how it was looked for.

    A Query a school or class (one for the whole district by name), and two BatchGetItem for each 100 found;
    for a page one for whose schools no list tells (0.5 read units each), and one for the schools.

    Raises:
        Meaningless: it asks for everybody, or the cursor is none of ours.
    """
    if not wish.narrows:
        raise Meaningless(Detail.NOBODY_TO_LOOK_FOR, "/q")
    address = _address(wish.q) if wish.kind is RosterKind.USER else None
    if address is not None:
        found = _holders(address, wish, viewer)
    elif wish.status is CredentialStatus.BAD:
        found = _bad(wish, viewer)
    else:
        found = _by_name(wish, viewer)
    found = Page(_with_schools(found.items, wish.kind, viewer), found.next_cursor)
    details = {"by": "address" if address is not None else "name"}
    shown = [person.summary.id for person in found.items]
    entry = audit.AuditRecord(at=now, act=audit.Act.SEARCHED, by=viewer.id, details=details, shown=shown)
    audit.write(entry)
    return found


def schools(viewer: Viewer, now: datetime) -> list[School]:
    """The schools that the viewer may know of, by name; the audit keeps which."""
    found = records.all_schools() if permissions.sees_district(viewer) else records.schools(viewer.schools)
    shown = [school.id for school in found]
    audit.write(audit.AuditRecord(at=now, act=audit.Act.LISTED_SCHOOLS, by=viewer.id, shown=shown))
    return found


def classes(school_id: str, viewer: Viewer, now: datetime) -> tuple[SchoolClass, ...]:
    """The classes of a school that the viewer may know of, by title; the audit keeps which.

    Raises:
        NotFound: there is no such school, or none that the viewer may know of.
    """
    if not permissions.visible_schools(viewer, [school_id]) or records.school(school_id) is None:
        raise NotFound(Detail.NO_SUCH_SCHOOL)
    found = permissions.visible_classes(viewer, records.classes_of(school_id))
    shown = [class_.id for class_ in found]
    audit.write(audit.AuditRecord(at=now, act=audit.Act.LISTED_CLASSES, by=viewer.id, shown=shown))
    return found


def class_(class_id: str, viewer: Viewer, now: datetime) -> ClassFound:
    """A class that the viewer may know of; the audit keeps it, as of a list. 2 BatchGetItem.

    Raises:
        NotFound: there is no such class, or none that the viewer may know of.
    """
    seen = permissions.visible_classes(viewer, records.classes([class_id]))
    if not seen:
        raise NotFound(Detail.NO_SUCH_CLASS)
    audit.write(audit.AuditRecord(at=now, act=audit.Act.LISTED_CLASSES, by=viewer.id, shown=[class_id]))
    [found] = _with_school(seen, viewer)
    return found


def classes_by_title(wish: ClassSearch, viewer: Viewer, now: datetime) -> Page[ClassFound]:
    """Those of the classes that the viewer may know of which fit; the audit keeps which, as of any list.

    Of the whole district a Query, as many as there are schools in scope else, and 2 BatchGetItem.

    Raises:
        Meaningless: it asks for all of the district, or the cursor is none of ours.
    """
    if not wish.q and wish.school is None:
        raise Meaningless(Detail.NO_CLASS_TO_LOOK_FOR, "/q")
    if permissions.sees_district(viewer) and wish.school is None:
        page = search.classes_by_title(wish.q.split(), limit=wish.limit, cursor=wish.cursor)
    else:
        page = _classes_in_scope(wish, viewer)
    shown = [class_.id for class_ in page.items]
    audit.write(audit.AuditRecord(at=now, act=audit.Act.LISTED_CLASSES, by=viewer.id, shown=shown))
    return Page(_with_school(page.items, viewer), page.next_cursor)


def _with_school(classes: Sequence[SchoolClass], viewer: Viewer) -> tuple[ClassFound, ...]:
    """Each with its school, where the viewer may know of that. 1 BatchGetItem."""
    schools = permissions.visible_schools(viewer, {class_.school for class_ in classes})
    of = {school.id: school for school in records.schools(schools)}
    return tuple(ClassFound(class_, of.get(class_.school)) for class_ in classes)


def _classes_in_scope(wish: ClassSearch, viewer: Viewer) -> Page[SchoolClass]:
    """Of the school asked for, or of all that are the viewer's: few enough to be read whole."""
    after = search.after_cursor(wish.cursor)
    folded = title_words(wish.q)
    if wish.q and not folded:
        return Page(())
    schools = viewer.schools if wish.school is None else permissions.visible_schools(viewer, [wish.school])
    known = records.classes(viewer.classes if schools or wish.school is None else ())
    if permissions.sees_district(viewer) or TokenRole.SCHOOL_STAFF in viewer.roles:
        known += (class_ for school in sorted(schools) for class_ in records.classes_of(school))
    fitting = {
        search.sort_key(class_.title, class_.id): class_
        for class_ in permissions.visible_classes(viewer, known)
        if wish.school in {None, class_.school} and search.begins(folded, title_words(class_.title))
    }
    left = [(key, fitting[key]) for key in sorted(fitting) if key > after]
    page = Page.of(left, wish.limit, lambda found: search.cursor_of(found[0]))
    return Page(tuple(class_ for _, class_ in page.items), page.next_cursor)


def _address(q: str) -> Credential | None:
    """The credential that was typed, if it is one: nobody's name has an @ or seven digits."""
    try:
        if "@" in q:
            return addresses.email(q)
        return addresses.phone(q, _REGION) if _is_like_a_phone(q) else None
    except InvalidAddress:
        return None


def _is_like_a_phone(q: str) -> bool:
    """Whatever stands between its digits: dashes of every kind, dots, strokes, blanks that do not break."""
    return not any(map(str.isalpha, q)) and sum(map(str.isdecimal, q)) >= _DIGITS_OF_A_PHONE


def _holders(address: Credential, wish: Search, viewer: Viewer) -> Page[SummaryShown]:
    """Who holds an address, in a fixed order: scope and filters first, then a page of what is left.

    The order is that of their ids' digests, so that a cursor names nobody whom the viewer may not know.

    A Query, and for each 100 holders looked at a BatchGetItem for users, students, contacts and statuses.
    """
    after = _read_cursor(wish.cursor) if wish.cursor is not None else ""
    if not _may_ask_for(wish, viewer):
        return Page(())
    placed = ((_place(holder.user_id), holder.user_id) for holder in holders.standing(address).current)
    left = sorted((place, id_) for place, id_ in placed if place > after)
    looked_at = left[: _PAGES * _HOLDERS_AT_ONCE]
    items: list[SummaryShown] = []
    for some in batched(looked_at, _HOLDERS_AT_ONCE, strict=False):
        users = _of_school_and_class(scope.users_in_scope((id_ for _, id_ in some), viewer), wish)
        summaries = {user.id: _summary(user) for user in users}
        in_order = [summaries[id_] for _, id_ in some if id_ in summaries]
        items += (person for person in _shown(in_order) if _fits(person, wish))
        if len(items) > wish.limit:
            break
    page = Page.of(items, wish.limit, lambda person: _place(person.summary.id))
    if page.next_cursor is None and len(looked_at) < len(left):
        return Page(page.items, looked_at[-1][0])
    return page


def _may_ask_for(wish: Search, viewer: Viewer) -> bool:
    """Whether the viewer may know of the school and class asked for: else even an empty answer would tell."""
    if wish.school is not None and not permissions.visible_schools(viewer, [wish.school]):
        return False
    return wish.class_ is None or bool(permissions.visible_classes(viewer, records.classes([wish.class_])))


def _of_school_and_class(users: Iterable[User], wish: Search) -> list[User]:
    """Those of these users who are of the school and class asked for: teachers, and guardians of students."""
    found = [user for user in users if wish.school is None or wish.school in user.schools]
    if wish.class_ is None:
        return found
    students = records.students({link.id for user in found for link in user.students})
    of_class = {id_ for id_, student in students.items() if wish.class_ in student.classes}
    return [
        user
        for user in found
        if wish.class_ in user.classes or any(link.id in of_class for link in user.students)
    ]


def _summary(user: User) -> Summary:
    return Summary(
        kind=RosterKind.USER,
        id=user.id,
        sourced_id=user.sourced_id,
        name=user.name,
        role=user.role,
        account_status=user.account_status,
        schools=user.schools,
    )


def _place(user_id: str) -> str:
    """Where somebody stands in the list of an address's holders."""
    return sha256(user_id.encode()).hexdigest()


def _read_cursor(cursor: str) -> str:
    """The place after which to go on."""
    if _PLACE.fullmatch(cursor) is None:
        raise Meaningless(Detail.NOT_OUR_CURSOR, "/cursor")
    return cursor


def _bad(wish: Search, viewer: Viewer) -> Page[SummaryShown]:
    """Who has a bad credential, by name: the lists tell, which are read whole and then cut to a page."""
    after = search.after_cursor(wish.cursor)
    folded = folded_words(wish.q)
    if wish.q and not folded:
        return Page(())
    within = scope.within(viewer, wish.school, wish.class_)
    # Order and cursor are by the names that the lists have: the roster may have another by now.
    keys = {
        line.user_id: search.sort_key(line.name, line.user_id)
        for line in bad_lists.of_schools(within.schools)
        if (within.members is None or line.user_id in within.members)
        and search.begins(folded, folded_words(line.name))
    }
    left = sorted((id_ for id_, key in keys.items() if key > after), key=keys.__getitem__)
    items: list[SummaryShown] = []
    for some in batched(left, _HOLDERS_AT_ONCE, strict=False):
        users = records.users(some)
        in_order = [_summary(users[id_]) for id_ in some if id_ in users]
        items += (person for person in _shown(in_order) if _fits(person, wish))
        if len(items) > wish.limit:
            break
    return Page.of(items, wish.limit, lambda person: search.cursor_of(keys[person.summary.id]))


def _by_name(wish: Search, viewer: Viewer) -> Page[SummaryShown]:
    fetch = _fetch(wish, viewer)
    items: list[SummaryShown] = []
    cursor = wish.cursor
    for _ in range(_PAGES):
        page = fetch(limit=wish.limit - len(items), cursor=cursor)
        items += (person for person in _shown(page.items) if _fits(person, wish))
        cursor = page.next_cursor
        if cursor is None or len(items) == wish.limit:
            break
    return Page(tuple(items), cursor)


def _fetch(wish: Search, viewer: Viewer) -> Callable[..., Page[Summary]]:
    """Where to look: never further than the viewer may see."""
    by_school = permissions.sees_district(viewer) or TokenRole.SCHOOL_STAFF in viewer.roles
    look: Callable[..., Page[Summary]]
    if by_school and wish.class_ is None:
        scope = None if permissions.sees_district(viewer) else viewer.schools
        if wish.school is not None:
            scope = frozenset(permissions.visible_schools(viewer, [wish.school]))
        look = partial(search.by_name, schools=scope)
    else:
        asked = viewer.classes if wish.class_ is None else {wish.class_}
        seen = permissions.visible_classes(viewer, records.classes(asked))
        look = partial(
            search.in_classes,
            classes=[c.id for c in seen if wish.school in {None, c.school}],
            staff=None if by_school else {viewer.id},  # a teacher's colleagues are none of theirs
        )
    return partial(look, wish.q.split(), kind=wish.kind, role=wish.role, account_status=wish.account_status)


def _shown(summaries: Sequence[Summary]) -> list[SummaryShown]:
    contacts = reach.contacts(summary.id for summary in summaries if summary.kind is RosterKind.USER)
    statuses = registers.statuses(c for contact in contacts.values() for c in contact.credentials.values())
    return [
        SummaryShown(
            summary,
            gate.reachable(contacts[summary.id], statuses) if summary.id in contacts else (),
            bad=summary.id in contacts
            and any(status_rules.blocks(statuses[c]) for c in contacts[summary.id].credentials.values()),
        )
        for summary in summaries
    ]


def _with_schools(
    found: Sequence[SummaryShown], kind: RosterKind, viewer: Viewer
) -> tuple[SummaryShown, ...]:
    """The same with the schools of each that the viewer may know of.

    The lists by name tell none: somebody of every school would stand in as many lines, with as many schools
    in each.
    """
    told = {person.summary.id: person.summary.schools for person in found}
    read = records.schools_of(kind, (id_ for id_, schools in told.items() if schools is None))
    of = {
        id_: permissions.visible_schools(viewer, read.get(id_, ()) if schools is None else schools)
        for id_, schools in told.items()
    }
    named = records.schools({school for schools in of.values() for school in schools})
    return tuple(
        replace(person, schools=tuple(school for school in named if school.id in of[person.summary.id]))
        for person in found
    )


def _fits(person: SummaryShown, wish: Search) -> bool:
    """Whether somebody found by a list that knows neither fits what else is asked for."""
    return (
        wish.role in {None, person.summary.role}
        and wish.account_status in {None, person.summary.account_status}
        and (wish.status is None or person.bad is (wish.status is CredentialStatus.BAD))
    )
