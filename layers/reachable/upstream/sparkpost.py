"""SparkPost (Bird Email): the suppression list of an account, or of one of its subaccounts.

Source: github.com/SparkPost/developers.sparkpost.com, content/api/suppression-list.apib and
subaccounts.apib. An address has an entry for each type of mail that it does not get, and more where it
has unsubscribed from one mailing list. A removal that names no type takes off both; one without
``list_id``, all of them. Without the header for the subaccount a read may be 20 minutes old; 0 is the
account itself. A removal acts within a minute.

Settings: ``key`` (Suppression Lists: Read/Write is enough), ``subaccount`` (else 0), ``base_url`` (EU:
api.eu.sparkpost.com).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.page import Page
from reachable.model.upstream import Account, Hindrance, Listing, ListReason
from reachable.upstream import _http, _times

CHANNEL: Final = Channel.EMAIL
_BASE: Final = "https://api.sparkpost.com"
_PATH: Final = "/api/v1/suppression-list"
_SOURCES: Final[Mapping[str, ListReason]] = {
    "Bounce Rule": ListReason.BOUNCE,
    "Spam Complaint": ListReason.COMPLAINT,
    "List Unsubscribe": ListReason.UNSUBSCRIBED,
    "Unsubscribe Link": ListReason.UNSUBSCRIBED,
    "Manually Added": ListReason.MANUAL,
    "Compliance": ListReason.PROVIDER,
}
_TYPES: Final = frozenset({"transactional", "non_transactional"})
_COMPLIANCE: Final = "compliance"
_PRIMARY: Final = "0"
_PAGE: Final = 1000


def look(address: str, account: Account, _: Sequence[datetime]) -> list[Listing]:
    """The entries of each type and mailing list. 1 request."""
    if not address.strip():
        return []
    answer = _call(account, "GET", f"{_PATH}/{_http.segment(address)}", expected=(200, 404))
    if not answer.found:
        return []
    return [_listing(row) for row in _http.rows(answer.body, "results", required=True)]


def remove(listings: Sequence[Listing], account: Account) -> list[Hindrance | None]:
    """Each by a request: there is none for several."""
    return [_remove(listing, account) if listing.address.strip() else None for listing in listings]


def _remove(listing: Listing, account: Account) -> Hindrance | None:
    type_, _, mailing_list = (listing.place or "").partition(" ")
    if type_ not in _TYPES:
        raise ListUnclear("no_type")
    answer = _call(
        account,
        "DELETE",
        f"{_PATH}/{_http.segment(listing.address)}",
        query={"list_id": mailing_list},  # empty: the entry of no mailing list
        body={"type": type_},
        expected=(204, 404),
        told=_is_compliance,
    )
    return Hindrance.SUPPORT if _is_compliance(answer.body) else None


def _is_compliance(body: Any) -> bool:
    """Whether it is their own entry that stays. A key without the right is answered with 403, too."""
    errors = body.get("errors") if isinstance(body, dict) else None
    return isinstance(errors, list) and any(_COMPLIANCE in str(error).lower() for error in errors)


def entries(account: Account, cursor: str | None) -> Page[Listing]:
    """1000 at once."""
    cursor = cursor or "initial"
    answer = _call(account, "GET", _PATH, query={"cursor": cursor, "per_page": _PAGE})
    found = _http.rows(answer.body, "results", required=True)
    following = _next(answer.body)
    return Page(tuple(map(_listing, found)), following if found and following != cursor else None)


def _next(body: Any) -> str | None:
    """The cursor of the next page. Of its link nothing else is taken: no other host sees our key."""
    link = next((link for link in _http.rows(body, "links") if link.get("rel") == "next"), None)
    if link is None:
        return None
    try:
        return parse_qs(urlsplit(str(link.get("href"))).query)["cursor"][0]
    except (ValueError, LookupError):
        raise ListUnclear("no_page") from None


def _listing(row: Mapping[str, Any]) -> Listing:
    mailing_list = _http.text(row, "list_id")
    reason = _SOURCES.get(_http.text(row, "source") or "", ListReason.PROVIDER)
    return Listing(
        address=_http.text(row, "recipient") or "",
        reason=ListReason.UNSUBSCRIBED if mailing_list else reason,
        since=_since(row, ListReason.UNSUBSCRIBED if mailing_list else reason),
        words=_http.text(row, "description"),
        place=" ".join(filter(None, (_http.text(row, "type"), mailing_list))) or None,
    )


def _since(row: Mapping[str, Any], reason: ListReason) -> datetime | None:
    """Of a bounce when it was listed; of a wish when it was said last."""
    created = _times.read(row.get("created"))
    return created if reason is ListReason.BOUNCE else _times.read(row.get("updated")) or created


def _subaccount(account: Account) -> str:
    subaccount = _http.text(account.settings or {}, "subaccount") or _PRIMARY
    if not subaccount.isdecimal():
        raise PutOff("no_subaccount", denied=True)
    return subaccount


def _call(account: Account, method: str, path: str, **request: Any) -> _http.Answer:
    headers = {
        "authorization": _http.setting(account, "key"),  # without "Bearer"
        "x-msys-subaccount": _subaccount(account),
    }
    return _http.call(account, method, path, base_url=_BASE, headers=headers, **request)
