"""Calls of a provider's API over HTTPS, and what its answers mean whoever gives them.

Each call is made once: what failed is tried again later, by the queue. No address is in an error.
Source: RFC 9110 (401, 403, 408, 5xx), RFC 6585 (429), RFC 9110 10.2.3 (Retry-After).
"""

import json
import math
import time
from base64 import b64encode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

import urllib3

from reachable.model.errors import ListUnclear, PutOff
from reachable.model.upstream import Account

_CONNECT_SECONDS: Final = 3
READ_SECONDS: Final = 10
"""How long to wait for an answer, and for each next part of it."""
_BUSY: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_DENIED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_SERVER_ERROR: Final = 500
_RESETS: Final = ("x-sib-ratelimit-reset", "x-ratelimit-reset", "ratelimit-reset")
"""Seconds until a rate begins anew (Brevo, Resend), or the time itself in seconds since 1970 (SendGrid)."""
_EPOCH: Final = 1_000_000_000
"""A number of seconds from here on is a time."""
_LONGEST_WAIT: Final = 24 * 3600

_pool: Final = urllib3.PoolManager(retries=False, maxsize=10)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that the caller said it expects."""

    status: int
    body: Any

    @property
    def found(self) -> bool:
        """Whether there is such a thing."""
        return self.status != HTTPStatus.NOT_FOUND


def setting(account: Account, name: str) -> str:
    """A text that must be set for an account, of characters that a header takes.

    Raises:
        PutOff: it is not: denied.
    """
    told = (account.settings or {}).get(name)
    value = told.strip() if isinstance(told, str) else ""
    if not value or not value.isascii() or not value.isprintable():
        raise PutOff(f"no_{name}", denied=True)
    return value


def texts(account: Account, name: str, default: Collection[str] = ()) -> list[str]:
    """A list of texts that may be set for an account, or a single one; the default where none is."""
    value = (account.settings or {}).get(name)
    told = value if isinstance(value, list) else [value]
    return [str(text) for text in told if text] or list(default)


def basic(user: str, password: str) -> dict[str, str]:
    """The header of basic authentication (RFC 7617)."""
    return {"authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


def segment(address: str) -> str:
    """An address as one segment of a path, all of it percent-encoded.

    Raises:
        ListUnclear: it is empty: some providers clear a whole list at the path without an address.
    """
    if not "".join(address.split()).strip("./"):
        raise ListUnclear("empty_address")
    return quote(address, safe="")


def call(
    account: Account,
    method: str,
    path: str,
    *,
    base_url: str,
    headers: Mapping[str, str],
    query: Mapping[str, str | int] | None = None,
    body: object = None,
    form: Mapping[str, str] | None = None,
    expected: Collection[int] = (200,),
    told: Callable[[Any], bool] = lambda _: False,
) -> Answer:
    """One call of an account's API; its ``base_url`` may be set. ``body`` goes as JSON, ``form`` as one.

    ``told`` knows a body that says all by itself, whatever status it comes with.

    Raises:
        PutOff: no answer came, or the provider says to wait (408, 429, 5xx); ``denied`` at 401 and 403, where
            they are not expected, and where what is set for the account makes no request.
        ListUnclear: any other answer that is not expected.
    """
    url = f"{str((account.settings or {}).get('base_url') or base_url).rstrip('/')}{path}"
    if not url.startswith(("https://", "http://")):  # urllib3 would send the key by plain HTTP
        raise PutOff("no_base_url", denied=True)
    sent, data = {"accept": "application/json", **headers}, b""
    if body is not None:
        sent["content-type"], data = "application/json", json.dumps(body).encode()
    if form is not None:
        sent["content-type"], data = "application/x-www-form-urlencoded", urlencode(form).encode()
    try:
        answer = _pool.request(
            method,
            f"{url}?{urlencode(query, quote_via=quote)}" if query else url,
            body=data or None,
            headers=sent,
            redirect=False,
            timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=READ_SECONDS),
        )
    except (urllib3.exceptions.HTTPError, ValueError) as failed:  # their texts have the URL or a header
        raise PutOff(type(failed).__name__, denied=isinstance(failed, ValueError)) from None
    if answer.status in expected:
        return Answer(answer.status, _read(answer.data))
    if told(found := _read_if_json(answer.data)):
        return Answer(answer.status, found)
    raise _refusal(answer)


def _refusal(answer: "urllib3.BaseHTTPResponse") -> PutOff | ListUnclear:
    if answer.status in _BUSY or answer.status >= _SERVER_ERROR:
        return PutOff(str(answer.status), _wait(answer.headers))
    if answer.status in _DENIED:
        return PutOff(str(answer.status), denied=True)
    return ListUnclear(str(answer.status))


def _wait(headers: Mapping[str, str]) -> int | None:
    """How many seconds to wait, where the provider tells; never longer than a day."""
    told = headers.get("retry-after") or next((headers[name] for name in _RESETS if name in headers), None)
    if told is None:
        return None
    try:
        seconds = float(told)
    except ValueError:
        seconds = _until(told)
    if seconds >= _EPOCH:
        seconds -= time.time()
    return None if math.isnan(seconds) else int(min(max(seconds + 1, 1), _LONGEST_WAIT))


def _until(http_date: str) -> float:
    try:
        return parsedate_to_datetime(http_date).timestamp() - time.time()
    except ValueError:
        return math.nan


def _read(data: bytes) -> Any:
    """JSON; None where the answer has no body.

    Raises:
        ListUnclear: it is none.
    """
    if not data.strip():
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise ListUnclear("no_json") from None


def _read_if_json(data: bytes) -> Any:
    try:
        return _read(data)
    except ListUnclear:
        return None


def rows(body: Any, *path: str, required: bool = False) -> list[dict[str, Any]]:
    """The objects of a list in an answer; empty where there is none, unless it is ``required``.

    Raises:
        ListUnclear: what lies there is no list of objects.
    """
    for name in path:
        body = body.get(name) if isinstance(body, dict) else None
    if body is None and not required:
        return []
    if not isinstance(body, list) or not all(isinstance(row, dict) for row in body):
        raise ListUnclear("no_list")
    return body


def text(row: Mapping[str, Any], name: str) -> str | None:
    """A text of a row, or a number as text; None for nothing."""
    value = row.get(name)
    told = str(value) if value or value == 0 else None
    return told and told.encode(errors="replace").decode()  # half a character ends no answer of ours
