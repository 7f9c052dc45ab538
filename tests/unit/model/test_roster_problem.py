"""The words of a roster's problems: programs read them, in reports, in CSVs and by the API."""

from reachable.model.roster_problem import ProblemKind


def test_the_words_of_problems_stay() -> None:
    assert [kind.value for kind in ProblemKind] == [
        "not_a_zip",
        "too_large",
        "no_manifest",
        "unsupported_version",
        "unknown_mode",
        "file_twice",
        "file_missing",
        "file_not_announced",
        "delta_without_base",
        "encoding_unreadable",
        "encoding_not_utf8",
        "csv_unreadable",
        "column_missing",
        "column_twice",
        "field_count",
        "id_missing",
        "id_twice",
        "row_twice",
        "unknown_status",
        "unknown_role",
        "role_missing",
        "unknown_reference",
        "name_missing",
        "not_a_date",
        "not_an_email",
        "email_placeholder",
        "not_a_phone",
        "phone_extension",
        "phone_placeholder",
        "unknown_language",
        "too_much_removed",
        "too_much_changed",
    ]
