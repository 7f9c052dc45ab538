"""An act that is decided anew where another act came between."""

from collections.abc import Callable
from typing import Final

from reachable.model.details import Detail
from reachable.model.errors import Changed, Conflict

ATTEMPTS: Final = 3


def where_changed[R](attempt: Callable[[], R]) -> R:
    """What an attempt to read, decide and write comes to, which is repeated where it raises ``Changed``.

    Raises:
        Conflict: another act came between each time.
    """
    for _ in range(ATTEMPTS):
        try:
            return attempt()
        except Changed as changed:
            last = changed
    raise Conflict(Detail.CHANGED_EACH_TIME) from last
