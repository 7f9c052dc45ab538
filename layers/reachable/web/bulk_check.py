"""What a bulk check reads and answers: its input, the lines of a list, the lines of its results.

The same recipients as those of `POST /sends/check`, and the same answers, a line each.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Self

import orjson
from pydantic import StringConstraints, ValidationError

from reachable.model.delivery_event import Channel
from reachable.model.details import Detail
from reachable.model.errors import Meaningless
from reachable.model.send import Purpose, Recipient, Verdict
from reachable.web.models.fields import Model
from reachable.web.models.sends import RecipientIn, VerdictOut

_FIELDS: Final = frozenset(RecipientIn.model_fields)
_HOW: Final = frozenset({"channel", "purpose"})
"""The fields that do not say who."""


class BulkCheckIn(Model):
    """Which object is to be checked; channel and purpose of the rows that tell none."""

    key: Annotated[str, StringConstraints(pattern=r"^checks/.+\.(csv|jsonl)(\.gz)?$", max_length=1024)]
    channel: Channel | None = None
    purpose: Purpose = Purpose.GENERAL

    @classmethod
    def of(cls, typed: object) -> Self:
        """An execution's input.

        Raises:
            Meaningless: it is none.
        """
        try:
            return cls.model_validate(typed)
        except ValidationError as problem:
            wrong = ", ".join(".".join(map(str, fault["loc"])) or "all of it" for fault in problem.errors())
            raise Meaningless(Detail.UNREADABLE_INPUT, wrong=wrong) from None


@dataclass(frozen=True, slots=True)
class Lines:
    """How the lines of one list are read.

    ``columns`` are those of a CSV, None of JSON Lines; ``defaults`` stand where a line tells none; ``region``
    (ISO 3166) reads numbers without a country code.
    """

    columns: tuple[str, ...] | None
    defaults: Mapping[str, str]
    region: str

    def recipient(self, line: bytes) -> Recipient | None:
        """Whom a line names, nobody where it is blank; a line that cannot be read is an invalid recipient."""
        try:
            fields = _of_json(line) if self.columns is None else _of_csv(line, self.columns)
            if fields is None:
                return None
            return RecipientIn.model_validate({**self.defaults, **fields}).recipient(self.region)
        except (ValueError, csv.Error):  # no UTF-8, no JSON, no recipient; no CSV
            return Recipient(invalid=True)


def columns(header: bytes) -> tuple[str, ...]:
    """The columns of a CSV, which its first line names.

    Raises:
        Meaningless: it names something else than a recipient's fields, or one of them twice, or nobody.
    """
    try:
        named = [cell.lower() for cell in _cells(header)]
    except (ValueError, csv.Error):
        named = []
    if len(set(named)) != len(named) or not set(named) <= _FIELDS or not set(named) - _HOW:
        raise Meaningless(
            Detail.WRONG_COLUMNS, whom=", ".join(sorted(_FIELDS - _HOW)), how=", ".join(sorted(_HOW))
        )
    return tuple(named)


def told(line: int, verdict: Verdict) -> bytes:
    """An answer as a line of the results: a result of `POST /sends/check`, after its line in the list."""
    result = VerdictOut.of(verdict).model_dump(mode="json")
    return orjson.dumps({"line": line, **result}, option=orjson.OPT_APPEND_NEWLINE)


def _of_json(line: bytes) -> dict[str, Any] | None:
    """The fields that a line of JSON tells."""
    if not line.strip():
        return None
    row = orjson.loads(line)
    if not isinstance(row, dict):
        raise ValueError("no object")  # noqa: TRY004 - told apart from nothing else that cannot be read
    return {name: value for name, value in row.items() if value is not None}


def _of_csv(line: bytes, named: tuple[str, ...]) -> dict[str, str] | None:
    """The fields that a row tells: spreadsheets leave out the last commas, or leave rows of commas alone."""
    cells = _cells(line)
    if len(cells) > len(named):
        raise ValueError("more cells than columns")
    return {name: cell for name, cell in zip(named, cells, strict=False) if cell} or None


def _cells(line: bytes) -> list[str]:
    """The cells of one line, trimmed, up to the last that is not blank."""
    [cells] = csv.reader([line.decode().strip()], strict=True, skipinitialspace=True)
    while cells and not cells[-1].strip():
        cells.pop()
    return [cell.strip() for cell in cells]
