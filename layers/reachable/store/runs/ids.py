"""The ids of what runs: imports and incidents."""

from datetime import datetime
from uuid import uuid4


def new(now: datetime) -> str:
    """A new one: later ones sort later."""
    return f"{now:%Y%m%dT%H%M%SZ}-{uuid4().hex[:8]}"
