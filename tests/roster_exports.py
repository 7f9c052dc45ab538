"""Exports to test with: a small OneRoster zip whose files a test changes as it likes."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Final

type Table = list[dict[str, str]]

HEADERS: Final[Mapping[str, str]] = {
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "users": (
        "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
        "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,metadata.language"
    ),
    "roles": (
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
        "userProfileSourcedId"
    ),
    "classes": (
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
        "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods"
    ),
    "courses": (
        "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,"
        "subjectCodes"
    ),
    "academicSessions": (
        "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear"
    ),
    "enrollments": (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,"
        "endDate"
    ),
}
"""The column lists of OneRoster 1.1 CSV Tables (roles: 1.2)."""


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
        f"{table}.csv": as_csv(HEADERS[table].split(","), rows) for table, rows in tables.items()
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


def as_csv(header: Iterable[str], rows: Table) -> bytes:
    """A file's bytes; columns that a row has beside the header are added to it."""
    columns = list(dict.fromkeys([*header, *(column for row in rows for column in row)]))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
