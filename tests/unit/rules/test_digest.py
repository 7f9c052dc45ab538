"""The weekly digest: whom it names, to whom, in what order and words."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from reachable.model.bad_credential import BadCredential
from reachable.model.credential import Credential, CredentialKind
from reachable.model.delivery_event import Cause, Permanence
from reachable.model.people import AccountStatus, Link, Role, School, Student, User
from reachable.model.status import Block, BlockRegister, Mark
from reachable.rules import digest
from reachable.rules.digest import Digest, Listed
from reachable.words import Language

NORTH = School(id="north", sourced_id="school-1", name="North School")
EMAIL = Credential(CredentialKind.EMAIL, "ada@example.org")
PHONE = Credential(CredentialKind.PHONE, "+12025550123")


def person(id_: str, name: str, role: Role = Role.GUARDIAN, **changes: Any) -> User:
    given, _, family = name.partition(" ")
    made: dict[str, Any] = {
        "id": id_,
        "sourced_id": f"sis-{id_}",
        "role": role,
        "given_name": given,
        "family_name": family,
        "account_status": AccountStatus.ACTIVE,
        "language": "en",
        "schools": ("north",),
    }
    return User(**made | changes)


def block(register: str, day: str, cause: Cause, permanence: Permanence | None = None) -> Block:
    at = Mark(f"{day}T09:00:00.000000Z#0123456789abcdef")
    return Block(BlockRegister.of_name(register), at, cause, permanence, "ses")


GONE = block("bounce@email", "2026-11-20", Cause.INVALID_ADDRESS, Permanence.PERMANENT)
STOPPED = block("opt_out@sms", "2026-11-25", Cause.OPT_OUT)
DEAD = block("bounce@voice", "2026-11-18", Cause.INACTIVE_OR_UNREACHABLE, Permanence.PERMANENT)


def line(user_id: str, credential: Credential, *blocks: Block, shared: bool = False) -> BadCredential:
    return BadCredential(
        user_id=user_id,
        sourced_id=f"sis-{user_id}",
        name="as the list has it",
        credential=credential,
        blocks=blocks,
        held_since=datetime(2026, 9, 1, tzinfo=UTC),
        shared=shared,
        schools=("north",),
    )


def listed(id_: str, name: str, *lines: BadCredential, students: tuple[Student, ...] = ()) -> Listed:
    return Listed(user=person(id_, name), lines=lines or (line(id_, EMAIL, GONE),), students=students)


def student(id_: str, school: str = "north", classes: tuple[str, ...] = ()) -> Student:
    return Student(
        id=id_,
        sourced_id=f"sis-{id_}",
        given_name="Bo",
        family_name="Reyes",
        grade=None,
        schools=(school,),
        classes=classes,
    )


@pytest.mark.parametrize(
    ("at", "week"),
    [
        (datetime(2026, 11, 30, 14, tzinfo=UTC), "2026-W49"),
        (datetime(2026, 11, 29, 23, 59, tzinfo=UTC), "2026-W48"),
        (datetime(2027, 1, 1, tzinfo=UTC), "2026-W53"),  # ISO's year, not the calendar's
        (datetime(2026, 11, 30, 1, tzinfo=timezone(timedelta(hours=2))), "2026-W48"),
    ],
)
def test_a_week_is_that_of_iso_8601_in_utc(at: datetime, week: str) -> None:
    assert digest.week(at) == week


@pytest.mark.parametrize(
    ("at", "now", "over"),
    [
        ("2026-11-22T23:59:59+00:00", "2026-11-23T00:00:00+00:00", True),
        ("2026-11-23T00:00:00+00:00", "2026-11-29T23:59:59+00:00", False),
        ("2026-11-30T00:00:00+00:00", "2026-11-29T23:59:59+00:00", False),
        ("2026-12-31T00:00:00+00:00", "2027-01-03T00:00:00+00:00", False),  # one ISO week
        ("2026-12-31T00:00:00+00:00", "2027-01-04T00:00:00+00:00", True),
    ],
)
def test_a_week_is_over_once_the_next_one_has_begun(at: str, now: str, over: bool) -> None:
    assert digest.is_over(datetime.fromisoformat(at), datetime.fromisoformat(now)) is over


def test_a_school_s_people_come_newest_first_by_what_staff_may_read() -> None:
    """Of a wish nobody learns since when: it moves nobody up."""
    lines = [
        line("ada", EMAIL, block("bounce@email", "2026-11-10", Cause.MAILBOX_FULL)),
        line("ada", PHONE, block("complaint@email", "2026-11-27", Cause.COMPLAINT)),
        line("ben", EMAIL, GONE),
        line("zoe", PHONE, STOPPED),
        line("cleo", PHONE, STOPPED),
        line("left", EMAIL, GONE),
    ]
    users = {
        id_: person(id_, name)
        for id_, name in {"ada": "Ada", "ben": "Ben", "zoe": "Zoe", "cleo": "cleo"}.items()
    }

    found = digest.listed(NORTH, lines, users, {})

    assert [(one.user.id, len(one.lines)) for one in found] == [
        ("ben", 1),
        ("ada", 2),
        ("cleo", 1),
        ("zoe", 1),
    ]


def test_of_one_moment_people_come_by_name() -> None:
    lines = [line(id_, EMAIL, GONE) for id_ in ("a", "b", "c")]
    users = {"a": person("a", "Zoe"), "b": person("b", "ben"), "c": person("c", "Ada")}
    assert [one.user.id for one in digest.listed(NORTH, lines, users, {})] == ["c", "b", "a"]


def test_of_somebody_s_students_those_at_the_school_count() -> None:
    links = tuple(Link(id_, "Bo", "child", id_) for id_ in ("here", "elsewhere", "gone"))
    users = {"ada": person("ada", "Ada", students=links)}
    students = {"here": student("here"), "elsewhere": student("elsewhere", school="south")}

    [found] = digest.listed(NORTH, [line("ada", EMAIL, GONE)], users, students)

    assert found.students == (students["here"],)


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.SCHOOL_STAFF, ["ada", "ben", "colleague"]),
        (Role.TEACHER, ["ada"]),  # of her own class
    ],
)
def test_staff_read_of_whom_they_see_anyway_and_not_of_themselves(role: Role, seen: list[str]) -> None:
    people = [
        listed("ada", "Ada", students=(student("bo", classes=("art",)),)),
        listed("ben", "Ben", students=(student("cy", classes=("music",)),)),
        listed("colleague", "Cora"),
        listed("tess", "Tess"),
    ]
    staff = person("tess", "Tess", role, works_at=("north",), classes=("art",))

    assert [one.user.id for one in digest.seen_by(staff, people)] == seen


BOTH = [
    listed("ada", "Ada Reyes", line("ada", EMAIL, GONE, shared=True), line("ada", PHONE, STOPPED, DEAD)),
    listed("ben", "Ben Li", line("ben", PHONE, STOPPED)),
]
IN_ENGLISH = """\
Messages no longer reach these people of North School by the ways named here. The newest come first.

Ada Reyes
No emails. Since November 20, 2026: This email address does not exist. Correct the email address in the \
student information system first: a reset alone will not help, since it has not changed there since it \
failed. Others share this email address. A reset opens it for them too.
No texts or calls. Since November 18, 2026: The phone could not be reached: it is off, out of coverage or \
not in use. Messages to this phone number are not wanted. Reach the person in another way. This phone \
number exists but is out of use. Ask the person: correct it in the student information system, or reset it \
once it is in use again.

Ben Li
No texts. Messages to this phone number are not wanted. Reach the person in another way.

The addresses and numbers stand on each person's profile in Reachable. You get this once a week, since you \
work at North School. It names families: please do not pass it on.
"""


def test_a_mail_names_people_by_what_since_when_why_and_what_to_do() -> None:
    """Of a wish that alone: no date and no reason."""
    mail = digest.of_school(NORTH, BOTH, Language.EN, UTC)

    assert mail == Digest("Not reached at North School: 2", IN_ENGLISH, ("ada", "ben"))


def test_a_mail_speaks_spanish() -> None:
    mail = digest.of_school(NORTH, BOTH, Language.ES, UTC)

    assert mail is not None
    assert mail.subject == "Sin recibir mensajes en North School: 2"
    assert (
        "\n\nBen Li\nSin mensajes de texto. En este contacto (número de teléfono) no se desean mensajes."
        " Comuníquese con la persona de otra manera.\n\n"
    ) in mail.text
    assert "Sin mensajes de texto ni llamadas. Desde el 18 de noviembre de 2026: " in mail.text


def test_no_address_and_no_number_stands_in_a_mail() -> None:
    mail = digest.of_school(NORTH, BOTH, Language.EN, UTC)

    assert mail is not None
    assert "@" not in mail.text
    assert "2025550123" not in mail.text


def test_nobody_on_the_list_is_no_mail() -> None:
    assert digest.of_school(NORTH, [], Language.EN, UTC) is None
    assert digest.of_district([(NORTH, 0)], 0, Language.EN) is None


def test_a_mail_names_a_hundred_people_and_counts_the_others() -> None:
    people = [listed(str(number), f"Person {number}") for number in range(103)]

    mail = digest.of_school(NORTH, people, Language.EN, UTC)

    assert mail is not None
    assert mail.subject == "Not reached at North School: 103"
    assert mail.shown == tuple(str(number) for number in range(100))
    assert "\n\nAnd 3 more: see the school's list in Reachable.\n\n" in mail.text


def test_a_mail_has_room_for_so_many_characters_and_counts_the_others() -> None:
    """A message's text may have 100,000; what everybody's credential can be closed by has no end."""
    blocks = [GONE, block("opt_out@email", "2026-11-01", Cause.OPT_OUT)]
    people = [
        listed(str(number), "N" * 500, *(line(str(number), EMAIL, *blocks),) * 5) for number in range(100)
    ]

    mail = digest.of_school(NORTH, people, Language.EN, UTC)

    assert mail is not None
    assert 70_000 < len(mail.text) < 90_000
    assert 10 < len(mail.shown) < 100
    assert f"And {100 - len(mail.shown)} more: " in mail.text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Ada\r\nBcc: x@y.example", "Ada Bcc: x@y.example"),
        ("Ada\u2028\u202eseyeR\x00", "Ada seyeR"),
        ("A\u00add\u200ba\U000e0041\u061c", "Ada"),  # not seen, or turns the text
        ("Ada\u00a0\u3000\tReyes", "Ada Reyes"),
        ("Ada\u2028Reyes", "Ada Reyes"),
        ("Ada\u2029Reyes", "Ada Reyes"),
        ("\u202e", "sis-ada"),
        ("<b>Ada</b> & {count}", "<b>Ada</b> & {count}"),  # plain text: nothing in it is markup
        ("  ", "sis-ada"),
        ("A" * 101, "A" * 99 + "…"),
        ("A" * 100, "A" * 100),
    ],
)
def test_a_name_is_one_line_whatever_a_roster_says(given: str, shown: str) -> None:
    school = School(id="north", sourced_id="sis-ada", name=given)
    one = Listed(user=person("ada", "", given_name=given), lines=(line("ada", EMAIL, GONE),), students=())

    mail = digest.of_school(school, [one], Language.EN, UTC)

    assert mail is not None
    assert mail.subject == f"Not reached at {shown}: 1"
    assert f"\n\n{shown}\nNo emails. " in mail.text


def test_the_district_s_mail_counts_by_school_and_names_nobody() -> None:
    counts = [
        (School(id="quiet", sourced_id="4", name="Quiet School"), 0),
        (None, 1),
        (NORTH, 3),
        (School(id="elm", sourced_id="2", name="elm School"), 3),
    ]

    mail = digest.of_district(counts, 6, Language.EN)

    assert mail == Digest(
        "Not reached in the district: 6",
        "People whom messages no longer reach by email, text or call, by school. Somebody of two schools"
        " counts in both.\n\n"
        "elm School: 3\nNorth School: 3\nOf no school: 1\n\n"
        "Who they are, why, and what to do stands in each school's list in Reachable. You get this once a"
        " week, since you work for the district.\n",
    )


def test_a_district_of_more_schools_than_a_mail_has_room_for_is_told_how_many() -> None:
    counts = [(School(id=str(n), sourced_id=str(n), name=f"{n:04}" + "x" * 90), 1) for n in range(1000)]

    mail = digest.of_district(counts, 1000, Language.EN)

    assert mail is not None
    assert len(mail.text) < 90_000
    assert "\n\nSchools not named here: 176. See the lists in Reachable.\n\n" in mail.text
