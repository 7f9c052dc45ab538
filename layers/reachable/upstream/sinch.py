"""Sinch: the consent lists of an app of the Conversation API.

Source: developers.sinch.com/docs/conversation/consent-management, .../api-reference/conversation/consent
and the official SDK sinch/sinch-sdk-node (paths, names, the token). Nothing finds a number on a list:
its pages are read. A list that nobody is on is a 404, as all are where the app has no consent management
(seen by users of the live service in 2026; the documentation does not say). Numbers come without their
plus. No call removes one: the person's START does. The SMS API's own groups are another thing.

Settings: ``project``, ``app``, ``key`` (id of an access key), ``secret``; optional ``region`` (``eu``;
else ``us``), ``base_url``. Basic authentication is meant for tests, and slow: each look begins with a
token.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from reachable.model.delivery_event import Channel
from reachable.model.errors import ListUnclear
from reachable.model.page import Page
from reachable.model.upstream import Account, Hindrance, Listing, ListReason
from reachable.upstream import _http, _pages

CHANNEL: Final = Channel.SMS
READS_WHOLE_LIST: Final = True
HINDRANCE: Final = Hindrance.START
_TOKENS: Final = "https://auth.sinch.com"
_REGION: Final = "us"
_LISTS: Final = ("OPT_OUT_ALL", "OPT_OUT_MARKETING", "OPT_OUT_NOTIFICATION")
"""All texts; those that say they are marketing; those that say they are notifications."""
_PAGE: Final = 50


def look(address: str, account: Account, _: Sequence[datetime]) -> list[Listing]:
    """The entries on each list, which is read whole. 4 requests or more."""
    if not address.strip():
        return []
    pages = partial(_page, account, _token(account))
    return [entry for entry in _pages.each(pages) if entry.address.lstrip("+") == address.lstrip("+")]


def entries(account: Account, cursor: str | None) -> Page[Listing]:
    """50 of one list after the other. 2 requests."""
    return _page(account, _token(account), cursor)


def _page(account: Account, token: Mapping[str, str], cursor: str | None) -> Page[Listing]:
    """A page. A 404 is an empty list, or another app: so that nobody is on it tells of no START."""
    list_, page_token = _pages.read_token(cursor, _LISTS)
    project, app = (_http.segment(_http.setting(account, name)) for name in ("project", "app"))
    region = _http.texts(account, "region", (_REGION,))[0]
    answer = _http.call(
        account,
        "GET",
        f"/v1/projects/{project}/apps/{app}/consents/{list_}",
        base_url=f"https://{region}.conversation.api.sinch.com",
        headers=token,
        query={"page_size": _PAGE, **({"page_token": page_token} if page_token else {})},
        expected=(200, 404),
    )
    if not answer.found:
        return Page((), _pages.after_token(list_, None, _LISTS))
    rows = _http.rows(answer.body, "identities", required=True)
    found = tuple(
        Listing(address=_http.text(row, "identity") or "", reason=ListReason.OPT_OUT, place=list_)
        for row in rows
    )
    return Page(found, _pages.after_token(list_, _http.text(answer.body, "next_page_token"), _LISTS))


def _token(account: Account) -> dict[str, str]:
    """The header of a token, which lasts an hour."""
    credentials = _http.basic(_http.setting(account, "key"), _http.setting(account, "secret"))
    answer: Any = _http.call(
        account,
        "POST",
        "/oauth2/token",
        base_url=_TOKENS,
        headers=credentials,
        form={"grant_type": "client_credentials"},
    ).body
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str):
        raise ListUnclear("no_token")
    return {"authorization": f"Bearer {token}"}
