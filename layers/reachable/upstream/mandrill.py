"""Mandrill (Mailchimp Transactional): its denylist, and that of each subaccount.

Source: github.com/mailchimp/mailchimp-client-lib-codegen, spec/transactional.json (rejects, exports);
mailchimp.com/developer/transactional/docs/reputation-rejections; the names of errors: its client
libraries. Every call is a POST with the key in its body. An error is told by its name, and comes with
various statuses. Entries end by themselves: soft bounces after a day, hard ones after a week or more,
complaints and unsubscribes after a year; those that were added by hand never. Each removal costs
reputation, except of the last.

Settings: ``key`` (which may be limited to rejects/list and rejects/delete), ``subaccount``,
``base_url``.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear, PutOff
from reachable.model.page import Page
from reachable.model.upstream import Account, Hindrance, Listing, ListReason
from reachable.upstream import _http, _times
from reachable.upstream._spelling import plain

CHANNEL: Final = Channel.EMAIL
CUT_AT: Final = 1000
"""It shows so many of a longer list, and says nothing of the others."""
_BASE: Final = "https://mandrillapp.com"
_REASONS: Final[Mapping[str, ListReason]] = {
    "hard-bounce": ListReason.BOUNCE,
    "soft-bounce": ListReason.BOUNCE,
    "spam": ListReason.COMPLAINT,
    "unsub": ListReason.UNSUBSCRIBED,
    "custom": ListReason.MANUAL,
}
_NO_KEY: Final = "Invalid_Key"
_NOT_LISTED: Final = "Invalid_Reject"
_UNCLEAR: Final = frozenset({"Unknown_Subaccount", "ValidationError"})
_NAMES: Final = frozenset({_NO_KEY, _NOT_LISTED}) | _UNCLEAR
"""Errors that mean this whatever status they come with; of any other the status decides."""


def look(address: str, account: Account, _: Sequence[datetime]) -> list[Listing]:
    """Its entries. 1 request."""
    if not address.strip():
        return []
    # Whether a part of an address finds it is not documented.
    return [
        listing
        for listing in _listed(account, {"email": address})
        if plain(listing.address) == plain(address)
    ]


def remove(listings: Sequence[Listing], account: Account) -> list[Hindrance | None]:
    """Each by a request, on the list that it is on: there is none for several."""
    for listing in listings:
        if not listing.address.strip():
            continue
        place = {"subaccount": listing.place} if listing.place else {}
        answer = _call(account, "delete", {"email": listing.address, **place})
        gone = isinstance(answer, dict) and ("deleted" in answer or _name(answer) == _NOT_LISTED)
        if not gone:  # false, too, says that it is not there
            raise ListUnclear("not_deleted")
    return [None for _ in listings]


def entries(account: Account, cursor: str | None) -> Page[Listing]:
    """The first 1000 of the list, and never more: Mandrill has no further pages.

    A longer list comes whole from Mandrill's export (exports/rejects): a zip with ``rejects.csv``
    (email, reason, detail, created_at, expires_at, last_event_at), to be taken over as a file.

    Raises:
        ListUnclear: there is a cursor.
    """
    if cursor:
        raise ListUnclear("no_cursor")
    return Page(tuple(_listed(account, {})))


def _listed(account: Account, email: Mapping[str, str]) -> list[Listing]:
    subaccount = _http.text(account.settings or {}, "subaccount")
    place = {"subaccount": subaccount} if subaccount else {}
    answer = _call(account, "list", {**email, **place, "include_expired": False})
    return [_listing(row) for row in _http.rows(answer, required=True)]


def _listing(row: Mapping[str, Any]) -> Listing:
    reason = _REASONS.get(_http.text(row, "reason") or "", ListReason.PROVIDER)
    created, last = _times.read(row.get("created_at")), _times.read(row.get("last_event_at"))
    return Listing(
        address=_http.text(row, "email") or "",
        reason=reason,
        since=created if reason is ListReason.BOUNCE else last or created,  # of a wish when it was said last
        until=_times.read(row.get("expires_at")),
        words=_http.text(row, "detail"),
        place=_http.text(row, "subaccount"),
    )


def _call(account: Account, call: str, wish: Mapping[str, Any]) -> Any:
    """What it answers, or `_NOT_LISTED`."""
    answer = _http.call(
        account,
        "POST",
        f"/api/1.0/rejects/{call}",
        base_url=_BASE,
        headers={},
        body={"key": _http.setting(account, "key"), **wish},
        told=lambda body: _name(body) in _NAMES,
    )
    name = _name(answer.body)
    if name == _NO_KEY:
        raise PutOff(_NO_KEY, denied=True)
    if name in _UNCLEAR:
        raise ListUnclear(name)
    return answer.body


def _name(body: Any) -> str:
    """Of an error; empty where it is none."""
    return str(body.get("name")) if isinstance(body, dict) and "name" in body else ""
