"""CSV files that people open in a spreadsheet: nothing in a cell is ever calculated.

A spreadsheet takes a cell for a formula that begins with ``=``, ``+``, ``-`` or ``@``, also after blanks and
quotation marks, and one that is set to another separator finds such a cell in the middle of ours. So what a
roster or a stranger wrote could run on the computer of who opens the file. A ``'`` before it makes it text,
as when it is typed. Programs read the JSON beside the CSV, where every value is as it was written.

Source: owasp.org/www-community/attacks/CSV_Injection.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

_FORMULA: Final = re.compile(
    r"""
    (?: ^ | (?<=[;,|\t\r\n]) )  # where a cell begins, or would by another separator
    # Blanks that are no such separator, so that each is looked at once; the last four signs are full-width.
    (?= (?: [^\S\t\r\n] | ["'\x00-\x08\x0b\x0c\x0e-\x1f\u200b\ufeff] )* [=+\-@\uff1d\uff0b\uff0d\uff20] )
    | ^ (?= [\t\r\n] )
    """,
    re.VERBOSE,
)


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Rows as CSV, a header first, with the mark by which spreadsheets know UTF-8."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows({name: _no_formula(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _no_formula(value: object) -> object:
    """A text as text, a phone number's ``+`` too, which would be calculated away; numbers are harmless."""
    return _FORMULA.sub("'", value) if isinstance(value, str) else value
