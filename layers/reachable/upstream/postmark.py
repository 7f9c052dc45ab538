"""Postmark: the suppressions of each message stream of a server.

Source: postmarkapp.com/developer/api/suppressions-api; what may come back: the comments in
github.com/ActiveCampaign/postmark-php. A removal answers for each address, ``Deleted`` also where it was
not listed; what must stay is ``Failed``, in an answer of 200. It acts within a minute.

Settings: ``key`` (the server's token, which has no narrower right), ``streams`` (else ``outbound`` and
``broadcast``, as far as the server has them), ``base_url``.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear
from reachable.model.page import Page
from reachable.model.upstream import Account, Hindrance, Listing, ListReason
from reachable.upstream import _http, _pages, _times
from reachable.upstream._spelling import plain

CHANNEL: Final = Channel.EMAIL
_BASE: Final = "https://api.postmarkapp.com"
_STREAMS: Final = ("outbound", "broadcast")
_BULK: Final = 50
_REASONS: Final[Mapping[tuple[str, str], ListReason]] = {
    ("HardBounce", "Recipient"): ListReason.BOUNCE,
    ("SpamComplaint", "Recipient"): ListReason.COMPLAINT,
    ("ManualSuppression", "Recipient"): ListReason.UNSUBSCRIBED,
    ("ManualSuppression", "Customer"): ListReason.MANUAL,
    ("ManualSuppression", "Admin"): ListReason.PROVIDER,
}
"""By reason and origin. Only the first and the fourth come back by the API."""
_STATUSES: Final[Mapping[str, Hindrance | None]] = {"Deleted": None, "Failed": Hindrance.SUPPORT}
_NO_SUCH_STREAM: Final = 1226


def look(address: str, account: Account, _: Sequence[datetime]) -> list[Listing]:
    """The entries of each stream. A request a stream."""
    if not address.strip():
        return []
    return [
        listing
        for stream in _streams(account)
        for listing in _dump(account, stream, {"EmailAddress": address})
        # Whether the filter takes a part of an address for it is not documented.
        if plain(listing.address) == plain(address)
    ]


def remove(listings: Sequence[Listing], account: Account) -> list[Hindrance | None]:
    """All of them, 50 a request."""
    kept: dict[tuple[str | None, str], Hindrance | None] = {}
    named = [listing for listing in listings if listing.address.strip()]
    for stream in dict.fromkeys(listing.place for listing in named):
        addresses = [listing.address for listing in named if listing.place == stream]
        for some in _pages.of(addresses, _BULK):
            kept |= {(stream, address): why for address, why in _remove(some, stream, account).items()}
    return [kept.get((listing.place, listing.address)) for listing in listings]


def _remove(addresses: Sequence[str], stream: str | None, account: Account) -> dict[str, Hindrance | None]:
    """What keeps each on its stream.

    Raises:
        ListUnclear: of one of them nothing is said that we know.
    """
    answer = _call(
        account,
        "POST",
        f"/message-streams/{_http.segment(stream or '')}/suppressions/delete",
        body={"Suppressions": [{"EmailAddress": address} for address in addresses]},
    )
    statuses = {
        (_http.text(row, "EmailAddress") or "").lower(): _http.text(row, "Status") or ""
        for row in _http.rows(answer.body, "Suppressions", required=True)
    }
    try:
        return {address: _STATUSES[statuses[address.lower()]] for address in addresses}
    except KeyError:
        raise ListUnclear("no_status") from None


def bulk(_: Account) -> int:
    """So many of one stream by a request."""
    return _BULK


def entries(account: Account, cursor: str | None) -> Page[Listing]:
    """One stream after the other, each whole: Postmark has no pages."""
    streams = _streams(account)
    stream, _ = _pages.read(cursor, streams)
    following = _pages.next_of(streams, stream)
    return Page(tuple(_dump(account, stream, {})), None if following is None else f"{following} 0")


def _dump(account: Account, stream: str, query: Mapping[str, str]) -> list[Listing]:
    path = f"/message-streams/{_http.segment(stream)}/suppressions/dump"
    answer = _call(account, "GET", path, query=query, expected=(200, 422))
    if answer.status != HTTPStatus.OK:
        code = answer.body.get("ErrorCode") if isinstance(answer.body, dict) else None
        if code == _NO_SUCH_STREAM and not _http.texts(account, "streams"):
            return []  # not every server has those of the default
        raise ListUnclear(str(code or answer.status))
    return [_listing(row, stream) for row in _http.rows(answer.body, "Suppressions", required=True)]


def _listing(row: Mapping[str, Any], stream: str) -> Listing:
    reason, origin = _http.text(row, "SuppressionReason") or "", _http.text(row, "Origin") or ""
    return Listing(
        address=_http.text(row, "EmailAddress") or "",
        reason=_REASONS.get((reason, origin), ListReason.PROVIDER),
        since=_times.read(row.get("CreatedAt")),
        words=f"{reason} ({origin})",
        place=stream,
    )


def _streams(account: Account) -> list[str]:
    return _http.texts(account, "streams", _STREAMS)


def _call(account: Account, method: str, path: str, **request: Any) -> _http.Answer:
    headers = {"X-Postmark-Server-Token": _http.setting(account, "key")}
    return _http.call(account, method, path, base_url=_BASE, headers=headers, **request)
