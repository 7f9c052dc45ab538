"""Where a call goes for an account that sets no address of its own."""

import socket
from typing import Any, NoReturn

import pytest

from reachable import upstream
from reachable.model.errors import PutOff
from reachable.model.upstream import Account

SET = {"key": "k", "secret": "s", "project": "p", "app": "a"}


@pytest.mark.parametrize(
    ("provider", "host"),
    [
        ("telnyx", "api.telnyx.com"),
        ("sinch", "auth.sinch.com"),
        ("messagebird", "us1.platform.bird.com"),
    ],
)
def test_a_call_goes_to_the_provider_by_tls(
    monkeypatch: pytest.MonkeyPatch, provider: str, host: str
) -> None:
    asked: list[tuple[str, int]] = []

    def nowhere(name: str, port: int, *_: Any) -> NoReturn:
        asked.append((name, port))
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with pytest.raises(PutOff) as put_off:
        upstream.look(Account(provider, settings=SET), "+12025550123")
    assert (asked, put_off.value.why, put_off.value.denied) == (
        [(host, 443)],
        "NameResolutionError",
        False,
    )
