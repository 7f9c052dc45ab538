"""HTTP calls, and what was answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import urllib3

_TIMEOUT_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What an API answered."""

    status: int
    headers: Mapping[str, str]
    body: Any
    """The JSON, or the text where it is none."""


def call(
    method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Any HTTP call, made once."""
    answer = _http().request(method, url, body=body, headers=dict(headers or {}), timeout=_TIMEOUT_SECONDS)
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
    return urllib3.PoolManager(retries=False)
