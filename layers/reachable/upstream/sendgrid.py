"""SendGrid: bounces, invalid emails, spam reports and global unsubscribes.

Source: github.com/twilio/sendgrid-oai, spec/yaml/tsg_suppressions_v3.yaml. Blocks stop no later mail, so they
are left alone. An address that is not on a list is ``[]`` with 200; of the global unsubscribes ``{}``, whose
DELETE answers 204 whether or not it was there (sendgrid/docs 6194).

Settings: ``key`` (scopes suppression.*.read and .delete), ``subuser``, ``base_url`` (EU:
api.eu.sendgrid.com).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear
from reachable.model.page import Page
from reachable.model.upstream import Account, Hindrance, Listing, ListReason
from reachable.upstream import _http, _pages, _times

CHANNEL: Final = Channel.EMAIL
_BASE: Final = "https://api.sendgrid.com"
_GLOBAL: Final = "unsubscribes"
_LISTS: Final[Mapping[str, ListReason]] = {
    "bounces": ListReason.BOUNCE,
    "invalid_emails": ListReason.BOUNCE,
    "spam_reports": ListReason.COMPLAINT,
    _GLOBAL: ListReason.UNSUBSCRIBED,
}
_BULK: Final = 500
"""Addresses in one removal; no limit is documented."""
_PAGE: Final = 500


def look(address: str, account: Account, _: Sequence[datetime]) -> list[Listing]:
    """The entries on each of its lists. 4 requests."""
    return [listing for place in _LISTS for listing in _look(address, place, account)]


def _look(address: str, place: str, account: Account) -> list[Listing]:
    if place == _GLOBAL:
        answer = _call(account, "GET", f"/v3/asm/suppressions/global/{_http.segment(address)}")
        found = answer.body
        if not isinstance(found, dict) or not found.keys() <= {"recipient_email"}:
            raise ListUnclear("no_object")
        return [_listing(found | {"email": email}, place)] if (email := found.get("recipient_email")) else []
    answer = _call(account, "GET", f"/v3/suppression/{place}/{_http.segment(address)}")
    return [_listing(row, place) for row in _http.rows(answer.body, required=True)]


def remove(listings: Sequence[Listing], account: Account) -> list[Hindrance | None]:
    """All of them: of one list by one request for 500; global unsubscribes one by one."""
    for place in _LISTS:
        addresses = [listing.address for listing in listings if listing.place == place and listing.address]
        if place == _GLOBAL:
            for address in addresses:
                path = f"/v3/asm/suppressions/global/{_http.segment(address)}"
                _call(account, "DELETE", path, expected=(204, 404))
            continue
        for some in _pages.of(addresses, _BULK):
            # Never an empty list, and never "delete_all".
            _call(account, "DELETE", f"/v3/suppression/{place}", body={"emails": some}, expected=(204, 404))
    return [None for _ in listings]


def bulk(_: Account) -> int:
    """So many of one list by a request; global unsubscribes one by one."""
    return _BULK


def entries(account: Account, cursor: str | None) -> Page[Listing]:
    """500 of one list after the other."""
    place, offset = _pages.read(cursor, _LISTS)
    path = "/v3/suppression/unsubscribes" if place == _GLOBAL else f"/v3/suppression/{place}"
    answer = _call(account, "GET", path, query={"limit": _PAGE, "offset": offset})
    found = [_listing(row, place) for row in _http.rows(answer.body, required=True)]
    return Page(tuple(found), _pages.after(place, offset, len(found), _PAGE, _LISTS))


def _listing(row: Mapping[str, Any], place: str) -> Listing:
    return Listing(
        address=_http.text(row, "email") or "",
        reason=_LISTS[place],
        since=_times.read(row.get("created")),
        words=_http.text(row, "reason"),
        place=place,
    )


def _call(account: Account, method: str, path: str, **request: Any) -> _http.Answer:
    headers = {"authorization": f"Bearer {_http.setting(account, 'key')}"}
    subuser = (account.settings or {}).get("subuser")
    if subuser:
        headers["on-behalf-of"] = str(subuser)
    return _http.call(account, method, path, base_url=_BASE, headers=headers, **request)
