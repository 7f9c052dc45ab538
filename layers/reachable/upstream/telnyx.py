"""Telnyx: the opt-outs of messaging profiles.

Source: developers.telnyx.com/api-reference/opt-out-management/list-opt-outs and
.../docs/messaging/messages/advanced-opt-in-out. ``from`` is our number and ``to`` the person's, by which
nothing finds an entry: pages are read, those of the days around which the STOP came. An entry holds for
all numbers of its profile. No call removes one: the person's START does.

Settings: ``key``; optional ``profiles`` (ids of messaging profiles, else all are read), ``base_url``.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear
from reachable.model.page import Page
from reachable.model.upstream import Account, Hindrance, Listing, ListReason
from reachable.upstream import _http, _pages, _times

CHANNEL: Final = Channel.SMS
READS_WHOLE_LIST: Final = True
HINDRANCE: Final = Hindrance.START
_BASE: Final = "https://api.telnyx.com"
_ALL: Final = ""
"""In place of a profile: all of them."""
_PAGE: Final = 250


def look(address: str, account: Account, _: Sequence[datetime]) -> list[Listing]:
    """The entries of each profile: all of ever are read, since nobody knows its day. A request for 250."""
    if not address.strip():
        return []
    return [entry for entry in _pages.each(partial(_page, account)) if entry.address == address]


def entries(account: Account, cursor: str | None) -> Page[Listing]:
    """250 of one profile after the other."""
    return _page(account, cursor)


def _page(account: Account, cursor: str | None) -> Page[Listing]:
    profiles = _http.texts(account, "profiles", (_ALL,))
    profile, before = _pages.read(cursor, profiles)
    number = before + 1
    query: dict[str, str | int] = {
        "page[number]": number,
        "page[size]": _PAGE,
        "redaction_enabled": "false",  # else numbers may come masked
        **({"filter[messaging_profile_id]": profile} if profile else {}),
    }
    headers = {"authorization": f"Bearer {_http.setting(account, 'key')}"}
    answer = _http.call(account, "GET", "/v2/messaging_optouts", base_url=_BASE, headers=headers, query=query)
    found = tuple(_listing(row) for row in _http.rows(answer.body, "data", required=True))
    if found and number < _total_pages(answer.body):
        return Page(found, f"{profile} {number}")
    following = _pages.next_of(profiles, profile)
    return Page(found, None if following is None else f"{following} 0")


def _total_pages(body: Mapping[str, Any]) -> int:
    meta = body.get("meta")
    told = meta.get("total_pages") if isinstance(meta, dict) else None
    if not isinstance(told, int):
        raise ListUnclear("no_total_pages")
    return told


def _listing(row: Mapping[str, Any]) -> Listing:
    return Listing(
        address=_http.text(row, "to") or "",
        reason=ListReason.OPT_OUT,
        since=_times.read(row.get("created_at")),
        words=_http.text(row, "keyword"),
        place=_http.text(row, "messaging_profile_id"),
    )
