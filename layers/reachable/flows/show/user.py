"""Show a user: credentials, whether each is bad and why, and what can be done about it."""

from collections.abc import Iterable
from datetime import datetime

from reachable.flows import scope
from reachable.flows.show import credential
from reachable.model.guidance import Guidance
from reachable.model.people import User
from reachable.model.profile import CredentialShown, UserShown
from reachable.model.viewer import Viewer
from reachable.rules import guidance as guidance_rules
from reachable.rules import permissions
from reachable.rules import status as status_rules
from reachable.rules.guidance import Evidence
from reachable.rules.permissions import Action
from reachable.store import audit
from reachable.store.roster import records


def user(user_id: str, viewer: Viewer, now: datetime) -> UserShown:
    """A user's profile; that it was looked at is kept in the audit.

    A BatchGetItem for the user, a Query a credential, former ones too, one for the messages, half a read
    unit a block, 2 write units; where the viewer does not see the whole district, a BatchGetItem more for
    students and those who share.

    Raises:
        NotFound: there is no such user, or none in the viewer's scope.
    """
    found, linked = scope.in_scope(user_id, viewer)
    held = credential.held_now(found)
    shown = credential.shown(found, [*held, *credential.held_before(found)], viewer)
    students = tuple(link for link in found.students if scope.is_visible(link, linked, viewer))
    schools = permissions.visible_schools(viewer, found.schools)
    extended = permissions.may(viewer.roles, Action.EXTENDED)
    hidden = {
        "students": len(students) < len(found.students),
        "schools": len(schools) < len(found.schools),
        "credentials/holders": any(one.other_holders for one in shown),
        "credentials/blocks": not extended,
        "credentials/last_message": not extended,
    }
    audit.write(audit.Entry(at=now, act=audit.Act.VIEWED, by=viewer.id, user_id=user_id))
    return UserShown(
        user=found,
        schools=tuple(records.schools(schools)),
        students=students,
        credentials=shown,
        guidance=tuple(_guidance(found, shown)),
        actions=permissions.actions_on_a_user(viewer.roles, found.account_status),
        hidden=tuple(name for name, left_out in hidden.items() if left_out),
        etag=status_rules.etag(one.standing for one in held),
    )


def _guidance(found: User, shown: Iterable[CredentialShown]) -> list[Guidance]:
    return guidance_rules.of_user(
        found.account_status,
        (
            Evidence(
                one.credential.kind,
                one.status,
                one.shared,
                one.held_since,
                inherited=one.inherited,
                former=one.former,
                last_message=one.last_message,
            )
            for one in shown
        ),
    )
