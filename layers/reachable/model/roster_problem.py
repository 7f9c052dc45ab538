"""What can be wrong with a roster's export, by kind: ``oneroster.problems`` says which refuse the file."""

from enum import StrEnum


class Severity(StrEnum):
    """Whether the file is applied all the same."""

    ERROR = "error"
    WARNING = "warning"


class ProblemKind(StrEnum):
    """What is wrong at one place of an export."""

    NOT_A_ZIP = "not_a_zip"
    TOO_LARGE = "too_large"
    NO_MANIFEST = "no_manifest"
    UNSUPPORTED_VERSION = "unsupported_version"
    UNKNOWN_MODE = "unknown_mode"
    FILE_TWICE = "file_twice"
    FILE_MISSING = "file_missing"
    FILE_NOT_ANNOUNCED = "file_not_announced"
    DELTA_WITHOUT_BASE = "delta_without_base"
    ENCODING_UNREADABLE = "encoding_unreadable"
    ENCODING_NOT_UTF8 = "encoding_not_utf8"
    CSV_UNREADABLE = "csv_unreadable"
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    FIELD_COUNT = "field_count"
    ID_MISSING = "id_missing"
    ID_TWICE = "id_twice"
    ROW_TWICE = "row_twice"
    UNKNOWN_STATUS = "unknown_status"
    UNKNOWN_ROLE = "unknown_role"
    ROLE_MISSING = "role_missing"
    UNKNOWN_REFERENCE = "unknown_reference"
    NAME_MISSING = "name_missing"
    NOT_A_DATE = "not_a_date"
    NOT_AN_EMAIL = "not_an_email"
    EMAIL_PLACEHOLDER = "email_placeholder"
    NOT_A_PHONE = "not_a_phone"
    PHONE_EXTENSION = "phone_extension"
    PHONE_PLACEHOLDER = "phone_placeholder"
    UNKNOWN_LANGUAGE = "unknown_language"
    TOO_MUCH_REMOVED = "too_much_removed"
    TOO_MUCH_CHANGED = "too_much_changed"
