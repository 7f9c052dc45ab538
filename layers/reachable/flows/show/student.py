"""Show a student: guardians, and whether each can be reached."""

from datetime import datetime

from reachable.model.details import Detail
from reachable.model.errors import NotFound
from reachable.model.profile import GuardianShown, StudentShown
from reachable.model.viewer import Viewer
from reachable.rules import gate, permissions
from reachable.store import audit
from reachable.store.credentials import registers
from reachable.store.roster import reach, records


def student(student_id: str, viewer: Viewer, now: datetime) -> StudentShown:
    """A student's profile: guardians and whether each can be reached. The view is kept in the audit.

    1 Query for the student, and a BatchGetItem each for guardians, statuses, schools and classes.

    Raises:
        NotFound: there is no such student, or none in the viewer's scope.
    """
    found = records.student(student_id)
    if found is None or not permissions.student_in_scope(viewer, found):
        raise NotFound(Detail.NO_SUCH_STUDENT)
    schools = permissions.visible_schools(viewer, found.schools)
    classes = permissions.visible_classes(viewer, records.classes(found.classes))
    hidden = {
        "schools": len(schools) < len(found.schools),
        "classes": len(classes) < len(found.classes),
    }
    contacts = reach.contacts(link.id for link in found.guardians)
    statuses = registers.statuses(c for contact in contacts.values() for c in contact.credentials.values())
    audit.write(audit.AuditRecord(at=now, act=audit.Act.VIEWED, by=viewer.id, user_id=student_id))
    return StudentShown(
        student=found,
        guardians=tuple(
            GuardianShown(link, contact.account_status, gate.reachable(contact, statuses))
            for link in found.guardians
            if (contact := contacts.get(link.id)) is not None
        ),
        schools=tuple(records.schools(schools)),
        classes=classes,
        hidden=tuple(name for name, left_out in hidden.items() if left_out),
    )
