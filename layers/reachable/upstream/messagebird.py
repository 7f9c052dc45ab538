"""Bird (MessageBird): the SMS suppressions of its new platform, each of a sender and a number.

Source: the official SDK messagebird/bird-sdk-python and Bird's OpenAPI (listSMSSuppressions,
deleteSMSSuppression). Only what was put there by hand or by the API comes off; a STOP ends by the
person's START, a carrier's opt-out by the carrier: 422. The classic MessageBird API has no such list.

Settings: ``key`` (of the new platform), ``base_url`` (EU: https://eu1.platform.bird.com).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from reachable.model.delivery_event import Channel
from reachable.model.page import Page
from reachable.model.upstream import Account, Hindrance, Limit, Listing, ListReason
from reachable.upstream import _http, _pages, _times

CHANNEL: Final = Channel.SMS
LIMIT: Final = Limit(calls=50, seconds=1, each=2)
_BASE: Final = "https://us1.platform.bird.com"
_PATH: Final = "/v1/sms/suppressions"
_REASONS: Final[Mapping[str, ListReason]] = {
    "keyword_stop": ListReason.OPT_OUT,
    "carrier_opted_out": ListReason.OPT_OUT,
    "manual": ListReason.MANUAL,
}
_PAGE: Final = 100


def look(address: str, account: Account, _: Sequence[datetime]) -> list[Listing]:
    """Its entries, one a sender and reason. 1 request for 100."""
    if not address.strip():
        return []
    pages = partial(_page, account, {"destination": address})
    return [entry for entry in _pages.each(pages) if entry.address == address]


def remove(listings: Sequence[Listing], account: Account) -> list[Hindrance | None]:
    """Each by a request, by its id."""
    return [_remove(listing, account) for listing in listings]


def _remove(listing: Listing, account: Account) -> Hindrance | None:
    path = f"{_PATH}/{_http.segment(listing.place or '')}"
    answer = _call(account, "DELETE", path, expected=(204, 404, 422))
    return Hindrance.START if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY else None


def entries(account: Account, cursor: str | None) -> Page[Listing]:
    """100 at once."""
    return _page(account, {}, cursor)


def _page(account: Account, of: Mapping[str, str], cursor: str | None) -> Page[Listing]:
    more = {"starting_after": cursor} if cursor else {}
    answer = _call(account, "GET", _PATH, query={"limit": _PAGE, **of, **more})
    found = tuple(_listing(row) for row in _http.rows(answer.body, "data", required=True))
    return Page(found, _http.text(answer.body, "next_cursor"))


def _listing(row: Mapping[str, Any]) -> Listing:
    reason, sender = _http.text(row, "reason") or "", _http.text(row, "originator") or ""
    return Listing(
        address=_http.text(row, "destination") or "",
        reason=_REASONS.get(reason, ListReason.PROVIDER),
        since=_times.read(row.get("effective_at")),
        words=f"{reason} {sender}".strip() or None,
        place=_http.text(row, "id"),
    )


def _call(account: Account, method: str, path: str, **request: Any) -> _http.Answer:
    headers = {"authorization": f"Bearer {_http.setting(account, 'key')}"}
    return _http.call(account, method, path, base_url=_BASE, headers=headers, **request)
