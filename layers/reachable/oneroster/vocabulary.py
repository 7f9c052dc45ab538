"""OneRoster's words and ours: files, columns, roles, languages, and the made-up values of real exports."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reachable.model.people import Role

VERSIONS: Final = frozenset({"1.1", "1.2"})


@dataclass(frozen=True, slots=True)
class FileColumns:
    """A file that is read, into which table of ``Rows``, and its columns: required ones must be there."""

    file: str
    table: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


FILES_READ: Final = (
    FileColumns("orgs", "orgs", ("sourcedId", "name", "type"), ("status", "parentSourcedId")),
    FileColumns("academicSessions", "sessions", ("sourcedId", "endDate"), ("status",)),
    FileColumns("courses", "courses", ("sourcedId", "title"), ("status",)),
    FileColumns(
        "roles",
        "roles",
        ("sourcedId", "userSourcedId", "role", "orgSourcedId"),
        ("status", "endDate"),
    ),
    FileColumns(
        "users",
        "people",
        ("sourcedId", "givenName", "familyName"),
        (
            "status", "enabledUser", "orgSourcedIds", "role", "email", "sms", "phone", "agentSourcedIds",
            "grades", "primaryOrgSourcedId", "metadata.language",
        ),
    ),
    FileColumns(
        "classes",
        "classes",
        ("sourcedId", "title", "schoolSourcedId"),
        ("status", "courseSourcedId", "termSourcedIds"),
    ),
    FileColumns(
        "enrollments",
        "enrollments",
        ("sourcedId", "classSourcedId", "userSourcedId", "role"),
        ("status", "endDate"),
    ),
)  # fmt: skip
"""In the order in which they are read: roles before users, since they tell which users are students, who
have no credentials. userProfiles, demographics, results ... are not read."""

REQUIRED_OF_VERSION: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "1.1": {"users": ("role", "orgSourcedIds")},
    "1.2": {},
}
EXPECTED_FILES: Final[Mapping[str, tuple[str, ...]]] = {
    "1.1": ("orgs", "users", "classes", "enrollments"),
    "1.2": ("orgs", "users", "roles", "classes", "enrollments"),
}
"""Without these a district is not whole; a first import must have the first two (1.2: three)."""

SCHOOL: Final = "school"
DISTRICT_TYPES: Final = frozenset({"district", "local", "state", "national"})

STUDENT: Final = "student"
GUARDIAN_ROLES: Final = frozenset({"guardian", "parent", "relative"})
ADMINISTRATOR: Final = "administrator"
ROLES: Final[Mapping[str, Role]] = {
    "guardian": Role.GUARDIAN,
    "parent": Role.GUARDIAN,
    "relative": Role.GUARDIAN,
    "teacher": Role.TEACHER,
    "aide": Role.SCHOOL_STAFF,
    "proctor": Role.SCHOOL_STAFF,
    "counselor": Role.SCHOOL_STAFF,
    "principal": Role.SCHOOL_STAFF,
    "siteadministrator": Role.SCHOOL_STAFF,
    "administrator": Role.SCHOOL_STAFF,  # at a district's own org: Role.DISTRICT
    "districtadministrator": Role.DISTRICT,
    "systemadministrator": Role.DISTRICT,
    "sysadmin": Role.DISTRICT,
}
"""By lower-cased role: RoleType of 1.1 and RoleEnum of 1.2, and what exports make of them."""

WIDEST_FIRST: Final = (Role.DISTRICT, Role.SCHOOL_STAFF, Role.TEACHER, Role.GUARDIAN)
"""Of several roles in 1.2 the one that counts; one line of users.csv is one account."""

LANGUAGES: Final[Mapping[str, str]] = {
    "english": "en", "eng": "en", "spanish": "es", "spa": "es", "español": "es", "espanol": "es",
    "french": "fr", "fra": "fr", "fre": "fr", "german": "de", "deu": "de", "ger": "de",
    "portuguese": "pt", "por": "pt", "vietnamese": "vi", "vie": "vi", "chinese": "zh", "zho": "zh",
    "chi": "zh", "mandarin": "zh", "arabic": "ar", "ara": "ar", "korean": "ko", "kor": "ko",
    "tagalog": "tl", "tgl": "tl", "russian": "ru", "rus": "ru", "haitian creole": "ht", "hat": "ht",
    "somali": "so", "som": "so", "ukrainian": "uk", "ukr": "uk", "polish": "pl", "pol": "pl",
}  # fmt: skip
"""Names and ISO 639-2 codes of exports as ISO 639-1, which the first subtag of BCP 47 is."""

_BLANKS: Final = frozenset(
    {"", "-", "--", ".", "na", "n/a", "n.a.", "none", "null", "nil", "unknown", "no", "x"}
)
_LOCALS: Final = frozenset(
    {
        "none", "noemail", "no-email", "no.email", "no_email", "nomail", "no-mail", "no.mail", "noaddress",
        "donotemail", "na", "n.a", "n-a", "null", "notprovided", "not.provided", "notavailable",
        "unknown", "declined", "refused", "noneprovided", "placeholder",
        "fake", "xxx",
    }
)  # fmt: skip
_DOMAINS: Final = frozenset(
    {
        "none",
        "noemail",
        "no-email",
        "nomail",
        "no-mail",
        "noaddress",
        "nowhere",
        "na",
        "unknown",
        "null",
        "fake",
    }
)
_NOT_DIGITS: Final = re.compile(r"\D")
_EXTENSION: Final = re.compile(r"(?:x|ext|extn|extension|#)[.:=]?\s*\d+\s*$", re.IGNORECASE)
_COUNTED: Final = frozenset(
    {"1234567890", "0123456789", "9876543210", "0987654321", "1234567", "11234567890"}
)


def is_blank(typed: str) -> bool:
    """Whether a field says "nothing" in one of the ways in which people write that."""
    return typed.lower() in _BLANKS


def is_placeholder_email(address: str) -> bool:
    """Whether a well-formed address was made up to satisfy a form: ``none@none.com``, ``noemail@...``."""
    local, _, domain = address.rpartition("@")
    name, _, ending = domain.partition(".")
    return local in _LOCALS or (name in _DOMAINS and "." not in ending)  # na.example.com is somebody's


def is_placeholder_phone(typed: str) -> bool:
    """Whether a number was made up: one digit over and over, or counted through."""
    digits = _NOT_DIGITS.sub("", typed)
    return digits in _COUNTED or (len(digits) >= 7 and len(set(digits.removeprefix("1") or digits)) == 1)  # noqa: PLR2004 - a local number's length


def has_extension(typed: str) -> bool:
    """Whether a phone number ends in an extension: ``(202) 555-0143 x12``, but not ``#2025550143``."""
    found = _EXTENSION.search(typed)
    return found is not None and any(c.isdigit() for c in typed[: found.start()])


def language_of(typed: str) -> str | None:
    """ISO 639-1 or -3 of what an export says, None where that is no language."""
    word = typed.strip().lower()
    if word in LANGUAGES:
        return LANGUAGES[word]
    first = word.replace("_", "-").partition("-")[0]
    if first in LANGUAGES:
        return LANGUAGES[first]
    return first if len(first) in (2, 3) and first.isascii() and first.isalpha() else None
