"""Brevo, once Sendinblue: the contacts that its transactional mail does not go to.

Source: developers.brevo.com/reference (get-transac-blocked-contacts, delete-hardbounces,
unblock-or-resubscribe-a-transactional-contact), developers.brevo.com/docs/api-limits, and, of senders,
help.brevo.com/hc/en-us/articles/209458705. Nothing finds an entry by its address: the list is read, by
days. An address may have several entries, since a person unsubscribes from one sender at a time, and
unblocking it lifts them all. Of hard bounces alone there is a call that lifts nothing else; where it
names nobody, it lifts all of them.

Settings: ``key`` (it has no narrower right), ``base_url``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from reachable.model.delivery_event import Channel
from reachable.model.page import Page
from reachable.model.upstream import Account, Hindrance, Limit, Listing, ListReason
from reachable.upstream import _http, _pages, _times
from reachable.upstream._spelling import plain

CHANNEL: Final = Channel.EMAIL
LIMIT: Final = Limit(calls=300, seconds=3600)
"""Of the removals; 1000 reads a second count apart."""
READS_WHOLE_LIST: Final = True
"""Of some days, where the address was listed about then."""
_BASE: Final = "https://api.brevo.com"
_LIST: Final = "blockedContacts"
_CODES: Final[Mapping[str, ListReason]] = {
    "hardBounce": ListReason.BOUNCE,
    "contactFlaggedAsSpam": ListReason.COMPLAINT,
    "unsubscribedViaMA": ListReason.UNSUBSCRIBED,
    "unsubscribedViaEmail": ListReason.UNSUBSCRIBED,
    "unsubscribedViaApi": ListReason.UNSUBSCRIBED,
    "adminBlocked": ListReason.MANUAL,
}
_PAGE: Final = 100
_DAY: Final = timedelta(days=1)

type _Days = tuple[date, date]
"""From the first to the last."""

_EMPTY: Final[tuple[dict[str, int], ...]] = ({}, {"count": 0})
"""Both of its fields are optional."""
_WISHES: Final = frozenset({ListReason.COMPLAINT, ListReason.UNSUBSCRIBED})


def look(address: str, account: Account, times: Sequence[datetime]) -> list[Listing]:
    """The entries of these days and those beside them; where they have none, of the whole list.

    An address may have been listed long before a refusal told of it. A request for each 100 of all entries
    there.
    """
    if not address.strip():
        return []
    found = [listing for days in _around(times) for listing in _of({address}, account, days)]
    return found or list(_of({address}, account))


def remove(listings: Sequence[Listing], account: Account) -> list[Hindrance | None]:
    """Hard bounces by the call that lifts nothing else; before any other removal the whole list is read.

    What that would lift beside the entries that are named keeps an address there: what Brevo alone may
    lift, and a complaint or an unsubscribe. One of these two is named with the person's consent only,
    which holds for the other, too.
    """
    for address in _addresses(listing for listing in listings if listing.reason == ListReason.BOUNCE):
        _lift_hard_bounces(address, account)
    others = _addresses(listing for listing in listings if listing.reason != ListReason.BOUNCE)
    listed = _by_address(_of(set(others), account) if others else [])
    named = _by_address(listings)
    kept = {address: _kept_by(listed.get(plain(address), []), named[plain(address)]) for address in others}
    for address in others:
        if plain(address) in listed and kept[address] is None:
            path = f"{_LIST}/{_http.segment(address)}"
            _call(account, "DELETE", path, expected=(204, 404))
    return [
        None if listing.reason == ListReason.BOUNCE else kept.get(listing.address) for listing in listings
    ]


def _lift_hard_bounces(address: str, account: Account) -> None:
    # Never without an address, and never by dates: that frees everybody.
    _call(account, "POST", "deleteHardbounces", body={"contactEmail": address}, expected=(200, 204))


def _kept_by(listed: Sequence[Listing], named: Sequence[Listing]) -> Hindrance | None:
    """What forbids to lift all that is listed of an address, where only what is named may go."""
    if any(listing.reason is ListReason.PROVIDER for listing in listed):
        return Hindrance.SUPPORT
    consented = max((_said_at(listing) for listing in named if listing.reason in _WISHES), default=None)
    wishes = [_said_at(listing) for listing in listed if listing.reason in _WISHES]
    newer = bool(wishes) and (consented is None or max(wishes) > consented)
    return Hindrance.CONSENT if newer else None


def _said_at(listing: Listing) -> datetime:
    return listing.since or datetime.max.replace(tzinfo=UTC)


def entries(account: Account, cursor: str | None) -> Page[Listing]:
    """100 at once, the oldest first."""
    return _page(account, cursor, None)


def _around(times: Sequence[datetime]) -> list[_Days]:
    """The days beside each time, as few ranges as they need; none in the future, which Brevo refuses."""
    today = datetime.now(UTC).date()
    ranges: list[_Days] = []
    for day in (time.astimezone(UTC).date() for time in times):
        first, last = min(day - _DAY, today), min(day + _DAY, today)
        if ranges and first <= ranges[-1][1] + _DAY:
            ranges[-1] = (ranges[-1][0], last)
        else:
            ranges.append((first, last))
    return ranges


def _of(addresses: set[str], account: Account, days: _Days | None = None) -> Iterator[Listing]:
    """The entries of these addresses, page by page."""
    keys = {plain(address) for address in addresses}
    cursor: str | None = None
    while True:
        page = _page(account, cursor, days)
        yield from (listing for listing in page.items if plain(listing.address) in keys)
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def _page(account: Account, cursor: str | None, days: _Days | None) -> Page[Listing]:
    _, offset = _pages.read(cursor, [_LIST])
    between = {"startDate": days[0].isoformat(), "endDate": days[1].isoformat()} if days else {}
    # In this order what is blocked meanwhile comes last, and moves nothing.
    query = {"limit": _PAGE, "offset": offset, "sort": "asc", **between}
    answer = _call(account, "GET", _LIST, query=query)
    rows = _http.rows(answer.body, "contacts", required=answer.body not in _EMPTY)
    found = [_listing(row) for row in rows]
    return Page(tuple(found), _pages.after(_LIST, offset, len(found), _PAGE, [_LIST]))


def _listing(row: Mapping[str, Any]) -> Listing:
    reason = row.get("reason")
    told = reason if isinstance(reason, dict) else {}
    return Listing(
        address=_http.text(row, "email") or "",
        reason=_CODES.get(_http.text(told, "code") or "", ListReason.PROVIDER),
        since=_times.read(row.get("blockedAt")),
        words=_http.text(told, "message"),
    )


def _addresses(listings: Iterable[Listing]) -> list[str]:
    """Each once, and nothing that Brevo could take for no address."""
    return list(dict.fromkeys(one.address for one in listings if "@" in one.address.strip("@ \t\r\n")))


def _by_address(listings: Iterable[Listing]) -> dict[str, list[Listing]]:
    found: dict[str, list[Listing]] = {}
    for listing in listings:
        found.setdefault(plain(listing.address), []).append(listing)
    return found


def _call(account: Account, method: str, path: str, **request: Any) -> _http.Answer:
    headers = {"api-key": _http.setting(account, "key")}
    return _http.call(account, method, f"/v3/smtp/{path}", base_url=_BASE, headers=headers, **request)
