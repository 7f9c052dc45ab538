"""The key that signs ids of bus events, so that nobody works an address out of one by guessing."""

from typing import Final

from reachable import settings
from reachable.secrets import _generated

SECRET: Final = settings.text("EVENT_ID_SECRET_ARN")


def key() -> bytes:
    """It. Were it another, a repeat had another id.

    Raises:
        botocore's errors.
    """
    return _generated.key(SECRET).encode()
