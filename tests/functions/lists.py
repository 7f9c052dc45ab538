"""Providers' own lists beside one function's AWS: stand-ins on a port, and accounts in SSM that lead to
them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3

from reachable.secrets import upstream as secrets
from tools.stand_ins.server import serving, stand_ins
from tools.stand_ins.stand_in import StandIn


class Lists(Mapping[str, StandIn]):
    """The stand-ins by provider; `set_up` puts an account of one into SSM."""

    def __init__(self, url: str, known: Mapping[str, StandIn]) -> None:
        self._url = url
        self._known = known

    def __getitem__(self, provider: str) -> StandIn:
        return self._known[provider]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def set_up(self, provider: str, account: str = "default", **settings: Any) -> None:
        """An account with its key, or with other settings."""
        url = f"{self._url}/{provider}"
        told = {"base_url": url, "endpoint_url": url, **self[provider].settings(), **settings}
        self.put(provider, json.dumps(told), account)

    def put(self, provider: str, document: str, account: str = "default") -> None:
        """An account's document as somebody put it."""
        name = f"{secrets.PREFIX}/{provider}/{account}"
        boto3.client("ssm").put_parameter(Name=name, Value=document, Type="SecureString", Overwrite=True)
        secrets.forget()


@contextmanager
def served() -> Iterator[Lists]:
    """New stand-ins, and no account yet."""
    known = stand_ins()
    secrets.forget()
    with serving(known) as url:
        yield Lists(url, known)
    secrets.forget()
