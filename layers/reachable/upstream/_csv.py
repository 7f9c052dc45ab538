"""A provider's list as its console exports it: a CSV whose columns are known by their names.

Only Mandrill documents its export (email, reason, detail, created_at, expires_at, last_event_at), and
Mailgun, SparkPost and Amazon SES what they import: SES a line without a header, ``address,BOUNCE``. The
words of others are those of their APIs.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

from reachable.model.details import Detail
from reachable.model.errors import Meaningless
from reachable.model.upstream import Listing, ListReason
from reachable.upstream import _times

_ADDRESS: Final = frozenset(
    {
        "address",
        "contact",
        "destination",
        "email",
        "emailaddress",
        "number",
        "optedoutnumber",
        "phone",
        "phonenumber",
        "recipient",
    }
)
_REASON: Final = ("reason", "suppressionreason", "source", "category", "type", "list")
"""The best first: SparkPost's ``type`` tells no reason where it has a ``source``."""
_ORIGIN: Final = "origin"
"""Postmark tells by it who suppressed an address: the recipient, or its customer."""
_SINCE: Final = frozenset(
    {
        "addedat",
        "blockedat",
        "created",
        "createdat",
        "date",
        "lastupdatetime",
        "optedouttimestamp",
        "since",
        "timestamp",
    }
)
_UNTIL: Final = frozenset({"expiresat", "until"})
_WORDS: Final = frozenset({"description", "detail", "details", "diagnostic", "error", "message", "words"})
_SEPARATORS: Final = (",", ";", "\t")

REASONS: Final[Mapping[str, ListReason]] = {
    "bounce": ListReason.BOUNCE,
    "bounced": ListReason.BOUNCE,
    "bounces": ListReason.BOUNCE,
    "bouncerule": ListReason.BOUNCE,
    "hardbounce": ListReason.BOUNCE,
    "softbounce": ListReason.BOUNCE,
    "invalid": ListReason.BOUNCE,
    "invalidemail": ListReason.BOUNCE,
    "invalidemails": ListReason.BOUNCE,
    "complaint": ListReason.COMPLAINT,
    "complaints": ListReason.COMPLAINT,
    "contactflaggedasspam": ListReason.COMPLAINT,
    "spam": ListReason.COMPLAINT,
    "spamcomplaint": ListReason.COMPLAINT,
    "spamreport": ListReason.COMPLAINT,
    "spamreports": ListReason.COMPLAINT,
    "listunsubscribe": ListReason.UNSUBSCRIBED,
    "unsub": ListReason.UNSUBSCRIBED,
    "unsubscribe": ListReason.UNSUBSCRIBED,
    "unsubscribed": ListReason.UNSUBSCRIBED,
    "unsubscribedviaapi": ListReason.UNSUBSCRIBED,
    "unsubscribedviaemail": ListReason.UNSUBSCRIBED,
    "unsubscribedviama": ListReason.UNSUBSCRIBED,
    "unsubscribelink": ListReason.UNSUBSCRIBED,
    "unsubscribes": ListReason.UNSUBSCRIBED,
    "carrieroptedout": ListReason.OPT_OUT,
    "keywordstop": ListReason.OPT_OUT,
    "optedout": ListReason.OPT_OUT,
    "optout": ListReason.OPT_OUT,
    "stop": ListReason.OPT_OUT,
    "adminblocked": ListReason.MANUAL,
    "custom": ListReason.MANUAL,
    "manual": ListReason.MANUAL,
    "manuallyadded": ListReason.MANUAL,
    "manualsuppression": ListReason.MANUAL,
    "compliance": ListReason.PROVIDER,
    "provider": ListReason.PROVIDER,
    "untold": ListReason.UNTOLD,
}
"""What stands in such a column, without blanks and signs, in lower case."""
_PARTS: Final[tuple[tuple[str, ListReason], ...]] = (
    ("complain", ListReason.COMPLAINT),
    ("spam", ListReason.COMPLAINT),
    ("junk", ListReason.COMPLAINT),
    ("abuse", ListReason.COMPLAINT),
    ("unsub", ListReason.UNSUBSCRIBED),
    ("optout", ListReason.OPT_OUT),
    ("optedout", ListReason.OPT_OUT),
    ("bounce", ListReason.BOUNCE),
)
"""Parts of other words, the first that fits: a person's wish must never be taken for a bounce."""


def read(text: str, otherwise: ListReason | None) -> list[Listing]:
    """The entries of a file; ``otherwise`` is the reason of those that tell none that is known.

    Raises:
        Meaningless: it is no CSV, no column has addresses, or a reason is told nowhere.
    """
    try:
        rows = [row for row in _rows(text) if any(row)]
    except csv.Error:
        raise Meaningless(Detail.NOT_A_CSV, "/csv") from None
    if not rows:
        return []
    columns = _columns(rows[0])
    if columns is None and any("@" in cell or cell.strip().startswith("+") for cell in rows[0]):
        columns, rows = {"address": 0, "reason": 1}, [[], *rows]
    if columns is None:
        raise Meaningless(Detail.NO_ADDRESS_COLUMN, "/csv")
    return [_listing(row, columns, otherwise) for row in rows[1:]]


def _rows(text: str) -> list[list[str]]:
    source = io.StringIO(text.removeprefix("\ufeff"), newline="")
    return list(csv.reader(source, delimiter=_separator(text), strict=True))


def _separator(text: str) -> str:
    first = text.partition("\n")[0]
    return max(_SEPARATORS, key=first.count)


def _columns(header: Sequence[str]) -> dict[str, int] | None:
    """Where what stands, of each the first; None where no column has addresses."""
    named = [_plain(cell) for cell in header]
    found: dict[str, int] = {}
    for meaning, names in (("address", _ADDRESS), ("since", _SINCE), ("until", _UNTIL), ("words", _WORDS)):
        places = [i for i, name in enumerate(named) if name in names]
        if places:
            found[meaning] = places[0]
    reasons = [named.index(name) for name in _REASON if name in named]
    if reasons:
        found["reason"] = reasons[0]
    if _ORIGIN in named:
        found["origin"] = named.index(_ORIGIN)
    return found if "address" in found else None


def _plain(cell: str) -> str:
    return "".join(letter for letter in cell.lower() if letter.isalnum())


def _listing(row: Sequence[str], columns: Mapping[str, int], otherwise: ListReason | None) -> Listing:
    def cell(name: str) -> str:
        place = columns.get(name)
        told = row[place].strip() if place is not None and place < len(row) else ""
        return told.removeprefix("'")  # by which a sheet is told that a number is text

    told = cell("reason")
    reason = _reason(_plain(told), _plain(cell("origin"))) or otherwise
    if reason is None:
        raise Meaningless(Detail.NO_LIST_REASON, "/reason")
    return Listing(
        address=cell("address"),
        reason=reason,
        since=_times.read(cell("since")),
        until=_times.read(cell("until")),
        words=cell("words") or told or None,
    )


def _reason(told: str, origin: str) -> ListReason | None:
    if told == "manualsuppression" and origin == "recipient":  # Postmark's word for an unsubscribe
        return ListReason.UNSUBSCRIBED
    parts = (reason for part, reason in _PARTS if part in told)
    return REASONS.get(told) or next(parts, None) or REASONS.get(origin)
