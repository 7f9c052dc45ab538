"""HTTP calls, and what was answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

import urllib3

_TIMEOUT_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What an API answered."""

    status: int
    headers: Mapping[str, str]
    body: Any
    """The JSON, or the text where it is none."""


PATIENT: Final = urllib3.Retry(
    None,
    connect=0,
    read=0,
    other=0,
    redirect=False,
    status=6,
    status_forcelist={503},
    allowed_methods=None,
    backoff_factor=0.5,
    raise_on_status=False,
)
"""Ask again what answers 503, as docs/sending.md wants it of whoever calls the API."""


def call(
    method: str,
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    retries: urllib3.Retry | Literal[False] = False,
) -> Answer:
    """Any HTTP call, made once unless said otherwise."""
    answer = _http().request(
        method, url, body=body, headers=dict(headers or {}), timeout=_TIMEOUT_SECONDS, retries=retries
    )
    return Answer(
        answer.status, {name.lower(): value for name, value in answer.headers.items()}, read(answer.data)
    )


def read(data: bytes) -> object:
    """The JSON, or the text where it is none."""
    try:
        return json.loads(data)
    except ValueError:
        return data.decode(errors="replace")


@cache
def _http() -> urllib3.PoolManager:
    return urllib3.PoolManager()
