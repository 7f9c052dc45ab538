"""Show the lists of bad credentials: who of a school or the district can't be reached, since when and why."""

from datetime import datetime
from itertools import batched, islice
from typing import Final

from reachable.flows import domains, scope
from reachable.model.bad_credential import BadCredential, BadCredentialShown, BadSearch
from reachable.model.details import Detail
from reachable.model.errors import NotFound
from reachable.model.page import Page
from reachable.model.people import School
from reachable.model.status import Status
from reachable.model.viewer import Viewer
from reachable.rules import bad_credentials, disclosure, gate, permissions
from reachable.rules import status as status_rules
from reachable.store import audit
from reachable.store.credentials import registers
from reachable.store.roster import bad_lists, reach, records

EXPORT_LIMIT: Final = 5_000
"""Lines of a file: with names and sentences of any length they stay under the 6 MB of an answer."""
_IDS_A_RECORD: Final = 1_000


def page(wish: BadSearch, viewer: Viewer, now: datetime) -> Page[BadCredentialShown]:
    """A part of the lists of whom the viewer may know of, in the order of their ids.

    A Query a school and, of what is looked through, one for each 500 lines; a BatchGetItem for the schools;
    for each 100 lines two, strongly consistent, for all by which these people can be reached: 1 read unit a
    person, and one a credential.

    Raises:
        NotFound: there is no such school, or none that the viewer may know of.
        Meaningless: the cursor is none of ours.
    """
    found = _found(wish, viewer)
    _keep_record(audit.Act.LISTED_BAD, found, viewer, now)
    return found


def export(wish: BadSearch, viewer: Viewer, now: datetime) -> Page[BadCredentialShown]:
    """As `page`, of a file's length and by name."""
    found = _found(wish, viewer)
    _keep_record(audit.Act.EXPORTED_BAD, found, viewer, now)
    by_name = sorted(found.items, key=lambda shown: (shown.line.name.casefold(), shown.line.user_id))
    return Page(tuple(by_name), found.next_cursor)


def _found(wish: BadSearch, viewer: Viewer) -> Page[BadCredentialShown]:
    if wish.school is not None and records.school(wish.school) is None:
        raise NotFound(Detail.NO_SUCH_SCHOOL)
    within = scope.within(viewer, wish.school, wish.class_)
    if wish.school is not None and not within.schools:
        raise NotFound(Detail.NO_SUCH_SCHOOL)
    reader = disclosure.audience(viewer)
    fitting = (
        line
        for line in bad_lists.of_schools(within.schools, wish.cursor, wish.limit)
        if (within.members is None or line.user_id in within.members)
        and bad_credentials.fits(line, wish, reader)
    )
    lines = Page.of(list(islice(fitting, wish.limit + 1)), wish.limit, bad_lists.cursor_of)
    of_lines = permissions.visible_schools(viewer, {id_ for line in lines.items for id_ in line.schools})
    schools = {school.id: school for school in records.schools(of_lines)}

    contacts = reach.contacts(line.user_id for line in lines.items)
    statuses = registers.statuses(c for contact in contacts.values() for c in contact.credentials.values())

    def shown(line: BadCredential) -> BadCredentialShown:
        named: list[School] = [schools[id_] for id_ in line.schools if id_ in schools]
        contact = contacts.get(line.user_id)  # None of who left the roster this moment
        return BadCredentialShown(
            line=line,
            newest=bad_credentials.newest(line, reader),
            open=status_rules.open_channels(line.credential.kind, Status(line.blocks)),
            reachable=gate.reachable(contact, statuses) if contact is not None else (),
            guidance=tuple(bad_credentials.advice(domains.with_meant(line))),
            schools=tuple(sorted(named, key=lambda school: (school.name.casefold(), school.id))),
        )

    return Page(tuple(map(shown, lines.items)), lines.next_cursor)


def _keep_record(act: audit.Act, found: Page[BadCredentialShown], viewer: Viewer, now: datetime) -> None:
    """Who was shown, before anybody sees them; an export is of many."""
    ids = dict.fromkeys(shown.line.user_id for shown in found.items)
    for some in batched(ids, _IDS_A_RECORD, strict=False) if ids else [()]:
        audit.write(audit.AuditRecord(at=now, act=act, by=viewer.id, shown=some))
