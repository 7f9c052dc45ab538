"""Resend: the suppressions of a team.

Source: github.com/resend/resend-openapi (Suppressions); resend.com/docs/api-reference (suppressions,
errors, rate-limit). Without a key it answers 401, with a wrong one 403. Resend trims and lower-cases
addresses. A removal lifts an entry whatever its origin is.

Settings: ``key`` (with Full access: there is no narrower right), ``base_url``.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear
from reachable.model.page import Page
from reachable.model.upstream import Account, Hindrance, Limit, Listing, ListReason
from reachable.upstream import _http, _pages, _times

CHANNEL: Final = Channel.EMAIL
LIMIT: Final = Limit(calls=5, seconds=1, each=2)
_BASE: Final = "https://api.resend.com"
_ORIGINS: Final[Mapping[str, ListReason]] = {
    "bounce": ListReason.BOUNCE,
    "complaint": ListReason.COMPLAINT,
    "manual": ListReason.MANUAL,
}
_BULK: Final = 100
_PAGE: Final = 100


def look(address: str, account: Account, _: Sequence[datetime]) -> list[Listing]:
    """Its entry. 1 request."""
    if not address.strip():
        return []
    answer = _call(account, "GET", f"/suppressions/{_http.segment(address)}", expected=(200, 404))
    if not answer.found:
        return []
    if not isinstance(answer.body, dict) or not answer.body.get("email"):
        raise ListUnclear("no_entry")
    return [_listing(answer.body)]


def remove(listings: Sequence[Listing], account: Account) -> list[Hindrance | None]:
    """All of them, 100 a request; of those that are not listed the answer says nothing."""
    addresses = [listing.address for listing in listings if listing.address.strip()]
    for some in _pages.of(addresses, _BULK):
        if len(some) == 1:  # what is answered to one that is not listed is documented of this call alone
            answer = _call(account, "DELETE", f"/suppressions/{_http.segment(some[0])}", expected=(200, 404))
            removed = [answer.body] if answer.found else []
        else:
            answer = _call(account, "POST", "/suppressions/batch/remove", body={"emails": some})
            removed = _http.rows(answer.body, "data", required=True)
        if not all(isinstance(entry, dict) and entry.get("deleted") is True for entry in removed):
            raise ListUnclear("not_deleted")
    return [None for _ in listings]


def bulk(_: Account) -> int:
    """So many by a request."""
    return _BULK


def entries(account: Account, cursor: str | None) -> Page[Listing]:
    """100 at once."""
    after: dict[str, str | int] = {"after": cursor} if cursor else {}
    answer = _call(account, "GET", "/suppressions", query={"limit": _PAGE} | after)
    found = _http.rows(answer.body, "data", required=True)
    last = _http.text(found[-1], "id") if found else None
    more = bool(answer.body.get("has_more"))
    if more and last is None:
        raise ListUnclear("no_page")
    return Page(tuple(map(_listing, found)), last if more else None)


def _listing(row: Mapping[str, Any]) -> Listing:
    origin = _http.text(row, "origin")
    return Listing(
        address=_http.text(row, "email") or "",
        reason=_ORIGINS.get(origin or "", ListReason.PROVIDER),
        since=_times.read(row.get("created_at")),
        words=origin,
    )


def _call(account: Account, method: str, path: str, **request: Any) -> _http.Answer:
    headers = {"authorization": f"Bearer {_http.setting(account, 'key')}"}
    return _http.call(account, method, path, base_url=_BASE, headers=headers, **request)
