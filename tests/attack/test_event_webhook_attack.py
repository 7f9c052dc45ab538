"""The event webhook under attack: a receiver that answers a little at a time."""

import socket
from threading import Event, Thread
from typing import Self

import pytest

from reachable.flows import tell_webhook
from tests.functions.conftest import aws
from tests.functions.test_event_webhook import NEW, Receiver, put_off, receiver, set_secrets, tell
from tests.unit.rules.test_event_webhook import entry

__all__ = ["aws", "receiver"]


class Dripping:
    """It takes a post, and answers a byte at a time: each comes well within the time to wait for one.

    It has ``ended`` only after minutes.
    """

    def __init__(self, first: bytes, drop: bytes) -> None:
        self._first, self._drop = first, drop
        self._closed, self.ended = Event(), Event()

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        Thread(target=self._serve, daemon=True).start()
        return self

    def _serve(self) -> None:
        try:
            taken, _ = self._socket.accept()
            with taken:
                taken.recv(65536)
                taken.sendall(self._first)
                for _ in range(1_200):
                    if self._closed.wait(0.1):
                        return
                    taken.sendall(self._drop)
        except OSError:
            return
        self.ended.set()

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._socket.close()


@pytest.mark.parametrize(
    ("first", "drop"),
    [(b"HTTP/1.1 200 OK\r\nx: ", b"x"), (b"", b"HTTP/1.1 100 Continue\r\n\r\n")],
    ids=["a header without end", "continue, continue"],
)
def test_a_receiver_that_answers_a_byte_at_a_time_is_given_up(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, first: bytes, drop: bytes
) -> None:
    set_secrets({"secrets": [NEW]})
    monkeypatch.setattr("reachable.receivers.event_webhook.READ_SECONDS", 0.3)
    with Dripping(first, drop) as dripping:
        monkeypatch.setattr(tell_webhook, "URL", dripping.url)
        with put_off() as waits:
            assert not tell(entry())
        assert not dripping.ended.is_set()
    assert len(waits) == 1


# What held


@pytest.mark.parametrize("told", ["1e9", "0x10", "inf", "5, 9", "\t30 ", "9999-99-99", ""])
def test_no_word_of_a_receiver_breaks_a_retry(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    set_secrets({"secrets": [NEW]})
    receiver.status, receiver.headers = 503, {"retry-after": told}
    with put_off() as waits:
        assert not tell(entry())
    assert len(waits) == 1
    assert 0 <= waits[0] <= 42_000
