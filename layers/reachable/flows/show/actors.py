"""Who did what was done by hand: by name, for whom the roster knows."""

from collections.abc import Iterable, Mapping

from reachable.model.history import HistoryItem
from reachable.store.roster import records


def names(items: Iterable[HistoryItem | None]) -> Mapping[str, str]:
    """The names of the staff who did what these items tell, by id. 1 BatchGetItem; none where nobody did.

    Who was let in by IAM (``aws:<name>``) says their name themselves, and the roster knows no such user.
    """
    by = {item.by for item in items if item is not None and item.by is not None}
    return records.names(id_ for id_ in by if ":" not in id_)


def name(item: HistoryItem | None, known: Mapping[str, str]) -> str | None:
    """Of these names the one of who did this."""
    return known.get(item.by) if item is not None and item.by is not None else None
