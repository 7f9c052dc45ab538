"""What the tests of several rooms need."""

import socket
from collections.abc import Iterator

import pytest


@pytest.fixture
def nobody() -> Iterator[str]:
    """Where nobody answers: a port of ours on which none listens, so that no other process gets it."""
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{ours.getsockname()[1]}"
