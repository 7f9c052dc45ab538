"""Show a user: credentials, whether each is bad and why, and what can be done about it."""

from datetime import datetime

from reachable.flows import scope
from reachable.flows.show import credential
from reachable.model.guidance import Audience
from reachable.model.profile import UserShown
from reachable.model.viewer import Viewer
from reachable.rules import disclosure, permissions
from reachable.rules import status as status_rules
from reachable.store import audit
from reachable.store.roster import records


def user(user_id: str, viewer: Viewer, now: datetime) -> UserShown:
    """A user's profile; that it was looked at is kept in the audit.

    A BatchGetItem for the user, a Query a credential, former ones too, one for the messages, half a read
    unit a block, 2 write units; a BatchGetItem more for who set blocks by hand, where any are; where the
    viewer does not see the whole district, one more for students and those who share.

    Raises:
        NotFound: there is no such user, or none in the viewer's scope.
    """
    found, linked = scope.in_scope(user_id, viewer)
    now_held = credential.held_now(found)
    held = [*now_held, *credential.held_before(found)]
    shown = credential.shown(found, held, viewer)
    students = tuple(link for link in found.students if scope.is_visible(link, linked, viewer))
    schools = permissions.visible_schools(viewer, found.schools)
    reader = disclosure.audience(viewer)
    extended = reader is Audience.EXTENDED
    hidden = {
        "students": len(students) < len(found.students),
        "schools": len(schools) < len(found.schools),
        "credentials/holders": any(credential.other_holders for credential in shown),
        "credentials/blocks": not extended,
        "credentials/last_message": not extended,
        "credentials/upstream": not extended,
    }
    audit.write(audit.AuditRecord(at=now, act=audit.Act.VIEWED, by=viewer.id, user_id=user_id))
    return UserShown(
        user=found,
        schools=tuple(records.schools(schools)),
        students=students,
        credentials=shown,
        guidance=credential.advice(found, held, shown, reader),
        actions=permissions.actions_on_a_user(viewer.roles, found.account_status),
        hidden=tuple(name for name, left_out in hidden.items() if left_out),
        etag=status_rules.etag(holding.standing for holding in now_held)
        if extended
        else disclosure.etag(shown),
    )
