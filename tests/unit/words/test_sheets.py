"""What people open in a spreadsheet is text."""

import csv
import io
from pathlib import Path

import pytest

from reachable import words

ROOT = Path(__file__).parents[3]


def cell(value: object) -> str:
    """What stands in the one cell of a file."""
    text = words.as_csv(["a"], [{"a": value}]).decode("utf-8-sig")
    header, [shown] = csv.reader(io.StringIO(text, newline=""))
    assert header == ["a"]
    return shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ('=HYPERLINK("http://evil.example","open")', '\'=HYPERLINK("http://evil.example","open")'),
        ("+12025550123", "'+12025550123"),  # as a number it would lose its +
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
        ("\ttab", "'\ttab"),
        ("  =1", "'  =1"),
        ("\u00a0=1", "'\u00a0=1"),
        ("\u200b=1", "'\u200b=1"),
        ('"=1', "'\"=1"),
        ("''=1", "'''=1"),
        ("\x00=1", "'\x00=1"),
        ("\uff1d1", "'\uff1d1"),
        # Where the separator is another one, the rest is a cell of its own
        ("a;=1", "a;'=1"),
        ('a; "=1', "a;' \"=1"),
        ("a,=1", "a,'=1"),
        ("a\t=1", "a\t'=1"),
        ("a\r\n=1", "a\r\n'=1"),
        # What is none
        ("ada", "ada"),
        ("a=1", "a=1"),
        ("ada-1@example.org", "ada-1@example.org"),
        ("2026-11-27", "2026-11-27"),
        ("O'Neil, Ada", "O'Neil, Ada"),
        ("emails: 1 of 3", "emails: 1 of 3"),
        ("", ""),
        (None, ""),
        (-1, "-1"),
        (7, "7"),
    ],
)
def test_no_cell_is_a_formula(value: object, shown: str) -> None:
    assert cell(value) == shown


def test_a_spreadsheet_knows_that_it_is_utf_8() -> None:
    assert words.as_csv(["a"], [{"a": "é"}]) == b"\xef\xbb\xbfa\r\n\xc3\xa9\r\n"


def test_nobody_else_writes_csv() -> None:
    """Else a formula finds its way into the next list."""
    modules = [*(ROOT / "layers/reachable").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
    writers = [
        one for one in modules if "csv.writer" in (text := one.read_text()) or "csv.DictWriter" in text
    ]
    assert writers == [ROOT / "layers/reachable/words/_sheets.py"]
