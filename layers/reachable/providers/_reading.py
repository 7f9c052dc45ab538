"""Reading what others wrote: typed access to a body that names the place of whatever is wrong.

A dialect reads ``record.text("feedbackId")`` and need not think of nulls, numbers and missing fields: what
cannot be read raises `Unreadable`, which costs only the entry that it lies in (`Entries.each`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote_plus

import orjson

from reachable.model.delivery_event import DeliveryEvent
from reachable.model.errors import ParseError

FIELDS_LIMIT: Final = 1000
"""Fields of a form: more than any provider posts, and few enough to read."""


class Unreadable(Exception):
    """A value that cannot be read, and where it stands. It leaves the room as a ParseError only."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


type Finding = DeliveryEvent | Unreadable | None
"""What is found in an entry: an event, nothing that we take (None, counted), or that it cannot be read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was in a body.

    ``skipped`` counts what gives no event: unknown kinds, opens and clicks, and events that name nobody.
    ``error`` is the first thing that could not be read; it carries ``events``.
    """

    events: tuple[DeliveryEvent, ...] = ()
    skipped: int = 0
    error: ParseError | None = None


def gather(provider: str, outcomes: Callable[[], Iterable[Finding]]) -> Reading:
    """What a dialect found, sorted into events, skips and the first error."""
    events: list[DeliveryEvent] = []
    problems: list[Unreadable] = []
    skipped = 0
    try:
        for outcome in outcomes():
            if outcome is None:
                skipped += 1
            elif isinstance(outcome, Unreadable):
                problems.append(outcome)
            else:
                events.append(outcome)
    except Unreadable as problem:
        problems.append(problem)
    skipped = skipped or int(not events and not problems)  # a body that gives nothing is one skipped
    if not problems:
        return Reading(tuple(events), skipped)
    first = problems[0]
    return Reading(tuple(events), skipped, ParseError(provider, first.where, first.why, events))


class Record:
    """A JSON object or a form. ``where`` is its place in the body: ``$``, ``[3]``, ``bounce``."""

    __slots__ = ("fields", "where")

    def __init__(self, fields: Mapping[str, Any], where: str = "$") -> None:
        self.fields = fields
        self.where = where

    def __contains__(self, key: str) -> bool:
        return self.fields.get(key) is not None

    def place(self, key: str) -> str:
        """Where a field of this record stands."""
        return key if self.where == "$" else f"{self.where}.{key}"

    def unreadable(self, key: str, why: str) -> Unreadable:
        """The error that says why a field cannot be read."""
        return Unreadable(self.place(key), why)

    def maybe_text(self, key: str) -> str | None:
        """A text, or a number as text (providers send codes as both); None where there is none or ``""``."""
        value = self.fields.get(key)
        if isinstance(value, str):
            return value or None
        if value is None:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        raise self.unreadable(key, "no text")

    def text(self, key: str) -> str:
        """A text that must be there."""
        value = self.maybe_text(key)
        if value is None:
            raise self.unreadable(key, "missing")
        return value

    def flag(self, key: str) -> bool:
        """A yes or no; missing is no."""
        value = self.fields.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self.unreadable(key, "neither true nor false")

    def maybe_time(self, key: str, form: Callable[[object], datetime]) -> datetime | None:
        """A time in one of the forms of `_times`; None where there is none."""
        value = self.fields.get(key)
        if value is None or value == "":
            return None
        try:
            return form(value)
        except ValueError as problem:
            raise self.unreadable(key, "no time") from problem

    def time(self, key: str, form: Callable[[object], datetime]) -> datetime:
        """A time that must be there."""
        value = self.maybe_time(key, form)
        if value is None:
            raise self.unreadable(key, "missing")
        return value

    def maybe_record(self, key: str) -> "Record | None":
        """An object within, or None."""
        value = self.fields.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.unreadable(key, "no object")
        return Record(value, self.place(key))

    def record(self, key: str) -> "Record":
        """An object within that must be there."""
        value = self.fields.get(key)
        if isinstance(value, dict):
            return Record(value, self.place(key))
        raise self.unreadable(key, "missing" if value is None else "no object")

    def maybe_entries(self, key: str) -> "Entries":
        """A list within; no list is an empty one."""
        return self.entries(key) if key in self else Entries([], self.place(key))

    def entries(self, key: str) -> "Entries":
        """A list within that must be there."""
        value = self.fields.get(key)
        if isinstance(value, list):
            return Entries(value, self.place(key))
        raise self.unreadable(key, "missing" if value is None else "no list")


class Entries:
    """A list in a body, whose entries are read one by one: a bad one costs itself alone."""

    __slots__ = ("values", "where")

    def __init__(self, values: Sequence[Any], where: str = "") -> None:
        self.values = values
        self.where = where

    def __len__(self) -> int:
        return len(self.values)

    def each(self, read: Callable[[Record], Iterable[Finding]]) -> Iterator[Finding]:
        """What each object gives; one that gives nothing counts as skipped."""
        return self._each(self._record, read)

    def each_text(self, read: Callable[[str], Iterable[Finding]]) -> Iterator[Finding]:
        """What each text gives."""
        return self._each(self._text, read)

    def _each[V](
        self, of_type: Callable[[Any, str], V], read: Callable[[V], Iterable[Finding]]
    ) -> Iterator[Finding]:
        for number, value in enumerate(self.values):
            gave = False
            try:
                for outcome in read(of_type(value, f"{self.where}[{number}]")):
                    gave = True
                    yield outcome
            except Unreadable as problem:
                yield problem
            else:
                if not gave:
                    yield None

    @staticmethod
    def _record(value: object, where: str) -> Record:
        if not isinstance(value, dict):
            raise Unreadable(where, "no object")
        return Record(value, where)

    @staticmethod
    def _text(value: object, where: str) -> str:
        if not isinstance(value, str):
            raise Unreadable(where, "no text")
        return value


def json_value(text: bytes | str, where: str = "$") -> Any:
    """Whatever JSON value this is."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as problem:
        raise Unreadable(where, "no JSON") from problem


def json_record(text: bytes | str, where: str = "$") -> Record:
    """A JSON object."""
    value = json_value(text, where)
    if not isinstance(value, dict):
        raise Unreadable(where, "no JSON object")
    return Record(value, where)


def json_entries(text: bytes | str, where: str = "$") -> Entries:
    """A JSON array; an object alone is an array of one (Mailjet posts both)."""
    value = json_value(text, where)
    if not isinstance(value, list | dict):
        raise Unreadable(where, "no JSON array")
    return Entries(value if isinstance(value, list) else [value], "" if where == "$" else where)


def form(body: bytes) -> Record:
    """A form (``application/x-www-form-urlencoded``) or query string; of a repeated field the first value."""
    fields: dict[str, str] = {}
    try:
        for name, value in form_fields(body):
            fields.setdefault(name, value)
    except ValueError as problem:
        raise Unreadable("$", "no form") from problem
    return Record(fields)


def form_or_json(text: bytes) -> Record:
    """A JSON object, else a form: of a provider whose webhooks come as either, as the account is set."""
    return json_record(text) if text.lstrip().startswith(b"{") else form(text)


def form_fields(body: bytes) -> list[tuple[str, str]]:
    """All fields in their order, blank ones too, which signatures cover.

    Raises:
        ValueError: not a form, not UTF-8, or of too many fields.
    """
    pairs = body.decode().split("&") if body else []
    if len(pairs) > FIELDS_LIMIT:
        raise ValueError("too many fields")
    fields = []
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ValueError("a field without a value")
        fields.append((_unquoted(name), _unquoted(value)))
    return fields


def _unquoted(text: str) -> str:
    """Most texts of a form are plain, and looking is cheaper than unquoting."""
    return unquote_plus(text, errors="strict") if "%" in text or "+" in text else text
