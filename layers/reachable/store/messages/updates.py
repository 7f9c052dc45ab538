"""Updates of the table ``messages`` that come to the same in whatever order they are made. Pure."""

from collections.abc import Mapping
from typing import Any

from reachable.store import dynamodb
from reachable.store.dynamodb import Item
from reachable.store.messages import items
from reachable.store.messages.items import Reasons, Times


def of_record(at: Times, reasons: Reasons, known: Mapping[str, Any]) -> dict[str, Any]:
    """The update of a record: of a status the first time and reason count, the rest is set."""
    return setting(
        items.attributes(at, reasons), {name: value for name, value in known.items() if value is not None}
    )


def setting(first: Item, known: Item) -> dict[str, Any]:
    """An update that sets ``first`` where they are not set yet, and ``known`` whatever they were."""
    sets = [f"#f{i} = if_not_exists(#f{i}, :f{i})" for i, _ in enumerate(first)]
    sets += [f"#k{i} = :k{i}" for i, _ in enumerate(known)]
    named = [(f"f{i}", *pair) for i, pair in enumerate(first.items())]
    named += [(f"k{i}", *pair) for i, pair in enumerate(known.items())]
    return {
        "UpdateExpression": f"SET {', '.join(sets)}",
        "ExpressionAttributeNames": {f"#{short}": name for short, name, _ in named},
        "ExpressionAttributeValues": dynamodb.to_wire({f":{short}": value for short, _, value in named}),
    }
