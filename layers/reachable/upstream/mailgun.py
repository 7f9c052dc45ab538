"""Mailgun: the bounces, complaints and unsubscribes of each sending domain.

Source: documentation.mailgun.com/docs/mailgun/api-reference (Bounces, Complaints, Unsubscribe; roles)
and documentation.mailgun.com/en/latest/api-suppressions.html (pages). An address that is not listed is
answered with 404, or, in the mock server of github.com/mailgun/mailgun-go, with 200 and a message; a
domain that is not the account's, or is in the other region, with 404, too. Programs that send from one
domain share its lists. A DELETE takes off one address, or, without an address, all.

Settings: ``key`` (of the role Support; a domain's sending key cannot), ``domains`` (a list of those that
are sent from), ``base_url`` (EU: api.eu.mailgun.net).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.page import Page
from reachable.model.upstream import Account, Hindrance, Listing, ListReason
from reachable.upstream import _http, _pages, _times

CHANNEL: Final = Channel.EMAIL
_BASE: Final = "https://api.mailgun.net"
_LISTS: Final[Mapping[str, ListReason]] = {
    "bounces": ListReason.BOUNCE,
    "complaints": ListReason.COMPLAINT,
    "unsubscribes": ListReason.UNSUBSCRIBED,
}
_NOT_LISTED: Final = "not found"
_NO_SUCH_DOMAIN: Final = "domain not found"
_PAGE: Final = 1000
_LONGEST_QUERY: Final = 1000
"""That asks for the next page: the last address and little else."""


def look(address: str, account: Account, _: Sequence[datetime]) -> list[Listing]:
    """The entries on each list of each domain. 3 requests a domain."""
    if not address.strip():
        return []
    return [listing for place in _places(account) for listing in _look(address, place, account)]


def _look(address: str, place: str, account: Account) -> list[Listing]:
    answer = _one(account, "GET", place, address)
    if answer.found and isinstance(answer.body, dict) and answer.body.get("address"):
        return [_listing(answer.body, place)]
    if answer.found and _NOT_LISTED not in _message(answer):
        raise ListUnclear("no_entry")
    return []


def remove(listings: Sequence[Listing], account: Account) -> list[Hindrance | None]:
    """Each by a request: there is none for several."""
    places = _places(account)
    for listing in listings:
        if not listing.address.strip():
            continue
        if listing.place not in places:
            raise ListUnclear("no_place")
        _one(account, "DELETE", listing.place, listing.address)
    return [None for _ in listings]


def entries(account: Account, cursor: str | None) -> Page[Listing]:
    """1000 of one list of one domain after the other, by address. A cursor holds the last address."""
    places = _places(account)
    place, _, query = (cursor or places[0]).partition(" ")
    if place not in places:
        raise ListUnclear("no_cursor")
    asked = dict(parse_qsl(query)) or {"limit": str(_PAGE)}
    answer = _call(account, "GET", f"/v3/{place}", query=asked)
    found = _http.rows(answer.body, "items", required=True)
    # Its last page has a next one, too: an empty one, or itself.
    following = _next(answer.body, place) if found else None
    if following is None or following == query:
        cursor = _pages.next_of(places, place)
    else:
        cursor = f"{place} {following}"
    return Page(tuple(_listing(row, place) for row in found), cursor)


def _next(body: Any, place: str) -> str | None:
    """What asks for the next page. Of its URL nothing else is taken: no other host sees our key."""
    paging = body.get("paging")
    url = paging.get("next") if isinstance(paging, dict) else None
    if not url:
        return None
    try:
        parts = urlsplit(str(url))
    except ValueError:
        raise ListUnclear("no_page") from None
    if not parts.path.endswith(f"/v3/{place}") or not parts.query or len(parts.query) > _LONGEST_QUERY:
        raise ListUnclear("no_page")
    return parts.query


def _listing(row: Mapping[str, Any], place: str) -> Listing:
    words = [_http.text(row, name) for name in ("code", "error")]
    tags = row.get("tags")
    return Listing(
        address=_http.text(row, "address") or "",
        reason=_LISTS[place.rpartition("/")[2]],
        since=_times.read(row.get("created_at")),
        words=" ".join(map(str, tags if isinstance(tags, list) else filter(None, words))) or None,
        place=place,
    )


def _places(account: Account) -> list[str]:
    """Each domain's lists, as a path has them.

    Raises:
        PutOff: no domain is set.
    """
    domains = _http.texts(account, "domains")
    if not domains:
        raise PutOff("no_domains", denied=True)
    return [f"{_http.segment(domain)}/{name}" for domain in domains for name in _LISTS]


def _one(account: Account, method: str, place: str, address: str) -> _http.Answer:
    """What is said to an address of a list: `Answer.found` or not.

    Raises:
        ListUnclear: it is the domain that is not there.
    """
    answer = _call(account, method, f"/v3/{place}/{_http.segment(address)}", expected=(200, 404))
    if not answer.found and _message(answer).startswith(_NO_SUCH_DOMAIN):
        raise ListUnclear("no_such_domain")
    return answer


def _message(answer: _http.Answer) -> str:
    return str(answer.body.get("message") or "").lower() if isinstance(answer.body, dict) else ""


def _call(account: Account, method: str, path: str, **request: Any) -> _http.Answer:
    headers = _http.basic("api", _http.setting(account, "key"))
    return _http.call(account, method, path, base_url=_BASE, headers=headers, **request)
