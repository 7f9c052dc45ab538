"""OneRoster's words and ours: files, columns, their other names, roles, org types, languages."""

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

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, the id first."""
        return self.required + self.optional


FILES_READ: Final = (
    FileColumns("orgs", "orgs", ("sourcedId", "name", "type"), ("status", "parentSourcedId")),
    FileColumns("academicSessions", "sessions", ("sourcedId", "endDate"), ("status",)),
    FileColumns("courses", "courses", ("sourcedId", "title"), ("status",)),
    FileColumns(
        "roles",
        "roles",
        ("sourcedId", "userSourcedId", "role", "orgSourcedId"),
        ("status", "endDate", "beginDate"),
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

SYNONYMS: Final[Mapping[str, Mapping[str, str]]] = {
    "orgs": {"parentOrgSourcedId": "parentSourcedId", "orgName": "name", "orgType": "type"},
    "courses": {"courseTitle": "title", "courseName": "title"},
    "roles": {
        "schoolSourcedId": "orgSourcedId", "userRole": "role", "roleEndDate": "endDate",
        "roleStartDate": "beginDate", "startDate": "beginDate",
    },
    "users": {
        "agents": "agentSourcedIds", "agentIds": "agentSourcedIds", "orgs": "orgSourcedIds",
        "schoolSourcedIds": "orgSourcedIds", "primaryOrg": "primaryOrgSourcedId",
        "firstName": "givenName", "lastName": "familyName", "surname": "familyName",
        "emailAddress": "email", "mail": "email",
        "mobile": "sms", "mobilePhone": "sms", "cell": "sms", "cellPhone": "sms", "smsPhone": "sms",
        "phoneNumber": "phone", "telephone": "phone", "homePhone": "phone", "primaryPhone": "phone",
        "enabled": "enabledUser", "isEnabled": "enabledUser", "gradeLevel": "grades", "userRole": "role",
        "language": "metadata.language", "preferredLanguage": "metadata.language",
        "homeLanguage": "metadata.language", "metadata.preferredLanguage": "metadata.language",
        "metadata.homeLanguage": "metadata.language", "metadata.lang": "metadata.language",
    },
    "classes": {
        "terms": "termSourcedIds", "academicSessionSourcedIds": "termSourcedIds",
        "sessionSourcedIds": "termSourcedIds", "orgSourcedId": "schoolSourcedId",
        "classTitle": "title", "className": "title",
    },
    "enrollments": {"sectionSourcedId": "classSourcedId", "userRole": "role"},
}  # fmt: skip
"""Other names of our columns: those of OneRoster 1.0, and what exporters make of them. A column of such a
name is read where the right one is not there. Blanks, signs, ``sourceId`` and a plural are told from none."""

_ENDS: Final[Mapping[str, str]] = dict.fromkeys(
    ("end", "exitDate", "dropDate", "withdrawDate", "withdrawalDate", "leaveDate", "finishDate", "stopDate"),
    "endDate",
)
RESEMBLING: Final[Mapping[str, Mapping[str, str]]] = {
    "orgs": dict.fromkeys(("parent", "parentId", "parentOrg", "parentOrgId"), "parentSourcedId"),
    "academicSessions": _ENDS,
    "roles": _ENDS,
    "users": {
        "guardians": "agentSourcedIds", "guardianSourcedIds": "agentSourcedIds", "parents": "agentSourcedIds",
        "parentSourcedIds": "agentSourcedIds", "contacts": "agentSourcedIds",
        "contactSourcedIds": "agentSourcedIds", "relationships": "agentSourcedIds",
        "students": "agentSourcedIds", "children": "agentSourcedIds", "studentSourcedIds": "agentSourcedIds",
        "guardianIds": "agentSourcedIds", "parentIds": "agentSourcedIds", "contactIds": "agentSourcedIds",
        "relatives": "agentSourcedIds", "emergencyContacts": "agentSourcedIds",
        "workPhone": "phone", "parentPhone": "phone", "guardianPhone": "phone", "contactPhone": "phone",
        "mobileNumber": "sms", "cellNumber": "sms", "textNumber": "sms",
        "parentEmail": "email", "guardianEmail": "email", "contactEmail": "email", "workEmail": "email",
        "personalEmail": "email", "homeEmail": "email", "primaryEmail": "email", "secondaryEmail": "email",
        "schools": "orgSourcedIds", "schoolIds": "orgSourcedIds", "orgIds": "orgSourcedIds",
        "active": "enabledUser", "isActive": "enabledUser",
    },
    "classes": {
        "termIds": "termSourcedIds", "sessions": "termSourcedIds",
        "academicSessions": "termSourcedIds", "course": "courseSourcedId", "courseId": "courseSourcedId",
        "schoolId": "schoolSourcedId", "orgId": "schoolSourcedId",
    },
    "enrollments": {
        **_ENDS, "classId": "classSourcedId", "sectionId": "classSourcedId", "userId": "userSourcedId",
        "studentSourcedId": "userSourcedId", "personSourcedId": "userSourcedId",
    },
}  # fmt: skip
"""Columns that may be meant for ours and are told, not read: they may as well be something else."""

REQUIRED_OF_VERSION: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "1.1": {"users": ("role", "orgSourcedIds")},
    "1.2": {},
}
EXPECTED_FILES: Final[Mapping[str, tuple[str, ...]]] = {
    "1.1": ("orgs", "users", "classes", "enrollments"),
    "1.2": ("orgs", "users", "roles", "classes", "enrollments"),
}
"""Without these a district is not whole."""

REQUIRED_AT_FIRST: Final[Mapping[str, tuple[str, ...]]] = {
    "1.1": ("orgs", "users"),
    "1.2": ("orgs", "users", "roles"),
}

SCHOOL: Final = "school"
DEPARTMENT: Final = "department"
DISTRICT_TYPES: Final = frozenset({"district", "local", "state", "national"})
ORG_TYPES: Final = DISTRICT_TYPES | {SCHOOL, DEPARTMENT}
"""OrgType of 1.1 and 1.2."""

STUDENT: Final = "student"
GUARDIAN_ROLES: Final = frozenset({"guardian", "parent", "relative"})
TEACHER: Final = "teacher"
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

ENABLED: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("", "true", "t", "1", "1.0", "yes", "y", "active", "enabled", "on"), True),
    **dict.fromkeys(
        ("false", "f", "0", "0.0", "no", "n", "inactive", "disabled", "off", "deactivated", "suspended"),
        False,
    ),
}
"""What exports write into ``enabledUser``; blank is enabled."""


SHAPES: Final[Mapping[str, re.Pattern[str]]] = {
    "status": re.compile(r"(active|tobedeleted|inactive|deleted)?", re.IGNORECASE),
    "enabledUser": re.compile("|".join(map(re.escape, ENABLED)), re.IGNORECASE),
    "givenName": re.compile(r"[^@\d]*"),
    "familyName": re.compile(r"[^@\d]*"),
    "role": re.compile(r"[^\W\d_]*"),
    "email": re.compile(r"|[^@]*@[^@]*|\W*|(n/?a|n\.a\.|none|null|nil|no|unknown|x)", re.IGNORECASE),
    "sms": re.compile(r"[^@]*\d[^@]*|\W*|(n/?a|n\.a\.|none|null|nil|no|unknown|x)", re.IGNORECASE),
    "phone": re.compile(r"[^@]*\d[^@]*|\W*|(n/?a|n\.a\.|none|null|nil|no|unknown|x)", re.IGNORECASE),
    "agentSourcedIds": re.compile(r"[^@]*"),
    "grades": re.compile(r".{0,5}|(.{0,3},)+.{0,3}"),
    "endDate": re.compile(r"(\d{4}\b.*)?"),
}
"""What stands in a column of a line whose fields are in their places; asked of one that is short."""


def language_of(typed: str) -> str | None:
    """ISO 639-1 or -3 of what an export says, None where that is no language."""
    word = typed.strip().lower()
    if word in LANGUAGES:
        return LANGUAGES[word]
    first = word.replace("_", "-").partition("-")[0]
    if first in LANGUAGES:
        return LANGUAGES[first]
    return first if len(first) in (2, 3) and first.isascii() and first.isalpha() else None
