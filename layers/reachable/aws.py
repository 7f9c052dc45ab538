"""AWS as this process knows it: its clients, calls side by side, and which errors are AWS's not answering.

Clients are made once a process, on first use: a function pays for those that it calls. Those of senders
(`senders._aws`) try once only.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Event, Lock, current_thread
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from reachable.model.errors import ReachableError

PARALLEL: Final = 10
"""Calls at once, and connections kept for them."""
FAILURES: Final = (ReachableError, BotoCoreError, ClientError)
"""What an act may fail with through no fault of its code."""
_CONNECT_SECONDS: Final = 1
_WORKER: Final = "side-by-side"

_pool: Final = ThreadPoolExecutor(PARALLEL, thread_name_prefix=_WORKER)
_making: Final = Lock()


def client(
    service: str,
    *,
    attempts: int = 3,
    read_seconds: int = 5,
    region: str | None = None,
    endpoint_url: str | None = None,
) -> Any:
    """The client of this process for a service. Short timeouts: what does not answer is an error, no wait.

    ``region`` and ``endpoint_url`` are the environment's where nothing is said.
    """
    with _making:  # making a client is not thread-safe
        return _client(service, attempts, read_seconds, region, endpoint_url)


@cache
def _client(
    service: str, attempts: int, read_seconds: int, region: str | None, endpoint_url: str | None
) -> Any:
    make: Callable[..., Any] = boto3.client  # its stubs want each service's own literal
    made = make(
        service,
        region_name=region,
        endpoint_url=endpoint_url,
        config=Config(
            retries={"mode": "standard", "total_max_attempts": attempts},
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=read_seconds,
            max_pool_connections=PARALLEL,
        ),
    )
    _ = made.exceptions  # botocore makes them on first use: two threads may catch a class that none raised
    return made


def code_of(failed: BaseException) -> str | None:
    """AWS's own word for a failure; None where it is none of AWS's. Its text may hold what was asked for."""
    return failed.response["Error"].get("Code") if isinstance(failed, ClientError) else None


def forget_clients() -> None:
    """Drop all clients: those of one test must not reach into the next one's AWS."""
    _client.cache_clear()


def settled[A, B](act: Callable[[A], B], values: Iterable[A]) -> list[B | Exception]:
    """What ``act`` gives for each value, or with what it failed: one that fails takes no other with it.

    A few at once. Called from within such an act, one after the other: a pool that waits for itself hangs.
    """

    def tried(value: A) -> B | Exception:
        try:
            return act(value)
        except Exception as failed:  # noqa: BLE001 - given back: it is the caller's to raise
            return failed

    few = list(values)
    if len(few) <= 1 or current_thread().name.startswith(_WORKER):
        return [tried(value) for value in few]
    return list(_pool.map(tried, few))


def until_failure[A](act: Callable[[A], object], values: Iterable[A]) -> Exception | None:
    """Act on each value; the first failure ends it, and is given back. As `settled`."""
    ended = Event()

    def tried(value: A) -> None:
        if ended.is_set():
            return
        try:
            act(value)
        except Exception:
            ended.set()
            raise

    return next((failed for failed in settled(tried, values) if isinstance(failed, Exception)), None)


def side_by_side[A, B](act: Callable[[A], B], values: Iterable[A]) -> list[B]:
    """What ``act`` gives for each value; as `settled`.

    Raises:
        What ``act`` raised for the first value for which it did, once all have been tried.
    """
    done: list[B] = []
    for result in settled(act, values):
        if isinstance(result, Exception):
            raise result
        done.append(result)
    return done
