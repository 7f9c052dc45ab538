"""What every row of every dialect's tables must give, literally: ``rows.txt``.

A line tells provider, table, what the row says, and the codes. A row says kind, permanence and cause of an
event, or the one of them that the table holds; ``nothing``: the code is known, and gives no event. Two words
that are one key are written with a ``/``. So a row that is deleted, added or changed fails a test.
"""

from pathlib import Path
from typing import Final, NamedTuple

from reachable.model.delivery_event import Cause, Kind, Permanence


class Row(NamedTuple):
    """What an event must say, in the order in which the tests compare it."""

    kind: Kind
    permanence: Permanence | None
    cause: Cause | None


type Said = Row | Cause | Permanence | None


def _read(text: str) -> Said:
    words = text.split()
    permanence = next((Permanence(word) for word in words if word in set(Permanence)), None)
    cause = next((Cause(word) for word in words if word in set(Cause)), None)
    if words[0] in set(Kind):
        return Row(Kind(words[0]), permanence, cause)
    return cause or permanence


def _tables() -> dict[tuple[str, str], dict[str, Said]]:
    tables: dict[tuple[str, str], dict[str, Said]] = {}
    for line in Path(__file__).with_suffix(".txt").read_text().splitlines():
        provider, table, said, codes = line.split(" | ")
        tables.setdefault((provider, table), {}).update(dict.fromkeys(codes.split(", "), _read(said)))
    return tables


TABLES: Final = _tables()


def rows(provider: str, table: str) -> dict[str, Row]:
    """The rows of a table that give an event."""
    return {code: row for code, row in TABLES[provider, table].items() if isinstance(row, Row)}


def nothing(provider: str, table: str) -> list[str]:
    """The codes of a table that give none."""
    return [code for code, row in TABLES[provider, table].items() if row is None]
