"""Who is in a viewer's scope: the roster says of what schools and classes they are, a rule decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reachable.model.details import Detail
from reachable.model.errors import NotFound
from reachable.model.people import Link, Student, User
from reachable.model.viewer import TokenRole, Viewer
from reachable.rules import permissions
from reachable.store.roster import records, search


def user_in_scope(user_id: str, viewer: Viewer) -> User:
    """The user, if the viewer may know of them.

    Raises:
        NotFound: no such user, or none in scope: the two are not told apart.
    """
    return in_scope(user_id, viewer)[0]


def users_in_scope(user_ids: Iterable[str], viewer: Viewer) -> list[User]:
    """Those of these users whom the viewer may know of. A BatchGetItem, and one for their students."""
    users = records.users(user_ids).values()
    linked = _linked(users, viewer)

    def seen(user: User) -> bool:
        students = (linked[link.id] for link in user.students if link.id in linked)
        return permissions.user_in_scope(viewer, user, students)

    return [user for user in users if seen(user)]


def in_scope(user_id: str, viewer: Viewer) -> tuple[User, Mapping[str, Student]]:
    """The user and, where it matters for what is seen, the linked students."""
    found = records.user(user_id)
    linked = _linked([found], viewer) if found is not None else {}
    if found is None or not permissions.user_in_scope(viewer, found, linked.values()):
        raise NotFound(Detail.NO_SUCH_USER)
    return found, linked


def _linked(users: Iterable[User], viewer: Viewer) -> Mapping[str, Student]:
    """The students of these users; who sees the whole district sees them unread."""
    if permissions.sees_district(viewer):
        return {}
    return records.students({link.id for user in users for link in user.students})


@dataclass(frozen=True, slots=True)
class Within:
    """Whom of the lists that stand by school a viewer may know of: all there, or ``members`` alone."""

    schools: frozenset[str]
    members: frozenset[str] | None


def within(viewer: Viewer, school: str | None, class_: str | None) -> Within:
    """Of whom lists tell a viewer, of a school and a class where they ask for one.

    Who sees schools sees all who stand there, a teacher the guardians of their classes. A Query for the
    district's schools; a BatchGetItem, and a Query a class, where classes matter.
    """
    district = permissions.sees_district(viewer)
    seen = frozenset(search.every_school()) if district else viewer.schools
    schools = seen if school is None else seen & {school}
    by_school = district or TokenRole.SCHOOL_STAFF in viewer.roles
    if by_school and class_ is None:
        return Within(schools, None)
    asked = records.classes(viewer.classes if class_ is None else {class_})
    classes = [found.id for found in permissions.visible_classes(viewer, asked)]
    teachers, guardians = search.of_classes(classes)
    colleagues = teachers if by_school else teachers & {viewer.id}
    oneself = {viewer.id} if class_ is None else set[str]()
    return Within(schools, frozenset(guardians | colleagues | oneself))


def is_visible(link: Link, linked: Mapping[str, Student], viewer: Viewer) -> bool:
    """Whether the viewer may know of a student to whom somebody is linked."""
    if permissions.sees_district(viewer):
        return True
    return link.id in linked and permissions.student_in_scope(viewer, linked[link.id])
