"""Who did what was done by hand: by name, for whom the roster knows."""

from collections.abc import Iterable, Mapping

from reachable.model.history import HistoryItem
from reachable.store.roster import records


def names(items: Iterable[HistoryItem | None]) -> Mapping[str, str]:
    """The names of the staff who did what these items tell, by id, as ``named``."""
    return named(item.by for item in items if item is not None)


def named(by: Iterable[str | None]) -> Mapping[str, str]:
    """The names of those of these who are staff, by id. 1 BatchGetItem; none where there is none.

    Who was let in by IAM (``aws:<name>``) says their name themselves, and the roster knows no such user; nor
    does it know what did it by itself (``system:guard``).
    """
    return records.names({id_ for id_ in by if id_ is not None and ":" not in id_})


def name(item: HistoryItem | None, known: Mapping[str, str]) -> str | None:
    """Of these names the one of who did this."""
    return known.get(item.by) if item is not None and item.by is not None else None
