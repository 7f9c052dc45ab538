"""Reading what others wrote: typed access to a body that names the place of whatever is wrong.

What tells whom and what must be there: ``record.text("event")`` raises `Unreadable`, which costs only the
entry that it lies in (`Entries.each`). All else may be missing or nonsense, and never costs the event: what
is read by ``maybe_text`` and the like is None then.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_plus

import orjson

from reachable.model.delivery_event import DeliveryEvent
from reachable.model.errors import ParseError

_DEEPEST: Final = 200
"""How deep a body is read that is no strict JSON; what lies below is custom data, and orjson writes 254."""
_LARGEST: Final = 2**63
"""From here on a number is read as a float, as orjson reads it."""

FIELDS_LIMIT: Final = 1000
"""Fields of a form: more than any provider posts, and few enough to read."""


class Unreadable(Exception):
    """A value that cannot be read, and where it stands. It leaves the room as a ParseError only."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


@dataclass(frozen=True, slots=True)
class Unlisted:
    """An event whose code no row has. It counts like any other; ops see by the code what the table lacks."""

    event: DeliveryEvent


type Finding = DeliveryEvent | Unlisted | Unreadable | None
"""What is found in an entry: an event, nothing that we take (None, counted), or that it cannot be read."""

_CODE: Final = re.compile(r"(?!.*\d{8})[\w./: -]{1,40}")
OTHER_CODE: Final = "other"
"""For a code that is no code: it might be words with an address, and it ends in a metric."""


class Reading(NamedTuple):
    """All that was in a body.

    ``skipped`` counts what gives no event: unknown kinds, opens and clicks, and events that name nobody.
    ``error`` is the first thing that could not be read; it carries ``events``. ``unlisted`` are the codes
    that no row has, one for each of their events, of at most 40 characters and without an address: for a
    metric.
    """

    events: tuple[DeliveryEvent, ...] = ()
    skipped: int = 0
    error: ParseError | None = None
    unlisted: tuple[str, ...] = ()


def gather(provider: str, findings: Callable[[], Iterable[Finding]]) -> Reading:
    """What a dialect found, sorted into events, skips and the first error."""
    events: list[DeliveryEvent] = []
    problems: list[Unreadable] = []
    unlisted: list[str] = []
    skipped = 0
    try:
        for finding in findings():
            if finding is None:
                skipped += 1
            elif isinstance(finding, DeliveryEvent):
                events.append(finding)
            elif isinstance(finding, Unlisted):
                events.append(finding.event)
                unlisted.append(_countable(finding.event.provider_code))
            else:
                problems.append(finding)
    except Unreadable as problem:
        problems.append(problem)
    skipped = skipped or int(not events and not problems)  # a body that gives nothing is one skipped
    error = ParseError(provider, problems[0].where, problems[0].why, events) if problems else None
    return Reading(tuple(events), skipped, error, tuple(unlisted))


def _countable(code: str | None) -> str:
    return code if code and _CODE.fullmatch(code) else OTHER_CODE


class Record:
    """A JSON object or a form. ``where`` is its place in the body: ``$``, ``[3]``, ``bounce``."""

    __slots__ = ("_where", "fields")

    def __init__(self, fields: Mapping[str, Any], where: "Where" = "$") -> None:
        self.fields = fields
        self._where = where

    @property
    def where(self) -> str:
        """Made when it is asked for, which is when something is wrong."""
        return _place(self._where)

    def __contains__(self, key: str) -> bool:
        """Whether there is anything: null, ``""``, ``[]`` and ``{}`` are nothing."""
        value = self.fields.get(key)
        return bool(value) or value == 0

    def place(self, key: str) -> str:
        """Where a field of this record stands."""
        return _place((self, key))

    def unreadable(self, key: str, why: str) -> Unreadable:
        """The error that says why a field cannot be read."""
        return Unreadable(self.place(key), why)

    def _missing(self, key: str, wanted: str) -> Unreadable:
        return self.unreadable(key, wanted if key in self else "missing")

    def maybe_text(self, key: str) -> str | None:
        """A text, or a number as text (providers send codes as both); None for ``""`` and all else."""
        value = self.fields.get(key)
        if isinstance(value, str):
            return value or None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        return None

    def maybe_code(self, key: str) -> str | None:
        """A code as tables have it: without blanks around it, and 40010.0 as the 40010 that was meant."""
        told = (self.maybe_text(key) or "").strip()
        whole, _, fraction = told.partition(".")
        return (whole if whole.isdigit() and fraction and not fraction.strip("0") else told) or None

    def text(self, key: str) -> str:
        """A text that must be there."""
        value = self.maybe_text(key)
        if value is None:
            raise self._missing(key, "no text")
        return value

    def maybe_flag(self, key: str) -> bool | None:
        """A yes or no; None for whatever is neither."""
        value = self.fields.get(key)
        return value if isinstance(value, bool) else None

    def maybe_time(self, key: str, form: Callable[[object], datetime]) -> datetime | None:
        """A time in one of the forms of `_times`; None for whatever is none."""
        value = self.fields.get(key)
        if value is None or value == "":
            return None
        try:
            return form(value)
        except ValueError:
            return None

    def maybe_record(self, key: str) -> "Record | None":
        """An object within; None for whatever is none."""
        value = self.fields.get(key)
        return Record(value, (self, key)) if isinstance(value, dict) else None

    def inner(self, key: str) -> "Record":
        """An object within; an empty one for whatever is none."""
        value = self.fields.get(key)
        return Record(value if isinstance(value, dict) else {}, (self, key))

    def record(self, key: str) -> "Record":
        """An object within that must be there."""
        value = self.fields.get(key)
        if isinstance(value, dict):
            return Record(value, (self, key))
        raise self._missing(key, "no object")

    def maybe_entries(self, key: str) -> "Entries":
        """A list within; an empty one for whatever is none."""
        value = self.fields.get(key)
        return Entries(value if isinstance(value, list) else [], (self, key))

    def entries(self, key: str) -> "Entries":
        """A list within that must be there."""
        value = self.fields.get(key)
        if isinstance(value, list):
            return Entries(value, (self, key))
        raise self._missing(key, "no list")

    def id_of(self, *parts: str | None) -> str:
        """An id made of what the event tells, for one without its own: the same each time that it comes.

        The first part is its message and the second its time. Where it tells neither, all of its fields stand
        for them, so that the next such event is not taken for this one.
        """
        told = parts if parts[0] or parts[1] else (self._digest(), *parts[2:])
        return ":".join(filter(None, told))

    def _digest(self) -> str:
        return digest(self.fields)[:32]


class Entries:
    """A list in a body, whose entries are read one by one: a bad one costs itself alone."""

    __slots__ = ("_where", "values")

    def __init__(self, values: Sequence[Any], where: "Where" = "") -> None:
        self.values = values
        self._where = where

    @property
    def where(self) -> str:
        """As a record's."""
        return _place(self._where)

    def __len__(self) -> int:
        return len(self.values)

    def each(self, read: Callable[[Record], Iterable[Finding]]) -> Iterator[Finding]:
        """What each object gives; one that gives nothing counts as skipped."""
        return self._each(self._record, read)

    def each_text(self, read: Callable[[str], Iterable[Finding]]) -> Iterator[Finding]:
        """What each text gives."""
        return self._each(self._text, read)

    def _each[V](
        self, of_type: Callable[[Any, "Where"], V], read: Callable[[V], Iterable[Finding]]
    ) -> Iterator[Finding]:
        for number, value in enumerate(self.values):
            gave = False
            try:
                for outcome in read(of_type(value, (self, number))):
                    gave = True
                    yield outcome
            except Unreadable as problem:
                yield problem
            else:
                if not gave:
                    yield None

    @staticmethod
    def _record(value: object, where: "Where") -> Record:
        if not isinstance(value, dict):
            raise Unreadable(_place(where), "no object")
        return Record(value, where)

    @staticmethod
    def _text(value: object, where: "Where") -> str:
        if not isinstance(value, str):
            raise Unreadable(_place(where), "no text")
        return value


type Where = str | tuple[Record | Entries, str | int]
"""A place, or what it lies in and under which name or number: it is spelled only where something is wrong."""


def _place(where: Where) -> str:
    if isinstance(where, str):
        return where
    within, key = where
    if isinstance(key, int):
        return f"{within.where}[{key}]"
    return key if within.where == "$" else f"{within.where}.{key}"


def json_value(text: bytes | str, where: str = "$") -> Any:
    """Whatever JSON value this is.

    Half an emoji, a byte that is no UTF-8, NaN or a depth that orjson refuses stand in custom data and
    subjects, which never cost an event: such a body is read once more, tolerantly.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    decoded = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    try:
        return _whole(json.loads(decoded, parse_constant=lambda _name: None, parse_int=_number))
    except (ValueError, RecursionError) as problem:
        raise Unreadable(where, "no JSON") from problem


def _number(digits: str) -> int | float:
    number = float(digits)
    return int(digits) if abs(number) < _LARGEST else number


def _whole(value: Any, depth: int = 0) -> Any:
    """The value with a sign in place of half of one, as others can store it, and not too deep."""
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case dict() | list() if depth == _DEEPEST:
            return None
        case dict():
            return {_whole(name): _whole(within, depth + 1) for name, within in value.items()}
        case list():
            return [_whole(within, depth + 1) for within in value]
        case _:
            return value


def digest(value: object) -> str:
    """What tells a value of a body from another one."""
    try:
        written = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # deeper than orjson writes, and not than it reads
        written = repr(value).encode("utf-8", "surrogatepass")
    return sha256(written).hexdigest()


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


def form(body: bytes, *, strict: bool = False) -> Record:
    """A form (``application/x-www-form-urlencoded``) or query string; of a repeated field the first value.

    Where it is ``strict``, as signatures need it, a field that is none costs it whole; else only itself.
    """
    if body and b"=" not in body:
        raise Unreadable("$", "no form")
    fields: dict[str, str] = {}
    try:
        for name, value in form_fields(body, strict=strict):
            fields.setdefault(name, value)
    except ValueError as problem:
        raise Unreadable("$", "no form") from problem
    return Record(fields)


def form_or_json(text: bytes, *, strict: bool = False) -> Record:
    """A JSON object, else a form: of a provider whose webhooks come as either, as the account is set."""
    return json_record(text) if text.lstrip().startswith(b"{") else form(text, strict=strict)


def form_fields(body: bytes, *, strict: bool = True) -> list[tuple[str, str]]:
    """All fields in their order, blank ones too, which signatures cover.

    Raises:
        ValueError: of too many fields; where it is strict, also not a form, or not UTF-8.
    """
    errors = "strict" if strict else "replace"
    pairs = body.decode(errors=errors).split("&") if body else []
    if len(pairs) > FIELDS_LIMIT:
        raise ValueError("too many fields")
    fields = []
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if strict and not equals:
            raise ValueError("a field without a value")
        if pair:
            fields.append((_unquoted(name, errors), _unquoted(value, errors)))
    return fields


def _unquoted(text: str, errors: str) -> str:
    """Most texts of a form are plain, and looking is cheaper than unquoting."""
    return unquote_plus(text, errors=errors) if "%" in text or "+" in text else text
