"""The webhook that is told of events, signed by Standard Webhooks (standardwebhooks.com).

A post is made once: what was not taken comes again by the queue. Nothing is followed: where a receiver has
moved to, ops must say.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from functools import partial
from http import HTTPStatus
from threading import Thread
from typing import TYPE_CHECKING, Final

import urllib3
from urllib3.util import Retry

from reachable.model.errors import PutOff
from reachable.rules.event_webhook import MOST_WAIT_SECONDS, Telling

if TYPE_CHECKING:
    from standardwebhooks import Webhook

CONNECT_SECONDS: Final = 3
READ_SECONDS: Final = 15
"""How long to wait for the whole answer, from before the connection, and for each byte of it.

The specification asks for 15 to 30 seconds.
"""
_TAKEN: Final = range(200, 300)

_pool: Final = urllib3.PoolManager(retries=False)
_reader: Final = Retry(retry_after_max=MOST_WAIT_SECONDS)


def post(url: str, told: Telling, signers: Sequence["Webhook"], at: datetime) -> bool:
    """Post an event, signed by each of these, the newest first; False where nobody is there for good (410).

    Raises:
        PutOff: it was not taken, with how long to wait where the receiver tells.
    """
    signatures = [signer.sign(told.id, at, told.body) for signer in signers]
    headers = {
        "content-type": "application/json",
        "user-agent": "reachable",
        "webhook-id": told.id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    status, asked = _within_time(partial(_answer, url, told.body.encode(), headers))
    if status in _TAKEN:
        return True
    if status == HTTPStatus.GONE:
        return False
    raise PutOff(str(status), _asked(asked))


def _within_time[A](act: Callable[[], A]) -> A:
    """What an act gives, in a thread that is waited for no longer than `READ_SECONDS`.

    urllib3 bounds each read, not the sum of them. A late thread closes its answer itself.

    Raises:
        PutOff: it is late.
    """
    done: Future[A] = Future()

    def run() -> None:
        try:
            done.set_result(act())
        except Exception as failed:  # noqa: BLE001 - raised where it is waited for
            done.set_exception(failed)

    Thread(target=run, daemon=True).start()
    try:
        return done.result(READ_SECONDS)
    except TimeoutError:
        raise PutOff("TimeoutError") from None


def _answer(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str | None]:
    """Status and ``Retry-After`` of a post's answer, which is closed."""
    try:
        answer = _pool.request(
            "POST",
            url,
            body=body,
            headers=headers,
            redirect=False,
            preload_content=False,  # whatever it says, however long
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        )
    except urllib3.exceptions.HTTPError as failed:  # its text has the URL, which may have a secret
        raise PutOff(type(failed).__name__) from None
    answer.close()
    return answer.status, answer.headers.get("retry-after")


def _asked(told: str | None) -> int | None:
    """How many seconds to wait (RFC 9110 10.2.3), where that can be read."""
    if told is not None:
        with suppress(urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
            return int(_reader.parse_retry_after(told)) + 1
    return None
