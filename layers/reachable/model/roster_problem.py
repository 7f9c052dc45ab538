"""What can be wrong with a roster's export, by kind; ``oneroster.problems`` says what each does."""

from enum import StrEnum


class Severity(StrEnum):
    """An error is not applied: the whole file, or one line of it. A note asks for nothing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class ProblemKind(StrEnum):
    """What is wrong at one place of an export, or with what it would bring about."""

    # The upload
    NOT_A_ZIP = "not_a_zip"
    PASSWORD = "password"  # noqa: S105 - a problem's name
    WORKBOOK = "workbook"
    ZIP_IN_ZIP = "zip_in_zip"
    ANOTHER_FORMAT = "another_format"
    TOO_LARGE = "too_large"
    NO_MANIFEST = "no_manifest"
    UNSUPPORTED_VERSION = "unsupported_version"
    UNKNOWN_MODE = "unknown_mode"
    NOTHING_ANNOUNCED = "nothing_announced"
    FILE_TWICE = "file_twice"
    FILE_MISSING = "file_missing"
    FILE_NOT_ANNOUNCED = "file_not_announced"
    FILE_EMPTY = "file_empty"
    DELTA_WITHOUT_BASE = "delta_without_base"
    # A file's text and columns
    ENCODING_UNREADABLE = "encoding_unreadable"
    ENCODING_NOT_UTF8 = "encoding_not_utf8"
    LETTERS_GUESSED = "letters_guessed"
    NOT_COMMAS = "not_commas"
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    COLUMN_NOT_READ = "column_not_read"
    # A line
    CSV_UNREADABLE = "csv_unreadable"
    FIELD_COUNT = "field_count"
    ID_MISSING = "id_missing"
    ID_TOO_LONG = "id_too_long"
    ID_TWICE = "id_twice"
    UNKNOWN_STATUS = "unknown_status"
    NOBODY_REMOVED = "nobody_removed"
    QUOTES_UNREADABLE = "quotes_unreadable"
    TOO_MUCH_UNREAD = "too_much_unread"
    ROW_TWICE = "row_twice"
    # A field
    UNKNOWN_ROLE = "unknown_role"
    ROLE_MISSING = "role_missing"
    UNKNOWN_REFERENCE = "unknown_reference"
    UNKNOWN_ORG_TYPE = "unknown_org_type"
    NAME_MISSING = "name_missing"
    NAME_SPOILT = "name_spoilt"
    NOT_A_DATE = "not_a_date"
    NOT_AN_EMAIL = "not_an_email"
    EMAIL_PLACEHOLDER = "email_placeholder"
    NOT_A_PHONE = "not_a_phone"
    PHONE_COUNTRY = "phone_country"
    PHONE_EXTENSION = "phone_extension"
    PHONE_PLACEHOLDER = "phone_placeholder"
    PHONE_NOTE = "phone_note"
    UNKNOWN_LANGUAGE = "unknown_language"
    UNKNOWN_ENABLED = "unknown_enabled"
    # What it brings about
    SEVERAL_ROLES = "several_roles"
    ORG_WITHOUT_SCHOOL = "org_without_school"
    CLASS_WITHOUT_SCHOOL = "class_without_school"
    STUDENT_WITHOUT_SCHOOL = "student_without_school"
    STAFF_WITHOUT_SCHOOL = "staff_without_school"
    TIE_TO_NOBODY = "tie_to_nobody"
    PLACEHOLDER_CONTACT = "placeholder_contact"
    TOO_MANY = "too_many"
    ALL_ENDED = "all_ended"
    NO_SCHOOL = "no_school"
    NOBODY = "nobody"
    NO_GUARDIAN = "no_guardian"
    NO_ADDRESS = "no_address"
    TOO_MUCH_REMOVED = "too_much_removed"
    TOO_MUCH_CHANGED = "too_much_changed"
    ENDED_BY_DATE = "ended_by_date"


class LeftOut(StrEnum):
    """Why a line that could be read brings nothing about, beside the problems that it has."""

    TO_BE_DELETED = "tobedeleted"
    ROLE_ENDED = "role_ended"
    ROLE_TO_COME = "role_to_come"
    TERM_ENDED = "term_ended"
    CLASS_ENDED = "class_ended"
    ENROLLMENT_ENDED = "enrollment_ended"
    PERSON_LEFT_OUT = "person_left_out"
    CLASS_LEFT_OUT = "class_left_out"
    NO_SEAT = "no_seat"
