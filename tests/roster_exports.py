"""Exports to test with: a small OneRoster zip whose files a test changes as it likes."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Final

type Table = list[dict[str, str]]

_OF_BOTH: Final[Mapping[str, str]] = {
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "academicSessions": (
        "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear"
    ),
    "courses": (
        "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,"
        "subjectCodes"
    ),
    "classes": (
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
        "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods"
    ),
    "enrollments": (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,"
        "endDate"
    ),
}
HEADERS: Final[Mapping[str, Mapping[str, str]]] = {
    "1.1": {
        **_OF_BOTH,
        "users": (
            "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,"
            "familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password"
        ),
    },
    "1.2": {
        **_OF_BOTH,
        "users": (
            "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,"
            "identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,"
            "resourceSourcedIds,preferredGivenName,preferredMiddleName,preferredFamilyName,"
            "primaryOrgSourcedId,pronouns"
        ),
        "roles": (
            "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
            "userProfileSourcedId"
        ),
        "userProfiles": (
            "sourcedId,status,dateLastModified,userSourcedId,profileType,vendorId,applicationId,description,"
            "credentialType,username,password"
        ),
    },
}
"""The column lists of OneRoster's CSV tables by version; what a row has beside them is added."""


def user(sourced_id: str, role: str, name: str, **columns: str) -> dict[str, str]:
    """A line of users.csv."""
    given, _, family = name.partition(" ")
    return {
        "sourcedId": sourced_id,
        "enabledUser": "true",
        "orgSourcedIds": "north",
        "role": role,
        "givenName": given,
        "familyName": family,
    } | columns


def district() -> dict[str, Table]:
    """A school with a class, two students, three guardians (two share a phone) and a teacher."""
    return {
        "orgs": [
            {"sourcedId": "district", "name": "The District", "type": "district"},
            {"sourcedId": "north", "name": "North School", "type": "school", "parentSourcedId": "district"},
            {"sourcedId": "south", "name": "South School", "type": "school", "parentSourcedId": "district"},
        ],
        "users": [
            user("bo", "student", "Bo Reyes", agentSourcedIds="ada,dennis", grades="03"),
            user("lu", "student", "Lu Hart", agentSourcedIds="eve", grades="03"),
            user("ada", "parent", "Ada Reyes", email="Ada@Example.org", sms="(202) 555-0123"),
            user("dennis", "parent", "Dennis Reyes", phone="202-555-0123"),
            user("eve", "guardian", "Eve Hart", email="eve@example.org", sms="202 555 0124"),
            user("tess", "teacher", "Tess Young", email="tess@example.org"),
        ],
        "classes": [{"sourcedId": "art", "title": "Art", "schoolSourcedId": "north"}],
        "enrollments": [
            {"sourcedId": "e1", "classSourcedId": "art", "userSourcedId": "bo", "role": "student"},
            {"sourcedId": "e2", "classSourcedId": "art", "userSourcedId": "tess", "role": "teacher"},
        ],
    }


def in_1_2(tables: Mapping[str, Table] | None = None) -> dict[str, Table]:
    """The district as OneRoster 1.2 has it: a line of roles.csv for each role and org of a user."""
    whole = dict(tables or district())
    moved = ("role", "orgSourcedIds")
    roles = [
        {
            "sourcedId": f"{row['sourcedId']}-{org}",
            "userSourcedId": row["sourcedId"],
            "roleType": "primary",
            "role": row["role"],
            "orgSourcedId": org,
        }
        for row in whole["users"]
        for org in row["orgSourcedIds"].split(",")
    ]
    users = [{name: v for name, v in row.items() if name not in moved} for row in whole["users"]]
    return whole | {"users": users, "roles": roles}


def zipped(
    tables: Mapping[str, Table],
    mode: str = "bulk",
    version: str = "1.1",
    *,
    modes: Mapping[str, str] | None = None,
    files: Mapping[str, bytes | None] | None = None,
) -> bytes:
    """The export of these tables. ``files`` puts a file's bytes as they are, or with None leaves it out."""
    said = dict.fromkeys(tables, mode) | dict(modes or {})
    texts: dict[str, bytes | None] = {
        f"{table}.csv": as_csv(columns_of(table, version), rows) for table, rows in tables.items()
    }
    texts["manifest.csv"] = as_csv(
        ["propertyName", "value"],
        [
            {"propertyName": "manifest.version", "value": "1.0"},
            {"propertyName": "oneroster.version", "value": version},
            *({"propertyName": f"file.{table}", "value": value} for table, value in said.items()),
        ],
    )
    texts |= files or {}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            if text is not None:
                archive.writestr(name, text)
    return buffer.getvalue()


def columns_of(table: str, version: str = "1.1") -> list[str]:
    """The columns of a file; a version that there is none of has 1.1's."""
    return HEADERS.get(version, HEADERS["1.1"])[table].split(",")


def as_csv(header: Iterable[str], rows: Table) -> bytes:
    """A file's bytes; columns that a row has beside the header are added to it."""
    columns = list(dict.fromkeys([*header, *(column for row in rows for column in row)]))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
